"""The online frontier holds what a walk from the start would find, however long and however it is cut up."""

from __future__ import annotations

import copy
import pickle
import random

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import machines
from induction.budget import Budget
from induction.enumeration.frontier import Frontier
from induction.enumeration.targets import single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS, enumerate_programs

names = st.sampled_from(["queue", "turing"])
budgets = st.builds(Budget, st.integers(1, 9), st.integers(1, 12), st.none() | st.integers(1, 30))
totals = st.sampled_from([None, 150])
few = settings(max_examples=40)


def learned(name: str, budget: Budget, x: str) -> Frontier:
    frontier = Frontier(machines.get(name), budget)
    for bit in x:
        frontier.learn(int(bit))
    return frontier


@pytest.mark.small
@few
@given(names, st.text("01", max_size=8), budgets)
def test_masses_are_the_definition(name, x, budget):
    m = learned(name, budget, x).masses()
    parts = naive.ahead(name, x, budget.max_length, budget.max_steps, budget.total)
    whole = {"0": m.zeros, "1": m.ones, "at": m.silent + m.timeout + m.cut, "mismatch": m.mismatch,
             "before": m.silent_before + m.open_before}  # fmt: skip
    assert {part: value * budget.whole for part, value in parts.items()} == whole


@few
@given(names, st.text("01", min_size=1, max_size=70), st.integers(1, 13), st.integers(1, 100), totals)
def test_masses_add_up_and_are_those_of_the_walk(name, x, length, steps, total):
    budget = Budget(length, steps, total)
    frontier = learned(name, budget, x)
    m = frontier.masses()
    assert sum(m) == budget.whole
    ledger = enumerate_programs(machines.get(name), budget, single(x), keep=4)
    totals = ledger.totals
    assert m.matching == totals[MATCH]
    assert (m.mismatch, m.silent_before, m.open_before) == (
        totals[MISMATCH], totals[SILENT_MASS], totals[TIMEOUT_MASS] + totals[CUT],
    )  # fmt: skip
    programs = ledger.programs(len(x))
    assert frontier.programs(4) == programs
    shortest = frontier.shortest()
    assert (shortest and format(shortest[1], f"0{shortest[0]}b")) == (programs[0] if programs else None)
    assert frontier.lengths().sum() == frontier.size


def test_masses_are_those_of_the_walk_on_long_data_that_programs_print(machine):
    """Here programs survive, run ahead by many bits at a time, and the store is tidied up."""
    data = {"0": "0" * 300, "01": "01" * 150, "1001": "1001" * 75, "coin": f"{random.Random(3).getrandbits(200):b}"}
    for x in data.values():
        budget = Budget(14, 64)
        frontier = Frontier(machines.get(machine), budget)
        for i, bit in enumerate(x):
            frontier.learn(int(bit))
            if i in (1, 15, 16, 17, 63, 199) or i == len(x) - 1:
                totals = enumerate_programs(machines.get(machine), budget, single(x[: i + 1])).totals
                m = frontier.masses()
                assert m.matching == totals[MATCH]
                assert m.silent_before == totals[SILENT_MASS]
                assert m.open_before == totals[TIMEOUT_MASS] + totals[CUT]


def test_a_frontier_that_outgrows_its_arrays_keeps_its_masses(machine):
    """More than 1024 entries, and a store that is filled several times over."""
    budget = Budget(18, 32)
    frontier = Frontier(machines.get(machine), budget)
    for i, bit in enumerate("0001011" * 4):
        assert sum(frontier.masses()) == budget.whole, i
        frontier.learn(int(bit))
    ledger = enumerate_programs(machines.get(machine), budget, single("0001011" * 4))
    assert frontier.masses().matching == ledger.totals[MATCH]
    wide = learned(machine, budget, "0000")
    assert wide.size > 1024


@pytest.mark.small
@few
@given(names, st.text("01", max_size=10), st.text("01", max_size=10), budgets)
def test_pickles_and_copies_go_on_as_the_original(name, x, future, budget):
    frontier = learned(name, budget, x)
    twins = [pickle.loads(pickle.dumps(frontier)), copy.deepcopy(frontier), learned(name, budget, x)]
    for bit in future:
        assert len({twin.masses() for twin in (frontier, *twins)}) == 1
        for twin in (frontier, *twins):
            twin.learn(int(bit))
    assert all(twin.programs(50) == frontier.programs(50) for twin in twins)


@pytest.mark.small
@few
@given(names, st.text("01", min_size=1, max_size=12), budgets, st.data())
def test_asking_for_masses_changes_nothing(name, x, budget, data):
    quiet = learned(name, budget, x)
    asked = Frontier(machines.get(name), budget)
    for bit in x:
        for _ in range(data.draw(st.integers(0, 2))):
            asked.masses()
        asked.learn(int(bit))
    assert asked.masses() == quiet.masses()
    assert asked.programs(20) == quiet.programs(20)


def test_packed_configurations_of_dead_programs_are_dropped(machine):
    frontier = learned(machine, Budget(14, 64), "0")
    sizes = []
    for i in range(600):
        frontier.learn(i % 2)
        frontier.masses()
        sizes.append(len(pickle.dumps(frontier)))
    assert max(sizes[300:]) <= 2 * max(sizes[100:300])


@pytest.mark.small
def test_memory_grows_with_the_longest_queue_that_is_kept():
    """After 400 zeros `0,0: 000 > 0` has a queue of hundreds of bits, which has to fit when it is laid out again."""
    frontier = Frontier(machines.get("queue"), Budget(9, 9))
    for _ in range(400):
        frontier.learn(0)
    assert frontier.size > 0
    assert frontier._extent >= 2 * 400  # what the rule has pushed beyond what was taken
