"""Certified digits are digits of every number in the interval, and stay when the budget grows."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.experiments.glimpse import certified_digits, glimpse
from induction.plots.glimpse import figure

SHARES = st.fractions(0, 1, max_denominator=10**6)


@given(SHARES, SHARES, SHARES)
def test_every_number_of_the_interval_begins_with_the_certified_digits(a, b, between):
    low, high = sorted((a, b))
    inner = low + between * (high - low)
    if low == high:
        return
    digits = certified_digits(low, high)
    for value in (low, inner, high):
        assert int(value * 2 ** len(digits)) == int(digits or "0", 2) or not digits
    if digits or high < 1:
        further = 2 ** (len(digits) + 1)
        assert int(low * further) != int(high * further)


def test_an_interval_that_is_one_number_gives_the_digits_of_the_number():
    assert certified_digits(Fraction(5, 8), Fraction(5, 8)) == "101"
    assert certified_digits(Fraction(0), Fraction(0)) == certified_digits(Fraction(1), Fraction(1)) == ""


@settings(max_examples=5)
@given(st.sampled_from(["queue", "turing"]), st.text("01", min_size=1, max_size=6), st.integers(2, 64))
def test_digits_stay_and_more_mass_is_decided_as_programs_get_longer(machine, bits, max_steps):
    rows = glimpse([bits], lengths=(2, 5, 9, 12), max_steps=max_steps, machine=machine).glimpses
    for old, new in pairwise(rows):
        assert new.digits.startswith(old.digits)
        assert new.decided >= old.decided
        assert new.high - new.low == new.timeout + new.cut


@pytest.mark.small
def test_glimpses_are_json_and_are_drawn():
    import matplotlib.pyplot as plt

    result = glimpse(["0", "01"], lengths=(2, 6), max_steps=8)
    assert len(json.loads(json.dumps(result.to_json()))["glimpses"]) == 4
    plt.close(figure(result))


@pytest.mark.parametrize("options", [{"strings": ()}, {"lengths": ()}, {"lengths": (0,)}, {"strings": ("2",)}])
def test_bad_input_is_refused(options):
    with pytest.raises(ValueError):
        glimpse(**options)
    with pytest.raises(ValueError, match="interval"):
        certified_digits(Fraction(1), Fraction(0))
