"""Sessions that settle and settle again while something breaks: a backend, the postmaster or another process of the server is
killed, a statement is cancelled, terminated or times out, the disk with the tables or the one with the WAL is full.

Afterwards, in every round: each statement is wholly there or not at all, every request that a session was told is settled is
there (the sessions keep their own log of these), requests sent again are settled once, and verify() finds nothing. The server
is this program's own; a round's faults follow from the seed.
"""
import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]

import database
import servers

PERSONS = 240
ROUNDS_OF_A_DATABASE = 20
REQUESTS = 40
# each at least once in ten rounds, then by dice
FAULTS = ["kill backend", "kill postmaster", "full tables", "cancel", "timeout", "kill backend", "full log", "kill everything",
          "kill process", "terminate"]
# what a session may be told; anything else is a defect
EXPECTED = re.compile("terminating connection|server closed the connection|connection to server was lost|canceling statement|"
                      "No space left|File too large|could not extend file|could not write|recovery mode|starting up|shutting down|"
                      "not yet accepting|Connection refused|No such file or directory")

# a claim for every person in one statement, in order or late
BATCH = """
INSERT INTO assistance_register.claim (person_id, request_key, claim_no, ordered_at, seq, total, in_scope, region, scheme,
    care_type, level, designated, category)
SELECT p, 'k{round}-' || p, 'k{round}', timestamp '2024-01-01' + {day} * interval '1 day', {round}, 100 * (p % 97) + {round},
       100 * (p % 97) + {round}, 'R1', 'resident', '21', '2', true, '{{low}}' FROM generate_series(1, {persons}) p;
"""
AGAIN = """INSERT INTO assistance_register.resettlement (person_id, reason)
    SELECT person_id, 'again' FROM assistance_register.person;
"""
# one claim, as a window sends it; reversed now and then
REQUEST = """SELECT repeated FROM assistance.settle_claim({person}, '{key}', timestamp '2024-01-01' + {day} * interval '1 day',
    {yuan}, {yuan}, seq => {seq}, region => 'R1', scheme => 'resident', care_type => '21', level => '2', designated => true,
    category => '{{low}}');
"""
REVERSE = """SELECT count(*) FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim
    WHERE request_key = '{of}'), '{key}', 'wrong');
"""


