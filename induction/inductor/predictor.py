"""The predictor: every program for the data so far, weighted 2^-length, says what comes next."""

from __future__ import annotations

import copy
import json
import math
import os
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from induction.bits import BitsLike, as_bit, as_bits, from_integer, to_text
from induction.bounds.certificate import Certificate, certify
from induction.bounds.intervals import Explored, Interval, conditional_interval, normalised_interval, prior_interval
from induction.bounds.losses import log2_ratio
from induction.bounds.tracker import BoundTracker, Competitor, Standing
from induction.enumeration.frontier import Frontier, Masses
from induction.enumeration.program import Program
from induction.enumeration.runner import program_text
from induction.inductor.fallback import choose_fallback
from induction.machines import get
from induction.machines.machine import Machine
from induction.predictors.contract import BitPredictor

_FORMAT = "bounded-induction predictor 1"


class Score(NamedTuple):
    """Losses and bounds of a run of data, arrays of one number a step, in bits.

    Attributes
    ----------
    losses : numpy.ndarray
        Log loss of each normalised prediction.
    loss_bits, bound_bits, unnormalised_loss_bits : numpy.ndarray
        Cumulative, from the very first data on: see :class:`induction.bounds.tracker.Standing`.
    mistakes : numpy.ndarray
        Cumulative.
    """

    losses: np.ndarray
    loss_bits: np.ndarray
    bound_bits: np.ndarray
    unnormalised_loss_bits: np.ndarray
    mistakes: np.ndarray


