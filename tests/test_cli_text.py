"""The command line says what is so: numbers of any size, null for infinity, totals, singulars, errors of files."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from test_cli import SMALL, call, result

from induction import explain
from induction.cli_text import exact, explain_text, table

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


def test_a_fraction_too_long_to_read_is_shown_by_its_size():
    assert exact(Fraction(1, 2**63)) == "1/9223372036854775808 = 1.0842e-19"
    assert exact(Fraction(1, 2**64)) == "5.42101e-20"


def constant(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def test_an_infinite_loss_is_null():
    asked = ("predict", "0000000001", "--max-length", "8", "--max-steps", "32", "--fallback", "none")
    status, out, err = call(*asked, "--json")
    shown = json.loads(out, parse_constant=constant)
    assert (status, shown["loss_bits"], shown["bound_bits"]) == (0, None, None), err
    text = call(*asked)[1]
    assert "loss so far infinite, no bound: a bit came that nothing left in the mixture allowed" in text
    assert "--fallback uniform keeps it finite" in text and " inf" not in text.replace("infinite", "")


def test_no_bound_is_said_in_words_where_the_loss_is_finite():
    """With two program bits nothing is written in time: every round is a fair guess, and nothing allows the bits."""
    asked = ("predict", "01", "--max-length", "2", "--max-steps", "1", "--fallback", "none")
    text = call(*asked)[1]
    assert "loss so far 2.0000 bits, no bound: nothing in the mixture allows all of these bits, 2 mistakes" in text
    assert (result(*asked)["loss_bits"], result(*asked)["bound_bits"]) == (2.0, None)


MIXTURES = ["--timeouts dead", "--timeouts uniform", "--timeouts asleep", "--noise", "--prior kt"]


@pytest.mark.parametrize("extra", MIXTURES)
def test_every_mixture_lists_its_heaviest_programs_and_none_before_any_data(extra):
    assert result("predict", "0101", *extra.split(), *SMALL)["posterior"][0]["text"] == "0,0: 01 > 0"
    assert result("predict", "", *extra.split(), *SMALL)["posterior"] == []


# -- words ------------------------------------------------------------------------------------------


def test_columns_line_up_words_to_the_left_and_numbers_to_the_right():
    assert table(["ab", "n"], [["x", "10"], ["yyy", "5"]]) == "ab    n\n---  --\nx    10\nyyy   5"
    assert table(["n", "ab"], [["10", "x"], ["5", "yyy"]], left=(1,)) == " n  ab\n--  ---\n10  x\n 5  yyy"


def test_an_interval_that_says_next_to_nothing_is_called_so():
    for options, said in ((("--max-length", "2", "--max-steps", "1"), True), (SMALL, False)):
        assert ("  (says next to nothing)\n" in call("predict", "00", *options)[1]) == said


def test_a_walk_for_matches_says_that_other_fates_are_in_cut():
    for options, said in (((), False), (("--match-only",), True)):
        out = call("explain", "01", *SMALL, *options)[1]
        assert ("\nmatches only: paths that cannot print the bits" in out) == said


def test_a_total_is_named_where_the_budget_is(tmp_path):
    total = (*SMALL, "--total", "1")
    assert "at most 10 bits and 32 steps an output bit, 1 step in all" in call("predict", "01", *total)[1]
    assert "32 steps an output bit, 1 step in all" in call("predict", "01", "--noise", *total)[1]
    assert "open: more than 32 steps for a bit, or 1 in all" in call("explain", "01", *total)[1]
    demo = ("demo", "--source", "zeros", "--bits", "4", "--figure", str(tmp_path / "x.png"))
    assert "32 steps an output bit, 1 step in all\n" in call(*demo, *total)[1]
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


def test_no_program_is_ruled_out_by_a_walk_that_was_not_finished():
    whole = explain("0110100110010110", max_length=6, max_steps=32)
    for complete, said in ((True, True), (False, False)):
        text = explain_text(replace(whole, complete=complete))
        assert ("no program of at most 6 bits prints these bits" in text) == said
        assert ("partial: what was not walked is in cut" in text) != said
        assert "the time was up" not in text


# -- files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("predict", "--file"), ("explain", "--file"), ("compare", "--file"), ("learn",),
                                     ("compress",), ("expand", "--out", "out")], ids=" ".join)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named_with_what_to_do(command, tmp_path):
    for name, wrong in (("nope", "there is no file"), (".", "is a folder; name a file in it")):
        status, out, err = call(*command, str(tmp_path / name))
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert repr(str(tmp_path / name)) in err and wrong in err and "Errno" not in err


@pytest.mark.parametrize("command", [("predict", "--file"), ("learn",)], ids=" ".join)
def test_a_file_that_is_no_text_is_named_with_what_to_do(command, tmp_path):
    file = tmp_path / "picture.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    status, _, err = call(*command, str(file))
    assert (status, err.count("\n")) == (2, 1)
    assert f"{file} is no text; name a text file of" in err


@pytest.mark.parametrize("command", [("predict", "01"), ("prior", "--depth", "2"), ("run", "01"), ("demo",),
                                     ("experiment", "nested")], ids=" ".join)  # fmt: skip
def test_a_figure_is_no_folder(command, tmp_path):
    folder = tmp_path / "figures.png"
    folder.mkdir()
    status, out, err = call(*command, "--figure", str(folder))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "a folder; name a file in it, such as" in err


@pytest.mark.parametrize("pairs", ["", "\n", "# nothing\n"])
def test_learning_needs_pairs(pairs):
    status, out, err = call("learn", *SMALL, given_in=pairs)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "no pairs are given; write a line 'x y' for each" in err


@pytest.mark.parametrize("bits", ["99999999999999999999", "100000001"])
def test_a_run_has_a_limit_that_is_named(bits):
    status, out, err = call("run", "01000", "--bits", bits)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"bits is {bits}; output is kept in memory, and 100000000 bits are the most: ask for fewer" in err
