"""The clients that are measured side by side, and the worker programs that use them."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from vault import ROOT

WORKERS = ROOT / "bench" / "workers"
PYTHON = ROOT / "bench/.venv/bin/python"


@dataclass(frozen=True)
class Client:
    """A client, and the worker program that uses it."""

    name: str
    command: tuple[str | Path, ...]
    # The file that pins the version, and what stands before it.
    pin: tuple[Path, str]
    # The program that reads one secret, prints it and stays.
    first: tuple[str | Path, ...]
    # What a program of its language writes to load it.
    loading: str = ""

    @property
    def version(self) -> str:
        """The version as it is pinned."""
        file, before = self.pin
        return re.search(re.escape(before) + r"([^\s\"]+)", file.read_text())[1]

    @property
    def title(self) -> str:
        """The name and the version."""
        return f"{self.name} {self.version}"


OURS = (ROOT / "Cargo.toml", 'version = "')
REQWEST = (ROOT / "Cargo.lock", 'name = "reqwest"\nversion = "')


def _python(name: str, module: str, package: str | None, loading: str = "") -> Client:
    pin = (WORKERS / "python/requirements.in", f"{package}==") if package else OURS
    worker, first = ((PYTHON, WORKERS / "python" / file, module) for file in ("worker.py", "first.py"))
    return Client(name, worker, pin, first, loading)


def _node(name: str, module: str, package: str | None) -> Client:
    pin = (WORKERS / "javascript/package.json", f'"{package}": "') if package else OURS
    worker, first = (("node", WORKERS / "javascript" / file, module) for file in ("worker.mjs", "first.mjs"))
    return Client(name, worker, pin, first, f"require('{package or 'libkv'}')")


def _compiled(name: str, pin: tuple[Path, str], *command: str | Path) -> Client:
    return Client(name, command, pin, (*command, "first", "1", "0", "1"))


LIBKV = _compiled("libkv", OURS, ROOT / "target/release/libkv-bench-worker")
LIBKV_C = _compiled("libkv C", OURS, ROOT / "target/bench/worker_c")
LIBKV_PYTHON = _python("libkv Python", "libkv_sync", None, "from libkv import SecretClient")
LIBKV_ASYNCIO = _python("libkv asyncio", "libkv_aio", None, "from libkv.aio import SecretClient")
LIBKV_NODE = _node("libkv Node", "libkv", None)

OFFICIAL_PYTHON = _python(
    "official Python", "official_sync", "azure-keyvault-secrets", "from azure.keyvault.secrets import SecretClient"
)
OFFICIAL_ASYNCIO = _python(
    "official asyncio", "official_aio", "azure-keyvault-secrets", "from azure.keyvault.secrets.aio import SecretClient"
)
OFFICIAL_NODE = _node("official JavaScript", "official", "@azure/keyvault-secrets")
OFFICIAL_RUST = _compiled(
    "official Rust",
    (WORKERS / "rust/Cargo.toml", 'azure_security_keyvault_secrets = "='),
    ROOT / "target/bench/release/official-worker",
)

URLLIB3 = _python("urllib3", "urllib3_sync", "urllib3")
AIOHTTP = _python("aiohttp", "aiohttp_aio", "aiohttp")
UNDICI = _node("undici", "undici", "undici")
REQWEST_1 = _compiled("reqwest HTTP/1.1", REQWEST, ROOT / "target/release/libkv-bench-bare", "http1")
REQWEST_2 = _compiled("reqwest HTTP/2", REQWEST, ROOT / "target/release/libkv-bench-bare", "http2")
REQWEST_DEADLINE = _compiled(
    "reqwest HTTP/2, deadlines", REQWEST, ROOT / "target/release/libkv-bench-bare", "http2-deadline"
)

# What comes with the languages, and processes that read nothing.
PYTHON_HTTP = _python("http.client", "http_client", None)
NODE_HTTPS = _node("https", "https", None)
PYTHON_NOTHING = _python("no client", "nothing", None)
NODE_NOTHING = _node("no client", "nothing", None)

# libkv's core decides what it does under throttling and faults, whatever the language.
ALL = [LIBKV, OFFICIAL_PYTHON, OFFICIAL_NODE, OFFICIAL_RUST]


def chosen(names: list[str]) -> list[Client]:
    """Returns the clients of these names, or all; libkv alone where the environment says that it shall be quick."""
    if unknown := set(names) - {client.name for client in ALL}:
        raise SystemExit(f"there is no client {unknown.pop()!r}; there are {', '.join(client.name for client in ALL)}")
    if os.environ.get("BENCH_QUICK") == "1":
        return [LIBKV]
    return [client for client in ALL if client.name in names] if names else ALL
