"""libkv's own credentials and the trust in certificates: how arguments and variables become options."""

import asyncio
import json

import libkv
import pytest
from conftest import ROOT
from libkv import aio
from libkv.exceptions import InvalidConfigError, NetworkError

# Whatever the machine is, it has none of these.
VARIABLES = [
    *("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PATH"),
    *("AZURE_AUTHORITY_HOST", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_TOKEN_CREDENTIALS"),
    *("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
]
APPLICATION = ("6c69626b-7600-4000-8000-6c6f63616c00", "11111111-0000-4000-8000-000000000000")


@pytest.fixture(autouse=True)
def no_variables(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority(emulator):
    return emulator.facts["authority_url"]


def value(client):
    with client:
        return client.get_secret("db").value


def test_a_client_secret(vault, authority):
    bare = authority.removeprefix("https://")
    for given in (authority, bare):
        credential = libkv.ClientSecretCredential(*APPLICATION, "s3cr3t", authority=given)
        assert value(vault.client(credential)) == "s3cr3t"


def test_a_certificate(vault, authority):
    file = ROOT / "core/src/auth/certificate/test.pem"
    credential = libkv.CertificateCredential(*APPLICATION, str(file), authority=authority)
    assert value(vault.client(credential)) == "s3cr3t"


@pytest.mark.parametrize("kind", [libkv.DefaultAzureCredential, libkv.EnvironmentCredential])
def test_the_environment_s_application(vault, authority, monkeypatch, kind):
    for name, variable in zip(VARIABLES, [*APPLICATION, "s3cr3t"], strict=False):
        monkeypatch.setenv(name, variable)
    assert value(vault.client(kind(authority=authority))) == "s3cr3t"


def test_a_workload_identity(vault, authority, tmp_path):
    file = tmp_path / "token"
    file.write_text("pod-token")
    tenant, client = APPLICATION
    credential = libkv.WorkloadIdentityCredential(
        tenant_id=tenant, client_id=client, token_file_path=str(file), authority=authority
    )
    assert value(vault.client(credential)) == "s3cr3t"


@pytest.mark.parametrize("which", [{}, {"client_id": "c"}, {"identity_config": {"object_id": "o"}}])
def test_a_managed_identity(vault, emulator, monkeypatch, which):
    monkeypatch.setenv("IDENTITY_ENDPOINT", emulator.facts["identity_endpoint"])
    monkeypatch.setenv("IDENTITY_HEADER", "shown")
    assert value(vault.client(libkv.ManagedIdentityCredential(**which))) == "s3cr3t"


@pytest.mark.parametrize(
    ("kind", "tool", "answer"),
    [
        (libkv.AzureCliCredential, "az", {"accessToken": None, "expires_on": 4102444800, "tokenType": "Bearer"}),
        (libkv.AzurePowerShellCredential, "pwsh", {"token": None, "expires_on": 4102444800}),
        (libkv.AzureDeveloperCliCredential, "azd", {"token": None, "expiresOn": "2100-01-01T00:00:00Z"}),
    ],
)
def test_a_developer_s_tool(vault, monkeypatch, tmp_path, kind, tool, answer):
    answer = json.dumps({name: member or vault.token for name, member in answer.items()})
    script, asked = tmp_path / tool, tmp_path / "asked"
    script.write_text(f"#!/bin/sh\necho \"$@\" >{asked}\necho '{answer}'\n")
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert value(vault.client(kind(tenant_id=APPLICATION[0]))) == "s3cr3t"
    assert tool == "pwsh" or APPLICATION[0] in asked.read_text()


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: libkv.StaticTokenCredential(""), "credential.token"),
        (lambda: libkv.ClientSecretCredential("t", "c", ""), "credential.client_secret"),
        (lambda: libkv.CertificateCredential("t", "c", "/no/such.pem"), "credential.certificate_path: /no/such.pem"),
        (lambda: libkv.WorkloadIdentityCredential(tenant_id="t", client_id="c"), "credential.federated_token_file"),
        (lambda: libkv.EnvironmentCredential(), "credential: AZURE_TENANT_ID"),
        (lambda: libkv.ManagedIdentityCredential(identity_config={"size": "l"}), "credential.size: is not an option"),
        (lambda: libkv.DefaultAzureCredential(managed_identity_client_id=""), "credential.client_id"),
        (lambda: libkv.DefaultAzureCredential(authority="http://login.example"), "credential.authority_host"),
    ],
)
def test_a_credential_is_checked_when_a_client_is_made(make, named):
    with pytest.raises(InvalidConfigError) as caught:
        libkv.SecretClient("https://kv.example", make())
    assert caught.value.message.startswith(named), caught.value


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_variable_names_the_authorities(vault, monkeypatch, variable):
    with pytest.raises(NetworkError):
        value(vault.client(ca_file=None, retry_max_attempts=1))
    monkeypatch.setenv(variable, vault.ca_file)
    assert value(vault.client(ca_file=None)) == "s3cr3t"


def test_the_option_and_then_the_variable_of_requests_wins(vault, monkeypatch):
    monkeypatch.setenv("CURL_CA_BUNDLE", "/no/curl.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/requests.pem")
    assert value(vault.client()) == "s3cr3t"
    with pytest.raises(InvalidConfigError, match=r"^ca_file: /no/requests\.pem: "):
        vault.client(ca_file=None)


@pytest.mark.parametrize("name", aio.__all__)
def test_the_async_package_has_the_same_credentials(name):
    if name.endswith("Credential"):
        assert getattr(aio, name) is getattr(libkv, name)


def test_a_credential_can_be_closed_by_sync_code_and_by_async_code():
    with libkv.StaticTokenCredential("token") as credential:
        credential.close()

    async def use():
        async with libkv.StaticTokenCredential("token") as credential:
            assert await credential.close() is None

    asyncio.run(use())


def test_flags_that_exclude_what_is_not_tried_are_taken():
    flags = {"exclude_interactive_browser_credential": True, "exclude_shared_token_cache_credential": None}
    libkv.DefaultAzureCredential(exclude_cli_credential=False, **flags)


@pytest.mark.parametrize(
    ("flag", "is_excluded", "way"),
    [
        ("exclude_environment_credential", True, "is not supported: the variable AZURE_TOKEN_CREDENTIALS"),
        ("exclude_developer_cli_credential", True, "is not supported: the variable AZURE_TOKEN_CREDENTIALS"),
        ("exclude_interactive_browser_credential", False, "is not supported: libkv has no such source"),
        ("exclude_everything_credential", True, "is not a keyword"),
        ("environment", True, "is not a keyword"),
    ],
)
def test_flags_that_ask_for_something_else_are_refused(flag, is_excluded, way):
    with pytest.raises(TypeError, match=f"^{flag}: {way}"):
        libkv.DefaultAzureCredential(**{flag: is_excluded})
