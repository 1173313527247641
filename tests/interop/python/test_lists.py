"""Lists, page by page."""

import pytest

THIRTY = [f"s{number:02}" for number in range(30)]


def names(pages) -> list[list[str]]:
    return [[item.name for item in page] for page in pages]


@pytest.mark.parametrize(("size", "lengths"), [(None, [25, 5]), (25, [25, 5]), (7, [7, 7, 7, 7, 2]), (1, [1] * 30)])
@pytest.mark.parametrize(
    ("operation", "state"), [("list_properties_of_secrets", "active"), ("list_deleted_secrets", "deleted")]
)
def test_thirty_secrets_come_in_pages(vault, client, operation, state, size, lengths):
    vault.reset(secrets=[{"name": name, "state": state} for name in THIRTY])
    pages = names(client.pages(operation, max_page_size=size))
    assert [len(page) for page in pages] == lengths
    assert [name for page in pages for name in page] == THIRTY


def test_versions_come_in_pages(client):
    versions = sorted(client.set_secret("db", "v").properties.version for _ in range(9))
    pages = client.pages("list_properties_of_secret_versions", "db", max_page_size=4)
    assert [[item.version for item in page] for page in pages] == [versions[:4], versions[4:8], versions[8:]]
    assert client.pages("list_properties_of_secret_versions", "none") == [[]]


def test_an_empty_page_can_have_a_next_one(vault, client):
    gone = [{"name": name, "state": "deleted"} for name in ("a", "b")]
    vault.reset(secrets=[*gone, {"name": "c"}])
    assert names(client.pages("list_properties_of_secrets", max_page_size=2)) == [[], ["c"]]


def test_a_row_has_the_properties_of_the_newest_version(vault, client):
    client.set_secret("db", "v1")
    client.set_secret("db", "v2", content_type="text/plain", tags={"a": "b"})
    [[row]] = client.pages("list_properties_of_secrets")
    assert (row.id, row.version) == (f"{vault.url}/secrets/db", None)
    assert (row.content_type, row.tags, row.enabled) == ("text/plain", {"a": "b"}, True)
