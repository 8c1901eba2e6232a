"""The command line: stable JSON, one line and status 2 on bad input, instant help, progress on standard error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from io import StringIO
from pathlib import Path

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Predictor, explain, prior, run
from induction.cli import cli, main
from induction.commands.progress import told_if_slow
from induction.experiments.zoo import zoo

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = cli.list_commands(None)
SMALL = ("--max-length", "10", "--max-steps", "32")


def call(*arguments: str, given_in: str | None = None) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command, in this process."""
    out, err = StringIO(), StringIO()
    stdin, sys.stdin = sys.stdin, StringIO(given_in or "")
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
            main(list(arguments))
    finally:
        sys.stdin = stdin
    return int(stop.value.code or 0), out.getvalue(), err.getvalue()


def result(*arguments: str, given_in: str | None = None) -> dict:
    """What a command prints with --json; on standard error there may be progress, which leaves no line."""
    status, out, err = call(*arguments, "--json", given_in=given_in)
    assert (status, "\n" in err) == (0, False), err
    assert out.count("\n") == 1
    return json.loads(out)


def process(*arguments: str, code: str | None = None, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "induction", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, **options)


# -- help -------------------------------------------------------------------------------------------


def test_the_commands_of_the_design_are_there():
    assert {"demo", "predict", "explain", "prior", "run"} <= set(COMMANDS)


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_has_help(command, flag):
    status, out, err = call(*command, flag)
    assert (status, err) == (0, "")
    assert out.startswith("Usage: induction")
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize("command", ["predict", "explain", "prior", "demo"])
def test_commands_take_budgets_and_json(command):
    out = call(command, "--help")[1]
    assert all(option in out for option in ("--machine", "--max-length", "--max-steps", "--total", "--json"))


def test_help_waits_for_no_compiler_and_no_figures():
    code = """
import contextlib, io, sys
from induction.cli import cli, main
for arguments in [[]] + [[name] for name in cli.commands]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
        main([*arguments, "--help"])
heavy = {"numba", "sympy", "matplotlib", "scipy", "llvmlite", "numpy"} & set(sys.modules)
sys.exit(f"imported for nothing: {sorted(heavy)}" if heavy else 0)
"""
    done = process(code=code)
    assert done.returncode == 0, done.stderr


def test_importing_the_package_waits_for_no_compiler():
    done = process(code="import induction, sys; sys.exit(int('numba' in sys.modules))")
    assert done.returncode == 0, done.stderr


# -- results ----------------------------------------------------------------------------------------


def test_predict_prints_its_keys_and_the_predictors_numbers():
    shown = result("predict", "010101", *SMALL)
    p = Predictor(max_length=10, max_steps=32).learn_many("010101")
    assert list(shown)[:5] == ["p1", "p1_float", "interval", "loss_bits", "bound_bits"]
    assert Fraction(shown["p1"]) == p.predict_exact()[1]
    assert shown["p1_float"] == p.predict_proba_one()[1]
    assert tuple(map(Fraction, shown["interval"])) == p.interval()
    assert (shown["loss_bits"], shown["bound_bits"]) == (p.loss_bits, p.bound_bits)
    assert (shown["mixture"], shown["machine"]) == ("Predictor", "queue")
    assert (shown["max_length"], shown["max_steps"], shown["total"]) == (10, 32, None)
    assert (shown["competitor"], shown["mistakes"]) == (p.standing.competitor, p.mistakes)
    assert shown["posterior"] == [program.to_json() for program in p.posterior(3)]


def test_explain_prints_its_keys_and_fates_that_sum_to_one():
    shown = result("explain", "010101", *SMALL, "--programs", "3")
    e = explain("010101", max_length=10, max_steps=32, programs=3)
    assert {"mass", "shortest", "interval", "programs"} <= set(shown)
    assert set(shown["mass"]) == {"match", "mismatch", "silent", "timeout", "cut"}
    assert sum(map(Fraction, shown["mass"].values())) == 1
    assert set(shown["shortest"]) >= {"bits", "length", "text"}
    assert all(set(program) >= {"bits", "text", "weight"} for program in shown["programs"])
    assert shown == e.to_json()


def test_explain_says_null_when_no_program_prints_the_bits():
    shown = result("explain", "0110100110010110", "--max-length", "6", "--max-steps", "32")
    assert (shown["shortest"], shown["programs"]) == (None, [])


