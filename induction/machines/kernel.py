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
import numpy as np
from numba.core import cgutils, config, types
from numba.core.dispatcher import Dispatcher
from numba.extending import intrinsic

FLAGS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
# Calls between kernels pass a dozen arguments: within a template they are all inlined, a fifth faster.
INNER: dict[str, Any] = {**FLAGS, "forceinline": True}


def kernel(function: Callable) -> Callable:
    """Mark a function as a kernel: compiled into each template that calls it."""
    return numba.njit(function, **FLAGS)


def plain_lowest_bit(mask: int) -> int:
    """:func:`lowest_bit` in plain Python."""
    return (int(mask) & -int(mask)).bit_length() - 1


def plain_bit_count(mask: int) -> int:
    """:func:`bit_count` in plain Python."""
    return int(mask).bit_count()


def plain_highest_bit(mask: int) -> int:
    """:func:`highest_bit` in plain Python."""
    return int(mask).bit_length() - 1


if config.DISABLE_JIT:  # type: ignore[attr-defined]

    def pointer(array):
        """Without the JIT a pointer is the array itself, flat, so that every index is checked."""
        return array.reshape(-1)

    lowest_bit = plain_lowest_bit
    highest_bit = plain_highest_bit
    bit_count = plain_bit_count

else:

    @intrinsic
    def pointer(typingctx, array):
        """The address of an array's first element, typed; the caller keeps the array alive."""

        def codegen(context, builder, signature, arguments):
            return cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0]).data

        return types.CPointer(array.dtype)(array), codegen

    @intrinsic
    def lowest_bit(typingctx, mask):
        """The place of the lowest bit of an int64 that is not 0, in one instruction."""

        def codegen(context, builder, signature, arguments):
            return builder.cttz(arguments[0], cgutils.true_bit)

        return types.int64(types.int64), codegen

    @intrinsic
    def highest_bit(typingctx, mask):
        """The place of the highest bit of a positive int64, in two instructions."""

        def codegen(context, builder, signature, arguments):
            places = context.get_constant(types.int64, 63)
            return builder.xor(builder.ctlz(arguments[0], cgutils.true_bit), places)

        return types.int64(types.int64), codegen

    @intrinsic
    def bit_count(typingctx, mask):
        """How many bits of an int64 are 1, in one instruction."""

        def codegen(context, builder, signature, arguments):
            return builder.ctpop(arguments[0])

        return types.int64(types.int64), codegen


@kernel
def pointers(memory):
    """Pointers to a machine's memory: frames, rules, work, limits."""
    return pointer(memory.frames), pointer(memory.rules), pointer(memory.work), pointer(memory.limits)


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
    scope = {**template.__globals__, **parts}
    done: dict[Any, Any] = {}
    function = _named(template, label.replace("-", "_"), scope, done)
    function.__qualname__ += f"_{_digest(rebound(template, parts))}"
    try:
        return numba.njit(function, cache=True, **FLAGS)
    except RuntimeError:  # no place for a cache: a read-only installation, or a template typed at a prompt
        return numba.njit(function, **FLAGS)


def _named(function: Any, label: str, scope: dict[str, Any], done: dict[Any, Any]) -> Any:
    """A copy of a function that calls copies of its kernels, each with its digest in its qualified name.

    Machine code from the cache is linked by name: kernels of one name that were compiled by
    different processes would stand in for each other.
    """
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    scope = dict(scope)
    for name in names & scope.keys():
        if isinstance(scope[name], Dispatcher):
            scope[name] = _renamed(scope[name], done)
    cells = tuple(
        python_types.CellType(_renamed(cell.cell_contents, done))
        if isinstance(cell.cell_contents, Dispatcher)
        else cell
        for cell in function.__closure__ or ()
    )
    copy = python_types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__, cells or None)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__module__ = function.__module__
    copy.__qualname__ = f"{function.__name__}_{label}"
    return copy


def _renamed(dispatcher: Dispatcher, done: dict[Any, Any]) -> Any:
    function = dispatcher.py_func
    if function not in done:
        copy = _named(function, _digest(function), function.__globals__, done)
        copy.__module__ = __name__  # cached code imports the module that it names, and the kernel's may be gone
        done[function] = numba.njit(copy, **INNER)
    return done[function]


def _digest(function: Any) -> str:
    digest = hashlib.sha256(repr(sorted(INNER.items())).encode())
    _feed(digest, function, set())
    return digest.hexdigest()[:16]


def _codes(code: python_types.CodeType) -> list[python_types.CodeType]:
    """A code object and those inside it: comprehensions, nested functions."""
    inner = [found for c in code.co_consts if isinstance(c, python_types.CodeType) for found in _codes(c)]
    return [code, *inner]


def _feed(digest: Any, value: Any, seen: set[int]) -> None:
    """Everything that decides what `value` compiles to: byte code, constants, globals, recursively."""
    value = value.py_func if isinstance(value, Dispatcher) else value
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode() + value.tobytes())
    elif isinstance(value, (tuple, list)):
        digest.update(f"{type(value).__name__}{len(value)}".encode())
        for item in value:
            _feed(digest, item, seen)
    elif isinstance(value, type):
        _feed(digest, [value.__qualname__, getattr(value, "_fields", ())], seen)
    elif not isinstance(value, python_types.FunctionType):
        digest.update(_written(value).encode())
    elif id(value) not in seen:
        seen.add(id(value))
        _feed(digest, [value.__defaults__, value.__kwdefaults__], seen)
        for code in _codes(value.__code__):
            digest.update(code.co_code)
            _feed(digest, [c for c in code.co_consts if not isinstance(c, python_types.CodeType)], seen)
            for name in code.co_names:
                found = value.__globals__.get(name)
                _feed(digest, [name, found], seen)
                if not isinstance(found, (Dispatcher, python_types.FunctionType)):
                    constants = [getattr(found, other, None) for other in code.co_names]
                    _feed(digest, [c for c in constants if isinstance(c, (int, float, str, np.generic))], seen)
        for cell in value.__closure__ or ():
            _feed(digest, cell.cell_contents, seen)


def _written(value: Any) -> str:
    """A constant with its type, or the name of what has one; never an address."""
    if isinstance(value, (bool, int, float, complex, str, bytes, np.generic, type(None), dict)):
        return f"{type(value).__name__}:{value!r}"
    return getattr(value, "__qualname__", getattr(value, "__name__", type(value).__name__))
