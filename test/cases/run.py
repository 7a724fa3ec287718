"""The published, peer and pack cases through SQL: run.py [--counts FILE] cases.json…

A case is one person: a book (inline, or {"pack": name}), bills, and what every layer must pay on each of them. Every case is
settled by the scalar with its account carried on, by the window function and by the aggregate. In expect, amounts are
yuan as text: layer (paid, by name), patient, hospital, left (all buckets that are not 0), adjustment (by layer),
left_after_all (after later bills were booked against this one), bands (what each band of a layer gives).
must_differ: what the source prints and the engine must not. skip: why a case is no test of the rule it states.
"""
import argparse
import json
import os
import sys
from decimal import Decimal

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

import database

SETTLE = """
CREATE TABLE book (id int PRIMARY KEY, terms assistance.terms NOT NULL);
CREATE TABLE bill (id int, n int, bill assistance.bill NOT NULL, PRIMARY KEY (id, n));
CREATE TABLE result (surface text, id int, n int, split assistance.split);
CREATE TABLE final (id int, account assistance.account);
CREATE TABLE band (id int, n int, step int, layer text, exact numeric);
CREATE TABLE refused (id int, message text);

-- The scalar first; a case that is refused stays out of the other surfaces.
DO $$
DECLARE
	b			record;
	r			record;
	account		assistance.account;
	s			record;
	detail		text;
BEGIN
	FOR b IN SELECT * FROM book_text LOOP
		BEGIN
			account := NULL;
			INSERT INTO book VALUES (b.id, b.document::assistance.terms);
			INSERT INTO bill SELECT id, n, t.document::assistance.bill FROM bill_text t WHERE id = b.id;
			FOR r IN SELECT * FROM bill JOIN book USING (id) WHERE id = b.id ORDER BY n LOOP
				INSERT INTO band SELECT b.id, r.n, step, layer, exact FROM assistance.explain(r.terms, account, r.bill)
				 WHERE item = 'band' AND exact <> 0;
				SELECT * INTO s FROM assistance.settle_bill(r.terms, account, r.bill);
				INSERT INTO result VALUES ('scalar', r.id, r.n, s.split);
				account := s.account;
			END LOOP;
			INSERT INTO final VALUES (b.id, account);
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
			INSERT INTO refused VALUES (b.id, format('%s: %s (%s)', sqlstate, sqlerrm, detail));
		END;
	END LOOP;
END
$$;

INSERT INTO result
SELECT 'window', id, n, assistance.settle(terms, bill) OVER (PARTITION BY id ORDER BY n) FROM bill JOIN book USING (id);

CREATE TABLE year AS
SELECT id, assistance.settle_year(terms, bill ORDER BY n) AS year FROM bill JOIN book USING (id) GROUP BY id;
"""

ANSWER = """
SELECT json_build_object('surface', surface, 'id', id, 'n', n,
	'patient', (split).patient::text, 'hospital', (split).hospital::text,
	'columns', (SELECT json_object_agg(key, value::text) FROM json_each_text(to_json(split)) WHERE key <> 'lines'),
	'lines', (SELECT json_agg(json_build_object('layer', layer, 'paid', paid::text, 'adjustment', adjustment::text) ORDER BY place)
				FROM assistance.split_lines(split)),
	'left', (SELECT json_object_agg(bucket, amount::text) FROM assistance.split_left(split)),
	'bands', (SELECT json_object_agg(layer, exact) FROM
				(SELECT layer, json_agg(round(exact, 2)::text ORDER BY step) AS exact FROM band b
				  WHERE (b.id, b.n) = (result.id, result.n) GROUP BY layer) l))
  FROM result ORDER BY surface, id, n;
SELECT json_build_object('surface', 'aggregate', 'id', id,
	'columns', (SELECT json_object_agg(key, value) FROM json_each_text(to_json(year)) WHERE key NOT IN ('account', 'bills')),
	'account', (year).account::json, 'same', (year).account::text = account::text)
  FROM year JOIN final USING (id) ORDER BY id;
SELECT json_build_object('surface', 'refused', 'id', id, 'message', message) FROM refused;
"""


def book_text(book):
    if "pack" in book:
        with open(os.path.join(ROOT, "src", "packs", book["pack"] + ".json"), encoding="utf-8") as file:
            return file.read()
    return json.dumps(book, ensure_ascii=False)


def read_cases(paths):
    cases = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for case in json.load(file):
                case["file"] = os.path.basename(path)
                cases.append(case)
    return cases


