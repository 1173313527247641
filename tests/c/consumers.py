"""Checks that projects of several build systems find an installed libkv, and run."""

import shutil
import subprocess
from pathlib import Path

from harness import ROOT, Report, Vault

# The tools that a build system needs, then its commands.
CONSUMERS = {
    "pkg-config": (["pkg-config"], "make -C {project}"),
    "cmake": (["cmake"], "cmake -S {project} -B {project}/build", "cmake --build {project}/build"),
    "meson": (
        ["meson", "ninja", "pkg-config"],
        "meson setup {project}/build {project}",
        "ninja -C {project}/build",
    ),
}


def dynamic_section(file: Path) -> str:
    return subprocess.run(["readelf", "-d", file], capture_output=True, text=True, check=True).stdout


def check_consumers(report: Report, name: str, prefix: Path, folder: Path, vault: Vault) -> None:
    """Projects of several build systems find the library under a prefix, build in a folder, and run."""
    find = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig"), "CMAKE_PREFIX_PATH": str(prefix)}
    for system, (tools, *commands) in CONSUMERS.items():
        project = folder / f"{name}-{system}"
        shutil.copytree(ROOT / "tests/c/consumers", project)
        for source in ROOT.glob("examples/quick_start.c*"):
            shutil.copy(source, project)
        build = [command.format(project=project).split() for command in commands]
        if report.has(*tools) and all(report.run(f"{name}: {' '.join(step)}", step, **find) for step in build):
            for program in sorted(file for file in project.rglob("program_*") if file.is_file()):
                check_consumer(report, f"{name}, {system}: {program.name}", program, prefix / "lib", vault)


def check_consumer(report: Report, name: str, program: Path, libraries: Path, vault: Vault) -> None:
    """A consumer's program runs, and only a static one does without the shared library."""
    is_static = program.name == "program_static"
    if is_static == ("[libkv.so.0]" in dynamic_section(program)):
        report.add(f"{name} is linked as it says", dynamic_section(program))
    report.run(name, [str(program)], vault, LD_LIBRARY_PATH="" if is_static else str(libraries))
