"""Every statement about Bayes mixtures, on members and data that hypothesis picks."""

from __future__ import annotations

import copy
import itertools
import math
import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.bounds.losses import log2_ratio
from induction.predictors import KrichevskyTrofimov, Mixture, Uniform, total_loss

LENGTH = 20
SLACK = 1e-9  # bits; only where a test adds up floats of its own

data = st.lists(st.integers(0, 1), max_size=LENGTH)
sixteenths = st.integers(0, 16).map(lambda a: Fraction(a, 16))
measure_rows = sixteenths.map(lambda p: (p, 1 - p))
semimeasure_rows = st.tuples(sixteenths, sixteenths).map(lambda pair: (pair[0], min(pair[1], 1 - pair[0])))


class Table:
    """Predicts what a list says round by round: pairs of Fractions, or None to sleep; ½ past its end."""

    def __init__(self, rows):
        self.rows = list(rows)
        self.at = 0

    def row(self):
        return self.rows[self.at] if self.at < len(self.rows) else (Fraction(1, 2), Fraction(1, 2))

    def predict_exact(self):
        row = self.row()
        return None if row is None else {0: row[0], 1: row[1]}

    def predict_proba_one(self):
        row = self.row()
        return None if row is None else {0: float(row[0]), 1: float(row[1])}

    def learn_one(self, bit):
        self.at += 1
        return self

    def clone(self):
        return Table(self.rows)


class Rounded:
    """A predictor stripped of its exact face."""

    def __init__(self, predictor):
        self.predictor = predictor

    def predict_proba_one(self):
        return self.predictor.predict_proba_one()

    def learn_one(self, bit):
        self.predictor.learn_one(bit)
        return self


def tables(rows):
    return st.lists(rows, max_size=LENGTH).map(Table)


def classes(rows):
    """One to four tables and, so that the loss stays finite, sometimes the uniform predictor and KT."""
    extra = st.sampled_from([(), (Uniform,), (Uniform, KrichevskyTrofimov)])
    return st.tuples(st.lists(tables(rows), min_size=1, max_size=4), extra).map(
        lambda pair: pair[0] + [make() for make in pair[1]]
    )


def with_weights(members):
    """Members with weights of sum at most 1, often less."""
    count = len(members)
    return st.lists(st.integers(1, 9), min_size=count, max_size=count).flatmap(
        lambda parts: st.integers(0, 5).map(lambda rest: (members, [Fraction(p, sum(parts) + rest) for p in parts]))
    )


def probability(member, bits):
    """A member's exact probability of the bits, from the definition; None factors (asleep) not allowed."""
    twin, product = member.clone(), Fraction(1)
    for bit in bits:
        product *= twin.predict_exact()[bit]
        twin.learn_one(bit)
    return product


def learned(members, weights, bits, **options):
    mixture = Mixture([m.clone() for m in members], weights, **options)
    for bit in bits:
        mixture.learn_one(bit)
    return mixture


