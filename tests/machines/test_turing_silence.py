"""Proofs of silence of the `turing` machine: sound, independent of the deadline, and nothing else moves."""

import random

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.budget import Budget
from induction.enumeration.frontier import Frontier
from induction.enumeration.runner import program_bits, run
from induction.enumeration.targets import every, single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS, enumerate_programs
from induction.machines.cycles import KEEP, RECORD_AT, REPEATED, TAPE_AT, record, tape
from induction.machines.turing import TURING

THUE_MORSE = "".join(str(i.bit_count() & 1) for i in range(48))
bits = st.text("01", min_size=24, max_size=60)


class Trace:
    """The slow decider: every configuration of the segment with its whole tape, every pair compared."""

    def __init__(self, program):
        self.tape, self.machine = naive.Tape(program), naive.Turing()
        self.state, self.head, self.cells, self.visited, self.steps = 0, 0, {}, (0, 0), 0
        self.heads, self.configurations, self.records = [], [], []

    def proved_after(self, max_steps):
        """After how many steps silence can be proved; None if not within `max_steps` of a segment."""
        while len(self.heads) < max_steps:
            fresh = self.move_on()
            if fresh is None:
                return None
            ones = frozenset(place for place, bit in self.cells.items() if bit == "1")
            if (self.state, self.head, ones) in self.configurations or self.translated(fresh, ones):
                return self.steps
            self.configurations.append((self.state, self.head, ones))
            if fresh:
                self.records.append((fresh, self.state, self.head, ones, len(self.heads)))
            self.heads.append(self.head)
        return None

    def move_on(self):
        """One step; the side of the new cell that the head comes upon, 0 if it is none, None if a bit is wanted."""
        machine, rule = self.machine, (self.state, self.cells.get(self.head, "0"))
        read = self.tape.position
        try:
            if rule not in machine.actions:
                machine.actions[rule] = self.tape.code(naive.ACTIONS)
            kind, bit = machine.actions[rule]
            self.cells[self.head] = self.tape.bit() if bit == "?" else bit
            if rule not in machine.directions:
                machine.directions[rule] = self.tape.code({"0": -1, "1": 1})
            self.state = naive.next_state(machine, self, rule)
        except naive.End:
            return None
        self.steps += 1
        self.head += machine.directions[rule]
        low, high = self.visited
        self.visited = (min(low, self.head), max(high, self.head))
        if self.tape.position > read or kind == "emit":
            self.heads, self.configurations, self.records = [], [], []
        return (self.head > high) - (self.head < low)

    def translated(self, fresh, ones):
        """Whether a record of the segment on the same side in the same state had the same cells behind it."""
        for side, state, head, before, time in self.records:
            if (side, state) == (fresh, self.state):
                reach = max(side * (head - place) for place in [head, *self.heads[time:]])
                behind = range(1, reach + 1)
                if all((head - side * i in before) == (self.head - side * i in ones) for i in behind):
                    return True
        return False


def silent_programs(count, seed, length=40):
    """Programs that are proved silent, with their runs."""
    chance = random.Random(seed)
    found = []
    while len(found) < count:
        program = format(chance.getrandbits(length), f"0{length}b")
        one = run(program, machine="turing", bits=100, max_steps=1000)
        if one.status == "silent":
            found.append((program, one))
    return found


def test_programs_proved_silent_neither_read_nor_write_in_20000_more_steps():
    for program, one in silent_programs(60, seed=1):
        twin = naive.run("turing", program, one.steps + 20_000, outputs=101)
        assert (twin.output, twin.status, twin.bits_read) == (one.output, "timeout", one.length)


@pytest.mark.small
def test_programs_proved_silent_neither_read_nor_write_without_the_jit():
    for program, one in silent_programs(20, seed=2, length=24):
        twin = naive.run("turing", program, 2000, outputs=101)
        assert (twin.output, twin.status, twin.bits_read) == (one.output, "timeout", one.length)


