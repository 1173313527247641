"""Trio, whose tasks have the client's calls made in threads."""

from functools import partial

import pytest
import trio
from test_aio import client_of

in_thread = trio.to_thread.run_sync


def test_tasks_read_at_once(vault, client):
    values = []

    async def get():
        values.append((await in_thread(client.get_secret, "db")).value)

    async def read():
        async with trio.open_nursery() as nursery:
            for _ in range(20):
                nursery.start_soon(get)

    trio.run(read)
    assert values == ["s3cr3t"] * 20


def test_a_call_can_be_given_up(vault, client):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 20_000}])

    async def give_up():
        with trio.move_on_after(0.2) as scope:
            await in_thread(partial(client.get_secret, timeout=1), "db", abandon_on_cancel=True)
        return scope.cancelled_caught, (await in_thread(client.get_secret, "db")).value

    assert trio.run(give_up) == (True, "s3cr3t")


def test_the_client_for_asyncio_refuses_another_loop(vault):
    with pytest.raises(RuntimeError, match="no running event loop"):
        trio.run(partial(client_of(vault).get_secret, "db"))
