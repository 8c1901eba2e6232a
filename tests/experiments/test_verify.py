"""The verification finds nothing wrong, and would find something that is wrong."""

import numpy as np

from induction.budget import Budget
from induction.experiments.verify import Books, Verification, adversary, every_source, every_string, nested


def test_every_statement_holds_on_short_strings():
    books = Books()
    for machine in ("queue", "turing"):
        every_string(books, machine, Budget(10, 16), 6)
        nested(books, machine, Budget(7, 3), Budget(10, 16), 3)
    checks = books.checks()
    assert sum(check.cases for check in checks) > 2000
    assert Verification(checks).holds


def test_the_online_statements_hold_on_sources_and_against_the_adversary():
    books = Books()
    every_source(books, 10, 32, ("thue-morse", "coin"))
    adversary(books, 40)
    assert Verification(books.checks()).holds


def test_a_case_without_room_counts_as_a_violation():
    books = Books()
    books.enter("made up", np.array([1.0, 0.0, -1e-3, np.nan]))
    (check,) = books.checks()
    assert (check.cases, check.violations, check.worst_slack_bits) == (3, 1, -1e-3)
    assert not Verification((check,)).holds
