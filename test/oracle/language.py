"""Reading the policy language: exact numbers, rounding, parameters, periods, conditions.

Lives here: everything that looks at the document and one bill only.
Lives elsewhere: what a person's earlier bills do to a later one (oracle.py).

Money is counted in fen; a figure that may have parts of a fen is a Fraction.
"""
from datetime import date
from decimal import Decimal
from fractions import Fraction
import math

COLUMNS = ("excluded", "over_limit", "first_share", "in_scope")
ONE_CODE = ("care_type", "level", "referral", "place", "person_type")
CODE_LISTS = ("category", "disease")
ORDER_OF_TAKING = ("in_scope", "over_cap", "copay", "away_share", "first_share", "over_limit", "excluded")
TAKEN_LAST = ("deductible", "penalty")


class OracleError(Exception):
    """A bill or document that must be refused; kind is one short word."""

    def __init__(self, kind, detail=""):
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


def tidy(x):
    """The same number, as an int where it is whole."""
    if isinstance(x, Fraction) and x.denominator == 1:
        return x.numerator
    return x


def exact(tree):
    """The same JSON tree with every number exact."""
    if isinstance(tree, dict):
        return {key: exact(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [exact(value) for value in tree]
    if isinstance(tree, Decimal):
        return tidy(Fraction(tree))
    if isinstance(tree, float):
        raise OracleError("binary_number", "parse JSON with parse_float=Decimal")
    return tidy(tree)


def fen(yuan):
    """Yuan as fen, exact."""
    return tidy(yuan * 100)


def money(yuan, what="amount"):
    """A yuan amount of a bill as whole fen."""
    amount = fen(yuan)
    if not isinstance(amount, int) or amount < 0:
        raise OracleError("bad_amount", what)
    return amount


def yuan(amount):
    """Fen as a decimal string in yuan: two decimals, more only where there are parts of a fen."""
    sign, digits, value = "-" if amount < 0 else "", 2, abs(tidy(amount))
    while isinstance(value, Fraction):
        value, digits = tidy(value * 10), digits + 1
    whole, rest = divmod(value, 10 ** digits)
    return f"{sign}{whole}.{rest:0{digits}d}"


def round_to(x, unit=1, mode="half_up"):
    """x (at least 0) as a whole multiple of unit."""
    if unit == 1 and isinstance(x, int):
        return x
    top, bottom = x.numerator, x.denominator * unit
    if mode == "half_up":
        return (2 * top + bottom) // (2 * bottom) * unit
    if mode == "down":
        return top // bottom * unit
    return -(-top // bottom) * unit


def rounding_of(entry):
    """(unit in fen, mode) of a rounding object or of its absence."""
    entry = entry or {}
    return (100 if entry.get("unit", "fen") == "yuan" else 1, entry.get("mode", "half_up"))


def followed(entry, bill):
    """What a formula follows: a fact, or what the bills of the event's window cost (set down by whoever tries the event)."""
    return bill["window_cost"][entry["cost"]] if "cost" in entry else fact_of(bill, entry["fact"])


def fact_of(bill, name):
    """A named fact of the bill; the age is a fact too."""
    if name == "age":
        return attribute(bill, name)
    facts = bill.get("facts") or {}
    if facts.get(name) is None:
        raise OracleError("missing_fact", name)
    return facts[name]


def parameter(entry, bill, scale=1, resolution=1):
    """A parameter: a number, a share of a published figure, or base + rate x fact (or cost of a window), clipped and rounded half
    up to its resolution.

    scale turns the unit of the document into the unit here (100 for money); resolution is in the unit here.
    """
    if not isinstance(entry, dict):
        return tidy(entry * scale)
    if "derived" in entry:
        figure = entry["derived"]
        return round_to(tidy(Fraction(figure["value"]) * figure["share"] * scale), *rounding_of(figure.get("rounding")))
    fact = followed(entry, bill)
    if "step" in entry:
        fact = math.floor(Fraction(fact) / entry["step"]) * entry["step"]
    value = entry["base"] + entry["rate"] * fact
    if "min" in entry:
        value = max(value, entry["min"])
    if "max" in entry:
        value = min(value, entry["max"])
    value = Fraction(value * scale)
    rounded = math.floor(abs(value) / resolution + Fraction(1, 2)) * resolution
    return tidy(rounded if value >= 0 else -rounded)


def money_parameter(entry, bill):
    return parameter(entry, bill, 100, 1)


def ratio_parameter(entry, bill):
    return parameter(entry, bill, 1, Fraction(1, 10 ** 6))


def enter_parameter(entry, bill):
    return parameter(entry, bill, 1, Fraction(1, 1000))


# --- days and periods -------------------------------------------------------

def day(text):
    return date.fromisoformat(text[:10])


def months_before(d, months):
    """The day so many months earlier; the last of the month where that day does not exist."""
    index = d.year * 12 + d.month - 1 - months
    for last in (d.day, 30, 29, 28):
        try:
            return date(index // 12, index % 12 + 1, min(last, d.day))
        except ValueError:
            continue
    raise AssertionError


def period_start(d, every, starts):
    """First day of the year, quarter or month (counted from `starts`) that contains d."""
    month, dom = (int(part) for part in (starts or "01-01").split("-"))
    length = {"year": 12, "quarter": 3, "month": 1}[every]
    start = date(d.year, month, dom)
    while start > d:
        start = months_before(start, length)
    while months_before(start, -length) <= d:
        start = months_before(start, -length)
    return start


# --- conditions -------------------------------------------------------------

def in_range(x, bounds, scale=1):
    """Whether x lies in a range object; its bounds are multiplied by scale."""
    return (("above" not in bounds or x > bounds["above"] * scale)
            and ("at_least" not in bounds or x >= bounds["at_least"] * scale)
            and ("below" not in bounds or x < bounds["below"] * scale)
            and ("up_to" not in bounds or x <= bounds["up_to"] * scale))


def holds(condition, w, base=None):
    """Whether every test of a condition holds for the bill in work w; base is that of the rule being tried."""
    return all(test_holds(name, value, w, base) for name, value in (condition or {}).items())


def amount_test(x, value, w):
    """A range of money, or above the whole deductible that another layer applied to this bill."""
    if "above_deductible_of" in value:
        whole = w.outcome[value["above_deductible_of"]].deductible if value["above_deductible_of"] in w.outcome else None
        return whole is not None and x > whole
    return in_range(x, value, 100)


def attribute(bill, name):
    """An attribute that must be known."""
    if bill.get(name) is None:
        raise OracleError("missing_attribute", name)
    return bill[name]


def test_holds(name, value, w, base):
    """Whether one test holds."""
    bill = w.bill
    if name == "care_type":
        return any(attribute(bill, name).startswith(code) for code in value)
    if name in ONE_CODE:
        return attribute(bill, name) in value
    if name in CODE_LISTS:
        return any(code in value for code in attribute(bill, name))
    if name == "designated":
        return attribute(bill, name) == value
    if name == "age":
        return in_range(attribute(bill, name), value)
    if name == "stay_total":
        return in_range(w.encounter_total if w.encounter_total is not None else w.column["total"], value, 100)
    if name in ("total", "in_scope"):
        return in_range(w.column[name], value, 100)
    if name == "stay_number":
        return in_range(w.stay_number(value["count"]), {k: v for k, v in value.items() if k != "count"})
    if name == "base":
        return amount_test(base, value, w)
    if name == "self_pay":
        return amount_test(sum(w.left.values()), value, w)
    if name == "paid_by":
        return all(layer in w.outcome and w.outcome[layer].paid > 0 for layer in value)
    if name == "exhausted":
        return all(layer in w.outcome and w.outcome[layer].exhausted for layer in value)
    if name == "date":
        return ("from" not in value or day(value["from"]) <= w.date) and ("to" not in value or w.date <= day(value["to"]))
    if name == "facts":
        return all(in_range(fact_of(bill, fact), bounds) for fact, bounds in value.items())
    if name == "any":
        return any(holds(part, w, base) for part in value)
    if name == "none":
        return not any(holds(part, w, base) for part in value)
    raise OracleError("unknown_test", name)


def tested_attributes(tree, found=None):
    """Names of bill attributes that any condition inside this part of the document tests."""
    found = set() if found is None else found
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "when":
                attributes_of(value, found)
            elif key not in ("cite", "base", "window"):
                tested_attributes(value, found)
    elif isinstance(tree, list):
        for value in tree:
            tested_attributes(value, found)
    return found


def attributes_of(condition, found):
    for name, value in condition.items():
        if name in ONE_CODE + CODE_LISTS + ("designated", "age"):
            found.add(name)
        elif name in ("any", "none"):
            for part in value:
                attributes_of(part, found)


# --- bills ------------------------------------------------------------------

def check_codes(page, bill):
    """Every code of the bill is one that the page declares, for the attributes that it declares."""
    for name, known in (page.get("codes") or {}).items():
        value = bill.get(name)
        if value is None:
            continue
        if name == "care_type":
            if not any(value.startswith(code) for code in known):
                raise OracleError("unknown_code", value)
        else:
            for code in (value if isinstance(value, list) else [value]):
                if code not in known:
                    raise OracleError("unknown_code", code)


def period_date(page, bill):
    """The date of the bill that decides its page and its periods."""
    rule = page.get("period_date", "order")
    if rule in ("order", "split"):
        return day(bill["ordered_at"])
    value = bill.get({"admission": "admitted_on", "discharge": "discharged_on", "settlement": "settled_on"}[rule])
    if value is None:
        raise OracleError("missing_date", rule)
    return day(value)


def in_days(d, days):
    """Whether a day lies in from … to, both inclusive, either of which may be missing."""
    return (days.get("from") is None or day(days["from"]) <= d) and (days.get("to") is None or d <= day(days["to"]))


def find_page(book, bill):
    """The page in force for the bill's region, scheme, period date and day of admission (without one: the period date)."""
    candidates = [page for page in book["pages"] if (page["region"], page["scheme"]) == (bill["region"], bill["scheme"])]
    for page in sorted(candidates, key=lambda page: page["from"]):
        d = period_date(page, bill)
        admitted = day(bill["admitted_on"]) if bill.get("admitted_on") is not None else d
        if in_days(d, page) and in_days(admitted, page.get("admitted", {})):
            return page
    raise OracleError("no_page", f"{bill['region']} {bill['scheme']} {bill['ordered_at']}")


def columns_and_left(page, bill):
    """The columns of a bill (each whole, and the total) and its buckets before anything is paid, in fen."""
    column = {name: money(bill.get(name, 0), name) for name in COLUMNS}
    column["total"] = money(bill.get("total", 0), "total")
    if column["total"] != sum(column[name] for name in COLUMNS):
        raise OracleError("bad_bill", "columns do not add up to the total")
    left = dict((name, column[name]) for name in COLUMNS)
    for part, value in (bill.get("parts") or {}).items():
        if part not in (page.get("parts") or {}) or part.split(".")[0] not in COLUMNS[:3]:
            raise OracleError("unknown_part", part)
        left[part] = money(value, part)
        left[part.split(".")[0]] -= left[part]
    if min(left.values()) < 0:
        raise OracleError("bad_bill", "parts above their column")
    return column, left


def all_but_penalty(page):
    """Every bucket that a bill under this page can have, but what a penalty has cost."""
    return [b for b in ORDER_OF_TAKING + TAKEN_LAST if b != "penalty"] + list(page.get("parts") or {})


def taking_order(buckets):
    """These buckets in the default order of taking."""
    parts = sorted((b for b in buckets if "." in b), key=lambda b: b.encode())
    return ([b for b in ORDER_OF_TAKING if b in buckets] + parts + [b for b in TAKEN_LAST if b in buckets])
