"""Stores of shards that are resumed, damaged, forged, fought over, or on a full disk."""

from __future__ import annotations

import itertools
import sqlite3
from unittest import mock

import numpy as np
import pytest

from induction import explain, machines
from induction.budget import Budget
from induction.enumeration import shards, trunk
from induction.enumeration.shard_store import Part, ShardStore, _checksum
from induction.enumeration.shards import enumerate_sharded
from induction.enumeration.store import numbered
from induction.enumeration.targets import every, single
from induction.enumeration.walk import enumerate_programs

small = pytest.mark.small
BUDGET = Budget(12, 20)
CASE = {"machine": machines.get("queue"), "budget": BUDGET, "targets": single("0101"), "keep": 2}


class StopError(Exception):
    pass


@pytest.fixture(autouse=True)
def many_shards(monkeypatch):
    monkeypatch.setattr(trunk, "split_length", lambda _budget: 4)
    monkeypatch.setattr(shards, "KEPT", 0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "search.db"


def search(path, **changes):
    return enumerate_sharded(**CASE | changes, store=path)


def is_whole(ledger, **changes):
    whole = enumerate_programs(**CASE | changes)
    same = np.array_equal(ledger.masses, whole.masses) and np.array_equal(ledger.found, whole.found)
    return same and ledger.forks == whole.forks and ledger.complete


def change(path, statement, *arguments):
    database = sqlite3.connect(path)
    with database:
        database.execute(statement, arguments)
    database.close()


@small
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("kept", [0, 1000])
def test_a_stopped_search_resumes_and_ends_the_same(path, machine, monkeypatch, workers, kept):
    monkeypatch.setattr(shards, "KEPT", kept)  # every shard at once, or all of them at the end
    changes = {"machine": machines.get(machine), "targets": every(3)}

    def stop_half_way(share):
        if share > 0.5:
            raise StopError

    with pytest.raises(StopError):
        search(path, workers=workers, progress=stop_half_way, **changes)
    told = []
    assert is_whole(search(path, workers=workers, progress=told.append, **changes), **changes)
    assert 0 < told[0] < 1


@small
def test_shards_are_entered_every_half_second_and_not_one_by_one(path, monkeypatch):
    monkeypatch.setattr(shards, "KEPT", 0.5)
    monkeypatch.setattr(shards, "time", mock.Mock(monotonic=itertools.count(0, 0.125).__next__))
    real, entered = ShardStore.add, []
    monkeypatch.setattr(ShardStore, "add", lambda store, parts: (entered.append(len(parts)), real(store, parts)))
    assert is_whole(search(path))
    assert len(entered) > 1 and min(entered[:-1]) > 1


@small
def test_a_finished_store_is_read_without_walking(path):
    assert is_whole(search(path))
    with mock.patch.object(shards, "walk_shard", None):
        assert is_whole(search(path))


@small
@pytest.mark.parametrize("name", [":memory:", "file:x?mode=memory", "file::memory:?cache=shared"])
def test_names_that_mean_something_to_sqlite_are_files_as_any_other(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert is_whole(search(name))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with mock.patch.object(shards, "walk_shard", None):
        assert is_whole(search(name))


@small
def test_a_store_of_one_shard_resumes_too(path, monkeypatch):
    monkeypatch.setattr(trunk, "split_length", lambda _budget: 0)
    assert is_whole(search(path))
    with mock.patch.object(shards, "walk_shard", None):
        assert is_whole(search(path))


@small
def test_a_search_out_of_time_goes_on_from_its_store(path):
    assert not search(path, seconds=1e-9).complete
    assert is_whole(search(path))


@small
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"machine": machines.get("turing")}, "with --machine queue; this one has --machine turing"),
        ({"budget": Budget(13, 20)}, "with --max-length 12; this one has --max-length 13"),
        ({"budget": Budget(12, 21)}, "with --max-steps 20; this one has --max-steps 21"),
        ({"budget": Budget(12, 20, 50)}, "with no --total; this one has --total 50"),
        ({"targets": single("0100")}, "for other bits"),
        ({"keep": 3}, "with --programs 2; this one has --programs 3"),
        ({"matches_only": True}, "with no --match-only; this one has --match-only"),
        (
            {"budget": Budget(13, 21), "targets": single("0100")},
            "with --max-length 12 and --max-steps 20 for other bits; this one has --max-length 13 and --max-steps 21",
        ),
    ],
)
def test_a_store_of_another_search_is_refused_with_both_as_options(path, other, said):
    search(path)
    before = path.read_bytes()
    with pytest.raises(ValueError) as refusal:
        search(path, **other)
    assert str(refusal.value) == f"store {path} is of a search {said}: give another file"
    assert path.read_bytes() == before


@small
@pytest.mark.parametrize("name", ["", ".", "..", "folder/", "folder/.."])
def test_a_path_that_names_no_file_is_refused(name):
    with pytest.raises(ValueError, match="names no file: give the path of one"):
        numbered(name, 16)


