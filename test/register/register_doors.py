"""What may not come into the register, through every door: payments beside the fold, and claims. Each cell has a claim of its own
and is refused with the SQLSTATE that docs/register.md and docs/errors.md name; what is right comes in and is settled alike
through every door. What enters in replica role, where no guard is asked, is found by verify().
"""
import argparse
import itertools
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]

import database
import guard_matrix
from guard_matrix import LEVELS, Session, WAITS, answers, literal

# ---- payments beside the fold ----

# The chain of the policy has five places, each with a row of the first settlement. A bill of 1 000 yuan in scope, level 2: basic
# (1 000 - 300) x 70 % = 490, aid (1 000 - 490) x 80 % = 408, so the patient bears 102.
PAYMENT_COLUMNS = ["person_id", "claim_id", "revision", "layer", "kind", "entry", "place", "amount", "owed_by", "owed_to"]
LEFT = 102
# Persons CAPPED above have five bills of 5 300 and one of 1 060 before such a bill, critical not applicable. Aid pays 80 % of what
# basic leaves: 5 300 - 4 700 x 70 % - 300 x 80 % = 1 770, 1 060 - 760 x 70 % = 528, and 510. So 5 x 1 416 + 422.40 + 408 = 7 910.40
# of its 8 000.
CAPPED = 100000
ROOM = 89.60


def gift(amount, place=6, revision=1, of="claim", layer="gift", kind="charity", entry="bill"):
    return of, revision, layer, kind, entry, place, amount


WRONG_PAYMENTS = [
    ("a layer before one placed before it", [gift(1, place=7)], "MA602"),
    ("a gap within one statement", [gift(1), gift(1, place=8, layer="second gift")], "MA602"),
    ("beyond the bill by a fen", [gift(LEFT + 0.01)], "MA605"),
    ("beyond the bill together", [gift(LEFT), gift(0.01, place=7, layer="second gift")], "MA605"),
    ("a negative amount on the first settlement", [gift(-0.01)], "MA608"),
    ("a positive amount on a reversal", [gift(1, of="reversal")], "MA609"),
    ("basic lowered below zero", [gift(-490.01, place=1, revision=2, layer="basic", kind="basic"),
                                  gift(0, place=3, revision=2, layer="aid", kind="assistance")], "MA609"),
    ("basic raised beyond the bill", [gift(LEFT + 0.01, place=1, revision=2, layer="basic", kind="basic"),
                                      gift(0, place=3, revision=2, layer="aid", kind="assistance")], "MA605"),
    ("aid beyond its cap by a fen", [gift(ROOM + 0.01, of="capped", place=3, revision=2, layer="aid", kind="assistance")], "MA613"),
    ("basic once more", [gift(1, place=1, layer="basic", kind="basic")], "23505"),
    ("no such claim", [gift(1, of="none")], "23503"),
    ("no amount", [gift(None)], "23502"),
    ("no place", [gift(1, place=None)], "23502"),
    ("NaN", [gift("NaN")], "23514"),
    ("infinity", [gift("Infinity")], "22003"),
    ("beyond every bill", [gift(10000000000000.01)], "23514"),
    ("an unknown kind", [gift(1, kind="lottery")], "23514"),
    ("an unknown entry", [gift(1, entry="present")], "23514"),
]
RIGHT_PAYMENTS = [
    ("a gift of what is left", [gift(LEFT)], "00000"),
    ("two gifts", [gift(2), gift(100, place=7, layer="second gift")], "00000"),
    ("basic lowered and aid settled again", [gift(-100, place=1, revision=2, layer="basic", kind="basic"),
                                             gift(80, place=3, revision=2, layer="aid", kind="assistance")], "00000"),
    ("aid raised to its cap", [gift(ROOM, of="capped", place=3, revision=2, layer="aid", kind="assistance")], "00000"),
]
# Rows of a later revision hold only what differs, so the guard cannot tell whether a later layer was settled again: verify() can.
FOUND_LATER = [
    ("basic lowered and nothing settled again", [gift(-100, place=1, revision=2, layer="basic", kind="basic")], "00000"),
    ("basic withdrawn and nothing settled again", [gift(-490, place=1, revision=2, layer="basic", kind="basic")], "00000"),
]
CHANGES = [
    ("an amount changed", "UPDATE {t} SET amount = amount + 1 WHERE claim_id = {claim};"),
    ("nothing changed", "UPDATE {t} SET amount = amount WHERE false;"),
    ("a payment taken away", "DELETE FROM {t} WHERE claim_id = {claim};"),
    ("all payments taken away", "TRUNCATE {t};"),
    ("changed by ON CONFLICT", "INSERT INTO {t} SELECT * FROM {t} WHERE claim_id = {claim} "
     "ON CONFLICT (person_id, claim_id, revision, layer, kind, entry) DO UPDATE SET amount = 0;"),
    ("changed by MERGE", "MERGE INTO {t} p USING (SELECT {claim}::bigint AS id) v ON p.claim_id = v.id "
     "WHEN MATCHED THEN UPDATE SET amount = 0;"),
    ("taken away by MERGE", "MERGE INTO {t} p USING (SELECT {claim}::bigint AS id) v ON p.claim_id = v.id "
     "WHEN MATCHED THEN DELETE;"),
]


