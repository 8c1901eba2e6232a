"""The compiled part of context-tree weighting: walk down one context, and back up.

A node is a row of four arrays: `children` (two rows, 0 where there is none; the root, row 0, is
nobody's child), `counts` of zeros and ones, `log_ratio` (natural logarithm of the node's own
estimate of its bits over its children's), and `tail`. A node that was visited once needs no nodes
below it: they would all say the same. It is a *tail* and keeps the position of the only bit it has
seen; when the context comes by again, the tail is pushed one level down. So memory is about two
nodes a bit on data without repeats and never more than `depth` nodes a bit.

Positions count bits from 0; the context of position t at depth d is the bit t - d, and 0 before the start.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _context(history, position, depth):
    """The bit that lies `depth` positions back, 0 before the start of the data."""
    at = position - depth
    bit = 0
    if at >= 0:
        bit = int(history[at])
    return bit


@njit(cache=True, nogil=True)
def descend(history, nodes, tree, path, chances):
    """Predict the bit at position `nodes[1]`: fill the path's rows and its chances, pushing tails down.

    Parameters
    ----------
    history : uint8 array, shape (capacity,)
        The bits so far.
    nodes : int64 array, shape (4,)
        Rows in use, bits so far, depth, and (written) the depth at which the path ends.
    tree : tuple of arrays
        children int32 (rows, 2), counts int32 (rows, 2), log_ratio float64 (rows,), tail int64 (rows,);
        with room for depth + 1 more rows.
    path : int64 array, shape (depth + 1,)
        Written: the path's rows, from the root.
    chances : float64 array, shape (depth + 2, 4)
        Written, by depth: what the weighted subtree says of 0 and 1, and what the node's own counts say.
    """
    children, counts, log_ratio, tail = tree
    position = nodes[1]
    depth = nodes[2]
    node = 0
    level = 0
    path[0] = 0
    going = depth > 0
    while going:
        seen = tail[node]
        if seen >= 0:
            below = nodes[0]
            nodes[0] += 1
            children[node, _context(history, seen, level + 1)] = below
            counts[below, history[seen]] = 1
            tail[node] = -1
            tail[below] = seen
        child = children[node, _context(history, position, level + 1)]
        if child != 0:
            level += 1
            node = child
            path[level] = child
        going = child != 0 and level < depth
    nodes[3] = level
    chances[level + 1, 0] = 0.5
    chances[level + 1, 1] = 0.5
    for at in range(level, -1, -1):
        node = path[at]
        whole = counts[node, 0] + counts[node, 1] + 1.0
        own = 1.0
        other = 0.0
        if at < depth:
            ratio = log_ratio[node]
            small = math.exp(-abs(ratio))
            own = 1.0 / (1.0 + small)
            other = small * own
            if ratio < 0.0:
                own, other = other, own
        for bit in range(2):
            estimate = (counts[node, bit] + 0.5) / whole
            chances[at, 2 + bit] = estimate
            chances[at, bit] = own * estimate + other * chances[at + 1, bit]


@njit(cache=True, nogil=True)
def ascend(history, nodes, tree, path, chances, bit):
    """Learn the bit that :func:`descend` has just predicted: new counts and ratios along the path.

    Parameters as there, after it; `history` and `tree` have room for one more.
    """
    children, counts, log_ratio, tail = tree
    position = nodes[1]
    depth = nodes[2]
    level = nodes[3]
    history[position] = bit
    for at in range(level + 1):
        node = path[at]
        counts[node, bit] += 1
        if at < depth:
            log_ratio[node] += math.log(chances[at, 2 + bit] / chances[at + 1, bit])
    if level < depth:
        below = nodes[0]
        nodes[0] += 1
        children[path[level], _context(history, position, level + 1)] = below
        counts[below, bit] = 1
        tail[below] = position
    nodes[1] += 1


def empty(rows):
    """The four arrays of a tree with room for `rows` nodes, all unused."""
    return (
        np.zeros((rows, 2), dtype=np.int32),
        np.zeros((rows, 2), dtype=np.int32),
        np.zeros(rows, dtype=np.float64),
        np.full(rows, -1, dtype=np.int64),
    )
