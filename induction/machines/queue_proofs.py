"""What `queue` can tell without running: which rules are in reach, what the last bits must do.

Soundness of :func:`reach`: the set of rules that it goes through holds the current rules and is closed
under next states, for every symbol that the queue holds or can come to hold. Whatever the order of
the queue, the run never leaves the set, and does only what rules in the set do.
"""

from __future__ import annotations

from induction.machines.codes import truncated_width
from induction.machines.kernel import bit_count, kernel, lowest_bit
from induction.machines.machine import FIELD, LOOK, VISIBLE_BIT
from induction.machines.queue_cells import bit_of
from induction.machines.queue_layout import (
    BURST,
    COPIES,
    ENDLESS,
    IDLES,
    ITEM,
    ITEMS,
    KNOWN,
    NEVER,
    NEXT,
    NEXT_STATE,
    OPEN,
    OPENS,
    PAIRS,
    READS,
    RULE,
    SECONDS,
    STATES,
    STRIDE,
    TAKEN,
    UNASKED,
    UNREAD,
)


@kernel
def longs(row, rules):
    """The places of the second pairs of the long items of a rule."""
    return rules[row + SECONDS] & ((1 << rules[row + KNOWN]) - 1)


@kernel
def emits(row, rules):
    """The places of the items of a rule that emit a bit of their own: codes 01 and 10."""
    items = rules[row + ITEMS]
    seconds = longs(row, rules)
    singles = PAIRS & ((1 << rules[row + KNOWN]) - 1) & ~(seconds | seconds >> 2)
    return (items ^ items >> 1) & singles


@kernel
def appended(items, unread, emitted, seconds):
    """The symbols that a rule with these items appends to the queue: 1 for a 0, plus 2 for a 1.

    What is read from the program may be either, and so may a bit that has not been looked at.
    """
    pushes = seconds & ~(items >> 1)
    either = seconds & (items >> 1 | unread << 2)
    zeros = either | emitted & items | pushes & ~items
    ones = either | emitted & ~items | pushes & items
    return int(zeros != 0) | int(ones != 0) << 1


@kernel
def reach(first, state, head, tail, states, rules, work):
    """What the rules within reach can do, whatever the queue's order: a sum of IDLES, READS, COPIES, or OPEN.

    Within reach are rule `first` (if it is one) and the rules of `state` and of all next states, on
    the symbols that are in the queue or that a rule within reach pushes, and on 0 if the queue can
    run empty. IDLES: one of them reads and writes nothing. READS: one takes and does not write.
    COPIES: one writes, but copied bits only. OPEN: one emits a bit of its own, or is open.
    """
    symbols = 1 if head == tail else 0
    place = head
    while place < tail and symbols != 3:
        cell = bit_of(int(work[place]), rules)
        symbols |= 3 if cell >= TAKEN else 1 << cell
        place += 1
    reached = 1 << state
    grown = 0
    verdict = 0
    while verdict < OPEN and grown != (reached << 2 | symbols):
        grown = reached << 2 | symbols
        rule = -1
        while rule < 2 * states - 1 and verdict < OPEN:
            rule += 1
            if rule == first or ((reached >> (rule >> 1)) & 1 and (symbols >> (rule & 1)) & 1):
                row = STRIDE * rule
                items = rules[row + ITEMS]
                following = rules[row + NEXT_STATE]
                emitted = emits(row, rules)
                seconds = longs(row, rules)
                pushed = appended(items, rules[row + UNREAD], emitted, seconds)
                reads = seconds & items >> 1
                if following < 0 or emitted != 0:
                    verdict = OPEN
                elif reads & items != 0:
                    verdict |= COPIES
                else:
                    verdict |= READS if reads != 0 else IDLES
                if following >= 0:
                    reached |= 1 << following
                symbols |= pushed
                if pushed == 0:
                    symbols |= 1
    return verdict


@kernel
def bursts(first, state, stuck, rules):
    """How many output bits a read of a raw program bit buys at most, on average, or OPENS, or ENDLESS.

    Within reach are rule `first` (if it is one) and the rules of `state` and of all next states, for both
    symbols: it is asked only where a bit in the queue is not known, or is about to be read. An open rule ends the
    run if it is `stuck`, else the answer is OPENS. From one rule that reads to the next only rules that read
    nothing run, and each of them that writes runs once at most, unless such rules lead back to it: then it is
    ENDLESS. A rule that reads is charged what it writes itself and what comes up to the next. With `left` bits to
    read, so many such rules run, one more begins, and the current one ends: all that is written is (left + 2)
    bursts at most. Where no rule is current (left + 1) would do; not one fork in a thousand differs.
    """
    reached = 3 << 2 * state
    asked = 0
    waiting = 1 << first if first >= 0 else reached
    answer = 0
    mute = 0  # rules that read nothing, and those of them that write
    writers = 0
    between = 0
    most = 0
    while answer >= 0 and waiting:
        rule = lowest_bit(waiting)
        asked |= 1 << rule
        row = STRIDE * rule
        items = rules[row + ITEMS]
        following = rules[row + NEXT_STATE]
        reads = longs(row, rules) & items >> 1
        writes = bit_count(emits(row, rules) | reads & items)
        if following >= 0:
            reached |= 3 << 2 * following
        elif not stuck:
            answer = OPENS
        if reads != 0:
            most = max(most, writes)
        elif following >= 0:
            mute |= 1 << rule
            writers |= (writes > 0) << rule
            between += writes
        waiting = reached & ~asked
    while answer >= 0 and writers:
        writer = lowest_bit(writers)
        writers &= writers - 1
        ahead = 3 << 2 * rules[STRIDE * writer + NEXT_STATE]
        asked = 0
        waiting = ahead & mute
        while waiting:
            rule = lowest_bit(waiting)
            asked |= 1 << rule
            ahead |= 3 << 2 * rules[STRIDE * rule + NEXT_STATE]
            waiting = ahead & mute & ~asked
        if (asked >> writer) & 1:
            answer = ENDLESS
    return answer if answer < 0 else most + between


@kernel
def needs(frames, at, left, missing, rules, work):
    """An open rule needs its stop and its next state, or an emitted bit for each that is missing.

    With closed rules only so much comes between two reads: see :func:`bursts`. A `stuck` rule may still emit
    left / 2 bits, fewer than are missing and no more than the bursts allowed if one is 1 bit or more. If it is 0,
    the path is dropped at once, so that no smaller `missing` ever meets it.
    """
    kind = frames[at + FIELD]
    states = frames[at + STATES]
    end = truncated_width(0, states + 1)
    bits = 0
    if kind == ITEM:
        bits = min(2 * missing, 2 + end)
    elif kind == NEXT:
        bits = end
    else:
        bits = kind != LOOK
        rule = frames[at + RULE]
        following = rules[STRIDE * rule + NEXT_STATE]
        if following < 0:
            bits += min(2 * (missing - (kind == VISIBLE_BIT)), 2 + end)
        else:
            stuck = left < 2 + end and 2 * missing > left
            burst = frames[at + BURST]
            if burst == UNASKED or (burst == OPENS and stuck):
                burst = bursts(-1 if kind == LOOK else rule, following, stuck, rules)
                frames[at + BURST] = burst
            if burst >= 0 and (left + 2) * burst < missing:
                bits = NEVER
    return bits
