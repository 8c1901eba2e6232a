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

import numpy as np

from induction.budget import LONGEST, Budget
from induction.enumeration.entries import (
    DEPTH,
    ENTRIES,
    ENTRY,
    OLD,
    PLACE,
    RESERVE,
    USED,
    WORDS,
    bound_to,
    compact,
)
from induction.enumeration.inputs_kernels import COLUMNS, FLOATS, KEPT, RAW, SLOTS, begin, extend, merge, show
from induction.enumeration.targets import table
from induction.machines.machine import Machine

_GROWTH = 2


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
        self._follow = table(depth)
        self._state = np.zeros(SLOTS, dtype=np.int64)
        self._renew_memory(64)
        self.count = 1  # of hypotheses for the inputs so far; those that one more input makes come after them
        self.entries = np.zeros((1024, COLUMNS), dtype=np.int64)
        self.floats = np.zeros((1024, FLOATS))
        self.answers = np.zeros(1024, dtype=np.int64)
        self._store = np.zeros(4 * int(self._state[RESERVE]), dtype=np.int64)
        self._raw = False  # whether any raw bit was ever read, so that hypotheses may have become equal
        bound_to(begin, machine)(self._memory, self.entries, self.floats, self._store, self._state)
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
        self._follow = table(self.depth)
        self._renew_memory(self._extent)
        self.forget()

    def run(self, data: np.ndarray) -> int:
        """Run all on an input; return how many `entries` there are then, those without an answer included."""
        state = self._state
        self.forget()
        if len(data) > self._extent:
            self._renew_memory(_GROWTH * len(data))
        state[ENTRY], state[DEPTH], state[OLD], state[RAW] = 0, -1, self.count, 0
        go_on = bound_to(extend, self.machine)
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
        return int(state[ENTRIES])

    def forget(self) -> None:
        """Take back what the last input did."""
        self._state[ENTRIES] = self.count
        self._state[USED] = self._state[KEPT]

    def keep(self, count: int) -> None:
        """The first `count` entries are the hypotheses from now on: all others are gone."""
        forked = self._state[USED] > self._state[KEPT]
        self._raw = self._raw or bool(self._state[RAW])
        if forked and self._raw:
            slots = np.full(1 << (2 * count).bit_length(), -1, dtype=np.int64)
            count = bound_to(merge, self.machine)(self.entries, self.floats, self._store, slots, count)
        self.count = count
        self._state[ENTRIES] = count
        words = int(self.entries[:count, WORDS].sum()) if forked else 0
        if forked and self._state[USED] > 2 * words + 2 * self._state[RESERVE]:
            fresh = np.empty(words + words // 4 + 4 * int(self._state[RESERVE]), dtype=np.int64)
            self._state[USED] = bound_to(compact, self.machine)(self.entries, count, self._store, fresh)
            self._store = fresh
        self._state[KEPT] = self._state[USED]

    def rules(self, row: int) -> str:
        """The rules that a hypothesis has read, as text."""
        bound_to(show, self.machine)(self._memory, self._store, int(self.entries[row, PLACE]))
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
