"""Where each predictor wins: counts and order follow from the losses."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from induction import Mixture
from induction.experiments.baselines import baselines, random_sources
from induction.experiments.compare import OURS, compare, rivals
from induction.inductor.predictor import Predictor
from induction.plots.baselines import caption, figure
from induction.plots.style import save
from induction.predictors import portfolio, total_loss
from induction.sources.sequences import sequence

NAMES = ("zeros", "fibonacci-word", "coin", "lfsr-4", "squares")
SMALL = Predictor(max_length=16, max_steps=32)


@pytest.fixture(scope="module")
def result():
    return baselines(NAMES, bits=64, predictor=SMALL)


def test_losses_are_those_of_compare(result):
    expected = compare(NAMES, bits=64, predictors=rivals(SMALL))
    for row in expected.rows:
        assert result.losses.loss(row.source, row.predictor) == row.loss_bits
    assert set(result.losses.lengths) == {*NAMES, *random_sources()}
    assert set(result.losses.lengths.values()) == {64}


def test_every_source_is_won_once_or_shared(result):
    alone = sum(row.best_alone for row in result.standings)
    shared = sum(len(result.best(source)) > 1 for source in result.losses.lengths)
    assert alone + shared == len(result.losses.lengths)
    for source in result.losses.lengths:
        least = min(result.losses.loss(source, name) for name in result.predictors)
        assert all(result.losses.loss(source, name) <= least + 0.01 for name in result.best(source))


def test_the_distance_from_the_best_is_0_where_a_predictor_wins(result):
    table = result.table()
    for i, row in enumerate(result.standings):
        gaps = table[:, i] - table.min(axis=1)
        assert row.worst == gaps.max() and row.behind == np.median(gaps)
        assert row.total_loss == table[:, i].sum()
        assert gaps[list(result.losses.lengths).index(row.worst_at)] == row.worst


def test_programs_win_on_a_short_program_and_lose_on_a_shift_register(result):
    assert result.best("fibonacci-word") == [OURS]
    assert OURS not in result.best("lfsr-4")
    assert result.order.index("zeros") < result.order.index("lfsr-4")
    assert sorted(result.order) == sorted(result.losses.lengths)


def test_the_mixture_of_programs_and_portfolio_loses_what_it_is_said_to_lose(result):
    for name in ("fibonacci-word", "lfsr-4"):
        mixture = Mixture({"programs": SMALL.clone(), "portfolio": portfolio()})
        both = result.both(name)
        assert both == pytest.approx(total_loss(mixture, sequence(name).bits(64)), abs=1e-6)
        assert both <= 1 + min(result.losses.loss(name, each) for each in (OURS, "portfolio"))


def test_results_are_json_and_drawn_with_the_same_bytes(result, tmp_path):
    told = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert [row["predictor"] for row in told["standings"]] == list(result.predictors)
    assert len(told["sources"]) == len(result.losses.lengths)
    assert {*result.predictors[1:], "both"} <= {row["name"] for row in told["legend"]}
    assert all(len(row["meaning"]) <= 48 for row in told["legend"])
    assert math.isclose(told["both_total_bits"], sum(row["both_bits"] for row in told["sources"]))
    assert f"Of {len(result.losses.lengths)} sources" in caption(result)
    paths = [save(figure(result), tmp_path / name) for name in ("a.png", "b.png")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"bits": 0}, "bits is 0"),
        ({"names": ["zeroes"]}, "did you mean"),
        ({"names": (), "noisy": False}, "nothing to compare"),
    ],
)
def test_bad_input_is_refused(options, words):
    with pytest.raises(ValueError, match=words):
        baselines(**{"names": ["zeros"], "bits": 2, "predictor": SMALL} | options)
