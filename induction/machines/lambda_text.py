"""The text form of ``lambda`` programs: a term such as ``λa.λb.b (λc.λd.d) a``.

``λ`` (or ``\\``), a name and a dot begin an abstraction, which goes as far to the right as it can;
terms side by side are applications, from the left. ``!`` is a variable that no abstraction binds,
``_`` what has not been read, ``0_`` what begins with a zero and has not been read further.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from induction.machines.lambda_terms import (
    ABSTRACTION,
    APPLICATION,
    DEPTH,
    FIRST_BIT,
    HALF_READ,
    KIND,
    NODES,
    PRELUDE,
    SECOND_BIT,
    STRIDE,
    UNREAD,
    VARIABLE,
)
from induction.machines.machine import FIELD

_EXAMPLE = "λa.λb.b (λc.λd.d) a"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIGN = re.compile(r"\s*([λ\\]\s*[a-z][a-z0-9]*\s*\.|[a-z][a-z0-9]*|[()!]|0_|_)")
_DEEPEST = 200  # nested parentheses and abstractions; a program of 62 bits has at most 30

# A part of a term as text, and how tightly it binds: an atom, an application, an abstraction.
_ATOM, _APPLIED, _BOUND = range(3)


@dataclass(frozen=True)
class Token:
    """One token: its kind as in the rules, and whether it stands outside all abstractions."""

    kind: int
    outside: bool


def describe(rules: np.ndarray, states: int) -> str:
    """The term read so far, as text."""
    kinds = iter(rules[STRIDE * PRELUDE + KIND :: STRIDE].tolist())
    return _write(kinds, 0)[0]


def _write(kinds, depth: int) -> tuple[str, int]:
    kind = next(kinds, UNREAD)
    if kind == UNREAD:
        return "_", _ATOM
    if kind == HALF_READ:
        return "0_", _ATOM
    if kind == ABSTRACTION:
        return f"λ{_name(depth)}.{_write(kinds, depth + 1)[0]}", _BOUND
    if kind == APPLICATION:
        function, tightness = _write(kinds, depth)
        argument, tightness_of_argument = _write(kinds, depth)
        function = f"({function})" if tightness == _BOUND else function
        argument = argument if tightness_of_argument == _ATOM else f"({argument})"
        return f"{function} {argument}", _APPLIED
    index = kind - VARIABLE
    return (_name(depth - 1 - index) if index < depth else "!"), _ATOM


def _name(depth: int) -> str:
    rounds, letter = divmod(depth, len(_LETTERS))
    return _LETTERS[letter] + (str(rounds) if rounds else "")


def parse(text: str) -> list[Token]:
    """The tokens of a term, in the order in which the program spells them, up to the first that is not known.

    Raises
    ------
    ValueError
        If the text is no term.
    """
    signs = _signs(text)
    if not signs:
        return []
    tokens, rest = _term(signs, ())
    if rest:
        raise ValueError(f"the term has {rest[0]!r} where it should end; write terms like {_EXAMPLE!r}")
    known = next((i for i, token in enumerate(tokens) if token.kind in (UNREAD, HALF_READ)), len(tokens))
    for token in tokens[known + 1 :]:
        if token.kind != UNREAD:
            raise ValueError("the term goes on after a part that has not been read; what follows must be _ as well")
    return tokens[: known + 1]


def choose(rules: list[Token], frame: np.ndarray) -> tuple[int | None, object]:
    """The option that the term asks for at a pending field, and the name of the field."""
    index = int(frame[NODES]) - PRELUDE
    kind = rules[index].kind if index < len(rules) else UNREAD
    field = frame[FIELD]
    name = ((index, int(field == SECOND_BIT)),)
    if kind == UNREAD or (kind == HALF_READ and field != FIRST_BIT):
        return None, name
    if field == FIRST_BIT:
        return int(kind >= VARIABLE), name
    return min(kind, int(frame[DEPTH]) + VARIABLE), name


def listed(rules: list[Token]) -> set:
    """The names of all fields that the term defines."""
    names = {((index, 0),) for index, token in enumerate(rules) if token.kind != UNREAD}
    both = (ABSTRACTION, APPLICATION)
    return names | {((index, 1),) for index, token in enumerate(rules) if token.outside and token.kind in both}


def _signs(text: str) -> list[str]:
    signs = []
    position = 0
    text = text.strip()
    while position < len(text):
        match = _SIGN.match(text, position)
        if not match:
            raise ValueError(f"{text[position:].strip()[0]!r} is no part of a term; write terms like {_EXAMPLE!r}")
        signs.append(match[1])
        position = match.end()
    return signs


def _term(signs: list[str], names: tuple[str, ...], nested: int = 0) -> tuple[list[Token], list[str]]:
    """The tokens of the longest term at the beginning of `signs`, and the other signs."""
    if nested > _DEEPEST:
        raise ValueError(f"the term is nested more than {_DEEPEST} deep; programs have at most 62 bits")
    outside = not names
    tokens: list[Token] = []
    while signs and signs[0] != ")":
        sign, signs = signs[0], signs[1:]
        if sign[0] in "λ\\":
            body, signs = _term(signs, (*names, sign[1:-1].strip()), nested + 1)
            part = [Token(ABSTRACTION, outside), *body]
        elif sign == "(":
            part, signs = _term(signs, names, nested + 1)
            if not signs:
                raise ValueError("the term has an unmatched '('; close it with ')'")
            signs = signs[1:]
        elif sign == "_" or sign == "0_":
            if sign == "0_" and not outside:
                raise ValueError("the term has 0_ inside an abstraction; leave out the zero, as in _ + 0")
            part = [Token(UNREAD if sign == "_" else HALF_READ, outside)]
        elif sign == "!":
            part = [Token(VARIABLE + len(names), outside)]
        elif sign in names:
            part = [Token(VARIABLE + names[::-1].index(sign), outside)]
        else:
            raise ValueError(f"no abstraction binds {sign!r}; write λ{sign}. before it, or ! for a wrong variable")
        tokens = [Token(APPLICATION, outside), *tokens, *part] if tokens else part
    if not tokens:
        raise ValueError(f"the term has an empty part; write terms like {_EXAMPLE!r}")
    return tokens, signs
