"""Every machine keeps the contract, and a machine that breaks a statement is told which one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from induction import machines
from induction.checks import check_machine, check_predictor
from induction.enumeration.checked import CheckedPointer, plain_kernels
from induction.machines.machine import FIELD, FIRST, NEED
from induction.machines.queue import ITEM, QUEUE
from induction.machines.turing import TURING
from induction.predictors import KrichevskyTrofimov

pytestmark = pytest.mark.small
queue = plain_kernels(QUEUE.kernels)
turing = plain_kernels(TURING.kernels)


# Budgets with enough programs to look at: lambda's shortest programs are long.
SIZES = {"brainphoque": (12, 20, 2), "lambda": (18, 40, 1)}


@pytest.mark.parametrize("name", machines.names())
def test_every_machine_keeps_the_contract(name):
    length, steps, depth = SIZES.get(name, (9, 12, 3))
    report = check_machine(name, max_length=length, max_steps=steps, depth=depth)
    assert report.name == name
    assert report.cases["option codes are complete"] > 500
    assert report.cases["rule text comes back as the same bits"] > 50


def broken(machine, **changed):
    """A machine with some kernels or functions replaced."""
    kernels = {name: changed.pop(name) for name in list(changed) if name in machine.kernels._fields}
    return dataclasses.replace(machine, kernels=machine.kernels._replace(**kernels), **changed)


def wide_stop(frames, at, option):
    """The stop item takes three bits in place of two, so that some bit strings are no code."""
    bits = queue.width(frames, at, option)
    return 3 if bits == 2 and option == 0 else bits


def one_item_less(frames, at, option):
    bits = queue.width(frames, at, option)
    return 0 if option == 6 else bits


def codes_that_clash(frames, at, option):
    return 0 if option < 2 else queue.code(frames, at, option)


def forget_nothing(frames, at, rules, work):
    """A close that leaves the last option in the rules."""


def lose_the_tape(frames, at, option, data, rules, work, limits):
    """A take that does not restore the tape."""
    work[0] = frames[at + FIRST + 5]
    return turing.take(frames, at, option, data, rules, work, limits)


def half_a_configuration(frames, at, rules, work, out, offset):
    words = queue.pack(frames, at, rules, work, out, offset)
    out[offset + words - 1] = 0
    return words


def asks_for_too_much(frames, at, left, missing, rules, work):
    """A bound that is none: it drops programs that match."""
    return 127


def small_memory(budget, outputs, extent):
    rules, work = QUEUE.allocate(budget, outputs, extent)
    return rules, work[:2].copy()


def reads_too_soon(frames, at, data, rules, work, limits):
    """Ends in the rule before the first, as if a field were pending at once: the state is read for nothing."""
    queue.resume(frames, at, data, rules, work, limits)
    frames[at + FIRST] = -9
    return NEED


def says_nothing(rules, states):
    return "0,0: 0" if rules[1] else ""


BROKEN = {
    "an item's code is too long": (broken(QUEUE, width=wide_stop), "option codes|codes come"),
    "an item is missing": (broken(QUEUE, width=one_item_less), "option codes are complete"),
    "two items share a code": (broken(QUEUE, code=codes_that_clash), "codes"),
    "a field is not forgotten": (broken(QUEUE, close=forget_nothing), "leaves rules and registers|same configuration"),
    "the tape is not restored": (broken(TURING, take=lose_the_tape), "same configuration|leaves its own memory"),
    "packing loses memory": (broken(QUEUE, pack=half_a_configuration), "from its packed form"),
    "the queue is too small": (broken(QUEUE, allocate=small_memory), "no kernel leaves its own memory"),
    "an index is negative": (broken(QUEUE, resume=reads_too_soon), "no kernel leaves its own memory"),
    "a lower bound is too high": (broken(TURING, needs=asks_for_too_much), "drops no program that matches"),
    "text does not say what was read": (broken(QUEUE, describe=says_nothing), "rule text comes back"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_machine_is_told_which_statement_it_violates(fault):
    machine, statement = BROKEN[fault]
    with pytest.raises(AssertionError, match=statement) as caught:
        check_machine(machine, max_length=9, max_steps=12, depth=3)
    assert "\n" not in str(caught.value)


def test_checked_pointers_refuse_foreign_indices_and_overflow():
    array = np.zeros((2, 3), dtype=np.uint8)
    pointer = CheckedPointer(array)
    pointer[5] = 255
    assert array[1, 2] == pointer[5] == 255
    for index in (-1, 6, 10**30):
        with pytest.raises(IndexError):
            pointer[index]
        with pytest.raises(IndexError):
            pointer[index] = 1
    for value in (256, -1):
        with pytest.raises(ValueError):
            pointer[0] = value
    assert array.sum() == 255


def test_plain_kernels_compute_what_compiled_ones_do():
    frames = np.zeros(40, dtype=np.int64)
    queue.start(frames, 0, np.zeros(4, dtype=np.uint8))
    frames[FIELD] = ITEM
    assert [queue.width(frames, 0, option) for option in range(8)] == [2, 2, 2, 4, 4, 4, 4, 0]
    assert [queue.code(frames, 0, option) for option in range(7)] == [0, 1, 2, 12, 13, 14, 15]


# predictors ---------------------------------------------------------------------------------------


class Forgetful(KrichevskyTrofimov):
    """Pickles without its counts."""

    def __reduce__(self):
        return Forgetful, ()

    def clone(self):
        return Forgetful()


class Overconfident(KrichevskyTrofimov):
    def predict_proba_one(self):
        return {0: 0.75, 1: 0.75}

    def clone(self):
        return Overconfident()


class Restless(KrichevskyTrofimov):
    """Learns by being asked."""

    def predict_proba_one(self):
        self.ones += 1
        return super().predict_proba_one()

    def clone(self):
        return Restless()


class Trained(KrichevskyTrofimov):
    def clone(self):
        twin = Trained()
        twin.zeros, twin.ones = self.zeros, self.ones
        return twin


class Generous(KrichevskyTrofimov):
    def learn_one(self, bit):
        super().learn_one(int(bit) & 1)
        return self

    def clone(self):
        return Generous()


class Flattering(KrichevskyTrofimov):
    def learn_one(self, bit):
        super().learn_one(bit)
        self.loss_bits /= 2
        return self

    def clone(self):
        return Flattering()


class Silent(KrichevskyTrofimov):
    def learn_one(self, bit):
        super().learn_one(bit)

    def clone(self):
        return Silent()


@pytest.mark.parametrize(
    ("predictor", "statement"),
    [
        (Forgetful(), "deepcopy and pickle"),
        (Overconfident(), "sum to 1"),
        (Restless(), "predicting changes nothing|exact predictions and floats agree"),
        (Trained(), "untrained"),
        (Generous(), "no bit raises ValueError"),
        (Flattering(), "log loss of its own"),
        (Silent(), "learn_one returns"),
        (object(), "it has predict_proba_one"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_broken_predictor_is_told_which_statement_it_violates(predictor, statement):
    with pytest.raises(AssertionError, match=statement) as caught:
        check_predictor(predictor)
    assert "\n" not in str(caught.value)
