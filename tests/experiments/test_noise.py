"""Flipped bits cost their entropy, the program, and what it takes to learn the rate."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.experiments.noise import OUT_OF_REACH, band, noise, relative_entropy, shortest
from induction.inductor.noisy import NoisyPredictor
from induction.plots.noise import figure
from induction.plots.style import save
from induction.sources.sequences import sequence

SMALL = NoisyPredictor(max_length=12, max_steps=64)


@pytest.fixture(scope="module")
def result():
    return noise(bits=48, seeds=4, predictor=SMALL)


def test_no_run_loses_more_than_its_bound_or_the_truth_and_the_ceiling(result):
    assert result.violations == 0
    for run in result.runs:
        assert (run.loss <= run.bound).all()
        if run.program_length is not None:
            assert (run.loss - run.truth <= run.ceiling + 1e-6).all()


@settings(max_examples=8)
@given(st.floats(0, 1), st.sampled_from(["zeros", "alternating", "period-17"]), st.integers(1, 24))
def test_the_bounds_hold_at_any_rate(rate, name, bits):
    assert noise([name], rates=[rate], bits=bits, seeds=2, predictor=SMALL).violations == 0


def test_without_flips_the_divergence_is_the_loss(result):
    for name in result.sources:
        clean = result.of(name)[0]
        assert (clean.rate, clean.entropy, len(clean.loss)) == (0.0, 0.0, 1)
        assert clean.divergence == pytest.approx(clean.loss, abs=1e-9)


def test_the_mean_loss_is_entropy_and_divergence_up_to_chance():
    run = noise(["alternating"], rates=[0.1], bits=64, seeds=64, predictor=SMALL).runs[0]
    left, chance = band(run.loss[:, -1] - run.divergence[:, -1])
    assert abs(left - run.entropy) < 2.5 * chance  # five standard errors
    assert band(run.divergence)[0][-1] <= run.ceiling[-1]


def test_the_ceiling_is_the_shorter_of_the_program_and_its_inverse(result):
    assert shortest(NoisyPredictor(max_length=16), sequence("fibonacci-word").bits(64)) == 12
    assert shortest(NoisyPredictor(max_length=12), 1 - sequence("zeros").bits(64)) == 5
    assert [run.program_length for run in result.of("alternating")] == [10] * 4


def test_a_source_out_of_reach_has_no_ceiling_and_a_context_tree_does_better():
    run = noise([OUT_OF_REACH.name], rates=[0.0], bits=256, predictor=SMALL).runs[0]
    assert run.program_length is None and math.isinf(run.ceiling[-1])
    assert run.to_json()["ceiling_bits"] is None
    assert run.context_tree[0] < run.loss[0, -1] / 2
    assert OUT_OF_REACH.bits(34).tolist() == OUT_OF_REACH.bits(17).tolist() * 2


@pytest.mark.small
def test_relative_entropy_and_bands_are_the_textbooks():
    assert relative_entropy(0.5, {0: 0.5, 1: 0.5}) == 0
    assert relative_entropy(1.0, {0: 0.75, 1: 0.25}) == 2
    assert math.isinf(relative_entropy(0.5, {0: 1.0, 1: 0.0}))
    mean, error = band(np.array([[1.0, 2.0], [3.0, 2.0]]))
    assert mean.tolist() == [2.0, 2.0] and error.tolist() == [2.0, 0.0]
    assert band(np.array([[1.0]]))[1].tolist() == [0.0]


def test_results_are_the_same_again_and_are_json_and_drawn_with_the_same_bytes(result, tmp_path):
    again = noise(bits=48, seeds=4, predictor=SMALL)
    told = json.dumps(result.to_json(), allow_nan=False)
    assert told == json.dumps(again.to_json())
    assert [row["seeds"] for row in json.loads(told)["runs"]] == [1, 4, 4, 4] * 3
    paths = [save(figure(each), tmp_path / name) for each, name in ((result, "a.png"), (again, "b.png"))]
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.small
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"bits": 0}, "bits is 0"),
        ({"seeds": True}, "seeds is True"),
        ({"rates": [1.5]}, "flip rate is 1.5"),
        ({"names": ["zeroes"]}, "did you mean"),
    ],
)
def test_bad_input_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        noise(**{"bits": 2, "seeds": 1, "predictor": SMALL} | options)
