"""Processes that walk hear nothing of Ctrl-C, which is their parent's."""

from __future__ import annotations

import os
import signal

import pytest

from induction.enumeration.executors import Processes, _undisturbed


def blocked() -> set[int]:
    return set(signal.pthread_sigmask(signal.SIG_BLOCK, ()))


def test_processes_never_hear_of_it():
    """A mask is inherited, so it held before anything of theirs was imported."""
    with Processes(1) as pool:
        assert signal.SIGINT in pool.submit(blocked).result(timeout=60)
    assert signal.SIGINT not in blocked()


def test_a_process_is_started_in_full_or_not_at_all():
    done = []
    with pytest.raises(KeyboardInterrupt), _undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
        done.append(True)
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
