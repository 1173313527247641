"""A client for Azure Key Vault secrets.

>>> from libkv import ClientSecretCredential, SecretClient
>>> credential = ClientSecretCredential(tenant_id, client_id, client_secret)    # doctest: +SKIP
>>> client = SecretClient("https://contoso.vault.azure.net", credential)        # doctest: +SKIP
>>> client.set_secret("db-password", "s3cr3t", content_type="text/plain")       # doctest: +SKIP
<KeyVaultSecret [https://contoso.vault.azure.net/secrets/db-password/4387e9f3d6e14c459867679a90fd0f79]>

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
    "StaticTokenCredential",
    "Stats",
    "__version__",
]
