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


def uniform_mixture(machine, x, max_length, max_steps, total=None):
    """xi(x) over all programs, those that stop predicting 1/2 from then on."""
    if not x:
        return Fraction(1)
    value = Fraction(0)
    for _, record in naive.leaves(machine, len(x), max_length, max_steps, total):
        if x.startswith(record.output):
            value += naive.weight(record) / 2 ** (len(x) - len(record.output))
    return value


class Sleeper:
    """A program with the rounds in which its bits are there, a round giving it `max_steps` more steps.

    Bit i is begun in round i, or in the round in which bit i - 1 came, and takes one round more for every full
    allotment that its steps go beyond.
    """

    def __init__(self, machine, record, max_steps, most, total):
        self.output, self.weight, self.program = record.output, naive.weight(record), record.program
        self.reads = record.reads
        done = ready = 0
        self.ready = []
        for i in range(1, len(record.output) + 1):
            steps = naive.run(machine, record.program, most, total, i).steps
            ready = max(i, ready) + max(1, -(-(steps - done) // max_steps)) - 1
            done = steps
            self.ready.append(ready)

    def awake(self, now):
        return len(self.output) >= now and self.ready[now - 1] == now

    def dead(self, y, now):
        """Whether a bit that was there by round `now` and was asked for before it is not that of y."""
        return any(self.ready[i] <= now and bit != y[i] for i, bit in enumerate(self.output[: now - 1]))


    def left(self, y):
        """Whether nothing that was there by the end of y speaks against it, and it was awake then or may wake."""
        now = len(y)
        agrees = all(self.ready[i] > now or bit == y[i] for i, bit in enumerate(self.output))
        return agrees and (self.awake(now) or any(ready > now for ready in self.ready))


def asleep_mixture(machine, y, max_length, max_steps, allotments, exponent, total=None):
    """The predictions of 1 before each bit of y; each program's weight and product of xi_t(y_t) over its awake rounds.

    Specialists: weights of the awake are multiplied by h(y_t) / xi_t(y_t), those of the asleep stay. The uniform
    fallback is always awake.
    """
    most = max_steps * allotments
    records = [record for _, record in naive.leaves(machine, len(y), max_length, most, total)]
    members = [Sleeper(machine, record, max_steps, most, total) for record in records]
    weights = [member.weight for member in members]
    fallback = Fraction(1, 2**exponent)
    predictions, regrets = [], [Fraction(1)] * len(members)
    for now, bit in enumerate(y, 1):
        awake = [i for i, member in enumerate(members) if member.awake(now) and not member.dead(y, now) and weights[i]]
        whole = fallback + sum(weights[i] for i in awake)
        one = fallback / 2 + sum(weights[i] for i in awake if members[i].output[now - 1] == "1")
        predictions.append(one / whole)
        given = one / whole if bit == "1" else 1 - one / whole
        fallback *= Fraction(1, 2) / given
        for i in awake:
            agrees = members[i].output[now - 1] == bit
            weights[i] = weights[i] / given if agrees else Fraction(0)
            regrets[i] *= given
    return predictions, list(zip(members, weights, regrets, strict=True)), fallback
