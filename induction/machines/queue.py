"""``queue``: a Post-style queue automaton whose rules are read from the program as they are first used.

Memory is one FIFO queue of bits. States are numbered in the order in which they are first named;
state 0 exists at the start. A round takes s from the front of the queue (an empty queue gives 0
and loses nothing) and runs the rule of (state, s), a list of items ended by ``stop``:

====================  ===========================================================================
``00``                stop
``01``, ``10``        emit 0, emit 1: write the bit to the output and append it to the queue
``1100``, ``1101``    push 0, push 1: append a hidden bit to the queue only
``1110``              take: read a program bit, now and at every later execution, and push it
``1111``              copy: read a program bit, now and at every later execution, and emit it
====================  ===========================================================================

An item is one step, ``stop`` included. Then comes the rule's next state, in truncated binary over
the states named so far and "new". There is no halting. As text, a rule is ``state,symbol: items >
next`` with hidden bits in brackets, ``?`` for copy and ``[?]`` for take.

Silence is proved in two ways, both blind to T. Exact repetition: the same state at the start of a
round with the same queue, nothing read and nothing written in between, goes round for ever. Muteness: a
set of rules that holds the current state's, is closed under next states and under the symbols that
the queue holds or the rules push, and in which no rule emits, takes, copies or is open, is never
left; this covers queues that grow for ever.
"""

from __future__ import annotations

import numpy as np

from induction.budget import Budget
from induction.machines.codes import truncated_code, truncated_width
from induction.machines.kernel import kernel
from induction.machines.machine import (
    DEADLINE,
    DEFERRED_BIT,
    DIFFERS,
    FIELD,
    FIRST,
    HIDDEN_BIT,
    LEAF,
    LOOK,
    NEED,
    NODE,
    OPTION,
    RULE_FIELD,
    SILENT,
    STEPS,
    TIMEOUT,
    UNSEEN,
    VISIBLE_BIT,
    CUT,
    FATES,
    MISMATCH,
    TIMEOUT_MASS,
    Kernels,
    Machine,
    longest_run,
)
from induction.machines.queue_text import choose, describe, listed, parse

# STOP and SHORT are an ITEM of which all options but one or three are settled, ZERO a VISIBLE_BIT that must be 0.
ITEM, NEXT, STOP, SHORT, ZERO = range(RULE_FIELD, RULE_FIELD + 5)
RULE, POSITION, HEAD, TAIL, STATES, FRAME = range(FIRST, FIRST + 6)

# A rule is four words, at 4 * (2 * state + symbol): the codes of its items, first bit lowest in
# each pair's reading order; the number of bits of them that are known; the next state or -1.
ITEMS, KNOWN, NEXT_STATE, STRIDE = 0, 1, 2, 4
ITEM_BITS, STATE_BITS, RULE_BITS, SHORT_RULE = 6, 6, 7, 44  # of a packed rule
IDLES, READS, COPIES, OPEN = 1, 2, 4, 8  # what rules within reach can do
WORTH_ASKING = 5  # program bits below which a fork is walked rather than asked what is in its reach
NEVER = 127  # more bits than there are
LONGEST_RULE = 32  # steps, within 62 bits
PATIENCE = 7  # steps before it is asked whether the rules in reach are mute
QUEUE_WORD = 62  # queue bits in a packed word
# A cell of the queue is a bit, a bit that was read from the program and has not been used yet, or
# one that has not even been looked at.
TAKEN, DEFERRED = 2, 4


@kernel
def start(frames, at, work):
    """State 0, an empty queue."""
    frames[at + NODE] = 0
    frames[at + STEPS] = 0
    frames[at + DEADLINE] = -1  # set by the first `resume`, which knows the limits
    frames[at + FIELD] = NEXT
    frames[at + RULE] = -1  # "before the first rule": its next state is state 0
    frames[at + POSITION] = 0
    frames[at + HEAD] = 0
    frames[at + TAIL] = 0
    frames[at + STATES] = 1


@kernel
def width(frames, at, option):
    """Code length of an option of the pending field."""
    kind = frames[at + FIELD]
    bits = 1
    if kind == ITEM:
        bits = 2 if option < 3 else 4
        if option > 6:
            bits = 0
    elif kind == STOP or kind == SHORT:
        bits = 2 if option == 0 or (kind == SHORT and option < 3) else 0
    elif kind == NEXT:
        bits = truncated_width(option, frames[at + STATES] + 1)
    elif option > (kind != DEFERRED_BIT and kind != ZERO):
        bits = 0
    return bits


@kernel
def code(frames, at, option):
    """Code of an option of the pending field."""
    kind = frames[at + FIELD]
    value = option
    if kind == ITEM or kind == STOP or kind == SHORT:
        value = option if option < 3 else option + 9
    elif kind == NEXT:
        value = truncated_code(option, frames[at + STATES] + 1)
    return value


