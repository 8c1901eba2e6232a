"""From inputs to labels: every program, run on each input, says what its label is.

The rules that a program has read, and its position on the program tape, persist from one input to
the next; its memory is fresh. So a program is the string of bits that the inputs so far have made
the machine read, and its weight is 2^-length.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from induction.bits import BitsLike, as_bit, as_bits, from_integer
from induction.bounds.tracker import Standing
from induction.budget import whole_number
from induction.enumeration.inputs import ERRORS, HITS, LOG_MASS, LOSS, MASS, PROGRAM, SIZE, USED_UP, Hypotheses
from induction.enumeration.walk import compiled
from induction.inductor.conditional_exact import joint
from induction.inductor.conditional_kernel import LABEL, PROBABILITY, learn, weigh
from induction.inductor.conditional_records import Hypothesis, LabelMasses
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
        parameters = {
            "machine": machine,
            "max_length": max_length,
            "max_steps": max_steps,
            "reading": reading,
            "encoding": encoding,
            "precision": precision,
            "total": total,
        }
        super().__init__(chosen, chosen.budget(max_length, max_steps, total), parameters)
        self.reading, self.encoding = reading, encoding
        self.precision = _precision(precision, reading)
        self._hypotheses = Hypotheses(chosen, self.budget, self.precision)
        self._log_sums = np.zeros((2, 1))
        self._input: bytes | None = None  # that the hypotheses have been run on
        self._ran = 0
        self._whole = True  # not interrupted in the middle of learning
        self._masses = np.zeros(3, dtype=np.int64)
        self._sums = np.zeros(3)
        self._booked = [Standing(0, 0.0, 0.0, 0.0, 0.0, "", 0, 0.0)]

    @property
    def _standings(self) -> list[Standing]:
        return self._booked

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_input": None}

    def __repr__(self) -> str:
        return (
            f"ConditionalPredictor(machine={self.machine!r}, max_length={self.budget.max_length}, "
            f"max_steps={self.budget.max_steps}, reading={self.reading!r}, encoding={self.encoding!r})"
            f"  # {self.rounds} pairs learned"
        )

    # -- predicting and learning ----------------------------------------------------------------

    def predict_proba_one(self, x: BitsLike) -> dict[int, float]:
        """The label's distribution for an input, ``{0: float, 1: float}``; the two floats sum to 1. Learns nothing."""
        self._run(x)
        _, zero, one = self._sums.tolist()
        return distribution(zero, one)

    def predict_exact(self, x: BitsLike) -> dict[int, Fraction]:
        """The same in Fractions, for reading ``label``; ValueError for the other, whose losses are floats."""
        if self.reading != "label":
            raise ValueError("exact predictions are known for reading 'label'; use predict_proba_one")
        self._run(x)
        zero, one = self._joint()
        return {0: Fraction(zero, zero + one), 1: Fraction(one, zero + one)}

    def learn_one(self, x: BitsLike, y: int) -> ConditionalPredictor:
        """Learn the label of an input; returns the predictor. ValueError if `y` is not 0 or 1."""
        y = as_bit(y, "label")
        self._run(x)
        last = self.standing
        rounds = last.rounds + 1
        mistaken = self._mistaken(y)
        loss = self.budget.max_length - float(self._sums[0]) - math.log2(self._sums[1 + y])
        halves, whole = self._tables(rounds)
        h = self._hypotheses
        best = np.zeros(1, dtype=np.int64)
        reading = READINGS[self.reading]
        args = h.entries, h.floats, h.answers, self._ran, reading, y, halves, whole, best
        self._input, self._whole = None, False
        count = compiled(learn, h.machine)(*args)
        row = int(best[0])
        margin = tolerance(rounds, self.reading)
        bound = float(h.entries[row, SIZE] + h.floats[row, LOSS]) + margin
        competitor = from_integer(int(h.entries[row, PROGRAM]), int(h.entries[row, SIZE]))
        h.keep(count)
        most = math.floor(loss + margin)
        loss = max(0.0, last.loss_bits, loss - margin)
        self._booked.append(Standing(rounds, loss, loss, bound, bound, competitor, last.mistakes + mistaken, most))
        self._whole = True
        return self

    @property
    def rounds(self) -> int:
        """How many pairs have been learned."""
        return self.standing.rounds

    # -- what is behind it ----------------------------------------------------------------------

    @property
    def hypotheses(self) -> int:
        """How many hypotheses there are, equal ones merged."""
        return self._hypotheses.count

    def masses(self, x: BitsLike) -> LabelMasses:
        """Prior masses by what hypotheses say of an input. Learns nothing."""
        self._run(x)
        return LabelMasses(*self._masses.tolist())

    def posterior(self, count: int = 10) -> list[Hypothesis]:
        """The `count` heaviest hypotheses after all pairs so far, heaviest first."""
        count = check_count(count)
        h = self._hypotheses
        rows, floats = h.entries[: h.count], h.floats[: h.count]
        heights = floats[:, LOG_MASS] - floats[:, LOSS]
        shares = np.exp2(heights - heights.max())
        shares /= shares.sum()
        order = np.lexsort((rows[:, PROGRAM], rows[:, SIZE], -heights))[:count]
        return [
            Hypothesis(
                from_integer(int(rows[i, PROGRAM]), int(rows[i, SIZE])),
                h.rules(int(i)),
                int(rows[i, MASS]) >> (self.budget.max_length - int(rows[i, SIZE])),
                bool(rows[i, USED_UP]),
                float(shares[i]),
                int(rows[i, ERRORS]),
                int(rows[i, HITS]),
                float(floats[i, LOSS]),
            )
            for i in order
        ]

    def records(self) -> tuple[np.ndarray, np.ndarray]:
        """Of every hypothesis, equal ones merged, what the loss is held against.

        Returns
        -------
        (numpy.ndarray, numpy.ndarray)
            log2(1 / weight) and own cumulative loss, in bits, each of shape (hypotheses,).
        """
        h = self._hypotheses
        floats = h.floats[: h.count]
        return self.budget.max_length - floats[:, LOG_MASS], floats[:, LOSS].copy()

    # -- inside ---------------------------------------------------------------------------------

    def _run(self, x: BitsLike) -> None:
        """Run all on an input, and sum up what they say; nothing to do if that was the last input asked for."""
        data = as_bits(x, "input")
        if not self._whole:
            raise RuntimeError("the predictor was interrupted while it learned a label; make a new one with clone()")
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