def minus_log2(value):
    return -log2_ratio(value.numerator, value.denominator)[0]


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data)
def test_mixture_is_the_weighted_sum_of_its_members(case, bits):
    members, weights = case
    for bit in (0, 1):
        before = sum(w * probability(m, bits) for m, w in zip(members, weights, strict=True))
        after = sum(w * probability(m, [*bits, bit]) for m, w in zip(members, weights, strict=True))
        mixture = learned(members, weights, bits, normalised=False)
        assert mixture.exact
        if before:
            assert mixture.predict_exact()[bit] == after / before


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data, st.booleans(), st.booleans())
def test_loss_never_exceeds_bound(case, bits, normalised, exact):
    mixture = learned(*case, bits, normalised=normalised, exact=exact)
    assert mixture.loss_bits <= mixture.bound_bits
    scale = sum(case[1]) if normalised else Fraction(1)
    best = max(w * probability(m, bits) for m, w in zip(*case, strict=True))
    assert mixture.bound_bits >= (minus_log2(best / scale) - SLACK if best else math.inf)
    assert mixture.bound_bits <= (minus_log2(best / scale) + SLACK if best else math.inf)


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data, st.booleans())
def test_regret_against_every_member_is_at_most_its_prior_cost(case, bits, exact):
    mixture = learned(*case, bits, exact=exact)
    for row, member in zip(mixture.regret(), case[0], strict=True):
        assert row.regret_bits <= row.bound_bits
        assert row.rounds == len(bits)
        own = probability(member, bits)
        if own:
            assert row.regret_bits == pytest.approx(mixture.normalised_loss_bits - minus_log2(own), abs=SLACK)


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data)
def test_loss_is_at_most_that_of_every_subset(case, bits):
    mixture = learned(*case, bits, normalised=False)
    own = [w * probability(m, bits) for m, w in zip(*case, strict=True)]
    for size in range(1, len(own) + 1):
        for subset in itertools.combinations(own, size):
            assert mixture.unnormalised_loss_bits <= minus_log2(sum(subset)) if sum(subset) else True


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data, st.booleans())
def test_loss_equals_posterior_mean_loss_plus_divergence(case, bits, exact):
    left, right = learned(*case, bits, exact=exact).identity()
    assert left == right or abs(left - right) <= SLACK


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data, st.booleans())
def test_normalised_loss_never_exceeds_unnormalised(case, bits, exact):
    mixture = learned(*case, bits, exact=exact)
    assert mixture.normalised_loss_bits <= mixture.unnormalised_loss_bits + mixture.tolerance_bits


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data, st.booleans())
def test_losses_are_those_of_the_predictions(case, bits, normalised):
    members, weights = case
    mixture = Mixture([m.clone() for m in members], weights, normalised=normalised)
    product = Fraction(1) if normalised else sum(weights)
    for bit in bits:
        product *= mixture.predict_exact()[bit]
        mixture.learn_one(bit)
        if mixture.bound_bits == math.inf:  # nobody is left; from here ½ is predicted by convention
            break
        assert mixture.loss_bits <= -log2_ratio(product.numerator, product.denominator)[0]
        assert mixture.loss_bits == pytest.approx(minus_log2(product), abs=SLACK)


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data, st.booleans())
def test_mistakes_are_at_most_the_floor_of_the_loss(case, bits, exact):
    mixture = learned(*case, bits, exact=exact)
    assert mixture.mistakes <= mixture.mistake_bound
    assert mixture.mistake_bound <= mixture.normalised_loss_bits + SLACK or mixture.mistake_bound == math.inf


@settings(deadline=None)
@given(classes(measure_rows), st.integers(0, 40))
def test_anti_predictor_makes_every_round_a_mistake_and_the_bound_still_holds(members, rounds):
    mixture = Mixture([Uniform(), *members])
    for _ in range(rounds):
        chances = mixture.predict_exact()
        mixture.learn_one(0 if chances[1] > chances[0] else 1)
    assert mixture.mistakes == rounds <= mixture.mistake_bound
    assert rounds - SLACK <= mixture.loss_bits <= rounds + math.log2(len(members) + 1) + SLACK


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), st.lists(st.integers(0, 1), max_size=12))
def test_logarithms_agree_with_fractions_within_the_stated_tolerance(case, bits):
    exact, floats = learned(*case, bits, exact=True), learned(*case, bits, exact=False)
    assert exact.exact and not floats.exact
    assert exact.tolerance_bits == 0 <= floats.tolerance_bits < 1e-9
    for name in ("normalised_loss_bits", "unnormalised_loss_bits", "bound_bits"):
        a, b = getattr(exact, name), getattr(floats, name)
        assert a == b or abs(a - b) <= 2 * floats.tolerance_bits + 1e-12
    for bit in (0, 1):
        assert floats.predict_proba_one()[bit] == pytest.approx(float(exact.predict_exact()[bit]), abs=1e-12)
    for row in exact.posterior():
        twin = next(other for other in floats.posterior() if other.name == row.name)
        assert twin.weight == pytest.approx(float(row.weight), abs=1e-12)


