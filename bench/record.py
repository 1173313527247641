"""`bench/results.json`: every run, with what it ran on."""

import json
import os
import platform
from pathlib import Path

from vault import ROOT

FILE = ROOT / "bench" / "results.json"


def machine() -> dict:
    """Returns what the figures depend on besides the clients."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cpu": cpu[0].partition(": ")[2] if cpu else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
    }


def read() -> dict:
    """Returns what is kept, by part."""
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def keep(part: str, figures: dict):
    """Keeps the figures of a part in place of those it had."""
    kept = {**read(), part: figures}
    FILE.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")
