"""The contract between a reference machine and everything that enumerates, runs or explains it.

A machine's file opens with its specification, then its codes, its step, its text form, and ends with
one :class:`Machine` that names them; what is long stands in files of its own beside it. Two kinds of functions go in.

*Kernels* (see :mod:`induction.machines.kernel`) work on pointers to int64 (``work``: any integer):

frames
    The machine's registers at a fork. A frame takes ``frame`` slots; ``at`` is the index of its
    first. The walk owns the slots OPTION, LENGTH, WEIGHT, REST and UNSETTLED, may move STEPS and DEADLINE together
    where there is no total (only their difference counts then), and never looks at those from FIRST on.
data
    What the output is held against: ``data[2 * node + bit]`` is the next node if positive, 0 if
    the bit differs from all data, and minus the leaf's number if the data end there.
rules
    What has been read of the program; it outlives one input.
work
    Queue, tape or heap, with its undo log.
limits
    (L, T, total, defer): see :class:`induction.budget.Budget`; with `defer`, a machine that can do
    so reads raw bits without looking at them.

``start(frames, at, work)``
    Registers of a fresh run, no field pending, nothing read.
``width(frames, at, option)``
    Code length in bits of an option of the pending field, options in lexicographic order of their
    codes, which is the order of lengths too; 0 past the last.
``code(frames, at, option)``
    The code itself, as a number.
``take(frames, at, option, data, rules, work, limits)``
    Restore the memory to the frame's, define the pending field as `option`, run on through
    everything already known, leave the registers in the next frame, return the event.
``resume(frames, at, data, rules, work, limits)``
    Run on in place with no field pending (at the start, or after LEAF); return the event.
``close(frames, at, rules, work)``
    Forget what the pending field defined.
``pack(frames, at, rules, work, out, offset)``, ``unpack(frames, at, rules, work, packed, offset)``
    A configuration in few int64 words, from `offset` on; both return the number of words. What can
    no longer be reached need not be kept. ``unpack`` replaces what the frame and memory held.

``settle(frames, at, left, missing, mass, data, ledger, rules, work, limits)``, optional
    Book in the ledger, at once, what surely becomes of some options of a fork that has `left`
    program bits to go, enough for its first option, and return the mass of the others out of `mass`.
    Most forks are in the last few bits, and most of what they do there is certain. The frame's UNSETTLED, a
    mask, is ALL before (see :mod:`induction.machines.settling`); where only some options are settled it
    gets the bits of the others, and SENTINEL's. An option's number is its own, settled or not; one number
    may stand for several fields in a row that `take` defines at once. Such numbers may come after the first
    of width 0. All that is left open fits. `missing` is 0, or the output bits that a walk that looks for
    matches only is short of: then it may book as cut what surely finishes no target.
``needs(frames, at, left, missing, rules, work)``, optional
    No fewer program bits than this, the pending field's included, can make the output `missing`
    bits longer: a walk that looks for matches only drops a path that has not so many `left`. It may note in the
    frame what it has found out.
``deferred(frames, at, number, work)``, optional
    The value of a raw bit that the run after a frame's option read without looking at it: UNSEEN if
    nobody has looked since, -1 if it read no more than `number` of them. A machine with this kernel
    reads on, under `defer`, where others ask for a HIDDEN_BIT: the next frame's LENGTH, which the walk
    sets before it calls `take`, grows by one for each bit, up to L. An option may leave a bit of its own code
    to be read so, as the first of these. It asks for LOOK (two options that
    cost nothing and halve the mass) when behaviour comes to depend on such a bit: what nobody looks at is
    walked once, not twice.
``restart(frames, at, inputs, count, work)``, optional
    Registers of a fresh run on an input of `count` cells, no field pending, written into memory that
    is as `start` wants it. Rules and the number of named states stay. With no cells, it touches no memory:
    any frame can so be packed as the beginning of a next run.

A step: see ``machines.md``'s common rules in the documentation, "The machines". A path that needs
a bit gets NEED; LEAF and DIFFERS come at once when an output bit is written; SILENT needs a proof
that does not depend on T; TIMEOUT comes when a step would begin at the deadline.

*Python functions* give sizes and the text form: see the fields of :class:`Machine`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from induction.budget import LONGEST, Budget

# Columns of a ledger, by node; a path's is its event less one, but for CUT, which is no event.
MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS, CUT, FATES = range(6)
# Slots of a frame: the walk's (WEIGHT is the mass's exponent: LENGTH less the bits not looked at yet; UNSETTLED
# has a bit for each option still to be walked), then those that every machine keeps, then the machine's own.
OPTION, LENGTH, WEIGHT, REST, UNSETTLED, NODE, STEPS, DEADLINE, FIELD, FIRST = range(10)
# Events.
NEED, LEAF, DIFFERS, SILENT, TIMEOUT = range(5)
# Fields that are raw program bits, read anew at every execution, or read before and looked at now;
# a machine's own fields start at RULE_FIELD.
HIDDEN_BIT, VISIBLE_BIT, LOOK, RULE_FIELD = range(4)
UNSEEN = 2  # the value of a deferred bit that has not been looked at


class Memory(NamedTuple):
    """The arrays of one search: frames, rules, work and limits, as kernels take them."""

    frames: np.ndarray
    rules: np.ndarray
    work: np.ndarray
    limits: np.ndarray


def never_settled(frames, at, left, missing, mass, data, ledger, rules, work, limits):
    """The `settle` of a machine that leaves every fork to the walk."""
    return mass


def nothing_needed(frames, at, left, missing, rules, work):
    """The `needs` of a machine that knows no bound."""
    return 0


def never_deferred(frames, at, number, work):
    """The `deferred` of a machine that looks at every bit when it reads it."""
    return -1


def two_bits_a_cell(rules, work):
    """The `packed_words` of a machine whose cells in `work` are two bits, with rules and registers of 250 words."""
    return 3 * LONGEST + 64 + work.size // 31


class Kernels(NamedTuple):
    """A machine's kernels, by the names that templates call them."""

    start: Callable
    width: Callable
    code: Callable
    take: Callable
    resume: Callable
    close: Callable
    pack: Callable
    unpack: Callable
    deferred: Callable = never_deferred
    settle: Callable = never_settled
    needs: Callable = nothing_needed
    restart: Callable | None = None


