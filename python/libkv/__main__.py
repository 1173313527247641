"""The command `python -m libkv`."""

from __future__ import annotations

import argparse
import sys

from . import DiagnosisStep, SecretClient
from .exceptions import KeyVaultError

ROW = "{:<11}{:<9}{:>8}  {}"
INDENT = ROW.format("", "", "", "")


def main(arguments: list[str] | None = None) -> int:
    """Runs a command, and returns its exit code: 0, or 1 where a step of a diagnosis failed, or 2 for wrong usage."""
    given = parser().parse_args(arguments)
    try:
        client = SecretClient(given.url, options=dict(given.option))
    except KeyVaultError as error:
        print(f"python -m libkv: {error}", file=sys.stderr)
        return 2
    with client:
        steps = client.diagnose()
    print(ROW.format("step", "verdict", "time", "what was found"))
    for step in steps:
        print(row(step))
    return int(any(step.verdict == "failed" for step in steps))


def parser() -> argparse.ArgumentParser:
    """Returns what reads the command line."""
    parser = argparse.ArgumentParser("python -m libkv", description="Helps with libkv, a client for Azure Key Vault.")
    commands = parser.add_subparsers(title="commands", required=True)
    doctor = commands.add_parser(
        "doctor",
        help="go the way to a vault step by step, and tell which step fails and what to do",
        description="Goes the way to a vault step by step, and tells which step fails and what to do. The token is one "
        "that a client gets without a credential: from the environment, a workload identity, a managed identity, the "
        "Azure CLI, Azure PowerShell or the Azure Developer CLI. It is not shown, and no secret is read.",
    )
    doctor.add_argument("url", metavar="URL", help="the vault's URL, such as https://contoso.vault.azure.net")
    doctor.add_argument(
        "--option",
        metavar="KEY=VALUE",
        type=pair,
        action="append",
        default=[],
        help="a client option, such as credential=azure_cli; may be given several times",
    )
    return parser


def pair(text: str) -> tuple[str, str]:
    """Splits KEY=VALUE."""
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("must be KEY=VALUE")
    return key, value


def row(step: DiagnosisStep) -> str:
    """Writes a step as a row of the table, with what to do below it."""
    time = "" if step.verdict == "skipped" else f"{step.elapsed * 1000:.0f} ms"
    found = ROW.format(step.name, step.verdict, time, step.detail)
    if step.advice:
        found += f"\nnext: {step.advice}"
    return found.replace("\n", f"\n{INDENT}")


if __name__ == "__main__":
    sys.exit(main())
