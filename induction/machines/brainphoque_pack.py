"""Configurations of `brainphoque` in few words: the tokens, and the tape between the outermost cells seen."""

from __future__ import annotations

import numpy as np

from induction.machines.brainphoque_layout import (
    CELLS,
    CLOSE,
    CODE_AT,
    COUNTER,
    HEAD,
    HIGHEST,
    JUMP_OF,
    LOG_SIZE,
    LOWEST,
    MARK,
    OPEN,
    OUTER_OF,
    PLACED,
    PLACES,
    SIZE,
    STRIDE,
    TAPE_AT,
    TOKEN_OF,
    TOP,
)
from induction.machines.kernel import kernel
from induction.machines.machine import DEADLINE, FIELD, NODE, STEPS

PACKED_TOKEN, TOKENS_A_WORD, CELLS_A_WORD = 14, 4, 32


@kernel
def pack(frames, at, rules, work, out, offset):
    """Three words of registers, a word for four tokens, then the tape between the outermost ones."""
    length = frames[at + SIZE]
    lowest = frames[at + LOWEST]
    highest = frames[at + HIGHEST]
    word = frames[at + FIELD] | length << 3 | frames[at + COUNTER] << 8 | (frames[at + TOP] + 1) << 13
    out[offset] = word | frames[at + HEAD] << 18 | lowest << 26 | highest << 34
    out[offset + 1] = frames[at + STEPS]
    out[offset + 2] = frames[at + DEADLINE]
    to = offset + 3
    for first in range(0, length, TOKENS_A_WORD):
        word = 0
        for place in range(first, min(first + TOKENS_A_WORD, length)):
            row = CODE_AT + STRIDE * place
            token = rules[row + TOKEN_OF] | (rules[row + JUMP_OF] + 1) << 4
            if token >> 4 > 0 or token == OPEN:  # else not open, now or before
                token |= (rules[row + OUTER_OF] + 1) << 9
            word |= token << PACKED_TOKEN * (place - first)
        out[to] = word
        to += 1
    for first in range(lowest, highest + 1, CELLS_A_WORD):
        word = 0
        for place in range(first, min(first + CELLS_A_WORD, highest + 1)):
            word |= (work[TAPE_AT + place] & 1) << (place - first)
        out[to] = word
        to += 1
    return to - offset


@kernel
def unpack(frames, at, rules, work, packed, offset):
    """Put a packed configuration back, in place of the one that the frame held."""
    for place in range(CELLS):
        work[TAPE_AT + place] = 0
    work[LOG_SIZE] = 0
    word = packed[offset]
    length = (word >> 3) & 31
    lowest = (word >> 26) & 255
    highest = (word >> 34) & 255
    source = offset + 3
    placed = 0
    for place in range(length):
        token = packed[source + place // TOKENS_A_WORD] >> PACKED_TOKEN * (place % TOKENS_A_WORD)
        row = CODE_AT + STRIDE * place
        rules[row + TOKEN_OF] = token & 15
        rules[row + JUMP_OF] = ((token >> 4) & 31) - 1
        rules[row + OUTER_OF] = ((token >> 9) & 31) - 1
        # Of the log only the size is asked for: nothing that was done before this frame is undone.
        placed += 1 if token & 15 != CLOSE and (token >> 4) & 31 > 0 else 0
    rules[PLACES] = placed
    source += (length + TOKENS_A_WORD - 1) // TOKENS_A_WORD
    for place in range(highest + 1 - lowest):
        work[TAPE_AT + lowest + place] = (packed[source + place // CELLS_A_WORD] >> (place % CELLS_A_WORD)) & 1
    frames[at + NODE] = 0
    frames[at + STEPS] = packed[offset + 1]
    frames[at + DEADLINE] = packed[offset + 2]
    frames[at + FIELD] = word & 7
    frames[at + COUNTER] = (word >> 8) & 31
    frames[at + HEAD] = (word >> 18) & 255
    frames[at + SIZE] = length
    frames[at + TOP] = ((word >> 13) & 31) - 1
    frames[at + LOWEST] = lowest
    frames[at + HIGHEST] = highest
    frames[at + MARK] = 0
    frames[at + PLACED] = placed
    return source - offset + (highest + CELLS_A_WORD - lowest) // CELLS_A_WORD


def packed_words(rules: np.ndarray, work: np.ndarray) -> int:
    """Registers, every token, every cell."""
    return 3 + len(rules) // (STRIDE * TOKENS_A_WORD) + 1 + CELLS // CELLS_A_WORD
