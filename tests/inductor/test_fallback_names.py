"""Every fallback that has a name keeps the predictor under its bound, and near the fallback's own loss."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest

from induction import Predictor
from induction.inductor.fallback import FALLBACKS, choose_fallback
from induction.predictors import portfolio, total_loss
from induction.sources import words

SOURCES = {
    "thue-morse": words.thue_morse(96),
    "seven": words.periodic(96, "0010111"),
    "noise": np.random.default_rng(5).integers(0, 2, 96),
    "biased": (np.random.default_rng(6).random(96) < 0.1).astype(np.uint8),
}
SLACK = 1e-6  # measures that are floats are taken at the nearest multiple of 2^-32


@pytest.mark.parametrize("name", FALLBACKS)
@pytest.mark.parametrize("source", SOURCES)
def test_loss_stays_below_the_bound_and_near_the_fallback(name, source):
    x = SOURCES[source]
    p = Predictor(max_length=12, max_steps=64, fallback=name, fallback_exponent=3).learn_many(x)
    own = total_loss(choose_fallback(name, 0).predictor, x)
    assert 0 <= p.loss_bits <= p.bound_bits
    assert p.loss_bits <= own + 3 + math.log2(float(p.total_weight)) + SLACK
    assert p.mistakes <= p.loss_bits


@pytest.mark.parametrize("source", SOURCES)
def test_portfolio_fallback_loses_little_beyond_its_best_member(source):
    x = SOURCES[source]
    p = Predictor(max_length=12, max_steps=64, fallback="portfolio", fallback_exponent=3).learn_many(x)
    shares = portfolio().weights
    best = min(total_loss(member, x) - math.log2(shares[name]) for name, member in portfolio().members.items())
    assert p.loss_bits <= best + 3 + math.log2(float(p.total_weight)) + SLACK


@pytest.mark.parametrize("name", FALLBACKS)
def test_predictors_with_named_fallbacks_are_copied_and_pickled(name):
    p = Predictor(max_length=8, max_steps=16, fallback=name).learn_many("01101")
    for twin in (copy.deepcopy(p), pickle.loads(pickle.dumps(p))):
        assert twin.learn_many("01").predict_exact() == copy.deepcopy(p).learn_many("01").predict_exact()
    assert p.clone().learn_many("01101").predict_exact() == p.predict_exact()


@pytest.mark.small
def test_unknown_names_are_refused_with_the_list():
    with pytest.raises(ValueError, match="fallbacks are uniform, kt, ctw, lz78, berlekamp-massey, portfolio, or None"):
        Predictor(max_length=4, fallback="lz77")
