"""Certified intervals enclose every way in which open mass may be decided, and are reached by some."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction.bounds.intervals import Explored, conditional_interval, normalised_interval, prior_interval

pytestmark = pytest.mark.small
masses = st.integers(0, 50)
explored = st.builds(Explored, masses, masses, masses, masses, masses)


def parts(whole, count):
    """Numbers of sum at most `whole`: none is drawn in vain, of which hypothesis allows only so many."""
    cuts = st.lists(st.integers(0, whole), min_size=count, max_size=count).map(sorted)
    return cuts.map(lambda ends: [end - start for start, end in itertools.pairwise([0, *ends])])


@given(explored, st.data())
def test_intervals_enclose_every_decision_of_the_open_mass(e, data):
    """Open mass becomes x0, x1 or a stop at x; what was open before x may also never come to x."""
    here = data.draw(parts(e.open_here, 2))
    before = data.draw(parts(e.open_before, 3))
    zeros, ones = e.zeros + here[0] + before[0], e.ones + here[1] + before[1]
    whole = e.zeros + e.ones + e.stopped + e.open_here + sum(before)
    if whole:
        low, high = conditional_interval(e)
        assert low <= Fraction(ones, whole) <= high
    if zeros + ones:
        low, high = normalised_interval(e)
        assert low <= Fraction(ones, zeros + ones) <= high


@given(explored)
def test_intervals_lie_between_0_and_1_and_are_reached(e):
    still_open = e.open_here + e.open_before
    for interval in (conditional_interval(e), normalised_interval(e)):
        assert 0 <= interval[0] <= interval[1] <= 1
    if e.zeros + e.ones:
        whole = e.zeros + e.ones + still_open
        assert normalised_interval(e) == (Fraction(e.ones, whole), Fraction(e.ones + still_open, whole))
    else:
        assert normalised_interval(e) == (0, 1)


@given(explored, st.data())
def test_deciding_some_of_the_open_mass_narrows_intervals(e, data):
    decided = data.draw(parts(e.open_here, 3))
    zero, one, stop = decided
    later = Explored(e.zeros + zero, e.ones + one, e.stopped + stop, e.open_here - sum(decided), e.open_before)
    for interval in (conditional_interval, normalised_interval):
        low, high = interval(e)
        lower, higher = interval(later)
        assert low <= lower <= higher <= high


def test_nothing_explored_says_nothing():
    nothing = Explored(0, 0, 0, 0, 0)
    assert conditional_interval(nothing) == normalised_interval(nothing) == (0, 1)
    assert prior_interval(Fraction(1, 8), Fraction(1, 4)) == (Fraction(1, 8), Fraction(3, 8))
