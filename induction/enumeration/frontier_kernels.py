# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The kernels of :mod:`induction.enumeration.frontier`: all programs for the data so far."""

from __future__ import annotations

from induction.enumeration.entries import (
    EVENT,
    MORE,
    OTHERS,
    SIZE,
    WORDS,
    Kind,
    last_bit,
    move,
)
from induction.machines.kernel import pointer
from induction.machines.machine import LEAF, REST

AHEAD = 18  # the most bits that an entry runs ahead of the data
FIRST_AHEAD = 3  # how far a new entry runs ahead at once: most are refuted soon
LAST_LEVEL = (1 << (AHEAD - 1)) - 1  # `(1 << k) - 1` is the node with AHEAD - k levels below it

BITS_AHEAD, COUNT, COLUMNS = range(OTHERS, OTHERS + 3)  # of an entry: its output that the data have yet to reach
SLOTS = MORE


def go_ahead(p, at, levels, row, used):
    """Run ahead of the data by `levels` bits, and pack; return the words."""
    entries = p.entries
    event, bits, written = run_ahead(p, at, (1 << (AHEAD - levels)) - 1)
    event = if_it_fits(p, at, event, entries[row + SIZE])
    entries[row + BITS_AHEAD] |= bits << entries[row + COUNT]
    entries[row + COUNT] += written
    return put_back(p, at, event, row, used)


def first(p, event):
    """The frontier of the empty string."""
    if event == LEAF:
        p.entries[COUNT] = 1
        p.entries[BITS_AHEAD] = last_bit(p, 0)
    return put_back(p, 0, event, 0, 0)


def there(p, row):
    """Whether an entry has a bit ahead."""
    return p.entries[row + COUNT] > 0


def run_on(p, row, used):
    """Run far ahead, but not all at the same bit."""
    return go_ahead(p, 0, AHEAD - (row // COLUMNS & 3), row, used)


def copies(p, row):
    """An entry is one program."""
    return 1


def branch_off(p, at, row, new, used):
    """One bit ahead, and soon a few more."""
    p.entries[new + BITS_AHEAD] = last_bit(p, at)
    p.entries[new + COUNT] = 1
    return go_ahead(p, at, FIRST_AHEAD, new, used)


def ended(p, row):
    """Book the program's mass by its fate."""
    p.own[p.entries[row + EVENT] - 1] += 1 << (p.limits[0] - p.entries[row + SIZE])


def lost(p, at, row, event):
    """Book what is left of a frame's mass by its fate."""
    p.own[event - 1] += p.frames[at + REST]


KIND = Kind(COLUMNS, LAST_LEVEL, 0, first, there, run_on, copies, branch_off, ended, lost, (go_ahead,))


def tally(entries_array, count, longest, sums):
    """Mass of the entries whose next bit is 0, and is 1; packed words in use."""
    entries = pointer(entries_array)
    zeros = 0
    ones = 0
    words = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        words += entries[row + WORDS]
        if entries[row + COUNT] > 0:
            mass = 1 << (longest - entries[row + SIZE])
            if entries[row + BITS_AHEAD] & 1:
                ones += mass
            else:
                zeros += mass
    sums[0] = zeros
    sums[1] = ones
    sums[2] = words


def keep(entries_array, count, bit):
    """Keep the entries whose next bit is `bit`, use the bit up, and return how many there are."""
    entries = pointer(entries_array)
    kept = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        if entries[row + COUNT] > 0 and entries[row + BITS_AHEAD] & 1 == bit:
            to = COLUMNS * kept
            move(entries, row, to, COLUMNS)
            entries[to + BITS_AHEAD] >>= 1
            entries[to + COUNT] -= 1
            kept += 1
    return kept
