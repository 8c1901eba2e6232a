"""Every sample program runs, prints what its file says, and is as long as it says."""

from __future__ import annotations

import json
import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from induction import machines, run
from induction.bits import to_text
from induction.cli import main
from induction.enumeration.library import folder, load, names, read
from induction.enumeration.runner import program_bits, program_text
from induction.sources.sequences import sequence

ROOT = Path(__file__).resolve().parents[1]
ENOUGH = 512  # bits of output, at least 256
PATIENCE = 2**20


def test_there_are_programs_for_both_machines():
    count = {name: sum(load(each).machine == name for each in names()) for name in ("queue", "turing")}
    assert sum(count.values()) >= 16
    assert min(count.values()) >= 4
    files = (ROOT / "programs").rglob("*.txt")
    assert sorted(path.relative_to(ROOT / "programs").with_suffix("").as_posix() for path in files) == names()


@pytest.mark.parametrize("name", names())
def test_a_program_prints_its_named_sequence(name):
    sample = load(name)
    output = run(sample.rules, machine=sample.machine, bits=ENOUGH, max_steps=PATIENCE).output
    assert output == to_text(sequence(sample.sequence).bits(ENOUGH))
    shown = sample.prints.removesuffix("…")
    assert len(shown) >= 32
    assert output.startswith(shown)


@pytest.mark.parametrize("name", names())
def test_a_programs_length_is_as_stated_and_all_of_it_is_read(name):
    sample = load(name)
    done = run(sample.program, machine=sample.machine, bits=ENOUGH, max_steps=PATIENCE)
    assert str(len(sample.program)) == sample.bits
    assert (done.status, done.length) == ("complete", len(sample.program))


@pytest.mark.parametrize("name", names())
def test_rules_and_bits_are_two_forms_of_one_program(name):
    sample = load(name)
    machine = machines.get(sample.machine)
    text = program_text(machine, sample.program, ENOUGH, PATIENCE)
    assert text == sample.rules
    assert program_bits(machine, text) == sample.program


@pytest.mark.parametrize("name", names())
def test_a_file_says_where_its_sequence_comes_from(name):
    sample = load(name)
    assert sample.title
    assert len(sample.source) > 20


def test_programs_are_told_apart_by_their_bits():
    own = [name for name in names() if "/" not in name]
    programs = {(load(name).machine, load(name).program) for name in own}
    assert len(programs) == len(own)


def test_no_sample_program_is_shorter_than_the_zoo_s():
    zoo = {(load(n).machine, load(n).sequence): len(load(n).program) for n in names() if n.startswith("zoo/")}
    for name in (n for n in names() if "/" not in n):
        sample = load(name)
        key = sample.machine, sample.sequence
        assert len(sample.program) >= zoo.get(key, _searched(sample.machine) + 1), name


def _searched(machine: str) -> int:
    """The longest programs that the zoo has looked at on a machine: what its list of those without one says."""
    text = (ROOT / "programs" / "zoo" / machine / "none.md").read_text(encoding="utf-8")
    return max(int(length) for length in re.findall(r"No program of at most (\d+) bits", text))


def _command(*arguments: str) -> dict:
    out = StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as stop:
        main([*arguments, "--json"])
    assert not stop.value.code
    return json.loads(out.getvalue())


def test_the_command_line_finds_programs_by_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # not from the checkout's folder
    done = _command("run", "thue-morse", "--bits", "256")
    assert done["output"] == to_text(sequence("thue-morse").bits(256))
    assert (done["status"], done["length"]) == ("complete", 25)


def test_the_command_line_reads_program_files(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("# Mine\nmachine: turing\nrules: 0,0: 1 < 0\n", encoding="utf-8")
    assert _command("run", str(path), "--bits", "5")["output"] == "11111"
    path.write_text("# Mine\nmachine: queue\nrules: 01000\n", encoding="utf-8")  # bits will do as rules
    assert _command("run", str(path), "--bits", "5")["output"] == "00000"
    assert read(path).program == "01000"


@pytest.mark.parametrize("text", ["", "machine: queue\n", "rules: 01000\n", "# a\n", "\x00", "machine:\nrules:\n"])
def test_files_that_are_no_programs_are_refused(text, tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"is no program file; it needs the lines 'machine: …' and 'rules: …'"):
        load(str(path))


def test_unreadable_files_are_refused(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_bytes(b"\xff\xfe\xfa" * 100)
    with pytest.raises(ValueError, match="cannot be read as a program file"):
        load(str(path))


def test_unknown_names_are_refused_with_the_nearest_ones():
    with pytest.raises(ValueError, match="did you mean thue-morse"):
        load("thue-mors")
    with pytest.raises(ValueError, match="programs are .*zeros-parity"):
        load("qqqqqqqqqqqqqqqqq")


def test_the_wheel_takes_in_the_programs(tmp_path):
    import tomllib

    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = configuration["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["induction"]
    assert wheel["force-include"] == {"programs": "induction/programs"}
    assert folder() == ROOT / "programs"  # a checkout


def test_programs_are_found_inside_an_installed_package(tmp_path, monkeypatch):
    import shutil

    from induction.enumeration import library

    # The layout of the wheel: induction/enumeration/library.py beside induction/programs/.
    (tmp_path / "induction" / "enumeration").mkdir(parents=True)
    shutil.copytree(ROOT / "programs", tmp_path / "induction" / "programs")
    monkeypatch.setattr(library, "__file__", str(tmp_path / "induction" / "enumeration" / "library.py"))
    assert library.folder() == tmp_path.resolve() / "induction" / "programs"
    assert library.load("kolakoski").bits == "25"
