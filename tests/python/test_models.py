"""The models: what they hold, how they compare, and what they keep to themselves."""

import copy
import pickle
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import libkv
import pytest

MODELS = [
    libkv.SecretClient,
    libkv.KeyVaultSecret,
    libkv.SecretProperties,
    libkv.SecretResult,
    libkv.SecretResults,
    libkv.SecretVersion,
    libkv.DeletedSecret,
    libkv.DiagnosisStep,
    libkv.KeyVaultSecretIdentifier,
    libkv.Stats,
]


def test_a_secret_has_the_official_fields(vault, client):
    made = client.set_secret(
        "api-key",
        "hunter2",
        content_type="text/plain",
        tags={"team": "käse"},
        enabled=True,
        expires_on=datetime(2040, 1, 1, tzinfo=timezone.utc),
    )
    properties = made.properties
    assert (made.name, made.value, made.id) == ("api-key", "hunter2", properties.id)
    assert properties.id == f"{vault.url}/secrets/api-key/{properties.version}"
    assert (properties.name, properties.vault_url, len(properties.version)) == ("api-key", vault.url, 32)
    assert (properties.content_type, properties.tags, properties.enabled) == (
        "text/plain",
        {"team": "käse"},
        True,
    )
    assert (properties.not_before, properties.expires_on) == (None, datetime(2040, 1, 1, tzinfo=timezone.utc))
    assert properties.created_on.tzinfo is timezone.utc
    assert abs(datetime.now(timezone.utc) - properties.updated_on) < timedelta(minutes=5)
    assert (properties.recoverable_days, properties.recovery_level) == (90, "Recoverable+Purgeable")
    assert (properties.managed, properties.key_id, properties.previous_version) == (False, None, None)


def test_a_deleted_secret_has_the_official_fields(vault, client):
    deleted = client.begin_delete_secret("db").result()
    assert (deleted.name, deleted.properties.name) == ("db", "db")
    assert deleted.id == deleted.properties.id
    assert deleted.recovery_id == f"{vault.url}/deletedsecrets/db"
    assert deleted.scheduled_purge_date - deleted.deleted_date == timedelta(days=90)
    assert [item.name for item in client.list_deleted_secrets()] == ["db"]


def test_no_repr_shows_a_secret(vault, client):
    secret = client.set_secret("db", "hunter2")
    shown = [
        secret,
        secret.properties,
        client,
        *client.get_secret_history("db"),
        *client.get_secrets(["db"]),
        client.set_secrets({"db": "hunter2"}),
        client.begin_delete_secret("db").result(),
        client.stats(),
        libkv.StaticTokenCredential("hunter2"),
        libkv.ClientSecretCredential("t", "c", "hunter2"),
    ]
    assert "hunter2" not in f"{shown}{[str(one) for one in shown]}"
    assert repr(secret) == f"<KeyVaultSecret [{secret.id}]>"


