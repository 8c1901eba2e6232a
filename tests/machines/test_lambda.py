"""`lambda` against its slow twin: walk, runner, frontier, counts of terms, and programs from the literature."""

import naive
import naive_lambda as twin
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.budget import Budget
from induction.enumeration import runner as running
from induction.enumeration.checked import CheckedPointer, CheckedSearch, plain_kernels
from induction.enumeration.frontier import Frontier
from induction.enumeration.runner import Runner, program_bits
from induction.enumeration.targets import every, heap_name, single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS, enumerate_programs
from induction.machines.lambda_calculus import LAMBDA
from induction.machines.lambda_terms import closed_terms
from induction.machines.machine import LEAF, NEED, NODE, TIMEOUT

# OEIS A114852, from size 0.
# fmt: off
CLOSED_TERMS = [0, 0, 0, 0, 1, 0, 1, 1, 2, 1, 6, 5, 13, 14, 37, 44, 101, 134, 298, 431, 883, 1361, 2736, 4405, 8574,
                14334, 27465, 47146, 89270, 156360, 293840]
# fmt: on
COPY = "0010"
ONES = "000100011010000001011000001001110110"  # λa.(λb.b b) (λb.λc.c (λd.λe.e) (b b))
ZEROS = "0001000110100000010110000011001110110"
ZERO, ONE = "(λd.λe.d)", "(λd.λe.e)"
EACH = "(λm.m m) (λm.λl.l (λb.λt.λz.z {} (m m t)))"  # writes something for each bit b of the input
PROGRAMS = {
    "ones": "λa.(λb.b b) (λb.λc.c (λd.λe.e) (b b))",
    "alternate": f"λa.(λx.x x) (λx.λz.z {ZERO} (λz.z {ONE} (x x)))",
    "copy bit by bit": EACH.format("b"),
    "a one for each bit": EACH.format(ONE),
    "complement of the first": "λa.a (λb.λt.λz.z (λu.λw.b w u) t)",
    "the first twice": "λa.a (λb.λt.λz.z b (λz.z b t))",
    "second before first": "λa.a (λb.λt.t (λc.λr.λz.z c (λz.z b r)))",
    "a one first": f"λa.λz.z {ONE} a",
    "without the first": "λa.a (λb.λt.t)",
    "first bit for ever": "λa.a (λb.λt.(λx.x x) (λx.λz.z b (x x)))",
    "loops without repeating": "(λx.x x x) (λx.x x x)",
    "omega": "(λx.x x) (λx.x x)",
    "writes an inert variable": "λa.λz.z z z",
    "writes an old inert variable": f"λa.λz.z {ONE} z",
    "three arguments": f"λa.λz.z {ONE} a a",
    "no list": "λa.λb.λc.c",
    "no bit": "λa.λb.b (λc.c) a",
}
few = settings(max_examples=12, deadline=None)
tiny = settings(max_examples=4, deadline=None)
steps = st.integers(1, 60)
totals = st.none() | st.integers(1, 120)
bits = st.text("01", min_size=1, max_size=60)


@pytest.mark.small
def test_closed_terms_are_counted_as_published():
    assert [closed_terms(size) for size in range(31)] == CLOSED_TERMS
    for size in range(16):
        assert closed_terms(size) == len(set(twin.terms(size))) == len(twin.terms(size))
    for size in (-1, 401, 2.0, True, "4"):
        with pytest.raises(ValueError, match="allowed are whole numbers from 0 to 400"):
            closed_terms(size)


@pytest.mark.small
def test_published_programs_write_what_they_should():
    for program, length, bit in ((ONES, 36, "1"), (ZEROS, 37, "0")):
        assert len(program) == length
        result = running.run(program, machine=LAMBDA, bits=256)
        assert (result.output, result.status, result.length) == (bit * 256, "complete", length)
    result = running.run(COPY + "0110100111", machine=LAMBDA, bits=11)
    assert (result.output, result.status, result.length) == ("0110100111", "cut", 14)
    assert LAMBDA.fallback_exponent == len(COPY)


@pytest.mark.small
@pytest.mark.parametrize(
    ("name", "data", "output"),
    [
        ("alternate", "", "01010101"),
        ("copy bit by bit", "0110", "0110"),
        ("a one for each bit", "0110", "1111"),
        ("complement of the first", "0110", "1110"),
        ("the first twice", "011", "0011"),
        ("second before first", "0110", "1010"),
        ("a one first", "011", "1011"),
        ("without the first", "0110", "110"),
        ("first bit for ever", "1", "1111111"),
        ("writes an old inert variable", "", "1"),
    ],
)
def test_programs_that_people_write_do_what_they_mean(name, data, output):
    program = plain_bits(name) + data
    result = running.run(program, machine=LAMBDA, bits=len(output))
    assert (result.output, result.status, result.length) == (output, "complete", len(program))


def plain_bits(name):
    """The bits of a named program by its text."""
    return program_bits(LAMBDA, PROGRAMS[name], outputs=1, max_steps=100)


# the walk ----------------------------------------------------------------------------------------


