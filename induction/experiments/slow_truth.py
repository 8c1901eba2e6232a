"""What if the short program is too slow? Sources whose shortest program needs more than T steps a bit.

A program that says nothing for T steps is out. The mixture then settles on longer programs that say the same with
less silence, as long as L admits any, and after that on the fallback: the bound at each T says on which. Beside it
stand mixtures over the same programs that treat the late ones otherwise, the mixture under noise, for which a cheap
program that is nearly right is enough, and the speed prior, which needs no T: a program pays log2 of its steps.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from induction.budget import whole_number
from induction.enumeration.program import Program
from induction.enumeration.runner import program_text, run
from induction.inductor.explanation import explain
from induction.inductor.noisy import NoisyPredictor
from induction.inductor.speed import speed_prior
from induction.inductor.timeouts import TIMEOUTS, with_timeouts
from induction.machines import get
from induction.sources.sequences import sequence

SOURCES, FULL_SOURCES = ("squares",), ("squares", "runs", "triangular-numbers")
STEPS, FULL_STEPS = (4, 8, 16, 24, 48), (4, 8, 12, 16, 24, 32, 48, 64, 128)
MACHINE = "turing"  # its head walks in silence
NOISY = "noisy"
TREATMENTS = (*TIMEOUTS, NOISY)
NOISY_LENGTH = 18  # nothing is refuted under noise, so a bit of L costs more there
_CELL = 48  # letters that a cell of the command's tables holds
# What the tables say, a column or a treatment a row.
LEGEND = (
    ("needs", "least T with which the program prints the bits"),
    ("truth prints", "bits that it prints within this T"),
    ("dead", "a program that is late is out"),
    ("uniform", "it says one half from then on"),
    ("asleep", "it says nothing until it has caught up"),
    ("noisy", "nobody is out: bits may be flipped, at a price"),
    ("bound", "what the loss was proven not to exceed"),
    ("violations", "rounds in which the loss was above the bound"),
    ("length", "bits of the program settled on; - if it is none"),
    ("settled on", "who sets the bound; long ones: under rules"),
    ("speed", "a program pays log2 of its steps; no T is needed"),
)
ENOUGH = 1024  # steps with which the truth is looked for, and the speed prior's T


@dataclass(frozen=True)
class Truth:
    """The first of the shortest programs for all of a source's bits, with hardly any limit on its steps.

    Parameters
    ----------
    source : str
    program : Program
    needs : int
        The least T with which it prints the bits: its longest silence.
    steps : int
        That it takes in all.
    """

    source: str
    program: Program
    needs: int
    steps: int

    def to_json(self) -> dict[str, Any]:
        """The fields, the program with its text."""
        return {"source": self.source, "program": self.program.to_json(), "needs": self.needs, "steps": self.steps}


@dataclass(frozen=True, eq=False)
class Settled:
    """One source under one treatment of late programs and one T.

    Parameters
    ----------
    source, treatment : str
        ``dead``, ``uniform``, ``asleep``: see :mod:`induction.inductor.timeouts`; ``noisy``: bits may be flipped.
    max_steps : int
        T.
    loss, bound : numpy.ndarray
        Cumulative, in bits, after 0 to n bits, shape (n + 1,).
    text : str
        What the mixture has settled on: the rules of the program that sets the bound, or another competitor's name.
    length : int or None
        That program's bits; None if no program sets the bound.
    truth_prints : int
        How many bits the truth prints before its first silence of more than T steps; n if it has none.
    """

    source: str
    treatment: str
    max_steps: int
    loss: np.ndarray = field(repr=False)
    bound: np.ndarray = field(repr=False)
    text: str
    length: int | None
    truth_prints: int

    def to_json(self) -> dict[str, Any]:
        """The last numbers of the series, and the rest."""
        return {
            "source": self.source,
            "treatment": self.treatment,
            "max_steps": self.max_steps,
            "truth_prints": self.truth_prints,
            "loss_bits": float(self.loss[-1]),
            "bound_bits": float(self.bound[-1]),
            "violations": int((self.loss > self.bound).sum()),
            "length": self.length,
            "settled_on": self.text,
        }


@dataclass(frozen=True)
class Speed:
    """The speed prior S_Kt of the first bits of a source.

    Parameters
    ----------
    source : str
    bits : int
    loss, bound : float
        -log2 S_Kt(x) and Levin's Kt(x) within the budget, in bits.
    text : str
        The heaviest program.
    steps : int
        That it takes in all.
    """

    source: str
    bits: int
    loss: float
    bound: float
    text: str
    steps: int

    def to_json(self) -> dict[str, Any]:
        """The fields."""
        numbers = {"loss_bits": self.loss, "bound_bits": self.bound}
        return {"source": self.source, "bits": self.bits, **numbers, "steps": self.steps, "heaviest": self.text}


@dataclass(frozen=True)
class SlowTruth:
    """Sources, treatments and T's, with the parameters that they share."""

    machine: str
    max_length: int
    noisy_length: int
    bits: int
    truths: tuple[Truth, ...]
    settled: tuple[Settled, ...] = field(repr=False)
    speed: tuple[Speed, ...] = field(repr=False)

    def of(self, source: str, treatment: str) -> list[Settled]:
        """One source under one treatment, T ascending."""
        return [each for each in self.settled if (each.source, each.treatment) == (source, treatment)]

    def speed_of(self, source: str) -> list[Speed]:
        """The speed prior of one source, bits ascending."""
        return [each for each in self.speed if each.source == source]

    @property
    def violations(self) -> int:
        """Rounds in which a loss was above its bound."""
        late = sum(int((each.loss > each.bound).sum()) for each in self.settled)
        return late + sum(each.loss > each.bound for each in self.speed)

    def to_json(self) -> dict[str, Any]:
        """``truths``, ``settled`` and ``speed``, a row each; ``legend``; ``rules`` of long programs in full."""
        return {
            "machine": self.machine,
            "max_length": self.max_length,
            "noisy_length": self.noisy_length,
            "bits": self.bits,
            "violations": self.violations,
            "truths": [truth.to_json() for truth in self.truths],
            "settled": [each.to_json() for each in self.settled],
            "speed": [each.to_json() for each in self.speed],
            "legend": [{"name": name, "meaning": meaning} for name, meaning in LEGEND],
            "rules": self.rules_in_full,
        }

    @property
    def rules_in_full(self) -> list[dict[str, str]]:
        """Every program above that is too long for a cell, in lines of whole rules where they fit, numbered."""
        texts = [truth.program.text for truth in self.truths]
        texts += [each.text for each in self.settled]
        texts += [each.text for each in self.speed]
        rows = []
        long = [text for text in dict.fromkeys(texts) if len(text) > _CELL]
        for number, text in enumerate(long, 1):
            for i, line in enumerate(in_lines(text)):
                rows.append({"program": "" if i else str(number), "rules": line})
        return rows


