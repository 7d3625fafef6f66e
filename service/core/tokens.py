"""Recommendation tokens: what was shown to whom, signed, so that an outcome can quote it and nothing need be stored."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
import struct
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha256
from pathlib import Path

from models.domain.records import Outcome
from service.core.errors import DataUnusable, InvalidArgument
from service.core.names import incarnate

SHOWN = 100  # of what a token holds
KEY_FILE = "token.key"
KEY_BYTES = 32
TAG_BYTES = 16
# Of a hash that stands for an id. Who has no key can make none, so that guessing one takes 2**48 answers.
DIGEST_BYTES = 6
# Version 1 held the ids themselves, in a stream of zlib, which begins with another byte.
VERSION = 2
_HEAD = struct.Struct(">BQ")  # version, time


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer showed. `kind` is the question asked, `time` in microseconds. The community, the `source` whom it
    was for (empty for a goal of nobody) and the `ids`, at most 100, best first, are digests of `Tokens.digest`."""

    community: bytes
    kind: str
    source: bytes
    time: int
    model: str
    index_version: str
    ids: tuple[bytes, ...]


class Tokens:
    """Signs and verifies with a key in the data folder, which only its owner may read.

    A token has at most 1,400 bytes, whatever was shown: ids stand in it as keyed hashes, so that it also tells nobody
    who they are. Raises DataUnusable where the key is not one.
    """

    def __init__(self, data: Path, *, may_create: bool, incarnation: Callable[[str], str] = lambda _: "") -> None:
        """Without a key and the right to make one, tokens are empty. `incarnation`: as a store tells it; tokens of a
        community that was deleted are none of the one that has its id now."""
        self._incarnation = incarnation
        self._path = data / KEY_FILE
        self._may_create = may_create
        if may_create:
            _ = self._key  # what is wrong with it is told at the start, and not to whoever asks first

    def sign(self, community: str, kind: str, source: str, model: str, index_version: str, ids: Sequence[str]) -> str:
        """The token of an answer given now, "" when nothing was shown. Of `kind` and versions it keeps 100 bytes."""
        if not ids or not self._key:
            return ""
        texts = [_short(text) for text in (kind, model, index_version)]
        place = self._place(community)
        digests = [self._digest(place, id) for id in ("", source, *ids[:SHOWN])]
        parts = (*texts, b"\x01" if source else b"")
        head = b"".join(bytes([len(part)]) + part for part in parts)
        payload = _HEAD.pack(VERSION, time.time_ns() // 1000) + head + b"".join(digests)
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
        return _read(payload) if payload[0] == VERSION else self._read_first(payload)

    def digest(self, community: str, id: str) -> bytes:
        """What stands for an id of a community, or with an empty one for the community itself."""
        return self._digest(self._place(community), id)

    def _place(self, community: str) -> str:
        return incarnate(community, self._incarnation(community))

    def _digest(self, place: str, id: str) -> bytes:
        text = f"{place}\0{id}".encode("utf-8", "surrogatepass")
        return blake2b(text, key=self._key[:64], digest_size=DIGEST_BYTES).digest()

    def check(self, community: str, outcome: Outcome) -> None:
        """Raises InvalidArgument (TOKEN_INVALID) unless the outcome's token shows its pair, in this community."""
        shown = self.verify(outcome.token)
        source, target = (self.digest(community, id) for id in (outcome.source, outcome.target))
        told = shown.source in (b"", source) and target in shown.ids
        answered = shown.source == target and source in shown.ids
        if shown.community != self.digest(community, "") or not (told or answered):
            raise _invalid(outcome.token)

    def _read_first(self, payload: bytes) -> Shown:
        """A token of version 1: what was told stays told."""
        _, community, kind, source, shown_at, model, index_version, ids = json.loads(zlib.decompress(payload))
        digests = tuple(self.digest(community, id) for id in ids)
        own = self.digest(community, source) if source else b""
        return Shown(self.digest(community, ""), kind, own, shown_at, model, index_version, digests)

    def _tag(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, sha256)[:TAG_BYTES]

    @cached_property
    def _key(self) -> bytes:
        with suppress(FileNotFoundError, PermissionError):
            return self._whole(self._path.read_bytes())
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
        return self._whole(self._path.read_bytes())

    def _whole(self, key: bytes) -> bytes:
        if len(key) < KEY_BYTES:
            wrong = f"{self._path} has {len(key)} bytes, where a key has {KEY_BYTES}"
            problem = f"{wrong}: put it back, or delete it, and tokens given so far are refused"
            raise DataUnusable(problem)
        return key


def _read(payload: bytes) -> Shown:
    """A token as it is signed now."""
    _, shown_at = _HEAD.unpack_from(payload)
    at, parts = _HEAD.size, []
    for _ in range(4):
        end = at + 1 + payload[at]
        parts.append(payload[at + 1 : end])
        at = end
    community, source, *ids = (payload[i : i + DIGEST_BYTES] for i in range(at, len(payload), DIGEST_BYTES))
    kind, model, index_version = (part.decode() for part in parts[:3])
    return Shown(community, kind, source if parts[3] else b"", shown_at, model, index_version, tuple(ids))


def _short(text: str) -> bytes:
    """At most 100 bytes of a text, in whole characters."""
    return text.encode()[:100].decode(errors="ignore").encode()


def _invalid(token: str) -> InvalidArgument:
    return InvalidArgument(f'"{token[:40]}"', reason="TOKEN_INVALID")
