"""Reads one secret with the client that the argument names, in a process of its own, and stays until its input ends."""

import sys

# `importlib` is left alone, so that the clients' own imports are all there is.
value = __import__(sys.argv[1]).Client({}).get("secret-0")
if not isinstance(value, str):
    import asyncio

    value = asyncio.run(value)
print(value, flush=True)
sys.stdin.read()
