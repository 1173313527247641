"""The local vault that users' tests start: it is found, serves, follows its clock, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import libkv
import pytest
from libkv.exceptions import NotFoundError
from libkv.testing import PROGRAM, Emulator, find_binary

DAY = 24 * 3600


@pytest.fixture(scope="module")
def own():
    """An emulator that only these tests use, and may reset."""
    with Emulator() as emulator:
        yield emulator


def test_it_serves_until_its_block_ends():
    with Emulator("--token", "mine") as emulator, emulator.client() as client:
        client.set_secret("db", "s3cr3t")
        assert client.get_secret("db").value == "s3cr3t"
        assert (emulator.facts["token"], client.vault_url) == ("mine", emulator.vault_url)
        assert Path(emulator.ca_file).exists()
    assert not Path(emulator.ca_file).exists()
    emulator.close()


def test_vaults_are_apart_and_are_forgotten_together(own):
    first, second = own.vault(), own.vault("second")
    first.reset(secrets=[{"name": "db", "value": "x"}])
    with first.client() as client, second.client() as other:
        assert client.get_secret("db").value == "x"
        with pytest.raises(NotFoundError):
            other.get_secret("db")
        assert second.requests()["counts"]["get_secret db"] == 1
        own.reset()
        with pytest.raises(NotFoundError):
            client.get_secret("db")


def test_what_is_deleted_goes_with_time(own):
    vault = own.vault()
    vault.reset(recoverable_days=7, delete_delay_ms=1500, secrets=[{"name": "db"}])
    with vault.client() as client:
        poller = client.begin_delete_secret("db")
        assert not poller.done()
        own.advance(1.5)
        poller.wait()
        assert client.get_deleted_secret("db").name == "db"
        own.advance(7 * DAY)
        with pytest.raises(NotFoundError):
            client.get_deleted_secret("db")


def test_a_token_that_expires_is_replaced(own):
    authority = own.facts["authority_url"]
    credential = libkv.ClientSecretCredential(own.facts["tenant"], "app", "secret", authority=authority)
    vault = own.vault()
    vault.reset(secrets=[{"name": "db", "value": "x"}])
    with vault.client(credential) as client:
        assert client.get_secret("db").value == "x"
        own.advance(2 * 3600)
        assert client.get_secret("db").value == "x"
    assert vault.requests()["counts"]["probe"] >= 1


def test_a_state_is_taken_out_and_put_in(own):
    vault = own.vault("kept")
    vault.reset(secrets=[{"name": "db", "versions": ["old", "new"]}])
    state = own.export_state()
    vault.reset()
    own.import_state(state)
    assert own.export_state() == state
    with vault.client() as client:
        assert client.get_secret("db").value == "new"


def test_what_the_control_endpoint_refuses_is_told(own):
    with pytest.raises(ValueError, match="page_sise"):
        own.vault().change(page_sise=3)
    with pytest.raises(ValueError, match="advance_s"):
        own.advance(-1)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with Emulator() as emulator:
        emulator.reset()


def test_a_program_that_does_not_serve_is_told():
    with pytest.raises(RuntimeError, match="ended before it served"):
        Emulator(binary="/bin/true")
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Emulator(binary="/nowhere/kv-emulator")


def test_the_program_is_found(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "target"))
    monkeypatch.delenv("KV_EMULATOR", raising=False)
    with pytest.raises(FileNotFoundError, match="PATH"):
        find_binary()
    # Each is taken before those that were there.
    for place in (tmp_path, tmp_path / "target" / "debug", tmp_path / "target" / "release"):
        place.mkdir(parents=True, exist_ok=True)
        (place / PROGRAM).touch(mode=0o755)
        assert find_binary() == place / PROGRAM
    monkeypatch.setenv("KV_EMULATOR", str(tmp_path / PROGRAM))
    assert find_binary() == tmp_path / PROGRAM
    monkeypatch.setenv("KV_EMULATOR", "/nowhere")
    with pytest.raises(FileNotFoundError, match="KV_EMULATOR names /nowhere"):
        find_binary()


def test_two_lines_are_enough_for_pytest(tmp_path):
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["libkv.pytest_plugin"]\n')
    test = "def test_mine(vault):\n    assert vault.client().set_secret('db', 'x').name == 'db'\n"
    (tmp_path / "test_mine.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
