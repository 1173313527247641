"""A thousand sets of which 5 % lose their connection after the vault has done its work.

Measures libkv and the official clients, prints how many duplicate versions they made and how many calls failed, keeps
that in `bench/results.json` and writes the table of `bench/README.md`. With `BENCH_QUICK=1` libkv runs alone and the
page stays as it is.
"""

import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import page
import record
from clients import Client, chosen
from job import Job
from vault import LocalVault

SETS = 1_000
WORKERS = 8
# One in so many sets loses its connection.
EVERY = 20


@dataclass
class Figures:
    """What one run came to."""

    drops: int
    # Versions that no caller asked for.
    duplicates: int
    failed: int
    # Calls that were reported as failed though their version is there.
    failed_but_done: int


def measure(vault: LocalVault, client: Client) -> Figures:
    """Sets each of the secrets once."""
    # A fault counts only the requests that the faults before it have let pass.
    drop = {"operation": "set_secret", "action": "reset_after"}
    faults = [drop | {"skip": (EVERY - 1) * number} for number in range(1, SETS // EVERY + 1)]
    vault.reset(faults=faults)
    with Job(client, vault, "set", [(WORKERS, SETS)]) as job:
        run = job.run()
    state = vault.control("GET")
    versions = [secret["versions"] for secret in state["secrets"].values()]
    missing = SETS - len(versions)
    return Figures(
        drops=len(faults) - len(state["faults"]),
        duplicates=sum(versions) - len(versions),
        failed=run.failed,
        failed_but_done=run.failed - missing,
    )


def main():
    """Measures all clients."""
    results = []
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        for client in chosen([]):
            figures = measure(vault, client)
            results.append({"client": f"{client.name} {client.version}", **asdict(figures)})
    head = ("client", "connections dropped", "duplicate versions", "failed calls", "of them done after all")
    text = page.table(head, [tuple(str(member) for member in result.values()) for result in results])
    print(text)
    if os.environ.get("BENCH_QUICK") != "1":
        record.keep("faults", {"results": results})
        page.replace("faults", text)


if __name__ == "__main__":
    main()