@kernel
def take(frames, at, option, data, rules, work, limits):
    """Define the pending field and run on; the queue is append-only, so nothing needs restoring."""
    kind = frames[at + FIELD]
    rule = STRIDE * frames[at + RULE]
    bit = -1
    if kind == ITEM or kind == STOP or kind == SHORT:
        position = frames[at + POSITION]
        bits = 2 if option < 3 else 4
        # Items are kept with the first two code bits lowest, then the two of a long code.
        value = option if option < 3 else 3 | (option - 3) << 2
        rules[rule + ITEMS] = (rules[rule + ITEMS] & ((1 << position) - 1)) | (value << position)
        rules[rule + KNOWN] = position + bits
    elif kind == NEXT:
        rules[rule + NEXT_STATE] = option
    elif kind == VISIBLE_BIT or kind == ZERO:
        bit = option
    elif kind == HIDDEN_BIT:
        bit = TAKEN | option
    elif kind == DEFERRED_BIT:
        bit = DEFERRED
    else:
        work[frames[at + HEAD]] = TAKEN | option
    return run(frames, at, at + FRAME, bit, data, rules, work, limits)


@kernel
def resume(frames, at, data, rules, work, limits):
    """Run on in place."""
    if frames[at + DEADLINE] < 0:
        frames[at + DEADLINE] = min(limits[1], limits[2])
    return run(frames, at, at, -1, data, rules, work, limits)


@kernel
def run(frames, at, to, bit, data, rules, work, limits):
    """From the registers at `at`, run to the next event and leave the registers at `to`.

    A `bit` of 0 or more is the cell that a pending take or copy has been waiting for. Using a
    taken bit for the first time starts the search for repetitions anew, as reading it does, so
    that deferring changes no fate.
    """
    kind = frames[at + FIELD]
    rule = frames[at + RULE]
    position = frames[at + POSITION]
    head = frames[at + HEAD]
    tail = frames[at + TAIL]
    states = frames[at + STATES]
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    deadline = frames[at + DEADLINE]
    state = 0
    items = 0
    known = 0
    if rule >= 0:
        items = rules[STRIDE * rule + ITEMS]
        known = rules[STRIDE * rule + KNOWN]
        state = rules[STRIDE * rule + NEXT_STATE]
    states = max(states, state + 1)
    between = kind == NEXT or kind == LOOK  # between two rules, else inside one
    pushing = bit >= 0
    visible = kind == VISIBLE_BIT or kind == ZERO
    hidden = DEFERRED_BIT if limits[3] == 1 else HIDDEN_BIT
    since = steps  # when the run of known, silent steps began
    again = steps + 1  # when the next configuration is kept for comparison
    kept_state = -1
    kept_head = 0
    kept_tail = 0
    event = -1
    while event < 0:
        if not pushing:
            if between:
                if state < 0:
                    event = NEED
                    kind = NEXT
                else:
                    if state == kept_state and tail - head == kept_tail - kept_head:
                        i = tail - head - 1
                        while i >= 0 and work[kept_head + i] == work[head + i]:
                            i -= 1
                        if i < 0:
                            event = SILENT
                    if steps >= again:
                        again = steps + (steps - since) + 1
                        kept_state = state
                        kept_head = head
                        kept_tail = tail
                        if steps - since >= PATIENCE and reach(-1, state, head, tail, states, rules, work) == IDLES:
                            event = SILENT
                    cell = 0
                    if head < tail:
                        cell = int(work[head])
                        head += 1
                    if cell >= TAKEN:
                        since = steps
                        again = steps + 1
                        kept_state = -1
                    if cell == DEFERRED:
                        event = NEED if event < 0 else event
                        kind = LOOK
                        head -= 1
                    else:
                        rule = 2 * state + (cell & 1)
                        position = 0
                        items = rules[STRIDE * rule + ITEMS]
                        known = rules[STRIDE * rule + KNOWN]
                        between = False
            if event < 0:
                if steps == deadline:
                    event = TIMEOUT
                elif position == known:
                    event = NEED
                    kind = ITEM
                else:
                    item = (items >> position) & 3
                    position += 2
                    if item == 0:
                        steps += 1
                        between = True
                        state = rules[STRIDE * rule + NEXT_STATE]
                    elif item < 3:
                        bit = item - 1
                        visible = True
                        pushing = True
                    else:
                        bit = (items >> position) & 3
                        position += 2
                        visible = bit == 3
                        pushing = bit < 2
                        if bit >= 2:
                            event = NEED
                            kind = VISIBLE_BIT if visible else hidden
        if pushing:
            pushing = False
            work[tail] = bit
            tail += 1
            steps += 1
            if visible:
                node = data[2 * node + bit]
                deadline = min(steps + limits[1], limits[2])
                since = steps
                again = steps + 1
                kept_state = -1
                kind = ITEM
                if node <= 0:
                    event = DIFFERS if node == 0 else LEAF
    frames[to + NODE] = abs(node)
    frames[to + STEPS] = steps
    frames[to + DEADLINE] = deadline
    frames[to + FIELD] = kind
    frames[to + RULE] = rule
    frames[to + POSITION] = position
    frames[to + HEAD] = head
    frames[to + TAIL] = tail
    frames[to + STATES] = states
    return event


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
def close(frames, at, rules, work):
    """Forget the pending field."""
    kind = frames[at + FIELD]
    rule = STRIDE * frames[at + RULE]
    if kind == ITEM or kind == STOP or kind == SHORT:
        rules[rule + KNOWN] = frames[at + POSITION]
    elif kind == NEXT:
        rules[rule + NEXT_STATE] = -1
    elif kind == LOOK:
        work[frames[at + HEAD]] = DEFERRED


