"""What the official client's tests import of test tools that are not published: here, a vault for every client."""

import asyncio
import functools
import os
from itertools import count

from libkv import StaticTokenCredential

from .emulator import FACTS

NUMBERS = count(1)


def is_live():
    """Says no: a live vault is tested with the default version of the API alone."""
    return False


def recorded_by_proxy(test):
    return test


def set_custom_default_matcher(**_options):
    """Requests are not compared with recorded ones."""


class AzureRecordedTestCase:
    """The base of the tests' classes."""

    is_live = True
    """Has the tests wait where a recorded service would not need it. Their waiting moves the emulator's clock."""

    def get_credential(self, _client_class, **_options):
        return StaticTokenCredential(FACTS["token"])

    def create_client_from_credential(self, client_class, credential, vault_url, **options):
        """Makes a client of a vault that no other client has; `vault_url` is that of a recording."""
        own = os.environ["INTEROP_VAULT_URL"].replace("default", f"drop-in-{next(NUMBERS)}")
        return client_class(vault_url=own, credential=credential, **options)

    def get_resource_name(self, name):
        return name

    @staticmethod
    def await_prepared_test(test):
        @functools.wraps(test)
        def run(*arguments, **keywords):
            asyncio.run(test(*arguments, **keywords))

        return run
