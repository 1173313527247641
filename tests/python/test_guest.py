"""libkv as a guest in a Python process: threads, signals, import, other interpreters."""

import os
import signal
import sys
import sysconfig
import threading
import time

import pytest
from conftest import run

SLOW = {"operation": "get_secret", "delay_ms": 20_000}


def test_other_threads_run_while_a_call_waits(vault, client):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 500}])
    ticks, stop = 0, threading.Event()

    def tick():
        nonlocal ticks
        while not stop.wait(0.005):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    client.get_secret("db")
    stop.set()
    thread.join()
    assert ticks > 10


@pytest.fixture
def switches_by_leave():
    """Has a thread give up the GIL only where it wants to."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switches_by_leave")
def test_a_value_from_the_cache_costs_no_switch_of_threads(vault):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 100}])
    client = vault.client(cache_ttl_ms=60_000)
    ticks, stop = 0, threading.Event()

    def tick():
        nonlocal ticks
        while not stop.is_set():
            ticks += 1
            time.sleep(0)

    thread = threading.Thread(target=tick)
    thread.start()
    before = ticks
    client.get_secret("db")
    read = ticks
    for _ in range(1000):
        client.get_secret("db")
    cached = ticks
    stop.set()
    thread.join()
    assert before < read == cached
    assert (client.stats().cache_hits, vault.counts()["get_secret"]) == (1000, 1)


def test_threads_share_a_client(vault, client):
    values = []
    threads = [threading.Thread(target=lambda: values.append(client.get_secret("db").value)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == ["s3cr3t"] * 16


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_a_call_at_once(vault, client):
    vault.change(faults=[SLOW])
    pressed = []

    def press():
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.3, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        client.get_secret("db")
    assert time.monotonic() - pressed[0] < 0.3
    timer.join()
    vault.change(faults=[])
    assert client.get_secret("db", timeout=30).value == "s3cr3t"


def test_a_signal_handler_that_returns_lets_the_call_go_on(vault, client):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 400}])
    seen = []
    before = signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
    timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        assert client.get_secret("db").value == "s3cr3t"
    finally:
        signal.signal(signal.SIGUSR1, before)
        timer.join()
    assert seen == [signal.SIGUSR1]


def test_import_starts_no_thread_opens_nothing_and_loads_little():
    script = """
import os, sys
state = lambda: (len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd")))
modules, before = set(sys.modules), state()
import libkv
print(before == state(), *sorted(name for name in set(sys.modules) - modules))
"""
    unchanged, *modules = run(script)
    assert unchanged == "True"
    assert {name for name in modules if not name.startswith("libkv")} <= {"__future__", "itertools"}


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this interpreter has a GIL")
def test_import_leaves_an_interpreter_without_a_gil_as_it_is():
    assert run("import sys, libkv; print(sys._is_gil_enabled())") == ["False"]


def test_a_client_starts_no_thread_until_it_is_used(vault):
    script = """
import os, sys, libkv
client = libkv.SecretClient(sys.argv[1], libkv.StaticTokenCredential("t"), ca_file=sys.argv[2])
print(len(os.listdir("/proc/self/task")))
"""
    assert run(script, vault.url, vault.ca_file) == ["1"]


def test_another_interpreter_of_the_process_is_refused_with_a_reason():
    script = """
import sys, libkv
try:
    import _interpreters as interpreters
    other = interpreters.create("legacy")
except ImportError:
    import _xxsubinterpreters as interpreters
    other = interpreters.create()
interpreters.run_string(other, sys.argv[1])
interpreters.destroy(other)
"""
    assert "interpreter" in run(script, "try:\n    import libkv\nexcept ImportError as error:\n    print(error)")
