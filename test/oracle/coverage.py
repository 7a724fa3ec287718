"""Which features a person-year has exercised: bound or paid, not merely stated in the document."""
from fractions import Fraction


class Coverage:
    """The part of Person that notes features."""

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

    def note_page(self, w):
        """How the page was chosen: by the day of admission, among pages that go by different dates."""
        admitted = w.page.get("admitted")
        if admitted is not None:
            w.note("stay under the earlier terms by its admission" if "to" in admitted else "page by admission")
        same = [page for page in self.book["pages"] if page["scheme"] == w.page["scheme"]]
        if len({page.get("period_date") for page in same}) > 1:
            w.note("pages by different dates")

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
            values = [value for value in [r.rule.get("ratio"), (r.rule.get("deductible") or {}).get("amount")]
                      + [cap["limit"] for cap in r.rule.get("caps", [])] if isinstance(value, dict)]
            if any("derived" in value for value in values):
                w.note("amount derived from a figure")
            if any("fact" in value for value in values):
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
