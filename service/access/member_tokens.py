"""Tokens for one member: signed, short-lived, not stored; they end with the token that they were made with."""

from __future__ import annotations

import hmac
from hashlib import sha256

from service.access.caller import MEMBER_QUOTA, Caller
from service.core.errors import NotAuthenticated

PREFIX = "yiqim_"
_ALGORITHM = "HS256"
_SECOND = 1_000_000


def mint(key: bytes, via: Caller, community: str, incarnation: str, member: str, expires: int) -> str:
    """The text of a token for a member until `expires` (microseconds), made by who holds the token `via`."""
    import jwt  # with the cryptography behind it, which few servers ever need

    claims = {"sub": member, "community": community, "via": via.token, "exp": expires // _SECOND}
    claims |= {"incarnation": incarnation} if incarnation else {}
    return PREFIX + jwt.encode(claims, _signing(key), _ALGORITHM)


def read(key: bytes, text: str) -> Caller:
    """Who calls with it. Raises NotAuthenticated. Whether the token that it was made with still counts is left open."""
    if not key:
        raise NotAuthenticated("The call")
    import jwt

    try:
        claims = jwt.decode(
            text.removeprefix(PREFIX), _signing(key), [_ALGORITHM], options={"require": ["exp", "sub", "via"]}
        )
        community, member, via = str(claims["community"]), str(claims["sub"]), str(claims["via"])
        which = str(claims.get("incarnation", ""))
        return Caller(via, "member", community, int(claims["exp"]) * _SECOND, member, MEMBER_QUOTA, which)
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise NotAuthenticated("The call") from None


def _signing(key: bytes) -> bytes:
    # One secret of the folder serves two ends, and neither may be taken for the other.
    return hmac.digest(key, b"tokens of members", sha256)
