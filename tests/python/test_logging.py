"""The core's events in `logging`."""

import asyncio
import logging
import threading

import pytest
from conftest import run, until
from test_aio import client_of


class Kept(logging.Handler):
    """Keeps records with the thread that each came on."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append((threading.current_thread(), record))

    def events(self):
        return [record.event for _, record in self.records]


@pytest.fixture
def kept():
    logger, handler = logging.getLogger("libkv"), Kept()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def test_a_call_tells_what_it_did_on_its_own_thread(client, kept):
    client.get_secret("db")
    ours = [record for thread, record in kept.records if thread is threading.current_thread()]
    assert {record.name for record in ours} == {"libkv"}
    request = next(record for record in ours if record.event == "libkv::request" and record.fields["method"] == "GET")
    assert (request.levelno, request.fields["operation"]) == (logging.DEBUG, "get_secret")
    assert request.fields["path"].startswith("/secrets/db")
    end = ours[-1]
    assert (end.event, end.fields["outcome"]) == ("libkv::operation", "ok")
    assert "outcome=ok" in end.getMessage()
    assert [record.created for record in ours] == sorted(record.created for record in ours)


def test_no_record_holds_a_value_or_a_token(vault, client, kept):
    client.set_secret("db", "p4ssw0rd", tags={"owner": "t4g"})
    client.get_secret("db")
    told = "".join(f"{record.getMessage()} {vars(record)}" for _, record in kept.records)
    assert "/secrets/db" in told
    assert [word for word in ("p4ssw0rd", "t4g", vault.token) if word in told] == []


def test_the_level_is_the_loggers_and_can_change(client, kept):
    client.get_secret("db")
    assert "libkv::operation" in kept.events()
    logging.getLogger("libkv").setLevel(logging.INFO)
    client.get_secret("db")
    kept.records.clear()
    client.get_secret("db")
    assert kept.records == []
    logging.getLogger("libkv").setLevel(logging.DEBUG)
    client.get_secret("db")
    assert kept.events()[-1] == "libkv::operation"


def test_a_retry_is_told_at_info(vault, client, kept):
    vault.change(faults=[{"operation": "get_secret", "status": 503}])
    client.get_secret("db")
    (retry,) = (record for _, record in kept.records if record.event == "libkv::retry")
    assert (retry.levelno, retry.fields["status"], retry.fields["attempt"]) == (logging.INFO, 503, 1)


def test_awaited_calls_log_elsewhere_than_the_runtime(vault, kept):
    client = client_of(vault)
    asyncio.run(client.get_secret("db"))
    until(lambda: "libkv::operation" in kept.events())
    assert {"libkv::request", "libkv::response"} <= set(kept.events())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_handler_may_use_libkv(vault, kind):
    client, nested = client_of(vault) if kind == "async" else vault.client(), vault.client()
    read = []

    class Asking(logging.Handler):
        def emit(self, record):
            # On the client whose call is told of too: nothing of that is held up by its records.
            asked = [nested] if kind == "async" else [nested, client]
            read.extend(each.get_secret("db", timeout=20).value for each in asked)

    handler, logger = Asking(), logging.getLogger("libkv")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        if kind == "async":
            assert asyncio.run(client.get_secret("db", timeout=20)).value == "s3cr3t"
            until(lambda: len(read) >= 3)
        else:
            threads = [threading.Thread(target=client.get_secret, args=("db",)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            assert not [thread for thread in threads if thread.is_alive()]
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    assert set(read) == {"s3cr3t"}


def test_a_handler_that_fails_is_not_the_calls_failure(client, kept, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)

    def fail(record):
        raise KeyError("handler")

    unraisable = []
    monkeypatch.setattr("sys.unraisablehook", unraisable.append)
    monkeypatch.setattr(kept, "emit", fail)
    assert client.get_secret("db").value == "s3cr3t"
    assert {type(each.exc_value) for each in unraisable} == {KeyError}


def test_a_program_that_does_not_log_imports_nothing_for_it(vault):
    script = """
import sys, libkv
client = libkv.SecretClient(sys.argv[1], libkv.StaticTokenCredential(sys.argv[3]), ca_file=sys.argv[2])
print(client.get_secret("db").value, "logging" in sys.modules, "libkv._logging" in sys.modules)
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["s3cr3t", "False", "False"]


def test_a_program_without_handlers_is_not_told(vault):
    vault.change(throttle={"rate": 20, "burst": 1})
    script = """
import logging, sys, libkv
client = libkv.SecretClient(sys.argv[1], libkv.StaticTokenCredential(sys.argv[3]), ca_file=sys.argv[2])
for _ in range(4):
    client.get_secret("db")
print(client.stats().throttled > 0)
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["True"]


def test_what_is_queued_at_the_end_of_the_interpreter_is_logged(vault):
    script = """
import asyncio, logging, sys, time, libkv
from libkv import aio

class Slow(logging.Handler):
    def emit(self, record):
        time.sleep(0.05)
        print(record.event)

logging.basicConfig(level=logging.DEBUG, handlers=[Slow()])
client = aio.SecretClient(sys.argv[1], libkv.StaticTokenCredential(sys.argv[3]), ca_file=sys.argv[2])
logging.getLogger("asyncio").setLevel(logging.WARNING)
asyncio.run(client.get_secret("db"))
"""
    assert run(script, vault.url, vault.ca_file, vault.token)[-1] == "libkv::operation"