class Predictor:
    """Bounded Solomonoff induction, online and exact under its budget.

    The mixture xi(x) = M_{L,T}(x) + 2^-c u(x): every program for x of at most `max_length` bits
    that never takes more than `max_steps` steps for an output bit, weighted 2^-length, and beside
    them a fallback measure u. Predictions are normalised, xi(xb) / (xi(x0) + xi(x1)).

    Parameters
    ----------
    machine : str or Machine
        The reference machine: what a program means.
    max_length : int, optional
        L, in bits, 1 to 62; the default is the machine's (28 for ``queue``). Time and memory grow
        about 1.8 times a bit.
    max_steps : int, optional
        T, steps since the last output bit; the default is the machine's.
    total : int, optional
        Most steps of a program in all; no limit by default.
    fallback : str, predictor or None
        ``"uniform"``, another name or any predictor with the two methods; None for the bare mixture.
    fallback_exponent : int, optional
        c: the fallback weighs 2^-c. The default is the machine's: the length of the program that
        copies its input (14 for ``queue``).

    Raises
    ------
    ValueError
        If a budget is out of range, or a machine or fallback is unknown.

    Examples
    --------
    >>> from induction import Predictor
    >>> p = Predictor(max_length=16, max_steps=64)
    >>> for bit in (0, 1, 0, 1, 0, 1, 0, 1):
    ...     p = p.learn_one(bit)
    >>> round(p.predict_proba_one()[0], 3)
    0.952
    >>> p.posterior(1)[0].text
    '0,0: 01 > 0; 0,1: > 0'
    >>> p.loss_bits <= p.bound_bits
    True
    """

    def __init__(
        self,
        machine: str | Machine = "queue",
        max_length: int | None = None,
        max_steps: int | None = None,
        *,
        total: int | None = None,
        fallback: str | BitPredictor | None = "uniform",
        fallback_exponent: int | None = None,
    ) -> None:
        self._parameters: dict[str, Any] = {
            "machine": machine,
            "max_length": max_length,
            "max_steps": max_steps,
            "total": total,
            "fallback": fallback,
            "fallback_exponent": fallback_exponent,
        }
        chosen = get(machine)
        self.budget = chosen.budget(max_length, max_steps, total)
        exponent = chosen.fallback_exponent if fallback_exponent is None else fallback_exponent
        self._fallback = choose_fallback(fallback, exponent)
        self._frontier = Frontier(chosen, self.budget)
        self._data = bytearray()
        self._mass_history: list[tuple[int, int]] = []
        self._tracker = BoundTracker(self.total_weight)
        self._lock = threading.RLock()  # threads may share a predictor; what they teach it is then interleaved

    # -- parameters -----------------------------------------------------------------------------

    @property
    def machine(self) -> str:
        """The reference machine's name."""
        return self._frontier.machine.name

    @property
    def data(self) -> str:
        """The bits learned so far."""
        return to_text(self._data)

    @property
    def fallback_exponent(self) -> int | None:
        """c, the fallback weighs 2^-c; None without a fallback."""
        return self._fallback.exponent if self._fallback else None

    @property
    def total_weight(self) -> Fraction:
        """W: 1 for all programs together, and the fallback's weight."""
        return 1 + (self._fallback.weight if self._fallback else Fraction(0))

    def get_params(self) -> dict[str, Any]:
        """The arguments that make an untrained twin."""
        return dict(self._parameters)

    def clone(self) -> Predictor:
        """An untrained predictor with equal parameters (``copy.deepcopy`` keeps what was learned)."""
        return Predictor(**self._parameters)

    def __copy__(self) -> Predictor:
        return copy.deepcopy(self)

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            return {name: value for name, value in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        budget = self.budget
        extra = "" if budget.total is None else f", total={budget.total}"
        extra += "" if self._parameters["fallback"] == "uniform" else f", fallback={self._parameters['fallback']!r}"
        return (
            f"Predictor(machine={self.machine!r}, max_length={budget.max_length}, "
            f"max_steps={budget.max_steps}{extra})  # {len(self._data)} bits learned"
        )

    # -- predicting and learning ----------------------------------------------------------------

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution, ``{0: float, 1: float}``; the two floats sum to 1."""
        zero, one = self._joint()
        whole = zero + one
        if not whole:
            return {0: 0.5, 1: 0.5}
        if zero < one:
            small = zero / whole
            return {0: small, 1: 1.0 - small}
        small = one / whole
        return {0: 1.0 - small, 1: small}

    def predict_exact(self, *, normalised: bool = True) -> dict[int, Fraction]:
        """The next bit's distribution in Fractions.

        Parameters
        ----------
        normalised : bool
            xi(xb) / (xi(x0) + xi(x1)) if true, ½ each when nothing is left; xi(xb) / xi(x) if
            false, which sums to less than 1 where programs stop, 0 each when nothing is left.
        """
        zero, one = self._joint()
        whole = zero + one if normalised else self._joint_now()[0]
        if not whole:
            rest = Fraction(1, 2) if normalised else Fraction(0)
            return {0: rest, 1: rest}
        return {0: Fraction(zero, whole), 1: Fraction(one, whole)}

    def learn_one(self, bit: int) -> Predictor:
        """Learn what the next bit was; returns the predictor. ValueError if it is not 0 or 1."""
        with self._lock:
            return self._learn(as_bit(bit))

    def _learn(self, bit: int) -> Predictor:
        masses = self._frontier.masses()
        zero, one = self._joint()
        if self._fallback:
            self._fallback.learn(bit)  # first: somebody else's code may raise, and nothing is learned then
        self._frontier.learn(bit)
        self._mass_history.append((masses.zeros, masses.ones))
        self._data.append(bit)
        seen, other = (one, zero) if bit else (zero, one)
        joint = seen, self._denominator(learned=True)
        self._tracker.learn(seen, other, joint, self._best_competitor())
        return self

    def learn_many(self, bits: BitsLike) -> Predictor:
        """Learn bits one after another; returns the predictor."""
        for bit in as_bits(bits):
            self.learn_one(int(bit))
        return self

    def probability(self, bits: BitsLike) -> Fraction:
        """The probability that `bits` come next: the product of the normalised predictions. Learns nothing."""
        ahead = copy.deepcopy(self)
        result = Fraction(1)
        for bit in as_bits(bits):
            result *= ahead.predict_exact()[int(bit)]
            ahead.learn_one(int(bit))
        return result

    def score(self, bits: BitsLike) -> Score:
        """Losses and bounds step by step, were `bits` to come next. Learns nothing."""
        ahead = copy.deepcopy(self)
        standings = [ahead.learn_one(int(bit)).standing for bit in as_bits(bits)]
        loss = np.array([s.loss_bits for s in standings])
        return Score(
            np.diff(loss, prepend=self.loss_bits) if len(loss) else loss,
            loss,
            np.array([s.bound_bits for s in standings]),
            np.array([s.unnormalised_loss_bits for s in standings]),
            np.array([s.mistakes for s in standings], dtype=np.int64),
        )

    # -- the bound ------------------------------------------------------------------------------

    @property
    def standing(self) -> Standing:
        """Loss, bound, competitor and mistakes after all data so far."""
        return self._tracker.now

    @property
    def history(self) -> list[Standing]:
        """The standing after 0, 1, 2, … bits."""
        return list(self._tracker.standings)

    @property
    def loss_bits(self) -> float:
        """Cumulative log loss of the normalised predictions, in bits, rounded down."""
        return self.standing.loss_bits

    @property
    def unnormalised_loss_bits(self) -> float:
        """-log2 xi(data), in bits, rounded down."""
        return self.standing.unnormalised_loss_bits

    @property
    def bound_bits(self) -> float:
        """min over hypotheses of log2(W / w) + loss, in bits, rounded up; never less than `loss_bits`."""
        return self.standing.bound_bits

    @property
    def mistakes(self) -> int:
        """How often the bit that came was not the likelier one; a tie counts."""
        return self.standing.mistakes

    def certificate(self) -> Certificate:
        """Integers from which anyone can check, by rerunning one program, that loss <= bound.

        Raises
        ------
        ValueError
            If no hypothesis allows the data, or the fallback is not the uniform one.
        """
        return certify(
            machine=self.machine,
            budget=self.budget,
            data=self.data,
            masses=self._mass_history,
            fallback_exponent=self._uniform_exponent(),
            competitor=self.standing.competitor,
        )

    # -- what is behind it ----------------------------------------------------------------------

    @property
    def masses(self) -> Masses:
        """Masses over 2^L by what became of all programs: integers that add up to 2^L."""
        return self._frontier.masses()

    @property
    def programs_alive(self) -> int:
        """How many programs for the data there are."""
        return self._frontier.size

    def posterior(self, count: int = 10) -> list[Program]:
        """The `count` heaviest programs for the data, with their shares of xi(data), heaviest first."""
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 0:
            raise ValueError(f"count is {count!r}; allowed are whole numbers of at least 0 (programs)")
        numerator, denominator = self._joint_now()
        return [
            Program(
                bits,
                program_text(self._frontier.machine, bits, max(1, len(self._data)), self.budget.max_steps),
                Fraction(denominator, numerator << len(bits)),
            )
            for bits in self._frontier.programs(count)
        ]

    def interval(self, *, normalised: bool = True) -> Interval:
        """Encloses the prediction of a 1 by the mixture without cut-offs: programs of any length and patience.

        Informative while M(data) is well above the mass that was left open at proper prefixes of the
        data, and nearly empty, close to [0, 1], after that.

        Parameters
        ----------
        normalised : bool
            Enclose xi(x1) / (xi(x0) + xi(x1)), or else xi(x1) / xi(x).

        Returns
        -------
        (Fraction, Fraction)
        """
        m = self._frontier.masses()
        whole = self.budget.whole
        zero, one, here = (Fraction(v, whole) for v in (m.zeros, m.ones, m.silent))
        if self._fallback:
            numerator, denominator = self._fallback.numerator, self._fallback.denominator
            next_zero, next_one, grid = self._fallback.next_bit()
            zero += Fraction(numerator * next_zero, denominator * grid)
            one += Fraction(numerator * next_one, denominator * grid)
        explored = Explored(zero, one, here, Fraction(m.timeout + m.cut, whole), Fraction(m.open_before, whole))
        return normalised_interval(explored) if normalised else conditional_interval(explored)

    def prior_interval(self) -> Interval:
        """Encloses M(data) for programs of any length and any patience, the fallback left out."""
        m = self._frontier.masses()
        whole = self.budget.whole
        # What is open at the data itself has printed them already, and counts as a match.
        return prior_interval(Fraction(m.matching, whole), Fraction(m.open_before, whole))

    # -- saving ---------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write parameters and data as JSON.

        Raises
        ------
        ValueError
            If the fallback is an object: only names can be written down.
        OSError
            If the file cannot be written.
        """
        budget = {"max_length": self.budget.max_length, "max_steps": self.budget.max_steps, "total": self.budget.total}
        parameters = self._parameters | {"machine": self.machine} | budget
        if not isinstance(parameters["fallback"], str | None):
            raise ValueError("the fallback is an object; a predictor is saved with a fallback by name, or None")
        text = json.dumps({"format": _FORMAT, **parameters, "data": self.data}, indent=1)
        target = Path(path)
        fresh = target.with_name(target.name + ".new")
        try:
            fresh.write_text(text + "\n", encoding="utf-8")
            fresh.replace(target)  # a full disk leaves the old file as it was
        except OSError:
            fresh.unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Predictor:
        """Read parameters and data, and learn the data anew.

        Raises
        ------
        ValueError
            If the file is none of ours.
        OSError
            If the file cannot be read.
        """
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            if content.pop("format") != _FORMAT:
                raise ValueError
            data = content.pop("data")
            predictor = cls(**content)
            data = as_bits(data, "saved data")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            reason = f": {error}" if str(error) else ""
            name = os.fspath(path)
            raise ValueError(f"{name} holds no saved predictor{reason}; give a file made by save()") from None
        return predictor.learn_many(data)

    # -- inside ---------------------------------------------------------------------------------

    def _joint(self) -> tuple[int, int]:
        """xi(x0) and xi(x1), over `_denominator`."""
        m = self._frontier.masses()
        if not self._fallback:
            return m.zeros, m.ones
        numerator, denominator = self._fallback.numerator, self._fallback.denominator
        zero, one, whole = self._fallback.next_bit()
        scale, length = denominator * whole, self.budget.max_length
        return m.zeros * scale + (numerator * zero << length), m.ones * scale + (numerator * one << length)

    def _denominator(self, *, learned: bool = False) -> int:
        """The unit of `_joint`, before or after the bit has been learned."""
        if not self._fallback:
            return self.budget.whole
        whole = 1 if learned else self._fallback.next_bit()[2]
        return self._fallback.denominator * whole << self.budget.max_length

    def _joint_now(self) -> tuple[int, int]:
        """xi(x) as numerator and denominator, over the unit of `_joint`."""
        matching = self._frontier.masses().matching
        if not self._fallback:
            return matching, self.budget.whole
        whole = self._fallback.next_bit()[2]
        numerator, denominator = self._fallback.numerator * whole, self._fallback.denominator * whole
        return matching * denominator + (numerator << self.budget.max_length), denominator << self.budget.max_length

    def _best_competitor(self) -> Competitor | None:
        shortest = self._frontier.shortest()
        best = None
        if shortest:
            length, bits = shortest
            best = Competitor(from_integer(bits, length), float(length), 0.0)
        if self._fallback:
            total = log2_ratio(self._fallback.denominator, self._fallback.numerator)[1]
            exponent = float(self._fallback.exponent)
            rest = total - exponent if total.is_integer() else math.nextafter(total - exponent, math.inf)
            rival = Competitor("fallback", exponent, rest)
            best = rival if best is None or rival.total_bits < best.total_bits else best
        return best

    def _uniform_exponent(self) -> int | None:
        if self._fallback is None:
            return None
        if self._parameters["fallback"] != "uniform":
            raise ValueError("certificates know the uniform fallback and none; make the predictor with one of these")
        return self._fallback.exponent
