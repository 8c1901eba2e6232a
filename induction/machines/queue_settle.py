"""What surely becomes of a fork's options in `queue`, without running them: see `settle` in the contract.

Three things are certain before they are run. An emitted or copied bit that no target has is refuted.
What needs more program bits than there are left is cut. Of an open list of items with few bits left all but
``stop`` is one of the two, and with it the choice of a next state, whose rule is either open or
known: a known rule is read item by item up to the first that is refuted or needs a bit.
"""

from __future__ import annotations

from induction.machines.codes import truncated_width
from induction.machines.kernel import kernel
from induction.machines.machine import (
    CUT,
    DEADLINE,
    FATES,
    FIELD,
    LOOK,
    MISMATCH,
    NODE,
    STEPS,
    TIMEOUT_MASS,
    UNSETTLED,
    VISIBLE_BIT,
)
from induction.machines.queue_cells import bit_of
from induction.machines.queue_layout import (
    DEFERRED,
    END,
    HEAD,
    ITEM,
    ITEMS,
    KNOWN,
    LATER,
    LONGEST_RULE,
    NEXT,
    NEXT_STATE,
    POSITION,
    READS,
    RULE,
    STATES,
    STRIDE,
    TAIL,
    WORTH_ASKING,
)
from induction.machines.queue_proofs import reach
from induction.machines.settling import SENTINEL

LIVE = -1  # not settled; -2 - node: a list of items that opens at a node with two or three bits left


@kernel
def first_outcome(rule, ended, left, missing, node, states, data, rules):
    """The place in the ledger where a rule that starts at `node` ends within its list of items, or LIVE, or less.

    Of rule `ended` the stop is known, if not yet entered. `missing` as in ``settle``.
    """
    items = rules[STRIDE * rule + ITEMS]
    known = rules[STRIDE * rule + KNOWN]
    position = 0
    outcome = 0
    while outcome == 0 and position < known:
        item = (items >> position) & 3
        position += 2
        if item == 0:
            outcome = LIVE
        elif item < 3:
            child = data[2 * node + item - 1]
            missing -= 1
            if child > 0:
                node = child
            else:
                outcome = FATES * node + MISMATCH if child == 0 else LIVE
        else:
            item = (items >> position) & 3
            position += 2
            if item >= 2:
                outcome = LIVE if left > 0 else FATES * node + CUT
    if outcome == 0:
        outcome = LIVE
        if rule != ended:
            end = truncated_width(0, states + 1)
            # With so few bits no rule can be closed, and a list alone does not write what is missing.
            if left < 2 or (left < 2 + end and 2 * missing > left):
                outcome = FATES * node + CUT
            elif left < min(4, 2 + end) and data[2 * node] >= 0 and data[2 * node + 1] >= 0:
                outcome = -2 - node
    return outcome


@kernel
def book(outcome, mass, data, ledger):
    """Enter an outcome that is not LIVE."""
    if outcome >= 0:
        ledger[outcome] += mass
    else:
        node = -2 - outcome
        unit = mass >> 2
        ledger[FATES * node + CUT] += 2 * unit
        for place in range(2 * node, 2 * node + 2):
            child = data[place]
            ledger[FATES * child + CUT if child > 0 else FATES * node + MISMATCH] += unit


@kernel
def settle_states(frames, at, first, left, missing, mass, data, ledger, rules, work, limits):
    """Settle the choice of a next state: option `first` is state 0. Return the mass of those UNSETTLED."""
    node = frames[at + NODE]
    head = frames[at + HEAD]
    states = frames[at + STATES]
    ended = -1
    steps = frames[at + STEPS]
    if first == END:
        ended = frames[at + RULE]
        steps += 1
    sure = frames[at + DEADLINE] - steps > LONGEST_RULE
    cell = 0
    if head < frames[at + TAIL]:
        cell = bit_of(int(work[head]), rules)
    mask = 0
    rest = 0
    spent = 0
    state = 0
    bits = truncated_width(0, states + 1)
    longer = (2 << bits) - states - 1  # the first state with a longer code
    while state <= states:
        bits += state == longer
        unit = mass >> bits
        if left < bits:
            break
        spent += unit
        outcome = LIVE
        if sure:
            after = max(states, state + 1)
            rule = 2 * state
            if cell < DEFERRED:
                outcome = first_outcome(rule + (cell & 1), ended, left - bits, missing, node, after, data, rules)
            else:
                outcome = first_outcome(rule, ended, left - bits, missing, node, after, data, rules)
                if outcome != LIVE:
                    other = first_outcome(rule + 1, ended, left - bits, missing, node, after, data, rules)
                    if other != LIVE:
                        unit >>= 1
                        book(other, unit, data, ledger)
                    else:
                        outcome = LIVE
        if outcome == LIVE:
            mask |= 1 << (first + state)
            rest += unit
        else:
            book(outcome, unit, data, ledger)
        state += 1
    ledger[FATES * node + CUT] += mass - spent
    frames[at + UNSETTLED] |= mask
    return rest


