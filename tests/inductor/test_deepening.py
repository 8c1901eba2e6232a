"""Longer and longer programs: each depth is the explanation of its length, complete, and in time."""

from __future__ import annotations

import itertools
import json
import types

import pytest

from induction import explain
from induction.cli import main
from induction.dyadic import size_text
from induction.enumeration import shards, trunk
from induction.inductor import deepening
from induction.inductor.deepening import FIRST, deepen

X = "010010"


def lengths(explanations):
    return [e.budget.max_length for e in explanations]


@pytest.mark.parametrize("workers", [1, 2])
def test_each_depth_is_the_explanation_of_its_length(machine, workers):
    settings = {"machine": machine, "max_steps": 20, "programs": 3}
    found = list(deepen(X, seconds=1e9, max_length=FIRST + 3, workers=workers, **settings))
    assert lengths(found) == [FIRST, FIRST + 1, FIRST + 2, FIRST + 3]
    for e in found:
        assert e == explain(X, max_length=e.budget.max_length, **settings)
    for earlier, later in itertools.pairwise(found):
        assert earlier.interval[0] <= later.interval[0] <= later.interval[1] <= earlier.interval[1]


@pytest.mark.small
def test_a_last_length_below_the_first_is_the_only_one(machine):
    assert lengths(deepen(X, seconds=1e9, machine=machine, max_length=5, max_steps=9)) == [5]


def test_matches_only_deepens_too():
    found = list(deepen(X, seconds=1e9, max_length=18, max_steps=20, matches_only=True))
    assert [e.mass["match"] for e in found] == [
        explain(X, max_length=length, max_steps=20).mass["match"] for length in (16, 17, 18)
    ]
    assert all(e.matches_only for e in found)


@pytest.fixture
def clock(monkeypatch):
    """A clock on which a walk takes a second a thousand forks, and explanations that keep to it."""
    clock = types.SimpleNamespace(now=0.0, limits=[], late=False)
    monkeypatch.setattr(deepening, "time", types.SimpleNamespace(monotonic=lambda: clock.now))

    def explanation(data, *, max_length, seconds=None, **_settings):
        forks = round(1.8**max_length)
        if max_length >= FIRST:
            clock.now += forks / 1000
            clock.limits.append(seconds)
        return types.SimpleNamespace(
            budget=types.SimpleNamespace(max_length=max_length), forks=forks, complete=not (clock.late and seconds)
        )

    monkeypatch.setattr(deepening, "explain", explanation)
    return clock


def test_no_depth_is_begun_that_would_end_too_late(clock):
    for seconds in (30, *range(60, 200, 9), 1000):
        clock.now = 0.0
        deepest = lengths(deepen(X, seconds=seconds))[-1]
        fits = [n for n in range(FIRST, 63) if sum(1.8**m for m in range(FIRST, n + 1)) / 1000 <= seconds]
        assert deepest == fits[-1]
        assert clock.now <= seconds


def test_with_a_store_a_depth_is_begun_that_will_not_end_in_time(clock, tmp_path):
    plain = lengths(deepen(X, seconds=60))
    clock.now = 0.0
    assert lengths(deepen(X, seconds=60, store=tmp_path / "deep")) == [*plain, plain[-1] + 1]


def test_the_first_depth_has_no_limit_and_the_others_what_is_left(clock):
    assert len(list(deepen(X, seconds=0.001))) == 1
    clock.now = 0.0
    clock.limits.clear()
    deep = list(deepen(X, seconds=100))
    used = [sum(e.forks for e in deep[:n]) / 1000 for n in range(1, len(deep))]
    assert clock.limits == [None, *(pytest.approx(100 - time) for time in used)]


def test_a_depth_that_does_not_end_in_time_is_dropped(clock):
    clock.late = True
    assert lengths(deepen(X, seconds=1000)) == [FIRST]


