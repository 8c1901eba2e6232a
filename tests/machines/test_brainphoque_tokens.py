"""The interpreter of given BrainPhoque tokens against its slow twin, by hand, and on checked memory."""

import random
import re
from types import FunctionType

import naive_brainphoque as twin
import numba
import pytest

from induction.enumeration.checked import CheckedPointer
from induction.machines import brainphoque_tokens
from induction.machines.brainphoque import run_tokens
from induction.machines.kernel import rebound


def assert_interpreter_is_the_definition(rng):
    tokens = twin.random_tokens(rng)
    symbols, cells = rng.choice([2, 2, 3, 9]), rng.choice([1, 1, 2, 3, 50])
    most, written = rng.choice([0, 1, 2, 30, 300]), rng.choice([0, 1, 2, 15, 1000])
    got = run_tokens(
        tokens, alphabet_size=symbols, memory_size=cells, maximum_steps=most, max_output_length=written
    )
    wanted = twin.run_tokens(tokens, symbols, cells, most, written)
    assert (got.status, got.steps, got.head, got.output, got.program) == tuple(vars(wanted).values()), tokens
    return got


def test_interpreter_does_what_the_definition_does():
    rng = random.Random(11)
    results = [assert_interpreter_is_the_definition(rng) for _ in range(4000)]
    for status in ("HALTED", "TIMEOUT", "OUTPUT_LIMIT"):
        assert sum(result.status == status for result in results) > 100
    assert sum("{" in result.program and "]" in result.program for result in results) > 500


@pytest.mark.small
def test_interpreter_does_what_the_definition_does_on_a_few():
    rng = random.Random(12)
    for _ in range(150):
        assert_interpreter_is_the_definition(rng)


@pytest.mark.small
def test_interpreter_stays_in_its_memory(monkeypatch):
    checked = rebound(brainphoque_tokens.interpret, {"pointer": CheckedPointer})
    monkeypatch.setattr(brainphoque_tokens, "_compiled", lambda: checked)
    monkeypatch.setattr(brainphoque_tokens, "_QUOTA", 7)  # and a run in pieces ends as one in one go
    monkeypatch.setattr(brainphoque_tokens, "_FIRST_OUTPUTS", 1)
    rng = random.Random(13)
    for _ in range(300):
        assert_interpreter_is_the_definition(rng)


@pytest.mark.small
@pytest.mark.parametrize(
    ("tokens", "stored", "output", "status"),
    [
        ("", "", [], "HALTED"),
        ("[.+.", "{.+.", [0, 1], "HALTED"),  # a bracket on a zero cell is skipped
        ("+{.-].", "+[.-].", [1, 0], "HALTED"),  # the continuation goes to the end of the code
        ("]]+.", "]]+.", [1], "HALTED"),  # unmatched
        ("+[[.-]+.>].", "+[[.-]+.>].", [1, 1, 0], "HALTED"),
        # the { is met again on a full cell: its body is put at the end, with its own way back
        ("+[>[+<].-<->].", "+[>{+<].-<->].", [1, 0], "HALTED"),
        # that body is inside an outer block, which is still open when the body ends
        ("+[[>[+<]-<->].+]", "+[[>{+<]-<->].+]", [0] * 5, "TIMEOUT"),
    ],
)
def test_brackets_of_both_kinds_by_hand(tokens, stored, output, status):
    got = run_tokens(tokens, alphabet_size=2, memory_size=2, maximum_steps=90, max_output_length=9)
    wanted = twin.run_tokens(tokens, 2, 2, 90, 9)
    assert (got.program, got.output, got.status) == (stored, output, status)
    assert (got.steps, got.head) == (wanted.steps, wanted.head)


@pytest.mark.small
def test_steps_are_compared_with_their_maximum_before_output_is():
    both = run_tokens("..", memory_size=1, maximum_steps=1, max_output_length=1)
    assert (both.status, both.steps, both.output) == ("TIMEOUT", 1, [0])
    assert run_tokens(".", memory_size=1, maximum_steps=2, max_output_length=1).status == "OUTPUT_LIMIT"
    assert run_tokens("+", memory_size=1, maximum_steps=2, max_output_length=1).status == "HALTED"
    assert run_tokens("+", memory_size=1, maximum_steps=2, max_output_length=0).status == "OUTPUT_LIMIT"


def test_long_output_is_complete():
    got = run_tokens("+[.>.+<]", alphabet_size=5, memory_size=3, maximum_steps=10**6, max_output_length=30_001)
    assert (got.status, len(got.output)) == ("OUTPUT_LIMIT", 30_001)
    assert got.output[:6] + got.output[-1:] == [1, 0, 1, 1, 1, 2, 1]


@pytest.mark.small
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"program": "+,"}, "token 1 of the program is ',': it has no input"),
        ({"program": "+x"}, "token 1 of the program is 'x'"),
        ({"program": b"+"}, "given as bytes"),
        ({"alphabet_size": 1}, "alphabet_size is 1; allowed are whole numbers from 2"),
        ({"memory_size": 0}, "memory_size is 0"),
        ({"memory_size": 2**40}, "memory_size is"),
        ({"maximum_steps": -1}, "maximum_steps is -1"),
        ({"maximum_steps": 1.5}, "maximum_steps is 1.5"),
        ({"max_output_length": True}, "max_output_length is True"),
    ],
)
def test_bad_input_to_the_interpreter_is_one_clear_line(change, message):
    given = {"program": "+", "memory_size": 2, "maximum_steps": 3, "max_output_length": 4, **change}
    with pytest.raises(ValueError, match=message) as error:
        run_tokens(**given)
    assert "\n" not in str(error.value)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="needs the compiled code")
def test_the_interpreters_loop_counts_no_references_and_divides_nothing():
    array = numba.int64[::1]
    fresh = numba.njit(FunctionType(brainphoque_tokens.interpret.__code__, vars(brainphoque_tokens)), nogil=True)
    fresh.compile((array, array, array, array, array, numba.int64))
    (code,) = fresh.inspect_llvm().values()
    body = re.search(r"\ndefine [^\n]*interpret.*?\n}\n", code, re.DOTALL)[0]
    assert "NRT_incref" not in body
    assert " sdiv " not in body
    assert " srem " not in body
