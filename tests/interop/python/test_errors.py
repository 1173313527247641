"""Refusals, as the client exposes them."""

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from clients import Aio, Sync, refusal

MANAGED = (HttpResponseError, 403, "Forbidden", "SecretManagedByKeyVault")
INVALID = (HttpResponseError, 400, "BadParameter", None)


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("get_secret", ("none",)),
        ("get_secret", ("db", "0" * 32)),
        ("update_secret_properties", ("none",)),
        ("delete", ("none",)),
        ("get_deleted_secret", ("none",)),
        ("purge_deleted_secret", ("none",)),
        ("recover", ("none",)),
        ("backup_secret", ("none",)),
    ],
)
def test_what_is_not_there_is_not_found(vault, client, operation, arguments):
    vault.reset(secrets=[{"name": "db"}])
    missing = (ResourceNotFoundError, 404, "SecretNotFound", None)
    assert refusal(getattr(client, operation), *arguments) == missing


def test_bad_input_is_refused(client):
    assert refusal(client.set_secret, "my_name", "v") == INVALID
    assert refusal(client.get_secret, "x" * 128) == INVALID
    assert refusal(client.set_secret, "db", "v", tags={str(number): "v" for number in range(16)}) == INVALID
    assert refusal(client.set_secret, "db", "v", content_type="c" * 256) == INVALID
    assert refusal(client.set_secret, "db", "v" * 25_601) == (*INVALID[:3], "SecretTooLarge")
    malformed = (HttpResponseError, 400, "Malformed backup blob", None)
    assert refusal(client.restore_secret_backup, b"no backup") == malformed


def test_a_certificates_secret_is_refused(vault, client):
    vault.reset(secrets=[{"name": "cert", "value": "pem", "managed": True}])
    got = client.get_secret("cert")
    assert (got.value, got.properties.managed) == ("pem", True)
    assert got.properties.key_id == f"{vault.url}/keys/cert/{got.properties.version}"
    assert refusal(client.set_secret, "cert", "v") == MANAGED
    assert refusal(client.update_secret_properties, "cert", enabled=False) == MANAGED
    assert refusal(client.delete, "cert") == MANAGED


@pytest.mark.parametrize("kind", [Sync, Aio])
def test_a_throttled_call_tells_so(vault, kind):
    vault.reset(throttle={"rate": 0.001, "burst": 1}, secrets=[{"name": "db", "value": "v"}])
    with kind(vault.url, retry_total=0) as client:
        assert client.get_secret("db").value == "v"
        assert refusal(client.get_secret, "db") == (HttpResponseError, 429, "Throttled", None)


@pytest.mark.parametrize("kind", [Sync, Aio])
def test_a_wrong_client_secret_gets_no_token(vault, kind):
    with kind(vault.url, secret="wrong") as client, pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        client.get_secret("db")


def test_one_challenge_is_enough(vault, client):
    vault.reset(secrets=[{"name": "db", "value": "v"}])
    client.get_secret("db")
    client.set_secret("db", "v2")
    assert vault.requests() == {"probe": 1, "get_secret": 1, "get_secret db": 1, "set_secret": 1, "set_secret db": 1}
