"""Sequences made step by step: cellular automata, shift registers, self-describing and self-referring sequences."""

from __future__ import annotations

import numpy as np

from .record import Sequence, blocks, indices, named

COIN_SEED = 20_250_101


def rule_30_centre(n: int) -> np.ndarray:
    """Centre column of the cellular automaton of rule 30 from a single 1; time grows with n² (n = 10^5: seconds)."""
    row = 1  # bit j of row t is cell j - t, so the row gains a bit on each side and the centre is bit t
    bits = np.empty(n, dtype=np.uint8)
    for t in range(n):
        bits[t] = row >> t & 1
        row = row ^ (row << 1 | row << 2)
    return bits


def automaton_rows(n: int, rule: int, sides: int) -> np.ndarray:
    """Rows 0, 1, 2, … of an elementary cellular automaton from a single 1, one after another.

    Row t holds the cells -t … t for sides = 2, or -t … 0 for sides = 1 (rules that never grow to the right).
    """
    table = np.array([rule >> value & 1 for value in range(8)], dtype=np.uint8)
    row, rows, have = np.ones(1, dtype=np.uint8), [], 0
    while have < n:
        rows.append(row)
        have += len(row)
        wide = np.pad(row, (2, 2 if sides == 2 else 1))
        row = table[wide[:-2] * 4 + wide[1:-1] * 2 + wide[2:]]
    return np.concatenate(rows)[:n]


