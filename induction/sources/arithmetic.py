"""Sequences of number theory: indicators of sets of numbers, parities of arithmetic functions, digits of constants."""

from __future__ import annotations

from math import isqrt

import numpy as np

from .record import Sequence, indicator, indices, named


def powers_indicator(n: int, exponent: int) -> np.ndarray:
    """1 where i is a perfect power k^exponent, from i = 0."""
    top = isqrt(n) + 1 if exponent == 2 else round(n ** (1 / exponent)) + 2
    return indicator(n, indices(top) ** exponent)


def triangular(n: int) -> np.ndarray:
    """1 where i is k(k + 1)/2, from i = 0."""
    k = indices(isqrt(2 * n) + 2)
    return indicator(n, k * (k + 1) // 2)


def geometric(n: int, base: int) -> np.ndarray:
    """1 where i is a power of `base`, from i = 1."""
    members, power = [], 1
    while power <= n:
        members.append(power)
        power *= base
    return indicator(n, np.array(members), 1)


def factorials(n: int) -> np.ndarray:
    """1 where i is a factorial, from i = 1."""
    members, value, k = [], 1, 1
    while value <= n:
        members.append(value)
        k += 1
        value *= k
    return indicator(n, np.array(members), 1)


def fibonacci_numbers(n: int) -> np.ndarray:
    """1 where i is a Fibonacci number, from i = 0."""
    members, a, b = [], 0, 1
    while a < n:
        members.append(a)
        a, b = b, a + b
    return indicator(n, np.array(members))


def sums_of_two_squares(n: int) -> np.ndarray:
    """1 where i = a² + b², from i = 0."""
    square = powers_indicator(n, 2)
    places = np.flatnonzero(square)
    bits = np.zeros(n, dtype=np.uint8)
    for place in places:
        bits[place + places[places < n - place]] = 1
    return bits


def primes(n: int) -> np.ndarray:
    """1 where i is prime, from i = 1 (sieve of Eratosthenes)."""
    bits = np.ones(n, dtype=np.uint8)
    bits[0] = 0
    for p in range(2, isqrt(n) + 1):
        if bits[p - 1]:
            bits[p * p - 1 :: p] = 0
    return bits


def _moebius(n: int) -> np.ndarray:
    """Möbius function of 1 … n, dtype int8."""
    values = np.ones(n, dtype=np.int8)
    for p in np.flatnonzero(primes(n)) + 1:
        values[p - 1 :: p] *= -1
        values[p * p - 1 :: p * p] = 0
    return values


def squarefree(n: int) -> np.ndarray:
    """1 where no square above 1 divides i, from i = 1."""
    bits = np.ones(n, dtype=np.uint8)
    for d in range(2, isqrt(n) + 1):
        bits[d * d - 1 :: d * d] = 0
    return bits


def moebius_minus(n: int) -> np.ndarray:
    """1 where the Möbius function of i is -1, from i = 1."""
    return (_moebius(n) == -1).astype(np.uint8)


def liouville(n: int) -> np.ndarray:
    """Number of prime factors of i, counted with multiplicity, modulo 2, from i = 1."""
    bits = np.zeros(n, dtype=np.uint8)
    for p in np.flatnonzero(primes(n)) + 1:
        power = int(p)
        while power <= n:
            bits[power - 1 :: power] ^= 1
            power *= int(p)
    return bits


def legendre(n: int, prime: int) -> np.ndarray:
    """1 where i is no square modulo `prime` (multiples of it give 0), from i = 0."""
    bits = np.ones(prime, dtype=np.uint8)
    bits[indices(prime) ** 2 % prime] = 0
    return np.resize(bits, n)


def flavius_josephus(n: int) -> np.ndarray:
    """1 where i survives Flavius Josephus's sieve, from i = 1: round k strikes every (k + 1)-st survivor."""
    survivors, step = indices(n, 1), 2
    while step <= len(survivors):
        survivors = survivors[np.arange(1, len(survivors) + 1) % step != 0]
        step += 1
    return indicator(n, survivors, 1)


def lucky(n: int) -> np.ndarray:
    """1 where i is a lucky number, from i = 1: each survivor m in turn strikes every m-th survivor."""
    survivors, turn = indices(n, 1)[::2], 1
    while turn < len(survivors) and survivors[turn] <= len(survivors):
        keep = np.ones(len(survivors), dtype=bool)
        keep[survivors[turn] - 1 :: survivors[turn]] = False
        survivors = survivors[keep]
        turn += 1
    return indicator(n, survivors, 1)


def collatz_parity(n: int) -> np.ndarray:
    """Number of steps k -> k/2 or 3k + 1 from i down to 1, modulo 2, from i = 1."""
    bits = np.zeros(n, dtype=np.uint8)
    value, place = indices(n, 1)[1:], indices(n)[1:]
    while place.size:
        bits[place] ^= 1
        value = np.where(value & 1, 3 * value + 1, value >> 1)
        going = value > 1
        value, place = value[going], place[going]
    return bits


def _digits_of(scaled: int, n: int) -> np.ndarray:
    """The n highest binary digits of a positive integer."""
    scaled >>= max(0, scaled.bit_length() - n)
    width = (n + 7) // 8
    return np.unpackbits(np.frombuffer((scaled << (8 * width - n)).to_bytes(width, "big"), dtype=np.uint8))[:n]


_GUARD = 64  # extra binary digits, against carries from what is cut off


def square_root_digits(n: int, radicand: int) -> np.ndarray:
    """Binary digits of √radicand, from the first one."""
    return _digits_of(isqrt(radicand << 2 * n), n)


def golden_ratio_digits(n: int) -> np.ndarray:
    """Binary digits of (1 + √5)/2, from the first one."""
    scale = n + _GUARD
    return _digits_of((1 << scale) + isqrt(5 << 2 * scale), n)


def _split_e(low: int, high: int) -> tuple[int, int]:
    """p and q with p/q = sum over low < k <= high of low!/k!."""
    if high - low == 1:
        return 1, high
    middle = (low + high) // 2
    p, q = _split_e(low, middle)
    p_rest, q_rest = _split_e(middle, high)
    return p * q_rest + p_rest, q * q_rest


def e_digits(n: int) -> np.ndarray:
    """Binary digits of e, from the first one, by binary splitting of the sum of 1/k!."""
    scale, terms, size = n + _GUARD, 2, 1.0
    while size < scale + 2:
        terms += 1
        size += np.log2(terms)
    p, q = _split_e(0, terms)
    return _digits_of(((p + q) << scale) // q, n)


def _split_pi(low: int, high: int) -> tuple[int, int, int]:
    """Binary splitting of the series of the brothers Chudnovsky, terms low … high - 1."""
    if high - low == 1:
        p = (6 * low - 5) * (2 * low - 1) * (6 * low - 1) if low else 1
        q = low**3 * 10939058860032000 if low else 1
        return p, q, (-1) ** low * p * (13591409 + 545140134 * low)
    middle = (low + high) // 2
    p, q, t = _split_pi(low, middle)
    p_rest, q_rest, t_rest = _split_pi(middle, high)
    return p * p_rest, q * q_rest, t * q_rest + p * t_rest


def pi_digits(n: int) -> np.ndarray:
    """Binary digits of π, from the first one (Chudnovsky and Chudnovsky 1988; 47 digits a term)."""
    scale = n + _GUARD
    _, q, t = _split_pi(0, scale // 47 + 2)
    return _digits_of(q * 426880 * isqrt(10005 << 2 * scale) // t, n)


def champernowne(n: int) -> np.ndarray:
    """1 10 11 100 …: the binary numerals of 1, 2, 3, … one after another."""
    pieces, have, width = [], 0, 1
    while have < n:
        count = min(1 << (width - 1), (n - have) // width + 1)
        numbers = indices(count, 1 << (width - 1))
        pieces.append((numbers[:, None] >> np.arange(width - 1, -1, -1) & 1).astype(np.uint8).ravel())
        have += count * width
        width += 1
    return np.concatenate(pieces)[:n]


ARITHMETIC: tuple[Sequence, ...] = (
    named("squares", "indicator of squares", "1 where i is a square, from i = 0", "OEIS A010052", powers_indicator,
          exponent=2),
    named("cubes", "indicator of cubes", "1 where i is a cube, from i = 0", "OEIS A010057", powers_indicator,
          exponent=3),
    named("triangular-numbers", "indicator of triangular numbers", "1 where i = k(k + 1)/2, from i = 0",
          "OEIS A010054", triangular),
    named("powers-of-two", "indicator of powers of two", "1 where i is a power of 2, from i = 1 "
          "(the Fredholm–Rueppel sequence)", "OEIS A036987", geometric, base=2),
    named("powers-of-three", "indicator of powers of three", "1 where i is a power of 3, from i = 1",
          "indicator of OEIS A000244", geometric, base=3),
    named("factorials", "indicator of factorials", "1 where i is a factorial, from i = 1", "OEIS A012245", factorials),
    named("fibonacci-numbers", "indicator of Fibonacci numbers", "1 where i is a Fibonacci number, from i = 0",
          "OEIS A010056", fibonacci_numbers),
    named("sums-of-two-squares", "indicator of sums of two squares", "1 where i = a² + b², from i = 0",
          "indicator of OEIS A001481", sums_of_two_squares),
    named("primes", "indicator of primes", "1 where i is prime, from i = 1", "OEIS A010051", primes),
    named("squarefree", "indicator of squarefree numbers", "1 where no square above 1 divides i, from i = 1",
          "OEIS A008966", squarefree),
    named("moebius-minus", "Möbius function equal to -1", "1 where i is an odd product of distinct primes, "
          "from i = 1", "indicator of OEIS A030059", moebius_minus),
    named("liouville", "Liouville function, in bits", "number of prime factors of i with multiplicity, modulo 2, "
          "from i = 1", "OEIS A066829", liouville),
    named("legendre-31", "Legendre sequence modulo 31", "1 where i is no square modulo 31, from i = 0",
          "Legendre symbol", legendre, prime=31),
    named("flavius-josephus", "Flavius Josephus's sieve", "1 where i survives when round k strikes every (k + 1)-st "
          "survivor, from i = 1", "indicator of OEIS A000960", flavius_josephus),
    named("lucky-numbers", "lucky numbers", "1 where i survives when survivor m strikes every m-th one, from i = 1",
          "indicator of OEIS A000959", lucky),
    named("collatz-parity", "parity of Collatz steps", "number of steps of the 3k + 1 map from i to 1, modulo 2, "
          "from i = 1", "OEIS A006577 modulo 2", collatz_parity),
    named("pi", "binary digits of π", "11.0010010000111111…", "OEIS A004601", pi_digits),
    named("e", "binary digits of e", "10.1011011111100001…", "OEIS A004593", e_digits),
    named("sqrt-2", "binary digits of √2", "1.0110101000001001…", "OEIS A004539", square_root_digits, radicand=2),
    named("golden-ratio", "binary digits of the golden ratio", "1.1001111000110111…", "OEIS A068432",
          golden_ratio_digits),
    named("champernowne", "Champernowne's word", "1 10 11 100 …: the binary numerals of 1, 2, 3, …", "OEIS A030302",
          champernowne),
)
