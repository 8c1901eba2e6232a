"""Contracts that run: what a machine and what a predictor must keep, checked on many small cases.

``check_machine`` is the acceptance test of a reference machine, ``check_predictor`` that of a bit
predictor; the tests use them on everything in the package, and you can on your own. Each raises an
AssertionError with one line that names the statement violated.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from types import CellType, FunctionType
from typing import Any

import numpy as np

from induction.bits import to_text
from induction.budget import LONGEST, Budget
from induction.enumeration.frontier import PACKED_CELLS, Frontier
from induction.enumeration.runner import Runner, program_bits, program_text
from induction.enumeration.targets import every, heap_name, single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT, TIMEOUT, Ledger, enumerate_programs
from induction.machines import get
from induction.machines.machine import DEADLINE, LEAF, NEED, NODE, STEPS, Kernels, Machine

_CUT_EVENT = CUT + 1  # an event is its fate's column and one
_SAMPLE = 512  # programs and bit strings taken one at a time
_CLOSE = 1e-6  # how near sums of float losses must be, in bits a round


@dataclass(frozen=True)
class Report:
    """What a check has found to hold.

    Parameters
    ----------
    name : str
        What was checked.
    cases : dict
        How many cases by statement.
    """

    name: str
    cases: dict[str, int]


class _Statements:
    """Counts cases by statement and raises for the first that is violated."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cases: Counter[str] = Counter()

    def hold(self, statement: str, condition: object, detail: object = "") -> None:
        self.cases[statement] += 1
        if not condition:
            raise AssertionError(f"{self.name}: it does not hold that {statement} ({detail})")


def check_machine(
    machine: str | Machine, *, max_length: int = 10, max_steps: int = 24, depth: int = 4, seed: int = 0
) -> Report:
    """Check the contract of a reference machine: the statements of `induction.machines.machine` and of the theory.

    Codes are complete and prefix-free at every fork; programs are lazy and prefix-free; fates add up
    to 2^L; a walk undoes what it did; kernels keep to their memory and budget (they are run as plain
    Python on checked arrays); walk, runner and online frontier agree; texts come back as the same bits;
    larger budgets only add.

    Parameters
    ----------
    machine : str or Machine
    max_length, max_steps : int
        The largest budget; smaller ones, and one with a total, are taken as well.
    depth : int
        Output bits, at most 12.
    seed : int
        Of the choice of programs where there are many.

    Returns
    -------
    Report

    Raises
    ------
    AssertionError
        With one line that names the first statement violated.
    """
    chosen = get(machine)
    statements = _Statements(chosen.name)
    short = min(max_length, 8)
    for budget in (Budget(1, 1), Budget(short, 1), Budget(short, max_steps, 5), Budget(max_length, max_steps)):
        search = CheckedSearch(chosen, budget, depth, statements.hold)
        count = max(map(len, search.programs().values()), default=1)
        ledger = enumerate_programs(chosen, budget, every(depth), keep=count)
        _check_ledger(search, ledger, statements)
        _check_one_target(ledger, statements)
        _check_growth(ledger, statements)
        _check_frontier(search, ledger, statements)
        _check_runner(search, budget, depth, statements, random.Random(seed))
    return Report(chosen.name, dict(statements.cases))


