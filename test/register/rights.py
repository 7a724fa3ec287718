"""Least privilege in the register: every role, object and action of rights.txt is tried by a login that is a member of the role.
What is allowed works on the role's own rows and on none of another county or institution; what is not is refused (42501).
Then attempts to get further. docs/rights.md is written from the same table: rights.py --write.
"""
import argparse
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]

import database
from guard_matrix import Report, answers, literal

PAGE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "rights.md")
ROLES = ["hospital", "operator", "auditor", "public"]
WORDS = {"S": "read", "I": "insert", "R": "end `recorded`", "X": "call"}

# county A with hospital HA, county B with hospital HB; persons 1 to 4 of A, 11 to 14 of B, the same things happened to 1 and 11
PEOPLE = {"A": 1, "B": 11}
SETUP = """
CALL assistance.create_register();
SET client_min_messages = notice;
CALL assistance.create_register_roles();
SET client_min_messages = warning;
{partitions}
SELECT assistance.publish_policy(assistance.import_policy({policy}), 'test') AS act \\gset
INSERT INTO assistance_register.institution (institution_id, name, region) VALUES ('HA', 'HA', 'A'), ('HB', 'HB', 'B');
INSERT INTO assistance_register.institution_agreement (institution_id, level, designated, valid)
    VALUES ('HA', '2', true, '[2024-01-01,)'), ('HB', '2', true, '[2024-01-01,)');
"""
COUNTY = """
INSERT INTO assistance_register.person (person_id, region) SELECT {p} + n, '{county}' FROM generate_series(0, 3) n;
INSERT INTO assistance_register.person_identity (person_id, name, identity_number)
    VALUES ({p}, to_char({p}, '"P"FM0000'), '{county}-secret');
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES ({p}, 'low', '[2024-01-01,2025-01-01)');
INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid) VALUES ({p}, 'R1', 'resident',
    '[2024-01-01,2026-01-01)');
INSERT INTO assistance_register.determination (person_id, layer, state, valid) VALUES ({p}, 'critical', 'waived',
    '[2024-01-01,2024-02-01)');
INSERT INTO assistance_register.referral (person_id, kind, valid) VALUES ({p}, 'referral', '[2024-01-01,2024-02-01)');
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, care_type, institution_id)
    VALUES ({p}, '{county}-1', '2024-03-01', 20000, 20000, '21', 'H{county}'),
           ({p}, '{county}-2', '2024-04-01', 5000, 5000, '21', 'H{county}');
INSERT INTO assistance_register.claim_line (claim_id, line_no, amount)
    SELECT claim_id, 1, 20000 FROM assistance_register.claim WHERE request_key = '{county}-1';
SELECT count(*) AS n FROM assistance.reverse_claim(
    (SELECT claim_id FROM assistance_register.claim WHERE request_key = '{county}-2'), '{county}-2x', 'test') \\gset
UPDATE assistance_register.person_category SET recorded = tstzrange(lower(recorded), clock_timestamp()) WHERE person_id = {p};
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES ({p}, 'margin', '[2024-01-01,2025-01-01)');
INSERT INTO assistance_register.resettlement (person_id, reason) VALUES ({p}, 'was never low');
INSERT INTO assistance_register.recoverable_step (recoverable_id, step, state, amount)
    SELECT min(recoverable_id), 1, 'demanded', 0 FROM assistance_register.recoverable WHERE person_id = {p};
INSERT INTO assistance_register.resettlement_failure (person_id, sqlstate, message) VALUES ({p}, 'MA401', 'test');
INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES ({p}, 'poor', '[2024-12-01,2025-01-01)');
CREATE ROLE rights_hospital_{county} LOGIN IN ROLE assistance_hospital;
CREATE ROLE rights_operator_{county} LOGIN IN ROLE assistance_operator;
INSERT INTO assistance_register.access (login, institution_id) VALUES (lower('rights_hospital_{county}'), 'H{county}');
INSERT INTO assistance_register.access (login, region) VALUES (lower('rights_operator_{county}'), '{county}');
"""
LAST = """
INSERT INTO assistance_register.resettle_run DEFAULT VALUES;
CREATE ROLE rights_auditor_a LOGIN IN ROLE assistance_auditor;
CREATE ROLE rights_public_a LOGIN IN ROLE assistance_public;
CREATE ROLE rights_nobody LOGIN;
CALL assistance.seal_chain();
"""
# a claim that is not sealed yet: lines may come
UNSEALED = """
INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, care_type, institution_id)
    VALUES ({p}, '{county}-3', '2024-05-01', 700, 700, '21', 'H{county}');
"""

