"""Noise: the mixture over programs with learned flip rates is its definition, and keeps its bound."""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction

import naive_mixtures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.bounds.flips import FlipCode
from induction.bounds.losses import krichevsky_trofimov_probability
from induction.enumeration import hypotheses
from induction.inductor.noisy import NoisyPredictor
from induction.sources import words

names = st.sampled_from(["queue", "turing"])
data = st.text("01", max_size=12)
short = st.text("01", min_size=1, max_size=7)
lengths = st.integers(1, 9)
steps = st.integers(1, 12)
totals = st.none() | st.integers(1, 20)
few = settings(max_examples=30)
MACHINES = ["queue", "turing", "brainphoque", "lambda"]


@pytest.mark.small
@few
@given(names, data, lengths, steps, totals)
def test_prediction_is_the_definition(name, x, length, most, total):
    p = NoisyPredictor(name, length, most, total=total)
    question = length, most, total
    for i, bit in enumerate(x):
        xi = naive_mixtures.noisy_mixture(name, x[:i], *question)
        assert p.predict_exact()[1] == naive_mixtures.noisy_mixture(name, x[:i] + "1", *question) / xi
        p.learn_one(int(bit))
    whole = naive_mixtures.noisy_mixture(name, x, *question)
    assert p.probability("01") == naive_mixtures.noisy_mixture(name, x + "01", *question) / whole


@pytest.mark.small
@few
@given(names, short, lengths, steps, totals)
def test_loss_never_exceeds_the_best_program_and_its_flips(name, x, length, most, total):
    p = NoisyPredictor(name, length, most, total=total).learn_many(x)
    best = naive_mixtures.noisy_best(name, x, length, most, total)
    assert 0 <= p.loss_bits <= p.bound_bits <= -math.log2(best) + 1e-9
    assert p.loss_bits == pytest.approx(-math.log2(naive_mixtures.noisy_mixture(name, x, length, most, total)))
    assert p.mistakes <= p.loss_bits


def weigh(p):
    """xi(data) summed anew over all that goes on and all that has stopped, over the unit of the predictor."""
    p.predict_exact()
    going = p._programs.round().going
    return sum((zeros + ones) * p._code.weight(flips) for flips, zeros, ones in going) + p._stopped


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("most", [None, 7])
def test_all_weights_sum_to_one_whatever_stops_or_is_dropped(name, most):
    p = NoisyPredictor(name, 12, 40, max_hypotheses=most)
    x = "0110100110010110100101100110100110010110"
    for bit in x:
        assert weigh(p) == p._weight
        assert sum(p.predict_exact().values()) == 1
        p.learn_one(int(bit))
        assert p.loss_bits <= p.bound_bits
        assert most is None or p.hypotheses <= most


@pytest.mark.parametrize("name", MACHINES)
def test_where_programs_meet_and_merge_changes_nothing(name, monkeypatch):
    x = "".join(map(str, words.fixed_point(70, ("01", "0")).tolist()))
    usual = NoisyPredictor(name, 13, 64).score(x)
    monkeypatch.setattr(hypotheses, "FIRST_BLOCKS", tuple(range(1, 70)))
    often = NoisyPredictor(name, 13, 64).score(x)
    assert usual.losses.tolist() == often.losses.tolist()
    assert usual.bound_bits.tolist() == often.bound_bits.tolist()


@few
@given(st.text("01", min_size=1, max_size=40), st.integers(1, 60))
def test_a_dropped_hypothesis_keeps_its_weight(x, most):
    """The tree of all 2^n data keeps total probability 1 at every node, and no limit that is not reached matters."""
    full = NoisyPredictor("queue", 10, 32)
    loose = NoisyPredictor("queue", 10, 32, max_hypotheses=10**6)
    tight = NoisyPredictor("queue", 10, 32, max_hypotheses=most)
    for p in (full, loose, tight):
        p.learn_many(x)
    assert full.predict_exact() == loose.predict_exact()
    assert weigh(tight) == tight._weight
    assert tight.loss_bits <= tight.bound_bits
    assert 0 <= tight.stopped_share <= 1


@pytest.mark.small
def test_dropping_leaves_the_heaviest_and_a_coin():
    p = NoisyPredictor("queue", 8, 16, max_hypotheses=40).learn_many("000000000000")
    rows = p.posterior(p.hypotheses)
    assert (rows[0].bits, rows[0].flips) == ("01000", 0)
    assert sum(row.weight for row in rows) + p.stopped_share == 1


