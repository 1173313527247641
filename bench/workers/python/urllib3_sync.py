"""urllib3 alone, as a worker uses it."""

import json
import os

import urllib3
from bare import CONNECTIONS, HEADERS, list_url, names_of, parsed, secret_url


class Client:
    """Calls that return values."""

    def __init__(self, _options: dict):
        self._pool = urllib3.PoolManager(maxsize=CONNECTIONS, ca_certs=os.environ["VAULT_CA_FILE"], headers=HEADERS)

    def _ask(self, method: str, url: str, **more) -> dict:
        answer = self._pool.request(method, url, retries=False, **more)
        return parsed(answer.status, answer.data)

    def get(self, name: str) -> str:
        """Reads a secret."""
        return self._ask("GET", secret_url(name))["value"]

    def set(self, name: str, value: str) -> str:
        """Writes a secret."""
        headers = HEADERS | {"Content-Type": "application/json"}
        return self._ask("PUT", secret_url(name), body=json.dumps({"value": value}), headers=headers)["value"]

    def names(self) -> list[str]:
        """Lists the vault's secrets."""
        names, url = [], list_url()
        while url:
            page = self._ask("GET", url)
            names += names_of(page)
            url = page["nextLink"]
        return names
