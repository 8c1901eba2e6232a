"""What all tests share: a pass with the JIT and, for those marked small, one without it, every index checked."""

from __future__ import annotations

import signal
import sys
import threading

import numba
import pytest
from hypothesis import settings

from induction.commands import progress

# Loaded, so that their pointers can be replaced.
from induction.enumeration import entries, frontier_kernels, hypotheses_kernels, inputs_kernels, runner, walk  # noqa: F401
from induction.enumeration.checked import CheckedPointer
from induction.inductor import conditional_kernel, sampling_kernel, speed_walk, timeouts_walk  # noqa: F401
from induction.machines import kernel

# A shell has what it starts in the background ignore Ctrl-C, and so would every command that a test runs.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("no deadline", deadline=None)  # the first example may compile
settings.load_profile("no deadline")


def check_every_index() -> None:
    """Hand kernels pointers that refuse negative and foreign indices and values that overflow."""
    plain = kernel.pointer
    for module in list(sys.modules.values()):
        if getattr(module, "pointer", None) is plain:
            module.pointer = CheckedPointer


if numba.config.DISABLE_JIT:
    check_every_index()


@pytest.fixture(params=["queue", "turing"])
def machine(request: pytest.FixtureRequest) -> str:
    """A reference machine's name."""
    return request.param


@pytest.fixture(scope="session", autouse=True)
def _no_word_of_compiling():
    """Standard error is compared in many tests, and who compiles first is a matter of chance."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "_SLOW", 1e6)
        yield
