"""Pollers say what is so: a deletion is done when the vault has finished it, and not before."""

import threading

import pytest
from libkv.exceptions import (
    InvalidArgumentError,
    InvalidStateError,
    NotFoundError,
    TimeoutError,  # noqa: A004
)


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


def test_another_client_goes_on_with_a_deletion(vault, client):
    vault.change(delete_delay_ms=-1)
    begun = client.begin_delete_secret("db")
    poller = vault.client().begin_delete_secret("db", continuation_token=begun.continuation_token())
    assert (poller.status(), poller.look_count(), begun.look_count()) == ("polling", 1, 0)
    with pytest.raises(InvalidStateError, match="has not finished"):
        poller.result()
    vault.change(delete_delay_ms=0)
    poller.wait()
    assert poller.result() is poller.result()
    assert poller.result().recovery_id == begun.result().recovery_id
    assert poller.continuation_token() == begun.continuation_token()
    assert vault.counts()["begin_delete_secret"] == 1


@pytest.mark.parametrize(
    ("keywords", "error", "rule"),
    [
        ({"polling_interval": 0}, InvalidArgumentError, "polling_interval: must be a finite number"),
        ({"polling_interval": 1e-4}, InvalidArgumentError, "polling_interval: must be from 1 ms to 1 h"),
        ({"polling_interval": 3601}, InvalidArgumentError, "polling_interval: must be from 1 ms to 1 h"),
        ({"polling_interval": "1"}, TypeError, "polling_interval: must be a number of seconds"),
        ({"continuation_token": 1}, TypeError, "continuation_token: must be a str"),
        ({"continuation_token": "db"}, InvalidArgumentError, "continuation_token: must be what a poller gave"),
    ],
)
def test_how_to_poll_is_checked_before_anything_is_sent(vault, client, keywords, error, rule):
    for begin in client.begin_delete_secret, client.begin_recover_deleted_secret:
        with pytest.raises(error, match=rule):
            begin("db", **keywords)
    assert vault.total() == 0


def test_a_callback_is_called_once_with_nobody_waiting(vault, client):
    vault.change(delete_delay_ms=-1)
    poller, called, told = client.begin_delete_secret("db"), threading.Event(), []
    poller.add_done_callback(lambda done: (told.append((done is poller, done.status())), called.set()))
    assert told == []
    vault.change(delete_delay_ms=0)
    assert called.wait(30)
    poller.wait()
    assert poller.done()
    assert told == [(True, "finished")]


def test_a_callback_has_been_called_when_the_wait_is_over(vault, client):
    vault.change(delete_delay_ms=20)
    poller, told = client.begin_delete_secret("db"), []
    for number in range(3):
        poller.add_done_callback(lambda done, number=number: told.append((number, done.done())))
    poller.wait()
    assert told == [(0, True), (1, True), (2, True)]
    poller.add_done_callback(told.append)
    assert told[3:] == [poller]


def test_a_callback_can_be_taken_away_until_the_work_is_done(vault, client):
    vault.change(delete_delay_ms=-1)
    poller, told = client.begin_delete_secret("db"), []
    poller.add_done_callback(told.append)
    poller.remove_done_callback(told.append)
    poller.remove_done_callback(print)
    vault.change(delete_delay_ms=0)
    poller.wait()
    assert told == []
    with pytest.raises(ValueError, match="the work is done"):
        poller.remove_done_callback(told.append)


def test_what_a_callback_raises_reaches_the_caller_and_skips_no_other(vault, client):
    poller, told = client.begin_delete_secret("db"), []
    poller.wait()
    with pytest.raises(ZeroDivisionError):
        poller.add_done_callback(lambda _: 1 / 0)
    poller.add_done_callback(told.append)
    assert told == [poller]
