"""What reaches back to earlier bills: year adjustments and events (section 13 of docs/policy-model.md)."""
from fractions import Fraction

from language import OracleError, holds, months_before, tidy
from rule import Rule
from state import Outcome

BASIC_BOOKING_ORDER = ["over_cap", "copay", "deductible"]


class Past:
    """The part of Person that books against earlier bills."""

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
        if layer.get("not_applicable"):
            return self.line(layer, "not_applicable")
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
        bills, name = self.window(w, rule), layer["name"]
        columns = ("total", "in_scope", "excluded", "over_limit", "first_share")
        w.bill["window_cost"] = {column: Fraction(sum(earlier.column[column] for earlier in bills), 100) for column in columns}
        r = Rule(w, layer, rule)
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
        parameters = [(rule.get("deductible") or {}).get("amount")] + [cap["limit"] for cap in rule.get("caps", [])]
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
            if any("cost" in entry for entry in parameters if isinstance(entry, dict)):
                w.note("parameter that follows the cost of a window")
            w.note("year adjustment")
            self.note_payment_shape(w, r)
        self.note_binding(w, due, rooms)
        return self.line(layer, "applied", rule, base=x, cumulative=x, deductible=d, due=due, adjustment=adjustment,
                         set_off=self.set_off(w, layer, adjustment))
