"""Proofs that a run on a tape will never write again, and the tape that they need.

Both proofs look at a *segment*, the steps since a bit was last read or written out, in which only
known rules are used. Neither looks at the deadline: what is proved within T steps is proved, at
the same step, within any more.

*Exact repetition*: the same state, head and tape as before. Tapes are not compared: each word of
the tape remembers whether it differs from the kept configuration, and the differences are counted.

*Translated cycles* [1]_: at cell p, and again at p + d, the head comes upon a cell beyond all that
have been visited, on the same side (say the right) and in the same state. In between it has fallen
back to p - r at most, and the r cells behind p were then what the r cells behind p + d are now. The
cells ahead are blank at both times, so the half-tapes from p - r and from p + d - r on are equal but
for the shift. What happened in between saw no other cells, so it happens again, d cells on, and
leaves the half-tape from p + 2d - r on equal to them again: by induction for ever, with nothing
read and nothing written out. The state before the segment does not matter: the tape is taken as it
is, and cells never visited are blank. *Visited* is what the whole run has visited (an input would
count), so a packed configuration has to keep that range.

What is kept for comparison: the configurations after 1, 3, 7, ... steps of the segment, and its
records number 1, 2, 4, ..., counted from 1 again after a change of side. A cycle is so found within
a few periods of its beginning. r is at most 32; a cycle that reaches further back is left to the
deadline.

.. [1] S. Lin and T. Rado, "Computer studies of Turing machine problems", J. ACM 12 (1965), 196-212;
   the "translated cyclers" of the Busy Beaver Challenge.
"""

from __future__ import annotations

import numpy as np

from induction.machines.kernel import kernel

# Work: registers that are used now and then; the tape; the log. The tape comes in words of 32
# cells, a place of four slots each: the cells; the cells as they were in the kept configuration, if
# the stamp beside them is that configuration's number. The word under the head is a register, and
# its place is out of date until the head leaves it. A log entry is a place and the cells it held.
LOG_SIZE, LOG_AT, STAMP, KEPT_RULE, KEPT_WORD = range(5)
RECORD_RULE, RECORD_AT, RECORD_BEHIND, RECORDS, DUE, TAPE_AT = range(5, 11)
KEPT, STAMPED = 1, 2
PASSED, KEEP, REPEATED = range(3)  # what comes of a record
CELLS = (1 << 32) - 1
_LONGEST_TAPE = 2**36  # cells: places are numbers of 31 bits


def tape(cells: int) -> np.ndarray:
    """A blank tape with room for `cells` steps either way from its middle, and its log; MemoryError if too long."""
    if cells > _LONGEST_TAPE:
        raise MemoryError
    places = 2 * (cells >> 5) + 8
    # Zeroed pages come from the system when they are first touched.
    work = np.zeros(TAPE_AT + 4 * places + cells + 1, dtype=np.int64)
    work[LOG_AT] = TAPE_AT + 4 * places
    return work


@kernel
def cross(head, to_head, word, work):
    """Leave a place with `word` in it for the next; return how many more places differ from the kept ones."""
    place = TAPE_AT + (head >> 5 << 2)
    stamp = work[STAMP]
    before = work[place]
    if work[place + STAMPED] != stamp:
        work[place + STAMPED] = stamp
        # For the kept head's own place this may be older; there only coming and going have to cancel.
        work[place + KEPT] = before
    differing = int(word != work[place + KEPT])
    if word != before:
        size = work[LOG_SIZE]
        work[LOG_SIZE] = size + 1
        work[work[LOG_AT] + size] = (head >> 5) << 32 | before
        work[place] = word
    place = TAPE_AT + (to_head >> 5 << 2)
    if work[place + STAMPED] == stamp and work[place] != work[place + KEPT]:
        differing -= 1
    return differing


@kernel
def record(rule, head, word, now, side, farthest, work):
    """The head has come upon a new cell on the side `now`: PASSED, KEEP (it is kept) or REPEATED (a proof)."""
    place = TAPE_AT + (head >> 5 << 2)
    # The 32 cells behind the head, the nearest one highest on the right side, lowest on the left.
    behind = (word << 32 | work[place - 4]) >> (head & 31)
    if now < 0:
        behind = (work[place + 4] << 32 | word) >> ((head & 31) + 1)
    behind &= CELLS
    records = 1
    found = KEEP
    if now == side:
        reach = work[RECORD_AT] - farthest
        records = work[RECORDS] + 1
        if records < work[DUE]:
            found = PASSED
        if rule == work[RECORD_RULE] and reach <= 32:
            differs = behind ^ work[RECORD_BEHIND]
            differs = differs >> (32 - reach) if now > 0 else differs & ((1 << reach) - 1)
            if differs == 0:
                found = REPEATED
    work[RECORDS] = records
    if found == KEEP:
        work[DUE] = 2 * records
        work[RECORD_RULE] = rule
        work[RECORD_AT] = now * head
        work[RECORD_BEHIND] = behind
    return found


@kernel
def outermost(place, under, work):
    """The place nearest to `place`, on its side of the head's place `under`, that is not blank, or `under`."""
    # What has been visited may lie outside this memory: it was blank when it was last packed.
    place = min(max(place, 0), ((work[LOG_AT] - TAPE_AT) >> 2) - 1)
    step = 1 if place < under else -1
    while place != under and work[TAPE_AT + 4 * place] == 0:
        place += step
    return place


@kernel
def wipe(first, last, work):
    """A blank tape, where places `first` to `last` have been visited, and an empty log."""
    # Places further out may have been written by runs that were undone only in the log.
    for entry in range(work[LOG_SIZE]):
        work[TAPE_AT + (work[work[LOG_AT] + entry] >> 32 << 2)] = 0
    for place in range(max(first, 0), min(last, ((work[LOG_AT] - TAPE_AT) >> 2) - 1) + 1):
        work[TAPE_AT + 4 * place] = 0
    work[LOG_SIZE] = 0
