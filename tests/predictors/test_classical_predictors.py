"""The classical predictors against their theorems and their definitions, and the contract they all keep."""

from __future__ import annotations

import copy
import importlib
import itertools
import math
import pickle
import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.bounds.losses import (
    best_rate_loss,
    krichevsky_trofimov_ceiling,
    krichevsky_trofimov_probability,
    log2_ratio,
    log_loss,
)
from induction.predictors import (
    BerlekampMassey,
    BitPredictor,
    ContextTree,
    ExactPredictor,
    KrichevskyTrofimov,
    LempelZiv,
    Mixture,
    RiverAdapter,
    Uniform,
    fresh,
    is_exact,
    portfolio,
    total_loss,
)

MAKERS = {
    "uniform": Uniform,
    "krichevsky_trofimov": KrichevskyTrofimov,
    "context_tree_2": lambda: ContextTree(2),
    "context_tree_48": ContextTree,
    "berlekamp_massey": BerlekampMassey,
    "lempel_ziv": LempelZiv,
    "portfolio": lambda: portfolio(depth=5),
}
EXACT = [Uniform, KrichevskyTrofimov, BerlekampMassey, LempelZiv]

every = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
data = st.lists(st.integers(0, 1), max_size=60)


def exact_probability(predictor, bits):
    product = Fraction(1)
    for bit in bits:
        product *= predictor.predict_exact()[bit]
        predictor.learn_one(bit)
    return product


# The contract


@pytest.mark.small
@every
@settings(max_examples=15, deadline=None)
@given(bits=data)
def test_predictions_are_positive_and_sum_to_one(make, bits):
    predictor = make()
    assert isinstance(predictor, BitPredictor)
    for bit in bits:
        chances = predictor.predict_proba_one()
        assert set(chances) == {0, 1} and min(chances.values()) > 0
        assert sum(chances.values()) == pytest.approx(1, abs=1e-14)
        assert predictor.predict_proba_one() == chances
        assert predictor.learn_one(bit) is predictor


@pytest.mark.small
@every
def test_probabilities_of_all_strings_sum_to_one(make):
    length = 6 if make is MAKERS["portfolio"] else 9
    probabilities = [2.0 ** -total_loss(make(), s) for s in itertools.product((0, 1), repeat=length)]
    assert abs(math.fsum(probabilities) - 1) <= 1e-12


@pytest.mark.small
@every
@settings(max_examples=10, deadline=None)
@given(bits=data)
def test_loss_bits_is_the_sum_of_what_the_predictions_lost(make, bits):
    predictor = make()
    assert total_loss(predictor, bits) == pytest.approx(predictor.loss_bits, abs=1e-9)


@pytest.mark.small
@every
@settings(max_examples=10, deadline=None)
@given(before=data, after=data)
def test_copies_keep_what_was_learned_and_clones_do_not(make, before, after):
    predictor = make()
    total_loss(predictor, before)
    assert repr(fresh(predictor)) == repr(make())
    assert total_loss(fresh(predictor), after) == total_loss(make(), after)
    twins = [copy.deepcopy(predictor), pickle.loads(pickle.dumps(predictor))]
    going_on = total_loss(predictor, after)
    assert [total_loss(twin, after) for twin in twins] == [going_on, going_on]


@pytest.mark.small
@every
@settings(max_examples=10, deadline=None)
@given(bits=data)
def test_asking_for_predictions_changes_nothing(make, bits):
    asked, silent = make(), make()
    for bit in bits:
        for _ in range(3):
            asked.predict_proba_one()
        asked.learn_one(bit)
        silent.learn_one(bit)
    assert asked.predict_proba_one() == silent.predict_proba_one() and asked.loss_bits == silent.loss_bits


@pytest.mark.small
@every
@pytest.mark.parametrize("wrong", [2, -1, "1", None, 0.5])
def test_what_is_not_a_bit_is_refused_and_not_learned(make, wrong):
    predictor = make().learn_one(1)
    before = predictor.predict_proba_one()
    with pytest.raises(ValueError, match="only 0 and 1"):
        predictor.learn_one(wrong)
    assert predictor.predict_proba_one() == before and predictor.loss_bits == make().learn_one(1).loss_bits


