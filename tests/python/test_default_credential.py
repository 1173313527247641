"""Where a client without a credential finds its token, in processes of their own: each source's variables and tools."""

import os
import stat
import subprocess
import sys

import pytest

PROGRAM = """
import os
import libkv
with libkv.SecretClient(os.environ["VAULT_URL"], ca_file=os.environ["VAULT_CA_FILE"]) as client:
    print(client.get_secret("db").value)
"""

TENANT = "6c69626b-7600-4000-8000-6c6f63616c00"
CLIENT = "11111111-0000-4000-8000-000000000000"
# The service of virtual machines, where nobody listens: a machine that runs the tests may have one.
NO_MACHINE = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": "http://127.0.0.1:1"}


@pytest.fixture
def run(vault, tmp_path):
    """Runs the program with these variables alone, and with these tools on its path."""

    def run(variables, **tools):
        for name, text in tools.items():
            tool = tmp_path / name
            tool.write_text(f"#!/bin/sh\n{text}\n")
            tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
        environment = {
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "VAULT_URL": vault.url,
            "VAULT_CA_FILE": vault.ca_file,
            **NO_MACHINE,
            **variables,
        }
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return done.stdout.strip(), done.stderr.strip().splitlines()[-1:] or [""]

    return run


def application(emulator):
    return {
        "AZURE_TENANT_ID": TENANT,
        "AZURE_CLIENT_ID": CLIENT,
        "AZURE_AUTHORITY_HOST": emulator.facts["authority_url"],
    }


def token_of(emulator, **members):
    fields = {"token": emulator.facts["token"], **members}
    return "{" + ", ".join(f'"{name}": "{value}"' for name, value in fields.items()) + "}"


def test_an_application_s_secret(run, emulator):
    assert run(application(emulator) | {"AZURE_CLIENT_SECRET": "s3cr3t"}) == ("s3cr3t", [""])


def test_a_secret_that_is_refused_is_not_hidden_by_another_source(run, emulator):
    shown, [error] = run(application(emulator) | {"AZURE_CLIENT_SECRET": "wrong"}, az="echo never; exit 1")
    assert shown == ""
    assert "no credential gave a token: environment: " in error
    assert "AADSTS7000215" in error
    assert "azure_cli" not in error


def test_a_workload_identity(run, emulator, tmp_path):
    file = tmp_path / "token"
    file.write_text("pod-token")
    assert run(application(emulator) | {"AZURE_FEDERATED_TOKEN_FILE": str(file)}) == ("s3cr3t", [""])


def test_app_service(run, emulator):
    variables = {"IDENTITY_ENDPOINT": emulator.facts["identity_endpoint"], "IDENTITY_HEADER": "shown"}
    assert run(variables) == ("s3cr3t", [""])


def test_a_virtual_machine(run, emulator):
    assert run({"AZURE_POD_IDENTITY_AUTHORITY_HOST": emulator.facts["http_url"]}) == ("s3cr3t", [""])


def test_azure_cli(run, emulator, tmp_path):
    answer = f'{{"accessToken": "{emulator.facts["token"]}", "expires_on": 4102444800, "tokenType": "Bearer"}}'
    assert run({}, az=f"echo \"$@\" >{tmp_path}/asked; echo '{answer}'") == ("s3cr3t", [""])
    asked = (tmp_path / "asked").read_text().split()
    assert asked[asked.index("--tenant") + 1] == TENANT


def test_azure_powershell(run, emulator):
    answer = f'{{"token": "{emulator.facts["token"]}", "expires_on": 4102444800}}'
    assert run({}, az="exit 1", pwsh=f"echo '{answer}'") == ("s3cr3t", [""])


def test_azure_developer_cli(run, emulator):
    answer = token_of(emulator, expiresOn="2100-01-01T00:00:00Z")
    assert run({"AZURE_TOKEN_CREDENTIALS": "dev"}, azd=f"echo '{answer}'") == ("s3cr3t", [""])


def test_no_source_at_all_names_each_and_what_to_do(run):
    shown, [error] = run({}, az="echo 'Please run az login' >&2; exit 1")
    assert shown == ""
    for name in (
        "environment: AZURE_TENANT_ID is not set",
        "workload_identity: ",
        "managed_identity: no endpoint answered within 1 second",
        "azure_cli: ",
        "Please run az login",
        "azure_powershell: PowerShell is not installed",
        "azure_developer_cli: ",
        "azd not found",
    ):
        assert name in error


def test_one_source_can_be_chosen(run, emulator):
    chosen = {"AZURE_TOKEN_CREDENTIALS": "AzureCliCredential", "AZURE_CLIENT_SECRET": "s3cr3t"}
    _, [error] = run(application(emulator) | chosen, az="echo 'not signed in' >&2; exit 1")
    assert "not signed in" in error
    _, [error] = run({"AZURE_TOKEN_CREDENTIALS": "NoSuchCredential"})
    assert "AZURE_TOKEN_CREDENTIALS: must be dev, prod or one of " in error


def test_certificates_are_trusted_by_the_variable_that_openssl_knows(vault, emulator):
    program = PROGRAM.replace(
        ', ca_file=os.environ["VAULT_CA_FILE"]', ', libkv.StaticTokenCredential(os.environ["TOKEN"])'
    )
    environment = {"VAULT_URL": vault.url, "TOKEN": emulator.facts["token"], "PATH": os.environ["PATH"]}
    for variables, code in (({}, 1), ({"SSL_CERT_FILE": vault.ca_file}, 0)):
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment | variables, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == code, done.stderr
