"""Programs that are carried on: nothing is lost or counted twice when that is interrupted, and copies go on alike."""

from __future__ import annotations

import copy
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from induction import Budget, ConditionalPredictor, NoisyPredictor, Predictor
from induction.enumeration import population
from induction.enumeration.entries import PACKED_CELLS
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.timeouts_walk import AWAKE_0, Sleepers
from induction.machines import get
from induction.machines.machine import FIELD, FIRST, LEAF, NODE, STEPS, Kernels, longest_run

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


# The hoarder has one program, which reads nothing. It is slow for so many bits of its output, then quick, and fills
# more cells for each; it writes 0 for as long as they fit into its memory. Registers: bits written, cells filled.
SLOW, STEPS_A_ROUND, ROUNDS_A_BIT = 16, 8, 8
WRITTEN, FILLED = FIRST, FIRST + 1


def start(frames, at, work):
    for slot in range(FIRST + 2):
        frames[at + slot] = 0


def nothing(frames, at, option):
    return 0


def take(frames, at, option, data, rules, work, limits):
    return LEAF


def resume(frames, at, data, rules, work, limits):
    slow = frames[at + WRITTEN] < SLOW
    frames[at + WRITTEN] += 1
    frames[at + STEPS] += STEPS_A_ROUND * (ROUNDS_A_BIT if slow else 1)
    frames[at + FILLED] += 0 if slow else STEPS_A_ROUND
    frames[at + NODE] = -data[2 * frames[at + NODE] + (frames[at + FILLED] > rules[0])]
    return LEAF


def close(frames, at, rules, work):
    pass


def pack(frames, at, rules, work, out, offset):
    out[offset] = frames[at + STEPS]
    out[offset + 1] = frames[at + WRITTEN]
    out[offset + 2] = frames[at + FILLED]
    return 3 + frames[at + FILLED] // PACKED_CELLS


def unpack(frames, at, rules, work, packed, offset):
    frames[at + FIELD] = 0
    frames[at + STEPS] = packed[offset]
    frames[at + WRITTEN] = packed[offset + 1]
    frames[at + FILLED] = packed[offset + 2]
    return 3 + frames[at + FILLED] // PACKED_CELLS


HOARDER = replace(
    get("queue"),
    name="hoarder",
    frame=FIRST + 2,
    kernels=Kernels(start, nothing, nothing, take, resume, close, pack, unpack),
    allocate=lambda budget, outputs, extent: (np.array([longest_run(budget, outputs) + extent]), np.zeros(1, np.int64)),
    packed_words=lambda rules, work: int(rules[0]) // PACKED_CELLS + 4,
)


@pytest.mark.small
def test_one_that_catches_up_has_memory_for_all_that_it_does_in_one_round():
    sleepers = Sleepers(HOARDER, Budget(4, STEPS_A_ROUND), ROUNDS_A_BIT)
    for _ in range(SLOW * (ROUNDS_A_BIT - 1)):
        assert sleepers.masses().shape[0] == 1 and sleepers.masses()[0, AWAKE_0] == 0  # asleep
        sleepers.learn(0)
    assert sleepers.masses()[:, AWAKE_0].tolist() == [1 << 4]
