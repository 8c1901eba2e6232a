"""Reference machines: what a program means."""

from __future__ import annotations

import difflib
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from induction.machines.machine import Machine

_registered: dict[str, Machine] = {}
_owners: dict[str, str] = {}  # the modules that have registered machines of their own, by the machine's name
_BUILT_IN = {
    "queue": ("induction.machines.queue", "QUEUE"),
    "turing": ("induction.machines.turing", "TURING"),
    "brainphoque": ("induction.machines.brainphoque", "BRAINPHOQUE"),
    "lambda": ("induction.machines.lambda_calculus", "LAMBDA"),
}
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


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
        hint = f"did you mean {near[0]!r}?" if near else "one of your own has to be registered in this process first"
        raise ValueError(f"there is no machine {machine!r}; machines are {', '.join(names())}; {hint}")
    return _registered[machine]


def register(machine: Machine, *, replace: bool = False) -> Machine:
    """Make a machine of your own known by its name, for as long as this process lives.

    From then on its name will do wherever a machine is asked for: in ``explain``, ``prior``, ``run``,
    ``Predictor``, :func:`induction.checks.check_machine`, and on the command line that
    ``induction.cli.main`` runs in this process.

    Parameters
    ----------
    machine : Machine
        Its name is made of lower-case letters, digits and single hyphens, such as ``"cyclic-tag"``.
    replace : bool
        Take the place of a machine of the same name that another module has registered. What the same
        module registers again, as a notebook cell does that is run twice, replaces its machine anyway.

    Returns
    -------
    Machine
        `machine`, so that it can be registered where it is made.

    Raises
    ------
    ValueError
        If it is no machine, its name is malformed or belongs to a machine of this package, or another
        module has registered one of that name and `replace` is false.

    Notes
    -----
    A pickled predictor holds its machine's name, not its code: a process that loads it must have
    registered the machine itself.
    """
    from induction.machines.machine import Machine

    if not isinstance(machine, Machine):
        raise ValueError(f"{machine!r} cannot be registered; give a Machine (see induction.machines.machine)")
    name, owner = machine.name, sys._getframe(1).f_globals.get("__name__", "__main__")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            f"the machine's name is {name!r}; allowed are lower-case letters, digits and single hyphens: 'cyclic-tag'"
        )
    if name in _BUILT_IN:
        raise ValueError(f"{name!r} is a machine of this package; give yours another name, such as 'my-{name}'")
    known = name in _registered and _registered[name] is not machine
    if known and _owners[name] != owner and not replace:
        raise ValueError(f"module {_owners[name]} has registered a machine {name!r}; rename yours, or say replace=True")
    _registered[name] = machine
    _owners[name] = owner
    return machine
