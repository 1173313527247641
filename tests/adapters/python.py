"""Drives libkv's Python package by the line protocol of tests/README.md; its async client, with the argument `aio`."""

import asyncio
import inspect
import logging
import sys
from contextlib import suppress
from datetime import datetime, timezone
from itertools import islice
from urllib.parse import quote, unquote_to_bytes

import libkv
from libkv import aio, exceptions
from libkv._libkv import OPTIONS, _flush_log

IS_AIO = sys.argv[1:] == ["aio"]
CLIENT = aio.SecretClient if IS_AIO else libkv.SecretClient
LEVELS = {"off": logging.CRITICAL, "warn": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
ERROR_FIELDS = sorted({"kind", *vars(exceptions.KeyVaultError())})


def encode(value):
    """Writes a field as the protocol has it: `quote` spares one byte more than agreed, the tilde."""
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, datetime):
        value = int(value.timestamp())
    return quote(value if isinstance(value, bytes) else str(value), safe="").replace("~", "%7E")


def write(number, verdict, fields):
    pairs = [f"{encode(key)}={encode(value)}" for key, value in fields.items() if value is not None]
    print(number, verdict, *pairs, flush=True)


def read(line):
    number, verb, *words = line.rstrip("\n").split(" ")
    pairs = (map(unquote_to_bytes, word.split("=", 1)) for word in words)
    return number, verb, {key.decode(): value for key, value in pairs}


def moment(text):
    return datetime.fromtimestamp(int(text), timezone.utc)


def boolean(text):
    return text == b"true"


ARGUMENTS = {
    "backup": bytes,
    "concurrency": int,
    "enabled": boolean,
    "expires_on": moment,
    "if_absent": boolean,
    "if_changed": boolean,
    "keep": int,
    "max_page_size": int,
    "not_before": moment,
    "polling_interval_ms": int,
    "timeout_ms": int,
    "wait": boolean,
}


def arguments(pairs):
    """Turns the `a.` pairs into keyword arguments; those of one mapping or list, such as `a.tags.KEY`, into one."""
    keywords = {}
    for key, value in pairs.items():
        if not key.startswith("a."):
            continue
        argument, _, part = key.removeprefix("a.").partition(".")
        if not part:
            keywords[argument] = ARGUMENTS.get(argument, bytes.decode)(value)
        elif key in ("a.tags.none", "a.names.none"):
            keywords[argument] = {}
        else:
            keywords.setdefault(argument, {})[part] = value.decode()
    if "names" in keywords:
        keywords["names"] = [keywords["names"][index] for index in sorted(keywords["names"], key=int)]
    return {
        name.removesuffix("_ms"): value / 1000 if name.endswith("_ms") else value for name, value in keywords.items()
    }


def attributes(cls):
    return [name for name, _ in inspect.getmembers(cls, inspect.isdatadescriptor) if not name.startswith("_")]


def fields(result):
    """Flattens a model into the fields that the protocol names."""
    found = {name: getattr(result, name) for name in attributes(type(result))}
    if "properties" in found:
        found |= fields(found.pop("properties"))
    tags = found.pop("tags", {})
    return found | {f"tags.{key}": value for key, value in tags.items()}


def numbered(items):
    """Flattens each of a list's items under its place."""
    flat = {f"{index}.{key}": value for index, item in enumerate(items) for key, value in item.items()}
    return {"count": len(items), **flat}


async def outcome(result):
    return await result if inspect.isawaitable(result) else result


async def sweep(items, most=None):
    """Reads an iterator, sync or async, to its end, or to `most` items."""
    if not hasattr(items, "__aiter__"):
        return list(islice(items, most))
    read = []
    while most is None or len(read) < most:
        try:
            read.append(await anext(items))
        except StopAsyncIteration:
            break
    return read


async def list_pages(operation, max_pages=None, continuation_token=None, **keywords):
    pages = operation(**keywords).by_page(continuation_token)
    read_pages = [await sweep(page) for page in await sweep(pages, max_pages and int(max_pages))]
    items = [fields(item) for page in read_pages for item in page]
    return numbered(items) | {"pages": len(read_pages), "continuation_token": pages.continuation_token}


