"""Options of a fork that are still to be walked, as a mask in its frame: what `settle` and the walk share."""

from __future__ import annotations

from induction.machines.kernel import kernel, lowest_bit

ALL = -1  # a mask of a fork that was not settled
SENTINEL = 62  # past all options; its bit is in every mask, and it has no code


@kernel
def next_open(mask, option):
    """The first option in a mask, from `option` on."""
    option = min(option, SENTINEL)
    return option + lowest_bit(mask >> option)
