"""The sections of `bench/README.md` on the languages: what was measured, beside what was aimed at."""

from functools import partial
from itertools import accumulate
from math import comb
from statistics import median, quantiles

import page
from chart import Bars, side_by_side
from parts import Part, Target
from vault import ROOT

# What a figure is called, how it comes from a round, and how it is written.
FIGURES = {
    "cpu_us": ("CPU time a secret", lambda run, secrets: run["cpu_s"] / secrets * 1e6),
    "per_s": ("secrets/s", lambda run, secrets: secrets / run["seconds"]),
    "seconds": ("time", lambda run, _: run["seconds"]),
    "peak_kib": ("peak memory", lambda run, _: run["peak_kib"]),
}


def written(figure: str, value: float) -> str:
    """Returns a figure with its unit."""
    if figure == "cpu_us":
        return f"{value:,.{2 if value < 10 else 1 if value < 100 else 0}f} µs"
    if figure == "seconds":
        return f"{value * 1000:,.1f} ms" if value < 1 else f"{value:.2f} s"
    return f"{value / 1024:.1f} MiB" if figure == "peak_kib" else f"{value:,.0f}"


def each(result: dict, figure: str) -> list[float]:
    """Returns a figure of each round."""
    of = FIGURES[figure][1]
    return [of(run, result.get("secrets", 1)) for run in result["rounds"]]


def spread(values: list[float]) -> float:
    """Returns how far the middle half of the rounds reaches, over their median: the noise."""
    low, middle, high = quantiles(values, n=4)
    return (high - low) / middle


def certain(values: list[float]) -> tuple[float, float]:
    """Returns between which rounds the median lies in 95 of 100 measurements like this, whatever the noise."""
    count, values = len(values), sorted(values)
    # That so many rounds or fewer come out below the median is as likely as so few heads of a coin.
    chances = accumulate(comb(count, few) / 2**count for few in range(count))
    outside = max(sum(chance <= 0.025 for chance in chances) - 1, 0)
    return values[outside], values[-1 - outside]


def ratios(results: dict, figure: str, client: str, other: str, above: str | None = None) -> list[float]:
    """Returns the rounds' own ratios, which a machine that slows down between rounds does not change."""
    ours, theirs = each(results[client], figure), each(results[other], figure)
    base = each(results[above], figure) if above else [0.0] * len(ours)
    return [(x - z) / (y - z) for x, y, z in zip(ours, theirs, base, strict=True)]


def reached(target: Target, figures: dict) -> list[float]:
    """Returns what a target's figure came to in each round."""
    results = figures["measures"][target.measure]
    above = target.above.name if target.above else None
    if target.against:
        return ratios(results, target.figure, target.client.name, target.against.name, above)
    ours = each(results[target.client.name], target.figure)
    base = each(results[above], target.figure) if above else [0.0] * len(ours)
    return [x - z for x, z in zip(ours, base, strict=True)]


def within(values: list[float], write) -> str:
    """Returns the median with what it is certain to lie between."""
    low, high = certain(values)
    return f"{write(median(values))} ({write(low)} to {write(high)})"


def times(number: float) -> str:
    """Returns a ratio as readers compare it."""
    return f"{number:.2f}" if number >= 0.25 else f"1/{1 / number:.1f}"


def target_row(target: Target, figures: dict) -> tuple[str, ...]:
    """Returns a target beside what was measured."""
    values = reached(target, figures)
    value = median(values)
    is_met = value >= target.bound if target.at_least else value <= target.bound
    write = times if target.against else partial(written, target.figure)
    what = FIGURES[target.figure][0] + (" above that without a client" if target.above else "")
    beside = f" : {target.against.name}" if target.against else ""
    return (
        f"{target.measure}, {what}",
        target.client.name + beside,
        f"{'≥' if target.at_least else '≤'} {write(target.bound)}",
        within(values, write),
        "met" if is_met else "**missed**",
    )


def measured_rows(title: str, results: dict) -> list[tuple[str, ...]]:
    """Returns the medians of a measure, and the first of libkv's clients beside each other client."""
    ours = next(client for client in results if client.startswith("libkv"))
    rows = []
    for client, result in results.items():
        main = "cpu_us" if "cpu_s" in result["rounds"][0] else "seconds"
        shown = {"cpu_us": ("cpu_us", "per_s", "seconds")}.get(main, ("seconds", "peak_kib"))
        shown = [figure for figure in shown if figure != "peak_kib" or "peak_kib" in result["rounds"][0]]
        cells = [written(figure, median(each(result, figure))) if figure in shown else "" for figure in FIGURES]
        beside = "" if client == ours else within(ratios(results, main, ours, client), times)
        rows.append((title, f"{client} {result['version']}", *cells, beside, f"{spread(each(result, main)):.0%}"))
    return rows


def text(part: Part, figures: dict) -> str:
    """Returns a part's tables."""
    machine, load = figures["machine"], figures["load"]
    about = (
        f"{machine['cores']} cores of {machine['cpu']}, Linux {machine['kernel']}; load average {load[0]:.2f} at the "
        f"start and {load[1]:.2f} at the end, which the measurement itself is part of."
    )
    targets = page.table(
        ("target", "ratio or figure of", "bound", "measured", ""),
        [target_row(target, figures) for target in part.targets],
    )
    heads = [name for name, _ in FIGURES.values()]
    measured = page.table(
        ("", "client", *heads, "libkv's share", "spread"),
        [row for title, results in figures["measures"].items() for row in measured_rows(title, results)],
    )
    sizes = [
        (client, f"{size['packages']}", f"{size['bytes'] / 1e6:.1f} MB") for client, size in figures["sizes"].items()
    ]
    installed = [page.table(("installed", "packages", "size"), sizes)] if sizes else []
    return "\n\n".join((about, targets, measured, *installed))


def show(name: str, part: Part, figures: dict):
    """Writes a part's section and its plots."""
    charts = []
    for title, results in figures["measures"].items():
        has_cpu = all("cpu_s" in result["rounds"][0] for result in results.values())
        if has_cpu and len(results) > 1:
            values = {client: median(each(result, "cpu_us")) for client, result in results.items()}
            charts.append(Bars(title, "µs", values, "libkv"))
    (ROOT / f"bench/{name}.svg").write_text(side_by_side(charts, columns=3))
    page.replace(name, f"{text(part, figures)}\n\n![CPU time a secret]({name}.svg)")
