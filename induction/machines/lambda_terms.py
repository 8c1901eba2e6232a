"""Terms of the ``lambda`` machine: how the program tape spells them, and how many there are.

``00 M`` is an abstraction, ``01 M N`` an application, i + 1 ones and a zero the variable of
de Bruijn index i. A term is read in this order, so the rules hold its tokens in a row: the body of
an abstraction and the function of an application come right after it, and only the argument of an
application needs a link.

The options of a field must grow in length, hence three kinds of fields. Inside d > 0 abstractions
a field is a whole token: ``00``, ``01``, ``10``, ``110``, …, a variable of each index below d, and
d + 1 ones, which no index below d begins with. Outside all abstractions a variable can only be
wrong: the first bit is a field (1 is wrong), the second another.
"""

from __future__ import annotations

import numpy as np

from induction.budget import whole_number
from induction.machines.kernel import kernel
from induction.machines.machine import FIELD, FIRST, NEED, RULE_FIELD, SILENT

FIRST_BIT, SECOND_BIT, TOKEN = range(RULE_FIELD, RULE_FIELD + 3)
# Registers: tokens read, the last application whose argument is to come or -1, abstractions
# around the next token, and the code so far with a one before it.
NODES, HOLES, DEPTH, TERM, TERM_END = range(FIRST, FIRST + 5)

# A token is eight words: which; where the argument begins; the depth of the argument and the next
# pending application (both while the argument is to come); free indices as a bit mask.
KIND, ARGUMENT, DEPTH_THERE, NEXT_HOLE, FREE, STRIDE = 0, 1, 2, 3, 4, 8
ABSTRACTION, APPLICATION, VARIABLE = 0, 1, 2  # kinds; VARIABLE + i has index i
UNREAD, HALF_READ = -1, -2  # nothing read; a zero read
BITS = (0, 0, 3, 0, 0, 2)  # kinds of the terms of bit 0 and of bit 1, which stand before the program's
PRELUDE = len(BITS)
COMPLETE = -1  # in place of an event: the term is closed


@kernel
def width(frames, at, option):
    """Code length of an option of the pending field."""
    bits = 1
    if frames[at + FIELD] == TOKEN:
        depth = frames[at + DEPTH]
        bits = min(max(option, 2), depth + 1)
        if option > depth + 2:
            bits = 0
    elif option > 1:
        bits = 0
    return bits


@kernel
def code(frames, at, option):
    """Code of an option of the pending field."""
    value = option
    if frames[at + FIELD] == TOKEN and option > 1:
        value = (1 << min(option, frames[at + DEPTH] + 1)) - 1
        if option < frames[at + DEPTH] + 2:
            value -= 1
    return value


@kernel
def grow(frames, at, to, rules, option):
    """Define the pending field of the term as `option`; return NEED, SILENT (a wrong index) or COMPLETE."""
    kind = frames[at + FIELD]
    nodes = frames[at + NODES]
    holes = frames[at + HOLES]
    depth = frames[at + DEPTH]
    row = STRIDE * nodes
    event = NEED
    following = SECOND_BIT
    if kind == FIRST_BIT:
        rules[row + KIND] = VARIABLE if option == 1 else HALF_READ
        if option == 1:
            event = SILENT
    else:
        rules[row + KIND] = option
        if option == ABSTRACTION:
            depth += 1
        elif option == APPLICATION:
            rules[row + DEPTH_THERE] = depth
            rules[row + NEXT_HOLE] = holes
            holes = nodes
        elif option == depth + 2:
            event = SILENT
        elif holes < 0:
            event = COMPLETE
        else:
            hole = STRIDE * holes
            rules[hole + ARGUMENT] = nodes + 1
            depth = rules[hole + DEPTH_THERE]
            holes = rules[hole + NEXT_HOLE]
        nodes += 1
        following = TOKEN if depth > 0 else FIRST_BIT
    term = frames[at + TERM] << width(frames, at, option) | code(frames, at, option)
    frames[to + TERM] = term
    frames[to + FIELD] = following
    frames[to + NODES] = nodes
    frames[to + HOLES] = holes
    frames[to + DEPTH] = depth
    return event


@kernel
def find_free(nodes, rules):
    """Note the free indices of every part of a whole term."""
    for node in range(nodes - 1, PRELUDE - 1, -1):
        row = STRIDE * node
        kind = rules[row + KIND]
        if kind == ABSTRACTION:
            rules[row + FREE] = rules[row + STRIDE + FREE] >> 1
        elif kind == APPLICATION:
            rules[row + FREE] = rules[row + STRIDE + FREE] | rules[STRIDE * rules[row + ARGUMENT] + FREE]
        else:
            rules[row + FREE] = 1 << (kind - VARIABLE)


@kernel
def no_term(frames, at):
    """Registers before the first token."""
    frames[at + FIELD] = FIRST_BIT
    frames[at + NODES] = PRELUDE
    frames[at + HOLES] = -1
    frames[at + DEPTH] = 0
    frames[at + TERM] = 1


@kernel
def read_again(frames, at, rules, term):
    """Read a term's code, or its beginning, in place of what the rules held."""
    for node in range(PRELUDE, frames[at + NODES] + 1):
        rules[STRIDE * node + KIND] = UNREAD
    no_term(frames, at)
    left = 0
    while term >> left > 1:
        left += 1
    event = NEED
    while left > 0:
        option = 0
        if frames[at + FIELD] != TOKEN:
            left -= 1
            option = (term >> left) & 1
        elif (term >> (left - 1)) & 1 == 0:
            left -= 2
            option = (term >> left) & 1
        else:
            option = 1
            while (term >> (left - 1)) & 1 == 1:
                left -= 1
                option += 1
            left -= 1
        event = grow(frames, at, at, rules, option)
    if event == COMPLETE:
        find_free(frames[at + NODES], rules)


def blank_rules(max_length: int) -> np.ndarray:
    """Room for every token that `max_length` bits can spell, after the terms of the two bits."""
    rules = np.zeros(STRIDE * (PRELUDE + max_length // 2 + 2), dtype=np.int64)
    rules[KIND::STRIDE] = UNREAD
    rules[KIND : STRIDE * PRELUDE : STRIDE] = BITS
    return rules


def closed_terms(size: int) -> int:
    """The number of closed lambda terms whose code has `size` bits.

    Parameters
    ----------
    size : int
        Code length in bits, 0 to 400.

    Returns
    -------
    int
        Exact. OEIS A114852; N(n, d), the number of terms of n bits inside d abstractions, is the
        number of variables (1 if 2 ≤ n ≤ d + 1) plus N(n - 2, d + 1) plus the sum of
        N(i, d) N(n - 2 - i, d).

    Raises
    ------
    ValueError
        If `size` is no whole number in that range.
    """
    size = whole_number("size", size, 400, "bits of a term's code", smallest=0)
    # A term of n bits lies inside at most (size - n) / 2 abstractions.
    counts: list[list[int]] = []
    for n in range(size + 1):
        row = []
        for depth in range((size - n) // 2 + 1):
            total = 1 if 2 <= n <= depth + 1 else 0
            if n >= 2:
                total += counts[n - 2][depth + 1]
                total += sum(counts[i][depth] * counts[n - 2 - i][depth] for i in range(n - 1))
            row.append(total)
        counts.append(row)
    return counts[-1][0]
