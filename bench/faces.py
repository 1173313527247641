"""What a get asks of the system: waits of threads, system calls and, where all memory is Rust's or C's, allocations.

Prints the table of each of libkv's faces, keeps it in `bench/results.json` and writes its section of `bench/README.md`.
System calls need strace and allocations valgrind; both slow a process down, so that more is done at a time.
With `BENCH_QUICK=1` it is one get at a time, without allocations, and nothing is kept.
"""

import os
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import page
import record
from clients import LIBKV, LIBKV_ASYNCIO, LIBKV_C, LIBKV_NODE, LIBKV_PYTHON, Client
from job import Job
from vault import LocalVault

QUICK = os.environ.get("BENCH_QUICK") == "1"
GETS, ROUNDS = (250, 2) if QUICK else (1_000, 4)
NATIVE = (LIBKV, LIBKV_C)
MOST_NAMED = 5

Counts = dict[str, float]


def under(tool: list[str | Path], vault: LocalVault, client: Client, workers: int, rounds: int):
    """Does the job so many times under a tool that writes its report at the end."""
    traced = replace(client, command=(*tool, *client.command))
    with Job(traced, vault, "get", [(workers, GETS)]) as job:
        for _ in range(rounds):
            if job.run().failed:
                raise RuntimeError(f"calls of {client.title} failed under {tool[0]}")
        job.finish()


def a_get(count, rounds: int = ROUNDS) -> Counts:
    """Returns what a get adds, given what so many rounds count to."""
    few, many = count(1), count(1 + rounds)
    return {name: (many[name] - few.get(name, 0)) / (rounds * GETS) for name in many}


def system_calls(vault: LocalVault, client: Client, workers: int, folder: Path) -> Counts:
    """Returns the system calls of a get, by name."""

    def count(rounds: int) -> Counts:
        report = folder / "strace"
        under(["strace", "-f", "-c", "-U", "calls,name", "-o", report], vault, client, workers, rounds)
        lines = re.findall(r"^\s*(\d+) (\w+)$", report.read_text(), re.MULTILINE)
        return {name: int(calls) for calls, name in lines if name != "total"}

    return a_get(count)


def allocations(vault: LocalVault, client: Client, workers: int, folder: Path) -> float:
    """Returns the allocations of a get."""

    def count(rounds: int) -> Counts:
        report = folder / "valgrind"
        under(["valgrind", f"--log-file={report}"], vault, client, workers, rounds)
        return {"all": int(re.search(r"usage: ([\d,]+) allocs", report.read_text())[1].replace(",", ""))}

    return a_get(count, 1)["all"]


def waits(vault: LocalVault, client: Client, workers: int) -> float:
    """Returns how often a thread of the process waits during a get."""
    with Job(client, vault, "get", [(workers, GETS)]) as job:
        job.run()
        before = job.waits()
        for _ in range(ROUNDS):
            job.run()
        return (job.waits() - before) / (ROUNDS * GETS)


def profile(vault: LocalVault, client: Client, workers: int, folder: Path) -> dict:
    """Returns what a get asks of the system; what no tool is there for is left out."""
    found = {"client": client.title, "workers": workers, "waits": waits(vault, client, workers)}
    if shutil.which("strace"):
        found["system_calls"] = system_calls(vault, client, workers, folder)
    if shutil.which("valgrind") and client in NATIVE and not QUICK:
        found["allocations"] = allocations(vault, client, workers, folder)
    return found


def table(found: list[dict]) -> str:
    """Returns the profiles as a table."""
    rows = []
    for one in found:
        calls = sorted(one.get("system_calls", {}).items(), key=lambda call: -call[1])
        named = ", ".join(f"{name} {count:.2f}" for name, count in calls[:MOST_NAMED] if count >= 0.01)
        total = f"{sum(count for _, count in calls):.2f}" if calls else ""
        allocated = f"{one['allocations']:.1f}" if "allocations" in one else ""
        rows.append((one["client"], str(one["workers"]), f"{one['waits']:.2f}", total, named, allocated))
    return page.table(("face", "at a time", "waits", "system calls", "of them", "allocations"), rows)


def main():
    """Profiles, prints, keeps and shows."""
    found = []
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        vault.reset(GETS)
        for client in (LIBKV, LIBKV_C, LIBKV_PYTHON, LIBKV_ASYNCIO, LIBKV_NODE):
            for workers in (1,) if QUICK else (1, 64):
                found.append(profile(vault, client, workers, Path(folder)))
                print(table(found[-1:]).splitlines()[-1], flush=True)
    if not QUICK:
        record.keep("profile", {"machine": record.machine(), "faces": found})
        page.replace("profile", table(found))


if __name__ == "__main__":
    main()
