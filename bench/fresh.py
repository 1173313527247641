"""What a client costs a process that has just begun: its first secret, its loading, its memory."""

import json
import os
import subprocess
import threading
import time

from clients import PYTHON, WORKERS, Client
from job import peak_kib
from vault import LocalVault

LONGEST_S = 30


def first_secrets(vault: LocalVault, clients: list[Client], rounds: int) -> dict[str, dict]:
    """Returns each client's rounds of reading one secret in a process: how long it takes, and the peak memory."""
    vault.reset(1)
    results = {client.name: {"version": client.version, "rounds": []} for client in clients}
    for number in range(-1, rounds):
        for client in clients:
            figures = _first(vault, client)
            if number >= 0:
                results[client.name]["rounds"].append(figures)
    return results


def _first(vault: LocalVault, client: Client) -> dict:
    environment = os.environ | vault.environment()
    began = time.perf_counter()
    process = subprocess.Popen(client.first, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    timer = threading.Timer(LONGEST_S, process.kill)
    timer.start()
    try:
        line = process.stdout.readline()
        seconds = time.perf_counter() - began
        if line.strip() != "secret-0":
            raise RuntimeError(f"{client.title} printed {line!r} in place of its first secret")
        return {"seconds": seconds, "peak_kib": peak_kib(process.pid)}
    finally:
        process.communicate()
        timer.cancel()


def loads(clients: list[Client], rounds: int) -> dict[str, dict]:
    """Returns each client's rounds of how long its language takes to load it, in a process that does nothing else."""
    results = {client.name: {"version": client.version, "rounds": []} for client in clients}
    for number in range(-1, rounds):
        for client in clients:
            seconds = _load(client)
            if number >= 0:
                results[client.name]["rounds"].append({"seconds": seconds})
    return results


def _load(client: Client) -> float:
    if client.command[0] == PYTHON:
        program = f"import time\nb = time.perf_counter()\n{client.loading}\nprint(time.perf_counter() - b)"
        command = (PYTHON, "-c", program)
    else:
        program = f"const b = performance.now(); {client.loading}; console.log((performance.now() - b) / 1000)"
        command = ("node", "-e", program)
    where = WORKERS / "javascript"
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=True, timeout=LONGEST_S)
    return json.loads(done.stdout)
