"""Unpacks the official client's tests from its sources, with their imports changed to libkv.

unpack.py ARCHIVE FOLDER
"""

import re
import sys
import tarfile
from pathlib import Path, PurePosixPath

MODULES = {
    "azure.core.exceptions": "libkv.exceptions",
    "azure.identity": "libkv",
    "azure.identity.aio": "libkv.aio",
    "azure.keyvault.secrets": "libkv",
    "azure.keyvault.secrets.aio": "libkv.aio",
}
IMPORT = re.compile(r"^(\s*from )(\S+)( import )", re.MULTILINE)


def change_imports(source: str) -> str:
    """Returns the source with the official public modules exchanged for libkv's, and all else as it was."""
    return IMPORT.sub(lambda found: found[1] + MODULES.get(found[2], found[2]) + found[3], source)


def main() -> None:
    """Writes every module of the tests but `conftest.py`, which belongs to the official client's own test proxy."""
    archive, folder = map(Path, sys.argv[1:])
    with tarfile.open(archive) as sources:
        for member in sources:
            _package, *path = PurePosixPath(member.name).parts
            if path[:1] != ["tests"] or not path[-1].endswith(".py") or path[-1] == "conftest.py":
                continue
            module = folder.joinpath(*path[1:])
            module.parent.mkdir(parents=True, exist_ok=True)
            module.write_text(change_imports(sources.extractfile(member).read().decode()))


main()