@pytest.mark.parametrize("travel", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_does_not_pickle_by_accident(client, travel):
    results = client.get_secrets(["db"])
    for kept in (client.get_secret("db"), next(results), results, client, libkv.StaticTokenCredential("hunter2")):
        with pytest.raises(TypeError, match="pickle"):
            travel(kept)


def test_models_are_equal_by_what_they_hold(client):
    first, again = client.get_secret("db"), client.get_secret("db")
    assert first == again
    assert first.properties == again.properties
    assert len({first, again}) == len({first.properties, again.properties}) == 1
    assert first.properties is first.properties
    other = client.set_secret("db", "s3cr3t")
    assert first != other
    assert first.properties != other.properties
    assert first != "s3cr3t"


def test_models_can_be_made_by_hand_as_the_official_ones():
    moment = datetime(2030, 1, 1, tzinfo=timezone.utc)
    attributes = SimpleNamespace(enabled=False, expires=moment, created=datetime(2030, 1, 1), recoverable_days=90)
    identifier = "https://kv.vault.azure.net/secrets/db/0123"
    properties = libkv.SecretProperties(attributes, identifier, content_type="text/plain", tags={"a": "b"})
    assert (properties.id, properties.name, properties.version) == (identifier, "db", "0123")
    assert (properties.enabled, properties.expires_on, properties.created_on) == (False, moment, moment)
    assert (properties.recoverable_days, properties.content_type, properties.tags) == (90, "text/plain", {"a": "b"})
    assert (properties.not_before, properties.recovery_level, properties.managed) == (None, None, None)
    assert properties == libkv.SecretProperties(attributes, identifier, content_type="text/plain", tags={"a": "b"})
    secret = libkv.KeyVaultSecret(properties, "hunter2")
    assert (secret.name, secret.id, secret.value, secret.properties) == ("db", identifier, "hunter2", properties)
    deleted = libkv.DeletedSecret(properties, moment, recovery_id="r")
    assert (deleted.name, deleted.deleted_date, deleted.recovery_id) == ("db", moment, "r")
    assert deleted.scheduled_purge_date is None


def test_models_made_by_hand_can_be_without_anything():
    properties = libkv.SecretProperties()
    assert (properties.id, properties.name, properties.vault_url, properties.enabled) == (None, None, None, None)
    secret = libkv.KeyVaultSecret(properties=properties, value=None)
    assert (secret.name, secret.value, repr(secret)) == (None, None, "<KeyVaultSecret [None]>")


@pytest.mark.parametrize(
    ("model", "arguments", "keywords", "named"),
    [
        (libkv.KeyVaultSecret, ("db", "v"), {}, "properties: must be a SecretProperties, not str"),
        (libkv.KeyVaultSecret, (libkv.SecretProperties(), b"v"), {}, "value: must be a str, not bytes"),
        (libkv.DeletedSecret, (libkv.SecretProperties(), "today"), {}, "deleted_date: must be a datetime, not str"),
        (libkv.SecretProperties, (), {"enabled": True}, "enabled: is not a keyword of this class"),
        (libkv.SecretProperties, (SimpleNamespace(enabled=1),), {}, "enabled: must be a bool, not int"),
    ],
)
def test_wrong_arguments_of_a_model_are_refused_by_name(model, arguments, keywords, named):
    with pytest.raises(TypeError, match=named):
        model(*arguments, **keywords)


def test_an_identifier_of_a_model_is_checked():
    with pytest.raises(ValueError, match="must look like"):
        libkv.SecretProperties(vault_id="db")


@pytest.mark.parametrize("model", MODELS)
def test_models_are_final(model):
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Derived", (model,), {})


def test_fields_cannot_be_changed(client):
    secret = client.get_secret("db")
    for owner, field in ((secret, "value"), (secret.properties, "enabled"), (secret, "anything")):
        with pytest.raises(AttributeError):
            setattr(owner, field, None)
    secret.properties.tags["service"] = "other"
    assert secret.properties.tags == {"service": "shop"}


def test_an_identifier_comes_apart():
    parts = libkv.KeyVaultSecretIdentifier("https://kv.vault.azure.net/secrets/db/0123")
    assert (parts.vault_url, parts.name, parts.version) == ("https://kv.vault.azure.net", "db", "0123")
    assert parts.source_id == "https://kv.vault.azure.net/secrets/db/0123"
    assert parts == libkv.KeyVaultSecretIdentifier(parts.source_id)
    assert libkv.KeyVaultSecretIdentifier("https://kv.vault.azure.net/secrets/db").version is None
    with pytest.raises(ValueError, match="must look like https://VAULT/secrets/NAME"):
        libkv.KeyVaultSecretIdentifier("db")


@pytest.mark.parametrize("value", ["", "x" * 25_600, "käse 🔑 ключ\n\0\t", "🔑" * 25_600])
def test_values_come_back_as_they_were(client, value):
    assert client.set_secret("db", value).value == value
    assert client.get_secret("db").value == value


def test_stats_count(client):
    client.get_secret("db")
    stats = client.stats()
    assert (stats.operations, stats.retries, stats.throttled, stats.waited_ms) == (1, 0, 0, 0)
    assert stats.requests >= 1


def test_help_shows_signatures():
    import inspect

    assert str(inspect.signature(libkv.SecretClient.get_secret)) == "(self, /, name, version=None, *, timeout=None)"
    properties = "enabled=None, tags=None, content_type=None, not_before=None, expires_on=None"
    conditions = "on_conflict=None, if_changed=None, if_absent=None"
    signature = str(inspect.signature(libkv.SecretClient.set_secret))
    assert signature == f"(self, /, name, value, *, {properties}, {conditions}, timeout=None)"
    for cls in MODELS:
        public = [member for name, member in vars(cls).items() if not name.startswith("_") and callable(member)]
        assert cls.__doc__
        assert all(member.__doc__ for member in public)
