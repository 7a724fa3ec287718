"""The catalogue against a naive oracle: grid.py [--counts FILE] [--seed N] [--histories N]

1. Every pack is imported by one role and published by another, and is found on the days of its validity and on no other.
2. Histories of acts (publications, corrections, amendments, repeals) are made in the database and, here, painted day by day
   into a table, one table per moment. "What was in force on D as known on K" must be the same for every D and every K.
3. One notification for each act; a query that settles carries no terms below its sort.
The oracle knows nothing of ranges: it paints days. Needs a database with the extension (check_server.sh).
"""
import argparse
import datetime
import glob
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import database  # noqa: E402

START = datetime.date(2020, 1, 1)
DAYS = 40  # the last one stands for all that follow
LAYERS = ("a", "b", "c")


class Count:
    passed = 0
    failed = 0

    def check(self, ok, what):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"not ok - {what}")


def literal(value):
    return "'" + (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).replace("'", "''") + "'"


def lines(script):
    return database.run(script)


# ---- packs ----

def packs(count):
    lines("CALL assistance.create_roles(); CREATE ROLE grid_drafter IN ROLE assistance_policy; "
          "CREATE ROLE grid_publisher IN ROLE assistance_publisher;")
    for path in sorted(glob.glob("src/packs/*.json")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        book = json.loads(text)
        name = os.path.basename(path)
        draft, same = lines(f"""SET SESSION AUTHORIZATION grid_drafter;
            SELECT assistance.import_policy({literal(text)}) AS draft \\gset
            SELECT :draft;
            SELECT assistance.export_policy(:draft)::text = assistance.canonical_json({literal(text)})::text;""")
        count.check(same == "t", f"{name}: export gives back the import")
        findings = lines(f"SELECT finding, message FROM assistance.check_policy({draft}) WHERE severity = 'arithmetic';")
        count.check(not findings, f"{name}: no arithmetic finding: {findings}")
        # what was in force although it breaks an article is passed on purpose, finding by finding
        legal = lines(f"SELECT DISTINCT finding, layer FROM assistance.check_policy({draft}) "
                      "WHERE severity = 'legal' AND excused_by IS NULL;")
        if legal:
            refused = ""
            try:
                lines(f"SET SESSION AUTHORIZATION grid_publisher; SELECT assistance.publish_policy({draft}, 'first import');")
            except database.DatabaseError as error:
                refused = str(error)
            count.check("findings stand against" in refused, f"{name}: a legal finding stops it: {refused}")
        for finding, layer in (row.split("|") for row in legal):
            lines("SET SESSION AUTHORIZATION grid_drafter; "
                  f"SELECT assistance.record_exception({draft}, {literal(finding)}, "
                  f"{literal(layer)}, 'P0001', 'in force as its notice has it', 'test');")
        pages = json.loads(lines(f"SELECT assistance.export_policy({draft});")[0])["pages"]
        lines(f"SET SESSION AUTHORIZATION grid_publisher; SELECT assistance.publish_policy({draft}, 'first import');")
        for page, own in zip(pages, book["pages"]):
            exceptions = page.pop("exceptions", [])
            own = {key: value for key, value in own.items() if key != "exceptions"}
            count.check(page == own, f"{name}: the page is the pack's")
            pack_page(count, name, dict(page, exceptions=exceptions) if exceptions else page)


def pack_page(count, name, page):
    """Found from the first to the last day, with the pack's own digest; the day before and the day after are named as a gap."""
    key = f"{literal(page['region'])}, {literal(page['scheme'])}"
    last = page.get("to")
    valid = f"daterange('{page['from']}', {literal(last) if last else 'NULL'}, '[]')"
    found = lines(f"SELECT count(*), bool_and(valid = {valid}) FROM assistance.policy_pages(ARRAY[{literal(page['region'])}], "
                  f"{literal(page['scheme'])}, 'infinity');")
    count.check(found == ["1|t"], f"{name} {key}: one page with the pack's days, not {found}")
    own = json.dumps({"format": 1, "engine": 1, "pages": [page]}, ensure_ascii=False)
    days = lines(f"""
        WITH own AS (SELECT assistance.terms_digest({literal(own)}::assistance.terms) AS digest)
        SELECT count(*), bool_and(assistance.terms_digest(assistance.terms_at({key}, d::date)) = own.digest)
          FROM own, generate_series(date '{page['from']}', {literal(last or '2027-12-31')}::date, '31 days') d
        UNION ALL
        SELECT 1, assistance.terms_digest(assistance.terms_at({key}, {literal(last or '2999-12-31')})) = digest
          FROM own;""")
    count.check(days[0].endswith("|t") and days[1] == "1|t", f"{name} {key}: the pack's own digest on its days: {days}")
    outside = [(f"date '{page['from']}' - 1", "last day covered before: none, first day after: " + page["from"])]
    if last:
        outside.append((f"date '{last}' + 1", f"last day covered before: {last}, first day after: none"))
    for day, gap in outside:
        try:
            lines(f"SELECT assistance.terms_at({key}, {day});")
            count.check(False, f"{name} {key}: terms on {day}")
        except database.DatabaseError as error:
            count.check("no policy is in force" in str(error) and gap in str(error), f"{name} {key} on {day}: {error}")


# ---- histories ----

def document(region, first, last, layers, tag, amends=False):
    """A page whose layers are told apart by a ratio: tag / 1000."""
    page = {"title": f"act {tag}", "region": region, "scheme": "resident", "from": str(day(first)),
            "sources": {f"s{tag}": {"document": str(tag)}}, "cite": {"source": f"s{tag}"},
            "layers": [{"name": name, "kind": "other", "base": {"copay": 1}, "rules": [{"name": "all", "ratio": tag / 1000}]}
                       for name in layers]}
    if not amends:
        page["layers"] += [{"name": kind, "kind": kind, "not_applicable": True} for kind in ("basic", "critical", "assistance")]
    if last < DAYS - 1:
        page["to"] = str(day(last))
    if amends:
        page["amends"] = True
    return {"format": 1, "engine": 1, "pages": [page]}


def day(number):
    return START + datetime.timedelta(days=number)


class Painted:
    """What is in force on each day: the chain (from the page) and a tag for each layer."""

    def __init__(self):
        self.days = [{} for _ in range(DAYS)]

    def publish(self, first, last, layers, tag, amends):
        for number in range(first, last + 1):
            if not amends:
                self.days[number] = {"*": (tag, layers)}
            for layer in layers:
                self.days[number][layer] = tag

    def repeal(self, first, layer):
        for number in range(first, DAYS):
            if layer is None:
                self.days[number] = {}
            else:
                self.days[number].pop(layer, None)

    def answer(self, number):
        """layer:tag of the chain, or nothing where the page or a layer is missing."""
        paint = self.days[number]
        if "*" not in paint:
            return ""
        chain = paint["*"][1]
        if any(layer not in paint for layer in chain):
            return ""
        return ",".join(f"{layer}:{paint[layer]}" for layer in chain)


# The cases by hand, then random ones: (act, first, last, layers, amends) or ("repeal", first, layer)
BY_HAND = {
    "succession": [("page", 0, 39, "ab"), ("page", 10, 39, "ab")],
    "correction at the front": [("page", 5, 39, "ab"), ("page", 5, 12, "ab")],
    "correction at the end": [("page", 5, 30, "ab"), ("page", 20, 30, "ab")],
    "correction in the middle": [("page", 0, 39, "ab"), ("page", 10, 20, "ab")],
    "correction of a correction": [("page", 0, 39, "ab"), ("page", 10, 20, "ab"), ("page", 12, 15, "ab"), ("page", 8, 25, "a")],
    "backdated begin": [("page", 10, 39, "ab"), ("page", 0, 39, "ab")],
    "one layer in the middle": [("page", 0, 39, "ab"), ("amend", 10, 20, "b"), ("amend", 15, 39, "a"), ("page", 18, 25, "abc")],
    "repealed and published again": [("page", 0, 39, "ab"), ("repeal", 20, None), ("page", 20, 39, "a")],
    "a layer repealed": [("page", 0, 39, "abc"), ("repeal", 20, "b"), ("amend", 20, 39, "b")],
    "repealed from the first day": [("page", 5, 39, "a"), ("repeal", 0, None), ("page", 5, 39, "b")],
}


def random_history(dice):
    acts = [("page", dice.randrange(5), DAYS - 1, "ab")]
    for _ in range(dice.randint(4, 8)):
        first = dice.randrange(DAYS - 1)
        last = dice.choice([DAYS - 1, dice.randrange(first, DAYS - 1)])
        kind = dice.choice(["page", "page", "amend", "amend", "repeal"])
        if kind == "repeal":
            acts.append(("repeal", dice.randrange(DAYS // 2, DAYS), dice.choice([None, "a", "b"])))
        else:
            acts.append((kind, first, last, "".join(sorted(dice.sample(LAYERS, dice.randint(1, 3))))))
    return acts


def statement(region, act, tag):
    if act[0] == "repeal":
        layer = literal(act[2]) if act[2] else "NULL"
        return f"SELECT assistance.repeal_policy('{region}', 'resident', {layer}, '{day(act[1])}', 'test');"
    book = document(region, act[1], act[2], list(act[3]), tag, act[0] == "amend")
    return f"SELECT assistance.publish_policy(assistance.import_policy({literal(book)}), 'test');"


def make(region, acts):
    """Carry the acts out; (moment, painted) after each that was accepted. Refused ones must change nothing."""
    painted = Painted()
    moments = [("-infinity", Painted())]
    for number, act in enumerate(acts):
        tag = 100 + number
        try:
            publication = lines(statement(region, act, tag))[0]
        except database.DatabaseError as error:
            if "findings stand against" in str(error) or "nothing to repeal" in str(error):
                continue
            raise
        if act[0] == "repeal":
            painted.repeal(act[1], act[2])
        else:
            painted.publish(act[1], act[2], list(act[3]), tag, act[0] == "amend")
        at = lines(f"SELECT at FROM assistance.policy_publication WHERE id = {publication};")[0]
        copy = Painted()
        copy.days = [dict(paint) for paint in painted.days]
        moments.append((at, copy))
    return moments


GRID = """
SELECT m.k, d, COALESCE((
		SELECT string_agg((l ->> 'name') || ':' || trunc((l #>> '{{rules,0,ratio}}')::numeric * 1000), ',' ORDER BY n)
		FROM assistance.policy_documents('{{{region}}}', 'resident', m.at) p,
			 jsonb_array_elements(p.page -> 'layers') WITH ORDINALITY l(l, n)
	   WHERE l ? 'rules' AND p.missing IS NULL AND p.valid @> date '{start}' + d), '')
  FROM (SELECT k, at - CASE WHEN before THEN interval '1 microsecond' ELSE '0' END AS at
		  FROM unnest('{{{moments}}}'::timestamptz[], '{{{before}}}'::boolean[]) WITH ORDINALITY u(at, before, k)) m,
	   generate_series(0, {last}) d
 ORDER BY m.k, d;
"""


def compare(count, name, region, moments):
    """Every day as known at every moment, just before it, and in between."""
    query = [(at, False, painted) for at, painted in moments]
    query += [(moments[number][0], True, moments[number - 1][1]) for number in range(1, len(moments))]
    query.append(("infinity", False, moments[-1][1]))
    script = GRID.format(region=region, moments=",".join(f'"{at}"' for at, _, _ in query),
                         before=",".join(str(before).lower() for _, before, _ in query), start=START, last=DAYS - 1)
    wrong = []
    for row in lines(script):
        k, number, answer = row.split("|")
        at, before, painted = query[int(k) - 1]
        want = painted.answer(int(number))
        if answer != want:
            wrong.append(f"known {'before' if before else 'at'} {at}, {day(int(number))}: "
                         f"{answer or 'nothing'}, not {want or 'nothing'}")
    count.check(not wrong, f"{name}: {len(wrong)} answers differ, first {wrong[:3]}")
    last = moments[-1][1]
    for number in (0, 11, 19, DAYS - 1):
        want = last.answer(number)
        try:
            page = json.loads(lines(f"SELECT assistance.terms_at('{region}', 'resident', '{day(number)}');")[0])["pages"][0]
            got = ",".join(f"{layer['name']}:{round(layer['rules'][0]['ratio'] * 1000)}"
                           for layer in page["layers"] if "rules" in layer)
        except database.DatabaseError as error:
            got = "" if "no policy is in force" in str(error) else str(error)
        count.check(got == want, f"{name}: terms_at on {day(number)}: {got or 'nothing'}, not {want or 'nothing'}")


def regions(number):
    names = [f"H{index}" for index in range(len(BY_HAND))] + [f"R{index}" for index in range(number)] + ["M"]
    lines("INSERT INTO assistance.region_local (code, zh, en, tier, mark, source) "
          f"SELECT r, r, r, 'pool', 'example', 'test' FROM unnest('{{{','.join(names)}}}'::text[]) r;")


def histories(count, seed, number):
    regions(number)
    for index, (name, acts) in enumerate(BY_HAND.items()):
        moments = make(f"H{index}", acts)
        count.check(len(moments) == len(acts) + 1, f"{name}: every act is accepted")
        compare(count, name, f"H{index}", moments)
    accepted = 0
    for index in range(number):
        moments = make(f"R{index}", random_history(random.Random(seed * 1000 + index)))
        accepted += len(moments) - 1
        compare(count, f"history {seed}/{index}", f"R{index}", moments)
    count.check(accepted >= 3 * number, f"{accepted} acts of {number} random histories were accepted")
    wrong = lines("SELECT count(*) FROM assistance.policy WHERE digest <> sha256(convert_to(document::text, 'UTF8'));")
    count.check(wrong == ["0"], "digests")


# ---- what others see of it ----

def notifications(count):
    """One for each act, with its pages; none for a draft."""
    book = literal(document("M", 0, DAYS - 1, ["a"], 100))
    said = [line for line in lines(f"""LISTEN assistance_policy;
        SELECT assistance.import_policy({book}) AS draft \\gset
        SELECT count(*) FROM assistance.check_policy(:draft);
        SELECT assistance.publish_policy(:draft, 'test');
        SELECT assistance.repeal_policy('M', 'resident', NULL, '{day(20)}', 'test');
        SELECT 1;""") if line.startswith("Asynchronous")]
    count.check(len(said) == 2, f"two acts, two notifications: {said}")
    for line, act in zip(said, ("publish", "repeal")):
        payload = json.loads(line[line.index("{"):line.rindex("}") + 1])
        count.check(payload["act"] == act and payload["pages"] == [["M", "resident"]], f"what a notification says: {line}")


def copied(count):
    """COPY brings in no second version of published days, and nobody but the owner brings in any."""
    row = lines("COPY (SELECT * FROM assistance.policy WHERE upper_inf(recorded) ORDER BY id LIMIT 1) TO STDOUT;")[0]
    row = "\t".join(["1000000"] + row.split("\t")[1:])
    for who, refusal in (("postgres", "policy_once"), ("grid_publisher", "made by its functions"),
                         ("grid_drafter", "permission denied")):
        try:
            lines(f"SET SESSION AUTHORIZATION {who};\nCOPY assistance.policy FROM STDIN;\n{row}\n\\.\n")
            count.check(False, f"COPY by {who}")
        except database.DatabaseError as error:
            count.check(refusal in str(error), f"COPY by {who}: {error}")


def plan(count):
    """The book stands beside the plan, once; no row below the sort carries it."""
    printed = lines("""EXPLAIN (VERBOSE, COSTS OFF)
        SELECT (assistance.settle((SELECT assistance.terms_book('{110000}', '[2025-01-01,2026-01-01)')),
                assistance.make_bill(total => amount, in_scope => amount, region => '110000', scheme => 'resident',
                                     ordered_at => day))
                OVER (PARTITION BY person ORDER BY day)).*
          FROM (SELECT n AS person, date '2025-01-01' + n AS day, n::numeric AS amount FROM generate_series(1, 10) n) b;""")
    sort = next((number for number, line in enumerate(printed) if "->  Sort" in line), None)
    count.check(sort is not None and not any("terms" in line for line in printed[sort:]), f"no terms below the sort: {printed}")
    count.check(any("InitPlan" in line for line in printed), "the book is made once")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--counts", help="file that receives 'passed failed'")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--histories", type=int, default=10)
    options = parser.parse_args()
    count = Count()
    packs(count)
    histories(count, options.seed, options.histories)
    notifications(count)
    copied(count)
    plan(count)
    print(f"catalogue: {count.passed} passed, {count.failed} failed (seed {options.seed})")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            out.write(f"{count.passed} {count.failed}\n")


if __name__ == "__main__":
    main()
