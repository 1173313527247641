"""The clients that are measured side by side, and processes of them at work."""

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vault import ROOT, LocalVault

WORKERS = ROOT / "bench" / "workers"
LONGEST_RUN_S = 300


@dataclass(frozen=True)
class Client:
    """A client, and the worker program that uses it."""

    name: str
    command: tuple[str | Path, ...]
    # The file that pins the version, and what stands before it.
    pin: tuple[Path, str]

    @property
    def version(self) -> str:
        """The version as it is pinned."""
        file, before = self.pin
        return re.search(re.escape(before) + r"([^\s\"]+)", file.read_text())[1]


LIBKV = Client("libkv", (ROOT / "target/release/libkv-bench-worker",), (ROOT / "Cargo.toml", 'version = "'))
OFFICIAL = [
    Client(
        "official Python",
        (ROOT / "bench/.venv/bin/python", WORKERS / "python/worker.py"),
        (WORKERS / "python/requirements.in", "azure-keyvault-secrets=="),
    ),
    Client(
        "official JavaScript",
        ("node", WORKERS / "javascript/worker.mjs"),
        (WORKERS / "javascript/package.json", '"@azure/keyvault-secrets": "'),
    ),
    Client(
        "official Rust",
        (ROOT / "target/bench/release/official-worker",),
        (WORKERS / "rust/Cargo.toml", 'azure_security_keyvault_secrets = "='),
    ),
]


ALL = [LIBKV, *OFFICIAL]


def chosen(names: list[str]) -> list[Client]:
    """Returns the clients of these names, or all; libkv alone where the environment says that it shall be quick."""
    if unknown := set(names) - {client.name for client in ALL}:
        raise SystemExit(f"there is no client {unknown.pop()!r}; there are {', '.join(client.name for client in ALL)}")
    if os.environ.get("BENCH_QUICK") == "1":
        return [LIBKV]
    return [client for client in ALL if client.name in names] if names else ALL


@dataclass
class Run:
    """What a job took: for all processes together, and for each."""

    seconds: float
    each_s: list[float]
    failed: int
    # How often the processes have asked their credentials for a token so far.
    tokens: int


class Job:
    """Processes of a client that share out calls, started and waiting for the word."""

    def __init__(self, client: Client, vault: LocalVault, operation: str, shares: list[tuple[int, int]]):
        """Starts a process for each share: its workers and its calls."""
        self._processes, first = [], 0
        for workers, calls in shares:
            arguments = [operation, str(workers), str(first), str(calls)]
            self._processes.append(
                subprocess.Popen(
                    [*client.command, *arguments],
                    env=os.environ | vault.environment(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            first += calls
        for process in self._processes:
            self._line(process)

    def run(self, midway: tuple[float, Callable[[], None]] | None = None) -> Run:
        """Does the job once, and so many seconds into it what `midway` says."""
        timers = [threading.Timer(LONGEST_RUN_S, self._kill)]
        if midway:
            timers.append(threading.Timer(*midway))
        began = time.monotonic()
        for process in self._processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        for timer in timers:
            timer.start()
        try:
            reports = [json.loads(self._line(process)) for process in self._processes]
        finally:
            for timer in timers:
                timer.cancel()
        seconds = time.monotonic() - began
        failed, tokens = (sum(report[member] for report in reports) for member in ("failed", "tokens"))
        return Run(seconds, [report["seconds"] for report in reports], failed, tokens)

    @staticmethod
    def _line(process: subprocess.Popen) -> str:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{process.args[0]} ended before it had done its job")
        return line

    def _kill(self):
        for process in self._processes:
            process.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._kill()
        for process in self._processes:
            process.communicate()

    def cpu_s(self) -> float:
        """Returns the CPU time that the processes have used so far, in user and system mode."""
        ticks = 0
        for process in self._processes:
            stat = Path(f"/proc/{process.pid}/stat").read_text()
            user, system = stat.rpartition(")")[2].split()[11:13]
            ticks += int(user) + int(system)
        return ticks / os.sysconf("SC_CLK_TCK")
