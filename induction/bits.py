"""Bit strings: what people type, and what kernels read.

Inside the package data is a one-dimensional ``uint8`` array of zeros and ones; at the edge it
is text such as ``"0101"``. Nothing here knows of machines or predictors.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

BitsLike = str | Iterable[int]

_SEPARATORS = str.maketrans("", "", " \t\r\n_")


def as_bits(data: BitsLike, what: str = "bits") -> np.ndarray:
    """Bits of any spelling, as an array of zeros and ones.

    Parameters
    ----------
    data : str or iterable of int
        Text of ``0`` and ``1`` (white space and ``_`` are skipped), or numbers and booleans
        that equal 0 or 1.
    what : str
        What the bits are, for the error message.

    Returns
    -------
    numpy.ndarray
        Shape (n,), dtype uint8.

    Raises
    ------
    ValueError
        If anything but zeros and ones is in `data`.
    """
    if isinstance(data, str):
        text = data.translate(_SEPARATORS)
        wrong = text.strip("01") and next(c for c in text if c not in "01")
        if wrong:
            raise ValueError(f"{what}: {wrong!r} is not a bit; only 0 and 1 are allowed: write them like 0101")
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8) - np.uint8(ord("0"))
    if isinstance(data, np.ndarray) and data.dtype == np.uint8 and data.ndim == 1 and data.max(initial=0) <= 1:
        return data
    try:
        values = list(data)
    except TypeError:
        raise ValueError(
            f"{what} are given as {type(data).__name__}; give text like '0101' or a sequence of 0 and 1"
        ) from None
    for value in values:
        as_bit(value, what)
    return np.array([int(value) for value in values], dtype=np.uint8)


def as_bit(value: object, what: str = "bit") -> int:
    """One bit as the int 0 or 1.

    Raises
    ------
    ValueError
        If `value` is not the number 0 or 1 (``True`` and ``False`` count as numbers; text does not).
    """
    if isinstance(value, (int, float, np.integer, np.floating, np.bool_)) and value in (0, 1):
        return int(value)
    raise ValueError(f"{what}: {value!r} is not a bit; only 0 and 1 are allowed")


def to_text(bits: Iterable[int]) -> str:
    """Bits as text, ``[0, 1, 1]`` as ``"011"``."""
    return "".join("1" if bit else "0" for bit in bits)


def to_integer(bits: Iterable[int]) -> int:
    """Bits as a number, the first bit the most significant; no bits are 0."""
    value = 0
    for bit in bits:
        value = value << 1 | int(bit)
    return value


def from_integer(value: int, length: int) -> str:
    """The `length` lowest bits of `value` as text, most significant first."""
    return format(value, f"0{length}b") if length else ""
