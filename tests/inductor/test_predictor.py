"""The predictor is its definition, under its bound, whatever the data."""

from __future__ import annotations

import copy
import itertools
import math
from fractions import Fraction

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Predictor
from induction.checks import check_predictor

names = st.sampled_from(["queue", "turing"])
data = st.text("01", max_size=12)
lengths = st.integers(1, 9)
steps = st.integers(1, 12)
totals = st.none() | st.integers(1, 20)
exponents = st.none() | st.integers(0, 16)
few = settings(max_examples=40)


def make(name, length, most, exponent=14, total=None):
    fallback = None if exponent is None else "uniform"
    return Predictor(name, length, most, total=total, fallback=fallback, fallback_exponent=exponent)


@pytest.mark.small
@few
@given(names, data, lengths, steps, exponents, totals)
def test_prediction_is_the_definition(name, x, length, most, exponent, total):
    p = make(name, length, most, exponent, total).learn_many(x)
    question = (name, x, length, most, exponent, total)
    assert p.predict_exact() == naive.predict(*question)
    assert p.predict_exact(normalised=False) == naive.predict_unnormalised(*question)


@pytest.mark.small
@pytest.mark.parametrize("exponent", [None, 0, 14])
@pytest.mark.parametrize(("length", "most"), [(1, 1), (1, 9), (9, 1), (5, 2), (8, 16)])
def test_prediction_is_the_definition_at_the_smallest_budgets_and_past_all_programs(machine, exponent, length, most):
    """Data that no program can produce, step by step, and long after the last program is gone."""
    for x in ("0110100110010110" * 2, "1" * 24, "0010110111"):
        p = make(machine, length, most, exponent)
        for i, bit in enumerate(x):
            assert p.predict_exact() == naive.predict(machine, x[:i], length, most, exponent), x[:i]
            p.learn_one(int(bit))
        assert p.predict_exact() == naive.predict(machine, x, length, most, exponent)
        assert p.programs_alive == len(naive.programs_for(machine, x, length, most))


def assert_bound_holds(p, x):
    """Losses, bounds, mistakes and masses after the last bit of x."""
    s = p.standing
    assert 0 <= s.loss_bits <= s.bound_bits, x
    assert s.loss_bits <= s.unnormalised_loss_bits <= s.unnormalised_bound_bits <= s.bound_bits, x
    assert s.mistakes <= s.mistake_bound <= s.loss_bits, x
    assert sum(p.masses) == p.budget.whole, x
    best = p.posterior(1)
    exponent = {"queue": 14, "turing": 5}[p.machine]
    ceilings = [len(x) + exponent] if p.get_params()["fallback"] else []
    ceilings += [best[0].length] if best else []
    assert s.unnormalised_bound_bits == min(ceilings, default=math.inf), x


def check_all_continuations(p, depth):
    count = 1
    if len(p.data) < depth:
        for bit in (0, 1):
            after = copy.deepcopy(p).learn_one(bit)
            assert_bound_holds(after, after.data)
            count += check_all_continuations(after, depth)
    return count


@pytest.mark.parametrize("fallback", ["uniform", None])
def test_loss_never_exceeds_bound_for_every_string_of_6_bits(machine, fallback):
    p = Predictor(machine, 12, 32, fallback=fallback)
    assert check_all_continuations(p, 6) == 2**7 - 1


@pytest.mark.slow
def test_loss_never_exceeds_bound_for_every_string_of_12_bits(machine):
    assert check_all_continuations(Predictor(machine, 14, 64), 12) == 2**13 - 1


@few
@given(names, st.text("01", max_size=40), st.integers(1, 13), st.integers(1, 60), st.sampled_from([None, 0, 3, 14]))
def test_loss_never_exceeds_bound_at_any_step(name, x, length, most, exponent):
    p = make(name, length, most, exponent)
    loss = Fraction(1)
    for bit in x:
        loss *= p.predict_exact()[int(bit)]
        p.learn_one(int(bit))
        s = p.standing
        assert s.loss_bits <= s.bound_bits
        assert sum(p.masses) == p.budget.whole
    if loss and math.isfinite(p.loss_bits):
        assert Fraction(p.loss_bits) <= Fraction(-math.log2(loss)) + Fraction(1, 10**9)
        assert p.loss_bits >= -math.log2(loss) - 1e-9
    if exponent is not None:
        assert p.loss_bits <= len(x) + exponent + math.log2(1 + 2**-exponent) + 1e-9
    assert [s.rounds for s in p.history] == list(range(len(x) + 1))


@given(names, st.text("01", max_size=10), st.integers(2, 10), st.integers(1, 20))
@settings(max_examples=25)
def test_sum_of_unnormalised_shortfalls_is_at_most_minus_log_of_the_prior(name, x, length, most):
    p = Predictor(name, length, most, fallback=None)
    total = Fraction(0)
    for bit in x:
        total += 1 - p.predict_exact(normalised=False)[int(bit)]
        p.learn_one(int(bit))
    if p.masses.matching:
        assert total <= Fraction(-math.log(Fraction(p.masses.matching, p.budget.whole))) + Fraction(1, 10**12)


@few
@given(names, st.text("01", max_size=10), st.integers(1, 9), st.integers(1, 9), st.integers(0, 3), st.integers(0, 40),
       st.sampled_from([None, 4, 14]), st.booleans())  # fmt: skip
