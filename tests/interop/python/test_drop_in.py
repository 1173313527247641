"""Holds every public name of the official Python client against libkv's, which programs import in its place."""

import inspect
from enum import Enum

import azure.core.async_paging
import azure.core.exceptions
import azure.core.paging
import azure.keyvault.secrets
import azure.keyvault.secrets.aio
import libkv
import libkv.aio
import libkv.exceptions
import pytest
from azure.keyvault.secrets._shared._polling import KeyVaultOperationPoller

SECRETS, AIO, ERRORS = azure.keyvault.secrets, azure.keyvault.secrets.aio, azure.core.exceptions

PAIRS = {
    **{f"{name}": (getattr(SECRETS, name), getattr(libkv, name, None)) for name in SECRETS.__all__},
    **{f"aio.{name}": (getattr(AIO, name), getattr(libkv.aio, name, None)) for name in AIO.__all__},
    "ItemPaged": (azure.core.paging.ItemPaged, libkv.ItemPaged),
    "LROPoller": (KeyVaultOperationPoller, libkv.LROPoller),
    "aio.AsyncItemPaged": (azure.core.async_paging.AsyncItemPaged, libkv.aio.AsyncItemPaged),
}

NO_REQUESTS = "libkv has no requests and responses to hand out: an operation, or an error's fields, say the same"
NO_CALLBACKS = "no thread polls that could call back: done() asks, and wait() waits"
NOT_BY_HAND = "only the client makes models"
NOT_RAISED = "nothing that the client does for secrets raises it"
CAUSE = "Python's own __cause__ and __traceback__ have it"

MISSING = {
    "SecretClient.send_request": NO_REQUESTS,
    "aio.SecretClient.send_request": NO_REQUESTS,
    "SecretClient.get_secret(out_content_type)": "a certificate's secret is read as it is stored",
    "aio.SecretClient.get_secret(out_content_type)": "a certificate's secret is read as it is stored",
    "KeyVaultSecret(properties)": NOT_BY_HAND,
    "KeyVaultSecret(value)": NOT_BY_HAND,
    "DeletedSecret(properties)": NOT_BY_HAND,
    "DeletedSecret(deleted_date)": NOT_BY_HAND,
    "DeletedSecret(recovery_id)": NOT_BY_HAND,
    "DeletedSecret(scheduled_purge_date)": NOT_BY_HAND,
    "ItemPaged.next": "Python 2's name of __next__",
    "LROPoller(polling_method)": "only the client makes pollers",
    "LROPoller.add_done_callback": NO_CALLBACKS,
    "LROPoller.remove_done_callback": NO_CALLBACKS,
    "LROPoller.polling_method": "the client's option poll_interval_ms says how a poller asks",
    "LROPoller.continuation_token": "the official client refuses it for secrets too",
    "LROPoller.from_continuation_token": "the official client refuses it for secrets too",
    "exceptions.DeserializationError": NOT_RAISED,
    "exceptions.IncompleteReadError": NOT_RAISED,
    "exceptions.ODataV4Error": NOT_RAISED,
    "exceptions.ResourceModifiedError": NOT_RAISED,
    "exceptions.ResourceNotModifiedError": NOT_RAISED,
    "exceptions.ResponseNotReadError": NOT_RAISED,
    "exceptions.SerializationError": NOT_RAISED,
    "exceptions.StreamClosedError": NOT_RAISED,
    "exceptions.StreamConsumedError": NOT_RAISED,
    "exceptions.TooManyRedirectsError": NOT_RAISED,
    "exceptions.AzureError.continuation_token": "a page that failed is asked for again by the same iterator",
    "exceptions.AzureError.exc_msg": CAUSE,
    "exceptions.AzureError.exc_traceback": CAUSE,
    "exceptions.AzureError.exc_type": CAUSE,
    "exceptions.AzureError.exc_value": CAUSE,
    "exceptions.AzureError.inner_exception": CAUSE,
    "exceptions.AzureError.raise_with_traceback": CAUSE,
    "exceptions.HttpResponseError.model": NO_REQUESTS,
    "exceptions.HttpResponseError.response": NO_REQUESTS,
}
"""What libkv does not have, and why."""

CORE_KEYWORDS = [
    "connection_timeout",
    "headers",
    "logging_enable",
    "params",
    "proxies",
    "raw_request_hook",
    "raw_response_hook",
    "read_timeout",
    "request_id",
    "retry_backoff_factor",
    "retry_total",
    "user_agent",
]
"""What azure-core takes with any call, besides `timeout`."""


def public(names):
    return {name for name in names if not name.startswith("_")}


def parameters(function):
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    found = inspect.signature(function).parameters.values()
    return {parameter.name: parameter.default for parameter in found if parameter.kind not in kinds}


def lacking_parameters(path, theirs, ours):
    """Yields the parameters that `ours` lacks, or whose default differs; it may have one where theirs has none."""
    try:
        have = parameters(ours)
    except ValueError:
        have = {}  # It cannot be constructed.
    for name, default in parameters(theirs).items():
        if name != "self" and (name not in have or default not in (inspect.Parameter.empty, have[name])):
            yield f"{path}({name})"


def lacking(path, theirs, ours):
    if ours is None:
        yield path
        return
    if issubclass(theirs, Enum):
        yield from (f"{path}.{member.name}" for member in theirs if ours.__members__.get(member.name) != member)
        return
    yield from lacking_parameters(path, theirs.__init__, ours)
    for name in sorted(public(dir(theirs))):
        if not hasattr(ours, name):
            yield f"{path}.{name}"
        elif inspect.isroutine(getattr(theirs, name)):
            yield from lacking_parameters(f"{path}.{name}", getattr(theirs, name), getattr(ours, name))


def lacking_errors():
    for name, theirs in sorted(vars(ERRORS).items()):
        if name.startswith("_") or not inspect.isclass(theirs) or not issubclass(theirs, Exception):
            continue
        ours = getattr(libkv.exceptions, name, None)
        if ours is None:
            yield f"exceptions.{name}"
            continue
        inherited = dir(theirs.__base__("m"))
        for field in sorted(public(dir(theirs("m"))) - set(inherited)):
            if not hasattr(ours("m"), field):
                yield f"exceptions.{name}.{field}"


def test_libkv_has_every_public_name_parameter_and_default_or_a_reason():
    found = [gap for path, (theirs, ours) in PAIRS.items() for gap in lacking(path, theirs, ours)]
    found += lacking_errors()
    assert set(found) ^ set(MISSING) == set()


def test_errors_derive_from_what_the_official_ones_do():
    for name, theirs in vars(ERRORS).items():
        ours = getattr(libkv.exceptions, name, None)
        if inspect.isclass(theirs) and ours is not None and issubclass(theirs, ERRORS.AzureError):
            bases = [base.__name__ for base in theirs.__mro__ if issubclass(base, ERRORS.AzureError)]
            assert set(bases) <= {base.__name__ for base in ours.__mro__} | {"KeyVaultError", "AzureError"}, name


@pytest.mark.parametrize("keyword", CORE_KEYWORDS)
@pytest.mark.parametrize("kind", [libkv.SecretClient, libkv.aio.SecretClient])
def test_no_keyword_of_a_call_is_ignored(kind, keyword):
    client = kind("https://contoso.vault.azure.net", libkv.StaticTokenCredential("t"))
    for call in (client.get_secret, client.begin_delete_secret, client.update_secret_properties):
        with pytest.raises(TypeError, match=keyword):
            call("db", **{keyword: None})
    with pytest.raises(libkv.exceptions.InvalidConfigError, match=keyword):
        kind("https://contoso.vault.azure.net", **{keyword: 1})
