"""Backends killed, cancelled and timed out while they settle and settle again: afterwards every statement is wholly there or not
at all, what was acknowledged is there, and verify() finds nothing. Needs a cluster of its own: killing a backend restarts it.
"""
import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]

import database

PERSONS = 400

# one statement of a round: a claim for every person, in order or late
STATEMENT = """
INSERT INTO assistance_register.claim (person_id, request_key, claim_no, ordered_at, seq, total, in_scope, region, scheme,
	care_type, level, designated, category)
SELECT p, 'k{round}-' || p, 'k{round}', timestamp '2024-01-01' + {day} * interval '1 day', {round}, 100 * (p % 97) + {round},
	   100 * (p % 97) + {round}, 'R1', 'resident', '21', '2', true, '{{low}}' FROM generate_series(1, {persons}) p;
"""


def psql(script):
    return subprocess.Popen(database.ARGUMENTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_server():
    for _ in range(600):
        if subprocess.run(["pg_isready", "-q"], check=False).returncode == 0:
            try:
                database.run("SELECT 1;")
                return
            except database.DatabaseError:
                pass
        time.sleep(0.05)
    raise SystemExit("the server did not come back")


def disturbed(script, how, delay):
    """Run a statement in a session and disturb it; true when the session acknowledged it."""
    session = psql(script)
    session.stdin.write("SELECT pg_backend_pid();\n")
    session.stdin.flush()
    backend = int(session.stdout.readline())
    session.stdin.write(script + "\n\\echo done\n")
    session.stdin.flush()
    time.sleep(delay)
    if how == "kill":
        os.kill(backend, signal.SIGKILL)
    elif how == "terminate":
        os.kill(backend, signal.SIGTERM)
    elif how == "cancel":
        os.kill(backend, signal.SIGINT)
    out, _ = session.communicate()
    return "done" in out


def check(name, wrong):
    print(f"{'not ok' if wrong else 'ok'} - {name}")
    for line in wrong[:10]:
        print(f"#   {line}")
    return not wrong


def whole(rounds, acknowledged):
    """What is not wholly there or wholly absent, and what was acknowledged and is missing"""
    wrong = []
    counts = dict(line.split("|") for line in database.run(
        "SELECT claim_no, count(*) FROM assistance_register.claim WHERE claim_no LIKE 'k%' GROUP BY 1;"))
    for name in rounds:
        n = int(counts.get(name, 0))
        if n not in (0, PERSONS) or (name in acknowledged and n == 0):
            wrong.append(f"{name}: {n} claims of {PERSONS}, acknowledged: {name in acknowledged}")
    return wrong + database.run("SELECT * FROM assistance.verify();")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--counts")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    policy = json.dumps(json.load(open(os.path.join(HERE, "policy.json"), encoding="utf-8")))
    with open(os.path.join(HERE, "codes.sql"), encoding="utf-8") as file:
        database.run(file.read())
    database.run("CALL assistance.create_register();"
                 f"SELECT assistance.publish_policy(assistance.import_policy('{policy}'), 'test');"
                 f"INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, {PERSONS});")
    start = time.monotonic()
    database.run(STATEMENT.format(round=0, day=100, persons=PERSONS))
    length = time.monotonic() - start
    rounds, acknowledged, passed, failed = ["k0"], {"k0"}, 0, 0
    happened = {}
    for number in range(1, options.rounds + 1):
        how = dice.choice(["kill", "kill", "cancel", "terminate"])
        late = dice.random() < 0.5
        script = STATEMENT.format(round=number, day=dice.randrange(90) if late else 100 + number, persons=PERSONS)
        if dice.random() < 0.3:
            script = ("INSERT INTO assistance_register.resettlement (person_id, reason) "
                      "SELECT person_id, 'again' FROM assistance_register.person;")
        else:
            rounds.append(f"k{number}")
        if disturbed(script, how, dice.uniform(0, 1.2 * length)) and "claim_no" in script:
            acknowledged.add(f"k{number}")
        wait_for_server()
        outcome = (how, "done" if f"k{number}" in acknowledged else "not acknowledged")
        happened[outcome] = happened.get(outcome, 0) + 1
        good = check(f"round {number}: {how}, {'late' if late else 'in order'}", whole(rounds, acknowledged))
        passed, failed = passed + good, failed + (not good)
    for milliseconds in (1, 5, 20, 60):
        number += 1
        rounds.append(f"k{number}")
        try:
            database.run(f"SET statement_timeout = {milliseconds};" + STATEMENT.format(round=number, day=50, persons=PERSONS))
            acknowledged.add(f"k{number}")
        except database.DatabaseError as error:
            if "statement timeout" not in str(error):
                raise
        good = check(f"statement_timeout {milliseconds} ms", whole(rounds, acknowledged))
        passed, failed = passed + good, failed + (not good)
    print(f"kills: seed {options.seed}, {happened}")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            print(passed, failed, file=out)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
