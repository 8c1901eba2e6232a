"""The bound holds for what happened, whoever chose it."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.experiments.adversary import adversary
from induction.inductor.predictor import Predictor
from induction.plots.adversary import figure


@pytest.mark.small
@settings(max_examples=5)
@given(st.sampled_from(["queue", "turing"]), st.integers(2, 9), st.integers(1, 12))
def test_the_anti_predictor_costs_at_least_a_bit_a_round_and_at_most_the_bound(machine, max_length, rounds):
    own = Predictor(machine, max_length, 16)
    anti = adversary(rounds, strengths=(), seeds=1, predictor=own).anti
    most = own.fallback_exponent + math.log2(own.total_weight) + 1e-9
    assert anti.mistakes == anti.rounds == rounds
    assert all(t <= anti.loss[t] <= anti.bound[t] <= t + most for t in range(1, rounds + 1))


def test_the_bound_holds_for_every_performative_run():
    result = adversary(40, seeds=3, predictor=Predictor(max_length=12, max_steps=64))
    assert result.violations == 0
    assert all(run.loss <= run.bound for run in result.performed)


def test_labels_move_only_where_the_prediction_has_a_pull():
    result = adversary(40, seeds=4, predictor=Predictor(max_length=12, max_steps=64))
    moved = {}
    for run in result.performed:
        moved[run.strength] = moved.get(run.strength, 0) + run.moved
    assert moved[0.0] == 0
    assert min(moved[-1.0], moved[1.0]) > 0


def test_the_same_call_gives_the_same_runs_and_is_json_and_drawn():
    import matplotlib.pyplot as plt

    own = Predictor(max_length=8, max_steps=16)
    first, second = (adversary(10, seeds=2, predictor=own) for _ in range(2))
    assert first.performed == second.performed
    told = json.loads(json.dumps(first.to_json()))
    assert [row["runs"] for row in told["performative"]] == [2] * 5
    plt.close(figure(first))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"rounds": 0}, "rounds is 0"),
        ({"seeds": True}, "seeds is True"),
        ({"strengths": (2.0,)}, "strength"),
        ({"predictor": Predictor(max_length=4, fallback=None)}, "no fallback"),
    ],
)
def test_bad_input_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        adversary(**{"rounds": 2, "predictor": Predictor(max_length=4)} | options)
