"""A program's memory over time: the queue round by round, the tape step by step.

Nothing of a machine's meaning is repeated here. The machine's own kernels run the program again and
again, to 1, 2, 3, … steps in all, and what lies in their memory is read each time. That takes time
in proportion to the square of the steps, which is no matter for as many as a picture can show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from induction.bits import BitsLike
from induction.budget import UNLIMITED, whole_number
from induction.enumeration.runner import Run, Runner, program_bits, run
from induction.machines import brainphoque, cycles, get, queue_layout, turing
from induction.machines.machine import FIELD, NEED, Machine

MOST_ROWS = 512
MOST_BITS = 512  # output bits; a run's memory is laid out afresh only after more
BLANK, NOTHING = -1, -1  # a place without a cell; a round that takes nothing


@dataclass(frozen=True, eq=False)
class Trace:
    """What was in a program's memory after each round or step.

    Parameters
    ----------
    machine : str
    run : Run
        The whole run: its output, status, steps and rule text.
    row_is : str
        What a row stands for: ``round`` of a queue or ``step`` of a machine with a tape.
    values : numpy.ndarray
        The bit in each cell after each row, BLANK (-1) where there is none, int8, shape (rows, columns).
        Columns are the cells of the tape from left to right, or all that is ever put into the queue, in that order.
    visible : numpy.ndarray
        Whether the bit in a cell was written to the output too, bool, shape (rows, columns).
    written : numpy.ndarray
        Whether the cell was written in this row, bool, shape (rows, columns).
    at : numpy.ndarray
        The column that the row's rule took its symbol from, -1 for an empty queue, shape (rows,).
    steps : numpy.ndarray
        Steps taken in all by the end of each row, shape (rows,).
    rules : tuple of str
        The rule of each row as ``state,symbol``, the instruction for ``brainphoque``.
    outputs : tuple of str
        The bits that each row wrote to the output.
    origin : int
        The column of the cell where the run began.
    """

    machine: str
    run: Run
    row_is: str
    values: np.ndarray = field(repr=False)
    visible: np.ndarray = field(repr=False)
    written: np.ndarray = field(repr=False)
    at: np.ndarray = field(repr=False)
    steps: np.ndarray = field(repr=False)
    rules: tuple[str, ...] = field(repr=False)
    outputs: tuple[str, ...] = field(repr=False)
    origin: int = 0

    @property
    def complete(self) -> bool:
        """Whether the rows go on to the end of the run."""
        return not len(self.steps) or int(self.steps[-1]) == self.run.steps

    def memory(self, row: int) -> str:
        """The memory after a row as text: its cells, hidden ones in brackets."""
        cells = zip(self.values[row], self.visible[row], strict=True)
        text = "".join(str(value) if seen else f"[{value}]" for value, seen in cells if value != BLANK)
        return text.replace("][", "")

    def to_json(self) -> dict[str, Any]:
        """The run, and the rows as text."""
        rows = [
            {"steps": int(self.steps[i]), "rule": self.rules[i], "output": self.outputs[i], "memory": self.memory(i)}
            for i in range(len(self.steps))
        ]
        return {"machine": self.machine, **self.run.to_json(), "row_is": self.row_is, "rows": rows}


class _Snapshot(NamedTuple):
    """Registers after some steps, how the run stopped there, its output so far, and where the cells are."""

    frame: np.ndarray
    event: int
    written: int  # output bits
    origin: int  # the head's first cell
    rules: np.ndarray
    work: np.ndarray


class _Watched(Runner):
    """A run whose memory is looked at."""

    def snapshot(self, outputs: int, origin_slot: int) -> _Snapshot:
        origin = int(self.frame[origin_slot])
        self.run(outputs)
        return _Snapshot(self.frame, self.event, len(self.output), origin, self._memory.rules, self._memory.work)


class _Row(NamedTuple):
    steps: int
    at: int
    rule: str
    bits: int  # of output, by the end of the row
    cells: dict[int, tuple[int, bool]]  # value, and whether it is visible
    written: set[int]


def trace(
    program: BitsLike,
    *,
    machine: str | Machine = "queue",
    bits: int = 64,
    max_steps: int = 65_536,
    total: int | None = None,
    rows: int = 64,
) -> Trace:
    """Run a program and keep what was in its memory.

    Parameters
    ----------
    program : bits or rule text
    machine : str or Machine
        ``queue``, ``turing`` or ``brainphoque``.
    bits : int
        How many output bits to ask for, 1 to 512.
    max_steps : int
        Most steps since the last output bit.
    total : int, optional
        Most steps in all.
    rows : int
        At most so many rounds (of ``queue``) or steps are kept, 1 to 512.

    Returns
    -------
    Trace

    Raises
    ------
    ValueError
        As :func:`induction.enumeration.runner.run`; or if the machine's memory is no row of bits.

    Examples
    --------
    >>> from induction.enumeration.trace import trace
    >>> thue_morse = trace("0,0: 0 > 1; 1,0: [0]1 > 1; 1,1: [1]0 > 1", bits=5)
    >>> [thue_morse.memory(row) for row in range(3)]
    ['0', '[0]1', '1[0]1']
    """
    chosen = get(machine)
    if chosen.name not in _TRACERS:
        raise ValueError(
            f"the memory of {chosen.name!r} is no row of bits and cannot be drawn; machines with one are "
            + ", ".join(_TRACERS)
        )
    whole_number("bits", bits, MOST_BITS, "output bits of a picture")
    whole_number("rows", rows, MOST_ROWS, "rows of a picture")
    whole = run(program, machine=chosen, bits=bits, max_steps=max_steps, total=total)
    rules = isinstance(program, str) and program.strip("01_ \t\r\n")
    code = program_bits(chosen, str(program)) if rules else program
    origin_slot = _ORIGINS[chosen.name]

    def after(steps: int) -> _Snapshot:
        patience = min(max_steps, max(steps, 1))
        return _Watched(chosen, code, patience, min(max(steps, 1), UNLIMITED)).snapshot(bits, origin_slot)

    found = _TRACERS[chosen.name](after, whole.steps, rows)
    return _laid_out(chosen.name, whole, found)


def _queue_rows(after: Callable[[int], _Snapshot], steps: int, most: int) -> list[_Row]:
    """A row a round, or what was done of it: the queue at its end, and the cell that it took."""
    lay = queue_layout
    rows: list[_Row] = []
    visible: dict[int, bool] = {}
    taken, head, rule, tail, bits = NOTHING, 0, 0, 0, 0  # of the round that goes on; cells written before now
    began = 0
    for now in range(1, steps + 1):
        shot = after(now)
        grown = int(shot.frame[lay.TAIL])
        if grown > tail:
            visible[tail] = shot.written > bits
        tail, bits = grown, shot.written
        over = shot.frame[lay.POSITION] == 0 or (shot.event == NEED and shot.frame[FIELD] == lay.NEXT)
        if over or now == steps:
            cells = {i: (int(shot.work[i]) & 1, visible[i]) for i in range(head, tail)}
            rows.append(_Row(now, taken, f"{rule >> 1},{rule & 1}", bits, cells, set(range(began, tail))))
            if len(rows) == most:
                break
            next_head = int(shot.frame[lay.HEAD])
            taken = head if next_head > head else NOTHING
            head, rule, began = next_head, int(shot.frame[lay.RULE]), tail
    return rows


def _tape_rows(after: Callable[[int], _Snapshot], steps: int, most: int, machine: _Tape) -> list[_Row]:
    """A row a step: all cells seen so far, and the one that the step was about."""
    rows: list[_Row] = []
    cells: dict[int, tuple[int, bool]] = {0: (0, False)}
    head, place, bits = 0, machine.first, 0
    for now in range(1, min(steps, most) + 1):
        shot = after(now)
        value = machine.cell(shot, shot.origin + head)
        before, was_visible = cells[head]
        emitted = shot.written > bits
        changed = machine.always_writes or value != before
        cells[head] = value, emitted or (was_visible and not changed)
        bits = shot.written
        name = machine.name(shot, place)
        rows.append(_Row(now, head, name, bits, dict(cells), {head} if changed or emitted else set()))
        head = int(shot.frame[machine.head]) - shot.origin
        place = int(shot.frame[machine.place])
        cells.setdefault(head, (machine.cell(shot, shot.origin + head), False))
    return rows


class _Tape(NamedTuple):
    """How to read a machine with a tape: slots of its head and of what it does next, a cell, a name for a step."""

    head: int
    place: int
    first: int
    cell: Callable[[_Snapshot, int], int]
    name: Callable[[_Snapshot, int], str]
    always_writes: bool


def _turing_cell(shot: _Snapshot, position: int) -> int:
    under = position >> 5 == int(shot.frame[turing.HEAD]) >> 5
    word = shot.frame[turing.WORD] if under else shot.work[cycles.TAPE_AT + (position >> 5 << 2)]
    return int(word) >> (position & 31) & 1


def _brainphoque_cell(shot: _Snapshot, position: int) -> int:
    return int(shot.work[brainphoque.TAPE_AT + position % brainphoque.CELLS]) & 1


def _brainphoque_token(shot: _Snapshot, place: int) -> str:
    row = brainphoque.CODE_AT + brainphoque.STRIDE * place
    return "+-><[].,{"[int(shot.rules[row + brainphoque.TOKEN_OF])]


_TAPES = {
    "turing": _Tape(turing.HEAD, turing.RULE, 0, _turing_cell, lambda _, rule: f"{rule >> 1},{rule & 1}", True),
    "brainphoque": _Tape(brainphoque.HEAD, brainphoque.COUNTER, 0, _brainphoque_cell, _brainphoque_token, False),
}
_TRACERS: dict[str, Callable[[Callable[[int], _Snapshot], int, int], list[_Row]]] = {
    "queue": _queue_rows,
    "turing": lambda after, steps, most: _tape_rows(after, steps, most, _TAPES["turing"]),
    "brainphoque": lambda after, steps, most: _tape_rows(after, steps, most, _TAPES["brainphoque"]),
}
_ORIGINS = {"queue": queue_layout.HEAD, "turing": turing.HEAD, "brainphoque": brainphoque.HEAD}


def _laid_out(name: str, whole: Run, rows: list[_Row]) -> Trace:
    """Rows as arrays over all columns that any of them has."""
    columns = [column for row in rows for column in (*row.cells, row.at) if column != NOTHING or name != "queue"]
    first, last = (min(columns), max(columns)) if columns else (0, -1)
    values = np.full((len(rows), last - first + 1), BLANK, dtype=np.int8)
    visible = np.zeros(values.shape, dtype=bool)
    written = np.zeros(values.shape, dtype=bool)
    for i, row in enumerate(rows):
        for column, (value, seen) in row.cells.items():
            values[i, column - first] = value
            visible[i, column - first] = seen
            written[i, column - first] = column in row.written
    ends = [0, *(row.bits for row in rows)]
    at = [NOTHING if name == "queue" and row.at == NOTHING else row.at - first for row in rows]
    return Trace(
        name,
        whole,
        "round" if name == "queue" else "step",
        values,
        visible,
        written,
        np.array(at, dtype=np.int64),
        np.array([row.steps for row in rows], dtype=np.int64),
        tuple(row.rule for row in rows),
        tuple(whole.output[a:b] for a, b in zip(ends, ends[1:], strict=False)),
        -first,
    )
