"""Speed priors are their definitions; Kt bounds the one, the heaviest program the other."""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction

import naive
import naive_mixtures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.inductor.speed import SpeedPredictor, speed_prior

names = st.sampled_from(["queue", "turing"])
kinds = st.sampled_from(["kt", "fast"])
data = st.text("01", max_size=8)
lengths = st.integers(1, 9)
steps = st.integers(1, 12)
totals = st.none() | st.integers(1, 20)
few = settings(max_examples=40)


@pytest.mark.small
@few
@given(names, kinds, data, lengths, steps, totals)
def test_speed_prior_is_the_definition(name, kind, x, length, most, total):
    s = speed_prior(x, kind, machine=name, max_length=length, max_steps=most, total=total)
    assert s.value == naive_mixtures.speed_prior(name, x, kind, length, most, total)
    if x:
        terms = list(naive_mixtures.speed_terms(name, x, kind, length, most, total))
        assert s.programs == len(terms)
        if terms:
            heaviest = max(weight for _, _, weight in terms)
            assert (len(s.best), s.best_steps, heaviest) in terms
            assert s.best == min(p for p in naive.programs_for(name, x, length, most, total) if len(p) == len(s.best)
                                 and steps_of(name, p, len(x), most, total) == s.best_steps)  # fmt: skip


def steps_of(name, program, bits, most, total):
    return naive.run(name, program, most, total, bits).steps


@pytest.mark.small
@few
@given(names, data.filter(len), lengths, steps)
def test_loss_under_kt_never_exceeds_levins_complexity(name, x, length, most):
    s = speed_prior(x, "kt", machine=name, max_length=length, max_steps=most)
    terms = list(naive_mixtures.speed_terms(name, x, "kt", length, most))
    levin = min((size + math.log2(t) for size, t, _ in terms), default=math.inf)
    assert s.loss_bits <= s.bound_bits
    assert s.bound_bits == pytest.approx(levin)


@pytest.mark.parametrize("kind", ["kt", "fast"])
@pytest.mark.parametrize("name", ["queue", "turing", "brainphoque", "lambda"])
def test_speed_priors_are_semimeasures(kind, name):
    budget = {"machine": name, "max_length": 13, "max_steps": 40}
    for x in ("", "0", "01", "0110", "000000"):
        parts = [speed_prior(x + b, kind, **budget).value for b in "01"]
        assert sum(parts) <= speed_prior(x, kind, **budget).value <= 1


@pytest.mark.small
@settings(max_examples=15)
@given(names, kinds, data, st.integers(1, 8), steps, st.none() | st.integers(0, 9))
def test_prediction_is_the_definition_and_keeps_its_bound(name, kind, x, length, most, exponent):
    fallback = None if exponent is None else "uniform"
    p = SpeedPredictor(
        kind, machine=name, max_length=length, max_steps=most, fallback=fallback, fallback_exponent=exponent
    )
    for i, bit in enumerate(x):
        joint = [naive_mixtures.speed_prior(name, x[:i] + b, kind, length, most) for b in "01"]
        if exponent is not None:
            joint = [value + Fraction(1, 2 ** (exponent + i + 1)) for value in joint]
        expected = joint[1] / sum(joint) if sum(joint) else Fraction(1, 2)
        assert p.predict_exact()[1] == expected
        p.learn_one(int(bit))
        assert p.loss_bits <= p.bound_bits
        assert p.standing.mistakes <= p.loss_bits


def test_all_steps_of_a_run_are_counted():
    s = speed_prior("0" * 64, "kt", max_length=12, max_steps=64)
    assert s.best_text == "0,0: 0 > 0"
    assert s.best_steps == 127  # an item and a stop for each bit, but no stop after the last
    assert s.bound_bits == pytest.approx(5 + math.log2(127))


@pytest.mark.small
def test_copies_pickles_and_clones():
    p = SpeedPredictor("fast", max_length=9, max_steps=16).learn_many("0101")
    for twin in (copy.deepcopy(p), pickle.loads(pickle.dumps(p))):
        assert twin.predict_exact() == p.predict_exact()
    assert p.clone().learn_many("0101").standing == p.standing


@pytest.mark.small
def test_unknown_kinds_are_refused():
    for make in (lambda: speed_prior("01", "slow"), lambda: SpeedPredictor("")):
        with pytest.raises(ValueError, match="speed priors are kt and fast"):
            make()
