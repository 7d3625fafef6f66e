"""The file of tokens in the data folder: hashes, roles and ends, written by commands and followed by servers."""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from models.files.durable import write_file
from service.access.caller import Caller, Quota, Role
from service.core.clock import wall_clock
from service.core.errors import FailedPrecondition, NotAuthenticated, NotFound
from service.core.faults import outline

FILE = "access.json"
PREFIX = "yiqi_"
DAY = 86_400_000_000  # microseconds
_ID_BYTES, _SECRET_BYTES, _KEY_BYTES = 4, 32, 32

log = logging.getLogger("yiqi.access")


@dataclass(frozen=True, slots=True)
class Grant:
    """A token without its text. `community` is "" for every community, `incarnation` what a store tells of it; times
    are microseconds, `revoked` 0 while it is not. Its text has 256 random bits, so a plain SHA-256 of it cannot be
    searched."""

    id: str
    digest: str
    role: Role
    community: str
    created: int
    expires: int
    revoked: int = 0
    quota: Quota = field(default_factory=Quota)
    incarnation: str = ""

    def valid(self, now: int) -> bool:
        """Whether it counts at this time."""
        return not self.revoked and now < self.expires

    def caller(self) -> Caller:
        """Who calls with it."""
        which = self.incarnation if self.community else None
        return Caller(self.id, self.role, self.community, self.expires, quota=self.quota, incarnation=which)


@dataclass(frozen=True, slots=True)
class _Contents:
    """`key` signs members' tokens and hides their ids in the log."""

    key: str
    grants: list[Grant] = field(default_factory=list)


_AS_JSON = TypeAdapter(_Contents)
_NOBODY = _Contents(key="")


class Grants:
    """Reads the file again whenever it changed, which a look at its inode and times tells; safe between threads."""

    def __init__(self, data: Path, clock: Callable[[], int] = wall_clock) -> None:
        self._path = data / FILE
        self._clock = clock
        self._lock = Lock()
        self._seen: tuple[int, ...] | None = None
        self._contents = _NOBODY
        self._key = b""
        self._by_id: dict[str, Grant] = {}

    def asked(self) -> bool:
        """Whether tokens are asked for: since the first was created. A file that is lost or damaged later lets nobody
        in, rather than everybody."""
        if self._seen is None:
            self._look()
        return self._seen is not None

    def grant(self, id: str) -> Grant | None:
        """The token of an id."""
        self._look()
        return self._by_id.get(id)

    def valid(self, id: str) -> bool:
        """Whether a token counts now."""
        found = self.grant(id)
        return found is not None and found.valid(self._clock())

    def caller(self, text: str) -> Caller:
        """Who calls with this text. Raises NotAuthenticated, for whatever reason alike."""
        found = self.grant(text.removeprefix(PREFIX).partition("_")[0])
        known = found.digest if found else _digest("")
        if not hmac.compare_digest(_digest(text), known) or not found or not found.valid(self._clock()):
            raise NotAuthenticated("The call")
        return found.caller()

    def list(self) -> list[Grant]:
        """All tokens, oldest first."""
        self._look()
        return list(self._contents.grants)

    def key(self) -> bytes:
        """The secret of this folder; b"" before there is a file."""
        if not self._key:
            self._look()
        return self._key

    def ensure(self) -> None:
        """Make the file when there is none; from then on tokens are asked for."""
        if not self.key():
            self._change(lambda contents: contents)

    def create(self, community: str, role: Role, days: int, quota: Quota, incarnation: str = "") -> tuple[Grant, str]:
        """A new token and its text, which is nowhere else."""
        id, now = secrets.token_hex(_ID_BYTES), self._clock()
        text = f"{PREFIX}{id}_{secrets.token_urlsafe(_SECRET_BYTES)}"
        new = Grant(id, _digest(text), role, community, now, now + days * DAY, quota=quota, incarnation=incarnation)
        self._change(lambda contents: replace(contents, grants=[*contents.grants, new]))
        return new, text

    def revoke(self, id: str) -> Grant:
        """End a token. Raises NotFound."""
        if self.grant(id) is None:
            raise NotFound(f'token "{id[:40]}"')
        now = self._clock()

        def ended(one: Grant) -> Grant:
            return replace(one, revoked=now) if one.id == id and not one.revoked else one

        self._change(lambda contents: replace(contents, grants=[ended(one) for one in contents.grants]))
        return self._by_id[id]

    def _change(self, change: Callable[[_Contents], _Contents]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Commands work beside a server, so the folder's own lock is not the one to take.
        with FileLock(self._path.with_suffix(".lock"), mode=0o600):
            before = _read(self._path) if self._path.exists() else _Contents(secrets.token_hex(_KEY_BYTES))
            write_file(self._path, _AS_JSON.dump_json(change(before), indent=1))
        self._look()

    def _look(self) -> None:
        try:
            now = os.stat(self._path)
            seen: tuple[int, ...] | None = (now.st_ino, now.st_mtime_ns, now.st_size)
        except FileNotFoundError:
            seen = None if self._seen is None else ()
        except OSError:
            seen = ()  # it is there, perhaps, and counts as damaged
        if seen == self._seen:
            return
        with self._lock:
            try:
                self._contents = _read(self._path) if seen else _NOBODY
            except FailedPrecondition as problem:
                log.error("tokens cannot be read", extra={"fault": outline(problem)})
                self._contents = _NOBODY
            # What was marked with the key stays readable when the file is lost.
            self._key = bytes.fromhex(self._contents.key) or self._key
            self._by_id = {one.id: one for one in self._contents.grants}
            self._seen = seen


def _read(path: Path) -> _Contents:
    try:
        return _AS_JSON.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise FailedPrecondition(f"The file of tokens, {path.name} in the data folder, cannot be read") from None


def _digest(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()
