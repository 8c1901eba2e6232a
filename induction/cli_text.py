"""Results as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from induction.enumeration.runner import Run
from induction.experiments.bound import BoundResult
from induction.inductor.explanation import Explanation
from induction.inductor.predictor import Predictor
from induction.inductor.prior import PriorTable

_DIGITS = 40  # of an exact number before it is shown as a float alone


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
    text = f"{value.numerator}/{value.denominator}"
    return f"{float(value):.6g}" if len(text) > _DIGITS else f"{text} = {float(value):.6g}"


def predict_text(predictor: Predictor) -> str:
    """What comes next, with how much certainty, and who says so."""
    p = predictor.predict_exact()
    low, high = predictor.interval()
    lines = [
        f"after {len(predictor.data)} bits, {predictor.machine}, programs of at most "
        f"{predictor.budget.max_length} bits and {predictor.budget.max_steps} steps an output bit",
        f"P(1) = {exact(p[1])}",
        f"P(0) = {exact(p[0])}",
        f"certified interval of P(1), any length, any patience: [{float(low):.6g}, {float(high):.6g}]"
        + ("  (says next to nothing)" if high - low > Fraction(9, 10) else ""),
        f"loss so far {predictor.loss_bits:.4f} bits, bound {predictor.bound_bits:.4f} bits, "
        f"{predictor.mistakes} mistakes",
    ]
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
    meaning = {
        "match": "prints the bits",
        "mismatch": "prints something else",
        "silent": "proved never to print enough",
        "timeout": f"open: more than {explanation.budget.max_steps} steps for a bit",
        "cut": f"open: needs more than {explanation.budget.max_length} bits",
    }
    rows = [[name, f"{float(mass):.6f}", f"{mass}", meaning[name]] for name, mass in explanation.mass.items()]
    low, high = explanation.interval
    lines = [table(["fate", "mass", "exactly", "of programs"], rows, left=(0, 3)), ""]
    if explanation.matches_only:
        lines.append("matches only: paths that cannot print the bits any more are in cut, whatever their fate")
    if not explanation.complete:
        lines.append("partial: the time was up; what was not walked is in cut, and programs may have been missed")
    lines.append(f"certified: {float(low):.6g} <= M(x) <= {float(high):.6g} for programs of any length and patience")
    if explanation.programs:
        shown = [[str(p.length), p.bits, p.text] for p in explanation.programs]
        lines += ["", table(["bits", "heaviest programs", "as rules"], shown, left=(1, 2))]
    else:
        lines.append(f"no program of at most {explanation.budget.max_length} bits prints these bits")
    return "\n".join(lines)


def depth_text(explanation: Explanation) -> str:
    """One line of a walk that goes deeper and deeper."""
    low, high = explanation.interval
    best = f"{explanation.shortest.length} bits, {explanation.shortest.text}" if explanation.shortest else "none"
    return f"L = {explanation.budget.max_length}: {float(low):.6g} <= M(x) <= {float(high):.6g}, shortest: {best}"


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
    return f"{run.output}\n{status}; {run.steps} steps, {run.length} program bits read\n{run.text}"


def demo_text(result: BoundResult, figure: Path) -> str:
    """The demo's table and what to see in it."""
    rivals = list(result.sources[0].baselines)
    rows = []
    for run in result.sources:
        text = run.shortest.text if run.shortest else "none: the fallback alone is left"
        numbers = [f"{run.loss[-1]:.2f}", f"{run.bound[-1]:.2f}", str(run.mistakes)]
        rows.append([run.title, *numbers, *(f"{run.baselines[name]:.1f}" for name in rivals), text])
    head = ["sequence", "loss", "bound", "mistakes", *rivals, "shortest program that prints it"]
    bits = result.sources[0].bits
    return "\n".join(
        [
            f"{bits} bits of each sequence; {result.machine}: every program of at most {result.max_length} bits "
            f"and {result.max_steps} steps an output bit",
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
