"""The portable archive: a folder, .zip or .tar.gz of JSON lines, each file plain or .gz. Read as a stream.

Export → import → export gives the same bytes: file order, row order (the store's), key order, spacing, compression and
dates inside containers are fixed.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, TypeAlias

import orjson

from models.archive import bounds
from models.archive.bounds import ArchiveError as ArchiveError
from models.archive.parse import RowError, parse
from models.archive.render import render
from models.domain import strict_json
from models.domain.records import Consent, Record
from models.domain.strict_json import JsonError

# Load order, which is also the order of files in a container: what is named by others comes first.
FILES: dict[str, str] = {
    "community": "community.json",
    "channel": "channels.jsonl",
    "member": "members.jsonl",
    "message": "messages.jsonl",
    "project": "projects.jsonl",
    "tie": "ties.jsonl",
    "outcome": "outcomes.jsonl",
    "block": "blocks.jsonl",
    "suggestion": "suggestions.jsonl",
    "round": "rounds.jsonl",
    "invitation": "invitations.jsonl",
}
_BOM = b"\xef\xbb\xbf"
_GZIP_LEVEL = 6
# UnicodeError: the name inside a .zip that stands before the content.
_UNREADABLE = (
    EOFError, OSError, UnicodeError, zlib.error, zipfile.BadZipFile, tarfile.TarError, RuntimeError,
)  # fmt: skip
_COPY = 1 << 20


class Row(NamedTuple):
    """A record and where it stood: the file's name and its line, from 1."""

    file: str
    line: int
    record: Record


class BadRow(NamedTuple):
    """A line that is no record, and why."""

    file: str
    line: int
    reason: str


Rows: TypeAlias = Iterator[Row | BadRow]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive at `path`. `files` maps kinds to names inside it; `ignored` lists names that are no part of one."""

    path: Path
    files: Mapping[str, str]
    ignored: tuple[str, ...]
    _open: Callable[[str], IO[bytes]] = field(repr=False)

    def records(self, kinds: Iterable[str] = tuple(FILES), consent: Consent = "organizers") -> Rows:
        """Every row of `kinds` in that order, one at a time. `consent` is that of members who state none.

        A line that is no record comes as BadRow and does not stop the rest; so does a file that is cut off.
        """
        for kind in kinds:
            if name := self.files.get(kind):
                yield from self._rows(kind, name, consent)

    def lines(self, kind: str) -> Iterator[bytes]:
        """The lines of a kind, as they are. Raises what reading a damaged file raises."""
        name = self.files[kind]
        with _plain(self._open(name), name) as stream:
            yield from stream

    def fingerprint(self) -> str:
        """A hash of all content, as hexadecimal text: the same for the same files."""
        digest = hashlib.blake2b(digest_size=16)
        for kind, name in self.files.items():
            digest.update(kind.encode())
            with self._open(name) as raw:
                while chunk := raw.read(_COPY):
                    digest.update(chunk)
        return digest.hexdigest()

    def _rows(self, kind: str, name: str, consent: Consent) -> Rows:
        number = 0
        try:
            with _plain(self._open(name), name) as stream:
                lines = bounds.rows(stream) if kind != "community" else _whole(stream)
                for number, line in enumerate(lines, 1):
                    if line is None:
                        yield BadRow(name, number, f"it has more than {bounds.MOST_ROW:,} bytes, the most of a row")
                    elif row := _row(kind, name, number, line, consent):
                        yield row
        except (ArchiveError, *_UNREADABLE) as error:
            yield BadRow(name, number + 1, f"the file cannot be read further: {error}")


def read(path: str | os.PathLike[str]) -> Archive:
    """The archive at `path`, opened lazily. ArchiveError when there is none."""
    path = Path(path)
    if path.is_dir():
        names, opener = _folder(path)
    elif not path.exists():
        raise ArchiveError(f"there is no {path}")
    elif zipfile.is_zipfile(path):
        names, opener = _zip(path)
    elif tarfile.is_tarfile(path):
        names, opener = _tar(path)
    elif path.name.removesuffix(".gz") in FILES.values():
        names, opener = [path.name], lambda _: path.open("rb")
    else:
        raise ArchiveError(f"{path} is no archive: no folder, .zip or .tar.gz of JSON lines")
    files, ignored = _match(names)
    if not files:
        raise ArchiveError(f"{path} holds none of {', '.join(FILES.values())}, plain or .gz")
    return Archive(path, files, ignored, opener)


def write(out: str | os.PathLike[str], records: Mapping[str, Iterable[Record]]) -> dict[str, int]:
    """Writes records by kind as an archive: a .zip or .tar.gz by the ending of `out`, else a folder of .gz files.

    Rows keep the order they come in; empty kinds make no file. `out` appears whole or not at all, replacing an older
    archive. Returns how many rows each kind has. ArchiveError when `out` is something else than an archive.
    """
    return _write_lines(Path(out), {kind: _rendered(kind, records.get(kind, ())) for kind in FILES})


def _write_lines(out: Path, lines: Mapping[str, Iterable[bytes]]) -> dict[str, int]:
    check_replaceable(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as scratch:
        folder = Path(scratch, "archive")
        folder.mkdir()
        packed = out.name.endswith((".zip", ".tar.gz", ".tgz"))
        counts = {kind: _write_file(folder, kind, lines.get(kind, ()), compress=not packed) for kind in FILES}
        finished = _pack(folder, Path(scratch, out.name)) if packed else folder
        _move(finished, out, Path(scratch, "old"))
    return {kind: count for kind, count in counts.items() if count}


def pack(folder: Path, out: Path) -> dict[str, int]:
    """Writes the archive that `write` made of a folder as another one at `out`: what `write` would make there."""
    archive = read(folder)
    return _write_lines(out, {kind: archive.lines(kind) for kind in archive.files})


# --- reading ---------------------------------------------------------------------------------------------------------


def _whole(stream: IO[bytes]) -> Iterator[bytes | None]:
    """A file that is one row."""
    text = stream.read(bounds.MOST_ROW + 1)
    yield text if len(text) <= bounds.MOST_ROW else None


def _row(kind: str, file: str, number: int, line: bytes, consent: Consent) -> Row | BadRow | None:
    if number == 1:
        line = line.removeprefix(_BOM)
    if not line.strip():
        return None
    try:
        return Row(file, number, parse(kind, strict_json.read_object(line), consent))
    except (JsonError, RowError) as error:
        return BadRow(file, number, str(error))


@contextmanager
def _plain(raw: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    with raw:
        if name.endswith(".gz"):
            with bounds.unpacked(raw, name) as stream:
                yield stream
        else:
            yield raw


def _folder(path: Path) -> tuple[list[str], Callable[[str], IO[bytes]]]:
    names = sorted(p.name for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    return names, lambda name: open(path / name, "rb")


def _zip(path: Path) -> tuple[list[str], Callable[[str], IO[bytes]]]:
    def opener(name: str) -> IO[bytes]:
        with zipfile.ZipFile(path) as container:
            info = container.getinfo(name)
            bounds.check(name, info.file_size, info.compress_size)
            return container.open(info)

    with zipfile.ZipFile(path) as container:
        return [i.filename for i in container.infolist() if i.filename and not i.is_dir()], opener


def _tar(path: Path) -> tuple[list[str], Callable[[str], IO[bytes]]]:
    def opener(name: str) -> IO[bytes]:
        with tarfile.open(path) as container:
            bounds.check(name, container.getmember(name).size, path.stat().st_size)
            # The stream needs the container's file open, which closing would end: hand over a spooled copy.
            member = container.extractfile(name)
            assert member is not None, "only names of plain files are handed out"
            copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
            shutil.copyfileobj(member, copy, _COPY)
        copy.seek(0)
        return copy

    with tarfile.open(path) as container:
        return [m.name for m in container.getmembers() if m.isfile()], opener


def _match(names: list[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Which name is which kind: by its last part, in the shallowest folder that has any."""
    wanted = {name: kind for kind, plain in FILES.items() for name in (plain, plain + ".gz")}
    known = [name for name in names if PurePosixPath(name).name in wanted and "__MACOSX" not in name]
    depth = min((len(PurePosixPath(name).parts) for name in known), default=0)
    files: dict[str, str] = {}
    for name in known:
        if len(PurePosixPath(name).parts) == depth:
            kind = wanted[PurePosixPath(name).name]
            if kind in files:
                raise ArchiveError(f"the archive holds both {files[kind]} and {name}; keep one")
            files[kind] = name
    in_order = {kind: files[kind] for kind in FILES if kind in files}
    return in_order, tuple(name for name in names if name not in files.values())


