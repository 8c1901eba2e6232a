"""How far a search may go: length, steps, and total steps, checked once and carried everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LONGEST = 62  # masses are int64 over 2^L, and 2^62 is the largest power that adds up safely
NO_PROGRAM = 127  # in place of a program's length, where there is none
MOST_STEPS = 2**31 - 1
UNLIMITED = 2**62  # a total that no run reaches


@dataclass(frozen=True)
class Budget:
    """The cut-offs of bounded induction.

    Parameters
    ----------
    max_length : int
        L, the longest program, in bits, 1 to 62.
    max_steps : int
        T, the most steps since the last output bit (since the start, before the first),
        1 to 2^31 - 1.
    total : int, optional
        The most steps of a whole run, 1 to 2^62; None for no limit.

    Raises
    ------
    ValueError
        If a number is not an integer or out of its range.
    """

    max_length: int
    max_steps: int
    total: int | None = None

    def __post_init__(self) -> None:
        whole_number("max_length", self.max_length, LONGEST, "program bits")
        whole_number("max_steps", self.max_steps, MOST_STEPS, "steps between output bits")
        if self.total is not None:
            whole_number("total", self.total, UNLIMITED, "steps in all, or None")
        for name in ("max_length", "max_steps", "total"):
            value = getattr(self, name)
            object.__setattr__(self, name, None if value is None else int(value))

    @property
    def whole(self) -> int:
        """The mass 1 as an integer over 2^L."""
        return 1 << self.max_length

    @property
    def limits(self) -> np.ndarray:
        """(L, T, total) as the int64 array that kernels read."""
        return np.array([self.max_length, self.max_steps, self.total or UNLIMITED], dtype=np.int64)


def whole_number(name: str, value: object, largest: int | None, unit: str, *, smallest: int = 1) -> int:
    """`value` as an int; no limit above if `largest` is None.

    Raises
    ------
    ValueError
        If it is no whole number from `smallest` to `largest`; the message names the argument and its unit, if any.
    """
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not whole or value < smallest or (largest is not None and value > largest):  # type: ignore[operator]
        allowed = f"of at least {smallest}" if largest is None else f"from {smallest} to {largest}"
        raise ValueError(f"{name} is {value!r}; allowed are whole numbers {allowed}{unit and f' ({unit})'}")
    return int(value)  # type: ignore[call-overload]
