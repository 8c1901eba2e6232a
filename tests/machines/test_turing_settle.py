"""What `turing` tells of a fork's options without running them is what running them shows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walks import below

from induction import Budget, machines
from induction.enumeration.checked import CheckedPointer, plain, plain_kernels
from induction.enumeration.targets import every, single
from induction.enumeration.walk import (
    CUT,
    MATCH,
    SILENT_MASS,
    TIMEOUT_MASS,
    enumerate_programs,
)
from induction.machines.cycles import TAPE_AT
from induction.machines.machine import DEADLINE, FATES, MISMATCH, NEED, never_settled, nothing_needed
from induction.machines.turing_layout import EMIT, FRAME, HEAD, HIGHEST, LOWEST, STATES, STRIDE
from induction.machines.turing_settle import reads_outwards, settle_rest

TURING = machines.get("turing")
PLAIN = replace(
    TURING,
    name="plain-turing",
    kernels=TURING.kernels._replace(settle=never_settled, needs=nothing_needed),
)
NODEWISE = [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]
WORDS = ["0", "1", "01", "001", "0110", "110"]


@pytest.mark.parametrize("word", WORDS)
def test_at_length_settling_saves_most_forks_and_changes_nothing(word):
    budget, target = Budget(21, 300), single((word * 24)[:24])
    whole, matches, slow = (
        enumerate_programs(machine, budget, target, keep=40, matches_only=only)
        for machine, only in ((TURING, False), (TURING, True), (PLAIN, False))
    )
    assert (whole.masses[:, NODEWISE] == slow.masses[:, NODEWISE]).all()
    assert matches.totals[MATCH] == slow.totals[MATCH]
    assert (whole.found == slow.found).all()
    assert (matches.found == slow.found).all()
    assert matches.forks < whole.forks < slow.forks / 2


@pytest.mark.parametrize("steps", [*range(1, 24), 30, 40, 80])
def test_what_reads_for_ever_is_cut_only_if_there_are_steps_for_all_its_bits(steps):
    budget = Budget(18, steps)
    quick, slow = (enumerate_programs(machine, budget, every(1)) for machine in (TURING, PLAIN))
    assert (quick.masses[:, NODEWISE] == slow.masses[:, NODEWISE]).all()


READ, COPY, LEFT, RIGHT = 4, 5, 0, 1
RULES = {  # rules that have been read, and the bits that they take
    "reads to the right": ([READ, 0, RIGHT, 0], 6),
    "reads to the left": ([READ, 1, LEFT, 0], 6),
    "reads every other time": ([READ, 0, RIGHT, 1, 0, RIGHT, 0], 6 + 2 + 1 + 1),
    "reads at first, then writes to the right for ever": ([READ, 0, RIGHT, 1, 1, RIGHT, 1], 6 + 2 + 1 + 2),
    "reads, turns round": ([READ, 0, RIGHT, 1, READ, 0, LEFT, 0], 6 + 4 + 1 + 1),
    "copies to the right": ([COPY, 0, RIGHT, 0], 6),
    "reads two states of either symbol": ([READ, 0, RIGHT, 1, READ, 1, LEFT, 0, READ, 0, RIGHT, 1], 6 + 6 + 6),
    "reads in both states, on either symbol": (
        [READ, 1, RIGHT, 1, READ, 1, LEFT, 0, READ, 1, RIGHT, 1, READ, 1, LEFT, 0],
        6 + 6 + 7 + 6,
    ),
    "reads, and emits on what it reads": ([READ, 1, RIGHT, 1, READ, 0, LEFT, 0, 3], 6 + 6 + 3),
}


@pytest.mark.small
@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("left", [1, 2, 3, 5, 7])
def test_below_rules_that_read_settling_changes_no_fate(name, left):
    path, length = RULES[name]
    for steps in (3, 6, 9, 14, 60):
        for targets in (every(2), single("1" * 5)):
            budget = Budget(length + left, steps)
            (quick, found), (slow, programs) = (below(machine, budget, targets, path) for machine in (TURING, PLAIN))
            assert (quick[:, NODEWISE] == slow[:, NODEWISE]).all()
            assert quick.sum() == slow.sum()
            assert (found == programs).all()
            matches, found = below(TURING, budget, targets, path, matches_only=True)
            assert (matches[:, MATCH] == slow[:, MATCH]).all()
            assert (found == programs).all()


@pytest.mark.small
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([(READ, RIGHT, 0)], True),
        ([(READ, LEFT, 0)], False),  # it is at the right end
        ([(READ, RIGHT, 1), (READ, RIGHT, 1)], True),
        ([(READ, RIGHT, 1), (0, RIGHT, 1)], False),  # silent after the first
        ([(READ, RIGHT, 1), (0, RIGHT, 0)], True),
        ([(READ, RIGHT, 1), (0, RIGHT, 2), (READ, RIGHT, 2)], True),
        ([(READ, RIGHT, 1), (READ, RIGHT, 2), (1, RIGHT, 2)], False),
        ([(READ, RIGHT, 1), (READ, LEFT, 1)], False),
        ([(READ, RIGHT, 1), (COPY, RIGHT, 1)], False),
        ([(READ, RIGHT, 1), (2, RIGHT, 0)], False),
        ([(READ, RIGHT, 1), (READ, RIGHT, -1)], False),
        ([(READ, RIGHT, 1)], False),
        ([(READ, -1, -1)], False),
    ],
)
def test_what_reads_outwards_for_ever_is_told_from_what_does_not(written, expected):
    rules, frames = np.full(32, -1), np.zeros(FRAME, dtype=np.int64)
    for state, rule in enumerate(written):
        rules[2 * STRIDE * state : 2 * STRIDE * state + 3] = rule
    frames[HEAD], frames[LOWEST], frames[HIGHEST] = 7, 3, 7
    assert plain(reads_outwards)(CheckedPointer(frames), 0, CheckedPointer(rules)) == expected


@pytest.mark.small
@pytest.mark.parametrize("symbol", [0, 1])
def test_a_step_onto_another_word_of_tape_sees_the_symbol_there(symbol):
    """State 0 writes on a 0, and emits on a 1 what no target has; cell 63, to the left, is in another word than 64."""
    rules, frames, work = np.full(64, -1), np.zeros(FRAME, dtype=np.int64), np.zeros(64, dtype=np.int64)
    rules[0:3] = 0, RIGHT, 0
    rules[STRIDE : STRIDE + 3] = EMIT + 1, RIGHT, 0
    frames[HEAD], frames[STATES], frames[DEADLINE] = 64, 1, 9
    work[TAPE_AT + 4] = symbol << 31
    data, ledger = np.array([1, 0]), np.zeros(FATES, dtype=np.int64)
    frames, *others = map(CheckedPointer, (frames, data, ledger, rules, work))
    plain(settle_rest)(frames, 0, 20, 0, 1 << 20, *others)
    assert ledger[MISMATCH] == symbol << 18


def path_of(choices, data):
    """A path of options, each choice taken modulo the options there are, and the bits that they take."""
    one = plain_kernels(TURING.kernels)
    budget = Budget(62, 200)
    memory = TURING.memory(budget, 3)
    frames, rules, work, limits = map(CheckedPointer, memory)
    follow = CheckedPointer(data)
    one.start(frames, 0, work)
    event, at, path, length = one.resume(frames, 0, follow, rules, work, limits), 0, [], 0
    for choice in choices:
        options = [option for option in range(6) if one.width(frames, at, option)]
        options = options[: next((i for i, option in enumerate(options) if option != i), len(options))]
        option = options[choice % len(options)]
        if event != NEED or length > 40:
            break
        bits = one.width(frames, at, option)
        event = one.take(frames, at, option, follow, rules, work, limits)
        if event == NEED:
            path.append(option)
            length += bits
            at += TURING.frame
    return path, length


@settings(max_examples=150)
@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 10), st.integers(1, 60), st.none() | st.integers(1, 60))
def test_below_any_path_settling_changes_no_fate(choices, left, steps, total):
    path, length = path_of(choices, every(3).follow)
    budget = Budget(length + left, steps, total)
    (quick, found), (slow, programs) = (below(machine, budget, every(3), path) for machine in (TURING, PLAIN))
    assert (quick[:, NODEWISE] == slow[:, NODEWISE]).all()
    assert (found == programs).all()
    matches, found = below(TURING, budget, every(3), path, matches_only=True)
    assert (matches[:, MATCH] == slow[:, MATCH]).all()
    assert (found == programs).all()
