"""Lends every test a vault of its own in one local emulator."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from itertools import count
from pathlib import Path

import pytest
from libkv import testing

pytest_plugins = ["libkv.pytest_plugin"]
ROOT = Path(__file__).parents[2]
NUMBERS = count(1)


class Vault(testing.Vault):
    """A vault of the emulator, with what the tests ask it for."""

    def __init__(self, emulator, name):
        super().__init__(emulator, name)
        self.ca_file = emulator.ca_file
        self.token = emulator.facts["token"]
        self._identity = emulator.facts["identity_endpoint"]

    def client(self, credential=None, **options):
        return super().client(credential, **{"retry_base_delay_ms": 1, **options})

    def issue(self):
        """Gives a token that nobody else has."""
        url = f"{self._identity}?api-version=2018-02-01&resource=https://localhost"
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Metadata": "true"}), timeout=10) as answer:
            return json.load(answer)["access_token"]

    def counts(self):
        return self.requests()["counts"]

    def total(self):
        return len(self.requests()["requests"])


def exit_code_of_child(action, patience=20):
    """Runs `action` in a forked child and gives its exit code: 0 when `action` returned true."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if action() else 2
        finally:
            os._exit(code)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "the child hangs"


def until(is_so):
    """Waits until something is so, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def run(script, *arguments, patience=30):
    """Runs a program in an interpreter of its own, which must end well and in silence; gives the words it prints."""
    command = [sys.executable, "-I", "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=patience)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.fixture
def vault(emulator):
    vault = Vault(emulator, f"python-{next(NUMBERS)}")
    vault.reset(secrets=[{"name": "db", "value": "s3cr3t", "tags": {"service": "shop"}}])
    return vault


@pytest.fixture
def client(vault):
    with vault.client() as client:
        yield client


@pytest.fixture
def ctrl_c():
    """Gives Ctrl-C its usual meaning: a shell that runs tests in the background has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
