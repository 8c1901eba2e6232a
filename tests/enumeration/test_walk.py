"""The walk's ledger is the definition's, adds up to 2^L, and does not depend on how the walk is cut up."""

from __future__ import annotations

import itertools
from fractions import Fraction

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import machines
from induction.budget import Budget
from induction.enumeration.targets import every, several, single
from induction.enumeration.walk import (
    AT,
    CUT,
    FATES,
    MATCH,
    MISMATCH,
    SILENT_MASS,
    TIMEOUT_MASS,
    begin,
    compiled,
    enumerate_programs,
    walk,
)
from induction.machines.machine import FIELD, RULE_FIELD

names = st.sampled_from(["queue", "turing"])
budgets = st.builds(Budget, st.integers(1, 9), st.integers(1, 12), st.none() | st.integers(1, 20))
targets = st.text("01", min_size=1, max_size=5)
totals = st.none() | st.integers(1, 300)
few = settings(max_examples=40)


def arguments(budget):
    return budget.max_length, budget.max_steps, budget.total


@pytest.mark.small
@few
@given(names, targets, budgets)
def test_ledger_is_the_definition(name, x, budget):
    ledger = enumerate_programs(machines.get(name), budget, single(x), keep=3)
    totals = [Fraction(int(v), budget.whole) for v in ledger.totals]
    expected = naive.fates(name, x, *arguments(budget))
    assert expected == {
        "match": totals[MATCH], "mismatch": totals[MISMATCH], "time": totals[SILENT_MASS] + totals[TIMEOUT_MASS],
        "cut": totals[CUT],
    }  # fmt: skip
    programs = naive.programs_for(name, x, *arguments(budget))
    assert ledger.programs(len(x)) == sorted(programs, key=lambda p: (len(p), p))[:3]


@few
@given(names, st.text("01", min_size=1, max_size=24), st.integers(1, 14), st.integers(1, 400), totals)
def test_fates_add_up_to_the_whole(name, x, length, steps, total):
    budget = Budget(length, steps, total)
    for chosen in (single(x), every(min(3, len(x)))):
        ledger = enumerate_programs(machines.get(name), budget, chosen)
        assert ledger.totals.sum() == budget.whole
        assert (ledger.masses >= 0).all()


def test_fates_add_up_at_the_longest_programs(machine):
    for budget in (Budget(62, 1), Budget(62, 5, 3), Budget(62, 2**31 - 1, 3), Budget(61, 2, 3)):
        for x in ("0", "01", "111"):
            ledger = enumerate_programs(machines.get(machine), budget, single(x), keep=1)
            assert int(ledger.totals.sum()) == budget.whole


def test_longer_programs_than_any_run_reads_change_nothing(machine):
    """With a total of 2 steps no path reads more than some 20 bits: masses are those of L = 62, scaled."""
    chosen = machines.get(machine)
    long, short = (enumerate_programs(chosen, Budget(n, 9, 2), every(2)).masses for n in (62, 30))
    assert (long == short.astype(object) * 2**32).all()


@pytest.mark.small
@few
@given(names, budgets, st.integers(1, 4))
def test_table_of_all_strings_says_what_each_string_says(name, budget, depth):
    chosen = machines.get(name)
    table = enumerate_programs(chosen, budget, every(depth), keep=2)
    assert table.totals[MISMATCH] == 0
    for leaf, x in zip(table.targets.leaves, itertools.product("01", repeat=depth), strict=True):
        alone = enumerate_programs(chosen, budget, single("".join(x)), keep=2)
        assert table.masses[leaf, MATCH] == alone.totals[MATCH]
        assert table.programs(leaf) == alone.programs(depth)


@pytest.mark.small
@few
@given(names, budgets, st.lists(st.text("01", min_size=4, max_size=4), min_size=1, max_size=5))
def test_several_targets_share_one_walk(name, budget, strings):
    chosen = machines.get(name)
    together = enumerate_programs(chosen, budget, several(strings), keep=2)
    assert together.totals.sum() == budget.whole
    for x, leaf in zip(strings, together.targets.leaves, strict=True):
        alone = enumerate_programs(chosen, budget, single(x), keep=2)
        assert together.masses[leaf, MATCH] == alone.totals[MATCH]
        assert together.programs(leaf) == alone.programs(4)


