"""The examples of the documentation, run: docs.py [--update] [--counts FILE] page.md…

Every ```sql block of a page is run in order in one psql session on a database of its own; a ```text block that follows it must
be exactly what psql prints. Files that an example writes go to a directory that is removed. With --update the text blocks are
rewritten from what was printed, to be read before they are committed.
"""
import argparse
import os
import re
import subprocess
import tempfile

FENCE = re.compile(r"^```(sql|text)\n(.*?)^```$", re.S | re.M)
MARK = "~~~ example {} ~~~"
PSQL = ["psql", "-X", "-q", "-v", "VERBOSITY=default", "-v", "SHOW_CONTEXT=never"]


def examples(page):
    """(sql, match of the text block or None) of a page, in order."""
    fences = list(FENCE.finditer(page))
    pairs = []
    for i, fence in enumerate(fences):
        if fence.group(1) == "sql":
            after = fences[i + 1] if i + 1 < len(fences) else None
            pairs.append((fence.group(2), after if after is not None and after.group(1) == "text" else None))
    return pairs


def run(database, blocks):
    """What psql prints for each block."""
    subprocess.run(["createdb", database], check=True)
    script = "\\pset footer off\n"
    for number, block in enumerate(blocks):
        script += f"\\echo '{MARK.format(number)}'\n\\warn '{MARK.format(number)}'\n{block}\n"
    with tempfile.TemporaryFile("w+", encoding="utf-8") as both, tempfile.TemporaryDirectory() as place:
        subprocess.run(PSQL + ["-d", database], input=script, stdout=both, stderr=both, text=True, encoding="utf-8",
                       cwd=place, check=False, env=dict(os.environ, PGOPTIONS="-c client_min_messages=notice"))
        both.seek(0)
        printed = both.read()
    outputs = []
    for number in range(len(blocks)):
        parts = printed.split(MARK.format(number) + "\n")
        last = parts[-1].split(MARK.format(number + 1) + "\n")[0]
        outputs.append("\n".join(line.rstrip() for line in last.strip("\n").splitlines()) + "\n" if last.strip() else "")
    return outputs


def check(path, update):
    """(passed, failed) of a page."""
    with open(path, encoding="utf-8") as file:
        page = file.read()
    pairs = examples(page)
    database = "docs_" + re.sub(r"\W", "_", os.path.basename(path)).lower()
    outputs = run(database, [sql for sql, _ in pairs])
    passed = failed = 0
    new = page
    for (sql, text), output in reversed(list(zip(pairs, outputs))):
        wanted = text.group(2) if text else ""
        if wanted == output:
            passed += 1
            continue
        failed += 1
        if text and update:
            new = new[:text.start(2)] + output + new[text.end(2):]
        else:
            print(f"not ok - {path}: after\n{sql}expected\n{wanted}got\n{output}")
    if update and new != page:
        with open(path, "w", encoding="utf-8") as file:
            file.write(new)
    return passed, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--counts", help="file that receives 'passed failed'")
    parser.add_argument("pages", nargs="+")
    options = parser.parse_args()
    results = [check(page, options.update) for page in options.pages]
    passed, failed = (sum(column) for column in zip(*results))
    print(f"docs: {passed} examples as printed, {failed} not")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            out.write(f"{passed} {failed}\n")


if __name__ == "__main__":
    main()
