"""Bad moments of the register: somebody holds the account, settling again stops halfway, a policy is replaced or gone before a
claim is taken back, the log is written while names are inserted, a batch has more persons than the lock table has places,
    memory runs
out. In the end verify() finds nothing.

	MANY_PERSONS	in one statement (2000; the long form: 100000)
	MEMORY_STEPS	at which memory runs out (12; the long form: 400)
"""
import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]

import database
from guard_matrix import Report, Session, literal

MANY = int(os.environ.get("MANY_PERSONS", 2000))
STEPS = int(os.environ.get("MEMORY_STEPS", 12))
MEMORY_PERSONS = 1500
SETUP = """
SET client_min_messages = warning;
CALL assistance.create_register();
INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES ('R1', 'R1', 'R1', 'pool', 'example', 'test');
INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source)
    VALUES ('low', 'R1', '建档立卡', 'low', 'low', 'example', 'test');
SELECT assistance.publish_policy(assistance.import_policy({policy}), 'test') AS act \\gset
INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, 1000 + {many});
"""


def policy(aid):
    """Basic half, aid a part of the rest for low, at most 1 000 a year"""
    return literal(json.dumps({"format": 1, "engine": 1, "pages": [{
        "title": "moments", "region": "R1", "scheme": "resident", "from": "2024-01-01", "sources": {"D": {"document": "test"}},
        "cite": {"source": "D", "mark": "example"}, "codes": {"category": {"low": "low"}}, "layers": [
            {"name": "basic", "kind": "basic", "rules": [{"name": "all", "ratio": 0.5}]},
            {"name": "critical", "kind": "critical", "not_applicable": True},
            {"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [
                {"name": "low", "when": {"category": ["low"]}, "ratio": aid, "caps": [{"limit": 1000}]}]}]}]}))


def settle(person, key, day="2024-06-01"):
    return (f"SELECT assistance, repeated FROM assistance.settle_claim({person}, '{key}', '{day}', 100, 100, region => 'R1', "
            "scheme => 'resident');")


def batch(first, last, key, category="'{low}'", day="'2024-06-01'"):
    """A claim of 100 yuan for each of these persons: basic 50, aid 20"""
    return ("INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, category) "
            f"SELECT n, '{key}-' || n, {day}, 100, 100, 'R1', 'resident', {category} FROM generate_series({first}, {last}) n;")


def held_accounts(report):
    """Who waits longer than lock_timeout is told so, and settled when asked again."""
    one, two = Session(), Session()
    two.run("SET client_min_messages = error; SET lock_timeout = '50ms';")
    database.run(settle(1, "held-0", "2024-05-01"))
    one.run("BEGIN; SELECT FROM assistance_register.person_account WHERE person_id = 1 FOR UPDATE;")
    report("settle_claim() of an account that is held", "55P03", two.run(settle(1, "held-1"))[0])
    report("a batch with it", "55P03", two.run(batch(1, 3, "held"))[0])
    report("a preview of the next bill needs no lock", "00000", two.run(
        "SELECT assistance FROM assistance.preview_claim(1, '2024-06-01', 100, 100, region => 'R1', scheme => 'resident');")[0])
    one.run("COMMIT;")
    report("the same request when it is free", ("00000", ["0.00|f"]), two.run(settle(1, "held-1")))
    report("and the batch", "00000", two.run(batch(2, 3, "held"))[0])

    # settling again: whoever is held stays in the queue, and is no failure
    database.run(batch(11, 13, "queue") + "INSERT INTO assistance_register.institution (institution_id) VALUES ('H1');" +
                 "UPDATE assistance_register.person_account SET stale_since = clock_timestamp(), stale_reason = 'test' "
                 "WHERE person_id BETWEEN 11 AND 13;")
    one.run("BEGIN; SELECT FROM assistance_register.person_account WHERE person_id = 12 FOR UPDATE;")
    report("resettle() goes on where an account is held", "00000", two.run("CALL assistance.resettle();")[0])
    report("who was held waits on", ["12|"], database.run("SELECT person_id, failed_at FROM assistance_register.resettle_queue;"))
    report("and is no failure", ["0"], database.run("SELECT count(*) FROM assistance_register.resettlement_failure;"))
    one.run("COMMIT;")
    two.run("CALL assistance.resettle();")
    report("and is settled when it is free", [], database.run("SELECT person_id FROM assistance_register.resettle_queue;"))
    one.close()
    two.close()


