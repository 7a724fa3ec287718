"""Hand-computed checks of the oracle. Every expected amount is computed on paper or printed by a published source.

Run: python3 test_oracle.py
"""
import json
import os
import sys
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dice import Dice, money, share  # noqa: E402
from generate import group  # noqa: E402
from oracle import OracleError, settle_year  # noqa: E402

PASSED, FAILED = [], []


def check(name, found, expected):
    """Count one comparison; print it if it fails."""
    if found == expected:
        PASSED.append(name)
    else:
        FAILED.append(name)
        print(f"FAILED {name}\n  expected {expected}\n  found    {found}")


def refused(name, kind, document, bills):
    try:
        settle(document, bills)
    except OracleError as error:
        check(name, error.kind, kind)
    else:
        check(name, "no error", kind)


def settle(document, bills):
    """settle_year on the text form, as a reader of JSON would have it."""
    parse = lambda tree: json.loads(json.dumps(tree), parse_float=Decimal)  # noqa: E731
    return settle_year(parse(document), parse(bills))


def book(layers, **page):
    return {"format": 1, "engine": 1, "pages": [dict(
        {"region": "R", "scheme": "S", "from": "2020-01-01", "sources": {"s": {"document": "hand"}},
         "cite": {"source": "s"}, "layers": layers}, **page)]}


def bill(day, in_scope, excluded=0, first_share=0, over_limit=0, **more):
    """A bill of 2023 on "MM-DD"; its total is the sum of its columns."""
    return dict({"region": "R", "scheme": "S", "ordered_at": f"2023-{day} 10:00:00", "seq": 1,
                 "total": in_scope + excluded + first_share + over_limit, "in_scope": in_scope, "excluded": excluded,
                 "first_share": first_share, "over_limit": over_limit}, **more)


def event(day, kind="year_close", year=2023, **more):
    return dict(bill(day, 0, ordered_at=f"{year}-{day} 10:00:00"), kind=kind, **more)


def figures(results, layer, figure="paid"):
    return [next(line[figure] for line in result["lines"] if line["layer"] == layer) for result in results]


def one_layer(rule, base=None, kind="supplementary", **more):
    """A chain of one layer over everything in scope."""
    rule = dict({"name": "r"}, **rule)
    if kind == "basic":
        return [dict({"name": "L", "kind": kind, "rules": [rule]}, **more)]
    return [dict({"name": "L", "kind": kind, "base": base or {"copay": 1}, "rules": [rule]}, **more)]


def pays(rule, amount, figure="paid", **more):
    return figures(settle(book(one_layer(rule, **more)), [bill("03-01", amount)]), "L", figure)[0]


# --- the year by hand and the reversal example (DOMAIN sections 4 and 5) ---------

def year_by_hand(accrual="slice"):
    critical = {"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0}, "rules": [
        {"name": "c", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]}
    assistance = {"name": "assistance", "kind": "assistance", "base": {"copay": 1}, "rules": [
        {"name": "a", "settles": "year", "accrual": accrual, "deductible": {"amount": 2100},
         "bands": [{"to": 10000, "ratio": 0.6}, {"ratio": 0.7}], "caps": [{"limit": 9000}]}]}
    return book([critical, assistance])


def test_year_by_hand():
    bills = [bill("01-10", 1500), bill("02-10", 6500), bill("03-10", 4000), bill("04-10", 9000)]
    for accrual in ("slice", "true_up"):
        results = settle(year_by_hand(accrual), bills)
        check("year by hand critical", figures(results, "critical"), ["0.00", "0.00", "1200.00", "5400.00"])
        check("year by hand assistance", figures(results, "assistance"), ["0.00", "3540.00", "1760.00", "2520.00"])
        one = settle(year_by_hand(accrual), [bill("04-10", 21000)])
        check("year as one bill", [figures(one, "critical"), figures(one, "assistance")], [["6600.00"], ["7820.00"]])
    check("year by hand cumulative", figures(results, "assistance", "cumulative"), ["1500.00", "8000.00", "10800.00", "14400.00"])
    check("year by hand patient", [r["patient"] for r in results], ["1500.00", "2960.00", "1040.00", "1080.00"])


def test_reversal_folds():
    layers = [{"name": "critical", "kind": "critical", "base": {"copay": 1, "penalty": 0}, "rules": [
                  {"name": "c", "settles": "year", "deductible": {"amount": 10000}, "ratio": 0.6}]},
              {"name": "assistance", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "a", "ratio": 0.7}]}]
    results = settle(book(layers), [bill("01-10", 8000), bill("02-10", 4000), bill("03-10", 5000)])
    check("reversal fold critical", figures(results, "critical"), ["0.00", "1200.00", "3000.00"])
    check("reversal fold assistance", figures(results, "assistance"), ["5600.00", "1960.00", "1400.00"])
    results = settle(book(layers), [bill("01-10", 8000), bill("03-10", 5000)])
    check("after the reversal", [figures(results, "critical")[1], figures(results, "assistance")[1]], ["1800.00", "2240.00"])


# --- published examples --------------------------------------------------------------

def test_yubei_2023():
    burden = {"deductible": 1, "copay": 1, "over_cap": 1}
    layers = [{"name": "basic", "kind": "basic", "rules": [{"name": "b", "deductible": {"amount": 300}, "ratio": 0.7}]},
              {"name": "assistance", "kind": "assistance", "base": burden, "rules": [
                  {"name": "a", "ratio": 0.7, "caps": [{"limit": 60000}]}]},
              {"name": "tilt", "kind": "tilt", "base": burden, "rules": [
                  {"name": "t", "deductible": {"amount": 3000}, "ratio": 0.6}]}]
    result = settle(book(layers), [bill("06-01", 50000, excluded=2000)])[0]
    check("W01", [line["paid"] for line in result["lines"]], ["34790.00", "10647.00", "937.80"])
    check("W01 patient", result["patient"], "5625.20")
    # assistance takes the whole copay of 14910 - 10647 = 4263, tilt 937.80 of it; the deductible stays
    check("W01 left", result["left"], {"copay": "3325.20", "deductible": "300.00", "excluded": "2000.00"})