def assert_ledger_is_the_definition(depth, target, budget):
    unit = budget.whole
    limits = budget.max_length, budget.max_steps, budget.total
    ledger = enumerate_programs(LAMBDA, budget, every(depth))
    wanted = naive.prior("lambda", depth, *limits)
    for leaf in ledger.targets.leaves:
        assert ledger.masses[leaf, MATCH] == wanted["mass"][heap_name(leaf)] * unit
    totals = ledger.totals
    assert totals[SILENT_MASS] + totals[TIMEOUT_MASS] == wanted["open"]["time"] * unit
    assert (totals[CUT], totals[MISMATCH], totals.sum()) == (wanted["open"]["cut"] * unit, 0, unit)
    ledger = enumerate_programs(LAMBDA, budget, single(target), keep=1)
    fates = naive.fates("lambda", target, *limits)
    totals = ledger.totals
    time = totals[SILENT_MASS] + totals[TIMEOUT_MASS]
    got = {"match": totals[MATCH], "mismatch": totals[MISMATCH], "time": time, "cut": totals[CUT]}
    assert got == {fate: mass * unit for fate, mass in fates.items()}
    shortest = naive.shortest("lambda", target, *limits)
    assert ledger.programs(ledger.targets.leaves[0]) == ([] if shortest is None else [shortest])


@few
@given(st.integers(1, 2), st.text("01", min_size=1, max_size=4), st.integers(1, 14), steps, totals)
def test_walk_gives_every_fate_the_mass_of_the_definition(depth, target, length, most, total):
    assert_ledger_is_the_definition(depth, target, Budget(length, most, total))


@pytest.mark.small
@tiny
@given(st.integers(1, 2), st.text("01", min_size=1, max_size=2), st.integers(1, 8), steps, totals)
def test_walk_gives_every_fate_the_mass_of_the_definition_on_small_budgets(depth, target, length, most, total):
    assert_ledger_is_the_definition(depth, target, Budget(length, most, total))


def test_walk_gives_every_fate_the_mass_of_the_definition_on_longer_programs():
    assert_ledger_is_the_definition(2, "101", Budget(18, 30))


@pytest.mark.small
def test_paths_keep_the_contract_on_checked_memory():
    def hold(statement, condition, detail=""):
        assert condition, (statement, detail)

    search = CheckedSearch(LAMBDA, Budget(11, 24), 3, hold)
    assert search.programs()["101"] == ["0010101"]


@pytest.mark.small
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_forks_below_a_term_do_not_disturb_each_other(name):
    """All strings of data bits below one term, its cells shared and changes undone, against a run for each."""
    term, most, depth, length = plain_bits(name), 40, 3, 5
    memory = LAMBDA.memory(Budget(62, most), depth)
    kernels = plain_kernels(LAMBDA.kernels)
    frames, rules, work, limits = (CheckedPointer(array) for array in memory)
    rest = CheckedPointer(every(depth).follow), rules, work, limits
    kernels.start(frames, 0, work)
    event = kernels.resume(frames, 0, *rest)
    at = 0
    for option in options_of(term):
        event = kernels.take(frames, at, option, *rest)
        at += LAMBDA.frame

    def search(at, event, data):
        if event != NEED or len(data) == length:
            got = heap_name(frames[at + NODE]), {NEED: "needs", LEAF: "complete"}.get(event, "timeout")
            record, _ = twin.run(term + data, most, None, depth)
            assert got == (record.output, record.status), data
        else:
            for bit in (1, 0, 1):
                event = kernels.take(frames, at, bit, *rest)
                search(at + LAMBDA.frame, event, data + str(bit))

    search(at, event, "")


def options_of(term):
    """The options of a whole term's fields."""
    runner, options = Runner(LAMBDA, "", 40), []
    while term:
        runner.run(1)
        codes = [format(int(value), f"0{int(width)}b") for width, value in runner.options() if width]
        options.append(next(i for i, code in enumerate(codes) if term.startswith(code)))
        runner.extend(codes[options[-1]])
        term = term.removeprefix(codes[options[-1]])
    return options


def test_what_is_proved_silent_stays_silent_with_more_steps():
    silent, undecided = -1, 2**21
    for most in (10, 20, 80, 320):
        totals = enumerate_programs(LAMBDA, Budget(21, most), single("01")).totals
        assert totals[SILENT_MASS] >= silent
        assert totals[TIMEOUT_MASS] <= undecided
        silent, undecided = totals[SILENT_MASS], totals[TIMEOUT_MASS]


def test_thirty_bits_are_enumerated_whole():
    budget = Budget(30, 256)
    ledger = enumerate_programs(LAMBDA, budget, single("1" * 64))
    assert ledger.totals.sum() == budget.whole
    assert ledger.totals[MATCH] == 0  # the shortest program for ones has 36 bits, a copy more
    assert ledger.totals[TIMEOUT_MASS] < budget.whole >> 16


@pytest.mark.slow
def test_no_program_for_ones_is_shorter_than_the_published_one():
    ledger = enumerate_programs(LAMBDA, Budget(36, 256), single("1" * 64), keep=2)
    assert ledger.programs(64) == [ONES]


