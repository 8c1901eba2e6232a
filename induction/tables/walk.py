"""The tree of all small Turing machines, walked once each: the kernels behind :mod:`induction.tables.busy_beaver`.

A machine starts with an empty table on a tape of zeros and runs until it needs a slot that is not
defined. That is a node: its two halting completions are counted there, with the number of full
machines that they stand for, and one child is made for each move that the slot can hold. A child
runs on from where its parent stopped, so no step is taken twice.

A table is two integers, one for each scanned symbol, with 12 bits a state:

======  ==============================================
bits    meaning
======  ==============================================
0 to 5  12 times the next state: the shift of its entry
6       symbol to write
7       direction, 1 for right
8       not defined yet
======  ==============================================

The tape is one 64-bit word that turns under the head: the scanned cell is bit 0, the cell to its right
bit 1, the cell to its left bit 63. It holds every run that visits at most 64 cells. The few that visit
more are run again from the start on a tape of bytes.

Most runs that never halt are shown to be so long before the cut, by one of two proofs:

* a configuration (tape, head, state) comes back;
* the head reaches a cell never visited before, in the same state and moving the same way as at an earlier
  such time, and the cells that it touched in between hold, relative to the head, what they held then.
  Everything since then happens again, shifted, for ever.

Both are sound, and runs that halt after the cut are not counted anyway: no count depends on a proof.
"""

from __future__ import annotations

import numpy as np
from numba import njit

MOST_STATES = 5  # 12 bits a state in an int64
WINDOW = 64  # cells of the turning tape that a run may use, at most 64
WORD = 64  # cells in a word of a spilled record
SHORT = 16  # outputs of up to this length are counted in place, longer ones leave through the spill list
EMPTY = 0x100  # an entry that is not defined

# settings: what a call is told, and where it stands
AT, STATES, CUT, SPLIT, SHARD, SHARDS, MET, SPILLED, MOST_STEPS, MOST_ONES, NODES, TAKEN, PAUSE, SETTINGS = range(14)
# a frame: a node whose slot is being filled; LEFT and RIGHT count the cells visited beside the head
OPTION, OPTIONS, ZERO, ONE, STATE, SYMBOL, LEFT, RIGHT, STEPS, USED, FREE, MACHINES, FIELDS = range(13)

_RUNNING, _HALT, _NEVER, _WIDE = range(4)
_ONE_BIT = np.uint64(1)
_TOP = np.uint64(63)
_NOTHING = np.uint64(0)


@njit(cache=True, nogil=True)
def run_window(zero, one, tape, state, left, right, steps, cut):
    """Run on to the next undefined slot, within 64 cells: (fate, tape, state, left, right, steps)."""
    fate = _RUNNING
    head, low, high = 0, -left, right
    # A configuration to meet again, renewed after 4, 8, 16, ... steps.
    old_tape, old_head, old_state = tape, head, -1
    pause = 4
    check = min(cut, steps + pause)
    # A fresh cell to compare with, renewed at fresh cells 1, 2, 4, ...; the range of the head since then.
    fresh_tape, fresh_head, fresh_state, fresh_side = tape, head, -1, False
    least, most = head, head
    count, renewal = 0, 1
    while fate == _RUNNING:
        entry = (one if tape & _ONE_BIT else zero) >> (state & 63)
        if entry & EMPTY:
            fate = _HALT
        else:
            state = entry
            tape ^= (tape ^ np.uint64(entry >> 6)) & _ONE_BIT
            if entry & 0x80:
                tape = (tape >> _ONE_BIT) | (tape << _TOP)
                head += 1
            else:
                tape = (tape << _ONE_BIT) | (tape >> _TOP)
                head -= 1
            steps += 1
            least = min(least, head)
            most = max(most, head)
            if head > high or head < low:
                side = head > high
                low = min(low, head)
                high = max(high, head)
                if high - low >= WINDOW:
                    fate = _WIDE
                elif side == fresh_side and (state & 63) == fresh_state:
                    change = tape ^ fresh_tape
                    if side:
                        differs = (change >> _ONE_BIT) >> np.uint64(63 - (fresh_head - least))
                    else:
                        differs = change << np.uint64(63 - (most - fresh_head))
                    if differs == _NOTHING:
                        fate = _NEVER
                count += 1
                if count == renewal:
                    renewal *= 2
                    fresh_tape, fresh_head, fresh_state, fresh_side = tape, head, state & 63, side
                    least, most = head, head
            if tape == old_tape and head == old_head and (state & 63) == old_state:
                fate = _NEVER
            if steps == check:
                if steps == cut:
                    fate = _NEVER
                old_tape, old_head, old_state = tape, head, state & 63
                pause *= 2
                check = min(cut, steps + pause)
    return fate, tape, state & 63, head - low, high - head, steps


@njit(cache=True, nogil=True)
def run_wide(zero, one, cells, cut):
    """Run from the start, in the middle of a tape of bytes: (fate, state, head, low, high, steps)."""
    fate, state, steps = _RUNNING, 0, 0
    head = cut + 1
    low, high = head, head
    while fate == _RUNNING:
        entry = (one if cells[head] else zero) >> (state & 63)
        if entry & EMPTY:
            fate = _HALT
        else:
            state = entry
            cells[head] = entry >> 6 & 1
            head += 1 if entry & 0x80 else -1
            steps += 1
            low = min(low, head)
            high = max(high, head)
            if steps == cut:
                fate = _NEVER
    return fate, state & 63, head, low, high, steps


