"""Random documents of terms: valid, moderate in size, and over time using everything the language has.

Lives here: pages, chains, layers and their bases. Lives elsewhere: rules (rules.py), bills (generate.py), amounts
(oracle.py). Only Dice draws: whole numbers out of a seeded Mersenne twister.

Kept out on purpose, because the document would be refused: rules behind an unconditional one, a threshold with a
counter or with progressive `above` edges, a sum_cap inside a year rule's own deductible, a base cap over fractional
weights, a name used for payment and for base caps, assistance before the first critical layer.
"""
import copy
from datetime import date, timedelta

from dice import money, share
from rules import RuleMaker

CODES = {
    "care_type": {"1": "outpatient", "11": "ordinary", "14": "chronic", "2": "inpatient", "21": "ordinary stay"},
    "level": {"1": "first", "2": "second", "3": "third"},
    "referral": {"no": "none", "yes": "referred", "urgent": "urgent"},
    "place": {"county": "county", "city": "city", "outside": "outside"},
    "person_type": {"worker": "worker", "retired": "retired", "resident": "resident"},
    "category": {"K1": "extreme poverty", "K2": {"zh": "低保", "en": "minimum living allowance"}, "K3": "low-income margin"},
    "disease": {"D1": "first", "D2": "second", "D3": "third"},
}
PARTS = ("excluded.drug", "excluded.material", "first_share.away", "over_limit.exam")
BURDEN = ("over_cap", "copay", "deductible")
COLUMN_BUCKETS = ("first_share", "over_limit", "excluded")
AFTER_CRITICAL = ("assistance", "tilt", "emergency", "government", "charity")


