"""The frozen corpus: person-years with what they came to, one file per engine level, that must never change.

    python3 frozen.py freeze --driver DRIVER --level 1 [--seed 1] [--years 10000]
    python3 frozen.py replay --driver DRIVER --counts FILE

freeze draws random person-years, has them settled by the oracle and by the core, refuses where the two differ, and writes
frozen/level-N.xz: books, bills and, per person-year, a digest of every figure (compare.c, DigestSplit). It never overwrites a
file. replay settles them again and compares the digests; a level without a file fails. The inputs are stored, not drawn
again: nothing depends on the generators or on Python's random numbers. When a level is raised: docs/decisions.md.
"""
import argparse
import glob
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile
from datetime import date, datetime, timedelta

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from check import as_the_core_says, compact, compare, differences, jobs_of, read, write_commands  # noqa: E402
from oracle import settle_year  # noqa: E402

FOLDER = os.path.join(HERE, "frozen")
PERSONS = 25
SHOWN = 5
COLUMNS = ("in_scope", "excluded", "over_limit", "first_share")
DATES = ("admitted_on", "discharged_on", "settled_on")
EPOCH = datetime(2000, 1, 1)


# --- the compact form: columns over all bills ----------------------------------------

def minutes(text):
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(minutes=1)


def packed(bill, before):
    """A bill with small numbers: fen, minutes since the bill before, days before its day."""
    small = {key: value for key, value in bill.items() if value is not None}
    at = minutes(bill["ordered_at"])
    small["ordered_at"] = at - before
    for key in DATES:
        if key in small:
            small[key] = ((EPOCH + timedelta(minutes=at)).date() - date.fromisoformat(small[key])).days
    for key in ("total",) + COLUMNS:
        if key in small:
            small[key] = int(small[key] * 100)
    if "total" in small and small["total"] == sum(small.get(key, 0) for key in COLUMNS):
        small["total"] = -1
    return small, at


def unpacked(small, before):
    """The bill again, and the minute of its order."""
    bill = dict(small)
    at = before + small["ordered_at"]
    when = EPOCH + timedelta(minutes=at)
    bill["ordered_at"] = when.isoformat(" ")
    for key in DATES:
        if key in bill:
            bill[key] = (when.date() - timedelta(days=bill[key])).isoformat()
    if bill.get("total") == -1:
        bill["total"] = sum(bill.get(key, 0) for key in COLUMNS)
    for key in ("total",) + COLUMNS:
        if key in bill:
            bill[key] /= 100
    return bill, at


def to_columns(groups):
    """Books, bills per person, and every attribute as a list over all bills, null where a bill lacks it."""
    corpus = {"books": [], "bills": [], "columns": {}}
    bills = []
    for book, people in groups:
        corpus["books"].append(book)
        corpus["bills"].append([len(of_person) for of_person in people])
        for of_person in people:
            at = 0
            for bill in of_person:
                small, at = packed(bill, at)
                bills.append(small)
    for key in sorted({key for bill in bills for key in bill}):
        corpus["columns"][key] = [bill.get(key) for bill in bills]
    return corpus


def from_columns(corpus):
    """One (book, [bills of a person, …]) after the other."""
    keys = list(corpus["columns"])
    rows = zip(*corpus["columns"].values())
    for book, persons in zip(corpus["books"], corpus["bills"]):
        people = []
        for count in persons:
            at, bills = 0, []
            for _ in range(count):
                bill, at = unpacked({key: value for key, value in zip(keys, next(rows)) if value is not None}, at)
                bills.append(bill)
            people.append(bills)
        yield book, people


def path_of(level):
    return os.path.join(FOLDER, f"level-{level}.xz")


# --- the core ------------------------------------------------------------------------

def commands_of(book, people, settle, end=""):
    """The driver's commands for one book and its persons; bills hold plain numbers."""
    lines = ["B" + compact(book)]
    for bills in people:
        lines += ["P"] + [settle + json.dumps(bill, ensure_ascii=False, separators=(",", ":")) for bill in bills] + [end]
    return ("\n".join(lines) + "\n").encode()