def pascal_mod_2(n: int) -> np.ndarray:
    """Rows of Pascal's triangle modulo 2: binomial(r, k) is odd where the digits of k lie under those of r (Lucas)."""
    i = indices(n)
    r = ((np.sqrt(8 * i + 1) - 1) // 2).astype(np.int64)
    r -= r * (r + 1) // 2 > i
    k = i - r * (r + 1) // 2
    return ((k & ~r) == 0).astype(np.uint8)


def shift_register(n: int, order: int, tap: int) -> np.ndarray:
    """Linear recurrence s(i + order) = s(i + tap) + s(i) modulo 2, from 0 … 0 1: polynomial x^order + x^tap + 1."""
    bits = np.zeros(max(n, order), dtype=np.uint8)
    bits[order - 1] = 1
    have = order
    while have < n:  # as many at once as depend on known bits only
        count = min(order - tap, n - have)
        bits[have : have + count] = (
            bits[have - order + tap : have - order + tap + count] ^ bits[have - order : have - order + count]
        )
        have += count
    return bits[:n]


def kolakoski(n: int, letters: tuple[int, int] = (1, 2)) -> np.ndarray:
    """The sequence over two letters that lists its own run lengths, the first letter written 0, the second 1."""
    low, high = letters
    bits = bytearray(b"\0" * low if low > 1 else b"\0" + b"\1" * high)
    run = 1 if low > 1 else 2  # index of the next run; its length is the sequence's letter there
    while len(bits) < n:
        bits += bytes([run & 1]) * (high if bits[run] else low)
        run += 1
    return np.frombuffer(bytes(bits[:n]), dtype=np.uint8)


def golomb_parity(n: int) -> np.ndarray:
    """Golomb's self-describing sequence G(i) modulo 2, from i = 1: G(k) counts how often k occurs, G never falls."""
    lengths = [1, 2, 2]
    total = 5
    while total < n:
        lengths.append(1 + lengths[len(lengths) - lengths[lengths[-1] - 1]])
        total += lengths[-1]
    k = indices(len(lengths), 1)
    return blocks(n, k & 1, np.array(lengths))


def hofstadter_conway(n: int) -> np.ndarray:
    """a(i) modulo 2, from i = 1, of a(1) = a(2) = 1, a(i) = a(a(i - 1)) + a(i - a(i - 1))."""
    values = [0, 1, 1]
    for i in range(3, n + 1):
        last = values[-1]
        values.append(values[last] + values[i - last])
    return np.array(values[1 : n + 1]) & 1


def ehrenfeucht_mycielski(n: int) -> np.ndarray:
    """0, then always the opposite of what followed the latest earlier occurrence of the longest suffix seen before.

    Found with the suffix automaton of the word so far; each state remembers where its strings last ended.
    Python code of about 10 microseconds a bit.
    """
    edges: list[list[int]] = [[-1, -1]]
    link, length, latest = [-1], [0], [-1]
    last = 0
    word: list[int] = []
    for i in range(n):
        # the longest suffix seen before is the longest string of the last state's suffix link
        bit = 0 if i == 0 else 1 - word[latest[link[last]] + 1]
        state = last
        while state > 0:  # every suffix of the word so far has now ended at i - 1
            latest[state] = i - 1
            state = link[state]
        latest[0] = i - 1
        word.append(bit)
        last = _extend(edges, link, length, latest, last, bit)
    return np.array(word, dtype=np.uint8)


def _extend(edges: list[list[int]], link: list[int], length: list[int], latest: list[int], last: int, bit: int) -> int:
    """Add a bit to a suffix automaton (Blumer et al. 1985); returns the state of the whole word."""
    new = len(edges)
    edges.append([-1, -1])
    link.append(0)
    length.append(length[last] + 1)
    latest.append(-1)
    state = last
    while state != -1 and edges[state][bit] == -1:
        edges[state][bit] = new
        state = link[state]
    if state == -1:
        return new
    target = edges[state][bit]
    if length[target] == length[state] + 1:
        link[new] = target
        return new
    clone = len(edges)
    edges.append(list(edges[target]))
    link.append(link[target])
    length.append(length[state] + 1)
    latest.append(latest[target])
    while state != -1 and edges[state][bit] == target:
        edges[state][bit] = clone
        state = link[state]
    link[target] = link[new] = clone
    return new


def coin(n: int) -> np.ndarray:
    """Fair coin: the bits, highest first, of the 64-bit outputs of NumPy's PCG64 seeded with `COIN_SEED`."""
    words = np.random.PCG64(COIN_SEED).random_raw((n + 63) // 64)
    return np.unpackbits(words.astype(">u8").view(np.uint8))[:n]


def josephus_order(n: int) -> np.ndarray:
    """1 where Josephus's survivor among i, counting off by three, has an odd number, from i = 1 (numbers from 0)."""
    bits, survivor = np.zeros(n, dtype=np.uint8), 0
    for size in range(1, n + 1):
        survivor = (survivor + 3) % size
        bits[size - 1] = survivor & 1
    return bits


DYNAMICS: tuple[Sequence, ...] = (
    named("kolakoski", "Kolakoski sequence", "the sequence over 1, 2 that lists its own run lengths, less 1",
          "OEIS A000002, minus 1", kolakoski),
    named("kolakoski-1-3", "Kolakoski sequence over 1, 3", "the sequence over 1, 3 that lists its own run lengths, "
          "written 0 and 1", "OEIS A064353", kolakoski, letters=(1, 3)),
    named("golomb-parity", "Golomb's sequence modulo 2",
          "parity of the never falling sequence that holds k G(k) times", "OEIS A001462 modulo 2", golomb_parity),
    named("hofstadter-conway", "Hofstadter–Conway sequence modulo 2", "parity of a(i) = a(a(i - 1)) + a(i - a(i - 1))",
          "OEIS A004001 modulo 2", hofstadter_conway),
    named("josephus", "Josephus survivors modulo 2", "parity of the survivor's number (from 0) among i people, "
          "counting by threes, from i = 1", "Graham, Knuth and Patashnik 1994, §3.3", josephus_order),
    named("ehrenfeucht-mycielski", "Ehrenfeucht–Mycielski sequence", "0, then the opposite of what followed the "
          "latest earlier occurrence of the longest suffix seen before", "OEIS A038219", ehrenfeucht_mycielski),
    named("rule-30", "centre column of rule 30", "cell 0 of the cellular automaton of rule 30 from a single 1",
          "OEIS A051023", rule_30_centre),
    named("rule-90", "rows of rule 90", "rows -t … t, t = 0, 1, 2, …, of rule 90 from a single 1",
          "Wolfram 1983", automaton_rows, rule=90, sides=2),
    named("rule-110", "rows of rule 110", "rows -t … 0, t = 0, 1, 2, …, of rule 110 from a single 1",
          "Wolfram 1983; Cook 2004", automaton_rows, rule=110, sides=1),
    named("pascal-mod-2", "Pascal's triangle modulo 2", "binomial(r, k) modulo 2 for r = 0, 1, 2, … and k = 0 … r",
          "OEIS A047999", pascal_mod_2),
    named("lfsr-4", "shift register of order 4", "s(i + 4) = s(i + 1) + s(i) from 0001: x^4 + x + 1, period 15",
          "Golomb 1967", shift_register, order=4, tap=1),
    named("lfsr-7", "shift register of order 7", "s(i + 7) = s(i + 1) + s(i) from 0000001: x^7 + x + 1, period 127",
          "Golomb 1967", shift_register, order=7, tap=1),
    named("lfsr-15", "shift register of order 15", "s(i + 15) = s(i + 1) + s(i) from 0…01: x^15 + x + 1, "
          "period 32 767", "Golomb 1967", shift_register, order=15, tap=1),
    Sequence("coin", "fair coin (control)", f"bits of NumPy's PCG64 seeded with {COIN_SEED}, highest first",
             "O'Neill 2014 (PCG)", coin, random=True),
)
