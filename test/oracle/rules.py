"""Random rules of a layer: conditions, bands, deductibles, caps, modifiers, event rules.

Lives here: everything inside a rule. Lives elsewhere: layers and pages (books.py).
"""
from fractions import Fraction

from dice import money, share


class RuleMaker:
    """The part of BookMaker that draws rules."""

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
        if len(rules) > 1 and d.percent(14):
            rules[-1]["counter"] = self.name + "_other"
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
            return d.shuffled([{"any": [{"category": ["K1"]}, {"age": {"at_least": 70}}]},
                               {"none": [{"place": ["county", "city"]}]}, {"disease": ["D1", "D2"]},
                               {"date": {"from": "2023-05-01", "to": "2023-08-31"}},
                               {"person_type": ["retired"], "referral": ["yes", "urgent"]}] + self.fact_conditions())[:2]
        if kind == "amount":
            return d.shuffled([{"stay_total": {"above": self.amount(20000, 3000000)}},
                               {"total": {"at_least": self.amount(100000, 900000)}},
                                {"in_scope": {"below": self.amount(20000, 200000)}},
                               self.stay_condition(),
                               {"self_pay": {"above": self.amount(50000, 900000)}},
                               {"base": {"up_to": self.amount(20000, 500000), "above": 0}}])[:d.between(1, 2)]
        if kind == "outcome":
            return [self.outcome_condition(earlier)]
        return []

    def fact_conditions(self):
        return [{"facts": {"income": {"below": 200000, "at_least": 1000}}}] if self.facts else []

    def stay_condition(self):
        if self.d.percent(25):
            self.counts.setdefault("all_visits", {})
            return {"stay_number": {"count": "all_visits", "up_to": 3}}
        self.counts.setdefault("stays", {"when": {"care_type": ["2"]}})
        return {"stay_number": {"count": "stays", "at_least": 2}}

    def outcome_condition(self, earlier, in_rule=True):
        """A condition on what an earlier layer did to this bill; one that names the base stands in rules alone."""
        d = self.d
        capped = [l["name"] for l in earlier if any(
            cap.get("per", "period") == "period" and cap.get("on", "payment") == "payment"
            for rule in l.get("rules", []) if "on" not in rule for cap in rule.get("caps", []))]
        eaten = [l["name"] for l in earlier if any("deductible" in rule for rule in l.get("rules", []) if "on" not in rule)]
        options = [{"paid_by": [d.choice(earlier)["name"]]}]
        if eaten:
            options.append({"self_pay": {"above_deductible_of": d.choice(eaten)}})
        if eaten and in_rule:
            options.append({"base": {"above_deductible_of": d.choice(eaten)}})
        if capped:
            options += [{"exhausted": [d.choice(capped)]}] * 2
        return d.choice(options)

    def amount(self, low, high):
        """A round amount of money, or now and then one with fen."""
        fen = self.d.between(low, high)
        return money(fen if self.d.percent(15) else max(low, fen // 10000 * 10000) if high > 100000 else fen // 100 * 100)

    def derived(self, low, high):
        """A share of a published figure, which comes to about low … high."""
        d = self.d
        value = d.between(2000000, 6000000)
        ppm = max(1, d.between(low, high) * 10 ** 6 // value)
        if d.percent(60):
            ppm = max(10000, ppm // 10000 * 10000)
        figure = {"statistic": d.choice(["disposable_income", "minimum_allowance"]), "region": "R1", "year": 2022,
                  "value": money(value), "share": ppm // 10 ** 6 if ppm % 10 ** 6 == 0 else ppm / 10 ** 6}
        if d.percent(50):
            figure.update(d.choice([{"lag": 1}, {"latest": True}]))
        product, unit, mode = Fraction(value * ppm, 10 ** 6), 1, "half_up"
        if d.percent(30):
            figure["rounding"] = self.rounding()
            unit, mode = 100 if "unit" in figure["rounding"] else 1, figure["rounding"]["mode"]
        whole, rest = divmod(product, unit)
        whole += {"half_up": 2 * rest >= unit, "down": 0, "up": rest > 0}[mode]
        return {"amount": money(int(whole) * unit), "derived": figure}

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
        if d.percent(8):
            rule["times"] = {"limit": d.between(1, 3)}
            if d.percent(30):
                rule["times"]["counter"] = "common_times"
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
        rule["cumulative_from"] = {"crossing": critical[0]["name"]}

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
        elif d.percent(10):
            entry["amount"] = self.derived(low, high)
        if d.percent(14):
            entry["rounding"] = self.rounding()
        if self.threshold:
            entry["kind"] = "threshold"
            if d.percent(40):
                entry["closed"] = "upper"
            return entry
        if d.percent(28 if year else 35):
            entry["counter"] = self.deductible_counter()
            if d.percent(30):
                entry["final_once_met"] = True
        if d.percent(25 if self.kind in ("basic", "assistance", "supplementary") else 8):
            entry["schedule"] = self.schedule(entry["amount"])
        if (not year or "counter" in entry) and "cumulative_from" not in rule and d.percent(16):
            name = self.name + "_sum" if self.kind == "basic" or d.percent(70) else "common_sum"
            entry["sum_cap"] = {"limit": self.amount(low, 2 * high), "counter": name}
            if d.percent(30):
                self.counters.setdefault(name, {"every": d.choice(["quarter", "year"])})
        return entry

    def deductible_counter(self):
        d = self.d
        name = self.name + "_deductible" if self.kind == "basic" or d.percent(85) else "common_deductible"
        definition = {}
        every = d.choice(["year", "year", "quarter", "month", "chain"])
        if every != "year":
            definition["every"] = every
            self.chains = self.chains or every == "chain"
        elif d.percent(30):
            definition["starts"] = "07-01"
        if every in ("quarter", "month") and d.percent(30):
            definition["starts"] = d.choice(["01-16", "02-10", "12-01"])
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
                self.counters.setdefault(name, d.choice([{"per": "level"}, {"per": "hospital"}, {"every": "quarter"},
                                                         {"starts": "07-01"}]))
        entry = {"count": name, "factors": d.choice([[1, 0.5], [1, 0.75, 0.5], [1, 0.7, 0.5, 0], [1]])}
        if d.percent(35):
            entry["step"] = self.amount(1000, 10000)
            if d.percent(20):
                del entry["factors"]
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
            for per in d.choice([["period"], ["visit"], ["visit", "period"]]):
                caps.append(dict(self.cap(per, self.name + "_entering", 4), on="base"))
        return caps or [self.cap("visit", None)]

    def cap(self, per, group, factor=1):
        d = self.d
        low, high = (30000, 400000) if per == "visit" else (80000, 1500000)
        if d.percent(20):
            high *= 10
        entry = {"limit": self.amount(low * factor, high * factor)}
        if self.facts and d.percent(10):
            entry["limit"] = {"base": money(low * factor), "rate": share(50), "fact": "income", "min": money(low)}
        elif d.percent(8):
            entry["limit"] = self.derived(low * factor, high * factor)
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
        if d.percent(20) and self.kind != "basic" and self.layers:
            return {"when": self.outcome_condition(self.layers, in_rule=False)}
        if d.percent(10):
            return {"when": d.choice([self.stay_condition(), {"self_pay": {"at_least": self.amount(20000, 900000)}},
                                      {"stay_total": {"up_to": self.amount(50000, 900000)}}])}
        return d.choice([{}, {"when": {"category": ["K1", "K2"]}}, {"when": {"level": ["1", "2"]}},
                         {"when": {"care_type": ["2"]}}, {"when": {"person_type": ["retired"]}},
                         {"when": {"age": {"at_least": 60}}}])

    def penalties(self):
        d = self.d
        when = {"referral": ["no"]} if d.percent(60) else {"referral": ["no"], "place": ["city", "outside"]}
        options = [{"target": "ratio", "add": -0.1}, {"target": "self_share", "add": 0.15},
                   {"target": "deductible", "multiply": 1.2}, {"target": "deductible", "add": 200},
                   {"target": "payment", "multiply": 0.8}, {"target": "enter", "multiply": 0.9}]
        chosen = d.shuffled(options)[:d.between(1, 2)]
        self.enters = self.enters or any(m["target"] == "enter" for m in chosen)
        return [dict(m, when=when, penalty=True) for m in chosen]

    def modifier(self):
        """Any target with any of its operations."""
        d = self.d
        target = d.choice(["ratio", "self_share", "deductible", "visit_cap", "annual_cap", "payment", "enter", "ratio",
                           "deductible"])
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
            m["add"] = money(d.between(-100, 300) * 100)
        if target == "annual_cap" and self.group is not None and d.percent(40):
            m["group"] = self.group
        return m

    def drop_clashing_modifiers(self, layer):
        """At most two multiply of one target (of enter one), no group that no cap has."""
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
        return any(kinds.count((target, "multiply")) > (1 if target == "enter" else 2) for target, _ in kinds)

    # events

    def cost_formula(self):
        """A share of what the bills of the window cost, at times with limits and whole steps."""
        d = self.d
        formula = {"base": d.choice([0, 0, self.amount(10000, 100000)]), "rate": share(d.choice([50, 100, 100, d.between(1, 400)])),
                   "cost": d.choice(["in_scope", "in_scope", "total", "excluded", "over_limit", "first_share"])}
        if d.percent(20):
            formula["step"] = 1000
        if d.percent(20):
            formula["min"] = self.amount(1000, 50000)
        if d.percent(20):
            formula["max"] = self.amount(100000, 900000)
        return formula

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
            if d.percent(25):
                rule["deductible"]["amount"] = self.cost_formula()
            if self.threshold:
                rule["deductible"]["kind"] = "threshold"
        self.threshold = threshold
        if d.percent(60):
            rule["caps"] = [self.cap("period", self.group)]
            if d.percent(25):
                rule["caps"].append(self.cap("visit", None))
            if d.percent(15):
                rule["caps"][-1]["limit"] = self.cost_formula()
        if d.percent(25):
            rule["modifiers"] = [self.modifier()]
        if d.percent(25):
            rule["times"] = {"limit": d.between(1, 2), "counter": self.name + "_events"}
        if d.percent(25):
            rule["rounding"] = self.rounding()
        if d.percent(30):
            rule["when"] = {"category": ["K1", "K2", "K3"]}
        if d.percent(15):
            rule["enter"] = share(d.between(500, 999))
        return rule
