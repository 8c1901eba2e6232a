"""What `queue` can tell without running: which rules are in reach, what the last bits must do.

Soundness of :func:`reach`: the set of rules that it goes through holds the current rules and is closed
under next states, for every symbol that the queue holds or can come to hold. Whatever the order of
the queue, the run never leaves the set, and does only what rules in the set do.
"""

from __future__ import annotations

from induction.machines.codes import truncated_width
from induction.machines.kernel import kernel
from induction.machines.machine import (
    CUT,
    DEADLINE,
    DEFERRED_BIT,
    FATES,
    FIELD,
    LOOK,
    MISMATCH,
    NODE,
    OPTION,
    STEPS,
    TIMEOUT_MASS,
    UNSEEN,
    VISIBLE_BIT,
)
from induction.machines.queue_layout import (
    COPIES,
    DEFERRED,
    HEAD,
    IDLES,
    ITEM,
    ITEMS,
    KNOWN,
    LONGEST_RULE,
    NEVER,
    NEXT,
    NEXT_STATE,
    OPEN,
    READS,
    RULE,
    SHORT,
    STATES,
    STOP,
    STRIDE,
    TAIL,
    TAKEN,
    WORTH_ASKING,
    ZERO,
)


@kernel
def reach(first, state, head, tail, states, rules, work):
    """What the rules within reach can do, whatever the queue's order: a sum of IDLES, READS, COPIES, or OPEN.

    Within reach are rule `first` (if it is one) and the rules of `state` and of all next states, on
    the symbols that are in the queue or that a rule within reach pushes, and on 0 if the queue can
    run empty. IDLES: one of them reads and writes nothing. READS: one takes and does not write.
    COPIES: one writes, but copied bits only. OPEN: one emits a bit of its own, or is open.
    """
    symbols = 0
    for i in range(head, tail):
        symbols |= 3 if work[i] >= TAKEN else 1 << work[i]
    if head == tail:
        symbols |= 1
    reached = 1 << state
    grown = 0
    verdict = 0
    while verdict < OPEN and grown != (reached << 2 | symbols):
        grown = reached << 2 | symbols
        rule = -1
        while rule < 2 * states - 1 and verdict < OPEN:
            rule += 1
            if rule == first or ((reached >> (rule >> 1)) & 1 and (symbols >> (rule & 1)) & 1):
                items = rules[STRIDE * rule + ITEMS]
                known = rules[STRIDE * rule + KNOWN]
                following = rules[STRIDE * rule + NEXT_STATE]
                position = 0
                pushed = 0
                manner = IDLES
                while position < known:
                    item = (items >> position) & 3
                    position += 2
                    if item == 3:
                        item = (items >> position) & 3
                        position += 2
                        pushed |= 3 if item >= 2 else 1 << item
                        if item == 2 and manner == IDLES:
                            manner = READS
                        if item == 3 and manner < OPEN:
                            manner = COPIES
                    elif item > 0:
                        manner = OPEN
                if following < 0:
                    manner = OPEN
                else:
                    reached |= 1 << following
                verdict |= manner
                symbols |= pushed
                if pushed == 0:
                    symbols |= 1
    return verdict


