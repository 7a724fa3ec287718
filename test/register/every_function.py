"""Every function of the extension with arguments that nobody means: nulls, zeros, the ends of every type, empty and odd arrays,
texts that are no code. Whatever comes, it is a result or an error with a SQLSTATE of its own: never an internal one, never a
    session
that ends. Then whatever takes time, under statement_timeout = 1 ms. It needs a register with claims: that of bad_inputs.py.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]

import database
from guard_matrix import Report

TERMS = "assistance.terms_at('R1', 'resident', '2024-06-01')"
BILL = ("assistance.make_bill(region => 'R1', scheme => 'resident', ordered_at => '2024-06-01', total => 1000, in_scope => 1000, "
        "care_type => '21', level => '2', designated => true, category => '{low}')")
SETTLED = f"(assistance.settle_bill({TERMS}, NULL, {BILL}))"
SPLIT = f"{SETTLED}.split"
# values of every type that an argument has; null stands before them
VALUES = {
    "text": ["''", "'x'", "E'\\n%s$1'", "repeat('x', 1000000)", "'resident'", "'2024-06-01'"],
    "text[]": ["'{}'", "'{NULL}'", "'{{a},{b}}'", "'[5:6]={a,b}'", "array_fill('x'::text, ARRAY[100000])", "'{R1}'"],
    "bigint": ["0", "-1", "9223372036854775807", "-9223372036854775808", "1", "2"],
    "bigint[]": ["'{}'", "'{NULL}'", "'{{1},{2}}'", "'[5:6]={1,2}'", "'{9223372036854775807,-9223372036854775808}'", "'{1,2}'"],
    "integer": ["0", "-1", "2147483647", "-2147483648", "1", "2024"],
    "boolean": ["true", "false"],
    "numeric": ["0", "-0.01", "'NaN'", "1e400", "'Infinity'", "10000000000000.01", "1000"],
    "date": ["'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'", "'2024-02-29'"],
    "date[]": ["'{}'", "'{NULL}'", "'{infinity}'", "'{4713-01-01 BC,5874897-12-31}'", "'{{2024-01-01},{2024-01-02}}'",
               "'[5:5]={2024-02-29}'"],
    "timestamp without time zone": ["'infinity'", "'-infinity'", "'4713-01-01 BC'", "'294276-12-31'", "'2024-06-01'"],
    "timestamp with time zone": ["'infinity'", "'-infinity'", "'4713-01-02 BC'", "'294276-12-30'", "'2024-06-01'"],
    "daterange": ["'empty'", "'(,)'", "'[2024-01-01,infinity)'", "'[2024-01-01,2024-01-02)'", "'[2024-01-01,2026-01-01)'"],
    "json": ["'{}'", "'[]'", "'null'", "'\"x\"'", "'{\"a\": {\"b\": [1, null]}}'",
             "(repeat('[', 5000) || repeat(']', 5000))::json"],
    "jsonb": ["'{}'", "'[]'", "'null'", "'\"x\"'", "'{\"a\": {\"b\": [1, null]}}'", "'[[1, 2], [3]]'", "'1'"],
    "jsonb[]": ["'{}'", "'{NULL}'", "'{null}'"],
    "regclass": ["0", "'pg_class'", "'assistance_register.claim'", "999999"],
    "cstring": ["''", "'x'"],
    "record": ["ROW()", "ROW(1, 'x')", SPLIT],
    "assistance.terms": [TERMS],
    "assistance.bill": [BILL],
    "assistance.account": [f"{SETTLED}.account"],
    "assistance.lines": [f"({SPLIT}).lines"],
    "assistance.split": [SPLIT],
}
# for the server alone
SKIPPED = {"internal"}
INTERNAL = ("XX", "08", "57P", "F0", "58")
# no call takes long; one that does is a defect too
LONGEST = "20s"


def functions():
    """(name, kind, types of arguments)"""
    rows = database.run("""SELECT p.proname, p.prokind,
            array_to_string(array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t), '|')
        FROM pg_proc p WHERE p.pronamespace = 'assistance'::regnamespace AND p.prorettype <> 'trigger'::regtype ORDER BY 1, 3;""")
    for row in rows:
        name, kind, *types = row.split("|")
        yield name, kind, [t for t in types if t]


def call(name, kind, types, n):
    """The call with the n-th value of each argument; 0: nulls"""
    arguments = ", ".join(argument(t, n) for t in types)
    if kind == "p":
        return f"CALL assistance.{name}({arguments});"
    return f"SELECT assistance.{name}({arguments}){' OVER ()' if kind == 'w' else ''};"


def argument(of_type, n):
    values = VALUES.get(of_type, [])
    value = "NULL" if n == 0 or not values else values[(n - 1) % len(values)]
    return value if of_type == "record" and value != "NULL" else f"{value}::{of_type}"


def results(script):
    """The errors of each statement between the marks: (SQLSTATE, its line)"""
    psql = database.ARGUMENTS[:-2] + ["-o", "/dev/null", "-v", "VERBOSITY=verbose", "-v", "SHOW_CONTEXT=never"]
    done = subprocess.run(psql, input=script, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    errors = []
    for line in done.stderr.splitlines():
        if line == "start":
            errors = []
        elif line == "cell":
            yield errors[0] if errors else ("00000", "")
        elif "ERROR:  " in line or "FATAL:  " in line:
            errors.append((line.split("  ", 1)[1].split(":")[0], line))
        elif "connection to server was lost" in line or "server closed" in line:
            errors.append(("08006", line))


def odd_arguments(report):
    cells = []
    for name, kind, types in functions():
        if SKIPPED & set(types):
            continue
        tried = max([len(VALUES.get(t, [])) for t in types], default=0) + 1
        cells += [(f"{name}({', '.join(types)}), values {n}", call(name, kind, types, n)) for n in range(tried)]
    script = f"SET client_min_messages = error; SET statement_timeout = '{LONGEST}';\n" + "".join(
        f"\\warn start\nBEGIN;\n{statement}\nROLLBACK;\n\\warn cell\n" for _, statement in cells)
    got = list(results(script))
    report("every call answered", len(cells), len(got))
    states = {}
    for (name, statement), (state, line) in zip(cells, got):
        states[state] = states.get(state, 0) + 1
        report(name + ": " + statement[:200], "a result or an error", "a result or an error" if not state.startswith(INTERNAL) and
               state != "57014" else line)
    report("some were right and most were refused", True, states.get("00000", 0) > 100 and len(states) > 10)
    print(f"{len(cells)} calls: " + ", ".join(f"{state} {n}" for state, n in sorted(states.items(), key=lambda s: -s[1])[:12]))


# ---- one millisecond ----

MANY = ("INSERT INTO assistance_register.claim (person_id, request_key, ordered_at, total, in_scope, region, scheme, "
        "care_type, level, designated, category) SELECT p, 'timeout-' || p, '{day}', 1000, 1000, 'R1', 'resident', '21', '2', "
        "true, '{{low}}' FROM generate_series(100, 199) p;")
BILLS = ("SELECT p AS person, assistance.make_bill(region => 'R1', scheme => 'resident', ordered_at => '2024-06-01', seq => n, "
         "total => 1000, in_scope => 1000, care_type => '21', level => '2', designated => true, category => '{low}') AS bill "
         "FROM generate_series(1, 200) p, generate_series(1, 20) n")
SLOW = {
    "claims in order": MANY.format(day="2025-12-01"),
    "late claims": MANY.format(day="2024-01-15"),
    "settling again": "INSERT INTO assistance_register.resettlement (person_id, reason) SELECT person_id, 'timeout' "
                      "FROM assistance_register.person_account;",
    "resettle_person()": "SELECT assistance.resettle_person(200, 'timeout');",
    "a fact of everybody": "INSERT INTO assistance_register.person_category (person_id, category, valid) SELECT person_id, 'poor', "
                           "'[2025-12-01,2025-12-02)' FROM assistance_register.person_account;",
    "preview of a late bill": "SELECT assistance.preview_claim(200, '2024-05-01', 10, 10, region => 'R3', scheme => 'resident', "
                              "designated => true, care_type => '21');",
    "verify()": "SELECT count(*) FROM assistance.verify();",
    "verify_chain()": "SELECT count(*) FROM assistance.verify_chain();",
    "seal_chain()": "CALL assistance.seal_chain();",
    "refold()": "SELECT count(*) FROM assistance.refold(NULL);",
    "settle()": f"SELECT sum((s.s).patient) FROM (SELECT assistance.settle({TERMS}, bill) OVER (PARTITION BY person) AS s "
                f"FROM ({BILLS}) b) s;",
    "settle_year()": f"SELECT count(s) FROM (SELECT assistance.settle_year({TERMS}, bill) AS s FROM ({BILLS}) b GROUP BY "
                "person) s;",
    "simulate()": f"SELECT assistance.simulate(person, bill, {TERMS}) FROM ({BILLS}) b;",
    "setl_d": "SELECT count(msgid) FROM assistance_register.setl_d;",
    "setldetail": "SELECT count(*) FROM assistance_register.setldetail;",
    "resettle_queue": "SELECT count(*) FROM assistance_register.resettle_queue;",
    "create_register()": "CALL assistance.create_register();",
    "create_register_roles()": "CALL assistance.create_register_roles();",
    "partition_register()": "CALL assistance.partition_register('person', 4);",
}


# what the register holds
FIGURES = """
SELECT count(*), sum(total) FROM assistance_register.claim;
SELECT count(*), sum(patient) FROM assistance_register.settlement;
SELECT count(*), sum(amount) FROM assistance_register.payment;
SELECT count(*), sum(hashtext(account::text)::bigint) FROM assistance_register.person_account;
SELECT (SELECT count(*) FROM assistance_register.seal), (SELECT count(*) FROM assistance_register.person_category);
SELECT count(*) FROM pg_class WHERE relnamespace = 'assistance_register'::regnamespace;"""


def one_millisecond(report):
    """Each ends with 57014, and nothing of it stays."""
    before = database.run(FIGURES)
    script = "SET client_min_messages = error;" + "".join(
        f"\\warn start\nSET statement_timeout = 1;\n{statement}\n\\warn cell\nRESET statement_timeout;\n"
        for statement in SLOW.values())
    got = list(results(script))
    report("every slow statement answered", len(SLOW), len(got))
    for name, (state, line) in zip(SLOW, got):
        report(f"one millisecond: {name}", "57014", state + (" " + line if state not in ("00000", "57014") else ""))
    report("after it all is as before", before, database.run(FIGURES))
    # and every function, with arguments that are mostly right
    cells = [(name, call(name, kind, types, len(VALUES["text"]) - 1)) for name, kind, types in functions()
             if not SKIPPED & set(types)]
    script = "SET client_min_messages = error; SET statement_timeout = 1;" + "".join(
        f"\\warn start\nBEGIN;\n{statement}\nROLLBACK;\n\\warn cell\n" for _, statement in cells)
    for (name, statement), (state, line) in zip(cells, results(script)):
        report(f"one millisecond: {name}: {statement[:200]}", "no internal error",
               "no internal error" if not state.startswith(INTERNAL) else line)
    report("after it all is as before", before, database.run(FIGURES))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts")
    options = parser.parse_args()
    report = Report()
    odd_arguments(report)
    one_millisecond(report)
    report("in the end nothing is found", [], database.run("SELECT * FROM assistance.verify();"))
    return report.end("every function", options.counts)


if __name__ == "__main__":
    sys.exit(main())
