#!/usr/bin/env python3
"""Calls every function of libkv.h with every argument that is wrong, one at a time.

The functions come from the header, and what NULL means from their documentation. What is tried is the argument's row
in the table below; an argument without a row fails. Takes the library's path; the vault is that of the environment.
"""

import ctypes
import os
import queue
import re
import sys
import threading
from collections.abc import Iterator
from ctypes import byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_void_p
from pathlib import Path
from typing import NamedTuple

HEADER = (Path(__file__).resolve().parents[2] / "include/libkv.h").read_text()
INVALID_ARGUMENT, INVALID_CONFIG, UNSUPPORTED = 1, 2, 41
NOT_UTF8, TOO_LONG, HUGE = b"\xff\xfe", b"x" * 70_000, 2**64 - 1
MUCH = b"x" * 30_000
PATIENCE_SECONDS = 30

Told = ctypes.CFUNCTYPE(None, c_void_p, c_void_p, c_void_p)
Done = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)
NOTHING = Told(lambda data, result, error: None)
# Callbacks that the library may still call.
KEPT: list[object] = []


class Text(ctypes.Structure):
    """A libkv_str."""

    _fields_ = (("data", c_char_p), ("len", c_size_t))


class Failure(ctypes.Structure):
    """The beginning of a libkv_error."""

    _fields_ = (("kind", c_int32), ("kind_name", Text), ("message", Text))


class Row(NamedTuple):
    """What an argument may be: one right value, and wrong ones."""

    right: object
    wrong: tuple = ()


class Pair(NamedTuple):
    """A pointer and its length, which are tried together."""

    pointer: object
    length: int


class Options(NamedTuple):
    """The first bytes of options of any kind."""

    size: int
    timeout_ms: int


def table(trial: "Trial", handles: dict[str, int]) -> dict[str, Row]:
    """What is tried, by the argument's name. NULL is tried of every pointer beside it."""
    names = (b"", NOT_UTF8, TOO_LONG, b"a/b", b"../x", b"a b", b"\xc3\xa4")
    options = (Options(0, 1), Options(8, 1), Options(16, 0), Options(16, -1), Options(4096, 1))
    return {
        **{name: Row(handle) for name, handle in handles.items()},
        "backup": Row(Pair(b"blob", 4), (Pair(b"", 0), Pair(b"x", HUGE))),
        "callback": Row(Told(lambda data, result, error: trial.tell(error))),
        "libkv_done_callback": Row(Done(lambda data, error: trial.tell(error))),
        "call": Row(None),
        "cause": Row(None),
        "data": Row(None),
        "expires_on": Row(0),
        "keep": Row(1, (0,)),
        "key": Row(b"credential", (NOT_UTF8,)),
        "libkv_options_set.value": Row(b"static_token", (NOT_UTF8,)),
        "level": Row(3, (0, 6, -1, 2**31 - 1)),
        "message": Row(b"why"),
        "name": Row(b"every-function", names),
        "options": Row(None, options),
        "refresh_on": Row(0),
        "release": Row(None),
        "token": Row(Pair(b"t", 1), (Pair(b"", 0), Pair(NOT_UTF8, 2), Pair(b"t", HUGE))),
        "value": Row(Pair(b"v", 1), (Pair(NOT_UTF8, 2), Pair(b"v", HUGE), Pair(MUCH, len(MUCH)))),
        "values": Row(Pair((c_void_p * 3)(), 0), (Pair((c_void_p * 3)(), 1), Pair((c_void_p * 3)(), HUGE))),
        "vault_url": Row(os.environ["VAULT_URL"].encode(), (b"", NOT_UTF8, TOO_LONG, b"ftp://vault")),
        "version": Row(b"0" * 32, (NOT_UTF8, TOO_LONG, b"../x")),
    }


class Function(NamedTuple):
    """A function of the header."""

    name: str
    result: str
    parameters: list[tuple[str, str]]
    manual: str

    def allows_null(self, parameter: str) -> bool:
        """Gives whether the manual, or that of the form without `_async`, says so of the argument."""
        if parameter in ("call", "data", "error", "release"):
            return True
        sentences = re.split(r"(?<=\.)\s", self.manual)
        allowed = rf"`{parameter}`.* (may be NULL|NULL or an empty)|NULL for `{parameter}`"
        return any(re.search(allowed, sentence) for sentence in sentences)

    def row(self, number: int, rows: dict[str, Row]) -> Row:
        """The row of an argument: that of a handle's type, or of the argument's name."""
        kind, name = self.parameters[number]
        if kind.endswith("**") or kind == "bool *":
            return Row("place" if name != "call" else None)
        handle = re.search(r"struct (libkv_\w+) \*$", kind)
        keys = (handle[1] if handle else kind, f"{self.name}.{name}", name)
        return rows[next((key for key in keys if key in rows), name)]


