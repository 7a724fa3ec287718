"""Line and branch coverage of src/core by the unit tests: coverage.py [--counts FILE] UNREACHABLE DIRECTORY…

The directories hold the instrumented objects of the core and of the tests after these have run; gcov reads them. UNREACHABLE
lists what no test can reach, one entry a line: file:function | text of the source line | reason. Everything else must be
taken. A header's inline functions count once, summed over the files that include them.
"""
import argparse
import collections
import glob
import json
import os
import subprocess

SOURCE = "src/core/"


def read_gcov(directories):
    """Per file: {(line, function): [count, [branch counts]]}, summed over the objects."""
    files = collections.defaultdict(dict)
    for notes in sorted(path for directory in directories for path in glob.glob(os.path.join(directory, "*.gcno"))):
        printed = subprocess.run([os.environ.get("GCOV", "gcov"), "-b", "-t", "--json-format", "-o", os.path.dirname(notes), notes],
                                 check=True, capture_output=True, text=True).stdout
        for file in json.loads(printed)["files"]:
            if not file["file"].startswith(SOURCE):
                continue
            lines = files[file["file"][len(SOURCE):]]
            for line in file["lines"]:
                key = (line["line_number"], line.get("function_name", ""))
                branches = [branch["count"] for branch in line["branches"]]
                if key in lines and len(lines[key][1]) == len(branches):
                    lines[key][0] += line["count"]
                    lines[key][1] = [a + b for a, b in zip(lines[key][1], branches)]
                else:
                    lines[key] = [line["count"], branches]
    return files


def read_unreachable(path):
    """[(file, function, text)] with an entry's reason required."""
    entries = []
    with open(path, encoding="utf-8") as file:
        for row in file:
            if not row.strip() or row.startswith("#"):
                continue
            place, text, reason = (part.strip() for part in row.split(" | "))
            if not reason:
                raise SystemExit(f"{path}: no reason: {row}")
            entries.append((*place.split(":"), text))
    return entries


def gaps_of(name, lines, entries, used):
    """What of a file is neither taken nor listed."""
    with open(SOURCE + name, encoding="utf-8") as file:
        source = file.read().split("\n")
    gaps = []
    for (number, function), (count, branches) in sorted(lines.items()):
        missing = branches.count(0)
        if count != 0 and missing == 0:
            continue
        text = source[number - 1].strip()
        excuse = [entry for entry in entries if entry[:2] == (name, function) and entry[2] in text]
        used.update(excuse)
        if not excuse:
            what = "line not run" if count == 0 else f"{missing} of {len(branches)} branches not taken"
            gaps.append(f"{SOURCE}{name}:{number} {function}: {what}: {text}")
    return gaps


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", help="file that receives 'passed failed'")
    parser.add_argument("unreachable")
    parser.add_argument("directories", nargs="+")
    options = parser.parse_args()
    entries, used = read_unreachable(options.unreachable), set()
    n_lines = n_branches = passed = failed = 0
    for name, lines in sorted(read_gcov(options.directories).items()):
        gaps = gaps_of(name, lines, entries, used)
        n_lines += len(lines)
        n_branches += sum(len(branches) for _, branches in lines.values())
        passed, failed = passed + (not gaps), failed + bool(gaps)
        for gap in gaps:
            print(f"not ok - {gap}")
    for entry in entries:
        if entry not in used:
            failed += 1
            print(f"not ok - {options.unreachable}: {':'.join(entry[:2])} | {entry[2]}: is reached, or is gone")
    print(f"coverage: {n_lines} lines and {n_branches} branches; {len(used)} places listed as unreachable")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            out.write(f"{passed} {failed}\n")
    raise SystemExit(failed > 0)


if __name__ == "__main__":
    main()
