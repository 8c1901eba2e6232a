# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Programs that may be late: each is carried on to its next output bit, and the steps of every bit are counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from induction.budget import MOST_STEPS, Budget
from induction.enumeration.walk import compiled
from induction.machines.kernel import pointer
from induction.machines.machine import LEAF, LENGTH, NEED, NODE, OPTION, STEPS, WEIGHT, Machine

PACKED_CELLS = 64  # no packed word holds more cells of memory than this
_GROWTH = 2

# Columns of an entry. POSITION is the output bit that comes next, counted from 1; BIT is its value, or UNKNOWN;
# READY is the round in which it is, or the one before it was, there; SINCE counts steps up to the bit before.
PROGRAM, SIZE, EVENT, PLACE, WORDS, POSITION, BIT, READY, SINCE, GROUP, COLUMNS = range(11)
UNKNOWN, GONE = 2, 3
# Slots of the state that kernels carry.
ENTRY, DEPTH, ENTRIES, USED, RESERVE, LARGEST, NOW, ALLOTMENT, SLOTS = range(9)
# Columns of the tally, a row for each group.
AWAKE_0, AWAKE_1, ASLEEP, LEAST, FIRST_PROGRAM, TALLY_COLUMNS = range(6)
NO_LENGTH = 127


def carry(memory, follow, entries_array, store_array, bits, state):
    """Carry all entries on into round NOW; return 0 when done, else which array is full (1, 2)."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    entries = pointer(entries_array)
    store = pointer(store_array)
    longest = memory.limits[0]
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
        to = -1  # the frame whose configuration is to be packed
        new = row
        program = entries[row + PROGRAM]
        length = entries[row + SIZE]
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
            to = 0
        elif event != NEED:
            entries[row + BIT] = GONE
        elif at < 0:
            unpack(frames, 0, rules, work, store, entries[row + PLACE])
            frames[OPTION] = 0
            frames[LENGTH] = length
            frames[WEIGHT] = program
            at = 0
        elif count == capacity:
            full = 1
        else:
            frames[at + NODE] = 0
            option = frames[at + OPTION]
            more = width(frames, at, option)
            length = frames[at + LENGTH] + more
            if more == 0 or length > longest:
                close(frames, at, rules, work)
                at -= FRAME
                if at < 0:
                    at = -1
                    entries[row + BIT] = GONE
            else:
                program = frames[at + WEIGHT] << more | code(frames, at, option)
                frames[at + OPTION] = option + 1
                event = take(frames, at, option, data, rules, work, limits)
                if event == NEED and length + width(frames, at + FRAME, 0) <= longest:
                    at += FRAME
                    frames[at + OPTION] = 0
                    frames[at + LENGTH] = length
                    frames[at + WEIGHT] = program
                elif event == LEAF:
                    to = at + FRAME
                    new = COLUMNS * count
                    count += 1
                    for i in range(COLUMNS):
                        entries[new + i] = entries[row + i]
        if to >= 0:
            entries[new + PROGRAM] = program
            entries[new + SIZE] = length
            entries[new + EVENT] = event
            if event == LEAF:
                entries[new + BIT] = frames[to + NODE] - 1  # leaves 1 and 2
                steps = frames[to + STEPS] - entries[new + SINCE]
                allotments = max(1, (steps + allotment - 1) // allotment)
                entries[new + READY] = max(entries[new + POSITION], entries[new + READY]) + allotments - 1
                entries[new + SINCE] = frames[to + STEPS]
            words = pack(frames, to, rules, work, store, used) if event <= LEAF else 0
            entries[new + PLACE] = used
            entries[new + WORDS] = words
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
    entries[EVENT] = event
    entries[POSITION] = 1
    entries[BIT] = UNKNOWN
    if event == LEAF:
        entries[BIT] = frames[NODE] - 1
        entries[READY] = max(1, (frames[STEPS] + state[ALLOTMENT] - 1) // state[ALLOTMENT])
        entries[SINCE] = frames[STEPS]
    words = pack(frames, 0, rules, work, pointer(store), 0)
    entries[WORDS] = words
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
            for i in range(COLUMNS):
                entries[to + i] = entries[row + i]
            entries[to + GROUP] = groups[2 * entries[row + GROUP] + asleep]
            place = entries[to + PLACE]
            entries[to + PLACE] = used
            for i in range(entries[to + WORDS]):
                fresh[used] = store[place + i]
                used += 1
            kept += 1
    return kept, used


class Sleepers:
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

    def __init__(self, machine: Machine, budget: Budget, allotments: int) -> None:
        self.machine = machine
        self.budget = budget
        self._run = Budget(budget.max_length, min(budget.max_steps * allotments, MOST_STEPS), budget.total)
        self._bits = np.zeros(64, dtype=np.uint8)
        self._entries = np.zeros((1024, COLUMNS), dtype=np.int64)
        self._state = np.zeros(SLOTS, dtype=np.int64)
        self._state[NOW], self._state[ALLOTMENT] = 1, budget.max_steps
        self._groups = 1
        self._renew_memory(0)
        self._store = np.zeros(4 * int(self._state[RESERVE]), dtype=np.int64)
        self._call(plant, self._memory, _FOLLOW, self._entries, self._store, self._state)
        self._tally: np.ndarray | None = None

    def __getstate__(self) -> dict:
        state = self.__dict__.copy()
        state["machine"] = self.machine.name
        state["_entries"] = self._entries[: self._state[ENTRIES]].copy()
        state["_store"] = self._store[: self._state[USED]].copy()
        del state["_memory"]
        return state

    def __setstate__(self, state: dict) -> None:
        from induction.machines import get

        self.__dict__.update(state)
        self.machine = get(state["machine"])
        self._renew_memory(int(self._state[LARGEST]) * PACKED_CELLS)

    def masses(self) -> np.ndarray:
        """Carry all programs on into this round, if that is not done yet, and say what they do.

        Returns
        -------
        numpy.ndarray
            Shape (groups, 5), int64: mass over 2^L awake with 0, awake with 1, asleep; length (127 if the group is
            empty) and bits of the first of the shortest programs.
        """
        if self._tally is None:
            state = self._state
            if state[LARGEST] * PACKED_CELLS > self._extent:
                self._renew_memory(_GROWTH * int(state[LARGEST]) * PACKED_CELLS)
            state[ENTRY], state[DEPTH] = 0, -1
            while full := self._call(carry, self._memory, _FOLLOW, self._entries, self._store, self._bits, state):
                if full == 1:
                    self._entries = np.concatenate([self._entries, np.zeros_like(self._entries)])
                else:
                    more = np.zeros(len(self._store) + int(state[RESERVE]), dtype=np.int64)
                    self._store = np.concatenate([self._store, more])
            self._tally = self.shortest()
        return self._tally

    def shortest(self) -> np.ndarray:
        """As :meth:`masses`, of the programs as they are; after `learn` only length and bits have a meaning."""
        sums = np.zeros((self._groups, TALLY_COLUMNS), dtype=np.int64)
        sums[:, LEAST] = NO_LENGTH
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

    def _renew_memory(self, extent: int) -> None:
        self._extent = extent
        self._memory = self.machine.memory(self._run, 3, extent)
        self._state[RESERVE] = self.machine.packed_words(self._memory.rules, self._memory.work)

    def _call(self, template: Callable, *arguments: object) -> Any:
        return compiled(template, self.machine)(*arguments)


# The table of one output bit: its node 0 leads to leaf 1 by a 0, to leaf 2 by a 1.
_FOLLOW = np.array([-1, -2], dtype=np.int64)
