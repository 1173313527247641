"""The stubs say what the package has, and use of it checks."""

import subprocess
import sys

import pytest
from conftest import ROOT


def run(*arguments):
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.timeout(300)
def test_the_stubs_agree_with_the_package():
    allowed = ROOT / "tests/python/stubtest_allowed.txt"
    run("mypy.stubtest", "libkv", "--allowlist", str(allowed), "--ignore-unused-allowlist")


@pytest.mark.timeout(300)
def test_package_and_examples_check_strictly():
    run("mypy", "--strict", "python/libkv", "examples/load_config.py", "examples/quick_start.py")


@pytest.mark.timeout(300)
def test_credentials_of_every_kind_check_strictly():
    program = """
import azure.identity, azure.identity.aio, libkv
libkv.SecretClient("", azure.identity.DefaultAzureCredential())
libkv.SecretClient("", azure.identity.aio.ClientSecretCredential("", "", ""))
libkv.SecretClient("", libkv.ManagedIdentityCredential(client_id=""))
libkv.SecretClient("", "token")  # type: ignore[arg-type]
"""
    run("mypy", "--strict", "-c", program)
