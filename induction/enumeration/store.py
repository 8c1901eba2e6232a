"""Finished shards in a SQLite file, so that a search that was stopped goes on where it was.

A file belongs to one set of parameters and to one running process. Shards are entered in
transactions: all of a shard, or nothing of it. Numbers lie in it as little-endian int64, each shard
with a checksum; nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike, fspath
from typing import Any, NamedTuple

import numpy as np

from induction.budget import LONGEST, NO_PROGRAM
from induction.machines.machine import FATES

_PARAMETERS = "CREATE TABLE parameters (name TEXT PRIMARY KEY, value TEXT NOT NULL)"


def numbered(path: str | PathLike[str], length: int) -> str:
    """The file of one L among those of a search that goes from L to L: the name, a dot, and L.

    Raises
    ------
    ValueError
        If the path names no file: it is empty, or leads to a folder by its last part.
    """
    if os.path.basename(path) in ("", os.curdir, os.pardir):
        raise ValueError(f"store is {fspath(path)!r}, which names no file: give the path of one, such as run.store")
    return f"{fspath(path)}.{length}"


class Asked(NamedTuple):
    """What a user sets the parameters of a store with.

    Attributes
    ----------
    options : mapping of str to str
        By parameter; those that are missing are not for this user to set.
    parameter, data : str
        The parameter that stands for what a search is for, and what to call it.
    """

    options: Mapping[str, str]
    parameter: str = ""
    data: str = ""


class Store:
    """A SQLite file of one set of parameters, locked for this process.

    Parameters
    ----------
    path : path
        The file; made if there is none.
    parameters : mapping
        What the file is of. A file made with others is refused.

    Raises
    ------
    ValueError
        If the file is of other parameters, not such a store, damaged, or open in another process.
    OSError
        If the file cannot be opened or written, a full disk included; what was stored before is safe.
    """

    noun = "a search"
    asked = Asked({})
    schema: tuple[str, ...] = ()
    tables = frozenset({"parameters"})

    def __init__(self, path: str | PathLike[str], parameters: Mapping[str, object]) -> None:
        self._path = fspath(path)
        if not self._path:
            raise ValueError("the store's path is empty: give that of a file, such as run.store")
        self._parameters = {name: str(value) for name, value in parameters.items()}
        try:
            # In full, so that no name has a meaning of its own to SQLite, as :memory: and file: have.
            self._database = sqlite3.connect(os.path.abspath(self._path), timeout=0, isolation_level=None)
        except sqlite3.Error as error:
            raise OSError(f"store {self._path} cannot be opened ({error}); give a path that can be written") from None
        try:
            with self._clear_errors():
                self._open()
                self._compare()
                self._check()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _check(self) -> None:
        """Look at what is stored; raise `_damaged` if it cannot be."""

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is done inside, or on an error nothing."""
        with self._clear_errors():
            try:
                self._database.execute("BEGIN")
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        """SQLite's errors as ours, with what to do."""
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                text = f"store {self._path} is in use by another run; wait for it to end, or give another file"
                raise ValueError(text) from None
            if name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")):
                safe = "shards stored before are safe: make room, then run again"
                raise OSError(f"store {self._path} cannot be read or written ({error}); {safe}") from None
            raise self._damaged(str(error)) from None

    def _open(self) -> None:
        """Lock the file for this process; make the tables if it is new."""
        execute = self._database.execute
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("BEGIN EXCLUSIVE")
        tables = {row[0] for row in execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            for statement in (_PARAMETERS, *self.schema):
                execute(statement)
            self._database.executemany("INSERT INTO parameters VALUES (?, ?)", self._parameters.items())
        execute("COMMIT")
        if tables and not tables >= self.tables:
            raise self._damaged("it holds other tables")

    def _compare(self) -> None:
        """Refuse a file that SQLite finds damaged, or of other parameters."""
        execute = self._database.execute
        if execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise self._damaged("SQLite's check fails")
        stored = dict(execute("SELECT name, value FROM parameters"))
        if stored != self._parameters:
            raise ValueError(f"store {self._path} is of {self.noun} {self._difference(stored)}: give another file")

    def _difference(self, stored: Mapping[str, str]) -> str:
        """How a stored search differs from this one, in the words of its user."""
        here, (options, parameter, data) = self._parameters, self.asked
        unlike = [name for name in here if stored.get(name) != here[name]]
        if any(name in type(self).asked.options and name not in options for name in unlike):
            return "of another kind"
        differing = [name for name in options if name in unlike]
        others = [f"for other {data}"] if parameter in unlike else []
        if not differing:
            return others[0] if others else "by another version of this package"
        was, now = (" and ".join(_given(options[name], p.get(name)) for name in differing) for p in (stored, here))
        return f"{' '.join(['with', was, *others])}; this one has {now}"

    def _damaged(self, reason: str) -> ValueError:
        text = f"{self._path} is not a store of {self.noun}, or is damaged ({reason}); give another file, or delete it"
        return ValueError(text)


def _given(option: str, value: str | None) -> str:
    """An option as a user gives it."""
    if value in (None, "None", "False"):
        return f"no {option}"
    return option if value == "True" else f"{option} {value}"


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