def halfway(report):
    """resettle() of some of the queue goes on with the others; nobody is settled twice."""
    database.run(batch(21, 30, "halfway") +
                 "INSERT INTO assistance_register.determination (person_id, layer, state, valid) "
                 "SELECT n, 'basic', 'not_insured', '[2024-01-01,2025-01-01)' FROM generate_series(21, 30) n;")
    waiting = "SELECT count(*) FROM assistance_register.resettle_queue;"
    one, two = Session(), Session()
    one.run("BEGIN; SELECT FROM assistance_register.person_account WHERE person_id BETWEEN 21 AND 30 FOR UPDATE;")
    two.run("SET statement_timeout = '500ms';")
    report("resettle() that is cancelled", "57014", two.run("CALL assistance.resettle();")[0])
    one.close()
    two.close()
    report("is nobody's failure", ["0"], database.run("SELECT count(*) FROM assistance_register.resettlement_failure;"))
    # basic pays no more, aid 40 % of 100 instead of 50
    got = database.run(f"{waiting} CALL assistance.resettle(4); {waiting} CALL assistance.resettle(); {waiting} "
                       "CALL assistance.resettle(); SELECT count(*), count(DISTINCT person_id), sum(basic), sum(assistance) "
                       "FROM assistance_register.settlement WHERE person_id BETWEEN 21 AND 30 AND entry = 'difference';")
    report("settling again in two parts", ["10", "6", "0", "10|10|-500.00|200.00"], got)


def failures(report):
    """Who cannot be settled again is noted, once, and tried again when something newer is recorded."""
    database.run(batch(31, 32, "failing", category="NULL"))
    note = "SELECT count(*), max(sqlstate) FROM assistance_register.resettlement_failure;"
    queue = "SELECT person_id, failed_at IS NOT NULL FROM assistance_register.resettle_queue;"
    record = "INSERT INTO assistance_register.person_category (person_id, category, valid) VALUES (31, '{}', '[2024-01-01,)');"
    got = database.run(f"{record.format('nobody')} CALL assistance.resettle(); CALL assistance.resettle(); {note} {queue}")
    report("a category that the policy does not know is noted", ["1|MA105", "31|t"], got)
    got = database.run("UPDATE assistance_register.person_category SET recorded = tstzrange(lower(recorded), clock_timestamp()) "
                       f"WHERE person_id = 31; {record.format('low')} {queue} CALL assistance.resettle(); {queue}"
                       "SELECT assistance FROM assistance_register.net_settlement WHERE person_id = 31;")
    report("and settled when it is corrected: aid 40 % of 50", ["31|f", "20.00"], got)
    database.run("DELETE FROM assistance_register.resettlement_failure;")


def replaced_policies(report):
    """A claim is taken back as it was paid, whatever the policy says by now."""
    got = database.run(batch(41, 42, "replaced") +
                       f"SELECT assistance.publish_policy(assistance.import_policy({policy(0.8)}), 'corrected') IS NOT NULL; "
                       "SELECT layer, amount FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim "
                       "WHERE request_key = 'replaced-41'), 'replaced-41 back', 'test') WHERE amount <> 0 ORDER BY layer; "
                       "SELECT sum(assistance), sum(basic), sum(patient) FROM assistance_register.settlement WHERE person_id = 41;")
    report("taken back under the policy that paid it", ["t", "aid|-20.00", "basic|-50.00", "0.00|0.00|0.00"], got)
    got = database.run("SELECT assistance.repeal_policy('R1', 'resident', NULL, '2024-01-01', 'test') IS NOT NULL; "
                       "CALL assistance.resettle(); "
                       "SELECT DISTINCT sqlstate FROM assistance_register.resettlement_failure WHERE person_id = 42; "
                       "SELECT assistance FROM assistance_register.net_settlement WHERE person_id = 42;")
    report("a policy that is gone: noted, and nothing is changed", ["t", "MA401", "20.00"], got)
    got = database.run(f"SELECT assistance.publish_policy(assistance.import_policy({policy(0.4)}), 'again') IS NOT NULL; "
                       "CALL assistance.resettle(); SELECT count(*) FROM assistance_register.resettle_queue;")
    report("and there again", ["t", "0"], got)


