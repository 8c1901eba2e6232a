"""What hypotheses say together: loops over all of them, for two readings of their outputs.

An answer is the output bits after a leading 1, as a number: 1 for no output, 2 and 3 for a first bit
of 0 and of 1. Reading *label*: the first bit is the label, right at a rate that is learned by the
Krichevsky–Trofimov estimator from the hypothesis's own errors and hits; without one the chance is ½.
Reading *probability*: the output bits b1 ... bk say P(1) = (their number + ½) / 2^k.
"""

from __future__ import annotations

import math

from induction.enumeration.entries import SIZE, move
from induction.enumeration.inputs_kernels import COLUMNS, ERRORS, FLOATS, HITS, LOG_MASS, LOSS, MASS, REPLACED
from induction.machines.kernel import kernel, pointer

LABEL, PROBABILITY = range(2)
NEGLIGIBLE = 100.0  # bits under the heaviest; 2^-100 of each of 2^40 hypotheses is under the tolerance


@kernel
def chance(answer, errors, hits, reading):
    """Probability of label 1."""
    result = 0.5
    if reading == PROBABILITY:
        size = 1
        while 2 * size <= answer:
            size *= 2
        result = (answer - size + 0.5) / size
    elif answer > 1:
        right = hits if answer == 3 else errors
        result = (right + 0.5) / (errors + hits + 1.0)
    return result


def weigh(entries_array, floats_array, answers_array, count, reading, masses_array, sums_array):
    """Masses by answer 0, 1, none; and log2 of the greatest weight, and both labels' sums in units of it."""
    entries = pointer(entries_array)
    floats = pointer(floats_array)
    answers = pointer(answers_array)
    masses = pointer(masses_array)
    sums = pointer(sums_array)
    peak = -math.inf
    for i in range(count):
        if answers[i] != REPLACED:
            peak = max(peak, floats[FLOATS * i + LOG_MASS] - floats[FLOATS * i + LOSS])
    zero = 0.0
    one = 0.0
    for column in range(3):
        masses[column] = 0
    for i in range(count):
        answer = answers[i]
        if answer != REPLACED:
            row = COLUMNS * i
            said = 2
            if answer > 1:
                said = answer
                while said > 3:
                    said >>= 1
                said -= 2
            masses[said] += entries[row + MASS]
            height = floats[FLOATS * i + LOG_MASS] - floats[FLOATS * i + LOSS] - peak
            if height > -NEGLIGIBLE:
                weight = 2.0**height
                p = chance(answer, entries[row + ERRORS], entries[row + HITS], reading)
                zero += weight * (1.0 - p)
                one += weight * p
    sums[0] = peak
    sums[1] = zero
    sums[2] = one


def learn(entries_array, floats_array, answers_array, count, reading, label, halves_array, whole_array):
    """Book a label and drop what has been replaced; return how many are left, and who needs the fewest bits, the first.

    ``halves[k]`` is the sum of log2(i - ½), ``whole[k]`` of log2(i), for i from 1 to k; the last k is
    the number of rounds, this one included.
    """
    entries = pointer(entries_array)
    floats = pointer(floats_array)
    answers = pointer(answers_array)
    halves = pointer(halves_array)
    whole = pointer(whole_array)
    rounds = whole_array.size - 1
    kept = 0
    least = math.inf
    best = 0
    for i in range(count):
        answer = answers[i]
        if answer != REPLACED:
            row = COLUMNS * i
            to = COLUMNS * kept
            move(entries, row, to, COLUMNS)
            move(floats, FLOATS * i, FLOATS * kept, FLOATS)
            if reading == LABEL:
                if answer == 2 + label:
                    entries[to + HITS] += 1
                elif answer > 1:
                    entries[to + ERRORS] += 1
                errors = entries[to + ERRORS]
                hits = entries[to + HITS]
                said = errors + hits
                loss = whole[said] - halves[errors] - halves[hits] + (rounds - said)
            else:
                p = chance(answer, 0, 0, reading)
                loss = floats[FLOATS * kept + LOSS] - math.log2(p if label == 1 else 1.0 - p)
            floats[FLOATS * kept + LOSS] = loss
            total = entries[to + SIZE] + loss
            if total < least:
                least = total
                best = kept
            kept += 1
    return kept, best
