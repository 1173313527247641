"""Clients in turns at the same job, A B A B, each in a process that is warm."""

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass

from clients import Client
from job import Job
from vault import LocalVault

QUICK_SHARE, QUICK_ROUNDS = 4, 2


@dataclass(frozen=True)
class Measure:
    """A job, and who does it with how many secrets a round, so that each has enough to do and none takes long."""

    title: str
    operation: str
    workers: int
    secrets: dict[Client, int]
    # Who takes one secret after the other all the same.
    loops: tuple[Client, ...] = ()
    # How long the vault keeps each answer.
    delay_ms: int = 0
    # Before a round counts, connections are made, and code is loaded and compiled.
    warm_ups: int = 10
    # Many short rounds tell more than few long ones: what else the machine does meets the clients of a round alike.
    rounds: int = 41
    # Whether the clients share a core with the vault. Otherwise the system puts them on one or two as it happens, and
    # waking an idle core can cost more than all the work of a get.
    on_one_core: bool = False
    # Whether a process is new in each round, and does the job for the first time.
    anew: bool = False


def take(vault: LocalVault, measure: Measure, quick: bool) -> dict[str, dict]:
    """Returns each client's rounds."""
    counts = {client: count // QUICK_SHARE if quick else count for client, count in measure.secrets.items()}
    delay = {"delay_ms": measure.delay_ms, "times": -1}
    vault.reset(max(counts.values()), faults=[delay] if measure.delay_ms else [])
    results = {
        client.name: {"version": client.version, "secrets": count, "rounds": []} for client, count in counts.items()
    }
    with vault.on_core(0) if measure.on_one_core else nullcontext(), ExitStack() as stack:

        def begin(client: Client) -> Job:
            share = (1 if client in measure.loops else measure.workers, counts[client])
            return Job(client, vault, measure.operation, [share])

        jobs = {} if measure.anew else {client: stack.enter_context(begin(client)) for client in counts}
        for number in range(-1 if quick else -measure.warm_ups, QUICK_ROUNDS if quick else measure.rounds):
            for client, count in counts.items():
                with begin(client) if measure.anew else nullcontext(jobs[client]) as job:
                    figures = _once(vault, measure, client, job, count)
                if number >= 0:
                    results[client.name]["rounds"].append(figures)
    return results


def _once(vault: LocalVault, measure: Measure, client: Client, job: Job, count: int) -> dict:
    """Does a job once and returns what it took, unless it was not done."""
    asked = vault.count("get_secret"), vault.count("set_secret")
    cpu_s = job.cpu_s()
    run = job.run()
    cpu_s = job.cpu_s() - cpu_s
    gets, sets = vault.count("get_secret") - asked[0], vault.count("set_secret") - asked[1]
    expected = {"get": (count, 0), "read": (count, 0), "set": (0, count)}.get(measure.operation, (0, 0))
    if run.failed or (measure.operation != "cached" and (gets, sets) != expected):
        raise RuntimeError(
            f"{measure.title}: {run.failed} of {count} calls of {client.title} failed, and the vault saw "
            f"{gets} gets and {sets} sets"
        )
    return {"seconds": run.each_s[0], "cpu_s": round(cpu_s, 6)}
