"""Named deterministic binary sequences: the registry, and how to find one by name.

The sequences themselves stand in `words` (periodic, morphic, automatic), `arithmetic` (number theory) and
`dynamics` (cellular automata, shift registers, self-describing sequences, the coin).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..naming import find
from .arithmetic import ARITHMETIC
from .dynamics import DYNAMICS
from .record import Sequence
from .words import WORDS

__all__ = ["DEMO", "SEQUENCES", "Sequence", "names", "sequence"]

SEQUENCES: Mapping[str, Sequence] = MappingProxyType({each.name: each for each in (*WORDS, *ARITHMETIC, *DYNAMICS)})
"""Every named sequence, by name."""

DEMO: tuple[str, ...] = (
    "zeros", "alternating", "period-3", "fibonacci-word", "thue-morse", "period-doubling", "runs", "squares",
    "powers-of-two", "kolakoski", "a-n-b-n", "coin",
)
"""Names of the sequences that the demo predicts, the coin last: a control on which no short program helps."""


def names() -> tuple[str, ...]:
    """The names of all sequences, in the order of the registry."""
    return tuple(SEQUENCES)


def sequence(name: str) -> Sequence:
    """The sequence of a name.

    Raises
    ------
    ValueError
        If no sequence has that name; the message gives the nearest names.
    """
    return find("sequence", name, SEQUENCES)
