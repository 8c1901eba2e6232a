"""Things that are asked for by name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TypeVar

_Thing = TypeVar("_Thing")


def find(kind: str, name: object, things: Mapping[str, _Thing]) -> _Thing:
    """The thing of a name.

    Raises
    ------
    ValueError
        If none has that name; the message gives the nearest names, or all of them.
    """
    found = things.get(name) if isinstance(name, str) else None
    if found is None:
        near = difflib.get_close_matches(str(name).lower(), things, n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(things)}"
        raise ValueError(f"no {kind} is called {name!r}; {hint}")
    return found