@settings(deadline=None)
@given(st.data(), data, st.booleans())
def test_specialist_regret_over_awake_rounds_is_at_most_its_prior_cost(draw, bits, exact):
    sleepers = draw.draw(st.lists(tables(st.none() | semimeasure_rows), min_size=1, max_size=3))
    members = [*sleepers, draw.draw(st.sampled_from([Uniform(), KrichevskyTrofimov()]))]
    weights = draw.draw(with_weights(members))[1]
    exact = exact and len(bits) <= 6
    mixture = Mixture([m.clone() for m in members], weights, exact=exact)
    gaps, rounds = [0.0] * len(members), [0] * len(members)
    for at, bit in enumerate(bits):
        lost = -math.log2(mixture.predict_proba_one()[bit])
        for i, member in enumerate(mixture.members.values()):
            given_ = member.predict_proba_one()
            if given_ is not None:
                gaps[i] += lost + (math.log2(given_[bit]) if given_[bit] else -math.inf)
                rounds[i] += 1
        mixture.learn_one(bit)
        assert at < LENGTH
    assert mixture.loss_bits <= mixture.bound_bits
    for i, row in enumerate(mixture.regret()):
        assert row.regret_bits <= row.bound_bits
        assert row.rounds == rounds[i]
        assert row.bound_bits == pytest.approx(math.log2(sum(weights) / weights[i]))
        assert row.regret_bits == gaps[i] or abs(row.regret_bits - gaps[i]) < SLACK
    left, right = mixture.identity()
    assert abs(left - right) < SLACK


@settings(deadline=None)
@given(st.lists(st.tuples(st.none() | measure_rows, st.integers(0, 1)), max_size=6))
def test_awake_weights_keep_their_total_and_asleep_weights_stay(rounds):
    """The rule for specialists, step by step, in Fractions."""
    mixture = Mixture([Table([row for row, _ in rounds]), Uniform(), KrichevskyTrofimov()], exact=True)
    share = [Fraction(1, 3)] * 3
    for row, bit in rounds:
        given_ = [None if m.predict_exact() is None else m.predict_exact()[bit] for m in mixture.members.values()]
        awake = [i for i in range(3) if given_[i] is not None]
        xi = sum(share[i] * given_[i] for i in awake) / sum(share[i] for i in awake)
        assert mixture.predict_exact()[bit] == xi
        mixture.learn_one(bit)
        share = [share[i] * given_[i] / xi if i in awake else share[i] for i in range(3)]
        standing = {row.name: row.weight for row in mixture.posterior()}
        assert [standing[name] for name in mixture.members] == share


def test_a_member_whose_awake_attribute_is_false_sleeps():
    sleeper = Table([(Fraction(1), Fraction(0))] * 8)
    sleeper.awake = False
    mixture = Mixture({"sleeper": sleeper, "uniform": Uniform()})
    assert mixture.predict_proba_one() == {0: 0.5, 1: 0.5} and not mixture.exact
    mixture.learn_one(1)
    assert [row.rounds for row in mixture.regret()] == [0, 1] and sleeper.at == 1
    assert mixture.posterior()[0].weight == pytest.approx(0.5)


def test_a_round_in_which_everybody_sleeps_is_refused():
    mixture = Mixture([Table([None])])
    with pytest.raises(ValueError, match="asleep"):
        mixture.predict_proba_one()
    with pytest.raises(ValueError, match="asleep"):
        mixture.learn_one(0)


@settings(max_examples=20, deadline=None)
@given(classes(measure_rows))
def test_probabilities_of_all_strings_sum_to_one(members):
    mixture = Mixture(members)
    assert sum(probability(mixture, string) for string in itertools.product((0, 1), repeat=5)) == 1


@settings(deadline=None)
@given(classes(measure_rows), classes(measure_rows), data)
def test_mixture_of_mixtures_is_the_mixture_with_multiplied_weights(left, right, bits):
    outer = [Fraction(1, 3), Fraction(2, 3)]
    nested = Mixture([Mixture([m.clone() for m in left]), Mixture([m.clone() for m in right])], outer)
    shares = [outer[0] / len(left)] * len(left) + [outer[1] / len(right)] * len(right)
    flat = Mixture([m.clone() for m in left + right], shares)
    for bit in bits:
        assert nested.exact and nested.predict_exact() == flat.predict_exact()
        if nested.predict_exact()[bit] == 0:
            break
        nested.learn_one(bit)
        flat.learn_one(bit)
        assert nested.loss_bits == pytest.approx(flat.loss_bits, abs=SLACK)


@settings(deadline=None)
@given(classes(semimeasure_rows).flatmap(with_weights), data, st.booleans())
def test_copies_keep_state_and_clones_keep_parameters_only(case, bits, exact):
    mixture = learned(*case, bits, exact=exact)
    assert repr(mixture) == repr(mixture.clone())
    assert mixture.clone().predict_proba_one() == learned(*case, [], exact=exact).predict_proba_one()
    for twin in (copy.deepcopy(mixture), pickle.loads(pickle.dumps(mixture))):
        assert twin.predict_proba_one() == mixture.predict_proba_one()
        assert twin.learn_one(1).loss_bits == copy.deepcopy(mixture).learn_one(1).loss_bits
        assert twin.posterior() == copy.deepcopy(mixture).learn_one(1).posterior()