# what a row of a county is, and how one is inserted; {p}: a person, {h}: an institution, {c}: a claim without lines, {r}: a
# recoverable
OF_PERSON = "person_id BETWEEN {p} AND {p} + 9"
OF_CLAIM = "claim_id IN (SELECT claim_id FROM assistance_register.claim WHERE person_id BETWEEN {p} AND {p} + 9)"
ROWS = {
    "access": ("lower(login) IN (lower('rights_hospital_{county}'), lower('rights_operator_{county}'))", None),
    "claim_line": (OF_CLAIM, "(claim_id, line_no, amount) VALUES ({c}, 1, 700)"),
    "institution": ("institution_id = '{h}'", None),
    "institution_agreement": ("institution_id = '{h}'", None),
    "recoverable_step": ("recoverable_id IN (SELECT recoverable_id FROM assistance_register.recoverable WHERE person_id = {p})",
                         "(recoverable_id, step, state, amount) VALUES ({r}, 2, 'waived', 1)"),
    "person": (OF_PERSON, "(person_id, region) VALUES ({p} + 5, '{county}')"),
    "person_identity": (OF_PERSON, "(person_id, name) VALUES ({p} + 1, 'P0001')"),
    "person_category": (OF_PERSON, "(person_id, category, valid) VALUES ({p} + 1, 'low', '[2024-01-01,2025-01-01)')"),
    "enrolment": (OF_PERSON, "(person_id, region, scheme, valid) VALUES ({p} + 1, 'R1', 'resident', '[2024-01-01,2025-01-01)')"),
    "determination": (OF_PERSON, "(person_id, layer, state, valid) VALUES ({p} + 1, 'critical', 'waived', "
                                 "'[2024-01-01,2025-01-01)')"),
    "referral": (OF_PERSON, "(person_id, kind, valid) VALUES ({p} + 1, 'referral', '[2024-01-01,2025-01-01)')"),
    "claim": (OF_PERSON, "(person_id, request_key, ordered_at, total, in_scope, region, scheme, care_type, category, "
                         "institution_id) VALUES ({p} + 1, 'new', '2024-06-01', 100, 100, 'R1', 'resident', '21', '{{}}', '{h}')"),
    "setl_d": ("psn_no::bigint BETWEEN {p} AND {p} + 9", None),
    "setlinfo": ("psn_no::bigint BETWEEN {p} AND {p} + 9", None),
    "setldetail": ("split_part(setl_id, '-', 1)::bigint IN "
                   "(SELECT claim_id FROM assistance_register.claim WHERE person_id BETWEEN {p} AND {p} + 9)", None),
    "resettlement": (OF_PERSON, "(person_id, reason) VALUES ({p}, 'again')"),
}
# without a column of persons: no rows of a county to tell apart
WITHOUT_PERSON = ["disclosure", "resettle_run"]
# their readers' own rows from PostgreSQL 15 on; before, a view reads as its owner, and only auditors may
NATIONAL = ["setl_d", "setlinfo", "setldetail", "national_payment", "recoverable_state"]

