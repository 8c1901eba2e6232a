"""The sample programs that come with the package: one text file each, found by name."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from induction.enumeration.runner import program_bits
from induction.machines import get

_KEYS = ("machine", "rules", "prints", "sequence", "bits", "source")
_LARGEST = 65_536  # characters of a program file


@dataclass(frozen=True)
class Sample:
    """A program file.

    Parameters
    ----------
    name : str
        The file's name without ``.txt``.
    title : str
        Its first line.
    machine : str
        The machine that it is written for.
    rules : str
        Rule text, or bits.
    prints : str
        The beginning of its output.
    sequence : str
        The named sequence that it prints, or "".
    bits : str
        Its length, as the file states it.
    source : str
        Where the sequence comes from and how the program works.
    """

    name: str
    title: str
    machine: str
    rules: str
    prints: str = ""
    sequence: str = ""
    bits: str = ""
    source: str = ""

    @property
    def program(self) -> str:
        """The program's bits.

        Raises
        ------
        ValueError
            If no bits encode the rules.
        """
        return program_bits(get(self.machine), self.rules) if self.rules.strip("01_ ") else self.rules


def folder() -> Path:
    """Where the program files are: in the package when it is installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "programs"
    return inside if inside.is_dir() else package.parent / "programs"


def names() -> list[str]:
    """The names of all sample programs; those of the zoo are ``zoo/MACHINE/SEQUENCE``."""
    return sorted(path.relative_to(folder()).with_suffix("").as_posix() for path in folder().rglob("*.txt"))


def load(name: str) -> Sample:
    """A sample program by name, or a program file by path.

    Raises
    ------
    ValueError
        If there is no such program, or the file is none.
    """
    path = folder() / f"{name}.txt"
    if name not in names():
        path = Path(name)
        if not path.is_file():
            near = difflib.get_close_matches(name, names(), 3, 0.5)
            listed = ", ".join(n for n in names() if "/" not in n)
            hint = f"did you mean {', '.join(near)}?" if near else f"programs are {listed}"
            raise ValueError(f"{name!r} is no bits, no rules, no file and no sample program; {hint}")
    return read(path)


def read(path: Path) -> Sample:
    """A program file: a ``#`` title, then ``key: value`` lines; ``machine`` and ``rules`` are needed.

    Raises
    ------
    ValueError
        If the file cannot be read as one.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(_LARGEST)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ValueError(f"{path} cannot be read as a program file ({reason}); name another one") from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    title = next((line.lstrip("# ") for line in lines if line.startswith("#")), path.stem)
    fields = {}
    for line in lines:
        key, colon, value = line.partition(":")
        if colon and key.strip() in _KEYS and not line.startswith("#"):
            fields[key.strip()] = value.strip()
    if not fields.get("machine") or not fields.get("rules"):
        raise ValueError(f"{path} is no program file; it needs the lines 'machine: …' and 'rules: …'")
    return Sample(path.stem, title, **fields)
