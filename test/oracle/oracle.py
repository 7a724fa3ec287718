"""An independent settlement of one person's bills, with exact fractions and naive data structures.

Lives here: the fold (counters, layers, caps, buckets, year adjustments, events) as docs/policy-model.md states it.
Every bill stays in a list with what is left of each bucket; nothing is optimised away.
Lives elsewhere: numbers, parameters, periods and conditions (language.py).

settle_year(book, bills) is the one entry; it refuses with OracleError.
"""
from fractions import Fraction

from language import (OracleError, all_buckets, check_codes, columns_and_left, enter_parameter, exact, fen, find_page,
                      holds, money, money_parameter, months_before, parameter, period_date, period_start, ratio_parameter,
                      round_to, rounding_of, taking_order, tested_attributes, tidy, yuan)
import math

BASIC_BOOKING_ORDER = ["over_cap", "copay", "deductible"]
FIXED_PRICE_ORDER = ["excluded", "over_limit", "first_share", "in_scope"]


# --- a rule as it stands for one bill ----------------------------------------

def modified(value, modifiers, scale):
    """value after these modifiers in order; None stands for removed."""
    for m in modifiers:
        if "remove" in m:
            value = None
        elif "set" in m:
            value = m["set"] * scale
        elif value is None:
            continue
        elif "add" in m:
            value = value + m["add"] * scale
        else:
            value = value * m["multiply"]
    return value


def modified_ratio(ratio, modifiers):
    """A band's ratio after the ratio and self_share modifiers, clipped once; a band with ratio 0 stays 0."""
    if ratio == 0:
        return 0
    for m in modifiers:
        side = ratio if m["target"] == "ratio" else 1 - ratio
        side = modified(side, [m], 1)
        ratio = side if m["target"] == "ratio" else 1 - side
    return clip_share(ratio)


def clip_share(x):
    return min(max(x, 0), 1)


class Rule:
    """A rule as it stands for one bill: facts put in and the fitting modifiers applied."""

    def __init__(self, w, layer, rule, with_penalty=True):
        self.w, self.layer, self.rule = w, layer, rule
        self.basic = layer["kind"] == "basic"
        self.read_base()
        base_now = self.base_of(w.left, w.column)
        self.modifiers = self.fitting_modifiers(base_now, with_penalty)
        self.enter = clip_share(modified(enter_parameter(rule.get("enter", 1), w.bill), self.of("enter"), 1))
        self.year = rule.get("settles", "visit") == "year"
        self.true_up = rule.get("accrual", "slice") == "true_up"
        self.read_deductible()
        self.read_bands()
        self.read_caps()
        self.unit, self.mode = rounding_of(rule.get("rounding"))

    def of(self, *targets):
        return [m for m in self.modifiers if m["target"] in targets]

    def fitting_modifiers(self, base_now, with_penalty):
        """Modifiers of the layer, then of the rule, that fit this bill."""
        stated = self.layer.get("modifiers", []) + self.rule.get("modifiers", [])
        fitting = [m for m in stated if (with_penalty or not m.get("penalty")) and holds(m.get("when"), self.w, base_now)]
        for targets in (["ratio", "self_share"], ["enter"], ["deductible"], ["visit_cap"], ["annual_cap"], ["payment"]):
            if sum("multiply" in m for m in fitting if m["target"] in targets) > (1 if targets == ["enter"] else 2):
                raise OracleError("too_many_multiply", targets[0])
        for m in fitting:
            operation = next(o for o in ("add", "multiply", "set", "remove") if o in m)
            self.w.note(f"modifier {m['target']} {operation}")
        return fitting

    # base

    def read_base(self):
        """weights of the buckets (or of one gross figure) and the order in which payments are taken."""
        base = self.rule.get("base", self.layer.get("base"))
        if self.basic:
            base = {"in_scope": 1}
        self.gross = base.get("of") if "of" in base else None
        if self.gross:
            self.weights = {"of " + self.gross: 1}
            self.takes = taking_order(base.get("from", all_buckets(self.w.page)))
        else:
            self.weights = base
            self.takes = taking_order([b for b, weight in base.items() if weight != 0])
            if "pays_from" in self.layer:
                self.takes = [b for b in self.layer["pays_from"] if b in self.takes]

    def base_of(self, left, column):
        """The base before the enter share."""
        if self.gross:
            return column[self.gross]
        return self.weigh(left)

    def weigh(self, amounts):
        return tidy(sum(weight * amounts.get(b, 0) for b, weight in self.weights.items()))

    def entering(self):
        """What of every bucket enters, whatever its weight, before a cap on the base."""
        if self.gross:
            return {"of " + self.gross: tidy(self.w.column[self.gross] * self.enter)}
        return {b: tidy(amount * self.enter) for b, amount in self.w.left.items()}

    # deductible

    def read_deductible(self):
        """The whole deductible D (None: there is none) and how it is counted."""
        entry = self.rule.get("deductible")
        self.D, self.threshold, self.closed_upper = None, False, False
        self.deductible_counter = entry.get("counter") if entry else None
        self.sum_cap = entry.get("sum_cap") if entry else None
        if entry is None:
            return
        value = money_parameter(entry["amount"], self.w.bill)
        if "schedule" in entry:
            value = self.scheduled(value, entry["schedule"])
        value = modified(value, self.of("deductible"), 100)
        if value is not None:
            unit, mode = rounding_of(entry.get("rounding"))
            self.D = round_to(max(value, 0), unit, mode)
            self.threshold = entry.get("kind", "deductible") == "threshold"
            self.closed_upper = entry.get("closed", "lower") == "upper"

    def scheduled(self, value, schedule):
        """The deductible of the n-th stay."""
        n = max(1, self.w.stay_number(schedule["count"]))
        factors = schedule.get("factors") or [1]
        value = factors[min(n, len(factors)) - 1] * value - fen(schedule.get("step", 0)) * (n - 1)
        if n > 1:
            self.w.note("schedule by stay number")
        return max(value, fen(schedule.get("floor", 0)), 0)

    def under_threshold(self, x):
        return x < self.D or (x == self.D and not self.closed_upper)

    # entitlement

    def read_bands(self):
        """Bands in fen as (from, to, ratio, fixed amount); the deductible and rounding stand beside them."""
        rule, bill = self.rule, self.w.bill
        ratio_modifiers = self.of("ratio", "self_share")
        self.bands, start = [], 0
        for band in rule.get("bands") or [{"ratio": rule["ratio"]}]:
            end = fen(band["to"]) if band.get("to") is not None else None
            if "amount" in band:
                self.bands.append((start, end, None, money_parameter(band["amount"], bill)))
            else:
                ratio = modified_ratio(ratio_parameter(band["ratio"], bill), ratio_modifiers)
                self.bands.append((start, end, ratio, None))
            start = end
        self.whole_amount = rule.get("banding", "progressive") == "whole_amount"
        self.above = rule.get("edges", "absolute") == "above"
        self.band_closed_upper = rule.get("band_closed", "lower") == "upper"

    def banded(self, x, t):
        """What the bands give on x of which the deductible has eaten t."""
        if x <= 0:
            return 0
        if self.threshold:
            if self.under_threshold(x):
                return 0
            t = 0
        if self.whole_amount:
            return self.whole(x, t)
        low, high = (0, x - t) if self.above else (t, x)
        return sum(ratio * max(0, (high if end is None else min(high, end)) - max(low, start))
                   for start, end, ratio, _ in self.bands)

    def whole(self, x, t):
        """Whole-amount banding: one band, looked up, gives its rate on all of x - t or its fixed amount."""
        if x - t <= 0:
            return 0
        key = x
        if self.above:
            key = x - self.D if self.threshold else x - t
        for start, end, ratio, amount in self.bands:
            if self.band_closed_upper:
                inside = start <= key and (end is None or key < end)
            else:
                inside = (start < key or start == 0) and (end is None or key <= end)
            if inside:
                return amount if ratio is None else ratio * (x - t)
        return 0

    def exact_entitlement(self, x, t):
        """Bands, then the modifiers of the whole payment; not rounded."""
        value = self.banded(x, t)
        return max(0, modified(value, self.of("payment"), 100)) if value > 0 else 0

    def entitlement(self, x, t):
        """E(x, t): rounded, before every cap."""
        return round_to(self.exact_entitlement(x, t), self.unit, self.mode)

    # caps

    def read_caps(self):
        """Caps as (limit in fen or None for removed, per, group); payment caps and base caps."""
        default = self.layer.get("alternative") or self.layer["name"]
        self.payment_caps, self.base_caps = [], []
        for cap in self.rule.get("caps", []):
            per, group = cap.get("per", "period"), cap.get("group", default)
            limit = money_parameter(cap["limit"], self.w.bill)
            if cap.get("on", "payment") == "base":
                self.base_caps.append((limit, per, group))
                continue
            if per == "visit":
                fitting = self.of("visit_cap")
            else:
                fitting = [m for m in self.of("annual_cap") if m.get("group", group) == group]
            limit = modified(limit, fitting, 100)
            self.payment_caps.append((None if limit is None else math.floor(limit), per, group))


