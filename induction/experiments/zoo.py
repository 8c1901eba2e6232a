"""The shortest programs of many sequences at once: walks for matches against a trie of all of them.

A sequence that has a program within a shorter L leaves the trie, so that the deeper and costlier
walks have only the hard ones to follow; what is found first is the shortest all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from induction.budget import Budget, whole_number
from induction.enumeration.executors import opened
from induction.enumeration.program import Program
from induction.enumeration.runner import program_text
from induction.enumeration.shards import enumerate_sharded
from induction.enumeration.store import Asked, numbered
from induction.enumeration.targets import several
from induction.experiments.zoo_files import Extent, Word, program_file, write_folder
from induction.machines import get
from induction.sources.sequences import SEQUENCES, sequence

_MOST_BITS = 2**14  # a million nodes of a trie of all sequences
_ASKED = Asked(
    {"machine": "--machine", "max_length": "--max-length", "max_steps": "--max-steps"},
    "targets",
    "sequences or other --bits",
)
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

    def write(self, folder: Path) -> tuple[list[Path], list[str]]:
        """Merge into a folder: a program file for each sequence that has one, a line of ``none.md`` for each other.

        What the folder says of a sequence from a search that was larger in L, T or bits is kept, and so is
        what it says of sequences that were not looked for.

        Parameters
        ----------
        folder : Path
            Made if there is none.

        Returns
        -------
        (written, kept)
            The program files written, and the names of the sequences of which the folder's word was kept.

        Raises
        ------
        ValueError
            If the folder cannot be one or holds what no search on this machine wrote; see
            :func:`induction.experiments.zoo_files.check_folder`.
        """
        extent = Extent(self.budget.max_length, self.budget.max_steps, self.bits)
        found = {}
        for one in self.specimens:
            program, text = one.program, None
            if program is not None:
                text = program_file(one.name, self.machine, program.text, program.length, extent)
            found[one.name] = Word(extent, one.title, text)
        return write_folder(folder, self.machine, found)


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
    executor: str | Executor | None = None,
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
        Bits of each sequence that a program has to print, 1 to 16384.
    workers, executor
        Who walks; as for :func:`induction.inductor.explanation.explain`.
    store : path, optional
        Where finished parts are kept, a file a stage, its name followed by a dot and L, so that a search
        that was stopped goes on.
    progress : callable, optional
        Told the share of the work done.

    Returns
    -------
    Zoo

    Raises
    ------
    ValueError
        If a name, the machine or a number is not what is allowed, or a store is of another search.
    OSError
        If a store cannot be written, or the workers were lost.
    """
    chosen = get(machine)
    budget = Budget(max_length, max_steps)
    bits = whole_number("bits", bits, _MOST_BITS, "bits of each sequence")
    sources = [sequence(name) for name in names]
    if not sources:
        raise ValueError("no sequences are given; name one at least")
    programs: dict[str, Program] = {}
    stages = [*(n for n in _STAGES if n < max_length), max_length]
    efforts = [_GROWTH**length for length in stages]
    with opened(workers, executor) as pool:
        for stage, length in enumerate(stages):
            left = [source for source in sources if source.name not in programs]
            if not left:
                break
            targets = several([source.bits(bits) for source in left])
            ledger = enumerate_sharded(
                chosen,
                Budget(length, max_steps),
                targets,
                keep=1,
                matches_only=True,
                workers=workers,
                executor=pool,
                store=None if store is None else numbered(store, length),
                asked=_ASKED,
                progress=progress and partial(_tell, progress, sum(efforts[:stage]), efforts[stage], sum(efforts)),
            )
            for source, leaf in zip(left, targets.leaves, strict=True):
                for found in ledger.programs(int(leaf)):
                    text = program_text(chosen, found, bits, max_steps)
                    programs[source.name] = Program(found, text, Fraction(1, 2 ** len(found)))
    specimens = tuple(Specimen(s.name, s.title, s.reference, programs.get(s.name)) for s in sources)
    return Zoo(chosen.name, budget, bits, specimens)
