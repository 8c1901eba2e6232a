"""Programs that are carried on from bit to bit, with the arrays that hold them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from induction.budget import Budget
from induction.enumeration.carry import carry_on, plant
from induction.enumeration.entries import (
    DEPTH,
    ENTRIES,
    ENTRY,
    LARGEST,
    OLD,
    PACKED_CELLS,
    RESERVE,
    USED,
    Kind,
    bound_to,
    compact,
)
from induction.enumeration.targets import table
from induction.machines.machine import Machine

_GROWTH = 2


class Population:
    """Entries, their packed configurations, and memory to run them in: see :mod:`induction.enumeration.entries`.

    A kind of population says of itself:

    ``_OUTPUTS``
        How many output bits an entry may write between two times at which it is laid out.
    ``_LEVELS``
        Of the table of strings that output is read off from.
    ``_KIND``
        What it does with its entries.
    """

    _OUTPUTS: int
    _LEVELS: int
    _KIND: Kind
    machine: Machine

    def _settle_in(self, budget: Budget, slots: int) -> None:
        """Empty arrays; `budget` is that of a run."""
        self._run = budget
        self._follow = table(self._LEVELS)
        self._entries = np.zeros((1024, self._KIND.columns), dtype=np.int64)
        self._state = np.zeros(slots, dtype=np.int64)
        self._renew_memory(0)
        self._store = np.zeros(4 * int(self._state[RESERVE]), dtype=np.int64)

    def __getstate__(self) -> dict:
        state = self.__dict__.copy()
        state["_entries"] = self._entries[: self._state[ENTRIES]].copy()
        state["_store"] = self._store[: self._state[USED]].copy()
        state["machine"] = self.machine.name
        del state["_memory"], state["_follow"]
        return state

    def __setstate__(self, state: dict) -> None:
        from induction.machines import get

        self.__dict__.update(state)
        self.machine = get(state["machine"])
        self._follow = table(self._LEVELS)
        self._renew_memory(int(self._state[LARGEST]) * PACKED_CELLS)

    def _call(self, template: Callable, *arguments: object) -> Any:
        return bound_to(template, self.machine, self._KIND)(*arguments)

    def _plant(self) -> None:
        """Enter the empty program."""
        own = np.zeros(0, dtype=np.int64)
        self._call(plant, self._memory, self._follow, self._entries, self._store, own, self._state)

    def _carry_on(self, own: np.ndarray, old: int) -> None:
        """Carry the first `old` entries on, in arrays that grow as they fill up."""
        state = self._state
        if state[LARGEST] * PACKED_CELLS > self._extent:
            self._renew_memory(_GROWTH * int(state[LARGEST]) * PACKED_CELLS)
        state[ENTRY], state[DEPTH], state[OLD] = 0, -1, old
        while full := self._call(carry_on, self._memory, self._follow, self._entries, self._store, own, state):
            if full == 1:
                self._entries = _grown(self._entries)
            else:
                self._store = _grown(self._store, int(state[RESERVE]))

    def _tidy(self, words: int) -> None:
        """Drop packed configurations of programs that are gone, once they are most of the store."""
        if self._state[USED] > 2 * words + 2 * self._state[RESERVE]:
            fresh = np.empty(words + words // 4 + 4 * int(self._state[RESERVE]), dtype=np.int64)
            self._state[USED] = self._call(compact, self._entries, int(self._state[ENTRIES]), self._store, fresh)
            self._store = fresh

    def _renew_memory(self, extent: int) -> None:
        self._extent = extent
        self._memory = self.machine.memory(self._run, self._OUTPUTS, extent)
        self._state[RESERVE] = self.machine.packed_words(self._memory.rules, self._memory.work)


def _grown(array: np.ndarray, least: int = 0) -> np.ndarray:
    bigger = np.zeros((_GROWTH * len(array) + least, *array.shape[1:]), dtype=array.dtype)
    bigger[: len(array)] = array
    return bigger
