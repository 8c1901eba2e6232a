"""Configurations of `queue` in few words: live rules and the live part of the queue only."""

from __future__ import annotations

from induction.machines.kernel import kernel
from induction.machines.machine import DEADLINE, FIELD, NODE, OPTION, STEPS, UNSEEN
from induction.machines.queue_layout import (
    DEFERRED,
    FRAME,
    HEAD,
    ITEM,
    ITEM_BITS,
    ITEMS,
    KNOWN,
    LATER,
    LOOKED_AT,
    NEXT_STATE,
    POSITION,
    QUEUE_WORD,
    RULE,
    RULE_BITS,
    SECONDS,
    SHARED,
    SHORT_RULE,
    STATE_BITS,
    STATES,
    STRIDE,
    TAIL,
    TAKEN,
)


@kernel
def live_states(rule, rules, states):
    """States whose rules can still matter after `rule`, as a bit mask.

    While any rule within reach is open, its next state may name any state, and all are live.
    """
    every = (1 << states) - 1
    live = every
    if rule >= 0 and rules[STRIDE * rule + NEXT_STATE] >= 0:
        live = 1 << rules[STRIDE * rule + NEXT_STATE]
        grown = 0
        while grown != live:
            grown = live
            for entry in range(2 * states):
                if (grown >> (entry >> 1)) & 1:
                    following = rules[STRIDE * entry + NEXT_STATE]
                    if following >= 0:
                        live |= 1 << following
                    else:
                        live = every
    return live


@kernel
def pack(frames, at, rules, work, out, offset):
    """Three words of registers, a word or two for each live rule, then the queue; for frames that are not narrowed."""
    rule = frames[at + RULE]
    states = frames[at + STATES]
    head = frames[at + HEAD]
    tail = frames[at + TAIL]
    to = offset + 3
    live = live_states(rule, rules, states)
    count = 0
    for entry in range(2 * states):
        row = STRIDE * entry
        known = rules[row + KNOWN]
        if known > 0 and (entry == rule or (live >> (entry >> 1)) & 1):
            count += 1
            items = rules[row + ITEMS] & ((1 << known) - 1)
            word = entry | known << RULE_BITS
            word |= (rules[row + NEXT_STATE] + 1) << (RULE_BITS + ITEM_BITS)
            word |= (items & ((1 << SHORT_RULE) - 1)) << (RULE_BITS + ITEM_BITS + STATE_BITS)
            out[to] = word
            to += 1
            if known > SHORT_RULE:
                out[to] = items >> SHORT_RULE
                to += 1
    out[offset] = frames[at + FIELD] | (rule + 1) << 3 | frames[at + POSITION] << 11 | states << 18 | count << 25
    out[offset] |= (tail - head) << 32
    out[offset + 1] = frames[at + STEPS]
    out[offset + 2] = frames[at + DEADLINE]
    taken = 0
    for i in range(head, tail):
        taken |= int(work[i])
    bits = 1 if taken < TAKEN else 2  # of a cell
    out[offset] |= (bits - 1) << 31
    cells = QUEUE_WORD >> (bits - 1)
    i = head
    while i < tail:  # a range with a step that is not known would divide
        word = 0
        for j in range(min(cells, tail - i)):
            word |= int(work[i + j]) << (bits * j)
        out[to] = word
        to += 1
        i += cells
    return to - offset


@kernel
def second_pairs(items, known):
    """The places of the second pairs of long codes."""
    seconds = 0
    position = 0
    while position < known:
        position += 2
        if (items >> (position - 2)) & 3 == 3:
            seconds |= 1 << position
            position += 2
    return seconds


@kernel
def unpack(frames, at, rules, work, packed, offset):
    """Put a packed configuration back, in place of the one that the frame held."""
    for row in range(0, 2 * STRIDE * frames[at + STATES], STRIDE):
        rules[row + KNOWN] = 0
        rules[row + NEXT_STATE] = -1
    word = packed[offset]
    frames[at + FIELD] = word & 7
    frames[at + RULE] = ((word >> 3) & 255) - 1
    frames[at + POSITION] = (word >> 11) & 127
    frames[at + STATES] = (word >> 18) & 127
    count = (word >> 25) & 63
    bits = 1 + ((word >> 31) & 1)
    length = word >> 32
    frames[at + NODE] = 0
    frames[at + STEPS] = packed[offset + 1]
    frames[at + DEADLINE] = packed[offset + 2]
    frames[at + HEAD] = 0
    frames[at + TAIL] = length
    source = offset + 3
    for _ in range(count):
        word = packed[source]
        source += 1
        row = STRIDE * (word & ((1 << RULE_BITS) - 1))
        word >>= RULE_BITS
        known = word & ((1 << ITEM_BITS) - 1)
        word >>= ITEM_BITS
        rules[row + KNOWN] = known
        rules[row + NEXT_STATE] = (word & ((1 << STATE_BITS) - 1)) - 1
        items = word >> STATE_BITS
        if known > SHORT_RULE:
            items |= packed[source] << SHORT_RULE
            source += 1
        rules[row + ITEMS] = items
        rules[row + SECONDS] = second_pairs(items, known)
    cells = QUEUE_WORD >> (bits - 1)
    for i in range(0, length, cells):
        word = packed[source]
        source += 1
        for j in range(min(cells, length - i)):
            work[i + j] = (word >> (bits * j)) & (2 * bits - 1)
    return source - offset


@kernel
def deferred(frames, at, number, work):
    """The bit that the take of this number read since the frame's option, UNSEEN if unused, -1 if there was none."""
    value = -1
    count = 0
    if frames[at + FIELD] == ITEM and frames[at + OPTION] == LATER + 1:
        count = 1
        if number == 0:
            cell = int(work[frames[at + TAIL]])
            value = cell & 1 if cell & LOOKED_AT else UNSEEN
    for place in range(frames[at + TAIL], frames[at + FRAME + TAIL]):
        cell = int(work[place])
        if TAKEN <= cell < SHARED:
            if count == number:
                value = UNSEEN if cell == DEFERRED else cell & 1
            count += 1
    return value
