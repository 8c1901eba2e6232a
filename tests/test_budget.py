"""Budgets are checked once, and say what is allowed."""

from __future__ import annotations

import dataclasses
import pickle

import numpy as np
import pytest

from induction import Budget

pytestmark = pytest.mark.small


@pytest.mark.parametrize("length", [0, 63, -1, 1.5, "8", True, None, float("nan")])
def test_lengths_outside_1_to_62_are_refused_in_one_line(length):
    with pytest.raises(ValueError, match="allowed are whole numbers from 1 to 62") as caught:
        Budget(length, 8)
    assert repr(length) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("steps", [0, -5, 2**31, 2.0, "8", False, None])
def test_steps_outside_1_to_2_31_are_refused(steps):
    with pytest.raises(ValueError, match="max_steps is .* allowed are whole numbers from 1 to 2147483647"):
        Budget(8, steps)


@pytest.mark.parametrize("total", [0, -1, 2**62 + 1, 3.5, "8", True])
def test_totals_out_of_range_are_refused(total):
    with pytest.raises(ValueError, match="total is .* or None"):
        Budget(8, 8, total)


def test_extreme_budgets_are_accepted_and_fit_into_kernels():
    smallest, largest = Budget(1, 1, 1), Budget(62, 2**31 - 1, 2**62)
    assert smallest.limits.tolist() == [1, 1, 1]
    assert largest.limits.tolist() == [62, 2**31 - 1, 2**62]
    assert largest.limits.dtype == np.int64
    assert largest.whole == 2**62
    assert Budget(62, 5).limits[2] == 2**62


def test_whole_numbers_of_any_type_become_ints():
    budget = Budget(np.int32(7), np.int64(8), np.uint8(9))
    assert [type(v) for v in dataclasses.astuple(budget)] == [int, int, int]
    assert pickle.loads(pickle.dumps(budget)) == budget == Budget(7, 8, 9)
    assert hash(budget) == hash(Budget(7, 8, 9))


def test_budgets_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Budget(8, 8).max_length = 70