def functions() -> Iterator[Function]:
    manuals: dict[str, str] = {}
    for match in re.finditer(r"/\*\*((?:(?!\*/).)*)\*/\n([\w ]+[ *])(libkv_\w+)\(([^)]*)\);", HEADER, re.DOTALL):
        manual, result, name, parameters = match.groups()
        manuals[name] = " ".join(line.strip(" *") for line in manual.splitlines())
        split = [re.match(r"(.*?)(\w+)$", " ".join(one.split())) for one in parameters.split(",")]
        listed = [(found[1].strip(), found[2]) for found in split if found and found[2] != "void"]
        manual = manuals[name] + manuals.get(name.removesuffix("_async"), "")
        yield Function(name, result.strip(), listed, manual)


class Trial:
    """Calls functions, and counts what went wrong."""

    def __init__(self, library: str) -> None:
        self.library = ctypes.CDLL(library)
        self.passed, self.failed = 0, 0
        self.told: queue.Queue[tuple[int, str]] = queue.Queue()

    def read(self, error: int | None) -> tuple[int, str]:
        """Gives an error's kind and message, and frees it."""
        if not error:
            return 0, ""
        failure = ctypes.cast(error, ctypes.POINTER(Failure)).contents
        read = failure.kind, failure.message.data.decode()
        self.library.libkv_error_free(c_void_p(error))
        return read

    def tell(self, error: int | None) -> None:
        """Takes what a callback is told."""
        self.told.put(self.read(error))

    def check(self, is_right: bool, what: str) -> None:
        self.passed += is_right
        self.failed += not is_right
        if not is_right:
            print(f"failed: {what}", file=sys.stderr)

    def call(self, function: Function, given: dict[str, object], with_error: bool = True) -> tuple[int, str, bool]:
        """Gives the status, the error's message, and whether all places are empty."""
        arguments, places, kept = [], [], []
        for kind, name in function.parameters:
            if name == "error":
                continue
            value = given.get(name)
            if isinstance(value, Pair):
                arguments.append(ctypes.cast(value.pointer, c_void_p) if value.pointer else None)
            elif isinstance(value, Options):
                kept.append((c_int64 * 512)(value.size, value.timeout_ms))
                arguments.append(ctypes.cast(kept[-1], c_void_p))
            elif value == "place":
                places.append(c_void_p(1))
                arguments.append(byref(places[-1]))
            elif kind == "size_t":
                arguments.append(c_size_t(given[name]))
            elif kind in ("int32_t", "uint32_t", "int64_t"):
                arguments.append({"int32_t": c_int32, "uint32_t": c_uint32, "int64_t": c_int64}[kind](value))
            else:
                arguments.append(value if isinstance(value, bytes | None | Told | Done) else c_void_p(value))
        error = c_void_p(1)
        arguments += [byref(error) if with_error else None]
        status = self.library[function.name](*arguments)
        _, message = self.read(error.value) if with_error else (status, "")
        return status, message, not any(place.value for place in places)

    def refuses(self, function: Function, given: dict[str, object], name: str) -> None:
        what = f"{function.name} with {name} = {str(given[name])[:60]}"
        status, message, is_empty = self.call(function, given)
        allowed = {"options": (INVALID_ARGUMENT, UNSUPPORTED), "vault_url": (INVALID_ARGUMENT, INVALID_CONFIG)}
        named = (name, "timeout") if name == "options" else (name, f"{name}[0].name")
        if function.name.endswith("_async") and status == 0:
            status, message = self.told.get(timeout=PATIENCE_SECONDS)
        else:
            again, _, _ = self.call(function, given, with_error=False)
            self.check(again == status, f"{what}, and no place for the error")
        self.check(status in allowed.get(name, (INVALID_ARGUMENT,)), f"{what}: status {status}, {message}")
        self.check(message.startswith(tuple(f"{each}:" for each in named)), f"{what}: {message}")
        self.check(is_empty, f"{what}: a place was filled")


