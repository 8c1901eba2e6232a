"""Streams and ceilings: closed streams are no terminals, input ends somewhere, short memory is one line."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import types
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from test_cli import ROOT, SMALL, call, result

from induction.commands import common, progress
from induction.commands.progress import Progress, told_if_slow, told_of_compiling

SHOWN = {"explain": "certified: ", "predict": "P(1) = ", "learn": "pair learned"}


def in_shell(arguments: str, given: str = "", redirected: str = "", before: str = "") -> subprocess.CompletedProcess:
    command = f"{before} {sys.executable} -m induction {arguments} {' '.join(SMALL)} {redirected}"
    pipes = {"input": given, "capture_output": True, "text": True, "timeout": 120}
    return subprocess.run(command, shell=True, cwd=ROOT, **pipes)


@pytest.mark.parametrize("arguments", ["explain 0101", "predict 0101", "learn"])
def test_a_closed_standard_error_leaves_the_result_on_standard_output(arguments):
    done = in_shell(arguments, given="01 1\n", redirected="2>&-")
    assert done.returncode == 0
    assert SHOWN[arguments.split()[0]] in done.stdout
    assert "".join(done.stdout) == in_shell(arguments, given="01 1\n").stdout


@pytest.mark.parametrize("command", ["explain", "predict"])
def test_a_closed_standard_input_is_an_empty_one(command):
    closed, empty = in_shell(command, redirected="<&-"), in_shell(command, redirected="</dev/null")
    assert (closed.returncode, closed.stdout) == (0, empty.stdout)
    assert SHOWN[command] in closed.stdout


def test_learning_from_a_closed_standard_input_is_one_line():
    done = in_shell("learn", redirected="<&-")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "no pairs are given" in done.stderr


# input --------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_bit(tmp_path):
    path = tmp_path / "bits.txt"
    path.write_bytes(b"\xef\xbb\xbf0101\n")
    expected = result("explain", "0101", *SMALL)
    assert result("explain", "--file", str(path), *SMALL) == expected
    assert result("explain", *SMALL, given_in="\ufeff0101") == expected
    path.write_bytes(b"\xef\xbb\xbf01 1\n")
    assert result("learn", str(path), *SMALL) == result("learn", *SMALL, given_in="\ufeff01 1\n")


def test_input_without_an_end_is_read_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(common, "_MOST_TEXT", 1000)

    for arguments in (("explain", "--file", "/dev/zero"), ("learn", "/dev/zero"), ("explain",), ("learn",)):
        status, out, err = call(*arguments, *SMALL, given_in="0" * 5000)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "has more than 1000 characters, which are the most: give fewer" in err


# ceilings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mebibytes", [200, 300, 400])
def test_a_ceiling_too_low_for_the_compiler_is_one_line(mebibytes):
    done = in_shell("explain 0101", before=f"ulimit -v {mebibytes << 10} && exec")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"memory is short: a ceiling (ulimit -v) of {mebibytes} MiB is set, and at least 600 MiB" in done.stderr


def test_a_library_that_does_not_fit_is_short_memory(monkeypatch):
    def explain(*_arguments, **_settings):
        raise OSError("Could not find/load shared object file 'libllvmlite.so' from resource location")

    monkeypatch.setattr("induction.inductor.explanation.explain", explain)
    status, out, err = call("explain", "0101", *SMALL)
    assert (status, out) == (2, "")
    assert err.splitlines()[-1].startswith("induction: memory is short: a library does not fit")


# compiling ----------------------------------------------------------------------------------------


class Clock:
    """A clock that goes on when it is told to, and timers that go off by it."""

    def __init__(self):
        self.now = 0.0
        self.timers = []

    def monotonic(self):
        return self.now

    def timer(self, seconds, function, args=None, kwargs=None):
        due = self.now + seconds, function, args or (), kwargs or {}
        return types.SimpleNamespace(start=lambda: self.timers.append(due), cancel=lambda: self._forget(due))

    def _forget(self, due):
        self.timers = [other for other in self.timers if other is not due]

    def go_on(self, seconds):
        self.now += seconds
        late = [due for due in self.timers if due[0] <= self.now]
        for due in late:
            self._forget(due)
            due[1](*due[2], **due[3])


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(progress, "time", types.SimpleNamespace(monotonic=clock.monotonic))
    monkeypatch.setattr(progress, "threading", types.SimpleNamespace(Timer=clock.timer, RLock=threading.RLock))
    return clock


def compile_for(clock, seconds):
    from numba.core.event import trigger_event

    with trigger_event("numba:compile", data={}), trigger_event("numba:compile", data={}):
        clock.go_on(seconds)


def test_slow_work_is_told_once_and_not_after_it_has_ended(clock, capsys):
    for seconds, said in ((0.9, ""), (1.1, "drawing\n"), (90.0, "drawing\n")):
        with told_if_slow("drawing", seconds=1.0):
            clock.go_on(seconds)
        clock.go_on(10.0)
        assert capsys.readouterr().err == said


def test_long_compiling_is_told_once_and_short_compiling_never(clock, monkeypatch, capsys):
    monkeypatch.setattr(progress, "_SLOW", 2.0)
    for times, said in (((0.0, 1.9, 1.9), ""), ((0.0, 1.9, 2.5, 2.5), progress.COMPILING + "\n")):
        spent = []
        with told_of_compiling(spent.append):
            for seconds in times:
                compile_for(clock, seconds)
                clock.go_on(5.0)
        compile_for(clock, 4.0)  # nobody listens any more
        assert capsys.readouterr().err == said
        assert spent == pytest.approx(times)


def test_progress_does_not_count_compiling(clock):
    with Progress("walking", 1.0, "walk") as bar:
        began = bar._bar.start_t
        compile_for(clock, 300)
        clock.go_on(50)
        assert bar._bar.start_t - began == pytest.approx(300, abs=1e-3)


# standard output ----------------------------------------------------------------------------------


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def buffering(request, monkeypatch):
    """Whether what is written may wait in the process, up to its end."""
    monkeypatch.setenv("PYTHONUNBUFFERED", request.param)


@pytest.mark.usefixtures("buffering")
def test_a_closed_standard_output_is_one_line_before_any_work():
    done = in_shell("explain 0101", redirected=">&-")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "standard output is closed: direct it to a file, or to /dev/null" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
@pytest.mark.parametrize("arguments", ["explain 0101", "explain 0101 --json", "explain 0101 --deepen 60"])
@pytest.mark.usefixtures("buffering")
def test_a_full_standard_output_is_one_line(arguments):
    done = in_shell(arguments, redirected=">/dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("induction: standard output cannot be written (No space left on device), so the res")


@pytest.mark.usefixtures("buffering")
def test_a_result_that_nobody_reads_ends_quietly():
    receiving, sending = os.pipe()
    os.close(receiving)
    command = [sys.executable, "-m", "induction", "explain", "0101", *SMALL]
    done = subprocess.run(command, cwd=ROOT, stdout=sending, stderr=subprocess.PIPE, text=True, timeout=120)
    os.close(sending)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
@pytest.mark.usefixtures("buffering")
def test_a_full_standard_error_takes_nothing_away(monkeypatch):
    done = in_shell("explain 0101", redirected="2>/dev/full")
    assert (done.returncode, done.stdout) == (0, in_shell("explain 0101").stdout)
    assert in_shell("explain 01x1", redirected="2>/dev/full").returncode == 2

    class Full(StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    with Progress("walking", 1.0, "walk") as bar:
        bar._bar.start_t -= 60  # so that it is shown
        bar._bar.last_print_t -= 60
        bar.to(0.5)
        with pytest.raises(OSError, match="No space"):
            sys.stderr.write("0.5")
    progress.remark("compiling")


def test_a_letter_that_standard_output_lacks_is_named():
    program = "'λa.λb.b (λc.λd.d) a'"
    command = f"PYTHONIOENCODING=latin-1 {sys.executable} -m induction run {program} --machine lambda"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (2, b"", 1)
    assert b"standard output is latin-1, which has no '\\u03bb': set PYTHONIOENCODING to utf-8" in done.stderr


def test_errors_of_the_system_come_in_words(tmp_path):
    status, _, err = call("explain", *SMALL, "--file", str(tmp_path / ("x" * 300)))
    assert (status, "File name too long" in err) == (2, True)
    assert "[Errno" not in err
    with mock.patch("induction.files.open", side_effect=OSError(28, "No space left on device"), create=True):
        status, _, err = call("compress", __file__, *SMALL, "--out", str(tmp_path / "x"))
    assert (status, err) == (2, f"induction: '{tmp_path / 'x'}': No space left on device\n")
