"""Every path of a machine's program tree, in plain Python on checked memory, each fork examined.

The slow twin of the walk: kernels run as plain functions, whether or not the JIT is on, and get
:class:`CheckedPointer` in place of addresses, so that no index and no overflow goes unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from types import CellType, FunctionType
from typing import Any

import numpy as np

from induction.budget import Budget
from induction.enumeration.entries import PACKED_CELLS, bound_to
from induction.enumeration.room import reserved
from induction.enumeration.targets import every, heap_name
from induction.enumeration.walk import CUT, compiled
from induction.machines import kernel
from induction.machines.machine import DEADLINE, LEAF, NEED, NODE, STEPS, TIMEOUT, Kernels, Machine

CUT_EVENT = CUT + 1  # an event is its fate's column and one
_MOST_OPTIONS = 512

Hold = Callable[..., None]  # hold(statement, condition, detail): raise if the condition is false


class CheckedPointer:
    """An array as kernels see it without the JIT: flat, every index checked, no overflow unnoticed.

    Reading gives plain ints. An index that is negative or past the end raises IndexError, a value
    that the array's type cannot hold ValueError.
    """

    __slots__ = ("size", "view")

    def __init__(self, array: np.ndarray) -> None:
        flat = array.reshape(-1)
        assert flat.base is array or flat.base is array.base  # a view, not a copy
        self.view = memoryview(flat)  # type: ignore[arg-type]
        self.size = flat.size

    def __getitem__(self, index: int) -> int:
        if not 0 <= index < self.size:
            raise IndexError(f"index {index} of {self.size} cells is read")
        return self.view[index]

    def __setitem__(self, index: int, value: int) -> None:
        if not 0 <= index < self.size:
            raise IndexError(f"index {index} of {self.size} cells is written")
        self.view[index] = value


STAND_INS = (
    (kernel.pointer, CheckedPointer),
    (kernel.lowest_bit, kernel.plain_lowest_bit),
    (kernel.highest_bit, kernel.plain_highest_bit),
    (kernel.bit_count, kernel.plain_bit_count),
)


def plain(function: Callable, done: dict[Any, Callable] | None = None) -> Callable:
    """A kernel or compiled template as a plain Python function, with all that it calls, on checked pointers."""
    done = {} if done is None else done
    source = getattr(function, "py_func", function)
    if source in done or not isinstance(source, FunctionType):
        return done.get(source, source)
    scope = dict(source.__globals__)
    cells = tuple(CellType(cell.cell_contents) for cell in source.__closure__ or ())
    done[source] = result = FunctionType(source.__code__, scope, source.__name__, source.__defaults__, cells or None)
    for name in source.__code__.co_names:
        found: Any = scope.get(name)
        if hasattr(found, "py_func") or isinstance(found, FunctionType):  # a kernel, with the JIT and without
            scope[name] = plain(found, done)
        for compiled_only, in_plain_python in STAND_INS:
            if found is compiled_only:
                scope[name] = in_plain_python
    for cell in cells:
        if hasattr(cell.cell_contents, "py_func"):
            cell.cell_contents = plain(cell.cell_contents, done)
    return result


def plain_kernels(kernels: Kernels) -> Kernels:
    """Kernels as plain Python functions that call each other as such, whether or not the JIT is on."""
    done: dict[Any, Callable] = {}
    return Kernels(*(plain(one, done) if one else None for one in kernels))  # type: ignore[arg-type]


def plainly(user: Any) -> Any:
    """A function or class that runs compiled templates, made to run them plainly, on checked memory.

    For example ``plainly(enumerate_programs)`` and ``plainly(Frontier)``.
    """
    if isinstance(user, type):
        members = {name: value for base in reversed(user.__mro__[:-1]) for name, value in vars(base).items()}
        methods = {name: plainly(value) for name, value in members.items() if isinstance(value, FunctionType)}
        return type(f"Checked{user.__name__}", (user,), methods)
    scope = {
        **user.__globals__,
        "compiled": lambda *arguments: plain(compiled(*arguments)),
        "bound_to": lambda *arguments: plain(bound_to(*arguments)),
    }
    copy = FunctionType(user.__code__, scope, user.__name__, user.__defaults__, user.__closure__)
    copy.__kwdefaults__ = user.__kwdefaults__
    return copy


class CheckedSearch:
    """The whole search, done when made.

    Parameters
    ----------
    machine : Machine
    budget : Budget
    depth : int
        Output bits; all strings are targets.
    hold : callable
        ``hold(statement, condition, detail)``, called for every statement checked.

    Attributes
    ----------
    paths : dict
        Event and last node of every path that ended, by its program.
    cuts : dict
        Last node and cut mass over 2^L of every fork whose options do not all fit, by program.
    """

    def __init__(self, machine: Machine, budget: Budget, depth: int, hold: Hold) -> None:
        self.machine, self.budget, self.hold = machine, budget, hold
        self.kernels = plain_kernels(machine.kernels)
        memory = reserved(machine, budget, depth)
        self.rules = memory.rules
        self.frames, self.rules_at, self.work, self.limits = map(CheckedPointer, memory)
        self.data = CheckedPointer(every(depth).follow)
        self.packed = np.zeros(machine.packed_words(memory.rules, memory.work), dtype=np.int64)
        other = reserved(machine, budget, depth, PACKED_CELLS * len(self.packed))
        self.other = tuple(map(CheckedPointer, other[:3]))
        self.kernels.start(self.other[0], 0, self.other[2])
        self.paths: dict[str, tuple[int, int]] = {}
        self.cuts: dict[str, tuple[int, int]] = {}
        try:
            self.kernels.start(self.frames, 0, self.work)
            event = self.kernels.resume(self.frames, 0, self.data, self.rules_at, self.work, self.limits)
            self._visit(0, "", event)
        except (IndexError, ValueError, OverflowError) as error:
            self.hold("no kernel leaves its own memory", False, error)
        self.hold("no kernel leaves its own memory", True)

    def _visit(self, at: int, program: str, event: int) -> None:
        frames, machine = self.frames, self.machine
        steps, deadline, total = frames[at + STEPS], frames[at + DEADLINE], self.limits[2]
        within = 0 <= steps <= deadline <= total and (event != TIMEOUT or steps == deadline)
        self.hold("steps stay within the budget and a timeout comes at its deadline", within, program)
        if event != NEED:
            self.paths[program] = event, frames[at + NODE]
            return
        codes = self._codes(at, program)
        before, text = self._registers(at), self._text(at)
        words = self._pack_and_back(at, codes, program)
        first = None
        rest = 1 << (self.budget.max_length - len(program))
        for option, code in enumerate(codes):
            if len(program) + len(code) <= self.budget.max_length:
                rest -= 1 << (self.budget.max_length - len(program) - len(code))
                event = self._take(at, option)
                outcome = self._outcome(at + machine.frame, event)
                same = outcome[1:] == self._from_packed(words, option, frames[at + NODE])
                self.hold("a configuration goes on alike from its packed form", same, program + code)
                first = first or outcome
                self._visit(at + machine.frame, program + code, event)
        if rest:
            self.cuts[program] = frames[at + NODE], rest
        if first:
            again = self._outcome(at + machine.frame, self._take(at, 0))
            self.hold("an option taken again after others gives the same configuration", again == first, program)
        self.kernels.close(frames, at, self.rules_at, self.work)
        same = before == self._registers(at) and text == self._text(at)
        self.hold("a closed fork leaves rules and registers as it found them", same, program)

    def _take(self, at: int, option: int) -> int:
        return self.kernels.take(self.frames, at, option, self.data, self.rules_at, self.work, self.limits)

    def _codes(self, at: int, program: str, frames: CheckedPointer | None = None) -> list[str]:
        """The codes of the pending field's options, as bit strings."""
        frames = frames or self.frames
        codes: list[str] = []
        while width := self.kernels.width(frames, at, len(codes)):
            codes.append(format(self.kernels.code(frames, at, len(codes)), f"0{width}b"))
            self.hold("an option's code has the option's width", len(codes[-1]) == width, program)
            if len(codes) > _MOST_OPTIONS:
                break
        self.hold("codes come in ascending order of length and value", codes == sorted(codes, key=_by_length), program)
        free = all(not b.startswith(a) for a, b in pairwise(sorted(codes)))
        self.hold("option codes are prefix-free", free, f"after {program!r}: {codes}")
        self.hold("option codes are complete", sum(Fraction(1, 2 ** len(c)) for c in codes) == 1, f"after {program!r}")
        return codes

    def _registers(self, at: int) -> list[int]:
        return [self.frames[i] for i in range(at + NODE, at + self.machine.frame)]

    def _text(self, at: int) -> str:
        return self.machine.describe(self.rules, self.frames[at + self.machine.states_slot])

    def _outcome(self, at: int, event: int) -> tuple:
        return self._registers(at), *self._standing((self.frames, self.rules_at, self.work), at, event)

    def _standing(self, memory: tuple[CheckedPointer, ...], at: int, event: int) -> tuple:
        """What is seen of a configuration from outside: event, node, steps, deadline, packed words."""
        frames, rules, work = memory
        words = self.kernels.pack(frames, at, rules, work, CheckedPointer(self.packed), 0) if event <= LEAF else 0
        return event, *(frames[at + i] for i in (NODE, STEPS, DEADLINE)), self.packed[:words].tolist()

    def _from_packed(self, words: list[int], option: int, node: int) -> tuple:
        """The same for an option taken from a packed configuration, in the other memory."""
        frames, rules, work = self.other
        self.kernels.unpack(frames, 0, rules, work, CheckedPointer(np.array(words, dtype=np.int64)), 0)
        frames[NODE] = node
        event = self.kernels.take(frames, 0, option, self.data, rules, work, self.limits)
        standing = self._standing(self.other, self.machine.frame, event)
        self.kernels.close(frames, 0, rules, work)
        return standing

    def _pack_and_back(self, at: int, codes: list[str], program: str) -> list[int]:
        words = self._standing((self.frames, self.rules_at, self.work), at, NEED)[-1]
        frames, rules, work = self.other
        packed = CheckedPointer(np.array(words, dtype=np.int64))
        read = self.kernels.unpack(frames, 0, rules, work, packed, 0)
        same = read == len(words) and words == self._standing(self.other, 0, NEED)[-1]
        same = same and codes == self._codes(0, program, frames)
        self.hold("a configuration comes back from its packed form", same, program)
        return words

    def programs(self) -> dict[str, list[str]]:
        """The programs of each string of full depth, by length and then lexicographically."""
        found: dict[str, list[str]] = {}
        for program, (event, node) in self.paths.items():
            if event == LEAF:
                found.setdefault(heap_name(node), []).append(program)
        return {x: sorted(programs, key=_by_length) for x, programs in found.items()}

    def fate(self, bits: str) -> tuple[str, int, int]:
        """The path that `bits` take: its program, its event and its last node."""
        for end in range(len(bits) + 1):
            if bits[:end] in self.paths:
                return (bits[:end], *self.paths[bits[:end]])
        program = max((p for p in self.cuts if bits.startswith(p)), key=len)
        return program, CUT_EVENT, self.cuts[program][0]


def _by_length(bits: str) -> tuple[int, str]:
    """The order of programs: by length, then lexicographically."""
    return len(bits), bits