@small
def test_an_empty_path_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="the store's path is empty: give that of a file"):
        search("")
    assert not list(tmp_path.iterdir())


@small
def test_a_store_of_other_code_is_refused(path):
    search(path)
    change(path, "UPDATE parameters SET value = '0123456789abcdef' WHERE name = 'kernels'")
    with pytest.raises(ValueError, match="is of a search by another version of this package: give another file"):
        search(path)


@small
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE shards SET part = substr(part, 1, length(part) - 1) WHERE shard = 1",
        "UPDATE shards SET part = zeroblob(length(part)) WHERE shard = 1",
        "UPDATE shards SET part = 'text' WHERE shard = 1",
        "UPDATE shards SET part = 7 WHERE shard = 1",
        "UPDATE shards SET checksum = zeroblob(32) WHERE shard = 1",
        "UPDATE shards SET checksum = 'x' WHERE shard = 1",
        "UPDATE shards SET shard = -1 WHERE shard = 1",
        "UPDATE shards SET shard = 9999 WHERE shard = 1",
        "DROP TABLE shards",
        "DROP TABLE parameters",
    ],
)
def test_a_changed_store_is_refused(path, statement):
    search(path)
    change(path, statement)
    with pytest.raises(ValueError, match="not a store of a search, or is damaged"):
        search(path)


FORGED = {  # number of cells -> place of a number and what it becomes
    "more cells than there are": lambda cells: (1, cells + 1),
    "a huge number of cells": lambda _cells: (1, 2**62),
    "a negative number of cells": lambda _cells: (1, -1),
    "a cell outside": lambda cells: (2 + cells, 10**9),
    "a cell before the first": lambda _cells: (3, -1),
    "a cell twice": lambda _cells: (4, lambda numbers: numbers[3]),
    "a program of one bit more than its length": lambda _cells: (-3, lambda numbers: 1 << numbers[-4]),
    "negative mass": lambda cells: (3 + cells, -1),
    "too much mass": lambda cells: (3 + cells, 2**62),
    "negative forks": lambda _cells: (0, -1),
    "a node outside": lambda cells: (3 + 2 * cells, 99),
    "a program of no bits": lambda _cells: (-4, 0),
    "a program that is too long": lambda _cells: (-4, 126),
    "a program of negative bits": lambda _cells: (-3, -1),
    "a program of more bits than its length": lambda _cells: (-3, 2**40),
}


@small
@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_shard_is_refused(path, forged):
    search(path)
    database = sqlite3.connect(path)
    rows = database.execute("SELECT shard, part FROM shards").fetchall()
    database.close()
    number, part = next(row for row in rows if np.frombuffer(row[1], "<i8")[2] > 0)  # with programs
    numbers = np.frombuffer(part, "<i8").copy()
    place, value = FORGED[forged](int(numbers[1]))
    numbers[place] = value(numbers) if callable(value) else value
    data = numbers.tobytes()
    change(path, "UPDATE shards SET part = ?, checksum = ? WHERE shard = ?", data, _checksum(number, data), number)
    with pytest.raises(ValueError, match=f"damaged \\(shard {number} does not add up"):
        search(path)


@small
@pytest.mark.parametrize("size", [0, 8, 16])
def test_a_shard_without_its_three_counts_is_refused(path, size):
    search(path)
    data = bytes(size)
    change(path, "UPDATE shards SET part = ?, checksum = ? WHERE shard = 1", data, _checksum(1, data))
    with pytest.raises(ValueError, match="damaged \\(shard 1 does not add up"):
        search(path)


