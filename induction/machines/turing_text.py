"""The text form of ``turing`` programs: ``0,0: 1 > 1; 1,0: [0] < 0``.

An action, a direction and a next state. ``0`` and ``1`` emit, ``[0]`` and ``[1]`` write, ``?``
copies, ``[?]`` reads; ``<`` goes left and ``>`` right. What has not been read is left out at the end.
"""

from __future__ import annotations

import re

import numpy as np

from induction.machines.machine import FIELD, FIRST, RULE_FIELD
from induction.machines.text import entries, next_state

_EXAMPLE = "0,0: 1 > 1; 1,0: [0] < 0"
_ACTIONS = ("[0]", "[1]", "0", "1", "[?]", "?")  # by option number
_DIRECTIONS = ("<", ">")
_STRIDE = 4  # as in `turing`, which imports this file
_RULE = FIRST
_BODY = re.compile(r"(\[[01?]\]|[01?])\s*(?:([<>])\s*(\S.*)?)?")

Rule = tuple[int | None, ...]  # options of action, direction, next state; None where nothing is said


def describe(rules: np.ndarray, states: int) -> str:
    """The rules that have been read, as text, in the order of their states and symbols."""
    parts = []
    for entry in range(2 * states):
        action, direction, following = (int(v) for v in rules[_STRIDE * entry : _STRIDE * entry + 3])
        if action >= 0:
            words = [_ACTIONS[action]]
            words += [_DIRECTIONS[direction]] if direction >= 0 else []
            words += [str(following)] if following >= 0 else []
            parts.append(f"{entry >> 1},{entry & 1}: {' '.join(words)}")
    return "; ".join(parts)


def parse(text: str) -> dict[tuple[int, int], Rule]:
    """Rules by (state, symbol).

    Raises
    ------
    ValueError
        If the text is no rules of this machine.
    """
    rules: dict[tuple[int, int], Rule] = {}
    for key, body in entries(text, _EXAMPLE).items():
        name = f"{key[0]},{key[1]}"
        match = _BODY.fullmatch(body)
        if not match:
            raise ValueError(
                f"rule {name} is {body!r}; write an action 0 1 ? [0] [1] [?], a direction < or >, a state: '1 > 0'"
            )
        direction = None if match[2] is None else _DIRECTIONS.index(match[2])
        following = None if match[3] is None else next_state(match[3], name)
        rules[key] = (_ACTIONS.index(match[1]), direction, following)
    return rules


def choose(rules: dict[tuple[int, int], Rule], frame: np.ndarray) -> tuple[int | None, object]:
    """The option that the rules ask for at a pending field, and the name of the field."""
    entry = int(frame[_RULE])
    key = entry >> 1, entry & 1
    place = int(frame[FIELD]) - RULE_FIELD
    rule = rules.get(key)
    return (rule[place] if rule else None), (key, place)


def listed(rules: dict[tuple[int, int], Rule]) -> set:
    """The names of all fields that the rules define."""
    return {(key, place) for key, rule in rules.items() for place, option in enumerate(rule) if option is not None}
