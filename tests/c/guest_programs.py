"""Programs in circumstances that a library has to bear with: a jail, signals of all kinds, being unloaded."""

import os
from pathlib import Path

from harness import RELEASE, ROOT, Report, Vault

# A program that loads libkv itself is not linked with it, or it would not be unloaded.
OWN_FLAGS = {"plugin": [f"-I{ROOT / 'include'}", "-ldl", "-pthread"]}


def check_guests(report: Report, folder: Path, vault: Vault, shared: list[str]) -> None:
    """They run on the shared library; `shared` are the flags to link with it."""
    cell = folder / "cell"
    cell.mkdir()
    for source in sorted(ROOT.glob("tests/c/guests/*.c")):
        if source.stem == "jail" and os.geteuid() != 0:
            print(f"skipped {source.name}: only root can enter a jail", flush=True)
            continue
        program = str(folder / f"guest-{source.stem}")
        flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", *OWN_FLAGS.get(source.stem, shared)]
        if report.run(f"{source.name} compiles", ["gcc", str(source), "-o", program, *flags]):
            report.run(source.name, [program], vault, LIBKV=str(RELEASE / "libkv.so"), JAIL=str(cell))
