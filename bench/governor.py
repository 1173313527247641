"""What the governor costs a call on a vault that does not throttle, as a share of its CPU time.

Reads how long an admission takes from the file that the core's test wrote, measures what a get costs, and writes its
part of `bench/README.md`.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import page
from clients import LIBKV
from job import Job
from vault import LocalVault

GETS, RUNS = 20_000, 5


def cpu_of_a_get(workers: int) -> float:
    """Returns the client's CPU time for a get with so many at a time, in microseconds: the median of some runs."""
    costs = []
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        vault.reset(GETS)
        with Job(LIBKV, vault, "get", [(workers, GETS)]) as job:
            job.run()
            for _ in range(RUNS):
                before = job.cpu_s()
                if job.run().failed:
                    sys.exit("a get from a vault that does not throttle failed")
                costs.append((job.cpu_s() - before) / GETS * 1e6)
    return statistics.median(costs)


def main():
    """Measures, prints and writes."""
    admission_ns = float(Path(sys.argv[1]).read_text())
    rows = []
    for workers in (1, 64):
        get_us = cpu_of_a_get(workers)
        share = admission_ns / 1000 / get_us
        rows.append((str(workers), f"{get_us:.0f} µs", f"{admission_ns:.0f} ns", f"{share:.2%}"))
    table = page.table(("gets at a time", "CPU time of a get", "of it the governor", "share"), rows)
    print(table)
    page.replace("governor", table)


main()
