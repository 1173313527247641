"""Charts as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 320, 200
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 30, 36
COLOURS = ("#1f6fb4", "#c0392b", "#3a7d44")


@dataclass
class Chart:
    """Lines over one x axis, either of numbers or of labels that stand at equal distances."""

    title: str
    x_title: str
    xs: list[float] | list[str]
    lines: dict[str, list[float]]
    top: float
    # A level to stay above or below, drawn across.
    level: float | None = None
    _parts: list[str] = field(default_factory=list)

    def _x(self, index: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * index / (len(self.xs) - 1)

    def _y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top

    def _text(self, x: float, y: float, text: str, anchor: str = "middle", colour: str = "#444"):
        at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
        self._parts.append(f"<text {at}>{escape(text)}</text>")

    def _line(self, points: list[tuple[float, float]], style: str):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(f'<polyline points="{path}" fill="none" {style}/>')

    def svg(self) -> str:
        """Returns the drawing, as a group of elements."""
        self._parts = []
        self._text(LEFT, 16, self.title, "start", "#111")
        for step in range(5):
            value = self.top * step / 4
            y = self._y(value)
            self._line([(LEFT, y), (WIDTH - RIGHT, y)], 'stroke="#ddd"')
            self._text(LEFT - 6, y + 4, f"{value:g}", "end")
        every = max(1, (len(self.xs) - 1) // 4)
        for index in range(0, len(self.xs), every):
            x = self.xs[index]
            anchor = "end" if index == len(self.xs) - 1 else "middle"
            self._text(self._x(index), HEIGHT - BOTTOM + 15, x if isinstance(x, str) else f"{x:g}", anchor)
        self._text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, self.x_title)
        if self.level is not None:
            y = self._y(self.level)
            self._line([(LEFT, y), (WIDTH - RIGHT, y)], 'stroke="#888" stroke-dasharray="4 3"')
        for number, (name, values) in enumerate(self.lines.items()):
            colour = COLOURS[number]
            points = [(self._x(index), self._y(min(value, self.top))) for index, value in enumerate(values)]
            self._line(points, f'stroke="{colour}" stroke-width="2"')
            if len(self.lines) > 1:
                self._text(WIDTH - RIGHT, TOP + 12 + 14 * number, name, "end", colour)
        return "".join(self._parts)


@dataclass
class Bars:
    """A bar for each of some names."""

    title: str
    unit: str
    values: dict[str, float]
    # The names that stand out begin so.
    prefix: str

    def svg(self) -> str:
        """Returns the drawing, as a group of elements."""
        parts = [f'<text x="12" y="16" fill="#111">{escape(self.title)}</text>']
        row, longest = (HEIGHT - TOP) / len(self.values), max(self.values.values())
        for number, (name, value) in enumerate(self.values.items()):
            shown = f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
            y, width = TOP + row * number, (WIDTH - 24) * value / longest
            parts.append(f'<text x="12" y="{y + 11:.1f}" fill="#444">{escape(name)}: {shown} {self.unit}</text>')
            shape = f'x="12" y="{y + 15:.1f}" width="{width:.1f}" height="{min(row - 20, 12):.1f}"'
            parts.append(f'<rect {shape} fill="{COLOURS[0] if name.startswith(self.prefix) else "#aaa"}"/>')
        return "".join(parts)


def side_by_side(charts: Sequence[Chart | Bars], columns: int = 4) -> str:
    """Returns an SVG document of charts in rows."""
    width, height = WIDTH * min(columns, len(charts)), HEIGHT * -(-len(charts) // columns)
    places = ((WIDTH * (index % columns), HEIGHT * (index // columns)) for index in range(len(charts)))
    groups = (
        f'<g transform="translate({x} {y})">{chart.svg()}</g>' for (x, y), chart in zip(places, charts, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="11">\n'
        '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(groups) + "\n</svg>\n"
    )
