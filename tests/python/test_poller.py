"""Pollers say what is so: a deletion is done when the vault has finished it, and not before."""

import pytest
from libkv.exceptions import NotFoundError, TimeoutError  # noqa: A004


def test_a_deletion_is_done_when_the_vault_has_finished(vault, client):
    vault.change(delete_delay_ms=-1)
    poller = client.begin_delete_secret("db")
    assert poller.result().name == "db"
    assert (poller.done(), poller.status()) == (False, "polling")
    with pytest.raises(TimeoutError):
        poller.wait(timeout=0.2)
    assert poller.done() is False
    vault.change(delete_delay_ms=0)
    assert poller.wait() is None
    assert (poller.done(), poller.status()) == (True, "finished")
    assert client.get_deleted_secret("db").recovery_id == poller.result().recovery_id


def test_a_recovery_is_done_when_the_secret_is_back(vault, client):
    vault.reset(recover_delay_ms=-1, secrets=[{"name": "db", "value": "v", "state": "deleted"}])
    poller = client.begin_recover_deleted_secret("db")
    assert poller.result().name == "db"
    assert poller.done() is False
    with pytest.raises(NotFoundError):
        client.get_secret("db")
    vault.change(recover_delay_ms=0)
    poller.wait(timeout=30)
    assert client.get_secret("db").value == "v"


def test_asking_again_costs_a_request_only_until_it_is_done(vault, client):
    vault.change(delete_delay_ms=-1)
    poller = client.begin_delete_secret("db")
    looks = lambda: vault.counts().get("get_deleted_secret", 0)  # noqa: E731
    assert (poller.status(), looks()) == ("polling", 0)
    assert [poller.done(), poller.done()] == [False, False]
    assert looks() == 2
    vault.change(delete_delay_ms=0)
    assert [poller.done(), poller.done(), poller.done()] == [True, True, True]
    assert looks() == 3
