# mypy: disable-error-code="name-defined"
# ruff: noqa: F821 - templates leave names open, which `compiled` binds to a machine's kernels
"""All programs run on one input after another: rules and tape position persist, memory is fresh.

A *hypothesis* is what the inputs so far have made the machine read: the rules, as packed by the
machine, and how many program bits they took. On a new input it runs from state 0. If it needs a
bit it is replaced by its children, one for each path of the tree of reads below it, in the middle
of the data; a run ends when enough output bits are written, or when it is silent or out of time.
What does not fit into L bits goes on as one *used up* hypothesis: it keeps its rules and reads no more.
So the masses of all hypotheses are integers that add up to 2^L at all times.

Hypotheses that read raw bits and forgot them again may come to be equal in all that matters for the
future; they are merged, their masses added.
"""

from __future__ import annotations

import math

import numpy as np

from induction.budget import LONGEST, Budget
from induction.enumeration.targets import every
from induction.enumeration.walk import compiled
from induction.machines.kernel import pointer
from induction.machines.machine import FIELD, LENGTH, NEED, NODE, OPTION, REST, RULE_FIELD, Machine

# Columns of a hypothesis: where its packed rules are, |p|, whether it reads no more, its mass over 2^L,
# two counts for whoever predicts with it, and the first of its programs as a number.
PLACE, WORDS, SIZE, USED_UP, MASS, ERRORS, HITS, PROGRAM, COLUMNS = range(9)
LOG_MASS, LOSS, FLOATS = range(3)  # its floats: log2 of its mass, its own loss in bits
# Slots of the state that kernels carry.
ENTRY, DEPTH, COUNT, OLD, USED, KEPT, RESERVE, RAW, SLOTS = range(9)
REPLACED = 0  # the answer of a hypothesis whose children answer for it; else `1 b1 ... bk`, the output after a 1
KEY_BITS = (1 << 31) - 1
_GROWTH = 2


