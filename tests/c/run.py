#!/usr/bin/env python3
"""Runs what only C and C++ show, against a local vault; `make test-c` builds what it needs.

Ends with a line `N passed, N failed`, and with exit code 1 if anything failed.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "target" / "release"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
SANITIZERS = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
# The assembly of the cryptography defeats the tracking of undefined values. What the runtime's threads hold is no leak.
LEAKS = ["--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite"]
VALGRIND = ["valgrind", "--quiet", "--error-exitcode=9", "--undef-value-errors=no", *LEAKS]
PROGRAMS = sorted([*ROOT.glob("tests/c/*.c"), *ROOT.glob("tests/cpp/*.cpp")])
SHARED = [f"-I{ROOT / 'include'}", f"-L{RELEASE}", "-lkv", f"-Wl,-rpath,{RELEASE}", "-pthread"]
TIMEOUT_SECONDS = 180
CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


class Report:
    """What passed and what failed, told line by line."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def add(self, name: str, problem: str) -> None:
        if problem:
            self.failed += 1
            print(f"FAILED  {name}\n{problem.rstrip()}", flush=True)
        else:
            self.passed += 1
            print(f"passed  {name}", flush=True)

    def run(self, name: str, command: list[str], vault: "Vault | None" = None) -> bool:
        """Runs a command, which is to end with 0 in time; gives whether it did."""
        try:
            environment = vault.environment() if vault else None
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
            problem = "" if done.returncode == 0 else f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        except subprocess.TimeoutExpired:
            problem = f"did not end within {TIMEOUT_SECONDS} s"
        self.add(name, problem)
        return not problem


class Vault:
    """A local vault server; any name under its host is a vault."""

    def __init__(self, where: dict[str, str]) -> None:
        self.where = where
        self.count = 0

    def environment(self) -> dict[str, str]:
        """The environment of a program: an empty vault of its own, where `needs-claims` needs claims."""
        self.count += 1
        name = f"test-{self.count}"
        challenge = f'Bearer resource="https://localhost", claims="{base64.b64encode(CLAIMS.encode()).decode()}"'
        fault = {"name": "needs-claims", "stage": "probe", "status": 401, "headers": {"WWW-Authenticate": challenge}}
        settings = json.dumps({"faults": [fault]}).encode()
        url = f"{self.where['control_url']}/vaults/{name}"
        with urllib.request.urlopen(urllib.request.Request(url, settings, method="PUT"), timeout=30):
            pass
        return {
            **os.environ,
            "VAULT_URL": self.where["vault_url"].replace("//default.", f"//{name}."),
            "VAULT_TOKEN": self.where["token"],
            "VAULT_CA_FILE": self.where["ca_file"],
            "VAULT_CLAIMS": CLAIMS,
        }