class Session:
    """psql that runs a script and stops at the first error. What it echoes after a statement was acknowledged before."""

    def __init__(self, script):
        self.errors = tempfile.TemporaryFile("w+", encoding="utf-8")
        self.file = tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8")
        self.file.write("SELECT pg_backend_pid();\n" + script)
        self.file.flush()
        self.psql = subprocess.Popen(database.ARGUMENTS + ["-f", self.file.name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=self.errors, text=True)
        line = self.psql.stdout.readline().strip()
        self.backend = int(line) if line.isdigit() else None

    def acknowledged(self):
        """The keys that were acknowledged; waits for the end of the session."""
        out, _ = self.psql.communicate()
        self.file.close()
        return {line[4:] for line in out.splitlines() if line.startswith("ack ")}

    def unexpected(self):
        self.errors.seek(0)
        return [line for line in self.errors.read().splitlines()
                if re.search("(ERROR|FATAL|PANIC|error): ", line) and not EXPECTED.search(line)]


class Round:
    """What the sessions of a round send, and the fault"""

    def __init__(self, dice, number, fault):
        self.dice, self.number, self.fault = dice, number, fault
        late = dice.random() < 0.5
        day = dice.randrange(90) if late else 100 + number
        self.batch = f"k{number}" if fault == "full tables" or dice.random() < 0.7 else None
        script = BATCH.format(round=number, day=day, persons=PERSONS) if self.batch else AGAIN
        if fault == "timeout":
            script = f"SET statement_timeout = {dice.choice([1, 5, 20, 60])};\n" + script
        self.what = f"{fault}, {('a late batch' if late else 'a batch') if self.batch else 'settling everybody again'}"
        self.scripts = [script + (f"\\echo ack {self.batch}\n" if self.batch else "")]
        self.requests = {}
        self.scripts += [self.window(name) for name in "ab"]

    def window(self, name):
        """Single requests, a person as often as not met by the batch at the same time; every sixth takes one back"""
        script, sent = "", []
        for n in range(REQUESTS):
            key = f"w{self.number}{name}{n}"
            if sent and self.dice.random() < 0.17:
                statement = REVERSE.format(of=sent.pop(self.dice.randrange(len(sent))), key=key)
            else:
                seq = 1000000 + self.number * 1000 + n * 2 + (name == "b")
                statement = REQUEST.format(person=self.dice.randrange(1, PERSONS + 1), key=key, seq=seq,
                                           day=self.dice.randrange(200), yuan=self.dice.randrange(1, 5000))
                sent.append(key)
            self.requests[key] = statement
            script += statement + f"\\echo ack {key}\n"
        return script


class Kills:
    """The server, the volumes it stands on, and what was acknowledged"""

    def __init__(self, options):
        self.options = options
        self.dice = random.Random(options.seed)
        self.tables = servers.Volume("tables", 1024)
        self.wal = servers.Volume("wal", 1024)
        self.server = None
        self.rounds, self.acknowledged, self.requests = [], set(), {}
        self.passed = self.failed = self.skipped = 0
        self.happened = {}

    def close(self):
        if self.server is not None:
            self.server.stop()
        self.tables.close()
        self.wal.close()

    # ---- the server ----

    def start(self):
        self.server = servers.Server("kills", {"synchronous_commit": "on", "restart_after_crash": "on", "checkpoint_timeout": "30s",
                                               "max_wal_size": "32MB", "min_wal_size": "2MB", "wal_recycle": "off"},
                                     ["--wal-segsize", "1", "-X", os.path.join(self.wal.inside, "wal")])
        os.environ.update(PGHOST=self.server.base, PGDATABASE="postgres")
        self.server.start()
        database.run(f"CREATE TABLESPACE small LOCATION '{self.tables.inside}'; CREATE DATABASE template;")
        os.environ["PGDATABASE"] = "template"
        with open(os.path.join(HERE, "policy.json"), encoding="utf-8") as file:
            policy = json.dumps(json.load(file))
        with open(os.path.join(HERE, "codes.sql"), encoding="utf-8") as file:
            codes = file.read()
        database.run("SET client_min_messages = warning; CREATE EXTENSION assistance CASCADE;" + codes +
                     "CALL assistance.create_register();"
                     f"SELECT assistance.publish_policy(assistance.import_policy('{policy}'), 'test');"
                     f"INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, {PERSONS});")

    def fresh_database(self, number):
        """All tables of it stand on the small volume."""
        os.environ["PGDATABASE"] = "postgres"
        if self.rounds:
            database.run("DROP DATABASE kills;")
        database.run("CREATE DATABASE kills TEMPLATE template TABLESPACE small;")
        os.environ["PGDATABASE"] = "kills"
        name = f"k{number}"
        start = time.monotonic()
        database.run(BATCH.format(round=number, day=100, persons=PERSONS))
        self.length = time.monotonic() - start
        self.rounds, self.acknowledged, self.requests = [name], {name}, {}

    def up_again(self):
        """Until the server answers; started again where it gave up."""
        if not self.server.wait():
            self.server.start()

    # ---- faults ----

    def before(self, fault):
        if fault == "full tables" and self.tables.mounted:
            self.tables.leave(self.dice.randrange(0, 800))
        elif fault == "full tables":
            self.limit_files()
        elif fault == "full log" and self.wal.mounted:
            self.wal.leave(self.dice.randrange(0, 1200))

    def strike(self, fault, sessions):
        victim = self.dice.choice([session for session in sessions if session.backend] or [None])
        try:
            if fault == "kill backend":
                os.kill(victim.backend, signal.SIGKILL)
            elif fault == "kill process":
                children = self.server.children()
                background = [child for child, title in children.items() if re.search("checkpointer|writer|launcher", title)]
                os.kill(self.dice.choice(sorted(background)), signal.SIGKILL)
            elif fault in ("kill postmaster", "kill everything"):
                self.server.kill(everybody=fault == "kill everything")
            elif fault in ("cancel", "terminate"):
                database.run(f"SELECT pg_{fault}_backend({victim.backend});")
        except (ProcessLookupError, AttributeError):
            pass

    def limit_files(self):
        """Where no volume can be mounted: a server whose files cannot grow, but for those of the WAL, which are smaller."""
        largest = int(database.run("SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relfilenode > 0;")[0])
        self.server.stop()
        self.server.start(file_limit=max(largest, 1024 * 1024) + 8192 * self.dice.randrange(1, 8))

    def after(self, fault):
        if fault == "full tables" and self.tables.mounted:
            self.tables.widen()
        elif fault == "full tables":
            self.server.stop()
        elif fault == "full log" and self.wal.mounted:
            self.wal.widen()

    # ---- what must hold ----

    def repeat(self, requests):
        """Requests without an answer are sent again, and some that had one: each is settled, once."""
        missing = [key for key in requests if key not in self.acknowledged]
        script = ""
        for key in missing[:3]:
            script += requests[key]
        for key in [key for key in requests if key in self.acknowledged][:3]:
            script += requests[key].replace("SELECT repeated", f"SELECT '{key} settled twice' WHERE NOT (SELECT repeated").replace(
                ";\n", ");\n") if "settle_claim" in requests[key] else requests[key]
        try:
            lines = database.run(script)
        except database.DatabaseError as error:
            # the claim that a reversal takes back never came
            return [] if "MA703" in str(error) or "cannot be reversed" in str(error) else [str(error)]
        self.acknowledged.update(missing[:3])
        return [line for line in lines if "settled twice" in line]

    def findings(self):
        """What is not wholly there or wholly absent, what was acknowledged and is missing, and what verify() finds"""
        wrong = []
        counts = dict(line.split("|") for line in database.run(
            "SELECT claim_no, count(*) FROM assistance_register.claim WHERE claim_no LIKE 'k%' GROUP BY 1;"))
        for name in self.rounds:
            n = int(counts.get(name, 0))
            if n not in (0, PERSONS) or (name in self.acknowledged and n == 0):
                wrong.append(f"{name}: {n} claims of {PERSONS}, acknowledged: {name in self.acknowledged}")
        stored = set(database.run("SELECT c.request_key FROM assistance_register.claim c JOIN assistance_register.settlement s "
                                  "USING (person_id, claim_id) WHERE c.request_key LIKE 'w%' AND s.revision = 1;"))
        wrong += [f"{key} was acknowledged and is missing" for key in self.acknowledged - stored - set(self.rounds)]
        wrong += [f"{key} was never sent" for key in stored - set(self.requests)]
        return wrong + database.run("SELECT * FROM assistance.verify();")

    # ---- rounds ----

    def play(self, number, fault):
        this = Round(self.dice, number, fault)
        self.requests.update(this.requests)
        if this.batch:
            self.rounds.append(this.batch)
        self.before(fault)
        sessions = [Session(script) for script in this.scripts]
        if fault == "full log" and not self.wal.mounted:
            self.skipped += 1
            this.what += " # SKIP no volume can be mounted"
        time.sleep(self.dice.uniform(0, self.dice.choice([1, 1, 3]) * self.length))
        self.strike(fault, sessions)
        known = set().union(*(session.acknowledged() for session in sessions))
        self.after(fault)
        self.up_again()
        wrong = sum((session.unexpected() for session in sessions), [])
        self.acknowledged |= known
        requests = self.acknowledged & set(this.requests)
        wrong += self.findings()
        wrong += self.repeat(this.requests) + self.findings()
        outcome = self.happened.setdefault(fault, [0, 0, 0, 0])
        for place, count in enumerate((1, this.batch in known, len(requests), len(this.requests) - len(requests))):
            outcome[place] += count
        self.report(f"round {number}: {this.what}; {len(requests)} of {len(this.requests)} requests acknowledged", wrong)

    def report(self, name, wrong):
        print(f"{'not ok' if wrong else 'ok'} - {name}", flush=True)
        for line in wrong[:10]:
            print(f"#   {line}")
        self.passed += not wrong
        self.failed += bool(wrong)

    def play_all(self):
        self.start()
        for number in range(1, self.options.rounds + 1):
            if number % ROUNDS_OF_A_DATABASE == 1:
                self.fresh_database(1000 * number)
            self.play(number, FAULTS[number - 1] if number <= len(FAULTS) else self.dice.choice(FAULTS))
        amcheck = subprocess.run(["pg_amcheck", "--install-missing", "--heapallindexed"], capture_output=True, text=True,
                                 check=False)
        self.report("tables and indexes are sound", (amcheck.stdout + amcheck.stderr).splitlines() if amcheck.returncode else [])
        with open(self.server.log, encoding="utf-8", errors="replace") as log:
            crashes = [line for line in log if re.search("signal (4|6|7|8|11)\\b|TRAP:|Sanitizer", line)]
        # a full disk of the WAL ends in PANIC, which is an abort
        aborts = sum("PANIC" in line for line in open(self.server.log, encoding="utf-8", errors="replace"))
        self.report("no process crashed by itself", crashes if len(crashes) > aborts else [])
        for fault, (rounds, batches, told, untold) in sorted(self.happened.items()):
            print(f"# {fault}: {rounds} rounds, {batches} batches acknowledged, requests {told} acknowledged, {untold} not")
        print(f"kills: seed {self.options.seed}, {self.options.rounds} rounds, {aborts} PANIC, {self.skipped} skipped")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--counts")
    options = parser.parse_args()
    servers.leave_on_signals()
    kills = Kills(options)
    try:
        kills.play_all()
    finally:
        kills.close()
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            print(kills.passed, kills.failed, file=out)
    return 1 if kills.failed else 0


if __name__ == "__main__":
    sys.exit(main())
