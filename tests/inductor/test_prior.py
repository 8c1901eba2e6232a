"""The prior table: golden values, the definition, and the loss bound of every string up to 12 bits."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import machines, prior
from induction.budget import Budget
from induction.enumeration.targets import every
from induction.enumeration.walk import enumerate_programs

GOLDEN = json.loads((Path(__file__).parent.parent / "golden.json").read_text())["prior"]
few = settings(max_examples=25)


@pytest.mark.small
@pytest.mark.parametrize("case", GOLDEN, ids=lambda c: f"{c['machine']}-{c['max_length']}-{c['max_steps']}")
def test_prior_is_the_golden_one(case):
    table = prior(case["depth"], **{k: case[k] for k in ("machine", "max_length", "max_steps")})
    assert {x: str(m) for x, m in table.at(case["depth"]).items()} == case["mass"]
    time = table.open["silent"] + table.open["timeout"]
    assert (str(time), str(table.open["cut"])) == (case["open"].get("time", "0"), case["open"].get("cut", "0"))
    assert sum(table.at(case["depth"]).values()) + sum(table.open.values()) == 1


@pytest.mark.small
@few
@given(st.sampled_from(["queue", "turing"]), st.integers(1, 4), st.integers(1, 9), st.integers(1, 9),
       st.none() | st.integers(1, 12))  # fmt: skip
def test_prior_is_the_definition_at_every_depth(name, depth, length, steps, total):
    table = prior(depth, machine=name, max_length=length, max_steps=steps, total=total)
    expected = naive.prior(name, depth, length, steps, total)
    assert table[""] == 1
    assert {x: m for x, m in table.items() if x} == expected["mass"]
    assert table.open["silent"] + table.open["timeout"] == expected["open"]["time"]
    assert table.open["cut"] == expected["open"]["cut"]


def test_prior_is_a_semimeasure_and_a_mapping(machine):
    table = prior(8, machine=machine, max_length=14, max_steps=32)
    assert len(table) == len(list(table)) == 2**9 - 1
    for x, mass in table.items():
        assert 0 <= mass <= 1
        if len(x) < 8:
            assert table[x + "0"] + table[x + "1"] <= mass
    for wrong in ("0" * 9, "2", 5):
        assert wrong not in table
        assert table.get(wrong) is None
        with pytest.raises(KeyError) as caught:
            table[wrong]
        assert str(caught.value).startswith(f"{wrong!r} is not in the table, which has text of 0 and 1 of at most 8 b")
    for wrong in (9, -1, 2.5, "3"):
        with pytest.raises(ValueError, match="depth is .*from 0 to 8"):
            table.at(wrong)
    assert table.at(0) == {"": 1}
    shown = table.to_json(all_depths=True)
    assert {x: Fraction(m) for x, m in shown["mass"].items()} == dict(table)
    assert sum(map(Fraction, shown["open"].values())) + sum(table.at(8).values()) == 1


def test_a_deeper_table_agrees_with_a_shallow_one(machine):
    deep = prior(9, machine=machine, max_length=13, max_steps=20)
    shallow = prior(4, machine=machine, max_length=13, max_steps=20)
    assert all(deep[x] == m for x, m in shallow.items())


@pytest.mark.parametrize("exponent", [None, 6, 14])
def test_loss_never_exceeds_bound_for_any_string_of_12_bits(machine, exponent):
    """As integers: the product of normalised predictions is at least w/W for the heaviest program, and the fallback.

    So is -log2 xi(x) <= |p|, mistakes <= loss, and the sum of 1 - M(x_t|x_<t) <= -ln M(x).
    """
    depth, length, steps = 12, 16, 64
    table = prior(depth, machine=machine, max_length=length, max_steps=steps)
    budget = Budget(length, steps)
    shortest = {"": 0}
    for level in range(1, depth + 1):
        ledger = enumerate_programs(machines.get(machine), budget, every(level), keep=1)
        for x, leaf in zip(table.strings(level), ledger.targets.leaves, strict=True):
            if ledger.found[leaf, 0] <= length:
                shortest[x] = int(ledger.found[leaf, 0])
    scale = length + (0 if exponent is None else exponent + depth)
    total = 1 << scale if exponent is None else (1 << scale) + (1 << scale - exponent)

    def mixture(x):
        rest = 0 if exponent is None else 1 << (scale - exponent - len(x))
        return int(table[x] * 2**length) * (1 << scale - length) + rest

    checked = 0
    pending = [("", 1, 1, 0)]
    while pending:
        x, numerator, denominator, mistakes = pending.pop()
        weights = [Fraction(1, 2 ** shortest[x])] if x in shortest else []
        weights += [] if exponent is None else [Fraction(1, 2 ** (exponent + len(x)))]
        for weight in weights:
            bound = weight * (1 << scale) / total
            assert numerator * bound.denominator >= bound.numerator * denominator, x
            assert Fraction(mixture(x), 1 << scale) >= weight
        assert numerator << mistakes <= denominator, x  # each mistake costs a bit
        checked += 1
        if len(x) < depth and weights:
            pair = [mixture(x + "0"), mixture(x + "1")]
            for bit in (0, 1):
                seen, whole = pair[bit], sum(pair)
                if whole:
                    step = mistakes + (2 * seen <= whole)
                    pending.append((x + str(bit), numerator * seen, denominator * whole, step))
    assert checked > (6000 if exponent is not None else 1000)
