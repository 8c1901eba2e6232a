# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The kernels of :mod:`induction.enumeration.runner`: one run, carried on."""

from __future__ import annotations

from induction.machines.kernel import pointer
from induction.machines.machine import FIELD, NEED, RULE_FIELD

EVENT, POSITION, DEFINED, FRESH = range(4)  # of the state that `advance` carries
TOO_LONG = 5  # an event of its own: more rule bits than memory is laid out for


def advance(memory, follow, program, kinds, state):
    """Run on, reading `program` from where the state stands, to an event other than a bit that is given."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    event = state[EVENT]
    if event != NEED or state[FRESH] == 1:
        event = resume(frames, 0, data, rules, work, limits)
    state[FRESH] = 0
    reading = True
    while event == NEED and reading:
        position = state[POSITION]
        left = program.size - position
        reading = False
        option = 0
        bits = width(frames, 0, 0)
        while 0 < bits <= left and not reading:
            value = 0
            for i in range(bits):
                value = 2 * value + program[position + i]
            if value == code(frames, 0, option):
                reading = True
            else:
                option += 1
                bits = width(frames, 0, option)
        if reading:
            raw = frames[FIELD] < RULE_FIELD
            for i in range(bits):
                kinds[position + i] = raw
            if not raw:
                state[DEFINED] += bits
            state[POSITION] = position + bits
            if state[DEFINED] > limits[0]:
                event = TOO_LONG
            else:
                event = take(frames, 0, option, data, rules, work, limits)
                for i in range(FRAME):
                    frames[i] = frames[FRAME + i]
    state[EVENT] = event


def set_off(memory, packed, extent):
    """Lay out a fresh run (`extent` 0) or a packed configuration."""
    frames = pointer(memory.frames)
    start(frames, 0, pointer(memory.work))
    if extent > 0:
        unpack(frames, 0, pointer(memory.rules), pointer(memory.work), pointer(packed), 0)


def put_away(memory, packed):
    """Pack the configuration; return its size in words."""
    return pack(pointer(memory.frames), 0, pointer(memory.rules), pointer(memory.work), pointer(packed), 0)


def pending(memory, options):
    """Widths and codes of the pending field's options."""
    frames = pointer(memory.frames)
    for option in range(options.shape[0]):
        options[option, 0] = width(frames, 0, option)
        options[option, 1] = code(frames, 0, option)
