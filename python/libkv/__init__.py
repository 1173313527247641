"""A client for Azure Key Vault secrets.

    from libkv import ClientSecretCredential, SecretClient

    credential = ClientSecretCredential(tenant_id, client_id, client_secret)
    with SecretClient("https://contoso.vault.azure.net", credential) as client:
        client.set_secret("db-password", "s3cr3t", content_type="text/plain")
        print(client.get_secret("db-password").properties.version)

Names, parameters and defaults are those of azure-keyvault-secrets. What can go wrong is in `libkv.exceptions`.
"""

from ._libkv import (
    ClientSecretCredential,
    DeletedSecret,
    KeyVaultSecret,
    KeyVaultSecretIdentifier,
    LROPoller,
    SecretClient,
    SecretProperties,
    SecretResult,
    SecretResults,
    SecretVersion,
    StaticTokenCredential,
    Stats,
    __version__,
)
from .paging import ItemPaged

__all__ = [
    "ClientSecretCredential",
    "DeletedSecret",
    "ItemPaged",
    "KeyVaultSecret",
    "KeyVaultSecretIdentifier",
    "LROPoller",
    "SecretClient",
    "SecretProperties",
    "SecretResult",
    "SecretResults",
    "SecretVersion",
    "StaticTokenCredential",
    "Stats",
    "__version__",
]
