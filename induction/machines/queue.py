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
from induction.machines.kernel import kernel
from induction.machines.machine import (
    DEADLINE,
    DIFFERS,
    FIELD,
    HIDDEN_BIT,
    LEAF,
    LENGTH,
    LOOK,
    NEED,
    NODE,
    RULE_FIELD,
    SILENT,
    STEPS,
    TIMEOUT,
    VISIBLE_BIT,
    Kernels,
    Machine,
    longest_run,
)
from induction.machines.queue_codes import code, width
from induction.machines.queue_layout import (
    ALL,
    BURST,
    DEFERRED,
    END,
    ENDED,
    FRAME,
    HEAD,
    IDLES,
    ITEM,
    ITEMS,
    KNOWN,
    MASK,
    NEXT,
    NEXT_STATE,
    PATIENCE,
    POSITION,
    RULE,
    STATES,
    STRIDE,
    TAIL,
    TAKEN,
    UNASKED,
)
from induction.machines.queue_pack import deferred, pack, unpack
from induction.machines.queue_proofs import needs, reach
from induction.machines.queue_settle import settle, unsettled
from induction.machines.queue_text import choose, describe, listed, parse


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
    frames[at + MASK] = ALL
    frames[at + BURST] = UNASKED


@kernel
def restart(frames, at, inputs, count, work):
    """State 0, the input in the queue."""
    states = frames[at + STATES]
    start(frames, at, work)
    frames[at + STATES] = states
    for i in range(count):
        work[i] = inputs[i]
    frames[at + TAIL] = count


@kernel
def take(frames, at, option, data, rules, work, limits):
    """Define the pending field and run on; the queue only grows, and `close` puts back the cell that a LOOK writes."""
    kind = frames[at + FIELD]
    rule = STRIDE * frames[at + RULE]
    bit = -1
    if kind == ITEM:
        position = frames[at + POSITION]
        bits = 2
        value = 0
        if option >= END:
            rules[rule + NEXT_STATE] = option - END
            bit = ENDED
        elif option < 3:
            value = option
        else:  # the first two bits of the code lowest, then the others
            bits = 4
            value = 3 | (option - 3) << 2
        rules[rule + ITEMS] = (rules[rule + ITEMS] & ((1 << position) - 1)) | (value << position)
        rules[rule + KNOWN] = position + bits
        if 0 < option < 5 and frames[at + DEADLINE] - frames[at + STEPS] > 1:
            node = frames[at + NODE]
            if option < 3:
                node = data[2 * node + option - 1]
            if node > 0:
                return grow(frames, at, option, bits, node, work, limits)
    elif kind == NEXT:
        rules[rule + NEXT_STATE] = option
    elif kind == VISIBLE_BIT:
        bit = option
    elif kind == HIDDEN_BIT:
        bit = TAKEN | option
    else:
        work[frames[at + HEAD]] = TAKEN | option
    return run(frames, at, at + FRAME, bit, data, rules, work, limits)


@kernel
def grow(frames, at, option, bits, node, work, limits):
    """What `run` comes to after an emitted or pushed bit in an open list of items: the next item is needed."""
    to = at + FRAME
    tail = frames[at + TAIL]
    steps = frames[at + STEPS] + 1
    work[tail] = (option - 1) & 1
    frames[to + NODE] = node
    frames[to + STEPS] = steps
    frames[to + DEADLINE] = min(steps + limits[1], limits[2]) if option < 3 else frames[at + DEADLINE]
    frames[to + FIELD] = ITEM
    frames[to + RULE] = frames[at + RULE]
    frames[to + POSITION] = frames[at + POSITION] + bits
    frames[to + HEAD] = frames[at + HEAD]
    frames[to + TAIL] = tail + 1
    frames[to + STATES] = frames[at + STATES]
    frames[to + MASK] = ALL
    frames[to + BURST] = UNASKED
    return NEED


@kernel
def resume(frames, at, data, rules, work, limits):
    """Run on in place."""
    if frames[at + DEADLINE] < 0:
        frames[at + DEADLINE] = min(limits[1], limits[2])
    return run(frames, at, at, -1, data, rules, work, limits)


@kernel
def run(frames, at, to, bit, data, rules, work, limits):
    """From the registers at `at`, run to the next event and leave the registers at `to`.

    A `bit` of 0 or more is the cell that a pending take or copy has been waiting for. Under `defer`, takes
    read on as long as there are bits. Using a taken bit for the first time starts the search for
    repetitions anew, as reading it does, so that deferring changes no fate.
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
    left = 0  # bits that takes may read without looking
    if limits[3] == 1:
        left = limits[0] - frames[to + LENGTH]
    between = kind == NEXT or kind == LOOK or bit == ENDED  # between two rules, else inside one
    pushing = bit >= 0
    visible = kind == VISIBLE_BIT
    steps += bit == ENDED
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
                        if bit == 2 and left > 0:
                            left -= 1
                            bit = DEFERRED
                            pushing = True
                            since = steps
                            again = steps + 1
                            kept_state = -1
                        elif bit >= 2:
                            event = NEED
                            kind = VISIBLE_BIT if visible else HIDDEN_BIT
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
    frames[to + MASK] = ALL
    frames[to + BURST] = frames[at + BURST] if frames[at + FIELD] < RULE_FIELD else UNASKED
    if limits[3] == 1:
        frames[to + LENGTH] = limits[0] - left
    return event


@kernel
def close(frames, at, rules, work):
    """Forget the pending field."""
    kind = frames[at + FIELD]
    rule = STRIDE * frames[at + RULE]
    if kind == ITEM:
        rules[rule + KNOWN] = frames[at + POSITION]
        rules[rule + NEXT_STATE] = -1
    elif kind == NEXT:
        rules[rule + NEXT_STATE] = -1
    elif kind == LOOK:
        work[frames[at + HEAD]] = DEFERRED


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Rules for every state that L bits can name (each costs at least three), and a queue that is never full."""
    rules = np.zeros(2 * STRIDE * (budget.max_length // 3 + 3), dtype=np.int64)
    rules[NEXT_STATE::STRIDE] = -1
    return rules, np.empty(longest_run(budget, outputs) + extent + 1, dtype=np.uint8)


QUEUE = Machine(
    name="queue",
    title="queue automaton: rules write bits that are also the memory (universal; short for morphic words)",
    frame=FRAME,
    kernels=Kernels(start, width, code, take, resume, close, pack, unpack, deferred, settle, unsettled, needs, restart),
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
