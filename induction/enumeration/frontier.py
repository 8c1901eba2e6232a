"""The frontier: all programs for the data so far, ready to be carried on bit by bit.

A program for x is kept with its machine's packed configuration and with the output that it has
already run ahead of the data. When that is used up it runs on: without a fork it is only run
ahead again; at a fork the tree below it is walked until each branch has written one more bit, and
every branch becomes an entry of its own. Nothing that the machine did before is done again.
"""

from __future__ import annotations

import functools
import threading
from typing import NamedTuple

import numpy as np

from induction.bits import from_integer
from induction.budget import LONGEST, Budget
from induction.enumeration.targets import every
from induction.enumeration.walk import CUT, FATES, SILENT_MASS, TIMEOUT_MASS, compiled
from induction.machines.kernel import pointer
from induction.machines.machine import LEAF, LENGTH, NEED, NODE, OPTION, REST, Machine

AHEAD = 18  # the most bits that an entry runs ahead of the data
FIRST_AHEAD = 3  # how far a new entry runs ahead at once: most are refuted soon
ROOTS = 1 << AHEAD  # rows of the table: `(1 << k) - 1` is the node with AHEAD - k levels below it
PACKED_CELLS = 64  # no packed word holds more cells of memory than this
_GROWTH = 2

# Columns of an entry.
PROGRAM, SIZE, BITS_AHEAD, COUNT, EVENT, PLACE, WORDS, COLUMNS = range(8)
# Slots of the state that kernels carry.
ENTRY, DEPTH, ENTRIES, OLD, USED, RESERVE, LARGEST, SLOTS = range(8)


def extend(memory, follow, entries_array, store_array, here, state):
    """Carry entries on until each has a bit ahead; return 0 when done, else which array is full (1, 2)."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    entries = pointer(entries_array)
    store = pointer(store_array)
    longest = memory.limits[0]
    capacity = entries_array.shape[0]
    room = store_array.size - state[RESERVE]
    entry = state[ENTRY]
    at = state[DEPTH]
    count = state[ENTRIES]
    used = state[USED]
    largest = state[LARGEST]
    one_level = ROOTS // 2 - 1
    full = 0
    while entry < state[OLD] and full == 0:
        row = COLUMNS * entry
        event = entries[row + EVENT]
        mass = 1 << (longest - entries[row + SIZE])
        if used > room:
            full = 2
        elif entries[row + COUNT] > 0:
            entry += 1
        elif event == LEAF:
            unpack(frames, 0, rules, work, store, entries[row + PLACE])
            levels = AHEAD - (entry & 3)
            root = (1 << (AHEAD - levels)) - 1
            frames[NODE] = root
            entries[row + EVENT] = resume(frames, 0, data, rules, work, limits)
            ahead = frames[NODE] + 1
            written = 0
            bits = 0
            while ahead >> written > root + 1:
                bits = 2 * bits | ((ahead >> written) & 1)
                written += 1
            entries[row + BITS_AHEAD] = bits
            entries[row + COUNT] = written
            entries[row + PLACE] = used
            words = 0
            if entries[row + EVENT] <= LEAF:
                words = pack(frames, 0, rules, work, store, used)
            entries[row + WORDS] = words
            largest = max(largest, words)
            used += words
            if written > 0:
                entry += 1
        elif event != NEED:
            here[event - 1] += mass
            entry += 1
        elif at < 0:
            unpack(frames, 0, rules, work, store, entries[row + PLACE])
            frames[OPTION] = 0
            frames[LENGTH] = entries[row + SIZE]
            frames[REST] = mass
            at = 0
        elif count == capacity:
            full = 1
        else:
            frames[at + NODE] = one_level
            option = frames[at + OPTION]
            bits = width(frames, at, option)
            length = frames[at + LENGTH] + bits
            if bits == 0 or length > longest:
                close(frames, at, rules, work)
                here[CUT] += frames[at + REST]
                at -= FRAME
                if at < 0:
                    at = -1
                    entry += 1
            else:
                mass = 1 << (longest - length)
                frames[at + OPTION] = option + 1
                frames[at + REST] -= mass
                event = take(frames, at, option, data, rules, work, limits)
                to = at + FRAME
                if event == NEED:
                    if length + width(frames, to, 0) <= longest:
                        frames[to + OPTION] = 0
                        frames[to + LENGTH] = length
                        frames[to + REST] = mass
                        at = to
                    else:
                        here[CUT] += mass
                elif event != LEAF:
                    here[event - 1] += mass
                else:
                    program = entries[row + PROGRAM]
                    for below in range(0, to, FRAME):
                        choice = frames[below + OPTION] - 1
                        program = program << width(frames, below, choice) | code(frames, below, choice)
                    first = (frames[to + NODE] + 1) & 1
                    root = (1 << (AHEAD - FIRST_AHEAD)) - 1
                    frames[to + NODE] = root
                    event = resume(frames, to, data, rules, work, limits)
                    ahead = frames[to + NODE] + 1
                    written = 0
                    bits = 0
                    while ahead >> written > root + 1:
                        bits = 2 * bits | ((ahead >> written) & 1)
                        written += 1
                    if event == NEED and length + width(frames, to, 0) > longest:
                        event = CUT + 1
                    words = 0  # a configuration that has come to its end is not needed any more
                    if event <= LEAF:
                        words = pack(frames, to, rules, work, store, used)
                    new = COLUMNS * count
                    entries[new + PROGRAM] = program
                    entries[new + SIZE] = length
                    entries[new + BITS_AHEAD] = 2 * bits | first
                    entries[new + COUNT] = written + 1
                    entries[new + EVENT] = event
                    entries[new + PLACE] = used
                    entries[new + WORDS] = words
                    largest = max(largest, words)
                    used += words
                    count += 1
    state[ENTRY] = entry
    state[DEPTH] = at
    state[ENTRIES] = count
    state[USED] = used
    state[LARGEST] = largest
    return full


def plant(memory, follow, entries, store, state):
    """The frontier of the empty string: one entry, the empty program, run to its first event."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    start(frames, 0, work)
    frames[NODE] = ROOTS // 2 - 1
    event = resume(frames, 0, pointer(follow), rules, work, pointer(memory.limits))
    entries[0, PROGRAM] = 0
    entries[0, SIZE] = 0
    entries[0, COUNT] = 0
    entries[0, BITS_AHEAD] = 0
    if event == LEAF:
        entries[0, COUNT] = 1
        entries[0, BITS_AHEAD] = (frames[NODE] + 1) & 1
    entries[0, EVENT] = event
    entries[0, PLACE] = 0
    entries[0, WORDS] = pack(frames, 0, rules, work, pointer(store), 0)
    state[ENTRIES] = 1
    state[USED] = entries[0, WORDS]
    state[LARGEST] = entries[0, WORDS]


