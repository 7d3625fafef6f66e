"""Recommendation tokens: what was shown to whom, signed, so that an outcome can quote it and nothing need be stored."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from models.domain.records import Outcome
from service.core.errors import InvalidArgument

SHOWN = 100  # ids that a token holds
KEY_FILE = "token.key"
KEY_BYTES = 32
TAG_BYTES = 16
VERSION = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer showed. `kind` is the question asked, `source` the member it was for ("" for a goal of nobody),
    `time` in microseconds, `ids` at most 100, best first."""

    community: str
    kind: str
    source: str
    time: int
    model: str
    index_version: str
    ids: tuple[str, ...]


class Tokens:
    """Signs and verifies with a key in the data folder, which only its owner may read."""

    def __init__(self, data: Path, *, may_create: bool) -> None:
        """Without a key and the right to make one, tokens are empty."""
        self._path = data / KEY_FILE
        self._may_create = may_create

    def sign(self, community: str, kind: str, source: str, model: str, index_version: str, ids: Sequence[str]) -> str:
        """The token of an answer given now, "" when nothing was shown."""
        if not ids or not self._key:
            return ""
        shown = Shown(community, kind, source, time.time_ns() // 1000, model, index_version, tuple(ids[:SHOWN]))
        text = json.dumps([VERSION, *astuple(shown)], ensure_ascii=False, separators=(",", ":"))
        payload = zlib.compress(text.encode(), 1)
        return base64.urlsafe_b64encode(self._tag(payload) + payload).decode().rstrip("=")

    def verify(self, token: str) -> Shown:
        """What a token says was shown. Raises InvalidArgument (TOKEN_INVALID) for any that was not signed here."""
        try:
            raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _invalid(token) from None
        tag, payload = raw[:TAG_BYTES], raw[TAG_BYTES:]
        if not self._key or not hmac.compare_digest(tag, self._tag(payload)):
            raise _invalid(token)
        fields = json.loads(zlib.decompress(payload))
        if fields[0] != VERSION:
            raise _invalid(token)
        community, kind, source, shown_at, model, index_version, ids = fields[1:]
        return Shown(community, kind, source, shown_at, model, index_version, tuple(ids))

    def check(self, community: str, outcome: Outcome) -> None:
        """Raises InvalidArgument (TOKEN_INVALID) unless the outcome's token shows its pair, in this community."""
        shown = self.verify(outcome.token)
        pair = (outcome.source, outcome.target)
        told = shown.source in ("", pair[0]) and pair[1] in shown.ids
        answered = shown.source == pair[1] and pair[0] in shown.ids
        if shown.community != community or not (told or answered):
            raise _invalid(outcome.token)

    def _tag(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, sha256)[:TAG_BYTES]

    @cached_property
    def _key(self) -> bytes:
        with suppress(FileNotFoundError, PermissionError):
            return self._path.read_bytes()
        if not self._may_create:
            return b""
        # Written aside and linked into place, so that a key is whole or not there, and the first one stays.
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, self._path)
        fresh.unlink()
        return self._path.read_bytes()


def _invalid(token: str) -> InvalidArgument:
    return InvalidArgument(f'"{token[:40]}"', reason="TOKEN_INVALID")
