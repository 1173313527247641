"""The local vault as fixtures of pytest: `pytest_plugins = ["libkv.pytest_plugin"]` in `conftest.py` has them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .testing import Emulator, Vault


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """One emulator for all tests."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def vault(emulator: Emulator) -> Vault:
    """A vault that no other test uses, empty."""
    return emulator.vault()
