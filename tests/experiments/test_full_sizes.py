"""Every experiment at its full size: some minutes each, run by `make verify`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import matplotlib.pyplot as plt
import pytest

from induction.experiments.registry import EXPERIMENTS

pytestmark = pytest.mark.slow


def rows(told: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary within some JSON."""
    if isinstance(told, dict):
        yield told
    for inner in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from rows(inner)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_no_loss_exceeds_its_bound_at_full_size(name):
    experiment = EXPERIMENTS[name]
    result = experiment.run(full=True)
    for row in rows(json.loads(json.dumps(result.to_json(), allow_nan=False))):
        assert row.get("violations", 0) == 0
        loss, bound = row.get("loss_bits"), row.get("bound_bits")
        assert loss is None or bound is None or loss <= bound, row
        if name == "shift" and "mistakes_after_shift" in row and "bound_bits" in row:
            assert row["mistakes_after_shift"] == 0
    plt.close(experiment.draw(result))