@pytest.mark.parametrize("make", EXACT)
@settings(deadline=None)
@given(bits=data)
def test_fractions_and_floats_are_the_same_prediction(make, bits):
    predictor = make()
    assert isinstance(predictor, ExactPredictor) and is_exact(predictor)
    for bit in bits:
        exact, floats = predictor.predict_exact(), predictor.predict_proba_one()
        assert exact[0] + exact[1] == 1 and floats == {0: float(exact[0]), 1: float(exact[1])}
        predictor.learn_one(bit)


@pytest.mark.parametrize("make", EXACT)
def test_exact_probabilities_of_all_strings_sum_to_exactly_one(make):
    assert sum(exact_probability(make(), string) for string in itertools.product((0, 1), repeat=7)) == 1


def test_importing_the_package_does_not_import_numba():
    code = "import sys, induction.predictors; print('numba' in sys.modules, 'sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.split() == ["False"] * 2


@settings(deadline=None)
@given(data)
def test_river_adapter_ignores_features_and_predicts_the_same(bits):
    adapter, plain = RiverAdapter(KrichevskyTrofimov()), KrichevskyTrofimov()
    for bit in bits:
        assert adapter.predict_proba_one({"x": 1}) == plain.predict_proba_one()
        assert adapter.predict_proba_one({})[bool(bit)] == plain.predict_proba_one()[bit]
        assert adapter.predict_one({}) == (plain.ones > plain.zeros)
        adapter.learn_one({"x": bit}, bool(bit))
        plain.learn_one(bit)
    assert adapter.clone().predict_proba_one() == {0: 0.5, 1: 0.5}


@pytest.mark.parametrize(
    "check",
    [
        "common.check_learn_one",
        "common.check_predict_one_pure",
        "common.check_predict_one_before_any_learn",
        "common.check_no_state_aliasing_with_input",
        "common.check_clone_is_independent",
        "common.check_pickling",
        "clf.check_predict_proba_one",
        "clf.check_predict_proba_one_binary",
        "clf.check_classifier_tracks_seen_labels",
    ],
)
def test_river_adapter_passes_river_checks(check):
    checks = pytest.importorskip("river.checks")
    importlib.import_module("river.base").Classifier.register(RiverAdapter)
    module, name = check.split(".")
    dataset = [({"a": i, "b": -i}, bool(i * i % 7 & 1)) for i in range(40)]
    getattr(getattr(checks, module), name)(RiverAdapter(portfolio(depth=3)), dataset)


def test_river_evaluates_the_adapter_to_the_same_loss():
    evaluate, metrics = pytest.importorskip("river.evaluate"), pytest.importorskip("river.metrics")
    importlib.import_module("river.base").Classifier.register(RiverAdapter)
    adapter = RiverAdapter(KrichevskyTrofimov())
    bits = [int(i % 5 < 2) for i in range(60)]
    nats = evaluate.progressive_val_score([({}, bool(bit)) for bit in bits], adapter, metrics.LogLoss()).get()
    assert nats * 60 / math.log(2) == pytest.approx(total_loss(KrichevskyTrofimov(), bits))


def test_a_predictor_without_clone_is_named():
    with pytest.raises(ValueError, match="object has no clone"):
        fresh(object())


# Krichevsky–Trofimov


@settings(deadline=None)
@given(data)
def test_krichevsky_trofimov_probability_depends_on_the_counts_only(bits):
    assert exact_probability(KrichevskyTrofimov(), bits) == krichevsky_trofimov_probability(bits.count(0), sum(bits))


def test_krichevsky_trofimov_costs_at_most_half_a_logarithm_and_one_bit_over_the_best_rate():
    """In whole numbers: KT² · 4n ≥ ((a/n)^a (b/n)^b)², for all counts up to 120 rounds."""
    for n in range(1, 121):
        for ones in range(n + 1):
            zeros = n - ones
            best = Fraction(zeros**zeros * ones**ones, n**n)
            assert krichevsky_trofimov_probability(zeros, ones) ** 2 * 4 * n >= best**2


def test_krichevsky_trofimov_ceiling_is_attained_at_one_round():
    assert krichevsky_trofimov_ceiling(1) == 1.0 == total_loss(KrichevskyTrofimov(), "1") - best_rate_loss(0, 1)


@settings(deadline=None)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=400))
def test_krichevsky_trofimov_loss_stays_under_its_ceiling(bits):
    best = best_rate_loss(bits.count(0), sum(bits))
    assert total_loss(KrichevskyTrofimov(), bits) <= best + krichevsky_trofimov_ceiling(len(bits)) + 1e-9


