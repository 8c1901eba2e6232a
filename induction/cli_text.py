"""Results as plain text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from induction.budget import Budget
from induction.dyadic import size_text
from induction.enumeration.runner import Run
from induction.experiments.bound import BoundResult
from induction.inductor.explanation import Explanation
from induction.inductor.online import Online
from induction.inductor.predictor import Predictor
from induction.inductor.prior import PriorTable

_BITS = 64  # of numerator and denominator before the size is shown alone


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """Columns padded to their widest entry; those in `left` are aligned to the left."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = []
    for row in [head, *rows]:
        cells = [c.ljust(w) if i in left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * w for w in widths))
    return "\n".join(lines)


def exact(value: Fraction) -> str:
    """A Fraction with its size: ``77/16384 = 0.0047``, or the size alone if it is too long to read."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _BITS:
        return size_text(value)
    return f"{value.numerator}/{value.denominator} = {size_text(value)}"


def counted(count: int, unit: str) -> str:
    """``1 step``, ``2 steps``."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def reach(budget: Budget) -> str:
    """How far programs may go within a budget."""
    total = "" if budget.total is None else f", {counted(budget.total, 'step')} in all"
    return f"at most {counted(budget.max_length, 'bit')} and {counted(budget.max_steps, 'step')} an output bit{total}"


def so_far(predictor: Online) -> str:
    """The loss beside its bound; in words where one of them is infinite."""
    loss, bound = predictor.loss_bits, predictor.bound_bits
    if math.isfinite(bound):
        return f"loss so far {loss:.4f} bits, bound {bound:.4f} bits"
    if math.isfinite(loss):
        return f"loss so far {loss:.4f} bits, no bound: nothing in the mixture allows all of these bits"
    hint = "" if predictor.get_params().get("fallback", "") is not None else " (--fallback uniform keeps it finite)"
    return f"loss so far infinite, no bound: a bit came that nothing left in the mixture allowed{hint}"


def predict_text(predictor: Predictor) -> str:
    """What comes next, with how much certainty, and who says so."""
    p = predictor.predict_exact()
    low, high = predictor.interval()
    lines = [
        f"after {counted(len(predictor.data), 'bit')}, {predictor.machine}, programs of {reach(predictor.budget)}",
        f"P(1) = {exact(p[1])}",
        f"P(0) = {exact(p[0])}",
        f"certified interval of P(1), any length, any patience: [{size_text(low)}, {size_text(high)}]"
        + ("  (says next to nothing)" if high - low > Fraction(9, 10) else ""),
        f"{so_far(predictor)}, {counted(predictor.mistakes, 'mistake')}",
    ]
    if not predictor.data:
        return "\n".join(lines)  # every program prints them; there is none to name
    programs = predictor.posterior(3)
    rows = [[f"{float(p.weight):.4f}", str(p.length), p.text] for p in programs]
    if rows:
        lines += ["", table(["posterior", "bits", "program"], rows, left=(2,))]
    else:
        left = "½ each is a convention" if predictor.fallback_exponent is None else "the fallback alone predicts"
        lines.append(f"no program within the budget prints these bits: {left}")
    return "\n".join(lines)


def explain_text(explanation: Explanation) -> str:
    """Fates, interval and programs."""
    budget = explanation.budget
    in_all = "" if budget.total is None else f", or {budget.total} in all"
    meaning = {
        "match": "prints the bits",
        "mismatch": "prints something else",
        "silent": "proved never to print enough",
        "timeout": f"open: more than {counted(budget.max_steps, 'step')} for a bit{in_all}",
        "cut": f"open: needs more than {counted(budget.max_length, 'bit')}",
    }
    rows = [[name, f"{float(mass):.6f}", f"{mass}", meaning[name]] for name, mass in explanation.mass.items()]
    low, high = explanation.interval
    lines = [table(["fate", "mass", "exactly", "of programs"], rows, left=(0, 3)), ""]
    if explanation.matches_only:
        lines.append("matches only: paths that cannot print the bits any more are in cut, whatever their fate")
    if not explanation.complete:
        lines.append("partial: what was not walked is in cut, and programs may have been missed")
    lines.append(f"certified: {size_text(low)} <= M(x) <= {size_text(high)} for programs of any length and patience")
    if explanation.programs:
        shown = [[str(p.length), p.bits, p.text] for p in explanation.programs]
        lines += ["", table(["bits", "heaviest programs", "as rules"], shown, left=(1, 2))]
    elif explanation.complete:
        lines.append(f"no program of at most {counted(budget.max_length, 'bit')} prints these bits")
    else:
        lines.append("no program that prints these bits was met so far")
    return "\n".join(lines)


def depth_text(explanation: Explanation) -> str:
    """One line of a walk that goes deeper and deeper."""
    low, high = explanation.interval
    best = (
        f"{counted(explanation.shortest.length, 'bit')}, {explanation.shortest.text}"
        if explanation.shortest
        else "none"
    )
    return f"L = {explanation.budget.max_length}: {size_text(low)} <= M(x) <= {size_text(high)}, shortest: {best}"


def prior_text(prior: PriorTable, all_depths: bool) -> str:
    """A row a string, then what stayed open."""
    strings = list(prior) if all_depths else list(prior.strings(prior.depth))
    rows = [[bits or "(empty)", f"{float(prior[bits]):.6f}", str(prior[bits])] for bits in strings]
    rows += [[name, f"{float(mass):.6f}", str(mass)] for name, mass in prior.open.items()]
    return table(["x", "M(x)", "exactly"], rows)


def run_text(run: Run) -> str:
    """The output, then what it took."""
    status = {
        "complete": "wrote all bits that were asked for",
        "cut": "needs more program bits",
        "silent": "proved never to write again",
        "timeout": "out of steps",
    }[run.status]
    return (
        f"{run.output}\n{status}; {counted(run.steps, 'step')}, {counted(run.length, 'program bit')} read\n{run.text}"
    )


def demo_text(result: BoundResult, figure: Path, total: int | None = None) -> str:
    """The demo's table and what to see in it."""
    rivals = list(result.sources[0].baselines)
    rows = []
    for run in result.sources:
        text = run.shortest.text if run.shortest else "none: the fallback alone is left"
        numbers = [f"{run.loss[-1]:.2f}", f"{run.bound[-1]:.2f}", str(run.mistakes)]
        rows.append([run.title, *numbers, *(f"{run.baselines[name]:.1f}" for name in rivals), text])
    head = ["sequence", "loss", "bound", "mistakes", *rivals, "shortest program that prints it"]
    bits = result.sources[0].bits
    budget = Budget(result.max_length, result.max_steps, total)
    return "\n".join(
        [
            f"{counted(bits, 'bit')} of each sequence; {result.machine}: every program of {reach(budget)}",
            "",
            table(head, rows, left=(0, len(head) - 1)),
            "",
            "loss      bits of log loss of all predictions together (0.5 every time would lose 1 a bit)",
            "bound     the length of the shortest program that prints the data, or the fallback's "
            f"{result.fallback_exponent} bits and 1 a bit, whichever is",
            "          less (and 0.0001 for the fallback's weight, rounded up): on any data, loss <= bound, always",
            f"{', '.join(rivals)}   loss of classical predictors on the same bits",
            "The coin is a control: no short program prints it, only the fallback's bound holds, and",
            "nothing is learned.",
            f"figure: {figure}",
        ]
    )
