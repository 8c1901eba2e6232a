"""Finished shards of a table in a SQLite file, so that a run that was stopped goes on where it was.

One transaction a shard: its counts are added and the shard is ticked off together, or neither is. A file
belongs to one set of parameters and to one running process. Nothing in it is ever executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from induction.enumeration.store import Asked, Store

_ADD = "INSERT INTO counts VALUES (?, ?) ON CONFLICT (string) DO UPDATE SET count = count + excluded.count"


class ShardStore(Store):
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

    noun = "a table"
    asked = Asked({"states": "N =", "cut": "--cut"})
    schema = (
        "CREATE TABLE counts (string TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE TABLE shards (shard INTEGER PRIMARY KEY, total INTEGER NOT NULL, "
        "steps INTEGER NOT NULL, ones INTEGER NOT NULL)",
    )
    tables = frozenset({"parameters", "counts", "shards"})

    def __init__(self, path: str | PathLike[str], parameters: Mapping[str, int]) -> None:
        self._shards = parameters["shards"]
        super().__init__(path, parameters)

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
        with self._transaction() as database:
            database.executemany(_ADD, counts.items())
            database.execute("INSERT INTO shards VALUES (?, ?, ?, ?)", (shard, sum(counts.values()), steps, ones))

    def _check(self) -> None:
        """Add up what is stored."""
        execute = self._database.execute
        rows = execute("SELECT string, count FROM counts").fetchall()
        good = all(type(count) is int and count > 0 for _, count in rows)
        good = good and all(type(text) is str and text and not text.strip("01") for text, _ in rows)
        shards = execute("SELECT shard, total, steps, ones FROM shards").fetchall()
        good = good and all(type(value) is int and value >= 0 for row in shards for value in row)
        if not good or any(row[0] >= self._shards for row in shards):
            raise self._damaged("it holds impossible entries")
        if sum(row[1] for row in rows) != sum(row[1] for row in shards):
            raise self._damaged("its counts do not add up")
