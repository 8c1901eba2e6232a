"""A walk that settles forks ends like one that runs every option, for machines that settle and defer nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Budget, machines
from induction.enumeration.checked import plain, plainly
from induction.enumeration.targets import every, several, single
from induction.enumeration.walk import CUT, MATCH, SILENT_MASS, TIMEOUT_MASS, enumerate_programs
from induction.machines.machine import never_settled, nothing_needed
from induction.machines.settling import ALL, SENTINEL, next_open

NAMES = [name for name in machines.names() if machines.get(name).settles and not machines.get(name).defers]
NODEWISE = [MATCH, SILENT_MASS, TIMEOUT_MASS, CUT]  # of mismatches only the total has a meaning
WORDS = ["0", "1", "01", "001", "0110", "110"]
BUDGETS = st.builds(
    Budget, st.integers(1, 15), st.integers(1, 20) | st.integers(20, 90), st.none() | st.integers(1, 60)
)
TRIES = st.integers(1, 9).flatmap(
    lambda n: st.lists(st.text("01", min_size=n, max_size=n), min_size=1, max_size=8, unique=True)
)


def both(name):
    """A machine, and the same that leaves every fork to the walk."""
    machine = machines.get(name)
    left_alone = {"settle": never_settled, "needs": nothing_needed}
    return machine, replace(machine, name=f"plain-{name}", kernels=machine.kernels._replace(**left_alone))


def test_turing_and_brainphoque_settle():
    assert NAMES == ["turing", "brainphoque"]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150)
@given(BUDGETS, TRIES.map(several) | st.integers(1, 5).map(every))
def test_settling_changes_no_fate_at_any_node(name, budget, targets):
    quick, slow = (enumerate_programs(machine, budget, targets, keep=30) for machine in both(name))
    assert (quick.masses[:, NODEWISE] == slow.masses[:, NODEWISE]).all()
    assert (quick.totals == slow.totals).all()
    assert (quick.found == slow.found).all()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100)
@given(BUDGETS, st.integers(1, 40), st.sets(st.sampled_from(WORDS), min_size=1))
def test_a_walk_for_matches_drops_no_match(name, budget, length, words):
    targets = several([(word * 40)[:length] for word in words])
    machine, walked = both(name)
    quick = enumerate_programs(machine, budget, targets, keep=30, matches_only=True)
    slow = enumerate_programs(walked, budget, targets, keep=30)
    assert (quick.masses[:, MATCH] == slow.masses[:, MATCH]).all()
    assert (quick.found == slow.found).all()
    assert quick.totals.sum() == budget.whole


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("word", WORDS)
def test_settling_saves_most_forks(name, word):
    budget, target = Budget(20, 300), single((word * 24)[:24])
    quick, slow = (enumerate_programs(machine, budget, target) for machine in both(name))
    assert (quick.masses[:, NODEWISE] == slow.masses[:, NODEWISE]).all()
    assert quick.forks < slow.forks / 2


@pytest.mark.small
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("matches_only", [False, True])
def test_settling_is_the_same_in_plain_python(name, matches_only):
    budget, target, machine = Budget(12, 40), single("01" * 3), machines.get(name)
    compiled = enumerate_programs(machine, budget, target, keep=2, matches_only=matches_only)
    checked = plainly(enumerate_programs)(machine, budget, target, keep=2, matches_only=matches_only)
    assert np.array_equal(checked.masses, compiled.masses)
    assert np.array_equal(checked.found, compiled.found)


@pytest.mark.small
@given(st.sets(st.integers(0, SENTINEL - 1)), st.integers(0, 1 << 30))
def test_the_next_open_option_is_the_first_in_the_mask(options, first):
    mask = sum(1 << option for option in options | {SENTINEL})
    find = plain(next_open)
    assert find(mask, first) == min((option for option in options if option >= first), default=SENTINEL)
    assert find(ALL, first) == min(first, SENTINEL)


@pytest.mark.parametrize(("name", "length"), [("turing", 24), ("brainphoque", 21)])
@pytest.mark.parametrize("depth", [3, 5])
def test_at_length_a_walk_for_matches_finds_every_string(name, length, depth):
    """Long enough for programs that leave a set of mute rules by their last new one."""
    machine = machines.get(name)
    matches, whole = (
        enumerate_programs(machine, Budget(length, 60), every(depth), keep=5, matches_only=only)
        for only in (True, False)
    )
    assert (matches.masses[:, MATCH] == whole.masses[:, MATCH]).all()
    assert (matches.found == whole.found).all()