def test_critical_bands():
    absolute = {"settles": "year", "deductible": {"amount": 12000},
                "bands": [{"to": 30000, "ratio": 0.6}, {"to": 100000, "ratio": 0.65}, {"ratio": 0.75}]}
    check("W27", pays(absolute, 150000), "93800.00")
    ziyang = {"deductible": {"amount": 8000},
              "bands": [{"to": 50000, "ratio": 0.5}, {"to": 100000, "ratio": 0.6}, {"ratio": 0.7}]}
    check("W28", [pays(ziyang, x) for x in (50000, 80000, 120000)], ["21000.00", "39000.00", "65000.00"])
    changsha = {"deductible": {"amount": 20000}, "edges": "above", "caps": [{"limit": 200000}],
                "bands": [{"to": 30000, "ratio": 0.5}, {"to": 80000, "ratio": 0.6}, {"to": 150000, "ratio": 0.7}, {"ratio": 0.8}]}
    check("W31", [pays(changsha, x) for x in (30000, 100000)], ["5000.00", "45000.00"])


def test_basic_bands():
    bands = [{"to": 10000, "ratio": 0.8}, {"to": 30000, "ratio": 0.85}, {"ratio": 0.9}]
    rule = {"name": "b", "deductible": {"amount": 400, "schedule": {"count": "stays", "factors": [1, 0.7, 0.5]}},
            "bands": bands, "caps": [{"limit": 60000, "per": "visit"}]}
    document = book([{"name": "basic", "kind": "basic", "rules": [rule]}], counts={"stays": {}})
    results = settle(document, [bill("01-01", 10000), bill("02-01", 10000), bill("03-01", 10000), bill("04-01", 10000)])
    check("W46 first band and later stays", figures(results, "basic"), ["7680.00", "7776.00", "7840.00", "7840.00"])
    check("W46 to 30000", figures(settle(document, [bill("01-01", 30000)]), "basic"), ["24680.00"])
    result = settle(document, [bill("01-01", 80000)])[0]
    # the cap is reached at 69244.44 4/9: the first whole fen that reaches it is 69244.45
    check("W46 at the cap", [result["lines"][0]["paid"], result["left"]],
          ["60000.00", {"deductible": "400.00", "over_cap": "10755.55", "copay": "8844.45"}])
    check("W51", [pays({"deductible": {"amount": 800}, "ratio": 0.8}, 15000, kind="basic"),
                  pays({"deductible": {"amount": 800}, "bands": [{"to": 5000, "ratio": 0.8}, {"to": 10000, "ratio": 0.85},
                                                                {"ratio": 0.9}]}, 15000, kind="basic"),
                  pays({"deductible": {"amount": 1300}, "ratio": 0.5}, 15000, kind="basic")],
          ["11360.00", "12110.00", "6850.00"])


def test_mianyang():
    """W54: three parts of one product; class B enters at one half; basic and critical given."""
    parts = {"excluded.drug": 100000}
    layers = [{"name": "basic", "kind": "basic", "rules": [{"name": "b", "ratio": 0.5}]},
              {"name": "in", "kind": "supplementary", "base": {"copay": 1, "first_share": 0.5}, "rules": [
                  {"name": "p", "deductible": {"amount": 15000}, "ratio": 0.7}]},
              {"name": "out", "kind": "supplementary", "base": {"excluded": 1}, "rules": [
                  {"name": "p", "deductible": {"amount": 20000}, "ratio": 0.4}]},
              {"name": "drug", "kind": "supplementary", "base": {"excluded.drug": 1}, "rules": [{"name": "p", "ratio": 0.7}]}]
    the_bill = bill("05-05", 200000, excluded=170000, first_share=30000, parts=parts, given={"basic": {"amount": 180000}})
    result = settle(book(layers, parts={"excluded.drug": "drug"}), [the_bill])[0]
    check("W54", [line["paid"] for line in result["lines"]], ["180000.00", "14000.00", "20000.00", "70000.00"])
    check("W54 patient", result["patient"], "116000.00")
    check("W54 states", [line["state"] for line in result["lines"]], ["given", "applied", "applied", "applied"])


def test_base_cap():
    """W29: basic takes at most 90 000 of base; what is above is over_cap."""
    rule = {"name": "b", "deductible": {"amount": 600}, "ratio": 0.55,
            "caps": [{"limit": 90000, "on": "base", "group": "entering"}]}
    result = settle(book([{"name": "basic", "kind": "basic", "rules": [rule]}]), [bill("05-05", 177000, excluded=3000)])[0]
    check("W29", [result["lines"][0]["paid"], result["left"]],
          ["49170.00", {"over_cap": "87000.00", "deductible": "600.00", "copay": "40230.00", "excluded": "3000.00"}])
    results = settle(book([{"name": "basic", "kind": "basic", "rules": [rule]}]), [bill("05-05", 60000), bill("05-06", 40000)])
    # 30 000 of room are left for the second bill: (30 000 - 600) x 0.55
    check("base cap of the year", [figures(results, "basic"), results[1]["left"]["over_cap"]],
          [["32670.00", "16170.00"], "10000.00"])


