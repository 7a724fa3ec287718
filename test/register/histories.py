"""Random histories of persons in the register, against the window function over the final truth.

Bills, late bills, reversals also across the year, given amounts, applications, ends of years, categories recognised late or
withdrawn, agreements and determinations recorded late, and a policy published with an earlier start arrive in any order; of each
there must have been some. When the queue has been worked
off, the net of every claim, layer and entry must be what assistance.settle makes of the claims that count, in order, with the
facts and the policy of the end: facts that this program keeps for itself, in a book that it wrote itself. verify() finds nothing,
and settling again posts nothing.
"""
import argparse
import datetime
import json
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE)]

import database

FIRST = datetime.date(2024, 1, 1)
DAYS = 730
CATEGORIES = ["low", "poor", "margin"]
HOSPITALS = ["H1", "H2", "H3"]


def quote(value):
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


class Person:
    """What is true of one person, and the statements that tell the register in some order."""

    def __init__(self, number, dice, hospitals):
        self.number = number
        self.dice = dice
        self.hospitals = hospitals
        self.claims = []
        self.categories = []
        self.waived = []
        self.requests = 0
        self.happened = {}

    def key(self):
        self.requests += 1
        return f"P{self.number:04d}-{self.requests}"

    def range(self):
        first = FIRST + datetime.timedelta(days=self.dice.randrange(DAYS))
        return first, first + datetime.timedelta(days=self.dice.randrange(1, 400))

    # ---- what happens ----

    def bill(self):
        dice = self.dice
        day = FIRST + datetime.timedelta(days=dice.randrange(DAYS))
        if any(day == claim["day"] and dice.random() < 0.5 for claim in self.claims):
            return []
        claim = {"key": self.key(), "day": day, "seq": len(self.claims), "reversed": False, "kind": "bill", "amounts": {}}
        if dice.random() < 0.12:
            claim["kind"] = dice.choice(["application", "application", "year_close"])
            self.count(claim["kind"])
            if claim["kind"] == "year_close":
                claim["day"] = datetime.date(day.year, 12, 31)
        else:
            excluded = dice.randrange(0, 200000)
            claim["amounts"] = {"in_scope": dice.randrange(0, dice.choice([300000, 3000000])), "excluded": excluded,
                                "first_share": dice.randrange(0, 50000)}
            claim["care_type"] = dice.choice(["11", "21"])
            claim["stay"] = dice.randrange(0, 20)
            claim["hospital"] = dice.choice(HOSPITALS)
            claim["level"] = dice.choice([None, None, "1", "2", "3"])
            claim["category"] = dice.choice([None, None, None, [], ["low"]])
            claim["given"] = self.given(claim["amounts"]["in_scope"], excluded)
        if claim["kind"] != "bill":
            claim["category"] = None
        if any(not other["reversed"] and (claim["day"], claim["seq"]) < (other["day"], other["seq"]) for other in self.claims):
            self.count("late")
        self.claims.append(claim)
        return [self.insert(claim)]

    def given(self, in_scope, excluded):
        """Amounts that others have computed. They fit whatever basic pays: it leaves a fifth at least, and charity is after all."""
        dice, given = self.dice, {}
        if dice.random() < 0.2:
            given["charity"] = {"amount": excluded // 2 / 100}
        if dice.random() < 0.1:
            given["critical"] = {"amount": in_scope // 10 / 100}
        if dice.random() < 0.1:
            given["basic"] = {"amount": in_scope // 2 / 100}
        for layer in given:
            self.count("given " + layer)
        return given

    def count(self, what):
        self.happened[what] = self.happened.get(what, 0) + 1

    def insert(self, claim):
        columns = {"person_id": self.number, "request_key": claim["key"], "ordered_at": f"{claim['day']} 12:00",
                   "seq": claim["seq"], "kind": claim["kind"], "region": "R1", "scheme": "resident"}
        if claim["kind"] == "bill":
            for column, fen in claim["amounts"].items():
                columns[column] = f"{fen / 100:.2f}"
            columns["total"] = f"{sum(claim['amounts'].values()) / 100:.2f}"
            columns["care_type"] = claim["care_type"]
            columns["admitted_on"] = claim["day"] - datetime.timedelta(days=claim["stay"])
            columns["discharged_on"] = claim["day"]
            columns["institution_id"] = claim["hospital"]
            columns["level"] = claim["level"]
            if claim["category"] is not None:
                columns["category"] = "{" + ",".join(claim["category"]) + "}"
            if claim["given"]:
                columns["given"] = json.dumps(claim["given"])
        return (f"INSERT INTO assistance_register.claim ({', '.join(columns)}) "
                f"VALUES ({', '.join(map(quote, columns.values()))});")

    def reversal(self):
        live = [claim for claim in self.claims if not claim["reversed"]]
        if not live:
            return []
        claim = self.dice.choice(live)
        claim["reversed"] = True
        self.count("reversal")
        if any(other["day"].year > claim["day"].year for other in live):
            self.count("reversal across the year")
        return [f"SELECT count(*) FROM assistance.reverse_claim((SELECT claim_id FROM assistance_register.claim "
                f"WHERE request_key = '{claim['key']}'), '{self.key()}', 'sent by mistake') \\gset"]

    def category(self):
        first, end = self.range()
        name = self.dice.choice(CATEGORIES)
        if any(name == n and first < e and f < end for n, f, e in self.categories):
            return []
        self.categories.append((name, first, end))
        if any(first <= claim["day"] < end for claim in self.claims):
            self.count("backdated category")
        return [f"INSERT INTO assistance_register.person_category (person_id, category, valid) "
                f"VALUES ({self.number}, '{name}', '[{first},{end})');"]

    def withdrawn_category(self):
        if not self.categories:
            return []
        name, first, end = self.categories.pop(self.dice.randrange(len(self.categories)))
        self.count("withdrawn category")
        return [f"UPDATE assistance_register.person_category SET recorded = tstzrange(lower(recorded), clock_timestamp()) "
                f"WHERE person_id = {self.number} AND category = '{name}' AND valid = '[{first},{end})' AND upper_inf(recorded);"]

    def determination(self):
        first, end = self.range()
        if any(first < e and f < end for f, e in self.waived):
            return []
        self.waived.append((first, end))
        self.count("determination")
        return [f"INSERT INTO assistance_register.determination (person_id, layer, state, valid) "
                f"VALUES ({self.number}, 'critical', 'not_insured', '[{first},{end})');"]

    def again(self):
        return [f"SELECT count(*) FROM assistance.resettle_person({self.number}, 'asked for') \\gset"]

    def event(self):
        actions = [(self.bill, 60), (self.reversal, 12), (self.category, 12), (self.withdrawn_category, 5), (self.determination, 3),
                   (self.again, 8)]
        return self.dice.choices([a for a, _ in actions], [w for _, w in actions])[0]()

    # ---- what is true at the end ----

    def truth(self):
        for claim in sorted((c for c in self.claims if not c["reversed"]), key=lambda c: (c["day"], c["seq"])):
            day = claim["day"]
            bill = {"kind": claim["kind"], "region": "R1", "scheme": "resident", "ordered_at": f"{day}T12:00:00",
                    "seq": claim["seq"]}
            begin = day
            if claim["kind"] == "bill":
                begin = day - datetime.timedelta(days=claim["stay"])
                bill.update({column: fen / 100 for column, fen in claim["amounts"].items()})
                bill["total"] = sum(claim["amounts"].values()) / 100
                bill.update(care_type=claim["care_type"], admitted_on=str(begin), discharged_on=str(day),
                            hospital=claim["hospital"])
                bill["level"], bill["designated"] = None, False
                for level, designated, first, end in self.hospitals[claim["hospital"]]:
                    if first <= begin < end:
                        bill["level"], bill["designated"] = level, designated
                bill["level"] = claim["level"] or bill["level"]
                if bill["level"] is None:
                    del bill["level"]
            bill["category"] = claim["category"] if claim["category"] is not None else sorted(
                {name for name, first, end in self.categories if first <= day and begin < end})
            given = dict(claim.get("given", {}))
            if any(first <= day < end for first, end in self.waived):
                given.setdefault("critical", {"state": "not_applicable"})
            if given:
                bill["given"] = given
            yield claim["key"], json.dumps(bill)


class World:
    """All persons, the hospitals, and the policy as it ends."""

    def __init__(self, seed, persons, steps, partitioned=None):
        self.dice = random.Random(seed)
        self.hospitals = {"H1": [], "H2": [], "H3": []}
        self.persons = [Person(n + 1, self.dice, self.hospitals) for n in range(persons)]
        self.steps = steps
        self.partitioned = partitioned
        self.document = json.load(open(os.path.join(HERE, "policy.json"), encoding="utf-8"))

    def publish(self, reason):
        document = quote(json.dumps(self.document, ensure_ascii=False))
        return f"SELECT assistance.publish_policy(assistance.import_policy({document}), {quote(reason)}) AS act \\gset"

    def start(self):
        yield "CALL assistance.create_register();"
        with open(os.path.join(HERE, "codes.sql"), encoding="utf-8") as file:
            yield file.read()
        yield self.publish("first")
        yield f"INSERT INTO assistance_register.person (person_id) SELECT generate_series(1, {len(self.persons)});"
        for hospital, level in zip(HOSPITALS, ["1", "2", "3"]):
            yield f"INSERT INTO assistance_register.institution (institution_id) VALUES ('{hospital}');"
            yield from self.agreement(hospital, level, True, FIRST - datetime.timedelta(days=60),
                                      FIRST + datetime.timedelta(days=900))

    def agreement(self, hospital, level, designated, first, end):
        self.hospitals[hospital].append((level, designated, first, end))
        yield (f"INSERT INTO assistance_register.institution_agreement (institution_id, level, designated, valid) "
               f"VALUES ('{hospital}', '{level}', {quote(designated)}, '[{first},{end})');")

    def late_agreement(self, hospital, level, designated):
        """The first agreement turns out to have ended earlier; another one followed."""
        (old_level, old_designated, first, end) = self.hospitals[hospital].pop()
        middle = FIRST + datetime.timedelta(days=300)
        yield (f"UPDATE assistance_register.institution_agreement SET recorded = tstzrange(lower(recorded), clock_timestamp()) "
               f"WHERE institution_id = '{hospital}' AND upper_inf(recorded);")
        yield from self.agreement(hospital, old_level, old_designated, first, middle)
        yield from self.agreement(hospital, level, designated, middle, FIRST + datetime.timedelta(days=900))

    def backdated_policy(self):
        """From July 2024 on other terms for assistance, published when half of everything has arrived."""
        page = json.loads(json.dumps(self.document["pages"][0]))
        self.document["pages"][0]["to"] = "2024-06-30"
        page["from"] = "2024-07-01"
        page["layers"][2]["rules"][0]["ratio"] = 0.9
        page["layers"][2]["rules"][2]["deductible"]["amount"] = 500
        page["layers"][0]["rules"][0]["caps"][0]["limit"] = 25000
        later = {"format": 1, "engine": 1, "pages": [page]}
        self.document["pages"].append(page)
        yield (f"SELECT assistance.publish_policy(assistance.import_policy({quote(json.dumps(later))}), 'backdated') AS act \\gset")

    def partitions(self, number, of):
        """A filled register goes into partitions; by year, the next year begins later on."""
        if self.partitioned and number == of // 4:
            yield f"CALL assistance.partition_register('{self.partitioned}', {4 if self.partitioned == 'person' else 2});"
        if self.partitioned == "year" and number == of // 2:
            yield "CALL assistance.start_register_year(assistance.year_now() + 1);"

    def story(self):
        yield from self.start()
        rounds = [(person, step) for step in range(self.steps) for person in self.persons]
        self.dice.shuffle(rounds)
        for number, (person, _) in enumerate(rounds):
            yield from self.partitions(number, len(rounds))
            if number == len(rounds) // 3:
                yield from self.late_agreement("H2", "3", True)
            if number == len(rounds) // 2:
                yield from self.backdated_policy()
            if number == 2 * len(rounds) // 3:
                yield from self.late_agreement("H3", "3", False)
            yield from person.event()
        yield "CALL assistance.resettle();"

    def truth(self):
        rows = [(person.number, key, bill) for person in self.persons for key, bill in person.truth()]
        yield "CREATE TABLE truth (person bigint, request_key text PRIMARY KEY, bill json);"
        yield database.copy("truth", rows)
        yield "CREATE TABLE book (terms assistance.terms);"
        yield f"INSERT INTO book VALUES ({quote(json.dumps(self.document))});"


COMPARE = """
CREATE TABLE folded AS
SELECT t.person, t.request_key, assistance.settle((SELECT terms FROM book), t.bill::assistance.bill)
	OVER (PARTITION BY t.person ORDER BY (t.bill ->> 'ordered_at')::timestamp, (t.bill ->> 'seq')::bigint) AS split
  FROM truth t;
CREATE TABLE wanted AS
SELECT f.person, f.request_key, l.layer, e.entry, e.amount
  FROM folded f, assistance.split_lines(f.split) l,
	LATERAL (VALUES ('bill', l.paid), ('adjustment', l.adjustment), ('recoverable', l.recoverable)) e (entry, amount)
 WHERE e.amount <> 0;
CREATE TABLE stored AS
SELECT c.person_id AS person, o.request_key, p.layer, p.entry, sum(p.amount) AS amount
  FROM assistance_register.payment p JOIN assistance_register.claim c USING (claim_id)
  JOIN assistance_register.claim o ON o.claim_id = COALESCE(c.reverses, c.claim_id)
 GROUP BY 1, 2, 3, 4 HAVING sum(p.amount) <> 0;
SELECT format('not ok - %s: wanted %s %s %s, stored %s', request_key, layer, entry, w.amount, s.amount)
  FROM wanted w FULL JOIN stored s USING (person, request_key, layer, entry) WHERE w.amount IS DISTINCT FROM s.amount;
SELECT format('not ok - %s: patient wanted %s, stored %s', f.request_key, (f.split).patient, n.patient)
  FROM folded f JOIN assistance_register.claim c USING (request_key)
  LEFT JOIN assistance_register.net_settlement n USING (claim_id) WHERE n.patient IS DISTINCT FROM (f.split).patient;
SELECT format('not ok - waits: %s %s %s', person_id, reason, failed_at) FROM assistance_register.resettle_queue;
SELECT format('not ok - failed: %s %s %s', person_id, sqlstate, message) FROM assistance_register.resettlement_failure;
SELECT format('not ok - verify: %s %s %s %s', person, claim_id, finding, detail) FROM assistance.verify();
SELECT count(*) AS before FROM assistance_register.settlement \\gset
INSERT INTO assistance_register.resettlement (person_id, reason) SELECT person_id, 'again' FROM assistance_register.person;
SELECT format('not ok - settling again posted %s rows', count(*) - :before)
  FROM assistance_register.settlement HAVING count(*) <> :before;
SELECT format('summary %s persons, %s claims that count, %s reversals, %s settlements, %s differences, %s recoverables, %s amounts',
	(SELECT count(*) FROM assistance_register.person), (SELECT count(*) FROM truth),
	(SELECT count(*) FROM assistance_register.claim WHERE reverses IS NOT NULL), count(*),
	count(*) FILTER (WHERE entry = 'difference'), (SELECT count(*) FROM assistance_register.recoverable),
	(SELECT count(*) FROM wanted)) FROM assistance_register.settlement;
"""


EVERYTHING = ["late", "reversal", "reversal across the year", "application", "year_close", "given charity", "given critical",
              "given basic", "backdated category", "withdrawn category", "determination"]


def missing(world):
    """What should have happened in histories of so many persons and did not"""
    happened = {what: sum(person.happened.get(what, 0) for person in world.persons) for what in EVERYTHING}
    print(f"histories: {happened}")
    few = len(world.persons) < 200
    return [f"not ok - no {what} in {len(world.persons)} histories" for what, n in happened.items() if n == 0 and not few]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--persons", type=int, default=200)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--partitioned", choices=["person", "year"], default=os.environ.get("PARTITIONED"),
                        help="the register goes into partitions on the way")
    parser.add_argument("--counts")
    options = parser.parse_args()
    world = World(options.seed, options.persons, options.steps, options.partitioned)
    script = list(world.story())
    script += list(world.truth())
    lines = database.run("\n".join(script) + COMPARE)
    wrong = [line for line in lines if line.startswith("not ok")] + missing(world)
    for line in wrong[:40]:
        print(line)
    print(f"histories: seed {options.seed}: {[line for line in lines if line.startswith('summary')]}")
    if options.counts:
        with open(options.counts, "w", encoding="utf-8") as out:
            print(options.persons - min(len(wrong), options.persons), len(wrong), file=out)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
