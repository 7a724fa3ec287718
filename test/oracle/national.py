"""The national names on random person-years: what surfaces.py has settled becomes records, which must keep I1 to I6, reversed
or booked beside their bill as well, and give bill and split back whole.
"""

# one view of rows (surface, book, person, what differs)
NATIONAL = """
CREATE TABLE national_record AS
SELECT r.book, r.person, r.n, b.bill, r.split,
	   assistance.setlinfo(b.bill, r.split, jsonb_build_object('setl_id', format('%s-%s-%s', r.book, r.person, r.n)), a.acct)
	   AS record
  FROM result r JOIN bill b USING (book, person, n), LATERAL (SELECT round((r.split).patient / 4, 2) AS acct) a
 WHERE r.surface = 'scalar';
CREATE TABLE national_made AS
SELECT book, person, n, 'record' AS what, record FROM national_record
UNION ALL
SELECT book, person, n, 'reversal', assistance.reverse_setlinfo(record, 'R' || n) FROM national_record
 WHERE (record ->> 'medfee_sumamt')::numeric > 0
UNION ALL
SELECT book, person, n, 'beside', x FROM national_record, assistance.adjustment_setlinfo(bill, split, '{"setl_id": "S"}') x;

CREATE VIEW national_difference AS
SELECT 'national ' || m.what AS surface, book, person,
	   format('bill %s: %s %s: %s and %s', n, c.identity, c.verdict, c.left_amount, c.right_amount) AS what
  FROM national_made m, assistance.check_setlinfo(m.record::jsonb) c WHERE c.verdict <> 'holds'
UNION ALL
SELECT 'national round trip', book, person, format('bill %s: %s', n, record)
  FROM national_record WHERE assistance.bill_from_setlinfo(record::jsonb) OPERATOR(assistance.<>) bill
UNION ALL
SELECT 'national round trip', book, person, format('the split of bill %s: %s', n, record)
  FROM national_record WHERE assistance.split_from_setlinfo(record::jsonb)::text <> split::text;
"""
