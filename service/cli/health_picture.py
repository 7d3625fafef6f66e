"""The figures of health over time as a picture: one small panel each."""

from __future__ import annotations

import math
import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from service.cli.health_tables import known, newest
from training.pictures import require_suffix, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from yiqi.v1 import health_pb2 as pb

COLUMNS = 4
_LINE, _QUIET = "#b5301f", "#9a9a9a"


def draw(health: pb.CommunityHealth, out: Path, language: str) -> None:
    """Write the figures to `out`, an .svg or .png, with words in `language`. The same health gives the same bytes.

    Raises ValueError for another suffix, OSError where `out` cannot be written.
    """
    require_suffix(out)
    # The figure is made without pyplot, which would look for a display and keep the figure alive.
    import matplotlib
    from matplotlib.figure import Figure

    with warnings.catch_warnings(), matplotlib.rc_context(style()):
        rows = -(-len(health.figures) // COLUMNS)
        figure = Figure(figsize=(13, 0.6 + 2.2 * rows), layout="constrained")
        axes = figure.subplots(rows, COLUMNS, squeeze=False, sharex=True).ravel()
        days = [window.end.ToDatetime() for window in health.windows]
        for axis, one in zip(axes, health.figures, strict=False):
            _panel(axis, one, days, language)
        for axis in axes[len(health.figures) :]:
            axis.set_visible(False)
        figure.autofmt_xdate()
        if out.suffix.lower() == ".svg":
            # Its text stays text: whoever opens it needs the letters, not this machine.
            warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        metadata = {"Date": None} if out.suffix.lower() == ".svg" else {"Software": None}
        figure.savefig(out, dpi=150, metadata=metadata)


def _panel(axis: Axes, figure: pb.HealthFigure, days: list[datetime], language: str) -> None:
    values = known(figure)
    arrow = "↑" if figure.higher_is_better else "↓"
    axis.set_ylim(-0.03, 1.03)
    axis.grid(alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)
    told = [(day, value) for day, value in zip(days, values, strict=True) if not math.isnan(value)]
    now = newest(figure, language)
    axis.set_title(f"{arrow} {figure.title}{f': {now[0]}' if now else ''}", loc="left", fontsize=9)
    if not told:
        axis.text(0.5, 0.5, "–", transform=axis.transAxes, ha="center", color=_QUIET)
        return
    axis.plot(*zip(*told, strict=True), marker="o", markersize=3.5, color=_LINE, linewidth=1.4)
