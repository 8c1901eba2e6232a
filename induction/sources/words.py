"""Periodic, morphic and automatic words: sequences that are built from blocks or read off digits."""

from __future__ import annotations

from math import isqrt

import numpy as np

from .record import Sequence, blocks, indices, named


def periodic(n: int, period: str) -> np.ndarray:
    """The text `period` over and over."""
    return np.resize(np.frombuffer(period.encode("ascii"), dtype=np.uint8) - np.uint8(ord("0")), n)


def fixed_point(n: int, images: tuple[str, ...]) -> np.ndarray:
    """The fixed point, from letter 0, of the substitution that maps letter i to images[i]; letters are digits."""
    lengths = np.array([len(image) for image in images])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    letters = np.array([int(letter) for image in images for letter in image], dtype=np.uint8)
    word = np.zeros(1, dtype=np.uint8)
    while len(word) < n:
        size = lengths[word]
        ends = np.cumsum(size)
        inside = np.arange(ends[-1]) - np.repeat(ends - size, size)
        word = letters[np.repeat(starts[word], size) + inside]
    return word[:n]


def coded(n: int, images: tuple[str, ...], code: str) -> np.ndarray:
    """A fixed point with letter i written as the bit code[i]."""
    return periodic(len(code), code)[fixed_point(n, images)]


def parity_of_ones(values: np.ndarray) -> np.ndarray:
    """The number of ones in the binary digits of each value, modulo 2."""
    folded = values.copy()
    for shift in (32, 16, 8, 4, 2, 1):
        folded ^= folded >> shift
    return (folded & 1).astype(np.uint8)


def thue_morse(n: int) -> np.ndarray:
    """Parity of the number of ones in the binary digits of i."""
    return parity_of_ones(indices(n))


def rudin_shapiro(n: int) -> np.ndarray:
    """Parity of the number of (overlapping) blocks 11 in the binary digits of i."""
    i = indices(n)
    return parity_of_ones(i & (i >> 1))


def block_111(n: int) -> np.ndarray:
    """Parity of the number of (overlapping) blocks 111 in the binary digits of i."""
    i = indices(n)
    return parity_of_ones(i & (i >> 1) & (i >> 2))


def zeros_parity(n: int) -> np.ndarray:
    """Parity of the number of zeros in the binary digits of i, from i = 1."""
    i = indices(n, 1)
    digits = np.frexp(i.astype(np.float64))[1]  # exact below 2^53
    return parity_of_ones(i) ^ (digits & 1).astype(np.uint8)


