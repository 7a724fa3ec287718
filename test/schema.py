"""docs/terms.schema.json against documents: schema.py [--counts FILE]

Every pack and every book of the test cases, the demonstration and the bench must be valid; books with one mistake must not be.
Needs Debian's python3-jsonschema.
"""
import argparse
import copy
import glob
import json
import os
from decimal import Decimal

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

BOOK = {
    "format": 1, "engine": 1,
    "pages": [{
        "title": "test", "region": "R", "scheme": "resident", "from": "2024-01-01", "to": "2024-12-31",
        "sources": {"doc": {"document": "Doc 1", "grade": "A"}},
        "cite": {"source": "doc", "mark": "example"},
        "codes": {"category": {"low": "low income"}},
        "counters": {"stays": {"every": "year"}},
        "counts": {"stays": {}},
        "ceilings": [{"name": "all", "layers": ["basic"], "share": Decimal("0.9"), "of": "total", "per": "visit"}],
        "layers": [
            {"name": "basic", "kind": "basic",
             "modifiers": [{"target": "ratio", "add": Decimal("-0.1"), "when": {"category": ["low"]}}],
             "rules": [{"name": "all", "deductible": {"amount": 500}, "bands": [{"to": 1000, "ratio": Decimal("0.6")},
                                                                               {"ratio": Decimal("0.7")}],
                        "caps": [{"limit": 6000}]}]},
            {"name": "aid", "kind": "assistance", "base": {"copay": 1, "deductible": Decimal("0.5")},
             "rules": [{"name": "all", "settles": "year", "ratio": Decimal("0.7"), "deductible": {"amount": {
                 "amount": 2400, "derived": {"statistic": "disposable_income", "region": "R", "year": 2023, "value": 48000,
                                             "share": Decimal("0.05"), "lag": 1}}}},
                       {"name": "close", "on": "year_close", "window": {"over": "year_to_date"}, "ratio": 1,
                        "deductible": {"amount": {"base": 0, "rate": Decimal("0.1"), "cost": "in_scope"}}}]},
            {"name": "more", "kind": "supplementary", "not_applicable": True},
        ],
        "admitted": {"from": "2024-01-01"},
        "exceptions": [{"who": "w", "why": "y", "article": "a", "finding": "f", "layer": "aid"}],
    }],
}

