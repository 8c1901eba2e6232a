#!/usr/bin/env python3
"""Check a certificate that loss <= bound: python check_certificate.py FILE. Imports nothing of the package."""

import json
import sys


def state(read, known):  # truncated binary over the `known` states and "new"
    bits = (known + 1).bit_length() - 1
    value, short = sum(read() << i for i in reversed(range(bits))), (2 << bits) - known - 1
    return value if value < short else 2 * value + read() - short


def queue(read):  # yields once a step: the bit that is written to the output, or None
    rules, now, known, memory = {}, 0, 1, []
    while True:
        rule, place = rules.setdefault((now, memory.pop(0) if memory else 0), []), 0
        while place == len(rule) or rule[place] != "00":
            if place == len(rule):
                pair = f"{read()}{read()}"
                rule.append(pair if pair != "11" else pair + f"{read()}{read()}")
            else:
                memory.append(read() if rule[place] in ("1110", "1111") else int(rule[place] in ("10", "1101")))
                yield memory[-1] if rule[place] in ("01", "10", "1111") else None
                place += 1
        yield None
        if place + 1 == len(rule):
            rule.append(state(read, known))
        now, known = rule[-1], max(known, rule[-1] + 1)


def turing(read):  # the same
    rules, now, known, tape, head = {}, 0, 1, {}, 0
    while True:
        rule = rules.setdefault((now, tape.get(head, 0)), [])
        if not rule:
            pair = f"{read()}{read()}"
            rule.append(pair if pair[0] == "0" else pair + f"{read()}")
        tape[head] = read() if rule[0] in ("110", "111") else int(rule[0] in ("01", "101"))
        yield tape[head] if rule[0] in ("100", "101", "111") else None
        if len(rule) == 1:
            rule += [2 * read() - 1, state(read, known)]
        head, now, known = head + rule[1], rule[2], max(known, rule[2] + 1)


def prints(machine, program, data, patience):  # all of the data, having read the program to its end
    tape, left, output = [int(bit) for bit in reversed(program)], patience, ""
    run = MACHINES[machine](tape.pop)
    try:
        while len(output) < len(data) and left:
            bit = next(run)
            output, left = (output, left - 1) if bit is None else (output + str(bit), patience)
    except IndexError:  # the program is too short
        return False
    return output == data and not tape


def need(condition, complaint):
    if not condition:
        raise ValueError(complaint)


def check(length, patience, data, masses, c, program, bound, machine):
    numbers = [length, patience, bound, 0 if c is None else c, *(mass for pair in masses for mass in pair)]
    need(all(type(n) is int and n >= 0 for n in numbers), "a number is not a whole number of at least 0")
    need(length <= 62 and numbers[3] <= 1024, "max_length or fallback_exponent is out of range")
    need(type(data) is str and not set(data + (program or "")) - set("01"), "data or program are not bits")
    need(len(masses) == len(data) and all(len(pair) == 2 for pair in masses), "not one pair of masses for each bit")
    if program is None:
        need(c is not None and bound == c + len(data), "the bound is not the fallback's")
    else:
        need(machine in MACHINES, f"the machine is none of {', '.join(MACHINES)}")
        need(bound == len(program) <= length, "the bound is not the program's length, or over the budget")
        need(prints(machine, program, data, patience), "the program does not print the data with exactly its bits")
    weight, before, product, whole = 0 if program is None else 1 << length - bound, 1 << length, 1, 1
    for t, (bit, pair) in enumerate(zip(map(int, data), masses, strict=True), 1):
        need(sum(pair) <= before, f"masses grow at bit {t}")
        need(pair[bit] >= weight, f"the mass of bit {t} is less than the program's weight")
        joint = pair if c is None else [(mass << c + t) + (1 << length) for mass in pair]
        product, whole, before = product * joint[bit], whole * sum(joint), pair[bit]
    total, unit = (1, 1) if c is None else ((1 << c) + 1, 1 << c)
    need(product * total << bound >= whole * unit, "the loss exceeds the bound")
    weights = "" if c is None else f" + log2(1 + 2^-{c})"
    return f"holds: {len(data)} bits, normalised loss <= {bound} bits{weights}"


MACHINES = {"queue": queue, "turing": turing}
FIELDS = ("max_length", "max_steps", "data", "masses", "fallback_exponent", "program", "bound", "machine")
try:
    need(len(sys.argv) == 2, "name one certificate file")
    with open(sys.argv[1], encoding="utf-8") as file:
        claim = json.load(file)
    print(check(*(claim[name] for name in FIELDS)))
except KeyError as error:
    sys.exit(f"fails: {error} is missing")
except (OSError, ValueError, TypeError, RecursionError) as error:
    sys.exit(f"fails: {error}")
