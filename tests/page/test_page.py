"""The local vault's page as a browser without a window sees it."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from libkv.exceptions import KeyVaultError
from libkv.testing import Emulator

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
HOSTILE = "<script>document.title = 'taken over'</script>'\"&amp;"
LIMIT_S = 60
VOID = {"meta", "link", "img", "br"}


@dataclass
class Element:
    """An element of the document."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list["Element"]:
        found = [self] if self.tag == tag else []
        return found + [match for child in self.children for match in child.all(tag)]

    def one(self, tag: str) -> "Element":
        (found,) = self.all(tag)
        return found

    def rows(self) -> list[list[str]]:
        """Returns the texts of a table's rows behind its head."""
        return [[cell.text for cell in row.children] for row in self.one("tbody").all("tr")]


class Document(HTMLParser):
    """Reads what a browser wrote, in which every element is closed."""

    def __init__(self, source: str):
        super().__init__()
        self.root = Element("")
        self._open = [self.root]
        self.feed(source)
        assert self._open == [self.root]

    def handle_starttag(self, tag, attributes):
        element = Element(tag, dict(attributes))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop().tag == tag

    def handle_data(self, text):
        self._open[-1].text += text


def browse(url: str, folder: Path, *flags: str) -> str:
    """Opens a page and returns the browser's standard output."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        tell = pytest.fail if os.environ.get("LIBKV_REQUIRE") == "all" else pytest.skip
        tell("there is no browser; get one by: apt-get install chromium")
    # Who runs tests as root has no sandbox; a shared memory as small as a container's would end the browser.
    common = ("--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", f"--user-data-dir={folder}")
    done = subprocess.run([browser, *common, *flags, url], capture_output=True, text=True, timeout=LIMIT_S, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def page():
    """The URL of a page with something of everything on it."""
    with Emulator() as emulator:
        vault = emulator.vault("team")
        secrets = [
            {"name": "db", "versions": ["s3cr3t", "s3cr3t-2"], "content_type": HOSTILE},
            {"name": "old", "value": "s3cr3t", "state": "deleted", "enabled": False},
        ]
        vault.reset(secrets=secrets, faults=[{"status": 400, "operation": "list_deleted_secrets"}])
        with vault.client() as client:
            client.get_secret("db")
            with pytest.raises(KeyVaultError):
                next(client.list_deleted_secrets())
        emulator.control("GET", "/vaults/empty")
        yield emulator.facts["http_url"] + "/"


@pytest.fixture(scope="module")
def document(page, tmp_path_factory):
    """What the browser made of it."""
    return Document(browse(page, tmp_path_factory.mktemp("browser"), "--dump-dom")).root


def test_it_shows_secrets_and_requests_by_vault(document):
    empty, team = document.all("section")
    assert [section.one("h2").text for section in (empty, team)] == ["empty", "team"]
    assert [paragraph.text for paragraph in empty.all("p")][1:] == ["No secrets.", "No requests."]
    secrets, requests = team.all("table")
    assert secrets.rows() == [["db", "active", "2", "yes", HOSTILE], ["old", "deleted", "1", "no", ""]]
    assert [row[1:] for row in requests.rows()[:2]] == [
        ["list_deleted_secrets", "400", "fault: respond"],
        ["get_secret", "200", ""],
    ]


def test_it_shows_no_value_and_runs_nothing(page, document, tmp_path):
    assert "s3cr3t" not in browse(page, tmp_path, "--dump-dom")
    assert document.one("title").text == "kv-emulator"
    assert document.all("script") == []


def test_a_screen_reader_finds_its_way(document):
    assert document.one("html").attributes["lang"] == "en"
    assert (document.one("h1").text, len(document.all("main"))) == ("kv-emulator", 1)
    headings = {heading.attributes["id"] for heading in document.all("h2")}
    assert {section.attributes["aria-labelledby"] for section in document.all("section")} == headings
    for region in document.all("div"):
        assert region.attributes["role"] == "region"
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["aria-label"] == region.one("caption").text
    cells = [cell for table in document.all("table") for cell in table.all("th")]
    assert {cell.attributes["scope"] for cell in cells} == {"col", "row"}


@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_drawn(page, tmp_path, width):
    picture = tmp_path / "page.png"
    browse(page, tmp_path, f"--window-size={width},800", f"--screenshot={picture}")
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == width
    # A picture with nothing on it has less than 5 kB.
    assert len(content) > 10_000
