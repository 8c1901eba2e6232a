"""Programs out of time: dead, tossing a coin, or asleep; each treatment is its definition and keeps its bound."""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction

import naive
import naive_mixtures
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from induction import Predictor, sample
from induction.inductor import timeouts_walk
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.noisy import NoisyPredictor
from induction.inductor.timeouts import UniformTimeouts, with_timeouts

names = st.sampled_from(["queue", "turing"])
data = st.text("01", max_size=8)
lengths = st.integers(1, 9)
steps = st.integers(1, 8)
totals = st.none() | st.integers(1, 30)
MACHINES = ["queue", "turing", "brainphoque", "lambda"]


@pytest.mark.small
@settings(max_examples=40)
@given(names, data, lengths, steps, totals)
def test_uniform_timeouts_are_their_definition(name, x, length, most, total):
    p = UniformTimeouts(name, length, most, total=total)
    for i, bit in enumerate(x):
        zero, one = (naive_mixtures.uniform_mixture(name, x[:i] + b, length, most, total) for b in "01")
        assert zero + one == naive_mixtures.uniform_mixture(name, x[:i], length, most, total)  # a measure: W = 1
        assert p.predict_exact() == {0: zero / (zero + one), 1: one / (zero + one)}
        p.learn_one(int(bit))
        assert p.loss_bits <= p.bound_bits


@pytest.mark.parametrize("name", MACHINES)
def test_uniform_timeouts_keep_their_bound_on_any_data(name):
    for x in ("0110100110010110" * 3, "0" * 40, "1101000111001010" * 2):
        p = UniformTimeouts(name, 12, 40).learn_many(x)
        assert all(s.loss_bits <= s.bound_bits and s.mistakes <= s.mistake_bound for s in p.history)
        assert all(s.unnormalised_loss_bits == pytest.approx(s.loss_bits) for s in p.history)


@pytest.mark.small
@settings(max_examples=30)
@given(names, st.text("01", max_size=7), st.integers(1, 8), st.integers(1, 5), st.integers(1, 5), totals)
def test_asleep_timeouts_are_their_definition(name, x, length, most, allotments, total):
    p = AsleepTimeouts(name, length, most, total=total, allotments=allotments, fallback_exponent=4)
    predictions, _, _ = naive_mixtures.asleep_mixture(name, x, length, most, allotments, 4, total)
    for bit, expected in zip(x, predictions, strict=True):
        assert p.predict_proba_one()[1] == pytest.approx(float(expected), abs=1e-12)
        p.learn_one(int(bit))
        assert p.loss_bits <= p.bound_bits


@pytest.mark.small
@settings(max_examples=30)
@given(names, st.text("01", max_size=7), st.integers(1, 8), st.integers(1, 5), st.integers(1, 5), totals, st.booleans())
@example("queue", "01010", 11, 1, 5, None, False)  # many who slept through some rounds, and some through the last
@example("turing", "111", 10, 1, 4, 30, True)
@example("queue", "00000000", 9, 1, 4, None, False)  # the heaviest slept at first
def test_the_posterior_of_sleepers_is_the_definition(name, x, length, most, allotments, total, ask):
    """Each program's share is that of all its continuations; together with the fallback they are everything."""
    p = AsleepTimeouts(name, length, most, total=total, allotments=allotments, fallback_exponent=4).learn_many(x)
    if ask:
        p.predict_proba_one()  # carries the programs on; what is left of them is as before
    depth = max(1, len(x))
    _, members, fallback = naive_mixtures.asleep_mixture(name, x, length, most, allotments, 4, total)
    left = {m.program: (m, weight) for m, weight, _ in members if m.left(x)} if x else {"": (None, Fraction(1))}
    whole = sum(weight for _, weight in left.values()) + fallback
    rows = p.posterior(10**6)
    found = set()
    for row in rows:
        own = {program: pair for program, pair in left.items() if program.startswith(row.bits)}
        assert row.weight == pytest.approx(float(sum(weight for _, weight in own.values()) / whole), rel=1e-9)
        assert not x or {not m.awake(depth) for m, _ in own.values()} == {row.asleep}
        found |= set(own)
    assert found == set(left)
    assert sum(row.weight for row in rows) == pytest.approx(1 - float(fallback / whole))
    if x and not ask:  # the loss is held against the heaviest: its length, and what was lost while it slept
        heaviest = max([float(fallback / whole), *(row.weight for row in rows)])
        owed = 4 + len(x) - math.log2(heaviest / float(fallback / whole))
        assert p.bound_bits == pytest.approx(owed + math.log2(17 / 16), abs=1e-6)
    assert rows == sorted(rows, key=lambda row: -row.weight)
    assert p.posterior(2) == rows[:2]


