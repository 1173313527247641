"""The two official Python clients, with one way to call them."""

import asyncio
import os

from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.identity.aio import ClientSecretCredential as AioClientSecretCredential
from azure.keyvault.secrets import SecretClient
from azure.keyvault.secrets.aio import SecretClient as AioSecretClient


def credential(kind, secret=None):
    """Returns a credential for the tenant that the environment names."""
    names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
    tenant, client, known = (os.environ[name] for name in names)
    return kind(tenant, client, secret or known, disable_instance_discovery=True)


def refusal(call, *arguments, **options) -> tuple[type, int, str, str | None]:
    """Makes a call that the vault must refuse; returns the exception's type, status, code and inner code."""
    try:
        call(*arguments, **options)
    except HttpResponseError as error:
        inner = error.error.innererror
        return type(error), error.status_code, error.error.code, (inner or {}).get("code")
    raise AssertionError("the vault did not refuse")


class Sync:
    """The synchronous client."""

    def __init__(self, url: str, secret: str | None = None, **options):
        self._credential = credential(ClientSecretCredential, secret)
        self._client = SecretClient(url, self._credential, **options)

    def __getattr__(self, operation: str):
        return getattr(self._client, operation)

    def delete(self, name: str):
        """Deletes and waits."""
        poller = self._client.begin_delete_secret(name)
        poller.wait()
        return poller.result()

    def recover(self, name: str):
        """Recovers and waits."""
        poller = self._client.begin_recover_deleted_secret(name)
        poller.wait()
        return poller.result()

    def pages(self, operation: str, *arguments, **options) -> list[list]:
        """Reads a list page by page."""
        return [list(page) for page in getattr(self._client, operation)(*arguments, **options).by_page()]

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._client.close()
        self._credential.close()


class Aio:
    """The asynchronous client, each of whose calls is run to its end."""

    def __init__(self, url: str, secret: str | None = None, **options):
        self._run = asyncio.new_event_loop().run_until_complete
        self._credential = credential(AioClientSecretCredential, secret)
        self._client = AioSecretClient(url, self._credential, **options)
        self.delete = self.delete_secret
        self.recover = self.recover_deleted_secret

    def __getattr__(self, operation: str):
        return lambda *arguments, **options: self._run(getattr(self._client, operation)(*arguments, **options))

    def pages(self, operation: str, *arguments, **options) -> list[list]:
        """Reads a list page by page."""

        async def read():
            pages = getattr(self._client, operation)(*arguments, **options).by_page()
            return [[item async for item in page] async for page in pages]

        return self._run(read())

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._run(self._client.close())
        self._run(self._credential.close())
        self._run.__self__.close()
