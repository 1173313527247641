"""What users install: the wheel in an empty environment.

`LIBKV_PACKAGES` names a folder with the packages to try, as `make` builds them; without it there is nothing to try.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from contextlib import ExitStack
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from zipfile import ZipFile

import libkv
import pytest
from conftest import ROOT

PACKAGES = os.environ.get("LIBKV_PACKAGES")
pytestmark = [
    pytest.mark.skipif(not PACKAGES, reason="LIBKV_PACKAGES names no folder with packages; `make` sets it"),
    pytest.mark.timeout(300),
]


def packages(pattern):
    return sorted(Path(PACKAGES).glob(pattern))


@pytest.fixture(scope="module")
def wheel():
    """The wheel for interpreters with a GIL, of which one serves all."""
    (wheel,) = packages("libkv-*-cp310-abi3-*.whl")
    return wheel


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """The interpreter of an environment that has nothing but the wheel."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", wheel]
    subprocess.run(install, check=True)
    return python


def test_the_metadata_is_whole(wheel):
    with ZipFile(wheel) as archive:
        (info,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
        metadata = BytesParser(policy=default).parsebytes(archive.read(f"{info}/METADATA"))
        licenses = [archive.read(f"{info}/licenses/{name}") for name in metadata.get_all("License-File")]
    assert (metadata["Name"], metadata["Version"]) == ("libkv", libkv.__version__)
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert licenses == [(ROOT / name).read_bytes() for name in ("LICENSE-APACHE", "LICENSE-MIT")]
    assert metadata["Description-Content-Type"].startswith("text/markdown")
    assert metadata.get_payload().strip() == (ROOT / "python" / "README.md").read_text(encoding="utf-8").strip()
    assert "Typing :: Typed" in metadata.get_all("Classifier")
    assert metadata.get_all("Requires-Dist") is None


def test_the_wheel_has_the_package_and_nothing_else(wheel):
    with ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = ROOT / "python" / "libkv"
    own = {f"libkv/{file.name}" for file in package.iterdir() if file.is_file()}
    assert shipped == own
    assert {"libkv/py.typed", "libkv/_libkv.pyi", "libkv/_libkv.abi3.so"} < shipped


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """The libraries of the wheels for any machine."""
    wheels = packages("*-manylinux2014_*.whl")
    if not wheels:
        pytest.skip("these wheels are for this machine")
    folder = tmp_path_factory.mktemp("libraries")
    with ExitStack() as stack:
        archives = [stack.enter_context(ZipFile(wheel)) for wheel in wheels]
        return [
            Path(each.extract(name, folder)) for each in archives for name in each.namelist() if name.endswith(".so")
        ]


def test_a_shipped_library_asks_for_what_manylinux2014_has(libraries):
    for library in libraries:
        dump = subprocess.run(["objdump", "-pT", library], check=True, capture_output=True, text=True).stdout
        needed = set(re.findall(r"NEEDED +(\S+?)\.so", dump))
        glibc = {tuple(map(int, version.split("."))) for version in re.findall(r"GLIBC_([\d.]+)", dump)}
        assert needed <= {"libc", "libdl", "libm", "libpthread", "librt", "ld-linux-x86-64", "ld-linux-aarch64"}
        assert max(glibc) <= (2, 17)


def test_a_shipped_library_does_not_name_the_folders_that_it_was_built_in(libraries):
    for library in libraries:
        shipped = library.read_bytes()
        assert [folder for folder in (ROOT, Path.home()) if os.fsencode(folder) + b"/" in shipped] == []
        assert b"core/src/" in shipped


def test_the_source_distribution_has_what_the_wheel_is_built_from_and_no_more():
    sources = packages("libkv-*.tar.gz")
    if not sources:
        pytest.skip("there is no source distribution")
    with tarfile.open(sources[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE-APACHE", "LICENSE-MIT", "README.md", "Cargo.lock", "pyproject.toml"} < names
    assert {re.match(r"(bindings/)?[^/]+", name)[0] for name in names if "/" in name} == {
        "bindings/bridge",
        "bindings/python",
        "core",
        "libkv",
    }
    assert not [name for name in names if name.startswith("core/tests/") or name.endswith((".pem", ".so"))]


def test_nothing_else_is_installed(python):
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze"], check=True, capture_output=True, text=True
    )
    assert {line.split("==")[0] for line in listed.stdout.split()} - {"pip", "setuptools"} == {"libkv"}


def test_the_quick_start_runs(python, vault, tmp_path):
    program = shutil.copy(ROOT / "examples" / "quick_start.py", tmp_path)
    environment = {"VAULT_URL": vault.url, "VAULT_TOKEN": vault.token, "VAULT_CA_FILE": vault.ca_file}
    done = subprocess.run([python, program], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"wrote greeting-python version \w{32}\nread 5 characters\n.*no-such-secret", done.stdout)
