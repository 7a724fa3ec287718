"""Every wrongdoing through every door: what docs/register.md, section 5, forbids, in each way in which a row can come into a
payment table, on tables of five shapes, and by two sessions at each isolation level. Each cell has a bill of its own and must
be refused with the SQLSTATE of its wrongdoing; what is right must come in through the same doors. In the end an oracle in SQL
looks at what stands. Doors of the register's own payments and claims: register_doors.py.
"""
import argparse
import itertools
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]

import database

LEVELS = ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]

# ---- what is wrong, and what it is refused with ----

# A row: (layer, amount), (layer, amount, state), or with "back": a row of a refund that takes the bill back. A bill is of 100
# yuan. "of": the row replaces the row of that number (from 0) of those that stand, by an UPDATE. Order: basic critical
# supplementary assistance tilt charity.
BASIC = [("basic", 30)]
INSURED = [("basic", 30), ("critical", 20)]
ALL = INSURED + [("supplementary", 0), ("assistance", 40)]
WRONG = [
    # 保险在先、救助在后: before every earlier layer is settled
    ("assistance before any insurer", [], [("assistance", 10)], "MA602"),
    ("assistance before the critical insurer", BASIC, [("assistance", 10)], "MA602"),
    ("assistance before a layer placed before it", INSURED, [("assistance", 10)], "MA602"),
    ("critical before basic", [], [("critical", 10)], "MA602"),
    ("tilt before assistance", INSURED + [("supplementary", 0)], [("tilt", 10)], "MA602"),
    ("charity before assistance", INSURED + [("supplementary", 0)], [("charity", 10)], "MA602"),
    ("an assistance of 0 before its turn", BASIC, [("assistance", 0)], "MA602"),
    ("a gap within one statement", [], [("basic", 30), ("assistance", 10)], "MA602"),
    # 重复报销: a second payment of a layer
    ("basic twice", BASIC, [("basic", 5)], "MA603"),
    ("assistance twice", ALL, [("assistance", 5)], "MA603"),
    ("the same amount twice", BASIC, [("basic", 30)], "MA603"),
    ("twice in one statement", [], [("basic", 30), ("basic", 5)], "MA603"),
    ("paid and waived", BASIC, [("basic", None, "waived")], "MA603"),
    ("paid again under another code", BASIC, [("basic_b", 5)], "MA603"),
    # withdrawn or lowered under a later layer
    ("basic withdrawn under critical", INSURED, [("basic", -30, "back")], "MA604"),
    ("basic withdrawn under assistance", ALL, [("basic", -30, "back")], "MA604"),
    ("basic lowered under critical", INSURED, [("basic", -30, "back"), ("basic", 20)], "MA604"),
    ("critical lowered under assistance", ALL, [("critical", -20, "back"), ("critical", 10)], "MA604"),
    # 超费用报销
    ("beyond the bill by a fen", [], [("basic", 100.01)], "MA605"),
    ("beyond the bill together", INSURED, [("supplementary", 50.01)], "MA605"),
    ("beyond the bill in one statement", [], [("basic", 60), ("critical", 40.01)], "MA605"),
    ("raised beyond the bill", INSURED, [("basic", -30, "back"), ("basic", 80.01), ("critical", -20, "back"), ("critical", 20)],
     "MA605"),
    # what cannot be judged
    ("an unknown layer", INSURED, [("lottery", 1)], "MA606"),
    ("an unknown bill", [], [("basic", 1, "lost")], "MA607"),
    ("a negative amount that takes nothing back", BASIC, [("critical", -1)], "MA608"),
    ("a positive amount that takes back", BASIC, [("basic", 30, "back")], "MA609"),
    ("taking back what is not there", BASIC, [("critical", -20, "back")], "MA609"),
    ("taking back a part", BASIC, [("basic", -10, "back")], "MA609"),
    ("taking back twice", [("basic", 30), ("basic", -30, "back")], [("basic", -30, "back")], "MA609"),
    ("taking back twice in one statement", BASIC, [("basic", -30, "back"), ("basic", -30, "back")], "MA609"),
    ("no layer", BASIC, [(None, 1)], "MA610"),
    ("no amount", BASIC, [("critical", None)], "MA610"),
    ("no bill", BASIC, [("critical", 1, "nowhere")], "MA610"),
    ("an amount on a waived layer", BASIC, [("critical", 1, "waived")], "MA612"),
    ("an unknown state", BASIC, [("critical", 1, "pending")], "MA612"),
    ("NaN", BASIC, [("critical", "NaN")], "22003"),
    ("infinity", BASIC, [("critical", "Infinity")], "22003"),
    ("beyond every bill", BASIC, [("critical", 10000000000000.01)], "22003"),
    ("half a fen", BASIC, [("critical", 0.005)], "22023"),
    # what stands is changed: only where a door updates
    ("basic raised in place beyond the bill", INSURED, [("basic", 80.01, None, 0)], "MA605"),
    ("basic lowered in place under critical", INSURED, [("basic", 20, None, 0)], "MA604"),
    ("basic turned into another layer under critical", INSURED, [("supplementary", 30, None, 0)], "MA604"),
    ("critical turned into basic", INSURED, [("basic", 20, None, 1)], "MA603"),
    ("assistance turned into tilt", ALL, [("tilt", 40, None, 3)], "MA604"),
]
RIGHT = [
    ("basic first", [], BASIC),
    ("all layers in one statement", [], [("assistance", 40), ("critical", 20), ("basic", 30), ("supplementary", 10)]),
    ("assistance after waived insurers", [("basic", None, "waived"), ("critical", None, "not_applicable"),
                                          ("supplementary", None, "waived")],
     [("assistance", 100)]),
    ("a waiver before its turn", [], [("critical", None, "waived")]),
    ("the whole settled again, lower", ALL, [("basic", -30, "back"), ("basic", 20), ("critical", -20, "back"), ("critical", 20),
                                             ("supplementary", 0, "back"), ("supplementary", 0),
                                             ("assistance", -40, "back"), ("assistance", 48)]),
    ("what no layer pays", [], [("parked", 17)]),
]