def paperfolding(n: int) -> np.ndarray:
    """1 where the odd part of i is 1 modulo 4, from i = 1."""
    i = indices(n, 1)
    return ((i // (i & -i)) % 4 == 1).astype(np.uint8)


def baum_sweet(n: int) -> np.ndarray:
    """1 where the binary digits of i hold no block of zeros of odd length (0 itself gives 1)."""
    bits = np.ones(n, dtype=np.uint8)
    rest, alive = indices(n)[1:], indices(n)[1:]
    while alive.size:
        low = rest & -rest
        odd_zeros = parity_of_ones(low - 1).astype(bool)  # the zeros below the lowest one
        bits[alive[odd_zeros]] = 0
        rest, alive, low = rest[~odd_zeros], alive[~odd_zeros], low[~odd_zeros]
        rest = rest // low // 2
        alive, rest = alive[rest > 0], rest[rest > 0]
    return bits


def toeplitz(n: int, pattern: str) -> np.ndarray:
    """The word that equals `pattern` repeated, with the word itself written into the holes ``?``."""
    holes = np.array([place for place, sign in enumerate(pattern) if sign == "?"], dtype=np.int64)
    rank = np.full(len(pattern), -1, dtype=np.int64)
    rank[holes] = np.arange(len(holes))
    signs = np.array([0 if sign == "?" else int(sign) for sign in pattern], dtype=np.uint8)
    source = indices(n)
    while True:
        cycle, place = source // len(pattern), source % len(pattern)
        hole = rank[place] >= 0
        if not hole.any():
            return signs[place]
        source = np.where(hole, cycle * len(holes) + rank[place], source)


def valuation_parity(n: int, prime: int) -> np.ndarray:
    """The exponent of `prime` in i, modulo 2, from i = 1."""
    bits = np.zeros(n, dtype=np.uint8)
    power = prime
    while power <= n:
        bits[power - 1 :: power] ^= 1
        power *= prime
    return bits


def ruler_unary(n: int) -> np.ndarray:
    """The exponent v of 2 in 1, 2, 3, … written as v ones and a zero; two bits a number on average."""
    i = indices(n, 1)
    low = i & -i
    exponent = np.frexp(low.astype(np.float64))[1] - 1
    ends = np.cumsum(exponent + 1) - 1
    bits = np.ones(n, dtype=np.uint8)
    bits[ends[ends < n]] = 0
    return bits


def zeckendorf_parity(n: int) -> np.ndarray:
    """The number of Fibonacci numbers in the Zeckendorf sum of i, modulo 2."""
    word, shorter = np.array([0], dtype=np.uint8), np.array([0], dtype=np.uint8)
    while len(word) < n:  # the numbers from F to F + F' - 1 are F plus those below F'
        word, shorter = np.concatenate([word, shorter ^ 1]), word
    return word[:n]


def sturmian_sqrt_2(n: int) -> np.ndarray:
    """floor((i + 1) √2) - floor(i √2) - 1, from i = 1, by integer square roots."""
    floors = np.array([isqrt(2 * i * i) for i in range(1, n + 2)], dtype=np.int64)
    return (np.diff(floors) - 1).astype(np.uint8)


def runs(n: int) -> np.ndarray:
    """1 01 001 0001 …: ones at k(k + 3)/2."""
    k = indices(isqrt(2 * n) + 1)
    bits = np.zeros(n, dtype=np.uint8)
    places = k * (k + 3) // 2
    bits[places[places < n]] = 1
    return bits


def a_n_b_n(n: int) -> np.ndarray:
    """01 0011 000111 …: k zeros and k ones, for k = 1, 2, 3, …"""
    k = np.repeat(indices(isqrt(n) + 1, 1), 2)
    return blocks(n, np.resize([0, 1], len(k)), k)


def growing_blocks(n: int) -> np.ndarray:
    """0 11 000 1111 …: the k-th block has k equal bits."""
    k = indices(isqrt(2 * n) + 2, 1)
    return blocks(n, (k + 1) % 2, k)


def doubling_blocks(n: int) -> np.ndarray:
    """0 11 0000 11111111 …: block k (from 0) has 2^k equal bits."""
    k = indices(n.bit_length())
    return blocks(n, k % 2, 1 << k)


def lyndon_de_bruijn(order: int) -> str:
    """The lexicographically least de Bruijn cycle: all Lyndon words of lengths that divide `order`, in order."""
    word, cycle = [0], ["0"]  # Duval's generation of Lyndon words
    while word:
        word = (word * (order // len(word) + 1))[:order]
        while word and word[-1] == 1:
            word.pop()
        if word:
            word[-1] = 1
            if order % len(word) == 0:
                cycle.append("".join(map(str, word)))
    return "".join(cycle)


def de_bruijn(n: int, order: int) -> np.ndarray:
    """The lexicographically least binary de Bruijn cycle of an order, over and over."""
    return periodic(n, lyndon_de_bruijn(order))


WORDS: tuple[Sequence, ...] = (
    named("zeros", "zeros", "bit i is 0", "OEIS A000004", periodic, period="0"),
    named("ones", "ones", "bit i is 1", "OEIS A000012", periodic, period="1"),
    named("alternating", "alternating bits", "01 over and over", "OEIS A000035", periodic, period="01"),
    named("period-3", "period of 3", "011 over and over", "OEIS A011655", periodic, period="011"),
    named("period-4", "period of 4", "0011 over and over", "", periodic, period="0011"),
    named("period-5", "period of 5", "00101 over and over", "", periodic, period="00101"),
    named("fibonacci-word", "Fibonacci word", "fixed point of 0 -> 01, 1 -> 0", "OEIS A003849", fixed_point,
          images=("01", "0")),
    named("thue-morse", "Thue–Morse sequence", "parity of the ones in the binary digits of i, from i = 0",
          "OEIS A010060", thue_morse),
    named("period-doubling", "period-doubling word",
          "fixed point of 0 -> 01, 1 -> 00; the exponent of 2 in i, modulo 2, from i = 1", "OEIS A096268",
          fixed_point, images=("01", "00")),
    named("runs", "growing runs", "1 01 001 0001 …: ones at i = k(k + 3)/2", "OEIS A023531", runs),
    named("a-n-b-n", "aⁿbⁿ", "01 0011 000111 …: k zeros, then k ones, for k = 1, 2, 3, …", "", a_n_b_n),
    named("growing-blocks", "growing blocks", "0 11 000 1111 …: the k-th block has k equal bits",
          "parity of OEIS A002024, plus 1", growing_blocks),
    named("doubling-blocks", "doubling blocks", "0 11 0000 11111111 …: floor(log2 i) modulo 2, from i = 1; "
          "its ones have no density", "OEIS A000523 modulo 2", doubling_blocks),
    named("rudin-shapiro", "Rudin–Shapiro sequence", "parity of the blocks 11 in the binary digits of i, from i = 0",
          "OEIS A020987", rudin_shapiro),
    named("block-111", "parity of blocks 111", "parity of the blocks 111 in the binary digits of i, from i = 0",
          "Allouche and Shallit 2003, block-counting sequences", block_111),
    named("zeros-parity", "parity of binary zeros", "parity of the zeros in the binary digits of i, from i = 1",
          "OEIS A059448", zeros_parity),
    named("paperfolding", "regular paperfolding word", "1 where the odd part of i is 1 modulo 4, from i = 1",
          "OEIS A014577", paperfolding),
    named("baum-sweet", "Baum–Sweet sequence", "1 where the binary digits of i hold no block of zeros of odd length, "
          "from i = 0 (which gives 1)", "OEIS A086747", baum_sweet),
    named("ruler-unary", "ruler in unary", "0 10 0 110 …: the exponent v of 2 in 1, 2, 3, … as v ones and a zero",
          "OEIS A007814 in unary", ruler_unary),
    named("ternary-valuation", "3-adic valuation modulo 2", "the exponent of 3 in i modulo 2, from i = 1",
          "OEIS A007949 modulo 2", valuation_parity, prime=3),
    named("chacon-word", "Chacon word", "fixed point of 0 -> 0010, 1 -> 1", "Chacon 1969; Ferenczi 2002", fixed_point,
          images=("0010", "1")),
    named("tribonacci-word", "Tribonacci word, in bits", "fixed point of 0 -> 01, 1 -> 02, 2 -> 0, with 1 for 2",
          "OEIS A080843", coded, images=("01", "02", "0"), code="011"),
    named("sturmian-sqrt-2", "Sturmian word of √2", "floor((i + 1)√2) - floor(i √2) - 1, from i = 1",
          "OEIS A006337, minus 1", sturmian_sqrt_2),
    named("cantor", "Cantor word", "fixed point of 1 -> 101, 0 -> 000: 1 where i has no ternary digit 1",
          "indicator of OEIS A005823", coded, images=("010", "111"), code="10"),
    named("stewart-choral", "Stewart's choral sequence", "bit 3i is 0, bit 3i + 2 is 1, bit 3i + 1 is bit i",
          "OEIS A116178", toeplitz, pattern="0?1"),
    named("mephisto-waltz", "Mephisto waltz", "fixed point of 0 -> 001, 1 -> 110: parity of the ternary digits 2 of i",
          "OEIS A064990", fixed_point, images=("001", "110")),
    named("toeplitz", "Toeplitz word of 011??", "011?? over and over, with the word itself in the holes",
          "Cassaigne and Karhumäki 1997", toeplitz, pattern="011??"),
    named("fibonacci-thue-morse", "Fibonacci–Thue–Morse sequence",
          "parity of the number of terms in the Zeckendorf sum of i, from i = 0", "OEIS A095076", zeckendorf_parity),
    named("de-bruijn-4", "de Bruijn cycle of order 4", "the least cycle of 16 bits that holds every 4-bit word, "
          "over and over", "de Bruijn 1946; Fredricksen and Maiorana 1978", de_bruijn, order=4),
    named("de-bruijn-10", "de Bruijn cycle of order 10", "the least cycle of 1 024 bits that holds every 10-bit word, "
          "over and over", "de Bruijn 1946; Fredricksen and Maiorana 1978", de_bruijn, order=10),
)
