"""Update masks over messages of the contract."""

from __future__ import annotations

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from service.core.errors import InvalidArgument
from service.core.names import shown

# Set by the service, never by an update.
_FIXED = frozenset({"name", "etag"})
# Where a record calls a field otherwise than the contract does.
_RECORD_FIELDS = {"display_name": "name", "extra_json": "extra"}


def masked_fields(changes: Message, mask: FieldMask) -> list[str]:
    """The record fields that an update is about: those in the mask, all under "*", the filled ones without a mask.

    Raises InvalidArgument (UPDATE_MASK_INVALID) for a path that is no field of the resource or is set by the service.
    """
    allowed = [field.name for field in changes.DESCRIPTOR.fields if field.name not in _FIXED]
    if list(mask.paths) == ["*"]:
        paths = allowed
    elif mask.paths:
        paths = list(dict.fromkeys(mask.paths))
    else:
        paths = [field.name for field, _ in changes.ListFields() if field.name not in _FIXED]
    for path in paths:
        if path not in allowed:
            raise InvalidArgument(f"The update_mask path {shown(path)}", reason="UPDATE_MASK_INVALID")
    return [_RECORD_FIELDS.get(path, path) for path in paths]
