"""One program at a time: run it, read it as rules, write rules as bits.

A run writes its output through the table of all strings of 12 bits: the node that it has reached
tells which bits were written. When it has written as many bits as there is memory for, what it still needs
is packed and laid out afresh, so that a run of any length needs no more than its own live memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from induction.bits import BitsLike, as_bits, to_text
from induction.budget import LONGEST, Budget, whole_number
from induction.enumeration.room import reserved
from induction.enumeration.runner_kernels import EVENT, POSITION, TOO_LONG, advance, pending, put_away, set_off
from induction.enumeration.targets import heap_name, table
from induction.enumeration.walk import compiled
from induction.machines import get
from induction.machines.machine import FIELD, NEED, NODE, RULE_FIELD, STEPS, Machine, Memory

_CHUNK = 12  # output bits between two looks
_ROOM = 64 * _CHUNK  # output bits that fresh memory has room for, fewer if many steps are allowed
_MOST_CELLS = 2**26
_UNREAD = re.compile(r"(?:^|\s)\+\s*([01][01\s_]*)$")  # bits given but not read, at the end of a text
_MOST_OPTIONS = 64
_WHITE = str.maketrans("", "", " \t\r\n")
_STATUS = {1: "complete", 3: "silent", 4: "timeout"}  # by event


@dataclass(frozen=True)
class Run:
    """What became of a program.

    Parameters
    ----------
    output : str
        The bits written.
    status : str
        ``complete`` (as many bits as were asked for), ``cut`` (needs a bit past the program's end),
        ``silent`` (proved never to write again) or ``timeout``.
    steps : int
        Steps taken in all.
    length : int
        Program bits read.
    text : str
        What was read, as rule text.
    """

    output: str
    status: str
    steps: int
    length: int
    text: str

    def to_json(self) -> dict[str, Any]:
        """The fields as a dictionary."""
        return asdict(self)


class Runner:
    """A single run that can be carried on, bit by bit of program or output.

    Parameters
    ----------
    machine : Machine
    program : bits
        May be longer than what is read; of rules at most 62 bits, of raw data bits any number.
    max_steps : int
        Most steps since the last output bit.
    total : int, optional
        Most steps in all.
    """

    def __init__(self, machine: Machine, program: BitsLike, max_steps: int, total: int | None = None) -> None:
        self.machine = machine
        self.budget = Budget(LONGEST, max_steps, total)
        self.program = as_bits(program, "program bits")
        self.output: list[int] = []
        self._kinds = np.zeros(len(self.program), dtype=np.uint8)
        self._state = np.array([NEED, 0, 0, 1], dtype=np.int64)
        self._follow = table(_CHUNK)
        self._lay_out(np.zeros(1, dtype=np.int64), 0)

    @property
    def frame(self) -> np.ndarray:
        """The registers of the machine where it stands."""
        return self._memory.frames[: self.machine.frame]

    @property
    def event(self) -> int:
        """How the run stopped; NEED: it wants a bit past the program's end."""
        return int(self._state[EVENT])

    @property
    def length(self) -> int:
        """Program bits read so far."""
        return int(self._state[POSITION])

    def extend(self, bits: str) -> None:
        """Add bits to the program's end."""
        self.program = np.concatenate([self.program, as_bits(bits)])
        self._kinds = np.concatenate([self._kinds, np.zeros(len(bits), dtype=np.uint8)])

    def run(self, outputs: int, progress: Callable[[int], None] | None = None) -> None:
        """Run on until `outputs` bits have been written in all, or the run stops; `progress` is told how many have."""
        if len(self.output) >= outputs:
            return
        while True:
            if self._room == 0:
                if progress is not None:
                    progress(len(self.output))
                self._renew()
            chunk = min(_CHUNK, self._room, outputs - len(self.output))
            self.frame[NODE] = (1 << (_CHUNK - chunk)) - 1  # leftmost node with `chunk` levels below it
            compiled(advance, self.machine)(self._memory, self._follow, self.program, self._kinds, self._state)
            if self.event == TOO_LONG:
                raise ValueError(
                    f"the program's rules go on past {LONGEST} bits; rules of at most {LONGEST} can be run"
                )
            written = heap_name(int(self.frame[NODE]))[_CHUNK - chunk :]
            self.output += [int(bit) for bit in written]
            self._room -= len(written)
            if self.event != 1 or len(self.output) >= outputs:
                return

    def options(self) -> np.ndarray:
        """Width and code of each option of the pending field, shape (64, 2)."""
        options = np.zeros((_MOST_OPTIONS, 2), dtype=np.int64)
        compiled(pending, self.machine)(self._memory, options)
        return options

    def text(self) -> str:
        """The rules read, `` | `` raw data bits read, `` + `` bits given but not read."""
        states = int(self.frame[self.machine.states_slot])
        text = self.machine.describe(self._memory.rules, states)
        read = self.length
        raw = to_text(self.program[:read][self._kinds[:read] == 1])
        rest = to_text(self.program[read:])
        return (text + (f" | {raw}" if raw else "") + (f" + {rest}" if rest else "")).strip()

    def result(self, outputs: int, progress: Callable[[int], None] | None = None) -> Run:
        """Run to `outputs` bits and say what became of it."""
        self.run(outputs, progress)
        status = "complete" if len(self.output) >= outputs else _STATUS.get(self.event, "cut")
        return Run(to_text(self.output), status, int(self.frame[STEPS]), self.length, self.text())

    def _lay_out(self, packed: np.ndarray, extent: int) -> None:
        self._room = max(_CHUNK, min(_ROOM, _MOST_CELLS // self.budget.max_steps // _CHUNK * _CHUNK))
        while True:
            try:
                self._memory: Memory = reserved(self.machine, self.budget, self._room, extent)
                break
            except ValueError:
                if self._room == 1:
                    raise
                self._room //= 2
        compiled(set_off, self.machine)(self._memory, packed, extent)

    def _renew(self) -> None:
        """Fresh memory around the live part of the old one, and the rules as they were."""
        packed = np.empty(self.machine.packed_words(self._memory.rules, self._memory.work), dtype=np.int64)
        used = compiled(put_away, self.machine)(self._memory, packed)
        rules = self._memory.rules
        self._lay_out(packed[:used], 64 * used)
        self._memory.rules[:] = rules  # packing drops rules that are out of reach; the text shows them


def run(
    program: BitsLike,
    *,
    machine: str | Machine = "queue",
    bits: int = 64,
    max_steps: int = 65_536,
    total: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Run:
    """Run one program.

    Parameters
    ----------
    program : bits or rule text
        The program's bits (trailing bits that are never read do no harm), or its rules.
    machine : str or Machine
    bits : int
        How many output bits to ask for, at least 1.
    max_steps : int
        Most steps since the last output bit.
    total : int, optional
        Most steps in all.
    progress : callable, optional
        Told from time to time how many output bits there are; an exception that it raises ends the run.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If the program is empty, is neither bits nor rules, or a number is out of range.

    Examples
    --------
    >>> from induction import run
    >>> run("0110000000", machine="queue", bits=16).output
    '0101010101010101'
    >>> run("0,0: 010 > 0; 0,1: 10 > 0", bits=16)
    Run(output='0100101001001010', status='complete', steps=21, length=16, text='0,0: 010 > 0; 0,1: 10 > 0')
    """
    bits = whole_number("bits", bits, None, "output bits")
    chosen = get(machine)
    if isinstance(program, str) and not program.replace("_", "").translate(_WHITE).isdecimal() and program.strip():
        program = program_bits(chosen, program)
    runner = Runner(chosen, program, max_steps, total)
    if not len(runner.program):
        raise ValueError(f"the program is empty; give bits like 01000 or rules like {chosen.example!r}")
    return runner.result(bits, progress)


def program_text(
    machine: Machine, program: BitsLike, outputs: int, max_steps: int = 65_536, total: int | None = None
) -> str:
    """A program's bits as rule text, read while it writes at most `outputs` bits."""
    runner = Runner(machine, program, max_steps, total)
    if len(runner.program):
        runner.run(max(outputs, 1))
    return runner.text()


def program_bits(machine: Machine, text: str, *, outputs: int = 4096, max_steps: int = 65_536) -> str:
    """Rule text as the program bits that define it.

    The machine runs; whatever it needs is looked up in the rules, and the codes are the program.
    Raw data bits come from the part after ``|``, bits after ``+`` are added unread.

    Parameters
    ----------
    machine : Machine
    text : str
        For example ``"0,0: 010 > 0; 0,1: 10 > 0"`` for ``queue``.
    outputs, max_steps : int
        How far the machine may run before all rules must have been used.

    Returns
    -------
    str
        The bits.

    Raises
    ------
    ValueError
        If the text is no rules, or no bits encode it: a rule that is never reached, a state named
        out of order.
    """
    unread = _UNREAD.search(text)
    body, rest = (text[: unread.start()], unread[1]) if unread else (text, "")
    body, _, raw = body.partition("|")
    rules = machine.parse(body)
    data = list(to_text(as_bits(raw, "data bits after |")))
    wanted = machine.listed(rules)
    if not wanted:
        raise ValueError(f"the program is empty; give rules like {machine.example!r}")
    runner = Runner(machine, "", max_steps)
    while wanted or data:
        runner.run(outputs)
        if runner.event != NEED:
            break
        if runner.frame[FIELD] < RULE_FIELD:
            if not data and wanted:
                raise ValueError(
                    "the rules copy or take a program bit before all of them have been read; "
                    "write the bits behind '|', as in '… | 0110'"
                )
            if not data:
                break
            runner.extend(data.pop(0))
            continue
        option, name = machine.choose(rules, runner.frame)
        if option is None:
            break
        wanted.discard(name)
        _append(runner, option, name)
    if data:
        raise ValueError(f"data bits {''.join(data)!r} are never read; leave them out")
    if wanted:
        state, symbol = min(name[0] for name in wanted)
        what = f"rule {state},{symbol}" if symbol in (0, 1) else f"{symbol!r} at place {state}"
        raise ValueError(f"{what} is never read to its end, so no bits encode it; leave it out")
    runner.run(1)
    return to_text(runner.program) + to_text(as_bits(rest, "unread bits after +"))


def _append(runner: Runner, option: int, name: Any) -> None:
    options = runner.options()
    known = options[options[:, 0] > 0]
    if option >= len(known):
        state, symbol = name[0]
        raise ValueError(
            f"rule {state},{symbol} goes on to state {option}, but states are numbered in the order in which "
            f"they are first named: here at most {len(known) - 1}"
        )
    bits, value = known[option]
    runner.extend(format(int(value), f"0{int(bits)}b"))
