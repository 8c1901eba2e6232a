# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Programs that may be late: each is carried on to its next output bit, and the steps of every bit are counted."""

from __future__ import annotations

import numpy as np

from induction.budget import MOST_STEPS, NO_PROGRAM, Budget
from induction.enumeration.entries import (
    DEPTH,
    ENTRIES,
    ENTRY,
    EVENT,
    LARGEST,
    MORE,
    OTHERS,
    PLACE,
    PROGRAM,
    RESERVE,
    SIZE,
    SPENT,
    USED,
    move,
    repack,
)
from induction.enumeration.population import Population
from induction.machines.kernel import pointer
from induction.machines.machine import LEAF, LENGTH, NEED, NODE, STEPS, WEIGHT, Machine

# Columns of an entry. POSITION is the output bit that comes next, counted from 1; BIT is its value, or UNKNOWN;
# READY is the round in which it is, or the one before it was, there; SINCE counts steps up to the bit before.
POSITION, BIT, READY, SINCE, GROUP, COLUMNS = range(OTHERS, OTHERS + 6)
UNKNOWN, GONE = 2, 3
NOW, ALLOTMENT, SLOTS = range(MORE, MORE + 3)  # slots of the state
# Columns of the tally, a row for each group.
AWAKE_0, AWAKE_1, ASLEEP, LEAST, FIRST_PROGRAM, TALLY_COLUMNS = range(6)


