"""Write random person-years with the amounts that the oracle expects, and print what they exercised.

    python3 run.py --seed 1 --years 10000 --out years.jsonl

Every line of the file is one book with its persons:
    {"seed", "group", "book", "persons": [{"person", "bills": [...], "expect": [...]}]}
where expect holds per bill: hospital, patient, lines, left, and left_after_all where later bills booked against it.
Prints `feature<TAB>count<TAB>share of person-years`; with --check, fails if a required feature is below its floor.
"""
import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generate import PERSONS, group  # noqa: E402

FLOOR = 5
REQUIRED = (
    "critical deductible crossed by several bills", "period cap binding", "cap group of several layers binding",
    "visit cap binding", "a ceiling binding", "change of category", "change of terms", "threshold or whole amount",
    "year adjustment", "weights other than 0 and 1", "several layers of one kind", "given layer", "two open periods",
    "layer not applicable", "stay under the earlier terms by its admission", "amount derived from a figure",
)


def make(task):
    """One group as (text line, features of each person)."""
    seed, number, persons = task
    line, features = group(seed, number, persons)
    for exercised in features:
        if {"ceiling visit binding", "ceiling period binding"} & exercised:
            exercised.add("a ceiling binding")
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")), features


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", type=int, default=10000)
    parser.add_argument("--persons", type=int, default=PERSONS, help="of one book")
    parser.add_argument("--out", default="-")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    persons = options.persons
    sizes = [persons] * (options.years // persons) + ([options.years % persons] if options.years % persons else [])
    tasks = [(options.seed, number, size) for number, size in enumerate(sizes)]
    counts, started = Counter(), time.time()
    out = sys.stdout if options.out == "-" else open(options.out, "w", encoding="utf-8")
    report = sys.stderr if options.out == "-" else sys.stdout
    with multiprocessing.Pool(options.processes) as pool:
        for text, features in pool.imap(make, tasks, chunksize=4):
            out.write(text + "\n")
            for exercised in features:
                counts.update(exercised)
    if out is not sys.stdout:
        out.close()
    for feature in sorted(set(counts) | set(REQUIRED)):
        print(f"{feature}\t{counts[feature]}\t{100 * counts[feature] / options.years:.1f}%", file=report)
    print(f"oracle seed {options.seed}: {options.years} person-years in {time.time() - started:.1f} s", file=report)
    rare = [feature for feature in REQUIRED if 100 * counts[feature] < FLOOR * options.years]
    if rare:
        print("below the floor: " + ", ".join(rare), file=report)
    return 1 if rare and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