# Context-tree weighting


def weighted(bits, depth, context=()):
    """P_w of the bits that come after `context` (latest first), from the definition, in Fractions."""
    padded = [0] * depth + list(bits)
    length = len(context)
    seen = [
        bit for at, bit in enumerate(bits) if tuple(padded[at + depth - length : at + depth][::-1]) == context
    ]
    own = krichevsky_trofimov_probability(seen.count(0), sum(seen))
    if len(context) == depth or not seen:
        return own
    return (own + weighted(bits, depth, (*context, 0)) * weighted(bits, depth, (*context, 1))) / 2


@pytest.mark.small
@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=24), st.integers(0, 7))
def test_context_tree_agrees_with_its_definition(bits, depth):
    exact = weighted(bits, depth)
    assert total_loss(ContextTree(depth), bits) == pytest.approx(-math.log2(exact), abs=1e-11)


@pytest.mark.small
@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=30), st.integers(8, 48), st.integers(1, 7))
def test_context_tree_agrees_with_its_definition_on_periodic_data_and_long_contexts(bits, depth, period):
    bits = [bits[i % period % len(bits)] for i in range(len(bits))]
    assert total_loss(ContextTree(depth), bits) == pytest.approx(-math.log2(weighted(bits, depth)), abs=1e-11)


@pytest.mark.small
@settings(deadline=None)
@given(data)
def test_depth_zero_is_krichevsky_trofimov(bits):
    assert total_loss(ContextTree(0), bits) == pytest.approx(total_loss(KrichevskyTrofimov(), bits), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=1, max_size=300), st.integers(0, 6), st.integers(7, 48))
def test_context_tree_loss_is_at_most_that_of_every_markov_source_and_its_cost(bits, order, depth):
    """The tree of all contexts of one length: k leaves cost 2k - 1 bits and a Krichevsky–Trofimov code each."""
    counts = {}
    for at, bit in enumerate(bits):
        counts.setdefault(tuple((([0] * order) + bits)[at : at + order]), [0, 0])[bit] += 1
    own = sum(-math.log2(krichevsky_trofimov_probability(*pair)) for pair in counts.values())
    assert total_loss(ContextTree(depth), bits) <= own + 2 * 2**order - 1 + 1e-9


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_context_tree_memory_is_linear_and_small_on_data_without_repeats(random):
    tree = ContextTree()
    total_loss(tree, [random.getrandbits(1) for _ in range(2000)])
    assert tree.nodes <= 4 * 2000


def test_context_tree_arrays_grow_without_changing_predictions():
    bits = [(i * i // 7) & 1 for i in range(700)]
    tree = ContextTree(10)
    losses = [tree.learn_one(bit).loss_bits for bit in bits]
    assert losses[-1] == pytest.approx(-math.log2(weighted(bits, 10)), abs=1e-9)
    assert losses == sorted(losses)


@pytest.mark.parametrize("depth", [-1, 49, 1.5, True, "8"])
def test_depths_out_of_range_are_refused(depth):
    with pytest.raises(ValueError, match="0 to 48"):
        ContextTree(depth)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=12), st.integers(0, 5))
def test_mixture_with_a_context_tree_is_within_its_tolerance_of_the_exact_one(bits, depth):
    mixture = Mixture([ContextTree(depth), KrichevskyTrofimov()], [Fraction(2, 3), Fraction(1, 3)])
    total_loss(mixture, bits)
    kt = krichevsky_trofimov_probability(bits.count(0), sum(bits))
    exact = -math.log2((2 * weighted(bits, depth) + kt) / 3)
    assert not mixture.exact and mixture.tolerance_bits < 1e-10
    assert abs(mixture.loss_bits - exact) <= 2 * mixture.tolerance_bits


# Berlekamp–Massey


def fits(bits, taps):
    return all(
        bits[t] == sum(bits[t - i - 1] & tap for i, tap in enumerate(taps)) % 2 for t in range(len(taps), len(bits))
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=14))
def test_complexity_is_the_length_of_the_shortest_recurrence(bits):
    predictor = BerlekampMassey()
    total_loss(predictor, bits)
    shortest = next(k for k in itertools.count() if any(fits(bits, t) for t in itertools.product((0, 1), repeat=k)))
    assert predictor.complexity == shortest
    assert fits(bits, [int(i + 1 in predictor.recurrence) for i in range(predictor.complexity)])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=12))
