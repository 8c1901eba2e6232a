"""The shortest programs of many sequences at once: walks for matches against a trie of all of them.

A sequence that has a program within a shorter L leaves the trie, so that the deeper and costlier
walks have only the hard ones to follow; what is found first is the shortest all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from induction.bits import to_text
from induction.budget import Budget
from induction.enumeration.program import Program
from induction.enumeration.runner import program_text
from induction.enumeration.shards import enumerate_sharded
from induction.enumeration.targets import several
from induction.machines import get
from induction.sources.sequences import SEQUENCES, sequence

_SHOWN = 64  # output bits in a program file
_GROWTH = 1.8  # of the work, a program bit
_STAGES = (16, 20, 24, 28, 32, 36)  # lengths searched on the way


@dataclass(frozen=True)
class Specimen:
    """A sequence and the first of its shortest programs.

    Parameters
    ----------
    name, title, reference : str
        The sequence's.
    program : Program or None
        None if no program within the budget prints the sequence's first bits.
    """

    name: str
    title: str
    reference: str
    program: Program | None

    def to_json(self) -> dict[str, Any]:
        """Name and program."""
        return {"name": self.name, "program": self.program.to_json() if self.program else None}


@dataclass(frozen=True)
class Zoo:
    """What one search found.

    Parameters
    ----------
    machine : str
    budget : Budget
    bits : int
        How many bits of each sequence a program had to print.
    specimens : tuple of Specimen
        Every program of the budget was looked at: programs are the shortest within it, and a
        sequence without one has none.
    """

    machine: str
    budget: Budget
    bits: int
    specimens: tuple[Specimen, ...]

    def to_json(self) -> dict[str, Any]:
        """Budget and one row a sequence."""
        return {
            "machine": self.machine,
            "max_length": self.budget.max_length,
            "max_steps": self.budget.max_steps,
            "bits": self.bits,
            "specimens": [specimen.to_json() for specimen in self.specimens],
        }

    def write(self, folder: Path) -> list[Path]:
        """A program file for each sequence that has one, and ``none.md`` with the names of the others."""
        folder.mkdir(parents=True, exist_ok=True)
        searched = f"every program of at most {self.budget.max_length} bits and {self.budget.max_steps} steps a bit"
        written = []
        for one in self.specimens:
            if one.program is not None:
                prints = to_text(sequence(one.name).bits(_SHOWN))
                lines = [
                    f"# {one.title}",
                    f"machine: {self.machine}",
                    f"rules: {one.program.text}",
                    f"prints: {prints}…",
                    f"sequence: {one.name}",
                    f"bits: {one.program.length}",
                    f"source: {one.reference + '; ' if one.reference else ''}the first of the shortest, proved by "
                    f"looking at {searched}, "
                    f"verified on {self.bits} bits.",
                ]
                path = folder / f"{one.name}.txt"
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
                written.append(path)
        missing = [f"* {one.name}: {one.title}" for one in self.specimens if one.program is None]
        limits = f"{self.budget.max_length} bits and {self.budget.max_steps} steps a bit"
        head = f"# Without a program on {self.machine}\n\nNo program of at most {limits} prints the first"
        text = f"{head} {self.bits} bits of these sequences:\n\n" + "\n".join(missing) + "\n"
        (folder / "none.md").write_text(text, encoding="utf-8")
        return written


def _tell(progress: Callable[[float], None], before: float, effort: float, whole: float, share: float) -> None:
    progress((before + effort * share) / whole)


def zoo(
    names: Sequence[str] = tuple(SEQUENCES),
    *,
    machine: str = "queue",
    max_length: int = 28,
    max_steps: int = 1024,
    bits: int = 512,
    workers: int = 1,
    store: Path | None = None,
    progress: Callable[[float], None] | None = None,
) -> Zoo:
    """Look for the shortest programs of named sequences, all of them in each walk, longer by stages.

    Parameters
    ----------
    names : sequence of str
        Of :mod:`induction.sources.sequences`.
    machine : str
    max_length, max_steps : int
        The budget, searched to its end.
    bits : int
        Bits of each sequence that a program has to print, at least 1.
    workers : int
        Threads.
    store : path, optional
        Where finished parts are kept, a file a stage, so that a search that was stopped goes on.
    progress : callable, optional
        Told the share of the work done.

    Returns
    -------
    Zoo
    """
    chosen = get(machine)
    programs: dict[str, Program] = {}
    stages = [*(n for n in _STAGES if n < max_length), max_length]
    efforts = [_GROWTH**length for length in stages]
    for stage, length in enumerate(stages):
        left = [name for name in names if name not in programs]
        if not left:
            break
        targets = several([sequence(name).bits(bits) for name in left])
        ledger = enumerate_sharded(
            chosen,
            Budget(length, max_steps),
            targets,
            keep=1,
            matches_only=True,
            workers=workers,
            store=None if store is None else store.with_name(f"{store.name}.{length}"),
            progress=progress and partial(_tell, progress, sum(efforts[:stage]), efforts[stage], sum(efforts)),
        )
        for name, leaf in zip(left, targets.leaves, strict=True):
            for found in ledger.programs(int(leaf)):
                text = program_text(chosen, found, bits, max_steps)
                programs[name] = Program(found, text, Fraction(1, 2 ** len(found)))
    sources = [sequence(name) for name in names]
    specimens = tuple(Specimen(s.name, s.title, s.reference, programs.get(s.name)) for s in sources)
    return Zoo(chosen.name, Budget(max_length, max_steps), bits, specimens)
