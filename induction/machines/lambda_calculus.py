"""``lambda``: binary lambda calculus (Tromp), in its strict monotone form.

The program tape first gives a closed term M: ``00 M`` is an abstraction, ``01 M N`` an
application, i + 1 ones and a zero the variable of de Bruijn index i (an index that no abstraction
binds ends the path, silent). Then M is applied to the lazy list of the remaining program bits; to
force a cell of the list reads a bit. Bit 0 is λxλy.x, bit 1 is λxλy.y, a list λz.z b t.

The value is observed as a list: it is forced with a fresh inert variable z as its argument. If it
becomes z b t, with exactly two arguments, b is forced with the inert variables u and w: u alone
is bit 0, w alone bit 1. The bit is written, and t is observed. Anything else is silence.

Call by need, a Krivine machine. A step is an application, an abstraction taking an argument, a
variable entered, or an input cell forced; the applications and abstractions of a list cell that
has been read count as those of λz.z b t, whose b and t are cells. The observer's doings are free.

Silence is proved when the term is stuck, and by exact repetition: the same application in an
environment that stands for the same terms, on the same stack, with nothing read and nothing
written to the output in between. As text, a program is a term with named variables.
"""

from __future__ import annotations

import numpy as np

from induction.budget import Budget
from induction.machines.kernel import kernel
from induction.machines.lambda_heap import (
    ENTRY,
    HEAP,
    HEAP_END,
    IF_ONE,
    IF_ZERO,
    INERT,
    INPUT,
    LOG_SIZE,
    NIL,
    PUSHED,
    READ,
    RIGHT,
    THUNK,
    UPDATE,
    VALUE,
    ZERO,
    alike,
    arguments,
    cell_word,
    heap,
    lay_out,
    left_of,
    lookup,
    replace,
    undo,
)
from induction.machines.lambda_pack import CELL, FRAME, HEADER, MARK, PRESENT, STACK, TAIL, TOP, no_run, pack, unpack
from induction.machines.lambda_terms import (
    ABSTRACTION,
    APPLICATION,
    ARGUMENT,
    COMPLETE,
    DEPTH,
    HALF_READ,
    HOLES,
    KIND,
    NODES,
    PRELUDE,
    SECOND_BIT,
    STRIDE,
    TERM,
    UNREAD,
    VARIABLE,
    blank_rules,
    code,
    find_free,
    grow,
    no_term,
    width,
)
from induction.machines.lambda_text import choose, describe, listed, parse
from induction.machines.machine import (
    DEADLINE,
    DIFFERS,
    FIELD,
    HIDDEN_BIT,
    LEAF,
    NEED,
    NODE,
    RULE_FIELD,
    SILENT,
    STEPS,
    TIMEOUT,
    Kernels,
    Machine,
)


@kernel
def start(frames, at, work):
    """No term read."""
    frames[at + NODE] = 0
    frames[at + STEPS] = 0
    frames[at + DEADLINE] = -1  # set by the first `resume`, which knows the limits
    no_term(frames, at)
    no_run(frames, at)
    lay_out(work)


@kernel
def take(frames, at, option, data, rules, work, limits):
    """Define the pending field; run on if the term is known."""
    to = at + FRAME
    event = NEED
    if frames[at + FIELD] < RULE_FIELD:
        undo(frames[at + MARK], work)
        event = run(frames, at, to, option, data, rules, work, limits)
    else:
        frames[to + NODE] = frames[at + NODE]
        frames[to + STEPS] = frames[at + STEPS]
        frames[to + DEADLINE] = frames[at + DEADLINE]
        no_run(frames, to)
        event = grow(frames, at, to, rules, option)
        if event == COMPLETE:
            find_free(frames[to + NODES], rules)
            work[LOG_SIZE] = 0
            work[HEAP] = INPUT
            work[HEAP + 1] = cell_word(INERT, HEAP + 1, NIL)
            work[HEAP + 2] = cell_word(PUSHED, HEAP + 1, NIL)
            work[HEAP + 3] = cell_word(PUSHED, HEAP, HEAP + 2)
            tag = VALUE if rules[STRIDE * PRELUDE + KIND] == ABSTRACTION else THUNK
            work[HEAP + 4] = cell_word(tag, PRELUDE, NIL)
            frames[to + FIELD] = HIDDEN_BIT
            frames[to + CELL] = HEAP + 4
            frames[to + STACK] = HEAP + 3
            frames[to + PRESENT] = HEAP + 1
            frames[to + TOP] = HEAP + 5
            event = run(frames, to, to, -1, data, rules, work, limits)
    return event


@kernel
def resume(frames, at, data, rules, work, limits):
    """Run on in place."""
    event = NEED
    if frames[at + DEADLINE] < 0:
        frames[at + DEADLINE] = min(limits[1], limits[2])
    else:
        event = run(frames, at, at, -1, data, rules, work, limits)
    return event


