# ruff: noqa: F821
# mypy: disable-error-code="name-defined"
"""The kernels of :mod:`induction.enumeration.hypotheses`: all programs, each along its own output."""

from __future__ import annotations

from induction.budget import UNLIMITED
from induction.enumeration.entries import (
    ENTRIES,
    MORE,
    OTHERS,
    PROGRAM,
    SIZE,
    WORDS,
    Kind,
    Likeness,
    last_bit,
    move,
    note_shortest,
)
from induction.machines.kernel import kernel, pointer
from induction.machines.machine import DEADLINE, LEAF, LENGTH, REST, STEPS, WEIGHT

TABLE = 16  # levels of the table that outputs are read off from
TABLE_END = (1 << (TABLE - 1)) - 1  # its node with one level below
WORD = 60  # output bits in a word
AHEAD_WORDS = 3
BLOCK = WORD * AHEAD_WORDS  # output bits between two depths at which all programs meet

# Columns of an entry. REACHED is how many output bits it has run to since the block began; the words that
# hold them begin at AHEAD.
REACHED, FLIPS, MASS, AHEAD = range(OTHERS, OTHERS + 4)
COLUMNS = AHEAD + AHEAD_WORDS
# Slots of the state: NOW and MEETING count bits since the block began.
NOW, MEETING, WAITING, SLOTS = range(MORE, MORE + 4)
# Columns of the table of what has stopped, a row for each number of flips: mass in all; mass of the heaviest, its
# program and its length.
STOPPED, HEAVIEST, WHO, LONG, STOP_COLUMNS = range(5)
# Columns of the tally, a row for each number of flips: mass that goes on with 0 and with 1; the
# shortest program's length and bits.
ZEROS, ONES, LEAST, FIRST_PROGRAM, TALLY_COLUMNS = range(5)


@kernel
def stop(stopped, flips, mass, single, program, length):
    """Enter mass that predicts nothing from now on; `single` is the heaviest program's share of it."""
    row = STOP_COLUMNS * flips
    stopped[row + STOPPED] += mass
    if single > stopped[row + HEAVIEST]:
        stopped[row + HEAVIEST] = single
        stopped[row + WHO] = program
        stopped[row + LONG] = length


