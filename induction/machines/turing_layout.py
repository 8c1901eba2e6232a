"""Where `turing` keeps what: fields, registers and rules, for its kernels."""

from __future__ import annotations

from induction.machines.machine import FIRST, RULE_FIELD

ACTION, DIRECTION, NEXT = range(RULE_FIELD, RULE_FIELD + 3)
RULE, HEAD, WORD, STATES, LOWEST, HIGHEST, MARK, FRAME = range(FIRST, FIRST + 8)
# Past its two options and one that is none, a DIRECTION has the options "and next state s", in two rows. Only
# `settle` opens them.
LEFTWARDS, RIGHTWARDS = 3, 32

# A rule is four words, at 4 * (2 * state + symbol), each an option number or -1.
EMIT, READ = 2, 4  # the first of the actions that emit a bit, and that read one
ACTION_OF, DIRECTION_OF, NEXT_OF, STRIDE = 0, 1, 2, 4
