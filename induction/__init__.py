"""Bounded induction: Solomonoff's predictor, cut off at programs of L bits and T steps, exact and fast.

>>> from induction import Predictor
>>> p = Predictor(max_length=12, max_steps=64).learn_many("010101")
>>> p.loss_bits <= p.bound_bits
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from induction import machines
    from induction.budget import Budget
    from induction.enumeration.runner import run
    from induction.inductor.conditional import ConditionalPredictor
    from induction.inductor.explanation import explain
    from induction.inductor.noisy import NoisyPredictor
    from induction.inductor.predictor import Predictor
    from induction.inductor.prior import prior
    from induction.inductor.sampling import sample
    from induction.inductor.speed import SpeedPredictor, speed_prior
    from induction.inductor.timeouts import with_timeouts
    from induction.predictors.mixture import Mixture

# Where each public name lives. They are looked up when first asked for, so that `import induction`
# and `induction --help` do not wait for the compiler.
_HOMES = {
    "Budget": "induction.budget",
    "ConditionalPredictor": "induction.inductor.conditional",
    "Mixture": "induction.predictors.mixture",
    "NoisyPredictor": "induction.inductor.noisy",
    "Predictor": "induction.inductor.predictor",
    "SpeedPredictor": "induction.inductor.speed",
    "explain": "induction.inductor.explanation",
    "prior": "induction.inductor.prior",
    "run": "induction.enumeration.runner",
    "sample": "induction.inductor.sampling",
    "speed_prior": "induction.inductor.speed",
    "with_timeouts": "induction.inductor.timeouts",
}

__all__ = [
    "Budget",
    "ConditionalPredictor",
    "Mixture",
    "NoisyPredictor",
    "Predictor",
    "SpeedPredictor",
    "explain",
    "machines",
    "prior",
    "run",
    "sample",
    "speed_prior",
    "with_timeouts",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "machines":
        return import_module("induction.machines")
    if name not in _HOMES:
        raise AttributeError(f"module 'induction' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