@kernel
def run(frames, at, to, bit, data, rules, work, limits):
    """From the registers at `at`, run to the next event and leave the registers at `to`.

    A `bit` of 0 or 1 is the program bit that the input cell to enter has been waiting for.
    """
    cell = frames[at + CELL]
    stack = frames[at + STACK]
    tail = frames[at + TAIL]
    present = frames[at + PRESENT]
    top = frames[at + TOP]
    node = frames[at + NODE]
    steps = frames[at + STEPS]
    deadline = frames[at + DEADLINE]
    base = top  # older cells belong to the fork
    size = work[LOG_SIZE]
    end = work[HEAP_END]
    entering = True  # a cell; else evaluating a term in an environment
    term = 0
    environment = NIL
    since = steps  # when the run of steps that read and write nothing began
    again = steps + 1  # when the next configuration is kept for comparison
    kept_term = -1
    kept_stack = NIL
    kept_environment = NIL
    if bit >= 0:
        size = replace(cell, cell_word(READ, ZERO + bit, top), base, size, work)
        work[top] = INPUT
        top += 1
        steps += 1
    event = -1
    while event < 0:
        if top > end:  # only where memory could not be had for the whole budget
            event = TIMEOUT
        elif entering:
            word = work[cell]
            tag = word & 7
            if tag <= VALUE:
                entering = False
                term = left_of(word)
                environment = word >> RIGHT
                if tag == THUNK:
                    work[top] = cell_word(UPDATE, cell, stack)
                    stack = top
                    top += 1
            elif tag == INPUT:
                event = TIMEOUT if steps == deadline else NEED
            elif tag == READ:
                link = work[stack]
                if stack == NIL:
                    event = SILENT
                elif link & 7 == UPDATE:
                    size = replace(left_of(link), word, base, size, work)
                    stack = link >> RIGHT
                elif deadline - steps < 4:
                    steps = deadline
                    event = TIMEOUT
                else:
                    steps += 4  # λz takes its argument, two applications, z entered
                    work[top] = cell_word(PUSHED, word >> RIGHT, link >> RIGHT)
                    work[top + 1] = cell_word(PUSHED, left_of(word), top)
                    stack = top + 1
                    top += 2
                    cell = left_of(link)
            else:  # an inert variable and its arguments
                found = arguments(stack, work)
                if tail == NIL and cell == present and found > 0:
                    work[top] = cell_word(PUSHED, IF_ONE, NIL)
                    work[top + 1] = cell_word(PUSHED, IF_ZERO, top)
                    stack = top + 1
                    top += 2
                    cell = left_of(found)
                    tail = found >> RIGHT
                elif tail != NIL and IF_ZERO <= cell <= IF_ONE and found == 0:
                    node = data[2 * node + cell - IF_ZERO]
                    deadline = min(steps + limits[1], limits[2])
                    since = steps
                    again = steps + 1
                    kept_term = -1
                    present = top
                    work[top] = cell_word(INERT, top, NIL)
                    work[top + 1] = cell_word(PUSHED, top, NIL)
                    stack = top + 1
                    top += 2
                    cell = tail
                    tail = NIL
                    if node <= 0:
                        event = DIFFERS if node == 0 else LEAF
                else:
                    event = SILENT
        else:
            kind = rules[STRIDE * term + KIND]
            if kind == ABSTRACTION:
                link = work[stack]
                if stack == NIL:
                    event = SILENT
                elif link & 7 == UPDATE:
                    word = cell_word(VALUE, term, environment)
                    size = replace(left_of(link), word, base, size, work)
                    stack = link >> RIGHT
                elif steps == deadline:
                    event = TIMEOUT
                else:
                    steps += 1
                    work[top] = cell_word(ENTRY, left_of(link), environment)
                    environment = top
                    top += 1
                    stack = link >> RIGHT
                    term += 1
            elif kind == APPLICATION:
                same = term == kept_term and stack == kept_stack
                if same and alike(term, environment, kept_environment, rules, work):
                    event = SILENT
                elif steps == deadline:
                    event = TIMEOUT
                else:
                    if steps >= again:
                        again = steps + (steps - since) + 1
                        kept_term = term
                        kept_stack = stack
                        kept_environment = environment
                    steps += 1
                    argument = rules[STRIDE * term + ARGUMENT]
                    tag = VALUE if rules[STRIDE * argument + KIND] == ABSTRACTION else THUNK
                    work[top] = cell_word(tag, argument, environment)
                    work[top + 1] = cell_word(PUSHED, top, stack)
                    stack = top + 1
                    top += 2
                    term += 1
            elif steps == deadline:
                event = TIMEOUT
            else:
                steps += 1
                cell = lookup(environment, kind - VARIABLE, work)
                entering = True
    work[LOG_SIZE] = size
    frames[to + NODE] = abs(node)
    frames[to + STEPS] = steps
    frames[to + DEADLINE] = deadline
    frames[to + FIELD] = HIDDEN_BIT
    frames[to + NODES] = frames[at + NODES]
    frames[to + HOLES] = -1
    frames[to + DEPTH] = 0
    frames[to + TERM] = frames[at + TERM]
    frames[to + CELL] = cell
    frames[to + STACK] = stack
    frames[to + TAIL] = tail
    frames[to + PRESENT] = present
    frames[to + TOP] = top
    frames[to + MARK] = size
    return event


@kernel
def close(frames, at, rules, work):
    """Forget the pending field of the term; a data bit is forgotten by `take`."""
    if frames[at + FIELD] >= RULE_FIELD:
        rules[STRIDE * frames[at + NODES] + KIND] = HALF_READ if frames[at + FIELD] == SECOND_BIT else UNREAD


def allocate(budget: Budget, outputs: int, extent: int) -> tuple[np.ndarray, np.ndarray]:
    """Rules for every token that L bits can spell, and a heap that is never full."""
    return blank_rules(budget.max_length), heap(budget, outputs, extent)


def packed_words(rules: np.ndarray, work: np.ndarray) -> int:
    """Registers, every cell."""
    return HEADER + int(work[HEAP_END])


LAMBDA = Machine(
    name="lambda",
    title="binary lambda calculus: a term applied to the lazy list of the other program bits (universal)",
    frame=FRAME,
    kernels=Kernels(start, width, code, take, resume, close, pack, unpack),
    allocate=allocate,
    describe=describe,
    parse=parse,
    choose=choose,
    listed=listed,
    states_slot=NODES,
    default=Budget(30, 256),
    fallback_exponent=4,
    example="λa.λb.b (λc.λd.d) a",
    packed_words=packed_words,
)
