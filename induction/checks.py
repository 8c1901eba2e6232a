"""Contracts that run: what a machine and what a predictor must keep, checked on many small cases.

``check_machine`` is the acceptance test of a reference machine, ``check_predictor`` that of a bit
predictor; the tests use them on everything in the package, and you can on your own. Each raises an
AssertionError with one line that names the statement violated.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import CellType, FunctionType
from typing import Any

import numpy as np

from induction.budget import UNLIMITED, Budget
from induction.enumeration.frontier import PACKED_CELLS, Frontier
from induction.enumeration.runner import Runner, program_bits, program_text
from induction.enumeration.targets import every, heap_name
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT, TIMEOUT, Ledger, enumerate_programs
from induction.machines import get
from induction.machines.machine import DEADLINE, FIRST, LEAF, NEED, NODE, STEPS, Kernels, Machine
from induction.predictor_checks import check_predictor

__all__ = ["CheckedPointer", "Report", "check_machine", "check_predictor", "plain_kernels"]
