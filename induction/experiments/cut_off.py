"""What does a larger budget buy? Bound, loss, decided mass and the certified interval as L and T grow.

Raising L or T keeps every weight and adds programs: the bound never rises, the decided mass never falls and
certified intervals are nested. The loss may go either way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from induction.budget import whole_number
from induction.dyadic import log2_above, log2_below, to_text
from induction.inductor.predictor import Predictor
from induction.sources.sequences import sequence

SOURCES = ("fibonacci-word", "period-doubling", "squares", "coin")
LENGTHS = tuple(range(4, 25, 2))
STEPS = (1, 2, 3, 4, 6, 8, 16, 32, 64, 128, 256)


@dataclass(frozen=True)
class Setting:
    """One source under one budget, after all of its bits.

    Parameters
    ----------
    source : str
    max_length, max_steps : int
        L in bits, T in steps.
    loss, bound : float
        In bits.
    decided : Fraction
        Share of all mass that is not open: prints the data, or surely does not.
    low, high : Fraction
        Ends of the certified interval of M(data), for programs of any length and patience.
    """

    source: str
    max_length: int
    max_steps: int
    loss: float
    bound: float
    decided: Fraction
    low: Fraction
    high: Fraction

    def to_json(self) -> dict[str, Any]:
        """The numbers, exact ones as ``"a/b"`` with their logarithms beside them (None for log2 0)."""
        return {
            "source": self.source,
            "max_length": self.max_length,
            "max_steps": self.max_steps,
            "loss_bits": self.loss,
            "bound_bits": self.bound,
            "decided": to_text(self.decided),
            "decided_share": float(self.decided),
            "interval": [to_text(self.low), to_text(self.high)],
            "log2_low": log2_below(self.low) if self.low else None,
            "log2_high": log2_above(self.high) if self.high else None,
        }


@dataclass(frozen=True)
class Gain:
    """What one setting brings beyond the one before it.

    Parameters
    ----------
    source : str
    max_length, max_steps : int
        The larger budget.
    steps : bool
        Whether T grew, and not L.
    bound, loss : float
        Bits saved, for each bit of L or each step of T; negative where the loss rose.
    decided : float
        Mass decided, likewise.
    """

    source: str
    max_length: int
    max_steps: int
    steps: bool
    bound: float
    loss: float
    decided: float

    def to_json(self) -> dict[str, Any]:
        """The numbers, with what they are counted by."""
        return {
            "source": self.source,
            "by": "step" if self.steps else "bit",
            "max_length": self.max_length,
            "max_steps": self.max_steps,
            "bound_saved_bits": self.bound,
            "loss_saved_bits": self.loss,
            "decided": self.decided,
        }


@dataclass(frozen=True)
class CutOff:
    """Settings along L and along T.

    Parameters
    ----------
    machine : str
    bits : int
        Bits of each source.
    by_length, by_steps : tuple of Setting
        Source by source, the budget ascending: L at the largest T, T at the largest L.
    """

    machine: str
    bits: int
    by_length: tuple[Setting, ...] = field(repr=False)
    by_steps: tuple[Setting, ...] = field(repr=False)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names, in order."""
        return tuple(dict.fromkeys(setting.source for setting in self.by_length))

    def of(self, source: str, *, steps: bool) -> tuple[Setting, ...]:
        """One source's settings, along T or along L."""
        return tuple(each for each in (self.by_steps if steps else self.by_length) if each.source == source)

    @property
    def gains(self) -> tuple[Gain, ...]:
        """The marginal value of a bit of L and of a step of T, source by source."""
        gains = []
        for steps in (False, True):
            for source in self.sources:
                for old, new in pairwise(self.of(source, steps=steps)):
                    by = new.max_steps - old.max_steps if steps else new.max_length - old.max_length
                    saved = (old.bound - new.bound) / by, (old.loss - new.loss) / by
                    decided = float(new.decided - old.decided) / by
                    gains.append(Gain(source, new.max_length, new.max_steps, steps, *saved, decided))
        return tuple(gains)

    def to_json(self) -> dict[str, Any]:
        """``by_length``, ``by_steps`` and ``marginal``, a row each."""
        return {
            "machine": self.machine,
            "bits": self.bits,
            "by_length": [each.to_json() for each in self.by_length],
            "by_steps": [each.to_json() for each in self.by_steps],
            "marginal": [gain.to_json() for gain in self.gains],
        }


def cut_off(
    names: Sequence[str] = SOURCES,
    *,
    bits: int = 64,
    lengths: Sequence[int] | None = None,
    steps: Sequence[int] | None = None,
    machine: str = "queue",
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> CutOff:
    """Predict sources under budgets of growing length, and of growing patience.

    Parameters
    ----------
    names : sequence of str
        Of :mod:`induction.sources.sequences`.
    bits : int
        Of each source, at least 1.
    lengths, steps : sequence of int, optional
        Values of L and of T, at least one each; L goes up to 24 by default, to 28 at full size, T to 256 and 4096.
    machine : str
    full : bool
        The full size.
    progress : callable, optional
        Told (settings done, settings in all).

    Returns
    -------
    CutOff

    Raises
    ------
    ValueError
        If a name is unknown or a number out of range.
    """
    bits = whole_number("bits", bits, None, "bits of each sequence")
    some_lengths = sorted(set(LENGTHS + ((26, 28) if full else ()) if lengths is None else lengths))
    some_steps = sorted(set(STEPS + ((1024, 4096) if full else ()) if steps is None else steps))
    if not some_lengths or not some_steps:
        raise ValueError("lengths or steps are empty; give at least one value of each")
    every = len(names) * (len(some_lengths) + len(some_steps))
    by_length: list[Setting] = []
    by_steps: list[Setting] = []
    for name in names:
        for rows, budgets in (
            (by_length, [(length, some_steps[-1]) for length in some_lengths]),
            (by_steps, [(some_lengths[-1], patience) for patience in some_steps]),
        ):
            for length, patience in budgets:
                rows.append(setting(Predictor(machine, length, patience), name, bits))
                if progress is not None:
                    progress(len(by_length) + len(by_steps), every)
    return CutOff(Predictor(machine, some_lengths[0], 1).machine, bits, tuple(by_length), tuple(by_steps))


def setting(predictor: Predictor, name: str, bits: int) -> Setting:
    """One source under a predictor's budget."""
    predictor.learn_many(sequence(name).bits(bits))
    low, high = predictor.prior_interval()
    budget = predictor.budget
    loss, bound = predictor.loss_bits, predictor.bound_bits
    # What is open here is open before the last bit: at the data itself it has printed them all.
    return Setting(name, budget.max_length, budget.max_steps, loss, bound, 1 - (high - low), low, high)
