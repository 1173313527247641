"""libkv, as a worker uses it."""

import os

from libkv import SecretClient, StaticTokenCredential


class Client:
    """Calls that return values."""

    def __init__(self, options: dict):
        credential = StaticTokenCredential(os.environ["VAULT_TOKEN"])
        options = {"ca_file": os.environ["VAULT_CA_FILE"], **options}
        self._client = SecretClient(os.environ["VAULT_URL"], credential, options=options)

    def get(self, name: str) -> str:
        """Reads a secret."""
        return self._client.get_secret(name).value

    def set(self, name: str, value: str) -> str:
        """Writes a secret."""
        return self._client.set_secret(name, value).value

    def names(self) -> list[str]:
        """Lists the vault's secrets."""
        return [secret.name for secret in self._client.list_properties_of_secrets()]

    def read_all(self, workers: int) -> list[tuple[str, str]]:
        """Lists and reads the vault's secrets."""
        with self._client.get_secrets(concurrency=workers) as results:
            return [(result.name, result.result().value) for result in results]

    def tokens(self) -> int:
        """Returns how often the credential was asked."""
        return self._client.stats().tokens
