"""What was saved comes back, and a damaged file is refused in one line."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import ConditionalPredictor, NoisyPredictor, Predictor
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.saving import FORMAT, checksum
from induction.inductor.speed import SpeedPredictor
from induction.inductor.timeouts import UniformTimeouts
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


OTHERS = [
    NoisyPredictor(max_length=8, max_steps=8),
    NoisyPredictor("turing", 8, 8, total=70, max_hypotheses=9),
    SpeedPredictor("fast", max_length=8, max_steps=8, fallback="kt"),
    UniformTimeouts(max_length=8, max_steps=8),
    AsleepTimeouts(max_length=8, max_steps=2, allotments=5, fallback_exponent=3),
]


@pytest.mark.small
@pytest.mark.parametrize("p", OTHERS, ids=lambda p: type(p).__name__)
def test_the_other_mixtures_come_back_too(p, tmp_path):
    p = p.clone().learn_many("0110100110")
    p.save(tmp_path / "p.json")
    back = type(p).load(tmp_path / "p.json")
    assert (back.data, back.history) == (p.data, p.history)
    assert back.predict_proba_one() == p.predict_proba_one()
    assert back.learn_one(1).history == p.learn_one(1).history


PAIRS = [("0110", 0), ("", 1), ("1", 1), ("0110", 1), ("00101", 0)]
LABELLERS = [
    {"max_length": 9, "max_steps": 12},
    {"machine": "turing", "max_length": 8, "total": 70, "encoding": "delimited"},
    {"max_length": 8, "max_steps": 9, "reading": "probability", "precision": 3},
    {"max_length": 7, "reading": "probability"},
]


@pytest.mark.small
@pytest.mark.parametrize("parameters", LABELLERS)
def test_predictors_of_labels_come_back_too(parameters, tmp_path):
    p = ConditionalPredictor(**parameters).learn_many(PAIRS)
    p.predict_proba_one("11")
    p.save(tmp_path / "p.json")
    back = ConditionalPredictor.load(tmp_path / "p.json")
    assert back.data == p.data == PAIRS
    assert (back.history, repr(back)) == (p.history, repr(p))
    assert (back.budget, back.encoding, back.precision) == (p.budget, p.encoding, p.precision)
    assert back.predict_proba_one("10") == p.predict_proba_one("10")
    assert back.learn_one("10", 1).posterior(99) == p.learn_one("10", 1).posterior(99)


@pytest.mark.small
def test_a_predictor_of_another_class_is_named(tmp_path):
    NoisyPredictor(max_length=8, max_steps=8).save(tmp_path / "noisy.json")
    with pytest.raises(ValueError, match="holds a NoisyPredictor, not a Predictor"):
        Predictor.load(tmp_path / "noisy.json")


CONTENT = {"format": FORMAT, "class": "Predictor", "machine": "queue", "max_length": 8, "max_steps": 8,
           "total": None, "fallback": "uniform", "fallback_exponent": None, "data": "0101"}  # fmt: skip


def signed(**changes):
    """Saved text whose checksum fits, with other values; a value of ... leaves the key out."""
    content = {key: value for key, value in (CONTENT | changes).items() if value is not ...}
    return json.dumps(content | {"checksum": checksum(content)})


GOOD = signed()
DAMAGED = {
    "empty": "",
    "cut off": GOOD[:-20],
    "a list": "[1, 2]",
    "a number": "7",
    "null": "null",
    "of another format": signed(format=FORMAT[:-1] + "99"),
    "without its format": "{}",
    "without its checksum": json.dumps(CONTENT),
    "altered": GOOD.replace('"0101"', '"0100"'),
    "without data": signed(data=...),
    "without its class": signed(**{"class": ...}),
    "with a class that is a list": signed(**{"class": [1]}),
    "with letters in the data": signed(data="01x1"),
    "with data that are a number": signed(data=101),
    "with data that are a list": signed(data=[0, 1, "2\n3"]),
    "with an unknown machine": signed(machine="quell"),
    "with a length out of range": signed(max_length=80),
    "with a length that is text": signed(max_length="8"),
    "with steps out of range": signed(max_steps=0),
    "with an unknown parameter": signed(totals=5),
    "with an unknown fallback": signed(fallback="univorm"),
    "with a fallback that is a list": signed(fallback=[1]),
    "with a machine that is a number": signed(machine=5),
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


LABELLED = {"class": "ConditionalPredictor", "fallback": ..., "fallback_exponent": ..., "precision": None,
            "reading": "label", "encoding": "raw", "data": {"inputs": ["01", ""], "labels": "10"}}  # fmt: skip
NO_PAIRS = {
    "text": "0101",
    "a list": [["01", 1]],
    "without labels": {"inputs": ["01"]},
    "with something else": {"inputs": ["01"], "labels": "1", "weights": []},
    "with too few labels": {"inputs": ["01", "1"], "labels": "1"},
    "with too many labels": {"inputs": ["01"], "labels": "11"},
    "with letters in an input": {"inputs": ["0x"], "labels": "1"},
    "with letters in the labels": {"inputs": ["01"], "labels": "y"},
    "with an input that is a number": {"inputs": [1], "labels": "1"},
    "with inputs that are text": {"inputs": "01", "labels": "11"},
    "with labels that are a list": {"inputs": ["01"], "labels": [1]},
}


@pytest.mark.small
@pytest.mark.parametrize("damage", NO_PAIRS)
def test_data_that_are_no_pairs_are_refused_in_one_line(damage, tmp_path):
    path = tmp_path / "damaged.json"
    path.write_text(signed(**LABELLED))
    assert ConditionalPredictor.load(path).data == [("01", 1), ("", 0)]
    for text in (signed(**LABELLED | {"data": NO_PAIRS[damage]}), signed(**LABELLED).replace('"10"', '"11"'), GOOD):
        path.write_text(text)
        with pytest.raises(ValueError, match="damaged.json holds no saved predictor: ") as caught:
            ConditionalPredictor.load(path)
        assert "\n" not in str(caught.value)


@settings(max_examples=150)
@given(st.integers(0, len(GOOD) - 1), st.sampled_from(list('0123456789abc"{}[],: ')))
def test_a_changed_character_is_refused_or_changes_nothing(tmp_path_factory, at, character):
    path = tmp_path_factory.getbasetemp() / "changed.json"
    text = GOOD[:at] + character + GOOD[at + 1 :]
    path.write_text(text)
    try:
        p = Predictor.load(path)
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert json.loads(text) == json.loads(GOOD)
        assert p.data == CONTENT["data"]


@pytest.mark.small
def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError):
        Predictor.load(tmp_path / "nothing.json")


@pytest.mark.small
def test_a_path_that_cannot_be_a_file_is_refused_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "astray").symlink_to("nowhere/p.json")
    p = Predictor(max_length=8, max_steps=8)
    refused = {
        "nodir/x.json": "^there is no folder 'nodir'; make it first$",
        "astray": "^there is no folder '.*nowhere'; make it first$",
        ".": "^'.' is a folder; name a file$",
        "folder": "^'folder' is a folder; name a file$",
        "new/": "^'new/' is a folder; name a file$",
        "": "^the path is empty; name a file$",
    }
    for path, message in refused.items():
        with pytest.raises(OSError, match=message):
            p.save(path)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["astray", "folder"]


@pytest.mark.small
def test_saving_touches_no_other_file_and_follows_links(tmp_path):
    (tmp_path / "mine.json.new").write_text("kept")
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "real.json", tmp_path / "mine.json"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to("there/real.json")
    Predictor(max_length=8, max_steps=8).learn_many("01").save(link)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert Predictor.load(real).data == Predictor.load(link).data == "01"
    assert (tmp_path / "mine.json.new").read_text() == "kept"
    assert [f.name for f in (tmp_path / "there").iterdir()] == ["real.json"]


@pytest.mark.small
@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="open files have no paths here")
def test_a_pipe_is_written_to():
    end, start = os.pipe()
    Predictor(max_length=8, max_steps=8).learn_many("01").save(f"/dev/fd/{start}")
    os.close(start)
    with open(end) as pipe:
        assert json.load(pipe)["data"] == "01"


@pytest.mark.small
def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    path = tmp_path / "p.json"
    p = Predictor(max_length=8, max_steps=8).learn_many("01")
    p.save(path)
    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="no space left"):
        p.learn_one(1).save(path)
    assert [f.name for f in tmp_path.iterdir()] == ["p.json"]
    assert Predictor.load(path).data == "01"


@pytest.mark.small
def test_a_fallback_that_is_an_object_cannot_be_written_down(tmp_path):
    p = Predictor(max_length=8, max_steps=8, fallback=KrichevskyTrofimov())
    with pytest.raises(ValueError, match="by name, or None"):
        p.save(tmp_path / "p.json")
    assert not list(tmp_path.iterdir())
