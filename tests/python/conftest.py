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

import libkv
import pytest

ROOT = Path(__file__).parents[2]
NUMBERS = count(1)


class Vault:
    """A vault of the emulator, and what its control endpoint says about it."""

    def __init__(self, ready, name):
        self.url = ready["vault_url"].replace("default", name)
        self.token = ready["token"]
        self.ca_file = ready["ca_file"]
        self._identity = ready["identity_endpoint"]
        self._control = f"{ready['control_url']}/vaults/{name}"

    def client(self, credential=None, **options):
        options = {"ca_file": self.ca_file, "retry_base_delay_ms": 1, **options}
        return libkv.SecretClient(self.url, credential or libkv.StaticTokenCredential(self.token), **options)

    def issue(self):
        """Gives a token that nobody else has."""
        url = f"{self._identity}?api-version=2018-02-01&resource=https://localhost"
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Metadata": "true"}), timeout=10) as answer:
            return json.load(answer)["access_token"]

    def reset(self, **settings):
        self._send("PUT", settings)

    def change(self, **settings):
        self._send("PATCH", settings)

    def counts(self):
        return self._send("GET", None, "/requests")["counts"]

    def total(self):
        return len(self._send("GET", None, "/requests")["requests"])

    def _send(self, method, body, path=""):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._control + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"{}")


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


def run(script, *arguments):
    """Runs a program in an interpreter of its own, which must end well and in silence; gives the words it prints."""
    command = [sys.executable, "-I", "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def emulator_binary():
    for profile in ("release", "debug"):
        binary = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / profile / "kv-emulator"
        if binary.exists():
            return binary
    pytest.fail("there is no kv-emulator; run make build")


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    ready_file = tmp_path_factory.mktemp("emulator") / "ready.json"
    arguments = [emulator_binary(), "--listen", "127.0.0.1:0", "--ready-file", ready_file, "--with-parent"]
    process = subprocess.Popen(arguments)
    try:
        deadline = time.monotonic() + 20
        while not ready_file.exists():
            assert process.poll() is None, "kv-emulator ended before it served"
            assert time.monotonic() < deadline, "kv-emulator does not serve"
            time.sleep(0.01)
        yield json.loads(ready_file.read_text())
    finally:
        process.terminate()
        process.wait(10)


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