def test_prior_prints_its_keys_and_masses_that_sum_to_one():
    shown = result("prior", "--depth", "3", *SMALL)
    assert {"mass", "open"} <= set(shown)
    assert set(shown["mass"]) == {f"{x:03b}" for x in range(8)}
    assert set(shown["open"]) == {"silent", "timeout", "cut"}
    assert sum(map(Fraction, [*shown["mass"].values(), *shown["open"].values()])) == 1
    every = result("prior", "--depth", "3", "--all-depths", *SMALL)["mass"]
    assert {x: Fraction(mass) for x, mass in every.items()} == dict(prior(3, max_length=10, max_steps=32))


def test_run_prints_its_keys():
    shown = result("run", "0110000000", "--bits", "16")
    assert set(shown) >= {"output", "status", "steps", "length"}
    assert shown == run("0110000000", bits=16).to_json()
    assert shown["output"] == "01" * 8


def test_demo_prints_its_keys_and_saves_a_figure(tmp_path):
    path = tmp_path / "figure.png"
    sources = ("--source", "zeros", "--source", "coin")
    shown = result("demo", *SMALL, "--bits", "32", *sources, "--figure", str(path))
    assert [source["name"] for source in shown["sources"]] == ["zeros", "coin"]
    for source in shown["sources"]:
        assert set(source) >= {"name", "bits", "loss_bits", "bound_bits", "mistakes", "shortest"}
        assert source["mistakes"] <= source["loss_bits"] <= source["bound_bits"]
    assert shown["sources"][0]["shortest"]["text"] == "0,0: 0 > 0"
    assert shown["sources"][1]["shortest"] is None
    first = path.read_bytes()
    assert first.startswith(b"\x89PNG")
    call("demo", *SMALL, "--bits", "32", *sources, "--figure", str(path))
    assert path.read_bytes() == first, "a figure is the same every time"


@pytest.mark.parametrize("machine", ["queue", "turing"])
def test_commands_take_the_machine_that_they_are_told(machine):
    shown = result("explain", "0101", "--machine", machine, *SMALL)
    assert shown == explain("0101", machine=machine, max_length=10, max_steps=32).to_json()
    shown = result("run", "10000", "--machine", machine, "--bits", "3")
    assert shown == run("10000", machine=machine, bits=3).to_json()


def test_a_total_bounds_all_steps():
    assert result("run", "01000", "--bits", "64", "--total", "20")["status"] == "timeout"
    shown = result("explain", "0" * 12, *SMALL, "--total", "6")
    assert shown["shortest"] is None


def test_the_zoo_is_that_of_the_function_and_is_written(tmp_path):
    asked = ("zoo", "--source", "zeros", "--source", "period-3", "--out", str(tmp_path / "zoo"))
    shown = result(*asked, "--max-length", "14", "--max-steps", "64", "--bits", "32")
    found = zoo(("zeros", "period-3"), max_length=14, max_steps=64, bits=32).to_json()
    assert shown == found | {"out": str(tmp_path / "zoo"), "kept": []}
    assert (tmp_path / "zoo" / "zeros.txt").is_file()


def test_without_a_fallback_the_bare_mixture_predicts():
    shown = result("predict", "0000", *SMALL, "--fallback", "none")
    assert Fraction(shown["p1"]) == Predictor("queue", 10, 32, fallback=None).learn_many("0000").predict_exact()[1]


@pytest.mark.parametrize("command", ["predict", "explain"])
def test_bits_come_from_argument_file_or_standard_input(command, tmp_path):
    path = tmp_path / "bits.txt"
    path.write_text("0101\n01_01\n", encoding="ascii")
    expected = result(command, "01010101", *SMALL)
    assert result(command, "0101 0101", *SMALL) == expected
    assert result(command, "--file", str(path), *SMALL) == expected
    assert result(command, *SMALL, given_in="0101 0101\n") == expected
    assert result(command, "-", *SMALL, given_in="01010101") == expected


def test_slow_work_says_what_it_is_and_quick_work_nothing(capsys, monkeypatch):
    """While the work goes on; by a clock in `test_cli_streams.py`."""
    spoken, echo = threading.Event(), click.echo

    def heard(*arguments, **options):
        echo(*arguments, **options)
        spoken.set()

    monkeypatch.setattr(click, "echo", heard)
    with told_if_slow("compiling", seconds=0.05):
        assert spoken.wait(60)
    assert capsys.readouterr().err == "compiling\n"
    with told_if_slow("compiling", seconds=600):
        pass
    assert capsys.readouterr().err == ""


