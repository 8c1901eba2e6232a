"""The slow, definitional twin of the `queue` and `turing` machines and of the cut-off prior.

Pure Python, nothing of the package: bits are the characters "0" and "1", programs are strings,
masses are Fractions. Every program is run from the start, again and again; a machine is a class
with the rules read so far and one method, `go`, that runs for ever. Three exceptions end a run:
it needs a program bit that is not there, it is out of steps, or it has written all that was asked for.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Limit = int | None
Words = Sequence[str]
Masses = dict[str, Fraction]

# code: (kind, bit), "?" being a program bit that is read at every execution
# fmt: off
ITEMS = {"00": ("stop", ""), "01": ("emit", "0"), "10": ("emit", "1"), "1100": ("push", "0"), "1101": ("push", "1"),
         "1110": ("push", "?"), "1111": ("emit", "?")}
ACTIONS = {"00": ("write", "0"), "01": ("write", "1"), "100": ("emit", "0"), "101": ("emit", "1"),
           "110": ("write", "?"), "111": ("emit", "?")}
# fmt: on


class End(Exception):  # noqa: N818 - the end of a run is no error
    """A run is over; the message is its status: `needs`, `timeout` or `complete`."""


@dataclass(frozen=True)
class Record:
    """What a run did: program as given, output, status, finished steps, bits read in all and at each output bit."""

    program: str
    output: str
    status: str
    steps: int
    bits_read: int
    reads: tuple[int, ...]


class Tape:
    """The program bits, read one way."""

    def __init__(self, program: str):
        self.program = program
        self.position = 0

    def bit(self) -> str:
        if self.position == len(self.program):
            raise End("needs")
        self.position += 1
        return self.program[self.position - 1]

    def code(self, table: dict[str, Any]) -> Any:
        """One symbol of a prefix code."""
        word = ""
        while word not in table:
            word += self.bit()
        return table[word]

    def truncated_binary(self, k: int) -> int:
        """One of k symbols: the first u = 2^(b+1) - k of them take b = floor(log2 k) bits, the others b + 1."""
        b = k.bit_length() - 1
        u = 2 ** (b + 1) - k
        value = 0
        for _ in range(b):
            value = 2 * value + int(self.bit())
        return value if value < u else 2 * value + int(self.bit()) - u


class Run:
    """One run: the program tape, the step counts with their limits, and the output."""

    def __init__(self, tape: Tape, max_steps: int, total: Limit, outputs: Limit):
        self.tape, self.max_steps, self.total, self.outputs = tape, max_steps, total, outputs
        self.steps = self.quiet = 0  # in all; since the last output bit
        self.output = ""
        self.reads: list[int] = []

    def begin_step(self) -> None:
        """A step, and the reading it needs, is only begun within the budget."""
        if self.quiet >= self.max_steps or (self.total is not None and self.steps >= self.total):
            raise End("timeout")

    def end_step(self) -> None:
        self.steps += 1
        self.quiet += 1

    def write(self, bit: str) -> None:
        self.output += bit
        self.reads.append(self.tape.position)
        self.quiet = 0
        self.check_complete()

    def check_complete(self) -> None:
        if len(self.output) == self.outputs:
            raise End("complete")

    def record(self, machine: "Queue | Turing", data: str) -> Record:
        """Run the machine on the input data until it ends."""
        try:
            self.check_complete()
            machine.go(self, data)
        except End as end:
            status = str(end)
        return Record(self.tape.program, self.output, status, self.steps, self.tape.position, tuple(self.reads))


class Queue:
    """A queue of bits; the rule of (state, symbol) is a list of items ended by stop, then the next state."""

    def __init__(self) -> None:
        self.items: dict[tuple[int, str], list[tuple[str, str]]] = {}
        self.next: dict[tuple[int, str], int] = {}
        self.known = 1

    def go(self, run: Run, data: str) -> None:
        state, queue = 0, deque(data)
        while True:
            rule = (state, queue.popleft() if queue else "0")
            self.execute(run, rule, queue)
            state = next_state(self, run, rule)

    def execute(self, run: Run, rule: tuple[int, str], queue: deque) -> None:
        """The items of one rule, up to its stop."""
        items = self.items.setdefault(rule, [])
        at = 0
        while True:
            run.begin_step()
            if at == len(items):
                items.append(run.tape.code(ITEMS))
            kind, bit = items[at]
            at += 1
            if bit == "?":
                bit = run.tape.bit()
            run.end_step()
            if kind == "stop":
                return
            queue.append(bit)
            if kind == "emit":
                run.write(bit)


class Turing:
    """A two-way tape of bits; the rule of (state, symbol) is an action, a direction and the next state."""

    def __init__(self) -> None:
        self.actions: dict[tuple[int, str], tuple[str, str]] = {}
        self.directions: dict[tuple[int, str], int] = {}
        self.next: dict[tuple[int, str], int] = {}
        self.known = 1

    def go(self, run: Run, data: str) -> None:
        state, head, cells = 0, 0, dict(enumerate(data))
        while True:
            rule = (state, cells.get(head, "0"))
            run.begin_step()
            if rule not in self.actions:
                self.actions[rule] = run.tape.code(ACTIONS)
            kind, bit = self.actions[rule]
            if bit == "?":
                bit = run.tape.bit()
            run.end_step()
            cells[head] = bit
            if kind == "emit":
                run.write(bit)
            if rule not in self.directions:
                self.directions[rule] = run.tape.code({"0": -1, "1": 1})
            state = next_state(self, run, rule)
            head += self.directions[rule]


def next_state(machine: Queue | Turing, run: Run, rule: tuple[int, str]) -> int:
    """The rule's next state, read at its first use: one of the known states, or a new one."""
    if rule not in machine.next:
        machine.next[rule] = run.tape.truncated_binary(machine.known + 1)
        if machine.next[rule] == machine.known:
            machine.known += 1
    return machine.next[rule]


