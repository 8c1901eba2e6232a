"""Where `queue` keeps what: fields, registers, rules and cells, for its kernels and its text form."""

from __future__ import annotations

from induction.machines.machine import FIRST, RULE_FIELD

ITEM, NEXT = range(RULE_FIELD, RULE_FIELD + 2)
# BURST is what `bursts` has said of the rules within reach, handed down as long as no rule is added.
# A LOOK keeps the place of its cell in POSITION, and how far the search for repetitions is from SINCE on.
RULE, POSITION, HEAD, TAIL, STATES, BURST = range(FIRST, FIRST + 6)
# DIFFERING is the number of a cell in which the queue was last seen to differ from the one that is kept.
SINCE, AGAIN, KEPT_STATE, KEPT_HEAD, KEPT_TAIL, UNREADS, DIFFERING, FRAME = range(BURST + 1, BURST + 9)
# Past the seven items, an ITEM has the options "push, a bit that is read later" and "stop, and next state s":
# END + s. Only `settle` opens them.
LATER = 8
END = 9
ENDED = -2  # in place of a bit: the run goes on after such an option

# A rule takes eight words, at 8 * (2 * state + symbol): the codes of its items in pairs of bits, the
# first pair lowest; the number of bits of them that are known; the next state or -1; at the positions
# of pushes whose bit has not been looked at, a 1; at those of the second pairs of long codes, a 1. What the last two
# words and the first say from KNOWN on has no meaning.
ITEMS, KNOWN, NEXT_STATE, UNREAD, SECONDS = range(5)
STRIDE = 8
PAIRS = 0x1555555555555555  # the first bit of every pair
ITEM_BITS, STATE_BITS, RULE_BITS, SHORT_RULE = 6, 6, 7, 44  # of a packed rule
IDLES, READS, COPIES, OPEN = 1, 2, 4, 8  # what rules within reach can do
WORTH_ASKING = 5  # program bits below which a fork is walked rather than asked what is in its reach
UNASKED, OPENS, ENDLESS = -1, -2, -3  # in place of the output bits of a burst
NEVER = 127  # more bits than there are
LONGEST_RULE = 32  # steps, within 62 bits
PATIENCE = 7  # steps before it is asked whether the rules in reach are mute
QUEUE_WORD = 62  # queue bits in a packed word
# A cell of the queue is a bit, a bit that was read from the program and has not been used yet, or
# one that has not even been looked at; or it is SHARED: the bit of a push, to be found in its rule, with the rule's
# number and the push's position above. The first cell of a push keeps its bit too once it was LOOKED_AT.
TAKEN, DEFERRED = 2, 4
LOOKED_AT, SHARED = 4, 8
SHARED_POSITION, SHARED_RULE = 4, 10
SAME, OTHER = -1, -2  # of two queues, in place of a place; OTHER or less
