# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The loop that makes one entry of those that do the same for ever.

They have equal configurations and stand at equal events; what else must be equal, and what becomes of the
others, is left to a :class:`induction.enumeration.entries.Likeness`.
"""

from __future__ import annotations

from induction.enumeration.entries import EVENT, PLACE, WORDS
from induction.machines.kernel import pointer

_LOW = (1 << 32) - 1
_FACTOR = 0x3C6EF373  # an odd one of 30 bits: a product fits into 62


def merge(entries_array, count, store_array, own_array, table_array):
    """Merge entries in place; return how many are left.

    `table` has a power of two of slots, more than there are entries, all -1.
    """
    entries = pointer(entries_array)
    store = pointer(store_array)
    own = pointer(own_array)
    table = pointer(table_array)
    last = table_array.size - 1
    kept = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        place = entries[row + PLACE]
        words = entries[row + WORDS]
        event = entries[row + EVENT]
        key = key_of(entries, own, row) * 8 + event
        for i in range(words):
            word = store[place + i]
            key = ((key ^ word) & _LOW) * _FACTOR + ((key ^ word) >> 32)
            key ^= key >> 25
        slot = (key ^ (key >> 15)) & last
        twin = -1
        while twin < 0 and table[slot] >= 0:
            other = COLUMNS * table[slot]
            same = entries[other + EVENT] == event and entries[other + WORDS] == words
            same = same and alike(entries, own, row, other)
            i = 0
            while same and i < words:
                same = store[entries[other + PLACE] + i] == store[place + i]
                i += 1
            if same:
                twin = other
            else:
                slot = (slot + 1) & last
        if twin < 0:
            table[slot] = kept
            keep(entries, own, row, COLUMNS * kept)
            kept += 1
        else:
            join(entries, own, row, twin)
    return kept