def test_no_bits_at_all_are_data_too():
    assert result("predict", "", *SMALL)["p1"] == "1/2"
    assert result("explain", "", *SMALL)["mass"]["match"] == "1/1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("predict", "0101"), ("P(1) = ", "P(0) = ", "certified interval", "posterior", "bound")),
        (("predict", "0110100110010110"), ("the fallback alone predicts",)),
        (("explain", "0101"), ("match", "certified: ", "as rules")),
        (("explain", "0110100110010110"), ("no program of at most 10 bits prints these bits",)),
        (("prior", "--depth", "2"), ("M(x)", "silent", "cut")),
        (("prior", "--depth", "2", "--all-depths"), ("(empty)",)),
    ],
)
def test_results_are_readable_as_text(arguments, words):
    status, out, _ = call(*arguments, *SMALL)
    assert status == 0
    assert all(word in out for word in words)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("01000", "wrote all bits that were asked for"),
        ("0,0: 0 > 0", "0,0: 0 > 0"),
        ("01", "needs more program bits"),
        ("000", "proved never to write again"),
    ],
)
def test_a_run_says_what_became_of_the_program(program, words):
    assert words in call("run", program, "--bits", "9")[1]


# -- bad input --------------------------------------------------------------------------------------

BAD = {
    "letters among the bits": (("predict", "01a1"), ("'a'", "0 and 1")),
    "letters among the bits to explain": (("explain", "0x1"), ("'x'", "0 and 1")),
    "an unknown machine": (("predict", "01", "--machine", "abacus"), ("'abacus'", "queue", "turing")),
    "an unknown machine to explain": (("explain", "01", "--machine", "turin"), ("'turin'", "did you mean 'turing'")),
    "an unknown machine of the prior": (("prior", "--depth", "2", "--machine", "x"), ("'x'", "queue")),
    "an unknown machine to run on": (("run", "01000", "--machine", "x"), ("'x'", "queue")),
    "an unknown machine of the demo": (("demo", "--machine", "x"), ("'x'", "queue")),
    **{
        f"L = {length} of {command[0]}": ((*command, "--max-length", length), (length, "1 to 62", "max_length"))
        for length in ("0", "63", "-1")
        for command in (("predict", "01"), ("explain", "01"), ("prior", "--depth", "2"), ("demo",))
    },
    **{
        f"T = 0 of {command[0]}": ((*command, "--max-steps", "0"), ("max_steps", "0", "1 to 2147483647"))
        for command in (("predict", "01"), ("explain", "01"), ("prior", "--depth", "2"), ("run", "01000"), ("demo",))
    },
    "a total of 0": (("explain", "01", "--total", "0"), ("total", "0", "1 to")),
    "a length that is no number": (("predict", "01", "--max-length", "ten"), ("'ten'", "integer")),
    "an empty program": (("run", ""), ("empty", "01000")),
    "a program of white space": (("run", "  "), ("empty", "01000")),
    "empty rules": (("run", ";:"), ("rule",)),
    "an unreadable program": (("run", "0,0: x > 0"), ("'x'", "items are 0, 1, ?")),
    "rules with an unmatched bracket": (("run", "0,0: [0 > 0"), ("bracket",)),
    "unreadable rules of turing": (("run", "0,0: 1 ^ 0", "--machine", "turing"), ("'1 ^ 0'", "< or >")),
    "a rule given twice": (("run", "0,0: 0 > 0; 0,0: 1 > 0"), ("twice",)),
    "a rule that is never reached": (("run", "0,0: 0 > 0; 0,1: 1 > 0"), ("0,1", "never")),
    "states named out of order": (("run", "0,0: 0 > 2"), ("state 2", "order")),
    "a program of no known name": (("run", "thue-mors"), ("'thue-mors'", "did you mean thue-morse")),
    "a program for another machine": (("run", "thue-morse", "--machine", "turing"), ("queue", "turing")),
    "no output bits": (("run", "01000", "--bits", "0"), ("bits", "0", "at least 1")),
    "no programs to show": (("explain", "01", "--programs", "0"), ("programs", "0", "1 to")),
    "a prior of no depth": (("prior", "--depth", "0"), ("depth", "0", "1 to")),
    "a prior too deep": (("prior", "--depth", "99"), ("depth", "99", "1 to")),
    "a depth left out": (("prior",), ("--depth",)),
    "a missing file": (("predict", "--file", "/nowhere/bits.txt"), ("/nowhere/bits.txt",)),
    "bits given twice": (("predict", "01", "--file", "bits.txt"), ("twice",)),
    "an unknown fallback": (("predict", "01", "--fallback", "x"), ("'x'", "uniform")),
    "an unknown source": (("demo", "--source", "thue"), ("'thue'",)),
    "a demo of no bits": (("demo", "--bits", "0"), ("bits", "0", "at least 1")),
    "an empty store": (("explain", "01", "--store", ""), ("--store", "the path is empty", "name a file")),
    "an empty store to deepen": (("explain", "01", "--deepen", "9", "--store", ""), ("--store", "the path is empty")),
    "an empty folder of the zoo": (("zoo", "--out", ""), ("--out", "the path is empty")),
    "an empty figure": (("predict", "01", "--figure", ""), ("--figure", "the path is empty")),
    "an empty file": (("compress", ""), ("FILE", "the path is empty")),
    "a store that is a folder": (("explain", "01", "--deepen", "9", "--store", "."), ("store is '.'", "names no file")),
    "letters among inputs to predict": (("learn", "--predict", "10a"), ("--predict: 'a' is not a bit", "0 and 1")),
    **{
        f"deepening for {seconds} seconds": (
            ("explain", "01", "--deepen", seconds),
            (f"--deepen is {seconds}; allowed are numbers of seconds above 0",),
        )
        for seconds in ("-1", "0", "nan")
    },
    "more bits than any memory holds": (("demo", "--source", "ones", "--bits", "9" * 23), ("from 0 to", "9" * 23)),
    "a file in a file": (("predict", "--file", f"{__file__}/x"), ("cannot be read", "name another file")),
    "a program file that is no text": (("run", sys.executable), ("it is no text", "name another one")),
    "a folder to compress into": (("compress", __file__, "--out", str(ROOT)), ("--out is", "a folder; name a file")),
    "no folder to compress into": (("compress", __file__, "--out", "/nowhere/x"), ("no folder '/nowhere'", "make it")),
    "a folder to expand into": (("expand", __file__, "--out", str(ROOT)), ("--out is", "a folder; name a file")),
    "an unknown command": (("predikt",), ("predikt",)),
    "an unknown option": (("predict", "01", "--speed", "9"), ("--speed",)),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_ends_with_one_line_and_status_2(name):
    arguments, words = BAD[name]
    status, out, err = call(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("induction: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert all(word in err for word in words), err


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_no_text_crashes_a_run_of_rules(text):
    status, out, err = call("run", "--", "0,0: " + text)
    assert status in (0, 2)
    assert err.count("\n") == (status == 2)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=12))
def test_no_text_crashes_a_prediction(text):
    status, out, err = call("predict", *SMALL, "--", text)
    assert status in (0, 2)
    assert err.count("\n") == (status == 2)


def test_without_a_command_the_help_page_is_shown():
    status, out, err = call()
    assert "\n  predict " in (out or err)
    assert (status, "induction: " in err) in ((2, False), (0, False))  # by the version of click


def test_bad_input_leaves_no_figure(tmp_path):
    path = tmp_path / "figure.abc"
    status, _, err = call("demo", *SMALL, "--bits", "8", "--source", "zeros", "--figure", str(path))
    assert (status, path.exists()) == (2, False)
    assert "figure.abc" in err
    assert call("demo", *SMALL, "--bits", "8", "--source", "zeros", "--figure", "/nowhere/x.png")[0] == 2


def test_bad_input_shows_no_traceback_in_a_process_of_its_own():
    done = process("predict", "01", "--max-length", "63")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "induction: max_length is 63; allowed are whole numbers from 1 to 62 (program bits)\n"


def test_an_empty_pipe_is_no_bits(tmp_path):
    done = process("predict", "--json", *SMALL, stdin=subprocess.DEVNULL)
    assert (done.returncode, json.loads(done.stdout)["p1"]) == (0, "1/2")


# -- progress ---------------------------------------------------------------------------------------


def test_progress_goes_to_standard_error_only(monkeypatch, tmp_path):
    import tqdm

    class Eager(tqdm.tqdm):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **(options | {"delay": 0, "mininterval": 0, "miniters": 1}))

    monkeypatch.setattr(tqdm, "tqdm", Eager)
    commands = (("predict", "0101", *SMALL), ("explain", "0101", *SMALL), ("prior", "--depth", "2", *SMALL))
    for arguments in (*commands, ("run", "01000", "--bits", "3000")):
        status, out, err = call(*arguments, "--json")
        assert status == 0
        assert json.loads(out)  # nothing but the result
        assert "%" in err
