"""What becomes of a program that says nothing in time: it is dead, it tosses a coin, or it is asleep.

* ``dead``, :class:`induction.inductor.predictor.Predictor`: it has no part in the prediction any more.
* ``uniform``, :class:`UniformTimeouts`: a program that is silent, out of steps or out of length predicts ½ from
  then on. Every program is a measure, and all weights together are W = 1 exactly.
* ``asleep``, :class:`AsleepTimeouts`: a program that is late says nothing until it has caught up; it is judged by
  the rounds in which it spoke (Freund, Schapire, Singer, Warmuth 1997).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from induction.bits import from_integer
from induction.bounds.losses import log2_ratio
from induction.bounds.tracker import Competitor, Standing
from induction.budget import whole_number
from induction.dyadic import log2_above
from induction.enumeration.frontier import Frontier
from induction.enumeration.program import Program
from induction.inductor.fallback import choose_fallback, total_weight
from induction.inductor.online import Exact, Online, distribution, heaviest
from induction.inductor.predictor import Predictor
from induction.inductor.timeouts_walk import ASLEEP, AWAKE_0, FIRST_PROGRAM, LEAST, NO_LENGTH, Sleepers
from induction.machines import get
from induction.machines.machine import Machine
from induction.predictors.contract import BitPredictor

TIMEOUTS = ("dead", "uniform", "asleep")
MOST_ALLOTMENTS = 1024
TOLERANCE = 2.0**-36  # bits that rounding may move a loss of `AsleepTimeouts`, a round


def with_timeouts(timeouts: str = "dead", **options: Any) -> Predictor | UniformTimeouts | AsleepTimeouts:
    """A predictor over all programs that treats those out of time as asked for.

    Parameters
    ----------
    timeouts : str
        ``dead``, ``uniform`` or ``asleep``: see the module's header.
    **options
        Arguments of the predictor's class.

    Returns
    -------
    Predictor, UniformTimeouts or AsleepTimeouts

    Raises
    ------
    ValueError
        If there is no such treatment, or an argument is out of range.
    TypeError
        If the class has no such argument.

    Examples
    --------
    >>> from induction import with_timeouts
    >>> p = with_timeouts("uniform", max_length=12, max_steps=4).learn_many("01010101")
    >>> p.loss_bits <= p.bound_bits
    True
    """
    classes = dict(zip(TIMEOUTS, (Predictor, UniformTimeouts, AsleepTimeouts), strict=True))
    if timeouts not in classes:
        raise ValueError(f"timeouts is {timeouts!r}; allowed are {', '.join(TIMEOUTS)}")
    return classes[timeouts](**options)


class UniformTimeouts(Exact):
    """Bounded Solomonoff induction in which a program that stops predicts ½ from then on; exact.

    A program stops where it is silent, out of steps, or needs more than L bits. So every hypothesis is a measure:
    W = 1 exactly, predictions need no normalising, and no fallback is needed while anything has stopped at
    a prefix of the data.

    Parameters
    ----------
    machine, max_length, max_steps, total
        As for :class:`induction.inductor.predictor.Predictor`.

    Raises
    ------
    ValueError
        If a budget is out of range, or the machine unknown.

    Examples
    --------
    >>> from induction.inductor.timeouts import UniformTimeouts
    >>> p = UniformTimeouts(max_length=12, max_steps=64).learn_many("01010101")
    >>> sum(p.predict_exact().values())
    Fraction(1, 1)
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
    ) -> None:
        chosen = get(machine)
        parameters = {"machine": machine, "max_length": max_length, "max_steps": max_steps, "total": total}
        super().__init__(chosen, chosen.budget(max_length, max_steps, total), parameters, Fraction(1))
        self._frontier = Frontier(chosen, self.budget)
        self._stopped = 0  # what predicts ½, over 2^(L + n) after n bits
        # Where most mass has stopped: bits that it weighs, and when.
        self._best_stopped: tuple[float, int] | None = None

    def posterior(self, count: int = 10) -> list[Program]:
        """The `count` heaviest programs for the data, with their shares of xi(data), heaviest first."""
        with self._lock:
            rounds = len(self._data)
            joint = (self._frontier.masses().matching << rounds) + self._stopped, self.budget.whole << rounds
            return heaviest(self._frontier, self.budget, rounds, joint, count)

    def _joint(self) -> tuple[int, int]:
        """xi(x0) and xi(x1), over 2^(L + n + 1)."""
        m = self._frontier.masses()
        rounds = len(self._data)
        stopped = self._stopped + (m.silent + m.timeout + m.cut << rounds)
        return (m.zeros << rounds + 1) + stopped, (m.ones << rounds + 1) + stopped

    def _learn(self, bit: int) -> None:
        joint = self._joint()
        m = self._frontier.masses()
        rounds = len(self._data)
        here = m.silent + m.timeout + m.cut
        if here:
            size = log2_ratio(self.budget.whole, here)[1]
            if self._best_stopped is None or size - rounds < self._best_stopped[0] - self._best_stopped[1]:
                self._best_stopped = size, rounds
        self._stopped += here << rounds
        self._frontier.learn(bit)
        whole = 1 << self.budget.max_length + rounds + 1
        self._tracker.learn(joint[bit], joint[1 - bit], (joint[bit], whole), self._best_competitor(rounds + 1))

    def _best_competitor(self, rounds: int) -> Competitor | None:
        rivals = []
        if shortest := self._frontier.shortest():
            rivals.append(Competitor(from_integer(shortest[1], shortest[0]), float(shortest[0]), 0.0))
        if self._best_stopped:
            size, when = self._best_stopped
            rivals.append(Competitor(f"all that stopped after {when} bits", size, float(rounds - when)))
        return min(rivals, key=lambda rival: rival.total_bits, default=None)


