"""What is asked for by name is found, or the nearest names are given."""

from __future__ import annotations

import pytest

from induction.experiments.registry import experiment
from induction.naming import find
from induction.sources.sequences import sequence
from induction.sources.tasks import task

THINGS = {"first": 1, "second": 2, "seconds": 3}


@pytest.mark.small
def test_a_name_is_found_or_the_nearest_ones_are_given():
    assert find("thing", "second", THINGS) == 2
    for name, hint in (("SECONDS", "did you mean seconds, second?"), ("zzz", "there are first, second, seconds")):
        with pytest.raises(ValueError) as caught:
            find("thing", name, THINGS)
        assert str(caught.value) == f"no thing is called {name!r}; {hint}"
    with pytest.raises(ValueError, match="no thing is called 7; there are"):
        find("thing", 7, THINGS)


@pytest.mark.small
@pytest.mark.parametrize(
    ("ask", "typo", "meant"),
    [(sequence, "thue-mors", "thue-morse"), (task, "xorr", "xor"), (experiment, "metta", "meta")],
)
def test_sequences_tasks_and_experiments_are_found_alike(ask, typo, meant):
    assert ask(meant).name == meant
    with pytest.raises(ValueError, match=f"is called '{typo}'; did you mean .*{meant}"):
        ask(typo)
