"""Arithmetic coding with bounded induction: what the predictor foresees need not be written down.

A demonstration that a loss in bits is a length in bits. The data's bits are predicted one after
another by programs of at most L bits and the uniform fallback (:mod:`induction.foresight`) and coded
with a range coder [1]_ at the cost of their log loss. Probabilities go from exact integers to multiples of
2^-24, never 0 or 1, so the two sides agree on every machine. Where no program is left every
prediction is ½, and the rest of the bits stands there as it is.

A coded file is a header (magic bytes, version, machine, budget, lengths, checksums), the range coder's
bytes and the plain rest. It is at most 64 bits longer than the header and the bound: of up to 4096 bits,
the predictor's own, the shortest program that prints the data or their length and c.

.. [1] R. Bamler, "Understanding entropy coding with asymmetric numeral systems (ANS): a
   statistician's perspective", arXiv:2201.01741, 2022; the library ``constriction``.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from induction.budget import Budget
from induction.foresight import GRID, Foresight
from induction.machines import get
from induction.machines.machine import Machine

LARGEST = 65_536  # bytes of data
LONGEST_PROGRAM = 28  # bits: a coded file may not ask for a search of hours
MOST_STEPS = 4096
DEFAULT_LENGTH = 20

_MAGIC = b"\x93IND"
_VERSION = 1
_HEAD = struct.Struct("<4sBB")  # magic, version, length of the machine's name, which follows
_FIELDS = struct.Struct("<BIQHIII")  # L, T, total or 0, c, bytes of data, their CRC, bytes of the range coder
_CHECK = struct.Struct("<I")  # CRC of all else
_OFTEN = 256  # bits between two reports of progress


@dataclass(frozen=True)
class Coding:
    """Coded data, and what they cost.

    Parameters
    ----------
    blob : bytes
        The coded file: header and payload.
    header_bytes : int
    payload_bytes : int
    predicted_bits : int
        How many of the data's bits were coded by prediction; the others stand as they are.
    bound_bits : float
        No more bits than this, and 64, are in the payload.
    shortest_bits : int or None
        Length of the shortest program that prints all of the data, None if none is left.
    """

    blob: bytes = field(repr=False)
    header_bytes: int
    payload_bytes: int
    predicted_bits: int
    bound_bits: float
    shortest_bits: int | None

    def to_json(self) -> dict[str, Any]:
        """All but the bytes themselves."""
        return {
            "coded_bytes": len(self.blob),
            "header_bytes": self.header_bytes,
            "payload_bytes": self.payload_bytes,
            "predicted_bits": self.predicted_bits,
            "bound_bits": self.bound_bits,
            "shortest_bits": self.shortest_bits,
        }


def encode(
    data: bytes,
    *,
    machine: str | Machine = "queue",
    max_length: int | None = None,
    max_steps: int | None = None,
    total: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Coding:
    """Like :func:`compress`, with the costs.

    Returns
    -------
    Coding
    """
    coder = _constriction()
    chosen, budget = _checked(machine, max_length, max_steps, total)
    if len(data) > LARGEST:
        raise ValueError(
            f"the data have {len(data)} bytes; this is a demonstration for at most {LARGEST}: "
            "use a compressor made for files"
        )
    exponent = chosen.fallback_exponent
    foresight = Foresight(chosen, budget, exponent)
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8))
    chances: list[int] = []
    for bit in bits.tolist():
        chance = foresight.chance()
        if chance is None:
            break
        chances.append(chance)
        foresight.learn(bit)
        if progress is not None and len(chances) % _OFTEN == 0:
            progress(len(chances), len(bits))
    predicted = len(chances)
    shortest = foresight.shortest() if predicted == len(bits) else None
    coded = _range_coded(coder, bits[:predicted], chances)
    name = chosen.name.encode()
    sizes = (len(data), zlib.crc32(data), len(coded))
    head = _HEAD.pack(_MAGIC, _VERSION, len(name)) + name
    head += _FIELDS.pack(budget.max_length, budget.max_steps, budget.total or 0, exponent, *sizes)
    payload = coded + np.packbits(bits[predicted:]).tobytes()
    blob = head + _CHECK.pack(zlib.crc32(head + payload)) + payload
    return Coding(
        blob,
        len(blob) - len(payload),
        len(payload),
        predicted,
        foresight.bound_bits(len(bits)),
        shortest,
    )


def compress(data: bytes, **parameters: Any) -> bytes:
    """Code data with the predictor.

    Parameters
    ----------
    data : bytes
        At most 64 KiB.
    **parameters
        ``machine``; ``max_length`` (at most 28, by default 20), ``max_steps`` (at most 4096) and ``total``,
        the budget; ``progress``, told (bits predicted, bits in all).

    Returns
    -------
    bytes
        What :func:`expand` turns back into the data.

    Raises
    ------
    ValueError
        If the data are too long, the budget is out of range, or the machine is unknown.
    ImportError
        If the optional library ``constriction`` is missing.

    Examples
    --------
    >>> from induction.coding import compress, expand
    >>> blob = compress(b"UUUUUUUU" * 20, max_length=14)
    >>> len(blob), expand(blob) == b"UUUUUUUU" * 20
    (46, True)
    """
    return encode(data, **parameters).blob


def expand(blob: bytes, *, progress: Callable[[int, int], None] | None = None) -> bytes:
    """The data that :func:`compress` coded.

    Parameters
    ----------
    blob : bytes
    progress : callable, optional
        Told (bits predicted, bits in all).

    Raises
    ------
    ValueError
        If the bytes are truncated, altered, or not ours.
    ImportError
        If the optional library ``constriction`` is missing.
    """
    coder = _constriction()
    machine, budget, exponent, (size, check, coded_size), payload = _opened(blob)
    count = 8 * size
    bits = np.zeros(count, dtype=np.uint8)
    coded, rest = payload[:coded_size], payload[coded_size:]
    words = np.frombuffer(coded + bytes(-len(coded) % 4), dtype=">u4").astype(np.uint32)
    foresight = Foresight(machine, budget, exponent)
    place = 0
    try:
        decoder = coder.queue.RangeDecoder(words)
        while place < count and (chance := foresight.chance()) is not None:
            bits[place] = bit = decoder.decode(coder.model.Bernoulli(chance / 2**GRID, perfect=False))
            foresight.learn(int(bit))
            place += 1
            if progress is not None and place % _OFTEN == 0:
                progress(place, count)
    except (AssertionError, ValueError, OverflowError) as error:
        raise _damaged() from error
    if len(rest) != (count - place + 7) // 8:
        raise _damaged()
    bits[place:] = np.unpackbits(np.frombuffer(rest, dtype=np.uint8), count=count - place)
    data = np.packbits(bits).tobytes()
    if zlib.crc32(data) != check:
        raise _damaged()
    return data


def _opened(blob: bytes) -> tuple[Machine, Budget, int, tuple[int, int, int], bytes]:
    """Machine, budget, c, (bytes of data, their CRC, bytes of the range coder) and payload of a coded file."""
    if blob[: len(_MAGIC)] != _MAGIC:
        raise ValueError("these bytes were not made by compress: they do not begin like a coded file")
    if len(blob) < _HEAD.size:
        raise _damaged()
    _, version, named = _HEAD.unpack_from(blob)
    if version != _VERSION:
        raise ValueError(f"the coded file is of version {version}; this program reads version {_VERSION}")
    end = _HEAD.size + named + _FIELDS.size
    if len(blob) < end + _CHECK.size:
        raise _damaged()
    payload = blob[end + _CHECK.size :]
    if _CHECK.unpack_from(blob, end)[0] != zlib.crc32(blob[:end] + payload):
        raise _damaged()
    try:
        name = blob[_HEAD.size : _HEAD.size + named].decode()
    except UnicodeDecodeError:
        raise _damaged() from None
    length, steps, total, exponent, *sizes = _FIELDS.unpack_from(blob, _HEAD.size + named)
    machine, budget = _checked(name, length, steps, total or None)
    if sizes[0] > LARGEST or sizes[2] > len(payload) or exponent > 1024:
        raise _damaged()
    return machine, budget, exponent, (sizes[0], sizes[1], sizes[2]), payload


def _damaged() -> ValueError:
    return ValueError("the coded file is damaged: it was truncated or altered; get it anew")


def _checked(
    machine: str | Machine, max_length: int | None, max_steps: int | None, total: int | None
) -> tuple[Machine, Budget]:
    """The machine and a budget that a coded file may ask for."""
    chosen = get(machine)
    if get(chosen.name) is not chosen:
        raise ValueError(f"the machine is not the one found as {chosen.name!r}; a coded file holds the name only")
    budget = chosen.budget(DEFAULT_LENGTH if max_length is None else max_length, max_steps, total)
    for name, value, most in (
        ("max_length", budget.max_length, LONGEST_PROGRAM),
        ("max_steps", budget.max_steps, MOST_STEPS),
    ):
        if value > most:
            raise ValueError(f"{name} is {value}; coded files allow at most {most}, so that expanding ends soon")
    return chosen, budget


def _range_coded(coder: Any, bits: np.ndarray, chances: list[int]) -> bytes:
    """Bits coded by the chances of a 1, most significant byte first, zero bytes at the end left out."""
    encoder = coder.queue.RangeEncoder()
    if chances:
        probabilities = np.array(chances, dtype=np.float64) / 2**GRID  # exact
        encoder.encode(bits.astype(np.int32), coder.model.Bernoulli(perfect=False), probabilities)
    return encoder.get_compressed().astype(">u4").tobytes().rstrip(b"\0")


def _constriction() -> Any:
    try:
        from constriction import stream
    except ImportError:
        raise ImportError("coding needs the library constriction: pip install 'bounded-induction[coding]'") from None
    return stream