def digests(driver, groups):
    """What the core's results come to, one line per person-year."""
    with tempfile.TemporaryFile() as commands:
        for book, people in groups:
            commands.write(commands_of(book, people, "q", "D"))
        commands.seek(0)
        done = subprocess.run([driver], stdin=commands, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().split("\n")[:-1]


def core_results(driver, book, bills):
    """The core's results of one person in full."""
    done = subprocess.run([driver], input=commands_of(book, [bills], "b"), stdout=subprocess.PIPE, check=True)
    return [read(line) for line in done.stdout.decode().splitlines()]


# --- freezing ------------------------------------------------------------------------

def agreed_jobs(options, folder):
    """Random person-years on which the oracle and the core agree to the fen; otherwise none."""
    stem = os.path.join(folder, "years")
    subprocess.run([sys.executable, os.path.join(HERE, "run.py"), "--seed", str(options.seed), "--years", str(options.years),
                    "--persons", str(PERSONS), "--out", stem + ".jsonl", "--check"], check=True, stdout=subprocess.DEVNULL)
    write_commands(jobs_of(stem + ".jsonl"), stem + ".commands")
    with open(stem + ".commands", "rb") as commands, open(stem + ".results", "wb") as results:
        subprocess.run([options.driver], stdin=commands, stdout=results, check=True)
    with open(stem + ".results", encoding="utf-8") as results:
        _, passed, failed = compare(jobs_of(stem + ".jsonl"), iter(results))
    if failed or passed != options.years:
        sys.exit(f"{passed} person-years agree with the oracle, {failed} do not: nothing is frozen")
    return jobs_of(stem + ".jsonl")


def freeze(options):
    path = path_of(options.level)
    if os.path.exists(path):
        sys.exit(f"{path} exists; a frozen corpus never changes")
    with tempfile.TemporaryDirectory() as folder:
        groups = [(job["book"], [person["bills"] for person in job["persons"]]) for job in agreed_jobs(options, folder)]
    corpus = to_columns(groups)
    if any(book["engine"] != options.level for book in corpus["books"]):
        sys.exit(f"books of another level than {options.level}")
    text = compact(corpus)
    corpus["digests"] = digests(options.driver, from_columns(json.loads(text)))
    drawn = [(book, [json.loads(compact(bills)) for bills in people]) for book, people in groups]
    if corpus["digests"] != digests(options.driver, drawn):
        sys.exit("the stored form does not give the bills back: nothing is frozen")
    os.makedirs(FOLDER, exist_ok=True)
    with open(path, "wb") as out:
        out.write(lzma.compress(compact(corpus).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{path}: {len(corpus['digests'])} person-years, {os.path.getsize(path)} bytes")


# --- replaying -----------------------------------------------------------------------

def explain(driver, level, number, person, book, bills):
    """A person-year that no longer comes to the same: what today's oracle says of it."""
    print(f"not ok - level {level}, book {number}, person {person}: the amounts have changed")
    expectations = as_the_core_says(book, settle_year(read(json.dumps(book)), read(json.dumps(bills))))
    for n, (expected, got) in enumerate(zip(expectations, core_results(driver, book, bills))):
        found = differences(expected, got)
        if found:
            print(f"#   bill {n}: " + "; ".join(found[:8]))
            return
    print("#   today's oracle gives what the core gives now")


def replay_level(driver, level):
    """(unchanged, changed) person-years of a level."""
    with open(path_of(level), "rb") as file:
        corpus = json.loads(lzma.decompress(file.read()))
    frozen = corpus["digests"]
    now = digests(driver, from_columns(corpus))
    changed = {n for n in range(max(len(frozen), len(now))) if frozen[n:n + 1] != now[n:n + 1]}
    years = ((number, person, book, bills) for number, (book, people) in enumerate(from_columns(corpus))
             for person, bills in enumerate(people))
    for n, year in enumerate(years):
        if n in changed and n in sorted(changed)[:SHOWN]:
            explain(driver, level, *year)
    return len(frozen) - len(changed), len(changed)


def replay(options):
    with open(os.path.join(HERE, "..", "..", "src", "core", "terms.h"), encoding="utf-8") as header:
        levels = range(1, int(re.search(r"#define ENGINE_LEVEL (\d+)", header.read())[1]) + 1)
    passed = failed = 0
    for level in levels:
        if not os.path.exists(path_of(level)):
            print(f"not ok - level {level} has no frozen corpus: {path_of(level)}")
            failed += 1
            continue
        unchanged, changed = replay_level(options.driver, level)
        passed, failed = passed + unchanged, failed + changed
    stray = set(glob.glob(os.path.join(FOLDER, "*"))) - {path_of(level) for level in levels}
    if stray:
        print("not ok - files of no level: " + ", ".join(sorted(stray)))
        failed += 1
    print(f"frozen: {passed} person-years of {len(levels)} level(s) as they were, {failed} not")
    with open(options.counts, "w", encoding="utf-8") as out:
        out.write(f"{passed} {failed}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run in (("freeze", freeze), ("replay", replay)):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        command.add_argument("--driver", required=True)
    commands.choices["freeze"].add_argument("--level", type=int, required=True)
    commands.choices["freeze"].add_argument("--seed", type=int, default=1)
    commands.choices["freeze"].add_argument("--years", type=int, default=10000)
    commands.choices["replay"].add_argument("--counts", required=True)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
