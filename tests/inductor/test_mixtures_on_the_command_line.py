"""Each mixture alone from the command line says what it says in Python, and bad input gives one line."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner

from induction import ConditionalPredictor, NoisyPredictor, Predictor, SpeedPredictor, with_timeouts
from induction.cli import cli

predict, learn = "predict", "learn"
DATA = "0101010001"
SMALL = {"max_length": 10, "max_steps": 16}
OPTIONS = ["--max-length", "10", "--max-steps", "16"]
MIXTURES = {
    "--noise": lambda: NoisyPredictor(**SMALL),
    "--prior kt": lambda: SpeedPredictor("kt", **SMALL),
    "--prior fast --fallback kt": lambda: SpeedPredictor("fast", fallback="kt", **SMALL),
    "--timeouts uniform": lambda: with_timeouts("uniform", **SMALL),
    "--timeouts asleep": lambda: with_timeouts("asleep", **SMALL),
}


def out(command, *arguments, stdin=None):
    """Standard output of a command that ends well."""
    done = CliRunner().invoke(cli, [command, *arguments], input=stdin, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("options", MIXTURES)
def test_each_mixture_predicts_alone(options):
    shown = json.loads(out(predict, DATA, *OPTIONS, *options.split(), "--json"))
    p = MIXTURES[options]().learn_many(DATA)
    assert shown["mixture"] == type(p).__name__
    assert shown["p1_float"] == p.predict_proba_one()[1]
    assert shown["p1"] is None or Fraction(shown["p1"]) == p.predict_exact()[1]
    assert (shown["loss_bits"], shown["bound_bits"], shown["mistakes"]) == (p.loss_bits, p.bound_bits, p.mistakes)
    assert (shown["machine"], shown["max_length"], shown["max_steps"]) == ("queue", 10, 16)
    text = out(predict, DATA, *OPTIONS, *options.split())
    assert type(p).__name__ in text and "P(1) = " in text and f"bound {p.bound_bits:.4f}" in text


def test_noise_lists_flips():
    shown = json.loads(out(predict, DATA, "--noise", "--max-length", "14", "--json"))["posterior"]
    assert {"bits", "text", "weight", "flips", "rounds"} <= set(shown[0])
    assert "flips" in out(predict, DATA, "--noise", "--max-length", "14")


def test_sleepers_are_listed_with_who_is_asleep():
    options = [DATA, "--timeouts", "asleep", "--max-length", "14", "--max-steps", "1"]
    rows = json.loads(out(predict, *options, "--json"))["posterior"]
    p = with_timeouts("asleep", max_length=14, max_steps=1).learn_many(DATA)
    assert rows == [program.to_json() for program in p.posterior(3)]
    shown = out(predict, *options)
    assert any(row["asleep"] for row in rows)
    for row in rows:
        assert f"{row['weight']:.4f}" in shown and row["text"] in shown
    assert shown.count("  asleep  ") == sum(row["asleep"] for row in rows)


def test_the_usual_mixture_is_what_no_option_asks_for():
    shown = json.loads(out(predict, DATA, *OPTIONS, "--prior", "length", "--timeouts", "dead", "--json"))
    assert Fraction(shown["p1"]) == Predictor(**SMALL).learn_many(DATA).predict_exact()[1]


def test_intervals_are_those_of_the_predictor():
    shown = json.loads(out(predict, DATA, *OPTIONS, "--intervals", "--json"))["intervals"]
    run = Predictor(**SMALL).intervals(DATA)
    assert [row["rounds"] for row in shown["steps"]] == list(range(len(DATA) + 1))
    for row, step in zip(shown["steps"], run.steps, strict=True):
        assert tuple(map(Fraction, row["prior"])) == step.prior
        assert tuple(map(Fraction, row["normalised"])) == step.normalised
        digits = row["digits"].removeprefix("0.").removeprefix("1.")
        low = Fraction(int(digits, 2), 1 << len(digits)) if digits else Fraction(0)
        assert low <= step.prior[0] <= step.prior[1] <= max(low + Fraction(1, 1 << len(digits)), step.prior[0])
    points = (shown["undecided_from"], shown["silent_from"], shown["unproved_from"])
    assert points == (run.undecided_from, run.silent_from(), run.unproved_from)
    text = out(predict, DATA, *OPTIONS, "--intervals")
    assert "binary digits" in text and f"from {run.undecided_from} bits on" in text


PAIRS = "# the first bit\n0110 0\n1001 1\n\n1 1  # short\n- 0\n011 0\n"


@pytest.mark.parametrize("reading", ["label", "probability"])
@pytest.mark.parametrize("encoding", ["raw", "delimited"])
def test_pairs_are_learned_from_a_file_or_standard_input(reading, encoding, tmp_path):
    (tmp_path / "pairs.txt").write_text(PAIRS)
    options = ["--max-length", "9", "--reading", reading, "--encoding", encoding, "--predict", "10", "--predict", "-"]
    shown = json.loads(out(learn, str(tmp_path / "pairs.txt"), *options, "--json"))
    p = ConditionalPredictor(max_length=9, reading=reading, encoding=encoding)
    for x, y in (("0110", 0), ("1001", 1), ("1", 1), ("", 0), ("011", 0)):
        p.learn_one(x, y)
    assert (shown["machine"], shown["max_length"], shown["max_steps"], shown["total"]) == ("queue", 9, 256, None)
    assert (shown["pairs"], shown["loss_bits"], shown["bound_bits"]) == (5, p.loss_bits, p.bound_bits)
    assert [row["p1_float"] for row in shown["predictions"]] == [p.predict_proba_one(x)[1] for x in ("10", "")]
    if reading == "label":
        assert Fraction(shown["predictions"][0]["p1"]) == p.predict_exact("10")[1]
    assert shown["posterior"] == [h.to_json() for h in p.posterior(3)]
    assert json.loads(out(learn, *options, "--json", stdin=PAIRS)) == shown
    text = out(learn, "-", *options, stdin=PAIRS)
    assert "5 pairs learned" in text and "(empty)" in text and "rules" in text


BAD = {
    "two mixtures": (predict, ("01", "--noise", "--prior", "kt"), "--noise and --prior kt"),
    "three mixtures": (predict, ("01", "--timeouts", "asleep", "--noise", "--prior", "kt"), "give one of them"),
    "an unknown prior": (predict, ("01", "--prior", "speed"), "'speed'"),
    "an unknown treatment": (predict, ("01", "--timeouts", "never"), "'never'"),
    "a fallback beside noise": (predict, ("01", "--noise", "--fallback", "kt"), "leave --fallback out"),
    "a fallback where none is needed": (predict, ("01", "--timeouts", "uniform", "--fallback", "kt"), "no fallback"),
    "no fallback beside sleepers": (predict, ("01", "--timeouts", "asleep", "--fallback", "none"), "fallback is None"),
    "intervals of another mixture": (predict, ("01", "--noise", "--intervals"), "--intervals"),
    "a figure of another mixture": (predict, ("01", "--noise", "--figure", "x.png"), "--figure is drawn of the usual"),
    "letters in an input": (learn, (), "line 1 is '01a 1'"),
    "a label that is no bit": (learn, (), "line 2 is '01 2'"),
    "an input without a label": (learn, (), "line 1 is '0101'"),
    "three words": (learn, (), "line 1 is '01 0 1'"),
    "an unknown reading": (learn, ("--reading", "word"), "'word'"),
    "an unknown encoding": (learn, ("--encoding", "word"), "'word'"),
    "a machine without inputs": (learn, ("--machine", "lambda"), "takes no inputs"),
    "a question that is no input": (learn, ("--predict", "0x"), "'x'"),
    "a length out of range": (learn, ("--max-length", "70"), "max_length is 70"),
}
STDIN = {"letters in an input": "01a 1", "a label that is no bit": "01 1\n01 2", "an input without a label": "0101",
         "three words": "01 0 1"}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_says_what_was_given(case):
    command, arguments, words = BAD[case]
    done = CliRunner().invoke(cli, [command, *arguments], input=STDIN.get(case, "0 1\n"))
    message = done.stderr if isinstance(done.exception, SystemExit) else str(done.exception)
    assert done.exit_code != 0 and isinstance(done.exception, (SystemExit, ValueError))
    assert words in message
