"""How long a timer of one millisecond is kept waiting while Node has ten thousand gets at a time.

Each run is of a process that has just begun. Prints the figures, keeps them in `bench/results.json` and writes their
part of `bench/README.md`. With `BENCH_QUICK=1` libkv runs alone and once, and nothing is kept.
"""

import os
import sys
import tempfile
from pathlib import Path
from statistics import median

import page
import record
from clients import LIBKV_NODE, OFFICIAL_NODE, UNDICI, Client
from job import Job, Run
from vault import LocalVault

GETS = 10_000
QUICK = os.environ.get("BENCH_QUICK") == "1"
# The official client takes a minute.
RUNS = {LIBKV_NODE: 1} if QUICK else {LIBKV_NODE: 5, UNDICI: 5, OFFICIAL_NODE: 1}


def measure(vault: LocalVault, client: Client) -> Run:
    """Returns what the job takes, and how late the latest timer was."""
    with Job(client, vault, "delay", [(GETS, GETS)]) as job:
        run = job.run()
    if run.failed:
        sys.exit(f"{run.failed} gets of {client.title} failed")
    return run


def main():
    """Measures, prints, keeps and writes."""
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        vault.reset(GETS)
        runs = {client: [measure(vault, client) for _ in range(count)] for client, count in RUNS.items()}
    rows = []
    for client, taken in runs.items():
        delays = [run.delay_ms for run in taken]
        times = f"{median(run.each_s[0] for run in taken):.2f} s"
        rows.append((client.title, str(len(taken)), f"{median(delays):,.0f} ms", f"{max(delays):,.0f} ms", times))
    table = page.table(("client", "runs", "latest timer", "in the worst run", "time for all gets"), rows)
    print(table)
    if not QUICK:
        kept = {
            client.title: [{"delay_ms": run.delay_ms, "seconds": run.each_s[0]} for run in taken]
            for client, taken in runs.items()
        }
        record.keep("delay", {"machine": record.machine(), "clients": kept})
        page.replace("delay", table)


main()