# ---- tables: (name of bill column, reverses, layer, state, amount), codes ----


class Layout:
    """A bill table and a payment table with the guard on it"""
    columns = ["bill", "reverses", "layer", "state", "amount"]
    codes = {"basic_b": "basic2"}
    words = {}
    key = staticmethod(str)
    bills = ("bill", "id", "total", "bigint")
    updates = None          # what an UPDATE door answers before the guard is asked
    per_row = False
    by_partition = False

    def __init__(self, name):
        self.name = name

    def arguments(self):
        bill, reverses, layer, state, amount = self.columns
        table, key, total, _ = self.bills
        return (f"'claim={bill}', 'reverses={reverses}', 'layer={layer}', 'amount={amount}', 'state={state}{self.state_words()}', "
                f"'bill={table}({key}, {total})', 'order=basic critical supplementary assistance tilt charity', "
                f"'map={self.map()} parked:-'")

    def state_words(self):
        return ""

    def map(self):
        return "basic2:basic"

    def table(self):
        bill, reverses, layer, state, amount = self.columns
        kind = self.bills[3]
        return (f"id bigint PRIMARY KEY, {bill} {kind}, {reverses} {kind}, {layer} text, {state} text, {amount} numeric")

    def triggers(self, table="pay"):
        for event, tables in [("INSERT", "NEW TABLE AS n"), ("UPDATE", "OLD TABLE AS o NEW TABLE AS n"),
                              ("DELETE", "OLD TABLE AS o")]:
            yield (f"CREATE TRIGGER insurer_first_{event.lower()} AFTER {event} ON {table} REFERENCING {tables} FOR EACH STATEMENT "
                   f"EXECUTE FUNCTION assistance.insurer_first({self.arguments()});")

    def create(self):
        bill, reverses = self.columns[:2]
        table, key, total, kind = self.bills
        yield f"CREATE SCHEMA {self.name}; SET search_path = {self.name}, public;"
        yield f"CREATE TABLE {table} ({key} {kind} PRIMARY KEY, {total} numeric(16,2));"
        yield f"CREATE TABLE pay ({self.table()});"
        yield f"CREATE INDEX ON pay ({bill}); CREATE INDEX ON pay ({reverses});"
        yield from self.triggers()
        yield "CREATE VIEW pay_view AS SELECT * FROM pay;"
        yield "CREATE TABLE inbox (LIKE pay);"
        yield ("CREATE FUNCTION forward() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO pay SELECT * FROM new_rows; "
               f"RETURN NULL; END $$; ALTER FUNCTION forward() SET search_path = {self.name};"
               "CREATE TRIGGER forward AFTER INSERT ON inbox REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT "
               "EXECUTE FUNCTION forward();")

    def row(self, number, bill, row):
        """id, bill, reverses, layer, state, amount"""
        layer, amount, state = (*row, None)[:3]
        layer = self.codes.get(layer, layer)
        place = {"back": (self.key(bill + 500000), self.key(bill)), "lost": (self.key(bill + 700000), None),
                 "nowhere": (None, None)}
        of, back = place.get(state, (self.key(bill), None))
        return [number, of, back, layer, None if state in place else self.words.get(state, state), amount]


