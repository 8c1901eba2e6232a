"""The text form of ``queue`` programs: ``0,0: 0 > 1; 1,0: [1]0 > 0``.

``0`` and ``1`` emit, ``[0]`` and ``[1]`` push a hidden bit, ``?`` copies, ``[?]`` takes. A rule
without ``>`` has not been read to its end; one that ends in ``>`` has no next state yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from induction.machines.machine import FIELD
from induction.machines.queue_layout import ITEM, ITEMS, KNOWN, NEXT_STATE, POSITION, RULE, STRIDE
from induction.machines.text import entries, next_state

_EXAMPLE = "0,0: 010 > 0; 0,1: 10 > 0"
_STOP = 0
_VISIBLE = {"0": 1, "1": 2, "?": 6}  # option numbers of the items
_HIDDEN = {"0": 3, "1": 4, "?": 5}
_WRITTEN = {option: (False, sign) for sign, option in _VISIBLE.items()} | {
    option: (True, sign) for sign, option in _HIDDEN.items()
}


@dataclass(frozen=True)
class Rule:
    """One rule: the option numbers of its items, whether it has its stop, and its next state if it has one."""

    options: tuple[int, ...]
    stopped: bool
    following: int | None


def describe(rules: np.ndarray, states: int) -> str:
    """The rules that have been read, as text, in the order of their states and symbols."""
    parts = []
    for entry in range(2 * states):
        row = rules[STRIDE * entry : STRIDE * (entry + 1)]
        if row[KNOWN]:
            options, stopped = _options(int(row[ITEMS]), int(row[KNOWN]))
            text = f"{entry >> 1},{entry & 1}: {_write(options)}".rstrip()
            if stopped:
                text += " >"
            if row[NEXT_STATE] >= 0:
                text += f" {row[NEXT_STATE]}"
            parts.append(text)
    return "; ".join(parts)


def parse(text: str) -> dict[tuple[int, int], Rule]:
    """Rules by (state, symbol).

    Raises
    ------
    ValueError
        If the text is no rules of this machine.
    """
    return {key: _parse_rule(body, f"{key[0]},{key[1]}") for key, body in entries(text, _EXAMPLE).items()}


def choose(rules: dict[tuple[int, int], Rule], frame: np.ndarray) -> tuple[int | None, object]:
    """The option that the rules ask for at a pending field, and the name of the field."""
    entry = int(frame[RULE])
    key = entry >> 1, entry & 1
    rule = rules.get(key)
    if frame[FIELD] != ITEM:
        return (rule.following if rule else None), (key, "next")
    if rule is None:
        return None, (key, 0)
    index = _index(rule.options, int(frame[POSITION]))
    if index < len(rule.options):
        return rule.options[index], (key, index)
    return (_STOP if rule.stopped else None), (key, "stop")


def listed(rules: dict[tuple[int, int], Rule]) -> set:
    """The names of all fields that the rules define."""
    names: set = set()
    for key, rule in rules.items():
        names |= {(key, index) for index in range(len(rule.options))}
        names |= {(key, "stop")} if rule.stopped else set()
        names |= {(key, "next")} if rule.following is not None else set()
    return names


def _width(option: int) -> int:
    return 2 if option < 3 else 4


def _index(options: tuple[int, ...], position: int) -> int:
    """Which item starts at code bit `position`."""
    index = 0
    while position > 0 and index < len(options):
        position -= _width(options[index])
        index += 1
    return index


def _options(items: int, known: int) -> tuple[list[int], bool]:
    options = []
    position = 0
    while position < known:
        option = items >> position & 3
        if option == 3:
            option += items >> position + 2 & 3
        position += _width(option)
        options.append(option)
    stopped = bool(options) and options[-1] == _STOP
    return (options[:-1] if stopped else options), stopped


def _write(options: list[int]) -> str:
    text = ""
    for option in options:
        hidden, sign = _WRITTEN[option]
        if hidden and text.endswith("]"):
            text = text[:-1] + sign + "]"
        else:
            text += f"[{sign}]" if hidden else sign
    return text


def _parse_rule(body: str, entry: str) -> Rule:
    items, arrow, following = body.partition(">")
    options = []
    hidden = False
    for sign in items.replace(" ", ""):
        if sign in "[]":
            if hidden == (sign == "["):
                raise ValueError(f"rule {entry}: {items.strip()!r} has an unmatched bracket; hidden bits go in [ ]")
            hidden = not hidden
        elif sign in _VISIBLE:
            options.append(_HIDDEN[sign] if hidden else _VISIBLE[sign])
        else:
            raise ValueError(f"rule {entry} has {sign!r}; items are 0, 1, ? and, hidden, [0], [1], [?]")
    if hidden:
        raise ValueError(f"rule {entry}: {items.strip()!r} has an unmatched bracket; hidden bits go in [ ]")
    if not options and not arrow:
        raise ValueError(f"rule {entry} is empty; end it with '> state', or leave it out")
    return Rule(tuple(options), bool(arrow), next_state(following, entry) if following.strip() else None)
