"""Slow, definitional twins of the mixtures over all programs: noise, speed, timeouts.

Nothing of the package: programs are listed one by one with `naive.leaves`, masses are Fractions.
"""

from fractions import Fraction

import naive


def krichevsky_trofimov(flips: int, hits: int) -> Fraction:
    """Probability of any one order of so many flips and hits: a factor (count + 1/2) / (rounds + 1) a round."""
    value = Fraction(1)
    for k in range(flips):
        value *= Fraction(2 * k + 1, 2 * (k + 1))
    for k in range(hits):
        value *= Fraction(2 * k + 1, 2 * (flips + k + 1))
    return value


def noisy_hypotheses(machine, y, max_length, max_steps, total=None):
    """Every end of the program tree, followed for len(y) bits whatever they are: (weight, length, probability of y).

    What writes fewer bits predicts 1/2 for the others.
    """
    for _, record in naive.leaves(machine, len(y), max_length, max_steps, total):
        spoken = len(record.output)
        flips = sum(a != b for a, b in zip(record.output, y[:spoken], strict=True))
        probability = krichevsky_trofimov(flips, spoken - flips) / 2 ** (len(y) - spoken)
        yield naive.weight(record), len(record.program), probability


def noisy_mixture(machine, y, max_length, max_steps, total=None):
    """xi(y), the sum of 2^-|p| times the probability that p with a learned flip rate gives y."""
    if not y:
        return Fraction(1)
    ends = noisy_hypotheses(machine, y, max_length, max_steps, total)
    return sum((weight * chance for weight, _, chance in ends), Fraction(0))


def noisy_best(machine, y, max_length, max_steps, total=None):
    """The largest 2^-|p| times probability of y."""
    ends = noisy_hypotheses(machine, y, max_length, max_steps, total)
    return max(weight * chance for weight, _, chance in ends)


def speed_terms(machine, x, kind, max_length, max_steps, total=None):
    """(length, steps, weight) of every program for x."""
    for fate, record in naive.leaves(machine, len(x), max_length, max_steps, total, x):
        if fate == "match":
            length, steps = len(record.program), record.steps
            if kind == "kt":
                yield length, steps, Fraction(1, 2**length * steps)
            else:
                yield length, steps, sum_of_phases(length, steps)


def sum_of_phases(length, steps):
    """2^-i 2^-|p| over the phases i = 1, 2, ... in which p has at least `steps` of its 2^(i - |p|) steps."""
    first = 1
    while Fraction(2) ** (first - length) < steps:
        first += 1
    return Fraction(2, 2**first) / 2**length  # 2^-first + 2^-(first + 1) + ... is 2 * 2^-first


def speed_prior(machine, x, kind, max_length, max_steps, total=None):
    """S_Kt(x) or S_Fast(x); 1 for the empty string."""
    terms = speed_terms(machine, x, kind, max_length, max_steps, total)
    return sum((weight for _, _, weight in terms), Fraction(0)) if x else Fraction(1)
