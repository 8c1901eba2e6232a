"""The documentation is true: its Python examples, its shell examples, its links, and the certificate checker."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from induction import Predictor
from induction.cli import main
from induction.commands.progress import COMPILING

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

# Shell examples that are not run here: they install things, start the tests anew, or take long.
NOT_RUN = (
    "make ",
    "pip install ",
    "python -m pytest ",
    "induction demo --figure docs/demo.png",  # `test_the_readme_shows_the_demo` does
)


def _said(errors: str) -> str:
    """Standard error as it is left on a terminal: bars wiped out, and no word of who happened to compile first."""
    return re.sub(r"[^\n]*\r", "", errors).replace(f"{COMPILING}\n", "")


def _in_process(arguments: list[str]) -> tuple[int, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main(arguments)
    return int(stop.value.code or 0), out.getvalue() + _said(err.getvalue())


def _in_shell(command: str, folder: Path) -> tuple[int, str]:
    tools = folder / ".bin"
    tools.mkdir(exist_ok=True)
    for name, words in {"induction": "-m induction", "python": ""}.items():
        (tools / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {words} "$@"\n')
        (tools / name).chmod(0o755)
    paths = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    pipes = {"capture_output": True, "text": True, "timeout": 120}
    done = subprocess.run(command, shell=True, cwd=folder, env=os.environ | paths, **pipes)
    return done.returncode, done.stdout + _said(done.stderr)


def _has_operators(command: str) -> bool:
    return any(set(word) <= set("();<>|&") for word in shlex.shlex(command, posix=True, punctuation_chars=True))


def _shell_examples(block: str) -> list[tuple[str, str]]:
    """(command, expected output) of a console block."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block begins with a command, not with {parts[0]!r}"
    return [(command, expected) for command, _, expected in (part.partition("\n") for part in parts[1:])]


def _run_shell_block(block: str, folder: Path) -> None:
    for command, expected in _shell_examples(block):
        if command.startswith(NOT_RUN):
            continue
        simple = command.startswith("induction ") and not _has_operators(command)
        status, output = _in_process(shlex.split(command)[1:]) if simple else _in_shell(command, folder)
        fails = "induction: " in expected or expected.startswith("fails")
        assert (status != 0) == fails, f"{command} ended with status {status}:\n{output}"
        if expected.strip():
            same = doctest.OutputChecker().check_output(expected, output, FLAGS)
            assert same, f"{command} printed\n{output}\nnot\n{expected}"


def _run_python_block(source: str, names: dict, page: Path, line: int) -> None:
    test = doctest.DocTestParser().get_doctest(source, names, page.name, str(page), line)
    test.globs = names  # one page is one session
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=FLAGS)
    runner.run(test, out=report.append, clear_globs=False)
    assert test.examples, f"{page.name}, line {line}: a Python block without an example (>>>)"
    assert not runner.failures, "".join(report)


def test_bars_and_word_of_compiling_are_no_part_of_an_example():
    """They come only where the machine is slow or the cache is empty."""
    assert _said(f"{COMPILING}\n\rwalking:   4%|4    | 00:12<04:48\r{' ' * 36}\rinduction: no\n") == "induction: no\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_of_a_page_does_what_it_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    (tmp_path / "programs").symlink_to(ROOT / "programs")
    text = page.read_text(encoding="utf-8")
    names: dict = {}
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start())
        if block[2] == "python":
            _run_python_block(block[3], names, page, line)
        elif block[2] == "console":
            _run_shell_block(block[3], tmp_path)
        else:
            assert block[2] in ("text", "json", "make"), f"{page.name}: no examples are known in {block[2]!r}"


def test_the_readme_shows_rows_that_the_demo_prints():
    from induction.cli_text import demo_text
    from induction.experiments.bound import bound

    printed = demo_text(bound(["zeros", "thue-morse", "coin"]), Path("x.png"))
    rows = {" ".join(row.split()) for row in printed.splitlines()}
    readme = {" ".join(row.split()) for row in README.read_text(encoding="utf-8").splitlines()}
    for start in ("zeros 3", "Thue–Morse sequence 1", "fair coin (control) 2", "sequence loss", "256 bits of each"):
        row = next(row for row in rows if row.startswith(start))
        assert row in readme