def slow_truth(
    names: Sequence[str] | None = None,
    *,
    bits: int | None = None,
    steps: Sequence[int] | None = None,
    machine: str = MACHINE,
    max_length: int = 26,
    full: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> SlowTruth:
    """Predict sources with too few steps for their shortest program, and with enough.

    Parameters
    ----------
    names : sequence of str, optional
        Of :mod:`induction.sources.sequences`; each needs a program within `max_length` and :data:`ENOUGH` steps a bit.
    bits : int, optional
        Of each source, at least 1; 128 by default, 256 at full size.
    steps : sequence of int, optional
        Values of T, at least one.
    machine : str
    max_length : int
        L; under noise at most :data:`NOISY_LENGTH`.
    full : bool
        The full size: more sources, bits and values of T.
    progress : callable, optional
        Told (parts done, parts in all).

    Returns
    -------
    SlowTruth

    Raises
    ------
    ValueError
        If a name is unknown, a number out of range, or a source has no program within the budget.
    """
    chosen = (FULL_SOURCES if full else SOURCES) if names is None else tuple(names)
    n = (256 if full else 128) if bits is None else bits
    patience = sorted(set((FULL_STEPS if full else STEPS) if steps is None else steps))
    n = whole_number("bits", n, None, "bits of each sequence")
    if not chosen or not patience:
        raise ValueError("names or steps are empty; give at least one of each")
    lengths = [count for count in (1 << i for i in range(3, n.bit_length())) if count < n] + [n]
    parts = len(chosen) * (1 + len(patience) * len(TREATMENTS) + len(lengths))
    truths: list[Truth] = []
    settled: list[Settled] = []
    speed: list[Speed] = []

    def tell() -> None:
        if progress is not None:
            progress(len(truths) + len(settled) + len(speed), parts)

    for name in chosen:
        data = sequence(name).bits(n)
        truths.append(find_truth(name, data, machine, max_length))
        tell()
        for treatment in TREATMENTS:
            for most in patience:
                settled.append(settle(truths[-1], data, machine, treatment, (max_length, most)))
                tell()
        for count in lengths:
            s = speed_prior(data[:count], machine=machine, max_length=max_length, max_steps=ENOUGH)
            speed.append(Speed(name, count, s.loss_bits, s.bound_bits, s.best_text, s.best_steps))
            tell()
    short = min(max_length, NOISY_LENGTH)
    return SlowTruth(get(machine).name, max_length, short, n, tuple(truths), tuple(settled), tuple(speed))


def in_lines(text: str) -> list[str]:
    """Rules in lines of at most 48 letters, each rule whole if it fits."""
    bound = text.replace(" ", "\N{NO-BREAK SPACE}").replace(";\N{NO-BREAK SPACE}", "; ")
    lines = textwrap.wrap(bound, _CELL, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def find_truth(name: str, data: np.ndarray, machine: str, max_length: int) -> Truth:
    """The first of the shortest programs for the data, its longest silence and its steps; ValueError if none."""
    program = explain(data, machine=machine, max_length=max_length, max_steps=ENOUGH, matches_only=True).shortest
    if program is None:
        limits = f"{max_length} bits and {ENOUGH} steps a bit"
        raise ValueError(f"{name} has no program of at most {limits} on {machine}; raise max_length or take another")
    low, high = 1, ENOUGH
    while low < high:
        middle = (low + high) // 2
        fits = prints(machine, program.bits, len(data), middle) == len(data)
        low, high = (low, middle) if fits else (middle + 1, high)
    steps = run(program.bits, machine=machine, bits=len(data), max_steps=low).steps
    return Truth(name, program, low, steps)


def prints(machine: str, program: str, bits: int, max_steps: int) -> int:
    """How many bits, of at most `bits`, a program prints before a silence of more than `max_steps` steps."""
    return len(run(program, machine=machine, bits=bits, max_steps=max_steps).output)


def settle(truth: Truth, data: np.ndarray, machine: str, treatment: str, budget: tuple[int, int]) -> Settled:
    """One source under one treatment and one budget (L, T)."""
    length, most = budget
    if treatment == NOISY:
        predictor: Any = NoisyPredictor(machine, min(length, NOISY_LENGTH), most)
    else:
        predictor = with_timeouts(treatment, machine=machine, max_length=length, max_steps=most)
    predictor.learn_many(data)
    name = predictor.standing.competitor
    is_program = set(name) <= {"0", "1"}
    text = program_text(get(machine), name, len(data), ENOUGH) if is_program else name
    return Settled(
        truth.source,
        treatment,
        most,
        np.array([s.loss_bits for s in predictor.history]),
        np.array([s.bound_bits for s in predictor.history]),
        text,
        len(name) if is_program else None,
        prints(machine, truth.program.bits, len(data), most),
    )
