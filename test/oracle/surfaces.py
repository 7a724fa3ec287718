"""Every surface of the fold against the oracle and against each other, row by row, on random person-years.

Window function, scalar with its account carried on, and aggregate settle the same bills in one database; every line of
every split must be what the oracle expects, and the accounts of scalar and aggregate must be the same. What the rows of
explain say is added up again and must come to the same fen. Then the national names (national.py).
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import database
from check import compact, read_job
from national import NATIONAL

FIGURES = ("base", "cumulative", "deductible", "due", "paid", "adjustment", "recoverable", "set_off")

TABLES = """
CREATE TABLE book_text (book int PRIMARY KEY, document text NOT NULL);
CREATE TABLE bill_text (book int, person text, n int, ordered_at timestamp, seq bigint, document text NOT NULL);
CREATE TABLE book (book int PRIMARY KEY, terms assistance.terms NOT NULL);
CREATE TABLE bill (book int, person text, n int, ordered_at timestamp NOT NULL, seq bigint NOT NULL,
	bill assistance.bill NOT NULL, PRIMARY KEY (book, person, n));
CREATE TABLE expected (book int, person text, n int, hospital numeric, patient numeric, PRIMARY KEY (book, person, n));
CREATE TABLE expected_line (book int, person text, n int, place int, layer text, kind text, state text, rule text,
	base numeric, cumulative numeric, deductible numeric, due numeric, paid numeric, adjustment numeric,
	recoverable numeric, set_off numeric);
CREATE TABLE expected_left (book int, person text, n int, bucket text, amount numeric);
"""

SETTLE = """
CREATE TABLE result (surface text, book int, person text, n int, split assistance.split);
CREATE TABLE final (book int, person text, account assistance.account);

CREATE TABLE refused (book int, person text, message text);
CREATE TABLE why (book int, person text, n int, step int, layer text, item text, base numeric, ratio numeric, exact numeric,
	amount numeric, without_penalty boolean);

-- The scalar first: a person whose book or bills are refused is a difference, and stays out of the other surfaces.
DO $$
DECLARE
	b			record;
	whose		record;
	r			record;
	terms		assistance.terms;
	account		assistance.account;
	s			record;
	message		text;
BEGIN
	FOR b IN SELECT * FROM book_text LOOP
		message := NULL;
		BEGIN
			terms := b.document::assistance.terms;
			INSERT INTO book VALUES (b.book, terms);
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS message = PG_EXCEPTION_DETAIL;
			message := format('%s (%s: %s)', sqlerrm, sqlstate, message);
		END;
		FOR whose IN SELECT DISTINCT person FROM bill_text t WHERE t.book = b.book LOOP
			IF message IS NOT NULL THEN
				INSERT INTO refused VALUES (b.book, whose.person, message);
				CONTINUE;
			END IF;
			BEGIN
				account := NULL;
				FOR r IN SELECT *, document::assistance.bill AS bill FROM bill_text t
						  WHERE t.book = b.book AND t.person = whose.person ORDER BY n LOOP
					INSERT INTO bill VALUES (r.book, r.person, r.n, r.ordered_at, r.seq, r.bill);
					INSERT INTO why
					SELECT r.book, r.person, r.n, step, layer, item, base, ratio, exact, amount, without_penalty
					  FROM assistance.explain(terms, account, r.bill);
					SELECT * INTO s FROM assistance.settle_bill(terms, account, r.bill);
					INSERT INTO result VALUES ('scalar', r.book, r.person, r.n, s.split);
					account := s.account;
				END LOOP;
				INSERT INTO final VALUES (b.book, whose.person, account);
			EXCEPTION WHEN OTHERS THEN
				DECLARE
					detail text;
				BEGIN
					GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
					INSERT INTO refused VALUES (b.book, whose.person, format('%s (%s: %s)', sqlerrm, sqlstate, detail));
				END;
			END;
		END LOOP;
	END LOOP;
END
$$;
ANALYZE;

