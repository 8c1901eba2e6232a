"""From inputs to labels: every program, run on each input, says what its label is.

The rules that a program has read, and its position on the program tape, persist from one input to
the next; its memory is fresh. So a program is the string of bits that the inputs so far have made
the machine read, and its weight is 2^-length.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Self

import numpy as np

from induction.bits import BitsLike, as_bit, as_bits, from_integer, to_text
from induction.bounds.tracker import Standing
from induction.budget import whole_number
from induction.enumeration.entries import PROGRAM, SIZE
from induction.enumeration.inputs import InputHypotheses
from induction.enumeration.inputs_kernels import LOG_MASS, LOSS
from induction.enumeration.walk import compiled
from induction.inductor.conditional_exact import joint
from induction.inductor.conditional_kernel import LABEL, PROBABILITY, learn, weigh
from induction.inductor.conditional_records import Hypothesis, LabelMasses, as_pairs, hypothesis, written
from induction.inductor.online import Tracked, check_count, distribution
from induction.machines import get, names
from induction.machines.machine import Machine

READINGS = {"label": LABEL, "probability": PROBABILITY}
ENCODINGS = ("raw", "delimited")
TOLERANCE = 1e-9  # bits: see `tolerance`
MOST_PRECISION = 16
_DEFAULT_LENGTH = 18


class ConditionalPredictor(Tracked):
    """Bounded induction from inputs x to labels y, online.

    The mixture of all programs of at most L bits, each run on every input within T steps for each
    output bit, with exact weights 2^-length that add up to 1. Inputs may be of any length, chosen
    by anyone, in any order; they are not predicted. A program remembers its rules and nothing else.

    Parameters
    ----------
    machine : str or Machine
        One that takes inputs: ``queue`` or ``turing``.
    max_length : int
        L, in bits, 1 to 62. Time and memory grow about 1.8 times a bit.
    max_steps : int, optional
        T; the default is the machine's.
    reading : {"label", "probability"}
        ``label``: the first output bit is the predicted label, its error rate is learned by the
        Krichevsky–Trofimov estimator. ``probability``: the output bits b1 ... bk, up to `precision`,
        say P(1) = (their number + ½) / 2^k. Silent or out of time: ½ by either.
    encoding : {"raw", "delimited"}
        ``raw``: x itself. ``delimited``: a 1 before every bit, so that a machine can see the end.
    precision : int, optional
        Most bits of a ``probability``, 1 to 16; 8 by default.
    total : int, optional
        Most steps of a run in all; no limit by default.

    Raises
    ------
    ValueError
        If a parameter is unknown or out of range, or the machine takes no inputs.

    Notes
    -----
    Masses, counts and lengths are integers. Only their sum is taken in floating point: losses and bounds
    are within 1e-9 bits (see :func:`tolerance` for very long data), `loss_bits` is rounded down by that
    much and `bound_bits` up. :meth:`predict_exact` gives Fractions.

    Examples
    --------
    >>> from induction import ConditionalPredictor
    >>> p = ConditionalPredictor(max_length=10)
    >>> for x in ("01", "10", "11", "00", "01", "10", "11", "00") * 2:
    ...     p = p.learn_one(x, int(x[0]))
    >>> round(p.predict_proba_one("10110")[1], 3)
    0.968
    >>> p.posterior(1)[0].text
    '0,0: 0; 0,1: 1'
    """

    def __init__(
        self,
        machine: str | Machine = "queue",
        max_length: int = _DEFAULT_LENGTH,
        max_steps: int | None = None,
        *,
        reading: str = "label",
        encoding: str = "raw",
        precision: int | None = None,
        total: int | None = None,
    ) -> None:
        chosen = get(machine)
        if chosen.kernels.restart is None:
            able = [name for name in names() if get(name).kernels.restart is not None]
            raise ValueError(f"machine {chosen.name} takes no inputs; machines that do are {', '.join(able)}")
        if reading not in READINGS:
            raise ValueError(f"there is no reading {reading!r}; readings of an output are {', '.join(READINGS)}")
        if encoding not in ENCODINGS:
            raise ValueError(f"there is no encoding {encoding!r}; encodings of an input are {', '.join(ENCODINGS)}")
        self.precision = _precision(precision, reading)
        parameters = {
            "machine": machine,
            "max_length": max_length,
            "max_steps": max_steps,
            "reading": reading,
            "encoding": encoding,
            "precision": None if reading == "label" else self.precision,
            "total": total,
        }
        super().__init__(chosen, chosen.budget(max_length, max_steps, total), parameters)
        self.reading, self.encoding = reading, encoding
        self._hypotheses = InputHypotheses(chosen, self.budget, self.precision)
        self._log_sums = np.zeros((2, 1))
        self._input: bytes | None = None  # that the hypotheses have been run on
        self._ran = 0
        self._whole = True  # not interrupted in the middle of learning
        self._masses = np.zeros(3, dtype=np.int64)
        self._sums = np.zeros(3)
        self._booked = [Standing(0, 0.0, 0.0, 0.0, 0.0, "", 0, 0.0)]
        self._pairs: list[tuple[bytes, int]] = []

    @property
    def _standings(self) -> list[Standing]:
        return self._booked

    def _copied(self, memo: dict[int, Any]) -> dict[str, Any]:
        return super()._copied(memo) | {"_input": None}  # what hypotheses said of it is not copied

    def __repr__(self) -> str:
        return (
            f"ConditionalPredictor(machine={self.machine!r}, max_length={self.budget.max_length}, "
            f"max_steps={self.budget.max_steps}, reading={self.reading!r}, encoding={self.encoding!r})"
            f"  # {self.rounds} pairs learned"
        )

    # -- predicting and learning ----------------------------------------------------------------

    def predict_proba_one(self, x: BitsLike) -> dict[int, float]:
        """The label's distribution for an input, ``{0: float, 1: float}``; the two floats sum to 1. Learns nothing."""
        with self._lock:
            self._run(x)
            _, zero, one = self._sums.tolist()
        return distribution(zero, one)

    def predict_exact(self, x: BitsLike) -> dict[int, Fraction]:
        """The same in Fractions, for reading ``label``; ValueError for the other, whose losses are floats."""
        if self.reading != "label":
            raise ValueError("exact predictions are known for reading 'label'; use predict_proba_one")
        with self._lock:
            self._run(x)
            zero, one = self._joint()
        return {0: Fraction(zero, zero + one), 1: Fraction(one, zero + one)}

    def learn_one(self, x: BitsLike, y: int) -> Self:
        """Learn the label of an input; returns the predictor. ValueError if `y` is not 0 or 1."""
        y = as_bit(y, "label")
        data = as_bits(x, "input")
        with self._lock:
            self._run(data)
            self._learn(y)
            self._pairs.append((data.tobytes(), y))
            self._whole = True
        return self

    def _learn(self, y: int) -> None:
        """Learn the label of the input that all have been run on."""
        last = self.standing
        rounds = last.rounds + 1
        mistaken = self._mistaken(y)
        loss = self.budget.max_length - float(self._sums[0]) - math.log2(self._sums[1 + y])
        halves, whole = self._tables(rounds)
        h = self._hypotheses
        reading = READINGS[self.reading]
        args = h.entries, h.floats, h.answers, self._ran, reading, y, halves, whole
        self._input, self._whole = None, False
        count, row = compiled(learn, h.machine)(*args)
        margin = tolerance(rounds, self.reading)
        bound = float(h.entries[row, SIZE] + h.floats[row, LOSS]) + margin
        competitor = from_integer(int(h.entries[row, PROGRAM]), int(h.entries[row, SIZE]))
        h.keep(count)
        most = math.floor(loss + margin)
        loss = max(0.0, last.loss_bits, loss - margin)
        self._booked.append(Standing(rounds, loss, loss, bound, bound, competitor, last.mistakes + mistaken, most))

    def learn_many(self, data: Iterable[tuple[BitsLike, int]]) -> Self:
        """Learn pairs (x, y) one after another; returns the predictor."""
        for x, y in data:
            self.learn_one(x, y)
        return self

    @property
    def data(self) -> list[tuple[str, int]]:
        """The pairs learned so far: inputs as text, and their labels."""
        with self._lock:
            return [(to_text(x), y) for x, y in self._pairs]

    @property
    def rounds(self) -> int:
        """How many pairs have been learned."""
        return self.standing.rounds

    # -- what is behind it ----------------------------------------------------------------------

    @property
    def hypotheses(self) -> int:
        """How many hypotheses there are, equal ones merged."""
        with self._lock:
            return self._hypotheses.size

    def masses(self, x: BitsLike) -> LabelMasses:
        """Prior masses by what hypotheses say of an input. Learns nothing."""
        with self._lock:
            self._run(x)
            return LabelMasses(*self._masses.tolist())

    def posterior(self, count: int = 10) -> list[Hypothesis]:
        """The `count` heaviest hypotheses after all pairs so far, heaviest first."""
        count = check_count(count)
        with self._lock:
            heights = self._seen()[:, LOG_MASS] - self._seen()[:, LOSS]
            shares = np.exp2(heights - heights.max())
            shares /= shares.sum()
            rows = self._hypotheses.entries[: len(heights)]
            order = np.lexsort((rows[:, PROGRAM], rows[:, SIZE], -heights))[:count]
            return [hypothesis(self._hypotheses, int(i), float(shares[i])) for i in order]

    def records(self) -> tuple[np.ndarray, np.ndarray]:
        """Of every hypothesis, equal ones merged, what the loss is held against.

        Returns
        -------
        (numpy.ndarray, numpy.ndarray)
            log2(1 / weight) and own cumulative loss, in bits, each of shape (hypotheses,).
        """
        with self._lock:
            floats = self._seen()
            return self.budget.max_length - floats[:, LOG_MASS], floats[:, LOSS].copy()

    # -- inside ---------------------------------------------------------------------------------

    def _run(self, x: BitsLike) -> None:
        """Run all on an input, and sum up what they say; nothing to do if that was the last input asked for."""
        data = as_bits(x, "input")
        self._check_whole()
        if self._input == data.tobytes():
            return
        self._input = None
        h = self._hypotheses
        cells = data
        if self.encoding == "delimited":
            cells = np.ones(2 * len(data), dtype=np.uint8)
            cells[1::2] = data
        self._ran = h.run(cells)
        args = h.entries, h.floats, h.answers, self._ran, READINGS[self.reading], self._masses, self._sums
        compiled(weigh, h.machine)(*args)
        self._input = data.tobytes()

    def _seen(self) -> np.ndarray:
        """The floats of all hypotheses for the pairs so far."""
        self._check_whole()
        return self._hypotheses.floats[: self._hypotheses.size]

    def _check_whole(self) -> None:
        if not self._whole:
            text = "the predictor was interrupted while it learned a label"
            raise RuntimeError(f"{text}; make a new one: clone() it, or save() it and load() the pairs learned before")

    def _written(self) -> Any:
        return written(self.data)

    _as_learned = staticmethod(as_pairs)

    def _joint(self) -> tuple[int, int]:
        h = self._hypotheses
        return joint(h.entries[: self._ran], h.answers[: self._ran], self.rounds + 1)

    def _mistaken(self, y: int) -> bool:
        """Whether the label was not the likelier one: by exact arithmetic where labels are too near to tell."""
        sums: tuple[float, float] | tuple[int, int] = float(self._sums[1]), float(self._sums[2])
        if self.reading == "label" and abs(sums[0] - sums[1]) <= TOLERANCE * (sums[0] + sums[1]):
            sums = self._joint()
        return sums[y] <= sums[1 - y]

    def _tables(self, rounds: int) -> tuple[np.ndarray, np.ndarray]:
        """Sums of log2(i - ½) and of log2(i), for i from 1 to 0, 1, ..., `rounds`."""
        if rounds >= self._log_sums.shape[1]:
            numbers = np.arange(1, 2 * rounds + 64, dtype=np.longdouble)
            self._log_sums = np.zeros((2, 2 * rounds + 64))
            self._log_sums[0, 1:] = np.cumsum(np.log2(numbers - 0.5))
            self._log_sums[1, 1:] = np.cumsum(np.log2(numbers))
        return self._log_sums[0, : rounds + 1], self._log_sums[1, : rounds + 1]


def _precision(precision: int | None, reading: str) -> int:
    """How many output bits a run is for."""
    if precision is None:
        return 1 if reading == "label" else 8
    if reading == "label":
        raise ValueError(f"precision is {precision!r}; a label is one bit: leave it out, or read a 'probability'")
    return whole_number("precision", precision, MOST_PRECISION, "bits")


def tolerance(rounds: int, reading: str) -> float:
    """Bits that floating point may put a loss off by after so many rounds.

    For labels, losses come from counts and tables, and only the numbers' size matters; for probabilities,
    they are added up.
    """
    return TOLERANCE * max(1.0, rounds / 2**16 if reading == "label" else (rounds / 2**11) ** 2)
