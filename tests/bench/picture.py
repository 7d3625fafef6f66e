"""Draws what a request costs against how many members there are, as an SVG of a few lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 360, 64, 44, 24, 150
COLOURS = ("#0b6e99", "#c4621f", "#5a8f29", "#7a4ea3", "#888888")


def drawn(title: str, lines: Mapping[str, Mapping[int, float]], unit: str) -> str:
    """The picture: a line for each name, through its values above 0 by members; both axes are logarithmic."""
    members = sorted({at for line in lines.values() for at in line})
    values = [value for line in lines.values() for value in line.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(members[0]), math.log10(max(members[-1], 10 * members[0]))

    def x(at: float) -> float:
        return LEFT + (math.log10(at) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(value) - low) / max(high - low, 1) * (HEIGHT - BOTTOM - TOP)

    parts = [_text(LEFT, 14, title, "start")]
    for power in range(low, high + 1):
        parts.append(_line([(LEFT, y(10.0**power)), (WIDTH - RIGHT, y(10.0**power))], "#dddddd", 1))
        parts.append(_text(LEFT - 6, y(10.0**power) + 4, f"{10.0**power:g} {unit}", "end"))
    parts += [_text(x(at), HEIGHT - BOTTOM + 18, f"{at:,}", "middle") for at in members]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "members", "middle"))
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        points = [(x(at), y(value)) for at, value in sorted(line.items())]
        parts.append(_line(points, colour, 2))
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in points]
        parts.append(_text(points[-1][0] + 8, points[-1][1] + 4, name, "start", colour))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
    body = "\n".join(parts)
    return f'{head}font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'


def _line(points: Sequence[tuple[float, float]], colour: str, width: int) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#333333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'
