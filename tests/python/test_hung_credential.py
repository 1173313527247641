"""A credential that does not answer: how often it is asked, by how many calls, and what late callers get."""

import asyncio
import threading
import time
from types import SimpleNamespace

import libkv
import pytest

SYNC_AND_ASYNC = pytest.mark.parametrize("client", ["client", "aio"])
CALLS = 20


class Hung:
    """Blocks its thread until it is let go."""

    def __init__(self, vault):
        self.asked = 0
        self.let_go = threading.Event()
        self.issue = vault.issue

    def get_token(self, *_scopes, **_options):
        self.asked += 1
        assert self.let_go.wait(60)
        return SimpleNamespace(token=self.issue(), expires_on=int(time.time()) + 3600)


@pytest.fixture
def hung(vault):
    credential = Hung(vault)
    yield credential
    credential.let_go.set()


def test_calls_that_give_up_leave_one_thread_behind(vault, hung):
    with vault.client(hung) as client:
        for _ in range(CALLS):
            with pytest.raises(libkv.exceptions.TimeoutError):
                client.get_secret("db", timeout=0.05)
        assert hung.asked == 1
        hung.let_go.set()
        assert client.get_secret("db").value == "s3cr3t"
    assert hung.asked == 1


def test_tasks_that_are_cancelled_do_so_too(vault, hung):
    async def program():
        async with libkv.aio.SecretClient(vault.url, hung, ca_file=vault.ca_file) as client:
            for _ in range(CALLS):
                with pytest.raises(asyncio.TimeoutError):
                    await asyncio.wait_for(client.get_secret("db"), 0.05)
            hung.let_go.set()
            return (await client.get_secret("db")).value

    assert asyncio.run(program()) == "s3cr3t"
    assert hung.asked == 1
