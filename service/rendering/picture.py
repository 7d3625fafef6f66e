"""A round as a picture: how good the matches are, the best and the worst, and what was given up for fairness."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from service.rendering.sheet import Line, Sheet
from service.rendering.words import heading, in_short, names, trade_off, word
from training.pictures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OURS, _OTHERS = "#1a1a1a", "#8a8a8a"  # told apart in black and white
_NAMES_CHARS = 44


def draw(sheet: Sheet, format_: Literal["svg", "png"]) -> bytes:
    """The picture. The same sheet gives the same bytes, with the same fonts installed."""
    # The figure is made without pyplot, which would look for a display and keep the figure alive.
    import matplotlib
    from matplotlib.figure import Figure

    settings = style() | {"text.parse_math": False}  # a name with dollar signs is a name
    out = io.BytesIO()
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        # A letter that no font here has: an .svg still holds it, and its reader may have one.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(11, 5), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        _matches(left, sheet)
        _lists(right, sheet)
        title = (heading(sheet), in_short(sheet), trade_off(sheet))
        figure.suptitle("\n".join(filter(None, title)), x=0.01, ha="left")
        figure.savefig(out, format=format_, dpi=150, metadata={"Date" if format_ == "svg" else "Software": None})
    return out.getvalue()


def _matches(axis: Axes, sheet: Sheet) -> None:
    """How many matches have which score; the best and the worst by name."""
    from matplotlib.ticker import MaxNLocator

    axis.set_title(word("scores_of_matches", sheet.language), loc="left")
    axis.set_xlabel(word("score", sheet.language))
    axis.set_ylabel(word("number_of_matches", sheet.language))
    axis.spines[["top", "right"]].set_visible(False)
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    if not sheet.lines:
        axis.text(0.5, 0.5, word("nobody", sheet.language), transform=axis.transAxes, ha="center")
        return
    scores = [line.score for line in sheet.lines]
    counts, _, _ = axis.hist(scores, bins=min(20, max(5, len(scores) // 3)), color=_OTHERS, edgecolor="white")
    top = float(max(counts))
    axis.set_ylim(0, top * 1.35)
    for line, height in ((min(sheet.lines, key=_score), 1.06), (max(sheet.lines, key=_score), 1.2)):
        axis.axvline(line.score, ymax=0.75, color=_OURS, linewidth=1, linestyle=":")
        side = "left" if line.score < (min(scores) + max(scores)) / 2 else "right"
        axis.text(line.score, top * height, f"{line.score:.2f}  {_short(line, sheet)}", ha=side, color=_OURS)


def _lists(axis: Axes, sheet: Sheet) -> None:
    """This list beside the one with the largest total and random ones: the mean, and the worst-off."""
    axis.set_title(word("fairness_panel", sheet.language), loc="left")
    axis.spines[["top", "right"]].set_visible(False)
    s = sheet.summary
    rows = [("random_list", s.random, None), ("largest_total", s.best, s.best_worst), ("this_list", s.mean, s.worst)]
    axis.set_yticks(range(len(rows)), [word(key, sheet.language) for key, _, _ in rows])
    axis.set_ylim(-0.6, len(rows) - 0.2)
    for place, (key, mean, worst) in enumerate(rows):
        color = _OURS if key == "this_list" else _OTHERS
        if worst is not None:
            axis.plot([worst, mean], [place, place], color=color, linewidth=1.5)
            axis.plot([worst], [place], marker="v", color=color, markersize=7)
            axis.annotate(f"{worst:.3f}", (worst, place), (0, -14), textcoords="offset points", ha="center", fontsize=8)
        if mean:
            axis.plot([mean], [place], marker="o", color=color, markersize=7)
            axis.annotate(f"{mean:.3f}", (mean, place), (0, 8), textcoords="offset points", ha="center", fontsize=8)
    axis.margins(x=0.15)
    axis.set_xlabel(f"● {word('mean_over_people', sheet.language)}    ▼ {word('worst_off', sheet.language)}")


def _score(line: Line) -> float:
    return line.score


def _short(line: Line, sheet: Sheet) -> str:
    """Its people, as many as fit by their whole names, and how many more there are."""
    ends = list(accumulate(len(seat.name) + 2 for seat in line.seats))
    fit = max(1, sum(end <= _NAMES_CHARS for end in ends))
    more = len(line.seats) - fit
    return names(replace(line, seats=line.seats[:fit]), sheet.language) + (f" +{more}" if more else "")
