#!/usr/bin/env python3
"""Runs the programs of C and C++ under ThreadSanitizer, on a library that is built for it; `make test-tsan` builds it.

Takes the library's folder and the sanitizer's runtime, which has to be the one of the compiler that built the library.
Ends with a line `N passed, N failed`, and with exit code 1 if anything failed.
"""

import sys
import tempfile
from pathlib import Path

from harness import ROOT, Report, Vault, local_vault
from run import CPP_YEARS, PROGRAMS, compiler

SUPPRESSIONS = ROOT / "tests/c/thread_sanitizer.txt"
# The children of programs with many threads start threads of their own. Programs that end need not wait for theirs.
OPTIONS = f"die_after_fork=0 report_thread_leaks=0 suppressions='{SUPPRESSIONS}'"


def check_program(report: Report, source: Path, folder: Path, vault: Vault, link: list[str]) -> None:
    program, compiled = str(folder / source.stem), str(folder / f"{source.stem}.o")
    build = [*compiler(source, max(CPP_YEARS)), "-g", "-pthread", f"-I{ROOT / 'include'}"]
    # In two steps: a compiler that links with -fsanitize adds the runtime of its own.
    compile_it = [*build, "-fsanitize=thread", "-c", str(source), "-o", compiled]
    link_it = [*build, compiled, "-o", program, *link]
    if report.run(f"{source.name} compiles", compile_it) and report.run(f"{source.name} links", link_it):
        report.run(f"{source.name} with ThreadSanitizer", [program], vault, TSAN_OPTIONS=OPTIONS)


def main() -> int:
    library, runtime = (Path(argument).resolve() for argument in sys.argv[1:])
    whole = ["-rdynamic", "-Wl,--whole-archive", str(runtime), "-Wl,--no-whole-archive", "-ldl", "-lm", "-lresolv"]
    link = [*whole, f"-L{library}", "-lkv", f"-Wl,-rpath,{library}"]
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with local_vault(folder) as vault:
            for source in PROGRAMS:
                check_program(report, source, folder, vault, link)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