INSERT INTO result
SELECT 'window', book, person, n, assistance.settle(terms, bill) OVER (PARTITION BY book, person ORDER BY ordered_at, seq)
  FROM bill JOIN book USING (book);
-- the same by the server's window node, which computes every window with another function in it
INSERT INTO result
SELECT 'server', book, person, n, split
  FROM (SELECT book, person, n, assistance.settle(terms, bill) OVER w AS split, row_number() OVER w AS k
		  FROM bill JOIN book USING (book) WINDOW w AS (PARTITION BY book, person ORDER BY ordered_at, seq)) s
 WHERE k > 0;

CREATE TABLE year AS
SELECT book, person, assistance.settle_year(terms, bill ORDER BY ordered_at, seq) AS year
  FROM bill JOIN book USING (book) GROUP BY book, person;

-- the second half of every person's bills, resumed from the account after the first half
CREATE TABLE resumed AS
SELECT book, person, assistance.settle_year(terms, account, bill ORDER BY ordered_at, seq) AS year
  FROM (SELECT book, person, terms, bill, ordered_at, seq, (first).account
		  FROM (SELECT book, person, assistance.settle_year(terms, bill ORDER BY ordered_at, seq)
							 FILTER (WHERE n < half) AS first
				  FROM bill JOIN book USING (book)
				  JOIN (SELECT book, person, count(*) / 2 AS half FROM bill GROUP BY book, person) h USING (book, person)
				 GROUP BY book, person) f
		  JOIN (SELECT *, count(*) OVER (PARTITION BY book, person) / 2 AS half FROM bill) b USING (book, person)
		  JOIN book USING (book)
		 WHERE n >= half) s
 GROUP BY book, person;
"""

# one view of rows (surface, book, person, what differs)
COMPARISONS = """
-- what the rows of explain say of each layer; null where there is no such row
CREATE VIEW explained AS
SELECT book, person, n, layer,
	   sum(amount) FILTER (WHERE item = 'paid') AS paid,
	   COALESCE(sum(amount) FILTER (WHERE item = 'taken'), 0) AS taken,
	   sum(amount) FILTER (WHERE item = 'due') AS due,
	   COALESCE(sum(amount) FILTER (WHERE item IN ('paid', 'booked', 'lapsed')), 0) AS out,
	   min(CASE item WHEN 'times' THEN amount * 1e15 ELSE amount END) FILTER (WHERE item IN ('cap', 'ceiling', 'times')) AS room,
	   sum(amount) FILTER (WHERE item = 'entitlement')
		 - COALESCE(sum(amount) FILTER (WHERE item IN ('entitlement_before', 'accrued')), 0) AS entitled
  FROM why WHERE NOT without_penalty AND layer IS NOT NULL
 GROUP BY book, person, n, layer;

CREATE VIEW result_line AS
	SELECT surface, book, person, n, l.* FROM result, assistance.split_lines(split) l;

CREATE VIEW difference AS
SELECT 'scalar' AS surface, book, person, message AS what FROM refused
UNION ALL
SELECT s.surface, book, person, format('bill %s has no split', n)
  FROM (VALUES ('window'), ('server'), ('scalar')) s(surface) CROSS JOIN expected e
 WHERE NOT EXISTS (SELECT FROM refused f WHERE (f.book, f.person) = (e.book, e.person))
   AND NOT EXISTS (SELECT FROM result r WHERE (r.surface, r.book, r.person, r.n) = (s.surface, e.book, e.person, e.n))
UNION ALL
SELECT surface, book, person, format('bill %s: hospital %s, patient %s; expected %s, %s', n, (split).hospital, (split).patient,
									 e.hospital, e.patient)
  FROM result JOIN expected e USING (book, person, n)
 WHERE ((split).hospital, (split).patient) IS DISTINCT FROM (e.hospital, e.patient)
