"""Of whose share of the service a call is: of its community's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message import DecodeError, Message

from service.api.interceptors.methods import OURS
from service.application.policies import POLICIES, community_asked
from service.core.errors import YiqiError

_PREFIX = "communities/"
_PACKAGE = "yiqi.shares"
_CONTRACT: Any = descriptor_pool.Default()  # type: ignore[no-untyped-call]
_MESSAGES: Any = descriptor_pool.DescriptorPool()


@cache
def share_reader(method: str) -> Callable[[bytes], str]:
    """What gives the key of the share from a request of a method as it came; "" where it names no community.

    It is read as the request will be, but for all other fields, which are skipped: nothing in a text, and no field that
    is overruled by a later one, can charge another community.
    """
    path = POLICIES[method.removeprefix(OURS)].community.split(".")
    if path == [""]:
        return lambda raw: ""
    name = method.removeprefix("/").replace("/", ".")
    parse = _only(_CONTRACT.FindMethodByName(name).input_type, path).FromString
    field = attrgetter(".".join(path))

    def share(raw: bytes) -> str:
        try:
            value: str = field(parse(raw))
        except DecodeError:
            return ""  # as a whole it will not be read either
        if not value.startswith(_PREFIX):
            return value if path == ["community_id"] else ""
        return value.split("/", 2)[1]

    return share


def share_of_piece(method: str) -> Callable[[Any], str]:
    """The same of a piece of a stream, which comes as a message where there are many, and else as bytes; "" of what
    cannot be read or asks nobody, which is refused later on."""
    of_bytes, call = share_reader(method), method.removeprefix(OURS)

    def share(piece: Any) -> str:
        if isinstance(piece, bytes):
            return of_bytes(piece)
        try:
            return community_asked(call, piece) if isinstance(piece, Message) else ""
        except YiqiError:
            return ""

    return share


def _only(message: Descriptor, path: Sequence[str]) -> Any:
    """The class of a message that has of another one's fields those on a path alone, under the same numbers."""
    file = FileDescriptorProto(name=f"{message.full_name}.{'.'.join(path)}", package=_PACKAGE, syntax="proto3")
    root = file.message_type.add(name=message.full_name.replace(".", "_"))
    _add_fields(root, message, path)
    _MESSAGES.Add(file)
    return message_factory.GetMessageClass(_MESSAGES.FindMessageTypeByName(f"{_PACKAGE}.{root.name}"))


def _add_fields(made: DescriptorProto, message: Descriptor, path: Sequence[str], within: str = "") -> None:
    field = message.fields_by_name[path[0]]
    within = f"{within}.{made.name}"
    added = made.field.add(name=field.name, number=field.number, label=FieldDescriptorProto.LABEL_OPTIONAL)
    if field.message_type is None:
        added.type = FieldDescriptorProto.TYPE_STRING
        return
    added.type = FieldDescriptorProto.TYPE_MESSAGE
    inner = made.nested_type.add(name="Inner")
    added.type_name = f".{_PACKAGE}{within}.Inner"
    _add_fields(inner, field.message_type, path[1:], within)
