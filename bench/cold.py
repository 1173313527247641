"""Twenty callers of a client that knows nothing yet: tokens asked for and 401s answered, beside the official clients.

Prints the counts and writes its part of `bench/README.md`. With `BENCH_QUICK=1` libkv runs alone, and the page stays as
it is.
"""

import os
import sys
import tempfile
from pathlib import Path

import page
from clients import Client, chosen
from job import Job
from vault import LocalVault

CALLERS = 20


def measure(vault: LocalVault, client: Client) -> tuple[int, int]:
    """Returns how many tokens a client asked for, and how many requests the vault answered with 401."""
    vault.reset(CALLERS)
    with Job(client, vault, "get", [(CALLERS, CALLERS)]) as job:
        run = job.run()
    if run.failed:
        sys.exit(f"{run.failed} gets of {client.name} failed")
    return run.tokens, vault.control("GET", "/requests")["counts"].get("probe", 0)


def main():
    """Measures, prints and writes."""
    rows = []
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        for client in chosen(sys.argv[1:]):
            tokens, refused = measure(vault, client)
            rows.append((f"{client.name} {client.version}", str(tokens), str(refused)))
    table = page.table(("client", "tokens asked for", "401s"), rows)
    print(table)
    if os.environ.get("BENCH_QUICK") != "1":
        page.replace("cold", table)


main()