@njit(cache=True, nogil=True)
def _record(settings, counts, spill, tape, left, right, machines):
    """Count both outputs of a node on the turning tape: in place when short, else as a spilled record."""
    length = left + right + 1
    cells = (tape << np.uint64(left)) | ((tape >> _ONE_BIT) >> np.uint64(63 - left))
    if length <= SHORT:
        place = 1 << left
        index = (np.int64(cells) & ((1 << length) - 1) | place) ^ place | 1 << length
        counts[index] += machines
        counts[index + place] += machines
    else:
        spilled = settings[SPILLED]
        spill[spilled], spill[spilled + 1], spill[spilled + 2] = length, left, machines
        spill[spilled + 3] = np.int64(cells)
        settings[SPILLED] = spilled + 4
    if length > settings[MOST_ONES]:
        ones = 1
        rest = tape >> _ONE_BIT
        while rest:
            rest &= rest - _ONE_BIT
            ones += 1
        settings[MOST_ONES] = max(settings[MOST_ONES], ones)


@njit(cache=True, nogil=True)
def _record_wide(settings, spill, cells, low, high, head, machines):
    """Spill the outputs of a node on the tape of bytes, 64 cells a word."""
    spilled = settings[SPILLED]
    spill[spilled], spill[spilled + 1], spill[spilled + 2] = high - low + 1, head - low, machines
    spilled += 3
    ones = 1
    for first in range(low, high + 1, WORD):
        word = _NOTHING
        for i in range(first, min(first + WORD, high + 1)):
            word |= np.uint64(cells[i]) << np.uint64(i - first)
            if i != head:
                ones += cells[i]
        spill[spilled] = np.int64(word)
        spilled += 1
    settings[SPILLED] = spilled
    settings[MOST_ONES] = max(settings[MOST_ONES], ones)


@njit(cache=True, nogil=True)
def walk(settings, powers, frames, tapes, counts, spill, cells):
    """Walk on until the tree is done, PAUSE steps are taken or the spill list is nearly full; True when done.

    Parameters
    ----------
    settings : numpy.ndarray
        Shape (SETTINGS,), int64: the orders and the totals so far, updated. SPLIT is below 2n: nodes with more
        slots free belong to shard 0, and the subtrees of those with SPLIT are dealt out to the SHARDS in turn.
    powers : numpy.ndarray
        Shape (2n,), int64: powers of 4n + 2, the number of ways to fill so many slots.
    frames, tapes : numpy.ndarray
        Shapes (2n, FIELDS), int64, and (2n,), uint64: the open nodes, the root first.
    counts : numpy.ndarray
        Shape (2^(SHORT + 1),), int64: machines by output; index ``1 b_k ... b_1`` in binary for b_1 ... b_k.
    spill : numpy.ndarray
        int64: longer outputs as records of length, offset of the halting cell, machines, and words of 64 cells;
        each record counts for both symbols that the halt can write.
    cells : numpy.ndarray
        Shape (2 cut + 3,), uint8: zeros before and after.
    """
    cut, split, at = settings[CUT], settings[SPLIT], settings[AT]
    pause = settings[TAKEN] + settings[PAUSE]
    room = spill.size - cut // WORD - 5
    while at >= 0 and settings[TAKEN] < pause and settings[SPILLED] <= room:
        option = frames[at, OPTION]
        # The first move goes right: whoever asks adds the mirror images.
        frames[at, OPTION] = option + (1 if at else 2)
        if option >= frames[at, OPTIONS]:
            at -= 1
        else:
            fate, mine = _WIDE, False
            zero, one, used, machines = frames[at, ZERO], frames[at, ONE], frames[at, USED], frames[at, MACHINES]
            tape, state, left, right = tapes[at], frames[at, STATE], frames[at, LEFT], frames[at, RIGHT]
            steps, free = frames[at, STEPS], frames[at, FREE] - 1
            # option: next state, symbol, direction
            fill = 12 * (option >> 2) + ((option >> 1 & 1) << 6) + ((option & 1 ^ 1) << 7) - EMPTY << state
            if frames[at, SYMBOL]:
                one += fill
            else:
                zero += fill
            if option >> 2 == used:
                machines *= settings[STATES] - used
                used += 1
            if left + right < WINDOW:
                fate, tape, state, left, right, steps = run_window(zero, one, tape, state, left, right, steps, cut)
            settings[NODES] += 1
            settings[TAKEN] += steps - frames[at, STEPS]
            symbol = np.int64(tape & _ONE_BIT)
            wide = fate == _WIDE
            head, low, high = 0, 0, -1
            if wide:
                fate, state, head, low, high, steps = run_wide(zero, one, cells, cut)
                left, right, symbol = head - low, high - head, np.int64(cells[head])
                settings[TAKEN] += steps
            if fate == _HALT:
                mine = free < split or settings[SHARD] == 0
                if free == split:
                    mine = settings[MET] % settings[SHARDS] == settings[SHARD]
                    settings[MET] += 1
            if mine:
                settings[MOST_STEPS] = max(settings[MOST_STEPS], steps + 1)
                if wide:
                    _record_wide(settings, spill, cells, low, high, head, machines * powers[free - 1])
                else:
                    _record(settings, counts, spill, tape, left, right, machines * powers[free - 1])
            cells[low : high + 1] = 0
            # A child takes one step at least and halts with another.
            if (mine or fate == _HALT and free > split) and free > 1 and steps + 2 <= cut:
                at += 1
                frames[at, OPTION], frames[at, OPTIONS] = 0, 4 * min(used + 1, settings[STATES])
                frames[at, ZERO], frames[at, ONE], frames[at, USED], frames[at, MACHINES] = zero, one, used, machines
                frames[at, STATE], frames[at, SYMBOL], frames[at, LEFT], frames[at, RIGHT] = state, symbol, left, right
                frames[at, STEPS], frames[at, FREE], tapes[at] = steps, free, tape
    settings[AT] = at
    return at < 0