@kernel
def settle_items(frames, at, left, missing, mass, data, ledger, rules, work, limits):
    """Settle an open list of items: what is emitted, what has no room. Return the mass of those UNSETTLED.

    With 2 to 5 bits left all but ``stop`` is certain, unless a target or the total ends there (and but for
    emitted bits with 5 left and one or two states): an emitted bit agrees or not, and then, as after a
    pushed one, the next item needs bits that are not there, as a stop does whose next state takes more than
    are left.
    """
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    end = truncated_width(0, frames[at + STATES] + 1)
    unit = mass >> 2  # of a short item
    small = unit >> 2  # of a long one, or of a short one after a short one
    mask = 0
    rest = 0
    cut = 0
    few = 2 <= left <= 5 and limits[2] - steps > 4
    nested = few and left >= 4 and left < 4 + end
    for place in range(2 * node, 2 * node + 2):
        child = data[place]
        few = few and child >= 0
        if nested and child > 0:
            few = few and data[2 * child] >= 0 and data[2 * child + 1] >= 0
    # Long items.
    if left < 4:
        cut += unit
    elif few:
        late = TIMEOUT_MASS if frames[at + DEADLINE] - steps == 1 else CUT
        if left == 4:  # pushes are late, a take or a copy needs a bit
            ledger[FATES * node + late] += 2 * small
            cut += 2 * small
        else:
            ledger[FATES * node + late] += 3 * small
            for place in range(2 * node, 2 * node + 2):
                child = data[place]
                ledger[FATES * child + CUT if child > 0 else FATES * node + MISMATCH] += small >> 1
    elif 2 * missing > left and left < 6 + end:
        cut += unit
    else:
        mask |= 0b1111000 if limits[3] == 0 else 0b1100000 | 1 << LATER
        rest += unit
    # Emitted bits.
    for bit in range(2):
        child = data[2 * node + bit]
        if child == 0:
            ledger[FATES * node + MISMATCH] += unit
        elif few and left < 4:
            ledger[FATES * child + CUT] += unit
        elif few and nested:  # with two bits less: a stop and a long item are cut
            ledger[FATES * child + CUT] += 2 * small
            for further in range(2 * child, 2 * child + 2):
                ledger[FATES * data[further] + CUT if data[further] > 0 else FATES * child + MISMATCH] += small
        elif child > 0 and 2 * missing > left and left < 4 + end:
            cut += unit
        else:
            mask |= 2 << bit
            rest += unit
    ledger[FATES * node + CUT] += cut
    frames[at + UNSETTLED] = 1 << SENTINEL | mask
    return rest + settle_states(frames, at, END, left - 2, missing, unit, data, ledger, rules, work, limits)


@kernel
def settle(frames, at, left, missing, mass, data, ledger, rules, work, limits):
    """Book what surely becomes of the options of a fork; see `settle` in the contract."""
    rest = mass
    node = frames[at + NODE]
    kind = frames[at + FIELD]
    if kind == ITEM:
        rest = settle_items(frames, at, left, missing, mass, data, ledger, rules, work, limits)
    elif kind == NEXT:
        frames[at + UNSETTLED] = 1 << SENTINEL
        rest = settle_states(frames, at, 0, left, missing, mass, data, ledger, rules, work, limits)
    elif kind == VISIBLE_BIT:
        mask = 1 << SENTINEL
        for bit in range(2):
            if data[2 * node + bit] == 0:
                rest -= mass >> 1
            else:
                mask |= 1 << bit
        ledger[FATES * node + MISMATCH] += mass - rest
        frames[at + UNSETTLED] = mask
    elif kind == LOOK and frames[at + POSITION] == frames[at + HEAD]:
        state = rules[STRIDE * frames[at + RULE] + NEXT_STATE]
        states = frames[at + STATES]
        steps = frames[at + STEPS]
        remaining = frames[at + DEADLINE] - steps
        if remaining > LONGEST_RULE:
            mask = 1 << SENTINEL
            for bit in range(2):
                outcome = first_outcome(2 * state + bit, -1, left, missing, node, states, data, rules)
                if outcome == LIVE:
                    mask |= 1 << bit
                else:
                    book(outcome, mass >> 1, data, ledger)
                    rest -= mass >> 1
            frames[at + UNSETTLED] = mask
        # Closed rules that all read and never write use up every bit, if there are steps enough.
        if rest > 0 and left >= WORTH_ASKING and remaining > (left + 1) * LONGEST_RULE:
            head = frames[at + HEAD]
            if reach(-1, state, head, frames[at + TAIL], states, rules, work) == READS:
                ledger[FATES * node + CUT] += rest
                rest = 0
    return rest
