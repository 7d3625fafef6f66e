"""Tokens of another issuer: signed JWTs whose claims say role and community."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

import jwt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from service.access.caller import ROLES, Caller, Role
from service.core.errors import FailedPrecondition, NotAuthenticated
from service.core.names import is_id

EVERY = "*"
_SECOND = 1_000_000
_KEYS_SECONDS, _FETCH_SECONDS = 300, 5
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Signed with the issuer's private key: a shared secret would let this side make tokens, too.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


class IssuerFile(BaseModel):
    """What the file that YIQI_JWT names says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(min_length=1)
    """What "iss" must be."""
    audience: str = Field(min_length=1)
    """What "aud" must hold: a token for another service is none for this one."""
    keys: str = Field(min_length=1)
    """The issuer's public keys as a JWKS: the path of a file, or an https address."""
    role_claim: str = "yiqi_role"
    """The claim that says the role."""
    community_claim: str = "yiqi_community"
    """The claim that says the community; "*" is every community."""
    algorithms: list[Algorithm] = ["RS256", "ES256", "EdDSA"]
    """How tokens may be signed."""


class Issuer:
    """Verifies tokens of one issuer."""

    def __init__(self, file: Path) -> None:
        """Raises FailedPrecondition when the file cannot be used."""
        try:
            self._about = IssuerFile.model_validate_json(file.read_bytes())
        except OSError as problem:
            raise FailedPrecondition(f"YIQI_JWT names {file}, which cannot be read: {problem.strerror}") from None
        except ValidationError as problem:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors())
            raise FailedPrecondition(f"The file {file} that YIQI_JWT names is wrong ({wrong})") from None
        self._keys = _Fetched(self._about.keys) if "://" in self._about.keys else _Filed(file, self._about.keys)

    def read(self, text: str) -> Caller:
        """Who calls with a token. Raises NotAuthenticated."""
        about = self._about
        try:
            claims = jwt.decode(
                text,
                self._keys.key(text),
                [*about.algorithms],
                issuer=about.issuer,
                audience=about.audience,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
            role, community = claims[about.role_claim], claims[about.community_claim]
        except (jwt.PyJWTError, KeyError, ValueError, OSError):
            raise NotAuthenticated("The call") from None
        if role not in ROLES[1:] or not isinstance(community, str) or not (community == EVERY or is_id(community)):
            raise NotAuthenticated("The call")
        # Who is named may be a person, so the log gets a hash.
        id = "jwt-" + sha256(f"{about.issuer}\0{claims['sub']}".encode()).hexdigest()[:12]
        return Caller(id, cast(Role, role), "" if community == EVERY else community, int(claims["exp"]) * _SECOND)


class _Filed:
    """Keys of a file, read again when it changes."""

    def __init__(self, beside: Path, path: str) -> None:
        self._path = beside.parent / path
        self._seen = 0
        self._set: jwt.PyJWKSet | None = None
        try:
            self._look()
        except (OSError, ValueError, jwt.PyJWTError) as problem:
            raise FailedPrecondition(f"The keys {self._path} cannot be read as a JWKS", debug=str(problem)) from None

    def key(self, text: str) -> Any:
        return self._look()[str(jwt.get_unverified_header(text).get("kid", ""))]

    def _look(self) -> jwt.PyJWKSet:
        now = self._path.stat().st_mtime_ns
        if self._set is None or now != self._seen:
            self._set, self._seen = jwt.PyJWKSet.from_dict(json.loads(self._path.read_bytes())), now
        return self._set


class _Fetched:
    """Keys of an address, fetched every five minutes; for a key that is not there at most every half minute."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise FailedPrecondition(f"The keys {address} must come over https")
        self._client = jwt.PyJWKClient(address, lifespan=_KEYS_SECONDS, timeout=_FETCH_SECONDS)

    def key(self, text: str) -> Any:
        return self._client.get_signing_key_from_jwt(text)
