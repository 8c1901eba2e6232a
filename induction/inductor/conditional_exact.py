"""The mixture over programs that label inputs, in integers."""

from __future__ import annotations

import math

import numpy as np

from induction.bounds.losses import odd_product
from induction.enumeration.inputs_kernels import ERRORS, HITS, MASS, REPLACED


def joint(entries: np.ndarray, answers: np.ndarray, rounds: int) -> tuple[int, int]:
    """xi of all labels and then a 0, and then a 1, in a common unit.

    With `errors` and `hits` of its own, and ½ in each other of n rounds, a hypothesis gives the labels the
    probability (2 errors - 1)!! (2 hits - 1)!! / (2^n (errors + hits)!): the Krichevsky–Trofimov estimator's.

    Parameters
    ----------
    entries : numpy.ndarray
        Hypotheses, shape (n, columns): see :mod:`induction.enumeration.inputs`.
    answers : numpy.ndarray
        Shape (n,): what they say of the next input: 2 and 3 for labels 0 and 1, 1 for nothing.
    rounds : int
        n, the next one included.

    Returns
    -------
    (int, int)
    """
    whole = math.factorial(rounds)
    records, place = np.unique(
        np.column_stack((entries[:, ERRORS], entries[:, HITS], answers)), axis=0, return_inverse=True
    )
    masses = np.zeros(len(records), dtype=np.int64)
    np.add.at(masses, place.reshape(-1), entries[:, MASS])
    result = [0, 0]
    for (errors, hits, answer), mass in zip(records.tolist(), masses.tolist(), strict=True):
        if answer == REPLACED:
            continue
        for label in (0, 1):
            right = hits + (answer == 2 + label)
            wrong = errors + (answer == 3 - label)
            result[label] += mass * odd_product(wrong) * odd_product(right) * (whole // math.factorial(wrong + right))
    return result[0], result[1]
