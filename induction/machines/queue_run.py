"""The run of `queue` from one event to the next, and its search for repetitions."""

from __future__ import annotations

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
)
from induction.machines.queue_cells import bit_of, compared, first_unread, told_apart
from induction.machines.queue_layout import (
    AGAIN,
    BURST,
    DEFERRED,
    DIFFERING,
    ENDED,
    HEAD,
    IDLES,
    ITEM,
    ITEMS,
    KEPT_HEAD,
    KEPT_STATE,
    KEPT_TAIL,
    KNOWN,
    NEXT,
    NEXT_STATE,
    OTHER,
    PATIENCE,
    POSITION,
    RULE,
    SAME,
    SHARED,
    SHARED_POSITION,
    SHARED_RULE,
    SINCE,
    STATES,
    STRIDE,
    TAIL,
    TAKEN,
    UNASKED,
    UNREAD,
    UNREADS,
)
from induction.machines.queue_proofs import reach


@kernel
def begin_search(frames, to, steps):
    """Begin anew to look for a configuration that comes again: the run has written, or read."""
    frames[to + SINCE] = steps
    frames[to + AGAIN] = steps + 1
    frames[to + KEPT_STATE] = -1


@kernel
def search(frames, to, state, head, tail, steps, rules, work):
    """Whether the run will never write again: SAME if so, OTHER if it has to go on, or where to look at a bit first.

    It does not if it is where it was, or if no rule within reach writes. Configurations are kept for comparison at
    steps whose distance from the last output doubles.
    """
    place = OTHER
    head_then = frames[to + KEPT_HEAD]
    tail_then = frames[to + KEPT_TAIL]
    alike = state == frames[to + KEPT_STATE] and tail - head == tail_then - head_then
    if alike and not told_apart(frames[to + DIFFERING], head_then, head, tail, work):
        place = compared(head_then, head, tail, rules, work)
        if place <= OTHER:
            frames[to + DIFFERING] = OTHER - place
            place = OTHER
    if place == OTHER and steps >= frames[to + AGAIN]:
        silent = steps - frames[to + SINCE]
        if silent >= PATIENCE and reach(-1, state, head, tail, frames[to + STATES], rules, work) == IDLES:
            place = SAME
        elif silent >= PATIENCE and frames[to + UNREADS] > 0:
            place = first_unread(head, tail, rules, work)
        else:
            frames[to + AGAIN] = steps + silent + 1
            frames[to + KEPT_STATE] = state
            frames[to + KEPT_HEAD] = head
            frames[to + KEPT_TAIL] = tail
    return place


@kernel
def run(frames, at, to, bit, data, rules, work, limits):
    """From the registers at `at`, run to the next event and leave the registers at `to`.

    A `bit` of 0 or more is the cell that a pending take or copy has been waiting for. Under `defer`, takes
    read on as long as there are bits. Using a taken bit for the first time starts the search for
    repetitions anew, as reading it does, and the bit of a push is looked at wherever a proof of silence could
    depend on it, while the search goes on: so deferring changes no fate.
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
    unread = 0
    if rule >= 0:
        items = rules[STRIDE * rule + ITEMS]
        known = rules[STRIDE * rule + KNOWN]
        unread = rules[STRIDE * rule + UNREAD]
        state = rules[STRIDE * rule + NEXT_STATE]
    states = max(states, state + 1)
    left = 0  # bits that takes may read without looking
    if limits[3] == 1:
        left = limits[0] - frames[to + LENGTH]
    between = kind == NEXT or kind == LOOK or bit == ENDED  # between two rules, else inside one
    pushing = bit >= 0
    visible = kind == VISIBLE_BIT
    steps += bit == ENDED
    frames[to + STATES] = states
    frames[to + DIFFERING] = 0
    begin_search(frames, to, steps)
    if kind == LOOK:
        for slot in range(SINCE, KEPT_TAIL + 1):
            frames[to + slot] = frames[at + slot]
    event = -1
    while event < 0:
        if not pushing:
            if between:
                if state < 0:
                    event = NEED
                    kind = NEXT
                else:
                    cell = 0
                    if head < tail:
                        cell = int(work[head])
                        if cell >= SHARED:
                            cell = bit_of(cell, rules)
                    place = head
                    if cell < SHARED:
                        place = search(frames, to, state, head, tail, steps, rules, work)
                    if place == SAME:
                        event = SILENT
                    elif place == OTHER and cell >= TAKEN:
                        begin_search(frames, to, steps)
                        if cell == DEFERRED:
                            place = head
                    if place >= 0:
                        event = NEED
                        kind = LOOK
                        position = place
                    elif event < 0:
                        head += head < tail
                        rule = 2 * state + (cell & 1)
                        position = 0
                        items = rules[STRIDE * rule + ITEMS]
                        known = rules[STRIDE * rule + KNOWN]
                        unread = rules[STRIDE * rule + UNREAD]
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
                            begin_search(frames, to, steps)
                        elif bit >= 2:
                            event = NEED
                            kind = VISIBLE_BIT if visible else HIDDEN_BIT
                        elif (unread >> (position - 4)) & 1:
                            bit = SHARED | (position - 4) << SHARED_POSITION | rule << SHARED_RULE
        if pushing:
            pushing = False
            work[tail] = bit
            tail += 1
            steps += 1
            if visible:
                node = data[2 * node + bit]
                deadline = min(steps + limits[1], limits[2])
                begin_search(frames, to, steps)
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
    frames[to + BURST] = frames[at + BURST] if frames[at + FIELD] < RULE_FIELD else UNASKED
    if limits[3] == 1:
        frames[to + LENGTH] = limits[0] - left
    return event