@kernel
def settle(frames, at, left, mass, data, ledger, rules, work, limits):
    """Book what surely becomes of the last options: see `settle` in the contract.

    A copied bit that no target has is refuted. Of an open list of items with 2 to 5 program bits left
    all but ``stop`` is certain: an emitted bit agrees or not, and then, as after a pushed one, the next item
    needs bits that are not there, as a stop does whose next state takes more than `state_bits`.
    Closed rules that all read and never write use up every bit.
    """
    rest = mass
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    if frames[at + FIELD] == ITEM and 2 <= left <= 5 and limits[2] - steps > 4:
        state_bits = 1
        if frames[at + STATES] >= 3:
            state_bits = 2  # or more
        nested = left >= 4 and (left == 4 or state_bits == 2)
        ends = False
        for place in range(2 * node, 2 * node + 2):
            child = data[place]
            ends = ends or child < 0
            if nested and child > 0:
                ends = ends or data[2 * child] < 0 or data[2 * child + 1] < 0
        if not ends:
            unit = mass >> 2  # of a short item
            cut = unit if left <= 3 else 0
            small = unit >> 2  # of a long one, or of a short one after a short one
            if left >= 4:
                # Two pushes, a take and a copy.
                late = TIMEOUT_MASS if frames[at + DEADLINE] - steps == 1 else CUT
                ledger[FATES * node + late] += 2 * small
                if left == 4:
                    cut += 2 * small
                else:
                    ledger[FATES * node + late] += small
                    for place in range(2 * node, 2 * node + 2):
                        child = data[place]
                        fate = CUT if child > 0 else MISMATCH
                        ledger[FATES * (child if child > 0 else node) + fate] += small >> 1
            if left <= 3 or nested:
                for place in range(2 * node, 2 * node + 2):
                    child = data[place]
                    if child == 0:
                        ledger[FATES * node + MISMATCH] += unit
                    elif left <= 3:
                        ledger[FATES * child + CUT] += unit
                    else:
                        # With two bits less: a stop and a long item are cut again.
                        ledger[FATES * child + CUT] += 2 * small
                        for further in range(2 * child, 2 * child + 2):
                            if data[further] > 0:
                                ledger[FATES * data[further] + CUT] += small
                            else:
                                ledger[FATES * child + MISMATCH] += small
                frames[at + FIELD] = STOP
                rest = unit
                if left - 2 < state_bits:  # no room for a next state
                    cut += unit
                    rest = 0
            else:
                frames[at + FIELD] = SHORT
                rest = 3 * unit
            ledger[FATES * node + CUT] += cut
    elif frames[at + FIELD] == VISIBLE_BIT:
        zero = data[2 * node]
        one = data[2 * node + 1]
        if zero == 0 or one == 0:
            rest = mass >> 1
            ledger[FATES * node + MISMATCH] += rest
            frames[at + OPTION] = zero == 0
            frames[at + FIELD] = ZERO if one == 0 else VISIBLE_BIT
    elif frames[at + FIELD] == DEFERRED_BIT:
        rule = frames[at + RULE]
        following = rules[STRIDE * rule + NEXT_STATE]
        if following >= 0 and left >= WORTH_ASKING:
            # Rules that all read and never write use up the bits, if there are steps enough.
            patient = min(frames[at + DEADLINE], limits[2]) - steps > (left + 1) * LONGEST_RULE
            head = frames[at + HEAD]
            tail = frames[at + TAIL]
            if patient and reach(rule, following, head, tail, frames[at + STATES], rules, work) == READS:
                ledger[FATES * node + CUT] += mass
                rest = 0
    return rest


@kernel
def needs(frames, at, left, missing, rules, work):
    """An open rule needs its stop and its next state, or an emitted bit for each that is missing.

    Where only copied bits can be written, each costs one; where none can be, there is no finishing.
    """
    kind = frames[at + FIELD]
    end = truncated_width(0, frames[at + STATES] + 1)
    bits = 0
    if kind == ITEM:
        bits = min(2 * missing, 2 + end)
    elif kind == NEXT:
        bits = end
    else:
        bits = kind != LOOK
        rule = frames[at + RULE]
        following = rules[STRIDE * rule + NEXT_STATE]
        if following >= 0 and left >= WORTH_ASKING:
            head = frames[at + HEAD]
            first = -1 if kind == LOOK else rule
            verdict = reach(first, following, head, frames[at + TAIL], frames[at + STATES], rules, work)
            if verdict < COPIES:
                bits = NEVER
            elif verdict < OPEN:
                bits = missing
        elif following < 0:
            bits += min(2 * (missing - (kind == VISIBLE_BIT)), 2 + end)
    return bits


@kernel
def deferred(frames, at, work):
    """The bit that a deferred take read, if it has been used."""
    cell = int(work[frames[at + TAIL]])
    return UNSEEN if cell == DEFERRED else cell & 1
