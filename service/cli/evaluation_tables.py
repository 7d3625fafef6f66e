"""An evaluation as tables for people: for each task all methods over all cuts, then cut by cut."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from training.evaluation.judging import Exposure, Gain, Interval
from training.evaluation.mutual import Block
from training.evaluation.results import OURS, Evaluation, Judged, Summary

_NAMES = {
    "ndcg10": "NDCG@10",
    "recall10": "Recall@10",
    "mrr": "MRR",
    "hit10": "Hit@10",
    "auc_matched": "AUCm",
    "far10": "far10",
    "weak10": "weak10",
}
_WITH_INTERVAL = ("ndcg10", "auc_matched", "far10", "weak10")
# Into a file or a pipe no line is wrapped.
_UNBOUNDED = 240


def print_tables(evaluation: Evaluation) -> None:
    """On stdout."""
    console = _console()
    for task, judged in evaluation.judged.items():
        summary = evaluation.pooled[task]
        console.print(_methods(f"{task}: {_how_many(judged)}", summary))
        for metric, gain in summary.gains.items():
            console.print(Text(_gain(_NAMES[metric], gain)))
        console.print(_cuts(judged))


def print_mutual(blocks: Sequence[Block]) -> None:
    """On stdout: who chose each other, each way of holding out a table."""
    console = _console()
    for block in blocks:
        title = f"mutual: {block.queries:,} members at {block.occasions:,} occasions, {block.name}"
        table = Table(box=box.SIMPLE_HEAD, title=Text(title), title_justify="left")
        table.add_column("", no_wrap=True)
        for name in ("MRR", "95 %", "NDCG@10", "AUC", "MRR: Yiqi ahead by", "95 %"):
            table.add_column(name, justify="right", no_wrap=True, style="dim" if name == "95 %" else None)
        for method, found in block.methods.items():
            ahead = block.gains.get(method)
            table.add_row(
                Text(method),
                *_cells(found["mrr"], True),
                _number(found["ndcg10"].mean),
                _number(found["auc"].mean),
                *([f"{ahead['mrr'].mean:+.3f}", _signed(ahead["mrr"])] if ahead else ["", ""]),
                style="" if ahead else "bold",
            )
        console.print(table)


def _signed(found: Interval) -> str:
    return f"{found.low:+.3f} to {found.high:+.3f}" if math.isfinite(found.mean) else ""


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_UNBOUNDED)


def _how_many(judged: Sequence[Judged]) -> str:
    queries = sum(len(one.trial.asked) for one in judged)
    return f"{queries:,} queries, cut at {', '.join(f'{one.trial.cut.share:.0%}' for one in judged)}"


def _methods(title: str, summary: Summary) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title=Text(title), title_justify="left")
    table.add_column("", no_wrap=True)
    for metric, name in _NAMES.items():
        table.add_column(name, justify="right", no_wrap=True)
        if metric in _WITH_INTERVAL:
            table.add_column("95 %", justify="right", no_wrap=True, style="dim")
    for method, intervals in summary.intervals.items():
        cells = [cell for metric in _NAMES for cell in _cells(intervals[metric], metric in _WITH_INTERVAL)]
        table.add_row(Text(method), *cells, style="bold" if method == OURS else "")
    return table


def _cells(found: Interval, with_interval: bool) -> list[str]:
    return [_number(found.mean), _span(found)] if with_interval else [_number(found.mean)]


def _gain(name: str, found: Gain) -> str:
    gain, ratio = found.gain, f", {found.ratio:.2f} times as much" if math.isfinite(found.ratio) else ""
    return f"  {name}: {OURS} {gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}) over {found.over}{ratio}"


def _cuts(judged: Sequence[Judged]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    lists = judged[0].exposure is not None
    for name in ("cut", "queries", "candidates", "NDCG@10", "best simple", "gain (95 %)", "AUCm", "far10", "weak10"):
        table.add_column(name, justify="left" if name == "best simple" else "right", overflow="fold")
    for name in ("ghosts", "seen", "Gini") if lists else ():
        table.add_column(name, justify="right", overflow="fold")
    for one in judged:
        intervals, gain = one.summary.intervals, one.summary.gains["ndcg10"]
        row = [
            f"{one.trial.cut.share:.0%}",
            f"{len(one.trial.asked):,}",
            f"{len(one.trial.candidates):,}",
            _number(intervals[OURS]["ndcg10"].mean),
            f"{_number(intervals[gain.over]['ndcg10'].mean)} {gain.over}",
            f"{gain.gain.mean:+.3f} ({gain.gain.low:+.3f} to {gain.gain.high:+.3f})",
            _number(intervals[OURS]["auc_matched"].mean),
            _number(intervals[OURS]["far10"].mean),
            _number(intervals[OURS]["weak10"].mean),
        ]
        table.add_row(*map(Text, row), *_exposures(one.exposure, one.exposure_by_recent))
    if lists:
        table.caption = "in brackets: if everybody saw those who did most of late"
        table.caption_justify = "left"
    return table


def _exposures(ours: Exposure | None, by_recent: Exposure | None) -> list[str]:
    if ours is None or by_recent is None:
        return []
    return [
        f"{_number(getattr(ours, name))} ({_number(getattr(by_recent, name))})"
        for name in ("ghosts10", "seen10", "gini10")
    ]


def _span(found: Interval) -> str:
    return f"{found.low:.3f}-{found.high:.3f}" if math.isfinite(found.mean) else ""


def _number(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "-"
