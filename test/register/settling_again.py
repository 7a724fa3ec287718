"""CALL resettle() of many persons: a person who fails among others, two sessions side by side with an account that somebody holds,
a call that is cancelled and goes on later; CALL close_year() of them all.
In the end verify() finds nothing, and nobody has a difference twice.

	AGAIN_PERSONS	persons who are settled again after a backdated policy (3000)
"""
import argparse
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]

import database
from bad_moments import SETUP, batch, policy
from guard_matrix import Report, Session

MANY = int(os.environ.get("AGAIN_PERSONS", 3000))
LAST_RUN = "(SELECT max(run_id) FROM assistance_register.resettle_run)"
RUN = ("SELECT listed, settled, failed, passed_over, finished_at IS NOT NULL FROM assistance_register.resettle_run "
       f"WHERE run_id = {LAST_RUN};")
WAITING = "SELECT count(*) FROM assistance_register.resettle_queue WHERE failed_at IS NULL;"


def publish(aid):
    """Another ratio of aid, from the beginning on"""
    return f"SELECT assistance.publish_policy(assistance.import_policy({policy(aid)}), 'backdated') IS NULL;"


def start(script):
    """A session of its own that runs this and ends"""
    session = subprocess.Popen(database.ARGUMENTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               encoding="utf-8")
    session.stdin.write(script)
    session.stdin.close()
    session.stdin = None
    return session


def until(query, what):
    """Wait until a query returns t"""
    for _ in range(3000):
        if database.run(query) == ["t"]:
            return
        time.sleep(0.01)
    raise SystemExit(f"never seen: {what}")


def differences(first, last):
    """Persons with a difference, how many differences, and what aid pays more in yuan"""
    return ("SELECT count(DISTINCT person_id), count(*), COALESCE(sum(assistance), 0) FROM assistance_register.settlement "
            f"WHERE person_id BETWEEN {first} AND {last} AND entry = 'difference';")


def one_fails(report):
    """Six persons in one transaction: basic 0 instead of 50, so aid 40 instead of 20; the third has an unknown category."""
    database.run(batch(1, 2, "among") + batch(3, 3, "among", category="NULL") + batch(4, 6, "among") +
                 "INSERT INTO assistance_register.determination (person_id, layer, state, valid) "
                 "SELECT n, 'basic', 'not_insured', '[2024-01-01,2025-01-01)' FROM generate_series(1, 6) n;"
                 "INSERT INTO assistance_register.person_category (person_id, category, valid) "
                 "VALUES (3, 'nobody', '[2024-01-01,)');")
    report("six wait, one fails", ["6|5|1|0|t"], database.run("CALL assistance.resettle();" + RUN))
    report("the five others are settled", ["5|5|100.00"], database.run(differences(1, 6)))
    report("the one is noted", ["3|MA105"], database.run(
        "SELECT person_id, sqlstate FROM assistance_register.resettlement_failure;"))
    report("and not tried again", ["0|0|0|0|t"], database.run("CALL assistance.resettle();" + RUN))
    # what an older version noted of a lock is no failure of the person
    report("what passes is tried again though it was noted", ["1", "1|0|1|0|t"], database.run(
        "UPDATE assistance_register.resettlement_failure SET sqlstate = '55P03';"
        f"{WAITING} CALL assistance.resettle(); {RUN}"))
    database.run("DELETE FROM assistance_register.person_category WHERE person_id = 3; CALL assistance.resettle();")
    report("corrected, it is settled: aid 0 of 100", ["1|1|0.00"], database.run(differences(3, 3)))


def elsewhere(region, ratio):
    """A first policy where nothing was published: basic pays this part, nobody else anything"""
    page = policy(0).replace('"R1"', f'"{region}"').replace('"ratio": 0.5', f'"ratio": {ratio}')
    return f"SELECT assistance.publish_policy(assistance.import_policy({page}), 'first') IS NULL;"


def moved(person, region):
    """A claim of 100 yuan in R1, of which basic pays half; then it turns out that the person was insured in this region."""
    enrolment = ("INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid) "
                 f"VALUES ({person}, '{{}}', 'resident', '[2024-01-01,2025-01-01)');")
    return (enrolment.format("R1") + "INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope) "
            f"VALUES ({person}, 'moved-{person}', '2024-06-01', 100, 100);"
            "UPDATE assistance_register.enrolment SET recorded = tstzrange(lower(recorded), clock_timestamp()) "
            f"WHERE person_id = {person};" + enrolment.format(region))