def test_decider_on_full_histories_proves_all_that_the_kernel_proves_and_no_later():
    late = 0
    for program, one in silent_programs(150, seed=3):
        after = Trace(program[: one.length]).proved_after(1000)
        assert after is not None and after <= one.steps
        late = max(late, one.steps - after)
    assert late < 100


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("0,0: [0] > 0", 2),  # runs off over blank cells
        ("0,0: [1] < 0", 2),
        ("0,0: [1] > 1; 1,0: [1] < 2; 2,1: [1] > 3; 3,1: [0] > 0", 12),  # goes back a cell in each period
        ("0,0: [1] > 1; 1,0: [1] < 0; 0,1: [1] > 1; 1,1: [1] > 1", None),  # over ones that it left itself
    ],
)
def test_translated_cycles_are_found_within_a_few_periods(text, steps):
    one = run(program_bits(TURING, text), machine="turing", bits=1, max_steps=64)
    assert one.status == "silent"
    assert steps is None or one.steps <= steps


# Reads bits while they are 1, a cell each; a 0 sends it, from wherever it is, into state 2 on a blank cell.
WHEREVER = "0,0: [?] > 1; 1,0: [0] < 2; 2,1: [1] > 0; "
LOOP = "2,0: [1] > 3; 3,0: [1] < 4; 4,1: [0] > 5; 5,1: [0] < 2"  # flips two cells for ever
CYCLE = "2,0: [1] > 3; 3,0: [1] < 4; 4,1: [1] > 5; 5,1: [1] > 3"  # goes back a cell for every two forward
MIRROR = str.maketrans("<>", "><")


@pytest.mark.parametrize("then", [LOOP, CYCLE])
@pytest.mark.parametrize("mirrored", [False, True])
def test_proofs_take_as_many_steps_wherever_on_the_tape_they_are(then, mirrored):
    rules = (WHEREVER + then).translate(MIRROR) if mirrored else WHEREVER + then
    first = run(f"{rules} | 10", machine="turing", bits=1, max_steps=64)
    assert first.status == "silent"
    for more in range(1, 80):
        later = run(f"{rules} | 1{'1' * more}0", machine="turing", bits=1, max_steps=1000)
        assert (later.status, later.steps) == ("silent", first.steps + 3 * more)


@pytest.mark.small
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("reach", [0, 1, 31, 32, 33, 40])
@pytest.mark.parametrize("differs", [None, 1, 20, 32])
def test_records_repeat_only_if_all_cells_within_reach_are_equal_and_known(side, reach, differs):
    work = tape(400)
    here, there = 13 * 32 + 7, 13 * 32 + 7 + 45 * side
    ones = [head - side * i for head in (here, there) for i in (1, 2, 30)]
    for cell in ones + ([there - side * differs] if differs else []):
        work[TAPE_AT + 4 * (cell >> 5)] ^= 1 << (cell & 31)
    word = [int(work[TAPE_AT + 4 * (cell >> 5)]) for cell in (here, there)]
    assert record(4, here, word[0], side, 0, 0, work) == KEEP
    repeated = reach <= 32 and (differs is None or differs > reach)
    assert record(4, there, word[1], side, side, side * here - reach, work) == (REPEATED if repeated else KEEP)
    assert work[RECORD_AT] == side * (here if repeated else there)


def test_head_that_goes_back_further_each_time_is_not_proved():
    # A sweep to and fro over a growing block of ones: no half-tape is repeated.
    text = "0,0: [1] < 1; 0,1: [1] > 0; 1,0: [1] > 0; 1,1: [1] < 1"
    assert run(program_bits(TURING, text), machine="turing", bits=1, max_steps=5000).status == "timeout"


@given(bits, st.integers(1, 80), st.integers(0, 2000))
@settings(max_examples=200, deadline=None)
def test_what_is_proved_at_a_deadline_is_proved_at_every_later_one(program, max_steps, more):
    one = run(program, machine="turing", bits=40, max_steps=max_steps)
    if one.status == "silent":
        assert run(program, machine="turing", bits=40, max_steps=max_steps + more) == one