class National(Layout):
    """Names and codes of the national interface"""
    columns = ["setl_id", "init_setl_id", "fund_pay_type", "pay_stas", "fund_payamt"]
    codes = {"basic": "390100", "basic_b": "310100", "critical": "390200", "supplementary": "370100", "assistance": "610100",
             "parked": "999996", "lottery": "888888"}
    words = {"waived": "W", "not_applicable": "N"}
    key = staticmethod(lambda number: f"S{number:08d}")
    bills = ("setlinfo", "setl_id", "medfee_sumamt", "varchar(30)")

    def state_words(self):
        return "(W:waived N:not_applicable P:paid)"

    def map(self):
        return "310100:basic 390100:basic 390200:critical 370100:supplementary 610100:assistance 999996:-"


class Deferred(Layout):
    """Judged at commit; there is no form for UPDATE, so such a table is append only."""
    updates = "MA611"
    per_row = True

    def triggers(self, table="pay"):
        yield (f"CREATE CONSTRAINT TRIGGER insurer_first AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
               f"EXECUTE FUNCTION assistance.insurer_first({self.arguments()});")
        yield (f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT "
               f"EXECUTE FUNCTION assistance.append_only(); ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;")


class Partitioned(Layout):
    """Partitions by range of the key; what stands and what comes are in different ones."""
    by_partition = True

    def table(self):
        return super().table() + ") PARTITION BY RANGE (id"

    def triggers(self, table="pay"):
        yield "CREATE TABLE pay_even PARTITION OF pay FOR VALUES FROM (0) TO (100000000);"
        yield "CREATE TABLE pay_odd PARTITION OF pay FOR VALUES FROM (100000000) TO (200000000);"
        for table in ("pay", "pay_even", "pay_odd"):
            yield from super().triggers(table)


class PartitionedDeferred(Partitioned, Deferred):
    """The constraint form, which the server clones to the partitions"""

    def triggers(self, table="pay"):
        yield "CREATE TABLE pay_even PARTITION OF pay FOR VALUES FROM (0) TO (100000000);"
        yield "CREATE TABLE pay_odd PARTITION OF pay FOR VALUES FROM (100000000) TO (200000000);"
        constraint, guard = Deferred.triggers(self, "pay")
        yield constraint
        for table in ("pay", "pay_even", "pay_odd"):
            yield guard.replace(" ON pay ", f" ON {table} ").replace("ALTER TABLE pay ", f"ALTER TABLE {table} ")


LAYOUTS = [Layout("plain"), National("national"), Deferred("deferred"), Partitioned("partitioned"),
           PartitionedDeferred("parts_deferred")]

# ---- doors ----


def literal(value):
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"


def values(rows, kind):
    """A VALUES list whose columns have types also where all are null"""
    types = ["bigint", kind, kind, "text", "text", "numeric"]
    return ", ".join("(" + ", ".join(f"{literal(v)}::{t}" for v, t in zip(row, types)) + ")" for row in rows)


# right payments beside the wrong one, on bills of their own
OTHERS = 4


def other_bill(row, n):
    return 10000000 + row % 100000000 // 1000 * 10 + n


