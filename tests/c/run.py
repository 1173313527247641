#!/usr/bin/env python3
"""Runs what only C and C++ show, against a local vault; `make test-c` builds what it needs.

Ends with a line `N passed, N failed`, and with exit code 1 if anything failed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from consumers import check_consumers, dynamic_section
from guest_programs import check_guests
from harness import RELEASE, ROOT, Report, Vault, local_vault
from manual import check_manual, declared_functions, without_comments

from examples import check_examples

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
# A header of templates is compiled with the warnings of whoever includes it.
CPP_WARNINGS = [*WARNINGS, "-Wconversion", "-Wshadow"]
CPP_YEARS = (17, 20, 23)
SANITIZERS = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
# The assembly of the cryptography defeats the tracking of undefined values.
VALGRIND = ["valgrind", "--quiet", "--error-exitcode=9", "--undef-value-errors=no", "--leak-check=full"]
VALGRIND += [f"--suppressions={ROOT / 'tests/c/valgrind.txt'}"]
# What the runtime's threads hold is no leak, but a program that ends them leaves no byte.
NOTHING_LEFT = {"shutdown.c", "log.c"}
CPP_PROGRAMS = sorted(ROOT.glob("tests/cpp/*.cpp"))
PROGRAMS = sorted(ROOT.glob("tests/c/*.c")) + CPP_PROGRAMS
SHARED = [f"-I{ROOT / 'include'}", f"-L{RELEASE}", "-lkv", f"-Wl,-rpath,{RELEASE}", "-pthread"]


def compiler(source: Path, year: int = 17) -> list[str]:
    return ["g++", f"-std=c++{year}"] if source.suffix == ".cpp" else ["gcc", "-std=c11"]


def families(report: Report) -> Iterator[dict[str, str]]:
    """The compilers that are there, by language. The plain clang may be too old for the C++ library beside it."""
    newer = {"c": "clang-19", "c++": "clang++-19"}
    for family in ({"c": "gcc", "c++": "g++"}, newer if shutil.which("clang-19") else {"c": "clang", "c++": "clang++"}):
        if report.has(*family.values()):
            yield family


def check_headers(report: Report) -> None:
    """The headers compile by themselves, in every version of the languages."""
    modes = [("c", standard, "libkv.h") for standard in ("c99", "c11", "c17", "c2x")]
    modes += [("c++", f"c++{year}", header) for year in CPP_YEARS for header in ("libkv.h", "libkv.hpp")]
    for family in families(report):
        for language, standard, header in modes:
            # Included twice, to try the guard; by a source, because a header's own warnings differ.
            source = f"#include <{header}>\n#include <{header}>\nint main(void) {{ return 0; }}\n"
            command = [family[language], f"-std={standard}", *WARNINGS, f"-I{ROOT / 'include'}", "-fsyntax-only"]
            done = subprocess.run([*command, "-x", language, "-"], input=source, capture_output=True, text=True)
            report.add(f"{header} as {standard} by {family[language]}", done.stderr)


def check_templates(report: Report) -> None:
    """What programs make of the headers' templates compiles, in every version of C++."""
    for family in families(report):
        for year in CPP_YEARS:
            command = [family["c++"], f"-std=c++{year}", *CPP_WARNINGS, f"-I{ROOT / 'include'}", "-fsyntax-only"]
            report.run(f"the programs of C++ as c++{year} by {family['c++']}", [*command, *map(str, CPP_PROGRAMS)])


def check_macros(report: Report) -> None:
    """The headers of C++ define their guards and nothing else."""
    include = ROOT / "include"
    problems = []
    for header in include.rglob("*.hpp"):
        guard = re.sub(r"\W", "_", str(header.relative_to(include))).upper()
        defined = re.findall(r"^\s*#\s*define\s+(\w+)", header.read_text(), flags=re.MULTILINE)
        problems += [f"{header.name} defines {name}" for name in defined if name != guard]
    report.add("the headers of C++ have no macros", "\n".join(problems))


def check_first_programs(report: Report, folder: Path) -> None:
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
    declared = declared_functions()
    listing = subprocess.run(["nm", "-D", "--defined-only", RELEASE / "libkv.so"], capture_output=True, text=True)
    exported = {line.split()[-1] for line in listing.stdout.splitlines()}
    differences = [f"only declared: {name}" for name in sorted(declared - exported)]
    differences += [f"only exported: {name}" for name in sorted(exported - declared)]
    report.add(f"the {len(declared)} functions of the header are the exported symbols", "\n".join(differences))


def check_soname(report: Report) -> None:
    """The name that programs are bound to; it changes only when programs built before can no longer run."""
    found = re.search(r"soname: \[(.*)\]", dynamic_section(RELEASE / "libkv.so"))
    problem = "" if found and found[1] == "libkv.so.0" else f"the soname is {found and found[1]}"
    report.add("the soname is libkv.so.0", problem)


