"""From plain functions to machine code: what every kernel of the package is made with.

A *kernel* is a small function over numbers and raw memory. Kernels get pointers in place of
arrays: numba then neither counts references nor wraps negative indices, and a call passes one
register an argument. A *template* is a loop that calls kernels by names that it does not define;
:func:`specialise` binds those names to one machine's kernels and compiles the result, cached on
disk. Without the JIT (``NUMBA_DISABLE_JIT=1``) the same code runs on arrays, in plain Python.
"""

from __future__ import annotations

import hashlib
import types as python_types
from collections.abc import Callable
from typing import Any

import numba
from numba.core import cgutils, config, types
from numba.core.dispatcher import Dispatcher
from numba.extending import intrinsic

FLAGS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def kernel(function: Callable) -> Callable:
    """Mark a function as a kernel: compiled into each template that calls it."""
    return numba.njit(function, **FLAGS)


if config.DISABLE_JIT:  # type: ignore[attr-defined]

    def pointer(array):
        """Without the JIT a pointer is the array itself, so that every index is checked."""
        return array

else:

    @intrinsic
    def pointer(typingctx, array):
        """The address of an array's first element, typed; the caller keeps the array alive."""

        def codegen(context, builder, signature, arguments):
            return cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0]).data

        return types.CPointer(array.dtype)(array), codegen


def rebound(template: Callable, parts: dict[str, Any]) -> Any:
    """A template's code with its open names bound, as a plain function."""
    scope = {**template.__globals__, **parts}
    return python_types.FunctionType(template.__code__, scope, template.__name__, template.__defaults__)


def specialise(template: Callable, label: str, parts: dict[str, Any]) -> Callable:
    """Compile a template with its open names bound to `parts`, cached on disk.

    numba keys its cache by qualified name, signature and byte code, and knows nothing of globals:
    two machines would share one entry, and an edited kernel would go unnoticed. So the qualified
    name carries the label and a digest of everything that goes in.

    Parameters
    ----------
    template : function
        Plain Python function; names that its module does not define are looked up in `parts`.
    label : str
        A word for readers of the cache folder, such as the machine's name.
    parts : dict
        Kernels and numbers by the name that the template uses.

    Returns
    -------
    callable
        The compiled function; plain Python when the JIT is off.
    """
    function = rebound(template, parts)
    digest = hashlib.sha256(repr(sorted(FLAGS.items())).encode())
    _feed(digest, function, set())
    function.__qualname__ = f"{template.__name__}_{label.replace('-', '_')}_{digest.hexdigest()[:16]}"
    function.__module__ = template.__module__
    try:
        return numba.njit(function, cache=True, **FLAGS)
    except RuntimeError:  # no place for a cache: a read-only installation, or a template typed at a prompt
        return numba.njit(function, **FLAGS)


def _feed(digest: Any, function: Callable, seen: set[int]) -> None:
    """Everything that decides what `function` compiles to: byte code, constants, globals, recursively."""
    function = function.py_func if isinstance(function, Dispatcher) else function
    if id(function) in seen:
        return
    seen.add(id(function))
    code = getattr(function, "__code__", None)
    if code is None:
        digest.update(repr(getattr(function, "__qualname__", function)).encode())
        return
    digest.update(code.co_code)
    digest.update(repr([c for c in code.co_consts if not isinstance(c, python_types.CodeType)]).encode())
    for name in code.co_names:
        value = function.__globals__.get(name)
        digest.update(name.encode())
        if isinstance(value, (bool, int, float, str, tuple)):
            digest.update(repr(value).encode())
        elif callable(value) and not isinstance(value, type):
            _feed(digest, value, seen)
    for cell in function.__closure__ or ():
        value = cell.cell_contents
        if callable(value):
            _feed(digest, value, seen)
        else:
            digest.update(repr(value).encode())