def arrive(frames, at, event, row, allotment, rules, work, entries, store, used):
    """Enter what a run came to, and when; return the words that it is packed in."""
    if event == LEAF:
        entries[row + BIT] = frames[at + NODE] - 1  # leaves 1 and 2
        steps = frames[at + STEPS] - entries[row + SINCE]
        allotments = max(1, (steps + allotment - 1) // allotment)
        entries[row + READY] = max(entries[row + POSITION], entries[row + READY]) + allotments - 1
        entries[row + SINCE] = frames[at + STEPS]
    return put_back(frames, at, event, row, rules, work, entries, store, used)


def carry(memory, follow, entries_array, store_array, bits, state):
    """Carry all entries on into round NOW; return 0 when done, else which array is full (1, 2)."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    entries = pointer(entries_array)
    store = pointer(store_array)
    capacity = entries_array.shape[0]
    room = store_array.size - state[RESERVE]
    now = state[NOW]
    allotment = state[ALLOTMENT]
    entry = state[ENTRY]
    at = state[DEPTH]
    count = state[ENTRIES]
    used = state[USED]
    full = 0
    while entry < count and full == 0:
        row = COLUMNS * entry
        bit = entries[row + BIT]
        event = entries[row + EVENT]
        words = 0
        if used > room:
            full = 2
        elif bit == GONE:
            entry += 1
        elif bit != UNKNOWN:
            if entries[row + READY] > now or entries[row + POSITION] == now:
                entry += 1  # asleep, or awake
            elif bits[entries[row + POSITION] - 1] != bit:
                entries[row + BIT] = GONE
            else:
                entries[row + BIT] = UNKNOWN
                entries[row + POSITION] += 1
        elif event == LEAF:
            unpack(frames, 0, rules, work, store, entries[row + PLACE])
            frames[NODE] = 0
            event = resume(frames, 0, data, rules, work, limits)
            words = arrive(frames, 0, event, row, allotment, rules, work, entries, store, used)
        elif event != NEED:
            entries[row + BIT] = GONE
        elif at < 0:
            open_fork(frames, rules, work, row, 0, entries, store)
            at = 0
        elif count == capacity:
            full = 1
        else:
            to = at + FRAME
            event = next_branch(frames, at, 0, 0, data, rules, work, limits)
            if event == SPENT:
                at = max(at - FRAME, -1)
                if at < 0:
                    entries[row + BIT] = GONE
            elif event == NEED:
                at = to
            elif event == LEAF:
                new = COLUMNS * count
                move(entries, row, new, COLUMNS)
                entries[new + PROGRAM] = frames[to + WEIGHT]
                entries[new + SIZE] = frames[to + LENGTH]
                words = arrive(frames, to, event, new, allotment, rules, work, entries, store, used)
                count += 1
        used += words
        state[LARGEST] = max(state[LARGEST], words)
    state[ENTRY] = entry
    state[DEPTH] = at
    state[ENTRIES] = count
    state[USED] = used
    return full


def plant(memory, follow, entries_array, store, state):
    """One entry, the empty program, at its first event."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    entries = pointer(entries_array)
    start(frames, 0, work)
    event = resume(frames, 0, pointer(follow), rules, work, pointer(memory.limits))
    entries[POSITION] = 1
    entries[BIT] = UNKNOWN
    words = arrive(frames, 0, event, 0, state[ALLOTMENT], rules, work, entries, pointer(store), 0)
    state[ENTRIES] = 1
    state[USED] = words
    state[LARGEST] = words


def tally(entries_array, count, now, longest, sums_array):
    """Masses by group: awake with 0, awake with 1, asleep; the shortest program of each."""
    entries = pointer(entries_array)
    sums = pointer(sums_array)
    for row in range(0, COLUMNS * count, COLUMNS):
        bit = entries[row + BIT]
        if bit < UNKNOWN:
            to = TALLY_COLUMNS * entries[row + GROUP]
            size = entries[row + SIZE]
            column = ASLEEP if entries[row + READY] > now else bit
            sums[to + column] += 1 << (longest - size)
            program = entries[row + PROGRAM]
            if size < sums[to + LEAST] or (size == sums[to + LEAST] and program < sums[to + FIRST_PROGRAM]):
                sums[to + LEAST] = size
                sums[to + FIRST_PROGRAM] = program


def keep(entries_array, count, now, bit, groups, store_array, fresh_array):
    """Drop what is gone or wrong, move sleepers to their new group, pack the store anew; return entries and words."""
    entries = pointer(entries_array)
    store = pointer(store_array)
    fresh = pointer(fresh_array)
    kept = 0
    used = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        asleep = entries[row + READY] > now
        if entries[row + BIT] < UNKNOWN and (asleep or entries[row + BIT] == bit):
            to = COLUMNS * kept
            move(entries, row, to, COLUMNS)
            entries[to + GROUP] = groups[2 * entries[row + GROUP] + asleep]
            used += repack(entries, to, store, fresh, used)
            kept += 1
    return kept, used


class Sleepers(Population):
    """All programs for the data so far, the late ones included.

    Programs that have slept through the same rounds are a group; groups are numbered from 0.

    Parameters
    ----------
    machine : Machine
    budget : Budget
        Its `max_steps` is the allotment of steps a round.
    allotments : int
        How many of these a program may use up for one bit.
    """

    _OUTPUTS = 3
    _HELPERS = (arrive,)

    def __init__(self, machine: Machine, budget: Budget, allotments: int) -> None:
        self.machine = machine
        self.budget = budget
        self._bits = np.zeros(64, dtype=np.uint8)
        run = Budget(budget.max_length, min(budget.max_steps * allotments, MOST_STEPS), budget.total)
        self._settle_in(run, COLUMNS, SLOTS)
        self._state[NOW], self._state[ALLOTMENT] = 1, budget.max_steps
        self._groups = 1
        self._call(plant, self._memory, self._follow, self._entries, self._store, self._state)
        self._tally: np.ndarray | None = None

    @staticmethod
    def _table() -> np.ndarray:
        return _FOLLOW

    def masses(self) -> np.ndarray:
        """Carry all programs on into this round, if that is not done yet, and say what they do.

        Returns
        -------
        numpy.ndarray
            Shape (groups, 5), int64: mass over 2^L awake with 0, awake with 1, asleep; length (127 if the group is
            empty) and bits of the first of the shortest programs.
        """
        if self._tally is None:
            self._carry_on(carry, self._bits)
            self._tally = self.shortest()
        return self._tally

    def shortest(self) -> np.ndarray:
        """As :meth:`masses`, of the programs as they are; after `learn` only length and bits have a meaning."""
        sums = np.zeros((self._groups, TALLY_COLUMNS), dtype=np.int64)
        sums[:, LEAST] = NO_PROGRAM
        length = self.budget.max_length
        self._call(tally, self._entries, self._state[ENTRIES], self._state[NOW], length, sums)
        return sums

    def learn(self, bit: int) -> np.ndarray:
        """Keep the programs that are asleep or said `bit`, and number the groups anew.

        Returns
        -------
        numpy.ndarray
            Shape (groups,), int64: the old number of each new group, twice, plus 1 if it slept through this round.
        """
        sums = self.masses()
        there = np.stack([sums[:, bit] > 0, sums[:, ASLEEP] > 0], axis=1).reshape(-1)
        origins = np.flatnonzero(there)
        groups = np.cumsum(there) - 1
        fresh = np.empty_like(self._store)
        now = int(self._state[NOW])
        kept, used = self._call(keep, self._entries, self._state[ENTRIES], now, bit, groups, self._store, fresh)
        self._store = fresh
        self._state[ENTRIES], self._state[USED], self._state[NOW] = kept, used, now + 1
        if now > len(self._bits):
            self._bits = np.concatenate([self._bits, np.zeros_like(self._bits)])
        self._bits[now - 1] = bit
        self._groups = len(origins)
        self._tally = None
        return origins

    @property
    def size(self) -> int:
        """How many programs there are, asleep or awake."""
        return int(self._state[ENTRIES])


# The table of one output bit: its node 0 leads to leaf 1 by a 0, to leaf 2 by a 1.
_FOLLOW = np.array([-1, -2], dtype=np.int64)
