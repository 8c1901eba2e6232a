"""Memory that a budget needs: where there is not enough, what is said to fit does."""

from __future__ import annotations

import re

import pytest

from induction import explain, machines
from induction.budget import MOST_STEPS, UNLIMITED, Budget
from induction.enumeration.room import reserved
from induction.machines.machine import longest_run

ROOM = 10_000  # steps that a run may take here


@pytest.fixture
def small(monkeypatch):
    """A machine in a process that may ask for little."""
    queue = machines.get("queue")

    def allocate(budget, outputs, extent):
        if longest_run(budget, outputs) > ROOM:
            raise MemoryError
        return queue.allocate(budget, outputs, extent)

    from dataclasses import replace

    return replace(queue, allocate=allocate)


@pytest.mark.small
@pytest.mark.parametrize("total", [None, UNLIMITED])
@pytest.mark.parametrize("outputs", [1, 16, 300])
def test_what_is_said_to_fit_fits_and_twice_as_much_does_not(small, total, outputs):
    with pytest.raises(ValueError, match="reserved at the start") as refused:
        reserved(small, Budget(12, MOST_STEPS, total), outputs)
    steps, whole = map(int, re.search(r"max_steps = (\d+) fits, .* total of (\d+)", str(refused.value)).groups())
    reserved(small, Budget(12, steps), outputs)
    reserved(small, Budget(12, MOST_STEPS, whole), outputs)
    with pytest.raises(ValueError, match="fits"):
        reserved(small, Budget(12, 2 * steps), outputs)


def test_an_explanation_says_what_fits(small):
    with pytest.raises(ValueError, match="here max_steps = 512 fits, or any with a total of 8704"):
        explain("0110100110010110", machine=small, max_length=16, max_steps=MOST_STEPS, total=UNLIMITED)
    assert explain("0110", machine=small, max_length=12, max_steps=MOST_STEPS, total=64).complete


@pytest.mark.small
def test_where_nothing_fits_no_number_is_given(small):
    with pytest.raises(ValueError, match="lower max_steps or set a total$"):
        reserved(small, Budget(12, MOST_STEPS), ROOM + 1)
