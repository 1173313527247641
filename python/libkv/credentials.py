"""The sources of tokens that libkv has of its own, under the names of azure-identity.

Each stands for the client option `credential` and those below it, and is checked with them when a client is made. The
credentials of azure-identity itself, and any other object that does as they do, can be given to a client as well.
"""

from __future__ import annotations

from ._libkv import CoreCredential

TYPE_CHECKING = False  # Importing `typing` for it would take longer than the rest of libkv.
if TYPE_CHECKING:
    from collections.abc import Awaitable, Generator, Mapping
    from typing import Any

    from typing_extensions import Self

__all__ = [
    "AzureCliCredential",
    "AzureDeveloperCliCredential",
    "AzurePowerShellCredential",
    "CertificateCredential",
    "ClientSecretCredential",
    "DefaultAzureCredential",
    "EnvironmentCredential",
    "ManagedIdentityCredential",
    "StaticTokenCredential",
    "WorkloadIdentityCredential",
]


def _given(**arguments: str | None) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if value is not None}


_TRIED = ("environment", "workload_identity", "managed_identity", "cli", "powershell", "developer_cli")
_NOT_TRIED = ("broker", "interactive_browser", "shared_token_cache", "visual_studio_code")


def _check_exclusion(flag: str, is_excluded: bool | None) -> None:
    source = flag.removeprefix("exclude_").removesuffix("_credential")
    if flag != f"exclude_{source}_credential" or source not in _TRIED + _NOT_TRIED:
        raise TypeError(f"{flag}: is not a keyword of this class")
    if is_excluded and source in _TRIED:
        way = "the variable AZURE_TOKEN_CREDENTIALS says what is tried, and every source has a class of its own"
        raise TypeError(f"{flag}: is not supported: {way}")
    if is_excluded is False and source in _NOT_TRIED:
        raise TypeError(f"{flag}: is not supported: libkv has no such source; credentials of azure-identity are taken")


class _Closed:
    """What `close` gives: nothing, which can be awaited."""

    def __await__(self) -> Generator[Any, None, None]:
        yield from ()


class _Credential(CoreCredential):
    """What all of them can do: be closed, by sync code and by async code, though there is nothing to be closed."""

    def close(self) -> Awaitable[None]:
        """Does nothing, for a client holds all that a credential needs. What it returns can be awaited."""
        return _Closed()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None: ...

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None: ...


class DefaultAzureCredential(_Credential):
    """The first of several sources that gives a token, and what a client uses that is given no credential.

    They are, in order: environment, workload identity, managed identity, Azure CLI, Azure PowerShell and Azure
    Developer CLI, or those of them that the variable `AZURE_TOKEN_CREDENTIALS` names.

    Args:
        managed_identity_client_id: The client id of a workload identity, or of a managed identity among several;
            that of `AZURE_CLIENT_ID` unless given.
        authority: The token authority's host or URL; unless given, that of `AZURE_AUTHORITY_HOST`, or of the vault's
            cloud.
        **exclude: Flags of azure-identity's, such as `exclude_interactive_browser_credential=True`, as far as they ask
            for what is done anyway.

    Raises:
        TypeError: A flag asks for something else, or is unknown.
    """

    def __new__(
        cls, *, managed_identity_client_id: str | None = None, authority: str | None = None, **exclude: bool | None
    ) -> DefaultAzureCredential:
        for flag, is_excluded in exclude.items():
            _check_exclusion(flag, is_excluded)
        arguments = _given(managed_identity_client_id=managed_identity_client_id, authority=authority)
        return super().__new__(cls, "default", **arguments)


class EnvironmentCredential(_Credential):
    """The application that `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and its secret or certificate describe.

    The secret is that of `AZURE_CLIENT_SECRET`, the certificate the file of `AZURE_CLIENT_CERTIFICATE_PATH`.

    Args:
        authority: As for `DefaultAzureCredential`.
    """

    def __new__(cls, *, authority: str | None = None) -> EnvironmentCredential:
        return super().__new__(cls, "environment", **_given(authority=authority))


