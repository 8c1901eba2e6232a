"""Shares over time are those of the mixture: they add up to 1, and each is that of its program's weight."""

from __future__ import annotations

import json
from fractions import Fraction

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Predictor, run
from induction.inductor.posterior_history import posterior_history

DATA = st.text("01", max_size=10)


@pytest.mark.small
@settings(max_examples=30)
@given(st.sampled_from(["queue", "turing"]), st.integers(1, 9), st.sampled_from(["uniform", None]), DATA)
def test_shares_add_up_to_one_and_others_are_never_less_than_nothing(machine, max_length, fallback, data):
    history = posterior_history(Predictor(machine, max_length, 8, fallback=fallback), data)
    assert history.data == data
    assert len(history.others) == len(history.fallback) == len(data) + 1
    for t in range(len(data) + 1):
        own = sum((member.shares[t] for member in history.members), Fraction(0))
        whole = own + history.others[t] + history.fallback[t]
        assert whole == 1 or (fallback is None and whole == 0)
        assert history.others[t] >= 0 <= history.fallback[t]


@settings(max_examples=15)
@given(st.sampled_from(["queue", "turing"]), DATA.filter(bool))
def test_a_share_is_the_weight_over_the_mixture_of_the_definition(machine, data):
    predictor = Predictor(machine, 8, 8)
    history = posterior_history(predictor, data)
    for t in range(len(data) + 1):
        joint = naive.mixture(machine, data[:t], 8, 8, predictor.fallback_exponent)
        for member in history.members:
            assert member.shares[t] == (Fraction(1, 2**member.length) / joint if t <= member.until else 0)


def test_members_that_are_refuted_write_another_bit_and_survivors_do_not():
    data = "0100101001001010"
    history = posterior_history(Predictor(max_length=20, max_steps=32), data, members=20)
    assert {member.survives for member in history.members} == {True, False}
    for member in history.members:
        output = run(member.bits, bits=len(data), max_steps=32).output
        assert output[: member.until] == data[: member.until]
        assert member.survives == (member.until == len(data))
        assert member.survives or output[: member.until + 1] != data[: member.until + 1]
    survivor = history.survivors[0]
    twin = Predictor(max_length=20, max_steps=32).learn_many(data).posterior(1)[0]
    assert (survivor.bits, survivor.text, survivor.shares[-1]) == (twin.bits, twin.text, twin.weight)


def test_histories_are_json_and_the_predictor_has_learned():
    predictor = Predictor(max_length=10, max_steps=16)
    history = posterior_history(predictor, "0101", members=2)
    told = json.loads(json.dumps(history.to_json()))
    assert len(told["members"]) == 2
    assert Fraction(told["members"][0]["shares"][0]) == history.members[0].shares[0]
    assert predictor.data == "0101"
    with pytest.raises(ValueError, match="4 bits already"):
        posterior_history(predictor, "0")
    with pytest.raises(ValueError, match="from 1 to 64"):
        posterior_history(predictor.clone(), "0", members=0)
