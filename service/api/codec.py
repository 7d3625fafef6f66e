"""Records to messages of the contract and back. Messages must have passed `service.core.validation.validate` before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

from google.protobuf import message as protobuf
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.timestamp_pb2 import Timestamp
from yiqi.v1 import channel_pb2, common_pb2, community_pb2, member_pb2, message_pb2, outcome_pb2, project_pb2

from models.domain import strict_json
from models.domain.fields import Field, Id, JsonObject, Time, fields_of
from models.domain.records import (
    Channel,
    Community,
    Identity,
    Member,
    Message,
    Micros,
    Need,
    Outcome,
    Project,
    Record,
    Scalar,
    Suggestion,
    ValueKind,
)
from service.api import enums
from service.core.errors import InvalidArgument
from service.core.field_rules import wire_name
from service.core.names import child_name, community_name, id_within, shown, suggestion_name

R = TypeVar("R", bound=Record)
_Turn: TypeAlias = Callable[[Any, str], Any]  # a value, and the community in which ids in it lie
_Form: TypeAlias = tuple[_Turn | None, _Turn | None]  # None for a value that stays as it is


class _Wire(NamedTuple):
    """A field of a record, what the contract calls it, and what turns a message's value into it, and back."""

    name: str
    wire: str
    optional: bool
    read: _Turn | None
    write: _Turn | None


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


def attribute_of(message: common_pb2.Attribute, what: str) -> tuple[str, Scalar]:
    """The name and the value of one attribute. Raises InvalidArgument for a missing value."""
    return next(iter(attributes([message], what).items()))


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
    return _record(Community, message, id, id)


def community_message(record: Community, version: int) -> community_pb2.Community:
    """A community with its etag."""
    name = community_name(record.id)
    return community_pb2.Community(name=name, etag=etag(version), **_stated(record, community_pb2.Community, record.id))


def channel_record(message: channel_pb2.Channel, community: str, id: str) -> Channel:
    """A channel under this id."""
    return _record(Channel, message, community, id)


def channel_message(record: Channel, community: str, version: int) -> channel_pb2.Channel:
    """A channel with its etag."""
    name = child_name(community, "channels", record.id)
    return channel_pb2.Channel(name=name, etag=etag(version), **_stated(record, channel_pb2.Channel, community))


def member_record(message: member_pb2.Member, id: str) -> Member:
    """A member under this id."""
    return _record(Member, message, "", id)


def member_message(record: Member, community: str, version: int) -> member_pb2.Member:
    """A member with its etag."""
    name = child_name(community, "members", record.id)
    return member_pb2.Member(name=name, etag=etag(version), **_stated(record, member_pb2.Member, community))


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
    return _record(Message, message, community, id_within(message.name, community, "messages", "name"))


def message_message(record: Message, community: str) -> message_pb2.Message:
    """A message of the contract."""
    name = child_name(community, "messages", record.id)
    return message_pb2.Message(name=name, **_stated(record, message_pb2.Message, community))


def project_record(message: project_pb2.Project, community: str, id: str) -> Project:
    """A project under this id."""
    return _record(Project, message, community, id)


def project_message(record: Project, community: str, version: int) -> project_pb2.Project:
    """A project with its etag."""
    name = child_name(community, "projects", record.id)
    return project_pb2.Project(name=name, etag=etag(version), **_stated(record, project_pb2.Project, community))


def outcome_record(message: outcome_pb2.Outcome, community: str) -> Outcome:
    """An outcome; its id is "" when the message has no name."""
    return _record(Outcome, message, community, id_within(message.name, community, "outcomes", "name"))


def outcome_message(record: Outcome, community: str) -> outcome_pb2.Outcome:
    """An outcome of the contract."""
    name = child_name(community, "outcomes", record.id)
    return outcome_pb2.Outcome(name=name, **_stated(record, outcome_pb2.Outcome, community))


# -- by the descriptions of fields ---------------------------------------------------------------------------------


def _record(cls: type[R], message: protobuf.Message, community: str, id: str) -> R:
    values: dict[str, Any] = {"id": id}
    for name, wire, optional, read, _ in _plan(cls, message):
        if optional and not message.HasField(wire):
            values[name] = None
        else:
            value = getattr(message, wire)
            values[name] = read(value, community) if read else value
    return cls(**values)


def _stated(record: Record, message: type[protobuf.Message], community: str) -> dict[str, Any]:
    """The fields of a message by what a record states; its name and etag are left to the caller."""
    stated: dict[str, Any] = {}
    for name, wire, _, _, write in _plan(type(record), message):
        value = getattr(record, name)
        if value is not None:
            stated[wire] = write(value, community) if write else value
    return stated


def _plan(cls: type[Any], message: protobuf.Message | type[protobuf.Message]) -> list[_Wire]:
    if cls not in _PLANS:
        _PLANS[cls] = [
            _wire(field, message.DESCRIPTOR.fields_by_name) for field in fields_of(cls) if field.name != "id"
        ]
    return _PLANS[cls]


_PLANS: dict[type, list[_Wire]] = {}


def _wire(field: Field, carried: Mapping[str, FieldDescriptor]) -> _Wire:
    wire = wire_name(field)
    return _Wire(field.name, wire, field.optional, *_form(field, carried[wire]))


def _form(field: Field, descriptor: FieldDescriptor) -> _Form:
    """What turns a value of a message into that of a record, and back."""
    if field.choices:
        words = enums.Words(descriptor.enum_type, field.default or "")
        return lambda value, _: words.word(value), lambda value, _: words.number(value)
    if field.item and (to := field.item.mark(Id)):
        return (
            lambda value, community: ids(value, community, to.of, descriptor.name),
            lambda value, community: [child_name(community, to.of, one) for one in value],
        )
    if to := field.mark(Id):
        return (
            lambda value, community: id_within(value, community, to.of, descriptor.name),
            lambda value, community: child_name(community, to.of, value),
        )
    if field.mark(Time):
        return _alone(micros, timestamp)
    if field.mark(JsonObject):
        return lambda value, _: strict_json.canonical(value), None
    return _FORMS.get(field.type, (None, None))


def _identities(items: Iterable[member_pb2.Identity]) -> tuple[Identity, ...]:
    return tuple(Identity(one.platform, one.handle) for one in items)


def _identity_messages(items: Iterable[Identity]) -> list[member_pb2.Identity]:
    return [member_pb2.Identity(platform=one.platform, handle=one.handle) for one in items]


def _alone(read: Callable[[Any], Any], write: Callable[[Any], Any]) -> _Form:
    return lambda value, _: read(value), lambda value, _: write(value)


_FORMS: dict[Any, _Form] = {
    tuple[str, ...]: (lambda value, _: tuple(value), None),
    tuple[Need, ...]: _alone(needs, _need_messages),
    tuple[Identity, ...]: _alone(_identities, _identity_messages),
    dict[str, Scalar]: _alone(attributes, _attribute_messages),
}


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
