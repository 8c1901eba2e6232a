"""Draws from the prior: each is the run of its coins, together they have the prior's frequencies."""

from __future__ import annotations

import dataclasses
import pickle
from math import inf, sqrt

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import machines, prior, sample
from induction.bits import from_integer
from induction.budget import Budget
from induction.enumeration.runner import run
from induction.inductor.sampling import Sampler
from induction.machines.kernel import kernel
from induction.machines.machine import DEADLINE, LEAF, NODE

ARRAYS = ("outputs", "mask", "lengths", "written", "statuses", "tapes")
budgets = st.tuples(st.integers(1, 24), st.integers(1, 20), st.none() | st.integers(1, 60))
few = settings(max_examples=25)


def _same(one, other):
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)


@pytest.mark.small
@few
@given(st.sampled_from(machines.names()), budgets, st.integers(1, 40), st.integers(0, 2**70))
def test_a_draw_is_the_run_of_its_coins(name, budget, bits, seed):
    length, steps, total = budget
    draws = Sampler(name, bits, seed, Budget(*budget)).draw(12)
    for row in range(len(draws)):
        tape = from_integer(int(draws.tapes[row]), 62)[:length]
        one = run(tape, machine=name, bits=bits, max_steps=steps, total=total)
        assert draws.output(row) == one.output
        assert draws.lengths[row] == one.length
        assert draws.program(row) == tape[: one.length]
        assert draws.statuses[row] == ["complete", "cut", "silent", "timeout"].index(one.status)


@pytest.mark.small
@few
@given(st.sampled_from(["queue", "turing"]), budgets, st.integers(1, 20), st.integers(0, 99))
def test_a_draw_is_what_the_definition_says(name, budget, bits, seed):
    length, steps, total = budget
    draws = Sampler(name, bits, seed, Budget(*budget)).draw(12)
    for row in range(len(draws)):
        tape = from_integer(int(draws.tapes[row]), 62)[:length]
        one = naive.run(name, tape, steps, total, bits)
        assert draws.output(row) == one.output
        status = list(draws.counts)[draws.statuses[row]]
        assert {"silent": "timeout"}.get(status, status) == {"needs": "cut"}.get(one.status, one.status)
        if status != "cut":
            assert draws.lengths[row] == one.bits_read


def _worst_deviation(draws, table):
    """Largest distance of a frequency from its M(x), in standard errors, over all x of the table's depth or less."""
    worst = 0.0
    n = len(draws)
    counts = {}
    for depth in range(table.depth + 1):
        heads = draws.outputs[draws.written >= depth, :depth] @ (1 << np.arange(depth)[::-1])
        counts[depth] = np.bincount(heads.astype(np.int64), minlength=1 << depth)
    for x in table:
        hits = int(counts[len(x)][int("0" + x, 2)])
        mass = float(table[x])
        if mass in (0.0, 1.0):
            worst = worst if hits == n * mass else inf
        elif n * mass >= 10:
            worst = max(worst, abs(hits / n - mass) / sqrt(mass * (1 - mass) / n))
        elif hits > 10 + n * mass + 5 * sqrt(n * mass):
            worst = inf
    return worst


@pytest.mark.parametrize("name", machines.names())
def test_prefix_frequencies_are_the_prior_within_five_standard_errors(name):
    budget = {"machine": name, "max_length": 15, "max_steps": 24}
    assert _worst_deviation(sample(100_000, bits=20, seed=5, **budget), prior(8, **budget)) < 5


@pytest.mark.slow
@pytest.mark.parametrize("name", machines.names())
def test_a_million_draws_have_the_prior_s_frequencies(name):
    budget = {"machine": name, "max_length": 22, "max_steps": 128}
    assert _worst_deviation(sample(1_000_000, bits=64, seed=2, **budget), prior(8, **budget)) < 5


def test_the_test_of_frequencies_sees_a_wrong_prior():
    draws = sample(100_000, bits=8, seed=1, max_length=12, max_steps=24)
    assert _worst_deviation(draws, prior(3, max_length=10, max_steps=24)) > 5
    assert _worst_deviation(draws, prior(8, max_length=10, max_steps=24)) == inf


@pytest.mark.small
@few
@given(st.integers(0, 30), st.integers(1, 30), st.integers(1, 40))
def test_draws_do_not_depend_on_which_were_made_before_or_beside_them(first, n, bits):
    budget = Budget(16, 16)
    whole = Sampler("queue", bits, 7, budget).draw(60)
    other = Sampler("queue", bits, 7, budget)
    other.draw(5, first=50)
    part = other.draw(n, first)
    for name in ARRAYS:
        assert np.array_equal(getattr(part, name), getattr(whole, name)[first : first + n])


@pytest.mark.parametrize("name", machines.names())
def test_memory_is_as_new_after_every_draw(name):
    sampler = Sampler(name, 64, 3, Budget(30, 40))
    together = sampler.draw(300)
    for row in range(0, 300, 7):
        alone = Sampler(name, 64, 3, Budget(30, 40)).draw(1, first=row)
        assert np.array_equal(alone.outputs[0], together.outputs[row])
        assert alone.lengths[0] == together.lengths[row]


