"""Bad inputs of the register that no other test has: days, batches, files, amounts of lines, hostile texts and objects, settings,
sequences, locks, timeouts, and arguments of every function. Each is refused with its SQLSTATE or comes to the right amounts, and in
the end verify() finds nothing.
"""
import argparse
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]

import database
from guard_matrix import WAITS, Report, Session, answers, literal

SETUP = """
SET client_min_messages = warning;
{codes}
CALL assistance.create_register();
CALL assistance.create_register_roles();
SELECT assistance.publish_policy(assistance.import_policy({policy}), 'test') AS act \\gset
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('R3', 'R3', 'R3', 'pool', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy({simple}), 'test') AS act \\gset
INSERT INTO assistance_register.person (person_id, region) SELECT n, 'A' FROM generate_series(1, 8000) n;
INSERT INTO assistance_register.institution (institution_id) VALUES ('H1'), ('H2');
INSERT INTO assistance_register.institution_agreement (institution_id, level, designated, valid)
    VALUES ('H1', '2', true, '[2024-01-01,)');
INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid)
    SELECT n, 'R1', 'resident', '[2024-03-01,2026-01-01)' FROM generate_series(1, 20) n;
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (1, 'low', '[2024-05-01,2024-08-10)');
"""
# level 2, inpatient: basic (1 000 - 300) x 70 % = 490; aid of low 80 % of the other 510 = 408
CLAIM = {"ordered_at": "2024-06-01 10:00", "total": 1000, "in_scope": 1000, "region": "R1", "scheme": "resident", "care_type": "21",
         "level": "2", "designated": "true", "category": "{low}"}
# nothing that reaches back
SIMPLE = {"format": 1, "engine": 1, "pages": [{
    "title": "simple", "region": "R3", "scheme": "resident", "from": "2024-01-01", "sources": {"D": {"document": "test"}},
    "cite": {"source": "D", "mark": "example"}, "layers": [
        {"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
        {"name": "critical", "kind": "critical", "not_applicable": True},
        {"name": "aid", "kind": "assistance", "base": {"copay": 1},
         "rules": [{"name": "all", "ratio": 0.4, "caps": [{"limit": 100}]}]}]}]}
HOSTILE = ["'; DROP SCHEMA assistance CASCADE; --", "$$", "$1", "%s %I %L %n %", "\\", "E'\\x00'", "U&'\\0041'", "\"", "''", "a\nb",
           "<script>", "{}", "\u202e\u200b", "\U0001f600", "x" * 100]


def insert(table="assistance_register.claim", **columns):
    claim = {**CLAIM, **columns}
    names = [name for name in claim if claim[name] is not None]
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(literal(claim[name]) for name in names)});"


def settle(person, key, **columns):
    """A call of settle_claim"""
    claim = {**CLAIM, **columns}
    ordered_at, total, in_scope = (claim.pop(name) for name in ("ordered_at", "total", "in_scope"))
    named = "".join(f", {name} => {literal(value)}" for name, value in claim.items() if value is not None)
    return f"SELECT patient FROM assistance.settle_claim({person}, {literal(key)}, '{ordered_at}', {total}, {in_scope}{named});"


def taken_back(*statements):
    return "BEGIN;\n" + "\n".join(statements) + "\nROLLBACK;"


# ---- one statement, one answer ----

def days():
    """A claim is settled whenever it comes and whatever its day; what a site refuses beside that, it says by a CHECK."""
    tomorrow = "(now() AT TIME ZONE 'Asia/Shanghai' + interval '2 days')::timestamp"
    future = insert(person_id=30, request_key="tomorrow").replace("'2024-06-01 10:00'", tomorrow)
    own = ("ALTER TABLE assistance_register.claim ADD CONSTRAINT claim_filed CHECK (received_at < '2020-01-01 00:00+08' OR kind <> "
           "'bill' OR reverses IS NOT NULL OR (received_at AT TIME ZONE 'Asia/Shanghai') BETWEEN ordered_at - interval '1 day' "
           "AND ordered_at + interval '{}') NOT VALID;")
    return [
        ("a bill of tomorrow is settled", taken_back(future), "00000"),
        ("a bill of tomorrow, where the site refuses it", taken_back(own.format("30 years"), future), "23514"),
        ("a bill of 2024 is settled", taken_back(insert(person_id=30, request_key="of 2024")), "00000"),
        ("a bill filed years late, where the site refuses it",
         taken_back(own.format("100 days"), insert(person_id=30, request_key="years late")), "23514"),
        ("a reversal of it, where the site refuses such bills",
         taken_back(insert(person_id=30, request_key="to go"), own.format("100 days"),
                    "SELECT assistance.reverse_claim(max(claim_id), 'gone', 'test') FROM assistance_register.claim "
                    "WHERE person_id = 30;"), "00000"),
        ("an own CHECK lets others in", taken_back(own.format("30 years"), insert(person_id=30, request_key="not late")), "00000"),
        ("before the first enrolment, without region and scheme",
         insert(person_id=2, request_key="not insured", ordered_at="2024-02-01", region=None, scheme=None), "MA104"),
    ]


