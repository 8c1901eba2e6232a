"""The kernels of the tables: they stop where the definition stops, and no proof of a loop drops a halting run."""

import importlib.util
import os
import random
import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.tables import busy_beaver, walk
from induction.tables.busy_beaver import distribution

NO_JIT = os.environ.get("NUMBA_DISABLE_JIT", "0") == "1"
small = pytest.mark.small


def packed(table):
    """The table as the kernels' two integers."""
    columns = [0, 0]
    for state, symbol in product(range(walk.MOST_STATES), (0, 1)):
        entry = walk.EMPTY
        if (state, symbol) in table:
            write, direction, target = table[state, symbol]
            entry = 12 * target | write << 6 | (direction > 0) << 7
        columns[symbol] |= entry << 12 * state
    return np.int64(columns[0]), np.int64(columns[1])


def naive_needs(table, cut):
    """(state, cells, place of the head, steps) when a slot is needed within the cut, else None."""
    cells, head, state = {0: 0}, 0, 0
    for step in range(cut):
        if (state, cells[head]) not in table:
            return state, [cells[i] for i in sorted(cells)], head - min(cells), step
        cells[head], direction, state = table[state, cells[head]]
        head += direction
        cells.setdefault(head, 0)
    return None


def random_table(rng):
    """A table of 2 to 5 states with one slot left open, sometimes two."""
    n = rng.randint(2, walk.MOST_STATES)
    slots = list(product(range(n), (0, 1)))
    table = {slot: (rng.randrange(2), rng.choice((-1, 1)), rng.randrange(n)) for slot in slots}
    for slot in rng.sample(slots, rng.choice((1, 1, 2))):
        del table[slot]
    return table


def run_both(table, cut, width):
    """The kernels' answer, the wide one where the first gives up: like naive_needs."""
    zero, one = packed(table)
    start = np.int64(0)
    fate, tape, state, left, right, steps = walk.run_window(
        zero, one, np.uint64(0), start, start, start, start, np.int64(cut)
    )
    if fate == walk._WIDE or width < walk.WINDOW:
        cells = np.zeros(2 * cut + 3, np.uint8)
        fate, state, head, low, high, steps = walk.run_wide(zero, one, cells, np.int64(cut))
        found, place = cells[low : high + 1].tolist(), head - low
    else:
        found, place = [int(tape) >> (i % 64) & 1 for i in range(-left, right + 1)], left
    return (state // 12, found, place, steps) if fate == walk._HALT else None


@small
@settings(deadline=None, max_examples=10 if NO_JIT else 100)
@given(st.integers(0, 2**32), st.sampled_from([1, 5, 60, 500]), st.sampled_from([0, 64]))
def test_kernels_stop_where_the_definition_stops_and_no_proof_drops_a_run(seed, cut, width):
    rng = random.Random(seed)
    for _ in range(5 if NO_JIT else 30):
        table = random_table(rng)
        assert run_both(table, cut, width) == naive_needs(table, cut)


LOOPS = {
    "right for ever": ({(0, 0): (1, 1, 0)}, 10),
    "left for ever in three steps a cell": ({(0, 0): (1, -1, 1), (1, 0): (0, 1, 2), (2, 1): (1, -1, 0)}, 40),
    "to and fro": ({(0, 0): (0, 1, 1), (1, 0): (0, -1, 0)}, 20),
    "rewriting one place": ({(0, 0): (1, 1, 1), (1, 0): (0, -1, 0), (0, 1): (0, 1, 1)}, 30),
}


@small
@pytest.mark.parametrize("name", LOOPS)
def test_loops_are_proved_long_before_the_cut(name):
    table, steps = LOOPS[name]
    start = np.int64(0)
    end = walk.run_window(*packed(table), np.uint64(0), start, start, start, start, np.int64(100_000))
    assert end[0] == walk._NEVER
    assert end[-1] <= steps


def narrow_walk(tmp_path, width):
    """The walk with a window so narrow that most runs need the wide tape."""
    source = Path(walk.__file__).read_text()
    changed, found = re.subn(r"^WINDOW = 64 ", f"WINDOW = {width} ", source, flags=re.M)
    assert found == 1
    path = tmp_path / "narrow_walk.py"
    path.write_text(changed)
    spec = importlib.util.spec_from_file_location("narrow_walk", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@small
def test_runs_on_the_wide_tape_count_like_those_in_the_window(tmp_path, monkeypatch):
    states = (2,) if NO_JIT else (2, 3, 4)
    expected = [distribution(n) for n in states]
    monkeypatch.setattr("induction.tables.walk", narrow_walk(tmp_path, 4))
    assert [distribution(n) for n in states] == expected


@small
@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 1), min_size=17, max_size=200), st.integers(0, 2**30), st.integers(1, 2**40))
def test_spilled_outputs_of_any_length_are_read_back(bits, place, machines):
    place %= len(bits)
    settings_ = np.zeros(walk.SETTINGS, np.int64)
    spill, counts = np.zeros(32, np.int64), np.zeros(2 << walk.SHORT, np.int64)
    cells = np.array([0, *bits, 0], np.uint8)
    walk._record_wide(settings_, spill, cells, 1, len(bits), place + 1, machines)
    if len(bits) <= 64:
        tape = sum(bit << (i - place) % 64 for i, bit in enumerate(bits))
        walk._record(settings_, counts, spill, np.uint64(tape), place, len(bits) - 1 - place, machines)
    text = "".join(map(str, bits))
    both = [(text[:place] + halt + text[place + 1 :], machines) for halt in "01"]
    assert list(busy_beaver._spilled(spill[: settings_[walk.SPILLED]].tolist())) == both * (1 + (len(bits) <= 64))
    assert settings_[walk.MOST_ONES] == max(string.count("1") for string, _ in both)


class Checked(np.ndarray):
    """An array that refuses the negative indices that Python would wrap around."""

    def __getitem__(self, index):
        self._check(index)
        return super().__getitem__(index)

    def __setitem__(self, index, value):
        self._check(index)
        super().__setitem__(index, value)

    @staticmethod
    def _check(index):
        if any(i < 0 for i in (index if isinstance(index, tuple) else (index,)) if not isinstance(i, slice)):
            raise IndexError(f"{index} is negative")


@small
@pytest.mark.skipif(not NO_JIT, reason="compiled kernels take plain arrays only")
@pytest.mark.parametrize("width", [4, 64])
def test_no_kernel_uses_an_index_outside_its_arrays(tmp_path, monkeypatch, width):
    expected = distribution(2, 40)
    module = narrow_walk(tmp_path, width)
    plain = module.walk
    calls = []

    def checked(*arrays):
        calls.append(arrays)
        return plain(*(array.view(Checked) for array in arrays))

    module.walk = checked
    monkeypatch.setattr("induction.tables.walk", module)
    assert distribution(2, 40) == expected
    assert calls
