"""What is fast, in one run: ``make bench``. Ratios, not seconds, are what carries to other machines.

The walk stands beside a plain C walk of the same tree (queue_reference.c, gcc -O3), each measured
several times in turn; kernels are warm. ``--full`` goes deeper and takes some ten minutes more.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from figure import draw

from induction import Predictor
from induction.budget import Budget
from induction.enumeration.shards import enumerate_sharded
from induction.enumeration.targets import single
from induction.enumeration.walk import Ledger, enumerate_programs
from induction.machines import get, names
from induction.sources.sequences import sequence

HERE = Path(__file__).resolve().parent
BITS = 48


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compile_reference(folder: Path) -> Path | None:
    """The C walk as a program, None without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    program = folder / "queue_reference"
    subprocess.run([compiler, "-O3", "-o", str(program), str(HERE / "queue_reference.c")], check=True)
    return program


def reference(program: Path, length: int, steps: int, text: str) -> dict:
    """One run of the C walk: masses, nodes and seconds."""
    done = subprocess.run([program, str(length), str(steps), text], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def walk(machine: str, length: int, steps: int, text: str, **options: bool) -> tuple[Ledger, float]:
    """One walk and its seconds."""
    start = time.perf_counter()
    ledger = enumerate_programs(get(machine), Budget(length, steps), single(text), keep=1, **options)
    return ledger, time.perf_counter() - start


def beside_c(program: Path, length: int, steps: int, repeats: int) -> list[dict]:
    """Our walk and the C walk in turn, on four targets."""
    rows = []
    for name in ("thue-morse", "alternating", "zeros", "coin"):
        text = "".join(map(str, sequence(name).bits(BITS)))
        ours, matches, theirs = [], [], []
        for _ in range(repeats):
            ledger, time_ours = walk("queue", length, steps, text)
            ours.append(time_ours)
            matches.append(walk("queue", length, steps, text, matches_only=True)[1])
            found = reference(program, length, steps, text)
            theirs.append(found["seconds"])
        assert [int(v) for v in ledger.totals[[0, 1, 4]]] == [found["done"], found["bad"], found["cut"]]
        rows.append(
            {
                "target": name,
                "L": length,
                "T": steps,
                "seconds": statistics.median(ours),
                "c_seconds": statistics.median(theirs),
                "ratio": statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
                "match_only_ratio": statistics.median(a / b for a, b in zip(matches, theirs, strict=True)),
                "forks_per_second": ledger.forks / statistics.median(ours),
            }
        )
    return rows


def machines(repeats: int) -> list[dict]:
    """Forks per second of every machine on Thue–Morse, within its default budget less two bits."""
    text = "".join(map(str, sequence("thue-morse").bits(BITS)))
    rows = []
    for name in names():
        length = get(name).default.max_length - 2
        runs = [walk(name, length, 256, text) for _ in range(repeats)]
        middle = statistics.median(r[1] for r in runs)
        row = {"machine": name, "L": length, "forks": runs[0][0].forks, "seconds": middle}
        rows.append(row | {"forks_per_second": runs[0][0].forks / middle})
    return rows


def growth(budgets: list[Budget]) -> list[dict]:
    """Forks and time of both walks within each budget, for Thue–Morse on `queue`."""
    text = "".join(map(str, sequence("thue-morse").bits(BITS)))
    rows = []
    for budget in budgets:
        row: dict[str, float] = {"L": budget.max_length, "T": budget.max_steps}
        for before, matches_only in (("", False), ("matches_", True)):
            ledger, spent = walk("queue", budget.max_length, budget.max_steps, text, matches_only=matches_only)
            row |= {f"{before}forks": ledger.forks, f"{before}seconds": spent}
        rows.append(row)
    return rows


def deep() -> list[dict]:
    """What two cores do in a minute or so: L = 40 with all fates, L = 42 for matches only."""
    rows = []
    for length, matches_only in ((40, False), (42, True)):
        for name in ("thue-morse", "alternating"):
            target = single("".join(map(str, sequence(name).bits(BITS))))
            search = partial(enumerate_sharded, get("queue"), Budget(length, 1024), target, keep=1, workers=2)
            spent = seconds(partial(search, matches_only=matches_only))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
            rows.append({"target": name, "L": length, "matches_only": matches_only, "seconds": spent, "peak_GB": peak})
    return rows


def online(length: int = 28, bits: int = 1024) -> list[dict]:
    """The default predictor's updates on zeros, Thue–Morse and a coin."""
    Predictor(max_length=10).learn_many("01")  # kernels are warm
    rows = []
    for name in ("zeros", "thue-morse", "coin"):
        predictor = Predictor(max_length=length)
        spent = []
        for bit in sequence(name).bits(bits):
            spent.append(seconds(partial(predictor.learn_one, int(bit))))
        later = np.array(spent[8:]) * 1e3
        rows.append(
            {
                "source": name,
                "first_8_s": sum(spent[:8]),
                "median_ms": float(np.median(later)),
                "p99_ms": float(np.quantile(later, 0.99)),
                "programs_alive": predictor.programs_alive,
            }
        )
    return rows


def workers(length: int, steps: int) -> list[dict]:
    """The same search on one and on two cores, by threads and by processes."""
    text = "".join(map(str, sequence("thue-morse").bits(BITS)))
    rows = []
    for count, kind in ((1, "threads"), (2, "threads"), (2, "processes")):
        start = time.perf_counter()
        enumerate_sharded(get("queue"), Budget(length, steps), single(text), keep=1, workers=count, executor=kind)
        rows.append({"workers": count, "executor": kind, "L": length, "seconds": time.perf_counter() - start})
    for row in rows:
        row["speed_up"] = rows[0]["seconds"] / row["seconds"]
    return rows


def start_up() -> list[dict]:
    """Whole processes, the middle of five."""
    commands = {
        "--help": ["--help"],
        "run": ["run", "thue-morse"],
        "explain": ["explain", "0101", "--max-length", "16"],
    }
    rows = []
    for name, arguments in commands.items():
        call = [sys.executable, "-m", "induction", *arguments]
        spent = [seconds(lambda call=call: subprocess.run(call, capture_output=True, check=True)) for _ in range(5)]
        rows.append({"command": name, "seconds": statistics.median(spent)})
    return rows


def show(title: str, rows: list[dict]) -> None:
    """Print rows as a table."""
    from induction.cli_text import table

    def written(value: object) -> str:
        return f"{value:.3g}" if isinstance(value, float) else str(value)

    print(f"\n{title}\n" + table(list(rows[0]), [[written(v) for v in row.values()] for row in rows]), flush=True)


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="L = 36 beside C, deeper growth, longer scaling, L = 40 and 42"
    )
    parser.add_argument("--out", type=Path, default=HERE / "bench.png")
    options = parser.parse_args()
    walk("queue", 10, 256, "01")
    walk("queue", 10, 256, "01", matches_only=True)
    results: dict[str, list[dict]] = {}

    def add(key: str, title: str, rows: list[dict]) -> None:
        results[key] = rows
        show(title, rows)

    with tempfile.TemporaryDirectory() as folder:
        program = compile_reference(Path(folder))
        if program is None:
            print("no C compiler: the comparison with C is left out")
        else:
            title = "The walk beside plain C, one core, kernels warm (medians), L = {}, T = {}"
            for length, steps in [(28, 256), (32, 1024)] + [(36, 1024)] * options.full + [(32, 256)]:
                rows = beside_c(program, length, steps, {28: 7, 32: 3, 36: 1}[length])
                add(f"beside C, L = {length}, T = {steps}", title.format(length, steps), rows)
            results["beside C"] = rows
    add("machines", "Machines", machines(3))
    deepest = 34 if options.full else 30
    add("growth with L", "Growth with L", growth([Budget(n, 256) for n in range(16, deepest + 1, 2)]))
    add("growth with T", "Growth with T", growth([Budget(26, 4**k) for k in range(1, 8)]))
    add("online", "Online predictor, L = 28, 1 024 bits", online())
    add("cores", "Cores", workers(39 if options.full else 36, 1024))
    add("start-up", "Start-up, whole processes", start_up())
    draw(results, options.out)
    if options.full:
        add("deep", "Two threads, T = 1 024", deep())
    options.out.with_suffix(".json").write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nfigure: {options.out}")


if __name__ == "__main__":
    main()
