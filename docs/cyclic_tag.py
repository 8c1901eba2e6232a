"""``cyclic-tag``: the bitwise form of a cyclic tag system.

The program is a list of items, run in a circle; memory is a word of bits, empty at the start.

``00``            back to the first item
``01``            erase the word's first bit and write it to the output (from an empty word: nothing)
``10``, ``11``    append a 0, a 1 to the word, if its first bit is a 1 or it is empty

An item is one step, and is read from the program when it is first reached. As text, the items are
``<``, ``-``, ``+0`` and ``+1``.

Silence is proved when a program comes back to its first item without any item that erases, or
without any that appends: it never writes. One that has both kinds writes for ever.
"""

import numpy as np

from induction import Budget, machines
from induction.machines import machine as m
from induction.machines.kernel import kernel

BACK, ERASE, APPEND, TOKENS = 0, 1, 2, ("<", "-", "+0", "+1")
# Registers: the program as a number (a 1, then its bits), how many items it has, how many of them are
# still to come in this round, which kinds have come, and where in `work` the word begins and ends.
PROGRAM, SIZE, LEFT, KINDS, HEAD, TAIL, FRAME = range(m.FIRST, m.FIRST + 7)
WORDS = FRAME - m.STEPS  # of a packed configuration, before the word

width = kernel(lambda frames, at, option: 2 if option < 4 else 0)
code = kernel(lambda frames, at, option: option)
close = kernel(lambda frames, at, rules, work: None)  # what is read stays in registers: nothing to forget


@kernel
def start(frames, at, work):
    for slot in range(m.NODE, FRAME):
        frames[at + slot] = 0
    frames[at + PROGRAM] = 1


@kernel
def take(frames, at, option, data, rules, work, limits):
    node, steps = frames[at + m.NODE], frames[at + m.STEPS]
    deadline = frames[at + m.DEADLINE] if steps > 0 else min(limits[1], limits[2])
    program, size, left = frames[at + PROGRAM], frames[at + SIZE], frames[at + LEFT]
    kinds, head, tail = frames[at + KINDS], frames[at + HEAD], frames[at + TAIL]
    to = at
    if option >= 0:
        to, program, size, left = at + FRAME, 4 * program + option, size + 1, 1
    event = m.NEED
    while event == m.NEED and left > 0 and steps < deadline:
        steps, left = steps + 1, left - 1
        item = (program >> (2 * left)) & 3
        kinds |= 1 << min(item, APPEND)
        if item == BACK:
            left, event = size, m.NEED if kinds == 7 else m.SILENT
        elif item == ERASE and head < tail:
            node, head = data[2 * node + work[head]], head + 1
            deadline = min(steps + limits[1], limits[2])
            event = m.NEED if node > 0 else m.LEAF if node < 0 else m.DIFFERS
        elif item >= APPEND and (head == tail or work[head] == 1):
            work[tail], tail = item - APPEND, tail + 1  # behind all that a fork below may need: nothing to undo
    if event == m.NEED and steps == deadline:
        event = m.TIMEOUT
    frames[to + m.NODE], frames[to + m.STEPS], frames[to + m.DEADLINE] = abs(node), steps, deadline
    frames[to + PROGRAM], frames[to + SIZE], frames[to + LEFT] = program, size, left
    frames[to + KINDS], frames[to + HEAD], frames[to + TAIL], frames[to + m.FIELD] = kinds, head, tail, m.RULE_FIELD
    return event


resume = kernel(lambda frames, at, data, rules, work, limits: take(frames, at, -1, data, rules, work, limits))


@kernel
def pack(frames, at, rules, work, out, offset):
    head, length = frames[at + HEAD], frames[at + TAIL] - frames[at + HEAD]
    for slot in range(m.STEPS, FRAME):
        out[offset + slot - m.STEPS] = frames[at + slot] - (head if slot >= HEAD else 0)
    for i in range(length):
        place = offset + WORDS + (i >> 5)
        out[place] = (out[place] if i & 31 else 0) | work[head + i] << (i & 31)
    return WORDS + ((length + 31) >> 5)


@kernel
def unpack(frames, at, rules, work, packed, offset):
    for slot in range(m.STEPS, FRAME):
        frames[at + slot] = packed[offset + slot - m.STEPS]
    for i in range(frames[at + TAIL]):
        work[i] = (packed[offset + WORDS + (i >> 5)] >> (i & 31)) & 1
    return WORDS + ((frames[at + TAIL] + 31) >> 5)


def allocate(budget, outputs, extent):
    return np.zeros(1, np.int64), np.zeros(m.longest_run(budget, outputs) + extent + 1, np.int8)


def describe(rules, program):
    return " ".join(TOKENS[(program >> i) & 3] for i in range(program.bit_length() - 3, -1, -2))


def parse(text):
    if wrong := set(text.split()) - set(TOKENS):
        raise ValueError(f"{min(wrong)!r} is no item; write items like '+1 +0 - <'")
    return {((place, "item"),): TOKENS.index(item) for place, item in enumerate(text.split())}


def choose(items, frame):
    name = ((int(frame[SIZE]), "item"),)
    return items.get(name), name


CYCLIC_TAG = machines.register(
    m.Machine(
        name="cyclic-tag", title="bitwise cyclic tag system: erases and appends bits in a circle", frame=FRAME,
        kernels=m.Kernels(start, width, code, take, resume, close, pack, unpack), allocate=allocate,
        describe=describe, parse=parse, choose=choose, listed=set, states_slot=PROGRAM,
        default=Budget(26, 128), fallback_exponent=12, example="+1 +0 - <",
    )
)  # fmt: skip
