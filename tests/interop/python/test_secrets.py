"""Set, get, update, backup and restore."""

from datetime import datetime, timezone

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError
from clients import refusal

START = datetime(2030, 1, 1, tzinfo=timezone.utc)
END = datetime(2031, 1, 1, tzinfo=timezone.utc)


def test_a_set_gives_every_property_back(vault, client):
    tags = {"service": "shop", "empty": ""}
    secret = client.set_secret("Db", "v1", content_type="text/plain", tags=tags, not_before=START, expires_on=END)
    properties = secret.properties
    assert (secret.name, secret.value, properties.vault_url) == ("Db", "v1", vault.url)
    assert secret.id == f"{vault.url}/secrets/Db/{properties.version}"
    assert len(properties.version) == 32
    assert (properties.content_type, properties.tags) == ("text/plain", tags)
    assert (properties.enabled, properties.not_before, properties.expires_on) == (True, START, END)
    assert properties.created_on == properties.updated_on
    assert (properties.recovery_level, properties.recoverable_days) == ("Recoverable+Purgeable", 90)
    assert properties.managed is None
    assert properties.key_id is None


@pytest.mark.parametrize("value", ["", "käse \U0001f9c0\r\n\t\"'\\", "x" * 25_600], ids=["empty", "text", "longest"])
def test_a_value_comes_back_as_it_was(client, value):
    client.set_secret("db", value)
    assert client.get_secret("db").value == value


def test_each_set_makes_a_version(client):
    versions = {client.set_secret("db", f"v{number}").properties.version: f"v{number}" for number in range(5)}
    assert client.get_secret("db").value == "v4"
    for version, value in versions.items():
        assert client.get_secret("db", version).value == value
    [listed] = client.pages("list_properties_of_secret_versions", "db")
    assert [properties.version for properties in listed] == sorted(versions)


def test_an_update_changes_what_it_names(client):
    first = client.set_secret("db", "v1", content_type="a", tags={"a": "1", "b": "2"}, not_before=START).properties
    second = client.set_secret("db", "v2", content_type="b").properties

    updated = client.update_secret_properties("db", first.version, tags={"c": "3"}, expires_on=END)
    assert (updated.version, updated.content_type, updated.tags) == (first.version, "a", {"c": "3"})
    assert (updated.not_before, updated.expires_on, updated.created_on) == (START, END, first.created_on)

    newest = client.update_secret_properties("db", content_type="new")
    assert (newest.version, newest.content_type) == (second.version, "new")
    assert client.get_secret("db").value == "v2"
    assert client.get_secret("db", first.version).properties.tags == {"c": "3"}


def test_a_disabled_secret_is_not_read(client):
    first = client.set_secret("db", "v1").properties.version
    assert client.set_secret("db", "v2", enabled=False).value == "v2"
    disabled = (HttpResponseError, 403, "Forbidden", "SecretDisabled")
    assert refusal(client.get_secret, "db") == disabled
    assert client.get_secret("db", first).value == "v1"
    [[row]] = client.pages("list_properties_of_secrets")
    assert row.enabled is False

    client.update_secret_properties("db", enabled=True)
    assert client.get_secret("db").value == "v2"
    client.update_secret_properties("db", first, enabled=False)
    assert refusal(client.get_secret, "db", first) == disabled


def test_a_backup_brings_every_version_back(client):
    versions = [client.set_secret("db", value, tags={"of": value}).properties.version for value in ("v1", "v2")]
    backup = client.backup_secret("db")
    used = (ResourceExistsError, 409, "Conflict", None)
    assert refusal(client.restore_secret_backup, backup) == used
    client.delete("db")
    assert refusal(client.restore_secret_backup, backup) == used
    client.purge_deleted_secret("db")

    restored = client.restore_secret_backup(backup)
    assert (restored.name, restored.version, restored.tags) == ("db", versions[1], {"of": "v2"})
    assert [client.get_secret("db", version).value for version in versions] == ["v1", "v2"]
