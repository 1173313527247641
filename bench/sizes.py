"""How much a client installs: packages and their files, with those they depend on."""

import json
import re
import tarfile
import zipfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

from clients import WORKERS
from vault import ROOT

PACKAGES = ROOT / "target" / "packages"
# A client comes with credentials; libkv has them built in.
PYTHON_ROOTS = ("azure-keyvault-secrets", "azure-identity")
NODE_ROOTS = ("@azure/keyvault-secrets", "@azure/identity")


def of_part(part: str) -> dict[str, dict]:
    """Returns packages and bytes by client; libkv's where `make dist-python` and `dist-node` have made its."""
    ours, official = {"python": (_wheels, _python), "node": (_tarballs, _node)}.get(part, (None, None))
    if not ours:
        return {}
    sizes = {"libkv": ours(), "official": official()}
    return {client: {"packages": len(found), "bytes": sum(found)} for client, found in sizes.items() if found}


def _wheels() -> list[int]:
    found = []
    for file in (PACKAGES / "pypi").glob("*-abi3-*.whl"):
        with zipfile.ZipFile(file) as wheel:
            found.append(sum(member.file_size for member in wheel.infolist()))
    return found


def _tarballs() -> list[int]:
    found = []
    for file in (PACKAGES / "npm").glob("*.tgz"):
        with tarfile.open(file) as tarball:
            found.append(sum(member.size for member in tarball.getmembers()))
    return found


def _python() -> list[int]:
    (site,) = (ROOT / "bench/.venv/lib").glob("python*/site-packages")
    there = {_canonical(one.metadata["Name"]): one for one in distributions(path=[str(site)])}

    def required(one: Distribution) -> set[str]:
        needed = (line for line in one.requires or () if "extra ==" not in line)
        return {_canonical(re.match(r"[\w.-]+", line)[0]) for line in needed} & there.keys()

    found, left = {}, list(PYTHON_ROOTS)
    while left:
        name = left.pop()
        if name not in found:
            files = (Path(file.locate()) for file in there[name].files or () if file.suffix != ".pyc")
            found[name] = sum(file.stat().st_size for file in files if file.exists())
            left += required(there[name])
    return list(found.values())


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _node() -> list[int]:
    top = WORKERS / "javascript" / "node_modules"
    found, left = {}, [(name, top) for name in NODE_ROOTS]
    while left:
        name, near = left.pop()
        folder = next(place / name for place in (near, top) if (place / name).exists())
        if folder not in found:
            files = (
                file for file in folder.rglob("*") if file.is_file() and folder / "node_modules" not in file.parents
            )
            found[folder] = sum(file.stat().st_size for file in files)
            needed = json.loads((folder / "package.json").read_text()).get("dependencies", {})
            left += [(dependency, folder / "node_modules") for dependency in needed]
    return list(found.values())
