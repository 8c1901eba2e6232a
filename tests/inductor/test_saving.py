"""What was saved comes back, and a damaged file is refused in one line."""

from __future__ import annotations

import json
import os
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from induction import Predictor
from induction.predictors import KrichevskyTrofimov

PARAMETERS = {"max_length": 9, "max_steps": 12, "total": 90, "fallback": "kt", "fallback_exponent": 5}


@pytest.mark.small
@pytest.mark.parametrize("parameters", [{"max_length": 8, "max_steps": 8}, PARAMETERS, PARAMETERS | {"fallback": None}])
def test_saved_predictors_come_back(machine, parameters, tmp_path):
    p = Predictor(machine, **parameters).learn_many("0110100110010110")
    path = tmp_path / "predictor.json"
    p.save(path)
    p.save(path)  # over itself
    back = Predictor.load(os.fspath(path))
    assert [f.name for f in tmp_path.iterdir()] == ["predictor.json"]
    assert back.predict_exact() == p.predict_exact()
    assert back.history == p.history
    assert back.get_params() == p.get_params()
    assert (back.data, repr(back)) == (p.data, repr(p))
    assert back.learn_one(1).predict_exact() == p.learn_one(1).predict_exact()


@pytest.mark.small
def test_saved_text_is_json_with_parameters_and_data(tmp_path):
    Predictor(max_length=8, max_steps=8).learn_many("01").save(tmp_path / "p")
    content = json.loads((tmp_path / "p").read_text())
    assert content["data"] == "01"
    assert content["machine"] == "queue"
    assert content["max_length"] == 8


GOOD = json.dumps({"format": "bounded-induction predictor 1", "machine": "queue", "max_length": 8, "max_steps": 8,
                   "total": None, "fallback": "uniform", "fallback_exponent": None, "data": "0101"})  # fmt: skip
DAMAGED = {
    "empty": "",
    "cut off": GOOD[:-20],
    "a list": "[1, 2]",
    "a number": "7",
    "null": "null",
    "of another format": GOOD.replace("predictor 1", "predictor 99"),
    "without its format": "{}",
    "without data": GOOD.replace('"data"', '"date"'),
    "with letters in the data": GOOD.replace('"0101"', '"01x1"'),
    "with data that are a number": GOOD.replace('"0101"', "101"),
    "with an unknown machine": GOOD.replace("queue", "quell"),
    "with a length out of range": GOOD.replace('"max_length": 8', '"max_length": 80'),
    "with a length that is text": GOOD.replace('"max_length": 8', '"max_length": "8"'),
    "with steps out of range": GOOD.replace('"max_steps": 8', '"max_steps": 0'),
    "with an unknown parameter": GOOD.replace('"total"', '"totals"'),
    "with an unknown fallback": GOOD.replace("uniform", "univorm"),
    "with a fallback that is a list": GOOD.replace('"uniform"', "[1]"),
    "with a machine that is a number": GOOD.replace('"queue"', "5"),
    "deep": "[" * 100_000,
    "no text": b"\xff\xfe\x00binary",
}


@pytest.mark.small
@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_files_are_refused_in_one_line(damage, tmp_path):
    path = tmp_path / "damaged.json"
    content = DAMAGED[damage]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ValueError, match="holds no saved predictor") as caught:
        Predictor.load(path)
    assert "\n" not in str(caught.value)
    assert "damaged.json" in str(caught.value)


@settings(max_examples=150)
@given(st.integers(0, len(GOOD) - 1), st.sampled_from(list("0123456789abc\"{}[],: ")))
def test_a_changed_character_is_refused_or_gives_another_predictor(tmp_path_factory, at, character):
    path = tmp_path_factory.getbasetemp() / "changed.json"
    text = GOOD[:at] + character + GOOD[at + 1 :]
    assume(not re.search(r'"max_length": ?(2[4-9]|[3-9][0-9])', text))  # fine, and long
    path.write_text(text)
    try:
        p = Predictor.load(path)
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert p.loss_bits <= p.bound_bits


@pytest.mark.small
def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError):
        Predictor.load(tmp_path / "nothing.json")
    with pytest.raises(OSError):
        Predictor(max_length=8, max_steps=8).save(tmp_path / "no folder" / "p.json")


@pytest.mark.small
def test_a_fallback_that_is_an_object_cannot_be_written_down(tmp_path):
    p = Predictor(max_length=8, max_steps=8, fallback=KrichevskyTrofimov())
    with pytest.raises(ValueError, match="by name, or None"):
        p.save(tmp_path / "p.json")
    assert not list(tmp_path.iterdir())