class PaymentDoors(guard_matrix.Doors):
    """The doors of guard_matrix on assistance_register.payment"""

    TYPES = ["bigint", "bigint", "integer", "text", "text", "text", "smallint", "numeric", "text", "text"]

    def __init__(self, merge):
        self.merge = merge

    def rows(self, rows):
        return ", ".join("(" + ", ".join(f"{literal(v)}::{t}" for v, t in zip(row, self.TYPES)) + ")" for row in rows)

    def into(self):
        return f"INSERT INTO assistance_register.payment ({', '.join(PAYMENT_COLUMNS)})"

    def insert(self, rows):
        return f"{self.into()} VALUES {self.rows(rows)};"

    def select(self, rows):
        return f"{self.into()} SELECT * FROM (VALUES {self.rows(rows)}) v;"

    def copy(self, rows):
        return database.copy(f"assistance_register.payment ({', '.join(PAYMENT_COLUMNS)})", rows)

    def conflict_nothing(self, rows):
        return self.insert(rows)[:-1] + " ON CONFLICT DO NOTHING;"

    def merge_insert(self, rows):
        columns = ", ".join(PAYMENT_COLUMNS)
        return (f"MERGE INTO assistance_register.payment p USING (VALUES {self.rows(rows)}) v ({columns}) ON false "
                f"WHEN NOT MATCHED THEN INSERT ({columns}) VALUES (v.{columns.replace(', ', ', v.')});")

    def with_query(self, rows):
        return f"WITH w AS ({self.insert(rows)[:-1]} RETURNING amount) SELECT count(*) AS w FROM w \\gset"

    def prepared(self, rows):
        return f"PREPARE door AS {self.insert(rows)}\nEXECUTE door;\nDEALLOCATE door;"

    def function(self, rows):
        return f"DO $do$ BEGIN {self.insert(rows)} END $do$;"

    def view(self, rows):
        return self.insert(rows).replace("assistance_register.payment", "payment_view")

    def doors(self):
        return ["insert", "select", "copy", "conflict_nothing", "with_query", "prepared", "function", "view"] + (
            ["merge_insert"] if self.merge else [])


