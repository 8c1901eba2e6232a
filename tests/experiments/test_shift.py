"""What is learned on short inputs holds on long ones; the experiment's numbers and its figure."""

from __future__ import annotations

import json

import naive
import numpy as np
import pytest

from induction.experiments.parity import PARITY_PROGRAM, parity, parity_inputs
from induction.experiments.shift import (
    AFTER,
    BEFORE,
    TASKS,
    LogisticRegression,
    curve,
    shift,
    shifted_pairs,
)
from induction.plots.shift import figure
from induction.plots.style import save


@pytest.fixture(scope="module")
def result():
    return shift(seeds=1, after=(12, 60))


def holds(result):
    assert all(run.holds and run.mistakes_after() == 0 for run in result.runs)


def test_no_mistake_after_the_shift_and_loss_under_bound(result):
    holds(result)
    assert result.tasks == TASKS
    assert all(len(run.bound) == 64 + 60 + 1 for run in result.runs)


def test_bits_alone_cannot_follow_exclusive_or(result):
    run = result.of("xor")[0]
    assert run.mistakes_after("logistic regression") > 0
    assert run.baselines["logistic regression"].loss[-1] > run.bound[-1]


def test_results_can_be_written_and_drawn(result, tmp_path):
    rows = json.loads(json.dumps(result.to_json()))["runs"]
    assert [row["task"] for row in rows] == list(TASKS)
    assert all(row["loss_bits"] <= row["bound_bits"] for row in rows)
    sheet = figure(result)
    assert len(sheet.axes) == 6 and sheet.axes[0].get_ylabel() == "bits lost"
    assert save(sheet, tmp_path / "shift.png").stat().st_size > 10_000


def test_every_short_input_comes_before_the_shift_and_the_distribution_changes():
    data = list(shifted_pairs("and", 3, BEFORE, AFTER))
    assert len({x for x, _ in data[:64]}) == 16 and len(data) == 1064
    ones = np.array([[int(bit) for bit in x] for x, _ in data[64:]])
    assert ones.shape[1] == 12 and 0.7 < ones.mean() < 0.8


def test_logistic_regression_learns_what_is_linear_in_its_features():
    xor = [(x, int(x[0]) ^ int(x[1])) for x in ("00", "01", "10", "11")] * 100
    plain, with_products = (curve(LogisticRegression(2, products=products), xor) for products in (False, True))
    assert with_products.mistakes[-1] == with_products.mistakes[40] < plain.mistakes[-1] // 10


def test_the_program_for_parity_is_right_on_all_inputs():
    inputs = [format(i, f"0{n}b") if n else "" for n in range(6) for i in range(2**n)]
    records = naive.run_inputs("queue", PARITY_PROGRAM, inputs, 64, encoding="delimited")
    assert [record.output for record in records] == [str(x.count("1") & 1) for x in inputs]
    assert records[6].bits_read == len(PARITY_PROGRAM) == 26  # all rules are read within all inputs of up to 2 bits


def test_parity_is_reported_for_every_budget():
    told = []
    result = parity((8, 12), count=12, progress=lambda done, of: told.append((done, of)))
    assert [row.max_length for row in result.rows] == [8, 12]
    assert all(row.loss_bits <= row.bound_bits for row in result.rows)
    assert result.rows[0].hypotheses < result.rows[1].hypotheses
    assert 26 < result.program_loss_bits < 30
    assert told[-1] == (24, 24)
    assert json.loads(json.dumps(result.to_json()))["pairs"] == 12
    first = [x for x, _ in zip(parity_inputs(), range(7), strict=False)]
    assert first == ["", "0", "1", "00", "01", "10", "11"]


@pytest.mark.parametrize("seeds", [0, -1, True, 2.0])
def test_a_wrong_number_of_seeds_is_refused(seeds):
    with pytest.raises(ValueError, match="at least 1"):
        shift(seeds=seeds)


@pytest.mark.slow
def test_parity_is_learned_at_its_length():
    row = parity((26,)).rows[0]
    assert row.last_mistake < 40 and row.bound_bits < 30
    assert row.best in (
        "0,0: 0; 0,1: > 1; 1,0: > 0; 1,1: > 2; 2,0: 1; 2,1: > 3; 3,0: > 2; 3,1: > 0",
        "0,0: 1; 0,1: > 1; 1,0: > 0; 1,1: > 2; 2,0: 0; 2,1: > 3; 3,0: > 2; 3,1: > 0",  # wrong every time is as good
    )
