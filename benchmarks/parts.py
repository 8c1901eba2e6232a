"""What each part of the walk is worth: the walk with parts left out, beside the whole.

``python benchmarks/parts.py 28`` prints forks and seconds for `queue`, L = 28, T = 1 024, on four targets of 48
bits, then for two machines more. All variants give the same ledger (for matches only: the same matches), which is
checked.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np

from induction.budget import Budget
from induction.enumeration.targets import single
from induction.enumeration.walk import MATCH, enumerate_programs
from induction.machines import get
from induction.machines.machine import (
    FIELD,
    UNSETTLED,
    Machine,
    never_deferred,
    never_settled,
    nothing_needed,
)
from induction.machines.queue_layout import ITEM, LATER
from induction.machines.queue_settle import settle
from induction.sources.sequences import sequence

TARGETS = ("thue-morse", "alternating", "zeros", "coin")
BITS, STEPS = 48, 1024
OTHERS = {"turing": 28, "brainphoque": 24}  # machines, and the L at which they are measured
OFTEN = 32  # up to this length the least of three times is taken


def without(label: str, name: str = "queue", **kernels) -> Machine:
    """A machine with some kernels left out."""
    whole = get(name)
    return replace(whole, name=f"{name}-{label}", kernels=whole.kernels._replace(**kernels))


def settle_pushes(frames, at, left, missing, mass, data, ledger, rules, work, limits):
    """`settle`, but pushes are walked bit by bit."""
    rest = settle(frames, at, left, missing, mass, data, ledger, rules, work, limits)
    if frames[at + FIELD] == ITEM and (frames[at + UNSETTLED] >> LATER) & 1:
        frames[at + UNSETTLED] ^= 1 << LATER | 0b11000
    return rest


def variants() -> list[tuple[str, Machine, bool]]:
    """What is compared: a title, a machine, whether for matches only."""
    nothing = without("plain", settle=never_settled, deferred=never_deferred)
    return [
        ("run every option", nothing, False),
        ("... and read without a fork", without("unsettled", settle=never_settled), False),
        ("... and settle options before they run", without("pushes", settle=settle_pushes), False),
        ("... and read the bits of pushes when they are looked at: the walk", get("queue"), False),
        ("matches only, without `needs`", without("unbounded", needs=nothing_needed), True),
        ("matches only, pushes bit by bit", without("pushes-matches", settle=settle_pushes), True),
        ("matches only: the walk", get("queue"), True),
    ]


def others(name: str) -> list[tuple[str, Machine, bool]]:
    """What is compared for another machine."""
    return [
        ("run every option", without("plain", name, settle=never_settled), False),
        ("... and settle options before they run: the walk", get(name), False),
        ("matches only, without settling", without("unsettled", name, settle=never_settled), True),
        ("matches only: the walk", get(name), True),
    ]


def measure(length: int, name: str, compared: list[tuple[str, Machine, bool]]) -> list[tuple[str, int, float]]:
    """Forks and seconds of every variant on one target."""
    target = single(sequence(name).bits(BITS))
    rows, ledgers = [], []
    for title, machine, matches_only in compared:
        enumerate_programs(machine, Budget(8, STEPS), target, keep=1, matches_only=matches_only)  # compiles
        seconds = []
        for _ in range(3 if length <= OFTEN else 1):
            start = time.perf_counter()
            ledger = enumerate_programs(machine, Budget(length, STEPS), target, keep=1, matches_only=matches_only)
            seconds.append(time.perf_counter() - start)
        rows.append((title, ledger.forks, min(seconds)))
        ledgers.append(ledger)
        assert ledger.totals[MATCH] == ledgers[0].totals[MATCH]
        assert np.array_equal(ledger.found, ledgers[0].found)
        assert matches_only or np.array_equal(ledger.totals, ledgers[0].totals)
    return rows


def show(title: str, rows: list[tuple[str, int, float]]) -> None:
    """Print a table."""
    print(f"\n{title}, T = {STEPS}, one core\n{'million forks':>14} {'seconds':>8} {'of the first':>12}")
    for row, forks, seconds in rows:
        print(f"{forks / 1e6:14.2f} {seconds:8.3f} {seconds / rows[0][2]:12.2f}  {row}", flush=True)


def main(length: int) -> None:
    """Print a table a target, and one for each of the other machines."""
    for name in TARGETS:
        show(f"queue, {name}, L = {length}", measure(length, name, variants()))
    for machine, limit in OTHERS.items():
        show(f"{machine}, {TARGETS[0]}, L = {limit}", measure(limit, TARGETS[0], others(machine)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 28)
