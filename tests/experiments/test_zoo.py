"""The zoo: programs that are the shortest, folders that lose nothing, and bad input refused before the walk."""

from __future__ import annotations

import itertools
from unittest import mock

import pytest
from test_cli import call, result

from induction import explain
from induction.enumeration import trunk
from induction.enumeration.executors import LostWorkersError
from induction.experiments import zoo as searching
from induction.experiments.zoo import zoo
from induction.experiments.zoo_files import NONE, Extent, Word, program_file, read_folder, write_folder
from induction.sources.sequences import SEQUENCES, sequence

NAMES = ("zeros", "alternating", "thue-morse", "pi")
SIZE = {"max_length": 17, "max_steps": 64, "bits": 32}
OPTIONS = ("--max-length", "17", "--max-steps", "64", "--bits", "32")
SOURCES = tuple(word for name in NAMES for word in ("--source", name))


def contents(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}


def assert_one_word_each(folder):
    """A sequence has either a file or a line."""
    text = (folder / NONE).read_text(encoding="utf-8")
    for name in SEQUENCES:
        assert (folder / f"{name}.txt").exists() + text.count(f"* {name}:") <= 1, name


def test_what_is_found_is_the_shortest():
    for one in zoo(NAMES, **SIZE).specimens:
        e = explain(sequence(one.name).bits(32), max_length=17, max_steps=64)
        assert (one.program and one.program.bits) == (e.shortest and e.shortest.bits)


@pytest.mark.parametrize("how", [{"workers": 2}, {"workers": 2, "executor": "processes"}], ids=str)
def test_the_zoo_does_not_depend_on_who_walks(how):
    alone = zoo(NAMES, **SIZE)
    with mock.patch.object(trunk, "split_length", lambda _budget: 5):
        assert zoo(NAMES, **SIZE, **how) == alone


# folders ------------------------------------------------------------------------------------------


def test_a_smaller_search_leaves_a_folder_as_it_is(tmp_path):
    zoo(NAMES, **SIZE).write(tmp_path)
    before = contents(tmp_path)
    assert {"zeros.txt", "alternating.txt", NONE} <= set(before)
    for smaller in ({"max_length": 6}, {"max_steps": 2}, {"bits": 31}):
        written, kept = zoo(NAMES, **SIZE | smaller).write(tmp_path)
        assert (written, kept) == ([], list(NAMES))
        assert contents(tmp_path) == before


def test_a_search_for_some_sequences_leaves_the_others_as_they_are(tmp_path):
    zoo(NAMES, **SIZE).write(tmp_path)
    before = contents(tmp_path)
    written, kept = zoo(("zeros", "pi"), **SIZE).write(tmp_path)
    assert ([path.name for path in written], kept) == (["zeros.txt"], [])
    assert contents(tmp_path) == before


def test_a_larger_search_takes_the_place_of_a_smaller_one(tmp_path):
    zoo(NAMES, **SIZE | {"max_length": 6}).write(tmp_path)
    assert "* alternating:" in contents(tmp_path)[NONE]
    zoo(NAMES, **SIZE).write(tmp_path)
    fresh = tmp_path / "fresh"
    zoo(NAMES, **SIZE).write(fresh)
    assert contents(fresh) == contents(tmp_path)


def test_a_program_that_fails_on_more_bits_becomes_a_line(tmp_path):
    few = {"max_length": 17, "max_steps": 64, "bits": 3}
    zoo(("pi",), **few).write(tmp_path)
    assert set(contents(tmp_path)) == {"pi.txt", NONE}
    zoo(("pi",), **SIZE).write(tmp_path)
    assert set(contents(tmp_path)) == {NONE}
    assert "17 bits and 64 steps a bit prints the first 32 bits" in contents(tmp_path)[NONE]


def word(name, extent, found):
    return Word(extent, sequence(name).title, program_file(name, "queue", "0,0: 0 > 0", 5, extent) if found else None)


def test_whatever_is_written_in_whatever_order_a_sequence_has_one_word_and_none_is_lost(tmp_path):
    extents = [Extent(*sizes) for sizes in itertools.product((20, 30), (64, 128), (32, 64))]
    for number, order in enumerate(itertools.islice(itertools.permutations(extents), 0, 40000, 2000)):
        folder = tmp_path / str(number)
        known: dict[str, Word] = {}
        for turn, extent in enumerate(order):
            found = {name: word(name, extent, (turn + place) % 3 > 0) for place, name in enumerate(NAMES[turn % 3 :])}
            _, kept = write_folder(folder, "queue", found)
            assert kept == [n for n in found if n in known and not extent.covers(known[n].extent)]
            known |= {name: one for name, one in found.items() if name not in kept}
            assert read_folder(folder, "queue", NAMES) == known
            assert_one_word_each(folder)


