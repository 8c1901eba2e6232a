"""Where `queue` keeps what: fields, registers, rules and cells, for its kernels and its text form."""

from __future__ import annotations

from induction.machines.machine import FIRST, RULE_FIELD

ITEM, NEXT = range(RULE_FIELD, RULE_FIELD + 2)
# MASK has a bit for each option of the pending field that is still to be walked; SENTINEL is past all of them.
# BURST is what `bursts` has said of the rules within reach, handed down as long as no rule is added.
RULE, POSITION, HEAD, TAIL, STATES, MASK, BURST, FRAME = range(FIRST, FIRST + 8)
ALL, SENTINEL = -1, 62
# Past the seven items, an ITEM has the options "stop, and next state s": END + s. Only `settle` opens them.
END = 8
ENDED = -2  # in place of a bit: the run goes on after such an option

# A rule is four words, at 4 * (2 * state + symbol): the codes of its items in pairs of bits, the
# first pair lowest; the number of bits of them that are known; the next state or -1.
ITEMS, KNOWN, NEXT_STATE, STRIDE = 0, 1, 2, 4
ITEM_BITS, STATE_BITS, RULE_BITS, SHORT_RULE = 6, 6, 7, 44  # of a packed rule
IDLES, READS, COPIES, OPEN = 1, 2, 4, 8  # what rules within reach can do
WORTH_ASKING = 5  # program bits below which a fork is walked rather than asked what is in its reach
ZEROS, ONES = 0x555555555555555, 0xAAAAAAAAAAAAAAA  # the rules for a symbol, as a set of rules
UNASKED, OPENS, ENDLESS = -1, -2, -3  # in place of the output bits of a burst
NEVER = 127  # more bits than there are
LONGEST_RULE = 32  # steps, within 62 bits
PATIENCE = 7  # steps before it is asked whether the rules in reach are mute
QUEUE_WORD = 62  # queue bits in a packed word
# A cell of the queue is a bit, a bit that was read from the program and has not been used yet, or
# one that has not even been looked at.
TAKEN, DEFERRED = 2, 4
