# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""Programs that are carried on from bit to bit: how each is kept, and what all loops over them share.

An entry is a program with its machine's packed configuration. How entries are carried on stands in
:mod:`induction.enumeration.carry`, what is done with their bits and their mass in a :class:`Kind`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from induction.machines.kernel import kernel, pointer, pointers, rebound, specialise
from induction.machines.machine import CUT, LEAF, LENGTH, NEED, NODE, OPTION, REST, WEIGHT, Machine

PACKED_CELLS = 64  # no packed word holds more cells of memory than this

# Columns that every entry begins with: the program's bits as a number, its length, the event that it stands
# at, where in the store its configuration is packed, and in how many words.
PROGRAM, SIZE, EVENT, PLACE, WORDS, OTHERS = range(6)
# Slots that every state begins with, as loops carry it: the entry and the frame on which it stands, entries and
# words of the store in use, words to keep free, cells that memory has room for at the start of a run, how many
# entries are to be carried on.
ENTRY, DEPTH, ENTRIES, USED, RESERVE, EXTENT, OLD, MORE = range(8)

# Events of a loop's own: no option is left that fits; needs more bits than there may be.
SPENT, TOO_LONG = -1, CUT + 1


class Kind(NamedTuple):
    """What a kind of population does with its entries: what the loop calls, by the names that it calls it.

    Kernels get the loop's `p`, see :class:`Pointers`. Those that pack an entry, with `used` words of the store
    in use, return its words.

    Attributes
    ----------
    columns : int
        Of an entry.
    root : int
        The node of the table at which an entry is to write its next bit.
    newcomers : int
        1 if entries that branch off are to be carried on as well, at once; else 0.
    first : callable
        ``first(p, event)``: enter the empty program, which has run to its first event.
    there : callable
        ``there(p, row)``: whether an entry needs no carrying on.
    run_on : callable
        ``run_on(p, row, used)``: run an entry on that stands at an output bit, and is laid out at frame 0.
    copies : callable
        ``copies(p, row)``: how many programs, all of one length, an entry at a fork stands for.
    branch_off : callable
        ``branch_off(p, at, row, new, used)``: enter a branch, of the entry at `row`, that has written its bit. The
        new entry has its program and its length already.
    ended : callable
        ``ended(p, row)``: an entry has come to its last event.
    lost : callable
        ``lost(p, at, row, event)``: so has the mass in a frame. It is a branch of the entry at `row`, or a
        fork with no option left that fits, TOO_LONG.
    helpers : tuple of callable
        Which those call; each may call those before it.
    """

    columns: int
    root: int
    newcomers: int
    first: Callable
    there: Callable
    run_on: Callable
    copies: Callable
    branch_off: Callable
    ended: Callable
    lost: Callable
    helpers: tuple[Callable, ...] = ()


class Likeness(NamedTuple):
    """Which entries are one, and how they become one: what `merge` calls, by the names that it calls it.

    Kernels get pointers to the entries and to an array of the kind's own.

    Attributes
    ----------
    columns : int
        Of an entry.
    key_of : callable
        ``key_of(entries, own, row)``: a number, the same for entries that are alike.
    alike : callable
        ``alike(entries, own, row, other)``: whether two entries of equal events and configurations are one.
    keep : callable
        ``keep(entries, own, row, to)``: move an entry that is like none before it to its new row.
    join : callable
        ``join(entries, own, row, twin)``: add an entry to the one that it is like.
    """

    columns: int
    key_of: Callable
    alike: Callable
    keep: Callable
    join: Callable


class Pointers(NamedTuple):
    """All that a loop over entries works on; kernels get it as `p`.

    The machine's memory, the table that outputs are held against, entries, packed configurations, an array of the
    kind's own, and the state.
    """

    frames: Any
    rules: Any
    work: Any
    limits: Any
    data: Any
    entries: Any
    store: Any
    own: Any
    state: Any


@kernel
def point(memory, follow, entries, store, own, state):
    """Pointers to arrays."""
    frames, rules, work, limits = pointers(memory)
    return Pointers(
        frames, rules, work, limits, pointer(follow), pointer(entries), pointer(store), pointer(own), pointer(state)
    )


@kernel
def lay_fork(frames, at, length, program, mass):
    """Enter in a frame that all options of its pending field, and `mass`, are to be walked."""
    frames[at + OPTION] = 0
    frames[at + LENGTH] = length
    frames[at + WEIGHT] = program
    frames[at + REST] = mass


