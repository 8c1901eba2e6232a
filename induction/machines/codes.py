"""Codes that several machines share: truncated binary."""

from __future__ import annotations

from induction.machines.kernel import highest_bit, kernel


@kernel
def truncated_width(symbol, symbols):
    """Code length of `symbol` among `symbols` in truncated binary; 0 past the last."""
    short = highest_bit(symbols)
    width = short + (symbol >= (2 << short) - symbols)
    return width * (symbol < symbols)


@kernel
def truncated_code(symbol, symbols):
    """The code itself, as a number of :func:`truncated_width` bits."""
    unused = (2 << highest_bit(symbols)) - symbols
    return symbol if symbol < unused else symbol + unused
