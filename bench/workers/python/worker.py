"""The official Python client at a job of many calls; see `bench/README.md` for what a worker is told and says."""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

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


def main():
    """Makes the calls and prints how many failed."""
    operation, workers, first, count = sys.argv[1], *map(int, sys.argv[2:])
    credential = FixedToken()
    client = SecretClient(os.environ["VAULT_URL"], credential, verify_challenge_resource=False)

    def call(name: str) -> bool:
        try:
            secret = client.set_secret(name, name) if operation == "set" else client.get_secret(name)
        except Exception:  # whatever it raises, the call failed
            return False
        return secret.value == name

    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.monotonic()
        with ThreadPoolExecutor(workers) as pool:
            results = list(pool.map(call, (f"secret-{number}" for number in range(first, first + count))))
        report = {"failed": results.count(False), "seconds": time.monotonic() - began, "tokens": credential.asked}
        print(json.dumps(report), flush=True)


main()
