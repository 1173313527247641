"""A client at a job of many calls; see `bench/README.md` for what a worker is told and says."""

import asyncio
import inspect
import json
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

Read = list[tuple[str, str]]


def call(client, operation: str, name: str) -> tuple[str, str]:
    """Makes one call and returns the secret's name and value; whatever is raised, the call failed."""
    try:
        return name, client.set(name, name) if operation == "set" else client.get(name)
    except Exception as error:
        return name, repr(error)


def blocking(client, operation: str, workers: int, names: list[str]) -> Read:
    """Does the job with threads, or on this one where there is one worker."""
    if operation == "list":
        return [(name, name) for name in client.names()]
    if operation == "read" and hasattr(client, "read_all"):
        return client.read_all(workers)
    if operation == "read":
        names = client.names()
    if operation == "cached":
        return [(names[0], client.get(names[0])) for _ in names]
    if workers == 1:
        return [call(client, operation, name) for name in names]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda name: call(client, operation, name), names))


async def awaiting(client, operation: str, workers: int, names: list[str]) -> Read:
    """Does the job with tasks."""
    if operation == "list":
        return [(name, name) for name in await client.names()]
    if operation == "read" and hasattr(client, "read_all"):
        return await client.read_all(workers)
    if operation == "read":
        names = await client.names()
    results: Read = []

    async def work(left: Iterable[str]):
        for name in left:
            try:
                value = await (client.set(name, name) if operation == "set" else client.get(name))
            except Exception as error:  # whatever it raises, the call failed
                value = repr(error)
            results.append((name, value))

    left = iter(names)
    await asyncio.gather(*(work(left) for _ in range(workers)))
    return results


def failures(expected: list[str], results: Read, operation: str) -> int:
    """Returns how many calls did not give what they must: each secret once, its name as its value."""
    wrong = [result for result in results if result[0] != result[1]]
    if wrong:
        print(f"{wrong[0][0]}: {wrong[0][1]}", file=sys.stderr)
    got = {name for name, _ in results}
    surplus = 0 if operation == "cached" else len(results) - len(expected)
    missing = 0 if operation == "cached" else len(set(expected) - got)
    return max(len(wrong) + missing, abs(surplus))


async def main():
    """Does the job for each line of input."""
    module, operation, workers, first, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
    client = import_module(module).Client({"cache.ttl_ms": 60_000} if operation == "cached" else {})
    run = awaiting if inspect.iscoroutinefunction(client.get) else blocking
    names = [f"secret-{number}" for number in range(first, first + count)]
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.monotonic()
        results = run(client, operation, workers, names)
        if inspect.isawaitable(results):
            results = await results
        seconds = time.monotonic() - began
        failed = failures(names, results, operation)
        print(
            json.dumps({"failed": failed, "seconds": seconds, "tokens": getattr(client, "tokens", int)()}), flush=True
        )
    if hasattr(client, "close"):
        await client.close()


asyncio.run(main())
