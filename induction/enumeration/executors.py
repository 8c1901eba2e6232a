"""Where the shards of a search are walked: here, in threads, in processes, or by any executor.

Kernels let go of the interpreter's lock, so threads do on one machine. Processes are spawned, obey
a stop sign, leave Ctrl-C to their parent, and do not outlive it. Any other
:class:`concurrent.futures.Executor` does too, for example that of a Dask client.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

from induction.budget import whole_number

MOST_WORKERS = 256
PAUSE = 0.1  # seconds between two looks at the clock

Task = TypeVar("Task")
Result = TypeVar("Result")


class LostWorkersError(OSError):
    """Those who walked are gone, and not because they were told to go: what they had not handed over is not done."""


class Stop(Protocol):
    """A sign that work should end: a threading or multiprocessing Event."""

    def set(self) -> None: ...
    def clear(self) -> None: ...
    def is_set(self) -> bool: ...


_sign: Stop | None = None  # of a process that was started for walking


class Processes(ProcessPoolExecutor):
    """Spawned processes that see one stop sign.

    Parameters
    ----------
    workers : int
        How many.

    Attributes
    ----------
    stop : Event
        When set, walks end within some 20 ms and hand over what they have.
    """

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.stop = context.Event()
        super().__init__(workers, mp_context=context, initializer=_settle_in, initargs=(self.stop,))

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """As of any pool; a process that is started for it is deaf to Ctrl-C from its first moment."""
        with _ctrl_c_held_back():
            return super().submit(fn, *args, **kwargs)


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Have Ctrl-C wait, here and for good in processes that are started meanwhile, which inherit that."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _settle_in(sign: Stop) -> None:
    """Start of a worker process."""
    global _sign
    _sign = sign
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def told_to_stop() -> bool:
    """Whether this process was started by :class:`Processes` and its stop sign is set."""
    return _sign is not None and _sign.is_set()


def in_process(executor: Executor | None) -> bool:
    """Whether an executor's workers share this process's memory."""
    return executor is None or isinstance(executor, ThreadPoolExecutor)


@contextmanager
def opened(workers: int = 1, executor: str | Executor | None = None) -> Iterator[Executor | None]:
    """An executor from what was asked for; None if the caller is to do the work itself.

    Parameters
    ----------
    workers : int
        Threads or processes, 1 to 256; without meaning for an executor that is there already.
    executor : str or Executor, optional
        ``"threads"`` (the default), ``"processes"``, or any executor, which is left open.

    Raises
    ------
    ValueError
        If there is no such executor or `workers` is out of range.
    """
    workers = whole_number("workers", workers, MOST_WORKERS, "shards walked at once")
    if executor is not None and executor not in ("threads", "processes") and not isinstance(executor, Executor):
        raise ValueError(f"executor is {executor!r}; allowed are 'threads', 'processes' and objects that are executors")
    if isinstance(executor, Executor):
        yield executor
    elif executor == "processes":
        with Processes(workers) as pool:
            yield pool
    elif workers == 1:
        yield None
    else:
        with ThreadPoolExecutor(workers) as pool:
            yield pool


def gather(
    executor: Executor,
    function: Callable[[Task], list[Result]],
    tasks: Iterable[Task],
    stop: Stop,
    expired: Callable[[], bool],
) -> Iterator[list[Result]]:
    """The results of all tasks as they come; an empty list after every pause in which there was none.

    Parameters
    ----------
    executor : Executor
    function : callable
    tasks : iterable
    stop : Stop
        Set when the time is up, after an error, and when the caller leaves early (Ctrl-C included).
    expired : callable
        Whether the time is up. Nothing more is begun then, and what has begun is awaited if it heeds `stop`, else left.

    Raises
    ------
    LostWorkersError
        If workers died or were closed by others: a future is broken, or is cancelled though nobody here did it.
    """
    heeds = in_process(executor) or isinstance(executor, Processes)
    answers: SimpleQueue[Future[Any]] = SimpleQueue()
    waiting: set[Future[Any]] = set()
    try:
        for task in tasks:
            if expired():
                break
            future = executor.submit(function, task)
            waiting.add(future)
            future.add_done_callback(answers.put)
        while waiting:
            if expired() and not stop.is_set():
                stop.set()
                if not heeds:
                    return
                for future in tuple(waiting):
                    future.cancel()
            try:
                future = answers.get(timeout=PAUSE)
            except Empty:
                yield []
                continue
            waiting.remove(future)
            if not future.cancelled():
                yield future.result()
            elif not stop.is_set():
                raise LostWorkersError("the workers were lost")
    except BrokenExecutor as error:
        raise LostWorkersError(f"the workers were lost, out of memory perhaps; try fewer ({error})") from None
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "distributed":
            raise  # what the walk itself has to say
        raise LostWorkersError(f"the workers were lost ({error})") from None
    finally:
        stop.set()
        for future in waiting:
            future.cancel()
