"""A traced memory is the one that the slow twin has, and that the rules ask for, after every round and step."""

from __future__ import annotations

import json
from collections import deque

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import run
from induction.enumeration.library import load
from induction.enumeration.trace import BLANK, trace
from induction.machines.turing_text import parse

PROGRAMS = st.text("01", min_size=1, max_size=40)


class Watched(naive.Queue):
    """The queue machine of the slow twin, with a record of each round: its rule and the queue at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.rounds: list[tuple[tuple[int, str], str]] = []

    def execute(self, run: naive.Run, rule: tuple[int, str], queue: deque) -> None:
        before = run.steps
        try:
            super().execute(run, rule, queue)
        finally:
            if run.steps > before:
                self.rounds.append((rule, "".join(queue)))


@pytest.mark.small
@settings(max_examples=60)
@given(PROGRAMS, st.integers(1, 12))
def test_the_queue_is_that_of_the_slow_twin_after_every_round(program, bits):
    traced = trace(program, bits=bits, max_steps=12)
    twin = Watched()
    naive.Run(naive.Tape(program), 12, traced.run.steps or None, bits).record(twin, "")
    assert traced.complete
    assert len(traced.rules) == len(twin.rounds)
    for row, ((state, symbol), queue) in enumerate(twin.rounds):
        assert traced.rules[row] == f"{state},{symbol}"
        assert traced.memory(row).replace("[", "").replace("]", "") == queue


@pytest.mark.small
@pytest.mark.parametrize("machine", ["queue", "turing", "brainphoque"])
@settings(max_examples=40)
@given(program=PROGRAMS, bits=st.integers(1, 12))
def test_the_rows_together_write_the_output_of_the_run(machine, program, bits):
    traced = trace(program, machine=machine, bits=bits, max_steps=12, rows=512)
    plain = run(program, machine=machine, bits=bits, max_steps=12)
    assert traced.run == plain
    assert "".join(traced.outputs) == plain.output
    assert list(traced.steps) == sorted(set(traced.steps))
    assert json.loads(json.dumps(traced.to_json()))["output"] == plain.output
    shown = traced.visible | (traced.values == BLANK)
    for row, out in enumerate(traced.outputs):
        new = traced.written[row] & traced.visible[row]
        assert "".join(str(bit) for bit in traced.values[row][new]) == out
        assert (shown[row] | (traced.values[row] != BLANK)).all()


@pytest.mark.small
@settings(max_examples=60)
@given(PROGRAMS, st.integers(1, 10))
def test_every_step_on_the_tape_is_what_its_rule_says(program, bits):
    traced = trace(program, machine="turing", bits=bits, max_steps=12, rows=512)
    rules = parse(traced.run.text.split("|")[0].split("+")[0]) if traced.run.steps else {}
    cells: dict[int, int] = {}
    state, head = 0, traced.origin
    for row, name in enumerate(traced.rules):
        assert name == f"{state},{cells.get(head, 0)}"
        assert traced.at[row] == head
        action, direction, following = rules[state, cells.get(head, 0)]
        value, visible = traced.values[row, head], bool(traced.visible[row, head])
        assert visible == (action in (2, 3, 5)), "emitting actions are visible"
        assert action >= 4 or value == action % 2
        cells[head] = value
        now = {column: each for column, each in enumerate(traced.values[row]) if each != BLANK}
        assert {column: each for column, each in now.items() if each} == {c: v for c, v in cells.items() if v}
        if direction is None or following is None:
            assert row == len(traced.rules) - 1
        else:
            head, state = head + 2 * direction - 1, following


def test_instructions_of_brainphoque_are_named_as_they_are_run():
    traced = trace("+[.>+]", machine="brainphoque", bits=3)
    assert "".join(traced.rules) == "+[.>+][.>+][."
    assert [traced.memory(row) for row in (0, 2, 4, 7)] == ["[1]", "1", "1[1]", "11"]


@pytest.mark.parametrize("name", ["thue-morse", "turing-runs"])
def test_a_picture_stops_at_the_rows_asked_for(name):
    sample = load(name)
    short = trace(sample.rules, machine=sample.machine, bits=40, rows=9)
    long = trace(sample.rules, machine=sample.machine, bits=40, rows=20)
    assert len(short.rules) == 9
    assert not short.complete
    assert [short.memory(row) for row in range(9)] == [long.memory(row) for row in range(9)]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"program": "0010", "machine": "lambda"}, "cannot be drawn"),
        ({"program": "01000", "bits": 513}, "from 1 to 512"),
        ({"program": "01000", "rows": 0}, "from 1 to 512"),
        ({"program": ""}, "empty"),
    ],
)
def test_what_cannot_be_traced_is_refused(arguments, word):
    with pytest.raises(ValueError, match=word):
        trace(**arguments)
