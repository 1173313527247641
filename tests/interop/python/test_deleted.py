"""The life of a name after its deletion."""

from datetime import timedelta

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from clients import refusal

MISSING = (ResourceNotFoundError, 404, "SecretNotFound", None)


def conflict(inner: str | None) -> tuple[type, int, str, str | None]:
    return ResourceExistsError, 409, "Conflict", inner


def test_a_deleted_secret_is_told_of_and_holds_its_name(vault, client):
    version = client.set_secret("db", "v1", tags={"a": "b"}).properties.version
    client.set_secret("other", "v1")
    deleted = client.delete("db")
    assert (deleted.name, deleted.properties.version) == ("db", version)
    assert deleted.recovery_id == f"{vault.url}/deletedsecrets/db"
    assert deleted.scheduled_purge_date - deleted.deleted_date == timedelta(days=90)

    got = client.get_deleted_secret("db")
    assert (got.id, got.deleted_date, got.properties.tags) == (deleted.id, deleted.deleted_date, {"a": "b"})
    [[listed]] = client.pages("list_deleted_secrets")
    assert (listed.name, listed.recovery_id, listed.deleted_date) == ("db", deleted.recovery_id, deleted.deleted_date)
    assert refusal(client.get_secret, "db") == MISSING
    assert refusal(client.delete, "db") == MISSING
    assert refusal(client.set_secret, "db", "v2") == conflict("ObjectIsDeletedButRecoverable")


def test_a_delete_and_a_recover_are_waited_for(vault, client):
    vault.reset(delete_delay_ms=500, recover_delay_ms=500, secrets=[{"name": "db", "versions": ["v1", "v2"]}])
    client.delete("db")
    assert client.get_deleted_secret("db").name == "db"
    assert vault.requests()["get_deleted_secret"] > 2, "the first look came too early"
    recovered = client.recover("db")
    assert client.get_secret("db").value == "v2"
    assert vault.requests()["get_secret"] > 2, "the first look came too early"
    assert client.get_secret("db").properties.version == recovered.version
    assert len(client.pages("list_properties_of_secret_versions", "db")[0]) == 2
    assert refusal(client.get_deleted_secret, "db") == MISSING


def test_a_purge_frees_the_name(client):
    first = client.set_secret("db", "v1").properties.version
    client.delete("db")
    assert client.purge_deleted_secret("db") is None
    assert refusal(client.get_deleted_secret, "db") == MISSING
    assert refusal(client.purge_deleted_secret, "db") == MISSING
    client.set_secret("db", "v2")
    assert refusal(client.get_secret, "db", first) == MISSING


@pytest.mark.parametrize(
    ("state", "on_set", "on_purge"),
    [
        ("deleting", conflict("ObjectIsBeingDeleted"), conflict("ObjectIsBeingDeleted")),
        ("recovering", conflict("ObjectIsBeingRecovered"), conflict("ObjectIsBeingRecovered")),
        ("purging", conflict("ObjectIsBeingDeleted"), MISSING),
    ],
)
def test_a_name_in_between_is_refused(vault, client, state, on_set, on_purge):
    held = dict.fromkeys(("delete_delay_ms", "recover_delay_ms", "purge_delay_ms"), -1)
    vault.reset(secrets=[{"name": "db", "state": state}], **held)
    assert refusal(client.set_secret, "db", "v") == on_set
    assert refusal(client.purge_deleted_secret, "db") == on_purge
    assert refusal(client.get_secret, "db") == MISSING
    assert refusal(client.get_deleted_secret, "db") == MISSING


def test_a_disabled_secret_is_deleted_to_the_end(vault, client):
    vault.reset(delete_delay_ms=500, secrets=[{"name": "db", "enabled": False}])
    client.delete("db")
    assert refusal(client.get_deleted_secret, "db") == (HttpResponseError, 403, "Forbidden", "SecretDisabled")
    client.purge_deleted_secret("db")
    client.set_secret("db", "v")


def test_without_soft_delete_a_delete_is_final(vault, client):
    vault.reset(soft_delete=False, secrets=[{"name": "db"}])
    deleted = client.delete("db")
    assert (deleted.recovery_id, deleted.properties.recovery_level) == (None, "Purgeable")
    assert refusal(client.purge_deleted_secret, "db") == (HttpResponseError, 400, "NotSupported", None)
    client.set_secret("db", "v")


def test_purge_protection_refuses_a_purge(vault, client):
    vault.reset(purge_protection=True, secrets=[{"name": "db", "state": "deleted"}])
    assert refusal(client.purge_deleted_secret, "db") == (HttpResponseError, 403, "Forbidden", None)
    assert client.get_deleted_secret("db").properties.recovery_level == "Recoverable"
