"""Floats lie on the stated side of the exact value, and close to it."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from induction import dyadic
from induction.bounds.losses import log2_ratio

pytestmark = pytest.mark.small
numbers = st.integers(1, 40) | st.integers(1, 2**80) | st.integers(2**900, 2**901)
near_one = st.integers(1, 2**200).map(lambda n: Fraction(n + 1, n))
floats = st.floats(0, 2**60)


def exact_log2(value: Fraction):
    with mp.workprec(400):
        return mp.log(mp.mpf(value.numerator) / mp.mpf(value.denominator), 2)


@given(st.builds(Fraction, numbers, numbers) | near_one)
def test_logarithms_enclose_the_exact_one_closely(value):
    pairs = [(dyadic.log2_below(value), dyadic.log2_above(value)), log2_ratio(value.numerator, value.denominator)]
    exact = exact_log2(value)
    for below, above in pairs:
        with mp.workprec(400):
            assert mp.mpf(below) <= exact <= mp.mpf(above)
        assert above - below <= 2e-14 * max(1.0, abs(below))


@given(st.integers(-2000, 2000))
def test_logarithms_of_powers_of_two_are_exact(exponent):
    value = Fraction(2) ** exponent
    assert dyadic.log2_below(value) == dyadic.log2_above(value) == exponent
    assert log2_ratio(3 * value.numerator, 3 * value.denominator) == (exponent, exponent)


def test_logarithm_of_nothing_is_minus_infinity_and_of_less_an_error():
    assert dyadic.log2_below(Fraction(0)) == dyadic.log2_above(Fraction(0)) == -math.inf
    with pytest.raises(ValueError, match="at least 0"):
        dyadic.log2_below(Fraction(-1, 3))


@given(floats, floats)
def test_sums_of_floats_are_rounded_in_the_stated_direction(a, b):
    exact = Fraction(a) + Fraction(b)
    assert Fraction(dyadic.add_below(a, b)) <= exact <= Fraction(dyadic.add_above(a, b))
    assert dyadic.add_below(a, 0.0) == a == dyadic.add_above(a, 0.0)


@given(st.integers(0, 62).flatmap(lambda length: st.tuples(st.integers(0, 2**length), st.just(length))))
def test_masses_come_back_from_fractions_text_and_sympy(pair):
    mass, length = pair
    value = dyadic.to_fraction(mass, length)
    assert value * 2**length == mass
    assert Fraction(dyadic.to_text(value)) == value
    assert "/" in dyadic.to_text(value)
    assert dyadic.to_sympy(value) == sympy.Rational(mass, 2**length)


@given(st.integers(0, 2**200), st.integers(1, 2**200))
def test_decimals_are_close_and_no_chance_looks_impossible_or_certain(a, b):
    value = Fraction(min(a, b), max(a, b))
    text = dyadic.size_text(value)
    head, _, rest = text.partition(" - ")
    shown = Fraction(head) - (Fraction(rest) if rest else 0)
    assert abs(shown - value) <= value / 10**5
    assert (text == "0", text == "1") == (value == 0, value == 1)


@given(st.integers(1_000, 60_000))
def test_numbers_of_any_length_can_be_written(exponent):
    value = Fraction(1, 2**exponent)
    numerator, denominator = dyadic.to_text(value).split("/")
    assert (numerator, len(denominator)) == ("1", math.floor(exponent * math.log10(2)) + 1)
    digits, _, power = dyadic.size_text(value).partition("e")
    assert float(digits) * 10 ** (int(power) + exponent * math.log10(2)) == pytest.approx(1, rel=1e-4)
    assert dyadic.size_text(1 - value) == f"1 - {dyadic.size_text(value)}"


def test_decimals_of_examples():
    sizes = [Fraction(45569, 46338), Fraction(1, 2**16000), 1 - Fraction(1, 2**1100), Fraction(10**400)]
    assert [dyadic.size_text(size) for size in sizes] == [
        "0.983405", "3.31184e-4817", "1 - 7.36215e-332", "1e+400",
    ]  # fmt: skip
