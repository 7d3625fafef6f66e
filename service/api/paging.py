"""Page tokens: where the next page begins, bound to the list that they were made for."""

from __future__ import annotations

import base64
import hashlib

from service.core.errors import InvalidArgument
from service.core.names import shown

DEFAULT_PAGE = 50
_CHECK_BYTES = 8
_DIGITS = 18  # of the largest number that the store takes


def size(asked: int) -> int:
    """The number of items of a page: `asked`, or 50 for 0."""
    return asked or DEFAULT_PAGE


def token(after: str, *scope: str) -> str:
    """A token for the page that begins after this id, of the list that `scope` (method, parent, filters) names.

    "" for an empty id: there is no further page.
    """
    if not after:
        return ""
    return base64.urlsafe_b64encode(_check(after, scope) + after.encode()).decode().rstrip("=")


def after(token: str, *scope: str, reason: str = "PAGE_TOKEN_INVALID") -> str:
    """The id that a token stands for; "" for an empty token. Raises InvalidArgument for one of another list."""
    if not token:
        return ""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        found = raw[_CHECK_BYTES:].decode()
    except ValueError:
        raise InvalidArgument(shown(token), reason=reason) from None
    if raw[:_CHECK_BYTES] != _check(found, scope):
        raise InvalidArgument(shown(token), reason=reason)
    return found


def offset(token: str, *scope: str) -> int:
    """The number that a token stands for, of a list whose pages begin at numbers; 0 for an empty token. Raises as
    `after` does: whoever knows how tokens are made can write anything into one."""
    found = after(token, *scope) or "0"
    if not (found.isascii() and found.isdigit() and len(found) <= _DIGITS):
        raise InvalidArgument(shown(token), reason="PAGE_TOKEN_INVALID")
    return int(found)


def _check(after: str, scope: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\0".join((after, *scope)).encode()).digest()[:_CHECK_BYTES]