def _check_ledger(search: CheckedSearch, ledger: Ledger, statements: _Statements) -> None:
    hold, budget = statements.hold, ledger.budget
    expected = np.zeros_like(ledger.masses)
    for program, (event, node) in search.paths.items():
        expected[node, event - 1] += 1 << (budget.max_length - len(program))
    paths = sorted(search.paths)
    for node, mass in search.cuts.values():
        expected[node, CUT] += mass
    hold("the walk books what a plain search finds", np.array_equal(expected, ledger.masses), budget)
    hold("fates add up to exactly 2^L", int(ledger.masses.sum()) == budget.whole, budget)
    free = all(not b.startswith(a) for a, b in pairwise(paths))
    hold("programs are prefix-free", free, budget)
    again = enumerate_programs(ledger.machine, budget, ledger.targets, keep=ledger.found.shape[1] // 2)
    same = np.array_equal(again.masses, ledger.masses) and np.array_equal(again.found, ledger.found)
    hold("two walks give the same ledger", same, budget)
    programs = search.programs()
    for leaf in ledger.targets.leaves:
        name = heap_name(int(leaf))
        hold("the walk keeps the shortest programs in order", ledger.programs(leaf) == programs.get(name, []), name)


def _prior(ledger: Ledger) -> np.ndarray:
    """M(x) over 2^L by node."""
    masses = ledger.masses.sum(axis=1)
    for node in range(len(masses) - 1, 0, -1):
        masses[(node - 1) // 2] += masses[node]
    return masses


def _check_one_target(ledger: Ledger, statements: _Statements) -> None:
    prior = _prior(ledger)
    for leaf in ledger.targets.leaves:
        x = heap_name(int(leaf))
        above = [int("1" + x[:i], 2) - 1 for i in range(len(x))]
        fates = ledger.masses[above].sum(axis=0)
        fates[MATCH] = prior[leaf]
        fates[MISMATCH] = ledger.budget.whole - fates.sum() + fates[MISMATCH]
        totals = enumerate_programs(ledger.machine, ledger.budget, single(x)).totals
        statements.hold("a walk against one string finds what the table of all strings says", all(fates == totals), x)


def _check_growth(ledger: Ledger, statements: _Statements) -> None:
    budget = ledger.budget
    if budget.total is None:
        larger = enumerate_programs(
            ledger.machine, Budget(budget.max_length + 1, 2 * budget.max_steps), ledger.targets
        )
        grown = np.all(_prior(larger) >= 2 * _prior(ledger))
        statements.hold("no mass falls when the budget grows", grown, budget)
        proved = np.all(larger.masses[:, SILENT] >= 2 * ledger.masses[:, SILENT])
        statements.hold("what is proved silent is proved at every larger budget", proved, budget)


def _check_frontier(search: CheckedSearch, ledger: Ledger, statements: _Statements) -> None:
    prior = _prior(ledger)
    programs = search.programs()
    for leaf in ledger.targets.leaves:
        x = heap_name(int(leaf))
        frontier = Frontier(ledger.machine, ledger.budget)
        silent_before = open_before = 0
        for i, bit in enumerate(x):
            node = int("1" + x[:i], 2) - 1
            silent, timeout, cut = (int(v) for v in ledger.masses[node, SILENT : CUT + 1])
            zeros, ones = int(prior[2 * node + 1]), int(prior[2 * node + 2])
            mismatch = ledger.budget.whole - int(prior[node]) - silent_before - open_before
            expected = (zeros, ones, silent, timeout, cut, silent_before, open_before, mismatch)
            same = tuple(frontier.masses()) == expected
            statements.hold("the online frontier agrees with the walk at every prefix", same, (x[:i], ledger.budget))
            silent_before += silent
            open_before += timeout + cut
            frontier.learn(int(bit))
        same = frontier.programs(_SAMPLE) == programs.get(x, [])[:_SAMPLE]
        statements.hold("the online frontier keeps the programs for the data", same, (x, ledger.budget))


def _check_runner(search: CheckedSearch, budget: Budget, depth: int, statements: _Statements, chance: random.Random) -> None:
    hold, machine = statements.hold, search.machine

    def run(bits: str) -> Runner:
        runner = Runner(machine, bits, budget.max_steps, budget.total)
        runner.run(depth)
        return runner

    programs = [p for some in search.programs().values() for p in some]
    for program in chance.sample(programs, min(_SAMPLE, len(programs))):
        runner, shorter = run(program), run(program[:-1])
        hold("a program is what has been read", (runner.event, runner.length) == (LEAF, len(program)), program)
        hold("without its last bit a program needs a bit", shorter.event == NEED, program)
        text = program_text(machine, program, depth, budget.max_steps)
        back = program_bits(machine, text)
        hold("rule text comes back as the same bits", back == program, f"{program} -> {text!r} -> {back}")
    for number in chance.sample(range(budget.whole), min(_SAMPLE, budget.whole)):
        bits = format(number, f"0{budget.max_length}b")
        program, event, node = search.fate(bits)
        runner = run(bits)
        event = NEED if event == CUT_EVENT else event
        same = (runner.event, to_text(runner.output)) == (event, heap_name(node))
        hold("runner and walk agree", same, f"{bits}: {runner.event}, {runner.output}, not {event}, {heap_name(node)}")
