"""The comparison as a picture: a row a task, a column a metric, a dot with its interval a method."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.evaluation.results import OURS, Evaluation, Summary
from training.pictures import require_suffix, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANELS = (
    ("ndcg10", "NDCG@10"),
    ("auc_matched", "AUC among the equally active"),
    ("far10", "Recall@10 of strangers"),
    ("weak10", "Recall@10 of friends of friends"),
)
_OURS, _OTHERS, _CHANCE = "#b5301f", "#4a4a4a", "#9a9a9a"


def draw(evaluation: Evaluation, out: Path) -> None:
    """Write the pooled figures to `out`, an .svg or .png. The same evaluation gives the same bytes.

    Raises ValueError for another suffix, OSError where `out` cannot be written.
    """
    require_suffix(out)
    # The figure is made without pyplot, which would look for a display and keep the figure alive.
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(style()):
        rows = len(evaluation.judged)
        figure = Figure(figsize=(17, 0.9 + 3.4 * rows), layout="constrained")
        axes = figure.subplots(rows, len(PANELS), squeeze=False, sharey="row")
        for row, (task, summary) in zip(axes, evaluation.pooled.items(), strict=True):
            for place, (axis, (metric, title)) in enumerate(zip(row, PANELS, strict=True)):
                _panel(axis, summary, metric)
                axis.set_title(f"{task}: {title}" if place == 0 else title, loc="left")
        figure.suptitle(_title(evaluation), x=0.01, ha="left")
        metadata = {"Date": None} if out.suffix.lower() == ".svg" else {"Software": None}
        figure.savefig(out, dpi=150, metadata=metadata)


def _panel(axis: Axes, summary: Summary, metric: str) -> None:
    names = list(summary.intervals)[::-1]
    axis.set_yticks(range(len(names)), names)
    axis.grid(axis="x", alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)
    if metric not in summary.gains:
        axis.text(0.5, 0.5, "no such contacts here", transform=axis.transAxes, ha="center", color=_CHANCE)
        axis.set_xticks([])
        return
    for place, name in enumerate(names):
        found = summary.intervals[name][metric]
        color = _OURS if name == OURS else _CHANCE if name == "random" else _OTHERS
        axis.plot([found.low, found.high], [place, place], color=color, linewidth=1.5)
        axis.plot([found.mean], [place], marker="o", color=color, markersize=7 if name == OURS else 5)
    axis.axvline(summary.intervals[OURS][metric].mean, color=_OURS, linewidth=0.8, linestyle=":")


def _title(evaluation: Evaluation) -> str:
    cuts = sorted({one.trial.cut.share for judged in evaluation.judged.values() for one in judged})
    shares = ", ".join(f"{share:.0%}" for share in cuts)
    return f"{evaluation.archive}, cut at {shares}: means with 95 % bootstrap intervals"