# --- thresholds, whole amounts, edges -------------------------------------------------

def test_thresholds():
    threshold = {"deductible": {"amount": 5000, "kind": "threshold"}, "ratio": 0.5}
    check("threshold", [pays(threshold, x) for x in (4999.99, 5000, 5000.01)], ["0.00", "0.00", "2500.01"])
    closed = {"deductible": {"amount": 5000, "kind": "threshold", "closed": "upper"}, "ratio": 0.5}
    check("threshold closed above", [pays(closed, x) for x in (4999.99, 5000)], ["0.00", "2500.00"])
    check("threshold d", [pays(threshold, x, "deductible") for x in (5000, 5000.01)], ["5000.00", "0.00"])
    above = dict(threshold, banding="whole_amount", edges="above", bands=[{"to": 1000, "ratio": 0.5}, {"ratio": 0.6}])
    del above["ratio"]
    # looked up by x - 5000, paid on the whole x
    check("threshold, whole amount above", [pays(above, x) for x in (6000, 6000.01)], ["3000.00", "3600.01"])
    results = settle(book(one_layer(dict(threshold, settles="year"))),
                     [bill("01-01", 4000), bill("02-01", 1500), bill("03-01", 100)])
    # year: 5 500 crosses on the second bill: due 2 750, the bill holds 1 500, the rest goes to the first bill
    check("year threshold", [figures(results, "L"), figures(results, "L", "adjustment")],
          [["0.00", "1500.00", "50.00"], ["0.00", "1250.00", "0.00"]])
    check("year threshold left", [results[0]["left"], results[0]["left_after_all"]], [{"copay": "4000.00"}, {"copay": "2750.00"}])
    check("year threshold d", figures(results, "L", "deductible"), ["4000.00", "0.00", "0.00"])


def test_whole_amount():
    rule = {"banding": "whole_amount", "deductible": {"amount": 100},
            "bands": [{"to": 1000, "ratio": 0.5}, {"to": 2000, "ratio": 0.6}]}
    check("whole amount absolute", [pays(rule, x) for x in (1000, 1000.01, 2000, 2000.01)],
          ["450.00", "540.01", "1140.00", "0.00"])
    upper = dict(rule, band_closed="upper")
    check("whole amount closed above", [pays(upper, x) for x in (999.99, 1000, 2000)], ["450.00", "540.00", "0.00"])
    above = dict(rule, edges="above")
    check("whole amount above", [pays(above, x) for x in (1100, 1100.01)], ["500.00", "600.01"])
    fixed = {"banding": "whole_amount", "bands": [{"to": 500, "ratio": 0}, {"amount": 300}]}
    check("fixed amount", [pays(fixed, x) for x in (500, 500.01)], ["0.00", "300.00"])
    progressive = {"bands": [{"to": 1000, "ratio": 0.5}, {"to": 2000, "ratio": 0.6}]}
    check("bounded last band", [pays(progressive, x) for x in (2000, 3000)], ["1100.00", "1100.00"])


# --- over_cap ----------------------------------------------------------------------

def basic_left(rule, amounts, **page):
    results = settle(book(one_layer(rule, kind="basic"), **page), [bill(f"01-{i + 1:02d}", x) for i, x in enumerate(amounts)])
    return [(result["lines"][0]["paid"], result["left"]) for result in results]


def test_over_cap():
    rule = {"deductible": {"amount": 500}, "ratio": 0.7, "caps": [{"limit": 10000}]}
    # 10 000 / 0.7 = 14 285.714...: with the deductible 14 785.72 is the first whole fen that reaches it
    check("over_cap", basic_left(rule, [20000]),
          [("10000.00", {"deductible": "500.00", "over_cap": "5214.28", "copay": "4285.72"})])
    check("no room", basic_left(rule, [20000, 3000])[1], ("0.00", {"deductible": "500.00", "over_cap": "2500.00"}))
    check("room just enough", basic_left(rule, [14785.71])[0],
          ("10000.00", {"deductible": "500.00", "copay": "4285.71"}))
    whole = {"banding": "whole_amount", "bands": [{"ratio": 0.5}], "caps": [{"limit": 400}]}
    check("whole amount loses payment", basic_left(whole, [1000])[0], ("400.00", {"over_cap": "100.00", "copay": "500.00"}))
    year = {"settles": "year", "deductible": {"amount": 1000}, "ratio": 0.5, "caps": [{"limit": 600}]}
    # the year: 900 under the deductible; then 100 more of it, 1 200 reach 600, 700 are above the cap
    check("over_cap of the year", basic_left(year, [900, 2000])[1],
          ("600.00", {"deductible": "100.00", "over_cap": "700.00", "copay": "600.00"}))
    times = {"ratio": 0.5, "times": {"limit": 1}}
    check("times", basic_left(times, [100, 100])[1], ("0.00", {"over_cap": "100.00"}))


def test_payment_order():
    layers = [{"name": "basic", "kind": "basic", "rules": [{"name": "b", "deductible": {"amount": 300}, "ratio": 0.5}]},
              {"name": "critical", "kind": "critical", "base": {"deductible": 1, "copay": 1, "first_share": 0.5, "penalty": 0},
               "rules": [{"name": "c", "ratio": 1}]}]
    result = settle(book(layers), [bill("01-01", 1300, first_share=401)])[0]
    # base 300 + 500 + 200.50; taken: copay 500, first_share 401 whole, deductible 99.50
    check("half weight", [result["lines"][1]["base"], result["left"]], ["1000.50", {"deductible": "200.50"}])
    results = settle(book(one_layer({"ratio": 0.5}, base={"first_share": 0.333})), [bill("01-01", 0, first_share=0.07)])
    check("parts of a fen", [figures(results, "L", "base"), figures(results, "L")], [["0.02331"], ["0.01"]])