class Doors:
    """The statements that bring rows in, for one layout. Those that update find parked rows, which no layer pays."""

    def __init__(self, layout, merge):
        self.layout = layout
        self.merge = merge
        self.kind = layout.bills[3]
        self.columns = ["id", *layout.columns]

    def names(self, qualifier=""):
        return ", ".join(qualifier + column for column in self.columns)

    def assign(self, source):
        return ", ".join(f"{column} = {source}.{column}" for column in self.columns[1:])

    def source(self, rows):
        return f"(VALUES {values(rows, self.kind)}) AS v ({self.names()})"

    def insert(self, rows):
        return f"INSERT INTO pay VALUES {values(rows, self.kind)};"

    def select(self, rows):
        return f"INSERT INTO pay SELECT * FROM {self.source(rows)};"

    def copy(self, rows):
        return database.copy("pay", rows)

    def conflict_nothing(self, rows):
        return f"INSERT INTO pay VALUES {values(rows, self.kind)} ON CONFLICT DO NOTHING;"

    def conflict_insert(self, rows):
        return f"INSERT INTO pay AS p VALUES {values(rows, self.kind)} ON CONFLICT (id) DO UPDATE SET {self.assign('excluded')};"

    def merge_insert(self, rows):
        return (f"MERGE INTO pay p USING {self.source(rows)} ON p.id = v.id WHEN NOT MATCHED THEN INSERT ({self.names()}) "
                f"VALUES ({self.names('v.')});")

    def with_query(self, rows):
        return f"WITH w AS (INSERT INTO pay VALUES {values(rows, self.kind)} RETURNING id) SELECT count(*) AS w FROM w \\gset"

    def prepared(self, rows):
        return f"PREPARE door AS INSERT INTO pay VALUES {values(rows, self.kind)};\nEXECUTE door;\nDEALLOCATE door;"

    def view(self, rows):
        return f"INSERT INTO pay_view VALUES {values(rows, self.kind)};"

    def function(self, rows):
        return f"DO $do$ BEGIN INSERT INTO pay VALUES {values(rows, self.kind)}; END $do$;"

    def trigger(self, rows):
        return f"INSERT INTO inbox VALUES {values(rows, self.kind)};"

    def among_many(self, rows):
        """Between right payments on many other bills"""
        other = [self.layout.row(rows[0][0] + 100 + n, other_bill(rows[0][0], n), ("basic", 1)) for n in range(OTHERS)]
        return self.insert(other[:2] + rows + other[2:])

    def partition(self, rows):
        return f"INSERT INTO pay_odd VALUES {values(rows, self.kind)};"

    def partition_copy(self, rows):
        return database.copy("pay_odd", rows)

    def update(self, rows):
        return f"UPDATE pay p SET {self.assign('v')} FROM {self.source(rows)} WHERE p.id = v.id;"

    def update_view(self, rows):
        return f"UPDATE pay_view p SET {self.assign('v')} FROM {self.source(rows)} WHERE p.id = v.id;"

    def conflict_update(self, rows):
        return self.conflict_insert(rows)

    def merge_update(self, rows):
        return f"MERGE INTO pay p USING {self.source(rows)} ON p.id = v.id WHEN MATCHED THEN UPDATE SET {self.assign('v')};"

    def inserting(self):
        found = ["insert", "select", "copy", "conflict_nothing", "with_query", "prepared", "view", "function", "trigger",
                 "among_many"]
        # a statement that may update fires what stands before an UPDATE, whether it updates or not
        found += ["conflict_insert"]
        if self.merge:
            found.append("merge_insert")
        return found + (["partition", "partition_copy"] if self.layout.by_partition else [])

    def updating(self):
        return ["update", "update_view", "conflict_update"] + (["merge_update"] if self.merge else [])


# ---- cells ----