# --- what is remembered --------------------------------------------------------

class BaseCounter:
    """A cumulative base: bucket amounts, what deductibles have eaten of it, what was due and paid on it."""

    def __init__(self):
        self.entered, self.eaten, self.accrued, self.paid = {}, 0, 0, 0

    def add(self, amounts, sign=1):
        for bucket, amount in amounts.items():
            self.entered[bucket] = tidy(self.entered.get(bucket, 0) + sign * amount)


class Outcome:
    """What conditions of later layers may ask of an earlier layer on the same bill."""

    def __init__(self, deductible=None, paid=0, exhausted=False):
        self.deductible, self.paid, self.exhausted = deductible, paid, exhausted


class Work:
    """One bill while and after it is settled."""

    def __init__(self, person, page, bill, index):
        self.person, self.page, self.bill, self.index = person, page, bill, index
        self.date = period_date(page, bill)
        self.kind = bill.get("kind", "bill")
        self.column, self.left = columns_and_left(page, bill)
        self.hospital, self.outcome, self.lines, self.entries = 0, {}, [], []
        self.alternatives_paid, self.crossed, self.event_paid = set(), set(), {}
        self.visit_ceiling_paid, self.numbers = {}, {}
        if (bill.get("encounter") is None) != (bill.get("encounter_total") is None):
            raise OracleError("bad_bill", "encounter and encounter_total: both or neither")
        self.encounter_total = fen(bill["encounter_total"]) if bill.get("encounter_total") is not None else None

    def note(self, feature):
        self.person.features.add(feature)

    def stay_number(self, count):
        """Number of this stay in a count, this one included (as counted, or the count as it stands)."""
        if count in self.numbers:
            return self.numbers[count]
        return self.person.counts.get(self.person.key(self, count), 0)

    def position(self):
        return (self.bill["ordered_at"], self.bill.get("seq", 0))


class Entry:
    """That a bill entered a base counter through a layer."""

    def __init__(self, layer, place, key, enter, amounts):
        self.layer, self.place, self.key, self.enter, self.amounts = layer, place, key, enter, amounts
        self.dropped = False


class Calculation:
    """What a rule makes of a bill before anything moves."""


