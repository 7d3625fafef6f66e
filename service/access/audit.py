"""The log of calls that carried a token: who, what, how it ended, whom it named. No texts, and no ids of members."""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

import orjson

from service.core.clock import wall_clock
from service.core.faults import outline

FOLDER = "audit"
MOST_NAMED = 100
_FILE_BYTES = 4 << 20
_FILES = 8  # a community, some 200,000 calls
_OPEN = 64
_MARK_BYTES = 8
_MARKS = 10_000

log = logging.getLogger("yiqi.access")


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. `at` in microseconds, different for every entry; `named` are marks of members, see `AuditLog.mark`."""

    at: int
    token: str
    method: str
    code: str
    named: tuple[str, ...]


@dataclass(slots=True)
class _File:
    handle: int
    size: int


class AuditLog:
    """Files of JSON lines, some a community, the oldest dropped when they are full.

    Every line is with the system when the call returns, so a killed process loses none. Members stand there as marks: a
    keyed hash that only this folder can make, so that erasing somebody leaves nothing to erase here. Communities are
    named as by `service.core.names.incarnate`: who gets the id of one that was deleted does not read its log.
    """

    def __init__(self, folder: Path, key: Callable[[], bytes]) -> None:
        """`key`: the secret that marks are made with."""
        self._folder = folder
        self._key = key
        self._lock = Lock()
        self._files: dict[str, _File] = {}
        self._last = 0
        # Whoever is named once is named again soon.
        self.mark = lru_cache(_MARKS)(self._mark)

    def write(self, community: str, token: str, method: str, code: str, members: Iterable[str]) -> None:
        """Note a call that ended now, with the ids of whom it named."""
        named = list(dict.fromkeys(self.mark(community, one) for one in list(members)[:MOST_NAMED]))
        with self._lock:
            self._last = max(self._last + 1, wall_clock())
            line = orjson.dumps([self._last, token, method, code, named]) + b"\n"
            try:
                self._append(community, line)
            except OSError as problem:  # a full disk must not stop who only reads
                log.error("audit log cannot be written", extra={"fault": outline(problem)})

    def read(self, community: str, before: int, member: str = "") -> Iterator[Entry]:
        """Entries before a time (0: all), newest first; only those that named a member if one is given."""
        mark = self.mark(community, member) if member else ""
        for path in self._paths(community):
            try:
                lines = path.read_bytes().splitlines()
            except FileNotFoundError:
                continue
            for line in reversed(lines):
                entry = _entry(line)
                if entry and (not before or entry.at < before) and (not mark or mark in entry.named):
                    yield entry

    def _mark(self, community: str, member: str) -> str:
        """What stands for a member."""
        return hmac.digest(self._key(), f"{community}\0{member}".encode(errors="replace"), sha256)[:_MARK_BYTES].hex()

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            for file in self._files.values():
                os.close(file.handle)
            self._files.clear()

    def _append(self, community: str, line: bytes) -> None:
        file = self._files.get(community) or self._open(community)
        file.size += os.write(file.handle, line)
        if file.size >= _FILE_BYTES:
            self._turn(community)

    def _open(self, community: str) -> _File:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        while len(self._files) >= _OPEN:
            os.close(self._files.pop(next(iter(self._files))).handle)
        newest = self._paths(community)[0]
        handle = os.open(newest, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        file = self._files[community] = _File(handle, os.fstat(handle).st_size)
        return file

    def _turn(self, community: str) -> None:
        os.close(self._files.pop(community).handle)
        paths = self._paths(community)
        for older, newer in zip(reversed(paths), reversed(paths[:-1]), strict=False):
            if newer.exists():
                newer.replace(older)

    def _paths(self, community: str) -> list[Path]:
        # Ids may hold what file names may not.
        name = sha256(community.encode(errors="replace")).hexdigest()[:16]
        return [self._folder / f"{name}.{number}.jsonl" for number in range(_FILES)]


def _entry(line: bytes) -> Entry | None:
    try:
        at, token, method, code, named = orjson.loads(line)
    except ValueError:
        return None  # cut off when the machine stopped
    return Entry(at, token, method, code, tuple(named))