@pytest.mark.slow
def test_the_readme_shows_the_demo(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    blocks = [block for block in BLOCK.finditer(README.read_text(encoding="utf-8")) if block[2] == "console"]
    examples = [example for block in blocks for example in _shell_examples(block[3])]
    command, expected = next(example for example in examples if example[0].startswith("induction demo"))
    status, output = _in_process(shlex.split(command)[1:])
    assert status == 0
    assert doctest.OutputChecker().check_output(expected, output, FLAGS), output
    assert (tmp_path / "docs/demo.png").read_bytes() == (ROOT / "docs/demo.png").read_bytes()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_named_files_exist(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", text)
    assert all((page.parent / link).exists() for link in links if "://" not in link)
    named = re.findall(r"`((?:induction|tests|programs|docs)/[\w/.-]*\.\w+)`", text)
    missing = [name for name in named if not (ROOT / name).exists() and "my-" not in name]
    assert not missing
    shown = [block[3] for block in BLOCK.finditer(text) if block[2] == "text"]
    files = {path.read_text(encoding="utf-8") for path in (ROOT / "programs").glob("*.txt")}
    assert set(shown) <= files, "a program file is shown that is none"


def test_the_page_of_public_names_is_what_the_docstrings_say():
    import importlib.util

    script = ROOT / "docs" / "make_api.py"
    spec = importlib.util.spec_from_file_location("make_api", script)
    make_api = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_api)
    stored = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert make_api.page() == stored, "docstrings have changed; run: python docs/make_api.py"


def test_the_readme_links_every_page_and_notebook():
    links = set(re.findall(r"\]\(([^)#]+)[^)]*\)", README.read_text(encoding="utf-8")))
    pages = [path.relative_to(ROOT) for path in (*(ROOT / "docs").glob("*.md"), *(ROOT / "notebooks").glob("*.ipynb"))]
    assert {str(page) for page in pages} <= links


# -- certificates -----------------------------------------------------------------------------------


def _check(claim: object, folder: Path) -> tuple[int, str]:
    path = folder / "certificate.json"
    path.write_text(claim if isinstance(claim, str) else json.dumps(claim), encoding="utf-8")
    done = subprocess.run([sys.executable, CHECKER, path], capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    assert said.count("\n") == 1, said
    assert said.startswith("holds: " if done.returncode == 0 else "fails: "), said
    return done.returncode, said


CHECKER = ROOT / "docs" / "check_certificate.py"
THUE_MORSE = "0110100110010110100101100110100110010110011010010110100110010110"
RECIPES = {
    "substitution": ({"max_length": 16}, "0100101001001010010100100101001001"),
    "two states, hidden bits": ({"max_length": 25, "max_steps": 16}, THUE_MORSE[:48]),
    "copied bits": ({"max_length": 19}, "00110"),
    "turing": ({"machine": "turing", "max_length": 16}, "011" * 6),
    "turing, written cells": ({"machine": "turing", "max_length": 20}, "00010011000111000"),
    "fallback alone": ({"max_length": 8}, "0110100110010111"),
    "no fallback": ({"max_length": 12, "fallback": None}, "0101010101"),
    "turing, no fallback": ({"machine": "turing", "max_length": 12, "fallback": None}, "000110001"[:4]),
    "a light fallback": ({"max_length": 12, "fallback_exponent": 40}, "011011011"),
    "a heavy fallback": ({"max_length": 12, "fallback_exponent": 0}, "011011011"),
    "no data": ({"max_length": 12}, ""),
    "tight steps": ({"max_length": 14, "max_steps": 3}, "010101"),
}


@pytest.mark.parametrize("name", RECIPES)
def test_certificates_of_the_package_hold(name, tmp_path):
    parameters, data = RECIPES[name]
    predictor = Predictor(**parameters).learn_many(data)
    certificate = predictor.certificate()
    assert certificate.holds()
    status, said = _check(certificate.to_json(), tmp_path)
    assert (status, f"{certificate.bound} bits" in said) == (0, True)


def _claim() -> dict:
    """A certificate of nine bits 011011011, by the program 0,0: 011 > 0; 0,1: > 0."""
    return json.loads(Predictor(max_length=14, max_steps=8).learn_many("011011011").certificate().dumps())


def _masses(t: int, change):
    def tamper(claim: dict) -> None:
        claim["masses"][t] = change(*claim["masses"][t])

    return tamper


def _put(**values):
    return lambda claim: claim.update(values)


TAMPERED = {
    "a bit of the data is flipped": _put(data="011011010"),
    "the data end early": _put(data="01101101"),
    "the data go on": _put(data="0110110110"),
    "the data are no bits": _put(data="01101101x"),
    "the data are a list": _put(data=list("011011011")),
    "a bit of the program is flipped": _put(program="011010000001"),
    "the program is too short": _put(program="01101000000", bound=11),
    "the program has an unread bit": _put(program="0110100000000", bound=13),
    "the program is another's": _put(program="011000000000", bound=12),
    "the program is no bits": _put(program="01101000000٠"),
    "the program is a number": _put(program=11010000000),
    "the bound is too small": _put(bound=11),
    "the bound is too large": _put(bound=13),
    "the bound is a float": _put(bound=12.0),
    "the bound is true": _put(bound=True),
    "the machine is another": _put(machine="turing"),
    "the machine is unknown": _put(machine="lambda"),
    "the machine is a list": _put(machine=["queue"]),
    "the steps are too few": _put(max_steps=3),
    "the steps are a float": _put(max_steps=8.0),
    "the length is less than the program's": _put(max_length=11),
    "the length is less, but enough for the program": _put(max_length=13),
    "the length is out of range": _put(max_length=63),
    "the length is enormous": _put(max_length=10**12),
    "the fallback is enormous": _put(fallback_exponent=10**12),
    "the fallback has no integer weight": _put(fallback_exponent=0.5),
    "the fallback's weight is negative": _put(fallback_exponent=-1),
    "the fallback is said to set the bound": _put(program=None),
    "nobody sets the bound": _put(program=None, fallback_exponent=None),
    "a mass grows": _masses(6, lambda zero, one: [zero, one + 10**6]),
    "a mass of the other bit grows": _masses(6, lambda zero, one: [10**6, one]),
    "the first masses exceed the whole": _masses(0, lambda zero, one: [2**13 + 1, 2**13]),
    "the program's mass is missing": _masses(8, lambda zero, one: [zero, 3]),
    "masses change places": _masses(7, lambda zero, one: [one, zero]),
    "a mass is negative": _masses(4, lambda zero, one: [-zero - 1, one]),
    "a mass is a float": _masses(4, lambda zero, one: [float(zero), one]),
    "a mass is infinite": _masses(4, lambda zero, one: [float("inf"), one]),
    "a mass is text": _masses(4, lambda zero, one: [str(zero), one]),
    "a mass is missing": _masses(4, lambda zero, one: [one]),
    "a mass is one too many": _masses(4, lambda zero, one: [zero, one, 0]),
    "a round is missing": lambda claim: claim["masses"].pop(),
    "a round is added": lambda claim: claim["masses"].append([0, 4]),
    "masses are a number": _put(masses=9),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampered_certificates_fail(name, tmp_path):
    claim = _claim()
    TAMPERED[name](claim)
    assert _check(claim, tmp_path)[0] == 1


@pytest.mark.parametrize("key", _claim())
def test_certificates_with_a_missing_key_fail(key, tmp_path):
    claim = _claim()
    del claim[key]
    assert _check(claim, tmp_path) == (1, f"fails: '{key}' is missing\n")


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", "[" * 5000, '{"data": 1e999999}', "\x00", "9" * 5000])
def test_files_that_are_no_certificates_fail(text, tmp_path):
    assert _check(text, tmp_path)[0] == 1


def test_the_comparison_of_integers_decides_alone(tmp_path):
    # Without the masses' growth being checked, a fallback's claim would rest on the last comparison only:
    # with its own weight in every joint mass it can never fail, and with none there is no claim.
    claim = {"machine": "queue", "max_length": 8, "max_steps": 8, "data": "0110", "fallback_exponent": 6}
    claim |= {"masses": [[0, 0]] * 4, "program": None, "bound": 10}
    assert _check(claim, tmp_path)[0] == 0
    assert _check(claim | {"bound": 9}, tmp_path)[0] == 1


def test_the_checker_imports_nothing_of_the_package():
    source = CHECKER.read_text(encoding="utf-8")
    assert re.findall(r"^\s*(?:import|from) (\w+)", source, re.MULTILINE) == ["json", "sys"]
    assert "assert " not in source, "assertions are skipped under python -O"


def test_the_checkers_machines_agree_with_the_package_on_random_programs():
    import random

    from induction import run

    names: dict = {"__name__": "checker"}
    source = CHECKER.read_text(encoding="utf-8").split("\nMACHINES = ")[0]
    exec(compile(source, str(CHECKER), "exec"), names)  # noqa: S102 — the script is no module: it checks and exits
    names["MACHINES"] = {name: names[name] for name in ("queue", "turing")}
    chance = random.Random(7)
    compared = 0
    for machine in names["MACHINES"]:
        for _ in range(300):
            program = "".join(chance.choices("01", k=40))
            done = run(program, machine=machine, bits=12, max_steps=20)
            if done.status == "complete":
                compared += 1
                read = program[: done.length]
                assert names["prints"](machine, read, done.output, 20)
                assert not names["prints"](machine, read + "0", done.output, 20)
                assert not names["prints"](machine, read[:-1], done.output, 20)
                assert not names["prints"](machine, read, done.output[:-1] + str(1 - int(done.output[-1])), 20)
    assert compared > 50
