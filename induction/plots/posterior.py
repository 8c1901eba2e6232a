"""The posterior over time as stacked bands, the rules written beside them."""

from __future__ import annotations

import math
import textwrap
from fractions import Fraction
from typing import Any

import numpy as np

from induction.inductor.posterior_history import Member, PosteriorHistory
from induction.plots.style import FALLBACK, style

SURVIVORS = ("#16294f", "#3d5f9f", "#7f9ccb")  # dark, then lighter, then again
REFUTED = ("#e9b872", "#f3d9ae")
OTHERS, PALE = "#e3e3e3", "#ffffff"
_SEEN, _LETTERED = 0.015, 0.035  # the least share at any time for a band; for one with a letter in it
_NAMED = 0.09  # the least share that has room for words
_VISIBLE = 0.003  # a thinner piece would be all edge
_LINE = 0.058  # of the height, for a line of text
_WIDTH, _BELOW = 60, 84  # letters of a line beside and below
_BITS_SHOWN = 72


def draw(axes: Any, history: PosteriorHistory) -> tuple[list[tuple[float, str]], list[str]]:
    """The bands on one axes, survivors lowest.

    Returns
    -------
    (list, list)
        What to write beside the survivors: (height of the band's end, words), lowest first; and what
        the letters of the refuted ones stand for.
    """
    columns = np.arange(len(history.others) + 1) - 0.5
    base = np.zeros(len(history.others))
    drawn = [member for member in history.members if _is_drawn(member)]
    alive = [member for member in drawn if member.survives]
    dead = [member for member in drawn if not member.survives]
    beside, below = [], []
    for number, member in enumerate(alive):
        share = _floats(member.shares)
        _band(axes, columns, base, share, facecolor=SURVIVORS[number % len(SURVIVORS)])
        beside.append((base[-1] + share[-1] / 2, f"{percent(member.shares[-1])}   {_name(member)}"))
        base = base + share
    for number, member in enumerate(dead):  # the longest-lived first, so that letters go from right to left
        share = _floats(member.shares)
        letter = chr(ord("A") + (len(dead) - 1 - number) % 26)
        _band(axes, columns, base, share, facecolor=REFUTED[number % len(REFUTED)], hatch="////")
        at = int(share.argmax())
        box = {"boxstyle": "round,pad=0.12", "facecolor": PALE, "edgecolor": "none"}
        axes.text(at, base[at] + share[at] / 2, letter, ha="center", va="center", fontsize=7, bbox=box)
        below.append(f"{letter}   {_name(member)}: fits {member.until} bits")
        base = base + share
    others = _floats(history.others)
    for member in history.members:
        others += _floats(member.shares) * (not _is_drawn(member))
    _band(axes, columns, base, others, facecolor=OTHERS, words="other programs")
    _band(axes, columns, base + others, _floats(history.fallback), facecolor=PALE, hatch="..", words="fallback")
    _axes(axes, history)
    return beside, below[::-1]


def _is_drawn(member: Member) -> bool:
    return float(member.largest) >= (_SEEN if member.survives else _LETTERED)


def _floats(shares: tuple[Fraction, ...]) -> np.ndarray:
    return np.array([float(share) for share in shares])


def _band(axes: Any, columns: np.ndarray, base: np.ndarray, share: np.ndarray, words: str = "", **look: Any) -> None:
    """A band, a level piece a column as long as it has any share; `words` where there is room for them."""
    edge = {"edgecolor": FALLBACK if look.get("hatch") else PALE, "linewidth": 0.4}
    low, high, seen = (np.repeat(each, 2) for each in (base, base + share, share > _VISIBLE))
    axes.fill_between(np.repeat(columns, 2)[1:-1], low, high, where=seen, **edge, **look)
    places = _place(np.arange(len(share)), len(share) - 1)
    inside = (places >= 0.12) & (places <= 0.88) if len(share) > 2 else places >= 0  # words stay off the edges
    widest = share[inside].max()
    if words and widest >= _NAMED:
        level = np.flatnonzero(inside & (share >= 0.97 * widest))
        at = level[np.abs(places[level] - places[level].mean()).argmin()]
        box = {"boxstyle": "round,pad=0.25", "facecolor": look["facecolor"], "edgecolor": "none"}
        axes.text(at, base[at] + share[at] / 2, words, ha="center", va="center", fontsize=8, bbox=box)


def _place(bits: np.ndarray, count: int) -> np.ndarray:
    """How far to the right a column of the figure is, as a share of its width."""
    if count <= _BITS_SHOWN:
        return (bits + 0.5) / (count + 1)
    return np.log2(np.maximum(bits, 0.5) / 0.5) / math.log2((count + 0.5) / 0.5)


