"""Wrong arguments are refused by name, before anything is sent."""

import math
from datetime import datetime, timedelta, timezone

import libkv
import pytest
from libkv.exceptions import InvalidArgumentError, InvalidConfigError, InvalidStateError

NAMED = [
    "get_secret",
    "try_get_secret",
    "get_secret_history",
    "update_secret_properties",
    "list_properties_of_secret_versions",
    "begin_delete_secret",
    "get_deleted_secret",
    "begin_recover_deleted_secret",
    "purge_deleted_secret",
    "backup_secret",
]
LISTS = ["list_properties_of_secrets", "list_properties_of_secret_versions", "list_deleted_secrets"]
ARGUMENTS = {
    "set_secret": ("db", "value"),
    "set_secrets": ({"db": "value"},),
    "get_secrets": (),
    "rollback_secret": ("db", "0" * 32),
    "restore_secret_backup": (b"backup",),
    "list_properties_of_secrets": (),
    "list_deleted_secrets": (),
    **dict.fromkeys(NAMED, ("db",)),
}
WRONG_KEYWORDS = [
    ("enabled", 1, "a bool, not int"),
    ("enabled", "yes", "a bool, not str"),
    ("tags", [("a", "b")], "a mapping of str to str, not list"),
    ("tags", "a=b", "a mapping of str to str, not str"),
    ("tags", {1: "b"}, "a str, not int"),
    ("tags", {"a": None}, "a str, not NoneType"),
    ("content_type", b"text/plain", "a str, not bytes"),
    ("not_before", 1_700_000_000, "a datetime, not int"),
    ("expires_on", "2030-01-01", "a datetime, not str"),
]
MANY_KEYWORDS = [
    ("concurrency", "8", "an int, not str"),
    ("concurrency", True, "an int, not bool"),
    ("on_progress", 5, "a callable, not int"),
]
MANY_ARGUMENTS = [
    ("get_secrets", "db", "names", "an iterable of str, not str"),
    ("get_secrets", 5, "names", "an iterable of str, not int"),
    ("get_secrets", ["db", 5], "names: an item", "a str, not int"),
    ("get_secrets", b"db", "names: an item", "a str, not int"),
    ("set_secrets", [("db", "v")], "values", "a mapping of str to str, not list"),
    ("set_secrets", None, "values", "a mapping of str to str, not NoneType"),
    ("set_secrets", {5: "v"}, "values: a name", "a str, not int"),
    ("set_secrets", {"db": b"v"}, "values: a value", "a str, not bytes"),
]


def wrong_types():
    for operation in ["set_secret", "rollback_secret", *NAMED]:
        rest = ARGUMENTS[operation][1:]
        for value in (None, 5, b"db", ["db"]):
            yield pytest.param(operation, (value, *rest), {}, "name", "a str", id=f"{operation}-name-{value}")
    for value in (None, 5, b"v"):
        yield pytest.param("set_secret", ("db", value), {}, "value", "a str", id=f"set_secret-value-{value}")
    for value in (None, "text", [1, 2]):
        yield pytest.param("restore_secret_backup", (value,), {}, "backup", "bytes", id=f"backup-{value}")
    for operation in ("get_secret", "try_get_secret", "rollback_secret", "update_secret_properties"):
        yield pytest.param(operation, ("db", 7), {}, "version", "a str, not int", id=f"{operation}-version")
    for operation in ("set_secret", "set_secrets", "update_secret_properties"):
        for keyword, value, rule in WRONG_KEYWORDS:
            identity = f"{operation}-{keyword}-{value}"
            yield pytest.param(operation, ARGUMENTS[operation], {keyword: value}, keyword, rule, id=identity)
    for operation in ("set_secret", "set_secrets"):
        for value in (5, b"purge", True):
            keywords, identity = {"on_conflict": value}, f"{operation}-on_conflict-{value}"
            yield pytest.param(operation, ARGUMENTS[operation], keywords, "on_conflict", "a str", id=identity)
        for keyword in ("if_changed", "if_absent"):
            keywords, identity = {keyword: 1}, f"{operation}-{keyword}"
            yield pytest.param(operation, ARGUMENTS[operation], keywords, keyword, "a bool, not int", id=identity)
    for operation in ("get_secrets", "set_secrets"):
        for keyword, value, rule in MANY_KEYWORDS:
            identity = f"{operation}-{keyword}-{value!r}"
            yield pytest.param(operation, ARGUMENTS[operation], {keyword: value}, keyword, rule, id=identity)
    for operation, value, named, rule in MANY_ARGUMENTS:
        identity = f"{operation}-{value!r}"
        yield pytest.param(operation, (value,), {}, named, rule, id=identity)
    yield pytest.param("get_secrets", (), {"prefix": b"db"}, "prefix", "a str, not bytes", id="prefix")
    yield pytest.param("purge_deleted_secret", ("db",), {"wait": 1}, "wait", "a bool, not int", id="wait")
    for value in (None, "2", 2.0, True):
        yield pytest.param("prune_secret_versions", ("db",), {"keep": value}, "keep", "an int", id=f"keep-{value!r}")
    for operation in LISTS:
        for value in ("5", 5.0, True):
            keywords = {"max_page_size": value}
            identity = f"{operation}-size-{value!r}"
            yield pytest.param(operation, ARGUMENTS[operation], keywords, "max_page_size", "an int", id=identity)
    for operation, arguments in ARGUMENTS.items():
        for value in ("5", True, [1], timedelta(seconds=1)):
            identity = f"{operation}-timeout-{value!r}"
            yield pytest.param(operation, arguments, {"timeout": value}, "timeout", "a number of seconds", id=identity)