def many_persons(report):
    """The lock table does not grow with the persons of a statement."""
    session = Session()
    locks = "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid();"
    session.run("BEGIN;")
    session.run(batch(51, 150, "few"))
    few = session.run(locks)
    state = session.run(batch(1001, 1000 + MANY, "many"))[0]
    report(f"{MANY} persons in one statement", "00000", state)
    report("hold as many locks as 100", few, session.run(locks))
    session.run("COMMIT;")
    report("and are settled: aid 40 % of 50", [f"{MANY}|{20 * MANY}.00"], database.run(
        f"SELECT count(*), sum(assistance) FROM assistance_register.settlement WHERE person_id BETWEEN 1001 AND {1000 + MANY};"))
    session.close()


# ---- other ways in ----

def other_ways(report):
    """Prepared statements keep their plans, foreign tables send batches: the same amounts."""
    executed = "".join(f"EXECUTE one({person}, 'prepared-{person}');" for person in range(201, 209))
    report("a prepared call, eight times", ["20.00"] * 8, database.run(
        "PREPARE one (bigint, text) AS SELECT assistance FROM assistance.settle_claim($1, $2, '2024-06-01', 100, 100, "
        f"region => 'R1', scheme => 'resident', category => '{{low}}');{executed}"))
    executed = "".join(f"EXECUTE one({person}, 'row-{person}');" for person in range(211, 219))
    report("a prepared INSERT, eight times", ["8|160.00"], database.run(
        "PREPARE one (bigint, text) AS INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, "
        "in_scope, region, scheme, category) VALUES ($1, $2, '2024-06-01', 100, 100, 'R1', 'resident', '{low}');"
        f"{executed}"
        "SELECT count(*), sum(assistance) FROM assistance_register.settlement WHERE person_id BETWEEN 211 AND 218;"))
    if not database.run("SELECT 1 FROM pg_available_extensions WHERE name = 'postgres_fdw';"):
        print("skipped: postgres_fdw is not installed")
        return
    columns = ("person_id bigint, request_key text, ordered_at timestamp, total numeric, in_scope numeric, region text, "
               "scheme text, category text[]")
    report("a foreign table, in batches of seven", ["20|400.00"], database.run(
        "CREATE EXTENSION postgres_fdw; CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw OPTIONS "
        f"(host '{os.environ['PGHOST']}', port '{os.environ['PGPORT']}', dbname '{os.environ['PGDATABASE']}', batch_size '7');"
        f"CREATE USER MAPPING FOR CURRENT_USER SERVER loop OPTIONS (user '{os.environ['PGUSER']}');"
        f"CREATE FOREIGN TABLE far_claim ({columns}) SERVER loop OPTIONS (schema_name 'assistance_register', table_name 'claim');"
        + batch(221, 240, "far").replace("assistance_register.claim", "far_claim") +
        "SELECT count(*), sum(assistance) FROM assistance_register.settlement WHERE person_id BETWEEN 221 AND 240;"))


# ---- the log ----

QUIET = "SET log_min_error_statement = panic; SET log_error_verbosity = terse; SET log_parameter_max_length = 0;"


