"""An exact certificate that a loss stays under its bound: integers, and one program to rerun.

For each round t the certificate holds D_0 and D_1, the masses over 2^L of the programs that go on
with 0 and with 1. With the uniform fallback of weight 2^-c the mixture's joint probabilities are
X_b = D_b / 2^L + 2^-(c + t + 1). The product of X_seen / (X_0 + X_1) is the probability that the
normalised predictor gave the data, and the claim is

    product >= w / W,    w = 2^-|p| for the named program, or 2^-(c + n) for the fallback.

``docs/check_certificate.py`` checks it again without this package: it reruns the program, sees
that its weight is in every D_seen, that masses never grow, and compares the integers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from induction.budget import Budget


@dataclass(frozen=True)
class Certificate:
    """A claim that can be checked with integers alone.

    Parameters
    ----------
    machine : str
    max_length, max_steps : int
        L and T.
    data : str
        The bits.
    masses : list of (int, int)
        D_0 and D_1 over 2^L before each bit.
    fallback_exponent : int or None
        c, or None if there is no fallback.
    program : str or None
        The competitor's bits; None if it is the fallback.
    bound : int
        log2(1 / w) of the competitor: |p|, or c + n.
    """

    machine: str
    max_length: int
    max_steps: int
    data: str
    masses: list[tuple[int, int]]
    fallback_exponent: int | None
    program: str | None
    bound: int

    def to_json(self) -> dict[str, Any]:
        """The fields as a dictionary of integers and bit strings."""
        return {**self.__dict__, "masses": [list(pair) for pair in self.masses]}

    def dumps(self) -> str:
        """The certificate as JSON text."""
        return json.dumps(self.to_json())

    def holds(self) -> bool:
        """Whether product >= w / W, compared as integers; the program is not rerun here."""
        product, whole = 1, 1
        for t, (bit, pair) in enumerate(zip(self.data, self.masses, strict=True)):
            x = [self._joint(mass, t + 1) for mass in pair]
            product *= x[bit == "1"]
            whole *= x[0] + x[1]
        c = self.fallback_exponent
        total, unit = (1, 1) if c is None else ((1 << c) + 1, 1 << c)
        return bool(product * total << self.bound >= whole * unit)

    def _joint(self, mass: int, rounds: int) -> int:
        if self.fallback_exponent is None:
            return mass
        return (mass << self.fallback_exponent + rounds) + (1 << self.max_length)


def certify(
    *,
    machine: str,
    budget: Budget,
    data: str,
    masses: list[tuple[int, int]],
    fallback_exponent: int | None,
    competitor: str,
) -> Certificate:
    """The certificate for the competitor that sets the bound.

    Raises
    ------
    ValueError
        If there is no competitor.
    """
    if not competitor and data:
        raise ValueError("no hypothesis allows the data, so nothing bounds the loss; keep a fallback")
    fallback = competitor == "fallback"
    bound = len(data) + (fallback_exponent or 0) if fallback else len(competitor)
    program = None if fallback else competitor
    pairs = list(masses)
    return Certificate(machine, budget.max_length, budget.max_steps, data, pairs, fallback_exponent, program, bound)
