# mypy: disable-error-code="name-defined"
# ruff: noqa: F821
"""The kernels of :mod:`induction.enumeration.inputs`: hypotheses, run on one input after another."""

from __future__ import annotations

import math

from induction.enumeration.entries import (
    DEPTH,
    ENTRIES,
    ENTRY,
    EVENT,
    MORE,
    OLD,
    OTHERS,
    PLACE,
    PROGRAM,
    RESERVE,
    SIZE,
    SPENT,
    TOO_LONG,
    USED,
    WORDS,
    Likeness,
    lay_fork,
    move,
    point,
)
from induction.machines.kernel import kernel, pointer, pointers
from induction.machines.machine import FIELD, LENGTH, NEED, NODE, REST, RULE_FIELD, WEIGHT

# Columns of a hypothesis, beside those of every entry: its mass over 2^L, and two counts for whoever predicts with
# it. Its program is the first of its programs, its event TOO_LONG if it reads no more, and only rules are packed.
MASS, ERRORS, HITS, COLUMNS = range(OTHERS, OTHERS + 4)
LOG_MASS, LOSS, FLOATS = range(3)  # its floats: log2 of its mass, its own loss in bits
# Slots of the state, beside those of every state: words of the store that the last input did not change, whether a
# raw bit was read.
KEPT, RAW, SLOTS = range(MORE, MORE + 3)
REPLACED = 0  # the answer of a hypothesis whose children answer for it; else `1 b1 ... bk`, the output after a 1


def begin(memory, entries_array, floats_array, store_array, state):
    """One hypothesis, the empty program."""
    frames, rules, work, _ = pointers(memory)
    entries = pointer(entries_array)
    floats = pointer(floats_array)
    start(frames, 0, work)
    restart(frames, 0, entries, 0, work)
    for column in range(COLUMNS):
        entries[column] = 0
    entries[MASS] = 1 << memory.limits[0]
    entries[WORDS] = pack(frames, 0, rules, work, pointer(store_array), 0)
    floats[LOG_MASS] = float(memory.limits[0])
    floats[LOSS] = 0.0
    state[ENTRIES] = 1
    state[USED] = entries[WORDS]


@kernel
def copies(p, row):
    """How many programs, all of one length, a hypothesis stands for that may still read."""
    return p.entries[row + MASS] >> (p.limits[0] - p.entries[row + SIZE])


@kernel
def put_child(p, floats, top, event, row, new):
    """Enter what a hypothesis becomes on the branch that ends in frame `top`, all but its packed rules."""
    frames = p.frames
    entries = p.entries
    longest = p.limits[0]
    length = frames[top + LENGTH]
    mass = frames[top + REST]
    program = frames[top + WEIGHT]
    move(entries, row, new, COLUMNS)
    if event == SPENT or event == TOO_LONG:  # the last so many strings of all L bits long
        program = ((program + 1) << (longest - length)) - mass // copies(p, row)
        length = longest
        entries[new + EVENT] = TOO_LONG
    entries[new + PROGRAM] = program
    entries[new + SIZE] = length
    entries[new + MASS] = mass
    parent = row // COLUMNS
    child = new // COLUMNS
    p.own[child] = frames[top + NODE] + 1
    floats[FLOATS * child + LOG_MASS] = math.log2(float(mass))
    floats[FLOATS * child + LOSS] = floats[FLOATS * parent + LOSS]


def extend(memory, follow, inputs_array, entries_array, floats_array, store_array, answers_array, state_array):
    """Run hypotheses on an input; return 0 when done, else which array is full (1 entries, 2 store)."""
    p = point(memory, follow, entries_array, store_array, answers_array, state_array)
    frames, rules, work, limits, data, entries, store, answers, state = p
    inputs = pointer(inputs_array)
    floats = pointer(floats_array)
    capacity = min(entries_array.shape[0], floats_array.shape[0], answers_array.size)
    room = store_array.size - state[RESERVE]
    entry = state[ENTRY]
    at = state[DEPTH]
    count = state[ENTRIES]
    used = state[USED]
    full = 0
    while entry < state[OLD] and full == 0:
        row = COLUMNS * entry
        top = -1  # the frame of a child
        event = NEED
        if at < 0:
            unpack(frames, 0, rules, work, store, entries[row + PLACE])
            restart(frames, 0, inputs, inputs_array.size, work)
            event = resume(frames, 0, data, rules, work, limits)
            if event == NEED and entries[row + EVENT] != TOO_LONG:
                answers[entry] = REPLACED
                lay_fork(frames, 0, entries[row + SIZE], entries[row + PROGRAM], entries[row + MASS])
                at = 0
            else:
                answers[entry] = frames[NODE] + 1
                entry += 1
        elif count == capacity:
            full = 1
        elif used > room:
            full = 2
        else:
            raw = frames[at + FIELD] < RULE_FIELD
            event = next_branch(p, at, copies(p, row))
            if event == SPENT:
                top = at
                at -= FRAME
            else:
                state[RAW] |= raw
                if event == NEED:
                    at += FRAME
                else:
                    top = at + FRAME
        if top >= 0 and frames[top + REST] > 0:
            new = COLUMNS * count
            put_child(p, floats, top, event, row, new)
            restart(frames, top, inputs, 0, work)
            entries[new + PLACE] = used
            entries[new + WORDS] = pack(frames, top, rules, work, store, used)
            used += entries[new + WORDS]
            count += 1
        if event == SPENT and at < 0:
            entry += 1
    state[ENTRY] = entry
    state[DEPTH] = at
    state[ENTRIES] = count
    state[USED] = used
    return full


def key_of(entries, own, row):
    """Length, record and loss."""
    key = (entries[row + SIZE] * 31 + entries[row + ERRORS]) * 31 + entries[row + HITS]
    return key + int(own[FLOATS * (row // COLUMNS) + LOSS] * 1048576.0)


def alike(entries, own, row, other):
    """Equal lengths, records and losses."""
    same = entries[row + SIZE] == entries[other + SIZE]
    same = same and entries[row + ERRORS] == entries[other + ERRORS]
    same = same and entries[row + HITS] == entries[other + HITS]
    return same and own[FLOATS * (row // COLUMNS) + LOSS] == own[FLOATS * (other // COLUMNS) + LOSS]


def keep(entries, own, row, to):
    """Move the floats as well."""
    move(entries, row, to, COLUMNS)
    move(own, FLOATS * (row // COLUMNS), FLOATS * (to // COLUMNS), FLOATS)


def join(entries, own, row, twin):
    """Add up masses, and keep the first of the programs."""
    entries[twin + MASS] += entries[row + MASS]
    entries[twin + PROGRAM] = min(entries[twin + PROGRAM], entries[row + PROGRAM])
    own[FLOATS * (twin // COLUMNS) + LOG_MASS] = math.log2(float(entries[twin + MASS]))


LIKENESS = Likeness(COLUMNS, key_of, alike, keep, join)


def show(memory, store_array, place):
    """Put packed rules into the machine's memory, for people to read."""
    frames = pointer(memory.frames)
    unpack(frames, 0, pointer(memory.rules), pointer(memory.work), pointer(store_array), place)