@pytest.mark.parametrize(("operation", "arguments", "keywords", "named", "rule"), list(wrong_types()))
def test_a_wrong_type_is_refused_by_name(offline, operation, arguments, keywords, named, rule):
    with pytest.raises(TypeError) as caught:
        getattr(offline, operation)(*arguments, **keywords)
    assert str(caught.value).startswith(f"{named}: "), caught.value
    assert f"must be {rule}" in str(caught.value)


@pytest.fixture(scope="module")
def offline():
    """A client of a vault that nobody serves: a call that gets as far as sending fails with another error."""
    client = libkv.SecretClient("https://localhost:1", libkv.StaticTokenCredential("token"), timeout_ms=2000)
    yield client
    assert client.stats().requests == 0


@pytest.mark.parametrize("operation", list(ARGUMENTS))
@pytest.mark.parametrize("timeout", [0, -1, 0.0, -0.5, math.nan, math.inf, -math.inf, 10**400])
def test_a_timeout_that_is_no_time_is_refused(offline, operation, timeout):
    with pytest.raises(InvalidArgumentError, match=r"^timeout: must be a finite number of seconds above zero"):
        getattr(offline, operation)(*ARGUMENTS[operation], timeout=timeout)


@pytest.mark.parametrize("operation", list(ARGUMENTS))
def test_an_unknown_keyword_is_refused_by_name(offline, operation):
    with pytest.raises(TypeError, match="retry_total"):
        getattr(offline, operation)(*ARGUMENTS[operation], retry_total=1)


def test_only_a_set_has_a_policy_for_conflicts(offline):
    with pytest.raises(TypeError, match="on_conflict"):
        offline.update_secret_properties("db", on_conflict="recover")
    with pytest.raises(InvalidArgumentError, match=r"^on_conflict: must be one of fail, recover, purge"):
        offline.set_secret("db", "v", on_conflict="overwrite")


@pytest.mark.parametrize("concurrency", [0, -1, 257, 10**30])
def test_a_concurrency_out_of_range_is_refused(offline, concurrency):
    for operation in ("get_secrets", "set_secrets"):
        with pytest.raises(InvalidArgumentError, match=r"^concurrency: must be from 1 to 256"):
            getattr(offline, operation)(*ARGUMENTS[operation], concurrency=concurrency)


def test_names_are_not_combined_with_a_selection(offline):
    for keywords in ({"prefix": "d"}, {"tags": {}}):
        with pytest.raises(InvalidArgumentError, match=r"^names: cannot be combined with prefix or tags"):
            offline.get_secrets([], **keywords)


def test_an_iterable_that_fails_fails_the_call_with_its_own_error(offline):
    def names():
        yield "db"
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        offline.get_secrets(names())


@pytest.mark.parametrize("keep", [0, -1, -(10**30)])
def test_at_least_one_version_is_kept(offline, keep):
    with pytest.raises(InvalidArgumentError, match=r"^keep: must be at least 1"):
        offline.prune_secret_versions("db", keep=keep)


@pytest.mark.parametrize("size", [0, -1, 26, 10**30])
def test_a_page_size_out_of_range_is_refused(offline, size):
    with pytest.raises(InvalidArgumentError, match=r"^max_page_size: must be from 1 to 25"):
        next(offline.list_properties_of_secrets(max_page_size=size))


def test_a_continuation_token_is_checked(offline):
    with pytest.raises(TypeError, match=r"^continuation_token: must be a str, not int"):
        next(offline.list_properties_of_secrets().by_page(5))
    with pytest.raises(InvalidArgumentError, match=r"^continuation_token: "):
        next(offline.list_properties_of_secrets().by_page("https://elsewhere.example/secrets"))


def test_text_that_utf_8_cannot_hold_is_refused_without_showing_it(offline):
    for arguments in [("\ud800", "value"), ("db", "hunter2\udfff")]:
        with pytest.raises(InvalidArgumentError, match="lone surrogate") as caught:
            offline.set_secret(*arguments)
        assert "hunter2" not in repr(caught.value)
        assert caught.value.__context__ is None


