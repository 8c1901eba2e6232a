"""``brainphoque``: the machine of Grau-Moya et al. 2024, whose code is read from the program as it is reached.

A circular tape of 256 bits, all 0. When the program counter reaches the end of the stored code, a
token of three bits is read, appended to the code and executed at once; each execution is a step:

==================  =============================================================================
``000`` ``001``     ``+`` ``-``: add or subtract 1 modulo 2, which for bits is the same
``010`` ``011``     ``>`` ``<``: move the head right or left
``100``             ``[``: opens a block; a new one on a zero cell is stored as ``{``
``101``             ``]``: closes the innermost open block and jumps back to its bracket, to be
                    tested again; without an open block it does nothing, now and later
``110``             ``.``: write the cell to the output
``111``             ``,``: read a program bit, at every execution, into the cell
==================  =============================================================================

Code is stored in the order in which it is first run. The body of a block follows ``[``, and what
comes after the block goes to the end of the code when it is first needed; with ``{`` it is the other
way round. A block is open from the moment its body is begun. As text, a program is its tokens: ``+[.]``.

Silence is proved by exact repetition: the same place in the code, the same head and tape, nothing
read and nothing written to the output in between. Brackets need no comparison: they change only when
a token is about to be read or has just been read. Differing cells are counted, as in ``turing``.
"""

from __future__ import annotations

import numpy as np

from induction.budget import Budget
from induction.machines.brainphoque_layout import (
    BRACE,
    CELLS,
    CLOSE,
    CODE_AT,
    COUNTER,
    EMIT,
    FRAME,
    HEAD,
    HIGHEST,
    JUMP_OF,
    LOG_AT,
    LOG_SIZE,
    LOWEST,
    MARK,
    MOVES,
    OPEN,
    OUTER_OF,
    PLACED,
    PLACED_OF,
    PLACES,
    READ,
    SIZE,
    STAMP,
    STRIDE,
    TAPE_AT,
    TOKEN,
    TOKEN_BITS,
    TOKEN_OF,
    TOP,
)
from induction.machines.brainphoque_pack import pack, packed_words, unpack
from induction.machines.brainphoque_settle import settle
from induction.machines.brainphoque_text import choose, describe, listed, parse
from induction.machines.brainphoque_tokens import TokenRun, run_tokens
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
    Kernels,
    Machine,
    longest_run,
)

__all__ = ["BRAINPHOQUE", "TokenRun", "run_tokens"]


@kernel
def start(frames, at, work):
    """No code, a blank tape, the head in the middle of the memory: the tape is circular."""
    frames[at + NODE] = 0
    frames[at + STEPS] = 0
    frames[at + DEADLINE] = -1  # set by the first `resume`, which knows the limits
    frames[at + FIELD] = TOKEN
    frames[at + COUNTER] = 0
    frames[at + HEAD] = CELLS >> 1
    frames[at + SIZE] = 0
    frames[at + TOP] = -1
    frames[at + LOWEST] = CELLS >> 1
    frames[at + HIGHEST] = CELLS >> 1
    frames[at + MARK] = work[LOG_SIZE]
    frames[at + PLACED] = 0


@kernel
def width(frames, at, option):
    """Code length of an option of the pending field."""
    bits = TOKEN_BITS if frames[at + FIELD] == TOKEN else 1
    return bits if option >> bits == 0 else 0


@kernel
def code(frames, at, option):
    """Code of an option of the pending field: its number."""
    return option


@kernel
def take(frames, at, option, data, rules, work, limits):
    """Restore tape and brackets, define the pending field, run on."""
    for line in range(work[LOG_SIZE] - 1, frames[at + MARK] - 1, -1):
        entry = work[LOG_AT + line]
        work[entry >> 1] = entry & 1
    work[LOG_SIZE] = frames[at + MARK]
    for line in range(frames[at + PLACED], rules[PLACES]):
        bracket = rules[CODE_AT + STRIDE * line + PLACED_OF]
        rules[CODE_AT + STRIDE * bracket + JUMP_OF] = -1
    rules[PLACES] = frames[at + PLACED]
    to = at + FRAME
    length = frames[at + SIZE]
    top = frames[at + TOP]
    bit = option
    if frames[at + FIELD] == TOKEN:
        bit = -1  # all that sets a new token apart is done here; it then runs like one met again
        row = CODE_AT + STRIDE * length
        zero = work[TAPE_AT + frames[at + HEAD]] & 1 == 0
        jump = -1
        outer = -1
        if option == OPEN and not zero:
            outer = top
            top = length
        elif option == CLOSE and top >= 0:
            jump = top
            top = rules[CODE_AT + STRIDE * top + OUTER_OF]
        rules[row + TOKEN_OF] = BRACE if option == OPEN and zero else option
        rules[row + JUMP_OF] = jump
        rules[row + OUTER_OF] = outer
        length += 1
    frames[to + SIZE] = length
    frames[to + TOP] = top
    return run(frames, at, to, bit, data, rules, work, limits)


