"""A client for Azure Key Vault secrets.

    >>> from libkv import SecretClient
    >>> with SecretClient("https://contoso.vault.azure.net") as client:  # doctest: +SKIP
    ...     client.set_secret("db-password", "s3cr3t", content_type="text/plain")
    ...     print(client.get_secret("db-password").value)

Names, parameters and defaults are those of azure-keyvault-secrets. What can go wrong is in `libkv.exceptions`.
"""

from ._libkv import (
    DeletedSecret,
    DiagnosisStep,
    KeyVaultSecret,
    KeyVaultSecretIdentifier,
    SecretClient,
    SecretProperties,
    SecretResult,
    SecretResults,
    SecretVersion,
    Stats,
    __version__,
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
from .paging import ItemPaged
from .polling import LROPoller

TYPE_CHECKING = False  # Importing `typing` for it, or `enum`, would take longer than the rest of libkv.
if TYPE_CHECKING:
    from ._enums import ApiVersion, ContentType

__all__ = [
    "ApiVersion",
    "AzureCliCredential",
    "AzureDeveloperCliCredential",
    "AzurePowerShellCredential",
    "CertificateCredential",
    "ClientSecretCredential",
    "ContentType",
    "DefaultAzureCredential",
    "DeletedSecret",
    "DiagnosisStep",
    "EnvironmentCredential",
    "ItemPaged",
    "KeyVaultSecret",
    "KeyVaultSecretIdentifier",
    "LROPoller",
    "ManagedIdentityCredential",
    "SecretClient",
    "SecretProperties",
    "SecretResult",
    "SecretResults",
    "SecretVersion",
    "StaticTokenCredential",
    "Stats",
    "WorkloadIdentityCredential",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name not in ("ApiVersion", "ContentType"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _enums

    globals()[name] = getattr(_enums, name)
    return globals()[name]
