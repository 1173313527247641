"""What code written for azure-core passes to a client or a call: taken in libkv's own terms, or refused with them."""

import libkv
import pytest
from libkv import aio
from libkv.exceptions import InvalidConfigError, NetworkError, TimeoutError, UnsupportedError  # noqa: A004

URL = "https://localhost:1"
TOKEN = libkv.StaticTokenCredential("token")
KINDS = pytest.mark.parametrize("kind", [libkv.SecretClient, aio.SecretClient])


@KINDS
@pytest.mark.parametrize(
    ("keyword", "value", "option"),
    [
        ("timeout", 1e9, "timeout_ms"),
        ("timeout", 0, "timeout_ms"),
        ("connection_timeout", 1e9, "connect_timeout_ms"),
        ("retry_total", 100, "retry.max_attempts"),
        ("retry_backoff_factor", 1e9, "retry.base_delay_ms"),
        ("retry_backoff_max", 1e9, "retry.max_delay_ms"),
        ("polling_interval", 1e9, "poll_interval_ms"),
        ("connection_verify", "/no/such/file", "ca_file"),
        ("proxies", {"http": "http://one:1", "https": "ftp://two"}, "proxy"),
    ],
)
def test_a_keyword_of_a_client_is_the_option_it_stands_for(kind, keyword, value, option):
    with pytest.raises(InvalidConfigError, match=f"^{option}: "):
        kind(URL, TOKEN, **{keyword: value})


@KINDS
def test_what_asks_for_no_more_than_libkv_does_is_taken(kind):
    asked = {"logging_enable": False, "connection_verify": True, "permit_redirects": False, "transport": None}
    client = kind(URL, TOKEN, use_env_settings=True, proxies={"http": "http://one:1"}, **asked)
    client.list_properties_of_secrets(logging_enable=False, headers=None)


@KINDS
@pytest.mark.parametrize(
    ("keyword", "value", "way"),
    [
        ("logging_enable", True, "the logger libkv"),
        ("connection_verify", False, "ca_file"),
        ("read_timeout", 5, "timeout_ms"),
        ("retry_status", 3, "retry_max_attempts"),
        ("transport", object(), "libkv.testing"),
        ("use_env_settings", False, "option proxy"),
    ],
)
def test_what_libkv_cannot_do_is_refused_with_what_it_can(kind, keyword, value, way):
    with pytest.raises(InvalidConfigError, match=f"^{keyword}: is not supported: .*{way}"):
        kind(URL, TOKEN, **{keyword: value})
    with pytest.raises(TypeError, match=f"^{keyword}: is not supported: .*{way}"):
        kind(URL, TOKEN).list_properties_of_secrets(**{keyword: value})


def test_one_try_is_no_retry():
    with pytest.raises(NetworkError) as caught:
        libkv.SecretClient(URL, TOKEN, retry_total=0).get_secret("db")
    assert caught.value.attempts == 1


def test_a_timeout_of_the_client_ends_its_calls(vault):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 20_000}])
    with vault.client(timeout=0.2) as client, pytest.raises(TimeoutError):
        client.get_secret("db")


@KINDS
def test_a_request_of_the_callers_is_refused(kind):
    with pytest.raises(UnsupportedError, match="every operation on secrets is a method of the client"):
        kind(URL, TOKEN).send_request(object(), stream=True)
