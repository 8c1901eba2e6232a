"""What a conditional predictor hands out: masses by label, hypotheses for people to read, pairs for a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from induction.bits import as_bits, from_integer, to_text
from induction.enumeration.entries import EVENT, PROGRAM, SIZE, TOO_LONG
from induction.enumeration.inputs import InputHypotheses
from induction.enumeration.inputs_kernels import ERRORS, HITS, LOSS, MASS


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


def hypothesis(hypotheses: InputHypotheses, row: int, share: float) -> Hypothesis:
    """A row of the hypotheses, with its share of the posterior."""
    numbers = hypotheses.entries[row].tolist()
    return Hypothesis(
        from_integer(numbers[PROGRAM], numbers[SIZE]),
        hypotheses.rules(row),
        numbers[MASS] >> (hypotheses.budget.max_length - numbers[SIZE]),
        numbers[EVENT] == TOO_LONG,
        share,
        numbers[ERRORS],
        numbers[HITS],
        float(hypotheses.floats[row, LOSS]),
    )


def written(pairs: list[tuple[str, int]]) -> dict[str, Any]:
    """Pairs as JSON."""
    return {"inputs": [x for x, _ in pairs], "labels": to_text(y for _, y in pairs)}


def as_pairs(data: Any) -> list[tuple[np.ndarray, int]]:
    """Pairs from what :func:`written` gave; ValueError if it did not give that."""
    if not isinstance(data, dict) or set(data) != {"inputs", "labels"}:
        raise ValueError("its data are no inputs and labels")
    inputs, labels = data["inputs"], data["labels"]
    if not isinstance(inputs, list) or not all(isinstance(text, str) for text in [*inputs, labels]):
        raise ValueError("its inputs are no list of text, or its labels no text of bits")
    answers = as_bits(labels, "saved labels").tolist()
    if len(inputs) != len(answers):
        raise ValueError(f"it has {len(inputs)} inputs and {len(answers)} labels")
    return [(as_bits(x, "saved inputs"), y) for x, y in zip(inputs, answers, strict=True)]
