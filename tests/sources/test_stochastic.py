"""Stochastic sources: what they say of their own probabilities is true."""

import itertools
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.sources.sequences import sequence
from induction.sources.stochastic import (
    Bernoulli,
    ChangePoint,
    Markov,
    Noisy,
    binary_entropy,
    deterministic,
    random_markov,
)

SOURCES = [
    Bernoulli(0.3),
    Bernoulli(0.0),
    Markov((0.2,)),
    Markov((0.1, 0.8)),
    Markov((0.1, 0.9, 0.5, 0.25)),
    random_markov(3, 5),
    Noisy(sequence("thue-morse"), 0.02),
    deterministic(sequence("squares")),
    ChangePoint(Bernoulli(0.9), Markov((0.1, 0.8)), 4),
    ChangePoint(Noisy(sequence("runs"), 0.1), Bernoulli(0.5), 100),
]
every_source = pytest.mark.parametrize("source", SOURCES, ids=lambda s: type(s).__name__)


@every_source
def test_probabilities_of_all_strings_sum_to_one(source):
    total = sum(2.0 ** -source.loss(x) for x in itertools.product((0, 1), repeat=8))
    assert total == pytest.approx(1.0, abs=1e-12)


@every_source
@settings(max_examples=20, deadline=None)
@given(bits=st.text("01", max_size=12))
def test_probability_of_the_next_bit_is_the_per_step_one(source, bits):
    steps = source.probabilities(bits)
    assert steps.shape == (len(bits),)
    for i in range(len(bits)):
        assert source.probability(bits[:i]) == steps[i]


@every_source
@settings(max_examples=10, deadline=None)
@given(n=st.integers(0, 200), seed=st.integers(0, 2**32 - 1))
def test_samples_repeat_with_the_seed_and_are_possible(source, n, seed):
    bits = source.sample(n, seed)
    assert bits.dtype == np.uint8 and bits.shape == (n,)
    assert (bits == source.sample(n, seed)).all()
    assert math.isfinite(source.loss(bits))


@every_source
def test_sampled_frequencies_follow_the_stated_probabilities(source):
    # Mean of (bit - P(1)) is a martingale mean: within 5 standard errors, false alarm below 1e-6 a source.
    bits = source.sample(20_000, 11)
    p1 = source.probabilities(bits)
    spread = math.sqrt(float((p1 * (1 - p1)).sum()))
    assert abs(float((bits - p1).sum())) <= 5 * spread


@every_source
def test_loss_of_the_truth_is_near_its_entropy(source):
    # Loss minus conditional entropy is a martingale; 5 standard errors of the sum of its steps' variances.
    bits = source.sample(20_000, 3)
    p1 = np.clip(source.probabilities(bits), 1e-12, 1 - 1e-12)
    variance = p1 * (1 - p1) * np.log2(p1 / (1 - p1)) ** 2
    assert abs(source.loss(bits) - source.entropy(bits)) <= 5 * math.sqrt(float(variance.sum())) + 1e-6


@every_source
def test_entropy_a_symbol_approaches_the_entropy_rate(source):
    # The frequencies of contexts fluctuate: a tolerance of 0.02 is over 5 standard errors of these chains.
    assert source.entropy(source.sample(50_000, 7)) / 50_000 == pytest.approx(source.entropy_rate(), abs=0.02)


def test_entropy_rate_of_a_two_state_chain_is_the_closed_form():
    a, b = 0.1, 0.8  # P(1 | 0), P(1 | 1): stationary P(1) = a / (a + 1 - b)
    ones = a / (a + 1 - b)
    expected = (1 - ones) * binary_entropy(a) + ones * binary_entropy(b)
    assert Markov((a, b)).entropy_rate() == pytest.approx(expected, abs=1e-12)


def test_stationary_frequencies_cover_cycles_and_traps():
    assert Markov((1.0, 0.0)).stationary() == pytest.approx([0.5, 0.5])  # 0 1 0 1 …
    assert Markov((0.0, 1.0)).stationary() == pytest.approx([1.0, 0.0])  # started in 0, stays
    assert Markov((0.5, 1.0)).stationary() == pytest.approx([0.0, 1.0])  # falls into 1
    assert Markov((0.5, 1.0)).entropy_rate() == pytest.approx(0.0, abs=1e-9)


def test_markov_contexts_read_the_latest_bit_lowest():
    chain = Markov((0.1, 0.2, 0.3, 0.4))
    assert chain.order == 2
    assert chain.contexts("0110").tolist() == [0, 0, 1, 3]
    assert chain.probability("10") == 0.3
    assert chain.probability("") == 0.1


def test_noise_flips_exactly_the_stated_bits():
    source = Noisy(sequence("thue-morse"), 0.1)
    flips = source.flips(1000, 4)
    assert (source.sample(1000, 4) == sequence("thue-morse").bits(1000) ^ flips).all()
    k = int(flips.sum())
    assert source.loss(source.sample(1000, 4)) == pytest.approx(-k * math.log2(0.1) - (1000 - k) * math.log2(0.9))


def test_a_deterministic_source_loses_nothing():
    source = deterministic(sequence("kolakoski"))
    assert source.loss(source.sample(500, 0)) == 0.0
    assert source.loss("1") == math.inf


def test_after_the_change_the_second_source_starts_afresh():
    source = ChangePoint(deterministic(sequence("zeros")), deterministic(sequence("thue-morse")), 5)
    assert "".join(map(str, source.sample(13, 1))) == "00000" + "01101001"
    assert source.loss("00000" "0110") == 0.0


def test_the_two_streams_of_a_change_point_differ():
    source = ChangePoint(Bernoulli(0.5), Bernoulli(0.5), 64)
    bits = source.sample(128, 9)
    assert (bits[:64] != bits[64:]).any()


def test_binary_entropy_at_its_ends_and_middle():
    assert binary_entropy(np.array([0.0, 0.5, 1.0])).tolist() == [0.0, 1.0, 0.0]
    assert binary_entropy(0.11) == pytest.approx(0.4999, abs=1e-4)


def test_sources_are_frozen_and_picklable():
    for source in SOURCES:
        again = pickle.loads(pickle.dumps(source))
        assert (again.sample(50, 1) == source.sample(50, 1)).all()
    with pytest.raises(AttributeError):
        SOURCES[0].p = 0.5


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Bernoulli(1.5), "p is 1.5"),
        (lambda: Bernoulli(float("nan")), "p is nan"),
        (lambda: Bernoulli("x"), "p is 'x'"),
        (lambda: Markov((0.1, 0.2, 0.3)), "3 entries"),
        (lambda: Markov(()), "0 entries"),
        (lambda: Markov((0.1, -0.2)), "-0.2"),
        (lambda: Noisy(sequence("zeros"), 2), "flip rate is 2"),
        (lambda: ChangePoint(Bernoulli(0.5), Bernoulli(0.5), -3), "change point is -3"),
        (lambda: random_markov(40, 0), "at most 16"),
        (lambda: random_markov(2, 0, -1), "concentration is -1"),
        (lambda: Bernoulli(0.5).sample(-1, 0), "number of bits is -1"),
        (lambda: Bernoulli(0.5).loss("01a"), "only 0 and 1"),
    ],
)
def test_wrong_parameters_are_named(make, message):
    with pytest.raises(ValueError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
