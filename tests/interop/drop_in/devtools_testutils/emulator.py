"""The local vault that the tests run against."""

import json
import os
import urllib.request

FACTS = json.loads(os.environ["INTEROP_FACTS"])


def advance(seconds):
    """Moves its clock."""
    body = json.dumps({"advance_s": seconds}).encode()
    request = urllib.request.Request(FACTS["control_url"] + "/clock", body, method="PATCH")
    urllib.request.urlopen(request, timeout=10).close()


async def advance_async(seconds):
    advance(seconds)
