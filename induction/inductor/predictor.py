"""The predictor: every program for the data so far, weighted 2^-length, says what comes next."""

from __future__ import annotations

import copy
import math
from fractions import Fraction

from induction.bits import BitsLike, as_bits, from_integer
from induction.bounds.certificate import Certificate, certify
from induction.bounds.intervals import Interval, conditional_interval, normalised_interval
from induction.bounds.tracker import Competitor
from induction.enumeration.frontier import Frontier, Masses
from induction.enumeration.program import Program
from induction.inductor.certified import CertifiedRun, CertifiedStep, certify_step, explore
from induction.inductor.fallback import choose_fallback, total_weight
from induction.inductor.online import Exact, heaviest
from induction.machines import get
from induction.machines.machine import Machine
from induction.predictors.contract import BitPredictor


class Predictor(Exact):
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
        copies its input (14 for ``queue``). Without a fallback it has no effect.

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
    0.949
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
        chosen = get(machine)
        exponent = chosen.fallback_exponent if fallback_exponent is None else fallback_exponent
        budget = chosen.budget(max_length, max_steps, total)
        self._fallback = choose_fallback(fallback, exponent)
        parameters = {
            "machine": machine,
            "max_length": max_length,
            "max_steps": max_steps,
            "total": total,
            "fallback": fallback,
            "fallback_exponent": fallback_exponent,
        }
        super().__init__(chosen, budget, parameters, total_weight(self._fallback))
        self._frontier = Frontier(chosen, budget)
        self._mass_history: list[tuple[int, int]] = []

    @property
    def fallback_exponent(self) -> int | None:
        """c, the fallback weighs 2^-c; None without a fallback."""
        return self._fallback.exponent if self._fallback else None

    def __repr__(self) -> str:
        budget = self.budget
        extra = "" if budget.total is None else f", total={budget.total}"
        extra += "" if self._parameters["fallback"] == "uniform" else f", fallback={self._parameters['fallback']!r}"
        return (
            f"Predictor(machine={self.machine!r}, max_length={budget.max_length}, "
            f"max_steps={budget.max_steps}{extra})  # {len(self._data)} bits learned"
        )

    # -- predicting and learning ----------------------------------------------------------------

    def predict_exact(self, *, normalised: bool = True) -> dict[int, Fraction]:
        """The next bit's distribution in Fractions.

        Parameters
        ----------
        normalised : bool
            xi(xb) / (xi(x0) + xi(x1)) if true, ½ each when nothing is left; xi(xb) / xi(x) if
            false, which sums to less than 1 where programs stop, 0 each when nothing is left.
        """
        if normalised:
            return super().predict_exact()
        with self._lock:
            zero, one = self._joint()
            whole = self._joint_now()[0]
        return {0: Fraction(zero, whole), 1: Fraction(one, whole)} if whole else {0: Fraction(0), 1: Fraction(0)}

    def _learn(self, bit: int) -> None:
        masses = self._frontier.masses()
        zero, one = self._joint()
        if self._fallback:
            self._fallback.learn(bit)  # first: somebody else's code may raise, and nothing is learned then
        self._frontier.learn(bit)
        self._mass_history.append((masses.zeros, masses.ones))
        seen, other = (one, zero) if bit else (zero, one)
        joint = seen, self._denominator(learned=True)
        self._tracker.learn(seen, other, joint, self._best_competitor())

    # -- the bound ------------------------------------------------------------------------------

    @property
    def unnormalised_loss_bits(self) -> float:
        """-log2 xi(data), in bits, rounded down."""
        return self.standing.unnormalised_loss_bits

    def certificate(self) -> Certificate:
        """Integers from which anyone can check, by rerunning one program, that loss <= bound.

        Raises
        ------
        ValueError
            If no hypothesis allows the data, or the fallback is not the uniform one.
        """
        with self._lock:
            data, masses, competitor = self.data, list(self._mass_history), self.standing.competitor
        return certify(
            machine=self.machine,
            budget=self.budget,
            data=data,
            masses=masses,
            fallback_exponent=self._uniform_exponent(),
            competitor=competitor,
        )

    # -- what is behind it ----------------------------------------------------------------------

    @property
    def masses(self) -> Masses:
        """Masses over 2^L by what became of all programs: integers that add up to 2^L."""
        with self._lock:
            return self._frontier.masses()

    @property
    def programs_alive(self) -> int:
        """How many programs for the data there are."""
        with self._lock:
            return self._frontier.size

    def posterior(self, count: int = 10) -> list[Program]:
        """The `count` heaviest programs for the data, with their shares of xi(data), heaviest first."""
        with self._lock:
            return heaviest(self._frontier, self.budget, len(self._data), self._joint_now(), count)

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
        with self._lock:
            explored = explore(self.masses, self.budget, self._fallback)
        return normalised_interval(explored) if normalised else conditional_interval(explored)

    def prior_interval(self) -> Interval:
        """Encloses M(data) for programs of any length and any patience, the fallback left out."""
        return self.certified().prior

    def intervals(self, bits: BitsLike) -> CertifiedRun:
        """What :meth:`interval` and :meth:`prior_interval` say step by step, were `bits` to come next. Learns nothing.

        Returns
        -------
        CertifiedRun
            From here on: one step more than there are bits.
        """
        ahead = copy.deepcopy(self)
        return CertifiedRun(
            (ahead.certified(), *(ahead.learn_one(int(bit)).certified() for bit in as_bits(bits))),
        )

    def certified(self) -> CertifiedStep:
        """Certified intervals for M(data) and for the next bit, as :meth:`intervals` has them step by step."""
        with self._lock:
            return certify_step(len(self._data), self.masses, self.budget, self._fallback)

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
            total = self._fallback.total_bits
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
