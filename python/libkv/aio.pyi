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
    def __new__(
        cls,
        /,
        vault_url: str,
        credential: CoreCredential | _SupportsToken | _SupportsTokenInfo | None = None,
        *,
        options: Mapping[str, str | int | PathLike[str] | None] | None = None,
        **keywords: str | float | PathLike[str] | Mapping[str, str] | None,
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

    async def begin_delete_secret(
        self,
        name: str,
        *,
        polling_interval: float | None = None,
        continuation_token: str | None = None,
        timeout: float | None = None,
    ) -> AsyncLROPoller[DeletedSecret]:
        """Deletes a secret with all its versions, and gives a poller that can wait until the vault has finished."""

    async def get_deleted_secret(self, name: str, *, timeout: float | None = None) -> DeletedSecret:
        """Reads a deleted secret, without its value."""

    def list_deleted_secrets(
        self, *, max_page_size: int | None = None, timeout: float | None = None
    ) -> AsyncItemPaged[DeletedSecret]:
        """Lists the vault's deleted secrets."""

    async def begin_recover_deleted_secret(
        self,
        name: str,
        *,
        polling_interval: float | None = None,
        continuation_token: str | None = None,
        timeout: float | None = None,
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

    async def delete_secret(self, name: str, *, timeout: float | None = None) -> DeletedSecret: ...
    async def recover_deleted_secret(self, name: str, *, timeout: float | None = None) -> SecretProperties: ...
    async def close(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exception: object) -> None: ...

class AsyncItemPaged(AsyncIterator[_T], Generic[_T]):
    def __init__(self, read_page: Callable[[str | None], Awaitable[tuple[list[_T], str | None]]]) -> None: ...
    def by_page(self, continuation_token: str | None = None) -> AsyncPageIterator[_T]: ...
    def __aiter__(self) -> AsyncItemPaged[_T]: ...
    async def __anext__(self) -> _T: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...

class AsyncPageIterator(AsyncIterator[AsyncIterator[_T]], Generic[_T]):
    continuation_token: str | None
    def __init__(
        self,
        read_page: Callable[[str | None], Awaitable[tuple[list[_T], str | None]]],
        continuation_token: str | None = None,
    ) -> None: ...
    def __aiter__(self) -> AsyncPageIterator[_T]: ...
    async def __anext__(self) -> AsyncIterator[_T]: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...
