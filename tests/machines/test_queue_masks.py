"""What `queue` reads off masks and single cells is what going through items and cells says."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from induction.enumeration.checked import CheckedPointer, plain
from induction.machines.codes import truncated_code, truncated_width
from induction.machines.kernel import bit_count, highest_bit, kernel, lowest_bit
from induction.machines.machine import FIELD
from induction.machines.queue_cells import bit_of, compared, first_unread, told_apart
from induction.machines.queue_layout import (
    FRAME,
    ITEMS,
    KNOWN,
    LOOKED_AT,
    NEXT,
    NEXT_STATE,
    OTHER,
    RULE,
    SAME,
    SECONDS,
    SHARED,
    SHARED_POSITION,
    STATES,
    STRIDE,
    TAIL,
    TAKEN,
    UNREAD,
)
from induction.machines.queue_pack import pack, second_pairs, unpack
from induction.machines.queue_proofs import appended, emits, longs, reach

CODES = {"emit0": 1, "emit1": 2, "push0": 0b0011, "push1": 0b0111, "take": 0b1011, "copy": 0b1111, "unread": 0b0011}
SYMBOLS = {"emit0": 1, "emit1": 2, "push0": 1, "push1": 2, "take": 3, "copy": 3, "unread": 3}
ITEM_NAMES = st.lists(st.sampled_from(sorted(CODES.keys() - {"unread"})), max_size=4)
BEYOND = st.integers(0, (1 << 62) - 1)  # what words say of places past the known ones has no meaning


def memory(values, dtype=np.int64):
    return CheckedPointer(np.array(values, dtype=dtype))


@pytest.mark.small
@given(st.lists(st.sampled_from(sorted(CODES)), max_size=13), st.booleans(), BEYOND)
def test_masks_of_a_rule_say_what_its_items_say(names, ended, beyond):
    items = known = unread = emitted = seconds = symbols = 0
    for name in names:
        wide = 2 if name.startswith("emit") else 4
        items |= CODES[name] << known
        unread |= (name == "unread") << known
        emitted |= (wide == 2) << known
        seconds |= (wide == 4) << (known + 2)
        symbols |= SYMBOLS[name]
        known += wide
    known += 2 * ended
    garbage = beyond >> known << known
    row = [0] * STRIDE
    row[ITEMS], row[KNOWN], row[UNREAD], row[SECONDS] = items | garbage, known, unread | garbage, seconds | garbage
    rules = memory(row)
    assert plain(emits)(0, rules) == emitted
    assert plain(longs)(0, rules) == seconds == plain(second_pairs)(items, known)
    assert plain(appended)(row[ITEMS], row[UNREAD], emitted, seconds) == symbols


@pytest.mark.small
@given(st.lists(st.tuples(ITEM_NAMES, st.integers(-1, 2)), min_size=6, max_size=6), st.integers(0, 2), BEYOND)
def test_what_rules_in_reach_can_do_survives_packing(written, state, beyond):
    states, cells = 3, [1, 0, 1]
    rules, fresh = (memory([0, 0, -1, 0, beyond, 0, 0, 0] * 2 * states) for _ in range(2))
    written[2 * state] = written[2 * state][0], 1  # the rule that has just ended
    for number, (names, following) in enumerate(written):
        items = known = 0
        for name in names:
            items |= CODES[name] << known
            known += 2 if name.startswith("emit") else 4
        known += 2 * (following >= 0)
        row = number * STRIDE
        rules[row + ITEMS], rules[row + KNOWN], rules[row + NEXT_STATE] = items, known, following
        rules[row + SECONDS] = plain(second_pairs)(items, known)
    frames, others, packed = memory([0] * FRAME), memory([0] * FRAME), memory([0] * 64)
    frames[FIELD], frames[RULE], frames[STATES], frames[TAIL] = NEXT, 2 * state, states, len(cells)
    others[STATES] = states
    work, cleared = memory(cells, dtype=np.uint16), memory([0] * 9, dtype=np.uint16)
    plain(pack)(frames, 0, rules, work, packed, 0)
    plain(unpack)(others, 0, fresh, cleared, packed, 0)
    before, after = (
        plain(reach)(-1, 1, 0, len(cells), states, of, queue) for of, queue in ((rules, work), (fresh, cleared))
    )
    assert before == after


# What a rule with three pushes leaves in the queue: the first two bits are known to be 0 and 1, the last is unread.
PUSHES = [SHARED | 0 << SHARED_POSITION, SHARED | 4 << SHARED_POSITION, SHARED | 8 << SHARED_POSITION]
CELLS = [0, 1, TAKEN, TAKEN | 1, *PUSHES, PUSHES[0] | LOOKED_AT, PUSHES[1] | LOOKED_AT | 1]


@pytest.mark.small
@given(
    st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(CELLS)), max_size=5), st.integers(0, 9), st.booleans()
)
def test_queues_told_apart_by_one_cell_differ_whatever_is_read(pairs, number, equal):
    row = [0] * STRIDE
    row[ITEMS], row[KNOWN], row[UNREAD] = 0b0011_0111_0011, 12, 1 << 8
    rules = memory(row)
    kept = [one for one, _ in pairs]
    queue = kept if equal else [other for _, other in pairs]
    work = memory([*kept, 0, *queue, 1], dtype=np.uint16)  # of empty queues the cells to come differ
    head, tail = len(pairs) + 1, 2 * len(pairs) + 1
    answer = plain(compared)(0, head, tail, rules, work)
    if plain(told_apart)(number, 0, head, tail, work):
        assert answer != SAME
        assert any(
            (one ^ other) & ~1 or one != other
            for one, other in zip(kept, queue, strict=True)
            if max(one, other) < SHARED
        )
    unread = PUSHES[2]
    if unread in kept and unread not in queue:  # which cannot be: nothing goes by unread; but if it were, no proof
        assert answer != SAME
    elif answer < SAME:  # the cell that it names differs for certain
        one, other = (plain(bit_of)(int(work[start - 2 - answer]), rules) for start in (0, head))
        assert one != other
        assert max(one, other) < SHARED


@pytest.mark.small
def test_a_queue_without_an_unread_bit_proves_nothing_by_that():
    """The place of the first is answered where SAME would be a proof of silence."""
    row = [0] * STRIDE
    row[UNREAD] = 1 << 8
    for queue, answer in (([], OTHER), ([0, TAKEN, PUSHES[0]], OTHER), ([1, PUSHES[2], PUSHES[2]], 1)):
        assert plain(first_unread)(0, len(queue), memory(row), memory([*queue, PUSHES[2]], dtype=np.uint16)) == answer


@pytest.mark.small
@pytest.mark.parametrize("symbols", [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33])
def test_truncated_binary_is_complete_and_in_order(symbols):
    widths = [int(plain(truncated_width)(symbol, symbols)) for symbol in range(symbols)]
    codes = [
        format(plain(truncated_code)(symbol, symbols), f"0{width}b") if width else ""
        for symbol, width in enumerate(widths)
    ]
    assert sum(2.0**-width for width in widths) == 1
    assert codes == sorted(codes)
    assert not any(b.startswith(a) for a, b in itertools.pairwise(codes)) or symbols == 1
    assert plain(truncated_width)(symbols, symbols) == 0
    assert max(widths) - min(widths) <= 1


@given(st.integers(1, (1 << 63) - 1))
def test_single_instructions_count_bits_as_plain_python_does(mask):
    assert counted(mask) == (mask.bit_length() - 1, (mask & -mask).bit_length() - 1, mask.bit_count())


@kernel
def counted(mask):
    """All three at once."""
    return highest_bit(mask), lowest_bit(mask), bit_count(mask)
