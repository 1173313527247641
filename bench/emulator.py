"""What a get costs the local vault beside the least that a handler can do in the same server.

Reads what the emulator's test has measured and writes its part of `bench/README.md`.
"""

import json
import statistics
import sys
from pathlib import Path

import page


def main():
    """Prints and writes the table."""
    rows = []
    for protocol, rounds in json.loads(Path(sys.argv[1]).read_text()).items():
        shares = sorted(round["get"]["requests_per_s"] / round["trivial"]["requests_per_s"] for round in rounds)

        def median(handler: str, member: str, rounds: list[dict] = rounds) -> float:
            return statistics.median(round[handler][member] for round in rounds)

        rows.append(
            (
                protocol,
                f"{median('get', 'requests_per_s'):,.0f}",
                f"{median('trivial', 'requests_per_s'):,.0f}",
                f"{statistics.median(shares):.2f} ({shares[0]:.2f} to {shares[-1]:.2f})",
                f"{median('get', 'cpu_us'):.1f} µs",
                f"{median('trivial', 'cpu_us'):.1f} µs",
            )
        )
    head = ("protocol", "gets a second", "trivial answers a second", "ratio", "server's CPU for a get", "for a trivial answer")
    table = page.table(head, rows)
    print(table)
    page.replace("emulator", table)


main()
