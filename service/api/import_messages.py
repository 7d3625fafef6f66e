"""Progress of an import as a message of the contract, and back: both ends of a call hold the same summary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from yiqi.v1 import import_pb2 as pb
from yiqi.v1.member_pb2 import Consent

from models.archive.container import BadRow
from service.api import enums
from service.application.import_steps import ImportSummary, Reached

_BY_KIND = ("read", "created", "unchanged", "replaced", "conflict")
_PLAIN = ("consent_kept", "answers_kept", "answers_taken", "introduced", "late", "bad", "resumed_at")


def consent_counts(counts: Mapping[str, int]) -> list[pb.ConsentCount]:
    """Members by consent."""
    return [
        pb.ConsentCount(consent=cast(Consent, enums.CONSENT.number(consent)), members=members)
        for consent, members in counts.items()
    ]


def consents_of(counts: Iterable[pb.ConsentCount]) -> dict[str, int]:
    """The same as it was sent."""
    return {enums.CONSENT.word(one.consent): one.members for one in counts}


def progress_message(reached: Reached) -> pb.ImportProgress:
    """How far an import came."""
    summary = reached.summary
    message = pb.ImportProgress(
        done=reached.done,
        consent=consent_counts(summary.consent),
        bad_rows=[pb.ImportRow(file=row.file, line=row.line, refused=row.reason) for row in summary.bad_rows],
        **{name: getattr(summary, name) for name in _PLAIN},
    )
    for kind in summary.read:
        message.counts.add(kind=kind, **{name: getattr(summary, name).get(kind, 0) for name in _BY_KIND})
    return message


def reached_of(message: pb.ImportProgress) -> Reached:
    """The same as it was sent."""
    summary = ImportSummary(
        consent=consents_of(message.consent),
        bad_rows=[BadRow(row.file, row.line, row.refused) for row in message.bad_rows],
        **{name: getattr(message, name) for name in _PLAIN},
    )
    for count in message.counts:
        for name in _BY_KIND:
            if number := getattr(count, name):
                getattr(summary, name)[count.kind] = number
    return Reached(message.done, summary)
