"""The twin itself is checked against what is known without it: published results, hand-run programs, sequences."""

import json
from collections import deque
from fractions import Fraction
from itertools import product
from pathlib import Path

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text())
pytestmark = pytest.mark.small

machines = st.sampled_from(["queue", "turing"])
targets = st.text("01", max_size=5)
lengths = st.integers(1, 9)
steps = st.integers(1, 12)
totals = st.none() | st.integers(1, 20)
few = settings(max_examples=40, deadline=None)


def case_name(case):
    return f"{case['machine']}-{case['max_length']}-{case['max_steps']}-{case.get('x', case.get('depth'))}"


@pytest.mark.parametrize("case", GOLDEN["prior"], ids=case_name)
def test_prior_is_the_golden_one(case):
    result = naive.prior(case["machine"], case["depth"], case["max_length"], case["max_steps"])
    deepest = {x: str(m) for x, m in result["mass"].items() if len(x) == case["depth"]}
    assert deepest == case["mass"]
    assert {fate: str(m) for fate, m in result["open"].items() if m} == case["open"]


@pytest.mark.parametrize("case", GOLDEN["explain"], ids=case_name)
def test_fates_and_shortest_program_are_the_golden_ones(case):
    question = (case["machine"], case["x"], case["max_length"], case["max_steps"])
    assert {fate: str(m) for fate, m in naive.fates(*question).items()} == case["mass"]
    assert naive.shortest(*question) == case["shortest"]


@few
@given(machines, targets, lengths, steps, totals)
def test_programs_are_prefix_free_minimal_and_print_the_target(machine, x, length, most, total):
    programs = naive.programs_for(machine, x, length, most, total)
    assert programs == sorted(programs)
    for one, after in zip(programs, programs[1:], strict=False):
        assert not after.startswith(one)  # in a sorted list an extension would come next
    for p in programs:
        record = naive.run(machine, p, most, total, len(x))
        assert (record.output, record.status, record.bits_read) == (x, "complete", len(p))
        if x:
            assert record.reads[-1] == len(p)
            assert naive.run(machine, p[:-1], most, total, len(x)).status == "needs"


@few
@given(machines, targets, lengths, steps, totals)
def test_masses_add_up_to_one(machine, x, length, most, total):
    fates = naive.fates(machine, x, length, most, total)
    ahead = naive.ahead(machine, x, length, most, total)
    assert sum(fates.values()) == 1
    assert sum(ahead.values()) == 1
    assert fates["match"] == naive.mass(machine, x, length, most, total)
    assert ahead["mismatch"] == fates["mismatch"]
    assert ahead["before"] == fates["time"] + fates["cut"]
    assert ahead["0"] + ahead["1"] + ahead["at"] == fates["match"]


@few
@given(machines, lengths, steps, totals)
def test_prior_is_the_mass_of_every_string(machine, length, most, total):
    prior = naive.prior(machine, 2, length, most, total)
    assert set(prior["mass"]) == {"0", "1", "00", "01", "10", "11"}
    assert all(m == naive.mass(machine, x, length, most, total) for x, m in prior["mass"].items())
    assert sum(prior["mass"][a + b] for a in "01" for b in "01") + sum(prior["open"].values()) == 1


@few
@given(machines, targets, lengths, steps)
def test_cut_off_prior_is_a_semimeasure_and_budgets_only_add_programs(machine, x, length, most):
    m = naive.mass(machine, x, length, most)
    assert naive.mass(machine, x + "0", length, most) + naive.mass(machine, x + "1", length, most) <= m <= 1
    assert m <= naive.mass(machine, x, length + 1, most)
    assert m <= naive.mass(machine, x, length, most + 1)
    assert naive.mass(machine, x, length, most, total=2) <= m == naive.mass(machine, x, length, most, total=10**6)


@few
@given(machines, targets, lengths, steps, st.none() | st.integers(0, 9))
def test_predictions_are_ratios_of_the_mixture(machine, x, length, most, exponent):
    normal = naive.predict(machine, x, length, most, exponent)
    bare = naive.predict_unnormalised(machine, x, length, most, exponent)
    assert sum(normal.values()) == 1
    assert sum(bare.values()) <= 1
    assert bare[0] * normal[1] == bare[1] * normal[0]


def test_without_any_mass_the_normalised_prediction_is_a_half():
    assert naive.predict("queue", "0110", 1, 9) == {0: Fraction(1, 2), 1: Fraction(1, 2)}
    assert naive.predict_unnormalised("queue", "0110", 1, 9) == {0: 0, 1: 0}
    assert naive.predict("queue", "0110", 1, 9, 3) == {0: Fraction(1, 2), 1: Fraction(1, 2)}


# the table of example programs ------------------------------------------------------------------


