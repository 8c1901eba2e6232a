"""One program at a time: it does what the definition says, and its text is the same program."""

from __future__ import annotations

import random

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import machines, run
from induction.enumeration import library
from induction.enumeration.runner import Runner, program_bits, program_text

names = st.sampled_from(["queue", "turing"])
programs = st.text("01", min_size=1, max_size=40)
few = settings(max_examples=60)
SAME = {"complete": "complete", "needs": "cut", "timeout": ("timeout", "silent")}


def assert_run_is_the_definition(name, program, outputs, steps, total):
    fast = run(program, machine=name, bits=outputs, max_steps=steps, total=total)
    slow = naive.run(name, program, steps, total, outputs)
    assert fast.output == slow.output
    assert fast.status in SAME[slow.status]
    if fast.status == "cut":
        assert fast.length <= slow.bits_read == len(program)  # a field of which only a part is there is not read
    else:
        assert fast.length == slow.bits_read
    if fast.status != "silent":
        assert fast.steps == slow.steps
    assert fast.steps <= slow.steps


@pytest.mark.small
@few
@given(names, programs, st.integers(1, 40), st.integers(1, 60), st.none() | st.integers(1, 90))
def test_a_run_is_the_definition(name, program, outputs, steps, total):
    assert_run_is_the_definition(name, program, outputs, steps, total)


COPY = "1111" + "1" + "000" + "1111" + "0" + "000"  # 0,0: ? > 0; 0,1: ? > 0
TAKE = "1111" + "1" + "000" + "101110" + "0" + "1111" + "0" + "000"  # 0,0: ? > 0; 0,1: 1[?]? > 0


@pytest.mark.small
@few
@given(st.sampled_from([COPY, TAKE]), st.integers(0, 2**300 - 1), st.integers(1, 260))
def test_programs_with_much_raw_data_run_like_the_definition(rules, data, outputs):
    assert_run_is_the_definition("queue", rules + format(data, "0300b"), outputs, 50, None)


@pytest.mark.parametrize("sample", ["alternating", "fibonacci-word", "thue-morse", "growing-blocks", "turing"])
def test_long_runs_are_the_definition_whatever_memory_is_laid_out(sample):
    """Far beyond the chunks after which a run renews its memory."""
    known = library.names()
    samples = [library.load(name) for name in known if sample in name or sample == "turing"]
    chosen = [one for one in samples if one.machine == ("turing" if sample == "turing" else "queue")][:4]
    assert chosen
    for one in chosen:
        assert_run_is_the_definition(one.machine, one.program, 3000, 5000, None)
        assert_run_is_the_definition(one.machine, one.program, 3000, 5000, 4321)


@pytest.mark.small
@few
@given(names, st.text("01", min_size=1, max_size=30), st.integers(1, 30))
def test_text_of_what_was_read_comes_back_as_the_same_bits(name, program, outputs):
    chosen = machines.get(name)
    runner = Runner(chosen, program, 200)
    runner.run(outputs)
    read = program[: runner.length]
    if runner.event == 1 and read:
        text = program_text(chosen, read, outputs, 200)
        assert program_bits(chosen, text) == read
        assert program_text(chosen, program_bits(chosen, text), outputs) == text
        longer = program_text(chosen, program, outputs, 200)
        assert program_bits(chosen, longer) == program


@pytest.mark.small
def test_statuses_are_told_apart():
    assert run("01000", bits=5).status == "complete"
    assert run("0100", bits=5).status == "cut"
    assert run("000", bits=5).status == "silent"
    assert run("01000", bits=5, max_steps=1).status == "timeout"
    assert run("01000", bits=5, total=3).status == "timeout"
    assert run("01000", bits=5, total=3).output == "00"[: len(run("01000", bits=5, total=3).output)]


@pytest.mark.small
def test_unread_bits_do_no_harm():
    alone, followed = run("01000", bits=30), run("01000" + "1101" * 20, bits=30)
    assert (alone.output, alone.length, alone.steps) == (followed.output, followed.length, followed.steps)


@pytest.mark.small
def test_a_run_carried_on_is_the_run_in_one_go(machine):
    chance = random.Random(machine)
    for _ in range(40):
        program = [chance.getrandbits(1) for _ in range(30)]
        whole, parts = (Runner(machines.get(machine), program, 64) for _ in range(2))
        whole.run(40)
        for outputs in (1, 2, 13, 14, 40):
            parts.run(outputs)
        assert (whole.output, whole.event, whole.length) == (parts.output, parts.event, parts.length)


def test_rules_beyond_62_bits_are_refused_and_data_are_not():
    with pytest.raises(ValueError, match="rules of at most 62"):
        run("01" * 100, bits=100)
    copied = run(COPY + "01" * 200, bits=150)
    assert copied.length == len(COPY) + 148
    assert copied.output == "10" + "01" * 74


@pytest.mark.small
def test_a_run_tells_how_far_it_is_and_ends_when_it_is_told_to():
    told = []
    whole = run("01000", bits=3000, progress=told.append)
    assert told == sorted(set(told))
    assert (len(told) > 2, told[0] > 0, told[-1] < 3000) == (True, True, True)
    assert whole == run("01000", bits=3000)

    def leave(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("01000", bits=3000, progress=leave)
