"""Loads a service's configuration file into a vault: every entry a secret with its content type and tags.

    VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=… python load_config.py [service.env]

VAULT_CA_FILE names a certificate authority to trust besides the system's, such as a local vault's.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from libkv import KeyVaultSecret, SecretClient, StaticTokenCredential
from libkv.exceptions import KeyVaultError

BLANK = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*")
ENTRY = re.compile(
    r"""(?P<key>[A-Za-z_][A-Za-z0-9_]*)=
        (?: "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>[^']*)' | (?P<plain>(?!["'])[^\n]*?) )
        [ \t]*(?:(?<=[ \t])\#[^\n]*)?(?:\n|\Z)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


def parse(text: str) -> dict[str, str]:
    """Reads the entries of a configuration file, whose own first lines describe its format.

    Raises:
        ValueError: A line is no entry, or two entries would become one secret. Names the line.
    """
    entries: dict[str, str] = {}
    taken: set[str] = set()
    position = end_of(BLANK, text, 0)
    while position < len(text):
        line = text.count("\n", 0, position) + 1
        entry = ENTRY.match(text, position)
        if entry is None:
            raise ValueError(f"line {line}: is no KEY=value, or its quotes are not closed")
        key = entry["key"]
        if secret_name(key).lower() in taken:
            raise ValueError(f"line {line}: {key} is there twice")
        taken.add(secret_name(key).lower())
        entries[key] = value_of(entry, line)
        position = end_of(BLANK, text, entry.end())
    return entries


def end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def value_of(entry: re.Match[str], line: int) -> str:
    def unescape(escape: re.Match[str]) -> str:
        if escape[1] not in ESCAPES:
            raise ValueError(f"line {line}: \\{escape[1]} is no escape")
        return ESCAPES[escape[1]]

    if entry["double"] is not None:
        return re.sub(r"\\(.)", unescape, entry["double"], flags=re.DOTALL)
    if entry["single"] is not None:
        return entry["single"]
    fill = re.fullmatch(r"@fill:(\d+):(.+)", entry["plain"])
    if fill is None:
        return entry["plain"]
    length, filler = int(fill[1]), fill[2]
    return (filler * (length // len(filler) + 1))[:length]


def secret_name(key: str) -> str:
    """A secret's name has no underscores."""
    return key.replace("_", "-")


def content_type(value: str) -> str:
    if value.startswith("-----BEGIN "):
        return "application/x-pem-file"
    if value.startswith(("{", "[")):
        try:
            json.loads(value)
        except ValueError:
            return "text/plain"
        return "application/json"
    return "text/uri-list" if re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s,;]+", value) else "text/plain"


def show_progress(done: int, total: int) -> None:
    """Draws a bar on a terminal; elsewhere writes a line for every quarter."""
    if sys.stdout.isatty():
        filled = 40 * done // total
        print(
            f"\r  [{'#' * filled}{'.' * (40 - filled)}] {done}/{total}",
            end="" if done < total else "\n",
            flush=True,
        )
    elif done * 4 // total > (done - 1) * 4 // total:
        print(f"  {done:3} of {total} loaded", flush=True)


def load(client: SecretClient, entries: dict[str, str]) -> list[KeyVaultSecret]:
    """Writes all entries, eight at a time: a call lets other threads run while it waits for the vault."""
    tags = {"service": entries.get("SERVICE_NAME", ""), "environment": entries.get("SERVICE_ENVIRONMENT", "")}

    def write(key: str) -> KeyVaultSecret:
        value = entries[key]
        return client.set_secret(
            secret_name(key), value, content_type=content_type(value), tags={**tags, "source-key": key}
        )

    loaded = []
    with ThreadPoolExecutor(max_workers=8) as pool:
        for secret in pool.map(write, entries):
            loaded.append(secret)
            show_progress(len(loaded), len(entries))
    return loaded


def verify(client: SecretClient, entries: dict[str, str]) -> list[str]:
    """Reads back the entries most likely to suffer on the way, and returns their keys."""
    by_length = sorted(entries, key=lambda key: len(entries[key]))
    several_lines = [key for key, value in entries.items() if "\n" in value]
    other_scripts = [key for key, value in entries.items() if not value.isascii()]
    keys = list(dict.fromkeys([by_length[0], by_length[-1], *several_lines[:3], *other_scripts[:3]]))
    for key in keys:
        secret = client.get_secret(secret_name(key))
        if secret.value != entries[key] or secret.properties.tags["source-key"] != key:
            raise RuntimeError(f"{key} came back as something else")
    return keys


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("service.env")
    entries = parse(path.read_text(encoding="utf-8"))
    credential = StaticTokenCredential(os.environ["VAULT_TOKEN"])
    with SecretClient(os.environ["VAULT_URL"], credential, ca_file=os.environ.get("VAULT_CA_FILE")) as client:
        print(f"Loading {len(entries)} entries of {path.name} into {client.vault_url}\n")
        loaded = load(client, entries)
        checked = verify(client, entries)
        requests = client.stats().requests

    kinds = Counter(secret.properties.content_type or "" for secret in loaded)
    characters = Counter[str]()
    for secret in loaded:
        characters[secret.properties.content_type or ""] += len(secret.value)
    print(f"\n  {'content type':<24} {'secrets':>7} {'characters':>10}")
    for kind, count in kinds.most_common():
        print(f"  {kind:<24} {count:>7} {characters[kind]:>10,}")
    print(f"  {'all':<24} {kinds.total():>7} {characters.total():>10,}\n")
    print(f"Read back and compared: {', '.join(checked)}\n")
    print(f"=> {len(loaded)} secrets loaded, {len(checked)} read back unchanged, in {requests} requests")


if __name__ == "__main__":
    try:
        main()
    except KeyError as missing:
        sys.exit(f"load_config: {missing} is not set in the environment")
    except (KeyVaultError, OSError, RuntimeError, ValueError) as error:
        sys.exit(f"load_config: {error}")
