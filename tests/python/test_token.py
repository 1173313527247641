"""Credentials of Python's own: how they are asked, and the thread and the loop that they are asked in."""

import asyncio
import base64
import os
import re
import signal
import threading
import time
from types import SimpleNamespace

import azure.identity
import azure.identity.aio
import libkv
import pytest
from conftest import exit_code_of_child
from libkv.exceptions import AuthenticationError, KeyVaultError

CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}'


class Credential:
    """Does `act` and gives another token each time; notes what it was asked for."""

    def __init__(self, vault, act=lambda: None):
        self.asked = []
        self.act = act
        self.issue = vault.issue
        self.refresh_on = None

    def get_token(self, *scopes, **options):
        self.asked.append((scopes, options))
        self.act()
        expires_on = int(time.time()) + 3600
        return SimpleNamespace(token=self.issue(), expires_on=expires_on, refresh_on=self.refresh_on)


class InfoCredential(Credential):
    """Speaks both protocols, and only the newer one well."""

    def get_token_info(self, *scopes, options):
        return super().get_token(*scopes, **options)

    def get_token(self, *scopes, **options):
        raise AssertionError("the older protocol was used")


class AsyncCredential(Credential):
    """The same as a coroutine function."""

    async def get_token(self, *scopes, **options):
        await asyncio.sleep(0)
        return super().get_token(*scopes, **options)


class AsyncInfoCredential(InfoCredential):
    """The same as a coroutine function."""

    async def get_token_info(self, *scopes, options):
        await asyncio.sleep(0)
        return super().get_token_info(*scopes, options=options)


SYNC_AND_ASYNC = pytest.mark.parametrize("kind", [Credential, AsyncCredential])


def ask_for_claims(vault, skip):
    """Has the vault revoke the token of a read, and ask for more claims and another tenant."""
    encoded = base64.b64encode(CLAIMS.encode()).decode()
    challenge = f'authorization="{vault.url}/tenant-2", resource="https://localhost", error="insufficient_claims"'
    headers = {"WWW-Authenticate": f'Bearer {challenge}, claims="{encoded}"'}
    vault.change(faults=[{"operation": "get_secret", "skip": skip, "status": 401, "headers": headers}])


@pytest.mark.parametrize("kind", [Credential, InfoCredential, AsyncCredential, AsyncInfoCredential])
def test_a_credential_is_asked_as_the_official_clients_ask_it(vault, emulator, kind):
    ask_for_claims(vault, skip=1)
    credential = kind(vault)
    client = vault.client(credential)
    assert [client.get_secret("db").value for _ in range(3)] == ["s3cr3t"] * 3
    scopes, options = zip(*credential.asked, strict=True)
    assert all(re.fullmatch(r"https://localhost(:\d+)?/\.default", scope) for (scope,) in scopes)
    first = {"tenant_id": emulator.facts["tenant"], "enable_cae": True}
    assert options == (first, {**first, "tenant_id": "tenant-2", "claims": CLAIMS})


def test_what_has_no_value_is_not_passed(vault):
    credential = Credential(vault)
    vault.client(credential, credential_scope="https://localhost/.default").get_secret("db")
    assert credential.asked == [(("https://localhost/.default",), {"enable_cae": True})]


def official(module, emulator, secret="s3cr3t"):
    # Not every system's resolver knows what lies below localhost.
    authority = emulator.facts["authority_url"].replace("default.", "")
    return module.ClientSecretCredential(
        emulator.facts["tenant"],
        "11111111-0000-4000-8000-000000000000",
        secret,
        authority=authority,
        connection_verify=emulator.ca_file,
        disable_instance_discovery=True,
        additionally_allowed_tenants=["*"],
    )


@pytest.fixture
def async_identity(emulator):
    """An async credential, and the end of its session on the loop that it was used on."""
    credential = official(azure.identity.aio, emulator)
    yield credential
    from libkv._token import _loop

    asyncio.run_coroutine_threadsafe(credential.close(), _loop()).result(10)


def test_a_credential_of_azure_identity_gives_tokens(vault, emulator):
    ask_for_claims(vault, skip=1)
    with official(azure.identity, emulator) as credential:
        client = vault.client(credential)
        assert [client.get_secret("db").value for _ in range(3)] == ["s3cr3t"] * 3
        assert client.stats().tokens == 2


def test_an_async_credential_of_azure_identity_gives_tokens_to_several_clients(vault, async_identity):
    for _ in range(2):
        ask_for_claims(vault, skip=1)
        client = vault.client(async_identity)
        assert [client.get_secret("db").value for _ in range(3)] == ["s3cr3t"] * 3
        assert client.stats().tokens == 2


def test_a_refused_secret_of_azure_identity_is_told(vault, emulator):
    with official(azure.identity, emulator, secret="wrong") as credential, pytest.raises(AuthenticationError) as caught:
        vault.client(credential).get_secret("db")
    assert type(caught.value.__cause__) is azure.core.exceptions.ClientAuthenticationError
    assert str(caught.value.__cause__) in caught.value.message


