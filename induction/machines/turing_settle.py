"""What surely becomes of a fork's options in `turing`, without running them: see `settle` in the contract.

A rule that is read for the first time needs its direction and its next state before anything else can happen. So
with few bits left the fate of its action is certain: an emitted or copied bit agrees or not, and then the rule is
cut. Direction and next state are one option, and the rule that it leads to is either new, and certain in
the same way, or known, and then may emit a bit that no target has or need a bit that is not there.

What reads again and again and writes no output uses up all bits that are left, if the deadline lets it: a path that
goes one way over blank cells by closed rules, some of which read in every round of their states, and one whose rules
within reach, on any tape, all read. A walk for matches drops it whatever the deadline, and with it every path that no
rule within reach can bring to write.
"""

from __future__ import annotations

from induction.machines.codes import truncated_width
from induction.machines.cycles import TAPE_AT
from induction.machines.kernel import bit_count, kernel, lowest_bit
from induction.machines.machine import (
    CUT,
    DEADLINE,
    FATES,
    FIELD,
    MISMATCH,
    NODE,
    RULE_FIELD,
    STEPS,
    UNSETTLED,
    VISIBLE_BIT,
)
from induction.machines.settling import SENTINEL
from induction.machines.turing_layout import (
    ACTION,
    ACTION_OF,
    DIRECTION,
    DIRECTION_OF,
    EMIT,
    HEAD,
    HIGHEST,
    LEFTWARDS,
    LOWEST,
    NEXT_OF,
    READ,
    RIGHTWARDS,
    RULE,
    STATES,
    STRIDE,
    WORD,
)

LIVE, NEW = -1, -2  # not settled; a new rule all of whose actions are


@kernel
def book(node, bit, mass, data, ledger):
    """Enter the mass of a rule that writes a bit of output and is cut then; no target may end there."""
    child = data[2 * node + bit]
    ledger[FATES * child + CUT if child > 0 else FATES * node + MISMATCH] += mass


@kernel
def settle_action(node, left, states, mass, data, ledger):
    """Settle the action of a new rule; return the options left open."""
    end = 1 + truncated_width(0, states + 1)
    small = mass >> 3  # of a long option
    mask = 0
    cut = 0
    if left < 2:
        cut = mass
    else:
        if left < 2 + end:
            cut += mass >> 1
        else:
            mask |= 0b11
        if left < 3:
            cut += mass >> 1
        else:
            for bit in range(2):
                if data[2 * node + bit] == 0 or (data[2 * node + bit] > 0 and left < 3 + end):
                    book(node, bit, small, data, ledger)
                else:
                    mask |= 4 << bit
            if left < 4 + end:
                cut += small
            else:
                mask |= 16
            if left < 4:
                cut += small
            elif left < 4 + end and data[2 * node] >= 0 and data[2 * node + 1] >= 0:
                book(node, 0, small >> 1, data, ledger)
                book(node, 1, small >> 1, data, ledger)
            else:
                mask |= 32
    ledger[FATES * node + CUT] += cut
    return mask


@kernel
def first_outcome(rule, left, missing, node, states, data, rules):
    """The place in the ledger where a rule that is entered ends at its action, or NEW, or LIVE."""
    action = rules[STRIDE * rule + ACTION_OF]
    outcome = LIVE
    if action < 0:
        end = 1 + truncated_width(0, states + 1)
        if missing > 0 and left < (3 if missing == 1 else 2 + end):
            outcome = FATES * node + CUT  # a walk for matches: no new rule can finish
        elif left < 3 or (left < 2 + end and data[2 * node] >= 0 and data[2 * node + 1] >= 0):
            outcome = NEW
    elif action >= READ:
        if left == 0:
            outcome = FATES * node + CUT
    elif action >= EMIT and data[2 * node + action - EMIT] == 0:
        outcome = FATES * node + MISMATCH
    return outcome


@kernel
def settle_rest(frames, at, left, missing, mass, data, ledger, rules, work):
    """Settle the choice of direction and next state, as one option; return the mass of those left open."""
    node = frames[at + NODE]
    states = frames[at + STATES]
    sure = frames[at + STEPS] < frames[at + DEADLINE]
    mask = 0
    rest = 0
    spent = 0
    for direction in range(2):
        head = frames[at + HEAD] + 2 * direction - 1
        word = frames[at + WORD]
        if (head ^ frames[at + HEAD]) >> 5 != 0:
            word = work[TAPE_AT + (head >> 5 << 2)]
        symbol = (word >> (head & 31)) & 1
        for state in range(states + 1):
            bits = 1 + truncated_width(state, states + 1)
            if bits <= left:
                unit = mass >> bits
                spent += unit
                after = max(states, state + 1)
                outcome = LIVE
                if sure:
                    outcome = first_outcome(2 * state + symbol, left - bits, missing, node, after, data, rules)
                if outcome == LIVE:
                    mask |= 1 << ((RIGHTWARDS if direction else LEFTWARDS) + state)
                    rest += unit
                elif outcome == NEW:
                    settle_action(node, left - bits, after, unit, data, ledger)
                else:
                    ledger[outcome] += unit
    ledger[FATES * node + CUT] += mass - spent
    frames[at + UNSETTLED] = 1 << SENTINEL | mask
    return rest


