from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime
from os import PathLike
from types import GenericAlias, TracebackType
from typing import Any, Generic, Literal, NoReturn, Protocol, TypeVar, final

from typing_extensions import Self, disjoint_base

from .exceptions import KeyVaultError
from .paging import ItemPaged
from .polling import LROPoller

_T = TypeVar("_T")

__all__ = [
    "ERROR_KINDS",
    "OPTIONS",
    "AsyncLROPoller",
    "AsyncSecretResults",
    "CoreCredential",
    "DeletedSecret",
    "DiagnosisStep",
    "KeyVaultSecret",
    "KeyVaultSecretIdentifier",
    "SecretClient",
    "SecretProperties",
    "SecretResult",
    "SecretResults",
    "SecretVersion",
    "Stats",
    "__version__",
]

__version__: str
ERROR_KINDS: tuple[str, ...]
OPTIONS: tuple[str, ...]

def _flush_log() -> None: ...

class _AccessToken(Protocol):
    @property
    def token(self) -> str: ...
    @property
    def expires_on(self) -> int: ...

class _SupportsToken(Protocol):
    def get_token(
        self, *scopes: str, claims: str | None = None, tenant_id: str | None = None, **options: Any
    ) -> _AccessToken | Awaitable[_AccessToken]: ...

class _SupportsTokenInfo(Protocol):
    def get_token_info(self, *scopes: str, options: Any = None) -> _AccessToken | Awaitable[_AccessToken]: ...