def in_parts(chosen, budget, chosen_targets, quota, path=()):
    """Masses and forks of a walk that stops every `quota` forks, below the fork that `path` leads to."""
    memory = chosen.memory(budget, chosen_targets.depth, defer=chosen.defers)
    masses = np.zeros((chosen_targets.nodes, FATES), dtype=np.int64)
    found = np.full((chosen_targets.nodes, 2), 127, dtype=np.int64)
    cursor = np.zeros(3, dtype=np.int64)
    compiled(begin, chosen)(memory, chosen_targets.follow, masses, cursor, np.array(path, dtype=np.int64))
    frame = memory.frames[max(0, cursor[AT]) :][: chosen.frame].copy()
    pauses = 0
    tables = chosen_targets.follow, chosen_targets.missing
    while not compiled(walk, chosen)(memory, *tables, masses, found, cursor, quota):
        pauses += 1
    return masses, found, pauses, frame


@few
@given(names, targets, budgets, st.integers(1, 30))
def test_a_walk_in_small_parts_finds_the_same(name, x, budget, quota):
    chosen = machines.get(name)
    whole = enumerate_programs(chosen, budget, single(x), keep=1)
    masses, found, pauses, _ = in_parts(chosen, budget, single(x), quota)
    assert np.array_equal(masses, whole.masses)
    assert np.array_equal(found, whole.found)
    assert pauses >= (whole.forks - 1) // (quota + 1) - 1


@few
@given(names, targets, st.integers(4, 9), st.integers(1, 12))
def test_walks_below_the_options_of_a_fork_add_up_to_the_walk(name, x, length, steps):
    chosen = machines.get(name)
    budget = Budget(length, steps)
    _, _, _, frame = in_parts(chosen, budget, single(x), 10**6)
    assert frame[FIELD] >= RULE_FIELD
    whole = enumerate_programs(chosen, budget, single(x))
    total = np.zeros_like(whole.masses)
    options = {"queue": 7, "turing": 6}[name]
    first = [c for c in naive.ITEMS] if name == "queue" else [c for c in naive.ACTIONS]
    first.sort(key=lambda c: (len(c), c))
    assert len(first) == options
    fits = 0
    for option, code in enumerate(first):
        if len(code) <= length:
            part = in_parts(chosen, budget, single(x), 10**6, (option,))[0]
            assert part.sum() == 1 << (length - len(code))
            total += part
            fits += part.sum()
    assert fits == budget.whole
    others = [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]
    assert np.array_equal(total[:, others], whole.masses[:, others])
    assert total[:, MISMATCH].sum() == whole.totals[MISMATCH]


@pytest.mark.parametrize("name", ["queue", "turing", "brainphoque"])
@few
@given(x=targets, budget=budgets)
def test_a_walk_for_matches_only_finds_all_matches(name, x, budget):
    chosen = machines.get(name)
    whole, matches = (enumerate_programs(chosen, budget, single(x), keep=4, matches_only=o) for o in (False, True))
    assert matches.totals[MATCH] == whole.totals[MATCH]
    assert matches.programs(len(x)) == whole.programs(len(x))
    assert matches.totals.sum() == budget.whole
    assert matches.forks <= whole.forks


def test_progress_is_told_and_may_end_the_walk(machine, monkeypatch):
    monkeypatch.setattr("induction.enumeration.walk.QUOTA", 50)
    told = []
    enumerate_programs(machines.get(machine), Budget(12, 16), single("0101"), progress=told.append)
    assert len(told) > 3
    assert told == sorted(told)
    assert all(0 <= share <= 1 for share in told)

    def enough(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enumerate_programs(machines.get(machine), Budget(12, 16), single("0101"), progress=enough)


@pytest.mark.small
@few
@given(names, targets, st.integers(1, 8), st.integers(1, 8), st.integers(0, 2), st.integers(0, 40))
def test_larger_budgets_keep_what_is_decided(name, x, length, steps, longer, slower):
    chosen = machines.get(name)
    small = enumerate_programs(chosen, Budget(length, steps), single(x)).totals
    large = enumerate_programs(chosen, Budget(length + longer, steps + slower), single(x)).totals
    for fate in (MATCH, MISMATCH, SILENT_MASS):
        assert large[fate] >= small[fate] << longer


def test_memory_that_no_process_has_is_refused(machine):
    with pytest.raises(ValueError, match="max_steps = .* fits, or any with a total of"):
        enumerate_programs(machines.get(machine), Budget(8, 2**31 - 1), single("0" * 2000))
