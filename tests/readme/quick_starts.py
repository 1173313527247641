"""Keeps the README's quick starts true: each block is its file in examples/, and each runs against a local vault.

python3 tests/readme/quick_starts.py           checks and runs
python3 tests/readme/quick_starts.py --bless   writes the files into the README
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
EXAMPLES = ROOT / "target" / "examples"
COMMANDS = {
    "examples/quick_start.py": [str(ROOT / ".venv/bin/python"), "examples/quick_start.py"],
    "examples/quick_start.mjs": ["node", "examples/quick_start.mjs"],
    "examples/quick_start.c": [str(EXAMPLES / "quick_start_c")],
    "examples/quick_start.cpp": [str(EXAMPLES / "quick_start_cpp")],
    "examples/quick_start.rs": ["cargo", "run", "--quiet", "--locked", "-p", "libkv", "--example", "quick_start"],
}
LANGUAGES = {".py": "python", ".mjs": "js", ".c": "c", ".cpp": "cpp", ".rs": "rust"}
MARK = re.compile(r"<!-- (examples/\S+) -->\n(?:```.*?\n```\n)?", re.DOTALL)


def block(match: re.Match) -> str:
    """Returns the mark with its file as a code block behind it."""
    file = Path(match[1])
    source = (ROOT / file).read_text(encoding="utf-8")
    return f"<!-- {file} -->\n```{LANGUAGES[file.suffix]}\n{source.rstrip()}\n```\n"


def run(command: list[str], environment: dict[str, str]) -> str:
    """Runs a quick start and returns what is wrong with it, if anything."""
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    words = ("wrote", "read", "no-such-secret")
    missing = [word for word in words if word not in done.stdout]
    if done.returncode or missing:
        return f"exit code {done.returncode}, missing {missing}\n{done.stdout}{done.stderr}"
    return ""


def main() -> int:
    text = README.read_text(encoding="utf-8")
    current = MARK.sub(block, text)
    if "--bless" in sys.argv:
        README.write_text(current, encoding="utf-8")
        return 0

    failures = 0 if current == text else 1
    if failures:
        print("the README's quick starts are not the files in examples/: run `make bless`")
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.json"
        vault = subprocess.Popen([ROOT / "target/release/kv-emulator", "--ready-file", ready])
        try:
            deadline = time.monotonic() + 10
            while not ready.exists() and time.monotonic() < deadline:
                time.sleep(0.01)
            facts = json.loads(ready.read_text())
            environment = os.environ | {
                "VAULT_URL": facts["vault_url"],
                "VAULT_TOKEN": facts["token"],
                "VAULT_CA_FILE": facts["ca_file"],
            }
            for name, command in COMMANDS.items():
                wrong = run(command, environment)
                failures += bool(wrong)
                print(f"{name} ... {'FAILED: ' + wrong if wrong else 'ok'}", flush=True)
        finally:
            vault.terminate()
            vault.wait(10)
    print(f"{len(COMMANDS) + 1 - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
