"""The async client: calls that no thread waits for, on any loop, and what becomes of those that are cancelled."""

import asyncio
import inspect
import os
import threading
import time
from contextlib import aclosing

import libkv
import pytest
from conftest import exit_code_of_child
from libkv import aio
from libkv.exceptions import InvalidStateError, NotFoundError, TimeoutError  # noqa: A004
from test_token import AsyncCredential

SLOW = {"operation": "get_secret", "delay_ms": 20_000}


@pytest.fixture
def client(vault):
    return client_of(vault)


def client_of(vault, credential=None, **options):
    options = {"ca_file": vault.ca_file, "retry_base_delay_ms": 1, **options}
    return aio.SecretClient(vault.url, credential or libkv.StaticTokenCredential(vault.token), **options)


async def until(is_so):
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


def threads():
    return len(os.listdir("/proc/self/task"))


def test_a_secret_goes_through_its_life(client):
    async def live():
        async with client:
            written = await client.set_secret("db", "new", content_type="text/plain")
            assert (await client.get_secret("db")).properties.version == written.properties.version
            assert await client.try_get_secret("unknown") is None
            deleted = await client.delete_secret("db")
            assert (deleted.name, await client.try_get_secret("db")) == ("db", None)
            assert (await client.recover_deleted_secret("db", timeout=30)).name == "db"
            assert (await client.get_secret("db")).value == "new"
        with pytest.raises(InvalidStateError):
            await client.get_secret("db")

    asyncio.run(live())


def test_calls_are_coroutines_that_begin_when_they_are_awaited(vault, client):
    async def make():
        call = client.get_secret("db")
        assert inspect.iscoroutine(call)
        await asyncio.sleep(0.05)
        assert vault.total() == 0
        return await asyncio.create_task(call)

    assert asyncio.run(make()).value == "s3cr3t"
    assert asyncio.run(client.get_secret("db")).value == "s3cr3t"


def test_the_wait_for_a_deletion_keeps_the_deadline(vault, client):
    vault.change(delete_delay_ms=-1)
    with pytest.raises(TimeoutError):
        asyncio.run(client.delete_secret("db", timeout=0.3))


def test_a_poller_asks_and_waits(vault, client):
    vault.change(delete_delay_ms=-1)

    async def poll():
        poller = await client.begin_delete_secret("db")
        assert isinstance(poller, aio.AsyncLROPoller)
        assert (poller.result().name, poller.status(), await poller.done()) == ("db", "polling", False)
        vault.change(delete_delay_ms=0)
        await poller.wait()
        assert (poller.status(), await poller.done()) == ("finished", True)

    asyncio.run(poll())


def test_another_client_goes_on_with_a_recovery(vault, client):
    vault.reset(recover_delay_ms=-1, secrets=[{"name": "db", "value": "v", "state": "deleted"}])

    async def go_on():
        token = (await client.begin_recover_deleted_secret("db")).continuation_token()
        poller = await client.begin_recover_deleted_secret("db", continuation_token=token, polling_interval=0.01)
        assert (poller.status(), poller.look_count()) == ("polling", 1)
        with pytest.raises(InvalidStateError, match="has not finished"):
            poller.result()
        vault.change(recover_delay_ms=0)
        await poller.wait()
        assert (poller.result().name, poller.continuation_token()) == ("db", token)

    asyncio.run(go_on())


def test_lists_are_read_by_item_and_by_page_and_go_on(vault, client):
    vault.reset(secrets=[{"name": name, "value": ""} for name in "abcde"])

    async def sweep():
        listed = client.list_properties_of_secrets(max_page_size=2)
        assert [item.name async for item in listed] == list("abcde")
        pages = client.list_properties_of_secrets(max_page_size=2).by_page()
        assert [item.name async for item in await anext(pages)] == ["a", "b"]
        rest = client.list_properties_of_secrets(max_page_size=2).by_page(pages.continuation_token)
        assert [[item.name async for item in page] async for page in rest] == [["c", "d"], ["e"]]
        assert rest.continuation_token is None

    asyncio.run(sweep())


def test_a_value_from_the_cache_takes_no_turn_of_the_loop(vault):
    client = client_of(vault, cache_ttl_ms=60_000)

    async def read():
        await client.get_secret("db")
        turns = []
        asyncio.get_running_loop().call_soon(turns.append, 1)
        for _ in range(100):
            await client.get_secret("db")
        assert turns == []

    asyncio.run(read())
    assert client.stats().cache_hits == 100


