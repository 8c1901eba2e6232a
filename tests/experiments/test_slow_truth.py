"""With too few steps for the short program the mixture settles on longer ones, or on none, and says so."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from induction import run
from induction.commands.experiment import as_text
from induction.experiments.slow_truth import NOISY, TREATMENTS, find_truth, in_lines, prints, slow_truth
from induction.inductor.predictor import Predictor
from induction.inductor.speed import speed_prior
from induction.plots.slow_truth import figure
from induction.plots.style import save
from induction.sources.sequences import sequence


@pytest.fixture(scope="module")
def result():
    return slow_truth(["ruler-unary"], bits=48, steps=(2, 4, 12), max_length=20)


def test_no_loss_exceeds_its_bound_under_any_treatment(result):
    assert result.violations == 0
    assert len(result.settled) == 3 * len(TREATMENTS)
    assert all((each.loss <= each.bound).all() for each in result.settled)


def test_the_truth_needs_exactly_its_longest_silence(result):
    truth = result.truths[0]
    program = truth.program.bits
    assert prints(result.machine, program, 48, truth.needs) == 48 > prints(result.machine, program, 48, truth.needs - 1)
    full = run(program, machine=result.machine, bits=48, max_steps=truth.needs)
    assert full.steps == truth.steps
    assert [int(bit) for bit in full.output] == sequence("ruler-unary").bits(48).tolist()


def test_a_t_without_the_short_program_costs_bits_and_one_with_it_does_not(result):
    dead = result.of("ruler-unary", "dead")
    assert [row.truth_prints == 48 for row in dead] == [row.max_steps >= result.truths[0].needs for row in dead]
    assert (dead[0].length, dead[-1].length) == (None, result.truths[0].program.length)
    assert dead[0].loss[-1] > 2 * dead[-1].loss[-1]
    assert all(new.bound[-1] <= old.bound[-1] for old, new in pairwise(dead))


def test_numbers_are_those_of_the_predictors_themselves(result):
    data = sequence("ruler-unary").bits(48)
    own = Predictor("turing", 20, 4).learn_many(data)
    assert result.of("ruler-unary", "dead")[1].loss[-1] == own.loss_bits
    prior = speed_prior(data, machine="turing", max_length=20, max_steps=1024)
    last = result.speed_of("ruler-unary")[-1]
    assert (last.bits, last.loss, last.bound) == (48, prior.loss_bits, prior.bound_bits)


def test_late_programs_that_may_catch_up_are_missed_less(result):
    for treatment in ("asleep", NOISY):
        assert result.of("ruler-unary", treatment)[1].loss[-1] < result.of("ruler-unary", "dead")[1].loss[-1]


@pytest.mark.slow
def test_a_longer_and_quicker_program_stands_in_for_the_shortest():
    result = slow_truth(steps=(24, 48))
    late, early = result.of("squares", "dead")
    truth = result.truths[0]
    assert late.truth_prints < 128 == early.truth_prints
    assert (late.length, early.length, truth.program.length) == (26, 25, 25)
    assert 24 < truth.needs <= 48


def test_results_are_json_and_drawn_with_the_same_bytes(result, tmp_path):
    told = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert [len(told[name]) for name in ("truths", "settled", "speed")] == [1, 12, 4]
    paths = [save(figure(result), tmp_path / name) for name in ("a.png", "b.png")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_rules_too_long_for_a_cell_are_printed_in_full(result):
    rows = result.rules_in_full
    printed = as_text({"rules": rows, "legend": result.to_json()["legend"]})
    assert "…" not in printed
    starts = [i for i, row in enumerate(rows) if row["program"]]
    programs = [" ".join(row["rules"] for row in rows[a:b]) for a, b in pairwise([*starts, len(rows)])]
    texts = {each.text for each in (*result.settled, *result.speed)} | {result.truths[0].program.text}
    assert set(programs) == {text for text in texts if len(text) > 48}
    assert programs


def test_lines_of_rules_break_between_rules():
    text = "; ".join(f"{i},0: [1] < {i}" for i in range(9))
    lines = in_lines(text)
    assert " ".join(lines) == text
    assert all(len(line) <= 48 for line in lines) and all(line.endswith(";") for line in lines[:-1])


def test_progress_is_told_to_the_end():
    told = []
    slow_truth(["zeros"], bits=8, steps=(4,), max_length=8, progress=lambda *done: told.append(done))
    assert told == [(i, 6) for i in range(1, 7)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"bits": 0}, "bits is 0"),
        ({"steps": ()}, "empty"),
        ({"steps": (0,)}, "steps"),
        ({"names": ["zeroes"]}, "did you mean"),
    ],
)
def test_bad_input_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        slow_truth(**{"names": ["zeros"], "bits": 4, "max_length": 6} | options)


def test_a_source_without_a_program_is_refused_in_one_line():
    with pytest.raises(ValueError, match="coin has no program of at most 8 bits") as raised:
        find_truth("coin", sequence("coin").bits(64), "turing", 8)
    assert "\n" not in str(raised.value)
