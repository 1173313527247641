"""The client for asyncio, under the names of azure.keyvault.secrets.aio.

Calls are coroutines. They begin when they are awaited, and no thread waits for them.
"""

from asyncio import CancelledError, get_running_loop
from time import monotonic
from types import GenericAlias

from ._libkv import AsyncLROPoller, AsyncSecretResults, _CoreClient
from .credentials import (
    AzureCliCredential,
    AzureDeveloperCliCredential,
    AzurePowerShellCredential,
    CertificateCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    StaticTokenCredential,
    WorkloadIdentityCredential,
)

__all__ = [
    "AsyncItemPaged",
    "AsyncLROPoller",
    "AsyncPageIterator",
    "AsyncSecretResults",
    "AzureCliCredential",
    "AzureDeveloperCliCredential",
    "AzurePowerShellCredential",
    "CertificateCredential",
    "ClientSecretCredential",
    "DefaultAzureCredential",
    "EnvironmentCredential",
    "ManagedIdentityCredential",
    "SecretClient",
    "StaticTokenCredential",
    "WorkloadIdentityCredential",
]


class SecretClient(_CoreClient):
    """A client of one vault's secrets, whose calls are coroutines.

    Arguments, defaults and errors are those of `libkv.SecretClient`, whose methods describe them. A client works on any
    event loop of asyncio that has `add_reader`, and on several in several threads, also one after the other. A call
    begins when it is awaited, on whichever loop that is; no thread waits for it.

    Where a task is cancelled, by `asyncio.timeout` or the end of its loop for example, its request is dropped. Of a
    write nobody knows then whether it has been applied, which the `CancelledError` says by its `__cause__`, a
    `libkv.exceptions.OutcomeUnknownError`. The argument `timeout` settles that first: prefer it for writes.

    Args:
        vault_url: The vault's URL, such as `https://contoso.vault.azure.net`.
        credential: As for `libkv.SecretClient`. What an async one gives is awaited on the loop that the client was last
            used on.
        options: Client options by key, such as `{"retry.max_attempts": 3}`; `None` as a value leaves the default.
        **keywords: Client options with `_` for `.`, such as `retry_max_attempts=3`.

    Raises:
        libkv.exceptions.InvalidConfigError: The vault URL is not acceptable, or an option is unknown or out of range.
        TypeError: An argument has the wrong type.
    """

    def __new__(cls, /, vault_url, credential=None, *, options=None, **keywords):
        """Makes a client; starts nothing."""
        return super().__new__(cls, vault_url, credential, options, keywords)

    async def delete_secret(self, name, *, timeout=None):
        """Deletes a secret with all its versions, and waits until the vault has finished.

        Args:
            name: The secret's name.
            timeout: The call's deadline, in seconds; unless given, the client's for the request and again for the wait.
        """
        return await _finish(self.begin_delete_secret, name, timeout)

    async def recover_deleted_secret(self, name, *, timeout=None):
        """Brings a deleted secret back with all its versions, and waits until it is usable.

        Args:
            name: The secret's name.
            timeout: The call's deadline, in seconds; unless given, the client's for the request and again for the wait.
        """
        return await _finish(self.begin_recover_deleted_secret, name, timeout)

    async def close(self):
        """Refuses calls from here on; those under way go on."""
        super().close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        await self.close()


async def _finish(begin, name, timeout):
    began = monotonic()
    poller = await begin(name, timeout=timeout)
    # What is left may be nothing, and a timeout is above zero.
    await poller.wait(timeout=timeout and max(timeout - (monotonic() - began), 0.001))
    return poller.result()


async def await_outcome(call):
    """Makes a call on the running loop, and waits for its outcome."""
    loop = get_running_loop()
    future = loop.create_future()
    call.begin(loop, future)
    try:
        return await future
    except (CancelledError, GeneratorExit) as given_up:
        raise given_up from call.cancel(given_up)


class AsyncItemPaged:
    """A list's items, read page by page as they are asked for.

    Iterating makes one call per page; each has the timeout that the list was given.
    """

    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, read_page):
        self._read_page = read_page
        self._pages = self.by_page()
        self._page = _AsyncItems([])

    def by_page(self, continuation_token=None):
        """Returns an async iterator of pages, each an async iterator of items.

        Args:
            continuation_token: Starts behind the page after which another iterator had this `continuation_token`, in
                another process for example; at the first page unless given.
        """
        return AsyncPageIterator(self._read_page, continuation_token)

    def __aiter__(self):
        return self

    async def __anext__(self):
        while True:
            async for item in self._page:
                return item
            self._page = await anext(self._pages)


class AsyncPageIterator:
    """A list's pages. A page may be empty although others follow.

    A page that could not be read can be asked for again: an error does not end the iterator.

    Attributes:
        continuation_token: What `by_page` takes to go on behind the page read last; `None` before the first and behind
            the last.
    """

    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, read_page, continuation_token=None):
        self._read_page = read_page
        self._ended = False
        self.continuation_token = continuation_token

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._ended:
            raise StopAsyncIteration
        items, self.continuation_token = await self._read_page(self.continuation_token)
        self._ended = self.continuation_token is None
        return _AsyncItems(items)


class _AsyncItems:
    def __init__(self, items):
        self._items = iter(items)

    def __aiter__(self):
        return self

    async def __anext__(self):
        for item in self._items:
            return item
        raise StopAsyncIteration
