"""What the checks of C and C++ stand on: a report, and a local vault."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RELEASE = ROOT / "target" / "release"
TIMEOUT_SECONDS = 180
CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


class Report:
    """What passed and what failed, told line by line."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def add(self, name: str, problem: str) -> None:
        if problem:
            self.failed += 1
            print(f"FAILED  {name}\n{problem.rstrip()}", flush=True)
        else:
            self.passed += 1
            print(f"passed  {name}", flush=True)

    def run(self, name: str, command: list[str], vault: "Vault | None" = None, **variables: str) -> bool:
        """Runs a command, which is to end with 0 in time; gives whether it did."""
        try:
            environment = (vault.environment() if vault else os.environ) | variables
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_SECONDS)
            problem = "" if done.returncode == 0 else f"exit code {done.returncode}\n{done.stdout}{done.stderr}"
        except subprocess.TimeoutExpired:
            problem = f"did not end within {TIMEOUT_SECONDS} s"
        self.add(name, problem)
        return not problem

    def has(self, *tools: str) -> bool:
        """Gives whether the tools are there; what is missing fails if all is required."""
        missing = [tool for tool in tools if not shutil.which(tool)]
        if missing and os.environ.get("LIBKV_REQUIRE") == "all":
            self.add(f"needs {', '.join(tools)}", f"missing: {', '.join(missing)}")
        elif missing:
            print(f"skipped what needs {', '.join(tools)}; missing: {', '.join(missing)}", flush=True)
        return not missing


class Vault:
    """A local vault server; any name under its host is a vault."""

    def __init__(self, where: dict[str, str]) -> None:
        self.where = where
        self.count = 0

    def environment(self, secrets: dict[str, str] | None = None) -> dict[str, str]:
        """The environment of a program: a vault of its own with these secrets, where `needs-claims` needs claims."""
        self.count += 1
        name = f"test-{self.count}"
        challenge = f'Bearer resource="https://localhost", claims="{base64.b64encode(CLAIMS.encode()).decode()}"'
        fault = {"name": "needs-claims", "stage": "probe", "status": 401, "headers": {"WWW-Authenticate": challenge}}
        # An hour old: versions of one second have no order, and programs make others.
        made = int(time.time()) - 3600
        versions = {name: [{"value": value, "created_on": made}] for name, value in (secrets or {}).items()}
        held = [{"name": name, "versions": those} for name, those in versions.items()]
        settings = json.dumps({"faults": [fault], "secrets": held}).encode()
        url = f"{self.where['control_url']}/vaults/{name}"
        with urllib.request.urlopen(urllib.request.Request(url, settings, method="PUT"), timeout=30):
            pass
        return {
            **os.environ,
            "VAULT_URL": self.where["vault_url"].replace("//default.", f"//{name}."),
            "VAULT_TOKEN": self.where["token"],
            "VAULT_CA_FILE": self.where["ca_file"],
            "VAULT_CLAIMS": CLAIMS,
        }


@contextmanager
def local_vault(folder: Path) -> Iterator[Vault]:
    ready = folder / "ready.json"
    server = subprocess.Popen([RELEASE / "kv-emulator", "--ready-file", ready, "--with-parent"], stdin=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 30
        while not ready.exists():
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit("the local vault did not start")
            time.sleep(0.05)
        yield Vault(json.loads(ready.read_text()))
    finally:
        server.terminate()
        server.wait(timeout=30)
