"""What becomes of a program that says nothing in time: it is dead, it tosses a coin, or it is asleep.

* ``dead``, :class:`induction.inductor.predictor.Predictor`: it has no part in the prediction any more.
* ``uniform``, :class:`UniformTimeouts`: a program that is silent, out of steps or out of length predicts ½ from
  then on. Every program is a measure, and all weights together are W = 1 exactly.
* ``asleep``, :class:`induction.inductor.asleep.AsleepTimeouts`: a program that is late says nothing until it has
  caught up; it is judged by the rounds in which it spoke (Freund, Schapire, Singer, Warmuth 1997).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from induction.bits import from_integer
from induction.bounds.losses import log2_ratio
from induction.bounds.tracker import Competitor
from induction.enumeration.frontier import Frontier
from induction.enumeration.program import Program
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.online import Exact, heaviest
from induction.inductor.predictor import Predictor
from induction.machines import get
from induction.machines.machine import Machine

TIMEOUTS = ("dead", "uniform", "asleep")


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
