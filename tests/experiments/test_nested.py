"""The posterior by excess length: shares add up to 1, and are those of the programs themselves."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.experiments.nested import nested
from induction.inductor.explanation import explain
from induction.inductor.predictor import Predictor
from induction.plots.nested import figure
from induction.sources.sequences import sequence


@settings(max_examples=6)
@given(st.sampled_from(["queue", "turing"]), st.sampled_from(["zeros", "runs"]), st.integers(6, 13), st.integers(1, 20))
def test_shares_add_up_to_one_and_are_those_of_the_walk(machine, name, max_length, bits):
    last = nested([name], bits=bits, predictor=Predictor(machine, max_length, 16)).posteriors[-1]
    data = sequence(name).bits(bits)
    walk = explain(data, machine=machine, max_length=max_length, max_steps=16, programs=2**max_length)
    assert last.counts.sum() == len(walk.programs)
    if walk.shortest:
        assert sum(last.shares) == 1
        assert last.shortest == walk.shortest.length
        near = sum((p.weight for p in walk.programs if p.length <= last.shortest + 2), Fraction(0))
        assert last.within(2) == near / walk.mass["match"]
    else:
        assert last.shares == ()


def test_near_shortest_programs_carry_the_posterior_of_learned_sources():
    result = nested(["zeros", "fibonacci-word"], bits=64, predictor=Predictor(max_length=18, max_steps=64))
    assert all(result.of(name)[-1].within(5) > Fraction(1, 2) for name in result.sources)


@pytest.mark.small
def test_posteriors_are_json_and_are_drawn_even_where_none_is_left():
    import matplotlib.pyplot as plt

    result = nested(["zeros", "coin"], bits=20, predictor=Predictor(max_length=7, max_steps=8))
    told = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert told["posteriors"][-1]["shortest"] is None
    assert [each.bits for each in result.of("zeros")] == [1, 2, 4, 8, 16, 20]
    plt.close(figure(result))


@pytest.mark.parametrize("bits", [0, True, 1.5])
def test_numbers_of_bits_out_of_range_are_refused(bits):
    with pytest.raises(ValueError, match="at least 1"):
        nested(bits=bits)
