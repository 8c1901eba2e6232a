# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Programs that may be late: each is carried on to its next output bit, and the steps of every bit are counted."""

from __future__ import annotations

import numpy as np

from induction.budget import NO_PROGRAM, Budget
from induction.enumeration.entries import (
    ENTRIES,
    MORE,
    OTHERS,
    PROGRAM,
    SIZE,
    WORDS,
    Kind,
    move,
    note_shortest,
)
from induction.enumeration.population import Population
from induction.enumeration.room import stretched
from induction.enumeration.runner import program_text
from induction.machines.kernel import pointer
from induction.machines.machine import LEAF, NODE, STEPS, Machine

# Columns of an entry. POSITION is the output bit that comes next, counted from 1; BIT is its value, or UNKNOWN;
# READY is the round in which it is, or the one before it was, there; SINCE counts steps up to the bit before.
POSITION, BIT, READY, SINCE, GROUP, COLUMNS = range(OTHERS, OTHERS + 6)
UNKNOWN, GONE = 2, 3
NOW, ALLOTMENT, SLOTS = range(MORE, MORE + 3)  # slots of the state
# Columns of the tally, a row for each group.
AWAKE_0, AWAKE_1, ASLEEP, LEAST, FIRST_PROGRAM, TALLY_COLUMNS = range(6)


def arrive(p, at, event, row, used):
    """Enter what a run came to, and when; return the words that it is packed in."""
    entries = p.entries
    if event == LEAF:
        allotment = p.state[ALLOTMENT]
        entries[row + BIT] = p.frames[at + NODE] - 1  # of the table of one bit, leaves 1 and 2
        steps = p.frames[at + STEPS] - entries[row + SINCE]
        allotments = max(1, (steps + allotment - 1) // allotment)
        entries[row + READY] = max(entries[row + POSITION], entries[row + READY]) + allotments - 1
        entries[row + SINCE] = p.frames[at + STEPS]
    return put_back(p, at, event, row, used)


def first(p, event):
    """The empty program has yet to write its first bit."""
    p.entries[POSITION] = 1
    p.entries[BIT] = UNKNOWN
    return arrive(p, 0, event, 0, 0)


def there(p, row):
    """Whether an entry is asleep, awake or gone; one that was right about bits of the past goes on to the next."""
    entries = p.entries
    bit = entries[row + BIT]
    position = entries[row + POSITION]
    done = bit == GONE
    if bit < UNKNOWN:
        done = entries[row + READY] > p.state[NOW] or position == p.state[NOW]  # asleep, or awake
        if not done:
            done = p.own[position - 1] != bit
            if done:
                entries[row + BIT] = GONE
            else:
                entries[row + BIT] = UNKNOWN
                entries[row + POSITION] = position + 1
    return done


def run_on(p, row, used):
    """Run to the next bit."""
    return arrive(p, 0, run_from(p, 0, 0), row, used)


def copies(p, row):
    """An entry is one program."""
    return 1


def branch_off(p, at, row, new, used):
    """A program with a bit of its own, late or in time."""
    entries = p.entries
    entries[new + POSITION] = entries[row + POSITION]
    entries[new + READY] = entries[row + READY]
    entries[new + SINCE] = entries[row + SINCE]
    entries[new + GROUP] = entries[row + GROUP]
    return arrive(p, at, LEAF, new, used)


def ended(p, row):
    """The program will never say anything again."""
    p.entries[row + BIT] = GONE


def lost(p, at, row, event):
    """Nothing to book: a program whose branches have all been walked is UNKNOWN from then on, and they stand for it."""


KIND = Kind(COLUMNS, 0, 1, first, there, run_on, copies, branch_off, ended, lost, (arrive,))


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
            note_shortest(sums, to + LEAST, size, entries[row + PROGRAM])


def keep(entries_array, count, now, bit, groups):
    """Drop what is gone or wrong, move sleepers to their new group; return how many are left, and their words."""
    entries = pointer(entries_array)
    kept = 0
    words = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        asleep = entries[row + READY] > now
        if entries[row + BIT] < UNKNOWN and (asleep or entries[row + BIT] == bit):
            to = COLUMNS * kept
            move(entries, row, to, COLUMNS)
            entries[to + GROUP] = groups[2 * entries[row + GROUP] + asleep]
            words += entries[to + WORDS]
            kept += 1
    return kept, words


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

    _outputs = 3
    _levels = 1
    _KIND = KIND

    def __init__(self, machine: Machine, budget: Budget, allotments: int) -> None:
        self.machine = machine
        self.budget = budget
        self._bits = np.zeros(64, dtype=np.uint8)
        self._settle_in(budget, COLUMNS, SLOTS, allotments)
        self._state[NOW], self._state[ALLOTMENT] = 1, budget.max_steps
        self._groups = 1
        self._plant()
        self._tally: np.ndarray | None = None

    def masses(self) -> np.ndarray:
        """Carry all programs on into this round, if that is not done yet, and say what they do.

        Returns
        -------
        numpy.ndarray
            Shape (groups, 5), int64: mass over 2^L awake with 0, awake with 1, asleep; length (127 if the group is
            empty) and bits of the first of the shortest programs.
        """
        if self._tally is None:
            self._carry_on(self._bits)
            self._tally = self.shortest()
        return self._tally

    def shortest(self) -> np.ndarray:
        """As :meth:`masses`, of the programs as they are; after `learn` only length and bits have a meaning."""
        sums = np.zeros((self._groups, TALLY_COLUMNS), dtype=np.int64)
        sums[:, LEAST] = NO_PROGRAM
        length = self.budget.max_length
        self._call(tally, self._entries, self._state[ENTRIES], self._state[NOW], length, sums)
        return sums

    def programs(self) -> np.ndarray:
        """Bits as a number, length and group of all programs for the data so far, asleep or awake, shape (size, 3)."""
        return self._entries[: self._size, [PROGRAM, SIZE, GROUP]]

    def text(self, bits: str, outputs: int) -> str:
        """A program's bits as rule text, read while it writes at most `outputs` bits, each in all its allotments."""
        run = stretched(*self._room)
        return program_text(self.machine, bits, outputs, run.max_steps, run.total)

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
        now = int(self._state[NOW])
        kept, words = self._call(keep, self._entries, self._state[ENTRIES], now, bit, groups)
        self._state[ENTRIES] = self._size = kept
        self._state[NOW] = now + 1
        self._tidy(words)
        if now > len(self._bits):
            self._bits = np.concatenate([self._bits, np.zeros_like(self._bits)])
        self._bits[now - 1] = bit
        self._groups = len(origins)
        self._tally = None
        return origins
