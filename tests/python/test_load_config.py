"""The example that loads a configuration file: what its parser reads and refuses, and the whole program."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

EXAMPLES = ROOT / "examples"
sys.path.insert(0, str(EXAMPLES))

from load_config import content_type, parse  # noqa: E402


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("", {}),
        ("\n  # only a comment", {}),
        ("A=1\n\n#c\nB=2", {"A": "1", "B": "2"}),
        ("A=", {"A": ""}),
        ("A=\nB=''\nC=\"\"\n", {"A": "", "B": "", "C": ""}),
        ("A=a b  # comment\n", {"A": "a b"}),
        ("A=https://x/#top\n", {"A": "https://x/#top"}),
        ("A=a'b\"c", {"A": "a'b\"c"}),
        ('A={"b": 1}', {"A": '{"b": 1}'}),
        ("A='one\ntwo # three'\nB=2", {"A": "one\ntwo # three", "B": "2"}),
        ("A='\\n'", {"A": "\\n"}),
        (r'A="a\n\t\"\\\$b"', {"A": 'a\n\t"\\$b'}),
        ('A="one\n\ntwo"  # comment', {"A": "one\n\ntwo"}),
        ("A=@fill:7:abc", {"A": "abcabca"}),
        ("A='@fill:7:abc'", {"A": "@fill:7:abc"}),
        ("A_1=x", {"A_1": "x"}),
        ("A=ключ", {"A": "ключ"}),
    ],
)
def test_entries_are_read(text, entries):
    assert parse(text) == entries


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A=1\nnonsense", "line 2: is no KEY=value"),
        ("A=1\n=2", "line 2: is no KEY=value"),
        ("1A=2", "line 1: is no KEY=value"),
        ("A='open\nB=2", "line 1: is no KEY=value"),
        ('A="open', "line 1: is no KEY=value"),
        ("A='x' y", "line 1: is no KEY=value"),
        ("A='x'# glued", "line 1: is no KEY=value"),
        (r'A="\q"', r"line 1: \q is no escape"),
        ("A=1\nA=2", "line 2: A is there twice"),
        ("A_B=1\n\na_b=2", "line 3: a_b is there twice"),
    ],
)
def test_what_is_no_entry_is_refused_by_its_line(text, message):
    with pytest.raises(ValueError, match="line") as caught:
        parse(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "text/plain"),
        ("https://x.example/a?b#c", "text/uri-list"),
        ("postgresql://u:p@h:5432/d", "text/uri-list"),
        ("https://a.example,https://b.example", "text/plain"),
        ("see https://x.example", "text/plain"),
        ("0.0.0.0:80", "text/plain"),
        ('{"a": [1]}', "application/json"),
        ("[1, 2]", "application/json"),
        ("{not json}", "text/plain"),
        ("8", "text/plain"),
        ("-----BEGIN CERTIFICATE-----\n", "application/x-pem-file"),
    ],
)
def test_content_types_are_guessed(value, expected):
    assert content_type(value) == expected


def test_the_configuration_is_a_days_work():
    entries = parse((EXAMPLES / "service.env").read_text(encoding="utf-8"))
    assert len(entries) >= 60
    assert {len(value) for value in entries.values()} >= {0, 25_600}
    assert {content_type(value) for value in entries.values()} == {
        "application/json",
        "application/x-pem-file",
        "text/plain",
        "text/uri-list",
    }


def run_example(vault, emulator):
    environment = {"VAULT_URL": vault.url, "VAULT_CA_FILE": vault.ca_file, "VAULT_TOKEN": emulator.facts["token"]}
    command = [sys.executable, EXAMPLES / "load_config.py"]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=50)


def test_the_example_loads_everything(vault, emulator):
    vault.reset()
    done = run_example(vault, emulator)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("=> 65 secrets loaded")
    assert "\x1b" not in done.stdout
    assert "\r" not in done.stdout
    with vault.client() as client:
        secret = client.get_secret("DATABASE-URL")
        assert secret.value.startswith("postgresql://")
        assert secret.properties.content_type == "text/uri-list"
        tags = {"service": "storefront", "environment": "staging", "source-key": "DATABASE_URL"}
        assert secret.properties.tags == tags


def test_the_example_says_why_it_failed(vault, emulator):
    vault.reset(secrets=[{"name": "DATABASE-URL", "value": "old", "state": "deleted"}])
    done = run_example(vault, emulator)
    assert done.returncode == 1
    assert "DATABASE-URL is currently in a deleted but recoverable state" in done.stderr
    assert "begin_recover_deleted_secret" in done.stderr
