"""Writes `src/doc.rs`, which gives the extension module the docstrings of its stub: `help()` shows what editors do."""

import ast
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
STUB = HERE / "../../python/libkv/_libkv.pyi"
RUST = HERE / "src/doc.rs"
HEAD = """\
//! The docstrings of `python/libkv/_libkv.pyi`. `make bless` writes this file.

/// Gives the docstring of a class, or of one of its members.
macro_rules! doc {
"""


def docstrings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yields every documented class and member by its name, such as `SecretClient.get_secret`.

    Of special methods Python shows docstrings of its own.
    """
    for thing in tree.body:
        if not isinstance(thing, ast.ClassDef):
            continue
        if text := ast.get_docstring(thing):
            yield thing.name, text
        for member in thing.body:
            if not isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) or member.name.startswith("__"):
                continue
            if text := ast.get_docstring(member):
                yield f"{thing.name}.{member.name}", text


def main() -> None:
    """Writes the file anew."""
    arms = [
        f'    ("{name}") => {{\n        r#"{text}"#\n    }};\n'
        for name, text in docstrings(ast.parse(STUB.read_text()))
    ]
    RUST.write_text(HEAD + "".join(arms) + "}\n")


if __name__ == "__main__":
    main()