def right(function: Function, rows: dict[str, Row]) -> dict[str, object]:
    """Arguments that are right, until a trial changes one."""
    given: dict[str, object] = {}
    for number, (_, name) in enumerate(function.parameters):
        if name != "error" and name not in given:
            give(function, given, number, function.row(number, rows).right)
    return given


def give(function: Function, given: dict[str, object], number: int, value: object) -> None:
    """Sets an argument, and the length behind it."""
    given[function.parameters[number][1]] = value
    if isinstance(value, Pair):
        given[function.parameters[number + 1][1]] = value.length


def try_function(trial: Trial, function: Function, rows: dict[str, Row]) -> None:
    if function.result != "libkv_status":
        # NULL is harmless, and gives nothing.
        trial.library[function.name].restype = None if function.result == "void" else c_void_p
        result = trial.library[function.name](*(None for _ in function.parameters))
        trial.check(not function.parameters or not result, f"{function.name}(NULL) gave {result}")
        return
    for number, (kind, name) in enumerate(function.parameters):
        if name == "error" or kind == "size_t":
            continue
        row = function.row(number, rows)
        null = (Pair(None, 1) if isinstance(row.right, Pair) else None,)
        is_refused = (kind.endswith("*") or name == "callback") and not function.allows_null(name)
        for wrong in (*(null if is_refused else ()), *row.wrong):
            given = right(function, rows)
            give(function, given, number, wrong)
            trial.refuses(function, given, name)


def made(trial: Trial, name: str, *arguments: object) -> int:
    """Gives what a function makes, which has to succeed."""
    place, error = c_void_p(), c_void_p()
    status = trial.library[name](*arguments, byref(place), byref(error))
    trial.check(status == 0 and bool(place.value), f"{name} made nothing: {status}")
    return place.value or 0


def handles(trial: Trial) -> dict[str, int]:
    """One of each kind of handle."""
    lib = trial.library
    options = c_void_p(made(trial, "libkv_options_new"))
    settings = {"credential": "static_token", "credential.token": os.environ["VAULT_TOKEN"]}
    for key, value in {**settings, "ca_file": os.environ["VAULT_CA_FILE"]}.items():
        lib.libkv_options_set(options, key.encode(), value.encode(), None)
    url = os.environ["VAULT_URL"].encode()
    client, other = (c_void_p(made(trial, "libkv_client_new", url, options)) for _ in range(2))
    made(trial, "libkv_set_secret", other, b"deleted", b"v", c_size_t(1), None)
    call = made(trial, "libkv_get_secret_async", other, b"deleted", None, None, NOTHING, None)
    poller = made(trial, "libkv_begin_delete_secret", other, b"deleted", None)
    replies: list[int] = []
    asked = threading.Event()
    keep = Told(lambda data, request, reply: (replies.append(reply), asked.set())[1])
    KEPT.append(keep)
    asking = c_void_p(made(trial, "libkv_options_new"))
    lib.libkv_options_set_token_callback(asking, keep, None, None, None)
    lib.libkv_options_set(asking, b"ca_file", os.environ["VAULT_CA_FILE"].encode(), None)
    waiting = c_void_p(made(trial, "libkv_client_new", url, asking))
    made(trial, "libkv_get_secret_async", waiting, b"n", None, None, NOTHING, None)
    trial.check(asked.wait(PATIENCE_SECONDS), "the token callback was called")
    return {
        "libkv_call": call,
        "libkv_client": client.value or 0,
        "libkv_options": options.value or 0,
        "libkv_poller": poller,
        "libkv_secret_results": made(trial, "libkv_get_secrets", client, None),
        "libkv_token_reply": replies[0],
    }


def main() -> int:
    trial = Trial(sys.argv[1])
    rows = table(trial, handles(trial))
    for function in functions():
        # It takes no argument but a place for its error, and ends the calls above.
        if function.name != "libkv_shutdown":
            try_function(trial, function, rows)
    stats = made(trial, "libkv_client_stats", c_void_p(rows["libkv_client"].right))
    requests = ctypes.cast(stats, ctypes.POINTER(ctypes.c_uint64))[1]
    trial.check(requests == 0, f"{requests} requests were sent")
    trial.check(trial.library.libkv_shutdown(None) == 0, "libkv_shutdown")
    print(f"{trial.passed} passed, {trial.failed} failed")
    return 1 if trial.failed else 0


if __name__ == "__main__":
    sys.exit(main())
