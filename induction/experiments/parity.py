"""How far does it reach? The parity of inputs of any length, at several length budgets."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from induction.bits import from_integer
from induction.bounds.losses import krichevsky_trofimov_probability
from induction.dyadic import log2_above
from induction.inductor.conditional import ConditionalPredictor
from induction.sources.tasks import mixed_length_inputs, pairs, task

PARITY_PROGRAM = "01001000001110001100100000"
"""``0,0: 0; 0,1: > 1; 1,0: > 0; 1,1: > 2``, and for an odd number so far ``2,0: 1; 2,1: > 3; 3,0: > 2; 3,1: > 0``."""


@dataclass(frozen=True)
class ParityRow:
    """What a length budget did with the parity of whole inputs.

    Parameters
    ----------
    max_length : int
        L.
    hypotheses : int
        At the end.
    seconds : float
        Of processor time.
    loss_bits, bound_bits : float
        The mixture's loss on all pairs, and its ceiling.
    last_mistake : int
        The last pair that was mistaken.
    best : str
        The heaviest hypothesis's rules.
    """

    max_length: int
    hypotheses: int
    seconds: float
    loss_bits: float
    bound_bits: float
    last_mistake: int
    best: str

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class ParityResult:
    """Parity of delimited inputs, by length budget, beside the program that people write for it."""

    max_steps: int
    pairs: int
    program: str
    program_loss_bits: float  # |p| and the Krichevsky-Trofimov loss of a program that is never wrong
    rows: tuple[ParityRow, ...]

    def to_json(self) -> dict[str, Any]:
        """All fields."""
        return {**self.__dict__, "rows": [row.to_json() for row in self.rows]}


def parity_inputs(seed: int = 0) -> Iterator[str]:
    """All inputs of up to 2 bits, the short ones first, then endlessly many of 0 to 6 bits.

    Short inputs first make the machine read the rules of the program for parity in an order in which the program takes
    26 bits; other orders take a bit more.
    """
    for length in range(3):
        yield from (from_integer(value, length) for value in range(1 << length))
    yield from mixed_length_inputs(0, 6, seed)


def parity(
    lengths: Sequence[int] = (20, 22, 24, 26),
    *,
    count: int = 64,
    max_steps: int = 64,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> ParityResult:
    """Learn the parity of inputs of any length, delimited, at several length budgets.

    Parameters
    ----------
    lengths : sequence of int
        The budgets L. At L = 26 there are a million hypotheses, in half a gigabyte; a bit more is 1.6 times that.
    count : int
        How many pairs.
    max_steps : int
        T.
    seed : int
        Of the inputs: see :func:`parity_inputs`.
    progress : callable, optional
        Told (pairs done, pairs in all).
    """
    rows = []
    ConditionalPredictor("queue", 4, encoding="delimited").learn_one("0", 0)  # the first use loads the kernels
    data = list(pairs(task("parity"), parity_inputs(seed), count))
    for number, length in enumerate(lengths):
        began = time.process_time()
        own = ConditionalPredictor("queue", length, max_steps, encoding="delimited")
        for x, y in data:
            own.learn_one(x, y)
            if progress is not None:
                progress(number * count + own.rounds, len(lengths) * count)
        seconds = time.process_time() - began
        mistaken = [s.rounds for last, s in itertools.pairwise(own.history) if s.mistakes > last.mistakes]
        best = own.posterior(1)[0].text
        row = (length, own.hypotheses, seconds, own.loss_bits, own.bound_bits, max(mistaken, default=0), best)
        rows.append(ParityRow(*row))
    loss = log2_above(1 / krichevsky_trofimov_probability(0, count))
    return ParityResult(max_steps, count, PARITY_PROGRAM, len(PARITY_PROGRAM) + loss, tuple(rows))
