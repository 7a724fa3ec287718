"""The core against the oracle: random person-years under random terms, every figure of every layer, to the fen.

run.py makes books, bills and what the oracle expects of them; the driver (compare.c) settles the same bills with the
core; this script compares and counts. Both sides' files stay beside the counts for a look at a difference.
"""
import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
AMOUNTS = ("base", "cumulative", "deductible", "due", "paid", "adjustment", "recoverable", "set_off")
WORDS = ("layer", "kind", "state", "rule")
SHOWN = 10


def read(text):
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def compact(tree):
    """JSON text of a tree that may hold Decimals, in plain notation."""
    if isinstance(tree, dict):
        return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + compact(v) for k, v in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(map(compact, tree)) + "]"
    if isinstance(tree, Decimal):
        return format(tree, "f")
    return json.dumps(tree, ensure_ascii=False)


def equal_amount(a, b):
    return Decimal(a or 0) == Decimal(b or 0)


def differences(expected, got):
    """What differs, as texts; nothing when the results are the same."""
    if "error" in got:
        return [f"error: {got}"]
    found = [f"{key}: expected {expected[key]}, got {got[key]}" for key in ("hospital", "patient")
             if not equal_amount(expected[key], got[key])]
    if len(expected["lines"]) != len(got["lines"]):
        return found + [f"expected {len(expected['lines'])} lines, got {len(got['lines'])}"]
    for want, have in zip(expected["lines"], got["lines"]):
        found += [f"{want['layer']}.{key}: expected {want.get(key)}, got {have.get(key)}" for key in WORDS
                  if want.get(key) != have.get(key)]
        found += [f"{want['layer']}.{key}: expected {want.get(key)}, got {have.get(key)}" for key in AMOUNTS
                  if want[key] is not None and not equal_amount(want[key], have[key])]
    for bucket in sorted(set(expected["left"]) | set(got["left"])):
        if not equal_amount(expected["left"].get(bucket), got["left"].get(bucket)):
            found.append(f"left {bucket}: expected {expected['left'].get(bucket)}, got {got['left'].get(bucket)}")
    return found


def accruals(book):
    """(layer, rule) -> the ways in which the pages that have it accrue: visit, year, crossing."""
    ways = {}
    for page in book["pages"]:
        for layer in page["layers"]:
            for rule in layer.get("rules", []):
                way = "crossing" if "cumulative_from" in rule else rule.get("settles", "visit")
                ways.setdefault((layer["name"], rule["name"]), set()).add(way)
    return ways


def as_the_core_says(book, results):
    """The core reports a cumulative base where it works with one: by visit, and before the crossing, it is the bill's own
    base. The oracle does not say in which phase a crossing rule is, so there the figure is not compared."""
    ways = accruals(book)
    for result in results:
        for expected in result["lines"]:
            way = ways.get((expected["layer"], expected.get("rule")), {"none"})
            if way == {"visit"}:
                expected["cumulative"] = expected["base"]
            elif "crossing" in way:
                expected["cumulative"] = None
    return results


def read_job(line):
    job = read(line)
    for person in job["persons"]:
        as_the_core_says(job["book"], person["expect"])
    return job


def jobs_of(path):
    """The jobs of a file, one at a time: all of them would take gigabytes."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield read_job(line)


def write_commands(jobs, path):
    with open(path, "w", encoding="utf-8") as out:
        for job in jobs:
            out.write("B" + compact(job["book"]) + "\n")
            for person in job["persons"]:
                out.write("P\n")
                out.writelines("b" + compact(bill) + "\n" for bill in person["bills"])


def compare(jobs, results):
    """(books, person-years that agree, person-years that differ); the first that differ are printed."""
    passed = failed = number = 0
    kinds = Counter()
    for number, job in enumerate(jobs, 1):
        for person in job["persons"]:
            bad = None
            for n, expected in enumerate(person["expect"]):
                got = read(next(results, '{"error":"the driver stopped"}'))
                found = differences(expected, got)
                if found and bad is None:
                    bad = (n, found)
            if bad is None:
                passed += 1
                continue
            failed += 1
            kinds[" ".join(text.split(":")[0].split(".")[-1] for text in bad[1][:3])] += 1
            if failed <= SHOWN:
                print(f"not ok - book {number}, person {person['person']}, bill {bad[0]}: " + "; ".join(bad[1][:8]))
    for kind, count in kinds.most_common(SHOWN):
        print(f"first difference in {count}: {kind}")
    return number, passed, failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--driver", required=True)
    parser.add_argument("--counts", required=True, help="file that receives 'passed failed'")
    parser.add_argument("--seed", required=True)
    parser.add_argument("--years", type=int, required=True)
    options = parser.parse_args()

    stem = os.path.splitext(options.counts)[0]
    covered = subprocess.run([sys.executable, os.path.join(HERE, "run.py"), "--seed", options.seed, "--years", str(options.years),
                              "--out", stem + ".jsonl", "--check"], check=False).returncode == 0
    write_commands(jobs_of(stem + ".jsonl"), stem + ".commands")
    with open(stem + ".commands", "rb") as commands, open(stem + ".results", "wb") as results:
        status = subprocess.run([options.driver], stdin=commands, stdout=results, check=False).returncode
    with open(stem + ".results", encoding="utf-8") as results:
        books, passed, failed = compare(jobs_of(stem + ".jsonl"), iter(results))
    if not covered:
        print("not ok - some feature is in too few person-years")
        failed += 1
    if status != 0:
        print(f"not ok - the driver ended with status {status}")
        failed += 1
    print(f"oracle: seed {options.seed}, {books} books, {passed} person-years agree, {failed} do not")
    with open(options.counts, "w", encoding="utf-8") as out:
        out.write(f"{passed} {failed}\n")


if __name__ == "__main__":
    main()
