"""Processes that read 3,000 secrets together from a vault that throttles, with libkv and with the official clients.

Prints how long each took over the ideal time, and writes `bench/throttle.json` and the tables of `bench/README.md`. With
`BENCH_QUICK=1` libkv runs alone, once per case, and the page stays as it is.
"""

import json
import os
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import page
from clients import LIBKV, Client, Job, chosen
from vault import ROOT, LocalVault

SECRETS = 3_000
RATE, BURST = 200, 20
CHANGE_AT_S = 7.5
# libkv's first case is the one with a target, so its median is of more runs.
RUNS, OTHER_RUNS = 5, 3

START_DELAY_S, START_WORKERS, START_SECRETS = 0.02, 64, 3_200


@dataclass(frozen=True)
class Case:
    """What the vault is like, and who reads from it."""

    title: str
    processes: tuple[int, ...]
    retry_after: int | None = None
    later_rate: int | None = None

    def ideal_s(self) -> float:
        """The seconds in which the vault could have answered all calls; a changed quota begins with a full burst."""
        if self.later_rate is None:
            return (SECRETS - BURST) / RATE
        left = SECRETS - BURST - RATE * CHANGE_AT_S - BURST
        return CHANGE_AT_S + left / self.later_rate

    def quota(self, rate: int) -> dict:
        """The vault's setting."""
        return {"rate": rate, "burst": BURST, "retry_after": self.retry_after}


CASES = [
    Case("4 processes of 32 workers", (32,) * 4),
    Case("the same, `Retry-After: 1`", (32,) * 4, retry_after=1),
    Case("the same, quota halved midway", (32,) * 4, later_rate=RATE // 2),
    Case("the same, quota doubled midway", (32,) * 4, later_rate=RATE * 2),
    Case("128 workers beside 3 processes of 8", (128, 8, 8, 8)),
    Case("32 processes of 4 workers", (4,) * 32),
]


@dataclass
class Figures:
    """What one run came to."""

    time_over_ideal: float
    refused_share: float
    failed: int
    # Jain's index of the processes' rates.
    fairness: float


def measure(vault: LocalVault, case: Case, client: Client) -> Figures:
    """Does the job once with processes that know nothing of the vault yet."""
    vault.reset(SECRETS, throttle=case.quota(RATE))
    calls, more = divmod(SECRETS, len(case.processes))
    shares = [(workers, calls + (number < more)) for number, workers in enumerate(case.processes)]

    def change():
        vault.control("PATCH", body={"throttle": case.quota(case.later_rate)})

    with Job(client, vault, "get", shares) as job:
        run = job.run((CHANGE_AT_S, change) if case.later_rate else None)
    requests, refused = vault.answered()
    rates = [calls / seconds for (_, calls), seconds in zip(shares, run.each_s, strict=True)]
    fairness = sum(rates) ** 2 / (len(rates) * sum(rate**2 for rate in rates))
    return Figures(run.seconds / case.ideal_s(), refused / requests, run.failed, fairness)


def start_cost(vault: LocalVault) -> float:
    """Returns the round trips that a first bulk read takes longer than a second one, from a vault that never throttles."""
    costs = []
    for _ in range(5):
        delay = {"operation": "get_secret", "delay_ms": int(START_DELAY_S * 1000), "times": -1}
        vault.reset(START_SECRETS, faults=[delay])
        with Job(LIBKV, vault, "get", [(START_WORKERS, START_SECRETS)]) as job:
            first, second = job.run(), job.run()
        if first.failed or second.failed:
            sys.exit("a bulk read from a vault that does not throttle failed")
        round_trip = second.each_s[0] / (START_SECRETS / START_WORKERS)
        costs.append((first.each_s[0] - second.each_s[0]) / round_trip)
    return statistics.median(costs)


def table(results: list[dict]) -> str:
    """Returns the results as a table, a case per block."""
    rows = []
    for result in results:
        runs = result["runs"]

        def middle(member: str, runs=runs) -> float:
            return statistics.median(run[member] for run in runs)

        worst = max(run["time_over_ideal"] for run in runs)
        rows.append(
            (
                result["case"],
                result["client"],
                f"{middle('time_over_ideal'):.2f}" + (f" (worst of {len(runs)}: {worst:.2f})" if len(runs) > 1 else ""),
                f"{middle('refused_share'):.1%}",
                f"{max(run['failed'] for run in runs):,}",
                f"{middle('fairness'):.2f}",
            )
        )
    return page.table(("case", "client", "time over ideal", "429s", "failed calls", "fairness"), rows)


def main():
    """Measures all cases."""
    quick = os.environ.get("BENCH_QUICK") == "1"
    results = []
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        cost = start_cost(vault)
        print(f"the start costs {cost:.1f} round trips of {START_DELAY_S * 1000:.0f} ms", flush=True)
        for case in CASES:
            for client in chosen():
                times = 1 if quick or client is not LIBKV else RUNS if case is CASES[0] else OTHER_RUNS
                runs = [asdict(measure(vault, case, client)) for _ in range(times)]
                results.append(
                    {"case": case.title, "client": f"{client.name} {client.version}", "runs": runs}
                )
                print(table(results[-1:]).splitlines()[-1], flush=True)
    print("\n" + table(results))
    if not quick:
        record = {"start_round_trips": cost, "results": results}
        (ROOT / "bench/throttle.json").write_text(json.dumps(record, indent=1) + "\n")
        start = f"A bulk read from a vault that does not throttle loses {cost:.1f} round trips to the start."
        page.replace("throttle", f"{table(results)}\n\n{start}")


if __name__ == "__main__":
    main()
