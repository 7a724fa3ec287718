"""Random histories under a random book: bills at and beside edges, stays in parts, given amounts, events.

Lives here: one group = one book and its persons, made bill by bill while the oracle settles them, so that a bill can
be aimed at what is left of a deductible, a band or a cap. Lives elsewhere: the book (books.py), amounts (oracle.py).

A group depends on (seed, number) alone.
"""
import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
import math

from books import BookMaker
from dice import Dice, money
from language import OracleError, exact, find_page, holds, period_date, tested_attributes
from oracle import Person, written, written_left

PERSONS = 10
HOSPITALS = ("H1", "H2", "H3")
EVENT_KINDS = ("application", "year_close")


def parsed(tree):
    """The tree as a reader of its JSON text would have it."""
    return exact(json.loads(json.dumps(tree), parse_float=Decimal))


class Probe:
    """Stands for a bill that does not exist yet, to look at counters and rules in its period."""

    def __init__(self, page, bill, day, index):
        self.page, self.bill, self.date, self.index = page, bill, day, index


class HistoryMaker:
    """One person's bills under a book."""

    def __init__(self, dice, book, maker):
        self.d, self.book, self.maker = dice, book, maker
        self.person = Person(book)
        self.bills, self.results = [], []
        pages = book["pages"]
        self.page = pages[0]
        self.schemes = sorted({page["scheme"] for page in pages})
        self.has_events = any("on" in rule for page in pages for layer in page["layers"]
                              for rule in layer.get("rules", []))
        self.first_basic = next((layer for layer in self.page["layers"] if layer["kind"] == "basic"), None)
        self.day = date(2023, 1, 1) + timedelta(dice.choice([0, 0, 20, 60, 150, 240]))
        if self.page.get("period_date") == "admission" and dice.percent(50):
            self.day = date(2023, 10, 10) + timedelta(dice.below(60))
        self.minute, self.seq, self.stays, self.chain = 0, 0, 0, 0
        self.tested = tested_attributes(book)

    # the history

    def make(self):
        """About a year of bills; returns (bills, results, features)."""
        d = self.d
        self.profile()
        start, wanted = self.day, d.choice([3, 5, 6, 8, 10, 12, 14])
        step = max(4, 330 // wanted)
        while len(self.bills) < wanted and (self.day - start).days < 380:
            if self.has_events and self.bills and d.percent(14):
                self.add(self.event())
            elif d.percent(12):
                self.add_stay()
            else:
                self.add(self.bill())
            self.day += timedelta(d.between(0, step))
        if self.has_events and d.percent(65):
            self.day = max(self.day, date(self.day.year, 12, 31)) if d.percent(50) else self.day + timedelta(d.between(1, 40))
            self.add(self.event())
        for w, result in zip(self.person.works, self.results):
            after = written_left(w.left)
            if after != result["left"]:
                result["left_after_all"] = after
        self.person.note_person()
        return self.bills, self.results, self.person.features

    def profile(self):
        """What stays the same over the year, and when it changes."""
        d = self.d
        self.age = d.choice([3, 35, 52, 59, 68, 74])
        self.person_type = d.choice(["worker", "retired", "resident"])
        self.categories = [d.choice([[], ["K1"], ["K2"], ["K3"], ["K1", "K3"]])]
        if d.percent(45):
            self.categories.append(d.choice([[], ["K1"], ["K2", "K3"], ["K2"]]))
        self.category_from = self.day + timedelta(d.between(20, 300))
        self.scheme = self.schemes[0]
        self.scheme_from = self.day + timedelta(d.between(60, 250)) if len(self.schemes) > 1 and d.percent(75) else None
        self.scale = d.choice([1, 1, 1, 3, 8])
        self.income = d.between(0, 30000) * 50

    def add(self, bill):
        """Settle the bill; if it is refused, it never was: the history is settled again without it."""
        try:
            work = self.person.settle(parsed(bill))
        except OracleError:
            features = self.person.features
            self.person = Person(self.book)
            for earlier in self.bills:
                self.person.settle(parsed(earlier))
            self.person.features = features
            return False
        self.bills.append(bill)
        self.results.append(written(work))
        return True

    # one bill

    def frame(self):
        """Attributes and order key of the next bill."""
        d = self.d
        self.minute = (self.minute + d.below(200)) % 1440
        self.seq += 1
        if self.scheme_from and self.day >= self.scheme_from:
            self.scheme = self.schemes[1]
        # a new minute of the day may be before that of the last bill of the day: the sequence of days decides
        if self.bills and self.bills[-1]["ordered_at"] >= self.stamp():
            if d.percent(50):
                self.day += timedelta(1)
            else:
                self.minute = self.minute_of(self.bills[-1]["ordered_at"]) if self.same_day() else self.minute
        inpatient = d.percent(65)
        bill = {"region": "R1", "scheme": self.scheme, "ordered_at": self.stamp(), "seq": self.seq}
        waited = d.below(4) if inpatient else 0
        bill["admitted_on"] = str(self.day - timedelta(waited + (d.between(0, 40) if inpatient else 0)))
        bill["discharged_on"] = str(self.day - timedelta(waited))
        bill["settled_on"] = str(self.day)
        if self.page.get("period_date") in ("admission", "discharge") and d.percent(18):
            late = timedelta(d.between(20, 200))
            bill["admitted_on"] = str(date.fromisoformat(bill["admitted_on"]) - late)
            bill["discharged_on"] = str(date.fromisoformat(bill["discharged_on"]) - late)
        bill.update(care_type=d.choice(["21", "2106", "2"]) if inpatient else d.choice(["11", "14", "1102"]),
                    level=d.choice(["1", "2", "3", "3"]), referral=d.choice(["no", "yes", "urgent", "no"]),
                    place=d.choice(["county", "city", "outside"]), person_type=self.person_type,
                    category=self.categories[-1 if self.day >= self.category_from else 0], disease=self.disease(),
                    designated=d.percent(90), age=self.age, hospital=d.choice(HOSPITALS))
        if self.maker.facts:
            bill["facts"] = {"income": self.income}
        if self.maker.chains and d.percent(65):
            if self.chain == 0 or d.percent(35):
                self.chain += 1
            bill["chain"] = f"c{self.chain}"
        for name in ("disease", "person_type"):
            if name not in self.tested and d.percent(25):
                del bill[name]
        return bill

    def stamp(self):
        return f"{self.day} {self.minute // 60:02d}:{self.minute % 60:02d}:00"

    def same_day(self):
        return self.bills[-1]["ordered_at"][:10] == str(self.day)

    def minute_of(self, stamp):
        return int(stamp[11:13]) * 60 + int(stamp[14:16])

    def disease(self):
        d = self.d
        return d.some(["D1", "D2"], 20) + (["D3"] if d.percent(45) else [])

    def size(self):
        """An amount in fen: small, medium or large."""
        d = self.d
        kind = d.below(100)
        if kind < 4:
            return d.between(1, 300) if d.percent(92) else d.between(10 ** 11, 10 ** 13)
        if kind < 25:
            return d.between(2000, 80000)
        if kind < 80:
            return d.between(100000, 1200000) * (1 if d.percent(60) else self.scale)
        if kind < 97:
            return d.between(1000000, 6000000) * self.scale
        return d.between(10000000, 90000000)

    def bill(self):
        """A bill: aimed at an edge, or any."""
        d = self.d
        bill = self.frame()
        in_scope, given = None, None
        if d.percent(34):
            in_scope, given = self.aimed(bill)
        self.fill(bill, in_scope if in_scope is not None else self.size(), alone=in_scope is not None and d.percent(75))
        if given is not None:
            bill["given"] = given
        elif d.percent(13):
            self.give(bill)
        return bill

    def fill(self, bill, in_scope, alone=False):
        """Columns and parts around what is in scope, or nothing beside it."""
        d = self.d
        column = {"in_scope": in_scope}
        for name, chance in (("excluded", 60), ("over_limit", 35), ("first_share", 60)):
            column[name] = 0
            if d.percent(chance) and not alone:
                column[name] = d.between(0, max(100, in_scope // d.choice([2, 5, 10, 20])))
        bill["total"] = money(sum(column.values()))
        for name, amount in column.items():
            bill[name] = money(amount)
        rest, parts = dict(column), {}
        for part in self.maker.parts:
            if d.percent(60):
                name = part.split(".")[0]
                amount = rest[name] if d.percent(15) else d.between(0, rest[name])
                rest[name] -= amount
                parts[part] = money(amount)
        if parts:
            bill["parts"] = parts

    # aiming

    def aimed(self, bill):
        """(in_scope, given) so that a base lands on an edge or one fen beside it; (None, None) where that is not possible."""
        d = self.d
        try:
            page = find_page(self.book, bill)
        except OracleError:
            return None, None
        probe = Probe(page, bill, period_date(page, bill), len(self.bills))
        layer = d.choice(page["layers"][:3])
        if "rules" not in layer:
            return None, None
        rules = [rule for rule in layer["rules"] if "on" not in rule]
        rule = next((rule for rule in rules if self.may_fit(rule, probe)), rules[-1])
        target = self.target(probe, layer, rule)
        if target is None or not 0 < target < 10 ** 8:
            return None, None
        if layer["kind"] == "basic" or not any(l["kind"] == "basic" and "rules" in l for l in page["layers"]):
            return target, None
        if self.maker.enters or d.percent(25):
            return None, None
        paid = d.between(0, target)
        deductible = min(d.choice([0, 30000]), target)
        return target + paid, {"basic": {"amount": money(paid), "deductible": money(deductible)}}

    def may_fit(self, rule, probe):
        """Whether the tests of a rule that read attributes alone hold; others are taken to fail."""
        tests = rule.get("when", {})
        if set(tests) - {"category", "care_type", "level", "designated", "disease", "person_type", "referral", "place", "age",
                         "date"}:
            return False
        return holds(tests, probe)

    def target(self, probe, layer, rule):
        """A base in fen at an edge of the rule or where its cap is used up, one fen less or more now and then."""
        d = self.d
        edges = [band["to"] * 100 for band in rule.get("bands", []) if "to" in band] * 2
        whole = rule.get("deductible", {}).get("amount", 0)
        if isinstance(whole, dict):
            whole = whole.get("amount", 0)
        if whole:
            edges += [whole * 100] * 2
            if rule.get("edges") == "above":
                edges = [edge + whole * 100 if edge != whole * 100 else edge for edge in edges]
        edges += self.cap_edge(probe, layer, rule, whole * 100)
        if not edges:
            return None
        edge = d.choice(edges) + d.between(-1, 1)
        if rule.get("settles") == "year":
            counter = self.person.base.get(self.person.key(probe, rule.get("counter", layer["name"])))
            if counter is not None:
                edge -= sum(counter.entered.values())
        return math.floor(edge)

    def cap_edge(self, probe, layer, rule, whole):
        """The base at which the first payment cap has no room left, for a rule with one ratio."""
        ratio = rule.get("ratio")
        caps = [cap for cap in rule.get("caps", []) if cap.get("on", "payment") == "payment"]
        if not caps or ratio is None or isinstance(ratio, dict):
            return []
        limit = caps[0]["limit"]
        if isinstance(limit, dict):
            if "amount" not in limit:
                return []
            limit = limit["amount"]
        room = limit * 100
        if caps[0].get("per", "period") == "period":
            group = caps[0].get("group", layer.get("alternative") or layer["name"])
            room -= self.person.group_paid.get(self.person.key(probe, group), 0)
        return [math.ceil(Fraction(room) / ratio) + whole] * 2 if room > 0 else []

    # given amounts, stays in parts, events

    def give(self, bill):
        """One or two layers are given: an amount, or a recorded determination."""
        d = self.d
        try:
            page = find_page(self.book, bill)
        except OracleError:
            return
        alternatives = {}
        for layer in page["layers"]:
            alternatives.setdefault(layer.get("alternative"), layer["name"])
        names = [layer for layer in page["layers"]
                 if layer.get("alternative") is None or alternatives[layer["alternative"]] == layer["name"]]
        given = {}
        for layer in d.some(names, 40) or [names[-1]]:
            kind = d.below(100)
            in_scope = round(bill["in_scope"] * 100)
            if kind < 15 or "rules" not in layer:
                given[layer["name"]] = {"state": d.choice(["waived", "not_applicable"])}
            elif layer["kind"] == "basic":
                if self.maker.enters:
                    continue
                amount = d.between(0, in_scope)
                deductible = min(in_scope - amount, d.choice([0, 30000, 50001]))
                entry = {"amount": money(amount), "deductible": money(deductible)}
                if d.percent(50):
                    entry["over_cap"] = money(d.between(0, in_scope - amount - deductible))
                given[layer["name"]] = entry
            else:
                entry = {"amount": money(d.between(0, max(1, round(bill["total"] * 100) // d.choice([8, 20, 100]))))}
                if d.percent(25):
                    entry["deductible"] = money(d.between(0, 20000))
                given[layer["name"]] = entry
        if given:
            bill["given"] = given

    def add_stay(self):
        """A stay in two or three bills, perhaps with an outpatient bill between; one price for the whole is left out."""
        d = self.d
        self.stays += 1
        sizes = [max(100, self.size()) for _ in range(d.between(2, 3))]
        bills, frame = [], self.frame()
        frame["care_type"] = "21"
        frame["disease"] = [code for code in frame.get("disease", []) if code == "D1"]
        for size in sizes:
            bill = dict(frame)
            self.fill(bill, size)
            bills.append(bill)
        total = money(sum(round(bill["total"] * 100) for bill in bills))
        for number, bill in enumerate(bills):
            if number > 0:
                self.day += timedelta(d.between(1, 25))
                self.seq += 1
                if d.percent(25):
                    self.outpatient_between()
                    self.seq += 1
                bill.update(ordered_at=self.stamp_after(), seq=self.seq, settled_on=str(self.day), discharged_on=str(self.day))
            bill.update(encounter=f"e{self.stays}", encounter_total=total)
            if d.percent(12):
                self.give(bill)
            if not self.add(bill):
                return

    def outpatient_between(self):
        bill = self.frame()
        bill["care_type"] = "11"
        self.fill(bill, self.size() // 4 + 1)
        self.add(bill)
        self.day += timedelta(1)

    def stamp_after(self):
        """The next order key; never before the last bill's."""
        return max(self.stamp(), self.bills[-1]["ordered_at"]) if self.bills else self.stamp()

    def event(self):
        """An application or a year close: no cost, the attributes of the person."""
        bill = self.frame()
        bill.pop("chain", None)
        bill["kind"] = self.d.choice(EVENT_KINDS)
        bill.update(admitted_on=str(self.day), discharged_on=str(self.day), settled_on=str(self.day))
        for name in ("total", "in_scope", "excluded", "over_limit", "first_share"):
            bill[name] = 0
        return bill


def group(seed, number, persons=PERSONS):
    """One book with its persons: (line for the file, list of feature sets)."""
    dice = Dice(f"{seed}-{number}")
    maker = BookMaker(dice)
    text = maker.book()
    book = parsed(text)
    people, features = [], []
    for i in range(persons):
        bills, results, exercised = HistoryMaker(dice, book, maker).make()
        people.append({"person": f"P{i + 1:04d}", "bills": bills, "expect": results})
        features.append(exercised)
    return {"seed": seed, "group": number, "book": text, "persons": people}, features