@final
class SecretClient:
    """A client of one vault's secrets.

    It can be used by many threads at once, and on both sides of a fork. Calls wait without holding the GIL, and Ctrl-C
    ends them. Every call has a deadline: its own `timeout`, or the client's option `timeout_ms`, 60 seconds unless set.

    Args:
        vault_url: The vault's URL, such as `https://contoso.vault.azure.net`.
        credential: Where tokens come from: `libkv.DefaultAzureCredential()` unless given, another of libkv's own, or
            any object with `get_token_info` or `get_token`, such as those of `azure.identity` and `azure.identity.aio`.
        options: Client options by key, such as `{"retry.max_attempts": 3}`; `None` as a value leaves the default.
        **keywords: Client options with `_` for `.`, such as `retry_max_attempts=3`. `ca_file` is that of the variable
            `REQUESTS_CA_BUNDLE`, or else of `CURL_CA_BUNDLE`, unless given. Keywords of azure-core, such as
            `retry_total` or `connection_timeout`, are taken as the options they stand for, in seconds where azure-core
            has seconds, or refused with what libkv has instead.

    A credential that is not libkv's own is asked as the official clients ask it, in a daemon thread: once for however
    many calls, again ahead of expiry, and when the vault asks for more claims or no longer takes the token. What it
    raises becomes the `__cause__` of an `AuthenticationError`. Deadlines and Ctrl-C do not wait for it.

    What an async credential gives is awaited on an event loop that libkv runs for all of them in one daemon thread.
    Such a credential should not be used on another loop as well, nor, if it holds connections, on both sides of a fork.

    Raises:
        libkv.exceptions.InvalidConfigError: The vault URL is not acceptable, or an option is unknown or out of range.
        TypeError: An argument has the wrong type.

    Besides what each call lists, every call raises `TypeError` for an argument of the wrong type, and

    * `libkv.exceptions.InvalidArgumentError` (a `ValueError`) for one that breaks a rule, before anything is sent;
    * `libkv.exceptions.InvalidStateError` once the client is closed;
    * `libkv.exceptions.AuthenticationError` and `ForbiddenError` when the caller is not let in;
    * `libkv.exceptions.ThrottledError`, `UnavailableError`, `NetworkError` and `TimeoutError` when the deadline or the
      tries run out.
    """

    def __new__(
        cls,
        vault_url: str,
        credential: CoreCredential | _SupportsToken | _SupportsTokenInfo | None = None,
        *,
        options: Mapping[str, str | int | PathLike[str] | None] | None = None,
        **keywords: str | float | PathLike[str] | Mapping[str, str] | None,
    ) -> SecretClient: ...
    @property
    def vault_url(self) -> str:
        """The vault's URL, without a trailing slash."""

    def set_secret(
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
        """Makes a new version of a secret, and the secret if there is none.

        Nothing is inherited from the version before.

        Args:
            name: The secret's name: 1 to 127 of `0-9`, `a-z`, `A-Z` and `-`.
            value: The value, at most 25,600 characters; may be empty.
            enabled: Whether the value can be read; it can by default.
            tags: At most 15, keys and values of at most 512 characters.
            content_type: What the value is, such as `application/json`; at most 255 characters.
            not_before: Not to be used before this moment; UTC if it has no time zone. The service does not enforce it.
            expires_on: Not to be used after this moment; likewise.
            on_conflict: What to do about a soft-deleted secret of the name. `fail`, the default, leaves it. `recover`
                brings it back with its versions and writes on top. `purge` removes it for good and writes the first
                version of a new one; that needs the purge permission and a vault without purge protection. Both wait,
                within the deadline, for a deletion, recovery or purge under way.
            if_changed: Whether to write only what differs from the newest version in value, content type, tags or
                another property. A set that changes nothing gives that version. The secret is read first, which needs
                the permission; two callers that read before either writes make two versions.
            if_absent: Whether to write only where no secret has the name, disabled or not; read first likewise. Not
                together with `if_changed` or `on_conflict="recover"`.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.AlreadyExistsError: With `if_absent`: a secret of the name exists.
            libkv.exceptions.SoftDeletedError: A soft-deleted secret holds the name.
            libkv.exceptions.BeingDeletedError: The name's deletion or purge has not finished.
            libkv.exceptions.BeingRecoveredError: The name's recovery has not finished.
            libkv.exceptions.ForbiddenError: The recovery or purge was refused, among others by purge protection.
            libkv.exceptions.ManagedSecretError: The secret belongs to a certificate.
            libkv.exceptions.OutcomeUnknownError: The secret may or may not have been set, and looking was not possible.

        Examples:
            >>> client.set_secret("api-key", "k1", content_type="text/plain", tags={"team": "shop"}).properties.tags
            {'team': 'shop'}
            >>> before = client.set_secret("db-url", "postgres://db")
            >>> client.set_secret("db-url", "postgres://db", if_changed=True) == before
            True
        """

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
    ) -> SecretResults:
        """Makes a new version of each of many secrets, as `set_secret` does, and gives an iterator of results.

        Nothing is sent before the first result is asked for, and a set whose turn has not come when the iterator is
        closed or dropped is never made: iterate to the end.

        Args:
            values: The values by their secrets' names, no two of which may differ in letter case alone.
            enabled: As for `set_secret`, and so are those down to `if_absent`; each holds for all the secrets.
            tags: Likewise.
            content_type: Likewise.
            not_before: Likewise.
            expires_on: Likewise.
            on_conflict: Likewise.
            if_changed: Likewise.
            if_absent: Likewise.
            concurrency: How many secrets are under way at a time, 1 to 256; 64 unless given.
            on_progress: Called after each result, on the thread that asked for it, with how many there have been and
                how many there are in all. What it raises reaches whoever asked for the result, which comes next time.
            timeout: The deadline of each secret, in seconds.
        """

    def get_secret(self, name: str, version: str | None = None, *, timeout: float | None = None) -> KeyVaultSecret:
        """Reads a secret with its value.

        Args:
            name: The secret's name.
            version: The version; the newest if it is left out or empty.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret or version.
            libkv.exceptions.SecretDisabledError: The version is disabled, whether or not older ones are enabled.

        Examples:
            >>> client.get_secret("db").value
            's3cr3t'
        """

    def try_get_secret(
        self, name: str, version: str | None = None, *, timeout: float | None = None
    ) -> KeyVaultSecret | None:
        """Reads a secret as `get_secret` does, but gives `None` where the vault has no such secret or version.

        A soft-deleted secret is none; a disabled one is an error.

        Args:
            name: The secret's name.
            version: The version; the newest if it is left out or empty.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.SecretDisabledError: The version is disabled, whether or not older ones are enabled.
        """

    def get_secrets(
        self,
        names: Iterable[str] | None = None,
        *,
        prefix: str | None = None,
        tags: Mapping[str, str] | None = None,
        concurrency: int | None = None,
        on_progress: Callable[[int, int | None], object] | None = None,
        timeout: float | None = None,
    ) -> SecretResults:
        """Reads many secrets with their values, and gives an iterator of results.

        They are all that the vault lists, unless arguments say which. Nothing is sent before the first result is asked
        for. A secret that cannot be read, such as a disabled one, has its own error and keeps no other from being read.

        Args:
            names: The secrets' names, instead of what the vault lists; not together with `prefix` or `tags`.
            prefix: Reads the secrets whose names begin so; letter case makes no difference.
            tags: Reads the secrets whose newest version has all these tags.
            concurrency: How many secrets are under way at a time, 1 to 256; 64 unless given.
            on_progress: Called after each result, on the thread that asked for it, with how many there have been and
                how many there are in all, `None` while the vault's list is still being read. What it raises reaches
                whoever asked for the result, which comes next time.
            timeout: The deadline of each secret, and of each page of the list, in seconds.

        Examples:
            >>> with client.get_secrets(["db", "nothing"]) as results:
            ...     for result in results:
            ...         print(result.name, result.error.kind if result.error else "read")
            db read
            nothing not_found
        """

    def get_secret_history(self, name: str, *, timeout: float | None = None) -> list[SecretVersion]:
        """Reads a secret's versions without their values, from the newest to the oldest, the current one marked.

        The service tells times in whole seconds only. Of several versions made in one second, the newest comes first
        and the others stand by their ids. Needs the permissions to list and to get; a disabled current version is told
        by its time.

        Args:
            name: The secret's name.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret.
        """

    def rollback_secret(self, name: str, version: str, *, timeout: float | None = None) -> KeyVaultSecret:
        """Makes a new version with the value, content type and tags of an older one.

        Dates are not brought back, and the new version is enabled.

        Args:
            name: The secret's name.
            version: The version to go back to.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret or version.
            libkv.exceptions.SecretDisabledError: The version is disabled, and so cannot be read.
        """

    def prune_secret_versions(self, name: str, *, keep: int, timeout: float | None = None) -> list[SecretProperties]:
        """Disables a secret's enabled versions except the newest, and gives those it disabled.

        The service cannot remove a version. The order is that of `get_secret_history`. A failure midway leaves disabled
        what has been; the same call again goes on.

        Args:
            name: The secret's name.
            keep: How many of the enabled versions stay enabled, at least 1.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret.
        """

    def update_secret_properties(
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
        """Changes the properties of a version. What is left out stays; the value cannot change.

        Args:
            name: The secret's name.
            version: The version; the newest if it is left out or empty.
            enabled: Whether the value can be read.
            tags: All tags; those of the version are replaced as a whole.
            content_type: What the value is.
            not_before: Not to be used before this moment; UTC if it has no time zone.
            expires_on: Not to be used after this moment; likewise.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret or version.
            libkv.exceptions.ManagedSecretError: The secret belongs to a certificate.
        """

    def list_properties_of_secrets(
        self, *, max_page_size: int | None = None, timeout: float | None = None
    ) -> ItemPaged[SecretProperties]:
        """Lists the vault's secrets, without values and versions, in the service's order, by upper-cased name.

        Args:
            max_page_size: How many items a page has at most, 1 to 25.
            timeout: The deadline of each page, in seconds.

        Examples:
            >>> [properties.name for properties in client.list_properties_of_secrets()]
            ['db']
        """

    def list_properties_of_secret_versions(
        self, name: str, *, max_page_size: int | None = None, timeout: float | None = None
    ) -> ItemPaged[SecretProperties]:
        """Lists the versions of a secret without their values, by their hexadecimal ids and so not by time.

        Args:
            name: The secret's name; an unknown one has no versions.
            max_page_size: How many items a page has at most, 1 to 25.
            timeout: The deadline of each page, in seconds.
        """

    def begin_delete_secret(
        self,
        name: str,
        *,
        polling_interval: float | None = None,
        continuation_token: str | None = None,
        timeout: float | None = None,
    ) -> LROPoller[DeletedSecret]:
        """Deletes a secret with all its versions, and gives a poller that can wait until the vault has finished.

        Until its scheduled purge date the secret can be recovered, and its name cannot be used.

        Args:
            name: The secret's name.
            polling_interval: How long the poller's waits pause between two looks, in seconds, 0.001 to 3600. By default
                the second look follows the first after 50 ms, and each further pause is twice as long, up to the
                client's option `poll_interval_ms`.
            continuation_token: What another poller gave for the same secret: nothing is begun anew, the vault is looked
                at once.
            timeout: The deadline of the request that begins the deletion, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret.
            libkv.exceptions.ManagedSecretError: The secret belongs to a certificate.

        Examples:
            >>> poller = client.begin_delete_secret("db")
            >>> poller.wait()
            >>> poller.done(), client.try_get_secret("db")
            (True, None)
        """

    def get_deleted_secret(self, name: str, *, timeout: float | None = None) -> DeletedSecret:
        """Reads a deleted secret, without its value.

        Args:
            name: The secret's name.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such deleted secret.
        """

    def list_deleted_secrets(
        self, *, max_page_size: int | None = None, timeout: float | None = None
    ) -> ItemPaged[DeletedSecret]:
        """Lists the vault's deleted secrets.

        Args:
            max_page_size: How many items a page has at most, 1 to 25.
            timeout: The deadline of each page, in seconds.
        """

    def begin_recover_deleted_secret(
        self,
        name: str,
        *,
        polling_interval: float | None = None,
        continuation_token: str | None = None,
        timeout: float | None = None,
    ) -> LROPoller[SecretProperties]:
        """Brings a deleted secret back with all its versions, and gives a poller that can wait until it is usable.

        Args:
            name: The secret's name.
            polling_interval: How long the poller's waits pause between two looks, in seconds, 0.001 to 3600. By default
                the second look follows the first after 50 ms, and each further pause is twice as long, up to the
                client's option `poll_interval_ms`.
            continuation_token: What another poller gave for the same secret: nothing is begun anew, the vault is looked
                at once.
            timeout: The deadline of the request that begins the recovery, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such deleted secret.
            libkv.exceptions.ConflictError: The secret is there already, or its deletion has not finished.
        """

    def purge_deleted_secret(self, name: str, *, wait: bool | None = None, timeout: float | None = None) -> None:
        """Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.

        Args:
            name: The secret's name.
            wait: Whether to wait, within the deadline, for a deletion under way before the purge, and for the deleted
                secret to be gone after it. The service can hold the name back for some seconds more, which nothing but
                a set can tell: `on_conflict="purge"` waits that out too.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such deleted secret.
            libkv.exceptions.BeingDeletedError: The deletion has not finished.
        """

    def backup_secret(self, name: str, *, timeout: float | None = None) -> bytes:
        """Backs up a secret with all its versions into a blob that only Azure can read.

        Args:
            name: The secret's name.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret.
        """

    def restore_secret_backup(self, backup: bytes, *, timeout: float | None = None) -> SecretProperties:
        """Restores a backup, into a vault of the same subscription and geography.

        Gives the newest version's properties.

        Args:
            backup: What `backup_secret` gave.
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.AlreadyExistsError: The name is in use, by a soft-deleted secret for example.
        """

    def diagnose(self, *, timeout: float | None = None) -> list[DiagnosisStep]:
        """Goes the way to the vault step by step, and gives each step with how it went.

        The steps are DNS, TCP, TLS, the vault's challenge, the machine's clock, the token, and one harmless call, a
        list of one secret. One that fails is no error of the call. `python -m libkv doctor URL` prints them.

        Args:
            timeout: The deadline of all steps together, in seconds.
        """

    def send_request(self, request: object, *, stream: bool = False) -> NoReturn:
        """Refuses: every operation on secrets is a method of the client.

        Args:
            request: What the official client would send.
            stream: Whether it would stream the answer.

        Raises:
            libkv.exceptions.UnsupportedError: Always. A `NotImplementedError`.
        """

    def stats(self) -> Stats:
        """Returns what this client has done so far."""

    def close(self) -> None:
        """Refuses calls from here on; those under way go on."""

    def __enter__(self) -> SecretClient: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@disjoint_base
class CoreCredential:
    """A credential of libkv's own, which stands for client options."""

    def __new__(cls, kind: str, /, **arguments: str) -> Self: ...

@final
class SecretProperties:
    """A secret version without its value. Equal to another with the same properties.

    A client gives them; by hand they are made for test doubles, and have `None` for all that is not given.

    Args:
        attributes: Any object with `enabled`, `not_before`, `expires`, `created`, `updated`, `recoverable_days` and
            `recovery_level`, or some of them.
        vault_id: The identifier, `https://VAULT/secrets/NAME/VERSION`.
        content_type: What the value is.
        key_id: The identifier of the key behind a certificate's secret.
        managed: Whether the secret belongs to a certificate.
        previous_version: The version of the previous certificate.
        tags: The tags.

    Raises:
        libkv.exceptions.InvalidArgumentError: `vault_id` is not the identifier of a secret. A `ValueError`.
    """

    def __new__(
        cls,
        attributes: object = None,
        vault_id: str | None = None,
        *,
        content_type: str | None = None,
        key_id: str | None = None,
        managed: bool | None = None,
        previous_version: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> Self: ...
    @property
    def id(self) -> str:
        """The identifier, `https://VAULT/secrets/NAME/VERSION`; without the version in lists of secrets."""

    @property
    def name(self) -> str:
        """The secret's name."""

    @property
    def version(self) -> str | None:
        """The version, 32 hexadecimal digits; `None` in lists of secrets."""

    @property
    def vault_url(self) -> str:
        """The vault's URL."""

    @property
    def content_type(self) -> str | None:
        """What the value is, such as `application/json`; free text."""

    @property
    def enabled(self) -> bool:
        """Whether the value can be read."""

    @property
    def not_before(self) -> datetime | None:
        """Not to be used before this moment, in UTC. The service does not enforce it."""

    @property
    def expires_on(self) -> datetime | None:
        """Not to be used after this moment, in UTC. The service does not enforce it."""

    @property
    def created_on(self) -> datetime | None:
        """When the version was made, in UTC."""

    @property
    def updated_on(self) -> datetime | None:
        """When the version's properties last changed, in UTC."""

    @property
    def recoverable_days(self) -> int | None:
        """How many days a deleted secret can be recovered, 7 to 90; 0 or `None` without soft delete."""

    @property
    def recovery_level(self) -> str | None:
        """What happens to a deleted secret, such as `Recoverable+Purgeable`."""

    @property
    def tags(self) -> dict[str, str]:
        """The version's tags, as a dictionary of the caller's own."""

    @property
    def managed(self) -> bool:
        """Whether the secret belongs to a certificate."""

    @property
    def key_id(self) -> str | None:
        """The identifier of the key behind a certificate's secret."""

    @property
    def previous_version(self) -> str | None:
        """The version of the previous certificate, of a certificate's secret."""

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class KeyVaultSecret:
    """A secret version with its value, which neither `repr` nor `pickle` gives away.

    Args:
        properties: Everything about the version but its value.
        value: The value, or `None`; a client's secrets always have one.
    """

    def __new__(cls, properties: SecretProperties, value: str | None) -> Self: ...
    @property
    def name(self) -> str:
        """The secret's name."""

    @property
    def id(self) -> str:
        """The identifier, `https://VAULT/secrets/NAME/VERSION`."""

    @property
    def properties(self) -> SecretProperties:
        """Everything about the version but its value."""

    @property
    def value(self) -> str:
        """The value. Each time it is read Python makes a copy, which it does not wipe."""

    @property
    def stale(self) -> bool:
        """Whether the value comes from the cache although its time is over.

        That is so where the vault throttles or cannot be reached, and the client's option `cache.stale_ms` permits it.
        """

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class SecretVersion:
    """A version of a secret, as its history shows it."""

    @property
    def name(self) -> str:
        """The secret's name."""

    @property
    def id(self) -> str:
        """The identifier, `https://VAULT/secrets/NAME/VERSION`."""

    @property
    def version(self) -> str | None:
        """The version, 32 hexadecimal digits."""

    @property
    def properties(self) -> SecretProperties:
        """Everything about the version but its value."""

    @property
    def current(self) -> bool:
        """Whether it is the version that a read without a version means."""

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class DeletedSecret:
    """A secret in the soft-deleted state.

    Args:
        properties: The properties of its newest version.
        deleted_date: When it was deleted; UTC if it has no time zone.
        recovery_id: The identifier under which it can be recovered or purged.
        scheduled_purge_date: When the service purges it for good; UTC if it has no time zone.
    """

    def __new__(
        cls,
        properties: SecretProperties,
        deleted_date: datetime | None = None,
        recovery_id: str | None = None,
        scheduled_purge_date: datetime | None = None,
    ) -> Self: ...
    @property
    def name(self) -> str:
        """The secret's name."""

    @property
    def id(self) -> str:
        """The identifier."""

    @property
    def properties(self) -> SecretProperties:
        """The properties of its newest version."""

    @property
    def deleted_date(self) -> datetime | None:
        """When it was deleted, in UTC."""

    @property
    def recovery_id(self) -> str | None:
        """The identifier under which it can be recovered or purged; `None` in a vault without soft delete."""

    @property
    def scheduled_purge_date(self) -> datetime | None:
        """When the service purges it for good, in UTC."""

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class KeyVaultSecretIdentifier:
    """The parts of a secret's identifier.

    Args:
        source_id: The identifier, `https://VAULT/secrets/NAME` or `https://VAULT/secrets/NAME/VERSION`.

    Raises:
        libkv.exceptions.InvalidArgumentError: It is not the identifier of a secret. A `ValueError`.

    Examples:
        >>> KeyVaultSecretIdentifier("https://contoso.vault.azure.net/secrets/db/0123").name
        'db'
    """

    def __new__(cls, source_id: str) -> KeyVaultSecretIdentifier: ...
    @property
    def source_id(self) -> str:
        """The identifier as it was given."""

    @property
    def vault_url(self) -> str:
        """The vault's URL, without a trailing slash."""

    @property
    def name(self) -> str:
        """The secret's name."""

    @property
    def version(self) -> str | None:
        """The version, if the identifier has one."""

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class SecretResult:
    """What became of one secret among many: the secret, or why there is none."""

    @property
    def name(self) -> str:
        """The secret's name."""

    @property
    def secret(self) -> KeyVaultSecret | None:
        """The secret; `None` if it failed."""

    @property
    def error(self) -> KeyVaultError | None:
        """Why there is no secret; `None` if there is one."""

    def result(self) -> KeyVaultSecret:
        """Returns the secret, or raises the error."""

@final
class SecretResults(Iterator[SecretResult]):
    """The results of a call on many secrets, in the order of the names or of the list, while others are under way.

    Asking for a result waits without holding the GIL. Ctrl-C ends the wait and loses nothing: the next result can be
    asked for again. Threads can share one; each result goes to one of them.

    When it is closed or dropped before its end, what is under way is cancelled, which leaves open whether a set of it
    has been applied. The child of a fork cannot go on with it, and gets `libkv.exceptions.InvalidStateError`.
    """

    def __iter__(self) -> SecretResults: ...
    def __next__(self) -> SecretResult:
        """Waits for the next result.

        Raises:
            libkv.exceptions.KeyVaultError: The vault's list could not be read on. It comes behind the results of the
                secrets listed before, and is the last to come.
        """

    def __len__(self) -> int:
        """Returns how many results there are in all, those given already among them.

        Raises:
            TypeError: It is not known while the vault's list is still being read. `list` and progress bars take that as
                an iterable without a length.
        """

    def __bool__(self) -> bool: ...
    def close(self) -> None:
        """Cancels what is under way, and ends the results. A thread that waits for one gets no more."""

    def __enter__(self) -> SecretResults: ...
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
        /,
    ) -> None: ...

@final
class AsyncSecretResults(AsyncIterator[SecretResult]):
    """The results of a call on many secrets, in the order of the names or of the list, while others are under way.

    They are those of `SecretResults`, by `async for`. To be cancelled while it waits for a result loses none: the next
    result can be asked for again. `contextlib.aclosing` closes it.
    """

    def __aiter__(self) -> AsyncSecretResults: ...
    async def __anext__(self) -> SecretResult:
        """Waits for the next result.

        Raises:
            libkv.exceptions.KeyVaultError: The vault's list could not be read on. It comes behind the results of the
                secrets listed before, and is the last to come.
        """

    def __len__(self) -> int:
        """Returns how many results there are in all, those given already among them.

        Raises:
            TypeError: It is not known while the vault's list is still being read.
        """

    def __bool__(self) -> bool: ...
    async def aclose(self) -> None:
        """Cancels what is under way, and ends the results. A task that waits for one gets no more."""

@final
class AsyncLROPoller(Generic[_T]):
    """A deletion or recovery that has begun, and that the vault goes on with by itself."""

    def result(self) -> _T:
        """Returns what the vault answered when the work began, without waiting.

        Raises:
            libkv.exceptions.InvalidStateError: The poller comes from a continuation token. It has a result once it has
                seen that the work is done, and none where this caller may not read it.
        """

    async def wait(self, timeout: float | None = None) -> None:
        """Waits until the work is done.

        Args:
            timeout: How long, in seconds; the client's option `timeout_ms` unless given.

        Raises:
            libkv.exceptions.TimeoutError: The work was not done in time. The vault goes on; `wait` again as you like.
        """

    async def done(self) -> bool:
        """Tells whether the work is done. Asks the vault with one call, unless the work is known to be done."""

    def status(self) -> str:
        """Returns `"finished"` or `"polling"`, as the vault was last seen; asks nothing."""

    def look_count(self) -> int:
        """Returns how many looks have told whether the work is done."""

    def continuation_token(self) -> str:
        """Returns what `continuation_token` of the method that gave this poller takes, to go on with this work.

        That may be in another process and in any language. The token holds the vault's URL and the secret's name.
        """

    @classmethod
    def __class_getitem__(cls, key: Any) -> GenericAlias: ...

@final
class DiagnosisStep:
    """One step on the way to a vault, and how it went."""

    @property
    def name(self) -> str:
        """What was tried: `"dns"`, `"tcp"`, `"tls"`, `"challenge"`, `"clock"`, `"token"` or `"call"`."""

    @property
    def verdict(self) -> str:
        """How it went: `"ok"`, `"failed"` or `"skipped"`, which is so behind a step that failed."""

    @property
    def elapsed(self) -> float:
        """How long it took, in seconds."""

    @property
    def detail(self) -> str:
        """What was found, for a person; a token's claims, but never the token."""

    @property
    def advice(self) -> str | None:
        """The next step for a person, where this one failed."""

@final
class Stats:
    """What a client has done since it was made."""

    @property
    def operations(self) -> int:
        """Operations started."""

    @property
    def requests(self) -> int:
        """HTTP requests sent to the vault."""

    @property
    def retries(self) -> int:
        """Requests that were sent again after a failure other than throttling."""

    @property
    def throttled(self) -> int:
        """Answers with status 429."""

    @property
    def waited_ms(self) -> int:
        """Time spent waiting between tries, and for a turn while the vault throttles, in milliseconds."""

    @property
    def tokens(self) -> int:
        """Tokens asked for."""

    @property
    def cache_hits(self) -> int:
        """Reads answered from the cache, or by a read that was under way already."""

    @property
    def settled(self) -> int:
        """Writes whose answer was lost, and of which a look at the vault found that they had been applied."""

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
