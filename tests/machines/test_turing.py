"""The monotone Turing machine: codes, text, runs, and what its programs cost."""

from __future__ import annotations

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import run
from induction.budget import Budget
from induction.enumeration.runner import program_bits, program_text
from induction.enumeration.targets import single
from induction.enumeration.walk import MATCH, enumerate_programs
from induction.machines.turing import TURING

pytestmark = pytest.mark.small

ACTIONS = {"[0]": "00", "[1]": "01", "0": "100", "1": "101", "[?]": "110", "?": "111"}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("direction", "<>")
@pytest.mark.parametrize("following", "01")
def test_fields_are_coded_as_specified(action, direction, following):
    data = "1" if "?" in action else ""
    program = ACTIONS[action] + data + "01"["<>".index(direction)] + following
    done = run(program, machine="turing", bits=20, max_steps=50)
    assert done.text.startswith(f"0,0: {action} {direction} {following}") or done.length < len(program)
    slow = naive.run("turing", program, 50, None, 20)
    assert done.output == slow.output
    text = f"0,0: {action} {direction} {following}" + (f" | {data}" if data else "")
    assert program_bits(TURING, text) == program


@pytest.mark.parametrize(
    ("text", "length", "output"),
    [
        ("0,0: 0 > 0", 5, "0" * 12),
        ("0,0: 1 < 0", 5, "1" * 12),
        ("0,0: 0 < 1; 1,0: 1 < 0", 10, "01" * 6),
        ("0,0: ? > 0 | 0", 6, "0"),
    ],
)
def test_programs_print_their_sequence_at_their_length(text, length, output):
    bits = program_bits(TURING, text)
    assert len(bits) == length
    done = run(text, machine="turing", bits=len(output))
    assert done.output == output
    assert program_bits(TURING, program_text(TURING, bits, 40)) == bits


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("00" "0" "0", "timeout"),  # runs away over the blank tape: no configuration comes again
        ("00" "0" "1" "00" "1" "00", "silent"),  # there and back again
        ("100" "1" "0", "complete"),
    ],
)
def test_silent_programs_are_silent_and_others_are_not(program, status):
    done = run(program, machine="turing", bits=8, max_steps=500)
    slow = naive.run("turing", program, 500, None, 8)
    assert done.output == slow.output
    assert (done.status == "complete") == (slow.status == "complete")
    if status in ("complete", "cut"):
        assert done.status == status
    else:
        assert done.status in ("silent", "timeout")
        assert slow.status == "timeout"


@settings(max_examples=50)
@given(st.text("01", min_size=4, max_size=30), st.integers(1, 400))
def test_no_program_that_is_proved_silent_ever_writes_or_reads_again(program, patience):
    done = run(program, machine="turing", bits=64, max_steps=patience)
    if done.status == "silent":
        slow = naive.run("turing", program, 4 * patience + 500, None, 64)
        assert (slow.status, slow.output, slow.bits_read) == ("timeout", done.output, done.length)


@pytest.mark.parametrize("max_steps", [2, 5, 9, 33, 300])
def test_what_is_proved_silent_stays_so_at_any_patience(max_steps):
    fewer, more = (enumerate_programs(TURING, Budget(12, t), single("0010")).totals for t in (max_steps, 2 * max_steps))
    assert more[2] >= fewer[2]
    assert more[3] <= fewer[3]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("0,0: 2 > 0", "write an action"),
        ("0,0: 0 ^ 0", "write an action"),
        ("0,0: 0 > x", "next state is a number"),
        ("0,0: [0", "write an action"),
        ("0,0:", "write an action"),
        ("0,0: 0 > 5", "numbered in the order"),
        ("0,0: 0 > 0; 5,1: 0 > 0", "no bits encode it"),
        ("0,0: 0 > 0; 0,0: 0 > 0", "twice"),
        ("", "empty"),
    ],
)
def test_text_that_is_no_program_is_refused_in_one_line(text, complaint):
    with pytest.raises(ValueError, match=complaint) as caught:
        program_bits(TURING, text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_no_text_crashes_the_parser(text):
    try:
        bits = program_bits(TURING, text, outputs=64, max_steps=64)
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert set(bits) <= {"0", "1"}


def test_walks_for_matches_drop_no_match_of_a_short_string():
    for x in (format(i, f"0{n}b") for n in range(1, 5) for i in range(2**n)):
        for length in range(3, 12):
            whole, matches = (
                enumerate_programs(TURING, Budget(length, 20), single(x), keep=2, matches_only=matches_only)
                for matches_only in (False, True)
            )
            assert matches.totals[MATCH] == whole.totals[MATCH]
            assert matches.programs(len(x)) == whole.programs(len(x))
