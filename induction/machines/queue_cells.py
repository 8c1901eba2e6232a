"""Cells of ``queue`` whose bit a walk reads from the program only when it comes to depend on it.

A push is one item for both of its bits until somebody looks: all cells that it pushes share the bit in
its rule. The first of them comes to the front before any other, so that a bit that has not been looked at
always has its first cell in the queue.
"""

from __future__ import annotations

from induction.machines.kernel import kernel
from induction.machines.queue_layout import (
    DEFERRED,
    ITEMS,
    LOOKED_AT,
    OTHER,
    SAME,
    SHARED,
    SHARED_POSITION,
    SHARED_RULE,
    STRIDE,
    TAKEN,
    UNREAD,
)


@kernel
def bit_of(cell, rules):
    """A cell with the bit that it shares in its place; SHARED or more if that has not been looked at."""
    if cell >= SHARED:
        row = STRIDE * (cell >> SHARED_RULE)
        position = (cell >> SHARED_POSITION) & 63
        if (rules[row + UNREAD] >> position) & 1 == 0:
            cell = (rules[row + ITEMS] >> (position + 2)) & 1
    return cell


@kernel
def first_unread(head, tail, rules, work):
    """The first place in the queue of a shared bit that has not been looked at, or OTHER."""
    place = head
    while place < tail and bit_of(int(work[place]), rules) < SHARED:
        place += 1
    return place if place < tail else OTHER


@kernel
def told_apart(number, kept, head, tail, work):
    """Whether one cell is enough to see that the queue is not what it was from `kept` on.

    A queue that turns round in a long silence is compared with the kept one at every round, and mostly differs where it
    did before.
    """
    number = max(min(number, tail - head - 1), 0)
    one = int(work[kept + number])
    other = int(work[head + number])
    return one != other and max(one, other) < SHARED and head < tail


@kernel
def compared(kept, head, tail, rules, work):
    """Whether the queue has the cells that it had from `kept` on: SAME, or where to look at a bit first, or
    OTHER less the number of a cell that differs.

    From the back, where two queues of one length are likeliest to differ.
    """
    i = tail - head - 1
    answer = SAME
    while answer == SAME and i >= 0:
        one = int(work[kept + i])
        other = int(work[head + i])
        if one != other:
            answer = OTHER - i
            if max(one, other) >= SHARED:
                one = bit_of(one, rules)
                other = bit_of(other, rules)
                if one == other:
                    answer = SAME
                elif max(one, other) >= SHARED:
                    answer = first_unread(head, tail, rules, work)
        i -= 1
    return answer


@kernel
def look(place, bit, rules, work):
    """Read a bit that was taken or pushed unseen, at the place where it is first needed."""
    cell = int(work[place])
    if cell < SHARED:
        work[place] = TAKEN | bit
    else:
        row = STRIDE * (cell >> SHARED_RULE)
        position = (cell >> SHARED_POSITION) & 63
        work[place] = (cell & ~7) | LOOKED_AT | bit
        rules[row + UNREAD] &= ~(1 << position)
        rules[row + ITEMS] = (rules[row + ITEMS] & ~(4 << position)) | bit << (position + 2)


@kernel
def look_away(place, rules, work):
    """Undo :func:`look`."""
    cell = int(work[place])
    if cell < SHARED:
        work[place] = DEFERRED
    else:
        row = STRIDE * (cell >> SHARED_RULE)
        position = (cell >> SHARED_POSITION) & 63
        work[place] = cell & ~7
        rules[row + UNREAD] |= 1 << position
        rules[row + ITEMS] &= ~(4 << position)
