from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from os import PathLike
from types import GenericAlias
from typing import Any, Generic, Literal, NoReturn, TypeVar

from typing_extensions import Self

from ._libkv import (
    AsyncLROPoller,
    AsyncSecretResults,
    CoreCredential,
    DeletedSecret,
    DiagnosisStep,
    KeyVaultSecret,
    SecretProperties,
    SecretVersion,
    Stats,
    _SupportsToken,
    _SupportsTokenInfo,
)
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

_T = TypeVar("_T")

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

class SecretClient:
    """A client of one vault's secrets, whose calls are coroutines.

    Arguments, defaults and errors are those of `libkv.SecretClient`, whose methods describe them. A client works on any
    event loop of asyncio, and on several in several threads, also one after the other. A call begins when it is
    awaited, on whichever loop that is; no thread waits for it.

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

    def __new__(
        cls,
        /,
        vault_url: str,
        credential: CoreCredential | _SupportsToken | _SupportsTokenInfo | None = None,
        *,
        options: Mapping[str, str | int | PathLike[str] | None] | None = None,
        **keywords: str | int | PathLike[str] | None,
    ) -> Self: ...
    @property
    def vault_url(self) -> str:
        """The vault's URL, without a trailing slash."""

    async def set_secret(
        self,
        name: str,
        value: str,
        *,
        enabled: bool | None = None,
        tags: Mapping[str, str] | None = None,
        content_type: str | None = None,
        not_before: datetime | None = None,
        expires_on: datetime | None = None,
        on_conflict: Literal["fail", "recover", "purge"] | None = None,
        if_changed: bool | None = None,
        if_absent: bool | None = None,
        timeout: float | None = None,
    ) -> KeyVaultSecret:
        """Makes a new version of a secret, and the secret if there is none."""

    def set_secrets(
        self,
        values: Mapping[str, str],
        *,
        enabled: bool | None = None,
        tags: Mapping[str, str] | None = None,
        content_type: str | None = None,
        not_before: datetime | None = None,
        expires_on: datetime | None = None,
        on_conflict: Literal["fail", "recover", "purge"] | None = None,
        if_changed: bool | None = None,
        if_absent: bool | None = None,
        concurrency: int | None = None,
        on_progress: Callable[[int, int | None], object] | None = None,
        timeout: float | None = None,
    ) -> AsyncSecretResults:
        """Makes a new version of each of many secrets, as `set_secret` does, and gives an iterator of results."""

    async def get_secret(
        self, name: str, version: str | None = None, *, timeout: float | None = None
    ) -> KeyVaultSecret:
        """Reads a secret with its value."""

    async def try_get_secret(
        self, name: str, version: str | None = None, *, timeout: float | None = None
    ) -> KeyVaultSecret | None:
        """Reads a secret as `get_secret` does, but gives `None` where the vault has no such secret or version."""

    def get_secrets(
        self,
        names: Iterable[str] | None = None,
        *,
        prefix: str | None = None,
        tags: Mapping[str, str] | None = None,
        concurrency: int | None = None,
        on_progress: Callable[[int, int | None], object] | None = None,
        timeout: float | None = None,
    ) -> AsyncSecretResults:
        """Reads many secrets with their values, and gives an iterator of results."""

    async def get_secret_history(self, name: str, *, timeout: float | None = None) -> list[SecretVersion]:
        """Reads a secret's versions without their values, from the newest to the oldest, the current one marked."""

    async def rollback_secret(self, name: str, version: str, *, timeout: float | None = None) -> KeyVaultSecret:
        """Makes a new version with the value, content type and tags of an older one."""

    async def prune_secret_versions(
        self, name: str, *, keep: int, timeout: float | None = None
    ) -> list[SecretProperties]:
        """Disables a secret's enabled versions except the newest, and gives those it disabled."""

    async def update_secret_properties(
        self,
        name: str,
        version: str | None = None,
        *,
        enabled: bool | None = None,
        tags: Mapping[str, str] | None = None,
        content_type: str | None = None,
        not_before: datetime | None = None,
        expires_on: datetime | None = None,
        timeout: float | None = None,
    ) -> SecretProperties:
        """Changes the properties of a version. What is left out stays; the value cannot change."""

    def list_properties_of_secrets(
        self, *, max_page_size: int | None = None, timeout: float | None = None
    ) -> AsyncItemPaged[SecretProperties]:
        """Lists the vault's secrets, without values and versions, in the service's order, by upper-cased name."""

    def list_properties_of_secret_versions(
        self, name: str, *, max_page_size: int | None = None, timeout: float | None = None
    ) -> AsyncItemPaged[SecretProperties]:
        """Lists the versions of a secret without their values, by their hexadecimal ids and so not by time."""

    async def begin_delete_secret(self, name: str, *, timeout: float | None = None) -> AsyncLROPoller[DeletedSecret]:
        """Deletes a secret with all its versions, and gives a poller that can wait until the vault has finished."""

    async def get_deleted_secret(self, name: str, *, timeout: float | None = None) -> DeletedSecret:
        """Reads a deleted secret, without its value."""

    def list_deleted_secrets(
        self, *, max_page_size: int | None = None, timeout: float | None = None
    ) -> AsyncItemPaged[DeletedSecret]:
        """Lists the vault's deleted secrets."""

    async def begin_recover_deleted_secret(
        self, name: str, *, timeout: float | None = None
    ) -> AsyncLROPoller[SecretProperties]:
        """Brings a deleted secret back with all its versions, and gives a poller that can wait until it is usable."""

    async def purge_deleted_secret(self, name: str, *, wait: bool | None = None, timeout: float | None = None) -> None:
        """Removes a deleted secret for good. Needs the purge permission and a vault without purge protection."""

    async def backup_secret(self, name: str, *, timeout: float | None = None) -> bytes:
        """Backs up a secret with all its versions into a blob that only Azure can read."""

    async def restore_secret_backup(self, backup: bytes, *, timeout: float | None = None) -> SecretProperties:
        """Restores a backup, into a vault of the same subscription and geography."""

    async def diagnose(self, *, timeout: float | None = None) -> list[DiagnosisStep]:
        """Goes the way to the vault step by step, and gives each step with how it went."""

    def send_request(self, request: object, *, stream: bool = False) -> NoReturn:
        """Refuses: every operation on secrets is a method of the client."""

    def stats(self) -> Stats:
        """Returns what this client has done so far."""

    async def delete_secret(self, name: str, *, timeout: float | None = None) -> DeletedSecret:
        """Deletes a secret with all its versions, and waits until the vault has finished.

        Args:
            name: The secret's name.
            timeout: The call's deadline, in seconds; unless given, the client's for the request and again for the wait.
        """

    async def recover_deleted_secret(self, name: str, *, timeout: float | None = None) -> SecretProperties:
        """Brings a deleted secret back with all its versions, and waits until it is usable.

        Args:
            name: The secret's name.
            timeout: The call's deadline, in seconds; unless given, the client's for the request and again for the wait.
        """

    async def close(self) -> None:
        """Refuses calls from here on; those under way go on."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exception: object) -> None: ...

class AsyncItemPaged(AsyncIterator[_T], Generic[_T]):
    """A list's items, read page by page as they are asked for.

    Iterating makes one call per page; each has the timeout that the list was given.
    """

    def __init__(self, read_page: Callable[[str | None], Awaitable[tuple[list[_T], str | None]]]) -> None: ...
    def by_page(self, continuation_token: str | None = None) -> AsyncPageIterator[_T]:
        """Returns an async iterator of pages, each an async iterator of items.

        Args:
            continuation_token: Starts behind the page after which another iterator had this `continuation_token`, in
                another process for example.
        """

    def __aiter__(self) -> AsyncItemPaged[_T]: ...
    async def __anext__(self) -> _T: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...

class AsyncPageIterator(AsyncIterator[AsyncIterator[_T]], Generic[_T]):
    """A list's pages. A page may be empty although others follow.

    A page that could not be read can be asked for again: an error does not end the iterator.
    """

    continuation_token: str | None
    """What `by_page` takes to go on behind the page read last; `None` before the first and behind the last."""

    def __init__(
        self,
        read_page: Callable[[str | None], Awaitable[tuple[list[_T], str | None]]],
        continuation_token: str | None = None,
    ) -> None: ...
    def __aiter__(self) -> AsyncPageIterator[_T]: ...
    async def __anext__(self) -> AsyncIterator[_T]: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...