@pytest.mark.small
@pytest.mark.parametrize("seconds", [0, -1, float("nan"), "9", None, True])
def test_times_out_of_range_are_refused(seconds):
    with pytest.raises(ValueError, match=r"seconds is .*numbers above 0"):
        next(deepen(X, seconds=seconds))


# stores -------------------------------------------------------------------------------------------


@pytest.mark.small
def test_a_deepening_keeps_a_file_for_each_length_and_reads_them_again(tmp_path, monkeypatch):
    settings = {"seconds": 1e9, "max_steps": 9, "store": tmp_path / "deep"}
    first = list(deepen(X, max_length=17, **settings))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep.16", "deep.17"]
    walked = []
    walk = shards.walk_shard
    monkeypatch.setattr(shards, "walk_shard", lambda search, *more: walked.append(search.budget) or walk(search, *more))
    again = list(deepen(X, max_length=18, **settings))
    assert again[:2] == first
    assert [budget.max_length for budget in walked] == [1, 18]  # 1 loads the kernels
    assert again == list(deepen(X, max_length=18, seconds=1e9, max_steps=9))


def test_calls_too_short_for_the_next_length_reach_it_together(tmp_path, monkeypatch):
    """Each call has time for a few shards of one length."""
    monkeypatch.setattr(trunk, "split_length", lambda budget: 4 if budget.max_length > FIRST else 0)
    monkeypatch.setattr(shards, "KEPT", 0)
    ticks = itertools.count(0, 0.1)
    for module in (deepening, shards):
        monkeypatch.setattr(module, "time", types.SimpleNamespace(monotonic=ticks.__next__))
    settings = {"seconds": 3, "max_length": FIRST + 1, "max_steps": 9, "store": tmp_path / "deep"}
    calls = [lengths(deepen(X, **settings)) for _ in range(30)]
    assert calls[0] == [FIRST]
    assert calls[-1] == [FIRST, FIRST + 1]


def test_an_interrupted_deepening_says_what_holds_what_is_done(tmp_path, capsys, monkeypatch):
    def explanation(*_arguments, **_settings):
        (tmp_path / "deep.16").touch()
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(deepening, "explain", explanation)
    status, out, error = run(capsys, X, "--deepen", "5", "--store", "deep")
    assert (status, out) == (130, "")
    assert error == "interrupted; deep.* holds what is done: run the same command again to go on\n"


# the command --------------------------------------------------------------------------------------


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as end:
        main(["explain", *arguments])
    return end.value.code, *capsys.readouterr()


def test_the_command_prints_each_depth_then_the_last_in_full(capsys):
    status, out, _ = run(capsys, X, "--deepen", "1e9", "--max-length", "18", "--max-steps", "20")
    lines = out.splitlines()
    assert status == 0
    for length, line in zip((16, 17, 18), lines, strict=False):
        low, high = map(size_text, explain(X, max_length=length, max_steps=20).interval)
        assert line == f"L = {length}: {low} <= M(x) <= {high}, shortest: 9 bits, 0,0: 010 > 0"
    assert "fate" in lines[4]


def test_the_command_prints_one_json_with_all_depths(capsys):
    status, out, _ = run(capsys, X, "--deepen", "1e9", "--max-length", "18", "--max-steps", "20", "--json")
    shown = json.loads(out)
    assert status == 0
    depths = shown.pop("depths")
    assert [depth["max_length"] for depth in depths] == [16, 17, 18]
    assert shown == depths[-1] == explain(X, max_length=18, max_steps=20).to_json()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--deepen", "0"), "--deepen is 0;"),
        (("--processes", "--dask", "tcp://localhost:1"), "leave one of them out"),
        (("--dask", "nonsense"), "a host and a port"),
        (("--workers", "0"), "workers is 0"),
    ],
)
def test_options_that_cannot_be_are_one_line(capsys, arguments, words):
    status, out, error = run(capsys, X, *arguments)
    assert (status, out) == (2, "")
    assert words in error
    assert len(error.splitlines()) == 1
