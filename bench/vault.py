"""The local vault as a child process."""

import json
import os
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
EMULATOR = ROOT / "target" / "release" / "kv-emulator"


class LocalVault:
    """The vault `default` of an emulator, and its control endpoint."""

    def __init__(self, folder: Path):
        ready = folder / "ready.json"
        command = [EMULATOR, "--ready-file", ready, "--with-parent"]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                sys.exit("the local vault did not start")
            time.sleep(0.01)
        self._facts = json.loads(ready.read_text())
        # As long as what clients load in practice: the vault's authority behind the system's.
        system = Path(ssl.get_default_verify_paths().cafile or os.devnull)
        bundle = folder / "bundle.pem"
        bundle.write_text(system.read_text() + Path(self._facts["ca_file"]).read_text())
        self._bundle = str(bundle)
        # Where the machine names a folder too, some clients would load the system's authorities twice.
        self._folder = str(folder / "certificates")
        Path(self._folder).mkdir()

    def control(self, method: str, path: str = "", body: dict | None = None, vault: str = "default"):
        """Returns what the control endpoint answers."""
        url = f"{self._facts['control_url']}/vaults/{vault}{path}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def reset(self, secrets: int = 0, vault: str = "default", **settings):
        """Makes a vault anew with this many secrets, whose values are their names."""
        names = (f"secret-{number}" for number in range(secrets))
        listed = [{"name": name, "value": name} for name in names]
        self.control("PUT", body={"secrets": listed, **settings}, vault=vault)

    def answered(self) -> tuple[int, int]:
        """Returns how many authenticated requests the vault has seen and how many of them it answered with 429."""
        log = self.control("GET", "/requests")
        requests = sum(count for what, count in log["counts"].items() if " " not in what and what != "probe")
        return requests, log["throttled"]

    def count(self, operation: str) -> int:
        """Returns how many authenticated requests of an operation the vault has seen."""
        return self.control("GET", "/requests")["counts"].get(operation, 0)

    @contextmanager
    def on_core(self, core: int) -> Iterator[None]:
        """Keeps the vault, this process and those it starts on one core."""
        cores = os.sched_getaffinity(0)
        self._keep_on({core})
        try:
            yield
        finally:
            self._keep_on(cores)

    def _keep_on(self, cores: set[int]):
        for thread in Path(f"/proc/{self._process.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)
        os.sched_setaffinity(0, cores)

    def environment(self) -> dict[str, str]:
        """Returns the variables by which every client finds the vault and trusts its certificate."""
        # Not every system's resolver knows names below localhost.
        port = urlsplit(self._facts["vault_url"]).port
        return {
            "VAULT_URL": f"https://localhost:{port}",
            "VAULT_TOKEN": self._facts["token"],
            "VAULT_CA_FILE": self._facts["ca_file"],
            "NODE_EXTRA_CA_CERTS": self._facts["ca_file"],
            "REQUESTS_CA_BUNDLE": self._bundle,
            "SSL_CERT_FILE": self._bundle,
            "SSL_CERT_DIR": self._folder,
        }

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._process.terminate()
        self._process.wait(10)
