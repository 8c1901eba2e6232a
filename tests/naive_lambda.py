"""The slow, definitional twin of the `lambda` machine: terms become Python functions, closures become thunks.

Importing this file enters the machine into the tables of `naive`, whose priors, fates and predictions then
know it. A stuck run ends as `timeout` there, for `naive` proves nothing silent; `run` below says which it was.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import naive
from naive import End, Record, Run, Tape

Term = tuple[Any, ...]  # ("abs", body), ("app", function, argument), ("var", index)


class Stuck(End):
    """Nothing more will ever be written."""


class Thunk:
    """A value that is computed when it is first wanted; applications of inert variables are no values."""

    def __init__(self, compute: Callable[[], Any]):
        self.compute, self.value = compute, None

    def force(self) -> Any:
        if self.value is not None:
            return self.value
        value = self.compute()
        if not isinstance(value, Inert):
            self.value = value
        return value


class Inert:
    """An inert variable of the observer, applied to arguments."""

    def __init__(self, name: object, arguments: tuple[Thunk, ...] = ()):
        self.name, self.arguments = name, arguments


def parse(tape: Tape, depth: int = 0) -> Term:
    """Read a term inside `depth` abstractions."""
    if tape.bit() == "0":
        if tape.bit() == "0":
            return ("abs", parse(tape, depth + 1))
        function = parse(tape, depth)
        return ("app", function, parse(tape, depth))
    ones = 1
    while True:
        if ones > depth:
            raise Stuck("timeout")
        if tape.bit() == "0":
            return ("var", ones - 1)
        ones += 1


class Lambda:
    """Call by need, by recursion: a value is a Python function from thunks to values, or inert."""

    def __init__(self) -> None:
        self.stuck = False

    def go(self, run: Run, data: str) -> None:
        self.run = run
        try:
            program = parse(run.tape)
            now = Thunk(lambda: self.apply(self.evaluate(program, ()), self.input_cell()))
            while True:
                now = self.observe(now)
        except Stuck:
            self.stuck = True
            raise

    def observe(self, thunk: Thunk) -> Thunk:
        """Write the first bit of a list and return the rest."""
        z = object()
        pair = self.apply(thunk.force(), Thunk(lambda: Inert(z)))
        if not (isinstance(pair, Inert) and pair.name is z and len(pair.arguments) == 2):
            raise Stuck("timeout")
        bit, rest = pair.arguments
        value = bit.force()
        for name in "01":
            value = self.apply(value, Thunk(partial(Inert, name)))
        if not (isinstance(value, Inert) and value.name in ("0", "1") and value.arguments == ()):
            raise Stuck("timeout")
        self.run.write(value.name)
        return rest

    def step(self) -> None:
        self.run.begin_step()
        self.run.end_step()

    def evaluate(self, term: Term, environment: tuple[Thunk, ...]) -> Any:
        kind, *parts = term
        if kind == "abs":
            return lambda argument: self.evaluate(parts[0], (argument, *environment))
        self.step()
        if kind == "var":
            return environment[parts[0]].force()
        argument = Thunk(lambda: self.evaluate(parts[1], environment))
        return self.apply(self.evaluate(parts[0], environment), argument)

    def apply(self, function: Any, argument: Thunk) -> Any:
        if isinstance(function, Inert):
            return Inert(function.name, (*function.arguments, argument))
        self.step()
        return function(argument)

    def input_cell(self) -> Thunk:
        """The lazy list of the program bits not read yet."""

        def read() -> Any:
            self.run.begin_step()
            bit = self.run.tape.bit()
            self.run.end_step()
            head = Thunk(lambda: self.evaluate(("abs", ("abs", ("var", 1 - int(bit)))), ()))
            tail = self.input_cell()

            def cons(z: Thunk) -> Any:
                for _ in range(3):  # two applications, and z is entered
                    self.step()
                return self.apply(self.apply(z.force(), head), tail)

            return cons

        return Thunk(read)


def run(program: str, max_steps: int, total: int | None, outputs: int) -> tuple[Record, bool]:
    """As `naive.run`, and whether the run got stuck."""
    machine = Lambda()
    record = Run(Tape(program), max_steps, total, outputs).record(machine, "")  # type: ignore[arg-type]
    return record, machine.stuck


def terms(size: int, depth: int = 0) -> list[str]:
    """The codes of all terms of `size` bits inside `depth` abstractions, one by one."""
    if size < 2:
        return []
    found = ["1" * (size - 1) + "0"] if size - 2 < depth else []
    found += ["00" + body for body in terms(size - 2, depth + 1)]
    for first in range(2, size - 3):
        found += ["01" + f + a for f in terms(first, depth) for a in terms(size - 2 - first, depth)]
    return found


naive.MACHINES["lambda"] = Lambda  # type: ignore[assignment]
