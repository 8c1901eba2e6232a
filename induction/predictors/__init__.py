"""Bit predictors: the two-method contract, the Bayes mixture over anything that keeps it, classical ones.

Importing this package compiles nothing and does not import numba; the context tree does when one is made.
"""

from induction.predictors.berlekamp_massey import BerlekampMassey
from induction.predictors.context_tree import ContextTree
from induction.predictors.contract import (
    BitPredictor,
    ExactPredictor,
    RiverAdapter,
    Specialist,
    fresh,
    is_exact,
    total_loss,
)
from induction.predictors.krichevsky_trofimov import KrichevskyTrofimov
from induction.predictors.lempel_ziv import LempelZiv
from induction.predictors.mixture import Mixture, Regret, Standing
from induction.predictors.portfolio import portfolio
from induction.predictors.uniform import Uniform

__all__ = [
    "BerlekampMassey",
    "BitPredictor",
    "ContextTree",
    "ExactPredictor",
    "KrichevskyTrofimov",
    "LempelZiv",
    "Mixture",
    "Regret",
    "RiverAdapter",
    "Specialist",
    "Standing",
    "Uniform",
    "fresh",
    "is_exact",
    "portfolio",
    "total_loss",
]
