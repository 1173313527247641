"""Writes a secret, reads it back, and shows what an error says."""

import os

from libkv import SecretClient, StaticTokenCredential
from libkv.exceptions import ResourceNotFoundError

credential = StaticTokenCredential(os.environ["VAULT_TOKEN"])
with SecretClient(os.environ["VAULT_URL"], credential, ca_file=os.environ["VAULT_CA_FILE"]) as client:
    secret = client.set_secret("greeting-python", "hello", content_type="text/plain")
    print("wrote", secret.name, "version", secret.properties.version)

    print("read", len(client.get_secret("greeting-python").value), "characters")

    try:
        client.get_secret("no-such-secret")
    except ResourceNotFoundError as error:
        print(error)
