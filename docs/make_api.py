"""Writes docs/api.md from the docstrings of the public names. Run: python docs/make_api.py"""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

PAGE = Path(__file__).with_name("api.md")
FACE = "induction"
MODEL = (FACE, "Predictor")  # what others share with it is said once
_MANY = 4  # members that are worth a line of their own

# Heading, what it is about, and where each name is imported from. Every name of `induction.__all__` has a place here.
GROUPS: tuple[tuple[str, str, dict[str, tuple[str, ...]]], ...] = (
    (
        "Predict",
        "Objects with `predict_proba_one()` and `learn_one(bit)` that keep their loss and its bound.",
        {FACE: ("Predictor", "Mixture", "NoisyPredictor", "SpeedPredictor", "with_timeouts", "ConditionalPredictor")},
    ),
    (
        "Ask",
        "Functions of all programs, or of one, that learn nothing.",
        {FACE: ("explain", "prior", "run", "sample", "speed_prior")},
    ),
    ("Set up", "What a program means, and where programs are cut off.", {FACE: ("Budget", "machines")}),
    (
        "Results",
        "What these give back: frozen, most with `to_json()`. They are not made by hand.",
        {
            "induction.enumeration.program": ("Program",),
            "induction.inductor.explanation": ("Explanation",),
            "induction.inductor.prior": ("PriorTable",),
            "induction.enumeration.runner": ("Run",),
            "induction.inductor.sampling": ("Draws",),
            "induction.inductor.certified": ("CertifiedRun", "CertifiedStep"),
            "induction.bounds.certificate": ("Certificate",),
        },
    ),
    (
        "Classical predictors",
        "To compare with, to mix with, or to use as a fallback.",
        {
            "induction.predictors": (
                "Uniform",
                "KrichevskyTrofimov",
                "ContextTree",
                "LempelZiv",
                "BerlekampMassey",
                "portfolio",
                "RiverAdapter",
                "total_loss",
            )
        },
    ),
    (
        "Sources, searches, checks",
        "Where data come from, what is stored of programs, and contracts that can be run.",
        {
            "induction.sources.sequences": ("sequence", "names", "Sequence"),
            "induction.sources.tasks": ("task", "pairs"),
            "induction.sources.adversaries": ("AntiPredictor", "Performative"),
            "induction.enumeration.library": ("load",),
            "induction.inductor.deepening": ("deepen",),
            "induction.inductor.posterior_history": ("posterior_history",),
            "induction.enumeration.trace": ("trace",),
            "induction.experiments.registry": ("experiment",),
            "induction.experiments.meta": ("score",),
            "induction.checks": ("check_machine", "check_predictor"),
        },
    ),
)


def first_paragraph(thing: Any) -> str:
    """The docstring's first paragraph on one line, as Markdown."""
    text = " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
    return text.replace("``", "`")


def signature(thing: Any) -> str:
    """Its arguments with defaults; types are left to the docstring."""
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return "(…)"
    plain = [each.replace(annotation=inspect.Parameter.empty) for each in parameters if each.name != "self"]
    text = str(inspect.Signature(plain))
    return re.sub(r"<[^>]*>", "…", text)


def members(kind: type) -> list[str]:
    """A line for each public method and property, in alphabetical order."""
    lines = []
    fields = set(getattr(kind, "__dataclass_fields__", ()))
    for name, thing in inspect.getmembers(kind):
        static = inspect.getattr_static(kind, name)
        if name.startswith("_") or name in fields or any(hasattr(base, name) for base in (dict, tuple)):
            continue
        if isinstance(static, property):
            lines.append(f"* `{name}`: {first_paragraph(static)}")
        elif callable(thing):
            lines.append(f"* `{name}{signature(thing)}`: {first_paragraph(thing)}")
    return [line for line in lines if not line.endswith(": ")]


def entry(home: str, name: str) -> list[str]:
    """The part of the page on one name."""
    thing = getattr(import_module(home), name)
    if isinstance(thing, ModuleType):
        public = [each for each in ("get", "names", "register") if hasattr(thing, each)]
        things = [(each, getattr(thing, each)) for each in public]
        lines = [f"* `{each}{signature(found)}`: {first_paragraph(found)}" for each, found in things]
        return [f"### `{name}`", "", first_paragraph(thing), "", *lines, ""]
    result = home not in (FACE, "induction.predictors") and isinstance(thing, type) and name in _results()
    head = [f"### `{name}{'' if result else signature(thing)}`", "", first_paragraph(thing), ""]
    if isinstance(thing, type):
        fields = [each for each in getattr(thing, "__dataclass_fields__", ()) if not each.startswith("_")]
        if fields:
            head += ["Fields: " + ", ".join(f"`{each}`" for each in fields) + ".", ""]
        lines = members(thing)
        if (home, name) != MODEL:
            model = set(members(getattr(import_module(MODEL[0]), MODEL[1])))
            same = [f"`{line[3 : line.index('`', 3)]}`" for line in lines if line in model]
            if len(same) > _MANY:
                lines = [line for line in lines if line not in model] + [f"* As for `{MODEL[1]}`: {', '.join(same)}."]
        head += [*lines, ""] if lines else []
    return head


def _results() -> set[str]:
    homes = next(homes for heading, _, homes in GROUPS if heading == "Results")
    return {name for names in homes.values() for name in names}


def page() -> str:
    """The whole page.

    Raises
    ------
    ValueError
        If a public name has no place in a group.
    """
    grouped = {name for _, _, homes in GROUPS for name in homes.get(FACE, ())}
    if missing := set(import_module(FACE).__all__) - grouped:
        raise ValueError(f"{', '.join(sorted(missing))} has no place on the page; add it to GROUPS in docs/make_api.py")
    lines = [
        "# The public names",
        "",
        "Made from the docstrings by `python docs/make_api.py`; a test checks that it is up to date. "
        "`help(name)` has the rest: parameters with their units, errors, examples.",
        "",
    ]
    for heading, about, homes in GROUPS:
        lines += [f"## {heading}", "", about, ""]
        for home, names in homes.items():
            lines += [f"From `{home}`:", ""]
            for name in names:
                lines += entry(home, name)
    return "\n".join(lines).rstrip("\n") + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
