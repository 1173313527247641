#!/usr/bin/env python3
"""Tries the packages of C and C++ on a local vault; `make dist-c` makes them first.

Ends with a line `N passed, N failed`, and with exit code 1 if anything failed.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from consumers import check_consumers, dynamic_section
from harness import ROOT, Report, Vault, local_vault

PACKAGES = ROOT / "target" / "packages"
# The packages of Debian that have these libraries.
OWNERS = {"libc.so.6": "libc6", "libm.so.6": "libc6", "ld-linux-x86-64.so.2": "libc6", "libgcc_s.so.1": "libgcc-s1"}
DOCUMENTS = ["README.md", "changelog.gz", "copyright", "docs/events.md", "docs/options.md"]


def output(*command: object) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout


def the_one(pattern: str) -> Path:
    """The only package of a pattern; an older version's beside it would be tried in its place."""
    found = sorted(PACKAGES.glob(pattern))
    if len(found) != 1:
        sys.exit(f"{PACKAGES}/{pattern}: {len(found)} files; there must be one")
    return found[0]


def check_tarball(report: Report, tarball: Path, folder: Path, vault: Vault) -> None:
    """The tarball has one tree, of nobody's, which can be used where it was unpacked."""
    members = output("tar", "-tvzf", tarball).splitlines()
    strangers = [
        member for member in members if "0/0" not in member or f" {tarball.name.removesuffix('.tar.gz')}/" not in member
    ]
    report.add("the tarball has one tree, owned by root", "\n".join(strangers))
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    output("tar", "-C", unpacked, "-xzf", tarball)
    (prefix,) = unpacked.iterdir()
    check_consumers(report, "tarball", prefix, folder, vault)


def check_package(report: Report, package: Path, folder: Path, vault: Vault) -> None:
    """The Debian package says what it is and what it needs, and what it has can be used."""
    tree, control = folder / "package", folder / "control"
    output("dpkg-deb", "-x", package, tree)
    output("dpkg-deb", "-e", package, control)
    fields = dict(re.findall(r"^(\S+): (.*)$", output("dpkg-deb", "--field", package), flags=re.MULTILINE))
    report.add("the Debian package says what it is", wrong_fields(fields, tree))
    report.add("the Debian package needs what its library does", wrong_dependencies(fields, tree))
    report.add("the Debian package has its files' sums", wrong_sums(control, tree))
    report.add("the Debian package says what programs of its library need", wrong_shlibs(control, fields))
    report.add("the Debian package has only what belongs in it", wrong_files(tree))
    check_consumers(report, "package", tree / "usr", folder, vault)


def wrong_fields(fields: dict[str, str], tree: Path) -> str:
    version = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), flags=re.MULTILINE)
    size = sum(file.lstat().st_size for file in tree.rglob("*") if file.is_file()) // 1024
    expected = {
        "Package": "libkv",
        "Version": version and version[1],
        "Architecture": output("dpkg", "--print-architecture").strip(),
        "Maintainer": "The libkv maintainers <maintainers@libkv.invalid>",
    }
    wrong = [f"{name}: {fields.get(name)}" for name, value in expected.items() if fields.get(name) != value]
    # In KiB; links count for less here, and folders for more there.
    wrong += [] if abs(int(fields.get("Installed-Size", 0)) - size) < 400 else [f"Installed-Size: not about {size}"]
    return "\n".join(wrong)


def wrong_dependencies(fields: dict[str, str], tree: Path) -> str:
    library = (tree / "usr/lib/libkv.so").resolve()
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic_section(library))
    versions = re.findall(r"GLIBC_([\d.]+)", output("objdump", "-p", library))
    newest = max(versions, key=lambda version: [int(part) for part in version.split(".")])
    expected = {OWNERS.get(name, f"the owner of {name}") for name in needed}
    expected = {f"libc6 (>= {newest})" if name == "libc6" else name for name in expected}
    found = set(fields.get("Depends", "").split(", "))
    return "" if found == expected else f"Depends: {sorted(found)}, but its library needs {sorted(expected)}"


def wrong_shlibs(control: Path, fields: dict[str, str]) -> str:
    shlibs = control / "shlibs"
    found = shlibs.read_text() if shlibs.exists() else ""
    return "" if found == f"libkv 0 libkv (>= {fields['Version']})\n" else f"shlibs: {found}"


def wrong_sums(control: Path, tree: Path) -> str:
    sums = control / "md5sums"
    listed = {line.split(maxsplit=1)[1] for line in sums.read_text().splitlines()} if sums.exists() else set()
    files = {str(file.relative_to(tree)) for file in tree.rglob("*") if file.is_file() and not file.is_symlink()}
    if listed != files:
        return f"listed or there, but not both: {sorted(listed ^ files)}"
    return subprocess.run(["md5sum", "--quiet", "-c", sums], cwd=tree, capture_output=True, text=True).stdout


def wrong_files(tree: Path) -> str:
    wrong = [f"missing: {name}" for name in DOCUMENTS if not (tree / "usr/share/doc/libkv" / name).is_file()]
    wrong += [f"broken link: {file}" for file in tree.rglob("*") if file.is_symlink() and not file.exists()]
    modes = {file: file.stat().st_mode & 0o7777 for file in tree.rglob("*") if not file.is_symlink()}
    wrong += [f"{file}: mode {mode:o}" for file, mode in modes.items() if mode not in (0o644, 0o755)]
    library = (tree / "usr/lib/libkv.so").resolve()
    wrong += ["not stripped"] if ".debug_info" in output("readelf", "-SW", library) else []
    wrong += ["larger than 4 MB"] if library.stat().st_size > 4_000_000 else []
    return "\n".join(wrong)


def main() -> int:
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with local_vault(folder) as vault:
            check_tarball(report, the_one("libkv-*-linux-*.tar.gz"), folder, vault)
            if report.has("dpkg-deb"):
                check_package(report, the_one("libkv_*.deb"), folder, vault)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
