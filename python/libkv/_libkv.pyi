from collections.abc import Mapping
from datetime import datetime
from os import PathLike
from types import GenericAlias, TracebackType
from typing import Any, Generic, Literal, TypeVar, final

from .paging import ItemPaged

_T = TypeVar("_T")

__all__ = [
    "ERROR_KINDS",
    "OPTIONS",
    "ClientSecretCredential",
    "DeletedSecret",
    "KeyVaultSecret",
    "KeyVaultSecretIdentifier",
    "LROPoller",
    "SecretClient",
    "SecretProperties",
    "StaticTokenCredential",
    "Stats",
    "__version__",
]

__version__: str
ERROR_KINDS: tuple[str, ...]
OPTIONS: tuple[str, ...]

@final
class SecretClient:
    """A client of one vault's secrets.

    It can be used by many threads at once, and on both sides of a fork. Calls wait without holding the GIL, and Ctrl-C
    ends them. Every call has a deadline: its own `timeout`, or the client's option `timeout_ms`, 60 seconds unless set.

    Args:
        vault_url: The vault's URL, such as `https://contoso.vault.azure.net`.
        credential: Where tokens come from.
        options: Client options by key, such as `{"retry.max_attempts": 3}`; `None` as a value leaves the default.
        **keywords: Client options with `_` for `.`, such as `retry_max_attempts=3`.

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
        credential: StaticTokenCredential | ClientSecretCredential | None = None,
        *,
        options: Mapping[str, str | int | PathLike[str] | None] | None = None,
        **keywords: str | int | PathLike[str] | None,
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
            timeout: The call's deadline, in seconds.

        Raises:
            libkv.exceptions.SoftDeletedError: A soft-deleted secret holds the name.
            libkv.exceptions.BeingDeletedError: The name's deletion or purge has not finished.
            libkv.exceptions.BeingRecoveredError: The name's recovery has not finished.
            libkv.exceptions.ForbiddenError: The recovery or purge was refused, among others by purge protection.
            libkv.exceptions.ManagedSecretError: The secret belongs to a certificate.
            libkv.exceptions.OutcomeUnknownError: The secret may or may not have been set, and looking was not possible.
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

    def begin_delete_secret(self, name: str, *, timeout: float | None = None) -> LROPoller[DeletedSecret]:
        """Deletes a secret with all its versions, and gives a poller that can wait until the vault has finished.

        Until its scheduled purge date the secret can be recovered, and its name cannot be used.

        Args:
            name: The secret's name.
            timeout: The deadline of the request that begins the deletion, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such secret.
            libkv.exceptions.ManagedSecretError: The secret belongs to a certificate.
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

    def begin_recover_deleted_secret(self, name: str, *, timeout: float | None = None) -> LROPoller[SecretProperties]:
        """Brings a deleted secret back with all its versions, and gives a poller that can wait until it is usable.

        Args:
            name: The secret's name.
            timeout: The deadline of the request that begins the recovery, in seconds.

        Raises:
            libkv.exceptions.NotFoundError: There is no such deleted secret.
            libkv.exceptions.ConflictError: The secret is there already, or its deletion has not finished.
        """

    def purge_deleted_secret(self, name: str, *, timeout: float | None = None) -> None:
        """Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.

        Args:
            name: The secret's name.
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

@final
class StaticTokenCredential:
    """A bearer token from elsewhere, used as it is until the vault refuses it.

    Args:
        token: The token, without `Bearer`.
    """

    def __new__(cls, token: str) -> StaticTokenCredential: ...

@final
class ClientSecretCredential:
    """A service principal that authenticates with a client secret.

    Args:
        tenant_id: The tenant's id or domain.
        client_id: The application's id.
        client_secret: One of the application's secrets.
        authority: The token authority's host or URL; `login.microsoftonline.com` unless given.
    """

    def __new__(
        cls, tenant_id: str, client_id: str, client_secret: str, *, authority: str | None = None
    ) -> ClientSecretCredential: ...

@final
class SecretProperties:
    """A secret version without its value. Equal to another with the same properties."""

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
    """A secret version with its value, which neither `repr` nor `pickle` gives away."""

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

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...

@final
class DeletedSecret:
    """A secret in the soft-deleted state."""

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
class LROPoller(Generic[_T]):
    """A deletion or recovery that has begun, and that the vault goes on with by itself."""

    def result(self) -> _T:
        """Returns what the vault answered when the work began, without waiting."""

    def wait(self, timeout: float | None = None) -> None:
        """Waits until the work is done.

        Args:
            timeout: How long, in seconds; the client's option `timeout_ms` unless given.

        Raises:
            libkv.exceptions.TimeoutError: The work was not done in time. The vault goes on; `wait` again as you like.
        """

    def done(self) -> bool:
        """Tells whether the work is done. Asks the vault with one call, unless the work is known to be done."""

    def status(self) -> str:
        """Returns `"finished"` or `"polling"`, as the vault was last seen; asks nothing."""

    @classmethod
    def __class_getitem__(cls, key: Any) -> GenericAlias: ...

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
        """Time spent waiting between tries, in milliseconds."""

    @property
    def tokens(self) -> int:
        """Tokens asked for."""

    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
