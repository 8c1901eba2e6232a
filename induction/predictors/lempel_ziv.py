"""Lempel and Ziv's incremental parsing of 1978, as a proper probability.

The data are cut into phrases, each the shortest not seen before. The phrases form a binary tree;
where the current phrase stands in it, a branch is predicted in proportion to the leaves below it
(Langdon 1983; Rissanen 1983; Feder, Merhav, Gutman 1992).
"""

from __future__ import annotations

from fractions import Fraction

from induction.bits import as_bit
from induction.bounds.losses import log_loss


class LempelZiv:
    """Predicts bit b with probability (leaves below branch b) / (leaves below the current node).

    The tree starts as a root with two leaves. A phrase walks from the root to a leaf, which then gets two
    leaves of its own. Every leaf is equally likely, so the c-th phrase costs log2(c + 1) bits and
    data of exactly c phrases cost log2((c + 1)!).

    Attributes
    ----------
    phrases : int
        Complete phrases so far.
    loss_bits : float
        Cumulative log loss in bits, rounded to nearest.

    Notes
    -----
    Constant time a bit, amortised; memory proportional to the number of phrases.
    """

    def __init__(self) -> None:
        # A node owns two branches; per branch the node it leads to (0 for a leaf) and its leaves.
        self._children = [[0, 0]]
        self._leaves = [[1, 1]]
        self._path = [0]
        self._phrase: list[int] = []
        self.phrases = 0
        self.loss_bits = 0.0

    def __repr__(self) -> str:
        return f"LempelZiv(phrases={self.phrases})"

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution."""
        zero, one = self._leaves[self._path[-1]]
        return {0: zero / (zero + one), 1: one / (zero + one)}

    def predict_exact(self) -> dict[int, Fraction]:
        """The same as Fractions."""
        zero, one = self._leaves[self._path[-1]]
        return {0: Fraction(zero, zero + one), 1: Fraction(one, zero + one)}

    def learn_one(self, bit: int) -> LempelZiv:
        """Take the branch; at a leaf the phrase ends and the tree grows. ValueError if `bit` is not 0 or 1."""
        bit = as_bit(bit)
        self.loss_bits += log_loss(self.predict_proba_one()[bit])
        self._phrase.append(bit)
        child = self._children[self._path[-1]][bit]
        if child:
            self._path.append(child)
            return self
        self._children[self._path[-1]][bit] = len(self._children)
        self._children.append([0, 0])
        self._leaves.append([1, 1])
        for node, branch in zip(self._path, self._phrase, strict=True):
            self._leaves[node][branch] += 1
        self._path, self._phrase = [0], []
        self.phrases += 1
        return self

    def clone(self) -> LempelZiv:
        """A fresh one with an empty tree."""
        return LempelZiv()