def log(report):
    """With the settings of docs/operations.md, section 1, a statement that fails leaves no name and no number in the log."""
    with open(os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "operations.md"), encoding="utf-8") as page:
        text = page.read()
    for setting in QUIET.replace("SET ", "").split(";")[:-1]:
        report(f"docs/operations.md has {setting}", True, setting.strip() in " ".join(text.split()))
    number = "110101193006011234"
    into = "INSERT INTO assistance_register.person_identity (person_id, name, identity_number, born_on) VALUES "
    failing = [f"{into}(NULL, 'P0001', '{number}', NULL);", f"{into}(999999999, 'P0001', '{number}', NULL);",
               f"{into}(1, 'P0001', '{number}', '1930-02-30');",
               f"PREPARE p (text) AS {into}(NULL, 'P0001', $1, NULL); EXECUTE p('{number}');",
               f"{into}(1, 'P0001', '{number}', NULL); {into}(1, 'P0001', '{number}', NULL);"]
    hits = {}
    for name, before in (("the server's own settings", ""), ("the settings of the page", QUIET)):
        with open(os.environ["ASSISTANCE_SERVER_LOG"], "rb") as file:
            file.seek(0, os.SEEK_END)
            start = file.tell()
        for statement in failing:
            subprocess.run(database.ARGUMENTS[:-2], input=f"{before} BEGIN; {statement} ROLLBACK;", text=True, capture_output=True,
                           check=False)
        time.sleep(0.2)
        with open(os.environ["ASSISTANCE_SERVER_LOG"], "rb") as file:
            file.seek(start)
            hits[name] = file.read().decode("utf-8", "replace").count(number)
    report("the log with the settings of the page", 0, hits["the settings of the page"])
    report("and without them", True, hits["the server's own settings"] > len(failing) - 1)


# ---- memory ----

def virtual_kilobytes(process):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmSize:"))


def as_server(command, process):
    """The command line as the user of a process of the server, who may limit it"""
    stat = os.stat(f"/proc/{process}")
    if os.geteuid() == stat.st_uid:
        return command
    return ["setpriv", f"--reuid={stat.st_uid}", f"--regid={stat.st_gid}", "--clear-groups", *command]


def out_of_memory(report):
    """One backend gets a little more address space each time: the batch is settled, or refused with 53200 and not there."""
    states = {}
    person = 301
    for step in range(STEPS):
        session = Session()
        backend = session.run("SELECT pg_backend_pid();")[1][0]
        # whatever a session loads once, and the depth of the stack
        session.run(batch(person, person, f"warm-{step}"))
        person += 1
        limit = (virtual_kilobytes(backend) + 64 + step * 16384 // STEPS) * 1024
        limited = as_server(["prlimit", f"--pid={backend}", f"--as={limit}:"], backend)
        if subprocess.run(limited, capture_output=True, check=False).returncode != 0:
            print("skipped: prlimit may not limit a backend")
            session.close()
            return
        day = f"timestamp '2024-07-01' + {step} * interval '1 hour'"
        state = session.run(batch(301, 300 + MEMORY_PERSONS, f"memory-{step}", day=day))[0]
        subprocess.run(as_server(["prlimit", f"--pid={backend}", "--as=unlimited:"], backend), check=False)
        report(f"memory, step {step}", "00000 or 53200", "00000 or 53200" if state in ("00000", "53200") else state)
        report(f"memory, step {step}: all or nothing", [str(MEMORY_PERSONS) if state == "00000" else "0"], database.run(
            f"SELECT count(*) FROM assistance_register.settlement s JOIN assistance_register.claim c USING (claim_id) "
            f"WHERE c.request_key LIKE 'memory-{step}-%';"))
        report(f"memory, step {step}: the session goes on", "00000", session.run("SELECT 1;")[0])
        session.close()
        states[state] = states.get(state, 0) + 1
    print(f"memory: {states}")
    report("memory ran out at least once", True, states.get("53200", 0) > 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts")
    options = parser.parse_args()
    report = Report()
    database.run(SETUP.format(policy=policy(0.4), many=MANY))
    for part in (held_accounts, halfway, failures, replaced_policies, many_persons, other_ways, log, out_of_memory):
        part(report)
    report("in the end nothing is found", [], database.run("SELECT * FROM assistance.verify();"))
    return report.end("bad moments", options.counts)


if __name__ == "__main__":
    sys.exit(main())
