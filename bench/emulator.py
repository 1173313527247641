"""What a get costs the local vault beside the least that a handler can do in the same server.

Reads what the emulator's test has measured and writes its part of `bench/README.md`.
"""

import json
import sys
from pathlib import Path
from statistics import median

import page

HEAD = (
    "protocol",
    "gets a second",
    "trivial answers a second",
    "ratio",
    "server's CPU time for a get",
    "for a trivial answer",
)


def row(protocol: str, rounds: list[dict]) -> tuple[str, ...]:
    """Returns what the rounds of a protocol came to."""
    gets, trivial = ([measured[handler] for measured in rounds] for handler in ("get", "trivial"))
    rates = [[load["requests_per_s"] for load in loads] for loads in (gets, trivial)]
    ratios = sorted(get / other for get, other in zip(*rates, strict=True))
    return (
        protocol,
        *(f"{median(of_one):,.0f}" for of_one in rates),
        f"{median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})",
        *(f"{median(load['cpu_us'] for load in loads):.1f} µs" for loads in (gets, trivial)),
    )


def main():
    """Prints and writes the table."""
    measured = json.loads(Path(sys.argv[1]).read_text())
    table = page.table(HEAD, [row(protocol, rounds) for protocol, rounds in measured.items()])
    print(table)
    page.replace("emulator", table)


main()
