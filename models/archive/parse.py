"""One JSON object of an archive → one record: lenient where nothing is lost, else a clear reason why it is none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, get_args

from models.archive.fields import KNOWN_FIELDS, NESTED_LISTS, NESTED_PREFIX, Json, canonical_json
from models.archive.times import parse_time
from models.domain.records import (
    OUTCOME_KINDS,
    VALUE_KINDS,
    Block,
    Channel,
    Community,
    Consent,
    FollowUp,
    Guest,
    Identity,
    Invitation,
    InvitationSource,
    InvitationState,
    Member,
    Message,
    Need,
    Outcome,
    Project,
    ProjectState,
    Record,
    Reply,
    Round,
    RoundState,
    Scalar,
    Suggestion,
    SuggestionField,
    SuggestionState,
    Tie,
    Visibility,
)
from models.rounds.spec.json_text import (
    left_out_text,
    named_in,
    plan_text,
    read_left_out,
    read_plan,
    read_spec,
    spec_text,
)
from models.rounds.spec.requests import Plan, RoundSpec


class RowError(ValueError):
    """An object is no record; the text says why, for the person who made the archive."""


def parse(kind: str, row: Json, consent: Consent = "organizers") -> Record:
    """The record of an object. `consent` is that of a member who states none.

    Numbers count as ids, one string as a list of one, null as absent. RowError when the object is no record.
    """
    return _PARSERS[kind](row, consent)


def _message(row: Json, _: Consent) -> Message:
    return Message(
        id=_required_id(row, "id"),
        author=_required_id(row, "author"),
        time=_required_time(row, "time"),
        text=_text(row, "text"),
        channel=_id(row, "channel"),
        thread=_id(row, "thread"),
        topic=_text(row, "topic"),
        reply_to=_id(row, "reply_to"),
        mentions=_ids(row, "mentions") if "mentions" in row else (),
        extra=_extra("message", row),
    )


def _member(row: Json, consent: Consent) -> Member:
    return Member(
        id=_required_id(row, "id"),
        name=_id(row, "name"),
        profile=_text(row, "profile"),
        aims=_texts(row, "aims"),
        offers=_needs(row, "offers"),
        seeks=_needs(row, "seeks"),
        values=_texts(row, "values"),
        languages=_texts(row, "languages"),
        place=_text(row, "place"),
        time_zone=_text(row, "time_zone"),
        availability=_texts(row, "availability"),
        identities=_identities(row),
        consent=_one_of(row, "consent", get_args(Consent)) or consent,
        paused_until=_time(row, "paused_until"),
        attributes=_attributes(row),
        extra=_extra("member", row),
    )


def _community(row: Json, _: Consent) -> Community:
    return Community(
        id=_id(row, "id"),
        name=_text(row, "name"),
        purpose=_text(row, "purpose"),
        values=_texts(row, "values"),
        languages=_texts(row, "languages"),
        extra=_extra("community", row),
    )


def _channel(row: Json, _: Consent) -> Channel:
    return Channel(
        id=_required_id(row, "id"),
        name=_text(row, "name"),
        visibility=_one_of(row, "visibility", get_args(Visibility)) or "community",
        members=_ids(row, "members"),
        extra=_extra("channel", row),
    )


def _project(row: Json, _: Consent) -> Project:
    return Project(
        id=_required_id(row, "id"),
        time=_time(row, "time"),
        title=_text(row, "title"),
        text=_text(row, "text"),
        members=_ids(row, "members"),
        needs=_needs(row, "needs"),
        state=_one_of(row, "state", get_args(ProjectState)),
        extra=_extra("project", row),
    )


def _tie(row: Json, _: Consent) -> Tie:
    return Tie(
        id=_id(row, "id") or _derived_id(row),
        source=_required_id(row, "from"),
        target=_required_id(row, "to"),
        time=_time(row, "time"),
        kind=_text(row, "kind"),
        extra=_extra("tie", row),
    )


def _outcome(row: Json, _: Consent) -> Outcome:
    return Outcome(
        id=_id(row, "id") or _derived_id(row),
        source=_required_id(row, "from"),
        target=_required_id(row, "to"),
        time=_required_time(row, "time"),
        kind=_one_of(row, "kind", OUTCOME_KINDS, required=True),
        value=_one_of(row, "value", VALUE_KINDS),
        token=_text(row, "token"),
        extra=_extra("outcome", row),
    )


def _block(row: Json, _: Consent) -> Block:
    source, target = _required_id(row, "from"), _required_id(row, "to")
    return Block(
        id=_id(row, "id") or _pair_id(source, target),
        source=source,
        target=target,
        time=_time(row, "time"),
        kind=_text(row, "kind"),
        extra=_extra("block", row),
    )


def _suggestion(row: Json, _: Consent) -> Suggestion:
    if unknown := row.keys() - KNOWN_FIELDS["suggestion"]:
        raise RowError(f"a suggestion has no field {min(unknown)!r}")
    return Suggestion(
        id=_required_id(row, "id"),
        member=_required_id(row, "member"),
        field=_one_of(row, "field", get_args(SuggestionField), required=True),
        text=_text(row, "text"),
        kind=_one_of(row, "kind", VALUE_KINDS),
        message=_id(row, "message"),
        state=_one_of(row, "state", get_args(SuggestionState)) or "open",
    )


def _round(row: Json, _: Consent) -> Round:
    spec, plan, left_out = _spec(row), _plan(row), _left_out(row)
    return Round(
        id=_required_id(row, "id"),
        time=_required_time(row, "time"),
        title=_text(row, "title"),
        state=_one_of(row, "state", get_args(RoundState), required=True),
        members=named_in(spec, plan, left_out),
        spec=spec_text(spec),
        plan=plan_text(plan) if row.get("plan") is not None else "",
        left_out=left_out_text(left_out),
        ranked_as=_one_of(row, "ranked_as", ("collaborators", "peers")) or "collaborators",
        language=_one_of(row, "language", ("en", "zh")) or "en",
        double_opt_in=_flag(row, "double_opt_in"),
        goes_out=_flag(row, "goes_out"),
        period_days=_number(row, "period_days"),
        attempt=_number(row, "attempt"),
        published=_time(row, "published"),
        problem=_text(row, "problem"),
        date=_text(row, "date"),
        place=_text(row, "place"),
        note=_text(row, "note"),
        extra=_extra("round", row),
    )


def _invitation(row: Json, _: Consent) -> Invitation:
    guests = tuple(_guest(value, f"guests[{i}]") for i, value in enumerate(_list(row, "guests")))
    if len({guest.member for guest in guests}) < 2:
        raise RowError("guests must be two people or more")
    return Invitation(
        id=_required_id(row, "id"),
        time=_required_time(row, "time"),
        guests=guests,
        source=_one_of(row, "source", get_args(InvitationSource), required=True),
        ref=_id(row, "ref"),
        state=_one_of(row, "state", get_args(InvitationState)) or "open",
        double_opt_in=_flag(row, "double_opt_in"),
        title=_text(row, "title"),
        text=_text(row, "text"),
        sitting=_number(row, "sitting"),
        slot=_text(row, "slot"),
        team=_text(row, "team"),
        score=_score(row, "score"),
        period_days=_number(row, "period_days"),
        extra=_extra("invitation", row),
    )


def _guest(value: object, where: str) -> Guest:
    if not isinstance(value, dict):
        raise RowError(f"{where} must be an object with member")
    try:
        return Guest(
            member=_required_id(value, "member"),
            role=_text(value, "role"),
            reply=_one_of(value, "reply", get_args(Reply)) or "pending",
            answer=_one_of(value, "answer", get_args(FollowUp)),
            renewed=_number(value, "renewed"),
            left=_flag(value, "left"),
        )
    except RowError as error:
        raise RowError(f"{where}.{error}") from None


def _spec(row: Json) -> RoundSpec:
    if row.get("spec") is None:
        raise RowError("spec is missing")
    try:
        return read_spec(canonical_json(row["spec"]))
    except ValueError as error:
        raise RowError(f"spec: {error}") from None


def _plan(row: Json) -> Plan:
    try:
        return Plan() if row.get("plan") is None else read_plan(canonical_json(row["plan"]))
    except ValueError as error:
        raise RowError(f"plan: {error}") from None


def _left_out(row: Json) -> dict[str, str]:
    try:
        return read_left_out(canonical_json(row["left_out"])) if row.get("left_out") is not None else {}
    except ValueError as error:
        raise RowError(str(error)) from None


_PARSERS: dict[str, Callable[[Json, Consent], Record]] = {
    "community": _community,
    "member": _member,
    "channel": _channel,
    "message": _message,
    "project": _project,
    "tie": _tie,
    "outcome": _outcome,
    "block": _block,
    "suggestion": _suggestion,
    "round": _round,
    "invitation": _invitation,
}


def _text(row: Json, key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if type(value) is not str:
        raise RowError(f"{key} must be text")
    return value


def _id(row: Json, key: str) -> str:
    value = row.get(key)
    return "" if value is None else _as_id(value, key)


def _as_id(value: object, key: str) -> str:
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise RowError(f"{key} must be text or a whole number")


def _flag(row: Json, key: str) -> bool:
    value = row.get(key)
    if value is not None and not isinstance(value, bool):
        raise RowError(f"{key} must be true or false")
    return bool(value)


def _number(row: Json, key: str) -> int:
    value = row.get(key)
    if value is not None and type(value) is not int:
        raise RowError(f"{key} must be a whole number")
    return value or 0


def _score(row: Json, key: str) -> float:
    value = row.get(key)
    if value is not None and type(value) not in (int, float):
        raise RowError(f"{key} must be a number")
    return float(value or 0)


def _required_id(row: Json, key: str) -> str:
    value = row.get(key)
    if value is None or value == "":
        raise RowError(f"{key} is missing")
    return _as_id(value, key)


def _list(row: Json, key: str) -> list[Any]:
    value = row.get(key)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _ids(row: Json, key: str) -> tuple[str, ...]:
    return tuple(_as_id(value, f"{key}[{i}]") for i, value in enumerate(_list(row, key)) if value != "")


def _texts(row: Json, key: str) -> tuple[str, ...]:
    values = _list(row, key)
    for i, value in enumerate(values):
        if not isinstance(value, str):
            raise RowError(f"{key}[{i}] must be text")
    return tuple(value for value in values if value)


def _needs(row: Json, key: str) -> tuple[Need, ...]:
    return tuple(need for i, value in enumerate(_list(row, key)) if (need := _need(value, f"{key}[{i}]")).text)


def _need(value: object, where: str) -> Need:
    if isinstance(value, str):
        return Need(value)
    if not isinstance(value, dict):
        raise RowError(f"{where} must be text or an object with text and kind")
    try:
        return Need(_text(value, "text"), _one_of(value, "kind", VALUE_KINDS))
    except RowError as error:
        raise RowError(f"{where}.{error}") from None


def _identities(row: Json) -> tuple[Identity, ...]:
    return tuple(_identity(value, f"identities[{i}]") for i, value in enumerate(_list(row, "identities")))


def _identity(value: object, where: str) -> Identity:
    if not isinstance(value, dict):
        raise RowError(f"{where} must be an object with platform and handle")
    try:
        return Identity(_required_id(value, "platform"), _required_id(value, "handle"))
    except RowError as error:
        raise RowError(f"{where}.{error}") from None


def _attributes(row: Json) -> dict[str, Scalar]:
    values = row.get("attributes")
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise RowError("attributes must be an object")
    for key, value in values.items():
        if isinstance(value, (list, dict)):
            raise RowError(f"attributes.{key} must be text, a number, true or false")
    return {key: values[key] for key in sorted(values) if values[key] is not None}


def _one_of(row: Json, key: str, allowed: tuple[Any, ...], *, required: bool = False) -> Any:
    value = row.get(key)
    if value is None or value == "":
        if required:
            raise RowError(f"{key} is missing")
        return ""
    if value not in allowed:
        raise RowError(f"{key} must be one of {', '.join(filter(None, allowed))}")
    return value


def _time(row: Json, key: str) -> int | None:
    value = row.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise RowError(f"{key} must be an RFC 3339 time as text")
    try:
        return parse_time(value)
    except ValueError as error:
        raise RowError(f"{key}: {error}") from None


def _required_time(row: Json, key: str) -> int:
    time = _time(row, key)
    if time is None:
        raise RowError(f"{key} is missing")
    return time


def _derived_id(row: Json) -> str:
    return hashlib.blake2b(canonical_json(row).encode(), digest_size=10).hexdigest()


def _pair_id(source: str, target: str) -> str:
    pair = f"{source}~{target}"
    return pair if len(pair) <= 128 else _derived_id({"from": source, "to": target})


def _extra(kind: str, row: Json) -> str:
    known = KNOWN_FIELDS[kind]
    if known.issuperset(row) and not _may_nest(kind):
        return ""
    extra = {key: value for key, value in row.items() if key not in known}
    for field in NESTED_LISTS.keys() & row.keys() & known:
        if unknown := _nested_unknown(row, field):
            extra[NESTED_PREFIX + field] = unknown
    return canonical_json(extra) if extra else ""


def _may_nest(kind: str) -> bool:
    return kind in ("member", "project")


def _nested_unknown(row: Json, field: str) -> list[Json]:
    fields = NESTED_LISTS[field]
    return [v for v in _list(row, field) if isinstance(v, dict) and not v.keys() <= set(fields)]
