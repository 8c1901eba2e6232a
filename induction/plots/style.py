"""How every figure looks: one bound colour, readable in grey, the same bytes every time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOSS = "#1f3b73"  # what happened
BOUND = "#d1600a"  # what is proved; always dashed too
FALLBACK = "#7a7a7a"
SHEET = 9.5  # inches, the least width of a sheet whose title names machine, L and T
_ENDINGS = (".png", ".svg", ".pdf")
SHADES = ("#1f3b73", "#d1600a", "#4f8f5b", "#8c6bb1", "#b8860b", "#7a7a7a")

_SETTINGS: dict[Any, Any] = {
    "figure.dpi": 120,
    "savefig.dpi": 120,
    "font.size": 9,
    "font.family": "DejaVu Sans",
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "svg.hashsalt": "induction",
    "figure.constrained_layout.use": True,
}


@contextmanager
def style() -> Iterator[Any]:
    """A context in which figures get the house style; gives pyplot on a backend without a screen."""
    import matplotlib

    if "matplotlib.pyplot" not in sys.modules:  # nobody has chosen a screen or a notebook
        matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with plt.rc_context(_SETTINGS):
        yield plt


def check_path(path: str | Path) -> None:
    """See before the work that a figure can be written to `path` after it.

    Raises
    ------
    ValueError
        If the ending names no format that can be written, or the folder does not exist.
    """
    target = Path(path)
    if target.suffix.lower() not in _ENDINGS:
        raise ValueError(f"{target.name!r} is no figure's name; end it in {', '.join(_ENDINGS)}")
    if not target.parent.is_dir():
        raise ValueError(f"there is no folder {str(target.parent)!r} for the figure; make it first")


def save(figure: Any, path: str | Path) -> Path:
    """Write a figure without time stamps, and close it.

    Raises
    ------
    ValueError
        See :func:`check_path`.
    """
    import matplotlib.pyplot as plt

    check_path(path)
    target = Path(path)
    kind = target.suffix.removeprefix(".").lower()
    stamps = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with plt.rc_context(_SETTINGS):  # the names inside an SVG file are made here
        figure.savefig(target, metadata=stamps.get(kind))
    plt.close(figure)
    return target
