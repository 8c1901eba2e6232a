"""Programs that go on from bit to bit, or from input to input, with the arrays that hold them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from induction.budget import Budget
from induction.enumeration.carry import carry_on, plant
from induction.enumeration.entries import (
    DEPTH,
    ENTRIES,
    ENTRY,
    EXTENT,
    OLD,
    PACKED_CELLS,
    RESERVE,
    USED,
    WORDS,
    Kind,
    Likeness,
    bound_to,
    compact,
)
from induction.enumeration.merge import merge
from induction.enumeration.room import reserved
from induction.enumeration.targets import table
from induction.machines.machine import Machine

_GROWTH = 2


class Packed:
    """Entries, their packed configurations, and memory to run them in: see :mod:`induction.enumeration.entries`.

    The first `size` entries are those for the data so far. A loop over them puts what branches off behind them; if
    it is interrupted, or memory runs out, all is as it was before, and the loop can begin again.

    What is kept in this way says of itself:

    ``_outputs``
        How many output bits an entry may write between two times at which it is laid out.
    ``_levels``
        Of the table of strings that output is read off from.
    ``_KIND``
        What a population does with its entries; None for what brings loops of its own.
    """

    _outputs: int
    _levels: int
    _KIND: Kind | None = None
    machine: Machine

    def _settle_in(self, budget: Budget, columns: int, slots: int, allotments: int = 1) -> None:
        """Empty arrays: entries of so many columns, a state of so many slots.

        A run may take `allotments` times the budget's steps for a bit.
        """
        self._room = budget, allotments
        self._follow = table(self._levels)
        self._entries = np.zeros((1024, columns), dtype=np.int64)
        self._state = np.zeros(slots, dtype=np.int64)
        self._renew_memory(0)
        self._store = np.zeros(4 * int(self._state[RESERVE]), dtype=np.int64)
        self._size = 1

    @property
    def size(self) -> int:
        """How many entries there are for the data so far."""
        return self._size

    def _in_use(self) -> dict[str, np.ndarray]:
        """What a copy needs of the arrays that grow."""
        return {"_entries": self._entries[: self._state[ENTRIES]], "_store": self._store[: self._state[USED]]}

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__ | self._in_use() | {"machine": self.machine.name}
        del state["_memory"], state["_follow"]
        return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in state.items()}

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        """A copy with the same machine, whether or not it can be looked up by its name."""
        copy = type(self).__new__(type(self))
        copy.__setstate__(self.__getstate__() | {"machine": self.machine})
        return copy

    def __setstate__(self, state: dict[str, Any]) -> None:
        from induction.machines import get

        self.__dict__.update(state)
        self.machine = get(state["machine"])
        self._follow = table(self._levels)
        self._state[ENTRIES], self._state[USED] = len(self._entries), len(self._store)
        self._renew_memory(self._extent)

    def _call(self, template: Callable, *arguments: object) -> Any:
        return bound_to(template, self.machine, self._KIND)(*arguments)

    def _loop(self, go_on: Callable[[], int]) -> None:
        """Call a loop over the entries for the data so far until it is done, in arrays that grow as they fill up.

        Parameters
        ----------
        go_on : callable
            Begins, or goes on, where the state stands; returns 0 when done, else what is full (1 entries, 2 store,
            3 memory, for the entry that comes next).
        """
        state = self._state
        state[ENTRY], state[DEPTH], state[ENTRIES], state[OLD] = 0, -1, self._size, self._size
        try:
            while full := go_on():
                self._grow(full)
        except BaseException:  # drop what has branched off, and the fork that the memory stands at
            state[ENTRIES] = self._size
            self._renew_memory(self._extent)
            raise

    def _grow(self, full: int) -> None:
        if full == 1:
            self._entries = grown(self._entries)
        elif full == 3:
            self._renew_memory(_GROWTH * PACKED_CELLS * int(self._entries[self._state[ENTRY], WORDS]))
        else:
            self._store = grown(self._store, int(self._state[RESERVE]))

    def _merged(self, count: int, likeness: Likeness, own: np.ndarray) -> int:
        """Make one entry of those that are alike among the first `count`; return how many are left."""
        slots = np.full(1 << (2 * count + 1).bit_length(), -1, dtype=np.int64)
        return bound_to(merge, self.machine, likeness)(self._entries, count, self._store, own, slots)

    def _tidy(self, words: int) -> None:
        """Drop packed configurations of programs that are gone, once the `words` in use are less than half."""
        if self._state[USED] > 2 * words + 2 * self._state[RESERVE]:
            fresh = np.empty(words + words // 4 + 4 * int(self._state[RESERVE]), dtype=np.int64)
            self._state[USED] = self._call(compact, self._entries, int(self._state[ENTRIES]), self._store, fresh)
            self._store = fresh

    def _renew_memory(self, extent: int) -> None:
        budget, allotments = self._room
        self._memory = reserved(self.machine, budget, self._outputs, extent, allotments=allotments)
        self._extent = self._state[EXTENT] = extent
        self._state[RESERVE] = self._most_words()

    def _most_words(self) -> int:
        """No configuration packs into more words."""
        return self.machine.packed_words(self._memory.rules, self._memory.work)


class Population(Packed):
    """Programs that are carried on from bit to bit, each as far as its kind wants it."""

    _KIND: Kind

    def _plant(self) -> None:
        """Enter the empty program."""
        own = np.zeros(0, dtype=np.int64)
        self._call(plant, self._memory, self._follow, self._entries, self._store, own, self._state)

    def _carry_on(self, own: np.ndarray) -> None:
        """Carry the entries for the data so far on."""
        self._loop(
            lambda: self._call(carry_on, self._memory, self._follow, self._entries, self._store, own, self._state)
        )


def grown(array: np.ndarray, least: int = 0) -> np.ndarray:
    """An array twice as long, and by `least` longer, that begins with the same rows."""
    bigger = np.zeros((_GROWTH * len(array) + least, *array.shape[1:]), dtype=array.dtype)
    bigger[: len(array)] = array
    return bigger
