"""Named sequences against published first terms and against second definitions."""

from fractions import Fraction
from itertools import count, takewhile

import numpy as np
import pytest
import sympy

from induction.sources.sequences import SEQUENCES, names, sequence

N = 400


def text(name, n=N):
    return "".join(map(str, sequence(name).bits(n)))


# First terms as published (OEIS entries of the references), typed in by hand.
PUBLISHED = {
    "zeros": "00000000",
    "ones": "11111111",
    "alternating": "01010101",
    "period-3": "011011011",
    "fibonacci-word": "0100101001001010010100100101001001",
    "thue-morse": "01101001100101101001011001101001",
    "period-doubling": "0100010101000100010001010100010101000101",
    "runs": "10100100010000100000100000010000000",
    "squares": "11001000010000001000000001",
    "powers-of-two": "11010001000000010000000000000001",
    "kolakoski": "0110010110110010011010010110010010110110",
    "a-n-b-n": "010011000111000011110000011111",
    "growing-blocks": "011000111100000111111",
    "doubling-blocks": "011000011111111",
    "rudin-shapiro": "00010010000111010001001011100010",
    "paperfolding": "1101100111001001110110001100100",
    "baum-sweet": "110110010100100110010000010010",
    "zeros-parity": "0100110100101100",
    "ruler-unary": "0" "10" "0" "110" "0" "10" "0" "1110" "0" "10" "0" "110" "0" "10" "0" "11110",
    "champernowne": "11011100101110111100010011010101111001101111011111",
    "primes": "0110101000101000101000100000101",
    "triangular-numbers": "1101001000100001000001000000100000001",
    "cubes": "110000001000000000000000000100",
    "factorials": "110001000000000000000001",
    "fibonacci-numbers": "1111010010000100000001",
    "powers-of-three": "101000001000000000000000001",
    "sums-of-two-squares": "11101100111001001110100001",
    "chacon-word": "0010001010010001000101001010010001010010",
    "tribonacci-word": "0101010010101010101001010101010010101",
    "cantor": "101000101000000000101000101",
    "stewart-choral": "001001011001001011001011011",
    "mephisto-waltz": "001001110001001110110110001",
    "squarefree": "111011100110111010101110",
    "liouville": "01101011001110001111",
    "moebius-minus": "011010100010100010100010000011",
    "ternary-valuation": "001001000001001000001001001",
    "de-bruijn-4": "0000100110101111" * 2,
    "pi": "1100100100001111110110101010001000100001011010001100",
    "e": "101011011111100001010100010110001010001010111011",
    "sqrt-2": "1011010100000100111100110011001111111001",
    "golden-ratio": "11001111000110111011110011011100101111111",
    "kolakoski-1-3": "0111000111010111000111011101110001110101",
    "fibonacci-thue-morse": "0111010010001100010111000101",
    "rule-30": "11011100110001011001001110101110",
    "pascal-mod-2": "1" "11" "101" "1111" "10001" "110011" "1010101" "11111111",
    "rule-90": "1" "101" "10001" "1010101" "100000001" "10100000101",
    "rule-110": "1" "11" "111" "1101" "11111" "110001" "1110011" "11010111",
    "ehrenfeucht-mycielski": "010011010111000100001111",
    "lfsr-4": "000100110101111" * 2,
    "golomb-parity": "1" "00" "11" "000" "111" "0000" "1111" "0000" "11111",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_first_terms_are_the_published_ones(name):
    known = PUBLISHED[name]
    assert text(name, len(known)) == known


def valuation(i, p):
    v = 0
    while i % p == 0:
        i, v = i // p, v + 1
    return v


def digits(i, base):
    found = []
    while i:
        found.append(i % base)
        i //= base
    return found


def overlapping(i, block):
    word = format(i, "b")
    return sum(word.startswith(block, j) for j in range(len(word)))


def zeckendorf(i):
    numbers = [1, 2]
    while numbers[-1] <= i:
        numbers.append(numbers[-1] + numbers[-2])
    terms = 0
    for f in reversed(numbers):
        if f <= i:
            i, terms = i - f, terms + 1
    return terms


def collatz(i):
    steps = 0
    while i > 1:
        i, steps = (3 * i + 1 if i % 2 else i // 2), steps + 1
    return steps


def survivor(size, step=3):
    people, place = list(range(size)), 0
    while len(people) > 1:
        place = (place + step - 1) % len(people)
        people.pop(place)
    return people[0]


def member(kind):
    return lambda i: i in kind


def within(function):
    return set(takewhile(lambda v: v <= N, map(function, count(1))))


# Second definitions, term by term: the first index, and bit i.
BY_TERM = {
    "zeros": (0, lambda i: 0),
    "ones": (0, lambda i: 1),
    "alternating": (0, lambda i: i % 2),
    "period-3": (0, lambda i: i % 3 > 0),
    "period-4": (0, lambda i: i % 4 > 1),
    "period-5": (0, lambda i: i % 5 in (2, 4)),
    "fibonacci-word": (0, lambda i: 2 + int((i + 1) * sympy.GoldenRatio) - int((i + 2) * sympy.GoldenRatio)),
    "thue-morse": (0, lambda i: bin(i).count("1") % 2),
    "period-doubling": (1, lambda i: valuation(i, 2) % 2),
    "runs": (0, lambda i: sympy.sqrt(8 * i + 9).is_integer),
    "triangular-numbers": (0, lambda i: sympy.sqrt(8 * i + 1).is_integer),
    "squares": (0, lambda i: sympy.sqrt(i).is_integer),
    "cubes": (0, member({k**3 for k in range(9)})),
    "powers-of-two": (1, lambda i: i & (i - 1) == 0),
    "powers-of-three": (1, lambda i: 3 ** valuation(i, 3) == i),
    "factorials": (1, member(within(sympy.factorial))),
    "fibonacci-numbers": (0, member({0} | within(sympy.fibonacci))),
    "sums-of-two-squares": (0, lambda i: all(p % 4 != 3 or e % 2 == 0 for p, e in sympy.factorint(i).items())),
    "primes": (1, sympy.isprime),
    "squarefree": (1, lambda i: all(e == 1 for e in sympy.factorint(i).values())),
    "moebius-minus": (1, lambda i: all(e == 1 for e in sympy.factorint(i).values()) and len(sympy.factorint(i)) % 2),
    "liouville": (1, lambda i: sum(sympy.factorint(i).values()) % 2),
    "legendre-31": (0, lambda i: pow(i, 15, 31) == 30),
    "ternary-valuation": (1, lambda i: valuation(i, 3) % 2),
    "collatz-parity": (1, lambda i: collatz(i) % 2),
    "josephus": (1, lambda i: survivor(i) % 2),
    "rudin-shapiro": (0, lambda i: overlapping(i, "11") % 2),
    "block-111": (0, lambda i: overlapping(i, "111") % 2),
    "zeros-parity": (1, lambda i: format(i, "b").count("0") % 2),
    "baum-sweet": (0, lambda i: i == 0 or all(len(z) % 2 == 0 for z in format(i, "b").split("1"))),
    "cantor": (0, lambda i: 1 not in digits(i, 3)),
    "mephisto-waltz": (0, lambda i: digits(i, 3).count(2) % 2),
    "fibonacci-thue-morse": (0, lambda i: zeckendorf(i) % 2),
    "doubling-blocks": (1, lambda i: (i.bit_length() - 1) % 2),
    "growing-blocks": (1, lambda i: int((1 + sympy.sqrt(8 * i - 7)) / 2) % 2 == 0),
}


@pytest.mark.parametrize("name", BY_TERM)
def test_bits_agree_with_a_second_definition(name):
    start, bit = BY_TERM[name]
    assert text(name) == "".join(str(int(bit(i))) for i in range(start, start + N))


def joined(words):
    out = ""
    while len(out) < N:
        out += next(words)
    return out[:N]


def paper(n):
    word = ""
    while len(word) < n:  # unfold: the word, a fold, the word reversed and negated
        word = word + "1" + word[::-1].translate(str.maketrans("01", "10"))
    return word[:n]


def standard_words(a, b, powers):
    while len(b) < 2 * N:
        a, b = b, b * next(powers) + a
    return b[:N]


def runs_of(word):
    lengths, last = [], None
    for sign in word:
        if sign != last:
            lengths.append(0)
        lengths[-1] += 1
        last = sign
    return lengths[:-1]


def test_concatenations_are_spelt_out_as_defined():
    assert text("champernowne") == joined(format(i, "b") for i in count(1))
    assert text("a-n-b-n") == joined("0" * k + "1" * k for k in count(1))
    assert text("ruler-unary") == joined("1" * valuation(i, 2) + "0" for i in count(1))
    assert text("runs") == joined("0" * k + "1" for k in count())


def test_paperfolding_is_what_folding_gives():
    assert text("paperfolding") == paper(N)


def test_sturmian_and_chacon_words_are_limits_of_concatenations():
    assert text("sturmian-sqrt-2") == standard_words("0", "01", iter([2] * 20))
    word = "0"
    while len(word) < N:
        word = word + word + "1" + word
    assert text("chacon-word") == word[:N]
    a, b, c = "0", "01", "0102"
    while len(c) < N:
        a, b, c = b, c, c + b + a
    assert text("tribonacci-word") == c[:N].replace("2", "1")


def test_toeplitz_words_return_when_the_pattern_is_removed():
    word = text("toeplitz")
    assert all(word[i : i + 3] == "011" for i in range(0, N - 5, 5))
    assert "".join(word[i + 3 : i + 5] for i in range(0, N, 5)) == word[: 2 * N // 5]
    choral = text("stewart-choral")
    assert (choral[0::3], choral[2::3]) == ("0" * len(choral[0::3]), "1" * len(choral[2::3]))
    assert choral[1::3] == choral[: len(choral[1::3])]


@pytest.mark.parametrize(("name", "letters"), [("kolakoski", (1, 2)), ("kolakoski-1-3", (1, 3))])
def test_kolakoski_sequences_list_their_own_runs(name, letters):
    word = text(name)
    lengths = runs_of(word)
    assert lengths == [letters[int(sign)] for sign in word[: len(lengths)]]


def test_golomb_sequence_counts_itself():
    lengths = runs_of(text("golomb-parity", 2000))
    golomb = [k for k, length in enumerate(lengths, 1) for _ in range(length)]
    assert golomb[: len(lengths)] == lengths


def test_hofstadter_conway_first_terms():
    values = [1, 1, 2, 2, 3, 4, 4, 4, 5, 6, 7, 7, 8, 8, 8, 8, 9, 10, 11, 12]
    assert text("hofstadter-conway", 20) == "".join(str(v % 2) for v in values)


def test_sieves_keep_the_published_survivors():
    josephus = [1, 3, 7, 13, 19, 27, 39, 49, 63, 79, 91, 109, 133, 147, 181, 207, 223, 253, 289, 307, 349, 387, 399]
    luckies = [1, 3, 7, 9, 13, 15, 21, 25, 31, 33, 37, 43, 49, 51, 63, 67, 69, 73, 75, 79, 87, 93, 99]
    assert [i for i, b in enumerate(text("flavius-josephus"), 1) if b == "1"] == josephus
    assert [i for i, b in enumerate(text("lucky-numbers", 100), 1) if b == "1"] == luckies


@pytest.mark.parametrize(("name", "order"), [("lfsr-4", 4), ("lfsr-7", 7), ("lfsr-15", 15)])
def test_shift_registers_have_their_full_period(name, order):
    period = 2**order - 1
    bits = sequence(name).bits(period + order - 1)
    windows = np.lib.stride_tricks.sliding_window_view(bits, order) @ (1 << np.arange(order))
    assert len(set(windows.tolist())) == period
    assert 0 not in windows
    again = sequence(name).bits(period + 200)
    assert (again[period:] == again[:200]).all()


@pytest.mark.parametrize("order", [4, 10])
def test_de_bruijn_cycles_hold_every_word_once(order):
    bits = sequence(f"de-bruijn-{order}").bits(2**order + order - 1)
    windows = np.lib.stride_tricks.sliding_window_view(bits, order) @ (1 << np.arange(order))
    assert sorted(windows.tolist()) == list(range(2**order))


@pytest.mark.parametrize(
    ("name", "value", "places"),
    [("pi", sympy.pi, 2), ("e", sympy.E, 2), ("sqrt-2", sympy.sqrt(2), 1), ("golden-ratio", sympy.GoldenRatio, 1)],
)
def test_digits_of_constants_enclose_them(name, value, places):
    n = 3000
    head = Fraction(int(text(name, n), 2), 2 ** (n - places))
    exact = value.evalf(1000)
    scaled = int(sympy.floor(exact * 2 ** (n - places)))
    assert head == Fraction(scaled, 2 ** (n - places))


def rows_of(rule, rows):
    row, out = {0}, []
    for t in range(rows):
        out.append("".join(str(int(cell in row)) for cell in range(-t, t + 1)))
        row = {c for c in range(-t - 1, t + 2) if rule >> (4 * (c - 1 in row) + 2 * (c in row) + (c + 1 in row)) & 1}
    return out


def test_cellular_automata_follow_their_rules():
    assert text("rule-90") == "".join(rows_of(90, 25))[:N]
    assert text("rule-110") == "".join(row[: t + 1] for t, row in enumerate(rows_of(110, 30)))[:N]
    assert text("rule-30", 60) == "".join(row[t] for t, row in enumerate(rows_of(30, 60)))


def test_pascal_mod_2_is_the_parity_of_binomials():
    expected = "".join(str(sympy.binomial(r, k) % 2) for r in range(30) for k in range(r + 1))
    assert text("pascal-mod-2") == expected[:N]


def test_ehrenfeucht_mycielski_agrees_with_searching_for_suffixes():
    word = "0"
    while len(word) < N:
        for length in range(len(word) - 1, -1, -1):
            suffix = word[len(word) - length :]
            found = word.rfind(suffix, 0, len(word) - 1)
            if found >= 0:
                word += "10"[int(word[found + length])]
                break
        else:
            word += "1"
    assert text("ehrenfeucht-mycielski") == word


def test_coin_is_fair_fixed_and_marked_as_random():
    bits = sequence("coin").bits(100_000)
    assert abs(int(bits.sum()) - 50_000) < 5 * 158.2
    words = np.random.PCG64(20_250_101).random_raw(1563).tolist()
    assert "".join(map(str, bits)) == "".join(format(word, "064b") for word in words)[:100_000]
    assert [each.name for each in SEQUENCES.values() if each.random] == ["coin"]


def test_every_sequence_is_checked_against_something_else():
    elsewhere = {
        "sturmian-sqrt-2", "toeplitz", "flavius-josephus", "lucky-numbers", "hofstadter-conway", "lfsr-7", "lfsr-15",
        "de-bruijn-10", "coin",
    }
    assert set(names()) == set(PUBLISHED) | set(BY_TERM) | elsewhere