# --- deductibles ---------------------------------------------------------------------

def test_deductible_counters():
    rule = {"deductible": {"amount": 800, "counter": "once"}, "ratio": 0.5}
    results = settle(book(one_layer(rule)), [bill("01-01", 500), bill("02-01", 500), bill("03-01", 500)])
    check("annual deductible of a visit rule", figures(results, "L", "deductible"), ["500.00", "300.00", "0.00"])
    results = settle(book(one_layer(rule), counters={"once": {"every": "quarter"}}),
                     [bill("01-01", 900), bill("03-31", 500), bill("04-01", 500)])
    check("quarter", figures(results, "L", "deductible"), ["800.00", "0.00", "500.00"])
    final = [{"name": name, "when": {"level": [name]}, "ratio": 0.5,
              "deductible": {"amount": amount, "counter": "move", "final_once_met": True}}
             for name, amount in (("2", 800), ("3", 1300))]
    layers = [{"name": "L", "kind": "basic", "rules": final}]
    for first, expected in ((900, "0.00"), (800.01, "0.00"), (800, "500.00"), (799.99, "500.01"), (500, "800.00")):
        results = settle(book(layers, counters={"move": {"every": "chain"}}),
                         [bill("01-01", first, level="2", chain="c"), bill("01-02", 2000, level="3", chain="c")])
        check(f"final once met, {first} of 800 before", figures(results, "L", "deductible")[1:], [expected])
    capped = {"deductible": {"amount": 500, "sum_cap": {"limit": 800, "counter": "all"}}, "ratio": 0.5}
    results = settle(book(one_layer(capped)), [bill("01-01", 900), bill("03-31", 900), bill("04-01", 900)])
    check("sum cap", figures(results, "L", "deductible"), ["500.00", "300.00", "0.00"])
    stay = {"encounter": "e1", "encounter_total": 2000}
    results = settle(book(one_layer({"deductible": {"amount": 700}, "ratio": 0.5})),
                     [bill("01-01", 500, **stay), bill("01-02", 1500, **stay), bill("01-03", 1000)])
    check("one deductible of a stay", figures(results, "L", "deductible"), ["500.00", "200.00", "700.00"])
    year = {"settles": "year", "deductible": {"amount": 1000, "counter": "own"},
            "bands": [{"to": 2000, "ratio": 0.5}, {"ratio": 0.6}]}
    results = settle(book(one_layer(year)), [bill("01-01", 600), bill("02-01", 1000), bill("03-01", 1000)])
    # E(600, 600) = 0; E(1600, 1000) = 300; E(2600, 1000) = 500 + 360
    check("year rule with its own deductible counter", figures(results, "L"), ["0.00", "300.00", "560.00"])


def test_schedule():
    entry = {"amount": 300, "schedule": {"count": "stays", "factors": [1, 0.75, 0.5], "step": 10, "floor": 140}}
    results = settle(book(one_layer({"deductible": entry, "ratio": 1}), counts={"stays": {"when": {"care_type": ["2"]}}}),
                     [bill("01-01", 1000, care_type="21"), bill("01-02", 1000, care_type="11"),
                      bill("01-03", 1000, care_type="21"), bill("01-04", 1000, care_type="21")])
    # 300; an outpatient bill reads 1; 225 - 10; 150 - 20 raised to the floor
    check("schedule", figures(results, "L", "deductible"), ["300.00", "300.00", "215.00", "140.00"])


# --- caps ---------------------------------------------------------------------------

def test_shared_group_and_ceiling():
    layers = [{"name": "one", "kind": "supplementary", "base": {"copay": 1}, "rules": [
                  {"name": "r", "ratio": 0.5, "caps": [{"limit": 1000, "group": "g"}]}]},
              {"name": "two", "kind": "supplementary", "base": {"copay": 1}, "rules": [
                  {"name": "r", "ratio": 0.5, "caps": [{"limit": 1200, "group": "g"}]}]}]
    results = settle(book(layers), [bill("01-01", 1600), bill("01-02", 1600)])
    # 800 and 400; then 0 of 1 000 and 0 of 1 200
    check("group", [figures(results, "one"), figures(results, "two")], [["800.00", "0.00"], ["400.00", "0.00"]])
    ceiling = [{"name": "c", "layers": ["one", "two"], "share": 0.7, "of": "total", "per": "visit"}]
    result = settle(book(layers, ceilings=ceiling), [bill("01-01", 1000.01)])[0]
    # floor(0.7 x 1000.01) = 700.00; the first pays 500.01, the last is cut
    check("ceiling", [line["paid"] for line in result["lines"]], ["500.01", "199.99"])


# --- crossing, true_up, change of category, recoverable ---------------------------------

def test_crossing():
    layers = year_by_hand()["pages"][0]["layers"]
    layers[1]["rules"][0].update(cumulative_from={"crossing": "critical"})
    results = settle(book(layers), [bill("01-10", 1500), bill("02-10", 6500), bill("03-10", 4000), bill("04-10", 9000)])
    # per visit: 0, (6500 - 2100) x 0.6 = 2640; at the crossing E(10800) = 4740 + 560 less 2640; then as before
    check("crossing", figures(results, "assistance"), ["0.00", "2640.00", "2660.00", "2520.00"])


