"""Loss and bound of every sequence, from one table, are those of a predictor run on each."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.budget import Budget
from induction.experiments.every_sequence import EverySequence, every_sequence
from induction.inductor.predictor import Predictor
from induction.plots.every_sequence import figure


@pytest.mark.small
@settings(max_examples=5)
@given(st.sampled_from(["queue", "turing"]), st.integers(4, 10), st.integers(2, 20), st.integers(1, 4), st.data())
def test_the_table_gives_the_losses_and_bounds_of_a_predictor(machine, max_length, max_steps, length, data):
    result = every_sequence(length, machine=machine, budget=Budget(max_length, max_steps))
    place = data.draw(st.integers(0, 2**length - 1))
    own = Predictor(machine, max_length, max_steps).learn_many(format(place, f"0{length}b"))
    assert result.losses[-1][place] == pytest.approx(own.loss_bits, abs=1e-9)
    assert result.bounds[-1][place] == pytest.approx(own.bound_bits, abs=1e-9)


def test_no_sequence_of_up_to_ten_bits_is_above_its_bound(machine):
    result = every_sequence(10, machine=machine, budget=Budget(16, 64))
    assert result.violations == 0
    assert sum(row.sequences for row in result.rows) == 2**11 - 2
    assert all(0 <= row.least_slack <= row.mean_slack for row in result.rows)


def test_probabilities_of_all_sequences_of_a_length_add_up_to_one():
    result = every_sequence(8, budget=Budget(14, 64))
    assert all(np.exp2(-loss).sum() == pytest.approx(1) for loss in result.losses)


def test_a_loss_above_its_bound_counts_as_a_violation():
    loss, bound = np.array([1.0, 2.0]), np.array([3.0, 1.5])
    result = EverySequence("queue", Budget(8, 8), 4, (loss,), (bound,))
    assert (result.violations, result.rows[0].least_slack, result.tightest) == (1, -0.5, "1")


def test_results_are_json_and_are_drawn():
    import matplotlib.pyplot as plt

    result = every_sequence(4, budget=Budget(10, 16))
    told = json.loads(json.dumps(result.to_json()))
    assert told["sequences"] == 30
    assert math.isfinite(told["mean_slack_bits"])
    plt.close(figure(result))


@pytest.mark.parametrize("length", [0, 17, True, 2.5])
def test_lengths_out_of_range_are_refused(length):
    with pytest.raises(ValueError, match="from 1 to 16"):
        every_sequence(length)
