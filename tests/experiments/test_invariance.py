"""Machines compared on all strings of a length: numbers from the definition, correlations, the figure."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction import prior
from induction.budget import Budget
from induction.experiments.invariance import compare, invariance, pearson, ranks
from induction.tables.busy_beaver import distribution

BUDGETS = {name: Budget(14, 32) for name in ("queue", "turing", "brainphoque", "lambda")}


@pytest.fixture(scope="module")
def result():
    return invariance(4, states=2, budgets=BUDGETS)


def test_columns_are_the_prior_and_the_halting_distribution(result):
    assert result.columns == ("queue", "turing", "brainphoque", "lambda", "D(2)")
    strings = ["".join(x) for x in product("01", repeat=4)]
    for name in BUDGETS:
        table = prior(4, machine=name, max_length=14, max_steps=32)
        expected = [-math.log2(table[x]) if table[x] else math.inf for x in strings]
        assert result.bits[name] == pytest.approx(expected)
        assert result.open[name] == float(table.open["timeout"] + table.open["cut"])
    assert result.bits["D(2)"] == pytest.approx([distribution(2).complexity(x) for x in strings])


def test_the_largest_difference_is_over_all_strings_that_both_print(result):
    for pair in result.pairs:
        a, b = (prior_or_table(name, pair.length) for name in (pair.first, pair.second))
        gaps = {x: abs(math.log2(a[x] / b[x])) for x in a if a[x] and b[x]}
        assert pair.strings == len(gaps)
        if gaps:
            assert pair.largest == pytest.approx(max(gaps.values()))
            assert gaps[pair.at] == pytest.approx(pair.largest)
            assert pair.per_symbol == pair.largest / pair.length
        else:
            assert math.isnan(pair.largest)
            assert pair.at == ""


def prior_or_table(name: str, length: int) -> dict[str, Fraction]:
    strings = ["".join(x) for x in product("01", repeat=length)]
    if name == "D(2)":
        return {x: distribution(2).probability(x) for x in strings}
    return {x: prior(length, machine=name, max_length=14, max_steps=32)[x] for x in strings}


def test_every_pair_is_compared_at_every_length(result):
    assert len(result.pairs) == 4 * 10
    assert result.pair("queue", "turing").length == 4
    assert result.pair("queue", "turing", 2).length == 2
    with pytest.raises(KeyError):
        result.pair("turing", "queue")


def test_a_machine_agrees_with_itself_perfectly():
    bits = np.array([1.0, 2.0, 4.0, np.inf])
    pair = compare(2, ("a", bits), ("b", bits))
    assert (pair.strings, pair.largest, pair.spearman) == (3, 0.0, pytest.approx(1.0))


def test_no_string_in_common_is_said_so():
    pair = compare(1, ("a", np.array([1.0, np.inf])), ("b", np.array([np.inf, 1.0])))
    assert (pair.strings, pair.at, pair.to_json()["largest_bits"]) == (0, "", None)


values = st.lists(st.integers(-5, 5).map(float), min_size=2, max_size=12)


@pytest.mark.small
@given(values)
def test_ranks_count_smaller_values_and_half_the_equal_ones(numbers):
    expected = [sum(b < a for b in numbers) + (sum(b == a for b in numbers) + 1) / 2 for a in numbers]
    assert ranks(np.array(numbers)).tolist() == expected


@pytest.mark.small
@given(values)
def test_ranks_and_their_correlation_do_not_see_a_growing_change_of_scale(numbers):
    a = np.array(numbers)
    assert np.array_equal(ranks(a), ranks(np.exp(a)))
    r = pearson(ranks(a), ranks(-np.exp(a)))
    assert r == pytest.approx(-1.0) if len(set(numbers)) > 1 else math.isnan(r)


@pytest.mark.small
def test_correlation_is_the_textbooks():
    a, b = np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 3.0])
    assert pearson(a, b) == pytest.approx(0.5)
    assert math.isnan(pearson(a, np.ones(3)))


def test_the_result_is_json(result):
    shown = json.loads(json.dumps(result.to_json(), allow_nan=False))
    assert set(shown) == {"length", "machines", "pairs", "legend"}
    assert shown["machines"][0] == {"name": "queue", "max_length": 14, "max_steps": 32, "open": result.open["queue"]}
    keys = {"length", "first", "second", "strings", "pearson", "spearman", "largest_bits", "per_symbol_bits", "at"}
    assert all(set(pair) == keys for pair in shown["pairs"])


def test_progress_is_told_column_by_column():
    told = []
    invariance(2, machines=("queue", "turing"), states=1, budgets=BUDGETS, progress=lambda *a: told.append(a))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.small
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"length": 0}, "length is 0"),
        ({"length": 13}, "1 to 12"),
        ({"length": True}, "length is True"),
        ({"machines": ("queue", "queue")}, "each once"),
        ({"machines": ("queue",), "states": None}, "two or more"),
        ({"machines": ()}, "machines are none"),
        ({"machines": ("quue",)}, "did you mean"),
    ],
)
def test_bad_input_gives_one_line(arguments, said):
    with pytest.raises(ValueError, match=said) as raised:
        invariance(**{"length": 2, **arguments})
    assert "\n" not in str(raised.value)


def test_the_figure_shows_every_pair_twice_and_every_column(result, tmp_path):
    from induction.plots.invariance import caption, figure
    from induction.plots.style import save

    sheet = figure(result)
    grid = [axes for axes in sheet.axes if axes.get_title(loc="left") in result.columns]
    assert len(grid) == 5
    assert len(sheet.axes) == 25 + 1
    assert "agree most" in caption(result)
    assert "brainphoque 14" in caption(result)
    assert save(sheet, tmp_path / "machines.png").stat().st_size > 10_000


def test_the_legend_names_the_halting_distribution_only_where_it_is_a_column(result):
    names = [row["name"] for row in result.to_json()["legend"]]
    assert "D(2)" in names and "at" in names
    alone = invariance(2, machines=("queue", "turing"), states=None, budgets=BUDGETS).to_json()["legend"]
    assert not [row for row in alone if row["name"].startswith("D(")]
    assert all(len(row["meaning"]) <= 48 for row in result.to_json()["legend"])


def test_a_column_in_which_all_strings_are_alike_is_said_to_be_so(result):
    from induction.plots.invariance import alike, caption, figure

    flat = replace(result, bits=result.bits | {"lambda": 10 + np.linspace(0, 0.002, 16)})
    assert "lambda" in alike(flat)
    assert "lambda" in caption(flat).split("For ")[1]
    assert "lambda" not in caption(flat).split(" agree most")[0]
    words = [text.get_text() for axes in figure(flat).axes for text in axes.texts]
    assert sum("lambda: all x alike" in text for text in words) == 4
