"""Processes of a client at work, and what they cost."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clients import Client
from vault import LocalVault

LONGEST_RUN_S = 300


@dataclass
class Run:
    """What a job took: for all processes together, and for each."""

    seconds: float
    each_s: list[float]
    failed: int
    # How often the processes have asked their credentials for a token so far.
    tokens: int
    # How late the latest timer was, where the job looks at that.
    delay_ms: float = 0.0


class Job:
    """Processes of a client that share out calls, started and waiting for the word."""

    def __init__(
        self,
        client: Client,
        vault: LocalVault,
        operation: str,
        shares: list[tuple[int, int]],
        environment: dict[str, str] | None = None,
    ):
        """Starts a process for each share: its workers and its calls."""
        self._processes, first = [], 0
        for workers, calls in shares:
            arguments = [operation, str(workers), str(first), str(calls)]
            self._processes.append(
                subprocess.Popen(
                    [*client.command, *arguments],
                    env=os.environ | vault.environment() | (environment or {}),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            first += calls
        self._lines()

    def run(self, midway: tuple[float, Callable[[], None]] | None = None) -> Run:
        """Does the job once, and so many seconds into it what `midway` says."""
        began = time.monotonic()
        for process in self._processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        reports = [json.loads(line) for line in self._lines(*([threading.Timer(*midway)] if midway else []))]
        seconds = time.monotonic() - began
        failed, tokens = (sum(report[member] for report in reports) for member in ("failed", "tokens"))
        delay_ms = max(report.get("delay_ms", 0.0) for report in reports)
        return Run(seconds, [report["seconds"] for report in reports], failed, tokens, delay_ms)

    def finish(self) -> int:
        """Lets the processes end by themselves; returns how often their threads, ended ones too, have waited in all."""
        for process in self._processes:
            process.stdin.close()
        timer = threading.Timer(LONGEST_RUN_S, self._kill)
        timer.start()
        waits = 0
        for process in self._processes:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            waits += usage.ru_nvcsw
        timer.cancel()
        return waits

    def _lines(self, *timers: threading.Timer) -> list[str]:
        """Returns a line of each process, and ends them all where that takes too long; runs the timers meanwhile."""
        timers = (threading.Timer(LONGEST_RUN_S, self._kill), *timers)
        for timer in timers:
            timer.start()
        try:
            lines = [process.stdout.readline() for process in self._processes]
        finally:
            for timer in timers:
                timer.cancel()
        for process, line in zip(self._processes, lines, strict=True):
            if not line:
                self._kill()
                raise RuntimeError(f"{' '.join(map(str, process.args))} ended before it had done its job")
        return lines

    def _kill(self):
        for process in self._processes:
            process.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._kill()
        for process in self._processes:
            process.stdin.close()
            process.stdout.close()
            process.wait()

    def cpu_s(self) -> float:
        """Returns the CPU time that the processes have used so far, in user and system mode."""
        return sum(time.clock_gettime(cpu_clock(process.pid)) for process in self._processes)

    def peak_kib(self) -> int:
        """Returns the most memory that the processes have had resident."""
        return sum(peak_kib(process.pid) for process in self._processes)


def cpu_clock(pid: int) -> int:
    """Returns the clock of a process's CPU time, with threads that have ended; see clock_getcpuclockid(3)."""
    return (~pid << 3) | 2


def peak_kib(pid: int) -> int:
    """Returns the most memory that a process has had resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
