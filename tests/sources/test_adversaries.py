"""Adversaries: the anti-predictor makes every step a mistake; performative labels follow the response."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction.sources.adversaries import AntiPredictor, Performative, Round, self_fulfilling


class KT:
    """Krichevsky–Trofimov estimator, the smallest predictor with the two methods."""

    def __init__(self):
        self.counts = [0, 0]

    def predict_proba_one(self):
        p1 = (self.counts[1] + 0.5) / (sum(self.counts) + 1)
        return {0: 1 - p1, 1: p1}

    def learn_one(self, bit):
        self.counts[bit] += 1


class Fixed:
    """Always the same prediction; remembers what it was taught."""

    def __init__(self, p1):
        self.p1, self.seen = p1, []

    def predict_proba_one(self):
        return {0: 1 - self.p1, 1: self.p1}

    def learn_one(self, bit):
        self.seen.append(bit)


@given(n=st.integers(0, 60), on_tie=st.sampled_from([0, 1]))
def test_every_round_against_the_anti_predictor_is_a_mistake(n, on_tie):
    adversary = AntiPredictor(KT(), on_tie)
    rounds = [adversary.round() for _ in range(n)]
    assert all(each.mistake for each in rounds)
    assert all(each.loss_bits >= 1 for each in rounds)
    assert sum(each.loss_bits for each in rounds) >= n


@given(p1=st.floats(0, 1))
def test_the_less_likely_bit_is_given_and_taught(p1):
    predictor = Fixed(p1)
    bits = AntiPredictor(predictor, on_tie=0).bits(3)
    answer = predictor.predict_proba_one()
    assert predictor.seen == bits.tolist()
    assert all(answer[bit] <= answer[1 - bit] for bit in bits.tolist())


@pytest.mark.parametrize("on_tie", [0, 1])
def test_ties_are_broken_as_stated(on_tie):
    assert AntiPredictor(Fixed(0.5), on_tie).bits(4).tolist() == [on_tie] * 4


def test_iterating_gives_the_same_bits_as_asking_for_them():
    stream = iter(AntiPredictor(KT()))
    assert [next(stream) for _ in range(20)] == AntiPredictor(KT()).bits(20).tolist()


def test_a_round_counts_ties_as_mistakes_and_loss_in_bits():
    assert Round(0.5, 0.5, 0).mistake and Round(0.5, 0.5, 1).mistake
    assert Round(0.75, 0.25, 1).mistake and not Round(0.75, 0.25, 0).mistake
    assert Round(0.75, 0.25, 1).loss_bits == 2.0
    assert Round(0.0, 1.0, 0).loss_bits == math.inf


def test_performative_labels_follow_the_response():
    # 20 000 draws at P(1) = 0.2: 5 standard errors are 283
    bits = Performative(Fixed(0.9), lambda p: 1.1 - p, seed=2).bits(20_000)
    assert abs(int(bits.sum()) - 4000) < 5 * math.sqrt(20_000 * 0.16)


@given(seed=st.integers(0, 1000))
def test_performative_labels_repeat_with_the_seed(seed):
    first = Performative(KT(), self_fulfilling(0.8), seed)
    second = iter(Performative(KT(), self_fulfilling(0.8), seed))
    assert first.bits(30).tolist() == [next(second) for _ in range(30)]


def test_certain_responses_are_always_met():
    assert Performative(Fixed(0.3), lambda p: 1.0).bits(50).all()
    assert not Performative(Fixed(0.3), lambda p: 0.0).bits(50).any()


def test_the_response_sees_the_prediction_of_its_round():
    seen = []
    predictor = KT()
    Performative(predictor, lambda p: seen.append(p) or 1.0).bits(3)
    assert np.allclose(seen, [1 / 2, 3 / 4, 5 / 6])


def test_self_fulfilling_moves_the_coin_towards_the_prediction():
    assert self_fulfilling(1.0)(0.9) == pytest.approx(0.9)
    assert self_fulfilling(0.0)(0.9) == 0.5
    assert self_fulfilling(-1.0)(0.9) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: AntiPredictor(KT(), on_tie=2), "on_tie"),
        (lambda: AntiPredictor(KT()).bits(-1), "number of rounds is -1"),
        (lambda: Performative(KT(), lambda p: 1.5).round(), "response to the prediction 0.5 is 1.5"),
        (lambda: Performative(KT(), lambda p: float("nan")).round(), "nan"),
        (lambda: self_fulfilling(1.5), "strength is 1.5"),
    ],
)
def test_wrong_parameters_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