# what is wrong, where, and what stands there instead (ABSENT: the key is taken away)
ABSENT = object()
PAGE = ("pages", 0)
BASIC = PAGE + ("layers", 0)
AID = PAGE + ("layers", 1)
NONE = PAGE + ("layers", 2)
AMOUNT = AID + ("rules", 0, "deductible", "amount")
TENTH = AID + ("rules", 1, "deductible", "amount")
MISTAKES = [
    ("another format", ("format",), 2),
    ("no engine", ("engine",), ABSENT),
    ("an unknown key of the book", ("page",), []),
    ("no pages", ("pages",), []),
    ("a page without region", PAGE + ("region",), ABSENT),
    ("a page without first day", PAGE + ("from",), ABSENT),
    ("a day that is none", PAGE + ("from",), "2024-13-01"),
    ("a region of 32 characters", PAGE + ("region",), "r" * 32),
    ("a column that is none", TENTH + ("cost",), "cost"),
    ("a formula that follows nothing", TENTH + ("cost",), ABSENT),
    ("a formula that follows two things", TENTH + ("fact",), "age"),
    ("an unknown date of the period", PAGE + ("period_date",), "birthday"),
    ("an unknown grade", PAGE + ("sources", "doc", "grade"), "E"),
    ("an unknown mark", PAGE + ("cite", "mark"), "guessed"),
    ("a citation without source", PAGE + ("cite", "source"), ABSENT),
    ("an unknown code attribute", PAGE + ("codes", "colour"), {"red": "red"}),
    ("a counter every week", PAGE + ("counters", "stays", "every"), "week"),
    ("a ceiling's share above 1", PAGE + ("ceilings", 0, "share"), 90),
    ("a ceiling of an unknown column", PAGE + ("ceilings", 0, "of"), "cost"),
    ("a range of admissions without ends", PAGE + ("admitted",), {}),
    ("an exception without why", PAGE + ("exceptions", 0, "why"), ABSENT),
    ("a layer that is not applicable, with rules", NONE + ("rules",), []),
    ("a layer that is not applicable, with a base", NONE + ("base",), {"copay": 1}),
    ("a layer that is not not applicable", NONE + ("not_applicable",), False),
    ("a layer that loses not_applicable", NONE + ("not_applicable",), ABSENT),
    ("a derived amount without amount", AMOUNT + ("amount",), ABSENT),
    ("a derived amount without figure", AMOUNT + ("derived", "value"), ABSENT),
    ("a derived amount by lag and latest", AMOUNT + ("derived", "latest"), True),
    ("a negative share of a figure", AMOUNT + ("derived", "share"), -1),
    ("a derived amount with a rate", AMOUNT + ("rate",), 1),
    ("an unknown kind", BASIC + ("kind",), "main"),
    ("a layer without rules", BASIC + ("rules",), ABSENT),
    ("a weight above 1", AID + ("base", "copay"), 2),
    ("an unknown bucket", AID + ("base", "copays"), 1),
    ("a misspelt deductible", BASIC + ("rules", 0, "deductable"), {"amount": 500}),
    ("a negative deductible", BASIC + ("rules", 0, "deductible", "amount"), -500),
    ("final once met without a counter", BASIC + ("rules", 0, "deductible", "final_once_met"), True),
    ("an amount as a text", BASIC + ("rules", 0, "deductible", "amount"), "500"),
    ("a ratio above 1", BASIC + ("rules", 0, "bands", 0, "ratio"), 60),
    ("a band without a ratio", BASIC + ("rules", 0, "bands", 0, "ratio"), ABSENT),
    ("bands and a ratio", BASIC + ("rules", 0, "ratio"), Decimal("0.5")),
    ("no ratio and no bands", AID + ("rules", 0, "ratio"), ABSENT),
    ("a cap without a limit", BASIC + ("rules", 0, "caps", 0, "limit"), ABSENT),
    ("a cap per day", BASIC + ("rules", 0, "caps", 0, "per"), "day"),
    ("a rule that settles by month", AID + ("rules", 0, "settles"), "month"),
    ("a modifier of nothing", BASIC + ("modifiers", 0, "target"), ABSENT),
    ("a modifier with two operations", BASIC + ("modifiers", 0, "multiply"), 2),
    ("an unknown test", BASIC + ("modifiers", 0, "when", "colour"), ["red"]),
    ("a code that is no list", BASIC + ("modifiers", 0, "when", "category"), "low"),
]


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file, parse_float=Decimal)


def books():
    """(name, document) of all books that must be valid."""
    for path in sorted(glob.glob(os.path.join(ROOT, "src/packs/*.json"))):
        yield os.path.relpath(path, ROOT), load(path)
    for path in ("test/demo/year.json", "test/bench/simple.json"):
        yield path, load(os.path.join(ROOT, path))
    for path in sorted(glob.glob(os.path.join(ROOT, "test/cases/*.json"))):
        for case in load(path):
            if "pages" in case.get("book", {}):
                yield f"{os.path.basename(path)} {case['id']}", case["book"]
    yield "the book of schema.py", BOOK


def with_mistake(place, value):
    book = copy.deepcopy(BOOK)
    at = book
    for key in place[:-1]:
        at = at[key]
    if value is ABSENT:
        del at[place[-1]]
    else:
        at[place[-1]] = value
    return book


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", help="file that receives 'passed failed'")
    options = parser.parse_args()
    schema = load(os.path.join(ROOT, "docs/terms.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    passed = failed = 0
    for name, book in books():
        error = jsonschema.exceptions.best_match(validator.iter_errors(book))
        if error is not None:
            print(f"not ok - {name}: {error.json_path}: {error.message[:200]}")
        passed, failed = passed + (error is None), failed + (error is not None)
    for what, place, value in MISTAKES:
        accepted = validator.is_valid(with_mistake(place, value))
        if accepted:
            print(f"not ok - the schema accepts {what}")
        passed, failed = passed + (not accepted), failed + accepted
    print(f"schema: {passed} documents as expected, {failed} not; {len(MISTAKES)} of them with a mistake")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            out.write(f"{passed} {failed}\n")
    raise SystemExit(failed > 0)


if __name__ == "__main__":
    main()
