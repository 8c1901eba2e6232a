"""Finished shards of a table in a SQLite file, so that a run that was stopped goes on where it was.

One transaction a shard: its counts are added and the shard is ticked off together, or neither is. A file
belongs to one set of parameters and to one running process. Nothing in it is ever executed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike, fspath

_SCHEMA = """
CREATE TABLE parameters (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE counts (string TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE shards (shard INTEGER PRIMARY KEY, total INTEGER NOT NULL, steps INTEGER NOT NULL, ones INTEGER NOT NULL);
"""
_ADD = "INSERT INTO counts VALUES (?, ?) ON CONFLICT (string) DO UPDATE SET count = count + excluded.count"
_TABLES = {"parameters", "counts", "shards"}


class ShardStore:
    """The shards of one table that are done, on disk.

    Parameters
    ----------
    path : path
        The SQLite file; made if there is none.
    parameters : mapping of str to int
        What the table is of, ``"shards"`` (their number) among it. A file made with others is refused.

    Raises
    ------
    ValueError
        If the file is of other parameters, not such a store, damaged, or open in another process.
    OSError
        If the file cannot be opened or written, a full disk included; shards stored before are safe.
    """

    def __init__(self, path: str | PathLike[str], parameters: Mapping[str, int]) -> None:
        self._path = fspath(path)
        self._parameters = {name: str(value) for name, value in parameters.items()}
        self._shards = parameters["shards"]
        try:
            self._database = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        except sqlite3.Error as error:
            raise OSError(f"store {self._path} cannot be opened ({error}); give a path that can be written") from None
        try:
            with self._clear_errors():
                self._open()
                self._check()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def done(self) -> list[int]:
        """The shards that are stored, in order."""
        with self._clear_errors():
            return [row[0] for row in self._database.execute("SELECT shard FROM shards ORDER BY shard")]

    def counts(self) -> dict[str, int]:
        """The counts of all stored shards together, by string."""
        with self._clear_errors():
            return dict(self._database.execute("SELECT string, count FROM counts"))

    def records(self) -> tuple[int, int]:
        """Most steps and most ones of a halting run in the stored shards; 0, 0 when there are none."""
        with self._clear_errors():
            most = "SELECT COALESCE(MAX(steps), 0), COALESCE(MAX(ones), 0) FROM shards"
            return self._database.execute(most).fetchone()

    def add(self, shard: int, counts: Mapping[str, int], steps: int, ones: int) -> None:
        """Store one shard: all of it, or on an error nothing.

        Parameters
        ----------
        shard : int
            Its number, 0 to shards - 1.
        counts : mapping of str to int
            Halting runs by output.
        steps, ones : int
            Most steps and most ones of a halting run.
        """
        with self._clear_errors():
            self._database.execute("BEGIN")
            try:
                self._database.executemany(_ADD, counts.items())
                row = (shard, sum(counts.values()), steps, ones)
                self._database.execute("INSERT INTO shards VALUES (?, ?, ?, ?)", row)
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
            for statement in _SCHEMA.split(";")[:-1]:
                execute(statement)
            self._database.executemany("INSERT INTO parameters VALUES (?, ?)", self._parameters.items())
        execute("COMMIT")
        if tables and not tables >= _TABLES:
            raise self._damaged("it holds other tables")

    def _check(self) -> None:
        """Compare the parameters and add up what is stored."""
        execute = self._database.execute
        if execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise self._damaged("SQLite's check fails")
        stored = dict(execute("SELECT name, value FROM parameters"))
        if stored != self._parameters:
            was, wanted = (", ".join(f"{k} = {v}" for k, v in sorted(p.items())) for p in (stored, self._parameters))
            raise ValueError(f"store {self._path} is of a table with {was}; this one has {wanted}: give another file")
        rows = execute("SELECT string, count FROM counts").fetchall()
        good = all(type(count) is int and count > 0 for _, count in rows)
        good = good and all(type(text) is str and text and not text.strip("01") for text, _ in rows)
        shards = execute("SELECT shard, total, steps, ones FROM shards").fetchall()
        good = good and all(type(value) is int and value >= 0 for row in shards for value in row)
        if not good or any(row[0] >= self._shards for row in shards):
            raise self._damaged("it holds impossible entries")
        if sum(row[1] for row in rows) != sum(row[1] for row in shards):
            raise self._damaged("its counts do not add up")

    def _damaged(self, reason: str) -> ValueError:
        text = f"{self._path} is not a store of a table, or is damaged ({reason}); give another file, or delete it"
        return ValueError(text)