def reach(p, at, row):
    """Run on from an output bit without a fork, up to where all programs meet; return the event."""
    entries = p.entries
    meeting = p.state[MEETING]
    written = entries[row + REACHED]
    event = LEAF
    while event == LEAF and written < meeting:
        event, bits, count = run_ahead(p, at, (1 << (TABLE - min(TABLE, meeting - written))) - 1)
        for i in range(count):
            entries[row + AHEAD + written // WORD] |= ((bits >> i) & 1) << (written % WORD)
            written += 1
    entries[row + REACHED] = written
    return event


def put_hypothesis(p, at, event, row, used):
    """Pack the configuration into an entry; return its words."""
    if event <= LEAF and p.limits[2] == UNLIMITED:  # then only the steps that are left matter
        p.frames[at + DEADLINE] -= p.frames[at + STEPS]
        p.frames[at + STEPS] = 0
    return put_back(p, at, event, row, used)


@kernel
def stop_entry(stopped, row, longest, entries):
    """Enter all the mass of an entry."""
    size = entries[row + SIZE]
    mass = entries[row + MASS]
    stop(stopped, entries[row + FLIPS], mass, min(mass, 1 << (longest - size)), entries[row + PROGRAM], size)


def first(p, event):
    """The empty program has all mass."""
    entries = p.entries
    if event == LEAF:
        entries[REACHED] = 1
        entries[AHEAD] = last_bit(p, 0)
    entries[MASS] = 1 << p.limits[0]
    return put_hypothesis(p, 0, event, 0, 0)


def there(p, row):
    """Whether an entry has a bit ahead."""
    return p.entries[row + REACHED] > p.state[NOW]


def run_on(p, row, used):
    """Run to where all programs meet."""
    return put_hypothesis(p, 0, reach(p, 0, row), row, used)


def copies(p, row):
    """Entries are merged if they are alike, length included: the programs of one at a fork are all of one length."""
    return p.entries[row + MASS] >> (p.limits[0] - p.entries[row + SIZE])


def branch_off(p, at, row, new, used):
    """One bit ahead, with the flips of the parent, and on to where all programs meet."""
    entries = p.entries
    now = p.state[NOW]
    for i in range(AHEAD_WORDS):
        entries[new + AHEAD + i] = 0
    entries[new + AHEAD + now // WORD] = last_bit(p, at) << (now % WORD)
    entries[new + REACHED] = now + 1
    entries[new + FLIPS] = entries[row + FLIPS]
    entries[new + MASS] = p.frames[at + REST]
    event = if_it_fits(p, at, reach(p, at, new), entries[new + SIZE])
    return put_hypothesis(p, at, event, new, used)


def ended(p, row):
    """All the mass of an entry stops."""
    stop_entry(p.own, row, p.limits[0], p.entries)


def lost(p, at, row, event):
    """What is left of a frame's mass stops."""
    frames = p.frames
    mass = frames[at + REST]
    if mass > 0:
        single = mass // copies(p, row)
        stop(p.own, p.entries[row + FLIPS], mass, single, frames[at + WEIGHT], frames[at + LENGTH])


KIND = Kind(COLUMNS, TABLE_END, 0, first, there, run_on, copies, branch_off, ended, lost, (reach, put_hypothesis))


def tally(entries_array, count, now, sums_array):
    """Mass by flips and next bit; return the packed words in use."""
    entries = pointer(entries_array)
    sums = pointer(sums_array)
    column = AHEAD + now // WORD
    place = now % WORD
    words = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        if entries[row + REACHED] > now:
            words += entries[row + WORDS]
            to = TALLY_COLUMNS * entries[row + FLIPS]
            sums[to + ZEROS + ((entries[row + column] >> place) & 1)] += entries[row + MASS]
        else:
            entries[row + WORDS] = 0
    return words


def advance(entries_array, count, now, bit, sums_array, state):
    """Count flips against `bit`, drop the entries that have no next bit, and list the shortest programs by flips.

    Entries that are left, and how many of them have no bit ahead any more, are put into ENTRIES and WAITING.
    """
    entries = pointer(entries_array)
    sums = pointer(sums_array)
    column = AHEAD + now // WORD
    place = now % WORD
    kept = 0
    waiting = 0
    for row in range(0, COLUMNS * count, COLUMNS):
        reached = entries[row + REACHED]
        if reached > now:
            to = COLUMNS * kept
            move(entries, row, to, COLUMNS)
            flips = entries[to + FLIPS] + (((entries[to + column] >> place) & 1) != bit)
            entries[to + FLIPS] = flips
            kept += 1
            waiting += reached == now + 1
            note_shortest(sums, TALLY_COLUMNS * flips + LEAST, entries[to + SIZE], entries[to + PROGRAM])
    state[ENTRIES] = kept
    state[WAITING] = waiting


def thin(entries_array, keep, longest, stopped_array):
    """Stop the entries that are not to be kept; return how many are left."""
    entries = pointer(entries_array)
    stopped = pointer(stopped_array)
    kept = 0
    for entry in range(keep.size):
        row = COLUMNS * entry
        if keep[entry] == 1:
            to = COLUMNS * kept
            move(entries, row, to, COLUMNS)
            kept += 1
        else:
            stop_entry(stopped, row, longest, entries)
    return kept


def key_of(entries, own, row):
    """Flips; and length, unless the entry has come to its end."""
    return entries[row + FLIPS] * 64 + (entries[row + SIZE] if entries[row + WORDS] > 0 else 0)


def alike(entries, own, row, other):
    """Equal flips; and equal lengths, unless they have come to their end."""
    equal = entries[other + SIZE] == entries[row + SIZE]
    return entries[other + FLIPS] == entries[row + FLIPS] and (entries[row + WORDS] == 0 or equal)


def keep(entries, own, row, to):
    """All entries stand at the bit that they have run to, which is where the next block begins."""
    move(entries, row, to, AHEAD)
    entries[to + REACHED] = 0
    for i in range(AHEAD_WORDS):
        entries[to + AHEAD + i] = 0


def join(entries, own, row, twin):
    """Add up masses, and keep the first of the shortest programs."""
    entries[twin + MASS] += entries[row + MASS]
    shorter = entries[row + SIZE] < entries[twin + SIZE]
    equal = entries[row + SIZE] == entries[twin + SIZE]
    if shorter or (equal and entries[row + PROGRAM] < entries[twin + PROGRAM]):
        entries[twin + PROGRAM] = entries[row + PROGRAM]
        entries[twin + SIZE] = entries[row + SIZE]


LIKENESS = Likeness(COLUMNS, key_of, alike, keep, join)
