"""Versions: what a history, a missing secret and a pruning look like in Python."""

import libkv
import pytest


def test_a_history_is_a_list_of_versions(client):
    made = client.set_secret("db", "v2")
    newest, oldest = history = client.get_secret_history("db")
    assert type(history) is list
    assert {type(version) for version in history} == {libkv.SecretVersion}
    assert (newest.current, oldest.current) == (True, False)
    assert (newest.name, newest.id, newest.version) == ("db", made.id, made.properties.version)
    assert newest.properties == made.properties
    assert history == client.get_secret_history("db")
    assert len({newest, oldest, *client.get_secret_history("db")}) == 2
    assert repr(newest) == f"<SecretVersion [{made.id}]>"
    with pytest.raises(AttributeError):
        newest.current = False


def test_a_missing_secret_is_none(client):
    assert client.try_get_secret("nothing") is None
    assert client.try_get_secret("db", "0" * 32) is None
    assert client.try_get_secret("db") == client.get_secret("db")


def test_how_many_to_keep_is_said_by_name(client):
    with pytest.raises(TypeError, match="keep"):
        client.prune_secret_versions("db")
    with pytest.raises(TypeError, match="positional"):
        client.prune_secret_versions("db", 1)
    assert client.prune_secret_versions("db", keep=10**30) == []
    client.set_secret("db", "v2")
    (disabled,) = client.prune_secret_versions("db", keep=1)
    assert isinstance(disabled, libkv.SecretProperties)
    assert disabled.enabled is False
