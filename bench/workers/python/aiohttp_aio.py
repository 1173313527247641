"""aiohttp alone, as a worker uses it."""

import os
import ssl

import aiohttp
from bare import CONNECTIONS, HEADERS, list_url, names_of, parsed, secret_url


class Client:
    """Calls that return values."""

    def __init__(self, _options: dict):
        trust = ssl.create_default_context(cafile=os.environ["VAULT_CA_FILE"])
        connector = aiohttp.TCPConnector(limit=CONNECTIONS, ssl=trust)
        self._session = aiohttp.ClientSession(connector=connector, headers=HEADERS)

    async def _ask(self, method: str, url: str, **more) -> dict:
        async with self._session.request(method, url, **more) as answer:
            return parsed(answer.status, await answer.read())

    async def get(self, name: str) -> str:
        """Reads a secret."""
        return (await self._ask("GET", secret_url(name)))["value"]

    async def set(self, name: str, value: str) -> str:
        """Writes a secret."""
        return (await self._ask("PUT", secret_url(name), json={"value": value}))["value"]

    async def names(self) -> list[str]:
        """Lists the vault's secrets."""
        names, url = [], list_url()
        while url:
            page = await self._ask("GET", url)
            names += names_of(page)
            url = page["nextLink"]
        return names

    async def close(self):
        """Closes the connections, which it complains about otherwise."""
        await self._session.close()
