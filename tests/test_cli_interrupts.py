"""Ctrl-C: one line and status 130, whatever a command does at that moment and however often it is pressed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from test_cli import ROOT

from induction.commands import interrupts

# A command whose work waits in compiled code that no signal ends and that lets go of the interpreter's lock.
BUSY = """
import hashlib, sys, time
from induction.cli import main
from induction.inductor import explanation

def compiled():
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)

def explain(*arguments, **settings):
    print("begun", flush=True)
    {work}

explanation.explain = explain
main(["explain", "0101", *{arguments}])
"""
HEARD = """
    try:
        print("asleep", flush=True)
        time.sleep(600)
    finally:
        print("heard", flush=True)
        compiled()
"""
STARTING = """
    from induction.enumeration.executors import Processes
    with Processes(2) as pool:
        try:
            pool.submit(time.sleep, 600)
            print("asleep", flush=True)
            time.sleep(600)
        finally:
            print("heard", flush=True)
"""


def begun(work: str, arguments: tuple[str, ...] = ()) -> subprocess.Popen:
    code = BUSY.format(work=work, arguments=arguments)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    busy = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, **pipes)
    assert busy.stdout.readline() == "begun\n"
    return busy


def ended(busy: subprocess.Popen) -> tuple[str, int]:
    try:
        return busy.communicate(timeout=60)[1], busy.returncode
    finally:
        busy.kill()


def test_an_interruption_does_not_wait_for_compiled_code():
    busy = begun("compiled()")
    busy.send_signal(signal.SIGINT)
    assert ended(busy) == ("interrupted\n", 130)


@pytest.mark.parametrize("work", [HEARD, STARTING])
def test_a_second_interruption_does_not_wait_for_what_the_first_one_began(work):
    busy = begun(work)
    assert busy.stdout.readline() == "asleep\n"
    busy.send_signal(signal.SIGINT)
    assert busy.stdout.readline() == "heard\n"
    busy.send_signal(signal.SIGINT)
    assert ended(busy) == ("interrupted\n", 130)


def test_whoever_leaves_is_gone_even_if_the_word_fails():
    code = "from induction.commands import interrupts; interrupts._word.text = lambda: [][0]; interrupts._leave()"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, capture_output=True).returncode == 130


@pytest.mark.parametrize("name", ["store", "store[1]*"])
def test_however_it_ends_what_is_done_is_named(tmp_path, name):
    store = tmp_path / name
    store.touch()
    busy = begun("compiled()", ("--store", str(store)))
    busy.send_signal(signal.SIGINT)
    assert ended(busy) == (f"interrupted; {store} holds what is done: run the same command again to go on\n", 130)


# in this process -----------------------------------------------------------------------------------


def test_after_a_command_all_is_as_it_was():
    with interrupts.heeded():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.set_wakeup_fd(-1) == -1


def test_who_listens_already_goes_on_listening():
    def mine(*_told):
        pass

    before = signal.signal(signal.SIGINT, mine)
    try:
        with interrupts.heeded():
            assert signal.getsignal(signal.SIGINT) is mine
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_is_done_is_named_only_while_it_may_be_gone_on_from(capsys):
    with interrupts.heeded():
        with interrupts.noted(lambda: "interrupted; x holds what is done"):
            pass
        assert interrupts.say() == 130
    assert capsys.readouterr().err == "interrupted\n"
