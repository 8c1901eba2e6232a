"""The heap of the ``lambda`` machine: cells of one word, shared by whatever refers to them.

A cell is its tag in the lowest three bits, then two fields of 29 bits: numbers of cells, or the
number of a term. Cells are only ever added; the two changes made to old ones (a closure replaced
by its value, an input cell by the bit read) are logged, so that a fork can be undone.

=========  =====================  =============  ================================================
tag        left                   right          meaning
=========  =====================  =============  ================================================
THUNK      term                   environment    not evaluated yet
VALUE      term, an abstraction   environment    evaluated
READ       cell of the bit        next input     a cell of the input that has been read
INPUT                                            the first cell of the input that has not been read
INERT      itself                                a variable of the observer
ENTRY      cell                   environment    an environment is a list, index 0 first
ARGUMENT   cell                   stack          the stack is a list too: an argument …
UPDATE     cell                   stack          … or a closure that waits for its value
=========  =====================  =============  ================================================
"""

from __future__ import annotations

import numpy as np

from induction.budget import Budget
from induction.machines.kernel import kernel
from induction.machines.lambda_terms import ABSTRACTION, FREE, KIND, STRIDE, VARIABLE
from induction.machines.machine import longest_run

THUNK, VALUE, READ, INPUT, INERT, ENTRY, PUSHED, UPDATE = range(8)
LEFT, RIGHT, MASK = 3, 32, (1 << 29) - 1
# Work: the log's size and where its pairs (cell, former word) lie; where the heap ends; where each
# cell's new place is noted while the heap is packed; a list of cells to look at. Then cells that
# are always there, then the others.
LOG_SIZE, LOG_AT, HEAP_END, PLACES, QUEUE = range(5)
NIL = 0
ZERO, ONE, IF_ZERO, IF_ONE, HEAP = range(8, 13)
_LOOKS = 64  # pairs of cells, and names in a row, that a proof of repetition may look at
_MOST_CELLS = 2**23  # pages are only used when they are touched
_SLACK = 64


@kernel
def cell_word(tag, left, right):
    """A cell as a word."""
    return tag | left << LEFT | right << RIGHT


@kernel
def left_of(word):
    """The left field of a cell's word."""
    return (word >> LEFT) & MASK


@kernel
def lay_out(work):
    """The cells that are always there, and an empty log."""
    work[LOG_SIZE] = 0
    work[ZERO] = VALUE
    work[ONE] = cell_word(VALUE, 3, NIL)
    work[IF_ZERO] = cell_word(INERT, IF_ZERO, NIL)
    work[IF_ONE] = cell_word(INERT, IF_ONE, NIL)


@kernel
def lookup(environment, index, work):
    """The cell that a variable stands for."""
    for _ in range(index):
        environment = work[environment] >> RIGHT
    return left_of(work[environment])


@kernel
def replace(cell, word, base, size, work):
    """Change a cell, logged if it is older than `base`; return the log's new size."""
    if cell < base:
        entry = work[LOG_AT] + 2 * size
        work[entry] = cell
        work[entry + 1] = work[cell]
        size += 1
    work[cell] = word
    return size


@kernel
def undo(mark, work):
    """Take back all changes since the log had `mark` entries."""
    size = work[LOG_SIZE]
    while size > mark:
        size -= 1
        entry = work[LOG_AT] + 2 * size
        work[work[entry]] = work[entry + 1]
    work[LOG_SIZE] = size


@kernel
def named(cell, rules, work):
    """The cell that a closure of a mere variable stands for, followed through no more than so many such names."""
    hops = 0
    while hops < _LOOKS:
        word = work[cell]
        kind = rules[STRIDE * left_of(word) + KIND] if word & 7 == THUNK else ABSTRACTION
        if kind >= VARIABLE:
            cell = lookup(word >> RIGHT, kind - VARIABLE, work)
            hops += 1
        else:
            hops = _LOOKS
    return cell


@kernel
def alike(term, first, second, rules, work):
    """Whether a term is seen to mean the same in two environments: to stand for the same closed term."""
    pairs = work[QUEUE]
    work[pairs] = term
    work[pairs + 1] = first
    work[pairs + 2] = second
    count = 1
    looks = _LOOKS
    same = True
    while same and count > 0:
        count -= 1
        row = pairs + 3 * count
        free = rules[STRIDE * work[row] + FREE]
        first = work[row + 1]
        second = work[row + 2]
        while same and free != 0 and first != second:
            if free & 1:
                one = work[named(left_of(work[first]), rules, work)]
                other = work[named(left_of(work[second]), rules, work)]
                if one != other:
                    looks -= 1
                    same = looks > 0 and one & 7 <= VALUE and one & ((1 << RIGHT) - 1) == other & ((1 << RIGHT) - 1)
                    row = pairs + 3 * count
                    work[row] = left_of(one)
                    work[row + 1] = one >> RIGHT
                    work[row + 2] = other >> RIGHT
                    count += 1
            free >>= 1
            first = work[first] >> RIGHT
            second = work[second] >> RIGHT
    return same


@kernel
def arguments(stack, work):
    """What an inert variable is applied to: 0 for nothing, a word of the two cells for two, else -1."""
    count = 0
    found = 0
    while stack != NIL and count < 3:
        link = work[stack]
        if link & 7 == PUSHED:
            found = cell_word(0, found >> RIGHT, left_of(link))
            count += 1
        stack = link >> RIGHT
    if count != 2:
        found = -1 if count > 0 else 0
    return found


def heap(budget: Budget, outputs: int, extent: int) -> np.ndarray:
    """Room for every cell that a run can add, for its log, and for packing.

    A step adds at most two cells, an output bit at most six, an unpacked configuration one for each
    of its words (64 cells of `extent`). Beyond 2^23 cells a run that fills its memory is out of time.
    """
    cells = 2 * longest_run(budget, outputs) + 8 * (outputs + 2) + _SLACK
    cells = min(cells, _MOST_CELLS) + extent // 64
    if cells > MASK:
        raise MemoryError
    listed = max(cells, 3 * (_LOOKS + 1))
    work = np.zeros(2 * (HEAP + cells) + 2 * cells + listed, dtype=np.int64)
    work[HEAP_END] = HEAP + cells - 8
    work[LOG_AT] = HEAP + cells
    work[PLACES] = work[LOG_AT] + 2 * cells
    work[QUEUE] = work[PLACES] + HEAP + cells
    return work
