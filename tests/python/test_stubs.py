"""The stubs say what the package has, and use of it checks."""

import subprocess
import sys

import pytest
from conftest import ROOT

CONFIG = ROOT / "python" / "pyproject.toml"


def run(*arguments):
    done = subprocess.run([sys.executable, "-m", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(300)
def test_the_stubs_agree_with_the_package():
    run("mypy.stubtest", "libkv", "--mypy-config-file", CONFIG)


@pytest.mark.timeout(300)
def test_package_and_example_check_strictly():
    run("mypy", "--config-file", CONFIG, "python/libkv", "examples/load_config.py")
