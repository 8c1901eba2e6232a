"""The command line says what is so: numbers of any size, null for infinity, totals, singulars, errors of files."""

from __future__ import annotations

import json

import pytest
from test_cli import SMALL, call, result

# -- numbers out of the ordinary --------------------------------------------------------------------


@pytest.mark.parametrize("extra", [(), ("--timeouts", "uniform")])
def test_fractions_of_any_length_are_printed(extra, tmp_path):
    data = tmp_path / "long.txt"
    data.write_text("0110" * 4000)
    asked = ("predict", "--file", str(data), "--max-length", "8", "--max-steps", "16", *extra)
    status, out, err = call(*asked)
    assert (status, "\n" in err) == (0, False), err
    assert max(map(len, out.splitlines())) < 160
    assert set(result(*asked)["p1"]) <= set("0123456789/")


def test_what_is_possible_is_never_printed_as_zero_nor_as_certain():
    out = call("predict", "01" * 550, "--max-length", "12", "--max-steps", "32")[1].splitlines()
    assert out[1].startswith("P(1) = ") and 0 < float(out[1].split()[-1].replace("e-3", "e-2")) < 1e-200
    assert out[2].startswith("P(0) = 1 - ")


def constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def test_an_infinite_loss_is_null():
    asked = ("predict", "0000000001", "--max-length", "8", "--max-steps", "32", "--fallback", "none")
    status, out, err = call(*asked, "--json")
    shown = json.loads(out, parse_constant=constant)
    assert (status, shown["loss_bits"], shown["bound_bits"]) == (0, None, None), err
    assert " inf " in call(*asked)[1]


@pytest.mark.parametrize("bits, timeouts, expected", [("0101", "asleep", type(None)), ("0101", "uniform", list)])
def test_a_mixture_that_ranks_no_programs_has_null_in_their_place(bits, timeouts, expected):
    assert type(result("predict", bits, "--timeouts", timeouts, *SMALL)["posterior"]) is expected


# -- words ------------------------------------------------------------------------------------------


def test_a_total_is_named_where_the_budget_is():
    total = (*SMALL, "--total", "1")
    assert "at most 10 bits and 32 steps an output bit, 1 step in all" in call("predict", "01", *total)[1]
    assert "32 steps an output bit, 1 step in all" in call("predict", "01", "--noise", *total)[1]
    assert "open: more than 32 steps for a bit, or 1 in all" in call("explain", "01", *total)[1]
    assert "in all" not in call("predict", "01", *SMALL)[1] + call("explain", "01", *SMALL)[1]


def test_one_of_a_thing_is_named_in_the_singular():
    out = call("predict", "0", "--max-length", "1", "--max-steps", "1")[1]
    assert out.startswith("after 1 bit, queue, programs of at most 1 bit and 1 step an output bit\n")
    assert out.splitlines()[4].endswith(" 1 mistake")


def test_what_intervals_still_prove_is_said_as_it_is():
    out = call("predict", "01", "--intervals", *SMALL)[1]
    assert "at no point" not in out
    assert "M(x) is proved positive all along" in out
    lost = call("predict", "0110100110010110", "--intervals", "--max-length", "6", "--max-steps", "32")[1]
    assert "no program within the budget prints the data" in lost.splitlines()[-1]


@pytest.mark.parametrize("extra", [(), ("--noise",), ("--timeouts", "uniform")], ids=str)
def test_before_any_bits_no_program_is_named(extra):
    status, out, _ = call("predict", "", *SMALL, *extra)
    assert (status, "posterior" in out, "no program" in out) == (0, False, False)