def error_fields(error):
    return {name: getattr(error, name) for name in ERROR_FIELDS}


def secret_or_error(result):
    if result.error is None:
        return {"name": result.name, **fields(result.secret)}
    return {"name": result.name} | {f"error.{key}": value for key, value in error_fields(result.error).items()}


async def many(operation, **keywords):
    progress = {"progress.calls": 0}

    def tell(done, total):
        progress.update({"progress.done": done, "progress.total": total})
        progress["progress.calls"] += 1

    results = await sweep(operation(on_progress=tell, **keywords))
    return numbered([secret_or_error(result) for result in results]) | progress


async def begin(operation, wait=False, **keywords):
    poller = await outcome(operation(**keywords))
    if wait:
        await outcome(poller.wait(timeout=keywords.get("timeout")))
    seen = {"done": poller.status() == "finished", "look_count": poller.look_count()}
    # One that was resumed may know no result.
    with suppress(exceptions.InvalidStateError):
        seen |= fields(poller.result())
    return seen | {"continuation_token": poller.continuation_token()}


class Kept(logging.Handler):
    """Keeps libkv's events."""

    def __init__(self):
        super().__init__()
        self.events = []
        self.logger = logging.getLogger("libkv")
        self.logger.addHandler(self)

    def emit(self, record):
        level = record.levelname.lower().removesuffix("ing")
        message = record.msg.removesuffix(" (%s)")
        self.events.append({"target": record.event, "level": level, "message": message, **record.fields})

    def take(self, level="off"):
        _flush_log()
        events, self.events = self.events, []
        self.logger.setLevel(LEVELS[level])
        return numbered(events) | {"all": " ".join(str(value) for event in events for value in event.values())}


LOG = Kept()


async def call(client, pairs):
    name = pairs["op"].decode()
    if name == "log":
        return LOG.take(**arguments(pairs))
    operation, keywords = getattr(client, name), arguments(pairs)
    if name.startswith("list_"):
        return await list_pages(operation, **keywords)
    if name.startswith("begin_"):
        return await begin(operation, **keywords)
    if name.endswith("_secrets"):
        return await many(operation, **keywords)
    result = await outcome(operation(**keywords))
    if name.startswith("try_"):
        return {"found": result is not None} | ({} if result is None else fields(result))
    if isinstance(result, list):
        return numbered([fields(item) for item in result])
    if isinstance(result, bytes):
        return {"backup": result}
    return {} if result is None else fields(result)


def describe():
    """Lists what the package really has."""
    public = inspect.getmembers(CLIENT, inspect.isroutine)
    listed = {
        "operations": [name for name, _ in public if not name.startswith("_")],
        "fields.secret": attributes(libkv.KeyVaultSecret),
        "fields.secret_version": attributes(libkv.SecretVersion) + attributes(libkv.SecretProperties),
        "fields.secret_properties": attributes(libkv.SecretProperties),
        "fields.deleted_secret": attributes(libkv.DeletedSecret) + attributes(libkv.SecretProperties),
        "fields.diagnosis_step": attributes(libkv.DiagnosisStep),
        "fields.error": ERROR_FIELDS,
        "fields.stats": attributes(libkv.Stats),
        "options": OPTIONS,
        "error_kinds": exceptions.BY_KIND,
    }
    return {key: ",".join(names) for key, names in listed.items()}


async def answer(clients, verb, pairs):
    client = pairs.get("client")
    if verb == "OPEN":
        options = {key.removeprefix("o."): pairs[key].decode() for key in pairs if key.startswith("o.")}
        clients[client] = CLIENT(pairs["vault_url"].decode(), options=options)
        return {}
    if verb == "CLOSE":
        await outcome(clients.pop(client).close())
        return {}
    return describe() if verb == "DESCRIBE" else await call(clients[client], pairs)


async def main():
    clients = {}
    for line in sys.stdin:
        number, verb, pairs = read(line)
        try:
            write(number, "OK", await answer(clients, verb, pairs))
        except exceptions.KeyVaultError as error:
            write(number, "ERR", error_fields(error))


asyncio.run(main())
