"""Prediction under noise: every program at once, each with a flip rate of its own that it learns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from induction.bits import from_integer
from induction.bounds.flips import FlipCode
from induction.bounds.losses import log2_ratio
from induction.bounds.tracker import Competitor
from induction.budget import whole_number
from induction.enumeration.hypotheses import Hypotheses
from induction.enumeration.program import Program
from induction.enumeration.runner import program_text
from induction.inductor.online import Exact, check_count
from induction.machines import get
from induction.machines.machine import Machine

DEFAULT_LENGTH = 20  # program bits; every program is kept, so time and memory grow twofold and more a bit


@dataclass(frozen=True)
class NoisyProgram(Program):
    """A program and how often the data were not what it wrote.

    Parameters
    ----------
    bits, text, weight, loss_bits
        As for :class:`induction.enumeration.program.Program`; the weight is that of all programs which
        do the same as this one for ever.
    flips : int
        Rounds in which the data were the other bit.
    rounds : int
        Rounds in all.
    """

    flips: int = 0
    rounds: int = 0

    @property
    def flip_rate(self) -> float:
        """The learned chance that its next bit is flipped: (flips + ½) / (rounds + 1)."""
        return (self.flips + 0.5) / (self.rounds + 1)

    def to_json(self) -> dict[str, Any]:
        """As for a program, with the flips."""
        return super().to_json() | {"flips": self.flips, "rounds": self.rounds}


class NoisyPredictor(Exact):
    """Bounded Solomonoff induction over programs whose output may be flipped, online and exact.

    A hypothesis is a program of at most `max_length` bits, weight 2^-length, whose output bits are
    flipped at an unknown rate that the Krichevsky–Trofimov estimator learns. A program that is silent,
    out of steps or out of length predicts ½ from then on. So every hypothesis is a measure, their
    weights sum to exactly 1, no data can refute any of them, and the mixture loses no more than
    |p| + p's loss, for every program p.

    Parameters
    ----------
    machine : str or Machine
        The reference machine: what a program means.
    max_length : int, optional
        L, in bits, 1 to 62; 20 or the machine's default if that is less. No program is ever given up, so time and
        memory grow more than twofold a bit.
    max_steps : int, optional
        T, steps since the last output bit; the default is the machine's.
    total : int, optional
        Most steps of a program in all; no limit by default.
    max_hypotheses : int, optional
        Keep no more programs than this after a round, the heaviest. One that is dropped predicts ½ from
        then on and keeps its weight: every statement here holds for it as well. No limit by default.

    Raises
    ------
    ValueError
        If a budget or `max_hypotheses` is out of range, or the machine is unknown.

    Notes
    -----
    All numbers are exact: the probability of n bits is an integer over 2^(L + n) n!. An integer has about
    n log2 n bits, so the arithmetic of a round grows with n times the different numbers of flips that
    programs have had.

    Examples
    --------
    >>> from induction import NoisyPredictor
    >>> p = NoisyPredictor(max_length=14).learn_many("0101010001010101")
    >>> best = p.posterior(1)[0]
    >>> best.text, best.flips
    ('0,0: 01 > 0; 0,1: > 0', 1)
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
        max_hypotheses: int | None = None,
    ) -> None:
        chosen = get(machine)
        length = min(DEFAULT_LENGTH, chosen.default.max_length) if max_length is None else max_length
        parameters: dict[str, Any] = {
            "machine": machine,
            "max_length": max_length,
            "max_steps": max_steps,
            "total": total,
            "max_hypotheses": _checked_most(max_hypotheses),
        }
        super().__init__(chosen, chosen.budget(length, max_steps, total), parameters, Fraction(1))
        self._most: int | None = parameters["max_hypotheses"]
        self._programs = Hypotheses(chosen, self.budget)
        self._code = FlipCode()
        self._weight = self.budget.whole  # of the data so far, over 2^L times the unit
        self._stopped = 0  # the part of all that predict ½
        self._best_stopped: tuple[float, float, str, int] | None = None  # weight bits, loss then, bits, when
        self._next: tuple[int, int] | None = None

    @property
    def hypotheses(self) -> int:
        """Programs that have not stopped; those that do the same for ever count once."""
        with self._lock:
            return self._programs.size

    def __repr__(self) -> str:
        budget = self.budget
        extra = "" if budget.total is None else f", total={budget.total}"
        extra += "" if self._most is None else f", max_hypotheses={self._most}"
        return (
            f"NoisyPredictor(machine={self.machine!r}, max_length={budget.max_length}, "
            f"max_steps={budget.max_steps}{extra})  # {len(self._data)} bits learned"
        )

    def _learn(self, bit: int) -> None:
        joint = self._joint()
        self._weight = joint[bit]
        self._programs.learn(bit)
        self._code.next_round()
        self._stopped *= self._code.rounds  # half as likely, over a unit 2n times as large
        self._next = None
        if self._most is not None and self._programs.size > self._most:
            self._stop(self._programs.drop(self._code.logs(), self._most))
        self._tracker.learn(joint[bit], joint[1 - bit], (self._weight, self._whole), self._best_competitor())

    def posterior(self, count: int = 10) -> list[NoisyProgram]:
        """The `count` heaviest programs that have not stopped, with their shares of the posterior, heaviest first.

        Raises
        ------
        ValueError
            If `count` is no whole number of at least 0.
        """
        count = check_count(count)
        with self._lock:
            rounds = self._code.rounds
            return [
                NoisyProgram(
                    bits,
                    program_text(
                        self._programs.machine, bits, max(1, rounds), self.budget.max_steps, self.budget.total
                    ),
                    Fraction(mass * self._code.weight(flips), self._weight),
                    self._code.loss(flips),
                    flips,
                    rounds,
                )
                for bits, mass, flips in self._programs.heaviest(self._code.logs(), count)
            ]

    @property
    def stopped_share(self) -> Fraction:
        """The posterior share of all hypotheses that predict ½ by now: silent, out of budget, or dropped."""
        with self._lock:
            self._joint()  # what stops just here has then stopped
            return Fraction(self._stopped, self._weight)

    # -- inside ---------------------------------------------------------------------------------

    def _joint(self) -> tuple[int, int]:
        """xi(x0) and xi(x1), over 2^L times the unit of the next round."""
        if self._next is None:
            now = self._programs.round()
            self._stop(now.stopped)
            rounds = self._code.rounds
            one = self._stopped * (rounds + 1)
            weights = self._code.weights([flips for flips, _, _ in now.going])
            for (flips, zeros, ones), weight in zip(now.going, weights, strict=True):
                one += weight * (ones * (2 * (rounds - flips) + 1) + zeros * (2 * flips + 1))
            # A measure: what is not for 1 is for 0.
            zero = 2 * (rounds + 1) * self._weight - one
            self._next = zero, one
        return self._next

    @property
    def _whole(self) -> int:
        return self._code.unit << self.budget.max_length

    def _stop(self, stopped: list[tuple[int, int, int, str]]) -> None:
        for flips, mass, heaviest, bits in stopped:
            self._stopped += mass * self._code.weight(flips)
            weight_bits = log2_ratio(self.budget.whole, heaviest)[1]
            rival = weight_bits, self._code.loss(flips), bits, self._code.rounds
            if self._best_stopped is None or _owed(rival) < _owed(self._best_stopped):
                self._best_stopped = rival

    def _best_competitor(self) -> Competitor | None:
        rounds = self._code.rounds
        best = None
        if self._best_stopped is not None:
            weight_bits, loss, bits, when = self._best_stopped
            best = Competitor(bits, weight_bits, math.nextafter(loss + (rounds - when), math.inf))
        shortest = self._programs.shortest()
        if shortest:
            logs = self._code.logs()
            flips, length, program = max(shortest, key=lambda row: logs[row[0]] - row[1])
            rival = Competitor(from_integer(program, length), float(length), self._code.loss(flips))
            best = rival if best is None or rival.total_bits < best.total_bits else best
        return best


def _owed(rival: tuple[float, float, str, int]) -> float:
    """What is owed to a hypothesis that has stopped, up to what all such owe alike."""
    return rival[0] + rival[1] - rival[3]


def _checked_most(most: object) -> int | None:
    if most is None:
        return None
    return whole_number("max_hypotheses", most, None, "programs followed, or None for no limit")
