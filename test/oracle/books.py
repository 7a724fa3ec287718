"""Random documents of terms: valid, moderate in size, and over time using everything the language has.

Lives here: pages, layers, rules and their parameters. Lives elsewhere: bills (generate.py), amounts (oracle.py).
Only Dice draws: whole numbers out of a seeded Mersenne twister, the same on every machine.

Kept out on purpose, because the document would be refused: rules behind an unconditional one, a threshold with a
counter or with progressive `above` edges, a sum_cap inside a year rule's own deductible, a base cap over fractional
weights, a name used for payment and for base caps, assistance before the first critical layer.
"""
import copy
import random

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


class Dice:
    """Random whole numbers and choices that depend on the seed alone."""

    def __init__(self, seed):
        self.next = random.Random(seed).random

    def below(self, n):
        return int(self.next() * n)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def percent(self, share):
        return self.below(100) < share

    def choice(self, items):
        return items[self.below(len(items))]

    def some(self, items, share):
        return [item for item in items if self.percent(share)]

    def shuffled(self, items):
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def share(thousandths):
    """A share with three decimals as a JSON number."""
    return thousandths // 1000 if thousandths % 1000 == 0 else thousandths / 1000


def money(fen):
    """Fen as a JSON number in yuan."""
    return fen // 100 if fen % 100 == 0 else fen / 100