class Person:
    """One person's history: all bills and every counter."""

    def __init__(self, book):
        self.book = book
        self.works, self.features = [], set()
        self.base, self.used, self.sums, self.counts, self.times = {}, {}, {}, {}, {}
        self.group_paid, self.group_entered, self.ceiling_cost, self.ceiling_paid = {}, {}, {}, {}
        self.encounters, self.open_recoverable = {}, {}
        self.payers, self.tested = {}, {}

    # periods

    def key(self, w, name):
        """The counter of this name in the period of this bill."""
        definition = (w.page.get("counters") or {}).get(name, {})
        every = definition.get("every", "year")
        if every == "chain":
            chain = w.bill.get("chain")
            period = ("chain", chain) if chain is not None else ("alone", w.index)
        else:
            period = (every, period_start(w.date, every, definition.get("starts")))
        per = definition.get("per")
        if per is None:
            return (name, period, None)
        if w.bill.get(per) is None:
            raise OracleError("missing_attribute", per)
        return (name, period, w.bill[per])

    def counter(self, key):
        return self.base.setdefault(key, BaseCounter())

    # one bill

    def settle(self, bill):
        """Settle the next bill (or event) and return its work."""
        bill = exact(bill)
        page = find_page(self.book, bill)
        w = Work(self, page, bill, len(self.works))
        if self.works and w.position() <= self.works[-1].position():
            raise OracleError("out_of_order", bill["ordered_at"])
        check_codes(page, bill)
        self.check_attributes(w, page, [page.get("fixed_prices", []), list((page.get("counts") or {}).values()),
                                        page.get("ceilings", [])])
        self.start_of_bill = {key: (dict(c.entered), c.eaten) for key, c in self.base.items()}
        if w.kind == "bill":
            self.settle_bill(w)
        else:
            self.settle_event(w)
        self.works.append(w)
        return w

    def check_attributes(self, w, owner, tree=None):
        """Every attribute that this part of the page tests is known; owner is the page or the layer."""
        if id(owner) not in self.tested:
            self.tested[id(owner)] = sorted(tested_attributes(owner if tree is None else tree))
        for name in self.tested[id(owner)]:
            if w.bill.get(name) is None:
                raise OracleError("missing_attribute", name)

    def settle_bill(self, w):
        names = [layer["name"] for layer in w.page["layers"]]
        for name in w.bill.get("given") or {}:
            if name not in names:
                raise OracleError("unknown_layer", name)
        self.apply_fixed_price(w)
        self.begin_encounter(w)
        self.count_stay(w)
        self.count_ceiling_costs(w)
        if not any(layer["kind"] == "basic" for layer in w.page["layers"]):
            self.all_copay(w)
        for place, layer in enumerate(w.page["layers"]):
            line = self.layer_turn(w, place, layer)
            w.lines.append(line)
        self.end_encounter(w)
        assert min(w.left.values()) >= 0
        assert w.original_total == w.hospital + sum(line["paid"] for line in w.lines) + sum(w.left.values())

    # before the layers

    def apply_fixed_price(self, w):
        """The hospital bears what is above a fixed price."""
        w.original_total = w.column["total"]
        for entry in w.page.get("fixed_prices", []):
            if not holds(entry.get("when"), w):
                continue
            above = max(0, w.column["total"] - money_parameter(entry["price"], w.bill))
            w.hospital = above
            for name in entry.get("takes_from", FIXED_PRICE_ORDER):
                parts = sorted((b for b in w.left if b.startswith(name + ".")), key=lambda b: b.encode())
                for bucket in [name] + parts:
                    taken = min(above, w.left[bucket])
                    w.left[bucket] -= taken
                    w.column[name] -= taken
                    above -= taken
            w.column["total"] -= w.hospital
            if w.hospital > 0:
                w.note("fixed price")
            return

    def begin_encounter(self, w):
        """What earlier bills of the stay took; a bill without one stands alone."""
        name = w.bill.get("encounter")
        w.first_of_encounter = name is None or name not in self.encounters
        if w.first_of_encounter:
            w.encounter = {"taken": {}, "numbers": {}, "billed": 0}
            if name is not None:
                self.encounters[name] = w.encounter
        else:
            w.encounter = self.encounters[name]
            w.note("several bills of one encounter")

    def end_encounter(self, w):
        name = w.bill.get("encounter")
        w.encounter["billed"] += w.original_total
        if name is not None and w.encounter["billed"] >= w.encounter_total:
            del self.encounters[name]

    def count_stay(self, w):
        """The first bill of a stay raises every count that it fits; later ones keep the stay's numbers."""
        if not w.first_of_encounter:
            w.numbers = w.encounter["numbers"]
            return
        for name, count in (w.page.get("counts") or {}).items():
            key = self.key(w, name)
            if holds(count.get("when"), w):
                self.counts[key] = self.counts.get(key, 0) + 1
            w.numbers[name] = self.counts.get(key, 0)
        w.encounter["numbers"] = w.numbers

    def count_ceiling_costs(self, w):
        for ceiling in w.page.get("ceilings", []):
            if ceiling["per"] == "period" and holds(ceiling.get("when"), w):
                key = self.key(w, ceiling["name"])
                self.ceiling_cost[key] = self.ceiling_cost.get(key, 0) + w.column[ceiling["of"]]

    def all_copay(self, w):
        """Basic has settled without computing anything: what is in scope is copay."""
        w.left["copay"] = w.left.get("copay", 0) + w.left.pop("in_scope")

    # one layer

    def layer_turn(self, w, place, layer):
        """One layer's turn on a bill; returns its line."""
        given = (w.bill.get("given") or {}).get(layer["name"])
        basic = layer["kind"] == "basic"
        if given is not None and "state" in given:
            if basic:
                self.all_copay(w)
            w.note(given["state"])
            return self.line(layer, given["state"])
        if layer.get("alternative") in w.alternatives_paid:
            if given is not None:
                raise OracleError("given_alternative", layer["name"])
            w.note("alternative paid")
            return self.line(layer, "alternative_paid")
        self.check_attributes(w, layer)
        rule = self.first_fit(w, layer, "bill")
        if given is not None:
            line = self.take_given(w, place, layer, rule, given)
        elif rule is None:
            if basic:
                self.all_copay(w)
            w.note("no rule fits")
            return self.line(layer, "no_rule")
        else:
            line = self.apply_rule(w, place, layer, rule)
        if layer.get("alternative") and line["paid"] > 0:
            w.alternatives_paid.add(layer["alternative"])
        return line

    def first_fit(self, w, layer, on):
        for rule in layer["rules"]:
            if rule.get("on", "bill") != on:
                continue
            if holds(rule.get("when"), w, self.base_for_conditions(w, layer, rule)):
                self.note_condition(w, rule)
                return rule
        return None

    def note_condition(self, w, rule):
        for test, value in (rule.get("when") or {}).items():
            deep = isinstance(value, dict) and "above_deductible_of" in value
            w.note(f"condition {test}" + (" above_deductible_of" if deep else ""))

    def base_for_conditions(self, w, layer, rule):
        """The base of the layer being tried, before the enter share."""
        base = {"in_scope": 1} if layer["kind"] == "basic" else rule.get("base", layer.get("base"))
        if "of" in base:
            return w.column[base["of"]]
        return sum(weight * w.left.get(bucket, 0) for bucket, weight in base.items())

    def line(self, layer, state, rule=None, **figures):
        line = {"layer": layer["name"], "kind": layer["kind"], "state": state, "rule": rule["name"] if rule else None,
                "base": 0, "cumulative": 0, "deductible": 0, "due": 0, "paid": 0, "adjustment": 0, "recoverable": 0,
                "set_off": 0}
        line.update(figures)
        return line

    # what a rule makes of the bill

    def enter_base(self, w, layer, rule, with_penalty=True):
        """What enters (sections 11.1 and 11.2): the vector, the cumulative base and the base of this bill."""
        c = Calculation()
        c.r = r = Rule(w, layer, rule, with_penalty)
        c.away = 0
        if r.basic:
            whole = w.left["in_scope"]
            c.away = round_to((1 - r.enter) * whole)
            c.entering = {"in_scope": whole - c.away}
        else:
            c.entering = r.entering()
        c.before_cut = r.weigh(c.entering)
        self.cut_base(w, c)
        c.key = self.key(w, rule.get("counter", layer["name"]))
        c.counter = self.counter(c.key)
        then, c.eaten_then = self.start_of_bill.get(c.key, ({}, 0))
        now = dict(c.counter.entered)
        for bucket, amount in c.entering.items():
            now[bucket] = now.get(bucket, 0) + amount
        c.B = max(0, r.weigh(now))
        c.B_before = max(0, r.weigh(then))
        c.alone = r.weigh(c.entering)
        c.phase = self.crossing_phase(w, rule)
        c.cumulates = r.year and c.phase != "before"
        c.b = tidy(c.B - c.B_before) if c.cumulates else c.alone
        return c

    def cut_base(self, w, c):
        """A cap on the base: buckets enter in the order of taking until the room is used."""
        for limit, per, group in c.r.base_caps:
            room = limit
            if per == "period":
                room = max(0, limit - self.group_entered.get(self.key(w, group), 0))
            order = list(c.entering) if c.r.gross or c.r.basic else c.r.takes
            for bucket in order:
                if c.entering.get(bucket, 0) > room:
                    w.note("cap on the base")
                    c.entering[bucket] = room
                room -= c.entering.get(bucket, 0)

    def crossing_phase(self, w, rule):
        """None, or where this bill stands: before, at or after the bill on which the named layer was crossed.

        The period is that of the named layer's default counter.
        """
        if "cumulative_from" not in rule:
            return None
        named = rule["cumulative_from"]["crossing"]
        definition = (w.page.get("counters") or {}).get(named, {})
        every, starts = definition.get("every", "year"), definition.get("starts")
        period = period_start(w.date, every, starts)
        for earlier in self.works:
            if earlier.kind == "bill" and named in earlier.crossed and period_start(earlier.date, every, starts) == period:
                return "after"
        return "at" if named in w.crossed else "before"

    def compute(self, w, layer, rule, with_penalty=True):
        """Everything up to what is allowed on the bill and beyond; nothing moves."""
        c = self.enter_base(w, layer, rule, with_penalty)
        self.take_deductible(w, layer, c)
        self.find_due(c)
        c.rooms = self.rooms(w, layer, c.r)
        c.least_room = min((room for _, room, _ in c.rooms), default=None)
        c.allowed = c.due if c.least_room is None else min(c.due, c.least_room)
        c.payable = c.before_cut if c.r.basic else sum(w.left.get(b, 0) for b in c.r.takes)
        c.p = max(0, min(c.allowed, c.payable))
        return c

    def take_deductible(self, w, layer, c):
        """d of this bill, and t after and before it where the deductible lies inside E."""
        r = c.r
        c.limit = None
        inside = r.year and c.phase != "before" and r.deductible_counter is None
        if r.D is None:
            c.d = 0
        elif r.threshold:
            c.d = max(0, c.b) if r.under_threshold(c.B if c.cumulates else c.b) else 0
        elif inside:
            c.d = max(0, min(c.B, r.D) - min(c.B - c.b, r.D))
        else:
            c.limit = self.deductible_limit(w, layer, r)
            c.d = max(0, min(c.b, c.limit))
        if r.deductible_counter is not None:
            c.t_after = min(c.counter.eaten + c.d, c.B)
            c.t_before = min(c.eaten_then, c.B - c.b)
        else:
            whole = 0 if r.D is None or r.threshold else r.D
            c.t_after, c.t_before = min(c.B, whole), min(c.B - c.b, whole)

    def deductible_limit(self, w, layer, r):
        """At most so much of the deductible is still to be taken on this bill."""
        taken = w.encounter["taken"].get(layer["name"], 0)
        limit = max(0, r.D - taken)
        if taken > 0:
            w.note("deductible of the encounter already taken")
        if r.deductible_counter is not None:
            used = self.used.get(self.key(w, r.deductible_counter), 0)
            if used > 0:
                self.note_deductible_counter(w, r.deductible_counter)
            limit = min(limit, max(0, r.D - used))
        if r.sum_cap is not None:
            room = max(0, money_parameter(r.sum_cap["limit"], w.bill) - self.sums.get(self.key(w, r.sum_cap["counter"]), 0))
            if room < limit:
                w.note("sum_cap binding")
            limit = min(limit, room)
        return limit

    def note_deductible_counter(self, w, name):
        definition = (w.page.get("counters") or {}).get(name, {})
        w.note(f"deductible counter {definition.get('every', 'year')}"
               + (f" per {definition['per']}" if "per" in definition else ""))

    def find_due(self, c):
        """Section 11.4."""
        r = c.r
        if not c.cumulates:
            c.due = r.entitlement(c.b, c.d)
        elif r.true_up or c.phase == "at":
            c.due = r.entitlement(c.B, c.t_after) - c.counter.accrued
        else:
            c.due = r.entitlement(c.B, c.t_after) - r.entitlement(c.B - c.b, c.t_before)

    def rooms(self, w, layer, r):
        """Room under every cap, as (what, room, key)."""
        rooms = []
        for limit, per, group in r.payment_caps:
            if limit is None:
                continue
            if per == "visit":
                rooms.append(("visit cap", max(0, limit), None))
            else:
                key = self.key(w, group)
                rooms.append(("period cap", max(0, limit - self.group_paid.get(key, 0)), key))
        if "times" in r.rule:
            key = self.key(w, r.rule["times"].get("counter", layer["name"]))
            if self.times.get(key, 0) >= r.rule["times"]["limit"]:
                rooms.append(("times", 0, key))
        for ceiling in self.ceilings_over(w, layer):
            rooms.append(self.ceiling_room(w, ceiling))
        return rooms

    def ceilings_over(self, w, layer):
        """Ceilings that bind this layer on this bill; an event has no visit to have a ceiling of."""
        return [ceiling for ceiling in w.page.get("ceilings", [])
                if layer["name"] in ceiling["layers"] and holds(ceiling.get("when"), w)
                and (ceiling["per"] == "period" or w.kind == "bill")]

    def ceiling_room(self, w, ceiling):
        name = ceiling["name"]
        if ceiling["per"] == "visit":
            cost, paid = w.column[ceiling["of"]], w.visit_ceiling_paid.get(name, 0)
        else:
            key = self.key(w, name)
            cost, paid = self.ceiling_cost.get(key, 0), self.ceiling_paid.get(key, 0)
        room = max(0, math.floor(ceiling["share"] * cost) - paid)
        return ("ceiling " + ceiling["per"], room, None)

    # applying it

    def apply_rule(self, w, place, layer, rule):
        c = self.compute(w, layer, rule)
        if c.r.basic:
            self.settle_basic(w, layer, rule, c)
        else:
            self.take(w.left, c.r.takes, c.p)
        self.move_base(w, place, layer, c, c.d)
        c.counter.accrued += c.due
        recoverable = self.recover(w, layer, c) if c.due < 0 else 0
        adjustment = self.adjust(w, place, layer, c) if c.cumulates and c.allowed > c.p else 0
        self.move_paid(w, layer, c, c.p + adjustment)
        self.drop_paid_bill(w, layer, rule, c, c.p + adjustment)
        self.note_crossing(w, layer, c, c.p + adjustment)
        w.outcome[layer["name"]] = Outcome(c.r.D, c.p, self.exhausted(w, layer, c.r))
        self.note_rule(w, layer, c, adjustment)
        return self.line(layer, "applied", rule, base=c.b, cumulative=c.B, deductible=c.d, due=c.due, paid=c.p,
                         adjustment=adjustment, recoverable=recoverable,
                         set_off=self.set_off(w, layer, c.p + adjustment))

    def take_given(self, w, place, layer, rule, given):
        """An amount computed by someone else, in chain order like a computed one."""
        amount, d = money(given["amount"]), money(given.get("deductible", 0))
        over_cap = money(given.get("over_cap", 0))
        basic = layer["kind"] == "basic"
        c = None
        if rule is not None:
            c = self.enter_base(w, layer, rule)
        takes = c.r.takes if c else self.takes_without_rule(w, layer)
        if basic and amount + d + over_cap > w.left["in_scope"]:
            raise OracleError("given_too_large", layer["name"])
        if amount > sum(w.left.get(bucket, 0) for bucket in takes):
            raise OracleError("given_too_large", layer["name"])
        if basic:
            rest = w.left.pop("in_scope") - amount - d - over_cap
            w.left.update(deductible=d, over_cap=over_cap, copay=rest)
        else:
            self.take(w.left, takes, amount)
        w.note("given layer")
        if c is None:
            self.move_ceilings(w, layer, amount)
            if amount > 0:
                w.crossed.add(layer["name"])
            w.outcome[layer["name"]] = Outcome(None, amount, False)
            return self.line(layer, "given", None, deductible=d, due=amount, paid=amount,
                             set_off=self.set_off(w, layer, amount))
        self.move_base(w, place, layer, c, d)
        c.counter.accrued += amount
        self.move_paid(w, layer, c, amount)
        self.drop_paid_bill(w, layer, rule, c, amount, d)
        self.note_crossing(w, layer, c, amount)
        w.outcome[layer["name"]] = Outcome(c.r.D, amount, self.exhausted(w, layer, c.r))
        return self.line(layer, "given", rule, base=c.b, cumulative=c.B, deductible=d, due=amount, paid=amount,
                         set_off=self.set_off(w, layer, amount))

    def takes_without_rule(self, w, layer):
        """The buckets of a layer's own base, in its order of taking."""
        if layer["kind"] == "basic":
            return ["in_scope"]
        base = layer.get("base", {})
        if "of" in base:
            return taking_order(base.get("from", all_buckets(w.page)))
        takes = taking_order([b for b, weight in base.items() if weight != 0])
        return [b for b in layer["pays_from"] if b in takes] if "pays_from" in layer else takes

    def take(self, left, order, amount):
        """Take amount out of the buckets, each down to zero before the next; returns what was taken of each."""
        taken = {}
        for bucket in order:
            part = min(amount, left.get(bucket, 0))
            if part > 0:
                left[bucket] -= part
                taken[bucket] = part
                amount -= part
        return taken

    # moving counters

    def move_base(self, w, place, layer, c, d):
        """The bill enters the base counter; d is counted wherever deductibles are."""
        c.counter.add(c.entering)
        w.entries.append(Entry(layer["name"], place, c.key, c.r.enter, dict(c.entering)))
        for _, per, group in c.r.base_caps:
            if per == "period":
                key = self.key(w, group)
                self.group_entered[key] = self.group_entered.get(key, 0) + c.alone
        if c.r.deductible_counter is not None:
            key = self.key(w, c.r.deductible_counter)
            self.used[key] = self.used.get(key, 0) + d
            c.counter.eaten += d
        if c.r.sum_cap is not None:
            key = self.key(w, c.r.sum_cap["counter"])
            self.sums[key] = self.sums.get(key, 0) + d
        w.encounter["taken"][layer["name"]] = w.encounter["taken"].get(layer["name"], 0) + d

    def move_paid(self, w, layer, c, amount):
        """The paid side of everything that the rule names grows."""
        c.counter.paid += amount
        self.move_caps(w, layer, c.r, amount)
        self.move_ceilings(w, layer, amount)

    def move_caps(self, w, layer, r, amount):
        for _, per, group in r.payment_caps:
            if per == "period":
                key = self.key(w, group)
                self.group_paid[key] = self.group_paid.get(key, 0) + amount
                if amount > 0:
                    self.payers.setdefault(key, set()).add(layer["name"])
        if "times" in r.rule and amount > 0:
            key = self.key(w, r.rule["times"].get("counter", layer["name"]))
            self.times[key] = self.times.get(key, 0) + 1

    def move_ceilings(self, w, layer, amount, visit=True):
        for ceiling in self.ceilings_over(w, layer):
            if ceiling["per"] == "period":
                key = self.key(w, ceiling["name"])
                self.ceiling_paid[key] = self.ceiling_paid.get(key, 0) + amount
            elif visit:
                w.visit_ceiling_paid[ceiling["name"]] = w.visit_ceiling_paid.get(ceiling["name"], 0) + amount

    def drop_paid_bill(self, w, layer, rule, c, amount, d=None):
        """The bill leaves the base counter again if the layer paid on it."""
        if rule.get("drop_paid_bills") and amount > 0:
            c.counter.add(c.entering, -1)
            if c.r.deductible_counter is not None:
                c.counter.eaten -= c.d if d is None else d
            w.entries[-1].dropped = True
            w.note("drop_paid_bills")

    def note_crossing(self, w, layer, c, amount):
        """Whether this layer counts as crossed on this bill."""
        D = c.r.D if c.r.D is not None else 0
        if c.B > D or amount > 0:
            w.crossed.add(layer["name"])

    def exhausted(self, w, layer, r):
        """Whether the least room of the period payment caps is now 0."""
        rooms = [room for what, room, _ in self.rooms(w, layer, r) if what == "period cap"]
        return bool(rooms) and min(rooms) == 0

    def recover(self, w, layer, c):
        """A negative difference: what was paid above the entitlement becomes recoverable."""
        amount = min(-c.due, max(0, c.counter.paid - c.r.entitlement(c.B, c.t_after)))
        c.counter.paid -= amount
        for _, per, group in c.r.payment_caps:
            if per == "period":
                self.group_paid[self.key(w, group)] = self.group_paid.get(self.key(w, group), 0) - amount
        self.move_ceilings(w, layer, -amount, visit=False)
        name = layer["name"]
        self.open_recoverable[name] = self.open_recoverable.get(name, 0) + amount
        if amount > 0:
            w.note("recoverable")
        return amount

    def set_off(self, w, layer, payment):
        """How much of a payment is shown as set off against open recoverables."""
        amount = min(payment, self.open_recoverable.get(layer["name"], 0)) if layer.get("set_off") else 0
        if amount > 0:
            self.open_recoverable[layer["name"]] -= amount
            w.note("set off")
        return amount

    # basic

    def settle_basic(self, w, layer, rule, c):
        """Make the buckets of what was in scope: those of the computation without penalties."""
        first = c
        if any(m.get("penalty") for m in c.r.modifiers):
            first = self.compute(w, layer, rule, with_penalty=False)
        penalty = first.p - c.p
        if penalty < 0:
            raise OracleError("penalty_pays", layer["name"])
        over_cap, d = self.over_cap(first), first.d
        copay = first.before_cut - d - over_cap - first.p
        if copay < 0:
            over_cap, copay = over_cap + copay, 0
        if over_cap < 0:
            d, over_cap = d + over_cap, 0
        assert d >= 0 and first.before_cut + first.away == w.left["in_scope"]
        del w.left["in_scope"]
        w.left.update(deductible=d, over_cap=over_cap, copay=copay, penalty=penalty, away_share=first.away)
        for name in ("over_cap", "penalty", "away_share"):
            if w.left[name] > 0:
                w.note("bucket " + name)

    def over_cap(self, c):
        """The cost above the point where the least cap binds, and what a cap on the base cut."""
        cut = c.before_cut - c.alone
        if c.least_room is None or c.due <= c.least_room:
            return cut
        if c.least_room == 0:
            return cut + c.alone - c.d
        if c.r.whole_amount:
            return cut + c.due - c.p
        low, high = 0, c.alone
        if self.entitlement_on_bill(c, high) < c.least_room:
            return cut
        while low < high:
            middle = (low + high) // 2
            if self.entitlement_on_bill(c, middle) >= c.least_room:
                high = middle
            else:
                low = middle + 1
        return cut + c.alone - low

    def entitlement_on_bill(self, c, y):
        """The exact entitlement on this bill if only y had entered."""
        r = c.r
        if not c.cumulates:
            return r.exact_entitlement(y, min(y, c.limit or 0))
        x = c.B_before + y
        if r.deductible_counter is not None:
            t = min(c.eaten_then + min(y, c.limit or 0), x)
        else:
            t = 0 if r.D is None or r.threshold else min(x, r.D)
        before = c.counter.accrued if r.true_up else r.exact_entitlement(c.B_before, c.t_before)
        return r.exact_entitlement(x, t) - before

    # year adjustments

    def adjust(self, w, place, layer, c):
        """Book what is allowed beyond the bill against earlier bills of the base counter, oldest first."""
        rest, booked = c.allowed - c.p, 0
        order = BASIC_BOOKING_ORDER if c.r.basic else c.r.takes
        for earlier in self.works:
            if not self.may_be_booked(earlier, layer, c.key):
                continue
            taken = self.take(earlier.left, order, rest - booked)
            self.leave_later_counters(earlier, place, taken)
            booked += sum(taken.values())
        if booked > 0:
            w.note("year adjustment")
        return booked

    def may_be_booked(self, earlier, layer, key):
        entries = [entry for entry in earlier.entries if entry.key == key]
        if any(entry.dropped and entry.layer == layer["name"] for entry in entries):
            return False
        return any(not entry.dropped for entry in entries)

    def leave_later_counters(self, earlier, place, taken):
        """A booked amount leaves the cumulative base of the layers that came after the booking one."""
        for entry in earlier.entries:
            if entry.place > place and not entry.dropped:
                gone = {bucket: tidy(amount * entry.enter) for bucket, amount in taken.items() if bucket in entry.amounts}
                self.counter(entry.key).add(gone, -1)

    # events

    def settle_event(self, w):
        """An application or a year close: every layer may pay on the bills of a window."""
        if w.column["total"] != 0:
            raise OracleError("bad_bill", "an event has no cost")
        w.encounter = {"taken": {}, "numbers": {}, "billed": 0}
        for place, layer in enumerate(w.page["layers"]):
            w.lines.append(self.event_turn(w, place, layer))
        w.left = {}

    def event_turn(self, w, place, layer):
        """One layer's turn on an event; of alternatives the first that pays is alone here too."""
        if layer.get("alternative") in w.alternatives_paid:
            return self.line(layer, "alternative_paid")
        self.check_attributes(w, layer)
        rule = self.first_fit(w, layer, w.kind)
        if rule is None:
            return self.line(layer, "no_rule")
        line = self.apply_event(w, place, layer, rule)
        if layer.get("alternative") and line["adjustment"] > 0:
            w.alternatives_paid.add(layer["alternative"])
        return line

    def window(self, w, rule):
        """Earlier bills that an event rule looks at, oldest first."""
        entry = rule.get("window", {"over": "year_to_date"})
        over = entry["over"]
        bills = []
        for earlier in self.works:
            d = earlier.date
            if over == "year_to_date":
                inside = d.year == w.date.year and d <= w.date
            elif over == "previous_year":
                inside = d.year == w.date.year - 1
            else:
                inside = months_before(w.date, 12) < d <= w.date
            if inside and earlier.kind == "bill" and holds(entry.get("when"), earlier):
                bills.append(earlier)
        return bills

    def apply_event(self, w, place, layer, rule):
        r = Rule(w, layer, rule)
        bills, name = self.window(w, rule), layer["name"]
        amounts, already = {}, 0
        for earlier in bills:
            paid = earlier.event_paid.get(name, {})
            already += sum(paid.values())
            for bucket in r.weights:
                amounts[bucket] = amounts.get(bucket, 0) + earlier.left.get(bucket, 0) + paid.get(bucket, 0)
        x = tidy(r.weigh(amounts) * r.enter)
        d = (x if r.under_threshold(x) else 0) if r.threshold else min(x, r.D or 0)
        due = max(0, r.entitlement(x, d) - already)
        rooms = self.rooms(w, layer, r)
        allowed = min([due] + [room for _, room, _ in rooms])
        adjustment = 0
        for earlier in bills:
            taken = self.take(earlier.left, r.takes, allowed - adjustment)
            self.leave_later_counters(earlier, place, taken)
            paid = earlier.event_paid.setdefault(name, {})
            for bucket, amount in taken.items():
                paid[bucket] = paid.get(bucket, 0) + amount
            adjustment += sum(taken.values())
        self.move_caps(w, layer, r, adjustment)
        self.move_ceilings(w, layer, adjustment)
        w.outcome[name] = Outcome(r.D, adjustment, self.exhausted(w, layer, r))
        if adjustment > 0:
            w.note("event " + w.kind)
            w.note("year adjustment")
            self.note_payment_shape(w, r)
        self.note_binding(w, due, rooms)
        return self.line(layer, "applied", rule, base=x, cumulative=x, deductible=d, due=due, adjustment=adjustment,
                         set_off=self.set_off(w, layer, adjustment))

    # coverage

    def note_binding(self, w, due, rooms):
        """Which caps bind: those whose room is the least and less than what is due."""
        least = min((room for _, room, _ in rooms), default=None)
        if least is None or due <= least:
            return
        for what, room, key in rooms:
            if room == least:
                w.note(what + " binding")
                if what == "period cap" and len(self.payers.get(key, ())) > 1:
                    w.note("cap group of several layers binding")

    def note_payment_shape(self, w, r):
        w.note(f"rounding {'yuan' if r.unit == 100 else 'fen'} {r.mode}")
        if r.whole_amount or r.threshold:
            w.note("threshold or whole amount")
        if r.gross:
            w.note("gross base")
        if any(isinstance(weight, Fraction) and w.left.get(b, 0) + sum(e.left.get(b, 0) for e in self.works) > 0
               for b, weight in r.weights.items()):
            w.note("weights other than 0 and 1")

    def note_rule(self, w, layer, c, adjustment):
        r = c.r
        self.note_binding(w, c.due, c.rooms)
        if c.due != 0 or c.p > 0:
            self.note_payment_shape(w, r)
            if r.year:
                w.note("true_up" if r.true_up else "slice")
            if layer["kind"] == "government":
                w.note("government floor")
            if any(isinstance(value, dict) for value in [r.rule.get("ratio"), (r.rule.get("deductible") or {}).get("amount")]
                   + [cap["limit"] for cap in r.rule.get("caps", [])]):
                w.note("fact-dependent parameter")
            if not r.basic and not any(l["kind"] == "basic" for l in w.page["layers"]):
                w.note("chain without basic")
            if "in_scope" in w.left:
                w.note("layer before basic")
        if r.threshold and c.b > 0 and c.due == 0:
            w.note("threshold or whole amount")
        if c.phase == "at":
            w.note("crossing bill")
        if c.b < 0:
            w.note("negative base of a bill")
        if c.d > 0:
            w.note("deductible taken")
        self.note_edges(w, layer, c)
        paying = [l["kind"] for l in w.lines if l["paid"] > 0] + ([layer["kind"]] if c.p > 0 else [])
        if len(paying) > len(set(paying)):
            w.note("several layers of one kind")

    def note_edges(self, w, layer, c):
        """Cumulative or visit base at an edge, or one fen beside it; the critical deductible crossed by several bills."""
        r, x = c.r, c.B if c.cumulates else c.b
        if r.D and abs(x - r.D) <= 1:
            w.note("base at the deductible or one fen beside it")
        for _, end, _, _ in r.bands:
            if end is not None and min(abs(x - end), abs(x - (r.D or 0) - end)) <= 1:
                w.note("base at a band edge or one fen beside it")
        if layer["kind"] == "critical" and r.year and r.D and 0 < c.B_before <= r.D < c.B and c.b <= r.D:
            w.note("critical deductible crossed by several bills")

    def note_person(self):
        """Features that only the whole history shows."""
        bills = [w for w in self.works if w.kind == "bill"]
        categories = {tuple(sorted(w.bill.get("category") or [])) for w in bills}
        if len(categories) > 1:
            self.features.add("change of category")
        for scheme in {w.page["scheme"] for w in bills}:
            if len({id(w.page) for w in bills if w.page["scheme"] == scheme}) > 1:
                self.features.add("change of terms")
        if len({w.page["scheme"] for w in bills}) > 1:
            self.features.add("change of scheme")
        self.note_open_periods(bills)

    def note_open_periods(self, bills):
        """Two periods open: counters of different periods in use at once, or one counter going back to an earlier period."""
        latest = {}
        for w in bills:
            starts = set()
            for entry in w.entries:
                name, (every, start), _ = entry.key
                if every == "year":
                    starts.add(start)
                if name in latest and latest[name] > start:
                    self.features.add("two open periods of one counter")
                    self.features.add("two open periods")
                latest[name] = max(start, latest.get(name, start))
            if len(starts) > 1:
                self.features.add("two open periods")