def policy_is_missing(report):
    """Who moved to where no policy is fails, and is settled when one has come, whatever the clock said when it was made."""
    queue = "SELECT person_id, reason, failed_at IS NOT NULL FROM assistance_register.resettle_queue WHERE person_id > 6;"
    net = "SELECT basic, patient FROM assistance_register.net_settlement WHERE person_id = {};"
    regions = ", ".join(f"('{r}', '{r}', '{r}', 'pool', 'example', 'test')" for r in ("R7", "R8"))
    categories = ", ".join(f"('low', '{r}', '建档立卡', 'low', 'low', 'example', 'test')" for r in ("R7", "R8"))
    database.run(f"INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) VALUES {regions};"
                 f"INSERT INTO assistance.category_local (code, region, class, zh, en, mark, source) VALUES {categories};")
    report("nothing is published where the person is insured", ["1|0|1|0|t", "7|enrolment|t"],
           database.run(moved(7, "R7") + f"CALL assistance.resettle(); {RUN} {queue}"))
    report("and not tried again", ["0|0|0|0|t"], database.run("CALL assistance.resettle();" + RUN))
    report("a publication there: it waits again", ["f", "7|enrolment|f"], database.run(elsewhere("R7", 0.8) + queue))
    report("and is settled: 80 of 100 instead of 50", ["1|1|0|0|t", "80.00|20.00"],
           database.run(f"CALL assistance.resettle(); {RUN} {net.format(7)}"))
    publisher = Session()
    publisher.run("BEGIN;" + elsewhere("R8", 0.9))
    report("fails while the policy is not committed", ["1|0|1|0|t", "t"], database.run(
        moved(8, "R8") + f"CALL assistance.resettle(); {RUN} SELECT failed_at > (SELECT max(at) "
        "FROM assistance.policy_publication) FROM assistance_register.resettlement_failure WHERE person_id = 8;"))
    publisher.run("COMMIT;")
    publisher.close()
    report("committed, it is older than the failure", ["t"], database.run(
        "SELECT max(f.failed_at) > max(p.at) FROM assistance_register.resettlement_failure f, assistance.policy_publication p "
        "WHERE f.person_id = 8;"))
    report("and the person is settled: 90 of 100", ["8|enrolment|f", "1|1|0|0|t", "90.00|10.00"],
           database.run(f"{queue} CALL assistance.resettle(); {RUN} {net.format(8)}"))


def recorded_meanwhile(report):
    """A fact that is recorded while an attempt waits for the account is newer than its failure."""
    database.run(batch(9, 9, "meanwhile", category="NULL") + "INSERT INTO assistance_register.person_category "
                 "(person_id, category, valid) VALUES (9, 'nobody', '[2024-01-01,)');")
    holder = Session()
    holder.run("BEGIN; SELECT FROM assistance_register.person_account WHERE person_id = 9 FOR UPDATE;")
    call = start("SET lock_timeout = '30s'; CALL assistance.resettle();")
    until("SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'CALL assistance.resettle%' AND wait_event_type = 'Lock';",
          "a session that waits for the account")
    holder.run("INSERT INTO assistance_register.person_category (person_id, category, valid) "
               "VALUES (9, 'low', '[2020-01-01,2021-01-01)'); COMMIT;")
    holder.close()
    report("the call ends", 0, call.wait())
    report("the failure does not cover what came meanwhile", ["MA105|9|f"], database.run(
        "SELECT f.sqlstate, q.person_id, q.failed_at IS NOT NULL FROM assistance_register.resettle_queue q "
        "JOIN assistance_register.resettlement_failure f USING (person_id) WHERE person_id = 9;"))
    database.run("DELETE FROM assistance_register.person_category WHERE person_id = 9 AND category = 'nobody';")
    report("corrected, it is settled", ["1|1|0|0|t"], database.run("CALL assistance.resettle();" + RUN))


