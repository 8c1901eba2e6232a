"""A walk in shards is the whole walk, however it is cut, whoever walks, and says so if it is not all."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import warnings
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import machines
from induction.budget import Budget
from induction.enumeration import shards, trunk
from induction.enumeration.executors import LostWorkersError, Processes, opened
from induction.enumeration.shards import enumerate_in_turn, enumerate_sharded
from induction.enumeration.targets import every, several, single
from induction.enumeration.trunk import Search, divide, walk_shard
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS, enumerate_programs
from induction.machines.machine import LENGTH

names = st.sampled_from(["queue", "turing"])
budgets = st.builds(Budget, st.integers(1, 13), st.integers(1, 60), st.none() | st.integers(1, 90))
few = settings(max_examples=60)


def split_at(length):
    return mock.patch.object(trunk, "split_length", lambda _budget: length)


def assert_same(sharded, whole):
    assert np.array_equal(sharded.masses, whole.masses)
    assert np.array_equal(sharded.found, whole.found)
    assert sharded.forks == whole.forks
    assert sharded.complete


@pytest.mark.small
@few
@given(names, budgets, st.text("01", min_size=1, max_size=9), st.integers(0, 15), st.integers(0, 3))
def test_shards_at_any_length_add_up_to_the_walk(name, budget, x, length, keep):
    machine = machines.get(name)
    with split_at(length):
        sharded = enumerate_sharded(machine, budget, single(x), keep=keep)
    assert_same(sharded, enumerate_programs(machine, budget, single(x), keep=keep))


@few
@given(names, budgets, st.integers(1, 5), st.integers(0, 15), st.integers(1, 3))
def test_shards_add_up_to_the_walk_over_all_strings(name, budget, depth, length, keep):
    machine = machines.get(name)
    with split_at(length):
        sharded = enumerate_sharded(machine, budget, every(depth), keep=keep)
    assert_same(sharded, enumerate_programs(machine, budget, every(depth), keep=keep))


@few
@given(names, budgets, st.text("01", min_size=1, max_size=9), st.integers(0, 15))
def test_shards_add_up_to_the_walk_for_matches_only(name, budget, x, length):
    machine = machines.get(name)
    with split_at(length):
        sharded = enumerate_sharded(machine, budget, single(x), keep=2, matches_only=True)
    whole = enumerate_programs(machine, budget, single(x), keep=2, matches_only=True)
    assert_same(sharded, whole)


@few
@given(names, budgets, st.text("01", min_size=1, max_size=9), st.integers(1, 9), st.integers(1, 4), st.integers(2, 30))
def test_heavy_shards_split_again_add_up_to_the_walk(name, budget, x, length, further, even):
    machine = machines.get(name)
    settings = {"PROBED": 1, "AHEAD": 3, "FURTHER": further, "EVEN": even}
    with split_at(length), mock.patch.multiple(trunk, **settings):
        sharded = enumerate_sharded(machine, budget, single(x), keep=2)
    assert_same(sharded, enumerate_programs(machine, budget, single(x), keep=2))


@pytest.mark.parametrize("name", ["brainphoque", "lambda"])
@pytest.mark.parametrize("length", [3, 8])
def test_shards_of_other_machines_add_up_to_the_walk(name, length):
    machine = machines.get(name)
    for targets in (single("0110"), several(["000", "101", "011"])):
        with split_at(length):
            sharded = enumerate_sharded(machine, Budget(15, 40), targets, keep=3)
        assert_same(sharded, enumerate_programs(machine, Budget(15, 40), targets, keep=3))


def test_long_searches_are_cut_by_themselves_and_add_up(machine):
    budget = Budget(trunk.WHOLE, 12, 40)
    search = Search(machines.get(machine), budget, single("010011"))
    assert len(divide(search)[1]) > 200
    sharded = enumerate_sharded(machines.get(machine), budget, single("010011"), keep=3, matches_only=True)
    whole = enumerate_programs(machines.get(machine), budget, single("010011"), keep=3, matches_only=True)
    assert_same(sharded, whole)


@pytest.mark.small
def test_short_searches_are_one_shard(machine):
    search = Search(machines.get(machine), Budget(trunk.WHOLE - 1, 5), single("01"))
    total, pieces, weights = divide(search)
    assert [len(shard.path) for shard in pieces] == [0]
    assert (total.masses.sum(), total.forks, weights.tolist()) == (0, 1, [1.0])


@pytest.mark.small
def test_shards_that_begin_later_are_less_of_the_work(machine):
    with split_at(5):
        _, pieces, weights = divide(Search(machines.get(machine), Budget(16, 16), single("0101")))
    lengths = np.array([shard.frame[LENGTH] for shard in pieces])
    assert len(set(lengths)) > 1
    assert (np.diff(lengths[np.argsort(-weights, kind="stable")]) >= 0).all()


def test_heavy_shards_are_found_and_cut():
    def largest(search):
        forks = [walk_shard(replace(search, budget=Budget(24, 64)), shard).forks for shard in divide(search)[1]]
        return max(forks) / sum(forks)

    search = Search(machines.get("queue"), Budget(24, 64), single("01101001"))
    with split_at(6):
        before = largest(search)
        with mock.patch.multiple(trunk, PROBED=1, EVEN=100):
            assert largest(search) < before / 3


# executors ----------------------------------------------------------------------------------------

CASES = list(itertools.product(["queue", "turing"], [single("010110"), every(4)], [False, True]))


@pytest.fixture(scope="module")
def processes():
    with Processes(2) as pool:
        yield pool


@pytest.fixture(params=["one thread", "two threads", "five threads", "another's threads", "processes"])
def workers(request):
    """Who walks, as arguments."""
    if request.param == "another's threads":
        with ThreadPoolExecutor(2) as pool:
            yield {"executor": pool}
    elif request.param == "processes":
        yield {"executor": request.getfixturevalue("processes")}
    else:
        yield {"workers": {"one": 1, "two": 2, "five": 5}[request.param.split()[0]], "executor": "threads"}


def test_results_do_not_depend_on_who_walks(workers):
    for name, targets, matches_only in CASES:
        machine, budget = machines.get(name), Budget(17, 30)
        with split_at(5):
            sharded = enumerate_sharded(machine, budget, targets, keep=3, matches_only=matches_only, **workers)
        assert_same(sharded, enumerate_programs(machine, budget, targets, keep=3, matches_only=matches_only))


def test_a_local_dask_cluster_gives_the_same():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        distributed = pytest.importorskip("distributed")
        settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
        with distributed.LocalCluster(**settings) as cluster, distributed.Client(cluster) as client, split_at(5):
            sharded = enumerate_sharded(
                machines.get("queue"), Budget(17, 30), single("010110"), keep=3, executor=client.get_executor()
            )
    assert_same(sharded, enumerate_programs(machines.get("queue"), Budget(17, 30), single("010110"), keep=3))


def test_a_machine_that_other_processes_cannot_look_up_is_refused(processes):
    mine = replace(machines.get("queue"), name="mine")
    with pytest.raises(ValueError, match="'mine'.*use threads"):
        enumerate_sharded(mine, Budget(8, 8), single("01"), executor=processes)
    disguised = replace(machines.get("queue"), title="mine")
    with pytest.raises(ValueError, match="use threads"):
        enumerate_sharded(disguised, Budget(8, 8), single("01"), executor=processes)
    assert_same(
        enumerate_sharded(mine, Budget(8, 8), single("01"), workers=2),
        enumerate_programs(machines.get("queue"), Budget(8, 8), single("01")),
    )


@pytest.mark.small
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workers": 0}, "workers is 0"),
        ({"workers": 257}, "workers is 257"),
        ({"workers": True}, "workers is True"),
        ({"workers": 1.5}, "workers is 1.5"),
        ({"executor": "cluster"}, "executor is 'cluster'.*'threads', 'processes'"),
        ({"executor": 3}, "executor is 3"),
        ({"seconds": 0}, "seconds is 0"),
        ({"seconds": "soon"}, "seconds is 'soon'"),
        ({"seconds": float("nan")}, "seconds is nan"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        enumerate_sharded(machines.get("queue"), Budget(8, 8), single("01"), **arguments)


def test_a_worker_that_dies_is_one_clear_error():
    class Dying(Executor):
        def submit(self, function, *arguments):
            from concurrent.futures.process import BrokenProcessPool

            future = Future()
            future.set_exception(BrokenProcessPool("gone"))
            return future

    with split_at(3), pytest.raises(OSError, match="the workers were lost, out of memory perhaps"):
        enumerate_sharded(machines.get("queue"), Budget(9, 8), single("01"), executor=Dying())


class Leaving(Executor):
    """Walks the first task that it is given, then is gone: all later ones come back cancelled."""

    def __init__(self):
        self.walked = False

    def submit(self, function, *arguments):
        future = Future()
        if self.walked:
            future.cancel()
            future.set_running_or_notify_cancel()
        else:
            future.set_result(function(*arguments))
            self.walked = True
        return future


def test_cancelled_work_that_nobody_here_cancelled_is_lost_workers_and_no_result(tmp_path):
    case = machines.get("queue"), Budget(14, 16), single("0101")
    with split_at(6):
        with pytest.raises(LostWorkersError, match="the workers were lost; a store would have kept"):
            enumerate_sharded(*case, executor=Leaving())
        with pytest.raises(LostWorkersError, match="the workers were lost; .*x.db holds what is done"):
            enumerate_sharded(*case, executor=Leaving(), store=tmp_path / "x.db")
        told = []
        again = enumerate_sharded(*case, store=tmp_path / "x.db", progress=told.append)
    assert told[0] > 0
    assert_same(again, enumerate_programs(*case))


def test_what_a_cluster_raises_is_lost_workers_and_what_the_walk_raises_is_not():
    class Raising(Executor):
        def submit(self, function, *arguments):
            future = Future()
            future.set_exception(self.error)
            return future

    killed = type("KilledWorker", (Exception,), {"__module__": "distributed.scheduler"})
    for error, expected in ((killed("gone"), LostWorkersError), (ValueError("mine"), ValueError)):
        cluster = Raising()
        cluster.error = error
        with split_at(3), pytest.raises(expected, match="gone|mine"):
            enumerate_sharded(machines.get("queue"), Budget(9, 8), single("01"), executor=cluster)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be held back here")
def test_ctrl_c_does_not_end_a_process_that_has_just_been_started():
    """A terminal sends it to all processes; one that has not settled in yet would die, and the search with it."""
    with Processes(1) as pool:
        answer = pool.submit(abs, -3)
        (child,) = pool._processes
        os.kill(child, signal.SIGINT)
        assert answer.result() == 3
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_executors_of_others_are_left_open():
    with ThreadPoolExecutor(1) as pool:
        with opened(executor=pool) as same:
            assert same is pool
        assert pool.submit(int, "3").result() == 3


# progress and ceilings ----------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("length", [0, 4])
def test_progress_rises_from_nothing_to_all(machine, monkeypatch, threads, length):
    monkeypatch.setattr(trunk, "QUOTA", 50)
    told = []
    with split_at(length):
        enumerate_sharded(machines.get(machine), Budget(14, 16), single("0101"), workers=threads, progress=told.append)
    assert told[0] == 0
    assert told[-1] == pytest.approx(1)
    assert told == sorted(told)
    assert len(told) > (10 if threads == 1 else 3)


@pytest.mark.small
def test_progress_is_told_by_the_caller_and_nobody_else(monkeypatch):
    """What is told may draw, or end the search by an exception."""
    monkeypatch.setattr(trunk, "QUOTA", 50)
    told = []
    with split_at(4):
        enumerate_sharded(
            machines.get("queue"), Budget(11, 16), single("0101"), workers=2,
            progress=lambda _share: told.append(threading.current_thread()),
        )  # fmt: skip
    assert set(told) == {threading.current_thread()}


@pytest.mark.small
@pytest.mark.parametrize("length", [0, 4, 7])
@pytest.mark.parametrize("depth", [1, 3, 6])
def test_shards_in_turn_fill_one_ledger_to_the_last_bit(machine, monkeypatch, length, depth):
    monkeypatch.setattr(trunk, "QUOTA", 50)
    case = machines.get(machine), Budget(11, 12), every(depth)
    told = []
    with split_at(length):
        ledger = enumerate_in_turn(*case, progress=told.append)
    whole = enumerate_programs(*case)
    assert np.array_equal(ledger.masses, whole.masses)
    assert ledger.forks == whole.forks
    assert told == sorted(told)
    assert told[-1] == 1 and len(told) > 1


def test_progress_of_a_prior_is_the_share_of_the_work(monkeypatch):
    """The share of forks, to 0.15; half of the mass is decided after a quarter of the forks."""
    counted, told = [0], []
    go_on = trunk._Walk.go_on

    def counting(self, quota):
        before = self.forks
        go_on(self, quota)
        counted[0] += self.forks - before

    monkeypatch.setattr(trunk._Walk, "go_on", counting)
    case = machines.get("queue"), Budget(28, 64), every(8)
    ledger = enumerate_in_turn(*case, progress=lambda share: told.append((share, counted[0])))
    assert len(told) > 1000
    assert all(abs(share - forks / ledger.forks) < 0.15 for share, forks in told)
    assert abs(counted[0] - ledger.forks) < 0.01 * ledger.forks


@pytest.mark.parametrize("threads", [1, 2])
def test_an_exception_from_progress_ends_the_search(machine, threads):
    def enough(share):
        if share > 0.1:
            raise KeyboardInterrupt

    with split_at(5), pytest.raises(KeyboardInterrupt):
        enumerate_sharded(machines.get(machine), Budget(16, 16), single("0101"), workers=threads, progress=enough)


def assert_sound(partial, whole):
    """What a search without its end may say."""
    assert not partial.complete
    assert int(partial.totals.sum()) == whole.budget.whole
    for fate in (MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS):
        assert 0 <= partial.totals[fate] <= whole.totals[fate]
    assert partial.totals[CUT] > whole.totals[CUT]
    assert partial.forks <= whole.forks


@pytest.mark.small
@pytest.mark.parametrize("length", [0, 5])
@pytest.mark.parametrize("looks", [4, 6, 11])
def test_a_search_out_of_time_counts_the_rest_as_cut(machine, monkeypatch, length, looks):
    monkeypatch.setattr(trunk, "QUOTA", 50)
    clock = mock.Mock(monotonic=itertools.count().__next__)
    monkeypatch.setattr(shards, "time", clock)
    whole = enumerate_programs(machines.get(machine), Budget(14, 16), single("0101"))
    with split_at(length):
        partial = enumerate_sharded(machines.get(machine), Budget(14, 16), single("0101"), seconds=looks)
    assert_sound(partial, whole)
    assert partial.forks > 50


def test_workers_out_of_time_count_the_rest_as_cut(workers):
    for name in ("queue", "turing"):
        whole = enumerate_programs(machines.get(name), Budget(16, 30), single("010110"))
        with split_at(5):
            partial = enumerate_sharded(machines.get(name), Budget(16, 30), single("010110"), seconds=1e-9, **workers)
        assert_sound(partial, whole)
        with split_at(5):  # and the same workers do the next search
            again = enumerate_sharded(machines.get(name), Budget(16, 30), single("010110"), seconds=1e9, **workers)
        assert_same(again, whole)


def test_workers_are_stopped_in_the_middle(workers):
    """A search of hours, given a moment, comes back: shards that were begun hand over what they have."""
    case = machines.get("queue"), Budget(50, 256), single("0110100110010110" * 3)
    partial = enumerate_sharded(*case, seconds=1, **workers)
    assert int(partial.totals.sum()) == 1 << 50
    assert not partial.complete


def test_nothing_is_begun_when_the_time_is_up():
    class Prompt(ThreadPoolExecutor):
        """Workers that are done before the next task is handed to them."""

        def submit(self, function, *arguments):
            future = Future()
            future.set_result(function(*arguments))
            return future

    case = machines.get("queue"), Budget(14, 16), single("01")
    with split_at(5):
        partial = enumerate_sharded(*case, executor=Prompt(), seconds=1e-9)
        whole = enumerate_sharded(*case, executor=Prompt(), seconds=1e9)
    assert_sound(partial, enumerate_programs(*case))
    assert_same(whole, enumerate_programs(*case))


def test_an_executor_that_cannot_be_stopped_is_not_waited_for(monkeypatch):
    begun = []

    class Idle(Executor):
        def submit(self, function, *arguments):
            future = Future()
            future.set_running_or_notify_cancel()
            begun.append(future)
            return future

    # The time is up as soon as something was begun.
    monkeypatch.setattr(shards, "time", mock.Mock(monotonic=lambda: float(len(begun))))
    with split_at(5):
        partial = enumerate_sharded(machines.get("queue"), Budget(14, 16), single("01"), executor=Idle(), seconds=0.01)
    assert len(begun) == 1
    assert_sound(partial, enumerate_programs(machines.get("queue"), Budget(14, 16), single("01")))


# the longest programs -----------------------------------------------------------------------------


@pytest.mark.small
@pytest.mark.parametrize("length", [0, 1, 2, 12])
def test_the_longest_programs_are_counted_exactly(length):
    """One step in all, x = 0: emit 0 or copy 0 matches, emit 1 or copy 1 does not, all else is out of time."""
    with split_at(length):
        ledger = enumerate_sharded(machines.get("queue"), Budget(62, 1, 1), single("0"), keep=2)
    assert ledger.totals.tolist() == [2**60 + 2**57, 2**60 + 2**57, 0, 2**60 + 2**59 + 2**58, 0]
    assert ledger.programs(1) == ["01", "11110"]


def test_the_longest_programs_in_shards_add_up(machine):
    for budget in (Budget(62, 9, 2), Budget(62, 2, 3)):
        whole = enumerate_programs(machines.get(machine), budget, every(2), keep=2)
        for length in (3, 9):
            with split_at(length):
                assert_same(enumerate_sharded(machines.get(machine), budget, every(2), keep=2), whole)
