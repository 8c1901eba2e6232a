"""Tables of targets: following a string's bits leads to its leaf, and to nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction.enumeration.targets import Targets, every, heap_name, several, single

pytestmark = pytest.mark.small
bits = st.text("01", min_size=1, max_size=9)
same_length = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.text("01", min_size=n, max_size=n), min_size=1, max_size=8)
)


def follow(targets: Targets, string: str) -> int | None:
    """The leaf that a string leads to, None if it differs on the way; IndexError if it ends on the way."""
    node = 0
    for bit in string:
        assert 0 <= node < len(targets.follow) // 2
        node = int(targets.follow[2 * node + int(bit)])
        if node == 0:
            return None
        if node < 0:
            return -node
    raise IndexError(string)


@given(bits, bits)
def test_a_single_target_is_reached_by_its_own_bits_only(x, y):
    targets = single(x)
    assert follow(targets, x) == targets.leaves[0] == targets.nodes - 1 == targets.depth == len(x)
    if not y.startswith(x) and not x.startswith(y):
        assert follow(targets, y) is None


@given(same_length, st.data())
def test_several_targets_are_reached_each_by_its_own_bits_only(strings, data):
    targets = several(strings)
    for string, leaf in zip(strings, targets.leaves, strict=True):
        assert follow(targets, string) == leaf < targets.nodes
    assert len(set(targets.leaves.tolist())) == len(set(strings))
    other = data.draw(st.text("01", min_size=targets.depth, max_size=targets.depth))
    if other not in strings:
        assert follow(targets, other) is None


@pytest.mark.parametrize("depth", [1, 2, 5])
def test_every_string_of_a_depth_has_a_leaf_named_after_it(depth):
    targets = every(depth)
    strings = [format(i, f"0{depth}b") for i in range(2**depth)]
    assert [follow(targets, x) for x in strings] == targets.leaves.tolist()
    assert [heap_name(int(leaf)) for leaf in targets.leaves] == strings
    assert targets.nodes == 2 ** (depth + 1) - 1
    assert np.unique(np.abs(targets.follow)).tolist() == list(range(1, targets.nodes))


@pytest.mark.parametrize("strings", [[], [""], ["0", "01"]])
def test_targets_of_different_lengths_are_refused(strings):
    with pytest.raises(ValueError, match="one length of at least 1 bit"):
        several(strings)
