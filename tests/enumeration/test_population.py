"""Programs that are carried on: nothing is lost or counted twice when that is interrupted, and copies go on alike."""

from __future__ import annotations

import copy
from contextlib import suppress
from dataclasses import replace

import pytest

from induction import ConditionalPredictor, NoisyPredictor, Predictor
from induction.enumeration import population
from induction.inductor.asleep import AsleepTimeouts
from induction.machines import get

PREDICTORS = {
    "dead": (Predictor, 16, 8),
    "flips": (NoisyPredictor, 12, 8),
    "asleep": (AsleepTimeouts, 16, 4),
}


@pytest.mark.parametrize("name", PREDICTORS)
def test_an_interrupted_round_can_begin_again(monkeypatch, name):
    kind, length, most = PREDICTORS[name]
    whole, interrupted = (kind("queue", length, most) for _ in range(2))
    grown = population.grown
    stops = []

    def stopped(array, least=0):
        if len(stops) % 2 == 0:  # the second time is let through, the third is further on in the round
            stops.append("now")
            raise KeyboardInterrupt
        stops.append("later")
        return grown(array, least)

    for bit in (0, 0, 1, 0, 0, 1, 0, 0):
        expected = whole.predict_proba_one()
        with monkeypatch.context() as patch:
            patch.setattr(population, "grown", stopped)
            for _ in range(4):
                with suppress(KeyboardInterrupt):
                    interrupted.predict_proba_one()
        assert interrupted.predict_proba_one() == expected
        assert whole.learn_one(bit).standing == interrupted.learn_one(bit).standing
    assert "now" in stops and "later" in stops
    assert whole.posterior(1000) == interrupted.posterior(1000)


@pytest.mark.small
@pytest.mark.parametrize("name", [*PREDICTORS, "inputs"])
def test_a_machine_that_has_no_name_here_is_copied(name):
    stranger = replace(get("queue"), name="stranger")
    if name == "inputs":
        p = ConditionalPredictor(stranger, 8, 8).learn_many([("01", 1), ("", 0)])
        twin = copy.deepcopy(p).learn_one("1", 1)
        assert twin.standing == p.learn_one("1", 1).standing
    else:
        kind, _, most = PREDICTORS[name]
        p = kind(stranger, 8, most).learn_many("0100")
        twin = copy.deepcopy(p).learn_many("010")
        assert twin.standing == p.learn_many("010").standing
        assert twin.posterior(99) == p.posterior(99)
