"""Reference machines: what a program means."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from induction.machines.machine import Machine

_registered: dict[str, Machine] = {}
_BUILT_IN = {
    "queue": ("induction.machines.queue", "QUEUE"),
    "turing": ("induction.machines.turing", "TURING"),
    "brainphoque": ("induction.machines.brainphoque", "BRAINPHOQUE"),
    "lambda": ("induction.machines.lambda_calculus", "LAMBDA"),
}


def names() -> list[str]:
    """The names of all machines that can be asked for."""
    return [*_BUILT_IN, *(name for name in _registered if name not in _BUILT_IN)]


def get(machine: str | Machine) -> Machine:
    """A machine by name; a machine is returned as it is.

    Raises
    ------
    ValueError
        If there is no machine of that name, or it is no machine.
    """
    if not isinstance(machine, str):
        from induction.machines.machine import Machine

        if not isinstance(machine, Machine):
            raise ValueError(f"the machine is {machine!r}; give a name ({', '.join(names())}) or a Machine")
        return machine
    if machine in _BUILT_IN and machine not in _registered:
        from importlib import import_module

        module, attribute = _BUILT_IN[machine]
        _registered[machine] = getattr(import_module(module), attribute)
    if machine not in _registered:
        near = difflib.get_close_matches(machine, names(), 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"there is no machine {machine!r}; machines are {', '.join(names())}{hint}")
    return _registered[machine]
