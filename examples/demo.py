"""A day's work on a local vault, each part in another language.

Starts the local vault, runs the examples of this folder against it one after the other, and ends with a table of what
happened. Exits with 1 if any part fails. `make demo` builds what it needs.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from libkv.testing import Emulator

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "target" / "examples"
PYTHON = ROOT / ".venv" / "bin" / "python"
VAULT = "default"


@dataclass
class Part:
    """One program of the day, and what the vault is like while it runs."""

    language: str
    title: str
    command: list[str]
    throttle: dict | None = None


PARTS = [
    Part("Python", "loads a service's configuration", [str(PYTHON), "examples/load_config.py"]),
    Part("Node", "rotates ten secrets and reads an old version", ["node", "examples/rotate.mjs"]),
    Part("C++", "meets a soft-deleted name and recovers it", [str(EXAMPLES / "recover")]),
    Part(
        "C",
        "reads everything while the vault throttles, without Retry-After",
        [str(EXAMPLES / "read_all")],
        {"rate": 40, "burst": 10, "retry_after": None},
    ),
    Part(
        "C",
        "reads everything while the vault throttles, with Retry-After",
        [str(EXAMPLES / "read_all")],
        {"rate": 40, "burst": 10, "retry_after": 1},
    ),
]


def environment(emulator: Emulator) -> dict[str, str]:
    """Returns the variables by which the examples find the vault."""
    return os.environ | {
        "VAULT_URL": emulator.vault_url,
        "VAULT_CA_FILE": emulator.ca_file,
        "VAULT_TOKEN": emulator.facts["token"],
    }


def run(part: Part, emulator: Emulator) -> tuple[bool, str, float]:
    """Runs a part in front of the reader. Returns whether it went well, its own summary, and its seconds."""
    print(f"\n== {part.language} {part.title}\n", flush=True)
    emulator.vault(VAULT).change(throttle=part.throttle)
    began = time.monotonic()
    process = subprocess.Popen(
        part.command, cwd=ROOT, env=environment(emulator), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    summary = ""
    for line in process.stdout:
        if line.startswith("=> "):
            summary = line[3:].strip()
        else:
            print(line, end="", flush=True)
    code = process.wait()
    well = code == 0 and bool(summary)
    return well, summary or f"ended with exit code {code}", time.monotonic() - began


def table(rows: list[tuple[str, ...]]):
    """Prints rows in columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def main() -> int:
    sys.stdout.reconfigure(encoding="utf-8")
    # Deletions and recoveries take a while in Azure; a second each shows it without wasting the reader's time.
    transitions = ("--delete-delay-ms", "1000", "--recover-delay-ms", "1000")
    with Emulator(*transitions) as emulator:
        print(f"A local vault serves at {emulator.vault_url}")
        outcomes = [run(part, emulator) for part in PARTS]
        seen = emulator.vault(VAULT).requests()

    print("\n== What happened\n")
    rows = [("", "language", "seconds", "what")]
    for part, (well, summary, seconds) in zip(PARTS, outcomes, strict=True):
        rows.append(("ok" if well else "FAILED", part.language, f"{seconds:.1f}", summary))
    table(rows)
    print(f"\nThe vault saw {len(seen['requests'])} requests and answered {seen['throttled']} of them with 429.")
    return 0 if all(well for well, _, _ in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
