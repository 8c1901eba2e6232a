"""Coding: the way back is exact, the size keeps its bound, and what is damaged is refused in one line."""

from __future__ import annotations

import builtins
import json
import random
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Budget, Predictor, foresight, machines
from induction.cli import main
from induction.coding import LARGEST, compress, encode, expand
from induction.foresight import Foresight
from induction.sources.sequences import names, sequence

SMALL = {"max_length": 8, "max_steps": 16}
structured = st.one_of(
    st.binary(max_size=40),
    st.builds(lambda unit, count: unit * count, st.binary(min_size=1, max_size=3), st.integers(0, 60)),
    st.builds(lambda name, n: np.packbits(sequence(name).bits(8 * n)).tobytes(), st.sampled_from(names()),
              st.integers(0, 40)),
    st.text(max_size=40).map(str.encode),
)  # fmt: skip


def _keeps_bound(data, coding):
    return 8 * len(coding.blob) <= coding.bound_bits + 64 + 8 * coding.header_bytes


@settings(max_examples=1000)
@given(structured)
def test_expand_undoes_compress_and_the_size_keeps_its_bound(data):
    coding = encode(data, **SMALL)
    assert expand(coding.blob) == data
    assert _keeps_bound(data, coding)


@settings(max_examples=30)
@given(structured, st.sampled_from(machines.names()), st.integers(1, 14), st.integers(1, 40),
       st.none() | st.integers(1, 500))  # fmt: skip
def test_the_bound_is_the_predictors(data, name, length, steps, total):
    budget = {"machine": name, "max_length": length, "max_steps": steps, "total": total}
    coding = encode(data, **budget)
    assert expand(coding.blob) == data
    predictor = Predictor(**budget).learn_many(np.unpackbits(np.frombuffer(data, dtype=np.uint8)))
    assert 8 * coding.payload_bytes <= predictor.bound_bits + 64
    assert coding.bound_bits <= predictor.bound_bits + 1e-9


def test_the_empty_input_is_a_header():
    coding = encode(b"", **SMALL)
    assert (coding.payload_bytes, expand(coding.blob)) == (0, b"")


def test_what_a_short_program_prints_is_coded_by_next_to_nothing():
    fibonacci = np.packbits(sequence("fibonacci-word").bits(4000)).tobytes()
    coding = encode(fibonacci, max_length=18)
    assert coding.shortest_bits == 16
    assert coding.payload_bytes <= 4
    assert expand(coding.blob) == fibonacci


@pytest.mark.parametrize("tail", [b"", b"\0\1", b"\xff" * 40])
@pytest.mark.parametrize("source", ["zeros", "alternating", "fibonacci-word", "runs", "powers-of-two"])
def test_long_data_are_followed_by_the_shortest_programs_alone(monkeypatch, source, tail):
    monkeypatch.setattr(foresight, "ALL_FOLLOWED", 40)
    monkeypatch.setattr(foresight, "FOLLOWED", 3)
    data = np.packbits(sequence(source).bits(3000)).tobytes() + tail
    coding = encode(data, max_length=12, max_steps=64)
    assert expand(coding.blob) == data
    assert _keeps_bound(data, coding)
    if not tail and source in ("zeros", "alternating"):
        assert coding.predicted_bits == 8 * len(data)
        assert coding.payload_bytes <= 8


