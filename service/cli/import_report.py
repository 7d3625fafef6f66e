"""What an import understood of a file and what became of it, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.application.importing import ImportSummary
    from service.importers.frame.report import Report

_LONGEST = 100  # characters of an example
_WIDTH = 11


def describe_report(report: Report) -> list[str]:
    """What was recognised, found and not used."""
    return [_printable(line) for line in (*_recognised(report), *_found(report), *_used(report))]


def describe(summary: ImportSummary) -> list[str]:
    """What became of the rows."""
    lines = [_counts(kind, summary) for kind in summary.read]
    if summary.introduced:
        lines.append(f"introduced  {summary.introduced:>9,} members whom only others name")
    if shown := summary.everyone or summary.consent:
        whom = ", ".join(f"{count:,} to {whom}" for whom, count in sorted(shown.items()))
        everyone = f" (all {sum(summary.everyone.values()):,} of the community)" if summary.everyone else ""
        lines.append(f"consent     may be recommended{everyone}: {whom}")
    if summary.consent_kept:
        change = "`yiqi members consent members --all` changes it"
        lines.append(f"            {summary.consent_kept:,} keep the consent they had before this import; {change}")
    if summary.answers_kept:
        kept = f"{summary.answers_kept:,} keep what was changed here, or never came from a list"
        lines.append(f"            {kept}; --replace takes the newer answers")
    if summary.late:
        lines.append(f"left out    {summary.late:>9,} rows at or after --until")
    lines += _bad(summary)
    if summary.resumed_at:
        lines.append(f"resumed     after {summary.resumed_at:,} rows of an earlier run")
    return [_printable(line) for line in lines]


def _recognised(report: Report) -> Iterator[str]:
    of = [f"{report.files:,} files"] if report.files > 1 else []
    of += [report.encoding.removesuffix("-sig")] if report.encoding else []
    yield _line("recognised", f"as {report.format}" + (f" ({', '.join(of)})" if of else ""))
    if report.clock:
        yield _line("times", report.clock)


def _found(report: Report) -> Iterator[str]:
    if report.rooms:
        yield _line("rooms", f"{report.rooms:,}")
    if report.people:
        yield _line("people", f"{report.people:,}")
    if report.messages:
        parts = (f"{report.wordless:,} without words", f"{report.replies:,} replies", f"{report.mentions:,} mentions")
        yield _line("messages", f"{report.messages:,}: {', '.join(parts)}")
    if report.first is not None and report.last is not None:
        yield _line("period", f"{_day(report.first)} to {_day(report.last)} UTC")
    for label, example in zip(("for example", "", ""), report.examples, strict=False):
        yield _line(label, example if len(example) <= _LONGEST else example[: _LONGEST - 1] + "…")


def _used(report: Report) -> Iterator[str]:
    for number, (column, meaning) in enumerate(report.columns.items()):
        yield _line("columns" if not number else "", f"{column} → {meaning}")
    unused = [(what, count) for what, count in report.unused.most_common() if count]
    for number, (what, count) in enumerate(unused):
        yield _line("not used" if not number else "", f"{count:>9,} × {what}")
    for note in report.notes:
        yield _line("note", note)


def _bad(summary: ImportSummary) -> Iterator[str]:
    if not summary.bad:
        return
    yield f"bad         {summary.bad:>9,} rows:"
    yield from (f"  {row.file}:{row.line}: {row.reason}" for row in summary.bad_rows)
    if summary.bad > len(summary.bad_rows):
        yield f"  and {summary.bad - len(summary.bad_rows):,} more"


def _counts(kind: str, summary: ImportSummary) -> str:
    newer = {"member": "given further handles or another name", "message": "edited since"}.get(kind, "changed since")
    answered = summary.answers_taken if kind == "member" else 0
    replaced = {kind: summary.replaced.get(kind, 0) - answered}
    parts = [f"{summary.created.get(kind, 0):,} created"]
    parts += [
        f"{counts[kind]:,} {what}"
        for what, counts in (
            ("unchanged", summary.unchanged),
            ("given newer answers", {kind: answered}),
            (newer, replaced),
            ("kept as they were, the archive says otherwise", summary.conflict),
        )
        if counts.get(kind)
    ]
    done = f": {', '.join(parts)}" if summary.written else ""
    return f"{kind:<{_WIDTH}} {summary.read[kind]:>9,} read{done}"


def _line(label: str, text: str) -> str:
    return f"{label:<{_WIDTH}} {text}"


def _day(moment: int) -> str:
    try:
        return f"{datetime.fromtimestamp(moment / 1_000_000, UTC):%Y-%m-%d}"
    except (ValueError, OverflowError, OSError):
        return "?"


def _printable(line: str) -> str:
    """Without what would move the cursor, change colours or cannot be written: the words are a stranger's."""
    return "".join(char if char.isprintable() else "�" for char in line)
