"""Progress on standard error, and word of what takes long there; nothing where it is closed."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from induction.commands.streams import Forgiving, remark

COMPILING = "compiling, which the first run on a machine does once"
_SLOW = 2.0  # seconds


class Progress:
    """A bar on standard error for work that goes on for over a second; time spent compiling is not counted."""

    def __init__(self, label: str, total: float, unit: str) -> None:
        from tqdm import tqdm

        layout = "{l_bar}{bar}| {elapsed}<{remaining}"
        often = 0.2 if sys.stderr.isatty() else 10.0
        self._around = ExitStack()
        self._bar = tqdm(
            mininterval=often,
            desc=label,
            total=total,
            unit=unit,
            delay=1,
            leave=False,
            bar_format=layout,
            file=Forgiving(sys.stderr),
        )

    def __enter__(self) -> Progress:
        self._around.enter_context(told_of_compiling(self._later))
        return self

    def __exit__(self, *_: object) -> None:
        self._around.close()
        self._bar.close()

    def to(self, done: float, _total: float | None = None) -> None:
        """Move the bar to `done`."""
        self._bar.update(done - self._bar.n)

    def _later(self, seconds: float) -> None:
        self._bar.start_t += seconds


@contextmanager
def told_if_slow(text: str, seconds: float = _SLOW) -> Iterator[None]:
    """Say on standard error what is going on, if it goes on for longer than this."""
    timer = threading.Timer(seconds, remark, (text,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def told_of_compiling(after: Callable[[float], None] = lambda seconds: None) -> Iterator[None]:
    """Say so on standard error if what is done inside compiles for long; `after` is told how long each time."""
    from numba.core import event

    class Listener(event.Listener):
        """Hears of every function that is compiled, functions within functions included."""

        def __init__(self) -> None:
            self.depth, self.began, self.said = 0, 0.0, False
            self.lock = threading.RLock()
            self.word = ExitStack()

        def on_start(self, _event: Any) -> None:
            with self.lock:
                self.depth += 1
                if self.depth == 1:
                    self.began = time.monotonic()
                    if not self.said:
                        self.word.enter_context(told_if_slow(COMPILING, _SLOW))

        def on_end(self, _event: Any) -> None:
            with self.lock:
                self.depth -= 1
                if self.depth == 0:
                    self.word.close()
                    took = time.monotonic() - self.began
                    self.said |= took > _SLOW
                    after(took)

    with event.install_listener("numba:compile", Listener()):
        yield