MACHINES: dict[str, type[Queue] | type[Turing]] = {"queue": Queue, "turing": Turing}


def run(machine: str, program: str, max_steps: int, total: Limit = None, outputs: Limit = None) -> Record:
    """Run a program until it needs a bit beyond its own, is out of steps, or has written `outputs` bits."""
    if total is None and outputs is None:
        raise ValueError("run has neither total nor outputs, so it may never end; give at least one of them")
    return Run(Tape(program), max_steps, total, outputs).record(MACHINES[machine](), "")


def encode_input(data: str, encoding: str) -> str:
    """`raw` is the input itself, `delimited` puts a 1 before every bit."""
    return {"raw": data, "delimited": "".join("1" + bit for bit in data)}[encoding]


def run_inputs(machine: str, program: str, inputs: Words, max_steps: int,
               total: Limit = None, outputs: int = 1, encoding: str = "raw") -> list[Record]:  # fmt: skip
    """Run a program on each input in turn, for `outputs` bits each.

    The rules read so far and the position on the program tape persist; memory, state, output and both step
    counts are fresh. After the program's last bit the rules stay, and an input that needs a bit has status `needs`.
    """
    tape, one = Tape(program), MACHINES[machine]()
    return [Run(tape, max_steps, total, outputs).record(one, encode_input(data, encoding)) for data in inputs]


def leaves(
    machine: str, depth: int, max_length: int, max_steps: int, total: Limit = None, target: str = ""
) -> Iterator[tuple[str, Record]]:
    """The ends of all paths of the program tree, in the order of their programs, as (fate, record).

    A path ends as `mismatch` (the output disagrees with target), `match` (depth bits are written), `time`
    (out of steps) or `cut` (needs a bit after the last allowed one). Any other path goes on with 0 and with 1.
    The programs are prefix-free and complete: their weights 2^-|p| add up to 1.
    """
    pending = [""]
    while pending:
        program = pending.pop()
        record = run(machine, program, max_steps, total, depth)
        same = min(len(target), len(record.output))
        fate = {"complete": "match", "timeout": "time", "needs": "cut"}[record.status]
        if record.output[:same] != target[:same]:
            fate = "mismatch"
        if fate == "cut" and len(program) < max_length:
            pending += [program + "1", program + "0"]
        else:
            yield fate, record


def leaves_inputs(machine: str, inputs: Words, max_length: int, max_steps: int,
                  total: Limit = None, outputs: int = 1, encoding: str = "raw",
                  wanted: Words | None = None) -> Iterator[list[Record]]:  # fmt: skip
    """As `leaves`, for runs on a list of inputs: one list of records for each end.

    Status `needs` means that all max_length bits are used up; later inputs may still run on the rules read so far.
    With `wanted`, one output for each input, only the ends whose outputs are the wanted ones.
    """
    pending = [""]
    while pending:
        program = pending.pop()
        records = run_inputs(machine, program, inputs, max_steps, total, outputs, encoding)
        needing = [i for i, record in enumerate(records) if record.status == "needs"]
        certain = needing[0] if needing and len(program) < max_length else len(inputs)
        if wanted is not None and any(records[i].output != wanted[i] for i in range(certain)):
            continue
        if certain < len(inputs):
            pending += [program + "1", program + "0"]
        else:
            yield records