UNION ALL
SELECT surface, book, person, format('bill %s: %s is not the sum of its parts', n, (split).total)
  FROM result r
 WHERE (split).total <> (split).basic + (split).critical + (split).supplementary + (split).assistance + (split).tilt
	+ (split).emergency + (split).government + (split).other + (split).charity + (split).hospital + (split).patient
UNION ALL
SELECT s.surface, book, person, format('bill %s, layer %s: %s; expected %s', n, place, r, e)
  FROM (VALUES ('window'), ('server'), ('scalar')) s(surface)
  CROSS JOIN expected_line e
  LEFT JOIN result_line r USING (surface, book, person, n, place)
 WHERE NOT EXISTS (SELECT FROM refused f WHERE (f.book, f.person) = (e.book, e.person))
   AND (r.layer, r.kind, r.state, r.rule, r.base, CASE WHEN e.cumulative IS NOT NULL THEN r.cumulative END, r.deductible,
		r.due, r.paid, r.adjustment, r.recoverable, r.set_off)
	IS DISTINCT FROM (e.layer, e.kind, e.state, e.rule, e.base, e.cumulative, e.deductible, e.due, e.paid, e.adjustment,
					  e.recoverable, e.set_off)
UNION ALL
SELECT surface, book, person, format('bill %s: left %s %s; expected %s', n, bucket, r.amount, e.amount)
  FROM (SELECT s.surface, x.* FROM (VALUES ('window'), ('server'), ('scalar')) s(surface), expected_left x
		 WHERE NOT EXISTS (SELECT FROM refused f WHERE (f.book, f.person) = (x.book, x.person))) e
  FULL JOIN (SELECT surface, book, person, n, l.bucket, l.amount FROM result, assistance.split_left(split) l) r
	   USING (surface, book, person, n, bucket)
 WHERE r.amount IS DISTINCT FROM e.amount
UNION ALL
SELECT 'aggregate', book, person, 'another account than the scalar: ' || (year).account::text || ' and ' || account::text
  FROM year JOIN final USING (book, person)
 WHERE (year).account::text <> account::text
UNION ALL
SELECT 'aggregate', book, person, format('sums %s; the window gives %s', (year).total, w)
  FROM year JOIN (SELECT book, person, count(*) AS bills, sum((split).total) AS total, sum((split).basic) AS basic,
						 sum((split).critical) AS critical, sum((split).supplementary) AS supplementary,
						 sum((split).assistance) AS assistance, sum((split).tilt) AS tilt, sum((split).emergency) AS emergency,
						 sum((split).government) AS government, sum((split).other) AS other, sum((split).charity) AS charity,
						 sum((split).hospital) AS hospital, sum((split).patient) AS patient,
						 sum((split).adjustment) AS adjustment, sum((split).recoverable) AS recoverable
					FROM result WHERE surface = 'window' GROUP BY book, person) w USING (book, person)
 WHERE ((year).bills, (year).total, (year).basic, (year).critical, (year).supplementary, (year).assistance, (year).tilt,
		(year).emergency, (year).government, (year).other, (year).charity, (year).hospital, (year).patient,
		(year).adjustment, (year).recoverable)
	IS DISTINCT FROM (w.bills, w.total, w.basic, w.critical, w.supplementary, w.assistance, w.tilt, w.emergency, w.government,
					  w.other, w.charity, w.hospital, w.patient, w.adjustment, w.recoverable)
UNION ALL
SELECT 'resumed aggregate', book, person, 'another account than in one fold'
  FROM year y JOIN resumed r USING (book, person)
 WHERE (y.year).account::text <> (r.year).account::text
UNION ALL
SELECT 'explain', book, person, format('bill %s, layer %s: %s; the split has %s', n, layer, e, l)
  FROM explained e
  JOIN (SELECT book, person, n, layer, kind, state, paid AS on_bill FROM result_line WHERE surface = 'scalar') l
	   USING (book, person, n, layer)
 WHERE (state = 'applied' AND COALESCE(e.paid, 0) <> on_bill)
	OR (kind <> 'basic' AND taken <> on_bill)
	OR due <> entitled
	OR (due IS NOT NULL AND out <> GREATEST(0, LEAST(due, room)))
