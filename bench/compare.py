"""libkv in one language beside the official client and the bare HTTP clients: time, CPU time, memory and size.

The argument names the part: python, node, c or rust. Prints its tables, keeps every run in `bench/results.json` and
writes its section of `bench/README.md`. With `BENCH_QUICK=1` a few short rounds are run, and nothing is kept.
"""

import os
import sys
import tempfile
from pathlib import Path

import fresh
import record
import report
import sizes
from parts import FIRST, LOADING, PARTS, Part
from rounds import take
from vault import LocalVault

FRESH_ROUNDS, QUICK_FRESH_ROUNDS = 21, 3


def measure(name: str, part: Part, quick: bool) -> dict:
    """Returns what the rounds of a part came to, with the load of the machine around them."""
    load = [os.getloadavg()[0]]
    measures, rounds = {}, QUICK_FRESH_ROUNDS if quick else FRESH_ROUNDS
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        for measured in part.measures:
            print(f"{measured.title} ...", file=sys.stderr, flush=True)
            measures[measured.title] = take(vault, measured, quick)
        measures[FIRST] = fresh.first_secrets(vault, part.first, rounds)
    if part.loading:
        measures[LOADING] = fresh.loads(part.loading, rounds)
    load.append(os.getloadavg()[0])
    return {"machine": record.machine(), "load": load, "measures": measures, "sizes": sizes.of_part(name)}


def main():
    """Measures a part, prints, keeps and shows it."""
    name, quick = sys.argv[1], os.environ.get("BENCH_QUICK") == "1"
    part = PARTS[name]
    figures = measure(name, part, quick)
    print(report.text(part, figures))
    if not quick:
        record.keep(name, figures)
        report.show(name, part, figures)


if __name__ == "__main__":
    main()
