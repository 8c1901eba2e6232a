"""What a named sequence is: a record with a definition, a reference and its bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from induction.budget import whole_number

_MOST = 2**40


@dataclass(frozen=True)
class Sequence:
    """A named, deterministic, endless binary sequence.

    Attributes
    ----------
    name : str
        Kebab-case name, the key of the registry.
    title : str
        Name for people, as printed in tables and figures.
    definition : str
        What the sequence is, in one line.
    reference : str
        OEIS number or literature; empty where there is none worth giving.
    make : callable
        ``make(n)`` gives the first n bits; call :meth:`bits`, which checks n and the result.
    random : bool
        True for a control that imitates chance: nothing short describes it but its generator and seed.
    """

    name: str
    title: str
    definition: str
    reference: str
    make: Callable[[int], np.ndarray] = field(repr=False)
    random: bool = False

    def bits(self, n: int) -> np.ndarray:
        """The first n bits, always a prefix of the bits for any larger n.

        Parameters
        ----------
        n : int
            Number of bits, at least 0.

        Returns
        -------
        numpy.ndarray
            Shape (n,), dtype uint8, writable and owned by the caller.

        Raises
        ------
        ValueError
            If n is not a whole number from 0 to 2^40.
        """
        n = check_count(n)
        if n == 0:
            return np.zeros(0, dtype=np.uint8)
        return np.array(self.make(n)[:n], dtype=np.uint8)


def named(
    name: str, title: str, definition: str, reference: str, make: Callable[..., np.ndarray], **options: object
) -> Sequence:
    """A Sequence whose bits are ``make(n, **options)``, which stays picklable."""
    return Sequence(name, title, definition, reference, partial(make, **options) if options else make)


def check_count(n: int, what: str = "number of bits") -> int:
    """`n` as an int, or a ValueError if it is not a whole number from 0 to 2^40, which no memory holds."""
    return whole_number(what, n, _MOST, "", smallest=0)


def indices(n: int, start: int = 0) -> np.ndarray:
    """start, start + 1, …: n of them, dtype int64."""
    return np.arange(start, start + n, dtype=np.int64)


def indicator(n: int, members: np.ndarray, start: int = 0) -> np.ndarray:
    """Bits that are 1 at the `members` of start, start + 1, …, start + n - 1; other members are ignored."""
    bits = np.zeros(n, dtype=np.uint8)
    places = np.asarray(members, dtype=np.int64) - start
    bits[places[(places >= 0) & (places < n)]] = 1
    return bits


def blocks(n: int, values: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The first n bits of values[0] repeated lengths[0] times, values[1] repeated lengths[1] times, …"""
    return np.repeat(np.asarray(values, dtype=np.uint8), lengths)[:n]
