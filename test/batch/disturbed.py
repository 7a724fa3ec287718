"""settle_batch disturbed: backends killed, cancelled, two sessions on one run, a target that goes away, a file that is cut.

Afterwards the rows are those of an undisturbed run, and what the batch stored is what the register settles online, row by row.
The server is this program's own: killing a backend restarts it.
"""
import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]

import database
import servers

REGISTER = os.path.join(os.path.dirname(HERE), "register")
AMOUNTS = "total basic critical supplementary assistance tilt charity hospital patient adjustment recoverable".split()
SPLIT = ", ".join(AMOUNTS)
NET = ", ".join("n." + amount for amount in AMOUNTS)

# claims of a year, one to nine of a person; categories, levels and care types vary; everything from a hash
PREPARE = """
SET client_min_messages = warning;
CALL assistance.create_register();
{partitions}
SELECT assistance.publish_policy(assistance.import_policy('{policy}'), 'test');
INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, 2 * {persons});
CALL assistance.create_batch_runs('public.run');
CREATE FUNCTION public.draw(a bigint, b bigint, n integer) RETURNS integer LANGUAGE sql IMMUTABLE
	RETURN ((hashint8extended(a, b) & 2147483647) % n)::integer;
CREATE TABLE arrived AS
SELECT p AS person_id, 'a' || p || '/' || j AS request_key,
	   timestamp '2025-01-01' + draw(p, 10 + j, 364) * interval '1 day' AS ordered_at,
	   j AS seq, amount AS total, amount - excluded AS in_scope, excluded, 'R1' AS region, 'resident' AS scheme,
	   CASE WHEN draw(p, 50 + j, 3) = 0 THEN '11' ELSE '21' END AS care_type, (1 + draw(p, 60 + j, 3))::text AS level,
	   true AS designated,
	   CASE draw(p, 2, 4) WHEN 0 THEN '{{low}}' WHEN 1 THEN '{{poor}}' WHEN 2 THEN '{{margin}}' ELSE '{{}}' END::text[] AS category
  FROM generate_series(1::bigint, {persons}) p, generate_series(1::bigint, 1 + draw(p, 1, 9)) j,
	   LATERAL (SELECT (draw(p, 20 + j, 3000000) / 100.0)::numeric(16,2) AS amount) a,
	   LATERAL (SELECT round(amount * draw(p, 30 + j, 20) / 100, 2) AS excluded) e;
CREATE TABLE bill AS
SELECT person_id AS person, request_key, seq, ordered_at,
	assistance.make_bill(total => total, in_scope => in_scope, excluded => excluded, ordered_at => ordered_at,
	seq => seq, region => region, scheme => scheme, care_type => care_type, level => level, designated => designated,
	category => category) AS bill FROM arrived;
CREATE TABLE book AS SELECT assistance.terms_book('{{R1}}', '[2025-01-01,2026-01-01)') AS terms;
CREATE FUNCTION public.terms() RETURNS assistance.terms STABLE LANGUAGE sql RETURN (SELECT terms FROM book);
CREATE TABLE undisturbed (person bigint, request_key text, ordered_at timestamp, seq bigint, total numeric(16,2),
	basic numeric(16,2), critical numeric(16,2), supplementary numeric(16,2), assistance numeric(16,2),
	tilt numeric(16,2),
	charity numeric(16,2), hospital numeric(16,2), patient numeric(16,2), adjustment numeric(16,2), recoverable numeric(16,2));
CALL assistance.settle_batch('bill', terms(), 'undisturbed', 'run', 'undisturbed');
ANALYZE;
"""

# the same claims online, one by one as they arrive, under other numbers of persons; the sequence of arrival keeps the order key
ONLINE = """
SET synchronous_commit = off;
DO $$
DECLARE
	c arrived;
BEGIN
	FOR c IN SELECT * FROM arrived ORDER BY ordered_at, person_id, seq LOOP
		INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, seq, total, in_scope, excluded, region, scheme,
			care_type, level, designated, category)
		VALUES (c.person_id + {persons}, 'online ' || c.request_key, c.ordered_at, c.seq, c.total, c.in_scope, c.excluded, c.region,
			c.scheme, c.care_type, c.level, c.designated, c.category);
		IF random() < 0.01 THEN
			COMMIT;
		END IF;
	END LOOP;
END
$$;
"""

