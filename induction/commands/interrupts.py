"""Ctrl-C: it ends a command at once, compiled code or not, with one line.

Python hears of a signal when compiled code comes back, and one run of many steps can take minutes. So a
thread waits for the signal as well; kernels let go of the interpreter's lock. If the command has not heard of it
shortly after, the process ends there and then, as it does at a second Ctrl-C: stores are safe at any moment,
and processes that walk leave with their parent.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from typing import NoReturn

from induction.commands.streams import remark

STATUS = 130
_PATIENCE = 0.5  # seconds that compiled code has to come back


class _Word:
    """The word of an interruption, said once."""

    def __init__(self) -> None:
        self.text: Callable[[], str] = lambda: "interrupted"
        self._lock = threading.RLock()
        self._said = False

    def say(self, start: str = "") -> None:
        if self._lock.acquire(timeout=_PATIENCE):  # else another thread cannot get it out
            try:
                if not self._said:
                    self._said = True
                    remark(start + self.text())
            finally:
                self._lock.release()


_word = _Word()
_leaving = threading.RLock()


@contextmanager
def heeded() -> Iterator[None]:
    """Have Ctrl-C end what is done inside; only where Python's own handler is in place, on its main thread."""
    global _word
    _word = _Word()
    if (
        sys.platform == "win32"
        or threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    heard = threading.Event()
    listening, telling = os.pipe()
    os.set_blocking(telling, False)

    def interrupt(number: int, frame: object) -> None:
        if heard.is_set():
            _leave()
        heard.set()
        raise KeyboardInterrupt

    def listen() -> None:
        again = False
        while told := os.read(listening, 1):
            if told[0] == signal.SIGINT:
                if again or not heard.wait(_PATIENCE):
                    _leave()
                again = True
        os.close(listening)

    before = signal.set_wakeup_fd(telling, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, interrupt)
    threading.Thread(target=listen, daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(telling)
        if not heard.is_set():  # else until the process has ended: what is left to do may take its time
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def noted(text: Callable[[], str]) -> Iterator[None]:
    """Let an interruption of what is done inside be told in these words."""
    word, before = _word, _word.text
    word.text = text
    yield
    word.text = before  # not after an interruption


def say() -> int:
    """Say that the command was interrupted, unless that has been said; its exit status."""
    _word.say()
    return STATUS


def _leave() -> NoReturn:
    with _leaving:  # the other thread that would, waits here until the end
        try:
            _word.say("\n" if sys.stderr.isatty() else "")  # there may be a bar on the line
            shared = sys.modules.get("multiprocessing.util")
            if shared is not None:
                for child in active_children():  # one that is starting would miss what goes with its parent
                    child.kill()
                shared._run_finalizers(0)  # semaphores; what they leave behind would be complained of
        finally:
            os._exit(STATUS)
