"""Snapshots of builders in files, so that a start need not read and count everything again.

A file is a magic line, the length of a JSON header, the header (what it is a snapshot of, and where each array lies),
the arrays end to end, and a digest of all before it. It appears whole or not at all. What is damaged, of
another format or of another past is never used: the store holds everything that matters.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
import re
import threading
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from models.community.snapshot import FORMAT, State
from service.core.faults import outline
from service.store.contract import Store

MAGIC = b"yiqi snapshot 2\n"  # with a digest of checksums
DIGEST_BYTES = 32
DIGESTED = 1 << 20  # bytes, each of which has a checksum of its own
ALIGNED = 16
MARKED = 64  # entries of the log that tell one past from another
MAPPED_FROM = 64 << 20  # bytes

log = logging.getLogger("yiqi.runtime")


@dataclass(frozen=True, slots=True)
class About:
    """What a snapshot is of. `setting` is how to load the encoder, `mark` the digest of the log up to `sequence`."""

    community: str
    encoder: str
    setting: str
    sequence: int
    mark: str


class Snapshots:
    """The snapshots in a folder, at most one a community. For any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._forgotten: defaultdict[str, int] = defaultdict(int)

    def path(self, community: str) -> Path:
        """The file of a community."""
        return self._folder / f"{file_name(community)}.snapshot"

    def read(self, community: str) -> tuple[About, State] | None:
        """The snapshot of a community; None when there is none that can be used, and the log then says why."""
        try:
            return _parse(_content(self.path(community)), community)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning(
                "snapshot discarded", extra={"community": community, "why": str(error), "fault": outline(error)}
            )
            return None

    def generation(self, community: str) -> int:
        """How often the community was forgotten: to be asked before a state is taken, and given to `write`."""
        with self._lock:
            return self._forgotten[community]

    def write(self, about: About, state: State, generation: int) -> bool:
        """Keep a state, durably; False when the community was forgotten since the state was taken."""
        path = self.path(about.community)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{threading.get_ident()}.tmp")
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                digest = _Digest()
                for piece in _pieces(about, state):
                    digest.update(piece)
                    file.write(piece)
                file.write(digest.digest())
                file.flush()
                os.fsync(file.fileno())
            with self._lock:
                if self._forgotten[about.community] != generation:
                    return False
                temporary.replace(path)
            _sync(path.parent)
            return True
        finally:
            temporary.unlink(missing_ok=True)

    def forget(self, community: str) -> None:
        """Delete what there is of a community; states taken before are not written any more."""
        path = self.path(community)
        with self._lock:
            self._forgotten[community] += 1
            for file in (path, *path.parent.glob(f"{path.stem}.*.tmp")):
                with suppress(FileNotFoundError):
                    file.unlink()
        if path.parent.is_dir():
            _sync(path.parent)


def page_out(state: State) -> None:
    """Let what was read of a mapped file leave memory. Arrays that are still in use come back as they are read."""
    for array in state.values():
        owner: Any = array
        while isinstance(owner, np.ndarray):
            owner = owner.base
        if isinstance(owner, memoryview) and isinstance(owner.obj, mmap.mmap):
            owner.obj.madvise(mmap.MADV_DONTNEED)
            return


def file_name(community: str) -> str:
    """What files of a community are called: safe whatever the id holds, no two the same."""
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", community)[:40]
    return f"{readable}-{blake2b(community.encode(), digest_size=8).hexdigest()}"


def mark(store: Store, community: str, sequence: int) -> str | None:
    """A digest of the log's newest entries up to `sequence`; None when the log does not reach so far."""
    entries = store.changes(community, max(0, sequence - MARKED), min(MARKED, sequence)) if sequence else []
    if sequence and (not entries or entries[-1].seq != sequence):
        return None
    lines = store.incarnation(community) + "\n".join(f"{one.seq} {one.kind} {one.op} {one.id}" for one in entries)
    return blake2b(lines.encode(), digest_size=16).hexdigest()