def _name(member: Member) -> str:
    return f"{member.text}  ({member.length}\N{NO-BREAK SPACE}bits)"


def _axes(axes: Any, history: PosteriorHistory) -> None:
    from matplotlib.ticker import MaxNLocator

    count = len(history.data)
    if count > _BITS_SHOWN:  # most is decided early
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}" if value >= 1 else "")
        axes.set_xlim(0.5, count + 0.5)
    else:
        axes.set_xlim(-0.5, count + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_ylim(0, 1)
    axes.grid(False)
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}")
    axes.set_xlabel("bits seen")
    axes.set_ylabel("share of the mixture (%)")
    if 0 < count <= _BITS_SHOWN:
        for at, bit in enumerate(history.data):
            axes.text(at + 1, 1.01, bit, ha="center", va="bottom", fontsize=7)
        axes.text(0, 1.01, "data", ha="right", va="bottom", fontsize=7)


def spread(heights: list[float], gaps: list[float]) -> list[float]:
    """Places near the heights wanted, in their order, at least so far apart, between 0 and 1 if they fit."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    places = [0.0] * len(heights)
    below = 0.0
    for i in order:
        places[i] = max(heights[i], below + gaps[i] / 2)
        below = places[i] + gaps[i] / 2
    above = 1.0
    for i in reversed(order):
        places[i] = min(places[i], above - gaps[i] / 2)
        above = places[i] - gaps[i] / 2
    return places


def write_beside(axes: Any, labels: list[tuple[float, str]]) -> None:
    """The survivors' rules on an axes beside the bands, with a line to each."""
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    texts = [textwrap.wrap(words, _WIDTH, subsequent_indent=" " * 10) for _, words in labels]
    places = spread([height for height, _ in labels], [_LINE * len(lines) + 0.012 for lines in texts])
    for (height, _), lines, place in zip(labels, texts, places, strict=True):
        axes.text(0.07, place, "\n".join(lines), ha="left", va="center", fontsize=8)
        axes.plot([0, 0.055], [height, place], color=FALLBACK, linewidth=0.7)
    if not labels:
        axes.text(0.07, 0.5, "no single program stands out", ha="left", va="center", fontsize=8)


def write_below(axes: Any, words: list[str]) -> None:
    """The refuted rules on an axes below the bands, in two columns."""
    axes.set_axis_off()
    half = -(-len(words) // 2)
    for at, column in ((0.0, words[:half]), (0.51, words[half:])):
        lines = [textwrap.shorten(line, _BELOW, placeholder=" …") for line in column]
        axes.text(at, 1, "\n".join(lines), ha="left", va="top", fontsize=8, transform=axes.transAxes)


def caption(history: PosteriorHistory) -> str:
    """What there is to see, in one sentence."""
    count = len(history.data)
    fallback = float(history.fallback[-1])
    best = max(history.survivors, key=lambda member: member.shares[-1], default=None)
    if best is None:
        left = "the fallback alone is left" if fallback > 0.5 else "no single program stands out"
        return f"After {count} bits {left}"
    which = "one program" if best.shares[-1] > 0.505 else "the heaviest program"
    return f"After {count} bits {which} carries {percent(best.shares[-1])} of the mixture"


def percent(share: Fraction) -> str:
    """A share in words: rounded, but nothing short of the whole is called 100 %, and nothing above 0 is called 0 %."""
    if Fraction(999, 1000) < share < 1:
        return "over 99.9 %"
    if 0 < share < Fraction(1, 1000):
        return "under 0.1 %"
    near_an_end = min(share, 1 - share) < Fraction(1, 100)
    return f"{100 * float(share):.{int(near_an_end and 0 < share < 1)}f} %"


def figure(history: PosteriorHistory) -> Any:
    """The whole sheet, with a caption that says what to see."""
    dead = sum(_is_drawn(member) for member in history.members if not member.survives)
    notes = 0.19 * (-(-dead // 2)) + 0.06
    with style() as plt:
        sheet = plt.figure(figsize=(10.5, 4.5 + notes))
        grid = sheet.add_gridspec(2, 2, width_ratios=(6, 4.2), height_ratios=(4.5, notes))
        axes, beside = sheet.add_subplot(grid[0, 0]), sheet.add_subplot(grid[0, 1])
        sheet.get_layout_engine().set(wspace=0.0)
        to_beside, to_below = draw(axes, history)
        write_beside(beside, to_beside)
        write_below(sheet.add_subplot(grid[1, :]), to_below)
        sheet.suptitle(
            f"{caption(history)} ({history.machine}, L = {history.max_length}, T = {history.max_steps})",
            x=0.01,
            ha="left",
            fontsize=11,
        )
        return sheet
