"""Keeps quick starts true: each block of a README is its file in examples/, and each runs against a local vault.

quick_starts.py           checks and runs; that of the official client is run among the official clients' suites
quick_starts.py --bless   writes the files into the READMEs
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from libkv.testing import Emulator

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "emulator" / "README.md"]
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
    current = {readme: MARK.sub(block, readme.read_text(encoding="utf-8")) for readme in READMES}
    if "--bless" in sys.argv:
        for readme, text in current.items():
            readme.write_text(text, encoding="utf-8")
        return 0

    failures = sum(readme.read_text(encoding="utf-8") != text for readme, text in current.items())
    if failures:
        print("a README's quick starts are not the files in examples/: run `make bless`")
    with Emulator() as emulator:
        environment = os.environ | {
            "VAULT_URL": emulator.vault_url,
            "VAULT_TOKEN": emulator.facts["token"],
            "VAULT_CA_FILE": emulator.ca_file,
        }
        for name, command in COMMANDS.items():
            wrong = run(command, environment)
            failures += bool(wrong)
            print(f"{name} ... {'FAILED: ' + wrong if wrong else 'ok'}", flush=True)
    print(f"{len(COMMANDS) + len(READMES) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