def test_silent_mass_only_grows_with_the_deadline():
    before = np.zeros(1, dtype=np.int64)
    for max_steps in (1, 2, 3, 5, 8, 13, 40, 256, 1024):
        masses = enumerate_programs(TURING, Budget(18, max_steps), every(4)).masses
        assert (masses[:, SILENT_MASS] >= before).all()
        before = masses[:, SILENT_MASS]


@pytest.mark.parametrize(
    ("target", "match", "mismatch", "time", "cut"),
    [
        (THUE_MORSE, 0, 8485334, 6044130, 2247752),
        ("01" * 24, 61160, 8412550, 6045500, 2258006),
        ("0" * 48, 1986586, 6311730, 6055478, 2423422),
    ],
)
def test_proofs_take_from_timeout_only_and_leave_it_under_three_percent(target, match, mismatch, time, cut):
    # The numbers are those of exact repetition alone, which proves 3 % of them silent.
    for max_steps in (256, 1024):
        totals = enumerate_programs(TURING, Budget(24, max_steps), single(target)).totals
        assert [totals[MATCH], totals[MISMATCH], totals[CUT]] == [match, mismatch, cut]
        assert totals[SILENT_MASS] + totals[TIMEOUT_MASS] == time
        assert totals[SILENT_MASS] >= 0.97 * time


@pytest.mark.small
@given(st.text("01", min_size=1, max_size=5), st.integers(1, 9), st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_fates_agree_with_the_twin(target, max_length, max_steps):
    totals = enumerate_programs(TURING, Budget(max_length, max_steps), single(target)).totals
    slow = naive.fates("turing", target, max_length, max_steps)
    fast = [totals[MATCH], totals[MISMATCH], totals[SILENT_MASS] + totals[TIMEOUT_MASS], totals[CUT]]
    assert [int(m) for m in fast] == [slow[name] * 2**max_length for name in ("match", "mismatch", "time", "cut")]


@given(bits)
@settings(max_examples=150, deadline=None)
def test_runs_over_many_words_of_tape_agree_with_the_twin(program):
    one = run(program, machine="turing", bits=300, max_steps=700)
    slow = naive.run("turing", program, 700, outputs=300)
    assert one.output == slow.output
    names = {"complete": "complete", "cut": "needs", "silent": "timeout", "timeout": "timeout"}
    assert names[one.status] == slow.status
    assert one.length == slow.bits_read or one.status == "cut"  # a field that is there in part is not read


def check_frontier(budget, data):
    """The frontier's masses at every prefix are those of a walk of its own."""
    frontier = Frontier(TURING, budget)
    for at in range(len(data) + 1):
        seen = frontier.masses()
        masses = enumerate_programs(TURING, budget, single(data[:at] + "0")).masses
        assert (seen.zeros, seen.ones + seen.mismatch) == (masses[:, MATCH].sum(), masses[:, MISMATCH].sum())
        assert (seen.silent, seen.timeout, seen.cut) == tuple(masses[at, [SILENT_MASS, TIMEOUT_MASS, CUT]])
        assert seen.silent_before == masses[:at, SILENT_MASS].sum()
        assert seen.open_before == masses[:at, [TIMEOUT_MASS, CUT]].sum()
        if at < len(data):
            frontier.learn(int(data[at]))


@pytest.mark.parametrize("data", ["0" * 40, "01" * 20, "0010111", "1" * 36 + "0110"])
@pytest.mark.parametrize("budget", [Budget(17, 40), Budget(16, 9), Budget(15, 300, 200)])
def test_frontier_proves_what_a_fresh_walk_proves(data, budget):
    check_frontier(budget, data)


@pytest.mark.small
def test_frontier_proves_what_a_fresh_walk_proves_without_the_jit():
    check_frontier(Budget(9, 12), "0010")