# calls about a person of a county; work: they return at least so many rows, or write
CALLS = {
    "settle_claim": "SELECT * FROM assistance.settle_claim({p} + 1, 'called', '2024-06-01', 100, 100, region => 'R1', "
                    "scheme => 'resident', care_type => '21', category => '{{}}', institution_id => '{h}')",
    "preview_claim": "SELECT * FROM assistance.preview_claim({p}, '2024-06-01', 100, 100, care_type => '21', "
                     "institution_id => '{h}')",
    "reverse_claim": "SELECT * FROM assistance.reverse_claim({c}, 'called', 'test')",
    "resettle_person": "SELECT count(*) FROM assistance.resettle_person({p}, 'test')",
    "resettle": "CALL assistance.resettle()",
    "close_year": "CALL assistance.close_year(2024)",
    "remaining": "SELECT * FROM assistance.remaining({p}, '2024-06-01')",
    "settled_as_of": "SELECT * FROM assistance.settled_as_of({p}, now())",
    "verify": "SELECT count(*) FROM assistance.verify()",
    "verify_chain": "SELECT count(*) FROM assistance.verify_chain()",
    "seal_chain": "CALL assistance.seal_chain()",
    "create_register": "CALL assistance.create_register()",
    "create_register_roles": "CALL assistance.create_register_roles()",
}
# what a call about the other county is refused with; []: it returns no row
ELSEWHERE = {"settle_claim": "42501", "reverse_claim": "MA703", "resettle_person": "42501", "remaining": [], "settled_as_of": [],
             # without the person's rows it is a bill of somebody unknown, who is insured nowhere
             "preview_claim": "MA104"}

# further than the table: nobody may, whatever the role
ATTEMPTS = [
    ("the guards are laid aside", "ALTER TABLE assistance_register.claim DISABLE TRIGGER ALL", "42501"),
    ("the replication role", "SET session_replication_role = replica", "42501"),
    ("row security is left", "ALTER TABLE assistance_register.claim DISABLE ROW LEVEL SECURITY", "42501"),
    ("a policy of its own", "CREATE POLICY mine ON assistance_register.claim USING (true)", "42501"),
    ("a table in the schema", "CREATE TABLE assistance_register.mine (n integer)", "42501"),
    ("the role of the owner", "SET ROLE postgres", "42501"),
    ("an access of its own", "INSERT INTO assistance_register.access (login, region) VALUES (current_user, 'B')", "42501"),
    ("row security off", "SET row_security = off; SELECT count(*) FROM assistance_register.claim", "42501"),
    ("settling as a function", "SELECT assistance.settle_claims()", "MA701"),
    ("the trigger on a table of its own", "CREATE TEMP TABLE claim (LIKE assistance_register.claim); "
     "CREATE TRIGGER t AFTER INSERT ON claim REFERENCING NEW TABLE AS n FOR EACH STATEMENT "
     "EXECUTE FUNCTION assistance.settle_claims(); "
     "INSERT INTO claim (claim_id, person_id, request_key, ordered_at, seq, total, in_scope, excluded, over_limit, first_share, "
     "kind, received_at, received_by) VALUES (1, 1, 'x', '2024-06-01', 0, 0, 0, 0, 0, 0, 'bill', now(), 'x')", ("MA701", "42501")),
    ("money by ON CONFLICT", "INSERT INTO assistance_register.person_account (person_id) VALUES (1) "
     "ON CONFLICT (person_id) DO UPDATE SET account = NULL", "42501"),
    ("somebody else's name on what is recorded", "INSERT INTO assistance_register.person_category (person_id, category, valid, "
     "recorded_by) VALUES (1, 'low', '[2026-01-01,)', 'somebody else')", "42501"),
    ("an earlier time on it", "INSERT INTO assistance_register.person_category (person_id, category, valid, recorded) "
     "VALUES (1, 'low', '[2026-01-01,)', '[2020-01-01,)')", "42501"),
    ("somebody else's name on a claim", "INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, received_by) "
     "VALUES (1, 'x', '2024-06-01', 'somebody else')", "42501"),
    ("an earlier time on a claim", "INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, received_at) "
     "VALUES (1, 'x', '2024-06-01', '2020-01-01')", "42501"),
    ("a number of one's own for a claim", "INSERT INTO assistance_register.claim (claim_id, person_id, request_key, ordered_at) "
     "OVERRIDING SYSTEM VALUE VALUES (777, 1, 'x', '2024-06-01')", "42501"),
    ("somebody else's name on a request", "INSERT INTO assistance_register.resettlement (person_id, reason, requested_by) "
     "VALUES (1, 'x', 'somebody else')", "42501"),
    ("what was recorded begins earlier", "UPDATE assistance_register.person_category SET recorded = '[2020-01-01,)' "
     "WHERE upper_inf(recorded)", ("42501", "MA707")),
    ("what was recorded ended last year", "UPDATE assistance_register.person_category SET "
     "recorded = tstzrange(lower(recorded) - interval '2 years', now() - interval '1 year')", ("42501", "MA707")),
    ("what was ended is open again", "UPDATE assistance_register.person_category SET recorded = tstzrange(lower(recorded), NULL) "
     "WHERE NOT upper_inf(recorded)", ("42501", "MA707")),
    ("the number of the last claim", "SELECT last_value FROM assistance_register.claim_claim_id_seq", "42501"),
    ("a number of a claim taken", "SELECT nextval('assistance_register.claim_claim_id_seq')", "42501"),
    ("an operator's lock on everybody", "LOCK TABLE assistance_register.person_account IN SHARE MODE", "42501"),
    ("a lock on an account", "SELECT FROM assistance_register.person_account FOR KEY SHARE", "42501"),
    ("partitions by somebody else", "CALL assistance.partition_register('person')", ("42501", "55000")),
    ("a policy made by our procedure", "CALL assistance.allow_rows('claim', current_user::text, 'true')", "42501"),
    ("triggers made anew", "CALL assistance.create_register_triggers()", "42501"),
    ("functions made anew", "CALL assistance.create_register_objects()", "42501"),
    ("a year begun", "CALL assistance.start_register_year(assistance.year_now() + 1)", ("42501", "55000")),
    ("a file of the server", "COPY assistance_register.claim TO PROGRAM 'cat'", "42501"),
    ("a file read", "SELECT pg_read_file('postgresql.conf')", "42501"),
    ("a cast to our types", "CREATE CAST (text AS assistance.bill) WITH INOUT AS IMPLICIT", "42501"),
    ("names through the error of a key", "INSERT INTO assistance_register.person_identity (person_id) VALUES (11)", "42501"),
    ("another county's claim by reference", "INSERT INTO assistance_register.claim_line (claim_id, line_no, amount) "
     "SELECT 5, 1, 700", "42501"),
]