def batches():
    """Files: COPY takes all of one or nothing."""
    columns = "(person_id, request_key, ordered_at, total, in_scope, region, scheme, care_type, level, designated, category)"
    good = "31\tfile-1\t2024-06-01\t1000\t1000\tR1\tresident\t21\t2\tt\t{low}\n"

    def copy(lines, what=columns, options=""):
        return f"COPY assistance_register.claim {what} FROM STDIN {options};\n{lines}\\.\n"

    swapped = "(request_key, person_id" + columns[len("(person_id, request_key"):]
    cells = [
        ("a file cut off in a row", copy(good + "31\tfile-2\t2024-06-02\t10\n"), "22P04"),
        ("a file with a column too many", copy(good + good.replace("file-1", "file-2").replace("\n", "\tx\n")), "22P04"),
        ("a file with its columns in another order", copy(good, swapped), "22P02"),
        ("an unknown institution", insert(person_id=31, request_key="who", institution_id="nobody"), "23503"),
        ("an institution without an agreement: not designated, of no level", insert(person_id=31, request_key="ended",
         institution_id="H2", level=None, designated=None), "MA104"),
        ("an empty request key", insert(person_id=31, request_key=""), "23514"),
        ("a request key of 201 bytes", insert(person_id=31, request_key="x" * 201), "23514"),
        ("a request key of 1 MB", insert(person_id=31, request_key="x" * 1000000), "23514"),
        ("more in scope than the bill", insert(person_id=31, request_key="more", in_scope=1001), "23514"),
    ]
    if int(database.run("SHOW server_version_num;")[0]) >= 150000:
        header = columns[1:-1].replace(", ", "\t") + "\n"
        wrong = header.replace("total\tin_scope", "in_scope\ttotal")
        cells += [("a file with another header", copy(wrong + good, options="(HEADER MATCH)"), "22P04"),
                  ("a file with its header", taken_back(copy(header + good, options="(HEADER MATCH)")), "00000")]
    return cells


def lines():
    """Lines of charges on a claim of 1 000 yuan"""
    claim = insert(person_id=32, request_key="lined").replace(";", " RETURNING claim_id AS lined \\gset")
    into = "INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) "
    return [
        ("a negative line (a refund)", taken_back(claim, into + "VALUES (:lined, 1, 1100), (:lined, 2, -100);"), "23514"),
        ("a line of NaN", taken_back(claim, into + "VALUES (:lined, 1, 'NaN');"), "23514"),
        ("a line of 0", taken_back(claim, into + "VALUES (:lined, 1, 1000), (:lined, 2, 0);"), "00000"),
        ("line number 0", taken_back(claim, into + "VALUES (:lined, 0, 1000);"), "23514"),
        ("10 001 lines that add up", taken_back(claim, into + "SELECT :lined, n, CASE n WHEN 1 THEN 999 ELSE 0.0001 END "
                                                "FROM generate_series(1, 1) n;"), "MA103"),
        ("10 001 lines", taken_back(claim, into + "SELECT :lined, n, CASE WHEN n = 1 THEN 900 ELSE 0.01 END "
                                    "FROM generate_series(1, 10001) n;"), "00000"),
        ("10 001 lines, a fen short", taken_back(claim, into + "SELECT :lined, n, CASE WHEN n = 1 THEN 899.99 ELSE 0.01 END "
                                                 "FROM generate_series(1, 10001) n;"), "MA103"),
    ]


def identities():
    """Who somebody is decides no amount: the register keeps what it is told."""
    into = "INSERT INTO assistance_register.person_identity (person_id, name, identity_type, identity_number, born_on) "
    return [
        ("born after the bill", taken_back(into + "VALUES (33, 'P0033', '01', NULL, '2030-01-01');",
                                           insert(person_id=33, request_key="born")), "00000"),
        ("born on another day than the number says",
         taken_back(into + "VALUES (33, 'P0033', '01', '110101193001011234', '1931-01-01');"), "00000"),
        ("an age that no one has", insert(person_id=33, request_key="old", age=151), "23514"),
        ("a person with claims is not deleted",
         taken_back(insert(person_id=33, request_key="kept"), "DELETE FROM assistance_register.person WHERE person_id = 33;"),
         "23503"),
    ]


