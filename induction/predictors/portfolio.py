"""A portfolio: the classical predictors in one Bayes mixture, weights on show."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from induction.predictors.berlekamp_massey import BerlekampMassey
from induction.predictors.context_tree import DEEPEST, ContextTree
from induction.predictors.contract import Specialist
from induction.predictors.krichevsky_trofimov import KrichevskyTrofimov
from induction.predictors.lempel_ziv import LempelZiv
from induction.predictors.mixture import Mixture
from induction.predictors.uniform import Uniform


def portfolio(depth: int = DEEPEST, weights: Mapping[str, Fraction] | None = None) -> Mixture:
    """A mixture of all the classical predictors, which loses at most log2(1/weight) bits beyond the best.

    Parameters
    ----------
    depth : int
        Longest context of the context tree, 0 to 48.
    weights : mapping of str to Fraction, optional
        Prior weights of ``uniform``, ``krichevsky_trofimov``, ``context_tree``, ``berlekamp_massey`` and
        ``lempel_ziv``; 1/5 each by default.

    Returns
    -------
    Mixture
        Untrained; ``.weights`` shows the prior weights, ``.posterior()`` those after the data.

    Raises
    ------
    ValueError
        If `depth` or a weight is out of range, or a name unknown or missing.

    Examples
    --------
    >>> mixture = portfolio(depth=8)
    >>> for bit in (0, 1) * 50:
    ...     mixture = mixture.learn_one(bit)
    >>> mixture.posterior(1)[0].name
    'berlekamp_massey'
    """
    members: dict[str, Specialist] = {
        "uniform": Uniform(),
        "krichevsky_trofimov": KrichevskyTrofimov(),
        "context_tree": ContextTree(depth),
        "berlekamp_massey": BerlekampMassey(),
        "lempel_ziv": LempelZiv(),
    }
    return Mixture(members, weights)