def weight(record: Record) -> Fraction:
    """2^-|p|."""
    return Fraction(1, 2 ** len(record.program))


def programs_for(machine: str, x: str, max_length: int, max_steps: int, total: Limit = None) -> list[str]:
    """The programs for x: the bits read at the moment when the output first begins with x; in lexicographic order."""
    ends = leaves(machine, len(x), max_length, max_steps, total, x)
    return [record.program for fate, record in ends if fate == "match"]


def shortest(machine: str, x: str, max_length: int, max_steps: int, total: Limit = None) -> str | None:
    """The lexicographically first of the shortest programs for x; None if there is none."""
    return min(programs_for(machine, x, max_length, max_steps, total), key=lambda p: (len(p), p), default=None)


def fates(machine: str, x: str, max_length: int, max_steps: int, total: Limit = None) -> Masses:
    """The masses `match`, `mismatch`, `time` (silent and timeout together) and `cut`; they add up to 1."""
    masses = dict.fromkeys(("match", "mismatch", "time", "cut"), Fraction(0))
    for fate, record in leaves(machine, len(x), max_length, max_steps, total, x):
        masses[fate] += weight(record)
    return masses


def mass(machine: str, x: str, max_length: int, max_steps: int, total: Limit = None) -> Fraction:
    """M_{L,T}(x), L = max_length, T = max_steps: the sum of 2^-|p| over the programs for x."""
    return fates(machine, x, max_length, max_steps, total)["match"]


def prior(machine: str, depth: int, max_length: int, max_steps: int, total: Limit = None) -> dict[str, Masses]:
    """M of all strings of 1 to depth bits as `mass`, and what never wrote depth bits as `open`: `time` and `cut`.

    The programs below a program for y share its mass out among themselves, so M(y) is the mass of all ends
    whose output begins with y.
    """
    strings = [format(i, f"0{n}b") for n in range(1, depth + 1) for i in range(2**n)]
    masses = dict.fromkeys(strings, Fraction(0))
    unfinished = dict.fromkeys(("time", "cut"), Fraction(0))
    for fate, record in leaves(machine, depth, max_length, max_steps, total):
        for n in range(1, len(record.output) + 1):
            masses[record.output[:n]] += weight(record)
        if fate != "match":
            unfinished[fate] += weight(record)
    return {"mass": masses, "open": unfinished}


def ahead(machine: str, x: str, max_length: int, max_steps: int, total: Limit = None) -> Masses:
    """The mass by what is known of the bit after x; the five values add up to 1.

    `0` and `1`: the output begins with x0, x1; `at`: open at exactly x; `before`: open at a proper prefix of x;
    `mismatch`. Open is time and cut together, for nothing is proved silent here.
    """
    parts = dict.fromkeys(("0", "1", "at", "before", "mismatch"), Fraction(0))
    for fate, record in leaves(machine, len(x) + 1, max_length, max_steps, total, x):
        if fate == "match":
            part = record.output[-1]
        elif fate == "mismatch":
            part = "mismatch"
        else:
            part = "at" if record.output == x else "before"
        parts[part] += weight(record)
    return parts


def mixture(
    machine: str, x: str, max_length: int, max_steps: int, fallback_exponent: Limit = None, total: Limit = None
) -> Fraction:
    """xi(x) = M(x) + 2^-c 2^-|x|, c being the fallback exponent; M(x) alone without one."""
    fallback = Fraction(0) if fallback_exponent is None else Fraction(1, 2 ** (fallback_exponent + len(x)))
    return mass(machine, x, max_length, max_steps, total) + fallback


def predict(
    machine: str, x: str, max_length: int, max_steps: int, fallback_exponent: Limit = None, total: Limit = None
) -> dict[int, Fraction]:
    """The normalised prediction xi(xb) / (xi(x0) + xi(x1)); halves if neither has any mass."""
    zero, one = (mixture(machine, x + b, max_length, max_steps, fallback_exponent, total) for b in "01")
    if zero + one == 0:
        return {0: Fraction(1, 2), 1: Fraction(1, 2)}
    return {0: zero / (zero + one), 1: one / (zero + one)}


def predict_unnormalised(
    machine: str, x: str, max_length: int, max_steps: int, fallback_exponent: Limit = None, total: Limit = None
) -> dict[int, Fraction]:
    """The prediction xi(xb) / xi(x), whose sum may be less than 1; zeros if x has no mass."""
    now, zero, one = (mixture(machine, x + b, max_length, max_steps, fallback_exponent, total) for b in ("", "0", "1"))
    return {0: zero / now, 1: one / now} if now else {0: now, 1: now}
