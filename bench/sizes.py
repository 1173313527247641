"""How much a client installs: packages and their files, with those they depend on."""

import json
import re
from importlib.metadata import Distribution, distributions

from clients import WORKERS
from vault import ROOT

# An official client comes with credentials apart; libkv has them built in.
PYTHON_ROOTS = {"libkv": ["libkv"], "official": ["azure-keyvault-secrets", "azure-identity"]}
NODE_ROOTS = {"libkv": ["libkv"], "official": ["@azure/keyvault-secrets", "@azure/identity"]}


def of_part(part: str) -> dict[str, dict]:
    """Returns packages and bytes by client."""
    installed, roots = {"python": (_python, PYTHON_ROOTS), "node": (_node, NODE_ROOTS)}.get(part, (None, {}))
    sizes = {client: installed(names) for client, names in roots.items()}
    return {client: {"packages": len(found), "bytes": sum(found)} for client, found in sizes.items()}


def _python(roots: list[str]) -> list[int]:
    (site,) = (ROOT / "bench/.venv/lib").glob("python*/site-packages")
    there = {_canonical(one.metadata["Name"]): one for one in distributions(path=[str(site)])}

    def required(one: Distribution) -> set[str]:
        needed = (line for line in one.requires or () if "extra ==" not in line)
        return {_canonical(re.match(r"[\w.-]+", line)[0]) for line in needed} & there.keys()

    found, left = {}, list(roots)
    while left:
        name = left.pop()
        if name not in found:
            files = (file.locate() for file in there[name].files or () if file.suffix != ".pyc")
            found[name] = sum(file.stat().st_size for file in files if file.exists())
            left += required(there[name])
    return list(found.values())


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _node(roots: list[str]) -> list[int]:
    top = WORKERS / "javascript" / "node_modules"
    found, left = {}, [(name, top) for name in roots]
    while left:
        name, near = left.pop()
        folder = next(place / name for place in (near, top) if (place / name).exists())
        if folder not in found:
            files = (
                file for file in folder.rglob("*") if file.is_file() and folder / "node_modules" not in file.parents
            )
            found[folder] = sum(file.stat().st_size for file in files)
            package = json.loads((folder / "package.json").read_text())
            needed = package.get("dependencies", {}) | package.get("optionalDependencies", {})
            left += [(dependency, folder / "node_modules") for dependency in needed]
    return list(found.values())