def test_intervals_nest_and_hold_larger_predictions(name, x, length, most, longer, slower, exponent, normalised):
    small = make(name, length, most, exponent).learn_many(x)
    large = make(name, length + longer, most + slower, exponent).learn_many(x)
    low, high = small.interval(normalised=normalised)
    lower, higher = large.interval(normalised=normalised)
    assert 0 <= low <= lower <= higher <= high <= 1
    if sum(large.predict_exact(normalised=False).values()):
        for p in (small, large):
            assert low <= p.predict_exact(normalised=normalised)[1] <= high
    bare, wide = small.prior_interval(), large.prior_interval()
    assert bare[0] <= wide[0] <= Fraction(large.masses.matching, large.budget.whole) <= wide[1] <= bare[1]


@pytest.mark.small
@few
@given(names, st.text("01", max_size=6), st.integers(1, 4), lengths, steps)
def test_probabilities_of_continuations_sum_to_one_and_multiply(name, x, depth, length, most):
    p = make(name, length, most).learn_many(x)
    before = p.predict_exact()
    chances = {y: p.probability(y) for y in map("".join, itertools.product("01", repeat=depth))}
    assert sum(chances.values()) == 1
    for y, chance in chances.items():
        assert chance == p.probability(y[:1]) * copy.deepcopy(p).learn_many(y[:1]).probability(y[1:])
    assert p.data == x
    assert p.predict_exact() == before


@few
@given(names, st.text("01", max_size=8), st.text("01", max_size=12), lengths, steps)
def test_scores_are_what_learning_would_have_cost(name, x, y, length, most):
    p = make(name, length, most).learn_many(x)
    score = p.score(y)
    assert p.data == x
    standings = [p.learn_one(int(bit)).standing for bit in y]
    assert score.loss_bits.tolist() == [s.loss_bits for s in standings]
    assert score.bound_bits.tolist() == [s.bound_bits for s in standings]
    assert score.mistakes.tolist() == [s.mistakes for s in standings]
    assert score.unnormalised_loss_bits.tolist() == [s.unnormalised_loss_bits for s in standings]
    assert len(score.losses) == len(y)
    assert np.isclose(score.losses.sum(), p.loss_bits - p.history[len(x)].loss_bits)


def test_once_the_loss_is_infinite_so_are_the_steps_that_follow():
    bare = Predictor("queue", 8, 32, fallback=None)
    score = bare.score("0" * 10 + "101")
    assert np.isfinite(score.losses[:10]).all()
    assert (score.losses[10:] == np.inf).all() and (score.loss_bits[10:] == np.inf).all()
    assert (bare.learn_many("0" * 10 + "1").score("01").losses == np.inf).all()
    assert len(bare.score("").losses) == 0


@pytest.mark.small
@few
@given(names, data, lengths, steps, st.sampled_from([None, 14]))
def test_posterior_lists_the_heaviest_programs_with_their_exact_shares(name, x, length, most, exponent):
    p = make(name, length, most, exponent).learn_many(x)
    everything = p.posterior(10**6)
    mixture = naive.mixture(name, x, length, most, exponent)
    expected = sorted(naive.programs_for(name, x, length, most), key=lambda q: (len(q), q))
    assert [q.bits for q in everything] == expected
    assert all(q.weight == Fraction(1, 2**q.length) / mixture for q in everything)
    fallback = 0 if exponent is None else Fraction(1, 2 ** (exponent + len(x))) / mixture
    assert not mixture or sum(q.weight for q in everything) + fallback == 1
    assert p.posterior(2) == everything[:2]
    assert p.posterior(0) == []


@pytest.mark.parametrize("fallback", ["uniform", "kt", None])
def test_predictors_keep_the_contract(machine, fallback):
    report = check_predictor(Predictor(machine, 10, 16, fallback=fallback))
    assert report.cases["loss never exceeds the bound"] > 50


@pytest.mark.small
def test_nothing_bounds_the_loss_on_impossible_data_without_a_fallback_only(machine):
    x = "01101001100101101"
    bare = Predictor(machine, 5, 8, fallback=None).learn_many(x)
    assert bare.unnormalised_loss_bits == bare.bound_bits == math.inf
    assert bare.standing.competitor == ""
    assert bare.predict_proba_one() == {0: 0.5, 1: 0.5}
    assert bare.predict_exact(normalised=False) == {0: 0, 1: 0}
    assert bare.interval()[1] == 1
    kept = Predictor(machine, 5, 8).learn_many(x)
    assert kept.loss_bits <= kept.bound_bits < math.inf


def test_predictions_do_not_depend_on_what_other_predictors_learn(machine):
    one, other, alone = (Predictor(machine, 11, 16) for _ in range(3))
    for i in range(40):
        one.learn_one(i % 3 == 0)
        other.learn_one(i % 2)
        alone.learn_one(i % 3 == 0)
        assert one.predict_exact() == alone.predict_exact()


def test_long_runs_stay_exact_and_floats_finite(machine):
    p = Predictor(machine, 10, 16)
    for i in range(2000):
        p.learn_one(i % 2)
    chances = p.predict_proba_one()
    assert chances[0] + chances[1] == 1.0
    assert 0.9 < chances[0] <= 1.0
    assert abs(float(p.predict_exact()[0]) - chances[0]) < 1e-15
    assert p.loss_bits <= p.bound_bits < 12


@pytest.mark.small
def test_what_is_possible_never_has_a_chance_of_zero():
    """Chances below every float: a log loss made of floats stays finite."""
    p = Predictor(max_length=6, max_steps=8).learn_many("0" * 1300)
    exact = p.predict_exact()
    assert 0 < exact[1] < Fraction(1, 2**1080)
    assert p.predict_proba_one() == {0: 1.0, 1: math.ulp(0.0)}
    p.learn_one(1)
    assert 1080 < p.loss_bits <= p.bound_bits
    assert Predictor(max_length=6, max_steps=8, fallback=None).learn_many("0" * 20).predict_proba_one()[1] == 0.0
