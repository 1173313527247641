"""What comes with Python alone, as the first secret of a process needs it."""

import http.client
import os
import ssl
from urllib.parse import urlsplit

from bare import HEADERS, parsed, secret_url


class Client:
    """A call that returns a value."""

    def __init__(self, _options: dict):
        where = urlsplit(os.environ["VAULT_URL"])
        trust = ssl.create_default_context(cafile=os.environ["VAULT_CA_FILE"])
        self._connection = http.client.HTTPSConnection(where.hostname, where.port, context=trust)

    def get(self, name: str) -> str:
        """Reads a secret."""
        self._connection.request("GET", secret_url(name), headers=HEADERS)
        answer = self._connection.getresponse()
        return parsed(answer.status, answer.read())["value"]
