"""The text form of `lambda` programs: terms with named variables."""

import naive_lambda as twin
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from induction.enumeration.runner import program_bits, program_text
from induction.machines.lambda_calculus import LAMBDA
from induction.machines.lambda_terms import closed_terms

ONES = "000100011010000001011000001001110110"
bits = st.text("01", min_size=1, max_size=60)


@pytest.mark.small
@given(bits)
@settings(max_examples=40, deadline=None)
def test_text_comes_back_as_the_same_bits(program):
    assert program_bits(LAMBDA, program_text(LAMBDA, program, 12, 60), outputs=12, max_steps=60) == program


@settings(max_examples=100, deadline=None)
@given(st.integers(4, 24), st.integers(0, 10**9), st.text("01", max_size=20))
def test_text_of_closed_terms_comes_back_as_the_same_bits(size, choice, data):
    assume(closed_terms(size))
    program = some_term(size, 0, choice % closed_terms(size)) + data
    assert program_bits(LAMBDA, program_text(LAMBDA, program, 12, 60), outputs=12, max_steps=60) == program


def some_term(size, depth, choice):
    """Term number `choice` of those of `size` bits inside `depth` abstractions."""
    return twin.terms(size, depth)[choice] if size <= 14 else wrapped(size, depth, choice)


def wrapped(size, depth, choice):
    """A longer term around a shorter one."""
    inner = twin.terms(12, depth + 1)
    return "00" * ((size - 12) // 2) + "01" + inner[choice % len(inner)] + "10"


@pytest.mark.small
def test_text_shows_names_data_and_what_is_missing():
    for program, text in (
        ("0010011", "λa.a | 011"),
        ("0", "0_"),
        ("000", "λa._ + 0"),
        ("0001", "λa._ _"),
        ("1", "!"),
        ("0011", "λa.!"),
        ("0100100000010010", "(λa.a) (λa.λb.(λc.c) _)"),
        (ONES, "λa.(λb.b b) (λb.λc.c (λd.λe.e) (b b))"),
    ):
        assert program_text(LAMBDA, program, 3) == text
        assert program_bits(LAMBDA, text, outputs=3) == program
    assert program_bits(LAMBDA, r"\a. a | 011", outputs=3) == "0010011"


@pytest.mark.small
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the program is empty"),
        ("λa.b", "no abstraction binds 'b'"),
        ("λa.(a", r"unmatched '\('"),
        ("λa.a)", r"has '\)' where it should end"),
        ("λa.", "empty part"),
        ("λa.() a", "empty part"),
        ("λa.a ? a", "'\\?' is no part of a term"),
        ("λa._ a", "goes on after a part that has not been read"),
        ("λa.0_", "0_ inside an abstraction"),
        ("λa.a | 2", "only 0 and 1"),
        ("(λa.a a) (λa.a a) | 01", "never read"),
        ("(" * 500 + "a", "nested more than"),
        ("λa." * 40 + "a", "past 62 bits"),
    ],
)
def test_unreadable_text_is_refused_in_one_line(text, message):
    with pytest.raises(ValueError, match=message) as caught:
        program_bits(LAMBDA, text)
    assert "\n" not in str(caught.value)
