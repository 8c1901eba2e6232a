"""Output distributions of all small Turing machines, exactly: the tables behind the Coding Theorem Method.

A machine has n states and two symbols. Each of its 2n slots (state, scanned symbol) holds one of 4n moves
(symbol to write, direction, next state) or one of 2 halts (symbol to write), so there are (4n + 2)^(2n) machines.
Each runs from a tape of all 0 and from a tape of all 1, starting in state 1; the halt is a step. Its output is
the contiguous run of visited cells. D(n)(s) is the number of halting runs with output s over the number of halting
runs, and K(s) = -log2 D(n)(s) is the complexity that the tables of Delahaye and Zenil give [1]_ [2]_.

Nothing is sampled and no machine is visited twice. Slots are filled when a run first needs them, states are
numbered as they are first named, the first move goes right, and the tape of ones is the tape of zeros with the
symbols exchanged. So the walk counts the outputs R(s) of the machines whose first step moves right, from zeros, and

    count(s) = R(s) + R(s reversed) + R(s complemented) + R(s reversed and complemented)

and 2 (4n + 2)^(2n - 1) more for each of ``0`` and ``1``, from the machines that halt at once.

.. [1] J.-P. Delahaye, H. Zenil, "Numerical evaluation of algorithmic complexity for short strings", Applied
   Mathematics and Computation 219 (2012) 63-77.
.. [2] F. Soler-Toscano, H. Zenil, J.-P. Delahaye, N. Gauvrit, "Calculating Kolmogorov complexity from the output
   frequency distributions of small Turing machines", PLoS ONE 9 (2014) e96223.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from fractions import Fraction
from os import PathLike
from threading import Event

import numpy as np

from induction.bits import as_bits, to_text
from induction.budget import whole_number
from induction.tables.store import ShardStore

CUTS = {1: 1, 2: 6, 3: 21, 4: 107, 5: 500}  # the busy beaver values, which no halting run exceeds; n = 5 as published
LARGEST_CUT = 10**6
MOST_WORKERS = 256

_SPLITS = {1: (1, 0), 2: (1, 0), 3: (1, 0), 4: (16, 5), 5: (256, 6)}  # shards, and the free slots of a shard's subtrees
_PAUSE = 10**8  # steps between looks at the stop sign, under a second
_EXCHANGED = str.maketrans("01", "10")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Distribution:
    """Outputs of all machines of n states that halt within the cut.

    Attributes
    ----------
    states : int
        n.
    cut : int
        Most steps of a run that counts, the halting step included.
    counts : dict of str to int
        Halting runs by output, over both blank symbols, by falling count, then length, then lexicographic order.
    runs : int
        All halting runs: the sum of the counts.
    most_steps, most_ones : int
        Most steps of a halting run, and most ones that one leaves on a tape of zeros: the busy beaver values,
        when the cut is at least the first.
    """

    states: int
    cut: int
    counts: dict[str, int] = field(repr=False)
    runs: int
    most_steps: int
    most_ones: int

    def probability(self, string: str) -> Fraction:
        """D(n)(string), exactly; 0 for a string that no machine leaves.

        Raises
        ------
        ValueError
            If `string` holds anything but zeros and ones.
        """
        return Fraction(self.counts.get(to_text(as_bits(string, "string")), 0), self.runs)

    def complexity(self, string: str) -> float:
        """K(string) = -log2 D(n)(string), in bits; infinite for a string that no machine leaves.

        Raises
        ------
        ValueError
            If `string` holds anything but zeros and ones.
        """
        probability = self.probability(string)
        return math.log2(1 / probability) if probability else math.inf

    def to_csv(self) -> str:
        """The table as CSV text: a header ``string,count,K``, then a row a string; K in bits to 9 decimals."""
        rows = (f"{string},{count},{math.log2(self.runs / count):.9f}\n" for string, count in self.counts.items())
        return "string,count,K\n" + "".join(rows)

    def to_json(self) -> dict[str, object]:
        """The whole result as JSON-ready values."""
        return {
            "states": self.states,
            "cut": self.cut,
            "runs": self.runs,
            "most_steps": self.most_steps,
            "most_ones": self.most_ones,
            "counts": dict(self.counts),
        }


def distribution(
    n: int,
    cut: int | None = None,
    *,
    workers: int = 1,
    progress: Progress | None = None,
    store: str | PathLike[str] | None = None,
) -> Distribution:
    """D(n), exactly, of all n-state 2-symbol machines.

    Parameters
    ----------
    n : int
        States, 1 to 5.
    cut : int, optional
        Only runs that halt within so many steps count, 1 to 1 000 000. Default: 1, 6, 21 and 107 for n = 1 to 4,
        which miss no halting run, and 500 for n = 5, as published.
    workers : int
        Threads, 1 to 256. The result does not depend on it.
    progress : callable, optional
        Called as ``progress(shards done, shards in all)`` from the calling thread, at the start and after each shard.
    store : path, optional
        SQLite file that keeps finished shards: a run that was stopped goes on from it.

    Returns
    -------
    Distribution

    Raises
    ------
    ValueError
        If an argument is out of range, or the store is of another table, damaged, or in use.
    OSError
        If the store cannot be written; what it held is safe.

    Examples
    --------
    >>> table = distribution(2)
    >>> table.runs, table.counts["00"], table.most_steps, table.most_ones
    (6088, 508, 6, 4)
    """
    n = whole_number("n", n, max(CUTS), "states")
    cut = CUTS[n] if cut is None else whole_number("cut", cut, LARGEST_CUT, "steps")
    workers = whole_number("workers", workers, MOST_WORKERS, "threads")
    shards, split = _SPLITS[n]
    kept = None
    if store is not None:
        parameters = {"format": 1, "states": n, "cut": cut, "shards": shards, "split": split}
        kept = ShardStore(store, parameters)
    try:
        outputs, steps, ones = _gather(n, cut, workers, progress, kept)
    finally:
        if kept is not None:
            kept.close()
    at_once = 2 * (4 * n + 2) ** (2 * n - 1)
    counts: Counter[str] = Counter({"0": at_once, "1": at_once})
    for string, count in outputs.items():
        for image in (string, string[::-1]):
            counts[image] += count
            counts[image.translate(_EXCHANGED)] += count
    ordered = dict(sorted(counts.items(), key=lambda item: (-item[1], len(item[0]), item[0])))
    return Distribution(n, cut, ordered, counts.total(), max(steps, 1), max(ones, 1))


def _gather(
    n: int, cut: int, workers: int, progress: Progress | None, kept: ShardStore | None
) -> tuple[Mapping[str, int], int, int]:
    """Outputs of all shards together, most steps, most ones: from the store what it has, the rest from threads."""
    shards = _SPLITS[n][0]
    outputs: Counter[str] = Counter(kept.counts() if kept else {})
    steps, ones = kept.records() if kept else (0, 0)
    done = set(kept.done() if kept else ())
    if progress:
        progress(len(done), shards)
    stop = Event()
    pool = ThreadPoolExecutor(workers)
    try:
        waiting = {pool.submit(_shard, n, cut, shard, stop): shard for shard in range(shards) if shard not in done}
        for future in as_completed(waiting):
            part, part_steps, part_ones = future.result()
            shard = waiting.pop(future)
            if kept:
                kept.add(shard, part, part_steps, part_ones)
            done.add(shard)
            outputs.update(part)
            steps, ones = max(steps, part_steps), max(ones, part_ones)
            if progress:
                progress(len(done), shards)
    finally:
        stop.set()  # after an error or Ctrl-C no thread walks on
        pool.shutdown(cancel_futures=True)
    return outputs, steps, ones


def _shard(n: int, cut: int, shard: int, stop: Event) -> tuple[Mapping[str, int], int, int]:
    """Walk one shard: halting runs by output (first move right, zeros), most steps, most ones."""
    from induction.tables import walk  # brings numba, which is slow to import

    shards, split = _SPLITS[n]
    settings = np.zeros(walk.SETTINGS, np.int64)
    settings[[walk.STATES, walk.CUT, walk.SPLIT, walk.SHARD, walk.SHARDS]] = n, cut, split, shard, shards
    settings[walk.PAUSE] = _PAUSE
    settings[walk.AT] = 0 if cut > 1 else -1  # a machine that does not halt at once takes two steps at least
    powers = np.array([(4 * n + 2) ** i for i in range(2 * n)], np.int64)
    frames = np.zeros((2 * n, walk.FIELDS), np.int64)
    frames[0, walk.OPTIONS] = 4 * min(2, n)
    frames[0, [walk.ZERO, walk.ONE]] = sum(walk.EMPTY << 12 * state for state in range(n))
    frames[0, [walk.USED, walk.FREE, walk.MACHINES]] = 1, 2 * n, 1
    tapes = np.zeros(2 * n, np.uint64)
    counts = np.zeros(2 << walk.SHORT, np.int64)
    spill = np.zeros(4096 + cut // walk.WORD, np.int64)
    cells = np.zeros(2 * cut + 3, np.uint8)
    outputs: Counter[str] = Counter()
    over = False
    while not (over or stop.is_set()):
        over = bool(walk.walk(settings, powers, frames, tapes, counts, spill, cells))
        for string, machines in _spilled(spill[: settings[walk.SPILLED]].tolist()):
            outputs[string] += machines
        settings[walk.SPILLED] = 0
    for index in np.flatnonzero(counts).tolist():
        outputs[format(index, "b")[:0:-1]] += int(counts[index])
    return outputs, int(settings[walk.MOST_STEPS]), int(settings[walk.MOST_ONES])


def _spilled(spill: list[int]) -> Iterator[tuple[str, int]]:
    """Both outputs of each record of a spill list, with the number of machines."""
    at = 0
    while at < len(spill):
        length, place, machines = spill[at : at + 3]
        words = spill[at + 3 : at + 3 + (length + 63) // 64]
        at += 3 + len(words)
        cells = sum((word & (1 << 64) - 1) << 64 * i for i, word in enumerate(words)) & (1 << length) - 1
        for output in (cells & ~(1 << place), cells | 1 << place):
            yield format(output | 1 << length, "b")[:0:-1], machines
