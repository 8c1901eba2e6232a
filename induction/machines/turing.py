"""``turing``: a monotone Turing machine whose table is read from the program as it is first used.

One two-way tape of bits, blank 0. States are numbered in the order in which they are first named.
At (state, scanned symbol) come, each read at its first use:

1. the action: ``00``/``01`` write 0/1; ``100``/``101`` emit 0/1 (to the cell and to the output);
   ``110`` read (a program bit, at every execution, goes to the cell); ``111`` copy (a program bit,
   at every execution, goes to the cell and to the output). The action is the step.
2. the direction: ``0`` left, ``1`` right.
3. the next state: truncated binary over the states named so far and "new".

As text, a rule is ``state,symbol: action direction state``: ``0`` and ``1`` emit, ``[0]`` and
``[1]`` write, ``?`` copies, ``[?]`` reads; ``<`` and ``>``.

Silence is proved by exact repetition and by translated cycles: see :mod:`induction.machines.cycles`.
"""

from __future__ import annotations

import numpy as np

from induction.budget import Budget
from induction.machines.codes import truncated_code, truncated_width
from induction.machines.cycles import (
    CELLS,
    LOG_AT,
    LOG_SIZE,
    TAPE_AT,
    tape,
)
from induction.machines.kernel import kernel
from induction.machines.machine import (
    DEADLINE,
    FIELD,
    HIDDEN_BIT,
    NODE,
    RULE_FIELD,
    STEPS,
    Kernels,
    Machine,
    longest_run,
    never_deferred,
)
from induction.machines.turing_layout import (
    ACTION,
    DIRECTION,
    DIRECTION_OF,
    FRAME,
    HEAD,
    HIGHEST,
    LEFTWARDS,
    LOWEST,
    MARK,
    NEXT,
    NEXT_OF,
    RIGHTWARDS,
    RULE,
    STATES,
    STRIDE,
    WORD,
)
from induction.machines.turing_pack import pack, packed_words, unpack
from induction.machines.turing_run import run
from induction.machines.turing_settle import settle
from induction.machines.turing_text import choose, describe, listed, parse


@kernel
def start(frames, at, work):
    """State 0 on a blank tape, in the middle of the memory."""
    frames[at + NODE] = 0
    frames[at + STEPS] = 0
    frames[at + DEADLINE] = -1  # set by the first `resume`, which knows the limits
    frames[at + FIELD] = ACTION
    frames[at + RULE] = 0
    middle = ((work[LOG_AT] - TAPE_AT) >> 3 << 5) + 16
    frames[at + HEAD] = middle
    frames[at + WORD] = 0
    frames[at + STATES] = 1
    frames[at + LOWEST] = middle
    frames[at + HIGHEST] = middle
    frames[at + MARK] = work[LOG_SIZE]


@kernel
def restart(frames, at, inputs, count, work):
    """State 0, the input from the starting cell rightwards; its cells count as visited."""
    states = frames[at + STATES]
    start(frames, at, work)
    frames[at + STATES] = states
    head = frames[at + HEAD]
    for i in range(head, head + count):
        if i == head or i & 31 == 0:  # the log says which places are to be wiped
            work[work[LOG_AT] + work[LOG_SIZE]] = (i >> 5) << 32
            work[LOG_SIZE] += 1
        work[TAPE_AT + (i >> 5 << 2)] |= inputs[i - head] << (i & 31)
    if count > 0:
        frames[at + HIGHEST] = head + count - 1
        frames[at + WORD] = work[TAPE_AT + (head >> 5 << 2)]
        frames[at + RULE] = inputs[0]


@kernel
def width(frames, at, option):
    """Code length of an option of the pending field."""
    kind = frames[at + FIELD]
    bits = 1
    if kind == ACTION:
        bits = 2 if option < 2 else 3
        if option > 5:
            bits = 0
    elif kind == NEXT:
        bits = truncated_width(option, frames[at + STATES] + 1)
    elif kind == DIRECTION and option >= LEFTWARDS:
        row = RIGHTWARDS if option >= RIGHTWARDS else LEFTWARDS
        bits = truncated_width(option - row, frames[at + STATES] + 1)
        bits += bits > 0
    elif option > 1:
        bits = 0
    return bits


@kernel
def code(frames, at, option):
    """Code of an option of the pending field."""
    kind = frames[at + FIELD]
    value = option
    if kind == ACTION:
        value = option if option < 2 else option + 2
    elif kind == NEXT:
        value = truncated_code(option, frames[at + STATES] + 1)
    elif kind == DIRECTION and option >= LEFTWARDS:
        right = option >= RIGHTWARDS
        state = option - (RIGHTWARDS if right else LEFTWARDS)
        symbols = frames[at + STATES] + 1
        value = right << truncated_width(state, symbols) | truncated_code(state, symbols)
    return value


@kernel
def take(frames, at, option, data, rules, work, limits):
    """Restore the tape, define the pending field, run on."""
    kind = frames[at + FIELD]
    log = work[LOG_AT]
    size = work[LOG_SIZE]
    while size > frames[at + MARK]:
        size -= 1
        entry = work[log + size]
        work[TAPE_AT + (entry >> 32 << 2)] = entry & CELLS
    work[LOG_SIZE] = size
    rule = STRIDE * frames[at + RULE]
    bit = -1
    if kind < RULE_FIELD:
        bit = option
    elif kind == DIRECTION and option >= LEFTWARDS:
        right = int(option >= RIGHTWARDS)
        rules[rule + DIRECTION_OF] = right
        rules[rule + NEXT_OF] = option - (RIGHTWARDS if right else LEFTWARDS)
    else:
        rules[rule + kind - ACTION] = option
    return run(frames, at, at + FRAME, bit, data, rules, work, limits)


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
    if kind >= RULE_FIELD:
        rules[STRIDE * frames[at + RULE] + kind - ACTION] = -1
    if kind == DIRECTION:
        rules[STRIDE * frames[at + RULE] + NEXT_OF] = -1


@kernel
def needs(frames, at, left, missing, rules, work):
    """A new rule needs its action, direction and next state, unless its action writes the last bit."""
    kind = frames[at + FIELD]
    end = truncated_width(0, frames[at + STATES] + 1)
    bits = 1
    if kind == ACTION:
        bits = 3 if missing == 1 else 3 + end
    elif kind == DIRECTION:
        bits = 1 + end
    elif kind == NEXT:
        bits = end
    elif rules[STRIDE * frames[at + RULE] + DIRECTION_OF] < 0 and (missing > 1 or kind == HIDDEN_BIT):
        bits = 2 + end
    return bits


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Rules for every state that L bits can name (each costs at least four), a tape with room on both sides, a log."""
    rules = np.full(2 * STRIDE * (budget.max_length // 4 + 3), -1, dtype=np.int64)
    return rules, tape(longest_run(budget, outputs) + extent)


TURING = Machine(
    name="turing",
    title="monotone Turing machine with one two-way work tape (universal)",
    frame=FRAME,
    kernels=Kernels(
        start, width, code, take, resume, close, pack, unpack, never_deferred, settle, needs, restart
    ),
    allocate=allocate,
    describe=describe,
    parse=parse,
    choose=choose,
    listed=listed,
    states_slot=STATES,
    default=Budget(24, 256),
    fallback_exponent=5,  # 0,0: ? > 0 copies
    example="0,0: 1 > 1; 1,0: 0 < 0",
    packed_words=packed_words,
)
