"""Seeded random sources whose true probabilities are known, so that a predictor can be measured against the truth.

Every source offers ``sample(n, seed)`` (bits), ``probabilities(bits)`` (the true P(1) before each of the bits),
``probability(past)`` (the true P(1) after a past), ``loss(bits)`` (bits lost by the truth itself) and
``entropy_rate()`` (bits a symbol). Loss of a predictor = loss of the truth + a log-likelihood ratio, whose
expectation is the Kullback–Leibler divergence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..bits import BitsLike, as_bits
from .record import Sequence, check_count


def binary_entropy(p: float | np.ndarray) -> float | np.ndarray:
    """Entropy of a bit that is 1 with probability p, in bits: -p log2 p - (1 - p) log2(1 - p), 0 at both ends."""
    p = np.asarray(p, dtype=np.float64)
    inside = np.clip(p, 1e-300, 1.0)
    outside = np.clip(1.0 - p, 1e-300, 1.0)
    entropy = -(p * np.log2(inside) + (1.0 - p) * np.log2(outside))
    return float(entropy) if entropy.ndim == 0 else entropy


def check_rate(value: float, what: str) -> float:
    """`value` as a float, or a ValueError if it is not a probability."""
    try:
        rate = float(value)
    except (TypeError, ValueError):
        rate = -1.0
    if not 0.0 <= rate <= 1.0:
        raise ValueError(f"{what} is {value!r}; give a probability from 0 to 1")
    return rate


class Stochastic:
    """What all stochastic sources share; a source defines `probabilities` and `sample`."""

    def probabilities(self, bits: BitsLike) -> np.ndarray:
        """True P(bit i = 1 | bits before i) for every i: shape (n,), float64."""
        raise NotImplementedError

    def sample(self, n: int, seed: int) -> np.ndarray:
        """n bits, dtype uint8, the same for the same seed; drawn with ``numpy.random.default_rng(seed)``."""
        raise NotImplementedError

    def entropy_rate(self) -> float:
        """Limit of the entropy of n bits over n, in bits a symbol."""
        raise NotImplementedError

    def probability(self, past: BitsLike) -> float:
        """True P(1) of the bit that follows `past`."""
        past = as_bits(past, "past")
        return float(self.probabilities(np.append(past, np.uint8(0)))[-1])

    def losses(self, bits: BitsLike) -> np.ndarray:
        """-log2 of the true probability of each bit: shape (n,); infinite where a bit was impossible."""
        bits = as_bits(bits)
        p1 = self.probabilities(bits)
        with np.errstate(divide="ignore"):
            return 0.0 - np.log2(np.where(bits == 1, p1, 1.0 - p1))

    def loss(self, bits: BitsLike) -> float:
        """Total loss of the truth on the bits, in bits: -log2 of their true probability."""
        return float(self.losses(bits).sum())

    def entropy(self, bits: BitsLike) -> float:
        """Sum over the bits of the entropy of the true conditional distribution, in bits."""
        return float(np.sum(binary_entropy(self.probabilities(bits))))


@dataclass(frozen=True)
class Bernoulli(Stochastic):
    """Independent bits, each 1 with probability p."""

    p: float

    def __post_init__(self) -> None:
        check_rate(self.p, "p")

    def probabilities(self, bits: BitsLike) -> np.ndarray:
        """P(1) = p at every step."""
        return np.full(len(as_bits(bits)), float(self.p))

    def sample(self, n: int, seed: int) -> np.ndarray:
        """n independent bits."""
        return (np.random.default_rng(seed).random(check_count(n)) < self.p).astype(np.uint8)

    def entropy_rate(self) -> float:
        """Entropy of one bit."""
        return float(binary_entropy(self.p))


@dataclass(frozen=True)
class Markov(Stochastic):
    """Markov chain of order k over bits.

    Parameters
    ----------
    table : sequence of 2^k floats
        table[c] is P(1) after the last k bits, c being these read as a binary number, the latest bit the lowest.
        Before the start stand k zeros.
    """

    table: tuple[float, ...]

    def __post_init__(self) -> None:
        table = tuple(check_rate(p, "entry of the Markov table") for p in self.table)
        if not table or len(table) & (len(table) - 1):
            raise ValueError(f"the Markov table has {len(table)} entries; give 2^k, one for each context of k bits")
        object.__setattr__(self, "table", table)

    @property
    def order(self) -> int:
        """k, the number of bits that the next one depends on."""
        return len(self.table).bit_length() - 1

    def contexts(self, bits: BitsLike) -> np.ndarray:
        """The number of the context before each bit: shape (n,), int64."""
        bits = as_bits(bits)
        context = np.zeros(len(bits), dtype=np.int64)
        for back in range(1, self.order + 1):
            context[back:] |= bits[:-back].astype(np.int64) << (back - 1)
        return context

    def probabilities(self, bits: BitsLike) -> np.ndarray:
        """P(1) by context."""
        return np.array(self.table)[self.contexts(bits)]

    def sample(self, n: int, seed: int) -> np.ndarray:
        """n bits, from the context of k zeros."""
        draws, mask, context = np.random.default_rng(seed).random(check_count(n)).tolist(), len(self.table) - 1, 0
        bits = bytearray()
        for draw in draws:
            bit = draw < self.table[context]
            bits.append(bit)
            context = (context << 1 | bit) & mask
        return np.frombuffer(bytes(bits), dtype=np.uint8).copy()

    def stationary(self) -> np.ndarray:
        """Long-run frequency of each context of a chain started after k zeros: shape (2^k,), float64.

        The average over time, so chains that fall into one of several closed sets or go round in a cycle are
        covered; found by powers of the lazy chain (P + 1)/2, to about 1e-12 unless a chain mixes far slower.
        """
        size = len(self.table)
        step = 0.5 * np.eye(size)
        for context, p in enumerate(self.table):
            step[context, (2 * context) % size] += 0.5 * (1.0 - p)
            step[context, (2 * context + 1) % size] += 0.5 * p
        for _ in range(50):
            step = step @ step
            step /= step.sum(axis=1, keepdims=True)  # keeps the rows stochastic under rounding
        return step[0]

    def entropy_rate(self) -> float:
        """Entropy of the next bit, averaged over the long-run contexts."""
        return float(self.stationary() @ np.asarray(binary_entropy(np.array(self.table))))


@dataclass(frozen=True)
class Noisy(Stochastic):
    """A deterministic sequence of which each bit is flipped, independently, with a given rate."""

    sequence: Sequence
    rate: float

    def __post_init__(self) -> None:
        check_rate(self.rate, "flip rate")

    def probabilities(self, bits: BitsLike) -> np.ndarray:
        """P(1) = 1 - rate where the sequence has a 1, else rate."""
        return np.where(self.sequence.bits(len(as_bits(bits))) == 1, 1.0 - self.rate, float(self.rate))

    def flips(self, n: int, seed: int) -> np.ndarray:
        """Which of the n bits of `sample` are flipped: shape (n,), uint8."""
        return (np.random.default_rng(seed).random(check_count(n)) < self.rate).astype(np.uint8)

    def sample(self, n: int, seed: int) -> np.ndarray:
        """The first n bits of the sequence, some flipped."""
        return self.sequence.bits(n) ^ self.flips(n, seed)

    def entropy_rate(self) -> float:
        """Entropy of one flip."""
        return float(binary_entropy(self.rate))


@dataclass(frozen=True)
class ChangePoint(Stochastic):
    """One source for the first `at` bits, then another, which starts afresh and sees nothing of the first."""

    before: Stochastic
    after: Stochastic
    at: int

    def __post_init__(self) -> None:
        check_count(self.at, "change point")

    def probabilities(self, bits: BitsLike) -> np.ndarray:
        """P(1) of the source in charge, given the bits since it took charge."""
        bits = as_bits(bits)
        return np.concatenate([self.before.probabilities(bits[: self.at]), self.after.probabilities(bits[self.at :])])

    def sample(self, n: int, seed: int) -> np.ndarray:
        """n bits; the two sources draw from two independent streams of the seed."""
        first, second = (int(child.generate_state(1)[0]) for child in np.random.SeedSequence(seed).spawn(2))
        early = min(check_count(n), self.at)
        return np.concatenate([self.before.sample(early, first), self.after.sample(n - early, second)])

    def entropy_rate(self) -> float:
        """The rate of the second source."""
        return self.after.entropy_rate()


def deterministic(sequence: Sequence) -> Noisy:
    """A named sequence as a stochastic source that never errs; its true loss is 0."""
    return Noisy(sequence, 0.0)


def random_markov(order: int, seed: int, concentration: float = 0.5) -> Markov:
    """A Markov chain of which each P(1) is drawn from Beta(concentration, concentration)."""
    if check_count(order, "order") > 16:
        raise ValueError(f"order is {order}; at most 16 is allowed, as the table has 2^order entries")
    if not concentration > 0:
        raise ValueError(f"concentration is {concentration!r}; give a number above 0")
    draws = np.random.default_rng(seed).beta(concentration, concentration, 1 << order)
    return Markov(tuple(draws.tolist()))
