"""Configurations of `turing` in few words: the rules, and the tape between the outermost places that are not blank."""

from __future__ import annotations

import numpy as np

from induction.machines.cycles import CELLS, LOG_AT, TAPE_AT, outermost, wipe
from induction.machines.kernel import kernel
from induction.machines.machine import DEADLINE, FIELD, NODE, STEPS
from induction.machines.turing_layout import (
    ACTION_OF,
    DIRECTION_OF,
    HEAD,
    HIGHEST,
    LOWEST,
    MARK,
    NEXT_OF,
    RULE,
    STATES,
    STRIDE,
    WORD,
)


@kernel
def pack(frames, at, rules, work, out, offset):
    """Six words of registers, a word for each rule, then the places between the outermost ones."""
    head = frames[at + HEAD]
    states = frames[at + STATES]
    under = head >> 5
    first = outermost(frames[at + LOWEST] >> 5, under, work)
    last = outermost(frames[at + HIGHEST] >> 5, under, work)
    to = offset + 6
    count = 0
    for entry in range(2 * states):
        row = STRIDE * entry
        if rules[row + ACTION_OF] >= 0:
            count += 1
            word = entry | (rules[row + ACTION_OF] + 1) << 8
            out[to] = word | (rules[row + DIRECTION_OF] + 1) << 12 | (rules[row + NEXT_OF] + 1) << 16
            to += 1
    out[offset] = frames[at + FIELD] | frames[at + RULE] << 3 | states << 11 | count << 19 | (head & 31) << 27
    out[offset + 1] = frames[at + STEPS]
    out[offset + 2] = frames[at + DEADLINE]
    # What has been visited decides on records, so its blank ends are kept, as numbers.
    out[offset + 3] = head - frames[at + LOWEST]
    out[offset + 4] = frames[at + HIGHEST] - head
    out[offset + 5] = (under - first) << 32 | (last - under)
    for place in range(first, last + 1):
        out[to] = frames[at + WORD] if place == under else work[TAPE_AT + 4 * place]
        to += 1
    return to - offset


@kernel
def unpack(frames, at, rules, work, packed, offset):
    """Put a packed configuration back, in place of the one that the frame held."""
    for slot in range(2 * STRIDE * frames[at + STATES]):
        rules[slot] = -1
    wipe(frames[at + LOWEST] >> 5, frames[at + HIGHEST] >> 5, work)
    word = packed[offset]
    frames[at + FIELD] = word & 7
    frames[at + RULE] = (word >> 3) & 255
    frames[at + STATES] = (word >> 11) & 255
    count = (word >> 19) & 255
    frames[at + NODE] = 0
    frames[at + STEPS] = packed[offset + 1]
    frames[at + DEADLINE] = packed[offset + 2]
    under = (work[LOG_AT] - TAPE_AT) >> 3
    head = (under << 5) + ((word >> 27) & 31)
    frames[at + HEAD] = head
    frames[at + LOWEST] = head - packed[offset + 3]
    frames[at + HIGHEST] = head + packed[offset + 4]
    frames[at + MARK] = 0
    source = offset + 6
    for _ in range(count):
        word = packed[source]
        source += 1
        row = STRIDE * (word & 255)
        rules[row + ACTION_OF] = ((word >> 8) & 15) - 1
        rules[row + DIRECTION_OF] = ((word >> 12) & 15) - 1
        rules[row + NEXT_OF] = (word >> 16) - 1
    first = under - (packed[offset + 5] >> 32)
    last = under + (packed[offset + 5] & CELLS)
    for place in range(first, last + 1):
        work[TAPE_AT + 4 * place] = packed[source]
        source += 1
    frames[at + WORD] = work[TAPE_AT + 4 * under]
    return source - offset


def packed_words(rules: np.ndarray, work: np.ndarray) -> int:
    """Registers, every rule, every place of the tape."""
    return 6 + len(rules) // STRIDE + (int(work[LOG_AT]) - TAPE_AT) // 4