def held_too_long(report):
    """Whoever is held beyond lock_timeout waits on, and the call says so."""
    database.run(batch(10, 10, "held") + "INSERT INTO assistance_register.determination (person_id, layer, state, valid) "
                 "VALUES (10, 'basic', 'not_insured', '[2024-01-01,2025-01-01)');")
    holder = Session()
    holder.run("BEGIN; SELECT FROM assistance_register.person_account WHERE person_id = 10 FOR UPDATE;")
    call = start("SET lock_timeout = '300ms'; CALL assistance.resettle();")
    said = call.communicate()[1]
    report("the call ends well and warns", [0, True], [call.returncode, "WARNING:  1 persons could not be settled now" in said])
    call = start("SET lock_timeout = '300ms'; CALL assistance.resettle(0);")
    report("not where it was asked for nobody", (0, ""), (call.wait(), call.stderr.read()))
    holder.run("COMMIT;")
    holder.close()
    call = start("CALL assistance.resettle(10);")
    report("nor when it is free", (0, ""), (call.wait(), call.stderr.read()))
    report("aid 40 of 100 instead of 20", ["1|1|20.00"], database.run(differences(10, 10)))


def side_by_side(report):
    """Two sessions share the persons; whom somebody holds is waited for at the end. Aid 80 % of 50 instead of 40 %."""
    first, last = 101, 100 + MANY
    database.run(batch(first, last, "shared") + publish(0.8))
    holder = Session()
    holder.run(f"BEGIN; SELECT FROM assistance_register.person_account WHERE person_id = {first + 5} FOR UPDATE;")
    calls = [start("SET lock_timeout = '30s'; CALL assistance.resettle(at_once => 20);") for _ in range(2)]
    # not for each other while a table grows
    until("SELECT count(*) = 2 AND count(*) = count(*) FILTER (WHERE wait_event IN ('transactionid', 'tuple')) "
          "FROM pg_stat_activity WHERE query LIKE 'CALL assistance.resettle%';", "two sessions that wait for the account")
    report("all but the one who is held are settled", [f"{MANY - 1}|{MANY - 1}|{20 * (MANY - 1)}.00"],
           database.run(differences(first, last)))
    holder.run("COMMIT;")
    holder.close()
    report("both end well", [(0, ""), (0, "")], [(call.wait(), call.stderr.read()) for call in calls])
    report("nobody is settled twice", [f"{MANY}|{MANY}|{20 * MANY}.00"], database.run(differences(first, last)))
    # persons 1 to 10 wait for the policy too: each has been settled in R1
    report("the two runs add up, and both did a part", [f"{MANY + 10}|t|2"], database.run(
        "SELECT sum(settled), min(settled) > 0, count(finished_at) FROM assistance_register.resettle_run "
        f"WHERE run_id > {LAST_RUN} - 2;"))


def stopped(report):
    """Cancelled in the middle: what was committed stays, the next call settles the rest. Aid 60 % of 50: 10 yuan are owed back."""
    first, last = 101, 100 + MANY
    before = int(database.run("SELECT max(settlement_id) FROM assistance_register.settlement;")[0])
    count = (f"SELECT count(*), count(DISTINCT person_id), sum(assistance) FROM assistance_register.settlement "
             f"WHERE settlement_id > {before} AND person_id BETWEEN {first} AND {last};")
    database.run(publish(0.6))
    call = start("CALL assistance.resettle(at_once => 10);")
    until(f"SELECT settled > 100 FROM assistance_register.resettle_run WHERE run_id = {LAST_RUN};",
          "a run with some persons settled")
    asked = time.monotonic()
    database.run(f"SELECT pg_cancel_backend(process) FROM assistance_register.resettle_run WHERE run_id = {LAST_RUN};")
    report("the call is cancelled", True, call.wait() != 0 and "canceling statement due to user request" in call.stderr.read())
    report("within two seconds", True, time.monotonic() - asked < 2)
    settled = database.run("SELECT settled, finished_at IS NULL FROM assistance_register.resettle_run "
                           f"WHERE run_id = {LAST_RUN};")[0].split("|")
    done = int(database.run(count.replace("sum(assistance)", "0"))[0].split("|")[0])
    report("the row of the run says how far it came", [True, "t"],
           [done <= int(settled[0]) <= done + 10 and done < MANY, settled[1]])
    database.run("CALL assistance.resettle();")
    report("the next call goes on: everybody once", [f"{MANY}|{MANY}|{-10 * MANY}.00"], database.run(count))
    report("nobody waits", ["0"], database.run(WAITING))


