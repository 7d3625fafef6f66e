"""Files that are spoilt: bytes, lines and values of JSON that are cut, doubled, swapped or something else."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

_PIECES = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b"\n", b"\r\n\r\n", b",", b";", b"\t", b"{", b"]", b"\\",
    b"\\ud800", b"\xed\xa0\x80", b"<msg>", b"</", b"&#xD800;", b"=?utf-8?q?=", b"[" * 3000, b"9" * 400, b"1e999",
    b"0000-00-00", "：".encode(), "\u202e".encode(), "我".encode(), "系统消息".encode(),
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 1e308, float("inf"), float("nan"), 2**63, 10**30, 10**400, "", " ", "x", "\ud800", "a\x00b",
    "x" * 30_000, "9" * 30, "我", "系统", "9999-99-99 99:99:99", "2024-02-30T25:61:61Z", "<@" * 20, "> ", [], {}, [[]],
    [None], {"id": {}}, {"text": []}, "[引用 ：]", "「：」", "<msg><appmsg><type>57</type><refermsg>",
)  # fmt: skip
_MOST = 1 << 20  # bytes of a file that is spoilt

Change = Callable[[bytes, random.Random], bytes]


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """The data with some fault in it; of what is packed, mostly in something inside."""
    inside = _unpacked(data) if chance.random() < 0.8 else None
    if inside is None:
        return _plain(data, chance)[:_MOST]
    files, pack = inside
    name = chance.choice(sorted(files))
    files[name] = _plain(files[name], chance)[:_MOST]
    if len(files) > 1 and chance.random() < 0.1:
        del files[chance.choice(sorted(files))]
    return pack(files)


def _plain(data: bytes, chance: random.Random) -> bytes:
    changes: list[Change] = [_bytes, _lines, _values]
    for _ in range(chance.choice((1, 1, 2, 4))):
        data = chance.choice(changes)(data, chance)
    return data


def _bytes(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 60, len(data))))
    middle = chance.choice((chance.choice(_PIECES), data[start:end] * 2, bytes([chance.randrange(256)])))
    return data[:start] + middle + data[end:]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return _bytes(data, chance)
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines[one], lines[two] = lines[two], lines[one]
        case 1:
            del lines[one]
        case 2:
            lines.insert(two, lines[one])
        case _:
            lines[one] = _bytes(lines[one], chance)
    return b"".join(lines)


def _values(data: bytes, chance: random.Random) -> bytes:
    """Wrong values in JSON, or in one line of JSON lines; other data is spoilt by bytes."""
    lines = data.splitlines(keepends=True)
    try:
        return _dumped(_wrong(json.loads(data), chance))
    except (ValueError, RecursionError):
        at = chance.randrange(len(lines)) if lines else 0
    try:
        lines[at] = _dumped(_wrong(json.loads(lines[at]), chance)) + b"\n"
    except (ValueError, RecursionError, IndexError):
        return _bytes(data, chance)
    return b"".join(lines)


def _wrong(whole: Any, chance: random.Random) -> Any:
    for _ in range(chance.choice((1, 1, 2, 3))):
        places = list(_places(whole))
        if not places:
            return chance.choice(_VALUES)
        within, at = chance.choice(places)
        if chance.random() < 0.2:
            del within[at]
        else:
            within[at] = chance.choice((chance.choice(_VALUES), _elsewhere(chance, places)))
    return whole


def _elsewhere(chance: random.Random, places: list[tuple[Any, Any]]) -> Any:
    within, at = chance.choice(places)
    return json.loads(json.dumps(within[at]))


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for at, part in inner:
        found.append((value, at))
        found.extend(_places(part))
    return found


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


# --- what is packed --------------------------------------------------------------------------------------------------

Files = dict[str, bytes]


def _unpacked(data: bytes) -> tuple[Files, Callable[[Files], bytes]] | None:
    """What is in a .zip, .tar or .gz, and how it is packed again; None for what is none, or holds nothing."""
    for unpack, pack in ((_of_zip, _as_zip), (_of_tar, _as_tar), (_of_gzip, _as_gzip)):
        try:
            files = unpack(data)
        except Exception:  # a test spoilt it already
            continue
        if files:
            return files, pack
    return None


def _of_zip(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {one.filename: packed.read(one) for one in packed.infolist() if not one.is_dir()}


def _as_zip(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def _of_tar(data: bytes) -> Files:
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        found = {one.name: packed.extractfile(one) for one in packed if one.isfile()}
        return {name: stream.read() for name, stream in found.items() if stream is not None}


def _as_tar(files: Files) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return out.getvalue()


def _of_gzip(data: bytes) -> Files:
    return {"": gzip.decompress(data)}


def _as_gzip(files: Files) -> bytes:
    return gzip.compress(files[""], 1)
