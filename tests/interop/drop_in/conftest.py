"""Runs the official client's own tests, whose imports name libkv, against the local vault."""

import asyncio
import inspect
from pathlib import Path
from unittest import mock

import pytest
from devtools_testutils.emulator import advance, advance_async

OFFICIAL = Path(__file__).parent / "official"

INTERNALS = "it looks into the official client, which libkv is not made of"
TRANSPORT = "it brings a transport of its own, and libkv's pipeline is not the caller's"
CREDENTIAL = "an object that gives no token is refused when the client is made"
VAULT_URL = "a vault URL that is none is refused when the client is made"
LOGGED = "libkv logs no body, whatever is asked"
FORMAT = "libkv gives a certificate's secret in the format that it is stored in"

MODULES = {
    "test_challenge_auth.py": INTERNALS,
    "test_challenge_auth_async.py": INTERNALS,
    "test_challenge_auth_cas.py": INTERNALS,
    "test_polling_method.py": INTERNALS,
    "test_polling_method_async.py": INTERNALS,
}
"""Modules that use no client at all, and why."""

TESTS = {
    "test_context_manager.py::test_close": TRANSPORT,
    "test_context_manager.py::test_context_manager": TRANSPORT,
    "test_context_manager_async.py::test_close": TRANSPORT,
    "test_context_manager_async.py::test_context_manager": TRANSPORT,
    "test_multi_api.py::test_supported_version": CREDENTIAL,
    "test_multi_api.py::test_unsupported_version": CREDENTIAL,
    "test_samples_secrets.py::test_create_secret_client": VAULT_URL,
    "test_samples_secrets_async.py::test_create_secret_client": VAULT_URL,
    "test_secrets_async.py::test_40x_handling": INTERNALS,
    "test_secrets_async.py::test_custom_hook_policy": INTERNALS,
    "test_secrets_async.py::test_get_secret_accepts_out_content_type": FORMAT,
    "test_secrets_async.py::test_get_secret_forwards_out_content_type_to_generated_client": INTERNALS,
    "test_secrets_async.py::test_logging_enabled": LOGGED,
    "test_secrets_async.py::test_service_headers_allowed_in_logs": INTERNALS,
    "test_secrets_client.py::test_40x_handling": INTERNALS,
    "test_secrets_client.py::test_custom_hook_policy": INTERNALS,
    "test_secrets_client.py::test_get_secret_accepts_out_content_type": FORMAT,
    "test_secrets_client.py::test_get_secret_forwards_out_content_type_to_generated_client": INTERNALS,
    "test_secrets_client.py::test_key_vault_secret_maps_previous_version": INTERNALS,
    "test_secrets_client.py::test_logging_enabled": LOGGED,
    "test_secrets_client.py::test_service_headers_allowed_in_logs": INTERNALS,
}
"""Tests that libkv cannot pass, and why."""

collect_ignore = [f"official/{module}" for module in MODULES]


def pytest_collection_modifyitems(items):
    """Expects the listed tests to fail, and refuses an entry that is no longer needed."""
    names = {item: f"{item.path.name}::{item.originalname}" for item in items}
    # One file alone can be run, too.
    collected = {item.path.name for item in items}
    needless = [name for name in TESTS if name.split("::")[0] in collected and name not in names.values()]
    needless += [module for module in MODULES if "SecretClient" in (OFFICIAL / module).read_text()]
    if needless:
        raise pytest.UsageError(f"listed, and no reason for it: {needless}")
    for item, name in names.items():
        if name in TESTS:
            item.add_marker(pytest.mark.xfail(reason=TESTS[name], strict=True))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    asyncio.run(pyfuncitem.obj(**pyfuncitem.funcargs))
    return True


@pytest.fixture(scope="session", autouse=True)
def waiting_moves_the_clock():
    with mock.patch("time.sleep", advance), mock.patch("asyncio.sleep", advance_async):
        yield
