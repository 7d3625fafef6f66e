"""Of whose share of the service a call is: of its community's."""

from __future__ import annotations

_PREFIX = b"communities/"
# A name stands at the front, or at the front of a resource; no more than this is looked through.
_LOOKED_AT = 4096


def share_of(raw: bytes) -> str:
    """The key of the share. `raw` is the request as it came, which is not parsed for it; "" when it names none."""
    at = raw.find(_PREFIX, 1, _LOOKED_AT)
    if at < 0:
        return ""
    # In protobuf a string follows its length, in one byte or, from 128 on, in two.
    length = raw[at - 1]
    if at > 1 and raw[at - 2] >= 0x80 and length < 0x80:
        length = (raw[at - 2] & 0x7F) | length << 7
    name = raw[at + len(_PREFIX) : at + length]
    return name.split(b"/", 1)[0].decode(errors="replace")
