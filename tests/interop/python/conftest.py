"""Lends every test a vault of its own and an official client for it, once synchronous and once asynchronous."""

import json
import os
import urllib.request
from itertools import count

import pytest
from clients import Aio, Sync

NUMBERS = count(1)


class Vault:
    """A vault of the local emulator."""

    def __init__(self, name: str):
        self.url = os.environ["INTEROP_VAULT_URL"].replace("default", name)
        self._control = f"{os.environ['INTEROP_CONTROL_URL']}/vaults/{name}"

    def reset(self, **settings):
        self._send("PUT", settings)

    def requests(self) -> dict[str, int]:
        return self._send("GET", path="/requests")["counts"]

    def _send(self, method: str, body: dict | None = None, path: str = ""):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._control + path, data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


@pytest.fixture
def vault():
    return Vault(f"python-{next(NUMBERS)}")


@pytest.fixture(params=[Sync, Aio], ids=["sync", "aio"])
def client(vault, request):
    with request.param(vault.url) as client:
        yield client
