"""Memory that a budget needs: where there is not enough, what is said to fit does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import induction
from induction import Predictor, explain, machines, run
from induction.budget import MOST_STEPS, UNLIMITED, Budget
from induction.enumeration.room import reserved
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.conditional import ConditionalPredictor
from induction.inductor.noisy import NoisyPredictor
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


ASKERS = {
    "a predictor": lambda machine, **budget: Predictor(machine, 8, **budget),
    "a predictor of late programs": lambda machine, **budget: AsleepTimeouts(machine, 8, allotments=16, **budget),
    "a predictor of noisy data": lambda machine, **budget: NoisyPredictor(machine, 8, **budget),
    "a learner of pairs": lambda machine, **budget: ConditionalPredictor(machine, 8, **budget),
    "a run": lambda machine, **budget: run("01000", machine=machine, bits=20, **budget),
    "an explanation": lambda machine, **budget: explain("01", machine=machine, max_length=8, **budget),
}


@pytest.mark.parametrize("name", ASKERS)
def test_whoever_asks_for_too_much_is_told_what_fits_in_its_own_terms(small, name):
    make, given = ASKERS[name], MOST_STEPS // 2
    with pytest.raises(ValueError, match=f"^max_steps is {given}, and memory .* is reserved at the start") as refused:
        make(small, max_steps=given)
    steps, total = map(int, re.search(r"max_steps = (\d+) fits, .* total of (\d+)$", str(refused.value)).groups())
    make(small, max_steps=steps)
    make(small, max_steps=given, total=total)
    with pytest.raises(ValueError, match="fits"):
        make(small, max_steps=2 * steps)


@pytest.mark.small
def test_the_largest_power_of_two_that_fits_is_said(small):
    with pytest.raises(ValueError, match="here max_steps = 512 fits"):
        reserved(small, Budget(12, 600), 16)


@pytest.mark.small
def test_where_nothing_fits_no_number_is_given(small):
    with pytest.raises(ValueError, match="not even 1 fits here: ask for fewer bits, set a total, or raise the ceiling"):
        reserved(small, Budget(12, MOST_STEPS), ROOM + 1)


@pytest.mark.small
def test_there_is_one_way_to_ask_for_memory():
    folder = Path(induction.__file__).parent
    asking = {path.name for path in folder.rglob("*.py") if "machine.memory(" in path.read_text(encoding="utf-8")}
    assert asking == {"room.py"}
