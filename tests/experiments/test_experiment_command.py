"""``induction experiment``: lists the questions, prints the numbers, draws the same figure twice."""

from __future__ import annotations

import importlib
import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from induction.cli import main
from induction.commands.experiment import as_text
from induction.experiments.registry import EXPERIMENTS, experiment


def call(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main(["experiment", *arguments])
    return int(stop.value.code or 0), out.getvalue(), err.getvalue()


def test_without_a_name_every_experiment_is_listed_with_its_question():
    status, out, _ = call()
    assert status == 0
    assert all(name in out and each.question in out for name, each in EXPERIMENTS.items())
    listed = json.loads(call("--json")[1])["experiments"]
    assert [row["name"] for row in listed] == list(EXPERIMENTS)


def test_questions_are_single_lines_that_end_with_a_question_mark():
    assert all(each.question.endswith("?") and "\n" not in each.question for each in EXPERIMENTS.values())


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_functions_of_every_experiment_exist(name):
    for path in (EXPERIMENTS[name].run_name, EXPERIMENTS[name].draw_name):
        module, function = path.split(":")
        assert callable(getattr(importlib.import_module(module), function))


def test_a_result_is_printed_as_json_and_as_text_and_drawn_with_the_same_bytes(tmp_path):
    name = "every-sequence" if "every-sequence" in EXPERIMENTS else "bound"
    first, second = tmp_path / "first.png", tmp_path / "second.png"
    status, out, err = call(name, "--json", "--figure", str(first))
    assert (status, "\n" in err) == (0, False), err
    result = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert (result["experiment"], result["figure"]) == (name, str(first))
    status, out, _ = call(name, "--figure", str(second))
    assert status == 0
    assert experiment(name).question in out
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("bounds",), "bound"),
        (("zzz",), "there are"),
        (("bound", "--figure", "x.bmp"), ".png"),
        (("--full",), "name"),
    ],
)
def test_bad_input_ends_with_one_line_and_status_two(arguments, word):
    status, out, err = call(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert word in err


def test_text_keeps_every_number_and_shortens_series():
    answer = {"n": 3, "open": None, "rows": [{"a": 0.5, "b": {"c": 2}}], "long": list(range(40))}
    text = as_text(answer)
    assert "n: 3" in text
    assert "open: -" in text
    assert "0, 1, 2, 3, 4, 5, … (40 in all)" in text
    assert text.splitlines()[-1].split() == ["0.5", "2"]
    assert as_text({"word": "a" * 48}) == "word: " + "a" * 48
    assert as_text({"word": "a" * 49}) == "word: " + "a" * 47 + "…"


def test_numbers_inside_numbers_get_columns_of_their_own():
    from induction.commands.experiment import _flat

    row = {"task": "and", "rivals": {"regression": {"loss_bits": 1.5, "mistakes": 2}, "coin": 3}}
    flat = {"task": "and", "rivals regression loss_bits": 1.5, "rivals regression mistakes": 2, "rivals coin": 3}
    assert _flat(row) == flat
