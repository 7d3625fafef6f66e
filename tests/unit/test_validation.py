"""Validation: the table covers the contract, and its bounds hold for requests and for records alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from yiqi.v1 import (
    access_pb2,
    channel_pb2,
    common_pb2,
    community_pb2,
    feed_pb2,
    import_pb2,
    invitation_pb2,
    member_pb2,
    message_pb2,
    model_pb2,
    outcome_pb2,
    project_pb2,
    recommendation_pb2,
    round_pb2,
)

from models.domain.records import MAX_TEXT_BYTES, RECORD_TYPES, Member, Message, Need, Outcome, Project, Record
from service.core.bounds import FUTURE_MICROS, Rule
from service.core.errors import InvalidArgument
from service.core.validation import RECORD_RULES, REQUEST_RULES, validate, validate_record

NOW = 1_700_000_000_000_000
PROTOS = (
    access_pb2,
    channel_pb2,
    community_pb2,
    feed_pb2,
    import_pb2,
    member_pb2,
    message_pb2,
    model_pb2,
    outcome_pb2,
    project_pb2,
    recommendation_pb2,
    round_pb2,
    invitation_pb2,
    common_pb2,
)
FREE = {"google.protobuf.FieldMask"}  # checked against the resource by service.api.masks


def request_fields() -> Iterator[FieldDescriptor]:
    queue = [
        method.input_type
        for proto in PROTOS
        for one in proto.DESCRIPTOR.services_by_name.values()
        for method in one.methods
    ]
    seen: set[Descriptor] = set()
    while queue:
        message = queue.pop()
        if message in seen or not message.full_name.startswith("yiqi."):
            continue
        seen.add(message)
        yield from message.fields
        queue += [field.message_type for field in message.fields if field.message_type]


def key(field: FieldDescriptor) -> str:
    return f"{field.containing_type.name}.{field.name}"


def needs_rule(field: FieldDescriptor) -> bool:
    if field.is_repeated:
        return True
    if field.message_type is not None:
        return field.message_type.full_name == "google.protobuf.Timestamp"
    return field.enum_type is None and field.type != FieldDescriptor.TYPE_BOOL


def test_every_field_that_a_request_can_carry_has_a_bound() -> None:
    fields = list(request_fields())
    assert len(fields) > 150
    missing = [key(f) for f in fields if needs_rule(f) and key(f) not in REQUEST_RULES]
    assert missing == []


def test_the_table_names_no_field_that_the_contract_does_not_have() -> None:
    assert set(REQUEST_RULES) <= {key(field) for field in request_fields()}


def test_every_field_of_every_record_has_bounds() -> None:
    for cls in RECORD_TYPES.values():
        assert set(RECORD_RULES[cls]) == set(cls.__dataclass_fields__)
        assert all(isinstance(rule, Rule) for rule in RECORD_RULES[cls].values())


def member(**fields: object) -> Member:
    return Member(**({"id": "ann"} | fields))  # type: ignore[arg-type]


def message(**fields: object) -> Message:
    return Message(**({"id": "m1", "author": "ann", "time": NOW} | fields))  # type: ignore[arg-type]


BAD_RECORDS: list[tuple[Record, str]] = [
    (member(id=""), "FIELD_REQUIRED"),
    (member(id="a/b"), "ID_MALFORMED"),
    (member(id=" ann"), "ID_MALFORMED"),
    (member(id="an\x00n"), "ID_MALFORMED"),
    (member(id="an\ud800n"), "ID_MALFORMED"),
    (member(id="x" * 129), "ID_MALFORMED"),
    (member(name="x" * 201), "TEXT_TOO_LONG"),
    (member(profile="界" * 7000), "TEXT_TOO_LONG"),
    (member(profile="\x00"), "FORBIDDEN_CHARACTER"),
    (member(profile="\ud800"), "INVALID_VALUE"),
    (member(aims=("x",) * 101), "TOO_MANY_ITEMS"),
    (member(offers=(Need(""),)), "FIELD_REQUIRED"),
    (member(offers=(Need("x", "gold"),)), "ENUM_UNKNOWN"),  # type: ignore[arg-type]
    (member(languages=("en_US!",)), "LANGUAGE_TAG_INVALID"),
    (member(time_zone="Mars/Olympus"), "TIME_ZONE_UNKNOWN"),
    (member(time_zone="../../etc/passwd"), "TIME_ZONE_UNKNOWN"),
    (member(consent="everybody"), "ENUM_UNKNOWN"),
    (member(extra="[1]"), "EXTRA_JSON_INVALID"),
    (member(extra="{"), "EXTRA_JSON_INVALID"),
    (member(attributes={"age": float("nan")}), "OUT_OF_RANGE"),
    (member(attributes={"age": 2**63}), "OUT_OF_RANGE"),
    (member(attributes={"": 1}), "FIELD_REQUIRED"),
    (member(paused_until=-1), "TIME_TOO_EARLY"),
    (message(author=""), "FIELD_REQUIRED"),
    (message(time=NOW + FUTURE_MICROS + 1), "TIME_IN_FUTURE"),
    (message(time=-1), "TIME_TOO_EARLY"),
    (message(text="x" * (MAX_TEXT_BYTES + 1)), "TEXT_TOO_LONG"),
    (message(mentions=("a/b",)), "ID_MALFORMED"),
    (Outcome(id="o", source="a", target="b", time=NOW, kind="loved"), "ENUM_UNKNOWN"),  # type: ignore[arg-type]
    (Project(id="p", time=NOW, members=("x",) * 1001), "TOO_MANY_ITEMS"),
]


@pytest.mark.parametrize(("record", "reason"), BAD_RECORDS)
def test_a_record_out_of_bounds_is_refused_with_the_reason(record: Record, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        validate_record(record, NOW)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "record",
    [
        member(id="李 雷 🎈", name="李雷", profile="界" * 6666, languages=("zh-Hans", "en"), time_zone="Asia/Shanghai"),
        member(paused_until=NOW * 2, attributes={"age": 2**63 - 1, "vegan": True, "height": 1.8}, extra='{"a":[1]}'),
        message(text="x" * MAX_TEXT_BYTES, time=NOW + FUTURE_MICROS, reply_to="m0", channel="open", mentions=("bob",)),
        message(time=0),
        Project(id="p", time=None),
    ],
)
def test_a_record_within_bounds_is_accepted(record: Record) -> None:
    validate_record(record, NOW)


def test_a_request_is_checked_down_to_the_items_of_its_lists() -> None:
    request = member_pb2.CreateMemberRequest(parent="communities/c", member_id="ann")
    request.member.offers.add(text="tea")
    request.member.offers.add(text="")
    with pytest.raises(InvalidArgument) as caught:
        validate(request, NOW)
    assert caught.value.reason == "FIELD_REQUIRED"
    assert "member.offers[1].text" in caught.value.sentence


def test_items_that_are_refused_one_by_one_do_not_fail_the_request() -> None:
    request = message_pb2.BatchCreateMessagesRequest(parent="communities/c", messages=[message_pb2.Message()])
    validate(request, NOW)
    with pytest.raises(InvalidArgument):
        validate(request.messages[0], NOW)
