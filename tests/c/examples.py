"""Builds and runs the examples of C and C++ that are not the demo's."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from harness import ROOT, Report, Vault

NAMES = ("rotate", "watch", "read_config")
# A program that waits for what does not come is ended.
BOUND = ["timeout", "60"]


def check_examples(report: Report, folder: Path, vault: Vault, build: Callable[[Path], list[str]]) -> None:
    """The examples work; `build` gives the command that makes a program of a source."""
    for suffix, check_config in {".c": config_is_exported, ".cpp": config_is_checked}.items():
        sources = [f"examples/{name}{suffix}" for name in NAMES]
        programs = [folder / f"{name}-example{suffix}" for name in NAMES]
        rotate, watch, read_config = programs
        commands = [
            [*build(ROOT / source), "-o", str(program)] for source, program in zip(sources, programs, strict=True)
        ]
        if all(report.run(f"{source} compiles", command) for source, command in zip(sources, commands, strict=True)):
            report.add(f"{sources[1]} sees what {sources[0]} does", rotate_and_watch(rotate, watch, vault))
            report.add(f"{sources[2]} reads", check_config(read_config, vault))
            arguments = {read_config: ["shop", "true"][: 2 if suffix == ".c" else 1]}
            for source, program in zip(sources, programs, strict=True):
                problem = failure_is_told([program, *arguments.get(program, ["db-password"])], vault)
                report.add(f"{source} says why it fails", problem)


def rotate_and_watch(rotate: Path, watch: Path, vault: Vault) -> str:
    environment = vault.environment({"db-password": "first"})
    command = [*BOUND, watch, "db-password", "0.02", "3"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as watcher:
        lines = [watcher.stdout.readline()]
        rotations = []
        while len(lines) < 3:
            rotations.append(run([rotate, "db-password"], environment).stdout)
            lines.append(watcher.stdout.readline())
    seen = re.findall(r"version (\w+), (\d+) bytes", "".join(lines))
    told = re.findall(r"version (\w+) follows (\w+)", "".join(rotations))
    disabled = re.findall(r"version (\w+) is disabled", "".join(rotations))
    if [length for _, length in seen] == ["5", "32", "32"] and watcher.returncode == 0:
        first, second, third = (version for version, _ in seen)
        if told == [(second, first), (third, second)] and disabled == [first]:
            return ""
    return f"watched: {lines}\nrotated: {rotations}"


def config_is_exported(program: Path, vault: Vault) -> str:
    environment = vault.environment({"shop-database-url": "db://x", "other-port": "1"})
    show = 'echo "$DATABASE_URL/$PORT/$VAULT_TOKEN/"'
    done = run([program, "shop", "sh", "-c", show], environment)
    return "" if (done.returncode, done.stdout) == (0, "db://x///\n") else f"{done.stdout}{done.stderr}"


def config_is_checked(program: Path, vault: Vault) -> str:
    good = run([program, "shop"], vault.environment({"shop-database-url": "db://x", "shop-port": "8080"}))
    if good.stdout != "port 8080, log level info, a database URL of 6 bytes\n" or good.returncode != 0:
        return f"{good.stdout}{good.stderr}"
    bad = run([program, "shop"], vault.environment({"shop-port": "http"}))
    problems = "\n  shop-database-url: is missing\n  shop-port: must be 1 to 65535\n"
    return "" if bad.returncode == 1 and bad.stderr.endswith(problems) else f"{bad.stdout}{bad.stderr}"


def failure_is_told(command: list, vault: Vault) -> str:
    """The vault refuses the token; what the program says of it is lines of text."""
    done = run(command, vault.environment() | {"VAULT_TOKEN": "wrong"})
    is_told = done.returncode == 1 and not done.stdout and re.fullmatch(r"(?:[^\n\\]+\n)+", done.stderr)
    return "" if is_told else f"exit code {done.returncode}\n{done.stdout}{done.stderr}"


def run(command: list, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BOUND, *command], env=environment, capture_output=True, text=True)
