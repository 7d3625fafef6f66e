"""Many answers at once: the rows that `yiqi round due` writes, and that `yiqi round answer --file` reads again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from service.cli.rounds.answering import meaning, not_understood, note, understood

if TYPE_CHECKING:
    from yiqi.v1.invitation_pb2 import Due, Invitation

    from service.cli.shared.organizer import Organizer

COLUMNS = ("source", "ref", "invitation", "kind", "member", "name", "with", "since", "text", "answer")
_NEEDED = ("invitation", "member", "answer")
_TOLD = 20


class Row(NamedTuple):
    """One line of a file of answers; `kind` is "" where the file does not say what was asked."""

    line: int
    invitation: str
    member: str
    kind: str
    answer: str


def due_rows(due: Iterable[Due], names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """A row for each person who is asked, under COLUMNS, without an answer yet."""
    from yiqi.client import id_of

    from service.api import enums
    from service.rendering.words import day

    for one in due:
        member = id_of(one.member)
        others = (names.get(other) or other for other in map(id_of, one.others))
        yield (
            enums.INVITATION_SOURCE.word(one.source),
            one.ref,
            id_of(one.invitation),
            enums.DUE_KIND.word(one.kind),
            member,
            names.get(member) or member,
            "; ".join(others),
            day(one.since.seconds * 1_000_000),
            one.text,
            "",
        )


def read_answers(path: Path) -> list[Row]:
    """The rows of a file. Ends the command for a file that is none."""
    from service.cli.shared.files import read_rows

    found = read_rows(path, _NEEDED, "file")
    cells = ((line, {key: value.strip() for key, value in row.items()}) for line, row in found)
    return [Row(line, row["invitation"], row["member"], row.get("kind", ""), row["answer"]) for line, row in cells]


def note_all(organizer: Organizer, path: Path, rows: Sequence[Row]) -> str:
    """Notes every row with an answer, or none when one is wrong; what to tell about it."""
    answered = [row for row in rows if row.answer]
    problems = list(_problems(organizer, answered))
    if problems:
        for line, sentence in problems[:_TOLD]:
            typer.echo(f"{path}:{line}: {sentence}", err=True)
        more = f", {len(problems) - _TOLD} more than these" if len(problems) > _TOLD else ""
        typer.echo(f"Nothing was noted: {len(problems)} of {len(rows)} rows are wrong{more}.", err=True)
        raise typer.Exit(2)
    new = sum(note(organizer, row.invitation, row.member, understood(row.answer)).outcomes for row in answered)
    return f"noted: {len(answered)} answers, {new} new outcomes; {len(rows) - len(answered)} rows without an answer"


def _problems(organizer: Organizer, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """What is wrong, with the number of the line; nothing for a row that can be noted."""
    seen: dict[str, dict[str, Invitation]] = {}
    said: dict[tuple[str, str, str], str] = {}
    for row in rows:
        if row.member not in organizer.names:
            yield row.line, f"there is no member {row.member!r}; give the id, as `due` wrote it"
            continue
        if row.member not in seen:
            seen[row.member] = _invitations(organizer, row.member)
        if problem := _problem(row, seen[row.member].get(row.invitation)):
            yield row.line, problem
            continue
        meant = understood(row.answer)
        before = said.setdefault((row.invitation, row.member, meant.asked), meant.said)
        if before != meant.said:
            yield row.line, f"{row.member} says {meant.said} here and {before} further up"


def _problem(row: Row, invitation: Invitation | None) -> str:
    if invitation is None:
        return f"{row.member} has no invitation {row.invitation!r}, or it was taken back"
    meant = meaning(row.answer)
    if meant is None:
        return not_understood(row.answer, row.kind)
    if row.kind not in ("", meant.asked):
        return f"{row.answer!r} is no answer to a {row.kind.replace('_', '-')}"
    if meant.asked == "renewal" and not invitation.period_days:
        return "this invitation is for one meeting; nobody stays or leaves"
    if meant == ("reply", "no") and invitation.mutual:
        return "everybody accepted this invitation already"
    return ""


def _invitations(organizer: Organizer, member: str) -> dict[str, Invitation]:
    """What this member can answer, by id."""
    from yiqi.client import id_of
    from yiqi.v1.invitation_pb2 import ListInvitationsRequest

    request = ListInvitationsRequest(parent=organizer.parent, member=organizer.member_name(member))
    found = organizer.pages(organizer.client.invitations.ListInvitations, request, "invitations")
    return {id_of(one.name): one for one in found}