def test_a_file_and_a_line_of_one_sequence_are_put_right(tmp_path):
    zoo(NAMES, **SIZE).write(tmp_path)
    before = contents(tmp_path)
    none = tmp_path / NONE
    none.write_text(before[NONE].replace("* pi:", "* zeros: zeros\n* pi:"), encoding="utf-8")
    zoo(("pi",), **SIZE).write(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("machine", ["queue", "turing"])
def test_the_folders_of_the_package_are_read_and_written_back_the_same(machine, tmp_path, request):
    shipped = request.config.rootpath / "programs" / "zoo" / machine
    words = read_folder(shipped, machine, SEQUENCES)
    assert set(words) == set(SEQUENCES)
    write_folder(tmp_path / "copy", machine, words)
    assert contents(tmp_path / "copy") == contents(shipped)


# bad input ----------------------------------------------------------------------------------------


@pytest.fixture
def no_walk(monkeypatch):
    def walk(*_arguments, **_settings):
        raise AssertionError("the walk has begun")

    monkeypatch.setattr(searching, "enumerate_sharded", walk)


@pytest.mark.usefixtures("no_walk")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--max-length", "63"), "max_length is 63; allowed are whole numbers from 1 to 62"),
        (("--max-length", "999"), "max_length is 999"),
        (("--max-steps", "0"), "max_steps is 0"),
        (("--bits", "0"), "bits is 0; allowed are whole numbers from 1 to 16384 (bits of each sequence)"),
        (("--bits", "99999999999"), "bits is 99999999999; allowed are whole numbers from 1 to 16384"),
        (("--source", "thue"), "no sequence is called 'thue'"),
        (("--machine", "abacus"), "'abacus'"),
        (("--workers", "0"), "workers is 0"),
        (("--processes", "--dask", "tcp://localhost:1"), "leave one of them out"),
        (("--out", "file"), "'file' is a file; programs go into a folder"),
        (("--out", "nowhere/zoo"), "there is no folder 'nowhere'"),
        (("--out", "other"), "'other' holds programs of turing, not of queue"),
        (("--out", "mine"), "was not written by a search and would be lost"),
        (("--out", "notes"), "was not written by a search and would be lost"),
    ],
)
def test_bad_input_to_the_zoo_is_refused_before_the_walk(arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    for name, file, text in (("other", NONE, "# Without a program on turing\n"), ("mine", "pi.txt", "# π\n"),
                             ("notes", NONE, "# Notes\n")):  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text, encoding="utf-8")
    before = {str(path) for path in tmp_path.rglob("*")}
    status, out, err = call("zoo", *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert words in err
    assert {str(path) for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"max_steps": 65}, "with --max-steps 64; this one has --max-steps 65"),
        ({"machine": "turing"}, "with --machine queue; this one has --machine turing"),
        ({"bits": 17}, "for other sequences or other --bits"),
        ({"names": ("ones",)}, "for other sequences or other --bits"),
    ],
)
def test_a_store_of_another_search_is_refused_in_options_that_the_zoo_has(other, said, tmp_path):
    given = {"names": ("zeros",), "max_length": 10, "max_steps": 64, "bits": 16, "store": tmp_path / "store"}
    zoo(**given)
    with pytest.raises(ValueError, match=f"store.10 is of a search {said}: give another file$"):
        zoo(**given | other)


def test_a_store_of_an_explanation_is_of_another_kind(tmp_path):
    explain("0000", max_length=10, max_steps=64, store=tmp_path / "store.10")
    with pytest.raises(ValueError, match="store.10 is of a search of another kind: give another file$"):
        zoo(("zeros",), max_length=10, max_steps=64, bits=16, store=tmp_path / "store")


# the command --------------------------------------------------------------------------------------


def test_the_command_says_what_a_folder_kept(tmp_path):
    folder = str(tmp_path / "zoo")
    assert result("zoo", *OPTIONS, *SOURCES, "--out", folder)["kept"] == []
    assert result("zoo", *OPTIONS, "--max-length", "9", *SOURCES, "--out", folder)["kept"] == list(NAMES)
    out = call("zoo", *OPTIONS, "--max-length", "9", "--source", "pi", "--out", folder)[1]
    assert out.splitlines()[2].split()[-2:] == ["-", "none"]
    assert out.splitlines()[-1] == f"{folder} keeps the word of a search larger in L, T or bits on pi"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted; {}.* holds what is done: run the same command again to go on\n"),
        (LostWorkersError("the workers were lost"), 2, "induction: the workers were lost\n"),
    ],
)
def test_a_search_that_ends_early_says_what_holds_what_is_done(error, status, words, tmp_path, monkeypatch):
    store = tmp_path / "zoo.store"

    def walk(*_arguments, **_settings):
        (tmp_path / "zoo.store.16").touch()
        raise error

    monkeypatch.setattr(searching, "enumerate_sharded", walk)
    ended, out, err = call("zoo", *OPTIONS, "--store", str(store))
    assert (ended, out) == (status, "")
    assert err == words.format(store)


def test_a_search_that_ends_before_anything_is_stored_names_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(searching, "enumerate_sharded", mock.Mock(side_effect=KeyboardInterrupt))
    ended, out, err = call("zoo", *OPTIONS, "--store", str(tmp_path / "zoo.store"))
    assert (ended, out) == (130, "")
    assert err.strip() == "interrupted"


def test_a_folder_without_anything_missing_says_so_and_is_read_back(tmp_path):
    found = zoo(("zeros", "ones"), max_length=10, bits=16)
    found.write(tmp_path / "zoo")
    text = (tmp_path / "zoo" / NONE).read_text(encoding="utf-8")
    assert "Every sequence that was looked for has a program." in text
    assert "these sequences:" not in text
    assert set(read_folder(tmp_path / "zoo", "queue", ("zeros", "ones"))) == {"zeros", "ones"}
    (tmp_path / "zoo" / "pi.txt").mkdir()
    with pytest.raises(ValueError, match="give another folder"):
        read_folder(tmp_path / "zoo", "queue", ("pi",))


def test_a_zoo_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no sequences are given"):
        zoo([], max_length=8, bits=16)
