"""Compiled templates are cached on disk, and the cache never gives one machine another's numbers."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
import types
from collections import namedtuple
from pathlib import Path

import numba
import numpy as np
import pytest

import induction
from induction import machines
from induction.budget import Budget
from induction.enumeration import carry, walk
from induction.enumeration.entries import bound_to
from induction.enumeration.frontier import Frontier
from induction.enumeration.targets import single
from induction.enumeration.walk import compiled, enumerate_programs
from induction.machines.kernel import FLAGS, kernel, specialise

ROOT = Path(induction.__file__).parents[1]
compiles = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled without the JIT")


# digests ------------------------------------------------------------------------------------------

TABLE = np.array([1, 2])
PAIR = (1, 2)
UNIT = np.int64(1)


def template(x):
    return part(x)  # noqa: F821 - bound by specialise


def digest(part):
    function = specialise(template, "machine", {"part": part})
    return getattr(function, "py_func", function).__qualname__


def made(source, **names):
    """A function from source text, with globals of its own."""
    exec(source, names)
    return names["f"]


CHANGES = {
    "a constant": (made("def f(x): return x + 1"), made("def f(x): return x + 2")),
    "an operation": (made("def f(x): return x + 1"), made("def f(x): return x - 1")),
    "a global number": (made("def f(x): return x + K", K=1), made("def f(x): return x + K", K=2)),
    "a global float": (made("def f(x): return x + K", K=1.0), made("def f(x): return x + K", K=1.5)),
    "a global tuple": (made("def f(x): return x + K[0]", K=(1, 2)), made("def f(x): return x + K[0]", K=(2, 2))),
    "a kernel called": (
        made("def f(x): return g(x)", g=kernel(made("def f(x): return x"))),
        made("def f(x): return g(x)", g=kernel(made("def f(x): return -x"))),
    ),
    "a kernel's kernel": (
        made("def f(x): return g(x)", g=made("def f(x): return h(x)", h=kernel(made("def f(x): return x")))),
        made("def f(x): return g(x)", g=made("def f(x): return h(x)", h=kernel(made("def f(x): return -x")))),
    ),
    "the name of a global": (made("def f(x): return x + A", A=1, B=1), made("def f(x): return x + B", A=1, B=1)),
    "a numpy number": (made("def f(x): return x + K", K=np.int64(1)), made("def f(x): return x + K", K=np.int64(2))),
    "a global array": (made("def f(x): return K[0]", K=np.array([1])), made("def f(x): return K[0]", K=np.array([2]))),
    "a module's number": (
        made("def f(x): return x + m.K", m=types.SimpleNamespace(K=1)),
        made("def f(x): return x + m.K", m=types.SimpleNamespace(K=2)),
    ),
    "a named tuple's fields": (
        made("def f(x): return P(x, 2)[0]", P=namedtuple("P", "a, b")),
        made("def f(x): return P(x, 2)[0]", P=namedtuple("P", "b, a")),
    ),
    "a default": (made("def f(x, k=1): return x + k"), made("def f(x, k=2): return x + k")),
    "a comprehension": (
        made("def f(x): return sum([i + 1 for i in range(x)])"),
        made("def f(x): return sum([i + 2 for i in range(x)])"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_anything_that_goes_in_changes_the_name_in_the_cache(change):
    before, after = CHANGES[change]
    assert digest(before) != digest(after)


def test_the_same_parts_have_the_same_name_in_the_cache():
    assert digest(made("def f(x): return x + K", K=3)) == digest(made("def f(x): return x + K", K=3))
    assert digest(kernel(made("def f(x): return x"))) == digest(made("def f(x): return x"))


def test_machines_have_names_of_their_own_in_the_cache():
    names = {compiled(t, machines.get(m)) for m in ("queue", "turing") for t in (walk.walk, walk.begin)}
    assert len(names) == 4
    assert len({getattr(f, "py_func", f).__qualname__ for f in names}) == 4


# Only the kernels that a machine must have: the others know what a written bit does to the data.
EIGHT = """
import dataclasses
QUEUE = dataclasses.replace(QUEUE, kernels=Kernels(*QUEUE.kernels[:8]))
"""

# processes ----------------------------------------------------------------------------------------

SCRIPT = """
import importlib.util, json, sys
from induction import prior
from induction.enumeration import walk
made = []
specialise = walk.specialise
walk.specialise = lambda *a: made.append(specialise(*a)) or made[-1]
found = []
for path in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("my_machine", path)
    module = sys.modules["my_machine"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = prior(2, machine=module.QUEUE, max_length=9, max_steps=8)
    hits, misses = (sum(sum(getattr(m.stats, n).values()) for m in made) for n in ("cache_hits", "cache_misses"))
    made.clear()
    found.append([[str(table[x]) for x in ("00", "01", "10", "11")], hits, misses])
print(json.dumps(found))
"""


@functools.cache
def scratch(tmp):
    return {**os.environ, "NUMBA_CACHE_DIR": str(tmp), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def in_a_process(tmp, *paths):
    """Masses of 00, 01, 10, 11, cache hits and misses, for each machine file, in a process of its own."""
    command = [sys.executable, "-c", SCRIPT, *map(str, paths)]
    done = subprocess.run(command, env=scratch(tmp / "cache"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    """One machine file, run twice, edited in place to write every bit flipped, run, then beside the first again."""
    folder = tmp_path_factory.mktemp("machines")
    run, rest = ((ROOT / "induction" / "machines" / name).read_text() for name in ("queue_run.py", "queue.py"))
    imported = "from induction.machines.queue_run import run\n"
    assert imported in rest
    plain = run + rest.split("import annotations\n", 1)[1].replace(imported, "") + EIGHT
    flipped = plain
    for written in ("data[2 * node + bit]", "data[2 * node + option - 1]"):
        assert written in flipped
        flipped = flipped.replace(written, "data[4 * node + 1 - (" + written[5:-1] + ")]")
    mine, other = folder / "machine.py", folder / "other.py"
    mine.write_text(plain)
    other.write_text(plain)
    first, second = in_a_process(folder, mine), in_a_process(folder, mine)
    mine.write_text(flipped)
    return first[0], second[0], in_a_process(folder, mine)[0], in_a_process(folder, mine, other)


@compiles
def test_a_second_process_compiles_nothing(processes):
    first, second, _, together = processes
    assert first[1:] == [0, 2]  # hits, misses
    assert second[1:] == [2, 0]
    assert second[0] == first[0]
    assert sum(one[2] for one in together) == 0


@compiles
def test_an_edited_machine_gives_its_own_numbers(processes):
    first, _, edited, _ = processes
    assert edited[1:] == [0, 2]
    assert edited[0] == first[0][::-1]


@compiles
def test_two_machines_from_the_cache_keep_their_own_numbers(processes):
    first, _, edited, together = processes
    assert [one[0] for one in together] == [edited[0], first[0]]


# without the JIT ----------------------------------------------------------------------------------

PLAIN = """
from induction import Predictor, explain, prior, run
for m in ("queue", "turing"):
    print(sorted(prior(3, machine=m, max_length=9, max_steps=8).items()))
    print(Predictor(m, 9, 8).learn_many("0101").predict_exact())
    print(explain("0101", machine=m, max_length=10, max_steps=8).mass, run("0110000000", machine=m))
"""


def test_the_package_gives_the_same_results_without_the_jit():
    outputs = []
    for disabled in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "error", "-c", PLAIN]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr.strip().splitlines()[-1]
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]


# machine code -------------------------------------------------------------------------------------


def optimised(dispatcher, types_of):
    """LLVM code of a template's own functions, compiled afresh without the cache, wrappers for Python left out."""
    function = numba.njit(dispatcher.py_func, **FLAGS)
    function.compile(types_of)
    (text,) = function.inspect_llvm().values()
    bodies = re.findall(r"^define .*?^}", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(b for b in bodies if not re.search("cpython|cfunc|NRT_", b.split("(i")[0].split("(ptr")[0]))


def in_loops(code):
    """The lines of all basic blocks that can be reached from themselves."""
    found = []
    for body in code.split("\n}"):
        blocks, following, name = {"": []}, {"": []}, ""
        for line in body.splitlines():
            if label := re.match(r'("[^"]+"|[\w.$-]+):', line):
                name = label[1]
                blocks[name], following[name] = [], []
            blocks[name].append(line)
            following[name] += re.findall(r'label %("[^"]+"|[\w.$-]+)', line)
        for name, lines in blocks.items():
            reached, pending = set(), list(following[name])
            while pending:
                block = pending.pop()
                if block not in reached:
                    reached.add(block)
                    pending += following[block]
            found += lines if name in reached else []
    return "\n".join(found)


@compiles
@pytest.mark.parametrize("part", ["walk", "carry_on"])
def test_hot_loops_count_no_references_and_divide_nothing(machine, part):
    chosen = machines.get(machine)
    if part == "walk":
        enumerate_programs(chosen, Budget(6, 6), single("01"))
        dispatcher = compiled(walk.walk, chosen, False)
    else:
        Frontier(chosen, Budget(6, 6)).masses()
        dispatcher = bound_to(carry.carry_on, chosen, Frontier._KIND)
    code = optimised(dispatcher, dispatcher.nopython_signatures[0].args)
    assert code.count("\n") > 500  # the real thing, not the stub of a cache hit
    assert "icmp" in code
    hot = in_loops(code)
    assert hot.count("\n") > 400
    assert "NRT_" not in hot
    assert not re.search(r"\b[su](?:div|rem) i64 [^\n,]*, %", hot)  # by a constant it becomes a multiplication
    assert not re.search(r"\batomicrmw\b|\bcmpxchg\b", code)
    kernels = [b for b in code.split("\n}") if "define" in b and dispatcher.py_func.__name__ not in b.split("\n")[0]]
    assert not any("NRT_" in body for body in kernels)


@compiles
def test_the_search_for_divisions_finds_one_that_is_there():
    def divides(row):
        total = 0
        for i in range(row.size):
            total += row[i] // (row[0] + 2)
        return total

    row = numba.typeof(np.zeros(2, dtype=np.int64))
    code = optimised(types.SimpleNamespace(py_func=divides), (row,))
    assert re.search(r"\b[su](div|rem)\b", in_loops(code))