def resources():
    """Numbers that run out, procedures inside transactions, rights of the system"""
    sequence = ("SELECT 'ALTER SEQUENCE ' || pg_get_serial_sequence('assistance_register.claim', 'claim_id') AS sequence, "
                "min(claim_id) AS first FROM assistance_register.claim \\gset")
    one, two = insert(person_id=34, request_key="one"), insert(person_id=34, request_key="two", seq=1)
    stale = "INSERT INTO assistance_register.person_account (person_id, stale_since, stale_reason) VALUES (35, now(), 'test');"
    drop = "x''; DROP SCHEMA assistance CASCADE; --"
    return [
        ("no number is left for a claim",
         taken_back(sequence, ":sequence RESTART WITH 9223372036854775807;", one, two), "2200H"),
        ("numbers of claims begin again", taken_back(one, sequence, ":sequence RESTART WITH :first;", two), "23505"),
        ("resettle() in a transaction", taken_back(stale, "CALL assistance.resettle();"), "2D000"),
        ("a setting of ours that there is none of", "SET assistance.skip_checks = on; " +
         insert(person_id=34, request_key="skip", in_scope=1001), "23514"),
        ("partition_register by a text", f"CALL assistance.partition_register('{drop}');", "22023"),
        ("a dictionary of a text", f"SELECT assistance.code_meaning('{drop}', 'x', 'R1', '2024-06-01');", "MA502"),
    ]


# ---- what comes to amounts ----

def amounts(report):
    """Eligibility gained and lost; the same batch twice; reversals over the year and under another policy"""
    run = database.run
    stays = [("2024-04-20", "2024-04-10"), ("2024-05-05", "2024-04-25"), ("2024-08-20", "2024-08-05"), ("2024-09-20", "2024-09-10")]
    got = run("".join(insert(person_id=1, request_key=f"eligible {day}", ordered_at=day, admitted_on=admitted, seq=1, category=None)
                      for day, admitted in stays) +
              "SELECT c.ordered_at::date, s.assistance, s.lines::jsonb #>> '{lines,2,rule}' FROM assistance_register.settlement s "
              "JOIN assistance_register.claim c USING (claim_id) WHERE s.person_id = 1 ORDER BY 1;")
    report("before the first day of a category no rule of aid applies; one gained or lost in mid-stay counts for the whole stay",
           ["2024-04-20|0.00|", "2024-05-05|408.00|low", "2024-08-20|408.00|low", "2024-09-20|0.00|"], got)

    batch = ("INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, "
             "care_type, level, designated, category) SELECT n, 'batch-' || n, '2024-06-01', 1000, 1000, 'R1', 'resident', '21', "
             "'2', true, '{low}' FROM generate_series(100, 199) n ON CONFLICT (request_key) DO NOTHING;")
    counts = "SELECT count(*), sum(patient) FROM assistance_register.settlement WHERE person_id BETWEEN 100 AND 199;"
    report("a batch that comes twice is settled once: 100 x 102", ["100|10200.00"] * 2, run(batch + counts + batch + counts))

    def many(n, **columns):
        return (insert(request_key="k", **columns).replace("VALUES (", "SELECT ")
                .replace("'k'", f"'{columns['person_id']}-' || n")
                .replace("'2024-06-01 10:00'", "timestamp '2024-06-01' + n * interval '1 second'")
                .replace(");", f" FROM generate_series(1, {n}) n;"))

    # basic half of each 10, aid 40 % of the rest until its cap of 100
    got = run(many(5000, person_id=200, region="R3", total=10, in_scope=10, level=None, category=None) +
              "SELECT count(*), sum(basic), sum(assistance) FROM assistance_register.settlement "
              "WHERE person_id = 200; SELECT claims FROM assistance_register.person_account WHERE person_id = 200;")
    report("5 000 claims of one person in one statement: one account, and its caps", ["5000|25000.00|100.00", "5000"], got)
    check(report, [("2 049 claims, where terms reach back to 2 048 (docs/policy-model.md, section 14)",
                    many(2049, person_id=202), "MA201")])

    # 2024 and 2025: basic 490 each of 20 000; taking back the bill of December gives 2024 its room back and leaves 2025 alone
    room = ("SELECT r.period, r.used FROM (VALUES (date '2024-12-31'), ('2025-01-10')) d (day) CROSS JOIN LATERAL "
            "assistance.remaining(4, d.day) r WHERE r.layer = 'basic' AND r.rule = 'other' AND r.item = 'cap' ORDER BY 1;")
    got = run(insert(person_id=4, request_key="december", ordered_at="2024-12-30") +
              insert(person_id=4, request_key="january", ordered_at="2025-01-05") + room +
              "SELECT count(*) AS n FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim "
              "WHERE request_key = 'december'), 'december back', 'test') \\gset\n" + room)
    report("a reversal over the end of a year",
           ["2024-01-01|490.00", "2025-01-01|490.00", "2024-01-01|0.00", "2025-01-01|490.00"], got)


