"""The queue automaton: codes, programs of known sequences, text, and proofs of silence."""

from __future__ import annotations

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction import machines, run
from induction.budget import Budget
from induction.enumeration.runner import program_bits, program_text
from induction.enumeration.targets import single
from induction.enumeration.walk import enumerate_programs
from induction.machines.queue import QUEUE
from induction.machines.queue_layout import LOOKED_AT, SHARED, SHARED_POSITION, SHARED_RULE, STRIDE

pytestmark = pytest.mark.small

# Rules, length in bits, and the sequence, from the machine's specification.
TABLE = {
    "0,0: 0 > 0": (5, "0" * 24),
    "0,0: 01 > 0; 0,1: > 0": (10, "01" * 12),
    "0,0: 010 > 0; 0,1: 10 > 0": (16, "010010100100101001010010"),
    "0,0: 1 > 1; 1,0: 0 > 1; 1,1: 01 > 1": (19, "101001000100001000001000"),
    "0,0: 1 > 1; 1,0: 0 > 1; 1,1: 100 > 1": (21, "110010000100000010000000"),
    "0,0: 1 > 1; 1,0: 00 > 1; 1,1: 10 > 1": (21, "110100010000000100000000"),
    "0,0: 0 > 1; 1,0: 10 > 1; 1,1: 00 > 1": (21, "010001010100010001000101"),
    "0,0: 0 > 1; 1,0: [0]1 > 1; 1,1: [1]0 > 1": (25, "011010011001011010010110"),
    "0,0: 0 > 1; 0,1: 10 > 1; 1,0: 1 > 0; 1,1: 01 > 0": (25, None),
}


@pytest.mark.parametrize("text", TABLE)
def test_programs_of_the_specification_have_their_length_and_print_their_sequence(text):
    length, sequence = TABLE[text]
    bits = program_bits(QUEUE, text)
    assert len(bits) == length
    assert program_text(QUEUE, bits, 24) == text
    done = run(text, bits=24)
    assert (done.length, done.text, done.status) == (length, text, "complete")
    assert done.output == naive.run("queue", bits, 64, None, 24).output
    if sequence:
        assert done.output == sequence


def test_kolakoski_program_prints_the_word_of_its_own_run_lengths():
    output = run("0,0: 0 > 1; 0,1: 10 > 1; 1,0: 1 > 0; 1,1: 01 > 0", bits=120).output
    runs = [len(r) for r in output.replace("01", "0 1").replace("10", "1 0").split()]
    assert set(runs) == {1, 2}
    word = "".join(str(r - 1) for r in runs[:-1])
    assert output.startswith(word) or output.startswith(word[1:]) or output[1:].startswith(word)


@given(st.lists(st.sampled_from(["0", "1", "[0]", "[1]", "?", "[?]"]), max_size=6), st.sampled_from(["0", "1"]))
def test_items_and_their_codes_are_one_to_one(items, following):
    codes = {"0": "01", "1": "10", "[0]": "1100", "[1]": "1101", "[?]": "1110", "?": "1111"}
    rules, program = "0,0: " + "".join(items) + f" > {following}", ""
    for item in items:
        program += codes[item]
        program += "0" if "?" in item else ""
    program += "00" + following
    data = "".join("0" for item in items if "?" in item)
    text = rules + (f" | {data}" if data else "")
    if program_text(QUEUE, program, 1).count("+") == 0:  # all of it was read before the first output bit
        assert program_bits(QUEUE, program_text(QUEUE, program, 1)) == program
    done = run(program, bits=60)
    assert done.text.startswith("0,0:")
    assert program_bits(QUEUE, text).startswith(program[: len(program) - 3])


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("000", "silent"),  # an empty rule goes round for ever
        ("00" "1" "00" "0", "silent"),  # two states, the second goes back to the first
        ("1100" "00" "0", "silent"),  # the bit taken is put back
        ("1100" "1100" "00" "0", "silent"),  # the queue grows for ever, and no rule in reach writes
        ("1100" "00" "1" "11", "cut"),
        ("01" "00" "0", "complete"),
    ],
)
def test_silent_programs_are_silent_and_others_are_not(program, status):
    done = run(program, bits=8, max_steps=500)
    assert done.status == status
    slow = naive.run("queue", program, 2000, None, 8)
    assert done.output == slow.output
    assert slow.status == {"complete": "complete", "cut": "needs"}.get(status, "timeout")


@given(st.text("01", min_size=3, max_size=30), st.integers(1, 300))
def test_no_program_that_is_proved_silent_ever_writes_or_reads_again(program, patience):
    done = run(program, bits=64, max_steps=patience)
    if done.status == "silent":
        slow = naive.run("queue", program, 4 * patience + 400, None, 64)
        assert (slow.status, slow.output, slow.bits_read) == ("timeout", done.output, done.length)


@pytest.mark.parametrize("max_steps", [2, 3, 5, 9, 33, 500])
def test_what_is_proved_silent_stays_so_at_any_patience(max_steps):
    """More steps only turn timeouts into matches, mismatches, cuts and proofs."""
    fewer, more = (enumerate_programs(QUEUE, Budget(11, t), single("0010")).totals for t in (max_steps, 2 * max_steps))
    assert more[2] >= fewer[2]
    assert more[3] <= fewer[3]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("0,0: 0 > 0 > 0", "next state"),
        ("0,0: 0 > x", "next state is a number"),
        ("0,0: 0 > -1", "next state"),
        ("0,2: 0 > 0", "is no rule"),
        ("a,0: 0 > 0", "is no rule"),
        ("0,0 0 > 0", "is no rule"),
        ("0,0: [[0]] > 0", "bracket"),
        ("0,0: 0] > 0", "bracket"),
        ("0,0: 3 > 0", "items are"),
        ("0,0: ", "empty"),
        ("", "empty"),
        (" ; ;", "empty"),
        ("0,1: 0 > 0", "no bits encode it"),
        ("0,0: 0 > 0; 0,1: 1 > 0", "no bits encode it"),
        ("0,0: 0 > 99999999999999999999999999", "numbered in the order"),
        ("0,0: 0 > 0 | 2", "only 0 and 1"),
        ("0,0: 0 > 0 + x", "next state|only 0 and 1"),
    ],
)
def test_text_that_is_no_program_is_refused_in_one_line(text, complaint):
    with pytest.raises(ValueError, match=complaint) as caught:
        program_bits(QUEUE, text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40))
def test_no_text_crashes_the_parser(text):
    try:
        bits = program_bits(QUEUE, text, outputs=64, max_steps=64)
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert set(bits) <= {"0", "1"}


def test_long_rules_are_read_whole():
    """One rule of 60 bits, and of more than a machine word once packed."""
    for items in ("01" * 14 + "0", "[01]" * 7 + "1", "1" * 28):
        text = f"0,0: {items} > 0"
        bits = program_bits(QUEUE, text)
        shown = program_text(QUEUE, bits, 29)
        assert program_bits(QUEUE, shown) == bits


def test_memory_has_room_for_every_state_that_the_budget_can_name():
    rules, work = QUEUE.allocate(Budget(62, 10, 50), 4, 0)
    assert len(rules) // (2 * STRIDE) >= 62 // 3 + 1
    assert len(work) > 50
    last = (len(rules) // STRIDE - 1) << SHARED_RULE | 62 << SHARED_POSITION | SHARED | LOOKED_AT | 1
    assert last <= np.iinfo(work.dtype).max  # a cell can name any push of any rule
    assert machines.get("queue") is QUEUE
