"""Codes that several machines share: truncated binary."""

from __future__ import annotations

from induction.machines.kernel import kernel


@kernel
def truncated_width(symbol, symbols):
    """Code length of `symbol` among `symbols` in truncated binary; 0 past the last."""
    short = 0
    while (2 << short) <= symbols:
        short += 1
    width = short if symbol < (2 << short) - symbols else short + 1
    if symbol >= symbols:
        width = 0
    return width


@kernel
def truncated_code(symbol, symbols):
    """The code itself, as a number of :func:`truncated_width` bits."""
    short = 0
    while (2 << short) <= symbols:
        short += 1
    unused = (2 << short) - symbols
    return symbol if symbol < unused else symbol + unused
