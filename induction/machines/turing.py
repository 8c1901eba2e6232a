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
RULE, HEAD, WORD, STATES, LOWEST, HIGHEST, MARK, FRAME = range(FIRST, FIRST + 8)

# A rule is four words, at 4 * (2 * state + symbol), each an option number or -1.
ACTION_OF, DIRECTION_OF, NEXT_OF, STRIDE = 0, 1, 2, 4
# Work: the log's size, the number of configurations kept so far, where the log begins; then the
# tape; then the log. The tape comes in words of 32 cells, a place of four slots each: the cells; the
# cells as they were in the kept configuration, if the stamp beside them is that configuration's
# number. The word under the head is a register, and its place is out of date until the head
# leaves it. A log entry is a place and the cells that it held.
LOG_SIZE, STAMP, LOG_AT, TAPE_AT = 0, 1, 2, 3
KEPT, STAMPED = 1, 2
CELLS = (1 << 32) - 1
_LONGEST_TAPE = 2**36  # cells: places are numbers of 31 bits


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
        work[TAPE_AT + (entry >> 32 << 2)] = entry & CELLS
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
    word = frames[at + WORD]
    states = frames[at + STATES]
    lowest = frames[at + LOWEST]
    highest = frames[at + HIGHEST]
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    deadline = frames[at + DEADLINE]
    log = work[LOG_AT]
    size = work[LOG_SIZE]
    stamp = work[STAMP] + 1
    place = TAPE_AT + (head >> 5 << 2)
    acting = bit >= 0
    visible = kind == VISIBLE_BIT
    since = steps  # when the run of known, silent steps began
    again = steps + 1  # when the next configuration is kept for comparison
    kept_rule = -1
    kept_head = 0
    kept_word = 0
    differing = 0  # places, but for the head's, that differ from the kept configuration
    side = 0  # where the kept record is: 1 right, -1 left, 0 nowhere
    reach = 0  # how far the head has been behind the kept record since
    record_rule = -1
    record_head = 0
    record_near = 0
    records = 0
    due = 1
    event = -1
    while event < 0:
        if kind == ACTION:
            action = rules[STRIDE * rule + ACTION_OF]
            if (rule ^ kept_rule) | (head ^ kept_head) | (word ^ kept_word) | differing == 0:
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
                    kept_word = word
                    stamp += 1
                    differing = 0
                acting = action < 4
                visible = action == 2 or action == 3 or action == 5
                bit = action & 1
                if action >= 4:
                    event = NEED
                    kind = VISIBLE_BIT if visible else HIDDEN_BIT
        if acting:
            acting = False
            kind = DIRECTION
            steps += 1
            word ^= ((rule & 1) ^ bit) << (head & 31)
            if visible:
                node = data[2 * node + bit]
                deadline = min(steps + limits[1], limits[2])
                since = steps
                again = steps + 1
                kept_rule = -1
                side = 0
                records = 0
                due = 1
                if node <= 0:
                    event = DIFFERS if node == 0 else LEAF
        if event < 0:
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
                states = max(states, following + 1)
                kind = ACTION
                to_place = TAPE_AT + (head >> 5 << 2)
                if to_place != place:
                    before = work[place]
                    if work[place + STAMPED] != stamp:
                        work[place + STAMPED] = stamp
                        work[place + KEPT] = kept_word if TAPE_AT + (kept_head >> 5 << 2) == place else before
                    differing += word != work[place + KEPT]
                    if word != before:
                        work[log + size] = (place - TAPE_AT) << 30 | before
                        work[place] = word
                        size += 1
                    place = to_place
                    word = work[place]
                    if work[place + STAMPED] == stamp:
                        differing -= word != work[place + KEPT]
                rule = 2 * following + ((word >> (head & 31)) & 1)
                reach = max(reach, side * (record_head - head))
                if head > highest or head < lowest:
                    if head > highest:
                        now = 1
                        highest = head
                        near = ((word << 32 | work[place - 4]) >> (head & 31)) & CELLS
                    else:
                        now = -1
                        lowest = head
                        near = ((work[place + 4] << 32 | word) >> ((head & 31) + 1)) & CELLS
                    records += 1
                    if now == side and rule == record_rule and reach <= 32:
                        differs = near ^ record_near
                        differs = differs >> (32 - reach) if now > 0 else differs & ((1 << reach) - 1)
                        if differs == 0:
                            event = SILENT
                    if now != side or records >= due:
                        due = 2 * records
                        side = now
                        reach = 0
                        record_rule = rule
                        record_head = head
                        record_near = near
    work[LOG_SIZE] = size
    work[STAMP] = stamp
    frames[to + NODE] = abs(node)
    frames[to + STEPS] = steps
    frames[to + DEADLINE] = deadline
    frames[to + FIELD] = kind
    frames[to + RULE] = rule
    frames[to + HEAD] = head
    frames[to + WORD] = word
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
    """Six words of registers, a word for each rule, then the places between the outermost ones, two a word."""
    head = frames[at + HEAD]
    states = frames[at + STATES]
    under = head >> 5
    # What has been visited may lie outside this memory: it was packed before, and blank there.
    first = max(frames[at + LOWEST] >> 5, 0)
    last = min(frames[at + HIGHEST] >> 5, ((work[LOG_AT] - TAPE_AT) >> 2) - 1)
    while first < under and work[TAPE_AT + 4 * first] == 0:
        first += 1
    while last > under and work[TAPE_AT + 4 * last] == 0:
        last -= 1
    to = offset + 6
    count = 0
    for entry in range(2 * states):
        row = STRIDE * entry
        if rules[row + ACTION_OF] >= 0:
            count += 1
            word = entry | (rules[row + ACTION_OF] + 1) << 8
            out[to] = word | (rules[row + DIRECTION_OF] + 1) << 12 | (rules[row + NEXT_OF] + 1) << 16
            to += 1
    out[offset] = frames[at + FIELD] | frames[at + RULE] << 3 | states << 11 | count << 19 | (head & 31) << 27
    out[offset + 1] = frames[at + STEPS]
    out[offset + 2] = frames[at + DEADLINE]
    # Records are told by what has been visited, so blank cells count as well.
    out[offset + 3] = head - frames[at + LOWEST]
    out[offset + 4] = frames[at + HIGHEST] - head
    out[offset + 5] = (under - first) << 32 | (last - under)
    word = 0
    for place in range(first, last + 1):
        cells = frames[at + WORD] if place == under else work[TAPE_AT + 4 * place]
        if (place - first) & 1 == 0:
            word = cells
        else:
            out[to] = word | cells << 32
            to += 1
            word = 0
    out[to] = word
    return to + 1 - offset


