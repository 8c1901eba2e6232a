"""Who walks: as many as asked for, stopped with whoever waits for them, and deaf to Ctrl-C, which is the parent's."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from induction.enumeration.executors import Processes, _undisturbed, gather, opened


def blocked() -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def test_processes_never_hear_of_it():
    """A mask is inherited, so it held before anything of theirs was imported."""
    with Processes(1) as pool:
        assert signal.SIGINT in pool.submit(blocked).result(timeout=60)
    assert signal.SIGINT not in blocked()


def test_processes_started_from_another_thread_ignore_it():
    """There it cannot be held back, so they see to it themselves."""
    with Processes(1) as pool:
        answers = []
        thread = threading.Thread(target=lambda: answers.append(pool.submit(signal.getsignal, signal.SIGINT)))
        thread.start()
        thread.join()
        assert answers[0].result(timeout=60) == signal.SIG_IGN


@pytest.fixture
def listening():
    """Python's own handler: a shell has what it starts in the background ignore the signal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
def test_a_process_is_started_in_full_or_not_at_all():
    done = []
    with pytest.raises(KeyboardInterrupt), _undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        done.append(True)
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# gathering ----------------------------------------------------------------------------------------


class Idle(ThreadPoolExecutor):
    """Never begins anything."""

    def __init__(self):
        super().__init__(1)
        self.given = []

    def submit(self, function, *arguments):
        self.given.append(Future())
        return self.given[-1]


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_as_many_walk_as_are_asked_for(executor):
    with opened(3, executor) as pool:
        assert pool._max_workers == 3


def test_whoever_leaves_early_stops_and_cancels_all():
    stop, idle = threading.Event(), Idle()
    answers = gather(idle, list, [(), (), ()], stop, lambda: False)
    assert next(answers) == []
    answers.close()
    assert stop.is_set()
    assert [future.cancelled() for future in idle.given] == [True] * 3


def test_what_was_not_begun_is_not_waited_for_when_the_time_is_up():
    stop, idle = threading.Event(), Idle()
    answers = gather(idle, list, [(), (), ()], stop, lambda: len(idle.given) == 3)
    assert list(itertools.islice(answers, 9)) == []
    assert [future.cancelled() for future in idle.given] == [True] * 3
