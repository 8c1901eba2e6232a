"""Finished shards of a search in a SQLite file: see :mod:`induction.enumeration.store`.

Numbers lie in it as little-endian int64, each shard with a checksum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, NamedTuple

import numpy as np

from induction.budget import LONGEST, NO_PROGRAM
from induction.enumeration.store import Asked, Store
from induction.machines.machine import FATES


class Part(NamedTuple):
    """What the walk of a shard found: the cells of its ledger that are not empty.

    Attributes
    ----------
    forks : int
        Forks visited, the shard's first not counted.
    cells, masses : numpy.ndarray
        Shape (n,), int64: flat indices into a ledger of shape (nodes, 5), ascending, and the mass over 2^L in each.
    rows, programs : numpy.ndarray
        Shape (m,) and (m, 2 * keep), int64: nodes that programs were found for, ascending, and these.
    complete : bool
        Whether the walk came to its end; if not, what was left is in the ledger as cut.
    """

    forks: int
    cells: np.ndarray
    masses: np.ndarray
    rows: np.ndarray
    programs: np.ndarray
    complete: bool = True


class ShardStore(Store):
    """The finished shards of one search.

    Parameters
    ----------
    path : path
        The SQLite file; made if there is none.
    parameters : mapping
        What decides the result, ``max_length`` and ``keep`` among it.
    masses : sequence of int
        The mass over 2^L of each shard, by its number.
    nodes : int
        Rows of the ledger.
    asked : Asked, optional
        If not that of an explanation.

    Raises
    ------
    ValueError, OSError
        As :class:`Store`.
    """

    asked = Asked(
        {
            "machine": "--machine",
            "max_length": "--max-length",
            "max_steps": "--max-steps",
            "total": "--total",
            "keep": "--programs",
            "matches_only": "--match-only",
        },
        "targets",
        "bits",
    )
    schema = ("CREATE TABLE shards (shard INTEGER PRIMARY KEY, part BLOB NOT NULL, checksum BLOB NOT NULL)",)
    tables = frozenset({"parameters", "shards"})

    def __init__(
        self,
        path: str | PathLike[str],
        parameters: Mapping[str, Any],
        masses: Sequence[int],
        nodes: int,
        asked: Asked | None = None,
    ) -> None:
        self.asked = asked or type(self).asked
        self._masses = masses
        self._nodes = nodes
        self._keep = int(parameters["keep"])
        super().__init__(path, parameters)

    def parts(self) -> Iterator[tuple[int, Part]]:
        """Number and result of every stored shard, each checked, by number."""
        with self._clear_errors():
            for number, data, checksum in self._database.execute("SELECT * FROM shards ORDER BY shard"):
                whole = type(data) is bytes and checksum == _checksum(number, data)
                part = self._decode(number, data) if whole else None
                if part is None:
                    raise self._damaged(f"shard {number} does not add up")
                yield number, part

    def add(self, parts: Iterable[tuple[int, Part]]) -> None:
        """Store finished shards: all of them, or on an error none; to store one again is no error."""
        with self._transaction() as database:
            for number, part in parts:
                data = _encode(part)
                row = (number, data, _checksum(number, data))
                database.execute("INSERT OR REPLACE INTO shards VALUES (?, ?, ?)", row)

    def _decode(self, number: int, data: bytes) -> Part | None:
        """A stored shard, None if it cannot be one."""
        if not 0 <= number < len(self._masses) or len(data) < 24 or len(data) % 8:
            return None
        forks, cells, rows = (int(value) for value in np.frombuffer(data, "<i8", 3))
        sizes = (cells, cells, rows, 2 * self._keep * rows)
        if min(forks, cells, rows) < 0 or sum(sizes) != len(data) // 8 - 3:
            return None
        body = np.frombuffer(data, "<i8", offset=24).astype(np.int64)
        at, masses, where, programs = np.split(body, np.cumsum(sizes)[:-1])
        good = _ascending(at, FATES * self._nodes) and _ascending(where, self._nodes)
        good = good and bool((masses > 0).all()) and sum(masses.tolist()) == self._masses[number]
        lengths, bits = programs[::2], programs[1::2]
        found = (lengths > 0) & (lengths <= LONGEST) & (bits >= 0) & (bits >> np.clip(lengths, 0, LONGEST) == 0)
        if not (good and bool((found | (lengths == NO_PROGRAM)).all())):
            return None
        return Part(forks, at, masses, where, programs.reshape(rows, 2 * self._keep))


def _encode(part: Part) -> bytes:
    head = [part.forks, len(part.cells), len(part.rows)]
    return np.concatenate([head, part.cells, part.masses, part.rows, part.programs.reshape(-1)]).astype("<i8").tobytes()


def _checksum(number: int, data: bytes) -> bytes:
    return hashlib.sha256(number.to_bytes(8, "little", signed=True) + data).digest()


def _ascending(numbers: np.ndarray, end: int) -> bool:
    return not len(numbers) or bool(numbers[0] >= 0 and numbers[-1] < end and (np.diff(numbers) > 0).all())
