"""What is measured for each language, and what was aimed at."""

from dataclasses import dataclass

from clients import (
    AIOHTTP,
    LIBKV,
    LIBKV_ASYNCIO,
    LIBKV_C,
    LIBKV_NODE,
    LIBKV_PYTHON,
    NODE_HTTPS,
    NODE_NOTHING,
    OFFICIAL_ASYNCIO,
    OFFICIAL_NODE,
    OFFICIAL_PYTHON,
    OFFICIAL_RUST,
    PYTHON_HTTP,
    PYTHON_NOTHING,
    REQWEST_1,
    REQWEST_2,
    REQWEST_DEADLINE,
    UNDICI,
    URLLIB3,
    Client,
)
from rounds import Measure

GET, GET_HERE = "get", "get, vault on the same core"
FIRST_GETS = "get, the first 300 of a process"
FIRST_GETS_HERE = f"{FIRST_GETS}, vault on the same core"
GETS, THREADS, TASKS = "get, 64 at a time", "get, 64 threads", "get, 64 tasks"
SET, LIST, READ, FAR_READ = "set", "list 1,000", "list and read 1,000", "list and read 1,000, answers 20 ms away"
CACHED, FIRST, LOADING = "get of a cached value", "first secret of a process", "loading"


@dataclass(frozen=True)
class Target:
    """A bound for a figure of libkv's, or for its ratio to that of another client."""

    measure: str
    client: Client
    figure: str
    bound: float
    against: Client | None = None
    at_least: bool = False
    # The client whose figure is taken off first: what costs as much without libkv.
    above: Client | None = None


@dataclass(frozen=True)
class Part:
    """The measures of a language."""

    measures: tuple[Measure, ...]
    first: tuple[Client, ...]
    loading: tuple[Client, ...]
    targets: tuple[Target, ...]


def _far(*clients: Client, loops: tuple[Client, ...] = ()) -> Measure:
    return Measure(FAR_READ, "read", 64, dict.fromkeys((*clients, *loops), 1_000), loops, 20, warm_ups=1, rounds=3)


def _thousand(title: str, operation: str, *clients: Client) -> Measure:
    return Measure(title, operation, 64, dict.fromkeys(clients, 1_000), warm_ups=2, rounds=9)


def _one_at_a_time(secrets: dict[Client, int]) -> tuple[Measure, Measure]:
    return Measure(GET, "get", 1, secrets), Measure(GET_HERE, "get", 1, secrets, on_one_core=True)


def _first(*clients: Client) -> tuple[Measure, Measure]:
    secrets = dict.fromkeys(clients, 300)
    about = {"anew": True, "warm_ups": 1, "rounds": 11}
    return (
        Measure(FIRST_GETS, "get", 1, secrets, **about),
        Measure(FIRST_GETS_HERE, "get", 1, secrets, on_one_core=True, **about),
    )


def _both(client: Client, bound: float, against: Client) -> tuple[Target, Target]:
    return tuple(Target(measure, client, "cpu_us", bound, against) for measure in (GET, GET_HERE))