@pytest.mark.small
@settings(max_examples=30)
@given(names, st.text("01", max_size=7), st.integers(1, 8), st.integers(1, 5), st.integers(1, 5))
def test_regret_in_awake_rounds_never_exceeds_the_weight(name, x, length, most, allotments):
    """For each program: the mixture's loss in the rounds in which it was awake <= log2(W / w_p) + its own."""
    _, members, fallback = naive_mixtures.asleep_mixture(name, x, length, most, allotments, 4)
    whole = 1 + Fraction(1, 16)
    for member, weight, given_when_awake in members:
        if weight:
            assert given_when_awake * whole >= member.weight
    assert sum(weight for _, weight, _ in members) + fallback <= whole


@pytest.mark.parametrize("name", MACHINES)
def test_one_allotment_is_a_predictor_with_dead_timeouts(name):
    x = "01101001100101101001011001101001"
    p = AsleepTimeouts(name, 11, 24, allotments=1, fallback_exponent=5)
    dead = Predictor(name, 11, 24, fallback_exponent=5)
    for bit in x:
        assert p.predict_proba_one()[1] == pytest.approx(dead.predict_proba_one()[1], abs=1e-12)
        p.learn_one(int(bit))
        dead.learn_one(int(bit))
        assert (p.asleep, p.mistakes) == (0, dead.mistakes)
        for late, early in zip(p.posterior(20), dead.posterior(20), strict=True):
            assert (late.bits, late.text, late.asleep) == (early.bits, early.text, False)
            assert late.weight == pytest.approx(float(early.weight))
    assert p.loss_bits == pytest.approx(dead.loss_bits)
    assert p.bound_bits == pytest.approx(dead.bound_bits)


@pytest.mark.parametrize("name", MACHINES)
def test_asleep_timeouts_keep_their_bound_on_any_data(name):
    for x in ("0110100110010110" * 2, "0" * 40, "1101000111001010" * 2):
        p = AsleepTimeouts(name, 12, 6, allotments=6).learn_many(x)
        assert all(s.loss_bits <= s.bound_bits and s.mistakes <= s.mistake_bound for s in p.history)


@pytest.mark.parametrize("x", ["00000000", "01010101", "11110111", "00100100"])
def test_programs_that_have_caught_up_are_heard(x):
    predictions, members, _ = naive_mixtures.asleep_mixture("queue", x, 11, 2, 4, 6)
    late = [m for m, _, _ in members if m.awake(8) and not all(map(m.awake, range(1, 8)))]
    assert late
    assert any(m.dead(x, 8) for m in late)
    p = AsleepTimeouts("queue", 11, 2, allotments=4, fallback_exponent=6)
    for bit, expected in zip(x, predictions, strict=True):
        assert p.predict_proba_one()[1] == pytest.approx(float(expected), abs=1e-12)
        p.learn_one(int(bit))
        assert p.loss_bits <= p.bound_bits


@pytest.mark.small
@pytest.mark.parametrize("x", ["11111111", "01010101"])
def test_the_past_that_late_programs_are_held_against_is_not_lost_as_it_grows(x):
    usual, growing = (AsleepTimeouts("queue", 9, 1, allotments=5) for _ in range(2))
    growing._sleepers._bits = np.zeros(1, dtype=np.uint8)
    assert growing.learn_many(x).history == usual.learn_many(x).history
    assert growing.posterior(99) == usual.posterior(99)


