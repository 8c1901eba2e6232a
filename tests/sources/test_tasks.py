"""Conditional tasks: labels by truth table, inputs from the stated distributions."""

import itertools
import math
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction.sources.tasks import (
    TASKS,
    all_inputs,
    biased_inputs,
    flipped,
    mixed_length_inputs,
    ones_heavy_inputs,
    pairs,
    task,
    uniform_inputs,
)

# Labels of 00, 01, 10, 11, and of 110, 011, 101.
TABLE = {
    "constant-0": ("0000", "000"),
    "constant-1": ("1111", "111"),
    "first": ("0011", "101"),
    "not-first": ("1100", "010"),
    "second": ("0101", "110"),
    "last": ("0101", "011"),
    "and": ("0001", "100"),
    "or": ("0111", "111"),
    "xor": ("0110", "011"),
    "parity": ("0110", "000"),
    "majority": ("0001", "111"),
    "any": ("0111", "111"),
    "all": ("0001", "000"),
    "ends-equal": ("1001", "001"),
    "palindrome": ("1001", "001"),
}


@pytest.mark.parametrize("name", TASKS)
def test_labels_follow_the_truth_table(name):
    two, three = TABLE[name]
    assert "".join(str(task(name).label(x)) for x in ("00", "01", "10", "11")) == two
    assert "".join(str(task(name).label(x)) for x in ("110", "011", "101")) == three


@pytest.mark.parametrize("name", TASKS)
@given(x=st.text("01", max_size=12))
def test_inputs_too_short_for_a_task_are_refused_and_others_labelled(name, x):
    if len(x) >= task(name).least_length:
        assert task(name).label(x) in (0, 1)
    else:
        with pytest.raises(ValueError, match="needs at least"):
            task(name).label(x)


@given(length=st.integers(0, 7), seed=st.integers(0, 99), extra=st.integers(0, 200))
def test_every_input_occurs_when_all_are_asked_for(length, seed, extra):
    whole = ["".join(x) for x in itertools.product("01", repeat=length)]
    assert sorted(all_inputs(length, seed)) == whole
    more = list(all_inputs(length, seed, 2**length + extra))
    assert len(more) == 2**length + extra
    assert more[: 2**length] == list(all_inputs(length, seed))
    counts = Counter(more)
    assert set(counts) == set(whole) and max(counts.values()) - min(counts.values()) <= 1


def test_orders_differ_between_seeds_and_rounds():
    assert list(all_inputs(6, 1)) != list(all_inputs(6, 2))
    twice = list(all_inputs(6, 1, 128))
    assert twice[:64] != twice[64:]


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: uniform_inputs(12, seed),
        lambda seed: biased_inputs(12, 0.8, seed),
        lambda seed: mixed_length_inputs(0, 9, seed),
        lambda seed: ones_heavy_inputs(12, seed),
    ],
)
def test_samplers_are_endless_texts_that_repeat_with_the_seed(make):
    first, again, other = (list(islice(make(seed), 50)) for seed in (3, 3, 4))
    assert first == again != other
    assert all(set(x) <= {"0", "1"} for x in first)


@pytest.mark.parametrize(("p", "make"), [(0.5, uniform_inputs), (0.8, lambda k, s: biased_inputs(k, 0.8, s))])
def test_bits_of_inputs_have_the_stated_bias(p, make):
    bits = "".join(islice(make(10, 5), 2000))
    assert len(bits) == 20_000
    assert abs(bits.count("1") - 20_000 * p) < 5 * math.sqrt(20_000 * p * (1 - p))


def test_lengths_are_uniform_over_their_range():
    counts = Counter(len(x) for x in islice(mixed_length_inputs(2, 5, 8), 8000))
    assert set(counts) == {2, 3, 4, 5}
    assert all(abs(c - 2000) < 5 * math.sqrt(8000 * 3 / 16) for c in counts.values())


def test_ones_heavy_inputs_hold_the_stated_share_of_all_ones():
    inputs = list(islice(ones_heavy_inputs(12, 3, share=0.5, p=0.1), 4000))
    assert abs(inputs.count("1" * 12) - 2000) < 5 * math.sqrt(1000)


def test_pairs_join_inputs_and_labels():
    assert list(pairs(task("xor"), ["00", "01", "11"])) == [("00", 0), ("01", 1), ("11", 0)]
    assert list(pairs(task("parity"), ["1", "11", "111"], 2)) == [("1", 1), ("11", 0)]
    assert len(list(pairs(task("and"), uniform_inputs(4, 0), 64))) == 64


def test_label_noise_flips_at_the_stated_rate():
    clean = list(pairs(task("first"), uniform_inputs(4, 1), 10_000))
    noisy = list(flipped(clean, 0.1, 6))
    assert [x for x, _ in noisy] == [x for x, _ in clean]
    flips = sum(a[1] != b[1] for a, b in zip(clean, noisy, strict=True))
    assert abs(flips - 1000) < 5 * math.sqrt(900)
    assert list(flipped(clean, 0, 6)) == clean


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: task("xro"), "did you mean xor"),
        (lambda: task("zzzzzz"), "there are constant-0"),
        (lambda: task("first").label("0a"), "only 0 and 1"),
        (lambda: uniform_inputs(-1, 0), "input length is -1"),
        (lambda: biased_inputs(3, 1.5, 0), "p is 1.5"),
        (lambda: mixed_length_inputs(5, 2, 0), "from 5 to 2"),
        (lambda: ones_heavy_inputs(3, 0, share=2), "share is 2"),
        (lambda: all_inputs(30, 0), "at most 24"),
        (lambda: all_inputs(4, 0, 15), "at least 16"),
        (lambda: flipped([], -1, 0), "flip rate is -1"),
    ],
)
def test_wrong_parameters_are_named_at_once(make, message):
    with pytest.raises(ValueError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