class WorkloadIdentityCredential(_Credential):
    """The identity of a Kubernetes pod's service account.

    Args:
        tenant_id: The tenant's id; that of `AZURE_TENANT_ID` unless given.
        client_id: The application's id; that of `AZURE_CLIENT_ID` unless given.
        token_file_path: The file with the pod's token; that of `AZURE_FEDERATED_TOKEN_FILE` unless given.
        authority: As for `DefaultAzureCredential`.
    """

    def __new__(
        cls,
        *,
        tenant_id: str | None = None,
        client_id: str | None = None,
        token_file_path: str | None = None,
        authority: str | None = None,
    ) -> WorkloadIdentityCredential:
        arguments = _given(
            tenant_id=tenant_id, client_id=client_id, token_file_path=token_file_path, authority=authority
        )
        return super().__new__(cls, "workload_identity", **arguments)


class ManagedIdentityCredential(_Credential):
    """The identity that Azure gives to the machine or service that the program runs on.

    Args:
        client_id: The client id of one identity among several; the system-assigned one is used unless one is named.
        identity_config: Names it by `object_id` or `resource_id` instead, such as `{"object_id": "…"}`.
    """

    def __new__(
        cls, *, client_id: str | None = None, identity_config: Mapping[str, str] | None = None
    ) -> ManagedIdentityCredential:
        arguments = {**_given(client_id=client_id), **(identity_config or {})}
        return super().__new__(cls, "managed_identity", **arguments)


class AzureCliCredential(_Credential):
    """Whoever is signed in to the Azure CLI.

    Args:
        tenant_id: The tenant's id; the one that the vault names unless given.
    """

    def __new__(cls, *, tenant_id: str | None = None) -> AzureCliCredential:
        return super().__new__(cls, "azure_cli", **_given(tenant_id=tenant_id))


class AzurePowerShellCredential(_Credential):
    """Whoever is signed in to Azure PowerShell.

    Args:
        tenant_id: As for `AzureCliCredential`.
    """

    def __new__(cls, *, tenant_id: str | None = None) -> AzurePowerShellCredential:
        return super().__new__(cls, "azure_powershell", **_given(tenant_id=tenant_id))


class AzureDeveloperCliCredential(_Credential):
    """Whoever is signed in to the Azure Developer CLI.

    Args:
        tenant_id: As for `AzureCliCredential`.
    """

    def __new__(cls, *, tenant_id: str | None = None) -> AzureDeveloperCliCredential:
        return super().__new__(cls, "azure_developer_cli", **_given(tenant_id=tenant_id))


class ClientSecretCredential(_Credential):
    """An application that authenticates with a client secret.

    Args:
        tenant_id: The tenant's id or domain.
        client_id: The application's id.
        client_secret: One of the application's secrets.
        authority: As for `DefaultAzureCredential`.
    """

    def __new__(
        cls, tenant_id: str, client_id: str, client_secret: str, *, authority: str | None = None
    ) -> ClientSecretCredential:
        application = {"tenant_id": tenant_id, "client_id": client_id, "client_secret": client_secret}
        return super().__new__(cls, "client_secret", **application, **_given(authority=authority))


class CertificateCredential(_Credential):
    """An application that authenticates with a certificate.

    Args:
        tenant_id: The tenant's id or domain.
        client_id: The application's id.
        certificate_path: A PEM file with the certificate and its RSA key, not encrypted.
        authority: As for `DefaultAzureCredential`.
    """

    def __new__(
        cls, tenant_id: str, client_id: str, certificate_path: str, *, authority: str | None = None
    ) -> CertificateCredential:
        application = {"tenant_id": tenant_id, "client_id": client_id, "certificate_path": certificate_path}
        return super().__new__(cls, "client_certificate", **application, **_given(authority=authority))


class StaticTokenCredential(_Credential):
    """A bearer token from elsewhere, used as it is until the vault refuses it.

    Args:
        token: The token, without `Bearer`.
    """

    def __new__(cls, token: str) -> StaticTokenCredential:
        return super().__new__(cls, "static_token", token=token)