def test_crossing_under_another_rule():
    """The crossing bill is a fact of the named layer: who has another rule on it does not catch up later."""
    layers = year_by_hand()["pages"][0]["layers"]
    layers[0]["rules"][0]["deductible"] = {"amount": 1000}
    own = {"name": "K", "when": {"category": ["K"]}, "settles": "year", "cumulative_from": {"crossing": "critical"}, "ratio": 0.5}
    layers[1]["rules"] = [own, {"name": "other", "ratio": 0}]
    results = settle(book(layers, codes={"category": {"K": "key"}}),
                     [bill("01-01", 2000, category=[]), bill("02-01", 1000, category=["K"])])
    # critical 600 on the first bill, which crosses, and 600 on the second; assistance E(1800) - E(1400)
    check("crossing under another rule", figures(results, "assistance"), ["0.00", "200.00"])
    given = settle(book(layers, codes={"category": {"K": "key"}}),
                   [bill("01-01", 500, category=["K"], given={"critical": {"amount": 1}}), bill("02-01", 100, category=["K"])])
    check("a given payment crosses", figures(given, "assistance"), ["249.50", "50.00"])


def test_weights_in_force():
    """A bucket that had no weight when the bill came counts in the year's base once it has one."""
    layers = one_layer({"settles": "year", "bands": [{"to": 100, "ratio": 0.5}, {"ratio": 1}]})
    layers[0]["rules"].insert(0, dict(layers[0]["rules"][0], name="K", when={"category": ["K"]},
                                      base={"copay": 1, "first_share": 0.5}))
    results = settle(book(layers, codes={"category": {"K": "key"}}),
                     [bill("01-01", 60, first_share=100, category=[]), bill("02-01", 50, category=["K"])])
    # 30; then the base is 60 + 50 + 50 less nothing: E(160) - E(110) = 50
    check("weights in force", [figures(results, "L"), figures(results, "L", "cumulative")],
          [["30.00", "50.00"], ["60.00", "160.00"]])


def category_rules(low, high, **both):
    return [dict({"name": "K", "when": {"category": ["K"]}, "ratio": high}, **both),
            dict({"name": "other", "ratio": low}, **both)]


def test_change_of_category():
    codes = {"category": {"K": "key"}}
    layers = [{"name": "L", "kind": "supplementary", "base": {"copay": 1}, "rules": category_rules(0.5, 0.8, settles="year")}]
    bills = [bill("01-01", 1000, category=[]), bill("02-01", 1000, category=["K"])]
    check("slice keeps the past", figures(settle(book(layers, codes=codes), bills), "L"), ["500.00", "800.00"])
    layers[0]["rules"] = category_rules(0.5, 0.8, settles="year", accrual="true_up")
    results = settle(book(layers, codes=codes), bills)
    # E(2000) = 1600, less 500 accrued: 1 100, of which the bill bears 1 000
    check("true_up", [figures(results, "L"), figures(results, "L", "adjustment")], [["500.00", "1000.00"], ["0.00", "100.00"]])
    down = [bill("01-01", 1000, category=["K"]), bill("02-01", 100, category=[]), bill("03-01", 1000, category=[])]
    layers[0]["set_off"] = True
    results = settle(book(layers, codes=codes), down)
    # E(1100) = 550 less 800: 250 recoverable; then E(2100) = 1050 less 550 = 500, of which 250 are shown as set off
    check("recoverable", [figures(results, "L"), figures(results, "L", "recoverable"), figures(results, "L", "set_off")],
          [["800.00", "0.00", "500.00"], ["0.00", "250.00", "0.00"], ["0.00", "0.00", "250.00"]])


def test_adjustment_leaves_later_base():
    """An adjustment of an earlier layer lowers the cumulative base of a later one: its base on that bill is negative."""
    layers = [{"name": "first", "kind": "supplementary", "base": {"copay": 1}, "rules": [
                  {"name": "r", "settles": "year", "deductible": {"amount": 1000, "kind": "threshold"}, "ratio": 0.5}]},
              {"name": "second", "kind": "supplementary", "base": {"copay": 1}, "rules": [
                  {"name": "r", "settles": "year", "ratio": 0.5}]}]
    results = settle(book(layers), [bill("01-01", 1000), bill("02-01", 100)])
    # first: nothing, then 550: 100 on the bill, 450 on the earlier one, of which 500 were left after the second layer
    check("first", [figures(results, "first"), figures(results, "first", "adjustment")], [["0.00", "100.00"], ["0.00", "450.00"]])
    # second: 500; then its base is 550: due 275 - 500
    check("second", [figures(results, "second"), figures(results, "second", "due"), figures(results, "second", "recoverable"),
                     figures(results, "second", "base")],
          [["500.00", "0.00"], ["500.00", "-225.00"], ["0.00", "225.00"], ["1000.00", "-450.00"]])
    check("left after all", results[0]["left_after_all"], {"copay": "50.00"})


def test_drop_paid_bills():
    rule = {"settles": "year", "drop_paid_bills": True, "deductible": {"amount": 1000, "counter": "own"}, "ratio": 0.5}
    results = settle(book(one_layer(rule)), [bill("01-01", 600), bill("02-01", 1000), bill("03-01", 200)])
    # 600 under the deductible; 1 600: due 300, the bill leaves with its 400 of deductible; then 800, of which 600 are eaten
    check("drop paid bills", [figures(results, "L"), figures(results, "L", "cumulative")],
          [["0.00", "300.00", "100.00"], ["600.00", "1600.00", "800.00"]])


# --- penalty, away share, fixed price, given, alternatives ------------------------------