@pytest.mark.timeout(120)
def test_ten_thousand_calls_are_in_flight_without_a_thread_each(client):
    async def read():
        calls = [asyncio.create_task(client.get_secret("db", timeout=100)) for _ in range(10_000)]
        # One turn of the loop begins them all, and takes in no outcome yet; few have one as soon as they begin.
        await asyncio.sleep(0)
        assert client.stats().operations == 10_000
        assert sum(call.done() for call in calls) < 1000
        assert threads() < 30
        return await asyncio.gather(*calls)

    assert {secret.value for secret in asyncio.run(read())} == {"s3cr3t"}


def test_loops_in_several_threads_share_a_client(client):
    values = []

    async def read():
        values.extend(await asyncio.gather(*(client.get_secret("db") for _ in range(10))))

    loops = [threading.Thread(target=asyncio.run, args=(read(),)) for _ in range(4)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join()
    assert [secret.value for secret in values] == ["s3cr3t"] * 40


@pytest.mark.parametrize("how", ["cancel", "timeout"])
def test_a_cancelled_task_drops_its_request(vault, client, how):
    vault.change(faults=[SLOW])

    async def give_up():
        call = asyncio.create_task(client.get_secret("db"))
        await until(lambda: vault.counts().get("get_secret"))
        if how == "cancel":
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        else:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(call, 0.1)
        return await client.get_secret("db", timeout=10)

    assert asyncio.run(give_up()).value == "s3cr3t"


def test_a_loop_can_be_closed_while_a_call_is_in_flight(vault, client):
    vault.change(faults=[{**SLOW, "delay_ms": 300}])
    loop = asyncio.new_event_loop()
    call = client.get_secret("db")
    loop.call_soon(call.send, None)
    loop.run_until_complete(until(lambda: vault.counts().get("get_secret")))
    loop.close()
    # The outcome comes, and finds nobody.
    time.sleep(0.5)
    call.close()
    assert asyncio.run(client.get_secret("db")).value == "s3cr3t"


def test_results_come_in_order_and_none_is_lost_to_a_cancelled_wait(vault, client):
    vault.reset(secrets=[{"name": name, "value": name} for name in "abc"])
    told = []

    async def read():
        results = client.get_secrets(on_progress=lambda done, total: told.append(done))
        names = []
        while len(names) < 3:
            wait = asyncio.create_task(anext(results))
            await asyncio.sleep(0)
            wait.cancel()
            await asyncio.wait([wait])
            if not wait.cancelled():
                names.append(wait.result().name)
            else:
                names.append((await anext(results)).name)
        assert [result.name async for result in results] == []
        return names

    assert asyncio.run(read()) == ["a", "b", "c"]
    assert told == [1, 2, 3]


def test_results_can_be_closed(vault, client):
    async def read():
        async with aclosing(client.set_secrets({"a": "1", "b": "2"}, concurrency=1)) as results:
            assert len(results) == 2
            assert (await anext(results)).result().value == "1"
        assert [result async for result in results] == []
        with pytest.raises(NotFoundError):
            await client.get_secret("b")

    asyncio.run(read())


def test_an_async_credential_is_awaited_on_the_callers_loop(vault):
    loops = []

    class Credential(AsyncCredential):
        async def get_token(self, *scopes, **options):
            loops.append(asyncio.get_running_loop())
            return await super().get_token(*scopes, **options)

    client = client_of(vault, Credential(vault))

    async def read():
        await client.get_secret("db")
        return asyncio.get_running_loop()

    assert asyncio.run(read()) is loops[0]
    assert len(loops) == 1


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_client_works_on_both_sides_of_a_fork(vault, client):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 500}])
    read = lambda: asyncio.new_event_loop().run_until_complete(client.get_secret("db")).value == "s3cr3t"  # noqa: E731

    def in_child():
        asyncio.events._set_running_loop(None)
        return read()

    async def fork():
        call = asyncio.create_task(client.get_secret("db"))
        await asyncio.sleep(0.1)
        code = exit_code_of_child(in_child)
        return code, (await call).value

    assert asyncio.run(fork()) == (0, "s3cr3t")
