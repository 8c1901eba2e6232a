"""Memory for a search, or word of what would fit: it is reserved for T steps for each bit, and for T more."""

from __future__ import annotations

from induction.budget import Budget
from induction.machines.machine import Machine, Memory


def reserved(machine: Machine, budget: Budget, outputs: int, extent: int = 0, *, defer: bool = False) -> Memory:
    """:meth:`Machine.memory`, with an error that says what would fit.

    Raises
    ------
    ValueError
        If the budget allows a run to need more memory than this process may ask for.
    """
    try:
        return machine.memory(budget, outputs, extent, defer=defer)
    except ValueError as error:
        fits = _most_steps(machine, budget, outputs, extent)
        if not fits:
            raise
        raise ValueError(
            f"{budget.max_steps} steps for each of {outputs} bits may need more memory than there is, for it is "
            f"reserved at the start: here max_steps = {fits} fits, or any with a total of {fits * (outputs + 1)}"
        ) from error


def _most_steps(machine: Machine, budget: Budget, outputs: int, extent: int) -> int:
    """A power of two of steps an output bit for which there is room, 0 if there is none for 1."""
    steps = 1 << (budget.max_steps.bit_length() - 1)
    while steps:
        try:
            machine.memory(Budget(budget.max_length, steps), outputs, extent)
        except ValueError:
            steps //= 2
        else:
            break
    return steps