def tally(entries_array, count, longest, sums):
    """Mass of the entries whose next bit is 0, and is 1; packed words in use."""
    entries = pointer(entries_array)
    zeros = 0
    ones = 0
    words = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        words += entries[row + WORDS]
        if entries[row + COUNT] > 0:
            mass = 1 << (longest - entries[row + SIZE])
            if entries[row + BITS_AHEAD] & 1:
                ones += mass
            else:
                zeros += mass
    sums[0] = zeros
    sums[1] = ones
    sums[2] = words


def keep(entries_array, count, bit):
    """Keep the entries whose next bit is `bit`, use the bit up, and return how many there are."""
    entries = pointer(entries_array)
    kept = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        if entries[row + COUNT] > 0 and entries[row + BITS_AHEAD] & 1 == bit:
            to = COLUMNS * kept
            if to < row:
                for column in range(COLUMNS):
                    entries[to + column] = entries[row + column]
            entries[to + BITS_AHEAD] >>= 1
            entries[to + COUNT] -= 1
            kept += 1
    return kept


def compact(entries_array, count, store_array, fresh_array):
    """Copy the packed words in use to `fresh_array`; return how many there are."""
    entries = pointer(entries_array)
    store = pointer(store_array)
    fresh = pointer(fresh_array)
    used = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        place = entries[row + PLACE]
        entries[row + PLACE] = used
        for i in range(entries[row + WORDS]):
            fresh[used] = store[place + i]
            used += 1
    return used


class Masses(NamedTuple):
    """Masses over 2^L at the data so far, as integers that add up to 2^L.

    Attributes
    ----------
    zeros, ones : int
        Programs that go on with 0, with 1.
    silent, timeout, cut : int
        Programs that write exactly the data: proved to stop there, out of steps, out of length.
    silent_before, open_before : int
        The same at proper prefixes of the data: proved silent; out of steps or length.
    mismatch : int
        Programs that the data have refuted.
    """

    zeros: int
    ones: int
    silent: int
    timeout: int
    cut: int
    silent_before: int
    open_before: int
    mismatch: int

    @property
    def matching(self) -> int:
        """M(data): every program for the data."""
        return self.zeros + self.ones + self.silent + self.timeout + self.cut


