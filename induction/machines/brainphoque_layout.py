"""Where `brainphoque` keeps what: fields, registers, tokens and cells, for its kernels."""

from __future__ import annotations

from induction.machines.machine import FIRST, RULE_FIELD

TOKEN = RULE_FIELD
# Registers: program counter, head, length of the code, innermost open bracket or -1, outermost
# cells seen, and the sizes of the two logs.
COUNTER, HEAD, SIZE, TOP, LOWEST, HIGHEST, MARK, PLACED, FRAME = range(FIRST, FIRST + 9)

# Tokens are stored by option number; BRACE is an open bracket whose body lies elsewhere.
MOVES, OPEN, CLOSE, EMIT, READ, BRACE = 2, 4, 5, 6, 7, 8
# Rules: how many brackets have had their other part placed, then for each token of the code the
# token; where it jumps to, or -1; the next open bracket outwards; a line of the log of those placed.
PLACES, CODE_AT = 0, 1
TOKEN_OF, JUMP_OF, OUTER_OF, PLACED_OF, STRIDE = 0, 1, 2, 3, 4
TOKEN_BITS = 3
# Work: the log's size, the number of configurations kept so far; then the tape; then the log.
# Cells and log entries are those of `turing`.
LOG_SIZE, STAMP, TAPE_AT = 0, 1, 2
CELLS = 256  # a power of two
LOG_AT = TAPE_AT + CELLS
