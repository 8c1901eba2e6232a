"""Threads may share a predictor: what one of them sees is the state before or after a bit."""

from __future__ import annotations

import copy
import pickle
import threading

import pytest

from induction import ConditionalPredictor, NoisyPredictor, Predictor
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.speed import SpeedPredictor
from induction.inductor.timeouts import UniformTimeouts

SHARED = {
    "programs": lambda: Predictor(max_length=14, max_steps=32),
    "with a fallback that learns": lambda: Predictor(max_length=12, max_steps=32, fallback="kt"),
    "noisy": lambda: NoisyPredictor(max_length=9, max_steps=16),
    "speed": lambda: SpeedPredictor(max_length=8, max_steps=16),
    "timeouts predict ½": lambda: UniformTimeouts(max_length=12, max_steps=8),
    "timeouts are asleep": lambda: AsleepTimeouts(max_length=10, max_steps=4),
}
BITS = "0101" * 4
ASKED = "01"


def asked(p):
    """All that does not learn, of one state: how much had been learned, and the answers."""
    twin = copy.copy(p)
    shown = [twin.data, twin.history, twin.predict_proba_one()]
    also = pickle.loads(pickle.dumps(p))  # the rest may be of later states
    assert len(also.history) == len(also.data) + 1
    p.score(ASKED)
    assert sum(p.predict_proba_one().values()) == 1
    if hasattr(p, "probability"):
        assert 0 < p.probability(ASKED) <= 1
        assert sum(p.predict_exact().values()) == 1
    if hasattr(p, "posterior"):
        assert sum(program.weight for program in p.posterior(3)) <= 1
    if isinstance(p, Predictor):
        assert sum(p.masses) == p.budget.whole
        low, high = p.interval()
        assert low <= high
        if p.get_params()["fallback"] == "uniform":
            assert p.certificate().holds()
    return shown


@pytest.mark.parametrize("name", SHARED)
def test_threads_that_ask_while_another_learns_see_whole_states(name):
    p, answers, errors = SHARED[name](), [], []
    expected, alone = {}, SHARED[name]()
    for bit in ("", *BITS):
        if bit:
            alone.learn_one(int(bit))
        expected[alone.data] = [alone.data, alone.history, alone.predict_proba_one()]

    def ask():
        try:
            answers.extend(asked(p) for _ in range(6))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for bit in BITS:
        p.learn_one(int(bit))
    for thread in threads:
        thread.join()
    assert not errors
    assert all(shown == expected[shown[0]] for shown in answers)
    assert p.history == alone.history


def test_bits_that_several_threads_teach_are_all_learned():
    p = SHARED["programs"]()
    threads = [threading.Thread(target=p.learn_many, args=("01" * 10,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(p.data) == ["0"] * 40 + ["1"] * 40
    assert p.history == SHARED["programs"]().learn_many(p.data).history


def labeller():
    return ConditionalPredictor(max_length=12, max_steps=32)


def asked_about(p, x):
    """All that does not learn, about an input of one state: which, and the answers."""
    twin = copy.copy(p)
    shown = [twin.rounds, twin.history, twin.predict_exact(x), twin.posterior(3)]
    also = pickle.loads(pickle.dumps(p))  # the rest may be of later states
    assert len(also.history) == len(also.data) + 1
    assert sum(p.predict_proba_one(x).values()) == 1
    assert sum(p.predict_exact(x).values()) == 1
    assert sum(p.masses(x)) == p.budget.whole
    assert sum(h.weight for h in p.posterior(3)) <= 1 + 1e-9
    sizes, losses = p.records()
    assert abs(sum(2.0**-sizes) - 1) < 1e-9 and len(losses) == len(sizes)
    return x, shown


def test_threads_that_ask_about_inputs_while_another_learns_see_whole_states():
    p, answers, errors = labeller(), [], []
    pairs = [(format(i % 8, "03b"), i % 3 % 2) for i in range(24)]
    expected, alone = {}, labeller()
    for n in range(len(pairs) + 1):
        for x in ("01", "1101"):
            twin = copy.copy(alone)
            expected[x, n] = [n, twin.history, twin.predict_exact(x), twin.posterior(3)]
        alone.learn_many(pairs[n : n + 1])

    def ask(x):
        try:
            answers.extend(asked_about(p, x) for _ in range(8))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(x,)) for x in ("01", "1101") * 2]
    for thread in threads:
        thread.start()
    for x, y in pairs:
        p.learn_one(x, y)
    for thread in threads:
        thread.join()
    assert not errors
    assert all(shown == expected[x, shown[0]] for x, shown in answers)
    assert p.history == alone.history
    assert p.data == alone.data == pairs


def test_pairs_that_several_threads_teach_are_all_learned():
    p = labeller()
    pairs = [("0", 0), ("10", 1), ("", 1)] * 5
    threads = [threading.Thread(target=p.learn_many, args=(pairs,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(p.data) == sorted(pairs * 4)
    assert p.history == labeller().learn_many(p.data).history