class Frontier:
    """All programs for the data so far.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    """

    def __init__(self, machine: Machine, budget: Budget) -> None:
        self.machine = machine
        self.budget = budget
        self._follow = _table()
        self._entries = np.zeros((1024, COLUMNS), dtype=np.int64)
        self._state = np.zeros(SLOTS, dtype=np.int64)
        self._renew_memory(0)
        self._store = np.zeros(4 * int(self._state[RESERVE]), dtype=np.int64)
        compiled(plant, machine)(self._memory, self._follow, self._entries, self._store, self._state)
        self._lock = threading.RLock()
        self._programs = 1  # entries [0, _programs) are the programs for the data; later ones are their children
        self._past = (0, 0, 0)  # silent, open and refuted before now
        self._masses: Masses | None = None

    def __getstate__(self) -> dict:
        state = self.__dict__.copy()
        state["_entries"] = self._entries[: self._state[ENTRIES]].copy()
        state["_store"] = self._store[: self._state[USED]].copy()
        state["machine"] = self.machine.name
        del state["_memory"], state["_follow"], state["_lock"]
        return state

    def __deepcopy__(self, _memo: dict) -> Frontier:
        """A copy with the same machine, whether or not it can be looked up by its name."""
        copy = Frontier.__new__(Frontier)
        state = self.__getstate__()
        copy.__setstate__(state | {"machine": self.machine, "_state": self._state.copy()})
        return copy

    def __setstate__(self, state: dict) -> None:
        from induction.machines import get

        self.__dict__.update(state)
        self._lock = threading.RLock()
        self.machine = get(state["machine"])
        self._follow = _table()
        self._renew_memory(int(self._state[LARGEST]) * PACKED_CELLS)

    def masses(self) -> Masses:
        """Carry every program on by one bit, if that is not done yet, and say what became of the mass."""
        with self._lock:
            return self._carried_on()

    def _carried_on(self) -> Masses:
        if self._masses is None:
            here = self._extend()
            sums = np.zeros(3, dtype=np.int64)
            compiled(tally, self.machine)(self._entries, self._state[ENTRIES], self.budget.max_length, sums)
            self._tidy(int(sums[2]))
            self._masses = Masses(
                int(sums[0]), int(sums[1]), int(here[SILENT_MASS]), int(here[TIMEOUT_MASS]), int(here[CUT]), *self._past
            )
            assert sum(self._masses) == self.budget.whole, "the masses of the frontier do not add up"
        return self._masses

    def learn(self, bit: int) -> None:
        """Keep the programs whose next bit is `bit`."""
        m = self.masses()
        self._past = (
            m.silent_before + m.silent,
            m.open_before + m.timeout + m.cut,
            m.mismatch + (m.zeros if bit else m.ones),
        )
        kept = compiled(keep, self.machine)(self._entries, self._state[ENTRIES], bit)
        self._state[ENTRIES] = self._programs = kept
        self._masses = None

    @property
    def size(self) -> int:
        """How many programs for the data there are."""
        return self._programs

    def shortest(self) -> tuple[int, int] | None:
        """Length and bits (as a number) of the first of the shortest programs for the data; None without any."""
        if not self._programs:
            return None
        lengths = self._entries[: self._programs, SIZE]
        least = lengths.min()
        return int(least), int(self._entries[: self._programs, PROGRAM][lengths == least].min())

    def programs(self, count: int) -> list[str]:
        """The `count` heaviest programs for the data, by length and then lexicographically."""
        entries = self._entries[: self._programs]
        order = np.lexsort((entries[:, PROGRAM], entries[:, SIZE]))[:count]
        return [from_integer(int(entries[i, PROGRAM]), int(entries[i, SIZE])) for i in order]

    def lengths(self) -> np.ndarray:
        """How many programs for the data there are of each length, shape (63,)."""
        return np.bincount(self._entries[: self._programs, SIZE], minlength=LONGEST + 1)

    def _extend(self) -> np.ndarray:
        state = self._state
        here = np.zeros(FATES, dtype=np.int64)
        if state[LARGEST] * PACKED_CELLS > self._extent:
            self._renew_memory(_GROWTH * int(state[LARGEST]) * PACKED_CELLS)
        state[ENTRY], state[DEPTH], state[OLD] = 0, -1, self._programs
        go_on = compiled(extend, self.machine)
        try:
            while full := go_on(self._memory, self._follow, self._entries, self._store, here, state):
                if full == 1:
                    self._entries = _grown(self._entries)
                else:
                    self._store = _grown(self._store, int(state[RESERVE]))
        except BaseException:
            # Interrupted, or out of memory: drop the children, and the fork that the memory stands at.
            state[ENTRIES] = self._programs
            self._renew_memory(self._extent)
            raise
        return here

    def _tidy(self, words: int) -> None:
        """Drop packed configurations of programs that are gone, once they are most of the store."""
        if self._state[USED] > 2 * words + 2 * self._state[RESERVE]:
            fresh = np.empty(words + words // 4 + 4 * int(self._state[RESERVE]), dtype=np.int64)
            args = self._entries, self._state[ENTRIES], self._store, fresh
            self._state[USED] = compiled(compact, self.machine)(*args)
            self._store = fresh

    def _renew_memory(self, extent: int) -> None:
        self._extent = extent
        self._memory = self.machine.memory(self.budget, AHEAD + 2, extent)
        self._state[RESERVE] = self.machine.packed_words(self._memory.rules, self._memory.work)


@functools.cache
def _table() -> np.ndarray:
    return every(AHEAD).follow


def _grown(array: np.ndarray, least: int = 0) -> np.ndarray:
    bigger = np.empty((_GROWTH * len(array) + least, *array.shape[1:]), dtype=array.dtype)
    bigger[: len(array)] = array
    return bigger
