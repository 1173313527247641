"""The official client, as a worker uses it."""

import os
import time

from azure.core.credentials import AccessToken
from azure.keyvault.secrets import SecretClient


class FixedToken:
    """A credential that has its token, and counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def get_token(self, *_scopes, **_options):
        """Returns the token that the environment holds."""
        self.asked += 1
        return AccessToken(os.environ["VAULT_TOKEN"], int(time.time()) + 3600)


class Client:
    """Calls that return values."""

    def __init__(self, _options: dict):
        self._credential = FixedToken()
        self._client = SecretClient(os.environ["VAULT_URL"], self._credential, verify_challenge_resource=False)

    def get(self, name: str) -> str:
        """Reads a secret."""
        return self._client.get_secret(name).value

    def set(self, name: str, value: str) -> str:
        """Writes a secret."""
        return self._client.set_secret(name, value).value

    def names(self) -> list[str]:
        """Lists the vault's secrets."""
        return [secret.name for secret in self._client.list_properties_of_secrets()]

    def tokens(self) -> int:
        """Returns how often the credential was asked."""
        return self._credential.asked
