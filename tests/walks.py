"""Walks that tests begin in the middle of the tree."""

from __future__ import annotations

import numpy as np

from induction.budget import NO_PROGRAM
from induction.enumeration.walk import FATES, begin, compiled, walk


def below(machine, budget, targets, path, matches_only=False):
    """The ledger of a walk below the fork that a path of options leads to."""
    memory = machine.memory(budget, targets.depth, defer=machine.defers)
    masses = np.zeros((targets.nodes, FATES), dtype=np.int64)
    found = np.full((targets.nodes, 2), NO_PROGRAM, dtype=np.int64)
    cursor = np.zeros(3, dtype=np.int64)
    compiled(begin, machine)(memory, targets.follow, masses, cursor, np.array(path, dtype=np.int64))
    while not compiled(walk, machine, matches_only)(
        memory, targets.follow, targets.missing, masses, found, cursor, 10**6
    ):
        pass
    return masses, found
