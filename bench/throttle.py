"""Processes that read 3,000 secrets together from a vault that throttles, with libkv and with the official clients.

Prints how long each took over the ideal time, keeps that in `bench/results.json` and writes the table of
`bench/README.md`. Arguments name the clients to measure again. With `BENCH_QUICK=1` libkv runs alone, once per case,
and the page stays as it is.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import page
import record
from clients import ALL, LIBKV, Client, chosen
from job import Job
from vault import LocalVault

SECRETS = 3_000
RATE, BURST = 200, 20
CHANGE_AT_S = 7.5
# Of libkv, which has targets. The official clients are measured once.
RUNS = 5

TIME_TARGET, WORST_TIME_TARGET, REFUSED_TARGET = 1.08, 1.2, 0.03

# A delay far above what a connection and a call cost on loopback.
START_DELAY_S, START_WORKERS, START_SECRETS = 0.1, 64, 640


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


def start_cost() -> float:
    """Returns how many round trips a first bulk read takes longer than a second one, where nothing throttles."""
    delay = {"operation": "get_secret", "delay_ms": int(START_DELAY_S * 1000), "times": -1}
    costs = []
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        vault.reset(START_SECRETS, faults=[delay])
        for _ in range(5):
            with Job(LIBKV, vault, "get", [(START_WORKERS, START_SECRETS)]) as job:
                first, second = job.run(), job.run()
            if first.failed or second.failed:
                sys.exit("a bulk read from a vault that does not throttle failed")
            round_trip = second.each_s[0] / (START_SECRETS / START_WORKERS)
            costs.append((first.each_s[0] - second.each_s[0]) / round_trip)
    return statistics.median(costs)


def missed(time: float, worst: float, refused: float, failed: int) -> str:
    """Returns which of libkv's targets a result misses."""
    targets = {
        "time": time <= TIME_TARGET,
        "worst time": worst <= WORST_TIME_TARGET,
        "429s": refused < REFUSED_TARGET,
        "failed calls": failed == 0,
    }
    return ", ".join(name for name, met in targets.items() if not met) or "none"


def table(results: list[dict]) -> str:
    """Returns the results as a table."""
    rows = []
    for result in results:
        runs = result["runs"]
        time, refused, fairness = (
            statistics.median(run[member] for run in runs)
            for member in ("time_over_ideal", "refused_share", "fairness")
        )
        worst = max(run["time_over_ideal"] for run in runs)
        failed = max(run["failed"] for run in runs)
        rows.append(
            (
                result["case"],
                f"{result['client']} {result['version']}",
                f"{time:.2f}" if len(runs) == 1 else f"{time:.2f} (worst of {len(runs)}: {worst:.2f})",
                f"{refused:.1%}",
                f"{failed:,}",
                f"{fairness:.2f}",
                missed(time, worst, refused, failed) if result["client"] == LIBKV.name else "",
            )
        )
    head = ("case", "client", "time over ideal", "429s", "failed calls", "fairness", "targets missed")
    return page.table(head, rows)


def measure_all(clients: list[Client], quick: bool) -> Iterator[dict]:
    """Yields the result of each case and client."""
    with tempfile.TemporaryDirectory() as folder, LocalVault(Path(folder)) as vault:
        for case in CASES:
            for client in clients:
                times = 1 if quick or client is not LIBKV else RUNS
                runs = [asdict(measure(vault, case, client)) for _ in range(times)]
                yield {"case": case.title, "client": client.name, "version": client.version, "runs": runs}


def write(figures: dict):
    """Keeps the results, and shows them on the page."""
    record.keep("throttle", figures)
    cost = figures["start_round_trips"]
    start = f"A bulk read from a vault that does not throttle loses {cost:.1f} round trips to the start."
    page.replace("throttle", f"{table(figures['results'])}\n\n{start}")


def main():
    """Measures the clients that the arguments name, or all; the others keep the results that they have."""
    quick = os.environ.get("BENCH_QUICK") == "1"
    clients = chosen(sys.argv[1:])
    kept = record.read().get("throttle", {"results": []})
    cost = start_cost() if LIBKV in clients else kept["start_round_trips"]
    print(f"the start costs {cost:.1f} round trips of {START_DELAY_S * 1000:.0f} ms", flush=True)

    results = {(result["case"], result["client"]): result for result in kept["results"]}
    for result in measure_all(clients, quick):
        results[result["case"], result["client"]] = result
        print(table([result]).splitlines()[-1], flush=True)
        # A run takes long: what it has found is kept even if it does not get to its end.
        if not quick:
            order = [(case.title, client.name) for case in CASES for client in ALL]
            write({"start_round_trips": cost, "results": [results[key] for key in order if key in results]})


if __name__ == "__main__":
    main()
