"""Packing a ``lambda`` configuration: a copying collection of what can still be reached.

Live cells go out in the order in which they are reached from the registers, a word each, renumbered
from HEAP on. A closure keeps only those entries of its environment that its term mentions.
"""

from __future__ import annotations

from induction.machines.kernel import kernel
from induction.machines.lambda_heap import (
    ENTRY,
    HEAP,
    INERT,
    MASK,
    NIL,
    PLACES,
    PUSHED,
    QUEUE,
    READ,
    RIGHT,
    VALUE,
    cell_word,
    lay_out,
    left_of,
)
from induction.machines.lambda_terms import DEPTH, FREE, HOLES, STRIDE, TERM, TERM_END, read_again
from induction.machines.machine import DEADLINE, FIELD, NODE, RULE_FIELD, STEPS

# Registers once the term is known: the cell to enter; the stack; the rest of the output list while
# its first bit is being found, else NIL; the observer's present z; where cells are added; log size.
CELL, STACK, TAIL, PRESENT, TOP, MARK, FRAME = range(TERM_END, TERM_END + 7)
HEADER = 6  # words of registers


@kernel
def no_run(frames, at):
    """Registers while the term is being read."""
    frames[at + CELL] = NIL
    frames[at + STACK] = NIL
    frames[at + TAIL] = NIL
    frames[at + PRESENT] = NIL
    frames[at + TOP] = HEAP
    frames[at + MARK] = 0


@kernel
def reach(cell, count, work):
    """Put a cell on the list of live ones, if it is not there yet; return the length of the list."""
    if cell >= HEAP and work[work[PLACES] + cell] == 0:
        work[work[PLACES] + cell] = (HEAP + count) << 2
        work[work[QUEUE] + count] = cell
        count += 1
    return count


@kernel
def trace(cell, count, rules, work):
    """Reach what a live cell refers to. Of an environment only entries that a term mentions are live."""
    word = work[cell]
    tag = word & 7
    if tag <= VALUE:
        free = rules[STRIDE * (left_of(word)) + FREE]
        link = word >> RIGHT
        while free != 0:
            count = reach(link, count, work)
            if free & 1:
                work[work[PLACES] + link] |= 1
                count = reach(left_of(work[link]), count, work)
            free >>= 1
            if free != 0:
                work[work[PLACES] + link] |= 2
            link = work[link] >> RIGHT
    elif tag >= PUSHED:
        count = reach(left_of(word), count, work)
        count = reach(word >> RIGHT, count, work)
    elif tag == READ:
        count = reach(word >> RIGHT, count, work)
    return count


@kernel
def moved(cell, work):
    """Where a live cell will be."""
    return cell if cell < HEAP else work[work[PLACES] + cell] >> 2


@kernel
def renumbered(cell, rules, work):
    """A live cell's word, referring to the new places."""
    word = work[cell]
    tag = word & 7
    left = left_of(word)
    right = word >> RIGHT
    if tag <= VALUE:
        right = moved(right, work) if rules[STRIDE * left + FREE] != 0 else NIL
    elif tag == ENTRY:
        used = work[work[PLACES] + cell]
        left = moved(left, work) if used & 1 else NIL
        right = moved(right, work) if used & 2 else NIL
    elif tag == INERT:
        left = moved(cell, work)
    else:
        left = moved(left, work)
        right = moved(right, work)
    return cell_word(tag, left, right)


@kernel
def pack(frames, at, rules, work, out, offset):
    """Registers with the term's code, then the live cells, a word each, in the order in which they are reached."""
    kind = frames[at + FIELD]
    out[offset + 1] = frames[at + TERM]
    out[offset + 2] = frames[at + STEPS]
    out[offset + 3] = frames[at + DEADLINE]
    listed_at = work[QUEUE]
    count = 0
    if kind < RULE_FIELD:
        count = reach(frames[at + CELL], count, work)
        count = reach(frames[at + STACK], count, work)
        count = reach(frames[at + TAIL], count, work)
        count = reach(frames[at + PRESENT], count, work)
        i = 0
        while i < count:
            count = trace(work[listed_at + i], count, rules, work)
            i += 1
        for i in range(count):
            out[offset + HEADER + i] = renumbered(work[listed_at + i], rules, work)
    out[offset] = kind | count << 4
    out[offset + 4] = moved(frames[at + CELL], work) << RIGHT | moved(frames[at + STACK], work)
    out[offset + 5] = moved(frames[at + TAIL], work) << RIGHT | moved(frames[at + PRESENT], work)
    places = work[PLACES]
    for i in range(count):
        work[places + work[listed_at + i]] = 0
    return HEADER + count


@kernel
def unpack(frames, at, rules, work, packed, offset):
    """Put a packed configuration back, in place of the one that the frame held."""
    read_again(frames, at, rules, packed[offset + 1])
    kind = packed[offset] & 15
    count = packed[offset] >> 4
    for i in range(count):
        work[HEAP + i] = packed[offset + HEADER + i]
    lay_out(work)
    frames[at + NODE] = 0
    frames[at + STEPS] = packed[offset + 2]
    frames[at + DEADLINE] = packed[offset + 3]
    frames[at + FIELD] = kind
    no_run(frames, at)
    if kind < RULE_FIELD:
        frames[at + HOLES] = -1
        frames[at + DEPTH] = 0
        frames[at + CELL] = packed[offset + 4] >> RIGHT
        frames[at + STACK] = packed[offset + 4] & MASK
        frames[at + TAIL] = packed[offset + 5] >> RIGHT
        frames[at + PRESENT] = packed[offset + 5] & MASK
        frames[at + TOP] = HEAP + count
    return HEADER + count
