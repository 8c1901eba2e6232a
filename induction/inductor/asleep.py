"""Programs that may be late: asleep until they have caught up, judged by the rounds in which they spoke."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from induction.bits import from_integer
from induction.bounds.losses import log2_ratio
from induction.bounds.tracker import Standing
from induction.budget import NO_PROGRAM, whole_number
from induction.dyadic import log2_above
from induction.inductor.fallback import choose_fallback, total_weight
from induction.inductor.online import Online, check_count, distribution
from induction.inductor.timeouts_walk import ASLEEP, AWAKE_0, FIRST_PROGRAM, LEAST, Sleepers
from induction.machines import get
from induction.machines.machine import Machine
from induction.predictors.contract import BitPredictor

MOST_ALLOTMENTS = 1024
TOLERANCE = 2.0**-36  # bits that rounding may move a loss of `AsleepTimeouts`, a round


@dataclass(frozen=True)
class LateProgram:
    """A program that has not said anything wrong, awake or asleep.

    Parameters
    ----------
    bits : str
        What it has read up to the last of its output bits that is known.
    text : str
        The same as rule text.
    weight : float
        Its share of the weight of all that are left, the fallback included.
    asleep : bool
        Whether it slept through the last round: it has yet to say some of the data.
    """

    bits: str
    text: str
    weight: float
    asleep: bool

    @property
    def length(self) -> int:
        """|p|, in bits."""
        return len(self.bits)

    def to_json(self) -> dict[str, Any]:
        """All fields, and the length."""
        return {**self.__dict__, "length": self.length}


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
    >>> from induction.inductor.asleep import AsleepTimeouts
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
        self._slept_last = np.zeros(1, dtype=np.int64)  # by group: whether the last round was one of them
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

    def posterior(self, count: int = 10) -> list[LateProgram]:
        """The `count` heaviest programs that nothing speaks against, awake and asleep, heaviest first.

        Shares are of the weight of all that are left, the fallback included: 2^-length, divided by what the mixture
        gave to the data in the rounds in which a program was awake.
        """
        count = check_count(count)
        with self._lock:
            rounds = max(1, len(self._data))
            own = log2_ratio(self._fallback.numerator, self._fallback.denominator)[0]
            return _heaviest(
                self._sleepers.programs(),
                self._slept,
                self._slept_last,
                own,
                lambda bits: self._sleepers.text(bits, rounds),
                count,
            )

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
        self._slept_last = origins % 2
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
        owed = np.where(rows[:, LEAST] < NO_PROGRAM, rows[:, LEAST] - self._slept, np.inf)
        if len(owed) and owed.min() + margin < size:
            best = int(owed.argmin())
            name = from_integer(int(rows[best, FIRST_PROGRAM]), int(rows[best, LEAST]))
            size = float(owed[best]) + margin
        return name, size


def _heaviest(
    programs: np.ndarray, slept: np.ndarray, asleep: np.ndarray, fallback: float, text: Callable[[str], str], count: int
) -> list[LateProgram]:
    """The `count` programs of the largest shares, by share, then by length and bits.

    Parameters
    ----------
    programs : numpy.ndarray
        Shape (n, 3), int64: bits as a number, length, group.
    slept : numpy.ndarray
        Shape (groups,): log2 of what the mixture gave to the rounds that a group slept through.
    asleep : numpy.ndarray
        Shape (groups,): whether the last round was one of them.
    fallback : float
        log2 of the fallback's weight times its probability of the data.
    text : callable
        From bits to rule text.
    count : int

    Returns
    -------
    list of LateProgram
    """
    bits, sizes, groups = programs.T
    logs = slept[groups] - sizes  # weights, up to a factor that all share
    top = max(fallback, logs.max(initial=-math.inf))
    if top == -math.inf:
        return []
    shares = np.exp2(logs - top)
    shares /= shares.sum() + 2.0 ** (fallback - top)
    return [
        LateProgram(name, text(name), float(shares[i]), bool(asleep[groups[i]]))
        for i in np.lexsort((bits, sizes, -logs))[:count]
        for name in [from_integer(int(bits[i]), int(sizes[i]))]
    ]