def test_wrong_types_do_not_show_the_value(offline):
    for operation, arguments in (("set_secret", ("db", ["hunter2"])), ("set_secrets", ({"db": ["hunter2"]},))):
        with pytest.raises(TypeError) as caught:
            getattr(offline, operation)(*arguments)
        assert "hunter2" not in repr(caught.value)


def test_arguments_may_be_left_out_as_none(vault, client):
    none = dict.fromkeys(["enabled", "tags", "content_type", "not_before", "expires_on", "timeout"])
    conditions = dict.fromkeys(["on_conflict", "if_changed", "if_absent"])
    many = dict.fromkeys(["concurrency", "on_progress"])
    client.set_secret("db", "v1", **conditions, **none)
    assert len(list(client.set_secrets({"db": "v2"}, **conditions, **many, **none))) == 1
    assert len(list(client.get_secrets(None, prefix=None, tags=None, timeout=None, **many))) == 1
    assert client.update_secret_properties("db", None, **none).tags == {}
    assert client.get_secret("db", "").value == "v2"


@pytest.mark.parametrize("timeout", [30, 30.5, 1e300])
def test_timeouts_are_numbers_of_seconds(client, timeout):
    assert client.get_secret("db", timeout=timeout).value == "s3cr3t"


def test_a_moment_without_a_time_zone_is_in_utc(client):
    naive = datetime(2031, 5, 6, 7, 8, 9, 999_999)
    east = datetime(2031, 5, 6, 9, 8, 9, tzinfo=timezone(timedelta(hours=2)))
    properties = client.set_secret("db", "v", not_before=naive, expires_on=east).properties
    assert properties.not_before == properties.expires_on == datetime(2031, 5, 6, 7, 8, 9, tzinfo=timezone.utc)


def test_a_backup_may_be_a_bytearray(client):
    backup = client.backup_secret("db")
    assert isinstance(backup, bytes)
    client.begin_delete_secret("db").wait()
    client.purge_deleted_secret("db")
    assert client.restore_secret_backup(bytearray(backup)).name == "db"


def test_an_unknown_option_is_refused_by_name():
    for options in ({"retry_max_atempts": 3}, {"options": {"retry_max_atempts": 3}}):
        with pytest.raises(InvalidConfigError, match=r"^retry_max_atempts: is not an option"):
            libkv.SecretClient("https://kv.example", libkv.StaticTokenCredential("t"), **options)


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"timeout_ms": 1.5}, "timeout_ms: must be a str, an int, a bool or a path, not float"),
        ({"options": {"timeout_ms": [1]}}, "timeout_ms: must be a str, an int, a bool or a path, not list"),
        ({"options": {5: 1}}, "options: a key: must be a str, not int"),
        ({"options": 5}, "options: must be a mapping, not int"),
        ({"vault_url": None}, "vault_url: must be a str, not NoneType"),
    ],
)
def test_a_client_is_refused_by_the_argument_that_is_wrong(keywords, message):
    arguments = {
        "vault_url": "https://kv.example",
        "credential": libkv.StaticTokenCredential("t"),
        **keywords,
    }
    with pytest.raises(TypeError) as caught:
        libkv.SecretClient(**arguments)
    assert str(caught.value).startswith(message)


def test_options_are_keywords_or_a_mapping(vault):
    options = {
        "credential": "static_token",
        "credential.token": "t",
        "ca_file": vault.ca_file,
        "timeout_ms": None,
    }
    client = libkv.SecretClient(vault.url + "/", options=options, retry_max_attempts=3, verify_challenge_resource=True)
    assert client.vault_url == vault.url


def test_a_path_will_do_for_a_file(vault, tmp_path):
    with pytest.raises(InvalidConfigError, match=r"^ca_file: .*missing\.pem"):
        vault.client(ca_file=tmp_path / "missing.pem")


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: libkv.StaticTokenCredential(None), "token"),
        (lambda: libkv.ClientSecretCredential(1, "c", "s"), "tenant_id"),
        (lambda: libkv.ClientSecretCredential("t", 1, "s"), "client_id"),
        (lambda: libkv.ClientSecretCredential("t", "c", b"s"), "client_secret"),
        (lambda: libkv.ClientSecretCredential("t", "c", "s", authority=1), "authority"),
        (lambda: libkv.WorkloadIdentityCredential(token_file_path=1), "token_file_path"),
        (lambda: libkv.KeyVaultSecretIdentifier(1), "source_id"),
    ],
)
def test_a_constructor_refuses_a_wrong_type_by_name(make, named):
    with pytest.raises(TypeError, match=f"^{named}: must be a str"):
        make()


def test_a_closed_client_refuses_calls(vault):
    with vault.client() as client:
        pages = client.list_properties_of_secrets(max_page_size=1)
    for call in (lambda: client.get_secret("db"), lambda: next(pages), client.stats):
        with pytest.raises(InvalidStateError, match="closed"):
            call()
    assert client.vault_url == vault.url
