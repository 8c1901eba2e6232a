"""What `queue` tells without running is what running shows."""

from dataclasses import replace

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walks import below

from induction import Budget, machines, run
from induction.enumeration.checked import plainly
from induction.enumeration.targets import every, several, single
from induction.enumeration.walk import (
    CUT,
    MATCH,
    SILENT_MASS,
    TIMEOUT_MASS,
    enumerate_programs,
)
from induction.machines.codes import truncated_width
from induction.machines.machine import FIELD, UNSETTLED, never_deferred, never_settled, nothing_needed
from induction.machines.queue_layout import ITEM, LATER
from induction.machines.queue_settle import settle

QUEUE = machines.get("queue")
WORDS = ["0", "1", "01", "10", "001", "0110", "011010011001", "110", "0" * 9 + "1"]
PLAIN = replace(
    QUEUE,
    name="plain-queue",
    kernels=QUEUE.kernels._replace(settle=never_settled, deferred=never_deferred, needs=nothing_needed),
)
budgets = st.builds(Budget, st.integers(1, 15), st.integers(1, 6) | st.just(50), st.none() | st.integers(1, 30))
patient = st.builds(Budget, st.integers(10, 18), st.integers(33, 40), st.none() | st.integers(1, 80))
tries = st.integers(1, 9).flatmap(
    lambda n: st.lists(st.text("01", min_size=n, max_size=n), min_size=1, max_size=8, unique=True)
)


@settings(max_examples=150)
@given(budgets | patient, tries.map(several) | st.integers(1, 5).map(every))
def test_settling_and_deferring_change_no_fate_at_any_node(budget, targets):
    quick, slow = (enumerate_programs(machine, budget, targets, keep=3) for machine in (QUEUE, PLAIN))
    fates = [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]
    assert (quick.masses[:, fates] == slow.masses[:, fates]).all()
    assert (quick.totals == slow.totals).all()
    assert (quick.found == slow.found).all()


@pytest.mark.parametrize("word", WORDS)
def test_at_length_a_walk_for_matches_drops_no_match(word):
    budget, target = Budget(23, 300), single((word * 48)[:48])
    quick, slow = (
        enumerate_programs(machine, budget, target, keep=3, matches_only=machine is QUEUE) for machine in (QUEUE, PLAIN)
    )
    assert quick.totals[MATCH] == slow.totals[MATCH]
    assert (quick.found == slow.found).all()


@pytest.mark.parametrize("word", ["1", "01", "110"])
def test_bits_that_are_read_late_are_in_the_program_all_the_same(word):
    """Every program is kept, those too that read on after a look."""
    budget, target = Budget(17, 60), single((word * 9)[:9])
    quick, slow = (enumerate_programs(machine, budget, target, keep=4000) for machine in (QUEUE, PLAIN))
    assert 10 < len(quick.programs(9)) < 4000
    assert quick.programs(9) == slow.programs(9)


def settle_pushes(frames, at, left, missing, mass, data, ledger, rules, work, limits):
    """`settle`, but pushes are walked bit by bit."""
    rest = settle(frames, at, left, missing, mass, data, ledger, rules, work, limits)
    if frames[at + FIELD] == ITEM and (frames[at + UNSETTLED] >> LATER) & 1:
        frames[at + UNSETTLED] ^= 1 << LATER | 0b11000
    return rest


BIT_BY_BIT = replace(QUEUE, name="bit-by-bit-queue", kernels=QUEUE.kernels._replace(settle=settle_pushes))


@pytest.mark.parametrize("word", WORDS)
def test_pushes_read_when_they_are_looked_at_save_forks_and_change_nothing(word):
    budget, target = Budget(22, 90), single((word * 20)[:20])
    for matches_only in (False, True):
        later, at_once = (
            enumerate_programs(machine, budget, target, keep=40, matches_only=matches_only)
            for machine in (QUEUE, BIT_BY_BIT)
        )
        assert later.totals[MATCH] == at_once.totals[MATCH]
        assert (later.found == at_once.found).all()
        assert later.forks < 0.95 * at_once.forks
        assert matches_only or (later.masses[:, [SILENT_MASS, TIMEOUT_MASS, CUT]] == at_once.masses[:, [2, 3, 4]]).all()


