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
    FIELD,
    HIDDEN_BIT,
    LENGTH,
    LOOK,
    NEED,
    NODE,
    STEPS,
    VISIBLE_BIT,
    Kernels,
    Machine,
    longest_run,
)
from induction.machines.queue_cells import look, look_away
from induction.machines.queue_codes import code, width
from induction.machines.queue_layout import (
    BURST,
    END,
    ENDED,
    FRAME,
    HEAD,
    ITEM,
    ITEMS,
    KNOWN,
    LATER,
    NEXT,
    NEXT_STATE,
    POSITION,
    RULE,
    SECONDS,
    SHARED,
    SHARED_POSITION,
    SHARED_RULE,
    STATES,
    STRIDE,
    TAIL,
    TAKEN,
    UNASKED,
    UNREAD,
    UNREADS,
)
from induction.machines.queue_pack import deferred, pack, unpack
from induction.machines.queue_proofs import needs
from induction.machines.queue_run import run
from induction.machines.queue_settle import settle
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
    frames[at + UNREADS] = 0
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
    unreads = frames[at + UNREADS]
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
            later = 0
            if option == LATER:
                value = 3
                later = 1
                unreads += 1
                frames[at + FRAME + LENGTH] += 1
            rules[rule + UNREAD] = (rules[rule + UNREAD] & ~(1 << position)) | later << position
        long = int(bits == 4)
        rules[rule + SECONDS] = (rules[rule + SECONDS] & ((1 << position) - 1)) | long << (position + 2)
        rules[rule + ITEMS] = (rules[rule + ITEMS] & ((1 << position) - 1)) | (value << position)
        rules[rule + KNOWN] = position + bits
        frames[at + FRAME + UNREADS] = unreads
        if (0 < option < 5 or option == LATER) and frames[at + DEADLINE] - frames[at + STEPS] > 1:
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
        place = frames[at + POSITION]
        unreads -= work[place] >= SHARED
        look(place, option, rules, work)
    frames[at + FRAME + UNREADS] = unreads
    return run(frames, at, at + FRAME, bit, data, rules, work, limits)


@kernel
def grow(frames, at, option, bits, node, work, limits):
    """What `run` comes to after an emitted or pushed bit in an open list of items: the next item is needed."""
    to = at + FRAME
    tail = frames[at + TAIL]
    steps = frames[at + STEPS] + 1
    work[tail] = (option - 1) & 1
    if option == LATER:
        work[tail] = SHARED | frames[at + POSITION] << SHARED_POSITION | frames[at + RULE] << SHARED_RULE
    frames[to + NODE] = node
    frames[to + STEPS] = steps
    frames[to + DEADLINE] = min(steps + limits[1], limits[2]) if option < 3 else frames[at + DEADLINE]
    frames[to + FIELD] = ITEM
    frames[to + RULE] = frames[at + RULE]
    frames[to + POSITION] = frames[at + POSITION] + bits
    frames[to + HEAD] = frames[at + HEAD]
    frames[to + TAIL] = tail + 1
    frames[to + STATES] = frames[at + STATES]
    frames[to + BURST] = UNASKED
    return NEED


@kernel
def resume(frames, at, data, rules, work, limits):
    """Run on in place."""
    if frames[at + DEADLINE] < 0:
        frames[at + DEADLINE] = min(limits[1], limits[2])
    return run(frames, at, at, -1, data, rules, work, limits)


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
        look_away(frames[at + POSITION], rules, work)


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Rules for every state that L bits can name (each costs at least three), and a queue that is never full."""
    rules = np.zeros(2 * STRIDE * (budget.max_length // 3 + 3), dtype=np.int64)
    rules[NEXT_STATE::STRIDE] = -1
    return rules, np.empty(longest_run(budget, outputs) + extent + 1, dtype=np.uint16)


QUEUE = Machine(
    name="queue",
    title="queue automaton: rules write bits that are also the memory (universal; short for morphic words)",
    frame=FRAME,
    kernels=Kernels(start, width, code, take, resume, close, pack, unpack, deferred, settle, needs, restart),
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
