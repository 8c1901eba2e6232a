"""Comparing predictors: every number is the loss of that predictor on those bits."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Predictor
from induction.cli import main
from induction.experiments.compare import OURS, Row, compare, rivals
from induction.predictors import ContextTree, KrichevskyTrofimov, Uniform, portfolio, total_loss
from induction.sources.sequences import sequence

SMALL = {"max_length": 10, "max_steps": 16}


def test_every_row_is_the_loss_of_its_predictor():
    ours = Predictor(**SMALL)
    result = compare(["zeros", "coin"], bits=40, data={"own": "0110"}, predictors=rivals(ours))
    assert {row.source for row in result.rows} == {"zeros", "coin", "own"}
    assert {row.predictor for row in result.rows} == {OURS, "uniform", "KT", "CTW", "LZ78", "BM", "portfolio"}
    assert len(result.rows) == 3 * 7
    bits = {"zeros": sequence("zeros").bits(40), "coin": sequence("coin").bits(40), "own": "0110"}
    for source, data in bits.items():
        assert result.loss(source, OURS) == ours.clone().learn_many(data).loss_bits
        assert result.loss(source, "uniform") == len(data)
        assert result.loss(source, "KT") == total_loss(KrichevskyTrofimov(), data)
        assert result.loss(source, "CTW") == total_loss(ContextTree(16), data)
        assert result.loss(source, "portfolio") == total_loss(portfolio(), data)
    assert ours.data == ""  # the one that was handed in has learned nothing


@settings(max_examples=20)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=40))
def test_the_portfolio_is_nowhere_far_behind_its_best_member(data):
    result = compare((), data={"own": data}, predictors=rivals(Predictor(**SMALL)))
    # CTW is of another depth in the portfolio.
    best = min(result.loss("own", name) for name in ("uniform", "KT", "LZ78", "BM"))
    assert result.loss("own", "portfolio") <= best + math.log2(5) + 1e-9


def test_the_best_are_all_who_lost_least():
    predictors = {"a": Uniform(), "b": Uniform(), "c": KrichevskyTrofimov()}
    result = compare((), data={"flat": "01", "zeros": "0" * 20}, predictors=predictors)
    assert result.best("flat") == ["a", "b"]
    assert result.best("zeros") == ["c"]
    with pytest.raises(KeyError):
        result.loss("flat", "d")


def test_an_infinite_loss_is_no_number_in_json():
    assert Row("a", "b", math.inf).to_json() == {"source": "a", "predictor": "b", "loss_bits": None}


def test_bits_cut_data_of_ones_own_and_progress_is_told():
    told = []
    result = compare(["ones"], bits=3, data={"own": np.ones(9, dtype=np.uint8)}, predictors={"u": Uniform()},
                     progress=lambda *done: told.append(done))  # fmt: skip
    assert result.lengths == {"ones": 3, "own": 3}
    assert [row.loss_bits for row in result.rows] == [3.0, 3.0]
    assert told == [(1, 2), (2, 2)]


BAD = {
    "an unknown source": (lambda: compare(["zeroes"], predictors={"u": Uniform()}), "did you mean"),
    "no bits": (lambda: compare(["zeros"], bits=0), "bits is 0"),
    "data without bits": (lambda: compare((), data={"own": ""}), "own holds no bits"),
    "data that are no bits": (lambda: compare((), data={"own": "012"}), "own: '2' is not a bit"),
    "nothing": (lambda: compare(()), "nothing to compare"),
    "no predictors": (lambda: compare(["zeros"], predictors={}), "nothing to compare"),
    "a name twice": (lambda: compare(["zeros"], data={"zeros": "0"}), "given twice"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_line(case):
    call, named = BAD[case]
    with pytest.raises(ValueError, match=named) as caught:
        call()
    assert "\n" not in str(caught.value)


def _call(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main([str(each) for each in arguments])
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


def test_the_command_prints_the_rows(capsys, tmp_path):
    small = ("--max-length", 10, "--max-steps", 16)
    status, out, _ = _call(capsys, "compare", "--source", "zeros", "--source", "runs", "--bits", 20, "--json", *small)
    rows = json.loads(out)["rows"]
    assert status == 0
    assert len(rows) == 14
    assert all(set(row) == {"source", "predictor", "loss_bits"} for row in rows)
    file = tmp_path / "bits.txt"
    file.write_text("0101 0101\n")
    status, out, _ = _call(capsys, "compare", "--file", file, "--json", *small)
    assert (status, {row["source"] for row in json.loads(out)["rows"]}) == (0, {str(file)})
    given_bits = _call(capsys, "compare", "01010101", *small)[1]
    assert "portfolio" in given_bits
    cells = given_bits.splitlines()[2].split()[2:]
    losses = [float(cell.rstrip("*")) for cell in cells]
    assert [cell.endswith("*") for cell in cells] == [loss == min(losses) for loss in losses]
    assert max(map(len, given_bits.splitlines())) <= 100
    status, _, err = _call(capsys, "compare", "--source", "zeroes")
    assert (status, err.count("\n")) == (2, 1)
