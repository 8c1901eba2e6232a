"""How the fields of ``queue`` are coded in program bits."""

from __future__ import annotations

from induction.machines.codes import truncated_code, truncated_width
from induction.machines.kernel import kernel
from induction.machines.machine import FIELD
from induction.machines.queue_layout import END, ITEM, LATER, NEXT, STATES


@kernel
def width(frames, at, option):
    """Code length of an option of the pending field."""
    kind = frames[at + FIELD]
    bits = 1
    if kind == ITEM:
        bits = 2 if option < 3 else 4
        if option > 6:
            bits = 3 * (option == LATER)
            if option >= END:
                bits = truncated_width(option - END, frames[at + STATES] + 1)
                bits += 2 * (bits > 0)
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
    if kind == ITEM and option < END:
        value = option if option < 3 else option + 9
        if option == LATER:
            value = 0b110
    elif kind == ITEM:
        value = truncated_code(option - END, frames[at + STATES] + 1)
    elif kind == NEXT:
        value = truncated_code(option, frames[at + STATES] + 1)
    return value