def test_a_recurrence_of_order_k_is_never_missed_after_two_k_bits(pairs):
    taps, bits = [tap for tap, _ in pairs], [bit for _, bit in pairs]
    order = len(taps)
    for _ in range(80):
        bits.append(sum(bits[-i - 1] & tap for i, tap in enumerate(taps)) % 2)
    predictor = BerlekampMassey()
    for at, bit in enumerate(bits):
        assert at < 2 * order or predictor.guess == bit
        predictor.learn_one(bit)
    assert predictor.complexity <= order


@settings(deadline=None)
@given(data)
def test_berlekamp_massey_loses_the_krichevsky_trofimov_code_of_its_hits_and_misses(bits):
    predictor = BerlekampMassey()
    probability = exact_probability(predictor, bits)
    assert probability == krichevsky_trofimov_probability(predictor.hits, predictor.misses)


# Lempel–Ziv


@settings(deadline=None)
@given(st.lists(st.integers(0, 1), max_size=200))
def test_complete_phrases_cost_the_logarithm_of_a_factorial(bits):
    predictor, phrases, current = LempelZiv(), set(), ()
    probability = Fraction(1)
    for bit in bits:
        probability *= predictor.predict_exact()[bit]
        predictor.learn_one(bit)
        current += (bit,)
        if current not in phrases:
            phrases.add(current)
            current = ()
            assert probability == Fraction(1, math.factorial(len(phrases) + 1))
        assert predictor.phrases == len(phrases)


def test_lempel_ziv_loss_grows_slower_than_the_data_on_a_period():
    assert total_loss(LempelZiv(), [0, 1, 1] * 2000) < 0.25 * 6000


# Portfolio


@settings(max_examples=20, deadline=None)
@given(bits=st.lists(st.integers(0, 1), max_size=150), period=st.none() | st.integers(1, 9))
def test_portfolio_loses_at_most_the_logarithm_of_the_weight_beyond_the_best_member(bits, period):
    if period and bits:
        bits = [bits[i % period % len(bits)] for i in range(150)]
    mixture = portfolio(depth=12)
    total_loss(mixture, bits)
    for name, member in mixture.members.items():
        alone = fresh(member)
        total_loss(alone, bits)
        assert alone.loss_bits == member.loss_bits
        assert mixture.loss_bits <= alone.loss_bits - math.log2(mixture.weights[name]) + 1e-9
    assert mixture.loss_bits <= mixture.bound_bits and mixture.mistakes <= mixture.mistake_bound


def test_portfolio_takes_weights_by_name():
    names = list(portfolio().weights)
    weights = {name: Fraction(1, 2 ** (i + 1)) for i, name in enumerate(reversed(names))}
    assert portfolio(weights=weights).weights == weights
    assert portfolio(weights=weights).clone().weights == weights
    with pytest.raises(ValueError, match="weights name"):
        portfolio(weights={"uniform": Fraction(1)})


def test_classical_predictors_mix_exactly():
    mixture = Mixture([make() for make in EXACT])
    product = exact_probability(mixture, [0, 1, 1] * 30)
    own = [exact_probability(make(), [0, 1, 1] * 30) for make in EXACT]
    assert mixture.exact and product == sum(own) / 4


# Arithmetic of losses


@settings(deadline=None)
@given(st.integers(0, 2**300), st.integers(1, 2**300))
def test_log2_ratio_encloses_the_logarithm(numerator, denominator):
    below, above = log2_ratio(numerator, denominator)
    if numerator:
        shift = int(below) - 60
        scaled = Fraction(numerator, denominator) * Fraction(2) ** -shift
        assert below - shift - 1e-9 <= math.log2(scaled) <= above - shift + 1e-9
        assert below <= above <= below + 1e-9
    else:
        assert below == above == -math.inf


@settings(deadline=None)
@given(st.integers(1, 2**200), st.integers(0, 500), st.integers(0, 500))
def test_log2_ratio_of_a_power_of_two_is_exact(factor, up, down):
    assert log2_ratio(factor << up, factor << down) == (up - down, up - down)


def test_log_loss_of_the_impossible_is_infinite():
    assert log_loss(0.0) == math.inf and log_loss(0.25) == 2.0


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="at least 0"):
        krichevsky_trofimov_probability(-1, 0)
    with pytest.raises(ValueError, match="at least 0"):
        krichevsky_trofimov_ceiling(-1)
