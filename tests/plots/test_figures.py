"""Every figure is written with the same bytes again, shows something, and cuts nothing off."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from induction import Predictor, prior
from induction.cli import main
from induction.enumeration.trace import trace
from induction.inductor.posterior_history import posterior_history
from induction.plots import adversary as adversary_plot
from induction.plots import baselines as baselines_plot
from induction.plots import bound as bound_plot
from induction.plots import cut_off as cut_off_plot
from induction.plots import every_sequence as every_sequence_plot
from induction.plots import glimpse as glimpse_plot
from induction.plots import invariance as invariance_plot
from induction.plots import meta as meta_plot
from induction.plots import nested as nested_plot
from induction.plots import noise as noise_plot
from induction.plots import posterior as posterior_plot
from induction.plots import prior_map, space_time
from induction.plots import shift as shift_plot
from induction.plots import slow_truth as slow_truth_plot
from induction.plots.style import save

SMALL = Predictor(max_length=14, max_steps=32)
TINY = Predictor(max_length=10, max_steps=16)
THUE_MORSE = "0,0: 0 > 1; 1,0: [0]1 > 1; 1,1: [1]0 > 1"
RUNS = "0,0: [1] < 1; 0,1: 0 > 2; 1,0: 1 > 1; 1,1: [1] < 0; 2,1: [1] > 0"  # of turing


def _bound(names=("zeros", "fibonacci-word", "coin")):
    from induction.experiments.bound import bound

    return bound(list(names), bits=24, predictor=SMALL)


def _every_sequence():
    from induction.experiments.every_sequence import every_sequence

    return every_sequence(6)


def _cut_off():
    from induction.experiments.cut_off import cut_off

    return cut_off(["zeros", "coin"], bits=12, lengths=[4, 8, 12], steps=[1, 4, 16])


def _adversary():
    from induction.experiments.adversary import adversary

    return adversary(predictor=TINY, rounds=16, strengths=[0.0, 1.0], seeds=2)


def _nested():
    from induction.experiments.nested import nested

    return nested(["zeros", "coin"], bits=20, predictor=SMALL)


def _glimpse():
    from induction.experiments.glimpse import glimpse

    return glimpse(["0", "01"], lengths=[4, 8, 12])


def _meta(names=("fibonacci-word", "coin")):
    from induction.experiments.meta import meta

    return meta(list(names), bits=16, predictor=TINY)


def _invariance():
    from induction.experiments.invariance import invariance

    return invariance(3, machines=["queue", "turing"], states=2)


def _shift():
    from induction.experiments.shift import shift

    return shift(["constant-0"], seeds=1)


def _noise():
    from induction.experiments.noise import noise
    from induction.inductor.noisy import NoisyPredictor

    return noise(["alternating"], rates=[0.0, 0.1], bits=24, seeds=2, predictor=NoisyPredictor(max_length=10))


def _slow_truth():
    from induction.experiments.slow_truth import slow_truth

    return slow_truth(["ruler-unary"], bits=48, steps=(2, 4, 12), max_length=20)


def _baselines():
    from induction.experiments.baselines import baselines

    return baselines(["zeros", "squares", "coin"], bits=24, predictor=TINY, noisy=False)


FIGURES = {
    "space-time, queue": (lambda: trace(THUE_MORSE, bits=12), space_time.figure),
    "space-time, many rounds": (lambda: trace(THUE_MORSE, bits=400, rows=100), space_time.figure),
    "space-time, turing": (lambda: trace(RUNS, machine="turing", bits=4), space_time.figure),
    "space-time, brainphoque": (lambda: trace("+[.>+]", machine="brainphoque", bits=4), space_time.figure),
    "space-time, one cell": (lambda: trace("0,0: 0", bits=1), space_time.figure),
    "space-time, nothing": (lambda: trace("0", bits=4), space_time.figure),
    "bound, one source": (lambda: _bound(["zeros"]), bound_plot.figure),
    "meta, one source": (lambda: _meta(["coin"]), meta_plot.figure),
    "posterior": (lambda: posterior_history(SMALL.clone(), "0101010101"), posterior_plot.figure),
    "posterior, none left": (lambda: posterior_history(TINY.clone(), "00101110100010111"), posterior_plot.figure),
    "posterior, long": (lambda: posterior_history(TINY.clone(), "0" * 80), posterior_plot.figure),
    "posterior, no data": (lambda: posterior_history(TINY.clone(), ""), posterior_plot.figure),
    "prior": (lambda: prior(5, max_length=12, max_steps=32), prior_map.figure),
    "prior, nothing printed": (lambda: prior(2, max_length=1, max_steps=4), prior_map.figure),
    "bound": (_bound, bound_plot.figure),
    "every-sequence": (_every_sequence, every_sequence_plot.figure),
    "cut-off": (_cut_off, cut_off_plot.figure),
    "adversary": (_adversary, adversary_plot.figure),
    "nested": (_nested, nested_plot.figure),
    "glimpse": (_glimpse, glimpse_plot.figure),
    "meta": (_meta, meta_plot.figure),
    "invariance": (_invariance, invariance_plot.figure),
    "shift": (_shift, shift_plot.figure),
    "noise": (_noise, noise_plot.figure),
    "slow-truth": (_slow_truth, slow_truth_plot.figure),
    "baselines": (_baselines, baselines_plot.figure),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_with_the_same_bytes_again_is_not_empty_and_nothing_is_clipped(name, tmp_path):
    make, draw = FIGURES[name]
    result = make()
    first = save(draw(result), tmp_path / "first.png")
    assert _ink(first).mean() > 0.002, "an empty sheet"
    sheet = draw(result)
    assert save(sheet, tmp_path / "second.png").read_bytes() == first.read_bytes()
    drawn = sheet.get_tightbbox()
    over = (drawn.x0, drawn.y0, sheet.bbox_inches.x1 - drawn.x1, sheet.bbox_inches.y1 - drawn.y1)
    assert min(over) >= 0, f"cut off at the edge of the sheet by {over} inches: left, below, right, above"


def test_no_experiment_is_left_out():
    from induction.experiments.registry import EXPERIMENTS

    assert set(EXPERIMENTS) <= set(FIGURES)


@pytest.mark.parametrize("ending", ["svg", "pdf"])
@pytest.mark.parametrize("name", ["space-time, queue", "posterior", "prior", "every-sequence"])
def test_drawings_for_print_have_the_same_bytes_again(name, ending, tmp_path):
    make, draw = FIGURES[name]
    result = make()
    first, second = (save(draw(result), tmp_path / f"{which}.{ending}") for which in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()


def _ink(path: Path) -> np.ndarray:
    """Where an image is not white."""
    from matplotlib.image import imread

    return (imread(path)[:, :, :3] < 0.98).any(axis=2)


# -- from the command line --------------------------------------------------------------------------


def call(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main(list(arguments))
    return int(stop.value.code or 0), out.getvalue(), err.getvalue()


COMMANDS = {
    "run": (THUE_MORSE, "--bits", "8"),
    "predict": ("010101", "--max-length", "10", "--max-steps", "16"),
    "prior": ("--depth", "2", "--max-length", "8", "--max-steps", "16"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_draws_its_figure_and_says_what_it_says_without_one(name, tmp_path):
    path = tmp_path / "figure.png"
    plain = call(name, *COMMANDS[name], "--json")
    drawn = call(name, *COMMANDS[name], "--json", "--figure", str(path))
    assert (plain[0], drawn[0]) == (0, 0), drawn
    assert json.loads(drawn[1]) == json.loads(plain[1]) | {"figure": str(path)}
    assert _ink(path).any()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run", "zeros", "--figure", "x.bmp"), ".png"),
        (("run", "0010", "--machine", "lambda", "--figure", "x.png"), "cannot be drawn"),
        (("predict", "01", "--figure", "nowhere/x.png"), "no folder"),
        (("predict", "01", "--noise", "--max-length", "8", "--figure", "x.png"), "usual mixture"),
        (("prior", "--depth", "2", "--figure", "x"), ".png"),
    ],
)
def test_a_figure_that_cannot_be_drawn_ends_with_one_line(arguments, word, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = call(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert word in err
    assert not list(tmp_path.iterdir())


def test_a_share_is_called_all_or_nothing_only_if_it_is():
    words = {1: "100 %", 0: "0 %", Fraction(9995, 10000): "over 99.9 %", Fraction(997, 1000): "99.7 %"}
    words |= {Fraction(1, 2): "50 %", Fraction(1, 5000): "under 0.1 %", Fraction(4, 1000): "0.4 %"}
    assert {share: posterior_plot.percent(Fraction(share)) for share in words} == words
