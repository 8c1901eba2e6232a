"""Context-tree weighting: the Bayes mixture of all tree sources up to a depth, in linear time.

A tree source looks at the last few bits, as many as a binary tree says, and has one fixed rate at
each leaf. Context-tree weighting (Willems, Shtarkov, Tjalkens 1995) mixes all trees of depth at most D,
a tree of k leaves, l of them at depth D, having prior weight 2^-(2k - 1 - l), with the
Krichevsky–Trofimov estimator at every leaf. Each node keeps the ratio of its own estimate to its
children's, so a bit costs one walk down the context and one back up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from induction.bits import as_bit
from induction.bounds.losses import log_loss
from induction.budget import whole_number

DEEPEST = 48
_FIRST = 64  # rows and bits to begin with; both grow by doubling


class ContextTree:
    """Predicts the next bit by context-tree weighting. Bits before the start of the data count as 0.

    On every string it loses at most, beyond the best tree source of k leaves and depth below D,
    2k - 1 bits for the tree and k (½ log2(n / k) + 1) bits for the rates, n ≥ k.

    Parameters
    ----------
    depth : int
        D, the longest context in bits, 0 to 48; 0 is the Krichevsky–Trofimov estimator.

    Attributes
    ----------
    loss_bits : float
        Cumulative log loss in bits, rounded to nearest.

    Raises
    ------
    ValueError
        If `depth` is out of range.

    Notes
    -----
    Floats: each prediction is a sum of positive products, so rounding errors do not grow where
    probabilities are small. At most `depth` nodes of 32 bytes a bit, about two on data without repeats.
    """

    def __init__(self, depth: int = DEEPEST) -> None:
        self.depth = whole_number("depth", depth, DEEPEST, "context bits", smallest=0)
        kernel = _kernel()
        self.loss_bits = 0.0
        self._history = np.zeros(_FIRST, dtype=np.uint8)
        self._nodes = np.array([1, 0, self.depth, 0], dtype=np.int64)
        self._tree = kernel.empty(_FIRST)
        self._path = np.zeros(self.depth + 1, dtype=np.int64)
        self._chances = np.zeros((self.depth + 2, 4))
        self._predicted = False

    def __repr__(self) -> str:
        return f"ContextTree(depth={self.depth})"

    @property
    def nodes(self) -> int:
        """Nodes in use."""
        return int(self._nodes[0])

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution."""
        if not self._predicted:
            self._make_room()
            _kernel().descend(self._history, self._nodes, self._tree, self._path, self._chances)
            self._predicted = True
        return {0: float(self._chances[0, 0]), 1: float(self._chances[0, 1])}

    def learn_one(self, bit: int) -> ContextTree:
        """Update the nodes on the current context's path. ValueError if `bit` is not 0 or 1."""
        bit = as_bit(bit)
        self.loss_bits += log_loss(self.predict_proba_one()[bit])
        _kernel().ascend(self._history, self._nodes, self._tree, self._path, self._chances, bit)
        self._predicted = False
        return self

    def _make_room(self) -> None:
        rows, bits = int(self._nodes[0]) + self.depth + 2, int(self._nodes[1]) + 1
        if bits > len(self._history):
            self._history = np.concatenate([self._history, np.zeros_like(self._history)])
        if rows > len(self._tree[3]):
            more = _kernel().empty(max(rows, len(self._tree[3])))
            self._tree = tuple(np.concatenate(pair) for pair in zip(self._tree, more, strict=True))

    def clone(self) -> ContextTree:
        """A fresh one of the same depth that has seen nothing."""
        return ContextTree(self.depth)


def _kernel() -> Any:
    from induction.predictors import context_tree_kernel  # numba is slow to import

    return context_tree_kernel
