"""Lists: item by item, page by page, and on from where another one stopped."""

import libkv
import pytest
from libkv.exceptions import UnavailableError

NAMES = ["a", "b", "c", "d", "e"]


@pytest.fixture
def client(vault):
    vault.reset(secrets=[{"name": name, "value": "v"} for name in NAMES])
    return vault.client(retry_max_attempts=1)


def names(items):
    return [item.name for item in items]


def test_items_come_in_one_sweep(client):
    listed = client.list_properties_of_secrets(max_page_size=2)
    assert isinstance(listed, libkv.ItemPaged)
    assert next(listed).name == "a"
    assert names(listed) == NAMES[1:]
    assert names(listed) == []


def test_nothing_is_read_before_it_is_asked_for(vault, client):
    listed = client.list_properties_of_secrets(max_page_size=2)
    assert vault.total() == 0
    next(listed)
    next(listed)
    assert vault.counts()["list_properties_of_secrets"] == 1


def test_pages_come_one_by_one(client):
    pages = client.list_properties_of_secrets(max_page_size=2).by_page()
    assert pages.continuation_token is None
    assert [names(page) for page in pages] == [["a", "b"], ["c", "d"], ["e"]]
    assert pages.continuation_token is None
    assert next(pages, "ended") == "ended"


def test_another_list_goes_on_from_a_token(vault, client):
    pages = client.list_properties_of_secrets(max_page_size=2).by_page()
    next(pages)
    token = pages.continuation_token
    assert token.startswith(vault.url)
    with vault.client() as other:
        assert names(item for page in other.list_properties_of_secrets().by_page(token) for item in page) == NAMES[2:]
        assert names(next(other.list_properties_of_secrets().by_page(continuation_token=token))) == ["c", "d"]


def test_a_page_that_failed_can_be_asked_for_again(vault, client):
    pages = client.list_properties_of_secrets(max_page_size=2).by_page()
    vault.change(faults=[{"operation": "list_properties_of_secrets", "skip": 1, "status": 503}])
    assert names(next(pages)) == ["a", "b"]
    with pytest.raises(UnavailableError):
        next(pages)
    assert names(next(pages)) == ["c", "d"]


def test_each_list_has_its_own_items(client):
    client.set_secret("a", "v2")
    versions = list(client.list_properties_of_secret_versions("a", max_page_size=1))
    assert {version.name for version in versions} == {"a"}
    assert len({version.version for version in versions}) == 2
    assert list(client.list_properties_of_secret_versions("unknown")) == []
    assert list(client.list_deleted_secrets()) == []


def test_lists_can_be_annotated():
    assert libkv.ItemPaged[libkv.SecretProperties].__origin__ is libkv.ItemPaged
    assert libkv.LROPoller[libkv.DeletedSecret].__origin__ is libkv.LROPoller
