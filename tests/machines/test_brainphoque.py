"""`brainphoque` against its slow twin: walk, runner, frontier, text and memory."""

import random
import re
from collections import Counter

import naive
import naive_brainphoque as twin
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from induction.budget import Budget
from induction.enumeration.checked import CheckedPointer, CheckedSearch, plain_kernels
from induction.enumeration.frontier import Frontier
from induction.enumeration.runner import Runner, program_bits, program_text, run
from induction.enumeration.targets import every, heap_name, single
from induction.enumeration.walk import CUT, MATCH, MISMATCH, SILENT_MASS, TIMEOUT_MASS, enumerate_programs
from induction.machines.brainphoque import BRAINPHOQUE
from induction.machines.brainphoque_text import TOKENS
from induction.machines.machine import FIELD, LEAF, NEED, NODE, RULE_FIELD

EVENTS = {"complete": "complete", "cut": "needs", "silent": "timeout", "timeout": "timeout"}
lengths = st.integers(1, 10) | st.just(13)
steps = st.integers(1, 40)
totals = st.none() | st.integers(1, 60)
bits = st.text("01", min_size=1, max_size=60)
few = settings(max_examples=8, deadline=None)
tiny = settings(max_examples=5, deadline=None)


def encode(tokens):
    """Token bits; digits are data bits."""
    return "".join(t if t in "01" else format(TOKENS.index(t), "03b") for t in tokens)


def assert_ledger_is_the_definition(depth, target, budget):
    unit = budget.whole
    limits = budget.max_length, budget.max_steps, budget.total
    ledger = enumerate_programs(BRAINPHOQUE, budget, every(depth))
    wanted = naive.prior("brainphoque", depth, *limits)
    for leaf in ledger.targets.leaves:
        assert ledger.masses[leaf, MATCH] == wanted["mass"][heap_name(leaf)] * unit
    totals = ledger.totals
    assert totals[SILENT_MASS] + totals[TIMEOUT_MASS] == wanted["open"]["time"] * unit
    assert (totals[CUT], totals[MISMATCH], totals.sum()) == (wanted["open"]["cut"] * unit, 0, unit)
    ledger = enumerate_programs(BRAINPHOQUE, budget, single(target), keep=1)
    fates = naive.fates("brainphoque", target, *limits)
    totals = ledger.totals
    time = totals[SILENT_MASS] + totals[TIMEOUT_MASS]
    got = {"match": totals[MATCH], "mismatch": totals[MISMATCH], "time": time, "cut": totals[CUT]}
    assert got == {fate: mass * unit for fate, mass in fates.items()}
    shortest = naive.shortest("brainphoque", target, *limits)
    assert ledger.programs(ledger.targets.leaves[0]) == ([] if shortest is None else [shortest])


@few
@given(st.integers(1, 3), st.text("01", min_size=1, max_size=5), lengths, steps, totals)
def test_walk_gives_every_fate_the_mass_of_the_definition(depth, target, length, most, total):
    assert_ledger_is_the_definition(depth, target, Budget(length, most, total))


@pytest.mark.small
@tiny
@given(st.integers(1, 3), st.text("01", min_size=1, max_size=3), st.integers(1, 8), steps, totals)
def test_walk_gives_every_fate_the_mass_of_the_definition_on_small_budgets(depth, target, length, most, total):
    assert_ledger_is_the_definition(depth, target, Budget(length, most, total))