ONLINE_ROWS = f"""SELECT n.person_id - {{persons}}, substr(c.request_key, 8), {NET} FROM assistance_register.net_settlement n
	JOIN assistance_register.claim c USING (claim_id) WHERE n.person_id > {{persons}}"""
REGISTER_ROWS = f"""SELECT n.person_id, c.request_key, {NET} FROM assistance_register.net_settlement n
	JOIN assistance_register.claim c USING (claim_id) WHERE n.person_id <= {{persons}}"""
STORED_ROWS = f"SELECT person, request_key, {SPLIT} FROM {{table}}"

DIRECT = "CALL assistance.settle_batch('bill', terms(), '{table}', 'run', '{name}', chunks => 1000);"
# 12 MB of padding: the smallest budget is one of 8 MB, so part of it goes to the file
PADDED = "SELECT *, CASE WHEN person <= 600 THEN repeat(''x'', 4000) END AS padding FROM bill"
INSERTING = f"""CALL assistance.settle_batch('{PADDED}', terms(), '{{table}}', 'run', '{{name}}', chunks => 200, budget => 1);"""
INTO_REGISTER = """CALL assistance.settle_batch('arrived', NULL, 'assistance_register.claim', 'run', '{name}',
	chunks => 100);"""


class Session:
    """psql in the background, with the number of its backend"""

    def __init__(self, script):
        self.process = subprocess.Popen(database.ARGUMENTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.process.stdin.write("SELECT pg_backend_pid();\n")
        self.process.stdin.flush()
        self.backend = int(self.process.stdout.readline())
        self.process.stdin.write(script + "\n\\echo done\n")
        self.process.stdin.flush()

    def end(self):
        out, err = self.process.communicate()
        return "done" in out, err


def wait_for_server():
    for _ in range(1200):
        try:
            database.run("SELECT 1;")
            return
        except database.DatabaseError:
            time.sleep(0.05)
    raise SystemExit("the server did not come back")


def check(name, wrong):
    print(f"{'not ok' if wrong else 'ok'} - {name}")
    for line in wrong[:10]:
        print(f"#   {line}")
    RESULTS[bool(wrong)] += 1


RESULTS = {False: 0, True: 0}


def difference(left, right):
    """Rows that one query has and the other has not"""
    return database.run(f"(({left}) EXCEPT ALL ({right})) UNION ALL (({right}) EXCEPT ALL ({left})) LIMIT 5;")


def progress(name):
    rows = database.run(f"SELECT chunks_done, chunks, bills_stored FROM run WHERE name = '{name}';")
    return [int(value) for value in rows[0].split("|")] if rows else [0, 1, 0]


def wait_for_chunk(name, chunk, session, then="NULL;"):
    """Until so many chunks are stored or the session is over; then statements at once, in the session that looked"""
    database.run(f"""DO $$
		BEGIN
			WHILE COALESCE((SELECT chunks_done FROM run WHERE name = '{name}'), 0) < {chunk}
				AND EXISTS (SELECT FROM pg_stat_activity WHERE pid = {session.backend} AND state <> 'idle') LOOP
				PERFORM pg_sleep(0.001);
				COMMIT;
			END LOOP;
			{then}
		END $$;""")


def kill_at_chunk(name, chunk, session):
    """Kill the session from within the server, before a short run is over; true if it was not over"""
    try:
        # then sleep until the server has noticed and ends all its sessions: nobody is let in from there until it has recovered
        wait_for_chunk(name, chunk, session, f"COPY (SELECT 1) TO PROGRAM 'kill -9 {session.backend}'; PERFORM pg_sleep(60);")
    except database.DatabaseError:
        pass
    return not session.end()[0]


def kill_and_go_on(kind, call, stored, dice):
    """Kill the backend some times, each time somewhere behind where it was; every call goes on."""
    killed = 0
    wrong = []
    step = int(call.split("chunks => ")[1].split(",")[0].split(")")[0]) // 8
    for _ in range(20):
        done, chunks, _ = progress(kind)
        if done == chunks:
            break
        session = Session(call)
        if killed < 3:
            killed += kill_at_chunk(kind, done + dice.randrange(1, step), session)
        else:
            session.end()
        wait_for_server()
        done, chunks, bills = progress(kind)
        rows = int(database.run(f"SELECT count(*) FROM ({stored}) s;")[0])
        if rows != bills:
            wrong.append(f"{rows} rows, but {bills} are marked as stored after {done} chunks")
    if killed < 3 or done != chunks:
        wrong.append(f"{killed} kills, {done} of {chunks} chunks")
    return wrong


def kills(persons, dice):
    expected = STORED_ROWS.format(table="undisturbed")
    # a row takes long enough for three kills
    database.run("CREATE FUNCTION slowly() RETURNS bool LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.0002); RETURN true; END';")
    for kind, call, make in (
            ("killed directly", DIRECT, "CREATE TABLE split_direct (LIKE undisturbed, CHECK (slowly()))"),
            ("killed inserting", INSERTING, "CREATE TABLE split_insert (LIKE undisturbed, padding text, CHECK (slowly()), "
                                            "FOREIGN KEY (person) REFERENCES assistance_register.person)")):
        database.run(make + ";")
        table = make.split()[2]
        stored = STORED_ROWS.format(table=table)
        wrong = kill_and_go_on(kind, call.format(table=table, name=kind), stored, dice)
        check(f"{kind}, three times: the rows of an undisturbed run", wrong + difference(expected, stored))
    stored = REGISTER_ROWS.format(persons=persons)
    wrong = kill_and_go_on("killed in the register", INTO_REGISTER.format(name="killed in the register"), stored, dice)
    check("killed in the register, three times: the rows of an undisturbed run",
          wrong + difference(expected, stored) + database.run("SELECT * FROM assistance.verify();"))


def cancels(dice):
    """Milliseconds from the signal to the error, while reading and while storing"""
    database.run("CREATE TABLE split_cancelled (LIKE undisturbed);")
    slow = ("CALL assistance.settle_batch('SELECT b.person + 1000000 * g AS person, b.bill, b.request_key FROM bill b, "
            "generate_series(1, 2000) g', terms(), 'split_cancelled', 'run', '{name}', chunks => 4);")
    times = []
    for number in range(9):
        name = f"cancelled {number}"
        session = Session(slow.format(name=name))
        time.sleep(0.2 + dice.random())
        start = time.monotonic()
        os.kill(session.backend, signal.SIGINT)
        done, error = session.end()
        times.append((time.monotonic() - start) * 1000)
        if done or "canceling statement" not in error:
            check(f"cancelled within 100 ms: {name} was over too soon", [error])
            return
    middle = statistics.median(times)
    print(f"# cancelled after {', '.join(f'{t:.0f}' for t in sorted(times))} ms")
    check("cancelled within 100 ms (median of nine)", [f"{middle:.0f} ms"] if middle > 100 else [])


def two_sessions():
    """Both start the same run at once: one stores it, the other is refused or finds it complete"""
    wrong = []
    for number in range(3):
        name = f"two {number}"
        database.run(f"CREATE TABLE split_two_{number} (LIKE undisturbed);")
        call = DIRECT.format(table=f"split_two_{number}", name=name)
        sessions = [Session(call), Session(call)]
        ends = [session.end() for session in sessions]
        if not any(done for done, _ in ends):
            wrong.append(f"nobody stored it: {ends}")
        wrong += [error for done, error in ends if not done and "another session works on this run" not in error]
        wrong += difference(STORED_ROWS.format(table="undisturbed"), STORED_ROWS.format(table=f"split_two_{number}"))
    check("two sessions on one run, three times: every row once", wrong)


def dropped_target():
    """The target goes away, and comes back as another table of that name"""
    make = "CREATE TABLE split_dropped (LIKE undisturbed, CHECK (slowly()));"
    database.run(make)
    session = Session(DIRECT.format(table="split_dropped", name="dropped"))
    wait_for_chunk("dropped", 20, session, "DROP TABLE split_dropped; " + make)
    done, error = session.end()
    wrong = [] if not done and "the target is gone" in error else [f"done: {done}", error]
    check("a target that is dropped in mid-run is missed, and nothing goes into another of its name",
          wrong + database.run("SELECT * FROM split_dropped;"))
    database.run("ALTER TABLE split_dropped RENAME TO split_altered;")
    session = Session(DIRECT.format(table="split_altered", name="altered"))
    wait_for_chunk("altered", 20, session, "ALTER TABLE split_altered ALTER patient TYPE float8;")
    done, error = session.end()
    wrong = [] if not done and "have changed" in error else [f"done: {done}", error]
    database.run(DIRECT.format(table="split_altered", name="altered"))
    check("a target that is altered in mid-run is refused; the next call goes on with it as it is",
          wrong + difference(STORED_ROWS.format(table="undisturbed"),
                             STORED_ROWS.format(table="split_altered").replace("patient", "patient::numeric(16,2)")))


# after the first chunks, when all that belongs into the file has been written
CUT = """
CREATE TABLE split_cut (LIKE undisturbed, padding text);
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('COPY (SELECT) TO PROGRAM %L', format('truncate -s 0 base/pgsql_tmp/pgsql_tmp%s.*', pg_backend_pid()));
	RETURN NEW;
END
$$;
CREATE TRIGGER cut BEFORE UPDATE ON run FOR EACH ROW WHEN (NEW.name = 'cut' AND NEW.chunks_done = 10 AND OLD.chunks_done = 9)
	EXECUTE FUNCTION cut();
"""


def cut_file():
    """The temporary file loses what was written: told as that, and no chunk is stored of what is left"""
    database.run(CUT)
    done, error = Session(INSERTING.format(table="split_cut", name="cut")).end()
    told = "is shorter than what was written" in error and "DETAIL:  Read " in error
    wrong = [] if not done and told else [f"done: {done}", error]
    chunks, _, bills = progress("cut")
    rows = int(database.run("SELECT count(*) FROM split_cut;")[0])
    wrong += [] if 9 <= chunks < 200 and rows == bills else [f"{chunks} chunks, {rows} rows, {bills} marked as stored"]
    database.run("DROP TRIGGER cut ON run;" + INSERTING.format(table="split_cut", name="cut"))
    check("a temporary file that is cut in mid-run is refused; the next call goes on",
          wrong + difference(STORED_ROWS.format(table="undisturbed"), STORED_ROWS.format(table="split_cut")))


def play(options):
    dice = random.Random(options.seed)
    policy = json.dumps(json.load(open(os.path.join(REGISTER, "policy.json"), encoding="utf-8")))
    database.run("SET client_min_messages = warning; CREATE EXTENSION assistance CASCADE;")
    with open(os.path.join(REGISTER, "codes.sql"), encoding="utf-8") as file:
        database.run(file.read())
    database.run(PREPARE.format(policy=policy, persons=options.persons, partitions=database.partitions()))
    kills(options.persons, dice)
    database.run(ONLINE.format(persons=options.persons))
    check(f"{options.persons} persons settled online: the rows that the batch stored",
          difference(STORED_ROWS.format(table="undisturbed"), ONLINE_ROWS.format(persons=options.persons)))
    two_sessions()
    dropped_target()
    cut_file()
    cancels(dice)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--counts")
    options = parser.parse_args()
    servers.leave_on_signals()
    server = servers.Server("batch", {"synchronous_commit": "on", "restart_after_crash": "on"})
    server.start()
    os.environ["PGHOST"], os.environ["PGDATABASE"] = server.base, "postgres"
    try:
        play(options)
    finally:
        server.stop()
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            print(RESULTS[False], RESULTS[True], file=out)
    return 1 if RESULTS[True] else 0


if __name__ == "__main__":
    sys.exit(main())
