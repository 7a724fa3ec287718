"""What is remembered of a bill and of a cumulative base.

Lives here: records with next to no behaviour. Lives elsewhere: who moves them (oracle.py, past.py).
"""
from language import OracleError, columns_and_left, fen, period_date, tidy


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
        self.dropped, self.eaten = False, 0


class Calculation:
    """What a rule makes of a bill before anything moves."""