def encode(text, bits):
    """Program and output of queue rules `state,symbol: items > next`, hidden bits in brackets, run from their text."""
    rules, program, output, seen = {}, "", "", set()
    for rule in text.split(";"):
        head, body = rule.split(":")
        items, after = body.split(">")
        state, symbol = head.strip().split(",")
        rules[int(state), int(symbol)] = (items.replace("[0]", "o").replace("[1]", "i").strip(), int(after))
    state, known, queue = 0, 1, deque()
    while len(output) < bits:
        symbol = queue.popleft() if queue else 0
        items, after = rules[state, symbol]
        new = (state, symbol) not in seen
        seen.add((state, symbol))
        for item in items:
            program += {"0": "01", "1": "10", "o": "1100", "i": "1101"}[item] if new else ""
            queue.append(int(item in "1i"))
            output += item if item in "01" else ""
        if new:  # of 2 symbols: 0, 1; of 3: 0, 10, 11
            program += "00" + (["0", "1"] if known == 1 else ["0", "10", "11"])[after]
            known += after == known
        state = after
    return program, output[:bits]


def fixed_point(images, n):
    """The word that the morphism leaves as it is, from the image of 0."""
    word = "0"
    while len(word) < n:
        word = "".join(images[int(c)] for c in word)
    return word[:n]


def kolakoski(n):
    """1 2 2 1 1 2 1 ..., the word of its own run lengths."""
    word = [1, 2, 2]
    at = 2
    while len(word) < n:
        word += [3 - word[-1]] * word[at]
        at += 1
    return word[:n]