@pytest.mark.parametrize("steps", [10, 13, 16, 17, *range(19, 32, 3), 36, 45, 60, 200])
def test_silence_is_proved_at_the_same_step_whenever_pushes_are_read(steps):
    """At each T: a proof that comes late moves mass from silent to timeout; such programs have 23 bits and more."""
    later, plain = (enumerate_programs(machine, Budget(24, steps), every(1)) for machine in (QUEUE, PLAIN))
    assert (later.masses[:, SILENT_MASS] == plain.masses[:, SILENT_MASS]).all()
    assert (later.masses[:, TIMEOUT_MASS] == plain.masses[:, TIMEOUT_MASS]).all()


@settings(max_examples=60)
@given(budgets | patient, st.integers(1, 40), st.sets(st.sampled_from(WORDS), min_size=1))
def test_a_walk_for_matches_drops_no_match(budget, length, words):
    targets = several([(word * 40)[:length] for word in words])
    quick, slow = (
        enumerate_programs(QUEUE, budget, targets, keep=3, matches_only=True),
        enumerate_programs(PLAIN, budget, targets, keep=3),
    )
    assert (quick.masses[:, MATCH] == slow.masses[:, MATCH]).all()
    assert (quick.found == slow.found).all()
    assert quick.totals.sum() == budget.whole


@pytest.mark.parametrize(
    ("program", "output"),
    [
        # The queue runs empty after ten ones, and then 0 is in reach.
        ("0,0: [1111111111] > 1; 1,0: 1 > 0; 1,1: > 1", "1"),
        # The taken bit waits behind ten zeros, and is a 1.
        ("0,0: [0000000000?] > 1; 1,0: > 1; 1,1: 1 > 0 | 1", "1"),
    ],
)
@pytest.mark.small
def test_a_long_silence_that_ends_is_not_proved(program, output):
    result = run(program, bits=len(output), max_steps=2000)
    assert (result.output, result.status) == (output, "complete")


@pytest.mark.parametrize(
    "program",
    [
        "0,0: [00] > 0",  # grows for ever
        "0,0: [10] > 0; 0,1: [01] > 1; 1,0: [1] > 0; 1,1: [00] > 1",
    ],
)
@pytest.mark.small
def test_queues_that_grow_for_ever_are_proved_silent(program):
    assert run(program, bits=1, max_steps=500).status == "silent"


@pytest.mark.parametrize("states", range(1, 12, 2))
@pytest.mark.parametrize("left", [3, 4, 5, 6, 9, 10, 11])
def test_with_many_states_settling_changes_no_fate(states, left):
    """The first rules are empty and name a new state each: the codes of states get long."""
    path = [option for state in range(1, states) for option in (0, state)]
    length = sum(2 + truncated_width(state, state + 1) for state in range(1, states)) + left
    for steps in (states + 2, 60):
        budget = Budget(length, steps)
        for targets in (every(2), every(3), single("0" * 30), several(["01" * 9, "0" * 18])):
            (quick, found), (slow, programs) = (below(machine, budget, targets, path) for machine in (QUEUE, PLAIN))
            fates = [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]
            assert (quick[:, fates] == slow[:, fates]).all()
            assert quick.sum() == slow.sum() > 0
            assert (found == programs).all()
            matches, found = below(QUEUE, budget, targets, path, matches_only=True)
            assert (matches[:, MATCH] == slow[:, MATCH]).all()
            assert (found == programs).all()


