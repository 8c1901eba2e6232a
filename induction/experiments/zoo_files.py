"""A folder of zoo files: of each sequence either a program file or a line of ``none.md``, never both.

What a folder says of a sequence gives way only to a search at least as large: as long programs, as
many steps, as many bits to print. So nothing that was proved is ever lost to a smaller search, and
sequences that a search did not look for stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from induction.bits import to_text
from induction.sources.sequences import SEQUENCES, sequence

NONE = "none.md"
_SHOWN = 64  # output bits in a program file
_HEAD = "# Without a program on "
_LIMITS = r"(\d+) bits and (\d+) steps a bit"
_PROVED = re.compile(rf"the first of the shortest, proved by looking at every program of at most {_LIMITS}, "
                     r"verified on (\d+) bits\.$", re.MULTILINE)  # fmt: skip
_NO_PROGRAM = re.compile(rf"No program of at most {_LIMITS} prints the first (\d+) bits of these sequences:")
_NONE_MISSING = "Every sequence that was looked for has a program."
_LINE = re.compile(r"\* ([\w.-]+): (.*)")


class Extent(NamedTuple):
    """How large a search was: L, T, and how many bits a program had to print."""

    max_length: int
    max_steps: int
    bits: int

    def covers(self, other: Extent) -> bool:
        """Whether this one is at least as large in each of the three."""
        return all(mine >= theirs for mine, theirs in zip(self, other, strict=True))


@dataclass(frozen=True)
class Word:
    """What is known of one sequence.

    Parameters
    ----------
    extent : Extent
    title : str
    text : str or None
        The program file; None if no program was found.
    """

    extent: Extent
    title: str
    text: str | None


def program_file(name: str, machine: str, rules: str, length: int, extent: Extent) -> str:
    """The text of a program file for a named sequence."""
    source = sequence(name)
    reference = f"{source.reference}; " if source.reference else ""
    lines = [
        f"# {source.title}",
        f"machine: {machine}",
        f"rules: {rules}",
        f"prints: {to_text(source.bits(_SHOWN))}…",
        f"sequence: {name}",
        f"bits: {length}",
        f"source: {reference}the first of the shortest, proved by looking at every program of at most "
        f"{extent.max_length} bits and {extent.max_steps} steps a bit, verified on {extent.bits} bits.",
    ]
    return "\n".join(lines) + "\n"


def check_folder(folder: Path, machine: str, names: Iterable[str]) -> None:
    """See before the search that its results can be written into a folder, which need not be there yet.

    Raises
    ------
    ValueError
        If it is no folder, its own folder does not exist, or it holds programs of another machine, or
        a file of a sequence's name, or ``none.md``, that no search wrote.
    """
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{str(folder)!r} is a file; programs go into a folder: give another name")
    if not folder.parent.is_dir():
        raise ValueError(f"there is no folder {str(folder.parent)!r}; make it first")
    read_folder(folder, machine, names)


def read_folder(folder: Path, machine: str, names: Iterable[str] = ()) -> dict[str, Word]:
    """What a folder says of sequences: all of ``none.md``, and the program files of `names` and of those in it.

    Raises
    ------
    ValueError
        As :func:`check_folder`.
    """
    words = _lines(folder / NONE, machine)
    for name in dict.fromkeys([*names, *words]):
        path = folder / f"{name}.txt"
        if not path.exists():
            continue
        text = _text(path)
        proved = _PROVED.search(text)
        of = re.search(r"^machine: (.*)$", text, re.MULTILINE)
        if proved is None or of is None:
            raise ValueError(f"{str(path)!r} was not written by a search and would be lost; give another folder")
        if of[1] != machine:
            raise ValueError(f"{str(folder)!r} holds programs of {of[1]}, not of {machine}; give another folder")
        word = Word(Extent(*map(int, proved.groups())), text.splitlines()[0].removeprefix("# "), text)
        line = words.get(name)  # beside a file, as a crash may leave it
        if line is None or line.extent == word.extent or not line.extent.covers(word.extent):
            words[name] = word
    return words


def _lines(path: Path, machine: str) -> dict[str, Word]:
    """The sequences without a program that ``none.md`` lists."""
    words: dict[str, Word] = {}
    if not path.exists():
        return words
    head, *rest = _text(path).splitlines() or [""]
    of, extent = head.removeprefix(_HEAD), None
    good = head.startswith(_HEAD)
    for line in filter(None, rest):
        limits, listed = _NO_PROGRAM.fullmatch(line), _LINE.fullmatch(line)
        if limits:
            extent = Extent(*map(int, limits.groups()))
        elif listed and extent:
            words[listed[1]] = Word(extent, listed[2], None)
        else:
            good = good and line == _NONE_MISSING
    if not good:
        raise ValueError(f"{str(path)!r} was not written by a search and would be lost; give another folder")
    if of != machine:
        raise ValueError(f"{str(path.parent)!r} holds programs of {of}, not of {machine}; give another folder")
    return words


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, IsADirectoryError):
        return ""  # nothing that a search wrote


def write_folder(folder: Path, machine: str, found: dict[str, Word]) -> tuple[list[Path], list[str]]:
    """Merge what a search found into a folder.

    Parameters
    ----------
    folder : Path
    machine : str
    found : dict
        A :class:`Word` for each sequence that was looked for.

    Returns
    -------
    (written, kept)
        The program files written, and the sequences of which a search that this one does not cover had more to say.

    Raises
    ------
    ValueError
        As :func:`check_folder`; nothing is written then.
    """
    check_folder(folder, machine, found)
    before = read_folder(folder, machine, found)
    kept = [name for name, word in found.items() if name in before and not word.extent.covers(before[name].extent)]
    words = before | {name: word for name, word in found.items() if name not in kept}
    folder.mkdir(exist_ok=True)
    written = []
    for name, word in words.items():
        if word.text is not None and name in found and name not in kept:
            path = folder / f"{name}.txt"
            path.write_text(word.text, encoding="utf-8")
            written.append(path)
    (folder / NONE).write_text(_none(machine, words), encoding="utf-8")
    for name, word in words.items():
        if word.text is None:
            (folder / f"{name}.txt").unlink(missing_ok=True)
    return written, kept


def _none(machine: str, words: dict[str, Word]) -> str:
    """The text of ``none.md``: a list for each extent, the largest first, in the order of the sources."""
    order = {name: place for place, name in enumerate(SEQUENCES)}
    lists: dict[Extent, list[str]] = {}
    for name in sorted(words, key=lambda name: (order.get(name, len(order)), name)):
        word = words[name]
        if word.text is None:
            lists.setdefault(word.extent, []).append(f"* {name}: {word.title}")
    blocks = [
        f"No program of at most {extent.max_length} bits and {extent.max_steps} steps a bit prints the first "
        f"{extent.bits} bits of these sequences:\n\n" + "\n".join(lists[extent]) + "\n"
        for extent in sorted(lists, reverse=True)
    ]
    return f"{_HEAD}{machine}\n\n" + "\n".join(blocks or [f"{_NONE_MISSING}\n"])
