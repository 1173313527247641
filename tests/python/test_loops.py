"""Event loops of both kinds: those of asyncio and of uvloop, one or several, open or closed."""

import asyncio
import gc
import os
import threading
import time
import weakref
from contextvars import ContextVar

import pytest
import uvloop
from conftest import until
from libkv.exceptions import OutcomeUnknownError
from test_aio import client_of

SLOW = {"operation": "get_secret", "delay_ms": 20_000}
LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}

# The loops warn where their pin is old for the interpreter's age; what they do is what is tested.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def run_in(loop, call):
    try:
        return loop.run_until_complete(call)
    finally:
        loop.close()


@pytest.fixture(params=LOOPS)
def new_loop(request):
    return LOOPS[request.param]


@pytest.fixture
def client(vault):
    return client_of(vault)


def test_many_calls_are_in_flight_at_once(client, new_loop):
    async def read():
        return await asyncio.gather(*(client.get_secret("db") for _ in range(500)))

    assert {secret.value for secret in run_in(new_loop(), read())} == {"s3cr3t"}


def test_a_cancelled_call_drops_its_request_and_others_go_on(vault, client, new_loop):
    vault.change(faults=[SLOW])

    async def give_up():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.get_secret("db"), 0.2)
        return await client.get_secret("db", timeout=10)

    assert run_in(new_loop(), give_up()).value == "s3cr3t"


def test_a_cancelled_set_says_that_its_outcome_is_unknown(vault, client, new_loop):
    vault.change(faults=[{**SLOW, "operation": "set_secret"}])

    async def give_up():
        call = asyncio.ensure_future(client.set_secret("db", "new"))
        await asyncio.get_running_loop().run_in_executor(None, until, lambda: vault.counts().get("set_secret"))
        call.cancel()
        with pytest.raises(asyncio.CancelledError) as cancelled:
            await call
        return cancelled.value.__cause__

    cause = run_in(new_loop(), give_up())
    assert isinstance(cause, OutcomeUnknownError)
    assert str(cause) == "set_secret was cancelled, and may or may not have been applied"


def test_a_cancelled_read_says_nothing_more(vault, client, new_loop):
    vault.change(faults=[SLOW])

    async def give_up():
        call = asyncio.ensure_future(client.get_secret("db"))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError) as cancelled:
            await call
        return cancelled.value.__cause__

    assert run_in(new_loop(), give_up()) is None


def test_a_loop_can_be_closed_while_calls_are_in_flight(vault, client, new_loop):
    vault.change(faults=[{**SLOW, "delay_ms": 300, "times": 8}])
    loop = new_loop()
    calls = [client.get_secret("db") for _ in range(8)]
    for call in calls:
        loop.call_soon(call.send, None)
    loop.run_until_complete(asyncio.sleep(0))
    until(lambda: vault.counts().get("get_secret") == 8)
    loop.close()
    # The outcomes come, and find nobody.
    time.sleep(0.5)
    for call in calls:
        call.close()
    assert run_in(new_loop(), client.get_secret("db")).value == "s3cr3t"


def test_loops_of_both_kinds_in_several_threads_share_a_client(client):
    values = []

    async def read():
        for _ in range(5):
            values.extend(await asyncio.gather(*(client.get_secret("db") for _ in range(10))))

    threads = [threading.Thread(target=lambda new=new: run_in(new(), read())) for new in LOOPS.values() for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [secret.value for secret in values] == ["s3cr3t"] * 200


def test_many_loops_one_after_the_other_share_a_client(client, new_loop):
    for _ in range(20):
        assert run_in(new_loop(), client.get_secret("db")).value == "s3cr3t"


def test_a_turn_of_the_loop_takes_a_bounded_number_of_outcomes(vault, client, new_loop):
    taken, turns = [], []

    async def get():
        taken.append(await client.get_secret("db"))

    async def read():
        calls = [asyncio.ensure_future(get()) for _ in range(1000)]
        await asyncio.sleep(0)
        # The loop does nothing else meanwhile, so that outcomes gather.
        until(lambda: vault.counts().get("get_secret") == 1000)
        while len(taken) < 1000:
            before = len(taken)
            await asyncio.sleep(0)
            turns.append(len(taken) - before)
        await asyncio.gather(*calls)

    run_in(new_loop(), read())
    assert max(turns) <= 128


def test_loops_that_take_turns_get_their_own_outcomes(client):
    loops = [new() for new in LOOPS.values() for _ in "ab"]
    for _ in range(3):
        for loop in loops:
            assert loop.run_until_complete(client.get_secret("db")).value == "s3cr3t"
    for loop in loops:
        loop.close()


def test_a_closed_loop_leaves_no_file_open(client, new_loop):
    open_files = lambda: len(os.listdir("/proc/self/fd"))  # noqa: E731
    run_in(new_loop(), client.get_secret("db"))
    before = open_files()
    for _ in range(20):
        run_in(new_loop(), client.get_secret("db"))
    # A call lets go of its loop just after it has told its outcome.
    until(lambda: open_files() <= before)


def test_a_loop_keeps_nothing_of_its_callers_context(client, new_loop):
    class Kept:
        pass

    variable = ContextVar("variable")

    async def read():
        kept = Kept()
        variable.set(kept)
        await client.get_secret("db")
        return weakref.ref(kept)

    loop = new_loop()
    kept = loop.run_until_complete(read())
    gc.collect()
    assert kept() is None
    loop.close()