@dataclass(frozen=True)
class Machine:
    """A reference machine: what a program means.

    Parameters
    ----------
    name : str
        How people ask for it, lower case.
    title : str
        One line for lists.
    frame : int
        Slots of a frame.
    kernels : Kernels
        See the module's header.
    allocate : callable
        ``allocate(budget, outputs, extent) -> (rules, work)``: memory for runs that write at most
        `outputs` bits and start with at most `extent` cells of memory in use.
    describe : callable
        ``describe(rules, states) -> str``: the rules read so far as text.
    parse : callable
        ``parse(text) -> rules``: any object that `choose` understands; ValueError with one line
        if the text is no rules.
    choose : callable
        ``choose(rules, frame) -> (option, name)`` for the pending field of a frame (an array of
        its slots): the option that the rules ask for, or None if they leave it open, and the name
        of what was used up.
    listed : callable
        ``listed(rules) -> set``: the names of all that the rules define.
    states_slot : int
        Slot of the number of named states, handed to `describe`.
    default : Budget
        A sensible budget for predictors.
    fallback_exponent : int
        The weight of the uniform fallback is 2^-this: the length of a program that copies its input.
    example : str
        A short program as text.
    packed_words : callable
        ``packed_words(rules, work) -> int``: no configuration in this memory packs into more words.
    """

    name: str
    title: str
    frame: int
    kernels: Kernels
    allocate: Callable[[Budget, int, int], tuple[np.ndarray, np.ndarray]]
    describe: Callable[[np.ndarray, int], str]
    parse: Callable[[str], Any]
    choose: Callable[[Any, np.ndarray], tuple[int | None, Any]]
    listed: Callable[[Any], set]
    states_slot: int
    default: Budget
    fallback_exponent: int
    example: str = field(default="", repr=False)
    packed_words: Callable[[np.ndarray, np.ndarray], int] = field(default=two_bits_a_cell, repr=False)

    def budget(self, max_length: int | None = None, max_steps: int | None = None, total: int | None = None) -> Budget:
        """A budget from what was given, the machine's defaults filled in."""
        return Budget(
            self.default.max_length if max_length is None else max_length,
            self.default.max_steps if max_steps is None else max_steps,
            self.default.total if total is None else total,
        )

    @property
    def defers(self) -> bool:
        """Whether the machine can read raw bits without looking at them."""
        return self.kernels.deferred is not never_deferred

    @property
    def settles(self) -> bool:
        """Whether the machine settles the last bits of a fork by itself."""
        return self.kernels.settle is not never_settled

    def memory(self, budget: Budget, outputs: int, extent: int = 0, *, defer: bool = False) -> Memory:
        """Fresh memory for a search within `budget` over at most `outputs` output bits.

        Raises
        ------
        ValueError
            If the budget allows a run to need more memory than this process may ask for.
        """
        try:
            rules, work = self.allocate(budget, outputs, extent)
        except (MemoryError, ValueError) as error:
            raise ValueError(
                f"{budget.max_steps} steps for each of {outputs} bits may need more memory than there is: "
                "lower max_steps or set a total"
            ) from error
        frames = np.zeros((2 * budget.max_length + 3) * self.frame, dtype=np.int64)  # a bit may be read, then looked at
        return Memory(frames, rules, work, np.append(budget.limits, np.int64(defer)))


def longest_run(budget: Budget, outputs: int) -> int:
    """The most steps that a run can take while it writes at most `outputs` bits."""
    steps = budget.max_steps * (outputs + 1)
    return steps if budget.total is None else min(steps, budget.total)
