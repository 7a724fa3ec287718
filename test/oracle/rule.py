"""A rule of a layer as it stands for one bill: base, deductible, bands, entitlement, limits.

Lives here: what the document and the bill say (sections 6 to 10 of docs/policy-model.md).
Lives elsewhere: counters and what other bills took (oracle.py).
"""
import math

from language import (OracleError, all_but_penalty, enter_parameter, fen, holds, money_parameter, ratio_parameter, round_to,
                      rounding_of, taking_order, tidy)


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
            self.takes = taking_order(base.get("from", all_but_penalty(self.w.page)))
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
        return tidy(sum(weight * amounts[b] for b, weight in self.weights.items() if weight and amounts.get(b)))

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
        self.final_once_met = bool(entry.get("final_once_met")) if entry else False
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