@kernel
def unpack(frames, at, rules, work, packed, offset):
    """Put a packed configuration back, in place of the one that the frame held."""
    for row in range(0, 2 * STRIDE * frames[at + STATES], STRIDE):
        rules[row + ACTION_OF] = -1
        rules[row + DIRECTION_OF] = -1
        rules[row + NEXT_OF] = -1
    # Places outside the frame's range may have been written by runs that were undone only in the log.
    log = work[LOG_AT]
    for entry in range(work[LOG_SIZE]):
        work[TAPE_AT + (work[log + entry] >> 32 << 2)] = 0
    places = (log - TAPE_AT) >> 2
    for place in range(max(frames[at + LOWEST] >> 5, 0), min(frames[at + HIGHEST] >> 5, places - 1) + 1):
        work[TAPE_AT + 4 * place] = 0
    work[LOG_SIZE] = 0
    word = packed[offset]
    frames[at + FIELD] = word & 7
    frames[at + RULE] = (word >> 3) & 255
    frames[at + STATES] = (word >> 11) & 255
    count = (word >> 19) & 255
    under = places >> 1
    head = (under << 5) + ((word >> 27) & 31)
    frames[at + NODE] = 0
    frames[at + STEPS] = packed[offset + 1]
    frames[at + DEADLINE] = packed[offset + 2]
    frames[at + HEAD] = head
    frames[at + LOWEST] = head - packed[offset + 3]
    frames[at + HIGHEST] = head + packed[offset + 4]
    frames[at + MARK] = 0
    source = offset + 6
    for _ in range(count):
        word = packed[source]
        source += 1
        row = STRIDE * (word & 255)
        rules[row + ACTION_OF] = ((word >> 8) & 15) - 1
        rules[row + DIRECTION_OF] = ((word >> 12) & 15) - 1
        rules[row + NEXT_OF] = (word >> 16) - 1
    first = under - (packed[offset + 5] >> 32)
    last = under + (packed[offset + 5] & CELLS)
    for place in range(first, last + 1):
        half = (place - first) & 1
        work[TAPE_AT + 4 * place] = (packed[source] >> (32 * half)) & CELLS
        source += half
    frames[at + WORD] = work[TAPE_AT + 4 * under]
    return source + 1 - offset


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Rules for every state that L bits can name (each costs at least four), a tape with room on both sides, a log."""
    rules = np.full(2 * STRIDE * (budget.max_length // 4 + 3), -1, dtype=np.int64)
    steps = longest_run(budget, outputs)
    cells = steps + extent  # on either side
    if cells > _LONGEST_TAPE:
        raise MemoryError
    places = 2 * (cells >> 5) + 8
    # Zeroed pages come from the system when they are first touched.
    work = np.zeros(TAPE_AT + 4 * places + cells + 1, dtype=np.int64)
    work[LOG_AT] = TAPE_AT + 4 * places
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