# --- writing ---------------------------------------------------------------------------------------------------------


def _rendered(kind: str, records: Iterable[Record]) -> Iterator[bytes]:
    return (orjson.dumps(render(kind, record), option=orjson.OPT_APPEND_NEWLINE) for record in records)


def _write_file(folder: Path, kind: str, lines: Iterable[bytes], *, compress: bool) -> int:
    compress = compress and kind != "community"
    path = folder / (FILES[kind] + ".gz" * compress)
    count = 0
    with open(path, "wb") as raw, _compressed(raw) if compress else raw as stream:
        for line in lines:
            count += 1
            stream.write(line)
    if not count:
        path.unlink()
    return count


def _compressed(raw: IO[bytes]) -> IO[bytes]:
    return io.BufferedWriter(
        gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=raw, mtime=0),
        _COPY,
    )


def _pack(folder: Path, out: Path) -> Path:
    files = [folder / name for name in FILES.values() if (folder / name).exists()]
    (_pack_zip if out.name.endswith(".zip") else _pack_tar)(files, out)
    return out


def _pack_zip(files: list[Path], out: Path) -> None:
    with zipfile.ZipFile(out, "w") as container:
        for path in files:
            info = zipfile.ZipInfo(path.name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            info._compresslevel = _GZIP_LEVEL  # type: ignore[attr-defined]
            with open(path, "rb") as source, container.open(info, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, _COPY)


def _pack_tar(files: list[Path], out: Path) -> None:
    with open(out, "wb") as raw, _compressed(raw) as stream, tarfile.open(fileobj=stream, mode="w") as container:
        for path in files:
            info = tarfile.TarInfo(path.name)
            info.size, info.mode = path.stat().st_size, 0o644
            with open(path, "rb") as source:
                container.addfile(info, source)


def check_replaceable(out: Path) -> None:
    """ArchiveError when `out` is something that no archive may take the place of."""
    if not out.is_dir():
        return
    others = [p.name for p in out.iterdir() if p.name.removesuffix(".gz") not in FILES.values()]
    if others:
        raise ArchiveError(f"{out} is a folder with other files in it ({min(others)}); choose another place")


def _move(finished: Path, out: Path, old: Path) -> None:
    if out.is_dir():
        os.rename(out, old)
    os.replace(finished, out)
