"""Options reach the work as they were given, defaults are those of the help page, statuses say how it ended."""

from __future__ import annotations

import errno
from types import SimpleNamespace
from unittest import mock

import pytest
from test_cli import SMALL, call

from induction.enumeration.trace import MOST_BITS
from induction.experiments.verify import Verification
from induction.experiments.verify_base import Check

BUDGET = {"machine": "turing", "max_length": 9, "max_steps": 7}
GIVEN = ("--machine", "turing", "--max-length", "9", "--max-steps", "7")
WALKING = ("--workers", "2", "--processes")
WALKS = {"workers": 2, "executor": "processes"}

# Command: the function that does the work, and what it is to be asked for.
HANDED_ON = {
    ("explain", "01", *GIVEN, "--total", "80", "--programs", "3", "--match-only", *WALKING, "--store", "x"): (
        "induction.inductor.explanation.explain",
        BUDGET | WALKS | {"total": 80, "programs": 3, "matches_only": True, "store": "x"},
    ),
    ("explain", "01"): (
        "induction.inductor.explanation.explain",
        {"programs": 10, "matches_only": False, "workers": 1, "executor": None, "store": None, "max_length": None},
    ),
    ("explain", "01", *GIVEN, "--deepen", "5", "--programs", "3", "--match-only", *WALKING, "--store", "x"): (
        "induction.inductor.deepening.deepen",
        BUDGET | WALKS | {"seconds": 5.0, "programs": 3, "matches_only": True, "store": "x"},
    ),
    ("zoo", *GIVEN, "--bits", "32", *WALKING, "--store", "x"): (
        "induction.experiments.zoo.zoo",
        BUDGET | WALKS | {"bits": 32, "store": "x"},
    ),
    ("sample", "5", *GIVEN, "--total", "80", "--bits", "12", "--seed", "3", "--out", "x.npz"): (
        "induction.inductor.sampling.sample",
        BUDGET | {0: 5, "total": 80, "bits": 12, "seed": 3},
    ),
    ("table", "busy-beaver", "3", "--cut", "21", "--workers", "2", "--store", "x"): (
        "induction.tables.busy_beaver.distribution",
        {0: 3, 1: 21, "workers": 2, "store": "x"},
    ),
    ("run", "01000", "--machine", "turing", "--bits", "12", "--max-steps", "7", "--total", "80"): (
        "induction.enumeration.runner.run",
        {0: "01000", "machine": "turing", "bits": 12, "max_steps": 7, "total": 80},
    ),
    ("prior", "--depth", "3", *GIVEN, "--total", "80"): (
        "induction.inductor.prior.prior",
        BUDGET | {0: 3, "total": 80},
    ),
    ("compress", __file__, *GIVEN): ("induction.coding.encode", BUDGET),
    ("verify", "--full"): ("induction.experiments.verify.verify", {"full": True}),
    ("verify",): ("induction.experiments.verify.verify", {"full": False}),
    ("experiment", "nested", "--full"): ("induction.experiments.registry.Experiment.run", {"full": True}),
    ("experiment", "nested"): ("induction.experiments.registry.Experiment.run", {"full": False}),
}


@pytest.mark.parametrize("arguments", HANDED_ON, ids=" ".join)
def test_options_reach_the_work_as_they_were_given(arguments, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    work, wanted = HANDED_ON[arguments]
    told = mock.Mock(side_effect=ValueError("enough"))
    monkeypatch.setattr(work, told)
    status, _, err = call(*arguments)
    assert (status, err) == (2, "induction: enough\n")
    got = dict(enumerate(told.call_args.args)) | told.call_args.kwargs
    shown = {name: str(got[name]) if name == "store" and got[name] is not None else got[name] for name in wanted}
    assert shown == wanted


@pytest.mark.parametrize("name", ["folder.npz", "no/x.npz"])
def test_a_place_that_draws_cannot_go_to_is_refused_before_the_work(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.npz").mkdir()
    work = mock.Mock(side_effect=AssertionError("the work has begun"))
    monkeypatch.setattr("induction.inductor.sampling.sample", work)
    assert call("sample", "5", "--out", name)[0] == 2
    assert not work.called


def test_a_sample_program_runs_on_its_machine_named_or_not():
    shown = call("run", "thue-morse", "--bits", "9")
    assert shown[0] == 0
    assert call("run", "thue-morse", "--bits", "9", "--machine", "queue") == shown


def test_a_program_file_of_any_name_is_run(tmp_path):
    file = tmp_path / "my program (0,0).txt"
    file.write_text("# Zeros\nmachine: queue\nrules: 0,0: 0 > 0\n", encoding="utf-8")
    assert call("run", str(file), "--bits", "4")[:2] == call("run", "0,0: 0 > 0", "--bits", "4")[:2]


def test_a_long_run_is_drawn_as_far_as_a_picture_goes(monkeypatch, tmp_path):
    told = mock.Mock(side_effect=ValueError("enough"))
    monkeypatch.setattr("induction.enumeration.trace.trace", told)
    call("run", "01000", "--bits", str(MOST_BITS + 1), "--max-steps", "7", "--figure", str(tmp_path / "x.png"))
    assert told.call_args.kwargs == {"machine": "queue", "bits": MOST_BITS, "max_steps": 7, "total": None}


@pytest.mark.parametrize("violations", [0, 1])
def test_a_verification_that_fails_has_status_1(violations, monkeypatch):
    check = Check(name="made up", cases=3, violations=violations, worst_slack_bits=0.5)
    monkeypatch.setattr("induction.experiments.verify.verify", lambda **_: Verification((check,)))
    status, out, _ = call("verify")
    assert status == violations
    assert out.splitlines()[-1] == f"3 cases, {violations} violations"


# errors of the system ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "out of memory: lower --max-length or --max-steps, or ask for less"),
        (ImportError("libx.so: failed to map segment from shared object"), "memory is short: a library does not fit"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
    ],
    ids=str,
)
def test_what_a_machine_lacks_is_one_line(error, words, monkeypatch):
    monkeypatch.setattr("induction.inductor.explanation.explain", mock.Mock(side_effect=error))
    status, out, err = call("explain", "01")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"induction: {words}")


def test_a_package_that_is_missing_is_no_short_memory(monkeypatch):
    monkeypatch.setattr("induction.inductor.explanation.explain", mock.Mock(side_effect=ImportError("no numba")))
    with pytest.raises(ImportError, match="no numba"):
        call("explain", "01")


def test_a_folder_that_is_gone_is_said_to_be(monkeypatch):
    gone = FileNotFoundError(errno.ENOENT, "No such file or directory")
    monkeypatch.setattr("induction.inductor.explanation.explain", mock.Mock(side_effect=gone))
    assert call("explain", "01")[2] == "induction: No such file or directory\n"
    monkeypatch.setattr("induction.cli.os", SimpleNamespace(getcwd=mock.Mock(side_effect=gone)))
    assert call("explain", "01")[2] == "induction: the folder that this was started in is gone: go to another one\n"


def test_a_file_that_may_not_be_read_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr("pathlib.Path.open", mock.Mock(side_effect=PermissionError(errno.EACCES, "Permission denied")))
    status, out, err = call("predict", "--file", "bits.txt", *SMALL)
    assert (status, out) == (2, "")
    assert err == "induction: 'bits.txt' may not be read; change its permissions or name another file\n"


def test_help_and_version_are_shown_under_any_ceiling(monkeypatch):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (2**20, 2**20))
    assert "memory is short" in call("explain", "01")[2]
    for asked in ("--version", "--help", "-h"):
        assert call(asked)[::2] == (0, "")
