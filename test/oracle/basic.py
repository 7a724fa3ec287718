"""When basic settles: which buckets the in-scope part becomes (section 12 of docs/policy-model.md)."""
from language import OracleError


class Basic:
    """The part of Person that makes deductible, over_cap, copay, penalty and away_share."""

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
