"""A machine of one's own, registered by name: it works wherever a machine is asked for, and stands in for no other."""

from __future__ import annotations

import copy
import dataclasses
import importlib.util
import json
import os
import pickle
import re
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

import induction
from induction import Predictor, explain, machines, prior, run
from induction.checks import check_machine

ROOT = Path(induction.__file__).parents[1]
FILE = ROOT / "docs" / "cyclic_tag.py"


@pytest.fixture(autouse=True)
def _registry(monkeypatch):
    """What a test registers is forgotten after it."""
    monkeypatch.setattr(machines, "_registered", dict(machines._registered))
    monkeypatch.setattr(machines, "_owners", dict(machines._owners))


@pytest.fixture(scope="module")
def module():
    """The how-to's machine file, loaded once, as a module of its own."""
    spec = importlib.util.spec_from_file_location("cyclic_tag", FILE)
    loaded = sys.modules["cyclic_tag"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def cyclic_tag(module):
    return machines.register(module.CYCLIC_TAG, replace=True)


def naive(program: str, bits: int) -> str:
    """The how-to's machine from its definition; stops where a bit is missing."""
    items = [program[i : i + 2] for i in range(0, len(program) - 1, 2)]
    word, output, at = "", "", 0
    for _ in range(1000):
        if at == len(items) or len(output) == bits:
            break
        item, at = items[at], at + 1
        if item == "00":
            at = 0
        elif item == "01":
            output, word = output + word[:1], word[1:]
        elif word[:1] != "0":
            word += item[1]
    return output


@pytest.mark.small
def test_the_how_tos_machine_keeps_the_contract(cyclic_tag):
    report = check_machine("cyclic-tag", max_length=9, max_steps=12, depth=3)
    assert report.name == "cyclic-tag"
    assert report.cases["rule text comes back as the same bits"] > 20


@pytest.mark.small
@pytest.mark.parametrize("number", range(0, 4096, 37))
def test_the_how_tos_machine_runs_as_defined(cyclic_tag, number):
    program = format(number, "012b")
    assert run(program, machine="cyclic-tag", bits=20, max_steps=500).output == naive(program, 20)


def test_its_name_will_do_wherever_a_machine_is_asked_for(cyclic_tag):
    small = {"machine": "cyclic-tag", "max_length": 12, "max_steps": 32}
    assert machines.get("cyclic-tag") is cyclic_tag
    assert "cyclic-tag" in machines.names()
    assert explain("1010", **small).shortest.text == "- +1 +0 <"
    assert sum(prior(2, **small).at(2).values()) < 1
    assert Predictor(**small).learn_many("101010").loss_bits < 8
    assert run("+1 +0 - <", machine="cyclic-tag", bits=6).output == "101010"


def test_the_command_line_knows_it_in_the_same_process(cyclic_tag):
    from induction.cli import main

    out = StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit) as stop:
        main(["explain", "1010", "--machine", "cyclic-tag", "--max-length", "10", "--json"])
    assert not stop.value.code
    assert json.loads(out.getvalue())["shortest"]["bits"] == "01111000"


def test_predictors_with_it_are_copied_and_pickled(cyclic_tag, tmp_path):
    p = Predictor("cyclic-tag", 12, 32).learn_many("1010")
    p.save(tmp_path / "p.json")
    for twin in (pickle.loads(pickle.dumps(p)), copy.deepcopy(p), Predictor.load(tmp_path / "p.json")):
        assert twin.predict_exact() == p.predict_exact()
        assert twin.learn_one(1).data == "10101"


def test_a_process_that_has_not_registered_it_says_so(cyclic_tag, tmp_path):
    path = tmp_path / "p.pickle"
    path.write_bytes(pickle.dumps(Predictor("cyclic-tag", 8, 8)))
    load = f"import pickle, pathlib; pickle.loads(pathlib.Path({str(path)!r}).read_bytes())"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", load], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ValueError: there is no machine 'cyclic-tag'")
    assert "registered in this process first" in last


@pytest.mark.small
def test_registering_returns_the_machine_and_may_be_repeated(module):
    assert machines.register(module.CYCLIC_TAG, replace=True) is module.CYCLIC_TAG
    other = dataclasses.replace(module.CYCLIC_TAG, title="another")
    assert machines.register(other) is machines.get("cyclic-tag") is other  # now ours: a cell that is run again
    assert machines.register(module.CYCLIC_TAG) is machines.get("cyclic-tag")


@pytest.mark.small
def test_another_modules_machine_is_replaced_only_on_request(module):
    machines.register(module.CYCLIC_TAG, replace=True)
    there = {"__name__": "somewhere_else", "machines": machines, "other": dataclasses.replace(module.CYCLIC_TAG)}
    there["other"] = dataclasses.replace(module.CYCLIC_TAG, title="another")
    with pytest.raises(ValueError, match=r"has registered a machine 'cyclic-tag'.*replace=True"):
        exec("machines.register(other)", there)
    assert machines.get("cyclic-tag") is module.CYCLIC_TAG
    exec("machines.register(other, replace=True)", there)
    assert machines.get("cyclic-tag") is there["other"]


@pytest.mark.small
@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("name", ["queue", "turing", "brainphoque", "lambda"])
def test_the_packages_own_machines_are_never_replaced(module, name, replace):
    with pytest.raises(ValueError, match=f"my-{name}"):
        machines.register(dataclasses.replace(module.CYCLIC_TAG, name=name), replace=replace)
    assert machines.get(name) is not module.CYCLIC_TAG


@pytest.mark.small
@pytest.mark.parametrize("name", ["", "Tag", "tag machine", "tag_machine", "-tag", "tag--a", "2-tag", "tag\n", "ü", 7])
def test_malformed_names_are_refused(module, name):
    with pytest.raises(ValueError, match="lower-case") as raised:
        machines.register(dataclasses.replace(module.CYCLIC_TAG, name=name))
    assert "\n" not in str(raised.value)


@pytest.mark.small
@pytest.mark.parametrize("what", ["queue", None, 3])
def test_what_is_no_machine_is_not_registered(what):
    with pytest.raises(ValueError, match="give a Machine"):
        machines.register(what)


@pytest.mark.small
def test_the_how_to_takes_less_than_80_lines_of_code():
    body = FILE.read_text(encoding="utf-8").split('"""', 2)[2]
    assert sum(bool(line.strip()) and not line.strip().startswith("#") for line in body.splitlines()) < 80


@pytest.mark.small
def test_page_file_and_notebook_show_the_same_machine():
    page = (ROOT / "docs" / "own-machine.md").read_text(encoding="utf-8")
    assert FILE.read_text(encoding="utf-8").strip() in page
    cells = json.loads((ROOT / "notebooks" / "03-machines.ipynb").read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    body = FILE.read_text(encoding="utf-8").split('"""', 2)[2].replace('"cyclic-tag"', '"my-cyclic-tag"')
    lines = [line for line in body.splitlines() if line.strip() and not re.match(r"(from|import) ", line)]
    assert [line for line in lines if line not in code.splitlines()] == []
