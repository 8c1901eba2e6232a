"""What outputs are held against: one string, several, or all of a length, as one table.

``follow[2 * node + bit]`` is the next node if positive, 0 if no target goes on with the bit, and
minus the leaf's number if the targets end there. Node 0 is the root.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from induction.bits import BitsLike, as_bits, to_text

DEEPEST = 22  # all strings of this length: a ledger of 2^23 rows of five


@dataclass(frozen=True, eq=False)
class Targets:
    """A tree of target strings.

    Parameters
    ----------
    follow : numpy.ndarray
        Shape (2 * interior nodes,), int64: see the module's header.
    nodes : int
        Nodes in all, leaves included: the rows of a ledger.
    depth : int
        Length of the longest target.
    leaves : numpy.ndarray
        Node numbers of the targets' ends, in the order in which the targets were given.
    missing : numpy.ndarray
        Shape (nodes,): the fewest bits that a target still has below each node.
    """

    follow: np.ndarray
    nodes: int
    depth: int
    leaves: np.ndarray
    missing: np.ndarray


def single(bits: BitsLike) -> Targets:
    """One target of at least one bit; node i stands for its first i bits."""
    target = as_bits(bits)
    length = len(target)
    follow = np.zeros(2 * length, dtype=np.int64)
    positions = np.arange(length)
    follow[2 * positions + target] = positions + 1
    follow[2 * (length - 1) + int(target[-1])] = -length
    return Targets(follow, length + 1, length, np.array([length]), length - np.arange(length + 1))


def every(depth: int) -> Targets:
    """All strings of `depth` bits; node numbers are those of a binary heap (children 2i + 1 and 2i + 2)."""
    interior = (1 << depth) - 1
    follow = np.arange(1, 2 * interior + 1, dtype=np.int64)
    follow[interior - 1 :] *= -1
    leaves = np.arange(interior, 2 * interior + 1)
    levels = np.repeat(np.arange(depth + 1), 1 << np.arange(depth + 1))
    return Targets(follow, 2 * interior + 1, depth, leaves, depth - levels)


@functools.cache
def table(levels: int) -> np.ndarray:
    """The `follow` of all strings of `levels` bits, made once: outputs are read off from the nodes that they lead to.

    Node ``(1 << k) - 1`` is the leftmost with `levels` - k levels below it.
    """
    return every(levels).follow


def several(strings: list[BitsLike]) -> Targets:
    """Several targets as a trie. All need the same length, so that none ends inside another.

    Raises
    ------
    ValueError
        If lengths differ, or there are no targets or no bits.
    """
    rows = [as_bits(bits) for bits in strings]
    lengths = sorted({len(row) for row in rows})
    if len(lengths) != 1 or lengths[0] == 0:
        raise ValueError(f"targets of lengths {lengths} are given; they all need one length of at least 1 bit")
    children: list[list[int]] = [[0, 0]]
    ends: list[int] = []
    paths: dict[bytes, int] = {}
    for row in rows:
        node = 0
        for bit in row[:-1]:
            if not children[node][bit]:
                children[node][bit] = len(children)
                children.append([0, 0])
            node = children[node][bit]
        ends.append(node)
    interior = len(children)
    leaves = []
    for row, node in zip(rows, ends, strict=True):
        leaf = paths.setdefault(row.tobytes(), interior + len(paths))
        children[node][row[-1]] = -leaf
        leaves.append(leaf)
    follow = np.array(children, dtype=np.int64).reshape(-1)
    missing = np.zeros(interior + len(paths), dtype=np.int64)
    for node in range(interior):  # children come after their parents
        for child in children[node]:
            if child > 0:
                missing[child] = missing[node] - 1
    missing[:interior] += lengths[0]
    return Targets(follow, interior + len(paths), lengths[0], np.array(leaves), missing)


def heap_name(node: int) -> str:
    """The string that a node of :func:`every` stands for."""
    path = format(node + 1, "b")[1:]
    return to_text(int(c) for c in path)