class BookMaker(RuleMaker):
    """One random document; facts, parts, chains and enters tell what its bills need and may do."""

    def __init__(self, dice):
        self.d = dice
        self.counters, self.counts = {}, {}
        self.enters, self.chains = False, False
        self.facts = dice.percent(35)
        self.parts = dice.shuffled(PARTS)[:dice.between(1, 3)] if dice.percent(40) else []

    # the document

    def book(self):
        d = self.d
        page = self.page("S1")
        pages = [page]
        if d.percent(50):
            pages = self.change_terms(page)
        if d.percent(20):
            pages.append(dict(self.variant(page), scheme="S2", title="second scheme"))
            if d.percent(30):
                pages[-1].pop("period_date", None)
        return {"format": 1, "engine": 1, "pages": pages}

    def page(self, scheme):
        d = self.d
        layers = self.chain()
        page = {"title": "random terms", "region": "R1", "scheme": scheme, "from": "2020-01-01",
                "order_by": d.choice(["discharge", "settlement"]),
                "sources": {"s1": {"document": "random document", "grade": "D"}},
                "cite": {"source": "s1", "article": "1", "mark": "example"}, "codes": copy.deepcopy(CODES)}
        if d.percent(42):
            page["period_date"] = d.choice(["order", "admission", "admission", "admission", "discharge", "settlement", "split"])
        if self.parts:
            page["parts"] = {part: "part of a column" for part in self.parts}
        if d.percent(22):
            page["fixed_prices"] = self.fixed_prices()
        if d.percent(38):
            page["ceilings"] = self.ceilings(layers)
        self.make_counters(layers)
        if self.counters:
            page["counters"] = self.counters
        if self.counts:
            page["counts"] = self.counts
        page["layers"] = layers
        return page

    def make_counters(self, layers):
        """Product years, quarters, or counters per hospital for some layers' names; crossing layers share one definition."""
        d = self.d
        tied = {layer["name"] for layer in layers for rule in layer.get("rules", []) if "cumulative_from" in rule}
        tied |= {rule["cumulative_from"]["crossing"] for layer in layers for rule in layer.get("rules", [])
                 if "cumulative_from" in rule}
        if d.percent(32):
            starts = d.choice(["04-01", "07-01", "10-15"])
            names = [layer["name"] for layer in layers]
            product = set(d.some(names, 55))
            if tied & product:
                product |= tied
            for name in sorted(product or {names[-1]}):
                self.counters.setdefault(name, {"starts": starts})
        elif d.percent(20) and layers[-1]["name"] not in tied:
            self.counters.setdefault(layers[-1]["name"], d.choice([{"every": "quarter"}, {"per": "hospital"}, {"per": "level"},
                                                                   {"every": "month", "starts": "01-11"}]))
        if d.percent(20):
            self.counters.setdefault("shared", d.choice([{"starts": "07-01"}, {"every": "quarter"}, {"per": "level"}]))

    def change_terms(self, page):
        """The page, and another from some day on."""
        d = self.d
        first, second = dict(page), self.variant(page)
        first["to"], second["from"] = d.choice([("2023-03-31", "2023-04-01"), ("2023-06-30", "2023-07-01"),
                                                ("2023-09-14", "2023-09-15"), ("2023-10-31", "2023-11-01")])
        if d.percent(65):
            return d.shuffled([first, second, self.earlier_terms(first, second)])
        if d.percent(25):
            second["period_date"] = d.choice(["order", "admission", "discharge", "settlement"])
        return [first, second]

    def earlier_terms(self, first, second):
        """The second page holds for stays admitted from some day on; those admitted before keep the first one's figures."""
        d = self.d
        begin = date.fromisoformat(second["from"]) + timedelta(d.choice([-20, 0, 15, 40, 90, 120]))
        second["admitted"] = {"from": str(begin)}
        earlier = dict(copy.deepcopy(first), admitted={"to": str(begin - timedelta(1))})
        earlier["from"] = second["from"]
        del earlier["to"]
        if d.percent(30):
            earlier["to"] = str(begin + timedelta(d.between(30, 200)))
        return earlier

    def variant(self, page):
        """The same layers under other figures; sometimes two later layers change places or the last one ends."""
        d = self.d
        other = copy.deepcopy(page)
        factor = d.choice([80, 90, 110, 125])
        self.vary(other["layers"], factor)
        for ceiling in other.get("ceilings", []):
            ceiling["share"] = share(d.between(400, 950))
        layers = other["layers"]
        if len(layers) > 3 and d.percent(25) and self.may_swap(layers[-2], layers[-1]):
            layers[-2], layers[-1] = layers[-1], layers[-2]
        elif len(layers) > 3 and d.percent(15) and layers[-1]["kind"] not in ("basic", "critical"):
            self.end_layer(other)
        return other

    def end_layer(self, page):
        """The last layer of the chain is no more."""
        name = page["layers"].pop()["name"]
        for ceiling in page.get("ceilings", []):
            ceiling["layers"] = [layer for layer in ceiling["layers"] if layer != name] or [page["layers"][-1]["name"]]

    def may_swap(self, one, two):
        if "basic" in (one["kind"], two["kind"]) or "critical" in (one["kind"], two["kind"]):
            return False
        conditions = [str([layer.get("rules"), layer.get("modifiers")]) for layer in (one, two)]
        return one["name"] not in conditions[1] and two["name"] not in conditions[0]

    def vary(self, tree, factor):
        """Other ratios, limits, edges and weights in place; what was 0 or 1 stays."""
        for item in tree if isinstance(tree, list) else [tree]:
            if "kind" in item and "rules" in item:
                self.may_gain = "pays_from" not in item and "'on'" not in str(item["rules"])
            for key, value in item.items():
                if key == "ratio" and not isinstance(value, dict) and 0 < value < 1:
                    item[key] = share(max(1, min(1000, round(value * 1000) + self.d.between(-80, 80))))
                elif key in ("from", "to", "limit", "amount") and not isinstance(value, dict):
                    item[key] = money(round(value * 100) * factor // 100)
                elif key == "base" and "of" not in value and not isinstance(value, (int, float)):
                    self.vary_weights(value)
                elif key in ("rules", "bands", "caps", "deductible", "sum_cap"):
                    self.vary(value, factor)

    def vary_weights(self, base):
        for bucket, weight in base.items():
            if 0 < weight < 1:
                base[bucket] = share(self.d.between(1, 999))
        if self.may_gain and self.d.percent(30):
            base.setdefault(self.d.choice(["first_share", "excluded"]), share(500))

    # the chain

    def chain(self):
        """Layers in order: perhaps one before basic, basic, critical, then others by the dice."""
        d = self.d
        self.has_basic = d.percent(90)
        plan = []
        if d.percent(10):
            plan.append("critical" if d.percent(60) else "supplementary")
        if self.has_basic:
            plan.append("basic")
        if d.percent(88) and "critical" not in plan:
            plan.append("critical")
        self.basic_place = plan.index("basic") if self.has_basic else 0
        later = d.some(["supplementary", "supplementary", "assistance", "assistance", "tilt", "critical", "government", "other",
                        "charity", "supplementary"], 32)
        later = d.shuffled(later)
        if "critical" not in plan:
            later.sort(key=lambda kind: kind in AFTER_CRITICAL)
        plan += later[:max(0, 6 - len(plan))]
        if len(plan) < 2:
            plan.append("assistance")
        self.layers = []
        sharing = d.percent(45)
        self.alternative = d.percent(22)
        for place, kind in enumerate(plan):
            self.layers.append(self.layer(kind, place, sharing))
        if self.alternative:
            self.make_alternatives()
        self.share_base_counter()
        self.not_applicable()
        return self.layers

    def not_applicable(self):
        """Layers that the scheme does not have: basic or critical where the chain lacks it, or another one anywhere."""
        d = self.d
        if not self.has_basic and d.percent(50):
            self.layers.insert(0, {"name": "no_basic", "kind": "basic", "not_applicable": True})
        if not any(layer["kind"] == "critical" for layer in self.layers) and d.percent(60):
            self.layers.insert(self.basic_place + 1 if self.has_basic else 0,
                               {"name": "no_critical", "kind": "critical", "not_applicable": True})
        if d.percent(8):
            self.layers.insert(d.between(0, len(self.layers)), {"name": "none", "kind": d.choice(["supplementary", "other"]),
                                                               "not_applicable": True, "label": "nothing"})

    def layer(self, kind, place, sharing):
        """One layer of the chain."""
        d = self.d
        self.kind, self.place = kind, place
        taken = [layer["name"] for layer in self.layers]
        self.name = name = kind if kind not in taken else f"{kind}_{len(taken)}"
        self.event_layer = kind not in ("basic", "critical") and place > self.basic_place and d.percent(22)
        layer = {"name": name, "kind": kind}
        self.gross = False
        if kind != "basic":
            layer["base"] = self.base(place)
        self.group = d.choice(["shared", name + "_cap", None, None]) if not (sharing and kind != "basic") else "shared"
        self.threshold = d.percent(13)
        self.drops = kind == "critical" and d.percent(18)
        if d.percent(45):
            layer["modifiers"] = self.modifiers(layer)
        layer["rules"] = self.rules(layer)
        self.drop_clashing_modifiers(layer)
        weights = [] if kind == "basic" or self.gross else list(layer["base"].values())
        if weights and 0 not in weights and d.percent(20) and not any("base" in rule for rule in layer["rules"]):
            layer["pays_from"] = d.shuffled(layer["base"])
        if d.percent(35):
            layer["set_off"] = True
        if d.percent(20):
            layer["label"] = {"zh": "层", "en": "layer " + name}
        return layer

    def base(self, place):
        """Weights of the buckets, or a gross column."""
        d = self.d
        if d.percent(9) and not self.event_layer:
            self.gross = True
            gross = {"of": d.choice(["total", "in_scope", "excluded", "first_share", "over_limit"])}
            if d.percent(50) and place > self.basic_place:
                gross["from"] = list(BURDEN) + ["excluded", "first_share"]
            return gross
        base = {}
        if self.has_basic and place < self.basic_place:
            base["in_scope"] = 1
        else:
            for bucket in BURDEN:
                if bucket != "deductible" or d.percent(80):
                    base[bucket] = self.weight(85)
            if d.percent(30):
                base["away_share"] = self.weight(60)
            if d.percent(12) or (self.kind == "critical" and d.percent(20)):
                base["penalty"] = self.weight(50)
        for bucket in COLUMN_BUCKETS:
            if d.percent(20):
                base[bucket] = self.weight(30)
        for part in self.parts:
            if d.percent(35):
                base[part] = self.weight(40)
        if d.percent(6) and place > self.basic_place:
            base = {bucket: self.weight(30) for bucket in ("excluded", "over_limit")}
        if self.kind == "critical":
            base.setdefault("penalty", 0)
        return base

    def weight(self, whole):
        """1, or else a fraction: sometimes a round one, sometimes one with three decimals."""
        d = self.d
        if d.percent(whole):
            return 1
        return share(d.choice([500, 500, 300, 800, d.between(1, 999)]))

    def make_alternatives(self):
        """Two neighbouring layers of the same kind of place become alternatives."""
        places = [i for i in range(self.basic_place + 2, len(self.layers))
                  if not {self.layers[i]["kind"], self.layers[i - 1]["kind"]} & {"basic", "critical"}]
        if places:
            i = self.d.choice(places)
            self.layers[i - 1]["alternative"] = self.layers[i]["alternative"] = "one_of"

    def share_base_counter(self):
        """Two neighbours name one base counter: alternatives, or rules that exclude each other by the level."""
        d = self.d
        for one, two in zip(self.layers, self.layers[1:]):
            if "base" not in one or "base" not in two or "of" in one["base"] or "critical" in (one["kind"], two["kind"]):
                continue
            if d.percent(30):
                rules = one["rules"] + two["rules"]
                if any("drop_paid_bills" in r or "cumulative_from" in r or "base" in r for r in rules):
                    continue
                if d.percent(60) or "of" in two["base"]:
                    two["base"] = dict(one["base"])
                    two.pop("pays_from", None)
                if any(cap.get("on") == "base" for r in two["rules"] for cap in r.get("caps", [])):
                    for r in two["rules"]:
                        r["caps"] = [cap for cap in r.get("caps", []) if cap.get("on") != "base"] or [self.cap("visit", None)]
                exclusive = d.percent(50) or {one.get("alternative"), two.get("alternative")} != {None}
                if exclusive:
                    for layer, levels in ((one, ["1"]), (two, d.choice([["2", "3"], ["3"]]))):
                        for rule in layer["rules"]:
                            rule["when"] = dict(rule.get("when") or {}, level=levels)
                else:
                    one["alternative"] = two["alternative"] = "together"
                for rule in rules:
                    if "on" not in rule:
                        rule["counter"] = "together"
                return

    # fixed prices, ceilings

    def fixed_prices(self):
        d = self.d
        prices = [{"name": "first", "when": {"disease": ["D3"]}, "price": self.amount(50000, 900000)}]
        if self.facts and d.percent(30):
            prices[0]["price"] = {"base": self.amount(50000, 900000), "rate": share(10), "fact": "income", "step": 50}
        if d.percent(30):
            prices.append({"name": "second", "when": {"disease": ["D2"], "level": ["1", "2"]},
                           "price": self.amount(50000, 900000)})
        if d.percent(40):
            prices[0]["takes_from"] = d.shuffled(["excluded", "over_limit", "first_share", "in_scope"])
        return prices

    def ceilings(self, layers):
        d = self.d
        names = [layer["name"] for layer in layers]
        ceilings = []
        for number in range(d.between(1, 2)):
            entry = {"name": f"ceiling_{number + 1}", "layers": d.some(names, 75) or names, "share": share(d.between(400, 900)),
                     "of": d.choice(["total", "total", "in_scope", "first_share"]), "per": d.choice(["visit", "period"])}
            if d.percent(20):
                entry["when"] = d.choice([{"category": ["K1", "K2", "K3"]}, {"care_type": ["2"]}])
            ceilings.append(entry)
            if entry["per"] == "period" and d.percent(30):
                self.counters.setdefault(entry["name"], {"starts": "07-01"})
        return ceilings