def begin(memory, entries_array, floats_array, store_array, state):
    """One hypothesis, the empty program."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    entries = pointer(entries_array)
    floats = pointer(floats_array)
    start(frames, 0, work)
    restart(frames, 0, entries, 0, work)
    for column in range(COLUMNS):
        entries[column] = 0
    entries[MASS] = 1 << memory.limits[0]
    entries[WORDS] = pack(frames, 0, rules, work, pointer(store_array), 0)
    floats[LOG_MASS] = float(memory.limits[0])
    floats[LOSS] = 0.0
    state[COUNT] = 1
    state[USED] = entries[WORDS]


def extend(memory, follow, inputs_array, entries_array, floats_array, store_array, answers_array, state):
    """Run hypotheses on an input; return 0 when done, else which array is full (1 entries, 2 store)."""
    frames = pointer(memory.frames)
    rules = pointer(memory.rules)
    work = pointer(memory.work)
    limits = pointer(memory.limits)
    data = pointer(follow)
    inputs = pointer(inputs_array)
    entries = pointer(entries_array)
    floats = pointer(floats_array)
    store = pointer(store_array)
    answers = pointer(answers_array)
    longest = memory.limits[0]
    capacity = min(entries_array.shape[0], floats_array.shape[0], answers_array.size)
    room = store_array.size - state[RESERVE]
    entry = state[ENTRY]
    at = state[DEPTH]
    count = state[COUNT]
    used = state[USED]
    full = 0
    while entry < state[OLD] and full == 0:
        row = COLUMNS * entry
        mass = 0  # of a child
        top = 0  # its frame
        length = 0
        used_up = 0
        if at < 0:
            unpack(frames, 0, rules, work, store, entries[row + PLACE])
            restart(frames, 0, inputs, inputs_array.size, work)
            event = resume(frames, 0, data, rules, work, limits)
            if event == NEED and entries[row + USED_UP] == 0:
                answers[entry] = REPLACED
                frames[OPTION] = 0
                frames[LENGTH] = entries[row + SIZE]
                frames[REST] = entries[row + MASS]
                at = 0
            else:
                answers[entry] = frames[NODE] + 1
                entry += 1
        elif count == capacity:
            full = 1
        elif used > room:
            full = 2
        else:
            option = frames[at + OPTION]
            bits = width(frames, at, option)
            length = frames[at + LENGTH] + bits
            if bits == 0 or length > longest:
                close(frames, at, rules, work)
                length = longest
                mass = frames[at + REST]
                top = at
                used_up = 1
                at -= FRAME
            else:
                frames[at + OPTION] = option + 1
                part = entries[row + MASS] >> (length - entries[row + SIZE])
                frames[at + REST] -= part
                event = take(frames, at, option, data, rules, work, limits)
                top = at + FRAME
                if event == NEED:
                    at = top
                    frames[at + OPTION] = 0
                    frames[at + LENGTH] = length
                    frames[at + REST] = part
                else:
                    mass = part
        if mass > 0:
            program = entries[row + PROGRAM]
            for below in range(0, top, FRAME):
                choice = frames[below + OPTION] - 1
                program = program << width(frames, below, choice) | code(frames, below, choice)
                if frames[below + FIELD] < RULE_FIELD:
                    state[RAW] = 1
            if used_up == 1:  # the last so many strings of all L bits long
                left = longest - frames[top + LENGTH]
                copies = entries[row + MASS] >> (longest - entries[row + SIZE])
                program = ((program + 1) << left) - mass // copies
            answers[count] = frames[top + NODE] + 1
            restart(frames, top, inputs, 0, work)
            new = COLUMNS * count
            entries[new + PLACE] = used
            entries[new + WORDS] = pack(frames, top, rules, work, store, used)
            entries[new + SIZE] = length
            entries[new + USED_UP] = used_up
            entries[new + MASS] = mass
            entries[new + ERRORS] = entries[row + ERRORS]
            entries[new + HITS] = entries[row + HITS]
            entries[new + PROGRAM] = program
            floats[FLOATS * count + LOG_MASS] = math.log2(float(mass))
            floats[FLOATS * count + LOSS] = floats[FLOATS * entry + LOSS]
            used += entries[new + WORDS]
            count += 1
        if at < 0 and used_up == 1:  # the lowest fork has just been closed
            entry += 1
    state[ENTRY] = entry
    state[DEPTH] = at
    state[COUNT] = count
    state[USED] = used
    return full


def merge(entries_array, floats_array, store_array, slots_array, count):
    """Add up the masses of equal hypotheses, in place; return how many are left. `slots` is a table of -1."""
    entries = pointer(entries_array)
    floats = pointer(floats_array)
    store = pointer(store_array)
    slots = pointer(slots_array)
    last = slots_array.size - 1  # the size is a power of two
    kept = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        place = entries[row + PLACE]
        words = entries[row + WORDS]
        loss = floats[FLOATS * (row // COLUMNS) + LOSS]
        key = entries[row + SIZE] << 1 | entries[row + USED_UP]
        key = (key * 31 + entries[row + ERRORS]) * 31 + entries[row + HITS] + int(loss * 1048576.0)
        for i in range(words):
            key = ((key & KEY_BITS) ^ (store[place + i] & KEY_BITS)) * 40503
            key ^= key >> 17
            key ^= (store[place + i] >> 31) & KEY_BITS
        slot = (key ^ key >> 15) & last
        found = -1
        while found < 0 and slots[slot] >= 0:
            other = COLUMNS * slots[slot]
            same = loss == floats[FLOATS * slots[slot] + LOSS]
            for column in range(WORDS, MASS):
                same = same and entries[row + column] == entries[other + column]
            same = same and entries[row + ERRORS] == entries[other + ERRORS]
            same = same and entries[row + HITS] == entries[other + HITS]
            i = 0
            while same and i < words:
                same = store[place + i] == store[entries[other + PLACE] + i]
                i += 1
            if same:
                found = slots[slot]
            slot = (slot + 1) & last
        if found >= 0:
            other = COLUMNS * found
            entries[other + MASS] += entries[row + MASS]
            entries[other + PROGRAM] = min(entries[other + PROGRAM], entries[row + PROGRAM])
            floats[FLOATS * found + LOG_MASS] = math.log2(float(entries[other + MASS]))
        else:
            slots[slot] = kept
            for column in range(COLUMNS):
                entries[COLUMNS * kept + column] = entries[row + column]
            for column in range(FLOATS):
                floats[FLOATS * kept + column] = floats[FLOATS * (row // COLUMNS) + column]
            kept += 1
    return kept


def compact(entries_array, count, store_array, fresh_array):
    """Copy the packed rules in use to `fresh_array`; return how many words there are."""
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


def show(memory, store_array, place):
    """Put packed rules into the machine's memory, for people to read."""
    frames = pointer(memory.frames)
    unpack(frames, 0, pointer(memory.rules), pointer(memory.work), pointer(store_array), place)


