"""A SQLite file that keeps what is done, so that what was stopped goes on where it was.

A file belongs to one set of parameters and to one running process. What is entered together is there in full or
not at all; nothing in it is ever executed. Kinds of stores: :mod:`induction.enumeration.shard_store`,
:mod:`induction.tables.store`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike, fspath
from typing import NamedTuple

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
        if os.path.isdir(self._path):
            raise OSError(f"store {self._path} is a folder; give the path of a file in it, such as run.store")
        if not os.path.isdir(os.path.dirname(os.path.abspath(self._path))):
            raise OSError(f"store {self._path}: there is no folder {os.path.dirname(self._path)!r}; make it first")
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
