"""Holds every public name of the official Python client against libkv's, which programs import in its place."""

import inspect
import re
from enum import Enum
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import azure.core
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

NOT_RAISED = "nothing that the client does for secrets raises it"

MISSING = {
    "SecretClient.get_secret(out_content_type)": "a certificate's secret is read as it is stored",
    "aio.SecretClient.get_secret(out_content_type)": "a certificate's secret is read as it is stored",
    "ItemPaged.next": "Python 2's name of __next__",
    "LROPoller(polling_method)": "only the client makes pollers",
    "LROPoller.polling_method": "polling_interval says how a poller asks",
    "LROPoller.from_continuation_token": "begin_delete_secret and begin_recover_deleted_secret take the token",
    "exceptions.ODataV4Error.details": NOT_RAISED,
    "exceptions.ODataV4Error.innererror": NOT_RAISED,
    "exceptions.ODataV4Error.odata_json": NOT_RAISED,
    "exceptions.ODataV4Error.target": NOT_RAISED,
    "exceptions.TooManyRedirectsError.history": NOT_RAISED,
}
"""What libkv does not have, and why."""

ANSWER = SimpleNamespace(status_code=400, reason="Bad Request", request=None, text=lambda: "{}")
"""What an exception of azure-core's can be made of, be it a message or a response."""

NO_KEYWORDS = {
    "_return_pipeline_response": "a client's own, from one of its halves to the other",
    "attributes": "a member of tracing_options",
    "content_type": "the service's, which the client has as a parameter",
    "enable_cae": "a keyword of credentials",
    "enabled": "a member of tracing_options",
    "max_page_size": "the service's, which the client has as a parameter",
    "timeout": "libkv has it",
}
"""Words that the official client's sources read from keywords, and why they are nothing to be refused."""


def keywords():
    """Finds what azure-core and the client read from keywords, in their sources."""
    core, secrets = Path(azure.core.__file__).parent, Path(SECRETS.__file__).parent
    files = [core.glob("_pipeline_client*.py"), core.glob("pipeline/*/*.py"), core.glob("tracing/decorator*.py")]
    files += [secrets.glob(glob) for glob in ("_client.py", "_shared/*client_base.py", "_generated/_configuration.py")]
    files += [secrets.glob("_generated/_operations/_operations.py")]
    read = re.compile(r"""(?:kwargs|options)\.(?:pop|get)\(\s*["'](\w+)""")
    return {word for file in chain(*files) for word in read.findall(file.read_text())} - set(NO_KEYWORDS)


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
        inherited = dir(theirs.__base__(ANSWER))
        for field in sorted(public(dir(theirs(ANSWER))) - set(inherited)):
            if not hasattr(ours(), field):
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


@pytest.mark.parametrize("keyword", sorted({*keywords(), "proxies", "per_call_policies", "per_retry_policies"}))
@pytest.mark.parametrize("kind", [libkv.SecretClient, libkv.aio.SecretClient])
def test_no_keyword_is_ignored(kind, keyword):
    client = kind("https://contoso.vault.azure.net", libkv.StaticTokenCredential("t"))
    for call in (client.get_secret, client.begin_delete_secret, client.update_secret_properties):
        is_taken = keyword in inspect.signature(call).parameters
        with pytest.raises(TypeError, match=f"^{keyword}: {'must be' if is_taken else 'is not supported'}"):
            call("db", **{keyword: object()})
    with pytest.raises(
        (TypeError, libkv.exceptions.InvalidConfigError), match=f"^{keyword}: (is not supported|must be)"
    ):
        kind("https://contoso.vault.azure.net", **{keyword: object()})