def year_close(report):
    """Two sessions post the events of a year; one person is insured where nothing is published. Again: nothing is missing."""
    first, last = 101, 100 + MANY
    database.run("INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid) SELECT n, 'R1', 'resident', "
                 f"'[2024-01-01,2025-01-01)' FROM generate_series({first}, {last}) n;"
                 "INSERT INTO assistance_register.enrolment (person_id, region, scheme, valid) "
                 f"VALUES ({last + 1}, 'R9', 'resident', '[2024-01-01,2025-01-01)'); CALL assistance.resettle();")
    calls = [start("CALL assistance.close_year(2024, at_once => 50);") for _ in range(2)]
    said = [call.communicate()[1] for call in calls]
    report("both calls end", [0, 0], [call.returncode for call in calls])
    report("who cannot be closed is named", True, f"the year of person {last + 1} is not closed" in "".join(said))
    events = ("SELECT count(*), count(DISTINCT c.person_id) FROM assistance_register.claim c JOIN assistance_register.settlement s "
              "USING (claim_id) WHERE c.kind = 'year_close' AND c.request_key = 'year-2024-' || c.person_id;")
    # with persons 7 and 8, who are insured in R7 and R8
    report("everybody else once", [f"{MANY + 2}|{MANY + 2}"], database.run(events))
    report("as the two runs say", [f"{MANY + 2}|2"], database.run(
        f"SELECT sum(settled), count(finished_at) FROM assistance_register.resettle_run WHERE task = 'year 2024';"))
    report("again: nothing but that one", [f"{MANY + 2}|{MANY + 2}", "1|0|1"], database.run(
        f"SET client_min_messages = error; CALL assistance.close_year(2024); {events}"
        f"SELECT listed, settled, failed FROM assistance_register.resettle_run WHERE run_id = {LAST_RUN};"))


def refused(report):
    """Arguments, before a run begins; a role that may not lock accounts is told so."""
    count = "SELECT count(*) FROM assistance_register.resettle_run;"
    before = database.run(count)
    for at_once in ("0", "-1", "NULL"):
        state = Session()
        report(f"at_once {at_once}", "22023", state.run(f"CALL assistance.resettle(at_once => {at_once});")[0])
        report(f"a year, at_once {at_once}", "22023", state.run(f"CALL assistance.close_year(2024, at_once => {at_once});")[0])
        report(f"year {at_once}", "22023", state.run(f"CALL assistance.close_year({at_once});")[0])
        state.close()
    call = start("CALL assistance.resettle(-1);")
    said = call.communicate()[1]
    report("less than nobody", [True, True], [call.returncode != 0, "how_many is -1" in said and "HINT:" in said])
    state = Session()
    report("its SQLSTATE", "22023", state.run("CALL assistance.resettle(-1);")[0])
    report("none of them is a run", before, database.run(count))
    database.run(batch(11, 11, "refused") + publish(0.5) +
                 "CREATE ROLE again_clerk; GRANT USAGE ON SCHEMA assistance_register TO again_clerk;"
                 "GRANT SELECT ON ALL TABLES IN SCHEMA assistance_register TO again_clerk;"
                 "GRANT INSERT, UPDATE ON assistance_register.resettle_run TO again_clerk;")
    state.run("SET ROLE again_clerk;")
    report("a role that may not change accounts", "42501", state.run("CALL assistance.resettle();")[0])
    state.close()
    call = start("SET ROLE again_clerk; CALL assistance.resettle();")
    report("is told which table", True, "permission denied for table person_account" in call.communicate()[1])
    report("and nobody has failed", ["t"], database.run(
        "SELECT failed_at IS NULL FROM assistance_register.resettle_queue WHERE person_id = 11;"))
    database.run("DROP OWNED BY again_clerk; DROP ROLE again_clerk; CALL assistance.resettle();")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts")
    options = parser.parse_args()
    report = Report()
    database.run(SETUP.format(policy=policy(0.4), many=MANY))
    for part in (one_fails, policy_is_missing, recorded_meanwhile, held_too_long, side_by_side, stopped, year_close, refused):
        part(report)
    report("in the end nothing is found", [], database.run("SELECT * FROM assistance.verify();"))
    return report.end("settling again", options.counts)


if __name__ == "__main__":
    sys.exit(main())
