"""The quick start of the local vault's own page."""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "official_client.py"


def test_the_official_client_needs_nothing_but_the_ready_file(tmp_path):
    (tmp_path / "vault.json").write_text(os.environ["INTEROP_FACTS"])
    # What else would make the client trust the vault and find the authority.
    others = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AZURE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    command = [sys.executable, EXAMPLE]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout == "s3cr3t\n", done.stderr