HEAD = """# Who may do what in the register

Made by `test/register/rights.py --write` from `test/register/rights.txt`; `make check` tries every cell of it, also those that
are empty: what is not said here is refused (42501), and UPDATE, DELETE and TRUNCATE always, but for the end of `recorded`. 权限表.

Hospitals act on the claims of their institutions, operators on the persons of their regions ([register.md](register.md), section
7); auditors read all rows. Of another region or institution nobody but the auditor sees, records, settles or reverses anything.
Hospitals do not call `remaining()`: an account holds what a person used up at every hospital. What a bill of theirs finds as room
stands, layer by layer, in the lines of `preview_claim()` and of its settlement. Nor do they call `reverse_claim()`: a reversal
settles the person's later bills at other hospitals again, in the same statement, and posts what is to be recovered. What a hospital
asks to be withdrawn (2208, 2305) the operator withdraws.
All rows: marked *. Inserted is what somebody says: who said it and when (`recorded_by`, `received_at` …) the server writes.

| | hospital | operator | auditor | public |
|---|---|---|---|---|"""


def table():
    """The rows of rights.txt: (object, {role: what it may})"""
    with open(os.path.join(HERE, "rights.txt"), encoding="utf-8") as file:
        lines = [line.split() for line in file if line.strip() and not line.startswith("#")]
    assert lines[0][1:] == ROLES
    return [(line[0], dict(zip(ROLES, line[1:]))) for line in lines[1:]]


def page():
    """docs/rights.md"""
    out = [HEAD]
    for name, may in table():
        cells = [", ".join(WORDS[letter] for letter in may[role] if letter in WORDS) + " *" * ("!" in may[role]) for role in ROLES]
        out.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(out) + "\n"


