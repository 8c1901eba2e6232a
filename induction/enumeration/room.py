"""Memory for runs, or word of what would fit: it is reserved for T steps for each bit, and for T more."""

from __future__ import annotations

from induction.budget import MOST_STEPS, Budget
from induction.machines.machine import Machine, Memory


def reserved(
    machine: Machine, budget: Budget, outputs: int, extent: int = 0, *, defer: bool = False, allotments: int = 1
) -> Memory:
    """:meth:`Machine.memory`, with an error that says what would fit; nothing else in the package asks for memory.

    Parameters
    ----------
    machine, budget, outputs, extent, defer
        As there.
    allotments : int
        How many times `max_steps` a run may take for a bit.

    Raises
    ------
    ValueError
        If the budget allows a run to need more memory than this process may ask for.
    """
    try:
        return machine.memory(stretched(budget, allotments), outputs, extent, defer=defer)
    except ValueError as error:
        reason = (
            f"max_steps is {budget.max_steps}, and memory for runs as long as that allows is reserved at the start: "
            "more than there is; "
        )
        fits = _most_steps(machine, budget, outputs, extent, allotments)
        if not fits:
            raise ValueError(
                f"{reason}not even 1 fits here: ask for fewer bits, set a total, or raise the ceiling on memory"
            ) from error
        total = stretched(Budget(budget.max_length, fits), allotments).max_steps * (outputs + 1)
        raise ValueError(f"{reason}here max_steps = {fits} fits, or any with a total of {total}") from error


def stretched(budget: Budget, allotments: int) -> Budget:
    """The budget of a run that may take several times T steps for a bit."""
    return Budget(budget.max_length, min(budget.max_steps * allotments, MOST_STEPS), budget.total)


def _most_steps(machine: Machine, budget: Budget, outputs: int, extent: int, allotments: int) -> int:
    """A power of two of steps an output bit for which there is room, 0 if there is none for 1."""
    steps = 1 << (budget.max_steps.bit_length() - 1)
    while steps:
        try:
            machine.memory(stretched(Budget(budget.max_length, steps), allotments), outputs, extent)
        except ValueError:
            steps //= 2
        else:
            break
    return steps