N = 300
TABLE = [
    ("0,0: 0 > 0", 5, "0" * N),
    ("0,0: 01 > 0; 0,1: > 0", 10, "01" * (N // 2)),
    ("0,0: 010 > 0; 0,1: 10 > 0", 16, fixed_point(["01", "0"], N)),
    ("0,0: 1 > 1; 1,0: 0 > 1; 1,1: 01 > 1", 19, "".join("0" * k + "1" for k in range(N))[:N]),
    ("0,0: 1 > 1; 1,0: 0 > 1; 1,1: 100 > 1", 21, "".join(str(int(round(k**0.5) ** 2 == k)) for k in range(N))),
    ("0,0: 1 > 1; 1,0: 00 > 1; 1,1: 10 > 1", 21, "".join(str(int(k & (k - 1) == 0)) for k in range(1, N + 1))),
    ("0,0: 0 > 1; 1,0: 10 > 1; 1,1: 00 > 1", 21, fixed_point(["01", "00"], N)),
    ("0,0: 0 > 1; 1,0: [0]1 > 1; 1,1: [1]0 > 1", 25, "".join(str(k.bit_count() % 2) for k in range(N))),
    ("0,0: 0 > 1; 0,1: 10 > 1; 1,0: 1 > 0; 1,1: 01 > 0", 25, "".join(str(k - 1) for k in kolakoski(N))),
]


@pytest.mark.parametrize(("text", "length", "sequence"), TABLE)
def test_example_programs_print_their_sequences(text, length, sequence):
    program, output = encode(text, N)
    assert len(program) == length
    assert output == sequence
    record = naive.run("queue", program, 64, outputs=N)
    assert (record.output, record.status, record.bits_read) == (sequence, "complete", length)


# programs run by hand ---------------------------------------------------------------------------


@given(st.text("01", min_size=1, max_size=12))
def test_copying_turing_program_copies_the_rest_of_the_tape(x):
    # copy, right, state 0: the scanned cell is always blank, so the one rule is enough
    record = naive.run("turing", "111" + x[0] + "10" + x[1:], 9, outputs=len(x) + 1)
    assert (record.output, record.status, record.steps) == (x, "needs", len(x))


@given(st.text("01", min_size=1, max_size=12))
def test_copying_queue_program_copies_the_rest_of_the_tape(x):
    # the copied bit comes back as the next symbol: rule 0,0 and, after the first 1, rule 0,1 are `? > 0`
    program, known, symbol = "", set(), "0"
    for bit in x:
        program += bit if symbol in known else "1111" + bit + "000"
        known.add(symbol)
        symbol = bit
    record = naive.run("queue", program, 9, outputs=len(x) + 1)
    assert (record.output, record.status, record.bits_read) == (x, "needs", len(program))


def test_each_output_bit_is_written_before_the_next_field_is_read():
    queue = naive.run("queue", "01" + "10" + "00" + "1" + "1110" + "1", 9, outputs=9)
    assert (queue.output, queue.reads, queue.status, queue.bits_read) == ("01", (2, 4), "needs", 12)
    turing = naive.run("turing", "101" + "1" + "1" + "111" + "0" + "0" + "0", 9, outputs=9)
    assert (turing.output, turing.reads, turing.status, turing.bits_read) == ("10", (3, 9), "needs", 11)


def test_fields_after_the_last_step_are_read_and_the_next_step_is_not_begun():
    assert naive.run("queue", "00", 1, outputs=1).status == "needs"  # stop was the step; the state is still read
    assert naive.run("queue", "000", 1, outputs=1).status == "timeout"
    assert naive.run("turing", "00", 1, outputs=1).status == "needs"
    assert naive.run("turing", "000", 1, outputs=1).status == "needs"
    assert naive.run("turing", "0000", 1, outputs=1).status == "timeout"
    assert naive.run("queue", "0100" + "0", 2, outputs=4).status == "complete"  # emit and stop, again and again
    assert naive.run("queue", "0100" + "0", 1, outputs=4).status == "timeout"


def test_a_total_budget_bounds_the_whole_run():
    record = naive.run("queue", "01000", 9, total=5)
    assert (record.output, record.status, record.steps) == ("000", "timeout", 5)
    assert naive.run("turing", "100" + "10", 9, total=5).output == "00000"
    with pytest.raises(ValueError, match="neither total nor outputs"):
        naive.run("queue", "01000", 9)


def test_a_take_reads_a_fresh_bit_at_every_execution():
    # 0,0: [?] > 0 takes 0, 0, 1; then 0,1: 1 > 0 writes
    record = naive.run("queue", "1110" + "0" + "00" + "0" + "0" + "1" + "10", 99, outputs=1)
    assert (record.output, record.bits_read, record.steps) == ("1", 12, 7)


@pytest.mark.parametrize("k", range(2, 20))
def test_truncated_binary_is_a_complete_code_in_order_of_symbols(k):
    width = k.bit_length()
    symbols, mass = [], Fraction(0)
    for word in map("".join, product("01", repeat=width)):
        tape = naive.Tape(word)
        symbol = tape.truncated_binary(k)
        assert tape.position in (width - 1, width)
        if symbol not in symbols:
            symbols.append(symbol)
            mass += Fraction(1, 2**tape.position)
    assert symbols == list(range(k))
    assert mass == 1


# runs on inputs ---------------------------------------------------------------------------------


def bit_strings(*sizes):
    return ["".join(bits) for n in sizes for bits in product("01", repeat=n)]


def shortest_labelling(inputs, labels, length):
    ends = naive.leaves_inputs("queue", inputs, length, 64, wanted=labels)
    return min((len(records[0].program) for records in ends), default=None)


@pytest.mark.parametrize(("sign", "length"), [("&", 9), ("^", 15)])
def test_shortest_programs_for_and_and_xor_have_9_and_15_bits(sign, length):
    inputs = bit_strings(2, 3, 4)
    labels = [str(int(x[0]) & int(x[1]) if sign == "&" else int(x[0]) ^ int(x[1])) for x in inputs]
    assert shortest_labelling(inputs, labels, length - 1) is None
    assert shortest_labelling(inputs, labels, length) == length


@few
@given(machines, st.lists(st.text("01", max_size=3), max_size=4), lengths, steps, st.sampled_from(["raw", "delimited"]))
def test_ends_of_runs_on_inputs_add_up_to_one_and_wanted_only_selects(machine, inputs, length, most, encoding):
    ends = list(naive.leaves_inputs(machine, inputs, length, most, encoding=encoding))
    if inputs:
        assert sum(naive.weight(records[0]) for records in ends) == 1
    wanted = ["1"] * len(inputs)
    chosen = [records for records in ends if all(record.output == "1" for record in records)]
    assert list(naive.leaves_inputs(machine, inputs, length, most, encoding=encoding, wanted=wanted)) == chosen


@few
@given(machines, st.text("01", max_size=12), steps, st.integers(1, 3))
def test_a_run_on_one_empty_input_is_the_plain_run(machine, program, most, outputs):
    assert naive.run_inputs(machine, program, [""], most, outputs=outputs) == [
        naive.run(machine, program, most, outputs=outputs)
    ]


def test_rules_and_tape_position_persist_and_memory_does_not():
    # rule 0,0 is first `emit 0` alone; the second input, 1, reads 0,1: emit 1; the third goes on with rule 0,0
    records = naive.run_inputs("queue", "01" + "10" + "10", ["0", "1", "0"], 9, outputs=1)
    assert [(r.output, r.bits_read) for r in records] == [("0", 2), ("1", 4), ("0", 4)]
    longer = naive.run_inputs("queue", "01" + "10" + "10", ["0", "1", "0"], 9, outputs=2)
    assert [(r.output, r.status) for r in longer] == [("01", "complete"), ("1", "needs"), ("01", "complete")]


def test_the_program_memorises_labels_with_copy():
    records = naive.run_inputs("turing", "111" + "0110", ["0"] * 4, 9)
    assert "".join(r.output for r in records) == "0110"


def test_delimited_inputs_have_a_1_before_every_bit():
    assert naive.encode_input("10", "delimited") == "1110"
    assert naive.encode_input("10", "raw") == "10"