class Rights:
    def __init__(self):
        self.cells, self.script = [], []
        self.known = {}
        self.said = None

    def setup(self):
        with open(os.path.join(HERE, "policy.json"), encoding="utf-8") as file:
            policy = literal(json.dumps(json.load(file)))
        with open(os.path.join(HERE, "codes.sql"), encoding="utf-8") as file:
            script = ("SET client_min_messages = warning;" + file.read() +
                      SETUP.format(policy=policy, partitions=database.partitions()) +
                      "".join(COUNTY.format(county=county, p=p) for county, p in PEOPLE.items()) + LAST +
                      "".join(UNSEALED.format(county=county, p=p) for county, p in PEOPLE.items()))
        done = subprocess.run(database.ARGUMENTS, input=script, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            raise database.DatabaseError(done.stderr)
        self.said = done.stderr
        for county, p in PEOPLE.items():
            claim, recoverable = database.run(
                f"SELECT claim_id FROM assistance_register.claim WHERE request_key = '{county}-3'; "
                f"SELECT min(recoverable_id) FROM assistance_register.recoverable WHERE person_id = {p};")
            self.known[county] = {"county": county, "p": p, "h": "H" + county, "c": claim, "r": recoverable}

    def attempt(self, role, name, expected, statement):
        """A statement of a login, taken back afterwards; expected: a SQLSTATE, or several"""
        self.cells.append((f"{role}: {name}", expected))
        self.script += [f"SET SESSION AUTHORIZATION rights_{role}_a;", "BEGIN;", "\\warn start", statement + ";", "ROLLBACK;",
                        "\\warn cell", "RESET SESSION AUTHORIZATION;"]

    def rows_of(self, name, county):
        condition, insert = ROWS.get(name, (OF_PERSON, None))
        return condition.format(**self.known[county]), insert

    def object_cells(self, name, may):
        relation = f"assistance_register.{name}"
        column = database.run(f"SELECT attname FROM pg_attribute WHERE attrelid = '{relation}'::regclass AND attnum > 0 "
                              "AND NOT attisdropped ORDER BY attname <> 'recorded', attnum DESC LIMIT 1;")[0]
        is_view = database.run(f"SELECT relkind = 'v' FROM pg_class WHERE oid = '{relation}'::regclass;")[0] == "t"
        for role in ROLES:
            letters = may[role]
            self.attempt(role, f"SELECT on {name}", "00000" if "S" in letters else "42501", f"SELECT count(*) FROM {relation}")
            if "I" in letters:
                insert = self.rows_of(name, "A")[1]
                self.attempt(role, f"INSERT into {name}", "00000", f"INSERT INTO {relation} {insert.format(**self.known['A'])}")
                if name != "person" or role != "hospital":
                    self.attempt(role, f"INSERT into {name}, another county's", "42501",
                                 f"INSERT INTO {relation} {insert.format(**self.known['B'])}")
            else:
                self.attempt(role, f"INSERT into {name}", "42501" if not is_view else ("42501", "55000"),
                             f"INSERT INTO {relation} DEFAULT VALUES")
            refused = "42501" if not is_view else ("42501", "55000", "42809")
            self.attempt(role, f"UPDATE of {name}.{column}", "00000" if "R" in letters else refused,
                         f"UPDATE {relation} SET {column} = {column}")
            if "R" in letters:
                self.attempt(role, f"UPDATE of {name}.valid", "42501", f"UPDATE {relation} SET valid = valid")
            self.attempt(role, f"DELETE from {name}", refused, f"DELETE FROM {relation}")
            self.attempt(role, f"TRUNCATE of {name}", refused, f"TRUNCATE {relation}")
            self.attempt(role, f"a trigger on {name}", refused, f"CREATE TRIGGER t AFTER INSERT ON {relation} FOR EACH STATEMENT "
                         "EXECUTE FUNCTION assistance.append_only()")

    def visible(self, report, name, may):
        """Of its own rows a role sees all, of another county's none; auditors see both."""
        if name in WITHOUT_PERSON:
            return
        relation = f"assistance_register.{name}"
        counts = {county: database.run(f"SELECT count(*) FROM {relation} WHERE {self.plain(name, county)};")[0]
                  for county in PEOPLE}
        report(f"{name}: both counties have rows", True, counts["A"] > "0" and counts["B"] > "0")
        for role in ROLES:
            if "S" not in may[role]:
                continue
            got = {county: self.counted(role, f"{relation} WHERE {self.plain(name, county)}") for county in PEOPLE}
            wanted = dict(counts)
            if role in ("hospital", "operator") and "!" not in may[role]:
                wanted["B"] = "0"
            if name == "access" and role in ("hospital", "operator"):
                wanted["A"] = "1"
            report(f"{role} sees of {name}", wanted, got)

    @staticmethod
    def counted(role, what):
        try:
            return database.run(f"SET SESSION AUTHORIZATION rights_{role}_a; SELECT count(*) FROM {what};")[0]
        except database.DatabaseError as error:
            return str(error)

    def plain(self, name, county):
        """The condition with the keys that it means, for who may not read the tables it asks"""
        condition = self.rows_of(name, county)[0]
        if "SELECT" not in condition:
            return condition
        column, query = condition.split(" IN ", 1)
        return f"{column} IN ({', '.join(database.run(query[1:-1] + ';')) or 'NULL'})"

    def call_cells(self, name, may):
        for role in ROLES:
            call = CALLS[name]
            self.attempt(role, f"{name}()", "00000" if "X" in may[role] else ("42501", "MA701", "MA703"),
                         call.format(**self.known["A"]))

    def calls_elsewhere(self, report, name, may):
        """A call about somebody of the other county"""
        for role in ("hospital", "operator"):
            if "X" not in may[role] or name not in ELSEWHERE:
                continue
            # a hospital's preview is an insert in the name of another institution
            wanted = "42501" if (name, role) == ("preview_claim", "hospital") else ELSEWHERE[name]
            if name == "settle_claim" and role == "hospital":
                call = CALLS[name].format(**dict(self.known["B"], p=1))
            else:
                call = CALLS[name].format(**self.known["B"])
            self.attempt(role, f"{name}() of another county", wanted if wanted != [] else "00000", call)
            if wanted == []:
                lines = database.run(f"SET SESSION AUTHORIZATION rights_{role}_a; {call};")
                report(f"{role}: {name}() of another county returns nothing", [], lines)
                lines = database.run(f"SET SESSION AUTHORIZATION rights_{role}_a; {CALLS[name].format(**self.known['A'])};")
                report(f"{role}: {name}() of its own returns something", True, len(lines) > 0)

    def try_all(self, report):
        rows = table()
        if database.partitions():
            rows.append(("claim_key", {role: "S" if role in ("operator", "auditor") else "-" for role in ROLES}))
        tables = set(database.run("SELECT relname FROM pg_class WHERE relnamespace = 'assistance_register'::regnamespace "
                                  "AND relkind IN ('r', 'p', 'v') AND NOT relispartition;"))
        report("rights.txt has every table and view", tables, {name for name, _ in rows if not name.endswith("()")})
        invokes = int(database.run("SHOW server_version_num;")[0]) >= 150000
        for name, may in rows:
            if name in NATIONAL and not invokes:
                may = dict(may, hospital="-", operator="-")
            if name.endswith("()"):
                self.call_cells(name[:-2], may)
                self.calls_elsewhere(report, name[:-2], may)
            else:
                self.object_cells(name, may)
                self.visible(report, name, may)
        for role in ROLES:
            for name, statement, code in ATTEMPTS:
                self.attempt(role, name, code, statement)
        got = list(answers("\n".join(self.script) + "\n"))
        report("every cell answered", len(self.cells), len(got))
        for (name, expected), answer in zip(self.cells, got):
            report(name, expected, expected if isinstance(expected, tuple) and answer in expected else answer)

    def disclosure(self, report):
        """The public: a masked name, a region, a month, an amount"""
        as_public = "SET SESSION AUTHORIZATION rights_public_a; "
        report("the disclosure has these columns", ["region,name,month,assistance"], database.run(
            "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
            "'assistance_register.disclosure'::regclass AND attnum > 0;"))
        lines = database.run(as_public + "SELECT region, name, month, assistance > 0 FROM assistance_register.disclosure "
                             "ORDER BY 1, 3;")
        report("and shows both counties", {"A|P****|2024-03-01|t", "B|P****|2024-03-01|t"},
               {line for line in lines if "03-01" in line})
        report("with masked names only", [], [line for line in lines if "00" in line.split("|")[1] or "secret" in line])
        # amounts: what was paid less what was taken back, as the owner adds it up
        report("and the amounts that were paid", database.run(
                               "SELECT sum(CASE entry WHEN 'recoverable' THEN - amount ELSE amount END) "
                               "FROM assistance_register.payment WHERE kind IN ('assistance', 'tilt');"),
               database.run(as_public + "SELECT sum(assistance) FROM assistance_register.disclosure;"))
        for name in ("person", "claim", "person_identity"):
            self.refused(report, "public", f"SELECT FROM assistance_register.{name}")
        self.refused(report, "nobody", "SELECT FROM assistance_register.disclosure")

    @staticmethod
    def leaky(report):
        """A function that tells every row that it is shown, in WHERE, is shown no row of the other county."""
        tell = ("CREATE FUNCTION pg_temp.tell(text) RETURNS boolean COST 0.0001 LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE WARNING '%', $1; RETURN true; END $$;")
        for name, may in table():
            for role in ("hospital", "operator", "public"):
                if name.endswith("()") or "S" not in may[role] or "!" in may[role]:
                    continue
                script = (f"SET SESSION AUTHORIZATION rights_{role}_a; SET client_min_messages = warning; {tell} "
                          f"SELECT count(*) FROM assistance_register.{name} o WHERE pg_temp.tell(o::text);")
                done = subprocess.run(database.ARGUMENTS, input=script, capture_output=True, text=True, encoding="utf-8",
                                      check=False)
                told = [line.split("WARNING:", 1)[1] for line in done.stderr.splitlines() if "WARNING:" in line]
                report(f"{role}: a leaky function on {name} is shown", True, len(told) > 0 or "ERROR" in done.stderr)
                report(f"{role}: and on {name} nothing of the other county", [],
                       [row for row in told if re.search(r"B-|\bHB\b|_b\b|[(,]1[1-4],", row)])

    @staticmethod
    def own_rules(report):
        """What docs/register.md gives a site for more than the table: facts only from the register, bills in time."""
        with open(os.path.join(os.path.dirname(PAGE), "register.md"), encoding="utf-8") as file:
            page = file.read()
        facts = re.search(r"CREATE POLICY facts_of_the_register .*?;", page, re.S).group()
        filed = re.search(r"ALTER TABLE \S+ ADD CONSTRAINT claim_filed .*?;", page, re.S).group()
        strict = filed.replace("2027-01-01", "2020-01-01").replace("2 years", "2 days").replace(";", " NOT VALID;")
        hospital = ("SET SESSION AUTHORIZATION rights_hospital_a; INSERT INTO assistance_register.claim (person_id, request_key, "
                    "ordered_at, total, in_scope, care_type, institution_id{}) VALUES (1, 'own', '2024-09-01', 100, 100, '21', "
                    "'HA'{});")
        stated, looked_up = hospital.format(", category", ", '{low}'"), hospital.format("", "")
        cells = [("a category stated by a hospital", facts + stated, "42501"),
                 ("facts of the register", facts + looked_up, "00000"), ("a bill filed late", strict + looked_up, "23514"),
                 ("one in time", filed + looked_up, "00000")]
        got = answers("".join(f"\\warn start\nBEGIN;\n{statement}\nROLLBACK;\nRESET SESSION AUTHORIZATION;\n\\warn cell\n"
                              for _, statement, _ in cells))
        for (name, _, expected), answer in zip(cells, got):
            report(f"a rule of the site's own: {name}", expected, answer)

    def refused(self, report, role, statement):
        login = "rights_nobody" if role == "nobody" else f"rights_{role}_a"
        done = subprocess.run(database.ARGUMENTS + ["-v", "VERBOSITY=sqlstate", "-c", f"SET SESSION AUTHORIZATION {login}",
                                                    "-c", statement],
                              capture_output=True, text=True, check=False)
        report(f"{role}: {statement}", "42501", done.stderr.split()[-1] if done.stderr else "00000")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="write docs/rights.md")
    parser.add_argument("--counts")
    options = parser.parse_args()
    if options.write:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page())
        return 0
    report = Report()
    with open(PAGE, encoding="utf-8") as file:
        report("docs/rights.md is written from rights.txt", True, page() == file.read())
    rights = Rights()
    rights.setup()
    report("create_register_roles() says nothing where there is nothing to say", "", rights.said)
    rights.try_all(report)
    rights.disclosure(report)
    rights.leaky(report)
    rights.own_rules(report)
    print(f"rights: {report.passed} as written, {report.failed} not")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            print(report.passed, report.failed, file=out)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