PARTS = {
    "python": Part(
        measures=(
            *_one_at_a_time({LIBKV_PYTHON: 400, OFFICIAL_PYTHON: 60, URLLIB3: 240}),
            Measure(THREADS, "get", 64, {LIBKV_PYTHON: 1_280, OFFICIAL_PYTHON: 128, URLLIB3: 384}, rounds=21),
            Measure(TASKS, "get", 64, {LIBKV_ASYNCIO: 1_280, OFFICIAL_ASYNCIO: 128, AIOHTTP: 768}),
            Measure(SET, "set", 1, {LIBKV_PYTHON: 250, OFFICIAL_PYTHON: 45, URLLIB3: 180}),
            _thousand(LIST, "list", LIBKV_PYTHON, OFFICIAL_PYTHON, URLLIB3),
            _thousand(READ, "read", LIBKV_PYTHON, LIBKV_ASYNCIO, OFFICIAL_ASYNCIO, AIOHTTP),
            _far(LIBKV_PYTHON, LIBKV_ASYNCIO, OFFICIAL_ASYNCIO, AIOHTTP, loops=(OFFICIAL_PYTHON,)),
            Measure(CACHED, "cached", 1, {LIBKV_PYTHON: 20_000}),
        ),
        first=(PYTHON_NOTHING, LIBKV_PYTHON, OFFICIAL_PYTHON, LIBKV_ASYNCIO, OFFICIAL_ASYNCIO, PYTHON_HTTP),
        loading=(LIBKV_PYTHON, OFFICIAL_PYTHON, LIBKV_ASYNCIO, OFFICIAL_ASYNCIO),
        targets=(
            *_both(LIBKV_PYTHON, 1 / 12, OFFICIAL_PYTHON),
            *_both(LIBKV_PYTHON, 0.4, URLLIB3),
            Target(THREADS, LIBKV_PYTHON, "per_s", 20, OFFICIAL_PYTHON, at_least=True),
            Target(THREADS, LIBKV_PYTHON, "per_s", 4, URLLIB3, at_least=True),
            Target(TASKS, LIBKV_ASYNCIO, "cpu_us", 1 / 16, OFFICIAL_ASYNCIO),
            Target(TASKS, LIBKV_ASYNCIO, "cpu_us", 0.4, AIOHTTP),
            Target(FAR_READ, LIBKV_PYTHON, "cpu_us", 1 / 6, OFFICIAL_ASYNCIO),
            Target(FAR_READ, LIBKV_PYTHON, "cpu_us", 1 / 40, OFFICIAL_PYTHON),
            Target(FAR_READ, LIBKV_PYTHON, "seconds", 1 / 6, OFFICIAL_ASYNCIO),
            Target(FAR_READ, LIBKV_PYTHON, "seconds", 1 / 40, OFFICIAL_PYTHON),
            Target(CACHED, LIBKV_PYTHON, "cpu_us", 3),
            Target(FIRST, LIBKV_PYTHON, "seconds", 1 / 5, OFFICIAL_PYTHON),
            Target(FIRST, LIBKV_PYTHON, "peak_kib", 1 / 3, OFFICIAL_PYTHON, above=PYTHON_NOTHING),
        ),
    ),
    "node": Part(
        measures=(
            *_one_at_a_time({LIBKV_NODE: 600, OFFICIAL_NODE: 200, UNDICI: 600}),
            *_first(LIBKV_NODE, OFFICIAL_NODE, UNDICI),
            Measure(GETS, "get", 64, {LIBKV_NODE: 2_560, OFFICIAL_NODE: 384, UNDICI: 1_920}),
            Measure(SET, "set", 1, {LIBKV_NODE: 250, OFFICIAL_NODE: 100, UNDICI: 250}),
            _thousand(LIST, "list", LIBKV_NODE, OFFICIAL_NODE, UNDICI),
            _thousand(READ, "read", LIBKV_NODE, OFFICIAL_NODE, UNDICI),
            _far(LIBKV_NODE, OFFICIAL_NODE, UNDICI),
            Measure(CACHED, "cached", 1, {LIBKV_NODE: 20_000}),
        ),
        first=(NODE_NOTHING, LIBKV_NODE, OFFICIAL_NODE, NODE_HTTPS),
        loading=(LIBKV_NODE, OFFICIAL_NODE),
        targets=(
            Target(GETS, LIBKV_NODE, "cpu_us", 1 / 9, OFFICIAL_NODE),
            Target(GETS, LIBKV_NODE, "cpu_us", 0.8, UNDICI),
            *_both(LIBKV_NODE, 1 / 5, OFFICIAL_NODE),
            *(Target(first, LIBKV_NODE, "cpu_us", 1 / 5, OFFICIAL_NODE) for first in (FIRST_GETS, FIRST_GETS_HERE)),
            *_both(LIBKV_NODE, 0.8, UNDICI),
            Target(CACHED, LIBKV_NODE, "cpu_us", 3),
            Target(FIRST, LIBKV_NODE, "seconds", 0.025, above=NODE_NOTHING),
            Target(LOADING, LIBKV_NODE, "seconds", 0.010),
            Target(FIRST, LIBKV_NODE, "peak_kib", 1 / 3, OFFICIAL_NODE, above=NODE_NOTHING),
        ),
    ),
    "c": Part(
        measures=(
            *_one_at_a_time({LIBKV_C: 700, LIBKV: 700}),
            Measure(THREADS, "get", 64, {LIBKV_C: 2_560, LIBKV: 2_560}),
        ),
        first=(LIBKV_C, LIBKV),
        loading=(),
        targets=_both(LIBKV_C, 1.2, LIBKV),
    ),
    "rust": Part(
        measures=(
            *_one_at_a_time(dict.fromkeys((LIBKV, OFFICIAL_RUST, REQWEST_1, REQWEST_2, REQWEST_DEADLINE), 700)),
            Measure(GETS, "get", 64, dict.fromkeys((LIBKV, OFFICIAL_RUST, REQWEST_1, REQWEST_2), 2_560)),
            Measure(SET, "set", 1, dict.fromkeys((LIBKV, OFFICIAL_RUST, REQWEST_1, REQWEST_2), 250)),
            _thousand(LIST, "list", LIBKV, OFFICIAL_RUST, REQWEST_1, REQWEST_2),
            _thousand(READ, "read", LIBKV, OFFICIAL_RUST, REQWEST_1, REQWEST_2),
            _far(LIBKV, OFFICIAL_RUST, REQWEST_1, REQWEST_2),
        ),
        first=(LIBKV, OFFICIAL_RUST, REQWEST_1, REQWEST_2),
        loading=(),
        targets=(
            Target(GETS, LIBKV, "cpu_us", 0.5, OFFICIAL_RUST),
            Target(GETS, LIBKV, "cpu_us", 1.15, REQWEST_2),
            *_both(LIBKV, 0.95, OFFICIAL_RUST),
            *_both(LIBKV, 1.15, REQWEST_2),
        ),
    ),
}
