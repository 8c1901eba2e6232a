"""The fallback: its weight, its exact joint probability, and what is refused as one."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Predictor, prior
from induction.inductor.fallback import choose_fallback
from induction.predictors import BerlekampMassey, KrichevskyTrofimov

pytestmark = pytest.mark.small
bits = st.text("01", max_size=40)


class Float:
    """Says 1 with a float of which nothing exact is known."""

    def __init__(self, chance):
        self.chance = chance

    def predict_proba_one(self):
        return {0: 1 - self.chance, 1: self.chance}

    def learn_one(self, bit):
        return self

    def clone(self):
        return Float(self.chance)


@given(bits, st.integers(0, 40), st.sampled_from(["uniform", "kt", BerlekampMassey(), Float(0.3), Float(0.0)]))
@settings(max_examples=60)
def test_joint_probability_is_the_weight_times_the_predictions(x, exponent, choice):
    fallback = choose_fallback(choice, exponent)
    joint = Fraction(1, 2**exponent)
    for bit in x:
        zero, one, whole = fallback.next_bit()
        assert zero + one == whole
        assert min(zero, one) >= 0
        joint *= Fraction((zero, one)[int(bit)], whole)
        fallback.learn(int(bit))
        assert Fraction(fallback.numerator, fallback.denominator) == joint
    assert fallback.weight == Fraction(1, 2**exponent)


def test_floats_of_0_and_1_never_rule_anything_out():
    for chance in (0.0, 1.0, 1e-300):
        fallback = choose_fallback(Float(chance), 3)
        for bit in (0, 1, 0):
            fallback.learn(bit)
        assert fallback.numerator > 0


@given(bits, st.integers(1, 9))
@settings(max_examples=30)
def test_predictions_mix_the_fallback_in_exactly(x, length):
    x = x[:8]
    p = Predictor(max_length=length, max_steps=8, fallback="kt", fallback_exponent=3).learn_many(x)
    table = prior(9, max_length=length, max_steps=8)
    kt, joint = KrichevskyTrofimov(), Fraction(1, 8)
    for bit in x:
        joint *= kt.predict_exact()[int(bit)]
        kt.learn_one(int(bit))
    zero, one = (table[x + b] + joint * kt.predict_exact()[int(b)] for b in "01")
    assert p.predict_exact() == {0: zero / (zero + one), 1: one / (zero + one)}
    assert p.total_weight == Fraction(9, 8)


def test_a_given_predictor_is_not_trained_and_its_twin_is_fresh():
    own = KrichevskyTrofimov().learn_one(1)
    p = Predictor(max_length=6, max_steps=8, fallback=own).learn_many("0000")
    assert (own.zeros, own.ones) == (0, 1)
    assert p.clone().predict_exact() == Predictor(max_length=6, max_steps=8, fallback="kt").predict_exact()


@pytest.mark.parametrize("wrong", [3, "magic", object(), []])
def test_what_predicts_nothing_is_refused(wrong):
    with pytest.raises(ValueError) as caught:
        Predictor(max_length=6, max_steps=8, fallback=wrong).predict_exact()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("exponent", [-1, 1025, 1.5, "3", True])
def test_exponents_out_of_range_are_refused(exponent):
    with pytest.raises(ValueError, match="from 0 to 1024"):
        choose_fallback("uniform", exponent)


@pytest.mark.small
def test_a_fallback_that_is_ruled_out_competes_no_more():
    certain = Predictor(max_length=6, max_steps=8, fallback=None)
    p = Predictor(max_length=6, max_steps=8, fallback=certain).learn_many("0001")
    assert p.loss_bits == p.bound_bits == math.inf
    assert p.predict_proba_one() == {0: 0.5, 1: 0.5}