def test_penalty():
    rule = {"deductible": {"amount": 500}, "ratio": 0.7, "modifiers": [
        {"when": {"referral": ["none"]}, "target": "ratio", "add": -0.1, "penalty": True},
        {"when": {"referral": ["none"]}, "target": "deductible", "multiply": 1.2, "penalty": True}]}
    result = settle(book(one_layer(rule, kind="basic"), codes={"referral": {"none": "none"}}),
                    [bill("01-01", 10000, referral="none")])[0]
    # without: 6 650; with: (10000 - 600) x 0.6 = 5 640
    check("penalty", [result["lines"][0]["paid"], result["left"]],
          ["5640.00", {"deductible": "500.00", "copay": "2850.00", "penalty": "1010.00"}])
    wrong = dict(rule, modifiers=[{"target": "ratio", "add": 0.1, "penalty": True}])
    refused("penalty that pays", "penalty_pays", book(one_layer(wrong, kind="basic")), [bill("01-01", 10000)])


def test_away_share():
    rule = {"enter": 0.85, "deductible": {"amount": 500}, "ratio": 0.7}
    result = settle(book(one_layer(rule, kind="basic")), [bill("01-01", 1000.1)])[0]
    # 0.15 x 1000.10 = 150.015, half up 150.02; enters 850.08; (350.08) x 0.7 = 245.056
    check("away share", [result["lines"][0]["paid"], result["left"]],
          ["245.06", {"away_share": "150.02", "deductible": "500.00", "copay": "105.02"}])


def test_fixed_price():
    layers = one_layer({"ratio": 0.5}, kind="basic")
    prices = [{"name": "f", "when": {"disease": ["D"]}, "price": 1000}]
    result = settle(book(layers, fixed_prices=prices, codes={"disease": {"D": "d"}}),
                    [bill("01-01", 900, excluded=200, first_share=100, disease=["D"])])[0]
    check("fixed price", [result["hospital"], result["lines"][0]["paid"], result["left"]],
          ["200.00", "450.00", {"copay": "450.00", "first_share": "100.00"}])


def test_given():
    layers = [{"name": "basic", "kind": "basic", "rules": [{"name": "b", "deductible": {"amount": 300, "counter": "once"},
                                                           "ratio": 0.5, "caps": [{"limit": 1000}]}]}]
    given = {"basic": {"amount": 900, "deductible": 200, "over_cap": 50}}
    results = settle(book(layers), [bill("01-01", 2000, given=given), bill("01-02", 1000)])
    check("given", [results[0]["left"], figures(results, "basic"), figures(results, "basic", "deductible")],
          [{"deductible": "200.00", "over_cap": "50.00", "copay": "850.00"}, ["900.00", "100.00"], ["200.00", "100.00"]])
    refused("given too large", "given_too_large", book(layers), [bill("01-01", 1000, given=given)])
    waived = settle(book(layers), [bill("01-01", 2000, given={"basic": {"state": "waived"}})])[0]
    check("waived", [waived["lines"][0]["state"], waived["left"]], ["waived", {"copay": "2000.00"}])


def test_alternatives():
    rule = {"name": "r", "deductible": {"amount": 100}, "ratio": 0.5}
    layers = [{"name": name, "kind": "supplementary", "alternative": "one of", "base": {"copay": 1},
               "rules": [dict(rule, caps=[{"limit": 120}])]} for name in ("one", "two")]
    layers[0]["rules"][0]["deductible"] = {"amount": 500}
    results = settle(book(layers), [bill("01-01", 300), bill("01-02", 600), bill("01-03", 1000)])
    check("alternatives", [[line["state"] for line in result["lines"]] for result in results],
          [["applied", "applied"], ["applied", "alternative_paid"], ["applied", "applied"]])
    # one cap of 120 for both: 100 by the second, then 20 by the first, then nothing
    check("cap of alternatives", [figures(results, "one"), figures(results, "two")],
          [["0.00", "20.00", "0.00"], ["100.00", "0.00", "0.00"]])
    refused("given beside a paying alternative", "given_alternative", book(layers),
            [bill("01-02", 600, given={"two": {"amount": 10}})])


# --- modifiers, facts, rounding --------------------------------------------------------

def test_modifiers():
    modify = lambda *modifiers, **rule: dict({"ratio": 0.6, "modifiers": list(modifiers)}, **rule)  # noqa: E731
    check("add", pays(modify({"target": "ratio", "add": 0.05}), 1000), "650.00")
    check("self share", pays(modify({"target": "self_share", "multiply": 0.5}), 1000), "800.00")
    check("clipped once", pays(modify({"target": "ratio", "add": 0.6}, {"target": "ratio", "add": -0.5}), 1000), "700.00")
    check("band with ratio 0", pays({"bands": [{"to": 500, "ratio": 0}, {"ratio": 0.5}], "modifiers": [
        {"target": "ratio", "set": 0.9}]}, 1000), "450.00")
    check("deductible rounded once", pays(modify({"target": "deductible", "multiply": 0.5},
                                                 deductible={"amount": 6269, "rounding": {"unit": "yuan", "mode": "up"}}),
                                          10000, "deductible"), "3135.00")
    check("removed", pays(modify({"target": "annual_cap", "remove": True}, caps=[{"limit": 10}]), 1000), "600.00")
    check("payment", pays(modify({"target": "payment", "add": 50}, {"target": "payment", "multiply": 0.1}), 1000), "65.00")
    check("payment of nothing", pays(modify({"target": "payment", "add": 50}, deductible={"amount": 2000}), 1000), "0.00")
    check("limit rounded down", pays(modify({"target": "visit_cap", "multiply": 0.333},
                                            caps=[{"limit": 0.1, "per": "visit"}]), 1000), "0.03")
    check("removed, then set", [pays(modify({"target": "deductible", "remove": True}, {"target": "deductible", "add": 50}, *more,
                                            deductible={"amount": 500}), 1000)
                                for more in ([], [{"target": "deductible", "set": 100}])], ["600.00", "540.00"])
    check("payment clipped after the last", pays(modify({"target": "payment", "add": -700}, {"target": "payment", "add": 150}),
                                                 1000), "50.00")
    check("modifier of nothing", pays(modify({"target": "deductible", "set": 500}), 1000), "600.00")
    refused("three times multiply", "too_many_multiply",
            book(one_layer(modify(*[{"target": "ratio", "multiply": 1}] * 3))), [bill("01-01", 1)])


