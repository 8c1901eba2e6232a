"""Tables that are stopped, resumed, damaged or fought over."""

import sqlite3

import pytest

from induction.tables import busy_beaver
from induction.tables.busy_beaver import distribution
from induction.tables.store import ShardStore

small = pytest.mark.small


class StopError(Exception):
    pass


@pytest.fixture
def many_shards(monkeypatch):
    monkeypatch.setitem(busy_beaver._SPLITS, 2, (9, 3))


@small
@pytest.mark.parametrize("workers", [1, 3])
def test_a_stopped_run_resumes_and_ends_the_same(tmp_path, many_shards, workers):
    path = tmp_path / "table.db"
    seen = []

    def stop_at_four(done, total):
        seen.append((done, total))
        if done == 4:
            raise StopError

    with pytest.raises(StopError):
        distribution(2, store=path, workers=workers, progress=stop_at_four)
    assert seen == [(i, 9) for i in range(5)]
    seen.clear()
    assert distribution(2, store=path, workers=workers, progress=lambda *at: seen.append(at)) == distribution(2)
    assert seen == [(i, 9) for i in range(4, 10)]


@small
def test_a_finished_store_is_read_without_walking(tmp_path, many_shards, monkeypatch):
    path = tmp_path / "table.db"
    expected = distribution(2, store=path)
    monkeypatch.setattr(busy_beaver, "_shard", None)
    assert distribution(2, store=path) == expected


@small
@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"n": 3}, "with N = 2 and --cut 6; this one has N = 3 and --cut 21"),
        ({"n": 2, "cut": 5}, "with --cut 6; this one has --cut 5"),
    ],
)
def test_a_store_of_another_table_is_refused(tmp_path, other, said):
    distribution(2, store=tmp_path / "table.db")
    with pytest.raises(ValueError, match=f"is of a table {said}: give another file"):
        distribution(**other, store=tmp_path / "table.db")


@small
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE counts SET count = count + 1 WHERE string = '00'",
        "UPDATE counts SET count = 'x' WHERE string = '00'",
        "UPDATE counts SET count = -count",
        "UPDATE counts SET string = '0x' WHERE string = '00'",
        "INSERT INTO counts VALUES (x'ff', 1)",
        "DELETE FROM counts WHERE string = '00'",
        "DELETE FROM shards WHERE total > 0",
        "UPDATE shards SET shard = 77 WHERE shard = 2",
        "UPDATE shards SET steps = 'x'",
        "DROP TABLE counts",
    ],
)
def test_a_changed_store_is_refused(tmp_path, many_shards, statement):
    path = tmp_path / "table.db"
    distribution(2, store=path)
    database = sqlite3.connect(path)
    with database:
        database.execute(statement)
    database.close()
    with pytest.raises(ValueError, match="not a store of a table, or is damaged"):
        distribution(2, store=path)


@small
def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path, many_shards):
    path = tmp_path / "table.db"
    distribution(2, store=path)
    for content in (b"string,count,K\n" * 99, path.read_bytes()[:5000], b"\x00" * 4096):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="is not a store of a table, or is damaged"):
            distribution(2, store=path)
        assert path.read_bytes() == content


@small
def test_two_runs_cannot_share_a_store(tmp_path, many_shards):
    path = tmp_path / "table.db"

    def second(done, total):
        with pytest.raises(ValueError, match="in use by another run"):
            distribution(2, store=path)

    assert distribution(2, store=path, progress=second) == distribution(2)


@small
def test_a_store_that_cannot_be_made_is_refused(tmp_path):
    with pytest.raises(OSError, match="there is no folder"):
        distribution(2, store=tmp_path / "missing" / "table.db")


@small
def test_a_full_disk_loses_no_stored_shard(tmp_path):
    parameters = {"shards": 3}
    store = ShardStore(tmp_path / "table.db", parameters)
    store.add(0, {"0": 1, "11": 2}, 5, 2)
    store._database.execute("PRAGMA max_page_count = 1")
    with pytest.raises(OSError, match="shards stored before are safe"):
        store.add(1, {format(i, "020b"): 1 for i in range(5000)}, 9, 9)
    store.close()
    again = ShardStore(tmp_path / "table.db", parameters)
    assert (again.done(), again.counts(), again.records()) == ([0], {"0": 1, "11": 2}, (5, 2))
    again.add(2, {"0": 3}, 6, 1)
    assert (again.done(), again.counts(), again.records()) == ([0, 2], {"0": 4, "11": 2}, (6, 2))
    again.close()