@small
def test_damage_in_a_page_that_is_not_read_is_noticed_before_anything_is_written(path):
    search(path)
    database = sqlite3.connect(path)
    (size,) = database.execute("PRAGMA page_size").fetchone()
    (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE type = 'index'").fetchone()
    database.close()
    with open(path, "r+b") as file:
        file.seek(size * (page - 1))
        file.write(b"\xff" * size)
    with pytest.raises(ValueError, match="is not a store of a search, or is damaged"):
        search(path)


@small
def test_a_file_that_is_no_store_is_refused_and_left_alone(path):
    search(path)
    whole = path.read_bytes()
    for content in (b"0101\n" * 2000, whole[: len(whole) // 2], b"\x00" * 4096):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="is not a store of a search, or is damaged"):
            search(path)
        assert path.read_bytes() == content


@small
def test_a_database_of_something_else_is_said_to_be_one_and_left_alone(path):
    change(path, "CREATE TABLE letters (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="it holds other tables"):
        search(path)
    assert path.read_bytes() == before


@small
def test_a_store_that_may_only_be_read_is_no_damage(path):
    real = ShardStore.add

    def add(store, parts):
        store._database.execute("PRAGMA query_only = 1")
        real(store, parts)

    refusal = pytest.raises(OSError, match="cannot be read or written .*readonly.* are safe: make room")
    with mock.patch.object(ShardStore, "add", add), refusal:
        search(path)
    assert is_whole(search(path))


@small
def test_two_runs_cannot_share_a_store(path):
    def second(_share):
        with pytest.raises(ValueError, match="in use by another run"):
            search(path)

    assert is_whole(search(path, progress=second))


@small
def test_a_store_that_cannot_be_made_is_refused(tmp_path):
    for path, words in ((tmp_path / "missing" / "search.db", "there is no folder"), (tmp_path, "is a folder")):
        with pytest.raises(OSError, match=words):
            search(path)


@small
def test_a_full_disk_loses_no_stored_shard(path):
    real = ShardStore.add

    def add(store, parts):
        if len(list(store.parts())) == 5:
            size = store._database.execute("PRAGMA page_count").fetchone()[0]
            store._database.execute(f"PRAGMA max_page_count = {size}")
            number, part = parts[0]
            wide = np.arange(10**4)
            parts = [(number, Part(1, wide, wide, wide, np.zeros((10**4, 4), dtype=np.int64)))]
        real(store, parts)

    refusal = pytest.raises(OSError, match="full.*stored before are safe")
    with mock.patch.object(ShardStore, "add", add), refusal as full:
        search(path)
    assert "\n" not in str(full.value)
    database = sqlite3.connect(path)
    assert database.execute("SELECT COUNT(*) FROM shards").fetchone() == (5,)
    database.close()
    assert is_whole(search(path))


@small
def test_an_interruption_right_after_a_commit_is_no_error(path):
    real = ShardStore.add

    def add(store, parts):
        first = not list(store.parts())
        real(store, parts)
        if first:
            raise KeyboardInterrupt

    with mock.patch.object(ShardStore, "add", add), pytest.raises(KeyboardInterrupt):
        search(path)
    assert is_whole(search(path))


@small
def test_an_interruption_right_after_a_transaction_has_begun_is_no_error(path):
    class Interrupted:
        """A database; a signal that comes while a transaction begins is heard once it has."""

        def __init__(self, database):
            self.database = database

        def __getattr__(self, name):
            return getattr(self.database, name)

        def execute(self, statement, *arguments):
            result = self.database.execute(statement, *arguments)
            if statement == "BEGIN":
                self.execute = self.database.execute
                raise KeyboardInterrupt
            return result

    real = ShardStore.__init__

    def begin(store, *arguments):
        real(store, *arguments)
        store._database = Interrupted(store._database)

    with mock.patch.object(ShardStore, "__init__", begin), pytest.raises(KeyboardInterrupt):
        search(path)
    database = sqlite3.connect(path)
    assert database.execute("SELECT COUNT(*) FROM shards").fetchone()[0] > 0  # what was done is stored on the way out
    database.close()
    assert is_whole(search(path))


@small
def test_what_is_interrupted_is_taken_back_and_the_store_goes_on(path):
    one = np.array([0])
    part = Part(1, one, one + 5, one[:0], np.zeros((0, 0), dtype=np.int64))

    def interrupted():
        yield 0, part
        raise KeyboardInterrupt

    with ShardStore(path, {"keep": 0}, [5, 5], 1) as store:
        with pytest.raises(KeyboardInterrupt):
            store.add(interrupted())
        store.add([(1, part)])
        assert [number for number, _ in store.parts()] == [1]


@small
def test_an_explanation_is_the_same_from_a_store(path):
    settings = {"max_length": 12, "max_steps": 20, "programs": 4}
    plain = explain("0101", **settings)
    assert plain == explain("0101", store=path, **settings) == explain("0101", store=path, **settings)


@small
def test_a_shard_that_was_stopped_midway_is_not_stored(path, monkeypatch):
    monkeypatch.setattr(trunk, "split_length", lambda _budget: 0)
    monkeypatch.setattr(trunk, "QUOTA", 50)
    with mock.patch.object(shards, "time", mock.Mock(monotonic=itertools.count().__next__)):
        partial = search(path, seconds=6)
    assert partial.forks > 50
    assert not partial.complete
    assert is_whole(search(path))


@small
def test_a_store_of_a_tree_cut_elsewhere_is_refused(path, monkeypatch):
    search(path)
    monkeypatch.setattr(trunk, "split_length", lambda _budget: 5)
    with pytest.raises(ValueError, match="give another file"):
        search(path)


@small
def test_a_shard_in_the_place_of_another_is_refused(path):
    search(path)
    database = sqlite3.connect(path)
    rows = database.execute("SELECT shard, part, checksum FROM shards").fetchall()
    database.close()
    masses, swapped = {}, None
    for number, part, checksum in rows:
        numbers = np.frombuffer(part, "<i8")
        cells = int(numbers[1])
        mass = int(numbers[3 + cells : 3 + 2 * cells].sum())
        other, sealed = masses.setdefault(mass, (part, checksum))
        if other != part:
            swapped = other, sealed, number
    change(path, "UPDATE shards SET part = ?, checksum = ? WHERE shard = ?", *swapped)
    with pytest.raises(ValueError, match=f"shard {swapped[-1]} does not add up"):
        search(path)
