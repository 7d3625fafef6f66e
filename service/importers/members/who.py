"""Who somebody in a member list is: a name, an id, the handles by which they are known elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.domain.records import Identity
from service.importers.frame.gather import as_id
from service.importers.members.answers import clean, label
from service.importers.members.columns import IDENTITY, stands_for
from service.importers.members.layout import Layout
from service.importers.members.table import Cell, Cells

_ADDRESS = re.compile(r"[^\s@<>;,，；、/|()（）]{1,100}@[^\s@<>;,，；、/|()（）]+\.[^\s@<>;,，；、/|()（）]{2,60}")
_PHONE = re.compile(r"\+?[\d\s().-]{7,20}")
_WECHAT = re.compile(
    r"(?:微信号?|v信|薇信|(?:weixin|wechat(?: id)?|vx|wx)(?=\s*[:：\s]))\s*[:：]?\s*([A-Za-z][-\w]{4,39})", re.I
)
_SAME = re.compile(r"同.{0,4}(?:手机|电话|上)|(?:手机|电话)号?(?:码)?同|same as", re.I)
_LONGEST_LABEL = 200


def id_of(layout: Layout, cells: Cells) -> str:
    """The id that the list gives them, "" for none."""
    found = (label(cells.get(name, "")) for name in layout.of("id"))
    return next((as_id(text) for text in found if text), "")


def name_of(layout: Layout, cells: Cells) -> str:
    """What they are called, "" where nothing says it; one that is too long for a name is refused when it is written."""
    for name in layout.names:
        if text := label(cells.get(name, "")):
            return text
    parts = [label(cells.get(name, "")) for role in ("first_name", "last_name") for name in layout.of(role)]
    parts = [part for part in parts if part]
    if parts and all(re.fullmatch(r"[\u3400-\u9fff·]+", part) for part in parts):
        return "".join(reversed(parts))
    return " ".join(parts) or next((label(cells.get(name, "")) for name in layout.of("wechat_name")), "")


def identities_of(layout: Layout, cells: Cells, *, phones: bool = False) -> Iterator[Identity]:
    """The handles in a row. `phones`: telephone numbers too, which tell people apart and are not kept."""
    for name, role in layout.identities:
        for text in _texts(cells.get(name, "")):
            yield from _handles(role, text)
    if phones:
        for name in layout.of("phone"):
            number = re.sub(r"\D", "", label(cells.get(name, "")))
            if len(number) >= 7:
                yield Identity("phone", number[-11:])


def _texts(cell: Cell) -> tuple[str, ...]:
    return cell if isinstance(cell, tuple) else (cell,)


def _handles(role: str, text: str) -> Iterator[Identity]:
    text = clean(text)
    if not text or _SAME.search(text):
        return
    if role in ("email", "contact"):
        yield from (Identity("email", found.lower()) for found in _ADDRESS.findall(text))
    if role == "contact":
        if match := _WECHAT.search(text):
            yield _wechat(match[1])
        return
    if role == "email" or len(text) > _LONGEST_LABEL:
        return
    if role in ("wechat", "wechat_name"):
        match = _WECHAT.fullmatch(text)
        text = match[1] if match else text
        # A number that people are called on is left out, wherever it stands.
        if "\n" not in text and (not _PHONE.fullmatch(text) or len(re.sub(r"\D", "", text)) < 10):
            yield _wechat(text)
    elif role == "phone":
        yield Identity("phone", " ".join(text.split()))
    else:
        yield Identity(role.removeprefix(IDENTITY), re.sub(r"^@|^user ", "", " ".join(text.split())))


def _wechat(handle: str) -> Identity:
    return Identity("wxid" if handle.startswith("wxid_") else "wechat", handle)


def not_coming(layout: Layout, cells: Cells) -> str:
    """The status of somebody who was not accepted or does not come, "" for everybody else."""
    for name in layout.of("status"):
        status = label(cells.get(name, ""))
        if status and not stands_for(status):
            return status[:40]
    return ""