SETTINGS = [
    "", "SET TimeZone = 'Pacific/Kiritimati';", "SET DateStyle = German;", "SET IntervalStyle = sql_standard;",
    "SET extra_float_digits = -15; SET bytea_output = escape;", "SET lc_numeric = 'C'; SET lc_monetary = 'C';",
    "SET standard_conforming_strings = off; SET quote_all_identifiers = on;", "SET plan_cache_mode = force_generic_plan;",
    "SET search_path = '';", "SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_seqscan = off;",
    "SET default_transaction_isolation = serializable;", "SET synchronize_seqscans = off; SET work_mem = 64;",
    "SET array_nulls = off; SET xmlbinary = hex; SET transform_null_equals = on; SET row_security = off;"]


def settings(report):
    """No setting of a session changes what is settled, or how it is stored"""
    stored = []
    for n, name in enumerate(SETTINGS):
        person = 300 + n
        stored.append(database.run(
            name + insert(person_id=person, request_key=f"set-{n}", ordered_at="2024-12-31 23:30:00", admitted_on="2024-12-30") +
            settle(person, f"set-{n}-late", ordered_at="2024-12-30 23:59:59") +
            f"SELECT count(*) FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim WHERE request_key = "
            f"'set-{n}'), 'set-{n}-back', 'test'); RESET ALL; SELECT revision, entry, patient, bill, lines, digest "
            f"FROM assistance_register.settlement WHERE person_id = {person} ORDER BY settlement_id;"))
        report(f"settled as without: {name}", stored[0], stored[n])
    report("and something is settled", True, len(stored[0]) > 3)


# ---- hostile texts and objects ----

def hostile_texts(report):
    """Each text in each column of a claim that takes any, and in the reasons: stored as it is"""
    columns = ["claim_no", "encounter", "chain", "not_settled"]
    for n, text in enumerate(HOSTILE):
        script = "".join(insert(person_id=400 + n, request_key=f"{n} {column} {text}", seq=i, **{column: text},
                                **({"encounter_total": 1000} if column == "encounter" else {}))
                         for i, column in enumerate(columns))
        if len(text) > 31 or any(ord(c) < 32 for c in text):
            # codes and numbers of encounters have 31 bytes, and no control character
            script = "".join(insert(person_id=400 + n, request_key=f"{n} {column} {text}", seq=i, **{column: text})
                             for i, column in enumerate(columns) if column in ("claim_no", "not_settled"))
        try:
            database.run(script + "INSERT INTO assistance_register.resettlement (person_id, reason) "
                         f"VALUES ({400 + n}, {literal(text)});")
            wanted = database.run(f"SELECT count(*) > 1 AND bool_and(text IN (claim_no, encounter, chain, not_settled)) FROM "
                                  f"assistance_register.claim, (SELECT {literal(text)} AS text) t WHERE person_id = {400 + n};")
        except database.DatabaseError as error:
            wanted = str(error)
        report(f"stored as it is: {text!r}", ["t"], wanted)
    report("the schemas are there", ["2"], database.run("SELECT count(*) FROM pg_namespace WHERE nspname IN ('assistance', "
                                                        "'assistance_register');"))


HIJACKED = "SET search_path = evil, pg_temp, pg_catalog, assistance_register;" + "".join(
    f"CREATE TEMP TABLE {name} (n integer);" for name in ("claim", "person_account", "settlement", "payment", "policy", "pg_class"))
