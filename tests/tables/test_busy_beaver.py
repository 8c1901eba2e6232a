"""The tables of small machines against their definition and against published totals."""

import json
import math
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.tables import busy_beaver
from induction.tables.busy_beaver import distribution

HALT = -1
small = pytest.mark.small


# The slow twins, from the definition.


def moves_and_halts(n):
    """All 4n + 2 contents of a slot: (symbol, direction, next state)."""
    return [(w, d, q) for w in (0, 1) for d in (-1, 1) for q in range(n)] + [(w, 0, HALT) for w in (0, 1)]


def naive_run(table, blank, cut):
    """('halt', steps, output), ('needs', slot) or ('cut',), given moves and halts by (state, symbol)."""
    tape, head, state = {0: blank}, 0, 0
    for step in range(1, cut + 1):
        slot = (state, tape[head])
        if slot not in table:
            return "needs", slot
        symbol, direction, state = table[slot]
        tape[head] = symbol
        if state == HALT:
            return "halt", step, "".join(str(tape[i]) for i in sorted(tape))
        head += direction
        tape.setdefault(head, blank)
    return ("cut",)


@cache
def naive_runs(n, cut):
    """(steps, output) of every machine on both blanks that halts within the cut, with how often it occurs."""
    slots = list(product(range(n), (0, 1)))
    runs = Counter()
    for contents in product(moves_and_halts(n), repeat=2 * n):
        table = dict(zip(slots, contents, strict=True))
        for blank in (0, 1):
            end = naive_run(table, blank, cut)
            if end[0] == "halt":
                runs[end[1:]] += 1
    return runs


def naive_distribution(n, cut):
    """Halting runs by output, every machine run."""
    counts = Counter()
    for (steps, output), machines in naive_runs(n, 9).items():
        counts[output] += machines * (steps <= cut)
    return +counts


def lazy_distribution(n, cut):
    """Halting runs by output; a slot is filled, in every way, when a run needs it, and no symmetry is used."""
    counts = Counter()

    def explore(table, blank):
        end = naive_run(table, blank, cut)
        if end[0] == "halt":
            counts[end[2]] += (4 * n + 2) ** (2 * n - len(table))
        elif end[0] == "needs":
            for content in moves_and_halts(n):
                explore({**table, end[1]: content}, blank)

    explore({}, 0)
    explore({}, 1)
    return counts


# The tables.


@small
@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("cut", range(1, 10))
def test_distribution_is_what_running_every_machine_gives(n, cut):
    assert distribution(n, cut).counts == naive_distribution(n, cut)


@small
@settings(deadline=None, max_examples=8)
@given(st.sampled_from([(3, 2), (3, 3), (3, 4), (4, 1), (4, 2), (4, 3), (5, 2), (5, 3)]))
def test_distribution_is_what_filling_slots_without_symmetry_gives(case):
    assert distribution(*case).counts == lazy_distribution(*case)


@pytest.mark.slow
def test_distribution_of_three_states_is_what_filling_slots_without_symmetry_gives():
    assert distribution(3).counts == lazy_distribution(3, 21)


PUBLISHED = [(1, 24, 2, 1, 1), (2, 6_088, 22, 6, 4), (3, 4_294_368, 128, 21, 6), (4, 5_970_768_960, 1_832, 107, 13)]


@pytest.mark.parametrize(
    ("n", "runs", "strings", "steps", "ones"), [pytest.param(*row, marks=[small] * (row[0] < 3)) for row in PUBLISHED]
)
def test_totals_and_busy_beaver_values_are_the_published_ones(n, runs, strings, steps, ones):
    table = distribution(n)
    assert (table.runs, len(table.counts), table.most_steps, table.most_ones) == (runs, strings, steps, ones)
    assert sum(table.counts.values()) == runs


@small
def test_counts_of_two_states_are_the_published_ones():
    expected = {2000: "0 1", 508: "00 01 10 11", 6: "001 011 100 110", 4: "000 010 101 111"}
    expected[2] = "0000 0010 0100 0110 1001 1011 1101 1111"
    counts = distribution(2).counts
    assert {count: " ".join(s for s in counts if counts[s] == count) for count in counts.values()} == expected


@pytest.mark.parametrize(("n", "cut"), [(2, 5_000), (3, 2_000), (4, 108), (4, 700)])
def test_no_run_halts_after_the_busy_beaver_value(n, cut):
    assert distribution(n, cut).counts == distribution(n).counts


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_smaller_cut_only_takes_runs_away(n):
    whole, part = distribution(n), distribution(n, busy_beaver.CUTS[n] - 1)
    assert part.runs < whole.runs
    assert all(count <= whole.counts[string] for string, count in part.counts.items())
    assert part.most_steps < whole.most_steps == busy_beaver.CUTS[n]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_counts_are_the_same_for_mirror_images_and_complements(n):
    counts = distribution(n).counts
    flip = str.maketrans("01", "10")
    assert all(counts[s] == counts[s[::-1]] == counts[s.translate(flip)] for s in counts)


@small
@pytest.mark.parametrize("split", [(1, 3), (3, 0), (5, 3), (7, 2), (40, 1)])
@pytest.mark.parametrize("workers", [1, 3])
def test_distribution_does_not_depend_on_shards_and_workers(monkeypatch, split, workers):
    expected = distribution(2, 6)
    monkeypatch.setitem(busy_beaver._SPLITS, 2, split)
    assert distribution(2, 6, workers=workers) == expected


def test_distribution_of_four_states_does_not_depend_on_shards_and_workers(monkeypatch):
    expected = distribution(4).to_csv()
    assert distribution(4, workers=2).to_csv() == expected
    monkeypatch.setitem(busy_beaver._SPLITS, 4, (5, 3))
    assert distribution(4, workers=3).to_csv() == expected


# What a result says.


@small
def test_csv_is_sorted_by_count_then_length_then_text_and_gives_k():
    table = distribution(2)
    header, *rows = table.to_csv().splitlines()
    assert header == "string,count,K"
    cells = [row.split(",") for row in rows]
    assert cells == sorted(cells, key=lambda row: (-int(row[1]), len(row[0]), row[0]))
    assert {string: int(count) for string, count, _ in cells} == table.counts
    assert all(abs(float(k) + math.log2(int(count) / 6088)) < 1e-9 for _, count, k in cells)


@small
def test_probabilities_are_exact_and_sum_to_one():
    table = distribution(2)
    assert table.probability("0") == Fraction(2000, 6088)
    assert sum(map(table.probability, table.counts)) == 1
    assert table.complexity("0") == -math.log2(2000 / 6088)
    assert table.probability("0101010101") == 0
    assert table.complexity("0101010101") == math.inf
    assert json.loads(json.dumps(table.to_json()))["counts"] == table.counts
    assert len(repr(table)) < 200
    with pytest.raises(ValueError, match="only 0 and 1"):
        table.probability("012")


@small
@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"n": 6}, {"n": True}, {"n": 2.0}, {"n": "2"}, {"n": 2, "cut": 0}, {"n": 2, "cut": 10**6 + 1}]
    + [{"n": 2, "workers": 0}, {"n": 2, "workers": 257}, {"n": 2, "cut": -1}],
)
def test_bad_arguments_are_refused_with_what_is_allowed(wrong):
    name = list(wrong)[-1]
    with pytest.raises(ValueError, match=rf"^{name} is .*; allowed are whole numbers from 1 to \d+"):
        distribution(**wrong)