@kernel
def resume(frames, at, data, rules, work, limits):
    """Run on in place."""
    if frames[at + DEADLINE] < 0:
        frames[at + DEADLINE] = min(limits[1], limits[2])
    return run(frames, at, at, -1, data, rules, work, limits)


@kernel
def run(frames, at, to, bit, data, rules, work, limits):
    """From the registers at `at` (code length and open bracket: at `to`), run to the next event.

    A `bit` of 0 or 1 is the program bit that a pending ``,`` has been waiting for.
    """
    counter = frames[at + COUNTER]
    head = frames[at + HEAD]
    length = frames[to + SIZE]
    top = frames[to + TOP]
    lowest = frames[at + LOWEST]
    highest = frames[at + HIGHEST]
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    deadline = frames[at + DEADLINE]
    kind = TOKEN
    size = work[LOG_SIZE]
    placed = rules[PLACES]
    stamp = work[STAMP] + 1
    writing = bit >= 0
    since = steps  # when the run of known, silent steps began
    again = steps + 1  # when the next configuration is kept for comparison
    kept_counter = -1
    kept_head = 0
    differing = 0  # cells that differ from the kept configuration
    event = -1
    while event < 0:
        cell = work[TAPE_AT + head]
        if writing:
            writing = False
            steps += 1
            counter += 1
            if cell & 1 != bit:
                work[LOG_AT + size] = (TAPE_AT + head) << 1 | (cell & 1)
                size += 1
                parity = 1
                if cell >> 2 == stamp:
                    parity = 1 - ((cell >> 1) & 1)
                differing += 2 * parity - 1
                work[TAPE_AT + head] = stamp << 2 | parity << 1 | bit
        elif counter == kept_counter and head == kept_head and differing == 0:
            event = SILENT
        elif steps == deadline:
            event = TIMEOUT
        elif counter == length:
            event = NEED
        else:
            if steps >= again:
                again = steps + (steps - since) + 1
                kept_counter = counter
                kept_head = head
                stamp += 1
                differing = 0
            row = CODE_AT + STRIDE * counter
            token = rules[row + TOKEN_OF]
            cell &= 1
            if token < MOVES:
                writing = True
                bit = 1 - cell
            elif token == READ:
                event = NEED
                kind = HIDDEN_BIT
            else:
                steps += 1
                jumps = token == CLOSE or (token == OPEN and cell == 0) or (token == BRACE and cell == 1)
                counter += 1
                if token < OPEN:
                    head = (head + 5 - 2 * token) & (CELLS - 1)
                    lowest = min(lowest, head)
                    highest = max(highest, head)
                elif token == EMIT:
                    node = data[2 * node + cell]
                    deadline = min(steps + limits[1], limits[2])
                    since = steps
                    again = steps + 1
                    kept_counter = -1
                    if node <= 0:
                        event = DIFFERS if node == 0 else LEAF
                elif jumps:
                    jump = rules[row + JUMP_OF]
                    if jump < 0 and token != CLOSE:
                        rules[CODE_AT + STRIDE * placed + PLACED_OF] = counter - 1
                        placed += 1
                        jump = length
                        rules[row + JUMP_OF] = jump
                        if token == BRACE:
                            rules[row + OUTER_OF] = top
                            top = counter - 1
                    if jump >= 0:
                        counter = jump
    work[LOG_SIZE] = size
    work[STAMP] = stamp
    rules[PLACES] = placed
    frames[to + NODE] = abs(node)
    frames[to + STEPS] = steps
    frames[to + DEADLINE] = deadline
    frames[to + FIELD] = kind
    frames[to + COUNTER] = counter
    frames[to + HEAD] = head
    frames[to + SIZE] = length
    frames[to + TOP] = top
    frames[to + LOWEST] = lowest
    frames[to + HIGHEST] = highest
    frames[to + MARK] = size
    frames[to + PLACED] = placed
    return event


@kernel
def close(frames, at, rules, work):
    """Nothing to forget: a token counts only while the length of the code says so."""


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Room for every token that L bits can hold, the tape, and a log with a line for each step."""
    rules = np.full(CODE_AT + STRIDE * (budget.max_length // TOKEN_BITS + 1), -1, dtype=np.int64)
    rules[PLACES] = 0
    return rules, np.zeros(LOG_AT + longest_run(budget, outputs) + 1, dtype=np.int64)


BRAINPHOQUE = Machine(
    name="brainphoque",
    title="BrainPhoque, a Brainfuck whose code is read as it is reached (universal on an endless tape)",
    frame=FRAME,
    kernels=Kernels(start, width, code, take, resume, close, pack, unpack, settle=settle),
    allocate=allocate,
    describe=describe,
    parse=parse,
    choose=choose,
    listed=listed,
    states_slot=SIZE,  # the length of the code is what `describe` needs to know
    default=Budget(24, 256),
    fallback_exponent=21,  # +[>,.<] copies whatever its bits are
    example="+[.]",
    packed_words=packed_words,
)
