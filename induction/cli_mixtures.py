"""What the command line needs for the other mixtures: choosing one, and results as JSON and as text."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from induction.cli_text import counted, exact, reach, so_far, table
from induction.dyadic import size_text, to_text
from induction.experiments.glimpse import certified_digits
from induction.inductor.asleep import AsleepTimeouts
from induction.inductor.certified import WIDE, CertifiedRun
from induction.inductor.conditional import ConditionalPredictor
from induction.inductor.noisy import NoisyPredictor
from induction.inductor.online import Exact, Online, Tracked
from induction.inductor.predictor import Predictor
from induction.inductor.speed import SpeedPredictor
from induction.inductor.timeouts import UniformTimeouts, with_timeouts

_MOST_DIGITS = 32


def choose(noise: bool, prior: str, timeouts: str, fallback: str | None, **budget: Any) -> Online:
    """The untrained predictor that options of ``induction predict`` ask for; `fallback` None means not given.

    Raises
    ------
    click.UsageError
        If two options ask for two mixtures, or a fallback is given to one that has none.
    ValueError
        If the budget or the fallback is not what is allowed.
    """
    asked = [name for name, given in (("--noise", noise), ("--prior " + prior, prior != "length"),
                                      ("--timeouts " + timeouts, timeouts != "dead")) if given]  # fmt: skip
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)} are mixtures of their own; give one of them")
    options = dict(budget)
    if noise or timeouts == "uniform":
        if fallback is not None:
            raise click.UsageError(f"{asked[0]} has no fallback, for no program is ever refuted; leave --fallback out")
        return NoisyPredictor(**options) if noise else with_timeouts("uniform", **options)
    options["fallback"] = None if fallback == "none" else "uniform" if fallback is None else fallback
    return SpeedPredictor(prior, **options) if prior != "length" else with_timeouts(timeouts, **options)


def prediction_json(predictor: Online) -> dict[str, Any]:
    """What comes next, the loss beside its bound and who sets it, the heaviest programs, and what they are of.

    ``p1`` is null where it is known as a float only; ``interval`` is there for the usual mixture.
    """
    return {
        "p1": to_text(predictor.predict_exact()[1]) if isinstance(predictor, Exact) else None,
        "p1_float": predictor.predict_proba_one()[1],
        **({"interval": [to_text(end) for end in predictor.interval()]} if isinstance(predictor, Predictor) else {}),
        "loss_bits": predictor.loss_bits,
        "bound_bits": predictor.bound_bits,
        "competitor": predictor.standing.competitor,
        "mistakes": predictor.mistakes,
        "mixture": type(predictor).__name__,
        **_setting(predictor),
        "posterior": _posterior(predictor),
    }


def _setting(predictor: Tracked) -> dict[str, Any]:
    """The machine and the budget."""
    budget = predictor.budget
    return {
        "machine": predictor.machine,
        "max_length": budget.max_length,
        "max_steps": budget.max_steps,
        "total": budget.total,
    }


def _posterior(predictor: Online, count: int = 3) -> list[dict[str, Any]]:
    """Rows of the heaviest programs; none before any data, which all of them would print."""
    if not predictor.data:
        return []
    if isinstance(predictor, SpeedPredictor):
        found = predictor.best()
        return [found.to_json()["best"]] if found.programs else []
    assert isinstance(predictor, Predictor | NoisyPredictor | UniformTimeouts | AsleepTimeouts)
    return [program.to_json() for program in predictor.posterior(count)]


def mixture_text(predictor: Online) -> str:
    """What comes next, the loss beside its bound, and who says so."""
    if isinstance(predictor, Exact):
        shown = {bit: exact(chance) for bit, chance in predictor.predict_exact().items()}
    else:
        shown = _complements(predictor.predict_proba_one())
    lines = [
        f"{type(predictor).__name__} after {counted(len(predictor.data), 'bit')}, {predictor.machine}, "
        f"programs of {reach(predictor.budget)}",
        f"P(1) = {shown[1]}",
        f"P(0) = {shown[0]}",
        so_far(predictor)
        + (f", set by {predictor.standing.competitor}" if predictor.standing.competitor else "")
        + f"; {counted(predictor.mistakes, 'mistake')}",
    ]
    rows = _posterior(predictor)
    if isinstance(predictor, NoisyPredictor) and rows:
        heaviest = predictor.posterior(len(rows))
        cells = [[f"{float(p.weight):.4f}", str(p.length), str(p.flips), p.text] for p in heaviest]
        lines += ["", table(["posterior", "bits", "flips", "program"], cells, left=(3,))]
    elif isinstance(predictor, UniformTimeouts) and rows:
        cells = [[f"{float(p.weight):.4f}", str(p.length), p.text] for p in predictor.posterior(len(rows))]
        lines += ["", table(["posterior", "bits", "program"], cells, left=(2,))]
    elif isinstance(predictor, AsleepTimeouts) and rows:
        cells = [[f"{row['weight']:.4f}", str(row["length"]), "asleep" if row["asleep"] else "awake", row["text"]]
                 for row in rows]  # fmt: skip
        lines += ["", table(["posterior", "bits", "in time", "program"], cells, left=(2, 3))]
    elif rows:
        cells = [[str(row["length"]), str(row["steps"]), row["text"]] for row in rows]
        lines += ["", table(["bits", "steps", "heaviest program"], cells, left=(2,))]
    return "\n".join(lines)


def _complements(chances: dict[int, float]) -> dict[int, str]:
    """Two floats that sum to 1 as text; the larger is known best from the smaller."""
    rare = min(chances, key=lambda bit: chances[bit])
    small = Fraction(chances[rare])
    return {rare: size_text(small), 1 - rare: size_text(1 - small)}


def intervals_json(run: CertifiedRun) -> dict[str, Any]:
    """The run's own JSON, and the certified binary digits of each M(x)."""
    result = run.to_json()
    for row, step in zip(result["steps"], run.steps, strict=True):
        row["digits"] = _digits(*step.prior)
    return result


