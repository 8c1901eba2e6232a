# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Programs that are carried on from bit to bit: how each is kept, and what all loops over them share.

An entry is a program with its machine's packed configuration. An entry that stands at an output bit is
laid out in memory and run on; one that stands at a fork is laid out there, its options are walked, and
every branch that has written a bit becomes an entry of its own. The loops differ in what they do with
the bits and with the mass.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from induction.machines.kernel import kernel, pointer, rebound, specialise
from induction.machines.machine import CUT, LEAF, LENGTH, NEED, NODE, OPTION, REST, WEIGHT, Machine

PACKED_CELLS = 64  # no packed word holds more cells of memory than this

# Columns that every entry begins with: the program's bits as a number, its length, the event that it stands
# at, where in the store its configuration is packed, and in how many words.
PROGRAM, SIZE, EVENT, PLACE, WORDS, OTHERS = range(6)
# Slots that every state begins with, as loops carry it: the entry and the frame on which they stand, entries and
# words of the store in use, words to keep free, the largest configuration.
ENTRY, DEPTH, ENTRIES, USED, RESERVE, LARGEST, MORE = range(7)

# Events of a loop's own: no option is left that fits; needs more bits than there may be.
SPENT, TOO_LONG = -1, CUT + 1


def open_fork(frames, rules, work, row, mass, entries, store):
    """Lay an entry's configuration out, with all options of its pending field and `mass` to be walked."""
    unpack(frames, 0, rules, work, store, entries[row + PLACE])
    frames[OPTION] = 0
    frames[LENGTH] = entries[row + SIZE]
    frames[WEIGHT] = entries[row + PROGRAM]
    frames[REST] = mass


def next_branch(frames, at, node, equals, data, rules, work, limits):
    """Take the next option of the fork at `at`, data node `node`, by `equals` programs; return the event.

    Unless that is SPENT, when the fork is closed, the next frame holds program, length and mass, as a fork would.
    """
    to = at + FRAME
    option = frames[at + OPTION]
    bits = width(frames, at, option)
    length = frames[at + LENGTH] + bits
    event = SPENT
    if bits == 0 or length > limits[0]:
        close(frames, at, rules, work)
    else:
        mass = equals << (limits[0] - length)
        program = frames[at + WEIGHT] << bits | code(frames, at, option)
        frames[at + NODE] = node
        frames[at + OPTION] = option + 1
        frames[at + REST] -= mass
        event = take(frames, at, option, data, rules, work, limits)
        frames[to + OPTION] = 0
        frames[to + LENGTH] = length
        frames[to + WEIGHT] = program
        frames[to + REST] = mass
        event = if_it_fits(frames, to, event, length, limits)
    return event


def if_it_fits(frames, at, event, length, limits):
    """The event, or TOO_LONG in place of a fork none of whose options fits behind `length` bits."""
    if event == NEED and length + width(frames, at, 0) > limits[0]:
        event = TOO_LONG
    return event


def run_ahead(frames, at, root, data, rules, work, limits):
    """Run on from node `root` of the table of all strings; return event, bits (the first lowest) and their number."""
    frames[at + NODE] = root
    event = resume(frames, at, data, rules, work, limits)
    ahead = frames[at + NODE] + 1
    written = 0
    bits = 0
    while ahead >> written > root + 1:
        bits = 2 * bits | ((ahead >> written) & 1)
        written += 1
    return event, bits, written


def put_back(frames, at, event, row, rules, work, entries, store, used):
    """Pack the configuration at `at` into an entry, `used` words of the store being in use; return its words."""
    words = 0  # a configuration that has come to its end is not needed any more
    if event <= LEAF:
        words = pack(frames, at, rules, work, store, used)
    entries[row + EVENT] = event
    entries[row + PLACE] = used
    entries[row + WORDS] = words
    return words


@kernel
def move(entries, row, to, columns):
    """Copy an entry of so many columns."""
    if to != row:
        for column in range(columns):
            entries[to + column] = entries[row + column]


@kernel
def repack(entries, row, store, fresh, used):
    """Move an entry's packed words to `fresh`, `used` words of which are in use; return its words."""
    place = entries[row + PLACE]
    words = entries[row + WORDS]
    for i in range(words):
        fresh[used + i] = store[place + i]
    entries[row + PLACE] = used
    return words


def compact(entries_array, count, store_array, fresh_array):
    """Copy the packed words in use to `fresh_array`; return how many there are."""
    entries = pointer(entries_array)
    store = pointer(store_array)
    fresh = pointer(fresh_array)
    columns = entries_array.shape[1]
    used = 0
    for row in range(0, columns * count, columns):
        used += repack(entries, row, store, fresh, used)
    return used


SHARED = (open_fork, if_it_fits, next_branch, run_ahead, put_back)


@functools.cache
def bound_to(template: Callable, machine: Machine, helpers: tuple[Callable, ...] = ()) -> Callable:
    """A loop over entries bound to a machine's kernels and to what it shares with others, compiled once a process.

    Helpers of its own may call the shared ones and those before them.
    """
    kernels = {name: one if hasattr(one, "py_func") else kernel(one) for name, one in machine.kernels._asdict().items()}
    parts = {**kernels, "FRAME": machine.frame}
    for helper in SHARED + helpers:
        parts[helper.__name__] = kernel(rebound(helper, parts))
    return specialise(template, machine.name, parts)