@pytest.mark.parametrize("n", [1, 1023, 1025, 2049])
def test_progress_is_told_and_changes_nothing(n):
    told = []
    with_bar = sample(n, bits=16, seed=1, max_length=12, max_steps=8, progress=lambda *done: told.append(done))
    assert _same(with_bar, sample(n, bits=16, seed=1, max_length=12, max_steps=8))
    assert told[-1] == (n, n)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.small
def test_seeds_differ_and_a_longer_draw_begins_like_a_shorter_one():
    budget = {"max_length": 20, "max_steps": 16}
    short, long = sample(20, bits=10, seed=1, **budget), sample(50, bits=30, seed=1, **budget)
    assert np.array_equal(short.outputs, long.outputs[:20, :10])
    assert np.array_equal(short.mask, long.mask[:20, :10])
    assert not np.array_equal(short.tapes, sample(20, bits=10, seed=2, **budget).tapes)


@pytest.mark.small
def test_mask_says_which_bits_were_written():
    draws = sample(200, bits=24, seed=4, max_length=20, max_steps=16)
    assert draws.mask.dtype == bool
    assert draws.outputs.dtype == np.uint8
    assert draws.mask.shape == draws.outputs.shape == (200, 24)
    assert np.array_equal(draws.mask.sum(axis=1), draws.written)
    assert (np.diff(draws.mask.astype(int), axis=1) <= 0).all()  # from the left, without gaps
    assert not draws.outputs[~draws.mask].any()
    assert (draws.mask.all(axis=1) == (draws.statuses == 0)).all()
    assert draws.lengths.max() <= 20
    assert sum(draws.counts.values()) == 200
    assert min(draws.counts[name] for name in ("complete", "cut", "silent")) > 0


_queue_resume = machines.get("queue").kernels.resume


@kernel
def resume_after_ten_ones(frames, at, data, rules, work, limits):
    """Ten ones, unasked (they are counted where `start` left -1); then all goes on as usual."""
    event = -1
    node = frames[at + NODE]
    count = frames[at + DEADLINE]
    while event < 0 and -11 < count < 0:
        count -= 1
        node = data[2 * node + 1]
        if node <= 0:
            event = LEAF
    frames[at + NODE] = abs(node)
    if count < 0:
        frames[at + DEADLINE] = count if event == LEAF else -1
    if event < 0:
        event = _queue_resume(frames, at, data, rules, work, limits)
    return event


@pytest.mark.small
@pytest.mark.parametrize("bits", [3, 8, 10, 11, 16, 17, 30])
def test_what_a_machine_writes_before_it_reads_is_in_every_draw(bits):
    queue = machines.get("queue")
    kernels = queue.kernels._replace(resume=resume_after_ten_ones)
    eager = Sampler(dataclasses.replace(queue, name="ten-ones", kernels=kernels), bits, 1, Budget(16, 16)).draw(50)
    assert eager.outputs[:, :10].all()
    assert (eager.written >= min(bits, 10)).all()
    if bits <= 10:
        assert eager.counts["complete"] == 50
    else:
        plain = Sampler(queue, bits - 10, 1, Budget(16, 16)).draw(50)
        assert np.array_equal(eager.outputs[:, 10:], plain.outputs)
        assert np.array_equal(eager.lengths, plain.lengths)
        assert np.array_equal(eager.statuses, plain.statuses)


def test_equal_draws_make_equal_files(tmp_path):
    for name in ("a.npz", "b.npz"):
        sample(300, bits=16, seed=9, max_length=16, max_steps=16).save(tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    draws = sample(300, bits=16, seed=9, max_length=16, max_steps=16)
    with np.load(tmp_path / "a.npz") as file:
        assert sorted(file) == ["lengths", "mask", "outputs"]
        assert all(np.array_equal(file[name], getattr(draws, name)) for name in file)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["a.npz", "b.npz"]
    assert _same(pickle.loads(pickle.dumps(draws)), draws)


def test_a_draw_s_program_prints_its_output():
    draws = sample(60, bits=12, seed=2, max_length=24, max_steps=32)
    for row in np.flatnonzero(draws.statuses == 0):
        assert run(draws.text(row), bits=12).output == draws.output(row)


BAD = {
    "no draws": (lambda: sample(0), "n is 0"),
    "half a draw": (lambda: sample(0.5), "n is 0.5"),
    "no bits": (lambda: sample(1, bits=0), "bits is 0"),
    "a negative seed": (lambda: sample(1, seed=-1), "seed is -1"),
    "a seed of text": (lambda: sample(1, seed="7"), "seed is '7'"),
    "an unknown machine": (lambda: sample(1, machine="quue"), "did you mean 'queue'"),
    "L of 63": (lambda: sample(1, max_length=63), "max_length is 63"),
    "more than fits into memory": (lambda: sample(2**50, bits=8), "do not fit into memory"),
    "a first draw before the first": (lambda: Sampler("queue", 8).draw(1, first=-1), "first is -1"),
    "a file of another kind": (lambda: sample(1, bits=1).save("draws.csv"), "end the name with .npz"),
    "a folder that is not there": (lambda: sample(1, bits=1).save("no/such/draws.npz"), "no folder"),
}


@pytest.mark.small
@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_line(case):
    call, named = BAD[case]
    with pytest.raises(ValueError, match=named) as caught:
        call()
    assert "\n" not in str(caught.value)
