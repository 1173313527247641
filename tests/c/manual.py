"""Checks that libkv.h is a manual: functions say who owns what, which threads may call them and how they fail."""

import re
from collections.abc import Iterator

from harness import ROOT, Report

HEADER = ROOT / "include/libkv.h"
DOCUMENTED = r"/\*\*\n(?P<manual>(?: \*.*\n)+) \*/\n"
FUNCTION = re.compile(DOCUMENTED + r"(?P<declaration>[a-z][^;{]*?\b(?P<name>libkv_\w+)\([^;{]*\));", re.MULTILINE)
TYPE = re.compile(DOCUMENTED + r"typedef struct (?P<name>libkv_\w+)", re.MULTILINE)
GIVES_POINTER = re.compile(r"^(?:const )?struct libkv_\w+ \*|struct libkv_(?!error|call\b)\w+ \*\*")
# Nearly all functions have places for an error and a call, which do not list those.
INVOLVED = re.compile(r"struct (?!libkv_(?:error|call) \*\*)(libkv_\w+) \*")
# Who starts a call in the second form finds there what the first form says.
AS_FIRST_FORM = "Arguments, ownership and errors are those of"


def check_manual(report: Report) -> None:
    header = HEADER.read_text()
    functions = [found for found in FUNCTION.finditer(header) if not found["declaration"].startswith("typedef")]
    types = {found["name"]: found["manual"] for found in TYPE.finditer(header)}
    problems = [f"no manual: {name}" for name in declared_functions() - {found["name"] for found in functions}]
    for found in functions:
        problems += [f"{found['name']} says nothing of {what}" for what in left_out(found)]
        problems += [f"{name} does not list {found['name']}" for name in not_listed(found, types)]
    report.add(f"the manual of {len(functions)} functions and {len(types)} types is whole", "\n".join(problems))


def declared_functions() -> set[str]:
    return set(re.findall(r"^[a-z].*?\b(libkv_\w+)\(", without_comments(), flags=re.MULTILINE))


def without_comments() -> str:
    return re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)


def left_out(function: re.Match[str]) -> Iterator[str]:
    manual, declaration = function["manual"], function["declaration"]
    if "Threads:" not in manual:
        yield "threads"
    if AS_FIRST_FORM in manual:
        return
    if declaration.startswith("libkv_status") and "Errors:" not in manual:
        yield "errors"
    if GIVES_POINTER.search(declaration) and "Ownership:" not in manual:
        yield "ownership"


def not_listed(function: re.Match[str], types: dict[str, str]) -> list[str]:
    """The types that a function takes or gives, and that do not name it."""
    named = f"`{function['name'].removesuffix('_async')}`"
    return [name for name in sorted(set(INVOLVED.findall(function["declaration"]))) if named not in types[name]]
