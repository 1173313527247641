"""The sections of `bench/README.md` on the languages: what was measured, beside what was aimed at."""

from statistics import median

import page
from chart import Bars, side_by_side
from parts import Part, Target
from vault import ROOT

UNITS = {
    "cpu_us": lambda value: f"{value:,.1f} µs" if value < 100 else f"{value:,.0f} µs",
    "us": lambda value: f"{value:.2f} µs",
    "per_s": lambda value: f"{value:,.0f}",
    "seconds": lambda value: f"{value * 1000:,.1f} ms" if value < 1 else f"{value:.2f} s",
    "peak_kib": lambda value: f"{value / 1024:.1f} MiB",
}
NAMES = {
    "cpu_us": "CPU time a secret",
    "us": "time a call",
    "per_s": "secrets/s",
    "seconds": "time",
    "peak_kib": "peak memory",
}


def each(result: dict, figure: str) -> list[float]:
    """Returns a figure of each round."""
    secrets = result.get("secrets", 1)
    of = {
        "cpu_us": lambda run: run["cpu_s"] / secrets * 1e6,
        "us": lambda run: run["seconds"] / secrets * 1e6,
        "per_s": lambda run: secrets / run["seconds"],
        "seconds": lambda run: run["seconds"],
        "peak_kib": lambda run: run["peak_kib"],
    }[figure]
    return [of(run) for run in result["rounds"]]


def ratio(results: dict, figure: str, client: str, other: str, above: str | None = None) -> float:
    """Returns the median of the rounds' ratios, which no drift of the machine between rounds touches."""
    ours, theirs = each(results[client], figure), each(results[other], figure)
    base = each(results[above], figure) if above else [0.0] * len(ours)
    return median((x - z) / (y - z) for x, y, z in zip(ours, theirs, base, strict=True))


def reached(target: Target, figures: dict) -> float:
    """Returns what a target's figure came to."""
    results = figures["measures"][target.measure]
    above = target.above and target.above.name
    if target.against:
        return ratio(results, target.figure, target.client.name, target.against.name, above)
    ours = each(results[target.client.name], target.figure)
    base = each(results[above], target.figure) if above else [0.0] * len(ours)
    return median(x - z for x, z in zip(ours, base, strict=True))


def targets(part: Part, figures: dict) -> str:
    """Returns the targets beside what was measured."""
    rows = []
    for target in part.targets:
        value = reached(target, figures)
        met = value >= target.bound if target.at_least else value <= target.bound
        sign = "≥" if target.at_least else "≤"
        if target.against:
            show, beside = (
                (lambda number: f"{number:.2f}" if number >= 0.2 else f"1/{1 / number:.1f}"),
                target.against.name,
            )
        else:
            show, beside = UNITS[target.figure], ""
        what = NAMES[target.figure] + (" above no client's" if target.above else "")
        rows.append(
            (
                f"{target.measure}: {what}",
                target.client.name,
                beside,
                f"{sign} {show(target.bound)}",
                show(value),
                "met" if met else "**missed**",
            )
        )
    return page.table(("target for", "of", "against", "bound", "measured", ""), rows)


def measured(figures: dict) -> str:
    """Returns the medians of what was measured, with the ratio of the first client to each other one."""
    rows = []
    for title, results in figures["measures"].items():
        ours = next(iter(results))
        for client, result in results.items():
            runs = result["rounds"]
            main = "cpu_us" if "cpu_s" in runs[0] else "seconds"
            values = each(result, main)
            cells = [
                UNITS[figure](median(each(result, figure))) if figure in shown else ""
                for shown in [shown_of(runs[0], title)]
                for figure in ("cpu_us", "per_s", "seconds", "peak_kib")
            ]
            beside = "" if client == ours else f"{ratio(results, main, ours, client):.2f}"
            rows.append((title, f"{client} {result['version']}", *cells, beside, f"{spread(values):.0%}"))
    head = ("", "client", "CPU time a secret", "secrets/s", "time", "peak memory", "first client's share", "spread")
    return page.table(head, rows)


def shown_of(run: dict, _title: str) -> set[str]:
    """Returns which figures a round has."""
    if "cpu_s" in run:
        return {"cpu_us", "per_s", "seconds"}
    return {"seconds", *({"peak_kib"} & run.keys())}


def spread(values: list[float]) -> float:
    """Returns how far the rounds lie apart, over their median: the noise."""
    return (max(values) - min(values)) / median(values)


def text(part: Part, figures: dict) -> str:
    """Returns a part's tables."""
    machine, load = figures["machine"], figures["load"]
    about = (
        f"{machine['cores']} cores of {machine['cpu']}, Linux {machine['kernel']}; load average {load[0]:.2f} at the start, "
        f"{load[1]:.2f} at the end."
    )
    return "\n\n".join((about, targets(part, figures), measured(figures)))


def show(name: str, part: Part, figures: dict):
    """Writes a part's section and its plots."""
    charts = []
    for title, results in figures["measures"].items():
        if "cpu_s" in next(iter(results.values()))["rounds"][0]:
            charts.append(
                Bars(f"{title}, CPU µs", {client: median(each(result, "cpu_us")) for client, result in results.items()})
            )
    (ROOT / f"bench/{name}.svg").write_text(side_by_side(charts))
    page.replace(name, f"{text(part, figures)}\n\n![CPU time a secret]({name}.svg)")
