"""``induction table busy-beaver``: the CSV and JSON of D(n), with progress elsewhere, and one line on bad input."""

from __future__ import annotations

import csv
import json
import math
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from induction.cli import main
from induction.tables.busy_beaver import distribution


def call(*arguments: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main(["table", *arguments])
    return int(stop.value.code or 0), out.getvalue(), err.getvalue()


def test_the_csv_holds_the_published_counts_of_two_states_in_order():
    status, out, err = call("busy-beaver", "2")
    assert (status, "\n" in err) == (0, False)
    rows = list(csv.DictReader(StringIO(out)))
    assert out.startswith("string,count,K\n")
    assert out == distribution(2).to_csv()
    assert len(rows) == 22
    counts = {row["string"]: int(row["count"]) for row in rows}
    assert [counts[x] for x in ("0", "00", "001", "000", "0000")] == [2000, 508, 6, 4, 2]
    assert sum(counts.values()) == 6088
    order = [(-int(row["count"]), len(row["string"]), row["string"]) for row in rows]
    assert order == sorted(order)
    assert all(abs(float(row["K"]) - math.log2(6088 / int(row["count"]))) < 1e-9 for row in rows)


def test_json_holds_the_same_counts_on_one_line():
    status, out, _ = call("busy-beaver", "2", "--json")
    assert (status, out.count("\n")) == (0, 1)
    shown = json.loads(out)
    assert shown == json.loads(json.dumps(distribution(2).to_json()))
    assert list(shown["counts"]) == list(distribution(2).counts)


@pytest.mark.parametrize("options", [("--workers", "2"), ("--cut", "21"), ("--workers", "3", "--cut", "100")])
def test_neither_workers_nor_a_cut_that_loses_nothing_changes_the_table(options):
    assert call("busy-beaver", "3", *options)[1] == call("busy-beaver", "3")[1]


def test_a_cut_leaves_out_longer_runs():
    assert call("busy-beaver", "2", "--cut", "3")[1] == distribution(2, 3).to_csv() != distribution(2).to_csv()


def test_a_store_gives_the_same_table_again_and_is_refused_for_another(tmp_path):
    store = str(tmp_path / "table.db")
    first = call("busy-beaver", "3", "--store", store)
    assert call("busy-beaver", "3", "--store", store)[:2] == first[:2]
    status, out, err = call("busy-beaver", "2", "--store", store)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "give another file" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "busy-beaver"),
        (("busy-beaver",), "N"),
        (("busy-beaver", "0"), "n is 0"),
        (("busy-beaver", "6"), "1 to 5"),
        (("busy-beaver", "two"), "'two'"),
        (("beaver", "2"), "'beaver'"),
        (("busy-beaver", "2", "--cut", "0"), "cut is 0"),
        (("busy-beaver", "2", "--workers", "0"), "workers is 0"),
        (("busy-beaver", "2", "--store", "no/such/folder/x.db"), "there is no folder"),
    ],
)
def test_bad_input_ends_with_one_line_and_status_2(arguments, said):
    status, out, err = call(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_an_interrupted_table_says_what_holds_what_is_done(monkeypatch, tmp_path):
    store = tmp_path / "table.db"

    def distribution(*_arguments, **_settings):
        store.touch()
        raise KeyboardInterrupt

    monkeypatch.setattr("induction.tables.busy_beaver.distribution", distribution)
    status, out, err = call("busy-beaver", "2", "--store", str(store))
    assert (status, out) == (130, "")
    assert err == f"interrupted; {store} holds what is done: run the same command again to go on\n"
