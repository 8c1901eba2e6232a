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

Silence is proved by exact repetition: the same state, head and tape, nothing read and nothing
written to the output in between. Tapes are not compared: each cell remembers whether it differs
from the kept configuration, and the differences are counted.
"""

from __future__ import annotations

import numpy as np

from induction.budget import Budget
from induction.machines.codes import truncated_code, truncated_width
from induction.machines.kernel import kernel
from induction.machines.machine import (
    DEADLINE,
    DIFFERS,
    FIELD,
    FIRST,
    HIDDEN_BIT,
    LEAF,
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
from induction.machines.turing_text import choose, describe, listed, parse

ACTION, DIRECTION, NEXT = range(RULE_FIELD, RULE_FIELD + 3)
RULE, HEAD, STATES, LOWEST, HIGHEST, MARK, FRAME = range(FIRST, FIRST + 7)

# A rule is four words, at 4 * (2 * state + symbol), each an option number or -1.
ACTION_OF, DIRECTION_OF, NEXT_OF, STRIDE = 0, 1, 2, 4
# Work: the log's size, the number of configurations kept so far, where the log begins; then the
# tape; then the log. A cell is its bit, a parity, and the number of the configuration that the
# parity counts flips from; a log entry is twice the cell's place and the bit that it held.
LOG_SIZE, STAMP, LOG_AT, TAPE_AT = 0, 1, 2, 3
CELL_WORD = 62  # tape bits in a packed word
_LONGEST_TAPE = 2**40  # cells; more cannot be asked for anywhere


@kernel
def start(frames, at, work):
    """State 0 on a blank tape, in the middle of the memory."""
    frames[at + NODE] = 0
    frames[at + STEPS] = 0
    frames[at + DEADLINE] = -1  # set by the first `resume`, which knows the limits
    frames[at + FIELD] = ACTION
    frames[at + RULE] = 0
    middle = (work[LOG_AT] + TAPE_AT) >> 1
    frames[at + HEAD] = middle
    frames[at + STATES] = 1
    frames[at + LOWEST] = middle
    frames[at + HIGHEST] = middle
    frames[at + MARK] = work[LOG_SIZE]


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
    return value


@kernel
def take(frames, at, option, data, rules, work, limits):
    """Restore the tape, define the pending field, run on."""
    kind = frames[at + FIELD]
    size = work[LOG_SIZE]
    log = work[LOG_AT]
    while size > frames[at + MARK]:
        size -= 1
        entry = work[log + size]
        work[entry >> 1] = entry & 1
    work[LOG_SIZE] = size
    rule = STRIDE * frames[at + RULE]
    bit = -1
    if kind < RULE_FIELD:
        bit = option
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
def run(frames, at, to, bit, data, rules, work, limits):
    """From the registers at `at`, run to the next event and leave the registers at `to`.

    A `bit` of 0 or 1 is the program bit that a pending read or copy has been waiting for.
    """
    kind = frames[at + FIELD]
    rule = frames[at + RULE]
    head = frames[at + HEAD]
    states = frames[at + STATES]
    lowest = frames[at + LOWEST]
    highest = frames[at + HIGHEST]
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    deadline = frames[at + DEADLINE]
    log = work[LOG_AT]
    size = work[LOG_SIZE]
    stamp = work[STAMP] + 1
    acting = bit >= 0
    visible = kind == VISIBLE_BIT
    since = steps  # when the run of known, silent steps began
    again = steps + 1  # when the next configuration is kept for comparison
    kept_rule = -1
    kept_head = 0
    differing = 0  # cells that differ from the kept configuration
    event = -1
    while event < 0:
        if acting:
            acting = False
            kind = DIRECTION
            steps += 1
            cell = work[head]
            if (cell & 1) != bit:
                work[log + size] = 2 * head | (cell & 1)
                size += 1
                parity = 1
                if cell >> 2 == stamp:
                    parity = 1 - ((cell >> 1) & 1)
                differing += 2 * parity - 1
                work[head] = stamp << 2 | parity << 1 | bit
            if visible:
                node = data[2 * node + bit]
                deadline = min(steps + limits[1], limits[2])
                since = steps
                again = steps + 1
                kept_rule = -1
                if node <= 0:
                    event = DIFFERS if node == 0 else LEAF
        elif kind == ACTION:
            action = rules[STRIDE * rule + ACTION_OF]
            if rule == kept_rule and head == kept_head and differing == 0:
                event = SILENT
            elif steps == deadline:
                event = TIMEOUT
            elif action < 0:
                event = NEED
            else:
                if steps >= again:
                    again = steps + (steps - since) + 1
                    kept_rule = rule
                    kept_head = head
                    stamp += 1
                    differing = 0
                acting = action < 4
                visible = action == 2 or action == 3 or action == 5
                bit = action & 1
                if action >= 4:
                    event = NEED
                    kind = VISIBLE_BIT if visible else HIDDEN_BIT
        else:
            direction = rules[STRIDE * rule + DIRECTION_OF]
            following = rules[STRIDE * rule + NEXT_OF]
            if direction < 0:
                event = NEED
                kind = DIRECTION
            elif following < 0:
                event = NEED
                kind = NEXT
            else:
                head += 2 * direction - 1
                lowest = min(lowest, head)
                highest = max(highest, head)
                states = max(states, following + 1)
                rule = 2 * following + (work[head] & 1)
                kind = ACTION
    work[LOG_SIZE] = size
    work[STAMP] = stamp
    frames[to + NODE] = abs(node)
    frames[to + STEPS] = steps
    frames[to + DEADLINE] = deadline
    frames[to + FIELD] = kind
    frames[to + RULE] = rule
    frames[to + HEAD] = head
    frames[to + STATES] = states
    frames[to + LOWEST] = lowest
    frames[to + HIGHEST] = highest
    frames[to + MARK] = size
    return event


@kernel
def close(frames, at, rules, work):
    """Forget the pending field."""
    kind = frames[at + FIELD]
    if kind >= RULE_FIELD:
        rules[STRIDE * frames[at + RULE] + kind - ACTION] = -1


@kernel
def pack(frames, at, rules, work, out, offset):
    """Five words of registers, a word for each rule, then the tape between the outermost ones."""
    head = frames[at + HEAD]
    states = frames[at + STATES]
    lowest = frames[at + LOWEST]
    highest = frames[at + HIGHEST]
    while lowest < head and work[lowest] & 1 == 0:
        lowest += 1
    while highest > head and work[highest] & 1 == 0:
        highest -= 1
    to = offset + 5
    count = 0
    for entry in range(2 * states):
        row = STRIDE * entry
        if rules[row + ACTION_OF] >= 0:
            count += 1
            word = entry | (rules[row + ACTION_OF] + 1) << 8
            out[to] = word | (rules[row + DIRECTION_OF] + 1) << 12 | (rules[row + NEXT_OF] + 1) << 16
            to += 1
    out[offset] = frames[at + FIELD] | frames[at + RULE] << 3 | states << 11 | count << 19
    out[offset + 1] = frames[at + STEPS]
    out[offset + 2] = frames[at + DEADLINE]
    out[offset + 3] = head - lowest
    out[offset + 4] = highest - head
    word = 0
    filled = 0
    for place in range(lowest, highest + 1):
        word |= (work[place] & 1) << filled
        filled += 1
        if filled == CELL_WORD:
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
        rules[row + ACTION_OF] = -1
        rules[row + DIRECTION_OF] = -1
        rules[row + NEXT_OF] = -1
    # Cells outside the frame's range may have been flipped by runs that were undone only in the log.
    log = work[LOG_AT]
    for entry in range(work[LOG_SIZE]):
        work[work[log + entry] >> 1] = 0
    for place in range(frames[at + LOWEST], frames[at + HIGHEST] + 1):
        work[place] = 0
    work[LOG_SIZE] = 0
    word = packed[offset]
    frames[at + FIELD] = word & 7
    frames[at + RULE] = (word >> 3) & 255
    frames[at + STATES] = (word >> 11) & 255
    count = (word >> 19) & 255
    frames[at + NODE] = 0
    frames[at + STEPS] = packed[offset + 1]
    frames[at + DEADLINE] = packed[offset + 2]
    head = (log + TAPE_AT) >> 1
    lowest = head - packed[offset + 3]
    highest = head + packed[offset + 4]
    frames[at + HEAD] = head
    frames[at + LOWEST] = lowest
    frames[at + HIGHEST] = highest
    frames[at + MARK] = 0
    source = offset + 5
    for _ in range(count):
        word = packed[source]
        source += 1
        row = STRIDE * (word & 255)
        rules[row + ACTION_OF] = ((word >> 8) & 15) - 1
        rules[row + DIRECTION_OF] = ((word >> 12) & 15) - 1
        rules[row + NEXT_OF] = (word >> 16) - 1
    filled = 0
    for place in range(lowest, highest + 1):
        work[place] = (packed[source] >> filled) & 1
        filled += 1
        if filled == CELL_WORD:
            source += 1
            filled = 0
    return source + 1 - offset


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Rules for every state that L bits can name (each costs at least four), a tape with room on both sides, a log."""
    rules = np.full(2 * STRIDE * (budget.max_length // 4 + 3), -1, dtype=np.int64)
    steps = longest_run(budget, outputs)
    cells = 2 * (steps + extent) + 5
    if cells > _LONGEST_TAPE:
        raise MemoryError
    # Zeroed pages come from the system when they are first touched.
    work = np.zeros(TAPE_AT + cells + steps + 1, dtype=np.int64)
    work[LOG_AT] = TAPE_AT + cells
    return rules, work


TURING = Machine(
    name="turing",
    title="monotone Turing machine with one two-way work tape (universal)",
    frame=FRAME,
    kernels=Kernels(start, width, code, take, resume, close, pack, unpack),
    allocate=allocate,
    describe=describe,
    parse=parse,
    choose=choose,
    listed=listed,
    states_slot=STATES,
    default=Budget(24, 256),
    fallback_exponent=8,
    example="0,0: 1 > 1; 1,0: 0 < 0",
)