def test_facts():
    limit = {"base": 1000, "rate": 0.1, "fact": "income", "step": 100, "max": 1500}
    rule = {"ratio": 1, "caps": [{"limit": limit, "per": "visit"}]}
    document = book(one_layer(rule))
    results = settle(document, [bill("01-01", 9000, facts={"income": 1999}), bill("01-02", 9000, facts={"income": 9999})])
    check("facts", figures(results, "L"), ["1190.00", "1500.00"])
    refused("missing fact", "missing_fact", document, [bill("01-01", 1)])


def test_rounding():
    modes = {"half_up": "6778.55", "down": "6778.54", "up": "6778.55"}
    for mode, expected in modes.items():
        check("W15 " + mode, pays({"ratio": 0.5, "rounding": {"mode": mode}}, 13557.09), expected)
    check("yuan", [pays({"ratio": 0.5, "rounding": {"unit": "yuan", "mode": mode}}, 9) for mode in modes],
          ["5.00", "4.00", "5.00"])
    results = settle(book(one_layer({"settles": "year", "ratio": 0.5, "rounding": {"unit": "yuan"}})),
                     [bill("01-01", 1), bill("01-02", 2), bill("01-03", 1)])
    # E: 1, 2, 2
    check("difference of rounded entitlements", figures(results, "L"), ["1.00", "1.00", "0.00"])


# --- events and conditions ---------------------------------------------------------------

def test_events():
    event_rule = {"name": "close", "on": "year_close", "window": {"over": "year_to_date"}, "deductible": {"amount": 1000},
                  "ratio": 0.5, "caps": [{"limit": 700}]}
    layers = [{"name": "L", "kind": "supplementary", "base": {"copay": 1}, "rules": [
        event_rule, {"name": "r", "ratio": 0.1, "caps": [{"limit": 700}]}]}]
    results = settle(book(layers), [bill("01-01", 1000), bill("02-01", 2000), event("12-31"), event("12-31", seq=2)])
    # left 900 and 1 800: (2700 - 1000) / 2 = 850, but 300 of the cap of 700 are paid: 400 on the oldest bill
    check("event", [results[2]["lines"][0][figure] for figure in ("base", "due", "paid", "adjustment")],
          ["2700.00", "850.00", "0.00", "400.00"])
    # the same base again (left and what the event paid): due 850 - 400, no room
    check("second event", [results[3]["lines"][0][figure] for figure in ("base", "due", "adjustment")],
          ["2700.00", "450.00", "0.00"])
    check("left after the event", results[0]["left_after_all"], {"copay": "500.00"})


def test_conditions():
    layers = [{"name": "one", "kind": "supplementary", "base": {"copay": 1}, "rules": [
                  {"name": "r", "deductible": {"amount": 100}, "ratio": 0.5, "caps": [{"limit": 200}]}]},
              {"name": "two", "kind": "supplementary", "base": {"copay": 1}, "rules": [
                  {"name": "exhausted", "when": {"exhausted": ["one"]}, "ratio": 1},
                  {"name": "above", "when": {"self_pay": {"above_deductible_of": "one"}}, "ratio": 0.1},
                  {"name": "paid", "when": {"paid_by": ["one"]}, "ratio": 0.2}]}]
    results = settle(book(layers), [bill("01-01", 100), bill("01-02", 150), bill("01-03", 700)])
    check("conditions", [result["lines"][1]["rule"] for result in results], [None, "above", "exhausted"])
    check("no rule", results[0]["lines"][1]["state"], "no_rule")


def test_periods_and_pages():
    rule = {"settles": "year", "deductible": {"amount": 1000}, "ratio": 0.5, "counter": "product"}
    document = book(one_layer(rule), counters={"product": {"starts": "07-01"}})
    results = settle(document, [bill("06-30", 900), bill("07-01", 900), bill("12-31", 200)])
    check("product year", figures(results, "L", "cumulative"), ["900.00", "900.00", "1100.00"])
    document["pages"][0]["to"] = "2023-06-30"
    refused("gap", "no_page", document, [bill("06-30", 1), bill("07-01", 1)])
    refused("out of order", "out_of_order", document, [bill("06-30", 1), bill("06-30", 1)])


# --- properties where the domain claims them ------------------------------------------------

def sums(results, layers):
    """Per layer what the year paid: on the bills and as adjustments, less recoverables."""
    return [sum(sum(Decimal(line["paid"]) + Decimal(line["adjustment"]) - Decimal(line["recoverable"])
                    for line in result["lines"] if line["layer"] == layer["name"]) for result in results) for layer in layers]


def test_not_applicable():
    """Basic and critical that do not exist: all of 1 000 in scope is copay, assistance pays half."""
    aid = {"name": "aid", "kind": "assistance", "base": {"copay": 1}, "rules": [{"name": "r", "ratio": 0.5}]}
    layers = [{"name": name, "kind": name, "not_applicable": True} for name in ("basic", "critical")] + [aid]
    result = settle(book(layers), [bill("01-05", 1000, given={"critical": {"state": "waived"}})])
    check("not applicable", ([line["state"] for line in result[0]["lines"]], figures(result, "aid"), result[0]["left"]),
          (["not_applicable", "not_applicable", "applied"], ["500.00"], {"copay": "500.00"}))
    refused("an amount for it", "given_not_applicable", book(layers), [bill("01-05", 1000, given={"basic": {"amount": 0}})])