def next_branch(p, at, equals):
    """Take the next option of the fork at `at` by `equals` programs; return the event.

    Unless that is SPENT, when the fork is closed, the next frame holds program, length and mass, as a fork would.
    """
    frames = p.frames
    to = at + FRAME
    option = frames[at + OPTION]
    bits = width(frames, at, option)
    length = frames[at + LENGTH] + bits
    event = SPENT
    if bits == 0 or length > p.limits[0]:
        close(frames, at, p.rules, p.work)
    else:
        mass = equals << (p.limits[0] - length)
        program = frames[at + WEIGHT] << bits | code(frames, at, option)
        frames[at + OPTION] = option + 1
        frames[at + REST] -= mass
        event = take(frames, at, option, p.data, p.rules, p.work, p.limits)
        lay_fork(frames, to, length, program, mass)
        event = if_it_fits(p, to, event, length)
    return event


def if_it_fits(p, at, event, length):
    """The event, or TOO_LONG in place of a fork none of whose options fits behind `length` bits."""
    if event == NEED and length + width(p.frames, at, 0) > p.limits[0]:
        event = TOO_LONG
    return event


def run_from(p, at, root):
    """Run on in place, from a node of the table; return the event."""
    p.frames[at + NODE] = root
    return resume(p.frames, at, p.data, p.rules, p.work, p.limits)


def run_ahead(p, at, root):
    """Run on from node `root` of the table of all strings; return event, bits (the first lowest) and their number."""
    event = run_from(p, at, root)
    ahead = p.frames[at + NODE] + 1
    written = 0
    bits = 0
    while ahead >> written > root + 1:
        bits = 2 * bits | ((ahead >> written) & 1)
        written += 1
    return event, bits, written


@kernel
def last_bit(p, at):
    """The bit that led to the node of the table of all strings on which a frame stands."""
    return (p.frames[at + NODE] + 1) & 1


def put_back(p, at, event, row, used):
    """Pack the configuration at `at` into an entry; return its words."""
    words = 0  # a configuration that has come to its end is not needed any more
    if event <= LEAF:
        words = pack(p.frames, at, p.rules, p.work, p.store, used)
    p.entries[row + EVENT] = event
    p.entries[row + PLACE] = used
    p.entries[row + WORDS] = words
    return words


@kernel
def move(entries, row, to, columns):
    """Copy an entry of so many columns."""
    if to != row:
        for column in range(columns):
            entries[to + column] = entries[row + column]


@kernel
def note_shortest(sums, at, size, program):
    """Enter a program's length and bits at `at`, if it is the first of the shortest so far."""
    if size < sums[at] or (size == sums[at] and program < sums[at + 1]):
        sums[at] = size
        sums[at + 1] = program


def compact(entries_array, count, store_array, fresh_array):
    """Copy the packed words in use to `fresh_array`; return how many there are."""
    entries = pointer(entries_array)
    store = pointer(store_array)
    fresh = pointer(fresh_array)
    columns = entries_array.shape[1]
    used = 0
    for row in range(0, columns * count, columns):
        place = entries[row + PLACE]
        words = entries[row + WORDS]
        for i in range(words):
            fresh[used + i] = store[place + i]
        entries[row + PLACE] = used
        used += words
    return used


SHARED = (if_it_fits, next_branch, run_from, run_ahead, put_back)


@functools.cache
def bound_to(template: Callable, machine: Machine, kind: Kind | Likeness | None = None) -> Callable:
    """A loop over entries bound to a machine's kernels and to a kind's, compiled once a process.

    The kind's numbers are bound too, by their names in capitals.
    """
    kernels = {name: one if hasattr(one, "py_func") else kernel(one) for name, one in machine.kernels._asdict().items()}
    parts = {**kernels, "FRAME": machine.frame}
    helpers = {one.__name__: one for one in SHARED}
    if kind is not None:
        fields = kind._asdict()
        parts |= {name.upper(): one for name, one in fields.items() if isinstance(one, int)}
        helpers |= {one.__name__: one for one in fields.get("helpers", ())}
        helpers |= {name: one for name, one in fields.items() if callable(one)}
    for name, helper in helpers.items():
        parts[name] = kernel(rebound(helper, parts))
    return specialise(template, machine.name, parts)
