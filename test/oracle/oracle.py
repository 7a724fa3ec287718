"""An independent settlement of one person's bills, with exact fractions and naive data structures.

Lives here: the fold of bills through the layers, as docs/policy-model.md states it. Every bill stays in a list with
what is left of each bucket; nothing is optimised away.
Lives elsewhere: numbers, parameters, periods, conditions (language.py), a rule on one bill (rule.py), the buckets of
basic (basic.py), year adjustments and events (past.py), records (state.py), coverage (coverage.py).

settle_year(book, bills) is the one entry; it refuses with OracleError.
"""
import math

from basic import Basic
from coverage import Coverage
from language import (OracleError, all_but_penalty, check_codes, exact, find_page, holds, money, money_parameter, period_start,
                      round_to, taking_order, tested_attributes, tidy, yuan)
from past import Past
from rule import Rule
from state import BaseCounter, Calculation, Entry, Outcome, Work

FIXED_PRICE_ORDER = ["excluded", "over_limit", "first_share", "in_scope"]


class Person(Basic, Past, Coverage):
    """One person's history: all bills and every counter."""

    def __init__(self, book):
        self.book = book
        self.works, self.features = [], set()
        self.base, self.used, self.sums, self.counts, self.times = {}, {}, {}, {}, {}
        self.group_paid, self.group_entered, self.ceiling_cost, self.ceiling_paid = {}, {}, {}, {}
        self.encounters, self.open_recoverable = {}, {}
        self.payers, self.tested, self.met = {}, {}, set()

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
        self.note_page(w)
        whole_page = [page.get("ceilings", [])]
        if w.kind == "bill":
            whole_page += [page.get("fixed_prices", []), list((page.get("counts") or {}).values())]
        self.check_attributes(w, page, whole_page)
        self.start_of_bill = {key: (dict(c.entered), c.eaten) for key, c in self.base.items()}
        if w.kind == "bill":
            self.settle_bill(w)
        else:
            self.settle_event(w)
        self.works.append(w)
        return w

    def check_attributes(self, w, owner, tree=None):
        """Every attribute that this part of the page tests is known; owner is the page or the layer, of which only the
        rules for this kind of bill (and the modifiers, if there are any) count."""
        if tree is None:
            rules = [rule for rule in owner.get("rules", []) if rule.get("on", "bill") == w.kind]
            tree = [rules, owner.get("modifiers", []) if rules else []]
        key = (id(owner), w.kind)
        if key not in self.tested:
            self.tested[key] = sorted(tested_attributes(tree))
        for name in self.tested[key]:
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
        if layer.get("not_applicable"):
            if given is not None and "state" not in given:
                raise OracleError("given_not_applicable", layer["name"])
            if basic:
                self.all_copay(w)
            w.note("layer not applicable")
            return self.line(layer, "not_applicable")
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
        for rule in layer.get("rules", []):
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
        self.leave_shared(w, c)
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

    def leave_shared(self, w, c):
        """A bill stands in a base counter once: where an alternative let it in, that is undone."""
        for entry in [entry for entry in w.entries if entry.key == c.key and not entry.dropped]:
            c.counter.add(entry.amounts, -1)
            c.counter.eaten -= entry.eaten
            w.entries.remove(entry)
            w.note("base counter of alternatives")

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
            if r.final_once_met and self.key(w, r.deductible_counter) in self.met:
                if limit > 0:
                    w.note("deductible final once met")
                limit = 0
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
        self.move_base(w, place, layer, c, c.d, c.b > c.d)
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
        if not basic and (d > w.column["total"] or over_cap > 0):
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
        self.move_base(w, place, layer, c, d, amount > 0)
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
            return taking_order(base.get("from", all_but_penalty(w.page)))
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

    def move_base(self, w, place, layer, c, d, met):
        """The bill enters the base counter; d is counted wherever deductibles are, also that one is met for good."""
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
            w.entries[-1].eaten = d
            if c.r.final_once_met and met:
                self.met.add(key)
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