def test_admitted():
    """Terms change on 1 July for stays admitted from 15 June on; 2023-06-14 keeps 10 %."""
    def page(ratio, **more):
        layer = {"name": "a", "kind": "other", "base": {"copay": 1}, "rules": [{"name": "r", "ratio": ratio}]}
        return book([layer], **more)["pages"][0]
    document = book([])
    document["pages"] = [page(0.1, to="2023-06-30"), page(0.2, **{"from": "2023-07-01", "admitted": {"from": "2023-06-15"}}),
                         page(0.1, **{"from": "2023-07-01", "to": "2023-07-31", "admitted": {"to": "2023-06-14"}})]
    bills = [bill("06-30", 100, admitted_on="2023-06-20"), bill("07-01", 100, admitted_on="2023-06-14"),
             bill("07-02", 100, admitted_on="2023-06-15"), bill("07-03", 100)]
    check("admitted", figures(settle(document, bills), "a"), ["10.00", "10.00", "20.00", "20.00"])
    refused("not for this admission", "no_page", document, [bill("08-01", 100, admitted_on="2023-06-14")])


def test_different_dates():
    """The earlier page by admission, the later by order: the earlier one that covers the bill governs."""
    layer = {"name": "a", "kind": "other", "base": {"copay": 1}, "rules": [{"name": "r", "ratio": 0.1}]}
    later = dict(layer, rules=[{"name": "r", "ratio": 0.2}])
    document = book([later], **{"from": "2023-07-01"})
    document["pages"] += book([layer], to="2023-06-30", period_date="admission")["pages"]
    bills = [bill("07-05", 100, admitted_on="2023-07-01"), bill("07-06", 100, admitted_on="2023-06-30")]
    check("different dates", figures(settle(document, bills), "a"), ["20.00", "10.00"])


def test_derived():
    """5 % of 48 000 is 2 400; 5 % of 333.33 is 16.6665: 16.67, down 16.66, in yuan 17."""
    def paid(value, rounding):
        figure = {"statistic": "income", "region": "R", "year": 2022, "value": value, "share": 0.05}
        if rounding:
            figure["rounding"] = rounding
        rule = {"name": "r", "ratio": 1, "caps": [{"limit": {"amount": 0, "derived": figure}}]}
        layers = [{"name": "a", "kind": "other", "base": {"copay": 1}, "rules": [rule]}]
        return figures(settle(book(layers), [bill("01-05", 9000)]), "a")[0]
    check("derived", [paid(48000, None), paid(333.33, None), paid(333.33, {"mode": "down"}), paid(333.33, {"unit": "yuan"})],
          ["2400.00", "16.67", "16.66", "17.00"])


def year_chain(dice):
    """A chain of year layers, one rule each, over one common base."""
    layers = []
    for name, kind in (("critical", "critical"), ("assistance", "assistance"), ("government", "government")):
        first, second = dice.between(100000, 900000), dice.between(1000000, 3000000)
        rule = {"name": "r", "settles": "year", "deductible": {"amount": money(dice.between(0, 700000))},
                "bands": [{"to": money(first), "ratio": share(dice.between(0, 1000))},
                          {"to": money(second), "ratio": share(dice.between(0, 1000))}, {"ratio": share(dice.between(0, 1000))}],
                "edges": dice.choice(["absolute", "above"]), "rounding": {"mode": dice.choice(["half_up", "down"])}}
        if dice.percent(50):
            rule["caps"] = [{"limit": money(dice.between(50000, 900000))}]
        layers.append({"name": name, "kind": kind, "base": {"copay": 1, "penalty": 0}, "rules": [rule]})
    return layers


def test_order_and_splitting():
    for number in range(60):
        dice = Dice(f"order {number}")
        layers = year_chain(dice)
        amounts = [dice.between(1, 900000) for _ in range(6)]
        document = book(layers)
        year = [sums(settle(document, [bill(f"{i + 1:02d}-01", money(x)) for i, x in enumerate(order)]), layers)
                for order in (amounts, dice.shuffled(amounts), [sum(amounts)], [amounts[0] + amounts[1]] + amounts[2:])]
        check(f"order and splitting {number}", year[1:], year[:1] * 3)


def test_conservation():
    """Σ layers + hospital + patient of a year never exceeds the bills; nothing negative; replay gives the same."""
    for number in range(12):
        line, _ = group(4711, number)
        for person in line["persons"]:
            results = settle(line["book"], person["bills"])
            check("replay", results, person["expect"])
            amounts = [Decimal(entry[name]) for result in results for entry in result["lines"]
                       for name in ("paid", "adjustment", "recoverable", "set_off")]
            amounts += [Decimal(x) for result in results for x in result.get("left_after_all", result["left"]).values()]
            check("nothing negative", min(amounts) >= 0, True)
            paid = sum(Decimal(entry["paid"]) + Decimal(entry["adjustment"]) for result in results for entry in result["lines"])
            left = sum(Decimal(x) for result in results for x in result.get("left_after_all", result["left"]).values())
            borne = paid + left + sum(Decimal(result["hospital"]) for result in results)
            check("conservation of the year", borne, sum(Decimal(str(b["total"])) for b in person["bills"]))


def main():
    for name, test in sorted(globals().items()):
        if name.startswith("test_"):
            test()
    print(f"{len(PASSED)} passed, {len(FAILED)} failed")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
