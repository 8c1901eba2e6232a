"""Certified intervals along a run: exact values of every larger budget lie within, and they end where they say."""

from __future__ import annotations

from fractions import Fraction

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Predictor
from induction.bounds.intervals import Interval

names = st.sampled_from(["queue", "turing"])
data = st.text("01", max_size=7)
fallbacks = st.sampled_from([None, "uniform", "kt"])


def within(value: Fraction, interval: Interval) -> bool:
    return interval[0] <= value <= interval[1]


def nested(inner: Interval, outer: Interval) -> bool:
    return outer[0] <= inner[0] <= inner[1] <= outer[1]


def exact(p):
    """M(x) over the programs within the budget."""
    return Fraction(p.masses.matching, p.budget.whole)


@pytest.mark.small
@settings(max_examples=40)
@given(names, data, fallbacks, st.integers(1, 7), st.integers(1, 6), st.integers(0, 3), st.integers(0, 9))
def test_exact_values_of_a_larger_budget_lie_within(name, x, fallback, length, most, longer, slower):
    small = Predictor(name, length, most, fallback=fallback)
    large = Predictor(name, length + longer, most + slower, fallback=fallback)
    for n, step in enumerate(small.intervals(x).steps):
        larger = large.certified()
        assert within(exact(large), step.prior)
        assert exact(large) == naive.mass(name, x[:n], length + longer, most + slower)
        assert nested(larger.prior, step.prior)
        assert nested(larger.normalised, step.normalised)
        assert within(large.predict_exact()[1], step.normalised) or not any(large._joint())
        for bit in (0, 1):
            assert nested(larger.conditional[bit], step.conditional[bit])
            assert within(large.predict_exact(normalised=False)[bit], step.conditional[bit]) or not exact(large)
        assert step.undecided == step.prior[1] - step.prior[0]
        if n < len(x):
            large.learn_one(int(x[n]))


@pytest.mark.small
def test_a_run_of_intervals_is_that_of_single_steps_and_learns_nothing(machine):
    p = Predictor(machine, 9, 12).learn_many("01")
    run = p.intervals("0110")
    assert p.data == "01"
    assert [step.rounds for step in run.steps] == [2, 3, 4, 5, 6]
    for n, step in enumerate(run.steps):
        q = Predictor(machine, 9, 12).learn_many("01" + "0110"[:n])
        assert (step.normalised, step.conditional[1]) == (q.interval(), q.interval(normalised=False))
        assert step.prior == q.prior_interval()


@pytest.mark.small
@given(st.text("01", max_size=24))
def test_the_points_from_which_they_say_nothing(x):
    run = Predictor(max_length=8, max_steps=8, fallback=None).intervals(x)
    widths = [step.width for step in run.steps]
    for width in (Fraction(0), Fraction(1, 2), Fraction(9, 10), Fraction(1)):
        first = run.silent_from(width)
        late = widths if first is None else widths[first:]
        assert first is None or all(w > width for w in late)
        assert (widths[-1] <= width) if first is None else (first == 0 or widths[first - 1] <= width)
    unproved = run.unproved_from
    assert all((unproved is not None and step.rounds >= unproved) == (not step.prior[0]) for step in run.steps)
    if run.undecided_from is not None:
        assert run.steps[-1].undecided > run.steps[-1].prior[0]
    assert run.to_json()["silent_from"] == run.silent_from()


@pytest.mark.small
def test_a_refuted_string_is_unproved_for_ever():
    run = Predictor(max_length=6, max_steps=8, fallback=None).intervals("00010101")
    assert run.unproved_from == 4
    assert run.steps[-1].prior[0] == 0
    assert run.silent_from(Fraction(99, 100)) == 4
    assert run.steps[-1].normalised == (0, 1)
    with pytest.raises(ValueError, match="width is 2"):
        run.silent_from(2)
