"""What the service's requests look like to a program that has no client for it."""

import json
import os

API_VERSION = "2026-04-01"
HEADERS = {"Authorization": f"Bearer {os.environ['VAULT_TOKEN']}", "Accept": "application/json"}
CONNECTIONS = 64


def secret_url(name: str) -> str:
    """Returns where a secret is read."""
    return f"{os.environ['VAULT_URL']}/secrets/{name}?api-version={API_VERSION}"


def list_url() -> str:
    """Returns where the list of secrets begins."""
    return f"{os.environ['VAULT_URL']}/secrets?api-version={API_VERSION}"


def parsed(status: int, body: bytes) -> dict:
    """Returns what an answer says; one that is no success is an error."""
    if status != 200:
        raise RuntimeError(f"the vault answered {status}")
    return json.loads(body)


def names_of(page: dict) -> list[str]:
    """Returns the names of the secrets of a page."""
    return [item["id"].rpartition("/")[2] for item in page["value"]]