@pytest.mark.small
def test_a_walk_for_matches_is_the_same_in_plain_python():
    """Also on plain arrays, whose cells are small unsigned numbers."""
    budget, target = Budget(13, 40), single("01" * 30)
    matches, all_fates = (enumerate_programs(QUEUE, budget, target, keep=2, matches_only=o) for o in (True, False))
    assert matches.totals[MATCH] == all_fates.totals[MATCH] > 0
    assert (matches.found == all_fates.found).all()
    checked = plainly(enumerate_programs)(QUEUE, Budget(11, 40), target, keep=2, matches_only=True)
    assert checked.totals[MATCH] == enumerate_programs(QUEUE, Budget(11, 40), target).totals[MATCH]


BOUGHT = [  # options of closed rules, their bits, the bits left, zeros written in all
    # 0,0: ? > 1; 1,0: 000 > 2; 2,0: 000 > 3; 3,0: 000 > 0
    ([6, 0, 0, 1] + [1, 1, 1, 0, 2] + [1, 1, 1, 0, 3] + [1, 1, 1, 0, 0], 38, 3, 40),
    # 0,0: ?000 > 1; 1,0: ? > 0
    ([6, 0, 1, 1, 1, 0, 1] + [6, 0, 0], 21, 3, 10),
    # 0,0: ? > 0
    ([6, 0, 0, 0], 8, 3, 4),
]


@pytest.mark.small
@pytest.mark.parametrize(("path", "length", "left", "written"), BOUGHT)
def test_a_walk_for_matches_gives_each_read_all_that_it_buys(path, length, left, written):
    budget, target = Budget(length + left, 100), single("0" * written)
    (quick, found), (slow, programs) = (
        below(machine, budget, target, path, matches_only=machine is QUEUE) for machine in (QUEUE, PLAIN)
    )
    assert quick[:, MATCH].sum() == slow[:, MATCH].sum() > 0
    assert (found == programs).all()


@pytest.mark.small
def test_copied_bits_bring_rules_for_either_symbol_into_reach():
    path, program, left = [2, 2, 2, 0, 0, 2, 6, 1, 0], "101010000" "10" "11111" "000", 10
    output = naive.run("queue", program + "0" * (left - 1), 100, outputs=99).output
    budget, target = Budget(len(program) - 1 + left, 100), single(output)
    (quick, _), (slow, _) = (
        below(machine, budget, target, path, matches_only=machine is QUEUE) for machine in (QUEUE, PLAIN)
    )
    assert quick[:, MATCH].sum() == slow[:, MATCH].sum() > 0


@pytest.mark.small
def test_bits_taken_but_not_looked_at_bring_rules_for_either_symbol_into_reach():
    path, program = [2, 2, 2, 5, 0, 0, 4, 0], "101010" "11100" "000" "1101000" "0"
    assert naive.run("queue", program, 100, outputs=9).output == "1" * 9
    budget, target = Budget(len(program), 100), single("1" * 9)
    matches, whole = (below(QUEUE, budget, target, path, matches_only=only)[0] for only in (True, False))
    assert matches[:, MATCH].sum() == whole[:, MATCH].sum() > 0


@pytest.mark.small
def test_a_long_rule_that_the_total_ends_inside_is_not_settled():
    for total in range(30, 60, 2):
        for zeros in (25, 34, 39):
            budget, target = Budget(44, 300, total), single("0" * zeros + "1")
            (quick, found), (slow, programs) = (below(machine, budget, target, [1] * 20) for machine in (QUEUE, PLAIN))
            fates = [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]
            assert (quick[:, fates] == slow[:, fates]).all()
            assert (found == programs).all()


@pytest.mark.small
def test_rules_that_only_read_use_up_all_bits_only_if_there_are_steps_enough():
    rule = [4, 4, 4, 4, 0, 0]  # 0,0: [?1111] > 0; 0,1: the same
    for steps in range(66, 90, 4):
        budget, fates = Budget(58, steps), [SILENT_MASS, TIMEOUT_MASS, CUT]
        quick = below(QUEUE, budget, single("0"), [5, *rule, 1, 5, *rule[:-1]])[0]
        slow = sum(below(PLAIN, budget, single("0"), [5, 1, *rule, 5, bit, *rule[:-1]])[0] for bit in (0, 1))
        assert quick[0, fates].tolist() == slow[0, fates].tolist()
