"""What the coder expects of the next bit: chances as whole multiples of 2^-24, equal on every machine.

For the first 4096 bits all programs of at most L bits predict, beside the uniform fallback. Then
the shortest that are left are followed on, each by itself, for as long as they go; the others
predict ½ from there, as does a followed one that stops or needs a bit: nobody loses its weight, and

    loss <= log2 W + min over hypotheses of [ weight in bits + rounds in which it predicted ½ ],

whatever the data. All of it is integers; floats come in where the bound is shown.
"""

from __future__ import annotations

from fractions import Fraction

from induction.budget import Budget
from induction.dyadic import log2_above
from induction.enumeration.frontier import Frontier
from induction.enumeration.runner import Runner
from induction.machines.machine import Machine

GRID = 24  # bits of a probability, as the range coder has them
ALL_FOLLOWED = 4096  # bits of data that all programs predict
FOLLOWED = 16  # programs that go on predicting
_BLOCK = 1536  # bits that these are run ahead
_FAINTEST = 128  # weights are followed down to 2^-this; the grid sees nothing of less


class Foresight:
    """Predicts bit after bit, until there is nobody left who knows better than ½.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    exponent : int
        c: the fallback weighs 2^-c.
    """

    def __init__(self, machine: Machine, budget: Budget, exponent: int) -> None:
        self.machine, self.budget, self.exponent = machine, budget, exponent
        self.seen = 0
        self._frontier: Frontier | None = Frontier(machine, budget)
        self._followed: list[Runner] = []
        self._faint = 1  # mass over 2^L of those that predict ½, when the shortest were chosen
        self._rivals = [exponent]  # weight in bits, less the rounds before it fell to ½, of those that predict ½

    def chance(self) -> int | None:
        """The chance of a 1 in units of 2^-24, never 0 or 1; None if all predict ½, now and ever after."""
        if self._frontier is not None:
            masses = self._frontier.masses()
            zeros, ones = masses.zeros, masses.ones
            faint, rounds = self.budget.whole, self.exponent + self.seen + 1
        else:
            zeros, ones = self._votes()
            faint, rounds = self._faint, self.seen + 1 - ALL_FOLLOWED
        both = zeros + ones
        if not both:
            return None
        scale = min(rounds, _FAINTEST)
        one, whole = (ones << scale) + faint, (both << scale) + 2 * faint
        return min(max(((one << (GRID + 1)) + whole) // (2 * whole), 1), (1 << GRID) - 1)

    def learn(self, bit: int) -> None:
        """Learn what the next bit was."""
        if self._frontier is not None:
            self._frontier.learn(bit)
        else:
            self._followed = [runner for runner in self._followed if runner.output[self.seen] == bit]
        self.seen += 1
        if self.seen == ALL_FOLLOWED and self._frontier is not None:
            self._choose(self._frontier)

    def shortest(self) -> int | None:
        """Length of the shortest program known to print all that was learned; None if there is none."""
        if self._frontier is None:
            return min((len(runner.program) for runner in self._followed), default=None)
        found = self._frontier.shortest()
        return found[0] if found else None

    def bound_bits(self, count: int) -> float:
        """The ceiling of the loss on `count` bits, when all those that were not learned are predicted with ½."""
        free = min(rival + count for rival in self._rivals)
        shortest = self.shortest()
        if shortest is not None:
            free = min(free, shortest + count - self.seen)
        return free + log2_above(1 + Fraction(1, 1 << self.exponent))

    def _choose(self, frontier: Frontier) -> None:
        """Go on with the shortest programs alone."""
        programs = frontier.programs(FOLLOWED + 1)
        self._rivals += [len(bits) - self.seen for bits in programs[FOLLOWED:]]
        kept = sum(1 << (self.budget.max_length - len(bits)) for bits in programs[:FOLLOWED])
        self._faint = max(frontier.masses().matching - kept, 1)
        self._frontier = None
        for bits in programs[:FOLLOWED]:
            self._followed.append(Runner(self.machine, bits, self.budget.max_steps, self.budget.total))

    def _votes(self) -> tuple[int, int]:
        """Masses over 2^L of the followed programs that say 0 and 1; those that say nothing are let go."""
        votes = [0, 0]
        silent = False
        for runner in self._followed:
            if self.seen >= len(runner.output):
                runner.run(self.seen + _BLOCK)
            if self.seen < len(runner.output):
                votes[runner.output[self.seen]] += 1 << (self.budget.max_length - len(runner.program))
            else:
                self._rivals.append(len(runner.program) - self.seen)
                silent = True
        if silent:
            self._followed = [runner for runner in self._followed if self.seen < len(runner.output)]
        return votes[0], votes[1]
