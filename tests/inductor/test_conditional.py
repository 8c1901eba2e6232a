"""The conditional predictor against its definition, its bound, and what it must learn."""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction

import naive
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from induction.bounds.losses import krichevsky_trofimov_probability
from induction.enumeration import population
from induction.inductor.conditional import TOLERANCE, ConditionalPredictor
from induction.sources.tasks import all_inputs, pairs, task, uniform_inputs

HALF = Fraction(1, 2)
machines = st.sampled_from(["queue", "turing"])
encodings = st.sampled_from(["raw", "delimited"])
words = st.text("01", max_size=5)
examples = st.lists(st.tuples(words, st.integers(0, 1)), min_size=1, max_size=7)


def programs(machine, data, budget, outputs=1, encoding="raw"):
    """(program, its outputs) of all programs that the inputs of `data` make the machine read."""
    for records in naive.leaves_inputs(machine, [x for x, _ in data], *budget, outputs=outputs, encoding=encoding):
        yield records[0].program, [record.output for record in records]


def label_probability(outputs, labels):
    """Krichevsky–Trofimov over the rounds in which a program spoke, ½ in the others."""
    spoken = [out == str(y) for out, y in zip(outputs, labels, strict=True) if out]
    silent = len(labels) - len(spoken)
    return krichevsky_trofimov_probability(len(spoken) - sum(spoken), sum(spoken)) * HALF**silent


def expansion_probability(outputs, labels):
    """The product of P(y): the output as a binary expansion, and half a unit of its last place."""
    result = Fraction(1)
    for out, y in zip(outputs, labels, strict=True):
        one = (int(out or "0", 2) + HALF) / 2 ** len(out)
        result *= one if y else 1 - one
    return result


def definition(machine, data, budget, probability, **options):
    """Joint probability of the labels, and the fewest bits |p| + loss of a program."""
    labels = [y for _, y in data]
    total, least = Fraction(0), math.inf
    for program, outputs in programs(machine, data, budget, **options):
        own = probability(outputs, labels)
        total += own / 2 ** len(program)
        least = min(least, len(program) - math.log2(own))
    return total, least


def check_against_definition(predictor, data, probability, outputs):
    budget = predictor.budget.max_length, predictor.budget.max_steps, predictor.budget.total
    options = {"outputs": outputs, "encoding": predictor.encoding}
    for n, (x, y) in enumerate(data):
        joint = [definition(predictor.machine, [*data[:n], (x, b)], budget, probability, **options) for b in (0, 1)]
        whole = joint[0][0] + joint[1][0]
        expected = joint[1][0] / whole
        assert predictor.predict_proba_one(x)[1] == pytest.approx(float(expected), abs=1e-12)
        if predictor.reading == "label":
            assert predictor.predict_exact(x)[1] == expected
        predictor.learn_one(x, y)
        assert predictor.loss_bits == pytest.approx(-math.log2(joint[y][0]), abs=3 * TOLERANCE)
        assert predictor.bound_bits == pytest.approx(joint[y][1], abs=3 * TOLERANCE)


@pytest.mark.small
@settings(max_examples=12)
@given(machines, st.integers(1, 9), st.integers(1, 9), st.none() | st.integers(1, 12), encodings, examples)
@example("queue", 9, 9, None, "raw", [("", 1), ("1", 0), ("", 1), ("01", 0), ("1", 0), ("", 0)])
@example("queue", 9, 9, None, "delimited", [("1", 1), ("", 0), ("01", 1), ("1", 1)])
def test_labels_are_predicted_as_the_definition_says(machine, length, steps, total, encoding, data):
    predictor = ConditionalPredictor(machine, length, steps, total=total, encoding=encoding)
    check_against_definition(predictor, data, label_probability, 1)


@settings(max_examples=4)
@given(machines, st.integers(10, 12), st.integers(4, 30), encodings, examples)
def test_longer_programs_predict_as_the_definition_says(machine, length, steps, encoding, data):
    predictor = ConditionalPredictor(machine, length, steps, encoding=encoding)
    check_against_definition(predictor, data[:4], label_probability, 1)


@pytest.mark.small
@settings(max_examples=12)
@given(machines, st.integers(1, 9), st.integers(1, 9), encodings, st.integers(1, 4), examples)
@example("queue", 10, 12, "raw", 3, [("", 1), ("1", 0), ("", 1), ("01", 0)])
def test_probabilities_are_read_as_the_definition_says(machine, length, steps, encoding, precision, data):
    predictor = ConditionalPredictor(
        machine, length, steps, reading="probability", precision=precision, encoding=encoding
    )
    check_against_definition(predictor, data, expansion_probability, precision)


