"""Uses a local vault, whose ready file is `vault.json`, with the official client."""

import json
from pathlib import Path

from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient

vault = json.loads(Path("vault.json").read_text())
trust = {"connection_verify": vault["ca_file"]}
way = {"authority": vault["authority_url"], "disable_instance_discovery": True}
credential = ClientSecretCredential(vault["tenant"], "any-client", "any-secret", **way, **trust)
client = SecretClient(vault["vault_url"], credential, **trust)

client.set_secret("db-password", "s3cr3t")
print(client.get_secret("db-password").value)
