"""The tracker's floats lie on the safe side of exact losses and bounds."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from induction.bounds.tracker import BoundTracker, Competitor

pytestmark = pytest.mark.small
rounds = st.lists(st.tuples(st.integers(1, 10**30), st.integers(0, 10**30)), max_size=40)


def exact(value: Fraction):
    return mp.log(mp.mpf(value.numerator) / value.denominator, 2)


@settings(max_examples=60)
@given(rounds)
def test_loss_is_rounded_down_and_close(pairs):
    tracker = BoundTracker(Fraction(1))
    product = Fraction(1)
    for seen, other in pairs:
        product *= Fraction(seen, seen + other)
        standing = tracker.learn(seen, other, (product.numerator, product.denominator), None)
        with mp.workprec(300):
            loss = -exact(product)
            assert standing.loss_bits <= loss
            assert loss - standing.loss_bits <= mp.mpf("1e-11") * (1 + loss)
            assert standing.unnormalised_loss_bits <= loss
            assert loss - standing.unnormalised_loss_bits <= mp.mpf("1e-11") * (1 + loss)
        assert standing.mistakes <= standing.mistake_bound <= standing.loss_bits


@given(st.integers(1, 200))
def test_fair_guesses_cost_whole_bits_exactly(count):
    tracker = BoundTracker(Fraction(1))
    for i in range(count):
        tracker.learn(7, 7, (1, 2 ** (i + 1)), Competitor("program", 3.0, 0.0))
    assert tracker.now.loss_bits == tracker.now.unnormalised_loss_bits == tracker.now.mistakes == count
    assert tracker.now.bound_bits == 3.0
    assert [s.rounds for s in tracker.standings] == list(range(count + 1))


def test_total_weight_is_counted_and_rounded_up():
    tracker = BoundTracker(Fraction(5, 4))
    standing = tracker.learn(1, 1, (1, 2), Competitor("p", 2.0, 1.5))
    assert standing.unnormalised_bound_bits == 3.5
    with mp.workprec(200):
        assert standing.bound_bits >= 3.5 + mp.log(mp.mpf(5) / 4, 2)
    assert standing.bound_bits < 3.5 + math.log2(1.25) + 1e-9
    assert standing.competitor == "p"


def test_impossible_bits_cost_infinitely_much_for_ever_and_bound_nothing():
    tracker = BoundTracker(Fraction(1))
    tracker.learn(1, 1, (1, 2), Competitor("p", 1.0, 0.0))
    assert tracker.learn(0, 1, (0, 1), None).loss_bits == math.inf
    last = tracker.learn(0, 0, (0, 1), None)
    assert last.loss_bits == last.bound_bits == last.unnormalised_loss_bits == last.mistake_bound == math.inf
    assert last.competitor == ""
    assert last.mistakes == 3


@pytest.mark.parametrize(("seen", "other", "wrong"), [(3, 1, 0), (1, 3, 1), (2, 2, 1)])
def test_a_tie_is_a_mistake(seen, other, wrong):
    assert BoundTracker(Fraction(1)).learn(seen, other, (1, 2), None).mistakes == wrong