def erased_after(store: Store, community: str, sequence: int) -> bool:
    """Whether anybody was erased or merged away after this entry of the log."""
    return next(erased_since(store, community, sequence), None) is not None


def erased_since(store: Store, community: str, sequence: int) -> Iterator[str]:
    """The ids erased or merged away after this entry of the log. Raises CommunityNotFound."""
    while entries := store.changes(community, sequence):
        yield from (one.id for one in entries if one.kind == "member" and one.op == "delete")
        sequence = entries[-1].seq


def _pieces(about: About, state: State) -> Iterator[bytes | memoryview]:
    arrays: list[bytes | memoryview] = []
    sections: list[tuple[str, str, list[int]]] = []
    for name, value in state.items():
        if isinstance(value, np.ndarray):
            array = np.ascontiguousarray(value)
            sections.append((name, array.dtype.str, list(array.shape)))
            arrays.append(array.reshape(-1).view(np.uint8).data)
        else:
            text = orjson.dumps(value)
            sections.append((name, "text", [len(text)]))
            arrays.append(text)
    header = json.dumps({"format": FORMAT, "about": asdict(about), "sections": sections}).encode()
    header += b" " * _padding(len(MAGIC) + 8 + len(header))
    yield MAGIC + len(header).to_bytes(8, "little") + header
    for piece in arrays:
        yield piece
        yield bytes(_padding(len(piece)))


class _Digest:
    """Of bytes that come piece by piece: the BLAKE2b digest of the CRC-32 of each mebibyte. It tells damage, which is
    all that it is for, in a sixth of the time of a digest of all bytes."""

    def __init__(self) -> None:
        self._sums: list[int] = []
        self._sum, self._left = 0, DIGESTED

    def update(self, piece: bytes | memoryview) -> None:
        """More of them."""
        view = memoryview(piece)
        while len(view):
            part, view = view[: self._left], view[self._left :]
            self._sum, self._left = zlib.crc32(part, self._sum), self._left - len(part)
            if not self._left:
                self._sums.append(self._sum)
                self._sum, self._left = 0, DIGESTED

    def digest(self) -> bytes:
        """Of all so far."""
        sums = np.array([*self._sums, self._sum, self._left], np.uint32)
        return blake2b(sums.astype("<u4").tobytes(), digest_size=DIGEST_BYTES).digest()


def _padding(size: int) -> int:
    """Arrays begin where numbers of any size may begin."""
    return -size % ALIGNED


def _content(path: Path) -> bytes | mmap.mmap:
    """What is in a file, of which much need not lie in memory; a few large ones may keep a handle each."""
    with path.open("rb") as file:
        if path.stat().st_size < MAPPED_FROM:
            return file.read()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _parse(raw: bytes | mmap.mmap, community: str) -> tuple[About, State]:
    """Raises ValueError, KeyError or TypeError for anything but a whole snapshot of this community and format."""
    body = memoryview(raw)[: -DIGEST_BYTES or None]
    if raw[: len(MAGIC)] != MAGIC or len(raw) < len(MAGIC) + 8 + DIGEST_BYTES:
        raise ValueError("not a snapshot")
    digest = _Digest()
    digest.update(body)
    if digest.digest() != raw[-DIGEST_BYTES:]:
        raise ValueError("damaged")
    start = len(MAGIC) + 8
    at = start + int.from_bytes(body[len(MAGIC) : start], "little")
    header: dict[str, Any] = json.loads(bytes(body[start:at]))
    if header["format"] != FORMAT:
        raise ValueError(f"format {header['format']}, not {FORMAT}")
    about = About(**header["about"])
    if about.community != community:
        raise ValueError("of another community")
    state: State = {}
    for name, kind, shape in header["sections"]:
        size = shape[0] if kind == "text" else int(np.prod(shape)) * np.dtype(kind).itemsize
        piece, at = body[at : at + size], at + size + _padding(size)
        state[name] = orjson.loads(piece) if kind == "text" else np.frombuffer(piece, kind).reshape(shape)
    return about, state


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
