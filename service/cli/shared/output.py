"""How answers look: a table for people, JSON lines for programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import orjson

from models.domain.requests import Language, Match, Reason

if TYPE_CHECKING:
    import numpy as np

    from service.cli.shared.doors import Door, Found, What

Asked: TypeAlias = Literal["member", "query"]


def show(
    door: Door,
    asked: Asked,
    id: str,
    found: Found,
    format_: Literal["table", "jsonl"],
    reasons: bool,
    what: What = "peers",
) -> None:
    """One answer, in the format asked for; tables always say why."""
    if format_ == "jsonl":
        write_line(asked, id, found, reasons=reasons)
    else:
        print_table(id, found.matches, door.names(what, [match.id for match in found.matches]), found.language)
        if not found.matches and what != "projects":
            print("  --fillers also shows those for whom there is no reason.")


def write_line(asked: Asked, id: str, found: Found, *, reasons: bool) -> None:
    """One jsonl line on stdout: {"member"|"query", "model", "results": [{"id", "score"}...]}, reasons if asked for."""
    results = [_result(match, found.language if reasons else None) for match in found.matches]
    _write(orjson.dumps({asked: id, "model": found.model, "results": results}))


class RankingWriter:
    """The same lines for many long rankings over the same people, some fifty times faster than by dictionaries."""

    def __init__(self) -> None:
        self._opening: dict[str, bytes] = {}

    def write(self, member: str, ids: Sequence[str], scores: np.ndarray, model: str) -> None:
        """One line; `scores` is (n,) floating, one for each id, best first."""
        for id in set(ids) - self._opening.keys():
            self._opening[id] = b'{"id":' + orjson.dumps(id) + b',"score":'
        head = b'{"member":' + orjson.dumps(member) + b',"model":' + orjson.dumps(model) + b',"results":['
        if not ids:
            _write(head + b"]}")
            return
        numbers = orjson.dumps(scores, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
        results = b"},".join(map(bytes.__add__, map(self._opening.__getitem__, ids), numbers))
        _write(head + results + b"}]}")


def print_table(title: str, matches: Sequence[Match], names: Mapping[str, str], language: Language = "en") -> None:
    """A table of matches with their reasons on stdout."""
    from service.cli.shared.tables import Column
    from service.cli.shared.tables import print_table as print_rows
    from service.texts import say

    if not matches:
        print(f"{title}: nobody found")
        return
    columns = (Column("score", whole=True, right=True), Column("who"), Column("why", wide=True))
    rows = (
        (
            f"{match.score:.3f}",
            _called(match.id, names),
            "\n".join(f"· {say(one.said, language)}" for one in match.reasons),
        )
        for match in matches
    )
    print_rows(columns, rows, [name for name in names.values() if name], title)


def _called(id: str, names: Mapping[str, str]) -> str:
    name = names.get(id, "")
    return f"{name}\n{id}" if name and name != id else id


def _result(match: Match, language: Language | None) -> dict[str, Any]:
    """With reasons in a language, where one is given."""
    result: dict[str, Any] = {"id": match.id, "score": match.score}
    if match.basis:
        result["basis"] = match.basis
    if language:
        result["reasons"] = [_reason(reason, language) for reason in match.reasons]
    return result


def _reason(reason: Reason, language: Language) -> dict[str, Any]:
    from service.texts import say

    evidence = [{one.kind: one.value} for one in reason.evidence]
    sentence = say(reason.said, language)
    return {"kind": reason.kind, "sentence": sentence, "weight": reason.weight, "evidence": evidence}


def _write(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
