"""The public face: its names, how quickly it comes, and how it answers bad input."""

from __future__ import annotations

import subprocess
import sys

import pytest

import induction
from induction import Budget, NoisyPredictor, Predictor, explain, prior, run, speed_prior, with_timeouts

NAMES = ["Budget", "Mixture", "Predictor", "explain", "machines", "prior", "run", "sample"]
NAMES += ["ConditionalPredictor", "NoisyPredictor", "SpeedPredictor", "speed_prior", "with_timeouts"]


@pytest.mark.small
def test_names_to_keep_are_there():
    assert set(NAMES) <= set(induction.__all__)
    assert set(induction.__all__) <= set(dir(induction))
    for name in induction.__all__:
        assert getattr(induction, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        induction.no_such_name  # noqa: B018


def test_importing_the_package_waits_for_no_heavy_library():
    code = "import sys, induction; print([m for m in ('numba', 'sympy', 'matplotlib', 'click') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SMALL = {"max_length": 8, "max_steps": 8}
BAD_INPUT = {
    "letters among the bits": (lambda: explain("01a0", **SMALL), "'a'"),
    "letters among the bits to learn": (lambda: Predictor(**SMALL).learn_many("01x"), "'x'"),
    "letters among the bits to score": (lambda: Predictor(**SMALL).score("2"), "'2'"),
    "letters among the bits of a continuation": (lambda: Predictor(**SMALL).probability("0b"), "'b'"),
    "a number that is no bit": (lambda: Predictor(**SMALL).learn_one(2), "2"),
    "text where a bit belongs": (lambda: Predictor(**SMALL).learn_one("1"), "'1'"),
    "an unknown machine": (lambda: Predictor("quue"), "did you mean 'queue'"),
    "an unknown machine to explain": (lambda: explain("01", machine="tape"), "'tape'"),
    "an unknown machine for a prior": (lambda: prior(2, machine=""), "machines are"),
    "an unknown machine to run": (lambda: run("01000", machine="lisp"), "'lisp'"),
    "L = 0": (lambda: Predictor(max_length=0), "max_length is 0"),
    "L = 63": (lambda: explain("01", max_length=63), "max_length is 63"),
    "L = -1": (lambda: prior(2, max_length=-1), "max_length is -1"),
    "L as text": (lambda: Predictor(max_length="8"), "max_length is '8'"),
    "T = 0": (lambda: Predictor(max_length=8, max_steps=0), "max_steps is 0"),
    "T = 0 for a prior": (lambda: prior(2, max_length=8, max_steps=0), "max_steps is 0"),
    "T = 0 for a run": (lambda: run("01000", max_steps=0), "max_steps is 0"),
    "a total of 0": (lambda: explain("01", total=0, **SMALL), "total is 0"),
    "steps beyond any memory": (lambda: Predictor("turing", 8, 2**31 - 1), "here max_steps = "),
    "an empty program": (lambda: run(""), "the program is empty"),
    "a program of blanks": (lambda: run(" \n"), "the program is empty"),
    "an unreadable program": (lambda: run("hello"), "'h"),
    "an unreadable rule": (lambda: run("0,0 is 0; 1: 0"), "is no rule"),
    "a rule with an unknown item": (lambda: run("0,0: 02 > 0"), "'2'"),
    "a rule with half a bracket": (lambda: run("0,0: [0 > 0"), "bracket"),
    "a rule given twice": (lambda: run("0,0: 0 > 0; 0,0: 1 > 0"), "twice"),
    "a rule that is empty": (lambda: run("0,0:"), "empty"),
    "a rule that is never reached": (lambda: run("0,0: 0 > 0; 1,0: 1 > 0"), "no bits encode it"),
    "a state named out of order": (lambda: run("0,0: 0 > 2; 2,0: 1 > 0"), "numbered in the order"),
    "an action that turing has not": (lambda: run("0,0: 2 > 0", machine="turing"), "write an action"),
    "data bits that are never read": (lambda: run("0,0: 0 > 0 | 01"), "never read"),
    "no output bits to run for": (lambda: run("01000", bits=0), "bits is 0"),
    "a depth of 0": (lambda: prior(0), "depth is 0"),
    "a depth of 23": (lambda: prior(23), "depth is 23"),
    "no programs to keep": (lambda: explain("01", programs=0, **SMALL), "programs is 0"),
    "a negative number of programs": (lambda: Predictor(**SMALL).posterior(-1), "count is -1"),
    "an unknown fallback": (lambda: Predictor(fallback="magic", **SMALL), "'magic'"),
    "a fallback that predicts nothing": (lambda: Predictor(fallback=3, **SMALL), "int"),
    "an unknown speed prior": (lambda: speed_prior("01", "slow", **SMALL), "'slow'"),
    "an unknown treatment of timeouts": (lambda: with_timeouts("late", **SMALL), "'late'"),
    "sleepers without a fallback": (lambda: with_timeouts("asleep", fallback=None, **SMALL), "fallback is None"),
    "a negative number of noisy programs": (lambda: NoisyPredictor(**SMALL).posterior(-1), "count is -1"),
    "a weight of more than 1": (lambda: Predictor(fallback_exponent=-1, **SMALL), "fallback_exponent is -1"),
    "budget in the wrong unit": (lambda: Budget(8.0, 8), "8.0"),
}


@pytest.mark.small
@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gives_one_line_that_says_what_was_given(case):
    call, named = BAD_INPUT[case]
    with pytest.raises(ValueError) as caught:
        call()
    message = str(caught.value)
    assert named in message
    assert "\n" not in message


@pytest.mark.small
@pytest.mark.parametrize("wrong", [3, None, b"queue"])
def test_what_is_no_machine_is_refused(wrong):
    with pytest.raises(ValueError, match="machine"):
        Predictor(wrong, 8, 8)


def test_a_bad_bit_leaves_a_predictor_as_it_was():
    p = Predictor(**SMALL).learn_many("01")
    for wrong in (2, "1", None, 0.5):
        with pytest.raises(ValueError):
            p.learn_one(wrong)
    assert p.data == "01"
    assert p.predict_exact() == Predictor(**SMALL).learn_many("01").predict_exact()
