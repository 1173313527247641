"""The end of the interpreter, whatever libkv is in the midst of."""

import pytest
from conftest import run

SLOW = {"operation": "get_secret", "delay_ms": 20_000, "times": -1}


def test_the_interpreter_ends_while_daemon_threads_wait(vault):
    vault.change(faults=[SLOW])
    script = """
import sys, threading, time, libkv
client = libkv.SecretClient(sys.argv[1], libkv.StaticTokenCredential(sys.argv[3]), ca_file=sys.argv[2])
for _ in range(4):
    threading.Thread(target=client.get_secret, args=("db",), daemon=True).start()
time.sleep(0.2)
print("done")
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["done"]


@pytest.mark.parametrize("kind", ["sync", "async", "busy", "client"])
def test_the_interpreter_ends_while_a_credential_is_asked(vault, kind):
    vault.change(faults=[SLOW])
    script = """
import asyncio, sys, threading, time, libkv
_, url, ca_file, token, kind = sys.argv
asked = threading.Event()

class Credential:
    def get_token(self, *scopes, **options):
        asked.set()
        if kind == "async":
            return asyncio.sleep(60)
        if kind == "client":
            return libkv.SecretClient(url, libkv.StaticTokenCredential(token), ca_file=ca_file).get_secret("db")
        while True:
            time.sleep(60 if kind == "sync" else 0)

client = libkv.SecretClient(url, Credential(), ca_file=ca_file)
for _ in range(4):
    threading.Thread(target=client.get_secret, args=("db",), daemon=True).start()
asked.wait()
print("done")
"""
    assert run(script, vault.url, vault.ca_file, vault.token, kind) == ["done"]


def test_a_call_at_the_end_of_the_interpreter_is_told_why_it_fails(vault):
    script = """
import os, sys, libkv
from libkv.exceptions import AuthenticationError

class Credential:
    def get_token(self, *scopes, **options):
        raise KeyError("asked")

class Last:
    client = libkv.SecretClient(sys.argv[1], Credential(), ca_file=sys.argv[2])

    def call(self, kind=AuthenticationError, write=os.write):
        try:
            self.client.get_secret("db")
        except kind as error:
            write(1, error.message.encode() + b" ")

    __del__ = call

sys.last = Last()
sys.last.call()
"""
    assert " ".join(run(script, vault.url, vault.ca_file)) == (
        "the credential failed: KeyError: 'asked' the interpreter is shutting down, and no credential can be asked"
    )


def test_the_interpreter_ends_while_another_threads_loop_awaits(vault):
    vault.change(faults=[{**SLOW, "delay_ms": 200}])
    script = """
import asyncio, sys, threading, time, libkv
from libkv import aio
client = aio.SecretClient(sys.argv[1], libkv.StaticTokenCredential(sys.argv[3]), ca_file=sys.argv[2])

async def read():
    await asyncio.gather(*(client.get_secret("db") for _ in range(200)))

threading.Thread(target=lambda: asyncio.run(read()), daemon=True).start()
time.sleep(0.2)
print("done")
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["done"]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_interpreter_ends_in_the_midst_of_results(vault, kind):
    vault.reset(secrets=[{"name": f"s{n}", "value": ""} for n in range(20)])
    vault.change(faults=[{"operation": "get_secret", "name": "s0", "delay_ms": 0}, SLOW])
    script = """
import asyncio, sys, libkv
from libkv import aio
_, url, ca_file, token, kind = sys.argv
client = (aio if kind == "async" else libkv).SecretClient(url, libkv.StaticTokenCredential(token), ca_file=ca_file)
results = client.get_secrets(concurrency=4)

async def first():
    return await anext(results)

print((asyncio.run(first()) if kind == "async" else next(results)).name)
"""
    assert run(script, vault.url, vault.ca_file, vault.token, kind) == ["s0"]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_interpreter_ends_while_a_token_is_refreshed(vault, kind):
    script = """
import asyncio, sys, threading, time, libkv
from types import SimpleNamespace
_, url, ca_file, token, kind = sys.argv
refreshed = threading.Event()

class Credential:
    asked = 0

    def get_token(self, *scopes, **options):
        self.asked += 1
        if self.asked > 1:
            refreshed.set()
            return asyncio.sleep(60) if kind == "async" else time.sleep(60)
        now = int(time.time())
        return SimpleNamespace(token=token, expires_on=now + 3600, refresh_on=now - 1)

client = libkv.SecretClient(url, Credential(), ca_file=ca_file)
for _ in range(2):
    print(client.get_secret("db").value)
refreshed.wait()
"""
    assert run(script, vault.url, vault.ca_file, vault.token, kind) == ["s3cr3t"] * 2


def test_the_interpreter_ends_with_a_loop_that_nobody_closed(vault):
    vault.change(faults=[SLOW])
    script = """
import asyncio, sys, warnings, libkv
from libkv import aio
warnings.simplefilter("ignore")
client = aio.SecretClient(sys.argv[1], libkv.StaticTokenCredential(sys.argv[3]), ca_file=sys.argv[2])
loop = asyncio.new_event_loop()
calls = [client.get_secret("db") for _ in range(8)]
for call in calls:
    loop.call_soon(call.send, None)
loop.run_until_complete(asyncio.sleep(0.1))
print("done")
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["done"]


def test_the_interpreter_ends_while_a_daemon_thread_is_called_back(vault):
    script = """
import sys, threading, time, libkv
_, url, ca_file, token = sys.argv
client = libkv.SecretClient(url, libkv.StaticTokenCredential(token), ca_file=ca_file)
told = threading.Event()

def tell(done, total):
    told.set()
    time.sleep(0.1)

class Last:
    def __del__(self, sleep=time.sleep):
        sleep(0.5)

threading.Thread(target=lambda: list(client.get_secrets(["db"], on_progress=tell)), daemon=True).start()
told.wait()
sys.last = Last()
print("done")
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["done"]


def test_the_interpreter_ends_while_daemon_threads_log(vault):
    script = """
import logging, sys, threading, time, libkv
_, url, ca_file, token = sys.argv
logged = threading.Event()

class Slow(logging.Handler):
    def emit(self, record):
        time.sleep(0.002)
        logged.set()

class Last:
    def __del__(self, sleep=time.sleep):
        sleep(0.3)

def read():
    while True:
        client.get_secret("db")

logging.basicConfig(level=logging.DEBUG, handlers=[Slow()])
client = libkv.SecretClient(url, libkv.StaticTokenCredential(token), ca_file=ca_file)
for _ in range(4):
    threading.Thread(target=read, daemon=True).start()
logged.wait()
sys.last = Last()
print("done")
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["done"]