def test_a_late_program_does_not_make_up_for_lost_time():
    """Steps 3, 2, 1, 1 a bit at one step a round: the bits come in rounds 3, 4, 4 and 4, not 3, 3, 3 and 4."""
    slow = "1100 1100 01 1100 01 01 01".replace(" ", "")
    p = AsleepTimeouts("queue", 20, 1, allotments=3)
    seen = {}
    for now in range(1, 5):
        p.predict_proba_one()
        columns = timeouts_walk.PROGRAM, timeouts_walk.SIZE, timeouts_walk.POSITION, timeouts_walk.READY
        for program, size, position, ready in p._sleepers._entries[:, columns].tolist():
            if size and format(program, f"0{size}b") == slow[:size]:
                seen[now] = position, ready
        p.learn_one(0)
    assert seen == {1: (1, 3), 2: (1, 3), 3: (2, 4), 4: (4, 4)}


@pytest.mark.small
@pytest.mark.parametrize("timeouts", ["dead", "uniform", "asleep"])
def test_copies_pickles_and_clones(timeouts):
    p = with_timeouts(timeouts, max_length=9, max_steps=4).learn_many("01011")
    for twin in (copy.deepcopy(p), pickle.loads(pickle.dumps(p))):
        twin.learn_many("010")
        assert twin.history == copy.deepcopy(p).learn_many("010").history
        assert twin.posterior(99) == copy.deepcopy(p).learn_many("010").posterior(99)
    again = p.clone().learn_many("01011")
    assert again.predict_proba_one() == p.predict_proba_one()
    assert again.data == p.data == "01011"
    assert math.isclose(sum(p.predict_proba_one().values()), 1)


@pytest.mark.small
def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="allowed are dead, uniform, asleep"):
        with_timeouts("late")
    with pytest.raises(ValueError, match="allotments is 0"):
        AsleepTimeouts(max_length=4, allotments=0)
    with pytest.raises(ValueError, match="always awake"):
        AsleepTimeouts(max_length=4, fallback=None)
    for timeouts in ("uniform", "asleep"):
        with pytest.raises(ValueError, match="is not a bit"):
            with_timeouts(timeouts, max_length=4, max_steps=4).learn_one("1")


def test_a_fallback_fainter_than_any_float_still_has_its_say():
    p = AsleepTimeouts(max_length=6, max_steps=8).learn_many("0" * 1300)
    assert p.predict_proba_one()[1] > 0
    p.learn_one(1)
    assert 1080 < p.loss_bits <= p.bound_bits < math.inf
    assert p.predict_proba_one() == {0: 0.5, 1: 0.5}


@pytest.mark.small
def test_a_fallback_that_rules_something_out_ends_in_an_infinite_loss():
    bare = Predictor(max_length=6, max_steps=4, fallback=None)
    p = AsleepTimeouts(max_length=6, max_steps=4, fallback=bare).learn_many("00000")
    assert p.predict_proba_one() == {0: 1.0, 1: 0.0}
    p.learn_many("100")
    assert p.loss_bits == p.bound_bits == math.inf
    assert p.posterior() == []
    assert p.predict_proba_one() == {0: 0.5, 1: 0.5}


@pytest.mark.small
@given(names, st.text("01", min_size=1, max_size=6), lengths, steps)
def test_posterior_of_programs_and_coins_is_the_definition(name, x, length, most):
    p = UniformTimeouts(name, length, most).learn_many(x)
    whole = naive_mixtures.uniform_mixture(name, x, length, most)
    rows = p.posterior(p.budget.whole)
    assert [row.bits for row in rows] == sorted(naive.programs_for(name, x, length, most), key=lambda b: (len(b), b))
    assert all(row.weight == Fraction(1, 1 << len(row.bits)) / whole for row in rows)


@pytest.mark.parametrize("predictor", [AsleepTimeouts, NoisyPredictor])
def test_a_total_is_enough_for_the_posterior_where_the_steps_alone_would_not_fit(predictor):
    p = predictor(max_length=10, max_steps=10**9, total=500).learn_many("0101")
    assert p.posterior(1)
    assert sample(5, bits=16, seed=0, max_length=10, max_steps=10**9, total=500).text(0)