class Matrix:
    def __init__(self, merge):
        self.merge = merge
        self.bill = 0
        self.script = []
        self.cells = []

    def numbered(self, layout, doors, door, rows, bill, standing):
        """Rows with their keys: new ones, those of rows that stand, or those of parked rows"""
        first = 100000000 + bill * 1000 if layout.by_partition else bill * 1000 + 500
        found = []
        for n, row in enumerate(rows):
            number = bill * 1000 + row[3] if len(row) == 4 else first + n
            found.append(layout.row(number, bill, row[:3] if row[2:3] != (None,) else row[:2]))
        return found

    def cell(self, layout, doors, door, name, standing, rows, code):
        self.bill += 1
        bill = self.bill
        table, key, total, _ = layout.bills
        script = [f"INSERT INTO {table} VALUES ({literal(layout.key(bill))}, 100);"]
        script += [f"INSERT INTO {table} VALUES ({literal(layout.key(other_bill(bill * 1000, n)))}, 100);"
                   for n in range(OTHERS) if door == "among_many"]
        before = [layout.row(bill * 1000 + n, bill, row) for n, row in enumerate(standing)]
        if before:
            script.append(doors.insert(before))
        numbered = self.numbered(layout, doors, door, rows, bill, standing)
        if door in doors.updating():
            parked = [layout.row(row[0], bill, ("parked", 0)) for row in numbered if row[0] >= bill * 1000 + 500]
            if parked:
                script.append(doors.insert(parked))
        statement = getattr(doors, door)(numbered)
        if layout.per_row:
            statement = f"BEGIN;\n{statement}\nCOMMIT;"
        expected = layout.updates if layout.updates and door in doors.updating() + ["conflict_insert"] else code
        self.cells.append((f"{layout.name}, {door}: {name}", expected))
        self.script += [*script, "\\warn start", statement, "\\warn cell"]

    def build(self):
        for layout in LAYOUTS:
            self.script += list(layout.create())
            doors = Doors(layout, self.merge)
            for door in doors.inserting() + doors.updating():
                for name, standing, rows, code in WRONG + [(*right, "00000") for right in RIGHT]:
                    if any(len(row) == 4 for row in rows) and door not in doors.updating():
                        continue
                    # an UPDATE of the row of a bill that takes back nothing else needs rows of its own
                    if layout.per_row and code == "00000" and door in ("conflict_insert", *doors.updating()):
                        code = layout.updates
                    self.cell(layout, doors, door, name, standing, rows, code)
        return "\n".join(self.script) + "\n"


ORACLE = """
SET search_path = {name};
WITH p AS (SELECT {bill} AS bill, {reverses} AS reverses, {layer} AS code, {state} AS state, {amount} AS amount FROM pay),
layer AS (SELECT * FROM (VALUES {chain}) v (code, layer, place)),
net AS (SELECT COALESCE(reverses, bill) AS bill, layer, place, sum(COALESCE(amount, 0)) AS amount,
    sum(CASE WHEN reverses IS NULL THEN 1 ELSE -1 END) AS payments, bool_or(state IS NULL) AS paid
    FROM p JOIN layer USING (code) GROUP BY 1, 2, 3)
SELECT 'twice ' || bill || ' ' || layer FROM net WHERE payments > 1
UNION ALL SELECT 'nothing taken back ' || bill || ' ' || layer FROM net WHERE payments < 0
UNION ALL SELECT 'beyond ' || bill FROM net GROUP BY bill HAVING sum(amount) > 100
UNION ALL SELECT 'early ' || bill || ' ' || l.layer FROM net l WHERE l.payments = 1 AND l.paid AND EXISTS (
    SELECT FROM layer e WHERE e.place < l.place
      AND NOT EXISTS (SELECT FROM net n WHERE n.bill = l.bill AND n.place = e.place AND n.payments = 1))
UNION ALL SELECT 'unknown ' || code FROM p WHERE code <> ALL (SELECT code FROM layer) AND code NOT IN ('parked', '999996')
UNION ALL SELECT 'nothing stands' WHERE NOT EXISTS (SELECT FROM net);
"""


def oracle(layout):
    bill, reverses, layer, state, amount = layout.columns
    chain = ["basic", "critical", "supplementary", "assistance", "tilt", "charity"]
    codes = [(layout.codes.get(name, name), name, place) for place, name in enumerate(chain)]
    codes.append((layout.codes["basic_b"], "basic", 0))
    return ORACLE.format(name=layout.name, bill=bill, reverses=reverses, layer=layer, state=state, amount=amount,
                         chain=", ".join(f"('{code}', '{name}', {place})" for code, name, place in codes))


# ---- two sessions ----


class Session:
    """psql that answers statement by statement"""

    def __init__(self):
        self.psql = subprocess.Popen(database.ARGUMENTS[:-2], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL, text=True, bufsize=1)

    def send(self, statement):
        self.psql.stdin.write(statement + "\n\\echo answer :SQLSTATE\n")
        self.psql.stdin.flush()

    def answer(self):
        lines = []
        while True:
            line = self.psql.stdout.readline()
            if not line:
                raise SystemExit("a session ended")
            if line.startswith("answer "):
                return line.split()[1], lines
            lines.append(line.strip())

    def run(self, statement):
        self.send(statement)
        return self.answer()

    def close(self):
        self.psql.stdin.close()
        self.psql.wait()


