"""How libkv's CPU time and memory grow: gets in flight, secrets listed, vaults in one process.

Each point is the median of processes that do the job once. Keeps them in `bench/results.json` and writes its section of
`bench/README.md` with its plots. With `BENCH_QUICK=1` each axis has two points, and nothing is kept.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import page
import record
from chart import Chart, side_by_side
from clients import LIBKV, LIBKV_ASYNCIO, Client
from job import Job
from vault import ROOT, LocalVault

RUNS = 3
GETS_OF_A_VAULT = 20


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
    Axis("secrets listed", LIBKV, tuple(size * 10 for size in TENS), listed),
    Axis("vaults in one process", LIBKV, (10, 20, 30, 40, 50), vaults),
)


def once(vault: LocalVault, axis: Axis, size: int) -> dict:
    """Returns what a job of this size takes of a process that has just begun."""
    with axis.begin(vault, axis.client, size) as job:
        before = job.cpu_s()
        run = job.run()
        if run.failed:
            sys.exit(f"{size} {axis.title}: {run.failed} calls of {axis.client.title} failed")
        return {"seconds": run.each_s[0], "cpu_s": job.cpu_s() - before, "peak_kib": job.peak_kib()}


def points(vault: LocalVault, axis: Axis, quick: bool) -> list[dict]:
    """Returns the sizes of an axis with their runs."""
    found = []
    for size in (axis.sizes[0], axis.sizes[-1]) if quick else axis.sizes:
        runs = [once(vault, axis, size) for _ in range(1 if quick else RUNS)]
        found.append({"size": size, "runs": runs})
        seconds, cpu_s = (median(run[figure] for run in runs) for figure in ("seconds", "cpu_s"))
        print(f"{size:,} {axis.title}, {axis.client.name}: {seconds:.2f} s, CPU {cpu_s:.2f} s", flush=True)
    return found


def show(results: list[dict]):
    """Writes the table and the plots."""
    rows, charts = [], []
    for result in results:
        first, last = result["points"][0], result["points"][-1]
        title = f"{result['title']}, {result['client']}"
        cells = [f"{first['size']:,}", f"{last['size']:,}"]
        for figure, unit, divisor in (("cpu_s", "s", 1), ("peak_kib", "MiB", 1024)):
            values = [median(run[figure] for run in point["runs"]) / divisor for point in result["points"]]
            cells += [f"{values[0]:.2f} {unit}", f"{values[-1]:.2f} {unit}"]
            sizes = [f"{point['size']:,}" for point in result["points"]]
            charts.append(Chart(f"{title}, {unit}", result["title"], sizes, {unit: values}, ceiling(max(values))))
        rows.append((title, *cells))
    head = ("", "from", "to", "CPU time", "to", "peak memory", "to")
    (ROOT / "bench/scale.svg").write_text(side_by_side(charts, columns=2))
    page.replace("scale", f"{page.table(head, rows)}\n\n![Time and memory against size](scale.svg)")


def ceiling(value: float) -> float:
    """Returns the round number above a value, for the top of a plot."""
    step = 10 ** (len(str(int(value))) - 1)
    return (int(value / step) + 1) * step


def main():
    """Measures, keeps and shows."""
    quick = os.environ.get("BENCH_QUICK") == "1"
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        results = [
            {"title": axis.title, "client": axis.client.title, "points": points(vault, axis, quick)} for axis in AXES
        ]
    if not quick:
        record.keep("scale", {"machine": record.machine(), "axes": results})
        show(results)


if __name__ == "__main__":
    main()
