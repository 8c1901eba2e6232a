"""A program as people see it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from induction.dyadic import to_text


@dataclass(frozen=True)
class Program:
    """A program for some data.

    Parameters
    ----------
    bits : str
        The bits that have been read when the output first begins with the data.
    text : str
        The same as rule text.
    weight : Fraction
        Its weight: 2^-length as prior, or its share of the posterior, as the context says.
    loss_bits : float
        Its own log loss on the data; 0 for a program that prints them.
    """

    bits: str
    text: str
    weight: Fraction
    loss_bits: float = 0.0

    @property
    def length(self) -> int:
        """|p|, in bits."""
        return len(self.bits)

    def to_json(self) -> dict[str, Any]:
        """Bits, text, length and exact weight."""
        return {"bits": self.bits, "text": self.text, "length": self.length, "weight": to_text(self.weight)}