@kernel
def settle(frames, at, left, mass, data, ledger, rules, work, limits):
    """A copied bit that no target has; an open list of items with 2 to 5 program bits left.

    Of the list all but `stop` is certain: an emitted bit agrees or not, and then, as after a pushed one, the next item needs bits that
    are not there; a stop needs at least as many for its next state as `state_bits`.
    """
    rest = mass
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    if frames[at + FIELD] == ITEM and 2 <= left <= 5 and limits[2] - steps > 4:
        state_bits = 1
        if frames[at + STATES] >= 3:
            state_bits = 2  # or more
        nested = left >= 4 and (left == 4 or state_bits == 2)
        zero = data[2 * node]
        one = data[2 * node + 1]
        further = max(zero, one)
        ends = zero < 0 or one < 0
        if nested and further > 0:
            ends = ends or data[2 * further] < 0 or data[2 * further + 1] < 0
        both = zero > 0 and one > 0
        if not ends and not (both and left >= 4):
            unit = mass >> 2  # of a short item
            cut = unit if left <= 3 else 0
            if left >= 4:
                # Two pushes, a take and a copy, an item's quarter each.
                small = unit >> 2
                late = TIMEOUT_MASS if frames[at + DEADLINE] - steps == 1 else CUT
                ledger[FATES * node + late] += 2 * small
                if left == 4:
                    cut += 2 * small
                else:
                    ledger[FATES * node + late] += small
                    if further > 0:
                        ledger[FATES * further + CUT] += small >> 1
                        ledger[FATES * node + MISMATCH] += small >> 1
                    else:
                        ledger[FATES * node + MISMATCH] += small
            if left <= 3 or nested:
                stopped = left - 2 < state_bits  # no room for a next state
                if zero == 0:
                    ledger[FATES * node + MISMATCH] += unit
                if one == 0:
                    ledger[FATES * node + MISMATCH] += unit
                if left <= 3:
                    if zero > 0:
                        ledger[FATES * zero + CUT] += unit
                    if one > 0:
                        ledger[FATES * one + CUT] += unit
                elif further > 0:
                    # The agreeing bit, with two bits less: a stop and a long item are cut again.
                    small = unit >> 2
                    ledger[FATES * further + CUT] += 2 * small
                    for place in range(2 * further, 2 * further + 2):
                        if data[place] > 0:
                            ledger[FATES * data[place] + CUT] += small
                        else:
                            ledger[FATES * further + MISMATCH] += small
                frames[at + FIELD] = STOP
                rest = unit
                if stopped:
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
    """Three words of registers, a word or two for each live rule, then the live part of the queue."""
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
    word = 0
    filled = 0
    taken = 0
    for i in range(head, tail):
        taken |= int(work[i])
    bits = 1 if taken < TAKEN else 2  # of a cell
    out[offset] |= (bits - 1) << 31
    for i in range(head, tail):
        word |= int(work[i]) << filled
        filled += bits
        if filled == QUEUE_WORD:
            out[to] = word
            to += 1
            word = 0
            filled = 0
    out[to] = word
    return to + 1 - offset


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
    filled = 0
    for i in range(length):
        work[i] = (packed[source] >> filled) & (2 * bits - 1)
        filled += bits
        if filled == QUEUE_WORD:
            source += 1
            filled = 0
    return source + 1 - offset


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Rules for every state that L bits can name (each costs at least three), and a queue that is never full."""
    rules = np.zeros(2 * STRIDE * (budget.max_length // 3 + 3), dtype=np.int64)
    rules[NEXT_STATE::STRIDE] = -1
    return rules, np.empty(longest_run(budget, outputs) + extent + 1, dtype=np.uint8)


QUEUE = Machine(
    name="queue",
    title="queue automaton: rules write bits that are also the memory (universal; short for morphic words)",
    frame=FRAME,
    kernels=Kernels(start, width, code, take, resume, close, pack, unpack, deferred, settle, needs),
    allocate=allocate,
    describe=describe,
    parse=parse,
    choose=choose,
    listed=listed,
    states_slot=STATES,
    default=Budget(28, 256),
    fallback_exponent=14,
    example="0,0: 010 > 0; 0,1: 10 > 0",
)