@pytest.mark.small
@given(machines, st.integers(1, 10), st.sampled_from(["label", "probability"]), examples)
def test_masses_add_up_to_one_after_every_input(machine, length, reading, data):
    predictor = ConditionalPredictor(machine, length, 20, reading=reading)
    for x, y in data:
        assert sum(predictor.masses(x)) == 2**length
        predictor.learn_one(x, y)
        found = predictor.posterior(10**6)
        assert sum(Fraction(h.programs, 2**h.length) for h in found) == 1
        assert all(h.length == length for h in found if h.used_up)


@given(machines, examples)
def test_the_posterior_holds_every_program_with_its_record(machine, data):
    predictor = ConditionalPredictor(machine, 8, 12)
    for x, y in data:
        predictor.learn_one(x, y)
    expected = {}
    for program, outputs in programs(machine, data, (8, 12)):
        spoken = [out == str(y) for out, (_, y) in zip(outputs, data, strict=True) if out]
        expected[program] = (len(spoken) - sum(spoken), sum(spoken))
    found = predictor.posterior(10**6)
    assert sum(h.programs for h in found) == len(expected)
    assert all(expected[h.bits] == (h.errors, h.hits) for h in found)


@given(machines, examples)
def test_predicting_learns_nothing(machine, data):
    plain, curious = (ConditionalPredictor(machine, 9, 12) for _ in range(2))
    for x, y in data:
        curious.predict_proba_one(x[::-1] + "1")
        curious.predict_proba_one(x)
        curious.predict_exact("0" + x)
        assert plain.learn_one(x, y).standing == curious.learn_one(x, y).standing
    assert plain.posterior(50) == curious.posterior(50)


@given(machines, encodings, st.sampled_from(["label", "probability"]), st.randoms(use_true_random=False))
def test_loss_never_exceeds_bound_against_an_adversary(machine, encoding, reading, random):
    """Who picks the input on which the predictor is surest, and the label that it thinks less likely."""
    predictor = ConditionalPredictor(machine, 10, 16, encoding=encoding, reading=reading)
    for n in range(1, 13):
        choices = ["".join(random.choice("01") for _ in range(random.randrange(6))) for _ in range(3)]
        x = max(choices, key=lambda x: max(predictor.predict_proba_one(x).values()))
        p = predictor.predict_exact(x) if reading == "label" else predictor.predict_proba_one(x)
        predictor.learn_one(x, int(p[1] < p[0]))
        assert predictor.loss_bits <= predictor.bound_bits
        assert predictor.mistakes == n <= predictor.standing.mistake_bound


def test_ties_are_told_from_near_ties_exactly():
    predictor = ConditionalPredictor("queue", 8, 8)
    assert predictor.predict_exact("01") == {0: HALF, 1: HALF}  # every program has its mirror image
    assert predictor.learn_one("01", 0).mistakes == 1


def test_inputs_of_any_length_are_taken():
    predictor = ConditionalPredictor("queue", 12, 64)
    for n in (0, 1, 63, 64, 65, 300, 5000):
        predictor.learn_one("1" * n, 1)
        predictor.learn_one("0" * n, 0)
    assert predictor.predict_proba_one("1" * 10**4)[1] > 0.5
    long = ConditionalPredictor("turing", 10, 64)
    for n in (0, 1, 63, 64, 65, 300, 5000):
        long.learn_one("1" * n, 1)
    assert sum(long.masses("1" * 10**4)) == 2**10


@given(machines, examples)
def test_copies_go_on_as_the_original_does(machine, data):
    original = ConditionalPredictor(machine, 9, 12)
    for x, y in data:
        original.learn_one(x, y)
    original.predict_proba_one("0110")
    copies = [pickle.loads(pickle.dumps(original)), copy.deepcopy(original)]
    for predictor in copies:
        assert predictor.posterior(9) == original.posterior(9)
        assert predictor.predict_exact("0110") == original.predict_exact("0110")
        assert predictor.learn_one("0110", 1).standing == copy.deepcopy(original).learn_one("0110", 1).standing
    standing = copies[0].standing
    assert original.learn_one("0110", 1).standing == standing  # being copied changes nothing
    for x, y in data:
        assert original.learn_one(x, y).standing == copies[0].learn_one(x, y).standing
    assert original.posterior(99) == copies[0].posterior(99)
    twin = original.clone()
    assert twin.rounds == 0 and twin.get_params() == original.get_params()


