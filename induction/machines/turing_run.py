"""The run of `turing` from one event to the next, with its search for proofs of silence."""

from __future__ import annotations

from induction.machines.cycles import (
    KEEP,
    KEPT_RULE,
    KEPT_WORD,
    LOG_SIZE,
    REPEATED,
    STAMP,
    TAPE_AT,
    cross,
    record,
)
from induction.machines.kernel import kernel
from induction.machines.machine import (
    DEADLINE,
    DIFFERS,
    FIELD,
    HIDDEN_BIT,
    LEAF,
    NEED,
    NODE,
    SILENT,
    STEPS,
    TIMEOUT,
    VISIBLE_BIT,
)
from induction.machines.turing_layout import (
    ACTION,
    ACTION_OF,
    DIRECTION,
    DIRECTION_OF,
    HEAD,
    HIGHEST,
    LOWEST,
    MARK,
    NEXT,
    NEXT_OF,
    RULE,
    STATES,
    STRIDE,
    WORD,
)


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
    work[STAMP] += 1
    acting = bit >= 0
    visible = kind == VISIBLE_BIT
    since = steps  # when the run of known, silent steps began
    again = steps + 1  # when the next configuration is kept for comparison
    kept_head = -1
    differing = 0  # places, but for the head's, that differ from the kept configuration
    side = 0  # where the kept record is: 1 right, -1 left, 0 nowhere
    farthest = 0  # side times the place farthest behind the kept record that the head has been at since
    event = -1
    while event < 0:
        if kind == ACTION:
            action = rules[STRIDE * rule + ACTION_OF]
            if head == kept_head and differing == 0 and rule == work[KEPT_RULE] and word == work[KEPT_WORD]:
                event = SILENT
            elif steps == deadline:
                event = TIMEOUT
            elif action < 0:
                event = NEED
            else:
                if steps >= again:
                    again = steps + (steps - since) + 1
                    work[KEPT_RULE] = rule
                    kept_head = head
                    work[KEPT_WORD] = word
                    work[STAMP] += 1
                    differing = 0
                acting = action < 4
                visible = action >= 2
                bit = action & 1
                if not acting:
                    event = NEED
                    kind = HIDDEN_BIT + bit
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
                kept_head = -1
                side = 0
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
                to_head = head + 2 * direction - 1
                states = max(states, following + 1)
                kind = ACTION
                if (to_head ^ head) >> 5 != 0:
                    differing += cross(head, to_head, word, work)
                    word = work[TAPE_AT + (to_head >> 5 << 2)]
                head = to_head
                rule = 2 * following + ((word >> (head & 31)) & 1)
                farthest = min(farthest, side * head)
                if head > highest or head < lowest:
                    now = 1 if head > highest else -1
                    lowest = min(lowest, head)
                    highest = max(highest, head)
                    found = record(rule, head, word, now, side, farthest, work)
                    if found == REPEATED:
                        event = SILENT
                    elif found == KEEP:
                        side = now
                        farthest = now * head
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
    frames[to + MARK] = work[LOG_SIZE]
    return event
