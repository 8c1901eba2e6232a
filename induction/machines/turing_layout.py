"""Where `turing` keeps what: fields, registers and rules, for its kernels."""

from __future__ import annotations

from induction.machines.machine import FIRST, RULE_FIELD

ACTION, DIRECTION, NEXT = range(RULE_FIELD, RULE_FIELD + 3)
RULE, HEAD, WORD, STATES, LOWEST, HIGHEST, MARK, FRAME = range(FIRST, FIRST + 8)

# A rule is four words, at 4 * (2 * state + symbol), each an option number or -1.
ACTION_OF, DIRECTION_OF, NEXT_OF, STRIDE = 0, 1, 2, 4