CALLS = """
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (500, 'poor', '[2024-05-01,2024-07-01)')
SELECT * FROM assistance.reverse_claim(:claim, 'evil-back', 'test')
SELECT * FROM assistance.resettle_person(500, 'test')
CALL assistance.resettle()
INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) VALUES (:claim, 1, 1000)
SELECT * FROM assistance.remaining(500, '2024-06-01')
SELECT * FROM assistance.settled_as_of(500, '2030-01-01')
SELECT * FROM assistance.verify()
CALL assistance.seal_chain()
SELECT * FROM assistance.verify_chain()
SELECT * FROM assistance.beyond_caps(ARRAY[:claim])
SELECT * FROM assistance_register.setl_d
SELECT * FROM assistance_register.setlinfo
SELECT * FROM assistance_register.setldetail
SELECT * FROM assistance_register.disclosure
SELECT * FROM assistance_register.resettle_queue
SELECT bill::text FROM assistance_register.claim_bill
SELECT assistance.terms_at('R1', 'resident', '2024-06-01') IS NULL
SELECT * FROM assistance.timeline('R1', 'resident')
SELECT * FROM assistance.check_policy(:draft)
SELECT assistance.publish_policy(:draft, 'evil')
SELECT assistance.repeal_policy('R2', 'resident', NULL, '2030-01-01', 'evil')
CALL assistance.create_register()
CALL assistance.create_register_roles()
"""
DRAFT = """
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('R2', 'R2', 'R2', 'pool', 'example', 'test');
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source)
    SELECT code, 'R2', '建档立卡', code, code, 'example', 'test' FROM unnest('{{low,poor,margin}}'::text[]) code;
SELECT assistance.import_policy({policy});
"""


def hostile_objects(report):
    with open(os.path.join(HERE, "evil.sql"), encoding="utf-8") as file:
        database.run(file.read())
    with open(os.path.join(HERE, "policy.json"), encoding="utf-8") as file:
        policy = json.load(file)
    policy["pages"][0]["region"] = "R2"
    draft = database.run(DRAFT.format(policy=literal(json.dumps(policy))))[0]
    database.run(settle(500, "evil-before", seq=7))
    claim = database.run("SELECT claim_id FROM assistance_register.claim WHERE request_key = 'evil-before';")[0]
    looked_up = {"region": None, "scheme": None, "level": None, "designated": None, "category": None}
    gift = ("INSERT INTO assistance_register.payment "
            f"VALUES (500, {claim}, 1, 'gift', 'charity', 'bill', 7, NULL, 1, 'gift', 'patient');")
    # the first: that the trap works
    cells = [("1 = 1 of somebody else", "SELECT 1::int8 = 1::int8;", "ZZ999"), ("a payment beside", gift, "MA602")]
    cells += [(f"not of somebody else: {name}", statement, "00000") for name, statement in [
        ("settle_claim()", settle(500, "evil-1")), ("settle_claim() again", settle(500, "evil-1")),
        ("a late one", settle(500, "evil-0", ordered_at="2024-02-01")),
        ("INSERT", insert(person_id=500, request_key="evil-2", seq=2)),
        ("what is looked up", insert(person_id=3, request_key="evil-3", institution_id="H1", **looked_up)),
        ("two claims", insert(person_id=500, request_key="evil-4", seq=4)[:-1] + ", " +
         insert(person_id=501, request_key="evil-5", seq=4).split("VALUES ")[1]),
        ("preview_claim()", settle(500, "x", seq=9).replace("settle_claim(500, 'x',", "preview_claim(500,"))]]
    cells += [(f"not of somebody else: {line}", line.replace(":claim", claim).replace(":draft", draft) + ";", "00000")
              for line in CALLS.strip().split("\n")]
    check(report, cells, HIJACKED)
    report("a later claim is settled right all the same", ["102.00"], database.run(settle(502, "evil-6")))


def check(report, cells, before=""):
    script = before + "".join(f"\\warn start\n{statement}\n\\warn cell\n" for _, statement, _ in cells)
    got = list(answers(script))
    report("every cell answered", len(cells), len(got))
    for (name, _, expected), answer in zip(cells, got):
        report(name, expected, answer)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts")
    options = parser.parse_args()
    report = Report()
    with open(os.path.join(HERE, "policy.json"), encoding="utf-8") as file:
        policy = literal(json.dumps(json.load(file)))
    with open(os.path.join(HERE, "codes.sql"), encoding="utf-8") as file:
        database.run(SETUP.format(policy=policy, simple=literal(json.dumps(SIMPLE)), codes=file.read()))
    for cells in (days(), batches(), lines(), identities(), resources()):
        check(report, cells)
    amounts(report)
    settings(report)
    hostile_texts(report)
    hostile_objects(report)
    report("in the end nothing is found", [],
           database.run("SELECT * FROM assistance.verify(); SELECT * FROM assistance.verify_chain();"))
    return report.end("bad inputs", options.counts)


if __name__ == "__main__":
    sys.exit(main())