def settle(cases):
    """(results by (surface, id, n), aggregates by id, refusals by id) of the numbered cases."""
    books = [(number, book_text(case["book"])) for number, case in cases]
    bills = [(number, n, json.dumps(bill, ensure_ascii=False)) for number, case in cases for n, bill in enumerate(case["bills"])]
    printed = database.run("CREATE TABLE book_text (id int, document text);\n"
                           "CREATE TABLE bill_text (id int, n int, document text);\n"
                           + database.copy("book_text", books) + database.copy("bill_text", bills) + SETTLE + ANSWER)
    results, aggregates, refusals = {}, {}, {}
    for line in printed:
        answer = json.loads(line, parse_float=Decimal)
        if answer["surface"] == "aggregate":
            aggregates[answer["id"]] = answer
        elif answer["surface"] == "refused":
            refusals[answer["id"]] = answer["message"]
        else:
            results[answer["surface"], answer["id"], answer["n"]] = answer
    return results, aggregates, refusals


def same(a, b):
    return Decimal(a or 0) == Decimal(b or 0)


def differing(expected, got, what):
    """Of two mappings of amounts, those of expected that got does not have."""
    return [f"{what} {name}: expected {amount}, got {got.get(name)}" for name, amount in expected.items()
            if not same(amount, got.get(name))]


def compare_bill(expect, got):
    paid = {line["layer"]: line["paid"] for line in got["lines"] or []}
    adjusted = {line["layer"]: line["adjustment"] for line in got["lines"] or []}
    found = [f"no layer {name}" for name in expect["layer"] if name not in paid]
    found += differing(expect["layer"], paid, "layer")
    found += differing({name: 0 for name in paid if name not in expect["layer"]}, paid, "layer")
    found += differing({"patient": expect["patient"], "hospital": expect.get("hospital", 0)}, got, "amount")
    found += differing({name: expect.get("adjustment", {}).get(name, 0) for name in adjusted}, adjusted, "adjustment of")
    if "left" in expect:
        left = got["left"] or {}
        found += differing(expect["left"], left, "left")
        found += differing({name: 0 for name in left if name not in expect["left"]}, left, "left")
    for layer, amounts in expect.get("bands", {}).items():
        bands = (got["bands"] or {}).get(layer, [])
        if [Decimal(a) for a in amounts if not same(a, 0)] != [Decimal(a) for a in bands]:
            found.append(f"bands of {layer}: expected {amounts}, got {bands}")
    return found


def compare_aggregate(case, number, results, aggregate):
    """The aggregate's sums are those of the window's splits; its account is the scalar's; bookings reach earlier bills."""
    found = []
    sums = {}
    for n in range(len(case["bills"])):
        for name, amount in results["window", number, n]["columns"].items():
            sums[name] = sums.get(name, 0) + Decimal(amount)
    found += differing(sums, aggregate["columns"], "sum of")
    if not aggregate["same"]:
        found.append("the aggregate's account is not the scalar's")
    kept = {(bill["ordered_at"], bill.get("seq", 0)): bill.get("left", {}) for bill in aggregate["account"].get("kept", [])}
    for bill, expect in zip(case["bills"], case["expect"]):
        if "left_after_all" in expect:
            left = kept.get((bill["ordered_at"], bill.get("seq", 0)), {})
            found += differing(expect["left_after_all"], left, "left after all")
    return found


def compare_case(case, number, results, aggregates):
    found = []
    for surface in ("scalar", "window"):
        for n, expect in enumerate(case["expect"]):
            found += [f"{surface}, bill {n + 1}: {text}" for text in compare_bill(expect, results[surface, number, n])]
    found += compare_aggregate(case, number, results, aggregates[number])
    for name, amount in case.get("must_differ", {}).items():
        of_bills = [results["scalar", number, n] for n in range(len(case["bills"]))]
        if name == "patient":
            paid = sum(Decimal(result["patient"]) for result in of_bills)
        else:
            paid = sum(Decimal(line["paid"]) for result in of_bills for line in result["lines"] if line["layer"] == name)
        if paid == Decimal(amount):
            found.append(f"{name}: {amount}, which the source prints by mistake")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", help="file that receives 'passed failed'")
    parser.add_argument("cases", nargs="+")
    options = parser.parse_args()
    cases = read_cases(options.cases)
    tests = [(number, case) for number, case in enumerate(cases) if not case.get("skip")]
    for case in cases:
        if case.get("skip"):
            print(f"skipped {case['id']}: {case['skip']}")
    results, aggregates, refusals = settle(tests)
    failed = 0
    for number, case in tests:
        if number in refusals:
            found = ["refused: " + refusals[number]]
        else:
            found = compare_case(case, number, results, aggregates)
        if found:
            failed += 1
            print(f"not ok - {case['file']} {case['id']}: " + "; ".join(found[:6]))
    negative = sum("must_differ" in case for _, case in tests)
    print(f"cases: {len(tests) - failed} of {len(tests)} as published ({negative} must differ from their source)")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            out.write(f"{len(tests) - failed} {failed}\n")


if __name__ == "__main__":
    main()
