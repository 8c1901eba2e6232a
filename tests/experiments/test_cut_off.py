"""A larger budget: the bound never rises, more mass is decided, intervals are nested."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.experiments.cut_off import cut_off
from induction.plots.cut_off import figure


@settings(max_examples=5)
@given(st.sampled_from(["fibonacci-word", "runs", "coin"]), st.integers(1, 40), st.integers(2, 14), st.integers(2, 64))
def test_bounds_fall_decided_mass_grows_and_intervals_are_nested(name, bits, length, patience):
    result = cut_off([name], bits=bits, lengths=(length - 1, length, length + 2), steps=(1, patience, 2 * patience))
    for steps in (False, True):
        for old, new in pairwise(result.of(name, steps=steps)):
            assert new.bound <= old.bound
            assert new.decided >= old.decided
            assert old.low <= new.low <= new.high <= old.high
            assert new.loss <= new.bound


def test_a_bit_is_worth_what_the_bound_falls_by():
    result = cut_off(["zeros"], bits=32, lengths=(4, 6), steps=(8, 64))
    longer, slower = result.gains
    low, high = result.of("zeros", steps=False)
    assert (longer.steps, slower.steps) == (False, True)
    assert longer.bound == pytest.approx((low.bound - high.bound) / 2)
    assert longer.bound > 10  # five bits print zeros
    assert slower.bound == 0


@pytest.mark.small
def test_settings_are_json_and_are_drawn():
    import matplotlib.pyplot as plt

    result = cut_off(["zeros", "coin"], bits=8, lengths=(4, 6), steps=(2, 8))
    told = json.loads(json.dumps(result.to_json()))
    assert len(told["by_length"]) == len(told["by_steps"]) == len(told["marginal"]) == 4
    plt.close(figure(result))


@pytest.mark.parametrize("options", [{"bits": 0}, {"lengths": ()}, {"lengths": (0,)}, {"names": ["no such"]}])
def test_bad_input_is_refused(options):
    with pytest.raises(ValueError):
        cut_off(**options)