def intervals_text(run: CertifiedRun) -> str:
    """A row a step, then from where on they say nothing."""
    rows = []
    for step in run.steps:
        digits = _digits(*step.prior)
        prior, one, both = ([size_text(end) for end in ends] for ends in
                            (step.prior, step.conditional[1], step.normalised))  # fmt: skip
        rows.append([
            str(step.rounds), *prior, digits[:_MOST_DIGITS] + ("…" if len(digits) > _MOST_DIGITS else ""),
            *one, *both,
        ])  # fmt: skip
    head = ["bits", "M(x) >=", "M(x) <=", "binary digits", "M(1|x) >=", "<=", "P(1) >=", "<="]
    lines = [
        "certified, for programs of any length and any patience: M(x) without the fallback; the chance of a 1 with it,",
        "not normalised (M(1|x)) and normalised (P(1))",
        "",
        table(head, rows, left=(3,)),
        "",
        _point(
            run.undecided_from,
            "the undecided mass exceeds what surely prints the data",
            "what surely prints the data outweighs what is undecided, all along",
        ),
        _point(
            run.silent_from(),
            f"the interval of P(1) is wider than {float(WIDE)} and says next to nothing",
            f"the interval of P(1) is at most {float(WIDE)} wide at the end",
        ),
        _point(
            run.unproved_from,
            "no program within the budget prints the data, and M(x) >= 0 is all that is proved",
            "M(x) is proved positive all along",
        ),
    ]
    return "\n".join(lines)


def _digits(low: Fraction, high: Fraction) -> str:
    """The certified binary digits of M(x); that of the empty string is 1."""
    return "1." if low == 1 else "0." + certified_digits(low, high)


def _point(rounds: int | None, lost: str, kept: str) -> str:
    """What stopped being known, and from where on; or what is still known."""
    return kept if rounds is None else f"from {counted(rounds, 'bit')} on {lost}"


def learn_json(predictor: ConditionalPredictor, asked: list[str]) -> dict[str, Any]:
    """Loss, bound, posterior, and a row an input that was asked about."""
    return {
        "pairs": predictor.rounds,
        "loss_bits": predictor.loss_bits,
        "bound_bits": predictor.bound_bits,
        "competitor": predictor.standing.competitor,
        "mistakes": predictor.mistakes,
        "hypotheses": predictor.hypotheses,
        **_setting(predictor),
        "predictions": [_answer(predictor, x) for x in asked],
        "posterior": [hypothesis.to_json() for hypothesis in predictor.posterior(3)],
    }


def _answer(predictor: ConditionalPredictor, x: str) -> dict[str, Any]:
    chance = predictor.predict_proba_one(x)[1]
    exactly = to_text(predictor.predict_exact(x)[1]) if predictor.reading == "label" else None
    return {"x": x, "p1": exactly, "p1_float": chance}


def learn_text(predictor: ConditionalPredictor, asked: list[str]) -> str:
    """The predictions asked for, the loss beside its bound, and the heaviest rules."""
    lines = [
        f"{counted(predictor.rounds, 'pair')} learned, {predictor.machine}, programs of {reach(predictor.budget)}, "
        f"reading {predictor.reading}",
        f"loss so far {predictor.loss_bits:.4f} bits, bound {predictor.bound_bits:.4f} bits; "
        f"{counted(predictor.mistakes, 'mistake')}",
    ]
    if asked:
        rows = [[x or "(empty)", _complements(predictor.predict_proba_one(x))[1]] for x in asked]
        lines += ["", table(["x", "P(1)"], rows)]
    heaviest = predictor.posterior(3)
    if predictor.reading == "label":
        rows = [[f"{h.weight:.4f}", str(h.length), str(h.errors), h.text] for h in heaviest]
        lines += ["", table(["posterior", "bits", "errors", "rules"], rows, left=(3,))]
    else:
        rows = [[f"{h.weight:.4f}", str(h.length), f"{h.loss_bits:.3f}", h.text] for h in heaviest]
        lines += ["", table(["posterior", "bits", "loss", "rules"], rows, left=(3,))]
    return "\n".join(lines)
