"""How libkv's time, CPU time and memory grow: gets in flight, secrets listed, vaults in one process.

Each run is of a process that does the job once; a point is the median of its runs. Says for each whether it grows
linearly or better, keeps all runs in `bench/results.json` and writes its section of `bench/README.md` with its plots.
With `BENCH_QUICK=1` each axis has its ends, once, and nothing is kept.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log, log10
from pathlib import Path
from statistics import linear_regression, median

import page
import record
from chart import Chart, side_by_side
from clients import LIBKV, LIBKV_ASYNCIO, LIBKV_NODE, Client
from job import Job
from vault import ROOT, LocalVault

GETS_OF_A_VAULT = 50
RUNS = 5
# What is measured of a run, its unit, and how many of what it is kept in make one.
FIGURES = {"seconds": ("time", "s", 1), "cpu_s": ("CPU time", "s", 1), "peak_kib": ("memory", "MiB", 1024)}
# What grows with this power of the size, at most, is called linear: caches hold less of what is more. Time is the whole
# machine's.
LINEAR, JUDGED = 1.15, ("cpu_s", "peak_kib")


@dataclass(frozen=True)
class Axis:
    """What grows, and the job of one size."""

    title: str
    client: Client
    sizes: tuple[int, ...]
    # Makes the vaults and starts the job.
    begin: Callable[[LocalVault, Client, int], Job]


def in_flight(vault: LocalVault, client: Client, gets: int) -> Job:
    """As many gets as there are secrets, all at a time."""
    vault.reset(gets)
    return Job(client, vault, "get", [(gets, gets)])


def listed(vault: LocalVault, client: Client, secrets: int) -> Job:
    """A list of all secrets."""
    vault.reset(secrets)
    return Job(client, vault, "list", [(1, secrets)])


def vaults(vault: LocalVault, client: Client, count: int) -> Job:
    """Some gets from each vault, all vaults at a time."""
    gets = GETS_OF_A_VAULT * count
    for number in range(count):
        vault.reset(gets, vault=f"vault-{number}")
    return Job(client, vault, "get", [(count, gets)], {"VAULTS": str(count)})


TENS = tuple(range(2_000, 10_001, 2_000))
AXES = (
    Axis("gets in flight", LIBKV, TENS, in_flight),
    Axis("gets in flight", LIBKV_ASYNCIO, TENS, in_flight),
    Axis("gets in flight", LIBKV_NODE, TENS, in_flight),
    Axis("secrets listed", LIBKV, tuple(size * 10 for size in TENS), listed),
    Axis("vaults in one process", LIBKV, (10, 20, 30, 40, 50), vaults),
)


def once(vault: LocalVault, axis: Axis, size: int) -> dict:
    """Returns what a job of this size takes of a process that has just begun; memory is what the job adds to it."""
    with axis.begin(vault, axis.client, size) as job:
        cpu_s, peak_kib = job.cpu_s(), job.peak_kib()
        run = job.run()
        if run.failed:
            sys.exit(f"{size} {axis.title}: {run.failed} calls of {axis.client.title} failed")
        return {"seconds": run.each_s[0], "cpu_s": job.cpu_s() - cpu_s, "peak_kib": job.peak_kib() - peak_kib}


def points(vault: LocalVault, axis: Axis, quick: bool) -> list[dict]:
    """Returns the sizes of an axis with their runs, which take turns: what slows the machine down meets all sizes."""
    found = [{"size": size, "runs": []} for size in (axis.sizes[:: len(axis.sizes) - 1] if quick else axis.sizes)]
    for _ in range(1 if quick else RUNS):
        for point in found:
            point["runs"].append(once(vault, axis, point["size"]))
    print(f"{axis.title}, {axis.client.name}", file=sys.stderr, flush=True)
    return found


def medians(result: dict, figure: str) -> list[float]:
    """Returns a figure of each point, in its unit."""
    return [median(run[figure] for run in point["runs"]) / FIGURES[figure][2] for point in result["points"]]


def power(sizes: list[int], values: list[float]) -> float:
    """Returns the power of the size that the values grow with: 1 where they are proportional to it, 2 to its square."""
    return linear_regression([log(size) for size in sizes], [log(value) for value in values]).slope


def row(result: dict) -> tuple[str, ...]:
    """Returns the first and the last point of an axis, and how the figures grow in between."""
    sizes = [point["size"] for point in result["points"]]
    cells, powers = [], {}
    for figure, (_, unit, _) in FIGURES.items():
        values = medians(result, figure)
        powers[figure] = power(sizes, values)
        cells += [f"{values[0]:.2f} → {values[-1]:.2f} {unit}", f"{powers[figure]:.2f}"]
    verdict = "yes" if max(powers[figure] for figure in JUDGED) <= LINEAR else "**no**"
    return (result["title"], result["client"], f"{sizes[0]:,} → {sizes[-1]:,}", *cells, verdict)


def table(results: list[dict]) -> str:
    """Returns the axes as a table."""
    figures = (head for name, _, _ in FIGURES.values() for head in (name, "power"))
    return page.table(
        ("what grows", "client", "from → to", *figures, "linear or better"), [row(one) for one in results]
    )


def ceiling(value: float) -> float:
    """Returns the round number above a value, for the top of a plot."""
    step = 10 ** floor(log10(value))
    return ceil(value / step) * step


def plots(results: list[dict]) -> str:
    """Returns an SVG document with each figure of each axis against the size."""
    charts = []
    for result in results:
        sizes = [point["size"] for point in result["points"]]
        for figure, (name, unit, _) in FIGURES.items():
            values = medians(result, figure)
            title = f"{result['client']}: {name}, {unit}"
            # From nothing on, so that what is proportional is a line through the corner.
            charts.append(Chart(title, result["title"], [0, *sizes], {unit: [0, *values]}, ceiling(max(values))))
    return side_by_side(charts, columns=len(FIGURES))


def main():
    """Measures, prints, keeps and shows."""
    quick = os.environ.get("BENCH_QUICK") == "1"
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        results = [
            {"title": axis.title, "client": axis.client.title, "points": points(vault, axis, quick)} for axis in AXES
        ]
    print(table(results))
    if not quick:
        record.keep("scale", {"machine": record.machine(), "axes": results})
        (ROOT / "bench/scale.svg").write_text(plots(results))
        page.replace("scale", f"{table(results)}\n\n![Time and memory against size](scale.svg)")


main()