# --- the one entry ---------------------------------------------------------------

MONEY_FIGURES = ("base", "cumulative", "deductible", "due", "paid", "adjustment", "recoverable", "set_off")


def written_left(left):
    return {bucket: yuan(amount) for bucket, amount in sorted(left.items()) if amount != 0}


def written(w):
    """The result of one bill in yuan, as it stands when the bill has been settled."""
    lines = [{key: yuan(value) if key in MONEY_FIGURES else value for key, value in line.items()} for line in w.lines]
    return {"hospital": yuan(w.hospital), "patient": yuan(sum(w.left.values())), "lines": lines,
            "left": written_left(w.left)}


def settle_person(book, bills):
    """Settle bills in order under an exact() book; returns (results, person)."""
    person, results = Person(book), []
    for bill in bills:
        results.append(written(person.settle(bill)))
    for w, result in zip(person.works, results):
        after = written_left(w.left)
        if after != result["left"]:
            result["left_after_all"] = after
    person.note_person()
    return results, person


def settle_year(book, bills):
    """Split every bill of one person, in order.

    book: the JSON document of terms; bills: in the form of section 3, both parsed with parse_float=Decimal.
    Returns per bill hospital, patient, lines and left, in yuan as exact decimal strings; left_after_all stands
    beside left where a later bill booked something against this one.
    """
    return settle_person(exact(book), bills)[0]
