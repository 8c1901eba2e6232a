"""How much of M(x) itself can be known? Certified binary digits, and the decided share of all mass, as L grows.

An exploration that is cut off gives A <= M(x) <= A + Q for programs of any length and patience. Where all numbers
from A to A + Q begin with the same binary digits, these are digits of M(x), for good (in the spirit of [1]_).

.. [1] C. S. Calude, M. J. Dinneen, C.-K. Shu, "Computing a glimpse of randomness", Experimental Mathematics 11 (2002).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from induction.dyadic import to_text
from induction.inductor.explanation import explain

STRINGS = ("0", "01", "0101", "00000000")


@dataclass(frozen=True)
class Glimpse:
    """What an exploration of one length says of one M(x).

    Parameters
    ----------
    bits : str
        x.
    max_length : int
        L.
    low, high : Fraction
        Ends of the certified interval.
    timeout, cut : Fraction
        Open mass: out of steps, and out of length. `high` - `low` is their sum.
    """

    bits: str
    max_length: int
    low: Fraction
    high: Fraction
    timeout: Fraction
    cut: Fraction

    @property
    def decided(self) -> Fraction:
        """Share of all mass that surely prints x or surely does not."""
        return 1 - self.timeout - self.cut

    @property
    def digits(self) -> str:
        """The certified binary digits of M(x) after the point."""
        return certified_digits(self.low, self.high)

    def to_json(self) -> dict[str, Any]:
        """The numbers, exact ones as ``"a/b"``."""
        return {
            "bits": self.bits,
            "max_length": self.max_length,
            "digits": "0." + self.digits,
            "certified_digits": len(self.digits),
            "interval": [to_text(self.low), to_text(self.high)],
            "decided": float(self.decided),
            "timeout": float(self.timeout),
            "cut": float(self.cut),
        }


def certified_digits(low: Fraction, high: Fraction) -> str:
    """The binary digits after the point with which every number from `low` to `high` begins.

    Parameters
    ----------
    low, high : Fraction
        0 <= low <= high. Numbers of 1 and more have no such digits. If both are equal, the expansion that
        ends is given, up to its last 1.

    Returns
    -------
    str
        Of 0 and 1, possibly empty.
    """
    if not 0 <= low <= high:
        raise ValueError(f"the interval is [{low}, {high}]; allowed are 0 <= low <= high")
    digits = ""
    while high < 1 and (low < high or low):
        low, high = 2 * low, 2 * high
        if int(low) != int(high) or int(high) > 1:
            break
        digits += str(int(low))
        low, high = low - int(low), high - int(high)
    return digits


@dataclass(frozen=True)
class Glimpses:
    """All strings at all lengths, string by string."""

    machine: str
    max_steps: int
    glimpses: tuple[Glimpse, ...] = field(repr=False)

    @property
    def strings(self) -> tuple[str, ...]:
        """The strings, in order."""
        return tuple(dict.fromkeys(each.bits for each in self.glimpses))

    def of(self, bits: str) -> tuple[Glimpse, ...]:
        """One string's rows, L ascending."""
        return tuple(each for each in self.glimpses if each.bits == bits)

    def to_json(self) -> dict[str, Any]:
        """Parameters and a row for each string and length."""
        rows = [each.to_json() for each in self.glimpses]
        return {"machine": self.machine, "max_steps": self.max_steps, "glimpses": rows}


def glimpse(
    strings: Sequence[str] = STRINGS,
    *,
    lengths: Sequence[int] | None = None,
    max_steps: int = 256,
    machine: str = "queue",
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Glimpses:
    """Explore the programs for short strings, deeper and deeper.

    Parameters
    ----------
    strings : sequence of str
        Each x.
    lengths : sequence of int, optional
        Values of L; 2, 4, … to 24 by default, to 28 at full size.
    max_steps : int
        T.
    machine : str
    full : bool
        The full size.
    progress : callable, optional
        Told (explorations done, explorations in all).

    Returns
    -------
    Glimpses

    Raises
    ------
    ValueError
        If bits, budgets or the machine are not allowed, or nothing is to be explored.
    """
    some = sorted(set(range(2, 30 if full else 26, 2) if lengths is None else lengths))
    if not some or not len(strings):
        raise ValueError("strings or lengths are empty; give at least one of each")
    rows: list[Glimpse] = []
    name = machine
    for bits in dict.fromkeys(strings):
        for length in some:
            e = explain(bits, machine=machine, max_length=length, max_steps=max_steps, programs=1)
            rows.append(Glimpse(bits, length, *e.interval, e.mass["timeout"], e.mass["cut"]))
            name = e.machine
            if progress is not None:
                progress(len(rows), len(some) * len(strings))
    return Glimpses(name, max_steps, tuple(rows))
