"""Contracts that run: what a machine and what a predictor must keep, checked on many small cases.

``check_machine`` is the acceptance test of a reference machine, ``check_predictor`` that of a bit
predictor; the tests use them on everything in the package, and you can on your own. Each raises an
AssertionError with one line that names the statement violated.
"""

from __future__ import annotations

import copy
import math
import pickle
import random
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from induction.bits import to_text
from induction.bounds.losses import log_loss
from induction.budget import Budget
from induction.enumeration.checked import CUT_EVENT, CheckedSearch, plainly
from induction.enumeration.frontier import Frontier
from induction.enumeration.runner import Runner, program_bits, program_text
from induction.enumeration.targets import every, heap_name, single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT_MASS, Ledger, enumerate_programs
from induction.machines import get
from induction.machines.machine import LEAF, NEED, Machine
from induction.predictors.contract import is_exact

_SAMPLE = 512  # programs and bit strings taken one at a time
_CLOSE = 1e-9  # how near floats must be: to a sum of 1, to exact values, and losses to their sum, a round
_NO_BITS = (2, -1, 0.5, "1", None)


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
    budgets = Budget(1, 1), Budget(short, 1), Budget(short, max_steps, 5), Budget(max_length, max_steps)
    searches = [CheckedSearch(chosen, budget, depth, statements.hold) for budget in budgets]
    for search in searches:
        count = max(map(len, search.programs().values()), default=1)
        ledger = enumerate_programs(chosen, search.budget, every(depth), keep=count)
        _check_ledger(search, ledger, statements)
        _check_one_target(ledger, statements)
        _check_growth(ledger, statements)
        _check_frontier(search, ledger, statements)
        _check_runner(search, depth, statements, random.Random(seed))
        _check_memory(ledger, statements)
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
        keep = ledger.found.shape[1] // 2
        whole, matches = (
            enumerate_programs(ledger.machine, ledger.budget, single(x), keep=keep, matches_only=matches_only)
            for matches_only in (False, True)
        )
        right = all(fates == whole.totals)
        statements.hold("a walk against one string finds what the table of all strings says", right, x)
        same = matches.totals[MATCH] == whole.totals[MATCH] and np.array_equal(matches.found, whole.found)
        statements.hold("a walk for matches only drops no program that matches", same, x)


def _check_growth(ledger: Ledger, statements: _Statements) -> None:
    budget = ledger.budget
    if budget.total is None:
        larger = enumerate_programs(
            ledger.machine, Budget(budget.max_length + 1, 2 * budget.max_steps), ledger.targets
        )
        grown = np.all(_prior(larger) >= 2 * _prior(ledger))
        statements.hold("no mass falls when the budget grows", grown, budget)
        proved = np.all(larger.masses[:, SILENT_MASS] >= 2 * ledger.masses[:, SILENT_MASS])
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
            silent, timeout, cut = (int(v) for v in ledger.masses[node, SILENT_MASS : CUT + 1])
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