def test_a_mixture_without_survivors_has_infinite_loss_and_bound():
    mixture = Mixture([Table([(Fraction(1), Fraction(0))])]).learn_one(1).learn_one(0)
    assert mixture.loss_bits == mixture.bound_bits == mixture.mistake_bound == math.inf
    assert mixture.predict_proba_one() == {0: 0.5, 1: 0.5}
    assert mixture.identity() == (math.inf, math.inf)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=300, max_size=600))
def test_long_runs_in_logarithms_stay_within_tolerance_of_exact_ones(bits):
    floats = Mixture([Rounded(KrichevskyTrofimov()), Rounded(Uniform())])
    exact = Mixture([KrichevskyTrofimov(), Uniform()])
    for bit in bits:
        floats.learn_one(bit)
        exact.learn_one(bit)
    assert not floats.exact and exact.exact
    assert exact.loss_bits - 2 * floats.tolerance_bits <= floats.loss_bits <= exact.loss_bits
    assert exact.bound_bits <= floats.bound_bits <= exact.bound_bits + 2 * floats.tolerance_bits
    assert floats.tolerance_bits < 1e-9


def test_exact_weights_of_sleepers_that_grow_too_large_are_refused(monkeypatch):
    monkeypatch.setattr("induction.predictors.weights._LARGEST", 5000)
    rows = [(Fraction(i, 97), 1 - Fraction(i, 97)) for i in range(1, 41)]
    sleepers = [Table([None if (i >> k) & 1 else row for i, row in enumerate(rows)]) for k in range(4)]
    mixture = Mixture([*sleepers, KrichevskyTrofimov()], exact=True)
    with pytest.raises(ValueError, match="exact=False"):
        for _ in rows:
            mixture.learn_one(1)


@pytest.mark.parametrize(
    ("members", "options", "message"),
    [
        ([], {}, "no members"),
        ([Uniform(), object()], {}, "learn_one"),
        ([Uniform()], {"weights": [Fraction(3, 2)]}, "at most 1"),
        ([Uniform()], {"weights": [Fraction(0)]}, "positive"),
        ([Uniform()], {"weights": [Fraction(1, 2)] * 2}, "2 weights for 1"),
        ([Uniform()], {"weights": ["x"]}, "Fractions"),
        ({"a": Uniform()}, {"weights": {"b": Fraction(1)}}, "'b'"),
        ([Rounded(Uniform())], {"exact": True}, "exact=False"),
    ],
)
def test_bad_parameters_are_refused_with_one_clear_line(members, options, message):
    with pytest.raises(ValueError, match=message) as caught:
        Mixture(members, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("row", [(0.7, 0.7), (-0.1, 0.5), (math.nan, 0.5)])
def test_members_that_give_no_probabilities_are_refused(row):
    mixture = Mixture([Rounded(Table([row]))])
    with pytest.raises(ValueError, match="p \\+ q <= 1"):
        mixture.predict_proba_one()


@pytest.mark.parametrize("over", [2**-52, 1e-9, 9e-7])
def test_floats_that_sum_to_a_little_over_one_are_scaled_and_the_bound_holds(over):
    mixture = Mixture([Rounded(Table([(0.5 + over, 0.5)] * 200)), Rounded(Table([(0.25, 0.75 + over)] * 200))])
    losses = [-math.log2(mixture.predict_proba_one()[i & 1] * bool(mixture.learn_one(i & 1))) for i in range(200)]
    assert math.fsum(losses) == pytest.approx(mixture.loss_bits, abs=SLACK)
    assert math.fsum(losses) <= mixture.bound_bits


def test_the_same_object_twice_is_refused():
    one = Uniform()
    with pytest.raises(ValueError, match="clones"):
        Mixture([one, one])


def test_total_loss_is_what_the_mixture_reports():
    bits = "0110100110010110" * 8
    mixture = Mixture({"kt": KrichevskyTrofimov(), "uniform": Uniform()}, {"kt": Fraction(1, 4), "uniform": "3/4"})
    assert total_loss(mixture, bits) == pytest.approx(mixture.loss_bits)
    assert mixture.weights == {"kt": Fraction(1, 4), "uniform": Fraction(3, 4)}