def search_below(tokens, budget, depth):
    """Masses by (output, how it ended) below a prefix: a search with the machine's kernels, on checked memory."""
    kernels, masses = plain_kernels(BRAINPHOQUE.kernels), Counter()
    frames, rules, work, limits = map(CheckedPointer, BRAINPHOQUE.memory(budget, depth))
    data = CheckedPointer(every(depth).follow)

    def visit(at, length, options):
        for option in options:
            event = kernels.take(frames, at, option, data, rules, work, limits)
            bits = kernels.width(frames, at, option)
            to = at + BRAINPHOQUE.frame
            if event == NEED and length + bits + kernels.width(frames, to, 0) <= budget.max_length:
                later = path[to // BRAINPHOQUE.frame :]
                visit(to, length + bits, later[:1] or range(1 << kernels.width(frames, to, 0)))
            else:
                ended = {NEED: "needs", LEAF: "complete"}.get(event, "timeout")
                masses[heap_name(frames[to + NODE]), ended] += 1 << (budget.max_length - length - bits)
        kernels.close(frames, at, rules, work)

    path = [TOKENS.index(token) for token in tokens]
    kernels.start(frames, 0, work)
    kernels.resume(frames, 0, data, rules, work, limits)
    visit(0, 0, path[:1])
    return masses


def subtree_is_the_definition(tokens, more, most, depth=3):
    """Compare a search below a prefix of `tokens` with the definition; False if there is nothing below it."""
    prefix = encode(tokens)
    record = naive.run("brainphoque", prefix, most, None, depth)
    if (record.status, record.bits_read) != ("needs", len(prefix)):
        return False
    budget = Budget(len(prefix) + more, most)
    wanted, pending = Counter(), [prefix]
    while pending:
        record = naive.run("brainphoque", pending.pop(), most, None, depth)
        if record.status == "needs" and len(record.program) < budget.max_length:
            pending += [record.program + "1", record.program + "0"]
        else:
            wanted[record.output, record.status] += 1 << (budget.max_length - len(record.program))
    # a token that does not fit is cut whole; the definition cuts at each of its bits
    assert search_below(tokens, budget, depth) == wanted, (tokens, most)
    return True


def test_search_below_programs_of_many_brackets_is_as_defined():
    rng = random.Random(7)
    compared = sum(
        subtree_is_the_definition(tokens, rng.choice([7, 9]), rng.choice([9, 40]))
        for tokens in ["+" + twin.random_tokens(rng, "+-><[].[", 16) for _ in range(250)]
    )
    assert compared > 60


@pytest.mark.small
@pytest.mark.parametrize("tokens", ["+[[+]", "+[>[+<]", "+[>[+<]-", "+[[>[+<]-<->]+"])
def test_search_below_nested_blocks_is_as_defined(tokens):
    assert subtree_is_the_definition(tokens, 7, 30)


def test_what_is_proved_silent_stays_silent_with_more_steps():
    silent, undecided = None, None
    for most in (5, 20, 80, 320, 2000):
        ledger = enumerate_programs(BRAINPHOQUE, Budget(18, most), every(2))
        if silent is not None:
            assert (ledger.masses[:, SILENT_MASS] >= silent).all()
            assert ledger.totals[TIMEOUT_MASS] <= undecided
        silent, undecided = ledger.masses[:, SILENT_MASS].copy(), ledger.totals[TIMEOUT_MASS]
    assert 0 < undecided < silent.sum()


def assert_run_is_the_definition(program, most, total, outputs):
    got = run(program, machine=BRAINPHOQUE, bits=outputs, max_steps=most, total=total)
    wanted = naive.run("brainphoque", program, most, total, outputs)
    assert (got.output, EVENTS[got.status]) == (wanted.output, wanted.status)
    if got.status == "silent":
        assert naive.run("brainphoque", program, 3000, None, outputs).status == "timeout"
    else:
        assert got.steps == wanted.steps
    if got.status in ("complete", "timeout"):
        assert got.length == wanted.bits_read
    else:
        assert 0 <= wanted.bits_read - got.length <= 2  # bits of a token that is not complete


@settings(max_examples=300, deadline=None)
@given(bits, st.integers(1, 300), totals, st.integers(1, 30))
def test_runner_does_what_the_definition_does(program, most, total, outputs):
    assert_run_is_the_definition(program, most, total, outputs)


@pytest.mark.small
@settings(max_examples=20, deadline=None)
@given(bits, st.integers(1, 60), totals, st.integers(1, 12))
def test_runner_does_what_the_definition_does_on_small_budgets(program, most, total, outputs):
    assert_run_is_the_definition(program, most, total, outputs)


@pytest.mark.small
def test_runner_does_what_the_definition_does_on_loops():
    rng = random.Random(8)
    for _ in range(300):
        tokens = "+" + twin.random_tokens(rng, "+-><[].,", 19)
        assert_run_is_the_definition(encode(tokens), rng.choice([9, 40, 150]), None, rng.choice([1, 3, 12]))


@pytest.mark.small
@pytest.mark.parametrize("tokens", ["+[[+[][<.+]][<", "+[++<+++[[[[+]]+>][", "+[[>[+<]-<->]+]."])
def test_places_that_are_met_again_with_other_cells_are_no_proof_of_silence(tokens):
    assert_run_is_the_definition(encode(tokens), 300, None, 6)


def test_structured_programs_run_as_defined_past_fresh_memory():
    for tokens in ("+[.>+.>]", "[+.[>]+[.<+.[-.]]]", "+[>,0.<]" + "01" * 700, "+[>[+>]<.[<]+.]"):
        assert_run_is_the_definition(encode(tokens), 400, None, 1100)


def assert_frontier_is_the_definition(data, budget):
    frontier = Frontier(BRAINPHOQUE, budget)
    for n in range(len(data) + 1):
        m = frontier.masses()
        parts = naive.ahead("brainphoque", data[:n], budget.max_length, budget.max_steps, budget.total)
        got = m.zeros, m.ones, m.silent + m.timeout + m.cut, m.silent_before + m.open_before, m.mismatch
        assert got == tuple(parts[part] * budget.whole for part in ("0", "1", "at", "before", "mismatch"))
        if n < len(data):
            frontier.learn(int(data[n]))


@few
@given(st.text("01", max_size=5), lengths, steps, totals)
def test_frontier_carries_packed_programs_on_as_defined(data, length, most, total):
    assert_frontier_is_the_definition(data, Budget(length, most, total))


@pytest.mark.small
@tiny
@given(st.text("01", max_size=2), st.integers(1, 7), steps, totals)
def test_frontier_carries_packed_programs_on_as_defined_on_small_budgets(data, length, most, total):
    assert_frontier_is_the_definition(data, Budget(length, most, total))


@pytest.mark.parametrize("data", ["111111111111", "010101010101010101", "011011011"])
def test_frontier_agrees_with_the_walk_on_longer_programs(data):
    budget = Budget(21, 64)
    frontier = Frontier(BRAINPHOQUE, budget)
    for n, bit in enumerate(data):
        m = frontier.masses()
        for b, mass in ((0, m.zeros), (1, m.ones)):
            ledger = enumerate_programs(BRAINPHOQUE, budget, single(data[:n] + str(b)))
            assert ledger.totals[MATCH] == mass
        frontier.learn(int(bit))


# text and codes ----------------------------------------------------------------------------------


def bits_of_text(text):
    """The program that `text` describes, asked from the machine field by field."""
    unread = re.search(r"\+ ([01]+)$", text)  # a token + has no bits after it
    body, _, raw = text[: unread.start() if unread else None].partition("|")
    tokens, data = BRAINPHOQUE.parse(body), list(raw.strip())
    wanted = BRAINPHOQUE.listed(tokens)
    runner = Runner(BRAINPHOQUE, "", 400)
    while wanted or data:
        runner.run(60)
        assert runner.event == NEED
        if runner.frame[FIELD] < RULE_FIELD:
            runner.extend(data.pop(0))
            continue
        option, name = BRAINPHOQUE.choose(tokens, runner.frame)
        wanted.discard(name)
        runner.extend(format(option, "03b"))
    runner.run(1)
    return "".join(map(str, runner.program)) + (unread[1] if unread else "")


@pytest.mark.small
@settings(max_examples=60, deadline=None)
@given(bits)
def test_programs_come_back_from_their_text(program):
    text = program_text(BRAINPHOQUE, program, 60, 400)
    assert bits_of_text(text) == program


@pytest.mark.small
def test_text_shows_tokens_in_reading_order_and_data_bits_after_a_bar():
    # a bracket on a zero cell is shown as it was read
    program = encode(">[,1.,0<]-")
    assert program_text(BRAINPHOQUE, program + "01", 9) == ">[,.,<]- | 10 + 01"
    assert program_bits(BRAINPHOQUE, "> [ , . , < ] | 10") == program_bits(BRAINPHOQUE, ">{,.,<]|10") == program[:-3]
    state = np.zeros(BRAINPHOQUE.frame, dtype=np.int64)
    assert BRAINPHOQUE.choose("", state)[0] is None
    with pytest.raises(ValueError, match="token 1 of the program is 'x'"):
        BRAINPHOQUE.parse(".x")


@pytest.mark.small
def test_the_fallback_weighs_what_a_copying_program_weighs():
    copier = encode("+[>,.<]")
    # here the data bits stand between tokens for the first round and after them from the second on
    program = encode("+[>,0.<]") + "1101"
    result = run(program, machine=BRAINPHOQUE, bits=9)
    assert (result.output, result.text) == ("01101", "+[>,.<] | 01101")
    assert len(copier) == BRAINPHOQUE.fallback_exponent


def test_no_six_tokens_copy_whatever_their_data_bits_are():
    x = random.Random(5).choices([0, 1], k=40)

    def copies(tokens):
        """Whether the tokens copy x; None if they are too few to say."""
        source, written = iter(x), []
        code = twin.Code(lambda at: tokens[at], 256, 2)
        try:
            for _ in range(400):
                code.step(lambda: next(source), written.append)
                if written != x[: len(written)]:
                    return False
        except IndexError:
            return None
        except StopIteration:
            pass
        return len(written) > 30

    pending, tried = [""], 0
    while pending:
        tokens = pending.pop()
        copied = copies(tokens)
        tried += 1
        assert not copied
        if copied is None and len(tokens) < 6:
            pending += [tokens + token for token in "+><[].,"]  # - is + on bits
    assert tried > 50_000
    assert copies("+[>,.<]")


# memory ------------------------------------------------------------------------------------------


@pytest.mark.small
@pytest.mark.parametrize("budget", [Budget(1, 1), Budget(6, 30), Budget(9, 1), Budget(9, 40, 50), Budget(10, 24)])
def test_kernels_keep_to_their_memory_and_undo_what_they_did(budget):
    def hold(statement, condition, detail=""):
        assert condition, (statement, detail)

    search = CheckedSearch(BRAINPHOQUE, budget, 2, hold)
    ledger = enumerate_programs(BRAINPHOQUE, budget, every(2), keep=9)
    programs = search.programs()
    for leaf in ledger.targets.leaves:
        assert ledger.programs(leaf) == programs.get(heap_name(leaf), [])[:9]