@SYNC_AND_ASYNC
@pytest.mark.parametrize("raised", [PermissionError("no entry"), SystemExit("out"), KeyboardInterrupt("stop")])
def test_what_a_credential_raises_is_the_cause(vault, kind, raised):
    def act():
        raise raised

    client = vault.client(kind(vault, act))
    for _ in range(2):
        with pytest.raises(AuthenticationError) as caught:
            client.get_secret("db")
        assert caught.value.__cause__ is raised
        assert caught.value.message == f"the credential failed: {type(raised).__name__}: {raised}"
    assert vault.client(AsyncCredential(vault)).get_secret("db").value == "s3cr3t"


@pytest.mark.parametrize(
    ("token", "said"),
    [
        (None, "the credential's answer: must be an access token, not NoneType"),
        ("eyJ0", "the credential's answer: must be an access token, not str"),
        (SimpleNamespace(token=b"t", expires_on=1), "token: must be a str, not bytes"),
        (SimpleNamespace(token="t", expires_on="soon"), "expires_on: must be a number of Unix seconds, not str"),
        (SimpleNamespace(token="t", expires_on=1, refresh_on="now"), "refresh_on: must be a number of Unix seconds"),
        (SimpleNamespace(token="t"), "expires_on"),
        (SimpleNamespace(token="hunter2\n", expires_on=2**40), "a token with illegal characters"),
    ],
)
def test_an_answer_that_is_no_token_is_told_without_showing_it(vault, token, said):
    with pytest.raises(AuthenticationError) as caught:
        vault.client(SimpleNamespace(get_token=lambda *_, **__: token)).get_secret("db")
    assert said in caught.value.message
    assert "hunter2" not in f"{caught.value!r}{caught.value.__cause__!r}"


@pytest.mark.parametrize("credential", ["token", 5, object(), azure.identity.DefaultAzureCredential])
def test_what_is_no_credential_is_refused(credential):
    with pytest.raises(TypeError, match=r"^credential: must be a credential of libkv or an object with get_token"):
        libkv.SecretClient("https://kv.example", credential)


@pytest.mark.parametrize(
    "answer", [lambda release: release.wait(30), lambda _: asyncio.sleep(30)], ids=["sync", "async"]
)
def test_a_deadline_holds_while_a_credential_does_not_answer(vault, answer):
    release = threading.Event()
    client = vault.client(SimpleNamespace(get_token=lambda *_, **__: answer(release)))
    began = time.monotonic()
    with pytest.raises(KeyVaultError, match="deadline"):
        client.get_secret("db", timeout=0.3)
    assert time.monotonic() - began < 1.3
    release.set()


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_ends_a_call_whose_credential_does_not_answer(vault):
    release = threading.Event()
    client = vault.client(SimpleNamespace(get_token=lambda *_, **__: release.wait(30)))
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        client.get_secret("db")
    assert time.monotonic() - began < 5
    timer.join()
    release.set()


@SYNC_AND_ASYNC
def test_a_credential_can_use_a_client(vault, kind):
    vault.change(secrets=[{"name": "first", "value": "token"}])
    outer = []
    credential = kind(vault, lambda: outer.append(vault.client().get_secret("first").value))
    assert vault.client(credential).get_secret("db").value == "s3cr3t"
    assert outer == ["token"]


@SYNC_AND_ASYNC
def test_cold_callers_cause_one_call(vault, kind):
    credential = kind(vault, lambda: time.sleep(0.1))
    client, values = vault.client(credential), []
    threads = [threading.Thread(target=lambda: values.append(client.get_secret("db").value)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == ["s3cr3t"] * 20
    assert len(credential.asked) == 1


def test_a_token_is_refreshed_without_a_caller_that_waits(vault):
    credential = Credential(vault)
    credential.refresh_on = int(time.time()) - 1
    client, refreshed = vault.client(credential), threading.Event()
    client.get_secret("db")
    credential.act = refreshed.set
    client.get_secret("db")
    assert refreshed.wait(10)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@SYNC_AND_ASYNC
def test_a_credential_works_on_both_sides_of_a_fork(vault, kind):
    client = vault.client(kind(vault))
    assert client.get_secret("db").value == "s3cr3t"
    assert exit_code_of_child(lambda: client.get_secret("db").value == "s3cr3t") == 0
    assert vault.client(kind(vault)).get_secret("db").value == "s3cr3t"


def test_a_loop_that_is_closed_is_told(vault, emulator):
    credential = official(azure.identity.aio, emulator)

    async def use_and_leave():
        await credential.get_token("https://localhost/.default")
        session = credential._client._pipeline._transport.session
        await session.close()

    asyncio.run(use_and_leave())
    with pytest.raises(AuthenticationError) as caught:
        vault.client(credential).get_secret("db")
    assert isinstance(caught.value.__cause__, RuntimeError)
