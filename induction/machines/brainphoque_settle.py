"""What surely becomes of a program's last token in `brainphoque`, without running it: see `settle` in the contract.

A new token is run once and then the next one is needed, unless it closes a bracket. So if there is room for no
other, its fate is certain: it flips a cell, moves, opens a bracket, reads or emits a bit, and is cut, or late.
"""

from __future__ import annotations

from induction.machines.brainphoque_layout import (
    CLOSE,
    COUNTER,
    EMIT,
    HEAD,
    SIZE,
    TAPE_AT,
    TOKEN,
    TOKEN_BITS,
    TOP,
)
from induction.machines.kernel import kernel
from induction.machines.machine import CUT, DEADLINE, FATES, FIELD, MISMATCH, NODE, STEPS, TIMEOUT_MASS, UNSETTLED
from induction.machines.settling import SENTINEL


@kernel
def settle(frames, at, left, missing, mass, data, ledger, rules, work, limits):
    """Book what surely becomes of the options of a fork; see `settle` in the contract."""
    rest = mass
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    late = TIMEOUT_MASS if frames[at + DEADLINE] - steps == 1 else CUT  # of a step without output
    if frames[at + FIELD] == TOKEN:
        if left < 2 * TOKEN_BITS:
            unit = mass >> TOKEN_BITS
            mask = 0
            settled = 5 * unit  # flips, moves, an open bracket
            if frames[at + TOP] < 0:
                settled += unit
            else:
                mask |= 1 << CLOSE
            if left > TOKEN_BITS:
                settled += unit
            else:
                ledger[FATES * node + CUT] += unit  # READ has no bit
            child = data[2 * node + (work[TAPE_AT + frames[at + HEAD]] & 1)]
            if child < 0:
                mask |= 1 << EMIT
            elif child == 0:
                ledger[FATES * node + MISMATCH] += unit
            else:
                ledger[FATES * child + (TIMEOUT_MASS if limits[2] - steps == 1 else CUT)] += unit
            ledger[FATES * node + late] += settled
            frames[at + UNSETTLED] = 1 << SENTINEL | mask
            rest = unit * (((mask >> CLOSE) & 1) + ((mask >> EMIT) & 1))
    elif left <= TOKEN_BITS and frames[at + COUNTER] + 1 == frames[at + SIZE]:
        ledger[FATES * node + late] += mass
        rest = 0
    return rest
