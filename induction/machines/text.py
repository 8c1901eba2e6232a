"""What the rule texts of several machines share: splitting ``state,symbol: body; …`` into entries."""

from __future__ import annotations

import re

_ENTRY = re.compile(r"\s*(\d+)\s*,\s*([01])\s*:(.*)", re.DOTALL)


def entries(text: str, example: str) -> dict[tuple[int, int], str]:
    """The bodies of all rules by (state, symbol).

    Raises
    ------
    ValueError
        If a part is no rule, or a rule is given twice.
    """
    found: dict[tuple[int, int], str] = {}
    for part in text.split(";"):
        if not part.strip():
            continue
        match = _ENTRY.fullmatch(part)
        if not match:
            raise ValueError(f"{part.strip()!r} is no rule; write rules like {example!r}")
        key = int(match[1]), int(match[2])
        if key in found:
            raise ValueError(f"rule {key[0]},{key[1]} is given twice; give each rule once")
        found[key] = match[3].strip()
    return found


def next_state(text: str, entry: str) -> int:
    """A next state, as the number that it is.

    Raises
    ------
    ValueError
        If `text` is no number.
    """
    if not text.strip().isdecimal() or len(text.strip()) > 1000:
        raise ValueError(f"rule {entry} goes on to {text.strip()[:20]!r}; a next state is a number: 0, 1, 2, …")
    return int(text)
