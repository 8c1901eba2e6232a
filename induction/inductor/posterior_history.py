"""The posterior over time: which programs carried it while the data came in, and how long.

A program's share of the mixture after t bits is 2^-|p| / xi(x_1..x_t) as long as its output agrees
with the data, and 0 from then on. Shares are of single programs that never need another bit, so
that no two of them overlap: a program that has yet to read bits is many, and counts as others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from induction.bits import BitsLike, as_bits
from induction.budget import whole_number
from induction.dyadic import to_text
from induction.enumeration.runner import Run, run
from induction.inductor.predictor import Predictor

_LOOKED_AT = 24  # heaviest programs after each bit that are candidates


@dataclass(frozen=True)
class Member:
    """One program's part in the posterior.

    Parameters
    ----------
    bits : str
        The program.
    text : str
        The same as rule text.
    until : int
        After how many bits it was last among the programs for the data.
    survives : bool
        Whether it still is after all of them.
    shares : tuple of Fraction
        Its share of xi after 0, 1, 2, … bits.
    """

    bits: str
    text: str
    until: int
    survives: bool
    shares: tuple[Fraction, ...]

    @property
    def length(self) -> int:
        """|p|, in bits."""
        return len(self.bits)

    @property
    def largest(self) -> Fraction:
        """The largest share that it ever had."""
        return max(self.shares)

    def to_json(self) -> dict[str, Any]:
        """The fields, shares as ``"a/b"``."""
        shares = [to_text(share) for share in self.shares]
        return {"bits": self.bits, "text": self.text, "until": self.until, "survives": self.survives, "shares": shares}


@dataclass(frozen=True)
class PosteriorHistory:
    """Shares of xi after 0, 1, 2, … bits; those of the members, the others and the fallback add up to 1.

    Parameters
    ----------
    machine : str
    max_length, max_steps : int
        L and T.
    data : str
        The bits learned.
    members : tuple of Member
        Survivors first, the heaviest first; then those that the data refuted, the longest-lived first.
    others : tuple of Fraction
        All other programs together.
    fallback : tuple of Fraction
    """

    machine: str
    max_length: int
    max_steps: int
    data: str
    members: tuple[Member, ...]
    others: tuple[Fraction, ...]
    fallback: tuple[Fraction, ...]

    @property
    def survivors(self) -> tuple[Member, ...]:
        """The members that are programs for all the data."""
        return tuple(member for member in self.members if member.survives)

    def to_json(self) -> dict[str, Any]:
        """The fields, shares as ``"a/b"``."""
        return {
            "machine": self.machine,
            "max_length": self.max_length,
            "max_steps": self.max_steps,
            "data": self.data,
            "members": [member.to_json() for member in self.members],
            "others": [to_text(share) for share in self.others],
            "fallback": [to_text(share) for share in self.fallback],
        }


def posterior_history(
    predictor: Predictor,
    bits: BitsLike,
    *,
    members: int = 10,
    progress: Callable[[int, int], None] | None = None,
) -> PosteriorHistory:
    """Teach a fresh predictor some bits, and keep how its posterior moves.

    Parameters
    ----------
    predictor : Predictor
        One that has learned nothing yet. It learns the bits.
    bits : bits
    members : int
        At most so many programs, 1 to 64, get a share of their own: those whose share was the largest at any time,
        and the heaviest that is left.
    progress : callable, optional
        Told (bits learned, bits in all).

    Returns
    -------
    PosteriorHistory

    Raises
    ------
    ValueError
        If the predictor has learned something already, or an argument is out of range.

    Examples
    --------
    >>> from induction import Predictor
    >>> from induction.inductor.posterior_history import posterior_history
    >>> history = posterior_history(Predictor(max_length=12, max_steps=64), "0000000001", members=3)
    >>> [(member.text, member.until) for member in history.members]
    [('0,0: 0 > 0', 9), ('0,0: 0 > 1; 1,0: 0 > 0', 9), ('0,0: 00 > 0', 9)]
    """
    if predictor.data:
        raise ValueError(f"the predictor has learned {len(predictor.data)} bits already; give a clone() of it")
    whole_number("members", members, 64, "programs with a share of their own")
    data = as_bits(bits)
    joint = predictor.total_weight  # xi of the data so far
    joints, programs = [], []  # xi, and the programs' part of it
    found: set[str] = set()
    for count in range(len(data) + 1):
        joints.append(joint)
        programs.append(Fraction(predictor.masses.matching, predictor.budget.whole))
        found |= {program.bits for program in predictor.posterior(_LOOKED_AT)}
        if count < len(data):
            bit = int(data[count])
            joint *= predictor.predict_exact(normalised=False)[bit]
            predictor.learn_one(bit)
        if progress is not None:
            progress(count, len(data))
    chosen = _chosen(predictor, found, joints, members)
    own = [sum((member.shares[t] for member in chosen), Fraction(0)) for t in range(len(joints))]
    shares = [part / whole if whole else Fraction(0) for part, whole in zip(programs, joints, strict=True)]
    return PosteriorHistory(
        predictor.machine,
        predictor.budget.max_length,
        predictor.budget.max_steps,
        predictor.data,
        tuple(chosen),
        tuple(share - part for share, part in zip(shares, own, strict=True)),
        tuple(1 - share if whole else Fraction(0) for share, whole in zip(shares, joints, strict=True)),
    )


def _chosen(predictor: Predictor, found: set[str], joints: list[Fraction], count: int) -> list[Member]:
    """The members, in the order of the result."""
    members = []
    for bits in sorted(found - {""}, key=lambda bits: (len(bits), bits)):
        member = _member(predictor, bits, joints)
        if member is not None:
            members.append(member)
    heaviest = next((member for member in members if member.survives), None)
    members.sort(key=lambda member: (member is not heaviest, -member.largest))
    return sorted(members[:count], key=lambda member: (not member.survives, -member.until, member.length, member.bits))


def _member(predictor: Predictor, bits: str, joints: list[Fraction]) -> Member | None:
    """What became of a program, or None if it needs more bits before the data refute it or end."""
    data = predictor.data
    if not data:
        return None
    ran = _run(predictor, bits, len(data))
    until = next((t for t, (a, b) in enumerate(zip(ran.output, data, strict=False)) if a != b), len(ran.output))
    if ran.status == "cut" and until == len(ran.output):
        return None
    weight = Fraction(1, 1 << len(bits))
    shares = tuple(weight / joint if t <= until else Fraction(0) for t, joint in enumerate(joints))
    return Member(bits, _run(predictor, bits, max(until, 1)).text, until, until == len(data), shares)


def _run(predictor: Predictor, bits: str, outputs: int) -> Run:
    budget = predictor.budget
    machine = predictor.get_params()["machine"]
    return run(bits, machine=machine, bits=outputs, max_steps=budget.max_steps, total=budget.total)