def older_header(kept: int) -> str:
    """The header in which no options have more than their first `kept` members."""
    header = re.sub(rf"(_INIT[\s\\]*\{{[^}},]*(?:,[^}},]*){{{kept - 1}}})[^}}]*", r"\1", without_comments())
    return re.sub(rf"(struct libkv_\w+_options \{{(?:[^}};]*;){{{kept}}})[^}}]*", r"\1", header)


def check_growth(report: Report, folder: Path, vault: Vault) -> None:
    """A program that was built when options had fewer members runs on the library."""
    source = ROOT / "tests/c/growth.c"
    # Not every number: an older header never ended a structure where the next member fits into the padding.
    for kept in (3, 5, 8):
        include = folder / f"older-{kept}"
        include.mkdir()
        (include / "libkv.h").write_text(older_header(kept))
        program = str(include / "program")
        name = f"growth.c with options of {kept} members"
        compile_it = [*compiler(source), *WARNINGS, f"-I{include}", str(source), "-o", program, *SHARED]
        if report.run(f"{name} compiles", compile_it):
            report.run(name, [program], vault)


def check_programs(report: Report, folder: Path, vault: Vault) -> None:
    """The test programs, as they are, under sanitizers and under valgrind."""
    for source in PROGRAMS:
        program = str(folder / source.stem)
        build = [*compiler(source, max(CPP_YEARS)), str(source), *SHARED]
        if report.run(f"{source.name} compiles", [*build, *WARNINGS, "-o", program]):
            report.run(source.name, [program], vault)
            if shutil.which("valgrind"):
                # Rust points into its handle of the main thread, not to its beginning: "possible" is no leak.
                kinds = "definite,indirect,reachable" if source.name in NOTHING_LEFT else "definite"
                leaks = [f"--show-leak-kinds={kinds}", f"--errors-for-leak-kinds={kinds}"]
                report.run(f"{source.name} under valgrind", [*VALGRIND, *leaks, program], vault)
        program += "-sanitized"
        if report.run(f"{source.name} compiles with sanitizers", [*build, *SANITIZERS, "-o", program]):
            report.run(f"{source.name} with sanitizers", [program], vault)


def check_static_library(report: Report, folder: Path, vault: Vault) -> None:
    """A program that links libkv.a by what libkv.pc says runs without libkv.so, also when all of it is static."""
    if not report.has("pkg-config"):
        return
    # A folder with nothing but the archive, so that -lkv cannot mean the shared library.
    archive = folder / "static"
    archive.mkdir()
    (archive / "libkv.a").symlink_to(RELEASE / "libkv.a")
    ask = ["pkg-config", "--static", "--cflags", "--libs", f"--define-variable=libdir={archive}", RELEASE / "libkv.pc"]
    flags = subprocess.run(ask, capture_output=True, text=True, check=True).stdout.split()
    source = ROOT / "tests/c/results.c"
    for name, options in {"libkv.a": [], "no shared library": ["-static"]}.items():
        program = str(folder / f"results-{len(options)}")
        link = [*compiler(source), *options, str(source), "-o", program, *flags]
        if report.run(f"results.c links with {name} by libkv.pc", link):
            report.run(f"results.c with {name}", [program], vault)


def check_installation(report: Report, folder: Path, vault: Vault) -> None:
    """What is installed can be used, though its tree was moved."""
    # The library that the other checks ran is installed, not one built anew.
    built = [argument for file in ("libkv.so", "libkv.so.0") for argument in ("-o", f"target/release/{file}")]
    install = ["make", "-C", str(ROOT), "install", *built, f"DESTDIR={folder / 'staged'}", "PREFIX=/opt/libkv"]
    if report.run("make install", install):
        (folder / "staged/opt/libkv").rename(folder / "moved")
        check_consumers(report, "installed", folder / "moved", folder, vault)


def main() -> int:
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_headers(report)
        check_templates(report)
        check_macros(report)
        check_manual(report)
        check_first_programs(report, folder)
        check_symbols(report)
        check_soname(report)
        with local_vault(folder) as vault:
            check_programs(report, folder, vault)
            every_function = [sys.executable, str(ROOT / "tests/c/every_function.py"), str(RELEASE / "libkv.so")]
            report.run("every function refuses every wrong argument", every_function, vault)
            check_guests(report, folder, vault, SHARED)
            check_static_library(report, folder, vault)
            check_growth(report, folder, vault)
            check_examples(report, folder, vault, lambda source: [*compiler(source), *WARNINGS, str(source), *SHARED])
            check_installation(report, folder, vault)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