# a claim of 1 000 yuan for every cell, a reversed one, and a second revision that changes nothing, for differences beside the fold
FIRST = """
CALL assistance.create_register();
{partitions}
SELECT assistance.publish_policy(assistance.import_policy({policy}), 'test') AS act \\gset
INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, {cells} + 1000);
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, care_type, level,
    designated, category)
SELECT p, 'cell-' || p, '2024-03-01', 1000, 1000, 'R1', 'resident', '21', '2', true, '{{low}}' FROM generate_series(1, {cells}) p;
INSERT INTO assistance_register.person (person_id) SELECT {capped} + p FROM generate_series(1, {cells}) p;
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, care_type, level,
    designated, category, given)
SELECT {capped} + p, CASE n WHEN 7 THEN 'capped-' || p ELSE 'before-' || p || '-' || n END, date '2024-02-01' + n, x, x, 'R1',
    'resident', '21', '2', true, '{{low}}', '{{"critical": {{"state": "not_applicable"}}}}'
  FROM generate_series(1, {cells}) p,
    (VALUES (1, 5300), (2, 5300), (3, 5300), (4, 5300), (5, 5300), (6, 1060), (7, 1000)) v (n, x);
SELECT count(*) AS n FROM generate_series({cells} + 1, {cells} + 1) p, LATERAL assistance.settle_claim(p, 'taken back',
    '2024-03-01', 1000, 1000, region => 'R1', scheme => 'resident', care_type => '21', level => '2', designated => true,
    category => '{{low}}') s,
    LATERAL assistance.reverse_claim(s.claim_id, 'takes back', 'test') \\gset
INSERT INTO assistance_register.settlement (person_id, claim_id, revision, entry, corrects_revision, reason, region, scheme,
    total, basic, critical, supplementary, assistance, tilt, emergency, government, other, charity, hospital, patient,
    adjustment, recoverable, bill, lines, digest, engine, known_publication, known_at)
SELECT person_id, claim_id, 2, 'difference', 1, 'test', s.region, s.scheme, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, bill, lines,
    digest, engine, known_publication, known_at
  FROM assistance_register.settlement s JOIN assistance_register.claim c USING (person_id, claim_id)
 WHERE c.request_key ~ '^(cell|capped)-' AND revision = 1;
CREATE VIEW payment_view AS SELECT * FROM assistance_register.payment;
CREATE VIEW claim_view AS SELECT * FROM assistance_register.claim;
"""


class Payments:
    """The cells of payments, each on the claim of a person of its own; then the same rows in replica role"""

    def __init__(self, merge):
        self.doors = PaymentDoors(merge)
        self.cells, self.script, self.came_in = [], [], []
        self.merge = merge
        # what the constraints of the table refuse is refused in every role
        self.by_guard = [cell for cell in WRONG_PAYMENTS if cell[2].startswith("MA")]

    def count(self):
        return (len(WRONG_PAYMENTS) + len(RIGHT_PAYMENTS) + len(FOUND_LATER)) * len(self.doors.doors()) + len(CHANGES) + 100

    def row(self, cell, payment):
        of, *rest = payment
        claim = {"claim": f"cell-{cell}", "capped": f"capped-{cell}", "reversal": "takes back", "none": None}[of]
        person, number = self.claims.get(claim, (cell, 999999999))
        return [person, number, *rest, "gift", "patient"]

    def add(self, name, expected, statement):
        self.cells.append((name, expected))
        self.script += ["\\warn start", statement, "\\warn cell"]

    def build(self):
        self.claims = {}
        for line in database.run("SELECT request_key, person_id, claim_id FROM assistance_register.claim;"):
            key, person, claim = line.split("|")
            self.claims[key] = (int(person), int(claim))
        cell = itertools.count(1)
        for door in self.doors.doors():
            for name, payments, code in WRONG_PAYMENTS + RIGHT_PAYMENTS + FOUND_LATER:
                number = next(cell)
                if code == "00000":
                    self.came_in.append((f"{door}: {name}", self.row(number, payments[0])[0]))
                if door == "conflict_nothing" and code == "23505":
                    code = "00000"
                rows = [self.row(number, payment) for payment in payments]
                self.add(f"payment, {door}: {name}", code, getattr(self.doors, door)(rows))
        for name, statement in CHANGES:
            if "MERGE" in statement and not self.merge:
                continue
            person, claim = self.claims[f"cell-{next(cell)}"]
            for role in ("origin", "replica"):
                self.add(f"payment, {role}: {name}", "MA611", f"SET session_replication_role = {role};\n" +
                         statement.format(t="assistance_register.payment", claim=claim) + "\nRESET session_replication_role;")
        self.first_unused = next(cell)
        return "\n".join(self.script) + "\n"

    def afterwards(self, report):
        """What was written beside the fold is found, also where it broke no rule of the guard."""
        for name, person in self.came_in:
            report(f"payment, found by verify(): {name}", True,
                   bool(database.run(f"SELECT finding FROM assistance.verify({person});")))

    def in_replica_role(self, report):
        """What the guard would refuse enters, and verify() finds it; each on a person of its own."""
        for offset, (name, payments, _) in enumerate(self.by_guard):
            person = self.first_unused + offset
            rows = [self.row(person, payment) for payment in payments]
            lines = database.run(f"BEGIN; SET LOCAL session_replication_role = replica; {self.doors.insert(rows)} "
                                 f"SET LOCAL session_replication_role = origin; SELECT DISTINCT finding FROM "
                                 f"assistance.verify({rows[0][0]}); ROLLBACK;")
            report(f"payment, in replica role, found by verify(): {name}", True, bool(lines))

    def two_sessions(self, report):
        """Both give the patient what is left: together beyond the bill."""
        one, two = Session(), Session()
        pid = two.run("SELECT pg_backend_pid();")[1][0]
        for offset, (level, waits) in enumerate(itertools.product(LEVELS, (False, True))):
            person = self.first_unused + 30 + offset
            first = self.doors.insert([self.row(person, gift(LEFT))])
            second = self.doors.insert([self.row(person, gift(1, place=7, layer="second gift"))])
            two.run(f"BEGIN ISOLATION LEVEL {level};")
            two.run("SELECT count(*) FROM assistance_register.payment;")
            one.run("BEGIN;")
            one.run(first)
            if waits:
                two.send(second)
                one.run(WAITS.format(pid=pid))
                one.run("COMMIT;")
                got = two.answer()[0]
            else:
                one.run("COMMIT;")
                got = two.run(second)[0]
            two.run("ROLLBACK;")
            report(f"payment, two sessions, {level}, {'waiting' if waits else 'older snapshot'}",
                   "MA605" if level == LEVELS[0] else "40001", got)
        one.close()
        two.close()


