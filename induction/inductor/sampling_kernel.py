# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""What :mod:`induction.inductor.sampling` compiles: a run of the machine for each row of coin flips.

Outputs are recorded by the table of all strings of 8 bits: the node that a run has reached tells
which bits it wrote.
"""

from __future__ import annotations

from induction.budget import LONGEST
from induction.machines.kernel import kernel, pointer
from induction.machines.machine import LEAF, NEED, NODE, SILENT

CHUNK = 8  # output bits between two looks: their table of 4 KiB stays in the fastest cache
COMPLETE, CUT_SHORT, PROVED_SILENT, OUT_OF_STEPS = range(4)  # places in STATUSES
FIRST_EVENT, FIRST_WRITTEN = range(2)  # of the state in which every draw begins
STATUS, PRINTED, READ, COLUMNS = range(4)  # of a draw's record


@kernel
def first_node(left):
    """Where the table is entered when `left` bits are still wanted: the leftmost node with as many levels below."""
    return (1 << (CHUNK - min(CHUNK, left))) - 1


@kernel
def note(node, root, outputs, place):
    """Write down the bits that lead from one node of the table to another; return their number."""
    levels = 0
    while (node + 1) >> levels > root + 1:
        levels += 1
    for bit in range(levels):
        outputs[place + bit] = ((node + 1) >> (levels - 1 - bit)) & 1
    return levels


def begin(memory, follow, prefix_array, state):
    """Run to the first bit that is needed and leave it pending; most machines write nothing before it."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    prefix = pointer(prefix_array)
    bits = prefix_array.size
    written = 0
    root = first_node(bits)
    start(frames, 0, work)
    frames[NODE] = root
    event = resume(frames, 0, data, rules, work, limits)
    while event == LEAF and written < bits:
        written += note(frames[NODE], root, prefix, written)
        root = first_node(bits - written)
        frames[NODE] = root
        if written < bits:
            event = resume(frames, 0, data, rules, work, limits)
    state[FIRST_EVENT] = event
    state[FIRST_WRITTEN] = written


def draw(memory, follow, tapes, outputs_array, records, state):
    """One run for each tape of coin flips; between two runs only what the last one touched is undone."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    outputs = pointer(outputs_array)
    bits = outputs_array.shape[1]
    longest = limits[0]
    for i in range(tapes.size):
        tape = tapes[i]
        event = state[FIRST_EVENT]
        written = state[FIRST_WRITTEN]
        root = first_node(bits - written)
        at = 0
        length = 0
        status = -1
        while status < 0:
            if event == NEED:
                option = 0
                width_now = width(frames, at, 0)
                searching = True
                while searching and width_now > 0 and length + width_now <= longest:
                    flips = (tape >> (LONGEST - length - width_now)) & ((1 << width_now) - 1)
                    if flips == code(frames, at, option):
                        searching = False
                    else:
                        option += 1
                        width_now = width(frames, at, option)
                if searching:
                    status = CUT_SHORT
                else:
                    length += width_now
                    event = take(frames, at, option, data, rules, work, limits)
                    at += FRAME
            elif event == LEAF:
                written += note(frames[at + NODE], root, outputs, i * bits + written)
                if written < bits:
                    root = first_node(bits - written)
                    frames[at + NODE] = root
                    event = resume(frames, at, data, rules, work, limits)
                else:
                    status = COMPLETE
            else:
                status = PROVED_SILENT if event == SILENT else OUT_OF_STEPS
        if status != COMPLETE:
            written += note(frames[at + NODE], root, outputs, i * bits + written)
        # The next run restores the memory to that of the first frame, which stays as it is.
        while at > FRAME:
            at -= FRAME
            close(frames, at, rules, work)
        records[i, STATUS] = status
        records[i, PRINTED] = written
        records[i, READ] = length
