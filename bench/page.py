"""The generated parts of `bench/README.md`."""

import re

from vault import ROOT

PAGE = ROOT / "bench" / "README.md"


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Returns a Markdown table whose columns line up in plain text too."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]

    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([line(head), rule, *map(line, rows)])


def replace(part: str, text: str):
    """Replaces what stands between the marks of a part."""
    begin, end = f"<!-- generated: {part} -->", f"<!-- end: {part} -->"
    before = PAGE.read_text()
    pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    if not pattern.search(before):
        raise LookupError(f"{PAGE.name} has no part {part}")
    PAGE.write_text(pattern.sub(lambda _: f"{begin}\n{text}\n{end}", before))
