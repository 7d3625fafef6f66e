"""One record → the canonical JSON object of the archive: the same record always gives the same object.

Keys stand in a fixed order with unknown ones last and sorted; a field that is empty is left out unless readers of the
format rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from models.archive.fields import KNOWN_FIELDS, NESTED_LISTS, NESTED_PREFIX, Json, canonical_json
from models.archive.times import format_time
from models.domain.records import Guest, Need, Record


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


def _render_round(r: Any) -> Json:
    return {
        "id": r.id, "time": format_time(r.time), **_filled(title=r.title), "state": r.state,
        **_filled(
            members=r.members, spec=_json(r.spec), plan=_json(r.plan), left_out=_json(r.left_out),
            ranked_as=r.ranked_as, language=r.language, double_opt_in=r.double_opt_in, goes_out=r.goes_out,
            period_days=r.period_days, attempt=r.attempt, published=_render_time(r.published), problem=r.problem,
            date=r.date, place=r.place, note=r.note,
        ),
    }  # fmt: skip


def _render_invitation(i: Any) -> Json:
    return {
        "id": i.id, "time": format_time(i.time), "source": i.source, **_filled(ref=i.ref),
        "guests": [_render_guest(guest) for guest in i.guests],
        "state": i.state,
        **_filled(
            double_opt_in=i.double_opt_in, title=i.title, text=i.text, sitting=i.sitting, slot=i.slot, team=i.team,
            score=i.score, period_days=i.period_days,
        ),
    }  # fmt: skip


def _render_guest(g: Guest) -> Json:
    replied = g.reply if g.reply != "pending" else ""
    return {"member": g.member,
            **_filled(role=g.role, reply=replied, answer=g.answer, renewed=g.renewed, left=g.left)}  # fmt: skip


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
    "round": _render_round,
    "invitation": _render_invitation,
}


def _filled(**fields: Any) -> Json:
    return {key: value for key, value in fields.items() if value}


def _json(text: str) -> Any:
    return orjson.loads(text) if text else None


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
