"""Runs the official clients' suites against one local vault, and the official Python client's own tests against libkv.

run.py                 all of them
run.py python rust     these
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from libkv.testing import Emulator
from names import Proxy

ROOT = Path(__file__).resolve().parents[2]
INSTALL_LIMIT_S = 600
RUN_LIMIT_S = 300


@dataclass(frozen=True)
class Suite:
    """One language's tests: what make installs for them, and the command that runs them."""

    installed: str
    command: tuple[str, ...]


SUITES = {
    "python": Suite("tests/interop/.venv/installed", ("tests/interop/.venv/bin/pytest", "-q", "tests/interop/python")),
    "drop-in": Suite(
        "tests/interop/drop_in/official/unpacked",
        ("tests/interop/.venv/bin/pytest", "-q", "tests/interop/drop_in"),
    ),
    "javascript": Suite(
        "tests/interop/javascript/node_modules/.package-lock.json",
        ("node", "--test", *sorted(map(str, ROOT.glob("tests/interop/javascript/*.test.mjs")))),
    ),
    "rust": Suite(
        "interop-rust-fetched",
        (
            *("cargo", "test", "--quiet", "--locked", "--offline", "--target-dir", "target/interop"),
            *("--manifest-path", "tests/interop/rust/Cargo.toml"),
        ),
    ),
}


def environment(facts: dict[str, str], proxy: Proxy) -> dict[str, str]:
    """Returns what leads an official client to the vault: the variables that its documentation names."""
    trust = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
    credential = {
        "AZURE_AUTHORITY_HOST": facts["authority_url"],
        "AZURE_TENANT_ID": facts["tenant"],
        "AZURE_CLIENT_ID": "11111111-0000-4000-8000-000000000000",
        "AZURE_CLIENT_SECRET": "s3cr3t",
    }
    way = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), proxy.url)
    way |= dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1")
    control = {"INTEROP_VAULT_URL": facts["vault_url"], "INTEROP_CONTROL_URL": facts["control_url"]}
    control |= {"INTEROP_FACTS": json.dumps(facts)}
    return dict.fromkeys(trust, facts["ca_file"]) | credential | way | control


def outcome(suite: Suite, variables: dict[str, str]) -> str:
    """Runs a suite and returns `passed`, `FAILED` or why it was skipped."""
    install = ["make", "-s", suite.installed]
    installed = subprocess.run(install, stderr=subprocess.PIPE, text=True, timeout=INSTALL_LIMIT_S)
    if installed.returncode:
        return "skipped: its client cannot be installed\n" + installed.stderr
    ran = subprocess.run(suite.command, env=os.environ | variables, timeout=RUN_LIMIT_S)
    return "FAILED" if ran.returncode else "passed"


def main() -> int:
    """Runs the suites that are asked for; a skip is a failure where everything is required."""
    names = sys.argv[1:] or list(SUITES)
    if unknown := set(names) - set(SUITES):
        sys.exit(f"there is no suite {unknown.pop()!r}; there are {', '.join(SUITES)}")
    os.chdir(ROOT)
    with Emulator() as emulator, Proxy() as proxy:
        outcomes = {name: outcome(SUITES[name], environment(emulator.facts, proxy)) for name in names}
    for name, what in outcomes.items():
        print(f"{name} ... {what}")
    accepted = ("passed",) if os.environ.get("LIBKV_REQUIRE") == "all" else ("passed", "skipped")
    return 0 if all(what.startswith(accepted) for what in outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
