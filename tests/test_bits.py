"""Bits of every spelling are read alike, and anything else is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction.bits import as_bit, as_bits, from_integer, to_integer, to_text

pytestmark = pytest.mark.small
lists = st.lists(st.integers(0, 1), max_size=70)


@given(lists)
def test_every_spelling_gives_the_same_bits(bits):
    spellings = [
        bits, tuple(bits), iter(bits), to_text(bits), " ".join(map(str, bits)), "_".join(map(str, bits)) + "\n",
        [bool(b) for b in bits], [float(b) for b in bits], np.array(bits, dtype=np.int64), np.array(bits, dtype=bool),
        np.array(bits, dtype=np.uint8), bytearray(bits),
    ]  # fmt: skip
    for spelling in spellings:
        read = as_bits(spelling)
        assert read.dtype == np.uint8
        assert read.tolist() == bits


@given(lists)
def test_text_and_numbers_come_back(bits):
    assert as_bits(to_text(bits)).tolist() == bits
    assert from_integer(to_integer(bits), len(bits)) == to_text(bits)


@given(st.text(max_size=20))
def test_text_with_anything_but_bits_is_refused_in_one_line(text):
    if set(text) <= set("01 _\t\r\n"):
        assert to_text(as_bits(text)) == "".join(c for c in text if c in "01")
    else:
        with pytest.raises(ValueError, match="only 0 and 1 are allowed") as caught:
            as_bits(text)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [5, None, [2], [-1], [0.5], [0, float("nan")], ["0"], b"01", [None], [[0, 1]], {"a": 1}, object(), [1j],
     np.zeros((2, 3))],
)  # fmt: skip
def test_what_is_no_sequence_of_bits_is_refused_in_one_line(wrong):
    with pytest.raises(ValueError) as caught:
        as_bits(wrong, "data")
    assert "data" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("right", [0, 1, True, False, 1.0, np.uint8(1), np.bool_(True), np.int64(0), np.float32(1)])
def test_a_bit_is_the_number_0_or_1(right):
    assert as_bit(right) in (0, 1)
    assert type(as_bit(right)) is int


@pytest.mark.parametrize("wrong", [2, -1, 0.5, "0", "1", None, [1], float("inf")])
def test_anything_else_is_no_bit(wrong):
    with pytest.raises(ValueError, match="only 0 and 1"):
        as_bit(wrong)
