"""Where `queue` keeps what: fields, registers, rules and cells, for its kernels and its text form."""

from __future__ import annotations

from induction.machines.machine import FIRST, RULE_FIELD

# STOP and SHORT are an ITEM of which all options but one or three are settled, ZERO a VISIBLE_BIT that must be 0.
ITEM, NEXT, STOP, SHORT, ZERO = range(RULE_FIELD, RULE_FIELD + 5)
RULE, POSITION, HEAD, TAIL, STATES, FRAME = range(FIRST, FIRST + 6)

# A rule is four words, at 4 * (2 * state + symbol): the codes of its items in pairs of bits, the
# first pair lowest; the number of bits of them that are known; the next state or -1.
ITEMS, KNOWN, NEXT_STATE, STRIDE = 0, 1, 2, 4
ITEM_BITS, STATE_BITS, RULE_BITS, SHORT_RULE = 6, 6, 7, 44  # of a packed rule
IDLES, READS, COPIES, OPEN = 1, 2, 4, 8  # what rules within reach can do
WORTH_ASKING = 5  # program bits below which a fork is walked rather than asked what is in its reach
NEVER = 127  # more bits than there are
LONGEST_RULE = 32  # steps, within 62 bits
PATIENCE = 7  # steps before it is asked whether the rules in reach are mute
QUEUE_WORD = 62  # queue bits in a packed word
# A cell of the queue is a bit, a bit that was read from the program and has not been used yet, or
# one that has not even been looked at.
TAKEN, DEFERRED = 2, 4
