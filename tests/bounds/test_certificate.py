"""Certificates hold, are checked without the package, and fail when any number in them is changed."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction import Predictor

SCRIPT = Path(__file__).parents[2] / "docs" / "check_certificate.py"
names = st.sampled_from(["queue", "turing"])


def certified(machine, x, exponent=14, length=10, steps=16):
    fallback = None if exponent is None else "uniform"
    p = Predictor(machine, length, steps, fallback=fallback, fallback_exponent=exponent).learn_many(x)
    return p, p.certificate()


def script_accepts(folder, content):
    """Whether the script, run on its own, accepts the certificate."""
    path = folder / "certificate.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    done = subprocess.run([sys.executable, "-I", SCRIPT, path], capture_output=True, text=True, cwd=folder)
    assert done.stderr.count("\n") <= 1, done.stderr
    assert (done.returncode == 0) == done.stdout.startswith("holds"), done.stdout + done.stderr
    return done.returncode == 0


@pytest.mark.small
@settings(max_examples=60)
@given(names, st.text("01", max_size=30), st.sampled_from([0, 1, 5, 14]), st.integers(1, 10))
def test_certificates_hold_for_all_data(machine, x, exponent, length):
    p, certificate = certified(machine, x, exponent, length)
    assert certificate.holds()
    assert certificate.data == x
    assert certificate.bound <= len(x) + exponent
    assert len(certificate.masses) == len(x)
    if x:
        assert certificate.bound == p.standing.unnormalised_bound_bits


@pytest.mark.small
@given(names, st.text("01", max_size=12))
def test_without_a_fallback_data_without_a_program_have_no_certificate(machine, x):
    p = Predictor(machine, 7, 16, fallback=None).learn_many(x)
    if p.programs_alive:
        certificate = p.certificate()
        assert certificate.holds()
        assert certificate.bound == len(p.posterior(1)[0].bits)
    else:
        with pytest.raises(ValueError, match="keep a fallback"):
            p.certificate()


@pytest.mark.small
def test_only_the_uniform_fallback_is_certified():
    with pytest.raises(ValueError, match="uniform"):
        Predictor(max_length=6, max_steps=8, fallback="kt").certificate()


@pytest.mark.small
def test_json_is_integers_and_bit_strings(machine):
    certificate = certified(machine, "010101")[1]
    content = json.loads(certificate.dumps())
    assert content == certificate.to_json()
    flat = [content.pop("masses"), *content.values()]
    assert all(type(v) in (int, str, list) for v in flat)
    assert all(type(v) is int for pair in flat[0] for v in pair)


@pytest.mark.small
def test_a_bound_that_is_too_low_does_not_hold(machine):
    certificate = certified(machine, "0" * 40)[1]
    assert certificate.holds()
    lower = [b for b in range(certificate.bound) if replace(certificate, bound=b).holds()]
    assert 0 not in lower
    swapped = replace(certificate, masses=[(b, a) for a, b in certificate.masses])
    assert not swapped.holds()


@pytest.mark.skipif(not SCRIPT.exists(), reason="the script is not there")
@pytest.mark.parametrize("x", ["", "0", "0" * 40, "01" * 12, "0110100110010110111"])
def test_the_script_accepts_what_the_predictor_certifies(machine, x, tmp_path):
    assert script_accepts(tmp_path, certified(machine, x)[1].dumps())
    assert script_accepts(tmp_path, certified(machine, x, exponent=3)[1].dumps())


def altered(content):
    """The certificate with something changed so that it claims what is not so."""
    yield "bound - 1", content | {"bound": content["bound"] - 1}
    yield "bound + 1", content | {"bound": content["bound"] + 1}
    yield "program", content | {"program": content["program"][:-1] + "10"[int(content["program"][-1])]}
    yield "program and bound", content | {"program": content["program"][:-1], "bound": content["bound"] - 1}
    yield "longer program", content | {"program": content["program"] + "0", "bound": content["bound"] + 1}
    yield "machine", content | {"machine": "turing" if content["machine"] == "queue" else "queue"}
    yield "no machine", content | {"machine": "lisp"}
    yield "max_length", content | {"max_length": content["bound"] - 1}
    yield "last bit", content | {"data": content["data"][:-1] + "10"[int(content["data"][-1])]}
    yield "one bit less", content | {"data": content["data"][:-1]}
    for t in (0, 1, len(content["masses"]) - 1):
        for bit in (0, 1):
            wrong = copy.deepcopy(content)
            wrong["masses"][t][bit] = 0 if int(content["data"][t]) == bit else 2 ** content["max_length"] + 1
            yield f"mass {t} of {bit}", wrong
    for name in content:
        missing = dict(content)
        del missing[name]
        yield f"no {name}", missing
    yield "a float", content | {"bound": float(content["bound"])}
    yield "true", content | {"max_steps": True}


@pytest.mark.skipif(not SCRIPT.exists(), reason="the script is not there")
def test_the_script_refuses_altered_certificates(machine, tmp_path):
    x = "0" * 24
    content = certified(machine, x)[1].to_json()
    assert content["program"]
    for name, wrong in altered(content):
        assert not script_accepts(tmp_path, wrong), name
    for text in ("", "[]", "{", "7"):
        assert not script_accepts(tmp_path, text)


@pytest.mark.small
def test_the_script_imports_nothing_of_the_package():
    if not SCRIPT.exists():
        pytest.skip("the script is not there")
    imports = [line for line in SCRIPT.read_text().splitlines() if line.strip().startswith(("import ", "from "))]
    assert sorted(imports) == ["import json", "import sys"]
