"""What results of experiments share: which programs they are of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """What an experiment found with the programs of one machine within one budget.

    Parameters
    ----------
    machine : str
    max_length, max_steps : int
        L and T.
    """

    machine: str
    max_length: int
    max_steps: int

    def to_json(self) -> dict[str, Any]:
        """Machine and budget."""
        return {"machine": self.machine, "max_length": self.max_length, "max_steps": self.max_steps}