@contextmanager
def local_vault(folder: Path) -> Iterator[Vault]:
    ready = folder / "ready.json"
    server = subprocess.Popen([RELEASE / "kv-emulator", "--ready-file", ready, "--with-parent"], stdin=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 30
        while not ready.exists():
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("the local vault did not start")
            time.sleep(0.05)
        yield Vault(json.loads(ready.read_text()))
    finally:
        server.terminate()
        server.wait(timeout=30)


def compiler(source: Path) -> list[str]:
    return ["g++", "-std=c++17"] if source.suffix == ".cpp" else ["gcc", "-std=c11"]


def check_headers(report: Report) -> None:
    """The headers compile by themselves, in every version of the languages."""
    modes = [("c", standard, "libkv.h") for standard in ("c99", "c11", "c17", "c2x")]
    modes += [("c++", f"c++{year}", header) for year in (17, 20, 23) for header in ("libkv.h", "libkv.hpp")]
    for compilers in ({"c": "gcc", "c++": "g++"}, {"c": "clang", "c++": "clang++"}):
        for language, standard, header in modes:
            if shutil.which(compilers[language]):
                # Included twice, to try the guard; by a source, because a header's own warnings differ.
                source = f"#include <{header}>\n#include <{header}>\nint main(void) {{ return 0; }}\n"
                command = [compilers[language], f"-std={standard}", *WARNINGS, f"-I{ROOT / 'include'}", "-fsyntax-only"]
                done = subprocess.run([*command, "-x", language, "-"], input=source, capture_output=True, text=True)
                report.add(f"{header} as {standard} by {compilers[language]}", done.stderr)


def check_manuals(report: Report, folder: Path) -> None:
    """The program at the top of each header compiles and links as it stands."""
    for header, suffix in (("libkv.h", ".c"), ("libkv.hpp", ".cpp")):
        lines = [line.lstrip("/* ") for line in (ROOT / "include" / header).read_text().splitlines()]
        begin = next(number for number, line in enumerate(lines) if line == f"#include <{header}>")
        end = next(number for number, line in enumerate(lines) if "pkg-config" in line)
        source = folder / f"manual{suffix}"
        source.write_text("\n".join(lines[begin:end]) + "\n")
        command = [*compiler(source), *WARNINGS, str(source), "-o", str(folder / f"manual-{suffix[1:]}"), *SHARED]
        report.run(f"the program at the top of {header}", command)


def check_symbols(report: Report) -> None:
    """The library exports the header's functions and nothing else."""
    header = re.sub(r"/\*.*?\*/", "", (ROOT / "include/libkv.h").read_text(), flags=re.DOTALL)
    declared = set(re.findall(r"^[a-z].*?\b(libkv_\w+)\(", header, flags=re.MULTILINE))
    listing = subprocess.run(["nm", "-D", "--defined-only", RELEASE / "libkv.so"], capture_output=True, text=True)
    exported = {line.split()[-1] for line in listing.stdout.splitlines()}
    differences = [f"only declared: {name}" for name in sorted(declared - exported)]
    differences += [f"only exported: {name}" for name in sorted(exported - declared)]
    report.add(f"the {len(declared)} functions of the header are the exported symbols", "\n".join(differences))


def check_programs(report: Report, folder: Path, vault: Vault) -> None:
    """The test programs, as they are, under sanitizers and under valgrind."""
    for source in PROGRAMS:
        program = str(folder / source.stem)
        if report.run(f"{source.name} compiles", [*compiler(source), *WARNINGS, str(source), "-o", program, *SHARED]):
            report.run(source.name, [program], vault)
            if shutil.which("valgrind"):
                report.run(f"{source.name} under valgrind", [*VALGRIND, program], vault)
        program += "-sanitized"
        compile_it = [*compiler(source), *SANITIZERS, str(source), "-o", program, *SHARED]
        if report.run(f"{source.name} compiles with sanitizers", compile_it):
            report.run(f"{source.name} with sanitizers", [program], vault)


def check_static_library(report: Report, folder: Path, vault: Vault) -> None:
    """A program that links libkv.a by what libkv.pc says runs without libkv.so."""
    if not shutil.which("pkg-config"):
        print("skipped static linking: pkg-config is missing")
        return
    # A folder with nothing but the archive, so that -lkv cannot mean the shared library.
    archive, program = folder / "static", str(folder / "results-static")
    archive.mkdir()
    (archive / "libkv.a").symlink_to(RELEASE / "libkv.a")
    ask = ["pkg-config", "--static", "--cflags", "--libs", f"--define-variable=libdir={archive}", RELEASE / "libkv.pc"]
    flags = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split()
    source = ROOT / "tests/c/results.c"
    if report.run("results.c links libkv.a by libkv.pc", [*compiler(source), str(source), "-o", program, *flags]):
        report.run("results.c with libkv.a", [program], vault)


def main() -> int:
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_headers(report)
        check_manuals(report, folder)
        check_symbols(report)
        with local_vault(folder) as vault:
            check_programs(report, folder, vault)
            check_static_library(report, folder, vault)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