class AsleepTimeouts(Online):
    """Bounded Solomonoff induction in which a program that is late is asleep until it has caught up.

    Every round gives every program `max_steps` more steps, counted anew from each output bit and from the beginning
    of the round. A program whose bit for the round is there by then is awake and predicts it. One whose bit is not
    is asleep: it keeps its weight, and goes on working in the next round on the bits that it still owes, the last
    of which may be the one asked for; if one of them is not what the data were, it is dead. The prediction is the
    mixture of the awake, and weights of the awake are then multiplied by h(y) / xi(y). For every program
    p, the mixture's loss in p's awake rounds less p's own is at most log2(W / w_p). The fallback is always awake.

    Parameters
    ----------
    machine, max_length, max_steps, total
        As for :class:`induction.inductor.predictor.Predictor`; `max_steps` is the allotment of a round.
    allotments : int
        A program that has used up so many for one bit sleeps for ever, 1 to 1024. With 1 this is the
        predictor with ``dead`` timeouts.
    fallback : str or predictor
        Must be there: it is awake when no program is.
    fallback_exponent : int, optional
        c: the fallback weighs 2^-c.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Weights are floats here, for they depend on which rounds a program slept through: losses are within
    :data:`TOLERANCE` bits a round of the exact ones, and `loss_bits` is rounded down, `bound_bits` up by as much. The
    bound adds, to a program's length, what the mixture lost in the rounds that the program slept through.

    Examples
    --------
    >>> from induction.inductor.timeouts import AsleepTimeouts
    >>> p = AsleepTimeouts(max_length=12, max_steps=8, allotments=8).learn_many("01010101")
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
        allotments: int = 16,
        fallback: str | BitPredictor = "uniform",
        fallback_exponent: int | None = None,
    ) -> None:
        allotments = whole_number("allotments", allotments, MOST_ALLOTMENTS, "steps for one bit, in max_steps")
        chosen = get(machine)
        exponent = chosen.fallback_exponent if fallback_exponent is None else fallback_exponent
        own = choose_fallback(fallback, exponent)
        if own is None:
            raise ValueError("fallback is None; sleepers need one that is always awake, such as 'uniform'")
        parameters = {
            "machine": machine,
            "max_length": max_length,
            "max_steps": max_steps,
            "total": total,
            "allotments": allotments,
            "fallback": fallback,
            "fallback_exponent": fallback_exponent,
        }
        super().__init__(chosen, chosen.budget(max_length, max_steps, total), parameters, total_weight(own))
        self._fallback = own
        self._sleepers = Sleepers(chosen, self.budget, allotments)
        self._slept = np.zeros(1)  # by group: log2 of what the mixture gave to the rounds that it slept through
        self._loss = 0.0
        self._log_weight = log2_above(self.total_weight)

    @property
    def asleep(self) -> int:
        """Mass over 2^L of the programs that are asleep in the round to come, those that may wake."""
        with self._lock:
            return int(self._sleepers.masses()[:, ASLEEP].sum())

    def predict_proba_one(self) -> dict[int, float]:
        """The next bit's distribution; the two floats sum to 1, and what is possible is above 0."""
        with self._lock:
            logs = self._mix()
        top = max(logs)
        zero, one = (max(2.0 ** (log - top), math.ulp(0.0)) if log > -math.inf else 0.0 for log in logs)
        return distribution(zero, one)

    def _mix(self) -> tuple[float, float]:
        """log2 of the awake weights of 0 and of 1, up to a term that both share."""
        rows = self._sleepers.masses()
        chances = self._fallback.next_bit()
        own = log2_ratio(self._fallback.numerator, self._fallback.denominator)[0]
        scale = self._slept - self.budget.max_length
        logs = []
        for bit in (0, 1):
            awake = rows[:, AWAKE_0 + bit]
            here = awake > 0
            terms = np.append(scale[here] + np.log2(awake[here]), own + log2_ratio(chances[bit], chances[2])[0])
            top = float(terms.max())
            logs.append(top + math.log2(float(np.exp2(terms - top).sum())) if top > -math.inf else top)
        return logs[0], logs[1]

    def _learn(self, bit: int) -> None:
        mixed = self._mix()
        step = mixed[bit] - float(np.logaddexp2(*mixed)) if max(mixed) > -math.inf else -1.0
        self._fallback.learn(bit)
        origins = self._sleepers.learn(bit)
        self._slept = self._slept[origins // 2] + step * (origins % 2)
        self._loss -= step
        last = self._tracker.now
        rounds = last.rounds + 1
        margin = TOLERANCE * rounds
        loss = max(0.0, self._loss - margin)
        name, size = self._best(margin)
        self._tracker.standings.append(
            Standing(
                rounds=rounds,
                loss_bits=loss,
                unnormalised_loss_bits=loss,
                bound_bits=math.nextafter(size + self._log_weight, math.inf),
                unnormalised_bound_bits=size,
                competitor=name,
                mistakes=last.mistakes + (mixed[bit] <= mixed[1 - bit]),
                mistake_bound=math.floor(self._loss + margin) if self._loss < math.inf else math.inf,
            )
        )

    def _best(self, margin: float) -> tuple[str, float]:
        """Who the loss is held against, and its bits: weight, and loss with the mixture's where it slept."""
        name = "fallback"
        size = self._fallback.total_bits
        rows = self._sleepers.shortest()
        owed = np.where(rows[:, LEAST] < NO_LENGTH, rows[:, LEAST] - self._slept, np.inf)
        if len(owed) and owed.min() + margin < size:
            best = int(owed.argmin())
            name = from_integer(int(rows[best, FIRST_PROGRAM]), int(rows[best, LEAST]))
            size = float(owed[best]) + margin
        return name, size
