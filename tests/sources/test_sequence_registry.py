"""The registry of named sequences: prefixes, names, records, errors."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.sources.sequences import DEMO, SEQUENCES, names, sequence


def text(name, n):
    return "".join(map(str, sequence(name).bits(n)))


@pytest.mark.parametrize("name", names())
@settings(max_examples=15, deadline=None)
@given(n=st.integers(0, 700), m=st.integers(0, 700))
def test_fewer_bits_are_a_prefix_of_more(name, n, m):
    n, m = sorted((n, m))
    short, long = sequence(name).bits(n), sequence(name).bits(m)
    assert short.dtype == np.uint8 and short.shape == (n,) and short.flags.owndata
    assert short.max(initial=0) <= 1
    assert (long[:n] == short).all()


def test_no_two_sequences_are_the_same():
    assert len({sequence(name).bits(300).tobytes() for name in names()}) == len(names())


def test_demo_sequences_can_be_made_a_million_bits_long():
    for name in DEMO:
        assert len(sequence(name).bits(1_000_000)) == 1_000_000


def test_demo_has_twelve_sequences_and_ends_with_the_coin():
    assert len(set(DEMO)) == 12 and set(DEMO) <= set(names()) and DEMO[-1] == "coin"


def test_records_are_frozen_picklable_and_in_kebab_case():
    for name, each in SEQUENCES.items():
        assert name == each.name and set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert each.title and "\n" not in each.definition and each.definition
        again = pickle.loads(pickle.dumps(each))
        assert (again.bits(20) == each.bits(20)).all()
    with pytest.raises(AttributeError):
        sequence("zeros").name = "other"


def test_callers_may_change_the_bits_they_get():
    bits = sequence("thue-morse").bits(10)
    bits[:] = 1
    assert text("thue-morse", 10) == "0110100110"


@pytest.mark.parametrize("wrong", [-1, 1.5, "3", None, True])
def test_wrong_counts_are_refused(wrong):
    with pytest.raises(ValueError, match="number of bits is"):
        sequence("zeros").bits(wrong)


@pytest.mark.parametrize(("wrong", "hint"), [("thue-mores", "thue-morse"), ("Kolakosky", "kolakoski"), (7, "zeros")])
def test_unknown_names_are_answered_with_the_nearest(wrong, hint):
    with pytest.raises(ValueError, match=hint) as caught:
        sequence(wrong)
    assert "\n" not in str(caught.value)


def test_numpy_counts_are_taken():
    assert "".join(map(str, sequence("alternating").bits(np.int64(4)))) == "0101"