UNION ALL
SELECT 'explain', book, person, format('bill %s: a band of %s x %s is not %s', n, base, ratio, exact)
  FROM why WHERE item LIKE 'band%' AND ratio <> 0 AND base * ratio <> exact
UNION ALL
SELECT 'explain', book, person, format('bill %s: the patient bears %s, not %s', n, (split).patient, amount)
  FROM why JOIN result USING (book, person, n) WHERE item = 'patient' AND surface = 'scalar' AND amount <> (split).patient;
"""


def load(jobs):
    """Scripts that fill the tables."""
    books, bills, expected, lines, left = [], [], [], [], []
    for number, job in enumerate(jobs):
        books.append((number, compact(job["book"])))
        for person in job["persons"]:
            for n, (bill, want) in enumerate(zip(person["bills"], person["expect"])):
                key = (number, person["person"], n)
                bills.append(key + (bill["ordered_at"], bill.get("seq", 0), compact(bill)))
                expected.append(key + (want["hospital"], want["patient"]))
                lines += [key + (place, line["layer"], line["kind"], line["state"], line.get("rule"))
                          + tuple(line.get(f, 0) for f in FIGURES) for place, line in enumerate(want["lines"], 1)]
                left += [key + (bucket, amount) for bucket, amount in want["left"].items()]
    return (database.copy("book_text", books) + database.copy("bill_text", bills) + database.copy("expected", expected)
            + database.copy("expected_line", lines) + database.copy("expected_left", left))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", required=True, help="file that receives 'passed failed'")
    parser.add_argument("--seed", required=True)
    parser.add_argument("--years", type=int, required=True)
    options = parser.parse_args()

    made = subprocess.run([sys.executable, os.path.join(HERE, "run.py"), "--seed", options.seed, "--years", str(options.years)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True, encoding="utf-8")
    jobs = [read_job(line) for line in made.stdout.splitlines()]
    printed = database.run(TABLES + load(jobs) + SETTLE + COMPARISONS + NATIONAL + """
        CREATE VIEW difference_of_any AS SELECT * FROM difference UNION ALL SELECT * FROM national_difference;
        SELECT 'n', count(*) FROM (SELECT DISTINCT book, person FROM bill_text) p;
        SELECT 'b', count(*) FROM (SELECT DISTINCT book, person FROM difference_of_any) p;
        SELECT 'd', format('not ok - %s, book %s, person %s: %s', surface, book, person, left(what, 1000))
          FROM difference_of_any LIMIT 20;
        SELECT 'd', format('%s: %s', surface, count(DISTINCT (book, person))) FROM difference_of_any GROUP BY surface;
        SELECT 'r', count(*) FROM bill_text;
        SELECT 'm', count(*) FROM national_made;
        SELECT 'f', count(*) FROM national_record WHERE (SELECT count(*) FROM json_each_text(record)
            WHERE key IN ('hifp_pay', 'cvlserv_pay', 'hifes_pay', 'hifmi_pay', 'hifob_pay', 'hifdm_pay', 'maf_pay', 'oth_pay')
              AND value <> '0.00') >= 3;
    """)
    figures = {line[0]: line[2:] for line in printed if line[0] != "d"}
    for line in printed:
        if line.startswith("d|"):
            print(line[2:])
    persons, bad = int(figures["n"]), int(figures["b"])
    print(f"surfaces: seed {options.seed}, {persons - bad} of {persons} person-years ({figures['r']} bills): window, scalar, "
          "aggregate, resumed aggregate and explain agree with the oracle")
    print(f"national: I1 to I6 hold on {figures['m']} records of them, {figures['f']} with three or more funds")
    with open(options.counts, "w", encoding="utf-8") as out:
        out.write(f"{persons - bad} {bad}\n")


if __name__ == "__main__":
    main()
