"""The verification finds nothing wrong, and would find something that is wrong."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from induction.budget import Budget
from induction.experiments import verify_mixtures, verify_online
from induction.experiments.verify import Verification, adversary, every_source, nested, on_every_string
from induction.experiments.verify_base import Books, chance_margin, tabulate
from induction.inductor.noisy import NoisyPredictor


def violations(part, *arguments):
    """Statements that a part of the verification finds violated; how many it looked at."""
    books = Books()
    part(books, *arguments)
    checks = books.checks()
    return {check.name for check in checks if check.violations}, len(checks)


def test_every_statement_holds_on_short_strings(machine):
    books = Books()
    on_every_string(books, machine, Budget(10, 16), 6)
    nested(books, machine, Budget(7, 3), Budget(10, 16), 3)
    verify_mixtures.nested_predictions(books, machine, Budget(7, 3), Budget(10, 16), 5)
    verify_mixtures.speed(books, machine, Budget(10, 16), 5)
    checks = books.checks()
    assert sum(check.cases for check in checks) > 2000
    assert len({check.name.split(":")[0] for check in checks}) > 6
    assert Verification(checks).holds


def test_the_online_statements_hold_on_sources_and_against_the_adversary():
    books = Books()
    every_source(books, 10, 32, ("thue-morse", "coin"))
    adversary(books, 40)
    verify_online.mixtures_on_sources(books, "queue", 9, 16, ("thue-morse", "coin"))
    assert Verification(books.checks()).holds


def test_the_mixtures_hold_on_every_branch_and_labelling(machine):
    books = Books()
    verify_online.every_branch(books, machine, Budget(9, 12), 3)
    verify_online.conditional(books, machine, 8, 3)
    verify_online.conditional_tasks(books, machine, 8, 8)
    verify_mixtures.sampling(books, machine, 20_000)
    assert Verification(books.checks()).holds


def test_a_case_without_room_counts_as_a_violation():
    books = Books()
    books.enter("made up", np.array([1.0, 0.0, -1e-3, np.nan]))
    (check,) = books.checks()
    assert (check.cases, check.violations, check.worst_slack_bits) == (3, 1, -1e-3)
    assert not Verification((check,)).holds


@pytest.mark.parametrize(("empty", "join"), [(0, np.add), (np.inf, np.minimum)])
def test_joining_by_distance_is_the_definition(empty, join):
    values = np.random.default_rng(0).integers(0, 99, 32).astype(type(empty))
    rows = verify_mixtures.by_distance(values, empty, join)
    assert rows.shape == (6, 32)
    for x in range(32):
        for k in range(6):
            near = [values[z] for z in range(32) if (x ^ z).bit_count() == k]
            assert rows[k, x] == join.reduce(near)


def test_a_mass_in_the_wrong_place_is_found():
    good = tabulate("queue", Budget(10, 16), 6)
    arrived = [level.copy() for level in good.arrived]
    arrived[4][3] += 40
    bad = dataclasses.replace(good, arrived=arrived)
    for part, name in ((verify_mixtures.noise, "noise"), (verify_mixtures.uniform_timeouts, "timeouts uniform")):
        assert violations(part, good)[0] == set()
        assert f"{name}: xi(x0) + xi(x1) = xi(x) (masses)" in violations(part, bad)[0]


def test_a_program_shorter_than_any_is_found():
    good = tabulate("queue", Budget(10, 16), 6)
    shortest = [*good.shortest[:-1], np.where(np.arange(64) == 21, 1.0, good.shortest[-1])]
    bad = dataclasses.replace(good, shortest=shortest)
    assert "noise: -log2 xi(x) <= |p| + p's loss, flips included" in violations(verify_mixtures.noise, bad)[0]
    expected = "timeouts uniform: -log2 xi(x) <= |p| + p's loss"
    assert expected in violations(verify_mixtures.uniform_timeouts, bad)[0]


def test_a_predictor_that_is_not_its_definition_is_found(monkeypatch):
    class Other(NoisyPredictor):
        def __init__(self, machine, max_length, max_steps):
            super().__init__(machine, max_length - 1, max_steps)

    monkeypatch.setattr(verify_online, "NoisyPredictor", Other)
    found, _ = violations(verify_online.every_branch, "queue", Budget(8, 12), 2)
    assert "noise, online: the loss is that of its definition" in found


def test_draws_from_another_prior_are_found(monkeypatch):
    class Other(verify_mixtures.Sampler):
        def __init__(self, machine, **options):
            super().__init__("turing", **options)

    monkeypatch.setattr(verify_mixtures, "Sampler", Other)
    found, _ = violations(verify_mixtures.sampling, "queue", 20_000)
    assert found == {"sampling: draws begin with x as often as M(x) says (frequencies, E)"}


def test_chance_exceeds_its_margin_as_rarely_as_stated(monkeypatch):
    """With a chance of 1 in 10 for a case, frequencies of coins leave the margin, less often than that."""
    monkeypatch.setattr("induction.experiments.verify_base.CHANCE", 0.1)
    draws = np.random.default_rng(1).binomial(500, [[0.5], [0.1], [0.01]], (3, 4000)) / 500
    p = np.array([[0.5], [0.1], [0.01]])
    off = abs(draws - p) > chance_margin(p * (1 - p), 500)
    assert 0 < off.mean() < 0.1