# ---- claims ----

CLAIM = {"ordered_at": "2024-05-01 10:00", "seq": 0, "total": 1000, "in_scope": 1000, "region": "R1", "scheme": "resident",
         "care_type": "21", "level": "2", "designated": "true", "category": "{low}"}
LATE = dict(CLAIM, ordered_at="2024-04-01 10:00", total=2000, in_scope=2000)
EVENT = {"ordered_at": "2024-12-01", "kind": "application", "region": "R1", "scheme": "resident", "total": 0}
CLAIM_COLUMNS = ["person_id", "request_key", "ordered_at", "seq", "kind", "total", "in_scope", "excluded", "region", "scheme",
                 "care_type", "level", "designated", "category", "given", "reverses", "reason", "not_settled"]
CLAIM_TYPES = ["bigint", "text", "timestamp", "bigint", "text", "numeric", "numeric", "numeric", "text", "text", "text", "text",
               "boolean", "text[]", "json", "bigint", "text", "text"]
DEFAULTS = {"seq": 0, "kind": "bill", "total": 0, "in_scope": 0, "excluded": 0}
WRONG_CLAIMS = [
    ("columns that do not add up", [dict(CLAIM, total=1001)], "23514"),
    ("a negative amount", [dict(CLAIM, total=-1000, in_scope=-1000)], "23514"),
    ("NaN", [dict(CLAIM, total="NaN", in_scope="NaN")], "23514"),
    ("infinity", [dict(CLAIM, total="Infinity", in_scope="Infinity")], "22003"),
    ("beyond every bill", [dict(CLAIM, total=20000000000000, in_scope=20000000000000)], "23514"),
    ("no such person", [dict(CLAIM, person_id=999999999)], "23503"),
    ("two bills with one order key", [CLAIM, dict(CLAIM, total=5, in_scope=5)], "23505"),
    ("a request key twice", [CLAIM, dict(CLAIM, seq=1, request_key=0)], "23505"),
    ("a region without a policy", [dict(CLAIM, region="R9")], "MA401"),
    ("a day without a policy", [dict(CLAIM, ordered_at="2023-05-01")], "MA401"),
    ("a code that the policy does not know", [dict(CLAIM, level="9")], "MA105"),
    ("what the rules ask for is missing", [dict(CLAIM, level=None)], "MA104"),
    ("more given than is left", [dict(CLAIM, given='{"critical": {"amount": 1000.01}}')], "MA109"),
    ("the insurer paid more than the bill", [dict(CLAIM, given='{"basic": {"amount": 600}, "critical": {"amount": 400.01}}')],
     "MA109"),
    ("taking back what is not there", [dict(CLAIM, reverses=999999999, reason="test")], "23503"),
    ("an event with an amount", [dict(EVENT, total=5, in_scope=5)], "MA108"),
    ("one wrong among right ones", [CLAIM, dict(CLAIM, seq=1, level="9"), dict(CLAIM, seq=2)], "MA105"),
]
RIGHT_CLAIMS = [("a bill, a late one and an application", [CLAIM, LATE, EVENT]),
                ("a bill that is not settled", [dict(CLAIM, not_settled="not designated")])]
