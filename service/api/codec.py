"""Records to messages of the contract and back. Messages must have passed `service.core.validation.validate` before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from google.protobuf.timestamp_pb2 import Timestamp
from yiqi.v1 import channel_pb2, common_pb2, community_pb2, member_pb2, message_pb2, outcome_pb2, project_pb2

from models.domain.records import (
    Channel,
    Community,
    Consent,
    Identity,
    Member,
    Message,
    Micros,
    Need,
    Outcome,
    OutcomeKind,
    Project,
    ProjectState,
    Scalar,
    Suggestion,
    ValueKind,
    Visibility,
)
from service.api import enums
from service.core.errors import InvalidArgument
from service.core.names import child_name, community_name, id_within, shown, suggestion_name


def micros(message: Timestamp) -> Micros:
    """A timestamp as microseconds since 1970."""
    return message.seconds * 1_000_000 + message.nanos // 1000


def timestamp(time: Micros) -> Timestamp:
    """Microseconds since 1970 as a timestamp."""
    return Timestamp(seconds=time // 1_000_000, nanos=time % 1_000_000 * 1000)


def ids(names: Iterable[str], community: str, collection: str, what: str) -> tuple[str, ...]:
    """The ids of names that must lie in the community."""
    return tuple(id_within(name, community, collection, what) for name in names)


def needs(items: Iterable[common_pb2.Need]) -> tuple[Need, ...]:
    """Needs as records."""
    return tuple(Need(item.text, cast(ValueKind, enums.VALUE_KIND.word(item.kind))) for item in items)


def attributes(items: Iterable[common_pb2.Attribute], what: str = "attributes") -> dict[str, Scalar]:
    """Attributes as a dict. Raises InvalidArgument for a repeated name or a missing value."""
    found: dict[str, Scalar] = {}
    for item in items:
        value = item.WhichOneof("value")
        if value is None:
            raise InvalidArgument(f"{what} {shown(item.name)} without a value")
        if item.name in found:
            raise InvalidArgument(f"{what} with {shown(item.name)} twice")
        found[item.name] = getattr(item, value)
    return found


def need_message(item: Need) -> common_pb2.Need:
    """Something offered, sought or needed."""
    return common_pb2.Need(text=item.text, kind=enums.VALUE_KIND.number(item.kind))  # type: ignore[arg-type]


def _need_messages(items: Iterable[Need]) -> list[common_pb2.Need]:
    return [need_message(item) for item in items]


def _attribute_messages(items: dict[str, Scalar]) -> list[common_pb2.Attribute]:
    return [attribute_message(name, items[name]) for name in sorted(items)]


def attribute_message(name: str, value: Scalar) -> common_pb2.Attribute:
    """A named fact."""
    match value:
        case bool():
            return common_pb2.Attribute(name=name, boolean=value)
        case int():
            return common_pb2.Attribute(name=name, integer=value)
        case float():
            return common_pb2.Attribute(name=name, number=value)
        case _:
            return common_pb2.Attribute(name=name, text=value)


def community_record(message: community_pb2.Community, id: str) -> Community:
    """A community under this id."""
    return Community(
        id=id,
        name=message.display_name,
        purpose=message.purpose,
        values=tuple(message.values),
        languages=tuple(message.languages),
        extra=message.extra_json,
    )


def community_message(record: Community, version: int) -> community_pb2.Community:
    """A community with its etag."""
    return community_pb2.Community(
        name=community_name(record.id),
        display_name=record.name,
        purpose=record.purpose,
        values=record.values,
        languages=record.languages,
        extra_json=record.extra,
        etag=etag(version),
    )


def channel_record(message: channel_pb2.Channel, community: str, id: str) -> Channel:
    """A channel under this id."""
    return Channel(
        id=id,
        name=message.display_name,
        visibility=cast(Visibility, enums.VISIBILITY.word(message.visibility)),
        members=ids(message.members, community, "members", "members"),
        extra=message.extra_json,
    )


def channel_message(record: Channel, community: str, version: int) -> channel_pb2.Channel:
    """A channel with its etag."""
    return channel_pb2.Channel(
        name=child_name(community, "channels", record.id),
        display_name=record.name,
        visibility=enums.VISIBILITY.number(record.visibility),  # type: ignore[arg-type]
        members=[child_name(community, "members", id) for id in record.members],
        extra_json=record.extra,
        etag=etag(version),
    )


def member_record(message: member_pb2.Member, id: str) -> Member:
    """A member under this id."""
    return Member(
        id=id,
        name=message.display_name,
        profile=message.profile,
        aims=tuple(message.aims),
        offers=needs(message.offers),
        seeks=needs(message.seeks),
        values=tuple(message.values),
        languages=tuple(message.languages),
        place=message.place,
        time_zone=message.time_zone,
        availability=tuple(message.availability),
        identities=tuple(Identity(one.platform, one.handle) for one in message.identities),
        consent=cast(Consent, enums.CONSENT.word(message.consent)),
        paused_until=micros(message.paused_until) if message.HasField("paused_until") else None,
        attributes=attributes(message.attributes),
        extra=message.extra_json,
    )


def member_message(record: Member, community: str, version: int) -> member_pb2.Member:
    """A member with its etag."""
    return member_pb2.Member(
        name=child_name(community, "members", record.id),
        display_name=record.name,
        profile=record.profile,
        aims=record.aims,
        offers=_need_messages(record.offers),
        seeks=_need_messages(record.seeks),
        values=record.values,
        languages=record.languages,
        place=record.place,
        time_zone=record.time_zone,
        availability=record.availability,
        identities=[member_pb2.Identity(platform=one.platform, handle=one.handle) for one in record.identities],
        consent=enums.CONSENT.number(record.consent),  # type: ignore[arg-type]
        paused_until=None if record.paused_until is None else timestamp(record.paused_until),
        attributes=_attribute_messages(record.attributes),
        extra_json=record.extra,
        etag=etag(version),
    )


def suggestion_message(record: Suggestion, community: str) -> member_pb2.Suggestion:
    """A suggestion."""
    return member_pb2.Suggestion(
        name=suggestion_name(community, record.member, record.id),
        field=enums.SUGGESTION_FIELD.number(record.field),  # type: ignore[arg-type]
        text=record.text,
        kind=enums.VALUE_KIND.number(record.kind),  # type: ignore[arg-type]
        message=child_name(community, "messages", record.message),
        state=enums.SUGGESTION_STATE.number(record.state),  # type: ignore[arg-type]
    )


def message_record(message: message_pb2.Message, community: str) -> Message:
    """A message under the id in its name."""
    return Message(
        id=id_within(message.name, community, "messages", "name"),
        author=id_within(message.author, community, "members", "author"),
        time=micros(message.time),
        text=message.text,
        channel=id_within(message.channel, community, "channels", "channel"),
        thread=message.thread,
        topic=message.topic,
        reply_to=id_within(message.reply_to, community, "messages", "reply_to"),
        mentions=ids(message.mentions, community, "members", "mentions"),
        extra=message.extra_json,
    )


def message_message(record: Message, community: str) -> message_pb2.Message:
    """A message of the contract."""
    return message_pb2.Message(
        name=child_name(community, "messages", record.id),
        author=child_name(community, "members", record.author),
        time=timestamp(record.time),
        text=record.text,
        channel=child_name(community, "channels", record.channel),
        thread=record.thread,
        topic=record.topic,
        reply_to=child_name(community, "messages", record.reply_to),
        mentions=[child_name(community, "members", id) for id in record.mentions],
        extra_json=record.extra,
    )


def project_record(message: project_pb2.Project, community: str, id: str) -> Project:
    """A project under this id."""
    return Project(
        id=id,
        time=micros(message.time) if message.HasField("time") else None,
        title=message.title,
        text=message.text,
        members=ids(message.members, community, "members", "members"),
        needs=needs(message.needs),
        state=cast(ProjectState, enums.PROJECT_STATE.word(message.state)),
        extra=message.extra_json,
    )


def project_message(record: Project, community: str, version: int) -> project_pb2.Project:
    """A project with its etag."""
    return project_pb2.Project(
        name=child_name(community, "projects", record.id),
        title=record.title,
        text=record.text,
        time=None if record.time is None else timestamp(record.time),
        members=[child_name(community, "members", id) for id in record.members],
        needs=_need_messages(record.needs),
        state=enums.PROJECT_STATE.number(record.state),  # type: ignore[arg-type]
        extra_json=record.extra,
        etag=etag(version),
    )


def outcome_record(message: outcome_pb2.Outcome, community: str) -> Outcome:
    """An outcome; its id is "" when the message has no name."""
    return Outcome(
        id=id_within(message.name, community, "outcomes", "name"),
        source=id_within(message.source, community, "members", "source"),
        target=id_within(message.target, community, "members", "target"),
        time=micros(message.time),
        kind=cast(OutcomeKind, enums.OUTCOME_KIND.word(message.kind)),
        value=cast(ValueKind, enums.VALUE_KIND.word(message.value)),
        token=message.recommendation_token,
        extra=message.extra_json,
    )


def outcome_message(record: Outcome, community: str) -> outcome_pb2.Outcome:
    """An outcome of the contract."""
    return outcome_pb2.Outcome(
        name=child_name(community, "outcomes", record.id),
        source=child_name(community, "members", record.source),
        target=child_name(community, "members", record.target),
        time=timestamp(record.time),
        kind=enums.OUTCOME_KIND.number(record.kind),  # type: ignore[arg-type]
        value=enums.VALUE_KIND.number(record.value),  # type: ignore[arg-type]
        recommendation_token=record.token,
        extra_json=record.extra,
    )


def etag(version: int) -> str:
    """The etag of a version."""
    return f'"{version}"'


def version(etag: str) -> int | None:
    """The version of an etag; None for an empty one, which means any. Raises InvalidArgument."""
    if not etag:
        return None
    digits = etag[1:-1]
    if etag[0] != '"' or etag[-1] != '"' or not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise InvalidArgument(shown(etag), reason="ETAG_MALFORMED")
    return int(digits)
