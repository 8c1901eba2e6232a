"""The slow, definitional twin of `brainphoque`, of its given-token interpreter, and of the frontier's masses.

Pure Python, nothing of the package. One class runs the code: brackets in dictionaries, the open ones
in a list, cells in a dictionary. Tokens come from the program tape, three bits each, or from a
given string. Importing this file makes "brainphoque" known to the functions of `naive`.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from random import Random

import naive

TOKENS = dict(zip(("".join(bits) for bits in product("01", repeat=3)), "+-><[].,", strict=True))


class Code:
    """Stored code with its brackets, and a circular tape; `next_token` gives the tokens."""

    def __init__(self, next_token: Callable[[int], str], cells: int, symbols: int):
        self.next_token, self.cells, self.symbols = next_token, cells, symbols
        self.stored = ""
        self.counter = self.head = 0
        self.open: list[int] = []
        self.bracket_of: dict[int, int] = {}  # of a closing bracket: its match
        self.continuation: dict[int, int] = {}  # of [
        self.body: dict[int, int] = {}  # of {
        self.tape: defaultdict[int, int] = defaultdict(int)

    @property
    def cell(self) -> int:
        return self.tape[self.head]

    def step(self, read: Callable[[], int], write: Callable[[int], None]) -> None:
        """Execute one instruction; a new one is stored first."""
        at = self.counter
        new = at == len(self.stored)
        if new:
            token = self.next_token(at)
            if token in "[{":
                token = "{" if self.cell == 0 else "["
            self.stored += token
        token = self.stored[at]
        self.counter = at + 1
        if token in "+-":
            self.tape[self.head] = (self.cell + {"+": 1, "-": -1}[token]) % self.symbols
        elif token in "><":
            self.head = (self.head + {">": 1, "<": -1}[token]) % self.cells
        elif token == ",":
            self.tape[self.head] = read()
        elif token == "]":
            if new and self.open:
                self.bracket_of[at] = self.open.pop()
            self.counter = self.bracket_of.get(at, at + 1)
        elif token == "[":
            if new:
                self.open.append(at)
            elif self.cell == 0:
                self.counter = self.continuation.setdefault(at, len(self.stored))
        elif token == "{" and not new and self.cell != 0:
            if at not in self.body:
                self.body[at] = len(self.stored)
                self.open.append(at)
            self.counter = self.body[at]
        if token == ".":
            write(self.cell)


class Brainphoque:
    """The enumerable machine, as `naive` runs machines; it takes no inputs."""

    def go(self, run: naive.Run, data: str) -> None:
        if data:
            raise ValueError("brainphoque takes no inputs")
        code = Code(lambda at: run.tape.code(TOKENS), 256, 2)
        written: list[int] = []
        while True:
            run.begin_step()
            code.step(lambda: int(run.tape.bit()), written.append)
            run.end_step()
            if written:
                run.write(str(written.pop()))


naive.MACHINES["brainphoque"] = Brainphoque  # type: ignore[assignment]


@dataclass(frozen=True)
class Outcome:
    """What `run_tokens` is to return."""

    status: str
    steps: int
    head: int
    output: list[int]
    program: str


class PastTheEnd(Exception):  # noqa: N818 - the end of a run is no error
    """A token past the end of the given string is needed."""


def run_tokens(program: str, alphabet_size: int, memory_size: int, maximum_steps: int, most_output: int) -> Outcome:
    """The given-token interpreter."""

    def token(at: int) -> str:
        if at == len(program):
            raise PastTheEnd
        return program[at]

    code = Code(token, memory_size, alphabet_size)
    steps, status = 0, ""
    output: list[int] = []
    while not status:
        try:
            code.step(lambda: 0, output.append)
        except PastTheEnd:
            status = "HALTED"
            break
        steps += 1
        if steps >= maximum_steps:
            status = "TIMEOUT"
        elif len(output) >= most_output:
            status = "OUTPUT_LIMIT"
    return Outcome(status, steps, code.head, output, code.stored)


def random_tokens(rng: Random, kinds: str = "+-><[].{", most: int = 45) -> str:
    """Token strings of several tempers: even, full of brackets, nested loops."""
    weights = rng.choice([[1] * 8, [4, 2, 2, 1, 6, 5, 1, 2], [3, 1, 1, 1, 3, 3, 1, 0]])
    return "".join(rng.choices(kinds, weights, k=rng.randrange(0, most)))
