"""Counts the instructions of the parts of a call that ask nothing of the system, and holds them against a baseline.

What is counted is exact and the same on a busy machine: a call of each part in the core's test under callgrind, in a
debug build. Fails where a part takes more than the baseline of `bench/instructions.json` by the tolerance.

instructions.py           compares
instructions.py --bless   makes a new baseline

Another compiler makes other code, so the baseline holds for the version it names. Without valgrind, or with another
compiler, nothing is compared; with `LIBKV_REQUIRE=all` valgrind must be there.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import page
from vault import ROOT

BASELINE = ROOT / "bench" / "instructions.json"
TOLERANCE = 0.05
TIMES = 100
LONGEST_S = 600
TEST = ["--locked", "-p", "libkv", "-p", "libkv-bridge", "-p", "libkv-c", "-p", "libkv-emulator", "--lib", "--no-run"]


def compiler() -> str:
    """Returns the compiler's name and version."""
    return subprocess.check_output(["rustc", "--version"], text=True).strip()


def test_program() -> str:
    """Builds the core's tests, as `make test-rust` does, and returns the program."""
    command = ["cargo", "test", "--quiet", "--message-format=json", *TEST]
    lines = subprocess.check_output(command, cwd=ROOT, text=True, timeout=LONGEST_S).splitlines()
    built = (json.loads(line) for line in lines if line.startswith("{"))
    return next(one["executable"] for one in built if one.get("executable") and one["target"]["name"] == "libkv")


def counted() -> dict[str, int]:
    """Returns the instructions of each part."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind"
        tool = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}"]
        test = [test_program(), "--ignored", "--exact", "cost::pure_parts", "--test-threads=1"]
        subprocess.run([*tool, *test], stdout=subprocess.DEVNULL, check=True, timeout=LONGEST_S)
        annotate = ["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--show-percs=no", out]
        report = subprocess.check_output(annotate, text=True, timeout=LONGEST_S)
    parts = re.findall(r"^\s*([\d,]+)\s.*libkv::cost::(\w+_an?_\w+|pass_the_governor)(?:\s|$)", report, re.MULTILINE)
    return {name: int(total.replace(",", "")) // TIMES for total, name in sorted(parts, key=lambda part: part[1])}


def compare(parts: dict[str, int], baseline: dict[str, int]) -> list[str]:
    """Returns the parts that take more than they may."""
    return [name for name in baseline if parts.get(name, 0) > baseline[name] * (1 + TOLERANCE)]


def main() -> int:
    """Compares or blesses."""
    if not shutil.which("valgrind"):
        print("instructions are not counted: valgrind is missing", file=sys.stderr)
        return int(os.environ.get("LIBKV_REQUIRE") == "all")
    kept = json.loads(BASELINE.read_text()) if BASELINE.exists() else {"compiler": "", "parts": {}}
    blesses = "--bless" in sys.argv
    if not blesses and compiler() != kept["compiler"]:
        print(f"instructions are not compared: the baseline is of {kept['compiler']}", file=sys.stderr)
        return 0
    parts = counted()
    if blesses:
        BASELINE.write_text(json.dumps({"compiler": compiler(), "parts": parts}, indent=1) + "\n")
        kept["parts"] = parts
    rows = [(name.replace("_", " "), f"{count:,}", f"{kept['parts'].get(name, 0):,}") for name, count in parts.items()]
    print(page.table(("part", "instructions", "baseline"), rows))
    missing = set(kept["parts"]) - set(parts)
    slower = compare(parts, kept["parts"])
    for name in [*missing, *slower]:
        why = "was not found" if name in missing else f"takes more than its baseline by over {TOLERANCE:.0%}"
        print(f"{name.replace('_', ' ')} {why}", file=sys.stderr)
    return int(bool(missing or slower or not parts))


sys.exit(main())