CLAIM_CHANGES = [
    ("an amount changed", "UPDATE {t} SET total = total + 1, in_scope = in_scope + 1 WHERE claim_id = {claim};"),
    ("taken away", "DELETE FROM {t} WHERE claim_id = {claim};"),
    ("all taken away", "TRUNCATE {t} CASCADE;"),
    ("changed by ON CONFLICT", "INSERT INTO {t} (person_id, request_key, ordered_at) "
     "SELECT person_id, request_key, ordered_at FROM {t} "
     "WHERE claim_id = {claim} ON CONFLICT (request_key) DO UPDATE SET reason = 'x';"),
    ("changed by MERGE", "MERGE INTO {t} c USING (SELECT {claim}::bigint AS id) v ON c.claim_id = v.id "
     "WHEN MATCHED THEN UPDATE SET reason = 'x';"),
    ("taken away by MERGE", "MERGE INTO {t} c USING (SELECT {claim}::bigint AS id) v ON c.claim_id = v.id "
     "WHEN MATCHED THEN DELETE;"),
]


class ClaimDoors(PaymentDoors):
    TYPES = CLAIM_TYPES

    def into(self):
        return f"INSERT INTO {self.table} ({', '.join(CLAIM_COLUMNS)})"

    table = "assistance_register.claim"

    def copy(self, rows):
        return database.copy(f"{self.table} ({', '.join(CLAIM_COLUMNS)})", rows)

    def with_query(self, rows):
        return f"WITH w AS ({self.insert(rows)[:-1]} RETURNING claim_id) SELECT count(*) AS w FROM w \\gset"

    def view(self, rows):
        return self.insert(rows).replace(self.table, "claim_view")

    def merge_insert(self, rows):
        columns = ", ".join(CLAIM_COLUMNS)
        return (f"MERGE INTO {self.table} c USING (VALUES {self.rows(rows)}) v ({columns}) ON c.request_key = v.request_key "
                f"WHEN NOT MATCHED THEN INSERT ({columns}) VALUES (v.{columns.replace(', ', ', v.')});")


def may_skip(name):
    """Does ON CONFLICT DO NOTHING skip the row? Among partitions by person it knows the request key, by year no key: 23505."""
    by = os.environ.get("PARTITIONED")
    return not by or (by == "person" and name == "a request key twice")


