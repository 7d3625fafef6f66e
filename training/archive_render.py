"""One record → the canonical JSON object of the archive: the same record always gives the same object.

Keys stand in a fixed order with unknown ones last and sorted; a field that is empty is left out unless readers of the
format rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from models.records import Need, Record
from training.archive_fields import KNOWN_FIELDS, NESTED_LISTS, NESTED_PREFIX, Json, canonical_json
from training.times import format_time


def render(kind: str, record: Record) -> Json:
    """The canonical object of a record."""
    row = _RENDERERS[kind](record)
    extra: str = getattr(record, "extra", "")
    if extra:
        # Not every writer of `extra` sorts its keys; sorting here makes export → import → export stable.
        _restore_extra(row, orjson.loads(canonical_json(orjson.loads(extra))), KNOWN_FIELDS[kind])
    return row


def _render_message(m: Any) -> Json:
    return {
        "id": m.id, "author": m.author, "time": format_time(m.time),
        **_filled(channel=m.channel, thread=m.thread, topic=m.topic, reply_to=m.reply_to, mentions=m.mentions),
        "text": m.text,
    }  # fmt: skip


def _render_member(m: Any) -> Json:
    return {
        "id": m.id,
        **_filled(
            name=m.name, profile=m.profile, aims=m.aims, offers=_render_needs(m.offers), seeks=_render_needs(m.seeks),
            values=m.values, languages=m.languages, place=m.place, time_zone=m.time_zone, availability=m.availability,
            identities=[{"platform": i.platform, "handle": i.handle} for i in m.identities],
        ),
        "consent": m.consent,
        **_filled(paused_until=_render_time(m.paused_until), attributes=dict(sorted(m.attributes.items()))),
    }  # fmt: skip


def _render_community(c: Any) -> Json:
    return _filled(name=c.name, purpose=c.purpose, values=c.values, languages=c.languages)


def _render_channel(c: Any) -> Json:
    return {"id": c.id, **_filled(name=c.name), "visibility": c.visibility, **_filled(members=c.members)}


def _render_project(p: Any) -> Json:
    return {
        "id": p.id, "title": p.title, "text": p.text, **_filled(time=_render_time(p.time)), "members": list(p.members),
        **_filled(needs=_render_needs(p.needs), state=p.state),
    }  # fmt: skip


def _render_tie(t: Any) -> Json:
    return {"id": t.id, "from": t.source, "to": t.target, **_filled(time=_render_time(t.time), kind=t.kind)}


def _render_outcome(o: Any) -> Json:
    return {**_render_tie(o), **_filled(value=o.value, token=o.token)}


def _render_suggestion(s: Any) -> Json:
    return {"id": s.id, "member": s.member, "field": s.field, "text": s.text,
            **_filled(kind=s.kind, message=s.message), "state": s.state}  # fmt: skip


_RENDERERS: dict[str, Callable[[Any], Json]] = {
    "community": _render_community,
    "member": _render_member,
    "channel": _render_channel,
    "message": _render_message,
    "project": _render_project,
    "tie": _render_tie,
    "outcome": _render_outcome,
    "block": _render_tie,
    "suggestion": _render_suggestion,
}


def _filled(**fields: Any) -> Json:
    return {key: value for key, value in fields.items() if value}


def _render_time(time: int | None) -> str:
    return "" if time is None else format_time(time)


def _render_needs(needs: tuple[Need, ...]) -> list[str | Json]:
    return [{"kind": need.kind, "text": need.text} if need.kind else need.text for need in needs]


def _restore_extra(row: Json, extra: Json, known: frozenset[str]) -> None:
    for field in NESTED_LISTS.keys() & row.keys() & known:
        if nested := extra.pop(NESTED_PREFIX + field, None):
            row[field] = _restore_nested(field, row[field], nested)
    row.update((key, value) for key, value in extra.items() if key not in known)


def _restore_nested(field: str, values: list[Any], nested: list[Json]) -> list[Any]:
    """Puts unknown fields back into the objects they came with; an object changed since has lost them."""
    fields = NESTED_LISTS[field]
    unknown = {_key(fields, raw): {k: v for k, v in raw.items() if k not in fields} for raw in nested}
    return [_merged(fields, value, unknown.get(_key(fields, value), {})) for value in values]


def _key(fields: tuple[str, ...], value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value, "")
    return tuple(str(value.get(field) or "") for field in fields)


def _merged(fields: tuple[str, ...], value: Any, unknown: Mapping[str, Any]) -> Any:
    if not unknown:
        return value
    return {**(value if isinstance(value, dict) else {"text": value}), **unknown}
