"""What a conditional predictor hands out: masses by label, and hypotheses for people to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class LabelMasses(NamedTuple):
    """Prior masses over 2^L by what hypotheses say of an input: integers that add up to 2^L.

    Attributes
    ----------
    zeros, ones : int
        Whose first output bit is 0, is 1.
    nothing : int
        Silent, out of time, or used up and in need of a bit: they predict ½.
    """

    zeros: int
    ones: int
    nothing: int


@dataclass(frozen=True)
class Hypothesis:
    """What the inputs so far have made the machine read, and how it has fared.

    Parameters
    ----------
    bits : str
        The first of its programs.
    text : str
        The rules that have been read.
    programs : int
        How many programs, all of one length and with equal records, have come to the same rules.
    used_up : bool
        Whether all L bits are read: it keeps its rules and predicts ½ whenever it would need a bit.
    weight : float
        Its share of the posterior, all its programs together.
    errors, hits : int
        Its first output bits that were wrong, and right (reading ``label``).
    loss_bits : float
        Its own cumulative log loss.
    """

    bits: str
    text: str
    programs: int
    used_up: bool
    weight: float
    errors: int
    hits: int
    loss_bits: float

    @property
    def length(self) -> int:
        """|p|, in bits."""
        return len(self.bits)

    @property
    def total_bits(self) -> float:
        """|p| + its loss: what it lets the mixture lose."""
        return self.length + self.loss_bits

    def to_json(self) -> dict[str, Any]:
        """All fields, and the length."""
        return {**self.__dict__, "length": self.length}