class BookMaker:
    """One random document; what bills may do in it is told in `allows`."""

    def __init__(self, dice):
        self.d = dice
        self.counters, self.counts = {}, {}
        self.enters, self.chains, self.removes_deductible = False, False, False
        self.facts = dice.percent(35)
        self.parts = dice.shuffled(PARTS)[:dice.between(1, 3)] if dice.percent(40) else []
        self.names = 0

    # the document

    def book(self):
        d = self.d
        page = self.page("S1")
        pages = [page]
        if d.percent(35):
            pages = self.change_terms(page)
        if d.percent(20):
            pages.append(dict(self.variant(page), scheme="S2", title="second scheme"))
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
        """Product years for some of the counters that exist already by name; crossing layers share one definition."""
        d = self.d
        if d.percent(32):
            starts = d.choice(["04-01", "07-01", "10-15"])
            names = [layer["name"] for layer in layers]
            tied = {layer["name"] for layer in layers for rule in layer["rules"] if "cumulative_from" in rule}
            tied |= {rule["cumulative_from"]["crossing"] for layer in layers for rule in layer["rules"] if "cumulative_from" in rule}
            product = set(d.some(names, 55))
            if tied & product:
                product |= tied
            for name in sorted(product or {names[-1]}):
                self.counters.setdefault(name, {"starts": starts})
        elif d.percent(12) and "cumulative_from" not in str(layers[-1]):
            self.counters.setdefault(layers[-1]["name"], {"every": "quarter"})

    def change_terms(self, page):
        """The page, and another from some day on."""
        d = self.d
        first, second = dict(page), self.variant(page)
        first["to"], second["from"] = d.choice([("2023-03-31", "2023-04-01"), ("2023-06-30", "2023-07-01"),
                                                ("2023-09-14", "2023-09-15"), ("2023-10-31", "2023-11-01")])
        return [first, second]

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
        return other

    def may_swap(self, one, two):
        if "basic" in (one["kind"], two["kind"]) or "critical" in (one["kind"], two["kind"]):
            return False
        return one["name"] not in str(two["rules"]) and two["name"] not in str(one["rules"])

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
        return self.layers

    def layer(self, kind, place, sharing):
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
        """Weights of the buckets; the same set of buckets with weight above 0 wherever the counter is the same."""
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
                  if self.layers[i]["kind"] not in ("basic", "critical") and self.layers[i - 1]["kind"] not in ("basic", "critical")]
        if places:
            i = self.d.choice(places)
            self.layers[i - 1]["alternative"] = self.layers[i]["alternative"] = "one_of"

    def share_base_counter(self):
        """Two neighbours name one base counter, with the same base or each with its own."""
        d = self.d
        for one, two in zip(self.layers, self.layers[1:]):
            if d.percent(25) and "base" in one and "base" in two and "of" not in one["base"] and "critical" not in (one["kind"], two["kind"]):
                rules = one["rules"] + two["rules"]
                if any("drop_paid_bills" in r or "cumulative_from" in r or "base" in r for r in rules):
                    continue
                if d.percent(60) or "of" in two["base"]:
                    two["base"] = dict(one["base"])
                    two.pop("pays_from", None)
                if any(cap.get("on") == "base" for r in two["rules"] for cap in r.get("caps", [])):
                    for r in two["rules"]:
                        r["caps"] = [cap for cap in r.get("caps", []) if cap.get("on") != "base"] or [self.cap("visit", None)]
                for rule in rules:
                    if "on" not in rule:
                        rule["counter"] = "together"
                return

    # rules

    def rules(self, layer):
        """Rules told apart by one attribute, the last perhaps for everybody; an event rule somewhere among them."""
        d = self.d
        conditions = self.conditions(layer)
        if d.percent(88) or not conditions:
            conditions.append(None)
        rules = []
        for number, condition in enumerate(conditions):
            rule = {"name": f"r{number + 1}"}
            if condition is not None:
                rule["when"] = condition
            rule.update(self.rule(layer))
            self.own_base(layer, rule, conditions)
            rules.append(rule)
        if self.event_layer:
            rules.insert(d.below(len(rules) + 1), self.event_rule(layer))
        return rules

    def own_base(self, layer, rule, conditions):
        """A base of its own for a rule: other weights, a bucket more or less."""
        d = self.d
        if self.kind == "basic" or self.gross or "base" in str(conditions) or "'on'" in str(rule.get("caps")):
            return
        if d.percent(10):
            base = {bucket: self.weight(50) if weight else 0 for bucket, weight in layer["base"].items()}
            base.setdefault(d.choice(["first_share", "excluded", "over_limit"]), self.weight(50))
            if d.percent(30) and len(base) > 3:
                base[d.choice(sorted(base))] = 0
            rule["base"] = base

    def conditions(self, layer):
        """Zero to three conditions, none of which another one swallows."""
        d = self.d
        earlier = [l for l in self.layers if self.place > 0]
        kinds = ["category", "category", "care_type", "level", "mixed", "amount", "none"]
        if earlier and self.kind != "basic":
            kinds += ["outcome", "outcome"]
        kind = d.choice(kinds)
        if kind == "category":
            return [{"category": ["K1"]}, {"category": ["K2", "K3"]}][:d.between(1, 2)]
        if kind == "care_type":
            return [{"care_type": ["2"]}, {"care_type": ["14"]}][:d.between(1, 2)]
        if kind == "level":
            return [{"level": ["3"]}, {"level": ["1"], "designated": True}][:d.between(1, 2)]
        if kind == "mixed":
            return d.shuffled([{"any": [{"category": ["K1"]}, {"age": {"at_least": 70}}]}, {"none": [{"place": ["county", "city"]}]},
                               {"disease": ["D1", "D2"]}, {"date": {"from": "2023-05-01", "to": "2023-08-31"}},
                               {"person_type": ["retired"], "referral": ["yes", "urgent"]}] + self.fact_conditions())[:2]
        if kind == "amount":
            return d.shuffled([{"stay_total": {"above": self.amount(20000, 3000000)}}, {"total": {"at_least": self.amount(100000, 900000)}},
                               {"in_scope": {"below": self.amount(20000, 200000)}}, self.stay_condition(),
                               {"self_pay": {"above": self.amount(50000, 900000)}},
                               {"base": {"up_to": self.amount(20000, 500000), "above": 0}}])[:d.between(1, 2)]
        if kind == "outcome":
            return [self.outcome_condition(earlier)]
        return []

    def fact_conditions(self):
        return [{"facts": {"income": {"below": 8000}}}] if self.facts else []

    def stay_condition(self):
        self.counts.setdefault("stays", {"when": {"care_type": ["2"]}})
        return {"stay_number": {"count": "stays", "at_least": 2}}

    def outcome_condition(self, earlier):
        """A condition on what an earlier layer did to this bill."""
        d = self.d
        capped = [l["name"] for l in earlier if any(
            cap.get("per", "period") == "period" and cap.get("on", "payment") == "payment"
            for rule in l["rules"] if "on" not in rule for cap in rule.get("caps", []))]
        eaten = [l["name"] for l in earlier if any("deductible" in rule for rule in l["rules"] if "on" not in rule)]
        options = [{"paid_by": [d.choice(earlier)["name"]]}]
        if eaten:
            options += [{"self_pay": {"above_deductible_of": d.choice(eaten)}}, {"base": {"above_deductible_of": d.choice(eaten)}}]
        if capped:
            options += [{"exhausted": [d.choice(capped)]}] * 2
        return d.choice(options)

    def amount(self, low, high):
        """A round amount of money, or now and then one with fen."""
        fen = self.d.between(low, high)
        return money(fen if self.d.percent(15) else max(low, fen // 10000 * 10000) if high > 100000 else fen // 100 * 100)

    def rule(self, layer):
        d = self.d
        rule = {}
        year_share = {"basic": 18, "critical": 84, "government": 95}.get(self.kind, 50)
        year = d.percent(year_share)
        if year:
            rule["settles"] = "year"
            if self.drops:
                rule["drop_paid_bills"] = True
            else:
                if d.percent(16):
                    rule["accrual"] = "true_up"
                self.crossing(rule)
        whole = self.bands(rule, layer)
        if d.percent(85):
            rule["deductible"] = self.deductible(year, rule)
        if d.percent(62):
            rule["caps"] = self.caps(layer)
        if d.percent(7):
            rule["times"] = {"limit": d.between(1, 3)}
        if d.percent(30):
            rule["rounding"] = self.rounding()
        if d.percent(30):
            rule["modifiers"] = self.modifiers(layer, rule, whole)
        if d.percent(10) and not self.gross:
            rule["enter"] = self.enter()
            self.enters = self.enters or self.kind == "basic"
        return rule

    def crossing(self, rule):
        critical = [l for l in self.layers if l["kind"] == "critical"]
        if self.kind in ("critical", "basic") or not critical or not self.d.percent(30):
            return
        named = critical[0]
        removed = any(m["target"] == "deductible" and "remove" in m
                      for owner in [named] + named["rules"] for m in owner.get("modifiers", []))
        if all("deductible" in r for r in named["rules"]) and not removed:
            rule["cumulative_from"] = {"crossing": named["name"]}

    def enter(self):
        d = self.d
        if self.facts and d.percent(20):
            return {"base": share(600), "rate": share(5), "fact": "age", "max": 1}
        return share(d.choice([850, 900, 500, d.between(400, 999)]))

    def rounding(self):
        d = self.d
        entry = {"mode": d.choice(["half_up", "down", "up", "down", "up"])}
        if d.percent(45):
            entry["unit"] = "yuan"
        return entry

    def ratio(self):
        d = self.d
        if self.facts and d.percent(8):
            return {"base": share(400), "rate": share(3), "fact": "age", "step": 10, "min": share(450), "max": share(700)}
        return share(d.choice([500, 600, 650, 700, 800, 900, 1000, d.between(100, 999)]))

    def bands(self, rule, layer):
        """A ratio, or bands; returns whether they are for whole amounts."""
        d = self.d
        if self.kind == "government":
            rule["ratio"] = 1
            return False
        if d.percent(45):
            rule["ratio"] = self.ratio()
            return False
        whole = d.percent(28)
        edges = sorted({self.edge() for _ in range(d.between(1, 3))})
        rule["bands"], start = [], 0
        for edge in edges + [None]:
            band = {"ratio": self.ratio()}
            if whole and d.percent(25):
                band = {"amount": self.amount(10000, 300000)}
            elif d.percent(6):
                band = {"ratio": 0}
            if d.percent(30):
                band["from"] = money(start)
            if edge is not None:
                band["to"], start = money(edge), edge
            elif d.percent(6):
                band["to"] = money(start + 5000000)
            rule["bands"].append(band)
        if whole:
            rule["banding"] = "whole_amount"
        if not (self.threshold and not whole) and d.percent(40):
            rule["edges"] = "above"
        if d.percent(25):
            rule["band_closed"] = "upper"
        return whole

    def edge(self):
        d = self.d
        return d.choice([d.between(5, 50) * 10000, d.between(5, 50) * 100000, d.between(100000, 3000000)])

    # deductibles

    def deductible(self, year, rule):
        """A threshold, the rule's own, one on a counter, or one by the number of the stay."""
        d = self.d
        ranges = {"basic": (10000, 150000), "critical": (200000, 1200000), "government": (300000, 900000)}
        low, high = ranges.get(self.kind, (20000, 500000))
        entry = {"amount": self.amount(low, high)}
        if self.facts and d.percent(15):
            entry["amount"] = {"base": money(low), "rate": share(100), "fact": "income", "max": money(high)}
            if d.percent(50):
                entry["amount"]["step"] = 100
        if d.percent(14):
            entry["rounding"] = self.rounding()
        if self.threshold:
            entry["kind"] = "threshold"
            if d.percent(40):
                entry["closed"] = "upper"
            return entry
        if d.percent(28 if year else 35):
            entry["counter"] = self.deductible_counter()
        if d.percent(25) and self.kind in ("basic", "assistance", "supplementary"):
            entry["schedule"] = self.schedule(entry["amount"])
        if (not year or "counter" in entry) and "cumulative_from" not in rule and d.percent(16):
            name = self.name + "_sum"
            entry["sum_cap"] = {"limit": self.amount(low, 2 * high), "counter": name}
            if d.percent(30):
                self.counters.setdefault(name, {"every": d.choice(["quarter", "year"])})
        return entry

    def deductible_counter(self):
        d = self.d
        name = self.name + "_deductible"
        definition = {}
        every = d.choice(["year", "year", "quarter", "month", "chain"])
        if every != "year":
            definition["every"] = every
            self.chains = self.chains or every == "chain"
        elif d.percent(30):
            definition["starts"] = "07-01"
        if every != "chain" and d.percent(40):
            definition["per"] = d.choice(["level", "hospital"])
        self.counters.setdefault(name, definition)
        self.chains = self.chains or self.counters[name].get("every") == "chain"
        return name

    def schedule(self, amount):
        d = self.d
        when = {"care_type": ["2"]}
        name = d.choice(["stays", "stays", "stays_3"])
        if name == "stays_3":
            when = {"care_type": ["2"], "level": ["3"]}
        if name not in self.counts:
            self.counts[name] = {"when": when}
            if d.percent(35):
                self.counters.setdefault(name, d.choice([{"per": "level"}, {"per": "hospital"}, {"every": "quarter"}, {"starts": "07-01"}]))
        entry = {"count": name, "factors": d.choice([[1, 0.5], [1, 0.75, 0.5], [1, 0.7, 0.5, 0], [1]])}
        if d.percent(35):
            entry["step"] = self.amount(1000, 10000)
        if d.percent(40):
            entry["floor"] = self.amount(5000, 20000)
        return entry

    # caps

    def caps(self, layer):
        d = self.d
        caps = []
        if d.percent(80):
            caps.append(self.cap("period", self.group))
        if d.percent(32):
            caps.append(self.cap("visit", None))
        if d.percent(10) and self.group is not None:
            caps.append(self.cap("period", self.name + "_own"))
        whole = self.gross or all(weight in (0, 1) for weight in layer.get("base", {}).values())
        if whole and d.percent(16) and not self.drops:
            caps.append(dict(self.cap(d.choice(["period", "visit"]), self.name + "_entering", 4), on="base"))
        return caps or [self.cap("visit", None)]

    def cap(self, per, group, factor=1):
        d = self.d
        low, high = (30000, 400000) if per == "visit" else (80000, 1500000)
        if d.percent(20):
            high *= 10
        entry = {"limit": self.amount(low * factor, high * factor)}
        if self.facts and d.percent(10):
            entry["limit"] = {"base": money(low * factor), "rate": share(50), "fact": "income", "min": money(low)}
        if per == "visit":
            entry["per"] = "visit"
        elif d.percent(30):
            entry["per"] = "period"
        if group is not None and per == "period":
            entry["group"] = group
        return entry

    # modifiers

    def modifiers(self, layer, rule=None, whole=False):
        """One or two modifiers, or the three that hardship groups get of a critical layer."""
        d = self.d
        key = {"category": d.choice([["K1"], ["K1", "K2"], ["K2", "K3"]])}
        if self.kind == "basic" and d.percent(45):
            return self.penalties()
        if self.kind == "critical" and rule is None and d.percent(50):
            return [{"when": key, "target": "deductible", "multiply": 0.5}, {"when": key, "target": "ratio", "add": 0.05},
                    {"when": key, "target": "annual_cap", "remove": True}]
        return [dict(self.modifier(), **self.modifier_when()) for _ in range(d.between(1, 2))]

    def modifier_when(self):
        d = self.d
        return d.choice([{}, {"when": {"category": ["K1", "K2"]}}, {"when": {"level": ["1", "2"]}}, {"when": {"care_type": ["2"]}},
                         {"when": {"person_type": ["retired"]}}, {"when": {"age": {"at_least": 60}}}])

    def penalties(self):
        d = self.d
        when = {"referral": ["no"]} if d.percent(60) else {"referral": ["no"], "place": ["city", "outside"]}
        options = [{"target": "ratio", "add": -0.1}, {"target": "deductible", "multiply": 1.2}, {"target": "self_share", "add": 0.15},
                   {"target": "payment", "multiply": 0.8}, {"target": "deductible", "add": 200}, {"target": "enter", "multiply": 0.9}]
        chosen = d.shuffled(options)[:d.between(1, 2)]
        self.enters = self.enters or any(m["target"] == "enter" for m in chosen)
        return [dict(m, when=when, penalty=True) for m in chosen]

    def modifier(self):
        """Any target with any of its operations."""
        d = self.d
        target = d.choice(["ratio", "self_share", "deductible", "visit_cap", "annual_cap", "payment", "enter", "ratio", "deductible"])
        operations = ["add", "multiply", "set"] + (["remove"] if target in ("deductible", "visit_cap", "annual_cap") else [])
        operation = d.choice(operations)
        m = {"target": target}
        if target == "enter":
            self.enters = self.enters or self.kind == "basic"
        if operation == "remove":
            m["remove"] = True
        elif operation == "multiply":
            m["multiply"] = share(d.choice([500, 900, 1100, 800, d.between(1, 1500)]))
        elif target in ("ratio", "self_share", "enter"):
            m[operation] = share(d.between(-150, 200)) if operation == "add" else share(d.between(100, 950))
        elif operation == "set":
            m["set"] = self.amount(10000, 500000)
        else:
            m["add"] = money(d.between(1, 400) * 100) if target == "payment" else money(d.between(-100, 300) * 100)
        if target == "annual_cap" and self.group is not None and d.percent(40):
            m["group"] = self.group
        return m

    def drop_clashing_modifiers(self, layer):
        """At most two multiply of one target (of enter one), nothing beside a remove of it, no group that no cap has."""
        groups = {cap.get("group") for rule in layer["rules"] for cap in rule.get("caps", [])
                  if cap.get("per", "period") == "period" and cap.get("on", "payment") == "payment"}
        for m in layer.get("modifiers", []) + [m for rule in layer["rules"] for m in rule.get("modifiers", [])]:
            if m.get("group") not in groups:
                m.pop("group", None)
        if self.clash(layer.get("modifiers", [])):
            del layer["modifiers"][1:]
        for rule in layer["rules"]:
            if self.clash(layer.get("modifiers", []) + rule.get("modifiers", [])):
                del rule["modifiers"]

    def clash(self, modifiers):
        kinds = [("ratio" if m["target"] == "self_share" else m["target"],
                  next(o for o in ("add", "multiply", "set", "remove") if o in m)) for m in modifiers]
        return any(kinds.count((target, "multiply")) > (1 if target == "enter" else 2)
                   or ((target, "remove") in kinds and sum(t == target for t, _ in kinds) > 1) for target, _ in kinds)

    # events, fixed prices, ceilings

    def event_rule(self, layer):
        d = self.d
        window = {"over": d.choice(["year_to_date", "year_to_date", "previous_year", "last_12_months"])}
        if d.percent(40):
            window["when"] = d.choice([{"care_type": ["2"]}, {"level": ["2", "3"]}, {"designated": True}, {"place": ["county"]},
                                       {"referral": ["no", "yes"]}])
        rule = {"name": "event", "on": d.choice(["year_close", "application"]), "window": window}
        threshold, self.threshold = self.threshold, d.percent(20)
        self.bands(rule, layer)
        if d.percent(80):
            rule["deductible"] = {"amount": self.amount(50000, 600000)}
            if self.threshold:
                rule["deductible"]["kind"] = "threshold"
        self.threshold = threshold
        if d.percent(60):
            rule["caps"] = [self.cap("period", self.group)]
        if d.percent(25):
            rule["times"] = {"limit": d.between(1, 2), "counter": self.name + "_events"}
        if d.percent(25):
            rule["rounding"] = self.rounding()
        if d.percent(30):
            rule["when"] = {"category": ["K1", "K2", "K3"]}
        if d.percent(15):
            rule["enter"] = share(d.between(500, 999))
        return rule

    def fixed_prices(self):
        d = self.d
        prices = [{"name": "first", "when": {"disease": ["D3"]}, "price": self.amount(50000, 900000)}]
        if d.percent(30):
            prices.append({"name": "second", "when": {"disease": ["D2"], "level": ["1", "2"]}, "price": self.amount(50000, 900000)})
        if d.percent(40):
            prices[0]["takes_from"] = d.shuffled(["excluded", "over_limit", "first_share", "in_scope"])
        return prices

    def ceilings(self, layers):
        d = self.d
        names = [layer["name"] for layer in layers]
        ceilings = []
        for number in range(d.between(1, 2)):
            entry = {"name": f"ceiling_{number + 1}", "layers": d.some(names, 75) or names, "share": share(d.between(400, 900)),
                     "of": d.choice(["total", "total", "in_scope"]), "per": d.choice(["visit", "period"])}
            if d.percent(20):
                entry["when"] = d.choice([{"category": ["K1", "K2", "K3"]}, {"care_type": ["2"]}])
            ceilings.append(entry)
            if entry["per"] == "period" and d.percent(30):
                self.counters.setdefault(entry["name"], {"starts": "07-01"})
        return ceilings
