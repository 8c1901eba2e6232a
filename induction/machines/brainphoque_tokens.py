"""A given string of BrainPhoque tokens, run as the published interpreter runs it (Grau-Moya et al. 2024).

The tokens are those of ``brainphoque`` without ``,``, over any alphabet and on a circular tape of
any size. They are taken in order, each when the program counter reaches the end of the stored code;
a bracket is stored as ``[`` or ``{`` by the cell under the head at that moment, whichever is given.
Checked against ``data/utms.py`` of google-deepmind/neural_networks_solomonoff_induction.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from induction.budget import whole_number
from induction.machines.kernel import pointer, specialise

TOKENS = "+-><[{]."  # by number; in stored code, OPEN has its body next and BRACE has it elsewhere
RIGHT, LEFT, OPEN, BRACE, CLOSE, EMIT = range(2, 8)
HALTED, TIMEOUT, OUTPUT_LIMIT, PAUSED = range(4)
# What is carried from one call to the next.
STEPS, HEAD, COUNTER, STORED, TOP, WRITTEN, SLOTS = range(7)
# Of a token of the code: the token, where it jumps to or -1, the next open bracket outwards.
TOKEN_OF, JUMP_OF, OUTER_OF, STRIDE = 0, 1, 2, 4
LARGEST = 2**62
LARGEST_TAPE = 2**28
_QUOTA = 200_000_000  # steps between two looks at the keyboard: a second or so
_FIRST_OUTPUTS = 4096


@dataclass(frozen=True)
class TokenRun:
    """What became of a token string.

    Parameters
    ----------
    status : str
        ``HALTED`` (needs a token past the end), ``TIMEOUT`` or ``OUTPUT_LIMIT``.
    steps : int
        Instructions executed.
    head : int
        The cell under the head, 0 being where it started.
    output : list of int
        The symbols written, each from 0 to the alphabet's size less one.
    program : str
        The code as stored: the tokens that were reached, with ``[`` and ``{`` as decided.
    """

    status: str
    steps: int
    head: int
    output: list[int]
    program: str

    def to_json(self) -> dict[str, Any]:
        """The fields as a dictionary."""
        return asdict(self)


def run_tokens(
    program: str, *, alphabet_size: int = 9, memory_size: int, maximum_steps: int, max_output_length: int
) -> TokenRun:
    """Run a token string until it needs a token past its end or has used up its steps or its output.

    After each step the steps are compared with their maximum, then the output: the first step is
    taken in any case, if there is a token for it, also when a maximum is 0.

    Parameters
    ----------
    program : str
        Tokens ``+ - > < [ { ] .`` without white space. The empty program halts at once.
    alphabet_size : int
        Symbols of a cell, at least 2.
    memory_size : int
        Cells of the circular tape, 1 to 2^28.
    maximum_steps : int
        Steps until ``TIMEOUT``.
    max_output_length : int
        Symbols until ``OUTPUT_LIMIT``.

    Returns
    -------
    TokenRun

    Raises
    ------
    ValueError
        If the program holds anything but tokens, ``,`` included, or a number is out of range.
    """
    code = _stored(program)
    size = whole_number("alphabet_size", alphabet_size, LARGEST, "symbols of a cell", smallest=2)
    cells = np.zeros(whole_number("memory_size", memory_size, LARGEST_TAPE, "cells"), dtype=np.int64)
    steps = whole_number("maximum_steps", maximum_steps, LARGEST, "steps", smallest=0)
    outputs = whole_number("max_output_length", max_output_length, LARGEST, "symbols of output", smallest=0)
    limits = np.array([len(program), size, len(cells), steps, outputs], dtype=np.int64)
    state = np.zeros(SLOTS, dtype=np.int64)
    state[TOP] = -1
    output = np.empty(_FIRST_OUTPUTS, dtype=np.int64)
    go_on = _compiled()
    while (status := go_on(code, cells, output, state, limits, _QUOTA)) == PAUSED:
        if state[WRITTEN] == len(output):
            output = np.concatenate([output, np.empty_like(output)])
    stored = code[: STRIDE * state[STORED] : STRIDE]
    return TokenRun(
        ("HALTED", "TIMEOUT", "OUTPUT_LIMIT")[status],
        int(state[STEPS]),
        int(state[HEAD]),
        output[: state[WRITTEN]].tolist(),
        "".join(TOKENS[token] for token in stored),
    )


def interpret(code_array, cells_array, output_array, state, limits, quota):
    """Run on for about `quota` steps; return a status, PAUSED when the output is full or the quota used up."""
    code = pointer(code_array)
    cells = pointer(cells_array)
    output = pointer(output_array)
    tokens = limits[0]
    last_symbol = limits[1] - 1
    last_cell = limits[2] - 1
    most_steps = limits[3]
    most_written = limits[4]
    room = output_array.size
    steps = state[STEPS]
    head = state[HEAD]
    counter = state[COUNTER]
    stored = state[STORED]
    top = state[TOP]
    written = state[WRITTEN]
    until = min(steps + quota, most_steps)
    status = -1
    while status < 0:
        if written == room:
            status = PAUSED
        elif counter == tokens:
            status = HALTED
        else:
            cell = cells[head]
            row = STRIDE * counter
            if counter == stored:
                # All that sets a new token apart from one met again is done here; then it runs like any other.
                token = code[row + TOKEN_OF]
                if OPEN <= token <= BRACE:
                    token = BRACE if cell == 0 else OPEN
                    code[row + TOKEN_OF] = token
                    if token == OPEN:
                        code[row + OUTER_OF] = top
                        top = counter
                elif token == CLOSE:
                    code[row + JUMP_OF] = counter + 1
                    if top >= 0:
                        code[row + JUMP_OF] = top
                        top = code[STRIDE * top + OUTER_OF]
                stored += 1
            token = code[row + TOKEN_OF]
            counter += 1
            steps += 1
            if token < RIGHT:
                if token == 0:
                    cell = 0 if cell == last_symbol else cell + 1
                else:
                    cell = last_symbol if cell == 0 else cell - 1
                cells[head] = cell
            elif token < OPEN:
                if token == RIGHT:
                    head = 0 if head == last_cell else head + 1
                else:
                    head = last_cell if head == 0 else head - 1
            elif token == EMIT:
                output[written] = cell
                written += 1
            elif token == CLOSE:
                counter = code[row + JUMP_OF]
            elif (token == OPEN) == (cell == 0):
                if code[row + JUMP_OF] < 0:
                    code[row + JUMP_OF] = stored
                    if token == BRACE:
                        code[row + OUTER_OF] = top
                        top = counter - 1
                counter = code[row + JUMP_OF]
            if steps >= until:
                status = TIMEOUT if steps >= most_steps else PAUSED
            if written >= most_written and status != TIMEOUT:
                status = OUTPUT_LIMIT
    state[STEPS] = steps
    state[HEAD] = head
    state[COUNTER] = counter
    state[STORED] = stored
    state[TOP] = top
    state[WRITTEN] = written
    return status


@functools.cache
def _compiled() -> Callable:
    return specialise(interpret, "tokens", {})


def _stored(program: str) -> np.ndarray:
    """A row for each token, nothing decided yet."""
    if not isinstance(program, str):
        raise ValueError(f"the program is given as {type(program).__name__}; give tokens as text, like '+[.]'")
    for place, token in enumerate(program):
        if token not in TOKENS:
            why = "it has no input to read" if token == "," else "no such token"
            raise ValueError(f"token {place} of the program is {token!r}: {why}; allowed are {' '.join(TOKENS)}")
    code = np.full(STRIDE * len(program), -1, dtype=np.int64)
    code[TOKEN_OF::STRIDE] = [TOKENS.index(token) for token in program]
    return code
