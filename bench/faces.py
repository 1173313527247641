"""What a get asks of the system: waits of threads, wake-ups between them, system calls, allocations.

Prints the table of libkv's faces and of the bare clients beside them, keeps it in `bench/results.json` behind those of
earlier builds and writes its section of `bench/README.md`. `BENCH_BUILD` names the build, which is the last commit
otherwise. With `BENCH_QUICK=1` it is libkv alone, with few gets, and nothing is kept.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import page
import record
from clients import (
    AIOHTTP,
    LIBKV,
    LIBKV_ASYNCIO,
    LIBKV_C,
    LIBKV_NODE,
    LIBKV_PYTHON,
    REQWEST_1,
    REQWEST_2,
    UNDICI,
    URLLIB3,
    Client,
)
from job import Job
from vault import ROOT, LocalVault

QUICK = os.environ.get("BENCH_QUICK") == "1"
OURS = (LIBKV, LIBKV_C, LIBKV_PYTHON, LIBKV_ASYNCIO, LIBKV_NODE)
CLIENTS = OURS if QUICK else (*OURS, REQWEST_1, REQWEST_2, URLLIB3, AIOHTTP, UNDICI)
GETS, JOBS, TRACED_JOBS = (250, 1, 1) if QUICK else (500, 8, 2)
COUNTER = ROOT / "target/bench/allocations.so"
FIGURES = ("waits", "wake_ups", "system_calls", "allocations")
MOST_NAMED, MOST_BUILDS = 5, 3

# Lines of strace: one that begins a call, one that says how many threads a futex woke, and one that writes to what
# another thread of the process waits for.
CALL = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)
FUTEX_WOKE = re.compile(r"^\d+ +(?:futex\(|<\.\.\. futex resumed).* = ([1-9]\d*)$", re.MULTILINE)
WOKE = re.compile(r"^\d+ +(?:write|send\w*)\(\d+<(?:anon_inode:\[eventfd|UNIX|pipe)", re.MULTILINE)
# A line of input, which has a worker do its job.
JOB = '"go\\n"'


def work(vault: LocalVault, client: Client, workers: int, jobs: int, environment: dict[str, str] | None = None) -> int:
    """Does the job so many times in a process of its own; returns how often its threads waited."""
    with Job(client, vault, "get", [(workers, GETS)], environment) as job:
        for _ in range(jobs):
            if job.run().failed:
                raise RuntimeError(f"calls of {client.title} failed")
        return job.finish()


def a_get(count) -> float:
    """Returns what a get adds, given what so many jobs count to; the first makes the connections."""
    return (count(1 + JOBS) - count(1)) / (JOBS * GETS)


def waits(vault: LocalVault, client: Client, workers: int) -> float:
    """Returns how often a thread of the process waits during a get."""
    return a_get(lambda jobs: work(vault, client, workers, jobs))


def system_calls(vault: LocalVault, client: Client, workers: int, report: Path) -> dict:
    """Returns the system calls of a get by name, and how often it has one thread wake another."""
    traced = replace(client, command=("strace", "-f", "-qq", "-yy", "-o", report, *client.command))
    work(vault, traced, workers, 1 + TRACED_JOBS)
    lines = report.read_text(errors="replace").split(JOB, 2)[2]
    woken = len(WOKE.findall(lines)) + sum(int(threads) for threads in FUTEX_WOKE.findall(lines))
    gets = TRACED_JOBS * GETS
    calls = Counter(CALL.findall(lines))
    named = {name: count / gets for name, count in calls.most_common(MOST_NAMED) if count / gets >= 0.01}
    return {"wake_ups": woken / gets, "system_calls": calls.total() / gets, "named": named}


def allocations(vault: LocalVault, client: Client, workers: int, counter: Path) -> float:
    """Returns the allocations of a get, Python's objects among them; JavaScript's are its engine's own."""
    environment = {"LD_PRELOAD": str(COUNTER), "ALLOCATIONS": str(counter), "PYTHONMALLOC": "malloc"}

    def count(jobs: int) -> int:
        counter.write_bytes(bytes(8))
        work(vault, client, workers, jobs, environment)
        return int.from_bytes(counter.read_bytes(), sys.byteorder)

    return a_get(count)


def profile(vault: LocalVault, client: Client, workers: int, folder: Path) -> dict:
    """Returns what a get asks of the system; without strace, what is known without it."""
    return {
        "client": client.title,
        "workers": workers,
        "waits": waits(vault, client, workers),
        **(system_calls(vault, client, workers, folder / "strace") if shutil.which("strace") else {}),
        "allocations": allocations(vault, client, workers, folder / "allocations"),
    }


def build() -> str:
    """Returns what the build is called."""
    subject = ["git", "log", "-1", "--format=%s"]
    return os.environ.get("BENCH_BUILD") or subprocess.check_output(subject, cwd=ROOT, text=True).strip()


def table(builds: list[dict]) -> str:
    """Returns the last build's profiles as a table, each figure behind those of the builds before."""
    rows = []
    for face in builds[-1]["faces"]:
        name = (face["client"], face["workers"])
        history = [one for build in builds for one in build["faces"] if (one["client"], one["workers"]) == name]
        figures = [
            " → ".join(f"{round(one[figure], 2) + 0:.2f}" for one in history if figure in one) for figure in FIGURES
        ]
        calls = ", ".join(f"{call} {count:.2f}" for call, count in face.get("named", {}).items())
        rows.append((face["client"], str(face["workers"]), *figures, calls))
    heads = (figure.replace("_", "-" if figure == "wake_ups" else " ") for figure in FIGURES)
    return page.table(("client", "at a time", *heads, "the most frequent calls"), rows)


def main():
    """Profiles, prints, keeps and shows."""
    faces = []
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        vault.reset(GETS)
        for client in CLIENTS:
            for workers in (1,) if QUICK else (1, 64):
                faces.append(profile(vault, client, workers, Path(folder)))
                print(f"{client.title}, {workers} at a time", file=sys.stderr, flush=True)
    latest = {"build": build(), "faces": faces}
    print(table([latest]))
    if not QUICK:
        kept = record.read().get("profile", {}).get("builds", [])
        builds = [*(one for one in kept if one["build"] != latest["build"]), latest]
        record.keep("profile", {"machine": record.machine(), "builds": builds})
        shown = builds[-MOST_BUILDS:]
        names = " → ".join(f"*{one['build']}*" for one in shown)
        page.replace("profile", f"{names}\n\n{table(shown)}")


main()
