"""The text form of ``brainphoque`` programs: the tokens in the order in which they were read, ``+[>,.<]``.

An open bracket is written ``[`` whether it was stored as ``[`` or as ``{``, for that is decided by
the cell and not by the program; when text is read, ``{`` means ``[``. White space is skipped.
"""

from __future__ import annotations

import numpy as np

from induction.machines.machine import FIRST

TOKENS = "+-><[].,"  # by option number
_BRACE = 8  # what an open bracket on a zero cell is stored as
# Where tokens are kept, and the register that counts them, as in `brainphoque`, which imports this file.
_CODE_AT, _STRIDE = 1, 4
_SIZE = FIRST + 2


def describe(rules: np.ndarray, states: int) -> str:
    """The first `states` tokens of the code."""
    stored = rules[_CODE_AT : _CODE_AT + _STRIDE * states : _STRIDE]
    return "".join("[" if token == _BRACE else TOKENS[token] for token in stored)


def parse(text: str) -> str:
    """The tokens without white space, every open bracket as ``[``.

    Raises
    ------
    ValueError
        If anything but tokens is in the text.
    """
    tokens = "".join(text.split()).replace("{", "[")
    for place, token in enumerate(tokens):
        if token not in TOKENS:
            raise ValueError(f"token {place} of the program is {token!r}; tokens are {' '.join(TOKENS)}: write '+[.]'")
    return tokens


def choose(rules: str, frame: np.ndarray) -> tuple[int | None, tuple[tuple[int, str]]]:
    """The next token, if there is one, and its name: its place and itself."""
    place = int(frame[_SIZE])
    if place >= len(rules):
        return None, ((place, ""),)
    return TOKENS.index(rules[place]), ((place, rules[place]),)


def listed(rules: str) -> set:
    """The names of all tokens."""
    return {((place, token),) for place, token in enumerate(rules)}