class Hypotheses:
    """All hypotheses for the inputs so far.

    Parameters
    ----------
    machine : Machine
        One that can restart on inputs.
    budget : Budget
        T counts the steps since the last output bit, or since the input was given.
    depth : int
        How many output bits are wanted of a run.
    """

    def __init__(self, machine: Machine, budget: Budget, depth: int) -> None:
        self.machine = machine
        self.budget = budget
        self.depth = depth
        self._follow = every(depth).follow
        self._state = np.zeros(SLOTS, dtype=np.int64)
        self._renew_memory(64)
        self.count = 1  # of hypotheses for the inputs so far; those that one more input makes come after them
        self.entries = np.zeros((1024, COLUMNS), dtype=np.int64)
        self.floats = np.zeros((1024, FLOATS))
        self.answers = np.zeros(1024, dtype=np.int64)
        self._store = np.zeros(4 * int(self._state[RESERVE]), dtype=np.int64)
        self._raw = False  # whether any raw bit was ever read, so that hypotheses may have become equal
        compiled(begin, machine)(self._memory, self.entries, self.floats, self._store, self._state)
        self._state[KEPT] = self._state[USED]

    def __getstate__(self) -> dict:
        """All but what the last input did, if it has not been kept."""
        state = self.__dict__.copy()
        for name in ("entries", "floats", "answers"):
            state[name] = state[name][: self.count].copy()
        state["_store"] = self._store[: self._state[KEPT]].copy()
        state["_state"] = self._state.copy()
        state["machine"] = self.machine.name
        del state["_memory"], state["_follow"]
        return state

    def __deepcopy__(self, _memo: dict) -> Hypotheses:
        """A copy with the same machine, whether or not it can be looked up by its name."""
        copy = Hypotheses.__new__(Hypotheses)
        copy.__setstate__(self.__getstate__() | {"machine": self.machine})
        return copy

    def __setstate__(self, state: dict) -> None:
        from induction.machines import get

        self.__dict__.update(state)
        self.machine = get(state["machine"])
        self._follow = every(self.depth).follow
        self._renew_memory(self._extent)
        self.forget()

    def run(self, data: np.ndarray) -> int:
        """Run all on an input; return how many `entries` there are then, those without an answer included."""
        state = self._state
        self.forget()
        if len(data) > self._extent:
            self._renew_memory(_GROWTH * len(data))
        state[ENTRY], state[DEPTH], state[OLD], state[RAW] = 0, -1, self.count, 0
        go_on = compiled(extend, self.machine)
        memory, follow = self._memory, self._follow
        try:
            while full := go_on(memory, follow, data, self.entries, self.floats, self._store, self.answers, state):
                if full == 1:
                    self.entries, self.floats, self.answers = map(_grown, (self.entries, self.floats, self.answers))
                else:
                    self._store = _grown(self._store, int(state[RESERVE]))
        except BaseException:  # interrupted, or out of memory: forget the fork that the memory stands at
            self.forget()
            self._renew_memory(self._extent)
            raise
        return int(state[COUNT])

    def forget(self) -> None:
        """Take back what the last input did."""
        self._state[COUNT] = self.count
        self._state[USED] = self._state[KEPT]

    def keep(self, count: int) -> None:
        """The first `count` entries are the hypotheses from now on: all others are gone."""
        forked = self._state[USED] > self._state[KEPT]
        self._raw = self._raw or bool(self._state[RAW])
        if forked and self._raw:
            slots = np.full(1 << (2 * count).bit_length(), -1, dtype=np.int64)
            count = compiled(merge, self.machine)(self.entries, self.floats, self._store, slots, count)
        self.count = count
        self._state[COUNT] = count
        words = int(self.entries[:count, WORDS].sum()) if forked else 0
        if forked and self._state[USED] > 2 * words + 2 * self._state[RESERVE]:
            fresh = np.empty(words + words // 4 + 4 * int(self._state[RESERVE]), dtype=np.int64)
            self._state[USED] = compiled(compact, self.machine)(self.entries, count, self._store, fresh)
            self._store = fresh
        self._state[KEPT] = self._state[USED]

    def rules(self, row: int) -> str:
        """The rules that a hypothesis has read, as text."""
        compiled(show, self.machine)(self._memory, self._store, int(self.entries[row, PLACE]))
        return self.machine.describe(self._memory.rules, int(self._memory.frames[self.machine.states_slot]))

    def _renew_memory(self, extent: int) -> None:
        self._extent = extent
        self._memory = self.machine.memory(self.budget, self.depth, extent)
        # No configuration without memory in use packs into more words than this.
        self._state[RESERVE] = 3 * LONGEST + 64


def _grown(array: np.ndarray, least: int = 0) -> np.ndarray:
    bigger = np.empty((_GROWTH * len(array) + least, *array.shape[1:]), dtype=array.dtype)
    bigger[: len(array)] = array
    return bigger
