"""Which experiments there are: a question each, who answers it, and who draws the answer.

Functions are named, not imported: listing the questions compiles nothing and draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import MappingProxyType
from typing import Any

from induction.budget import Budget
from induction.naming import find


@dataclass(frozen=True)
class Experiment:
    """One question.

    Parameters
    ----------
    name : str
        As on the command line.
    question : str
        One line.
    run_name : str
        ``module:function``; the function returns a result with ``to_json()`` and takes ``progress``,
        which is told (parts done, parts in all).
    draw_name : str
        ``module:function``, from the result to a Matplotlib figure.
    full : mapping
        Arguments of the full size.
    usual : mapping
        Arguments of the default size, which takes seconds.
    """

    name: str
    question: str
    run_name: str
    draw_name: str
    full: Mapping[str, Any] = field(default_factory=lambda: {"full": True})
    usual: Mapping[str, Any] = field(default_factory=dict)

    def run(self, *, full: bool = False, progress: Any = None) -> Any:
        """Answer the question; the result is frozen and has ``to_json()``."""
        return _found(self.run_name)(**(self.full if full else self.usual), progress=progress)

    def draw(self, result: Any) -> Any:
        """The figure of a result, for :func:`induction.plots.style.save`."""
        return _found(self.draw_name)(result)


def _found(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)


def _own(name: str, question: str) -> Experiment:
    """An experiment that keeps to the habit: one file, one figure function."""
    module = name.replace("-", "_")
    return Experiment(name, question, f"induction.experiments.{module}:{module}", f"induction.plots.{module}:figure")


_ALL = (
    Experiment(
        "bound",
        "Does the loss stay under its bound on named sequences?",
        "induction.experiments.bound:bound",
        "induction.plots.bound:figure",
        {"bits": 1024},
    ),
    _own("every-sequence", "Is any sequence of n bits, of all 2^n, above its bound?"),
    _own("noise", "What do flipped bits cost beyond their entropy?"),
    _own("cut-off", "What does one more bit of length buy, and what one more step?"),
    _own("adversary", "Does the bound hold when the world looks at the prediction and then chooses?"),
    _own("slow-truth", "What if the short program is too slow for T?"),
    _own("nested", "Does anything but near-shortest programs carry the posterior?"),
    _own("glimpse", "How many binary digits of M(x) are certain, and how much mass is decided?"),
    _own("baselines", "On which sources do classical predictors lose less than programs, and how much?"),
    _own("meta", "How many bits a step does another predictor lose beyond the mixture?"),
    Experiment(
        "invariance",
        "How many bits does the choice of the machine cost?",
        "induction.experiments.invariance:invariance",
        "induction.plots.invariance:figure",
        {"length": 12, "budgets": {"brainphoque": Budget(32, 256)}},
        {"length": 7, "budgets": {"queue": Budget(26, 256), "brainphoque": Budget(28, 256)}},
    ),
    Experiment(
        "shift",
        "Does what was learned on some inputs hold on others?",
        "induction.experiments.shift:shift",
        "induction.plots.shift:figure",
        {"seeds": 20},
        {"seeds": 2, "after": (12, 400)},
    ),
)

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType({each.name: each for each in _ALL})
"""Every experiment, by name."""


def experiment(name: str) -> Experiment:
    """The experiment of a name.

    Raises
    ------
    ValueError
        If there is none; the message gives the names.
    """
    return find("experiment", name, EXPERIMENTS)
