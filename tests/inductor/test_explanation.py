"""Explanations: golden fates, the definition, and programs that print what they are said to print."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import explain, run

GOLDEN = json.loads((Path(__file__).parent.parent / "golden.json").read_text())["explain"]


@pytest.mark.small
@pytest.mark.parametrize("case", GOLDEN, ids=lambda c: f"{c['machine']}-{c['x']}")
def test_fates_and_shortest_program_are_the_golden_ones(case):
    e = explain(case["x"], **{k: case[k] for k in ("machine", "max_length", "max_steps")})
    mass = dict(e.mass)
    mass["time"] = mass.pop("silent") + mass.pop("timeout")
    assert {fate: str(m) for fate, m in mass.items()} == case["mass"]
    assert e.shortest.bits == case["shortest"]


@pytest.mark.small
@settings(max_examples=30)
@given(st.sampled_from(["queue", "turing"]), st.text("01", max_size=6), st.integers(1, 9), st.integers(1, 9))
def test_fates_are_the_definition_and_sum_to_one(name, x, length, steps):
    e = explain(x, machine=name, max_length=length, max_steps=steps, programs=1000)
    assert sum(e.mass.values()) == 1
    expected = naive.fates(name, x, length, steps)
    assert e.mass["match"] == expected["match"]
    assert e.mass["mismatch"] == expected["mismatch"]
    assert e.mass["silent"] + e.mass["timeout"] == expected["time"]
    assert [p.bits for p in e.programs] == sorted(
        naive.programs_for(name, x, length, steps), key=lambda p: (len(p), p)
    )
    assert sum((p.weight for p in e.programs), Fraction(0)) == e.mass["match"]
    assert (e.shortest.bits if e.shortest else None) == naive.shortest(name, x, length, steps)


def test_every_program_listed_prints_the_data_from_its_bits_and_from_its_text(machine):
    x = "01010101"
    e = explain(x, machine=machine, max_length=15, max_steps=40, programs=40)
    assert len(e.programs) >= 20
    for program in e.programs:
        for form in (program.bits, program.text):
            done = run(form, machine=machine, bits=len(x), max_steps=40)
            assert (done.output, done.length, done.status) == (x, program.length, "complete")


@pytest.mark.parametrize("x", ["0", "0110", "000000", "010011000111"])
def test_interval_holds_what_larger_budgets_find_and_narrows(machine, x):
    intervals = []
    for length, steps in ((6, 4), (9, 4), (9, 30), (12, 30), (14, 100)):
        e = explain(x, machine=machine, max_length=length, max_steps=steps)
        low, high = e.interval
        assert low == e.mass["match"]
        assert high - low == e.mass["timeout"] + e.mass["cut"]
        intervals.append(e.interval)
    for (low, high), (lower, higher) in zip(intervals, intervals[1:], strict=False):
        assert low <= lower <= higher <= high


@pytest.mark.small
def test_explanation_of_nothing_is_the_empty_program():
    e = explain("", max_length=8, max_steps=8)
    assert e.mass == {"match": 1, "mismatch": 0, "silent": 0, "timeout": 0, "cut": 0}
    assert e.shortest.bits == ""


@pytest.mark.small
def test_explanation_without_any_program_has_no_shortest(machine):
    e = explain("01101001", machine=machine, max_length=4, max_steps=4)
    assert e.shortest is None
    assert e.to_json()["shortest"] is None
    assert "None" in repr(e)


@pytest.mark.small
def test_json_holds_exact_rationals():
    shown = json.loads(json.dumps(explain("0101", max_length=10, max_steps=16).to_json()))
    assert set(shown) >= {"mass", "shortest", "interval", "programs"}
    assert sum(map(Fraction, shown["mass"].values())) == 1
    assert set(shown["shortest"]) >= {"bits", "length", "text"}
    assert Fraction(shown["interval"][0]) == Fraction(shown["mass"]["match"])


@pytest.mark.small
@pytest.mark.parametrize("total", [None, 50])
def test_the_json_names_the_whole_budget(total):
    shown = explain("0101", max_length=8, max_steps=9, total=total).to_json()
    assert [shown[name] for name in ("machine", "max_length", "max_steps", "total")] == ["queue", 8, 9, total]
