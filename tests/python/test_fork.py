"""Forks at any moment: the child and its parent both go on."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import urllib.request

import pytest
from conftest import exit_code_of_child, run, until

inherited = []
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.mark.parametrize("used", [False, True], ids=["fresh", "used"])
def test_a_client_works_on_both_sides_of_a_fork(vault, client, used):
    if used:
        client.get_secret("db")
    assert exit_code_of_child(lambda: client.get_secret("db").value == "s3cr3t") == 0
    assert client.get_secret("db").value == "s3cr3t"
    assert exit_code_of_child(lambda: client.set_secret("db", "from the child").value == "from the child") == 0
    assert client.get_secret("db").value == "from the child"


def test_a_list_goes_on_in_a_forked_child(vault, client):
    vault.reset(secrets=[{"name": f"s{n}", "value": ""} for n in range(4)])
    items = client.list_properties_of_secrets(max_page_size=1)
    assert next(items).name == "s0"
    assert exit_code_of_child(lambda: [item.name for item in items] == ["s1", "s2", "s3"]) == 0
    assert [item.name for item in items] == ["s1", "s2", "s3"]


def test_calls_in_flight_at_a_fork_are_the_parents(vault, client):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 1000, "times": 4}])
    values = []
    threads = [threading.Thread(target=lambda: values.append(client.get_secret("db").value)) for _ in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: vault.counts().get("get_secret") == 4)
    assert exit_code_of_child(lambda: client.get_secret("db").value == "s3cr3t") == 0
    for thread in threads:
        thread.join()
    assert values == ["s3cr3t"] * 4
    assert vault.counts()["get_secret"] == 5


def test_a_child_of_a_child_works_too(client):
    client.get_secret("db")

    def grandchild():
        return client.get_secret("db").value == "s3cr3t"

    assert exit_code_of_child(lambda: grandchild() and exit_code_of_child(grandchild) == 0) == 0


def read(_):
    return inherited[0].get_secret("db").value


def test_workers_of_multiprocessing_share_a_client_made_before_them(client):
    client.get_secret("db")
    inherited[:] = [client]
    with multiprocessing.get_context("fork").Pool(3) as pool:
        assert pool.map(read, range(12)) == ["s3cr3t"] * 12


def test_a_child_that_runs_to_its_end_ends(vault):
    script = """
import os, sys, threading, libkv
_, url, ca_file, token = sys.argv
client = libkv.SecretClient(url, libkv.StaticTokenCredential(token), ca_file=ca_file)
results = client.get_secrets(["db"] * 8, concurrency=2)
next(results)
for used in (False, True):
    child = os.fork()
    if child == 0:
        sys.exit(used and client.get_secret("db").value != "s3cr3t")
    assert os.waitpid(child, 0)[1] == 0
print(len(list(results)))
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["7"]


@pytest.mark.timeout(300)
def test_a_thousand_forks_under_load(vault):
    script = """
import os, sys, threading, libkv
_, url, ca_file, token = sys.argv
client = libkv.SecretClient(url, libkv.StaticTokenCredential(token), ca_file=ca_file)
over, alive, codes, read = threading.Event(), set(), set(), 0

def load():
    global read
    while not over.wait(0.001):
        assert client.get_secret("db").value == "s3cr3t"
        read += 1

def reap(limit):
    while len(alive) > limit:
        child, status = os.wait()
        alive.remove(child)
        codes.add(os.waitstatus_to_exitcode(status))

threads = [threading.Thread(target=load) for _ in range(2)]
for thread in threads:
    thread.start()
for n in range(1000):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            # Each tenth makes a call, and all come out of a process whose threads are in the midst of theirs.
            code = 0 if n % 10 or client.get_secret("db").value == "s3cr3t" else 2
        finally:
            os._exit(code)
    alive.add(child)
    reap(3)
reap(0)
over.set()
for thread in threads:
    thread.join()
print(codes, read > 100)
"""
    assert run(script, vault.url, vault.ca_file, vault.token, patience=240) == ["{0}", "True"]


APPLICATION = """
import json, os, libkv
url, ca_file, token = json.loads(os.environ["VAULT"])
client = libkv.SecretClient(url, libkv.StaticTokenCredential(token), ca_file=ca_file)
client.get_secret("db")

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {os.getppid()} {client.get_secret('db').value}".encode()]
"""


def test_workers_of_gunicorn_share_a_preloaded_client(vault, tmp_path):
    (tmp_path / "preloaded.py").write_text(APPLICATION)
    log = tmp_path / "log"
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers=2", "--bind=127.0.0.1:0", "preloaded"]
    environment = {**os.environ, "VAULT": json.dumps([vault.url, vault.ca_file, vault.token])}
    with log.open("w") as errors:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=errors)
    try:
        until(lambda: log.read_text().count("Booting worker") == 2)
        address = log.read_text().split("Listening at: ")[1].split()[0]
        for _ in range(8):
            with urllib.request.urlopen(address, timeout=20) as answer:
                worker, parent, value = answer.read().decode().split()
            assert (int(parent), value) == (server.pid, "s3cr3t")
            assert worker != parent
    finally:
        server.terminate()
        assert server.wait(20) == 0, log.read_text()