@pytest.mark.parametrize("name", ["constant-0", "constant-1", "first", "not-first", "and", "xor"])
def test_short_programs_are_learned_and_stay_right_after_the_shift(name):
    predictor = ConditionalPredictor("queue", 18)
    for x, y in pairs(task(name), all_inputs(4, 0, 64)):
        predictor.learn_one(x, y)
        assert predictor.loss_bits <= predictor.bound_bits
    before = predictor.mistakes
    assert before <= predictor.standing.mistake_bound
    for x, y in pairs(task(name), uniform_inputs(12, 0), 100):
        predictor.learn_one(x, y)
    assert predictor.mistakes == before
    assert predictor.loss_bits <= predictor.bound_bits
    lengths = {"and": 9, "xor": 15}
    best = predictor.posterior(1)[0]
    assert best.length == lengths.get(name, 4)
    assert {best.errors, best.hits} == {0, 164}
    assert best.total_bits == pytest.approx(predictor.bound_bits, abs=2 * TOLERANCE)


def test_floats_stay_within_their_tolerance_of_exact_sums():
    predictor = ConditionalPredictor("queue", 12)
    draws = np.random.default_rng(0)
    exact = Fraction(1)
    for x, y in pairs(task("and"), uniform_inputs(5, 1), 150):
        y ^= int(draws.random() < 0.1)
        exact *= predictor.predict_exact(x)[y]
        predictor.learn_one(x, y)
    loss = math.log2(exact.denominator) - math.log2(exact.numerator)
    assert loss - 3 * TOLERANCE <= predictor.loss_bits <= loss


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"machine": "lambda"}, "takes no inputs"),
        ({"machine": "quee"}, "did you mean"),
        ({"max_length": 0}, "max_length is 0"),
        ({"max_length": 63}, "max_length is 63"),
        ({"max_steps": 0}, "max_steps is 0"),
        ({"reading": "labels"}, "readings of an output are label, probability"),
        ({"encoding": "utf"}, "encodings of an input are raw, delimited"),
        ({"precision": 3}, "a label is one bit"),
        ({"reading": "probability", "precision": 17}, "from 1 to 16"),
        ({"reading": "probability", "precision": True}, "from 1 to 16"),
    ],
)
def test_bad_parameters_are_refused_in_one_line(change, says):
    with pytest.raises(ValueError, match=says) as error:
        ConditionalPredictor(**change)
    assert "\n" not in str(error.value)


def test_an_interrupted_run_leaves_no_trace(monkeypatch):
    plain, interrupted = (ConditionalPredictor("queue", 14, 32) for _ in range(2))

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(population, "grown", stopped)
        with pytest.raises(KeyboardInterrupt):
            for x in ("0110", "1", "011", "10", "000", "11011"):
                interrupted.learn_one(x, 1)
                plain.learn_one(x, 1)
    assert plain.rounds == interrupted.rounds < 6
    for x in ("111", "0", "0101"):
        assert plain.learn_one(x, 0).standing == interrupted.learn_one(x, 0).standing
    assert plain.posterior(10**6) == interrupted.posterior(10**6)


def test_pairs_before_an_interrupted_one_can_be_saved(monkeypatch, tmp_path):
    p = ConditionalPredictor("queue", 9, 12).learn_many([("01", 1), ("", 0)])
    before = copy.deepcopy(p)

    def stopped(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(p._hypotheses, "keep", stopped)
        with pytest.raises(KeyboardInterrupt):
            p.learn_one("1", 1)
    for ask in (p.posterior, p.records, lambda: p.predict_proba_one("1"), lambda: p.learn_one("1", 1)):
        with pytest.raises(RuntimeError, match="clone.* it, or save"):
            ask()
    p.save(tmp_path / "p.json")
    again = ConditionalPredictor.load(tmp_path / "p.json")
    assert (again.data, again.posterior(99)) == (before.data, before.posterior(99))


def test_bad_data_is_refused_and_changes_nothing():
    predictor = ConditionalPredictor("queue", 8, 8)
    predictor.learn_one("01", 1)
    before = predictor.posterior(20)
    for x, y in (("012", 1), ("01", 2), (7, 1), ("01", "1"), (None, 0)):
        with pytest.raises(ValueError, match="allowed|give"):
            predictor.learn_one(x, y)
    with pytest.raises(ValueError, match="count is -1"):
        predictor.posterior(-1)
    with pytest.raises(ValueError, match="reading 'label'"):
        ConditionalPredictor("queue", 8, 8, reading="probability").predict_exact("0")
    assert predictor.posterior(20) == before and predictor.rounds == 1
