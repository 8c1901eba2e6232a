"""Bit predictors: the two-method contract, the Bayes mixture over anything that keeps it, classical ones.

Importing this package compiles nothing and does not import numba.
"""

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
from induction.predictors.mixture import Mixture, Regret, Standing
from induction.predictors.uniform import Uniform

__all__ = [
    "BitPredictor",
    "ExactPredictor",
    "KrichevskyTrofimov",
    "Mixture",
    "Regret",
    "RiverAdapter",
    "Specialist",
    "Standing",
    "Uniform",
    "fresh",
    "is_exact",
    "total_loss",
]
