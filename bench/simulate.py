"""Plots the simulation of processes that share a quota, from the figures that the core's tests wrote.

Reads `bench/simulation.json`; writes `bench/simulation.svg` and the tables of `bench/README.md`.
"""

import json

import page
from chart import Chart, side_by_side
from vault import ROOT

FIGURES = ROOT / "bench" / "simulation.json"


def main():
    """Draws the plots and the tables."""
    figures = json.loads(FIGURES.read_text())
    crowds, outage = figures["crowds"], figures["outage"]
    labels = [f"{crowd['processes']:,}" for crowd in crowds]

    def over_crowds(title: str, member: str, level: float | None) -> Chart:
        return Chart(title, "processes", labels, {title: [crowd[member] for crowd in crowds]}, 1.0, level)

    seconds = {
        "taken": [taken for taken, _ in outage],
        "refused": [refused for _, refused in outage],
    }
    charts = [
        over_crowds("share of the quota used", "used", 0.9),
        over_crowds("Jain's index", "fairness", 0.95),
        over_crowds("429s among the answers", "refused", None),
        Chart("20 processes and an outage, answers/s", "seconds", list(range(len(outage))), seconds, 800),
    ]
    (ROOT / "bench/simulation.svg").write_text(side_by_side(charts))
    rows = [
        (label, f"{crowd['used']:.1%}", f"{crowd['fairness']:.3f}", f"{crowd['refused']:.1%}")
        for label, crowd in zip(labels, crowds, strict=True)
    ]
    crowd_table = page.table(("processes", "quota used", "Jain's index", "429s"), rows)
    rows = [
        (job["job"], f"{job['time_over_ideal']:.2f}", f"{job['refused']:.1%}", f"{job['refused_at_first']:.1%}")
        for job in figures["jobs"]
    ]
    job_table = page.table(("job", "time over ideal", "429s", "of them in the first second"), rows)
    rows = [
        (str(told["after"]), f"{told['time_over_ideal']:.2f}", f"{told['refused']:.1%}") for told in figures["told"]
    ]
    told_table = page.table(("429s until a process is told its share", "time over ideal", "429s"), rows)
    plots = "![The simulation as plots](simulation.svg)"
    page.replace("simulation", "\n\n".join((crowd_table, plots, job_table, told_table)))


if __name__ == "__main__":
    main()