# one program -------------------------------------------------------------------------------------


def assert_run_is_the_definition(program, most, total, outputs):
    runner = Runner(LAMBDA, program, most, total)
    result = runner.result(outputs)
    record, stuck = twin.run(program, most, total, outputs)
    status = {"complete": "complete", "cut": "needs", "silent": "timeout", "timeout": "timeout"}[result.status]
    assert (result.output, status) == (record.output, record.status)
    if status != "needs":  # a field that is not there in full has not been read by the runner
        assert result.length == record.bits_read
    if status != "timeout" or stuck or runner.event == TIMEOUT:
        assert result.steps == record.steps
    if stuck:
        assert result.status == "silent"
    return result


@settings(max_examples=150, deadline=None)
@given(bits, steps, totals, st.integers(1, 30))
def test_runner_does_what_the_definition_does(program, most, total, outputs):
    assert_run_is_the_definition(program, most, total, outputs)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_runner_does_what_the_definition_does_on_programs_nearly_meaningful(data):
    program = list(plain_bits(data.draw(st.sampled_from(sorted(PROGRAMS)))) + data.draw(bits))
    for place in data.draw(st.lists(st.integers(0, 45), max_size=4)):
        program[place % len(program)] = data.draw(st.sampled_from("01"))
    outputs = data.draw(st.integers(1, 40))
    assert_run_is_the_definition("".join(program)[:62], data.draw(steps), data.draw(totals), outputs)


@pytest.mark.small
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_named_programs_run_as_defined(name):
    for most in (1, 3, 8, 9, 10, 11, 50):
        assert_run_is_the_definition(plain_bits(name) + "0110", most, None, 12)


@pytest.mark.parametrize("name", ["alternate", "copy bit by bit", "the first twice", "first bit for ever"])
def test_a_run_goes_on_past_fresh_memory(name, monkeypatch):
    monkeypatch.setattr(running, "_ROOM", 1)
    data = "0110100110010110" * 12
    result = assert_run_is_the_definition(plain_bits(name) + data, 200, None, 150)
    assert result.status == "complete"


@pytest.mark.small
def test_self_application_is_proved_silent_by_repetition():
    program = plain_bits("omega")
    assert running.run(program, machine=LAMBDA).status == "silent"
    assert twin.run(program, 60, None, 1)[0].status == "timeout"
    assert running.run(plain_bits("loops without repeating"), machine=LAMBDA, max_steps=300).status == "timeout"


@pytest.mark.small
def test_a_run_that_fills_all_the_memory_there_is_ends_as_a_timeout(monkeypatch):
    from induction.machines import lambda_heap

    monkeypatch.setattr(lambda_heap, "_MOST_CELLS", 400)
    result = running.run(plain_bits("loops without repeating"), machine=LAMBDA)
    assert result.status == "timeout"
    assert result.steps < 400
    assert running.run(COPY + "01", machine=LAMBDA, bits=2).output == "01"


# the frontier ------------------------------------------------------------------------------------


def assert_frontier_is_the_definition(data, budget):
    frontier = Frontier(LAMBDA, budget)
    for n in range(len(data) + 1):
        m = frontier.masses()
        parts = naive.ahead("lambda", data[:n], budget.max_length, budget.max_steps, budget.total)
        got = m.zeros, m.ones, m.silent + m.timeout + m.cut, m.silent_before + m.open_before, m.mismatch
        assert got == tuple(parts[part] * budget.whole for part in ("0", "1", "at", "before", "mismatch"))
        if n < len(data):
            frontier.learn(int(data[n]))


@few
@given(st.text("01", max_size=4), st.integers(1, 13), steps, totals)
def test_frontier_carries_packed_programs_on_as_defined(data, length, most, total):
    assert_frontier_is_the_definition(data, Budget(length, most, total))


@pytest.mark.small
@tiny
@given(st.text("01", max_size=2), st.integers(1, 8), steps, totals)
def test_frontier_carries_packed_programs_on_as_defined_on_small_budgets(data, length, most, total):
    assert_frontier_is_the_definition(data, Budget(length, most, total))


@pytest.mark.parametrize("data", ["11111111111111", "01010101010101010101", "011011011"])
def test_frontier_agrees_with_the_walk_on_longer_programs(data):
    budget = Budget(24, 64)
    frontier = Frontier(LAMBDA, budget)
    for n, bit in enumerate(data):
        m = frontier.masses()
        for b, mass in ((0, m.zeros), (1, m.ones)):
            assert enumerate_programs(LAMBDA, budget, single(data[:n] + str(b))).totals[MATCH] == mass
        frontier.learn(int(bit))


def test_memory_is_refused_where_cells_could_not_be_numbered():
    with pytest.raises(ValueError, match="lower max_steps"):
        LAMBDA.memory(Budget(10, 10), 1, 2**36)
    assert np.count_nonzero(LAMBDA.memory(Budget(10, 10), 1).work) <= 4