def _check_memory(ledger: Ledger, statements: _Statements) -> None:
    """Walk, frontier and runner once more, on checked memory."""
    machine, budget, targets = ledger.machine, ledger.budget, ledger.targets
    statement = "walk, frontier and runner keep to their memory and give the same results there"
    try:
        walked = plainly(enumerate_programs)(machine, budget, targets, keep=1)
        statements.hold(statement, np.array_equal(walked.masses, ledger.masses), budget)
        for leaf in targets.leaves[:: max(1, len(targets.leaves) // 4)]:
            x = heap_name(int(leaf))
            frontiers = Frontier(machine, budget), plainly(Frontier)(machine, budget)
            for bit in x:
                statements.hold(statement, frontiers[0].masses() == frontiers[1].masses(), x)
                for frontier in frontiers:
                    frontier.learn(int(bit))
            for program in ledger.programs(leaf)[:1]:
                runner = plainly(Runner)(machine, program, budget.max_steps, budget.total)
                runner.run(len(x))
                statements.hold(statement, to_text(runner.output) == x, program)
    except (IndexError, ValueError, OverflowError) as error:
        statements.hold(statement, False, error)


def _check_runner(search: CheckedSearch, depth: int, statements: _Statements, chance: random.Random) -> None:
    hold, machine, budget = statements.hold, search.machine, search.budget

    def run(bits: str) -> Runner:
        runner = Runner(machine, bits, budget.max_steps, budget.total)
        runner.run(depth)
        return runner

    programs = [p for some in search.programs().values() for p in some]
    for program in chance.sample(programs, min(_SAMPLE, len(programs))):
        runner, shorter = run(program), run(program[:-1])
        hold("a program is what has been read", (runner.event, runner.length) == (LEAF, len(program)), program)
        hold("without its last bit a program needs a bit", shorter.event == NEED, program)
        text = program_text(machine, program, depth, budget.max_steps, budget.total)
        back = program_bits(machine, text)
        hold("rule text comes back as the same bits", back == program, f"{program} -> {text!r} -> {back}")
    for number in chance.sample(range(budget.whole), min(_SAMPLE, budget.whole)):
        bits = format(number, f"0{budget.max_length}b")
        program, event, node = search.fate(bits)
        runner = run(bits)
        event = NEED if event == CUT_EVENT else event
        same = (runner.event, to_text(runner.output)) == (event, heap_name(node))
        hold("runner and walk agree", same, f"{bits}: {runner.event}, {runner.output}, not {event}, {heap_name(node)}")


def check_predictor(predictor: Any, *, rounds: int = 24, seed: int = 0) -> Report:
    """Check the contract of a bit predictor: the statements of `induction.predictors.contract`.

    Predictions are floats that sum to 1; predicting changes nothing; ``learn_one`` returns the
    predictor and refuses what is no bit; equal twins fed alike predict alike, whatever others learn
    between; ``clone()`` is untrained with equal parameters; ``copy.deepcopy`` and ``pickle`` keep
    what was learned; ``predict_exact``, ``loss_bits`` and ``bound_bits``, where there are any, agree
    with the predictions and with each other.

    Parameters
    ----------
    predictor : BitPredictor
        It learns nothing here: clones of it do.
    rounds : int
        Bits of each sequence tried: zeros, ones, alternating, and a random one.
    seed : int
        Of the random sequence.

    Returns
    -------
    Report

    Raises
    ------
    AssertionError
        With one line that names the first statement violated.
    """
    statements = _Statements(type(predictor).__name__)
    for method in ("predict_proba_one", "learn_one", "clone"):
        statements.hold(f"it has {method}()", callable(getattr(predictor, method, None)))
    chance = random.Random(seed)
    coin = [chance.getrandbits(1) for _ in range(rounds)]
    for data in ([0] * rounds, [1] * rounds, [i % 2 for i in range(rounds)], coin):
        _check_sequence(predictor, data, statements)
    return Report(statements.name, dict(statements.cases))


def _check_sequence(original: Any, data: list[int], statements: _Statements) -> None:
    hold = statements.hold
    predictor, silent_twin, stranger = original.clone(), original.clone(), original.clone()
    fresh = _prediction(predictor, statements)
    lost = getattr(predictor, "loss_bits", 0.0)
    for i, bit in enumerate(data):
        past = to_text(data[:i])
        now = _prediction(predictor, statements)
        hold("predicting changes nothing", now == _prediction(predictor, statements), past)
        for wrong in _NO_BITS:
            hold("what is no bit raises ValueError", _refuses(predictor, wrong), f"{wrong!r} after {past}")
        hold("a refused bit changes nothing", now == _prediction(predictor, statements), past)
        if i == len(data) // 2:
            _check_copies(predictor, silent_twin, data[i:], statements)
        lost += log_loss(now[bit])
        hold("learn_one returns the predictor", predictor.learn_one(bit) is predictor, past)
        silent_twin.learn_one(bit)
        stranger.learn_one(1 - bit)
        if hasattr(predictor, "loss_bits"):
            right = predictor.loss_bits == lost or abs(predictor.loss_bits - lost) <= _CLOSE * (i + 1 + lost)
            hold("loss_bits is the log loss of its own predictions", right, f"{past}{bit}: {predictor.loss_bits}")
            bound = getattr(predictor, "bound_bits", math.inf)
            hold("loss never exceeds the bound", predictor.loss_bits <= bound, f"{past}{bit}: {bound}")
    same = _prediction(predictor, statements) == _prediction(silent_twin, statements)
    hold("twins fed alike predict alike, predictions asked for or not", same, to_text(data))
    clone = predictor.clone()
    same = clone is not predictor and _prediction(clone, statements) == fresh
    hold("clone() is untrained", same, to_text(data))
    hold("clone() has equal parameters", repr(clone) == repr(original.clone()), to_text(data))


def _check_copies(predictor: Any, twin: Any, future: list[int], statements: _Statements) -> None:
    copies = [copy.deepcopy(predictor), pickle.loads(pickle.dumps(predictor)), copy.deepcopy(twin)]
    now = _prediction(predictor, statements)
    same = all(_prediction(one, statements) == now for one in copies)
    statements.hold("deepcopy and pickle keep what was learned", same)
    for bit in future:
        for one in copies:
            one.learn_one(bit)
        same = len({_prediction(one, statements)[1] for one in copies}) == 1
        statements.hold("copies learn on as the original would", same)
    statements.hold("copies learn on their own", now == _prediction(predictor, statements))


def _prediction(predictor: Any, statements: _Statements) -> dict[int, float]:
    given = predictor.predict_proba_one()
    keys = isinstance(given, dict) and set(given) == {0, 1}
    statements.hold("a prediction has the keys 0 and 1", keys, given)
    floats = all(isinstance(p, float) and 0.0 <= p <= 1.0 for p in given.values())
    statements.hold("predictions are floats from 0 to 1", floats, given)
    statements.hold("predictions sum to 1", abs(given[0] + given[1] - 1.0) <= _CLOSE, given)
    if is_exact(predictor):
        exact = predictor.predict_exact()
        whole = exact[0] + exact[1] == 1 and all(isinstance(exact[b], (Fraction, int)) for b in (0, 1))
        statements.hold("exact predictions are Fractions that sum to 1", whole, exact)
        near = abs(float(exact[1]) - given[1]) <= _CLOSE
        statements.hold("exact predictions and floats agree", near, (exact, given))
    return dict(given)


def _refuses(predictor: Any, wrong: object) -> bool:
    try:
        predictor.learn_one(wrong)
    except ValueError as error:
        return "\n" not in str(error)
    return False
