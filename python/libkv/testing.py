"""A local vault for tests: starts `kv-emulator` and ends it.

    >>> from libkv.testing import Emulator
    >>> with Emulator() as emulator, emulator.client() as client:
    ...     secret = client.set_secret("db-password", "s3cr3t")
    ...     client.begin_delete_secret("db-password").wait()
    ...     emulator.advance(90 * 24 * 3600)
    ...     list(client.list_deleted_secrets())
    []

For pytest, `libkv.pytest_plugin` has it as fixtures. What can be set, seen and moved is in the emulator's own
documentation.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from . import SecretClient, StaticTokenCredential

PROGRAM = "kv-emulator"
PATIENCE_S = 20


class Emulator:
    """A running `kv-emulator`. It ends with `close()`, with the `with` block, or with this process.

    Args:
        flags: Its flags, such as `"--import", "state.json"`.
        binary: The program; what `find_binary` finds unless given.

    Attributes:
        vault_url: The vault `default`.
        credential: A credential that every vault accepts, and that may do everything.
        ca_file: The certificate of the authority that a client must trust, in PEM.
        facts: All that the emulator says about itself, by the names of its ready file: `token`, `tenant`,
            `authority_url`, `identity_endpoint` and others.

    Raises:
        FileNotFoundError: There is no such program.
        RuntimeError: The program ended, or served nothing for 20 seconds; its own message is on standard error.
    """

    def __init__(self, *flags: str, binary: str | os.PathLike[str] | None = None) -> None:
        command = [binary or find_binary(), "--with-parent", *flags]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert self._process.stdout
        self._output = self._process.stdout
        self.facts: dict[str, str] = self._read_facts()
        self.vault_url: str = self.facts["vault_url"]
        self.credential: StaticTokenCredential = StaticTokenCredential(self.facts["token"])
        self.ca_file: str = self.facts["ca_file"]
        # A proxy of the environment's could not reach this machine's loopback.
        self._opener = build_opener(ProxyHandler({}))
        self._numbers = count(1)

    def _read_facts(self) -> dict[str, str]:
        limit = Timer(PATIENCE_S, self._process.kill)
        limit.start()
        line = self._output.readline()
        limit.cancel()
        if not line:
            self.close()
            raise RuntimeError(f"{PROGRAM} ended before it served")
        facts: dict[str, str] = json.loads(line)
        return facts

    def client(self, **options: Any) -> SecretClient:
        """Makes a client of the vault `default`, with these options of a client's."""
        return self.vault("default").client(**options)

    def vault(self, name: str | None = None) -> Vault:
        """Returns the vault of this name, or one that nobody has used. It is made at its first request."""
        return Vault(self, name or f"vault-{next(self._numbers)}")

    def advance(self, seconds: float) -> None:
        """Moves the clock forward: delays, retention, quotas and the expiry of tokens follow."""
        self.control("PATCH", "/clock", {"advance_s": seconds})

    def reset(self) -> None:
        """Forgets all vaults. The clock stays where it is."""
        self.import_state({"version": 1, "vaults": {}})

    def export_state(self) -> dict[str, Any]:
        """Returns what all vaults hold, values included."""
        state: dict[str, Any] = self.control("GET", "/state")
        return state

    def import_state(self, state: dict[str, Any]) -> None:
        """Puts the vaults of a state in place of all there are."""
        self.control("PUT", "/state", state)

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Sends a request to the control endpoint and returns what it answers, if anything.

        Raises:
            ValueError: The endpoint refused it; the message says why.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(self.facts["control_url"] + path, data, headers, method=method)
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as refusal:
            with refusal:
                raise ValueError(json.loads(refusal.read())["error"]) from None

    def close(self) -> None:
        """Ends the emulator. Closing it again does nothing."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._output.close()

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class Vault:
    """One vault of an emulator.

    Attributes:
        url: Its URL.
    """

    def __init__(self, emulator: Emulator, name: str) -> None:
        self.url: str = emulator.vault_url.replace("default", name)
        self._emulator = emulator
        self._path = f"/vaults/{name}"

    def client(self, credential: Any = None, **options: Any) -> SecretClient:
        """Makes a client with these options of a client's, and the emulator's credential unless one is given."""
        options = {"ca_file": self._emulator.ca_file, **options}
        return SecretClient(self.url, credential or self._emulator.credential, **options)

    def reset(self, **settings: Any) -> None:
        """Makes the vault anew with these settings, such as `secrets=[{"name": "db", "value": "x"}]`."""
        self._emulator.control("PUT", self._path, settings)

    def change(self, **settings: Any) -> None:
        """Changes these settings alone; secrets and faults are added to those there are."""
        self._emulator.control("PATCH", self._path, settings)

    def requests(self) -> dict[str, Any]:
        """Returns what the vault was asked: `requests` one by one, `counts` by operation and name, `throttled`."""
        log: dict[str, Any] = self._emulator.control("GET", f"{self._path}/requests")
        return log


def find_binary() -> Path:
    """Returns the program: what `KV_EMULATOR` names, or else the first of those that there are.

    Looked for are one in the package's folder, one that a checkout has built, and one on `PATH`.

    Raises:
        FileNotFoundError: There is none.
    """
    if named := os.environ.get("KV_EMULATOR"):
        if Path(named).is_file():
            return Path(named)
        raise FileNotFoundError(f"KV_EMULATOR names {named}, which is no file")
    package = Path(__file__).parent
    target = Path(os.environ.get("CARGO_TARGET_DIR", package.parents[1] / "target"))
    candidates = [package / PROGRAM, target / "release" / PROGRAM, target / "debug" / PROGRAM]
    if on_path := shutil.which(PROGRAM):
        candidates.append(Path(on_path))
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"there is no {PROGRAM}: put it on PATH, or let KV_EMULATOR name it")