class Claims:
    """The cells of claims: each door has persons of its own"""

    def __init__(self, merge, first_person):
        self.doors = ClaimDoors(merge)
        self.merge = merge
        self.person = first_person
        self.cells, self.script, self.refused, self.right = [], [], [], {}

    def row(self, person, n, claim):
        key = f"claim-{person}-{claim.get('request_key', n)}"
        claim = {**DEFAULTS, "person_id": person, **claim, "request_key": key}
        return [claim.get(column) for column in CLAIM_COLUMNS]

    def add(self, name, expected, statement):
        self.cells.append((name, expected))
        self.script += ["\\warn start", statement, "\\warn cell"]

    def build(self):
        claim = int(database.run("SELECT claim_id FROM assistance_register.claim WHERE request_key = 'cell-1';")[0])
        for door in self.doors.doors():
            for name, claims, code in WRONG_CLAIMS + [(name, claims, "00000") for name, claims in RIGHT_CLAIMS]:
                self.person += 1
                skipped = door == "conflict_nothing" and code == "23505" and may_skip(name)
                if code == "00000":
                    self.right.setdefault(name, {})[door] = self.person
                elif not skipped:
                    self.refused.append(self.person)
                rows = [self.row(self.person, n, row) for n, row in enumerate(claims)]
                expected = "00000" if skipped else code
                self.add(f"claim, {door}: {name}", expected, getattr(self.doors, door)(rows))
        for name, statement in CLAIM_CHANGES:
            if "MERGE" in statement and not self.merge:
                continue
            # ON CONFLICT (request_key) needs a key that a partitioned table has not
            code = "42P10" if database.partitions() and "ON CONFLICT" in statement else "MA611"
            for role in ("origin", "replica"):
                self.add(f"claim, {role}: {name}", code, f"SET session_replication_role = {role};\n" +
                         statement.format(t="assistance_register.claim", claim=claim) + "\nRESET session_replication_role;")
        return "\n".join(self.script) + "\n"

    def afterwards(self, report):
        persons = "{" + ",".join(map(str, self.refused)) + "}"
        report("claim: what was refused has left nothing", ["0"], database.run(
            f"SELECT count(*) FROM assistance_register.claim WHERE person_id = ANY ('{persons}');"))
        for name, doors in self.right.items():
            settled = {door: database.run(f"""SELECT o.ordered_at, o.kind, p.layer, p.entry, sum(p.amount), o.not_settled
                FROM assistance_register.claim o LEFT JOIN assistance_register.payment p USING (person_id, claim_id)
                WHERE o.person_id = {person} GROUP BY 1, 2, 3, 4, 6 ORDER BY 1, 3, 4;""") for door, person in doors.items()}
            for door, lines in settled.items():
                report(f"claim, {door}: settled as by INSERT: {name}", settled["insert"], lines)
                report(f"claim, {door}: something is there: {name}", True, len(lines) > 0)

    def in_replica_role(self, report):
        self.person += 1
        rows = [self.row(self.person, 0, CLAIM)]
        lines = database.run(f"SET session_replication_role = replica; {self.doors.insert(rows)} RESET session_replication_role; "
                             f"SELECT finding FROM assistance.verify({self.person});")
        report("claim, in replica role, found by verify()", ["unsettled"], lines)
        lines = database.run(f"SELECT count(*) > 0 FROM assistance.resettle_person({self.person}, 'came in without its trigger'); "
                             f"SELECT finding FROM assistance.verify({self.person});")
        report("claim, in replica role, settled again: nothing is found", ["t"], lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts")
    options = parser.parse_args()
    report = guard_matrix.Report()
    merge = int(database.run("SHOW server_version_num;")[0]) >= 150000
    payments = Payments(merge)
    cells = payments.count()
    with open(os.path.join(HERE, "policy.json"), encoding="utf-8") as file:
        policy = literal(json.dumps(json.load(file)))
    with open(os.path.join(HERE, "codes.sql"), encoding="utf-8") as file:
        database.run(file.read() + FIRST.format(policy=policy, cells=cells, capped=CAPPED, partitions=database.partitions()))
    report("before: nothing is found", [], database.run("SELECT * FROM assistance.verify();"))
    for part in (payments, Claims(merge, cells + 10)):
        script = part.build()
        for (name, expected), got in itertools.zip_longest(part.cells, answers(script), fillvalue=("?", "?")):
            report(name, expected, got)
        part.in_replica_role(report)
        part.afterwards(report)
    payments.two_sessions(report)
    return report.end("register doors", options.counts)


if __name__ == "__main__":
    sys.exit(main())