@pytest.mark.small
def test_bounds_are_plain_floats_when_all_but_one_program_are_dropped():
    p = NoisyPredictor("queue", 8, 16, max_hypotheses=1).learn_many("0110")
    assert {type(number) for s in p.history for number in (s.loss_bits, s.bound_bits)} == {float}


@pytest.mark.small
def test_copies_pickles_and_clones():
    p = NoisyPredictor("queue", 10, 32).learn_many("0101001")
    twins = [copy.deepcopy(p), pickle.loads(pickle.dumps(p))]
    untrained = p.clone()
    for twin in twins:
        twin.learn_many("0101")
    p.learn_many("0101")
    for twin in twins:
        assert twin.predict_exact() == p.predict_exact()
        assert twin.history == p.history
    assert untrained.data == "" and untrained.learn_many(p.data).predict_exact() == p.predict_exact()
    assert p.score("01").loss_bits[-1] == copy.deepcopy(p).learn_many("01").loss_bits


@pytest.mark.small
@given(st.lists(st.integers(0, 1), max_size=24), st.lists(st.booleans(), min_size=24, max_size=24))
def test_flip_code_is_the_estimator(flips, asked):
    code = FlipCode()
    for n, _ in enumerate([*flips, 0]):
        if asked[n % 24]:
            rows = code.weights(list(range(sum(flips[:n]), n + 1)))
            expected = [krichevsky_trofimov_probability(f, n - f) for f in range(sum(flips[:n]), n + 1)]
            assert [Fraction(row, code.unit) for row in rows] == expected
        for f in (0, n // 2, n):
            true = krichevsky_trofimov_probability(f, n - f)
            assert Fraction(code.weight(f), code.unit) == true == naive_mixtures.krichevsky_trofimov(f, n - f)
            assert code.loss(f) == pytest.approx(-math.log2(true))
            assert code.logs()[f] == pytest.approx(math.log2(code.weight(f)), abs=1e-9)
        code.next_round()


def flipped(word, rate, seed):
    flips = np.random.default_rng(seed).random(len(word)) < rate
    return word ^ flips, int(flips.sum())


def assert_within_the_flips(p, x, flips, program_bits):
    """Loss at most the code length of the flips that happened, the program's length, and one bit."""
    p.learn_many(x)
    code = -math.log2(krichevsky_trofimov_probability(flips, len(x) - flips))
    assert p.loss_bits <= p.bound_bits <= code + program_bits + 1e-9  # the code is a float, rounded to nearest
    assert p.loss_bits <= code + program_bits + 1


@pytest.mark.parametrize("seed", [0, 1])
def test_noisy_words_cost_their_program_and_their_flips(seed):
    x, flips = flipped(words.fixed_point(256, ("01", "0")), 0.02, seed)
    assert_within_the_flips(NoisyPredictor("queue", 16, 128), x, flips, 16)


@pytest.mark.slow
@pytest.mark.parametrize(("word", "length", "program_bits"), [("fibonacci", 22, 16), ("thue-morse", 26, 25)])
def test_2048_noisy_bits_cost_their_program_and_their_flips(word, length, program_bits):
    clean = words.thue_morse(2048) if word == "thue-morse" else words.fixed_point(2048, ("01", "0"))
    x, flips = flipped(clean, 0.02, 0)
    assert_within_the_flips(NoisyPredictor("queue", length), x, flips, program_bits)


@pytest.mark.small
@pytest.mark.parametrize("most", [0, -1, 1.5, True, "9"])
def test_bad_limits_are_refused(most):
    with pytest.raises(ValueError, match="max_hypotheses is .* allowed are whole numbers"):
        NoisyPredictor(max_length=4, max_hypotheses=most)


@pytest.mark.small
def test_bad_bits_and_counts_are_refused():
    p = NoisyPredictor(max_length=4, max_steps=4)
    with pytest.raises(ValueError, match="is not a bit"):
        p.learn_one(2)
    with pytest.raises(ValueError, match="count is"):
        p.posterior(-1)
    assert repr(p).startswith("NoisyPredictor(machine='queue', max_length=4, max_steps=4)")