@kernel
def closed(row, rules):
    """Whether all of a rule is known."""
    return rules[row + ACTION_OF] >= 0 and rules[row + DIRECTION_OF] >= 0 and rules[row + NEXT_OF] >= 0


@kernel
def silent(action):
    """Whether an action writes no output: it writes to the cell, or reads."""
    return action < EMIT or action == READ


@kernel
def reads_outwards(frames, at, rules):
    """Whether the run goes one way for ever, over cells never visited, writes no output and reads again and again."""
    row = STRIDE * frames[at + RULE]
    direction = rules[row + DIRECTION_OF]
    head = frames[at + HEAD]
    goes = closed(row, rules) and (head >= frames[at + HIGHEST] if direction == 1 else head <= frames[at + LOWEST])
    seen = 0
    while goes and (seen >> rules[row + NEXT_OF]) & 1 == 0:
        seen |= 1 << rules[row + NEXT_OF]
        row = 2 * STRIDE * rules[row + NEXT_OF]
        goes = closed(row, rules) and silent(rules[row + ACTION_OF]) and rules[row + DIRECTION_OF] == direction
    if goes:  # once round the cycle that the states end in
        state = rules[row + NEXT_OF]
        row = 2 * STRIDE * state
        goes = rules[row + ACTION_OF] == READ
        while not goes and rules[row + NEXT_OF] != state:
            row = 2 * STRIDE * rules[row + NEXT_OF]
            goes = rules[row + ACTION_OF] == READ
    return goes


@kernel
def writes_nothing(frames, at, matches_only, stuck, rules):
    """Whether no rule within reach, on any tape, writes output, and all read, or if `matches_only` some may not.

    A rule that is open ends the run if it is `stuck`.
    """
    waiting = 0
    if closed(STRIDE * frames[at + RULE], rules):
        waiting = 1 << rules[STRIDE * frames[at + RULE] + NEXT_OF]
    goes = waiting > 0
    asked = 0
    while goes and waiting:
        state = lowest_bit(waiting)
        asked |= 1 << state
        waiting &= waiting - 1
        for row in range(2 * STRIDE * state, 2 * STRIDE * (state + 1), STRIDE):
            action = rules[row + ACTION_OF]
            if closed(row, rules) and (action == READ or (matches_only and silent(action))):
                waiting |= 1 << rules[row + NEXT_OF] & ~asked
            elif not (stuck and action < 0):
                goes = False
    return goes


@kernel
def settle_bit(frames, at, left, missing, mass, data, ledger, rules):
    """Settle a bit of the program that is read or copied; return the mass of what is left open."""
    node = frames[at + NODE]
    cut = rules[STRIDE * frames[at + RULE] + DIRECTION_OF] < 0
    cut = cut and left < 2 + truncated_width(0, frames[at + STATES] + 1)
    mask = 0
    if frames[at + FIELD] == VISIBLE_BIT:
        for bit in range(2):
            child = data[2 * node + bit]
            if child == 0 or (child > 0 and cut):
                book(node, bit, mass >> 1, data, ledger)
            else:
                mask |= 1 << bit
    else:
        # What reads again and again and writes nothing uses up every bit, if there are steps enough.
        states = frames[at + STATES]
        remaining = frames[at + DEADLINE] - frames[at + STEPS]
        if not cut and (missing > 0 or remaining > left * (states + 1)):
            cut = reads_outwards(frames, at, rules)
        if not cut and (missing > 0 or remaining > left):
            # An open rule needs 3 bits to write the last output bit, as many and its next state to lead anywhere.
            stuck = missing > 0 and left - 1 < (3 if missing == 1 else 3 + truncated_width(0, states + 1))
            cut = writes_nothing(frames, at, missing > 0, stuck, rules)
        if cut:
            ledger[FATES * node + CUT] += mass
        else:
            mask = 0b11
    frames[at + UNSETTLED] = 1 << SENTINEL | mask
    return (mass >> 1) * bit_count(mask)


@kernel
def settle(frames, at, left, missing, mass, data, ledger, rules, work, limits):
    """Book what surely becomes of the options of a fork; see `settle` in the contract."""
    rest = mass
    kind = frames[at + FIELD]
    if kind == ACTION:
        mask = settle_action(frames[at + NODE], left, frames[at + STATES], mass, data, ledger)
        rest = (mass >> 2) * bit_count(mask & 3) + (mass >> 3) * bit_count(mask >> 2)
        frames[at + UNSETTLED] = 1 << SENTINEL | mask
    elif kind == DIRECTION:
        rest = settle_rest(frames, at, left, missing, mass, data, ledger, rules, work)
    elif kind < RULE_FIELD:
        rest = settle_bit(frames, at, left, missing, mass, data, ledger, rules)
    return rest
