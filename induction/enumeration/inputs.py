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
from induction.enumeration.entries import ENTRIES, PLACE, USED, WORDS
from induction.enumeration.inputs_kernels import COLUMNS, FLOATS, KEPT, LIKENESS, RAW, SLOTS, begin, extend, show
from induction.enumeration.population import Packed, grown
from induction.machines.machine import Machine


class InputHypotheses(Packed):
    """All hypotheses for the inputs so far; those that one more input makes come after them, until they are kept.

    Parameters
    ----------
    machine : Machine
        One that can restart on inputs.
    budget : Budget
        T counts the steps since the last output bit, or since the input was given.
    depth : int
        How many output bits are wanted of a run.

    Attributes
    ----------
    entries : numpy.ndarray
        Shape (rows, COLUMNS), int64: see :mod:`induction.enumeration.inputs_kernels`.
    floats : numpy.ndarray
        Shape (rows, FLOATS).
    answers : numpy.ndarray
        Shape (rows,), int64: what each wrote on the last input.
    """

    def __init__(self, machine: Machine, budget: Budget, depth: int) -> None:
        self.machine = machine
        self.budget = budget
        self._outputs = self._levels = depth
        self._settle_in(budget, COLUMNS, SLOTS)
        self.floats = np.zeros((len(self._entries), FLOATS))
        self.answers = np.zeros(len(self._entries), dtype=np.int64)
        self._raw = False  # whether any raw bit was ever read, so that hypotheses may have become equal
        self._call(begin, self._memory, self._entries, self.floats, self._store, self._state)
        self._state[KEPT] = self._state[USED]

    @property
    def entries(self) -> np.ndarray:
        """The rows of integers."""
        return self._entries

    def _in_use(self) -> dict[str, np.ndarray]:
        """All but what the last input did, if it has not been kept."""
        rows = {name: self.__dict__[name][: self._size] for name in ("_entries", "floats", "answers")}
        return rows | {"_store": self._store[: self._state[KEPT]]}

    def run(self, data: np.ndarray) -> int:
        """Run all on an input; return how many `entries` there are then, those without an answer included."""
        state = self._state
        if len(data) > self._extent:
            self._renew_memory(2 * len(data))
        state[USED], state[RAW] = state[KEPT], 0
        memory, follow = self._memory, self._follow
        self._loop(
            lambda: self._call(
                extend, memory, follow, data, self._entries, self.floats, self._store, self.answers, state
            )
        )
        return int(state[ENTRIES])

    def _grow(self, full: int) -> None:
        Packed._grow(self, full)
        if full == 1:
            self.floats, self.answers = grown(self.floats), grown(self.answers)

    def keep(self, count: int) -> None:
        """The first `count` entries are the hypotheses from now on: all others are gone."""
        forked = self._state[USED] > self._state[KEPT]
        self._raw = self._raw or bool(self._state[RAW])
        if forked and self._raw:
            count = self._merged(count, LIKENESS, self.floats)
        self._state[ENTRIES] = self._size = count
        if forked:
            self._tidy(int(self._entries[:count, WORDS].sum()))
        self._state[KEPT] = self._state[USED]

    def rules(self, row: int) -> str:
        """The rules that a hypothesis has read, as text."""
        self._call(show, self._memory, self._store, int(self._entries[row, PLACE]))
        return self.machine.describe(self._memory.rules, int(self._memory.frames[self.machine.states_slot]))

    def _most_words(self) -> int:
        return 3 * LONGEST + 64  # without memory in use
