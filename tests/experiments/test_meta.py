"""Regret to the mixture: anything with the two methods, step by step."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.experiments.meta import FrequencyTable, meta, score
from induction.inductor.predictor import Predictor
from induction.plots.meta import figure
from induction.predictors import Uniform

SMALL = Predictor(max_length=10, max_steps=16)


class Sure:
    """Never sees a 1 coming."""

    def predict_proba_one(self):
        return {0: 1.0, 1: 0.0}

    def learn_one(self, bit):
        return self


@settings(max_examples=6)
@given(st.text("01", min_size=1, max_size=16))
def test_the_mixture_has_no_regret_to_itself(bits):
    assert score(SMALL.clone, [bits], predictor=SMALL).regret == pytest.approx(0, abs=1e-9)


@settings(max_examples=6)
@given(st.lists(st.text("01", min_size=8, max_size=8), min_size=1, max_size=3))
def test_regret_is_the_difference_of_mean_losses(strings):
    scored = score(Uniform, strings, predictor=SMALL)
    mixture = np.mean([SMALL.clone().learn_many(bits).loss_bits for bits in strings])
    assert scored.total_regret == pytest.approx(8 - mixture, abs=1e-9)
    assert scored.runs == len(strings)


def test_the_candidates_lose_more_than_the_mixture_on_draws_from_the_prior():
    result = meta(["prior"], bits=32, draws=24, predictor=Predictor(max_length=14, max_steps=32))
    assert all(each.total_regret > 0 for each in result.scores)


def test_ruling_out_what_happens_costs_infinitely_much_and_is_still_json():
    scored = score(Sure, ["001"], predictor=SMALL)
    assert math.isinf(scored.total_regret)
    told = json.loads(json.dumps(scored.to_json(), allow_nan=False))
    assert told["regret_bits"] is told["regret"][2] is None


def test_the_same_seed_gives_the_same_scores_and_they_are_drawn():
    import matplotlib.pyplot as plt

    first, second = (meta(["prior", "zeros", "coin"], bits=6, draws=8, predictor=SMALL) for _ in range(2))
    assert first.to_json() == second.to_json()
    plt.close(figure(first))


@pytest.mark.small
@given(st.integers(0, 3), st.lists(st.integers(0, 1), max_size=20))
def test_a_frequency_table_counts_what_followed_its_context(context, bits):
    table = FrequencyTable(context)
    for bit in bits:
        table.learn_one(bit)
    past = tuple(bits[len(bits) - context :]) if context else ()
    followed = [bits[i] for i in range(context, len(bits)) if tuple(bits[i - context : i]) == past]
    if len(bits) >= context:
        assert table.predict_proba_one()[1] == pytest.approx((1 + sum(followed)) / (2 + len(followed)))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: score(Uniform, [], predictor=SMALL), "one length"),
        (lambda: score(Uniform, ["0", "01"], predictor=SMALL), "one length"),
        (lambda: score(lambda: 3, ["0"], predictor=SMALL), "predict_proba_one"),
        (lambda: meta(bits=0), "bits is 0"),
        (lambda: meta(["no such"], predictor=SMALL), "no sequence"),
        (lambda: FrequencyTable(-1), "context is -1"),
    ],
)
def test_bad_input_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