# until the other session waits, or is done
WAITS = """DO $$ BEGIN FOR i IN 1..5000 LOOP
    EXIT WHEN cardinality(pg_blocking_pids({pid})) > 0
        OR EXISTS (SELECT FROM pg_stat_activity WHERE pid = {pid} AND state <> 'active' AND state_change > now());
    PERFORM pg_sleep(0.001), pg_stat_clear_snapshot();
END LOOP; END $$;"""
# what a row says by itself is refused before anything is read, at every level
CONCURRENT = ["MA602", "MA603", "MA604", "MA605", "MA608", "MA609"]
BY_ITSELF = ["a negative amount that takes nothing back", "a positive amount that takes back"]


def two_sessions(layouts, report):
    """What stands comes from one session, the wrongdoing from another whose snapshot is older, or that waits for the first."""
    one, two = Session(), Session()
    pid = two.run("SELECT pg_backend_pid();")[1][0]
    bill = 900000
    for layout in layouts:
        table = layout.bills[0]
        doors = Doors(layout, False)
        for session in (one, two):
            session.run(f"SET search_path = {layout.name}, public;")
        for name, standing, rows, code in WRONG:
            if not standing or code not in CONCURRENT or any(len(row) == 4 for row in rows):
                continue
            for level in LEVELS:
                for waits in (False, True):
                    bill += 1
                    one.run(f"INSERT INTO {table} VALUES ({literal(layout.key(bill))}, 100);")
                    before = [layout.row(bill * 1000 + n, bill, row) for n, row in enumerate(standing)]
                    wrong = [layout.row(bill * 1000 + 500 + n, bill, row) for n, row in enumerate(rows)]
                    two.run(f"BEGIN ISOLATION LEVEL {level};")
                    two.run("SELECT count(*) FROM pay;")
                    one.run("BEGIN;")
                    one.run(doors.insert(before))
                    if waits:
                        two.send(doors.insert(wrong))
                        one.run(WAITS.format(pid=pid))
                        one.run("COMMIT;")
                        got = two.answer()[0]
                    else:
                        one.run("COMMIT;")
                        got = two.run(doors.insert(wrong))[0]
                    two.run("ROLLBACK;")
                    expected = code if level == LEVELS[0] or name in BY_ITSELF else "40001"
                    report(f"{layout.name}, {level}, {'while the other waits' if waits else 'under an older snapshot'}: {name}",
                           expected, got)
    one.close()
    two.close()


# ---- all ----


def answers(script):
    """What each statement between the marks start and cell was refused with; 00000: it was not"""
    done = subprocess.run(database.ARGUMENTS[:-2] + ["-v", "VERBOSITY=sqlstate"], input=script, capture_output=True, text=True,
                          encoding="utf-8", check=False)
    errors, inside = [], False
    for line in done.stderr.splitlines():
        if line == "start":
            errors, inside = [], True
        elif line == "cell":
            yield errors[0] if errors else "00000"
            inside = False
        elif "ERROR:" in line:
            errors.append(line.split()[-1])
            if not inside:
                yield f"{line} before the statement"


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, name, expected, got):
        if expected == got:
            self.passed += 1
        else:
            self.failed += 1
            print(f"not ok - {name}: expected {expected}, got {got}")

    def end(self, name, counts):
        """Tell how a program of tests went, also in the file that its --counts names; its exit status"""
        print(f"{name}: {self.passed} as documented, {self.failed} not")
        if counts:
            with open(counts, "w", encoding="utf-8") as out:
                print(self.passed, self.failed, file=out)
        return 1 if self.failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts")
    options = parser.parse_args()
    report = Report()
    merge = int(database.run("SHOW server_version_num;")[0]) >= 150000
    matrix = Matrix(merge)
    for (name, expected), got in itertools.zip_longest(matrix.cells, answers(matrix.build())):
        report(name, expected, got)
    two_sessions([layout for layout in LAYOUTS if layout.name in ("plain", "national")], report)
    for layout in LAYOUTS:
        report(f"{layout.name}: the oracle", [], database.run(oracle(layout)))
    print(f"guard matrix: {len(matrix.cells)} cells, {report.passed} as documented, {report.failed} not")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            print(report.passed, report.failed, file=out)
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