@settings(max_examples=40)
@given(st.data())
def test_followed_programs_lose_no_more_than_the_bound(data):
    machine = machines.get(data.draw(st.sampled_from(["queue", "turing"])))
    bits = data.draw(st.lists(st.integers(0, 1), max_size=6)) * data.draw(st.integers(1, 20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(foresight, "ALL_FOLLOWED", data.draw(st.integers(1, 12)))
        patch.setattr(foresight, "FOLLOWED", data.draw(st.integers(1, 5)))
        view = Foresight(machine, Budget(data.draw(st.integers(1, 12)), data.draw(st.integers(1, 20))), 6)
        loss = 0.0
        for bit in bits:
            chance = view.chance()
            if chance is None:
                loss += len(bits) - view.seen
                break
            assert 0 < chance < 2**24
            loss -= np.log2((chance if bit else 2**24 - chance) / 2**24)
            view.learn(bit)
        assert loss <= view.bound_bits(len(bits)) + 1.1  # a bit for the chosen programs' rest, rounded up to a unit


def test_sizes_up_to_64_kib_are_taken_and_larger_ones_refused():
    data = random.Random(1).randbytes(LARGEST)
    coding = encode(data, **SMALL)
    assert expand(coding.blob) == data
    assert _keeps_bound(data, coding)
    with pytest.raises(ValueError, match="65537 bytes; this is a demonstration for at most 65536"):
        compress(data + b"x")


BLOB = compress(b"UUUUUUUU and then something else", max_length=12)


@given(st.integers(0, len(BLOB) - 1), st.integers(1, 255))
def test_one_altered_byte_is_noticed(place, change):
    altered = bytearray(BLOB)
    altered[place] ^= change
    with pytest.raises(ValueError) as caught:
        expand(bytes(altered))
    assert "\n" not in str(caught.value)


@given(st.integers(0, len(BLOB) - 1))
def test_a_truncated_file_is_noticed(length):
    with pytest.raises(ValueError, match="damaged|not made by compress"):
        expand(BLOB[:length])


@given(st.binary(max_size=80))
def test_foreign_bytes_are_refused(data):
    with pytest.raises(ValueError, match="not made by compress|damaged|version"):
        expand(data)


@pytest.mark.parametrize("tail", [b"\0", b"12345678"])
def test_added_bytes_are_noticed(tail):
    with pytest.raises(ValueError, match="damaged"):
        expand(BLOB + tail)


@settings(max_examples=200)
@given(st.binary(max_size=60), st.integers(0, 12) | st.integers(29, 255),
       st.integers(0, 99) | st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(0, 255))  # fmt: skip
def test_a_forged_file_with_a_right_checksum_ends_in_one_line_or_in_data(payload, length, size, coded, steps):
    fields = bytes([length]) + steps.to_bytes(4, "little") + bytes(8) + b"\x0e\0" + size.to_bytes(4, "little")
    head = b"\x93IND\x01\x05queue" + fields + zlib.crc32(b"").to_bytes(4, "little") + coded.to_bytes(4, "little")
    check = zlib.crc32(head + payload).to_bytes(4, "little")
    try:
        assert expand(head + check + payload) == b""
    except ValueError as error:
        assert "\n" not in str(error)


BAD = {
    "an unknown machine": ({"machine": "quue"}, "did you mean 'queue'"),
    "programs too long to expand": ({"max_length": 29}, "max_length is 29; coded files allow at most 28"),
    "programs too patient to expand": ({"max_steps": 5000}, "max_steps is 5000; coded files allow at most 4096"),
    "L of 0": ({"max_length": 0}, "max_length is 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_parameters_give_one_line(case):
    parameters, named = BAD[case]
    with pytest.raises(ValueError, match=named) as caught:
        compress(b"a", **parameters)
    assert "\n" not in str(caught.value)


def test_without_constriction_it_is_said_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **options):
        if name.startswith("constriction"):
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    for call in (lambda: compress(b"a"), lambda: expand(BLOB)):
        with pytest.raises(ImportError, match="pip install"):
            call()


# -- the command line ---------------------------------------------------------------------------------


def _call(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main([str(each) for each in arguments])
    shown = capsys.readouterr()
    return int(stop.value.code or 0), shown.out, shown.err


def test_the_commands_go_there_and_back(capsys, tmp_path):
    file = tmp_path / "data.bin"
    file.write_bytes(b"UUUU" * 50)
    status, out, _ = _call(capsys, "compress", file, "--max-length", 12, "--json")
    shown = json.loads(out)
    assert (status, shown["bytes"], shown["shortest_bits"]) == (0, 200, 10)
    assert shown["coded_bytes"] == (tmp_path / "data.bin.induced").stat().st_size
    status, _, err = _call(capsys, "expand", tmp_path / "data.bin.induced")
    assert (status, "is there already" in err) == (2, True)
    file.unlink()
    assert _call(capsys, "expand", tmp_path / "data.bin.induced")[0] == 0
    assert file.read_bytes() == b"UUUU" * 50
    assert _call(capsys, "expand", tmp_path / "data.bin.induced", "--out", tmp_path / "b", "--json")[0] == 0
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b", "data.bin", "data.bin.induced"]


def test_the_command_says_how_far_programs_went(capsys, tmp_path):
    file = tmp_path / "data.bin"
    said = {
        b"UUUU": ("32 of 32 bits were predicted\n", "a program of 10 bits prints them all\n"),
        b"U\x13\x99\x42": ("; then no program was left, and the rest stands", "no program known prints them\n"),
    }
    for data, words in said.items():
        file.write_bytes(data)
        out = _call(capsys, "compress", file, "--max-length", 10)[1]
        assert all(word in out for word in words), out


@pytest.mark.parametrize("name", ["data.bin", ".induced"])
def test_a_file_whose_name_leaves_none_to_expand_to_is_refused(capsys, tmp_path, name):
    (tmp_path / name).write_bytes(BLOB)
    status, out, err = _call(capsys, "expand", tmp_path / name)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "say with --out where the data should go" in err


@pytest.mark.parametrize("damage", ["truncated", "altered", "foreign", "empty"])
def test_a_damaged_file_leaves_no_output_behind(capsys, tmp_path, damage):
    blob = {
        "truncated": BLOB[:-1],
        "altered": BLOB[:-1] + bytes([BLOB[-1] ^ 1]),
        "foreign": b"some text\n",
        "empty": b"",
    }[damage]
    file = tmp_path / "data.induced"
    file.write_bytes(blob)
    status, out, err = _call(capsys, "expand", file)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "data.induced" in err
    assert [f.name for f in tmp_path.iterdir()] == ["data.induced"]


def test_a_file_that_is_too_long_is_refused(capsys, tmp_path):
    file = tmp_path / "long"
    file.write_bytes(bytes(LARGEST + 1))
    status, _, err = _call(capsys, "compress", file)
    assert (status, "at most 65536" in err) == (2, True)
    assert [f.name for f in tmp_path.iterdir()] == ["long"]
