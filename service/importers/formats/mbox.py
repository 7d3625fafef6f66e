"""Mailboxes of mailing lists: of Mailman (also its monthly .txt.gz), Google Groups (Takeout), and others.

| what | fact |
|---|---|
| a mail | begins at a line "From ADDRESS DATE"; such lines within are written ">From " (RFC 4155 and habit) |
| Takeout | …/GROUP@googlegroups.com/topics.mbox, the file's name in the account's language; "From NUMBER@xxx Thu Apr 16
  09:53:04 +0000 2015"; X-GM-THRID is the thread, X-Google-Groups or X-BeenThere the group; X-Gmail-Labels there is the
  state of a topic [dcarrero/mboxshell: its document on Google Groups mailboxes] |
| Mailman | "From lu at example.org  Tue Mar  5 …", From: lu at example.org (Lu Pan); only From, Date, Subject,
  In-Reply-To, References, Message-ID; attachments become "----- next part -----" (general knowledge) |
| lists that rewrite From | "Lu Pan via POTS <pots@…>": the sender is in X-Original-From, else in Reply-To |
| list | List-Id, X-BeenThere, X-Google-Groups, List-Post; its name in [brackets] before the subject |

A member is an address. Topic is the subject without Re: and the list's [tag]. A mail answers what In-Reply-To or
References name, else, where the subject begins with Re:, the last one with that subject. Mails of a Gmail mailbox that
belong to no list are private and are left out. Signatures, quotations and footers: see mail_words.
"""

from __future__ import annotations

import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.errors import MessageError
from email.header import decode_header
from email.message import Message as Mail
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from itertools import islice
from typing import ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Micros
from service.importers.formats.mail_words import OwnWords, own_words
from service.importers.frame.clock import micros
from service.importers.frame.container import HEAD, Container
from service.importers.frame.decoding import encoding_of, is_broken
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import UNREADABLE
from service.importers.frame.markup import words_of
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Person, Quote, Room, Said, Unused
from service.importers.frame.values import label

PLATFORM = "email"
BY_NAME = "email-name"  # of whom a list shows the name only
_FROM = re.compile(rb"^From \S.{0,200}?\d{1,2}:\d\d(?::\d\d)?\b.{0,40}\d{4}\s*$")
_HEADER = re.compile(rb"^[A-Za-z][A-Za-z0-9-]{0,60}:")
_ESCAPED = re.compile(rb"^>+From ")
_LONGEST = 32 << 20  # bytes of a mail that are looked at: attachments stand behind the words
_LONGEST_LINE = 1 << 20
_LONGEST_TEXT = 1 << 20
_LONGEST_HEAD = 20_000  # characters of a field of the head
_MOST_PARTS = 200
_OBFUSCATED = re.compile(
    r"^\s*<?([^\s<>@]+) (?:at|AT) ([^\s<>@()]+)>?(?:\s+\((.*)\))?\s*$|^(.*?)\s*<([^\s<>@]+) (?:at|AT) ([^\s<>@]+)>\s*$",
    re.DOTALL,
)
_VIA = re.compile(r"\s+(?:via|über|par|tramite|vía|通过)\s+[^<>]{1,100}$", re.IGNORECASE)
_REPLY = re.compile(
    r"^\s*(?:re|aw|antw|antwort|sv|vs|réf|rif|r|res|回复|回覆|答复|答覆)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|rv|enc|i|转发|轉寄|轉發)\s*[:：]\s*", re.IGNORECASE)
_TAG = re.compile(r"^\s*\[([^\]\n]{1,60})\]\s*")
_ID = re.compile(r"<([^<>\s]{1,250})>")
_LIST_ID = re.compile(r"<([^<>\s]+)>\s*$")
_POST = re.compile(r"mailto:([^>?\s@]+)@", re.IGNORECASE)
_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|mailman|listserv|majordomo|owner-.+|.+-(?:bounces|request|owner|admin))@",
    re.IGNORECASE,
)
_WRONG = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    ArithmeticError,
)
_LAST = 4_102_444_800_000_000  # of the year 2099


class Mbox(Format):
    """Mailing lists."""

    name: ClassVar[str] = "mbox"
    title: ClassVar[str] = "mailing list (mbox)"

    def sure(self, files: Container) -> float:
        return 0.95 if any(_is_mbox(files, name) for name in islice(_candidates(files), 20)) else 0.0

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        names = [name for name in _candidates(files) if _is_mbox(files, name)]
        if not names:
            raise ArchiveError('no mailbox is in this: an mbox begins with a line "From ADDRESS DATE"')
        report.clock = "as written, with their offset"
        lists = _Lists()
        for name in names:
            yield from _Box(files, name, options, lists).entries()
        yield from lists.rooms.values()
        if lists.private:
            report.note("Mails of no list were left out: they are private. Hand over a mailbox of the list itself.")


def _candidates(files: Container) -> Iterator[str]:
    """Names that may be mailboxes: small files of other kinds are many, and their names are known."""
    others = (".csv", ".json", ".html", ".htm", ".xml", ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".zip", ".vcf", ".ics")
    return (name for name in files.names if len(files.names) == 1 or not name.lower().endswith(others))


def _is_mbox(files: Container, name: str) -> bool:
    try:
        lines = files.head(name).removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").split(b"\n")[:4]
    except (*UNREADABLE, ArchiveError):
        return False
    return bool(_FROM.match(lines[0])) and any(_HEADER.match(line) for line in lines[1:])


@dataclass(slots=True)
class _Lists:
    """What is known over all mailboxes: lists, and the mails of each by id and by subject."""

    rooms: dict[str, Room] = field(default_factory=dict)
    room_of: dict[str, str] = field(default_factory=dict)  # id → list
    thread_of: dict[str, str] = field(default_factory=dict)
    latest: dict[tuple[str, str], str] = field(default_factory=dict)  # list, subject → id of the last mail
    private: bool = False


class _Box:
    def __init__(self, files: Container, name: str, options: Options, lists: _Lists) -> None:
        self._files, self._name, self._options, self._lists = files, name, options, lists
        heads = [mail for _, data in islice(_mails(files, name, HEAD), 60) if (mail := _parsed(data[:HEAD]))]
        self._tag = _usual_tag(heads)
        found = Counter(filter(None, map(_list_of, heads)))
        self._usual = found.most_common(1)[0][0] if found else ""

    def entries(self) -> Entries:
        number = 0
        try:
            for number, data in _mails(self._files, self._name):
                try:
                    yield from self._mail(number, data)
                except _WRONG as error:
                    yield BadRow(self._name, number, f"a mail that cannot be read: {str(error)[:120]}")
        except (*UNREADABLE, ArchiveError) as error:
            yield BadRow(self._name, number + 1, f"the file cannot be read further: {error}")

    def _mail(self, number: int, data: bytes) -> Iterator[Person | Said | Unused | BadRow]:
        envelope, _, rest = data.partition(b"\n")
        mail = BytesParser(policy=email.policy.compat32).parsebytes(rest)
        if unused := self._unused(mail):
            yield Unused(what=unused)
            return
        person = _sender(mail, self._list_addresses(mail))
        if person is None:
            yield BadRow(self._name, number, "a mail that does not say who sent it")
            return
        id = next(iter(_ID.findall(_header(mail, "Message-ID"))), "")
        room = self._room(mail)
        if id and id in self._lists.room_of:
            yield Unused(what="the same mail once more")
            return
        words = _words(mail)
        said = self._said(number, mail, envelope, person, id, room, words)
        yield person
        yield said

    def _said(
        self, number: int, mail: Mail, envelope: bytes, person: Person, id: str, room: str, words: OwnWords
    ) -> Said:
        lists = self._lists
        subject = label(_header(mail, "Subject"))
        topic, is_reply = self._topic(subject)
        time = _time(mail, envelope)
        reply_to = _answered(mail)
        latest = lists.latest.get((room, topic.casefold()), "")
        quote = None
        if not reply_to and is_reply:
            reply_to = latest
            quote = Quote(by=words.by, words=words.quoted) if words.quoted and not reply_to else None
        thread = label(_header(mail, "X-GM-THRID")) or lists.thread_of.get(reply_to, "")
        thread = thread or next(iter(_ID.findall(_header(mail, "References"))), "") or reply_to or id
        if id:
            lists.room_of[id], lists.thread_of[id] = room, thread
            lists.latest[room, topic.casefold()] = id
        return Said(file=self._name, line=number, author=person.key, time=time, text=words.text, room=room, id=id,
                    reply_to=reply_to if reply_to != id else "", thread=thread, topic=topic, quote=quote)  # fmt: skip

    def _unused(self, mail: Mail) -> str:
        if (
            not _list_of(mail)
            and mail.get("X-Gmail-Labels") is not None
            and not _answered_in(mail, self._lists.room_of)
        ):
            self._lists.private = True
            return "mail of no list, which is private"
        auto = _header(mail, "Auto-Submitted").strip().lower()
        robot = _ROBOT.match(parseaddr(_header(mail, "From"))[1])
        if robot or (auto and not auto.startswith("no")) or mail.get_content_type() == "multipart/report":
            return "automatic mail"
        return ""

    def _room(self, mail: Mail) -> str:
        """The list of a mail: by its head, else that of what it answers, else the usual one of the mailbox."""
        name = self._options.channel or _list_of(mail)
        if not name:
            parent = _answered(mail)
            name = self._lists.room_of.get(parent, "") or self._usual or _file_name(self._files, self._name)
        self._lists.rooms.setdefault(name, Room(key=name))
        return name

    def _list_addresses(self, mail: Mail) -> set[str]:
        named = {parseaddr(_header(mail, name))[1].lower() for name in ("X-BeenThere", "List-Post", "Mailing-List")}
        post = re.search(r"mailto:([^>?\s]+)", _header(mail, "List-Post"), re.IGNORECASE)
        return (named | {post[1].lower() if post else ""}) - {""}

    def _topic(self, subject: str) -> tuple[str, bool]:
        """The subject without Re: and the list's tag, and whether it began with Re:."""
        is_reply, before = False, None
        while subject != before:
            before = subject
            if found := _REPLY.match(subject):
                is_reply, subject = True, subject[found.end() :]
            elif (found := _FORWARD.match(subject)) or (
                (found := _TAG.match(subject)) and found[1].casefold() == self._tag
            ):
                subject = subject[found.end() :]
        return subject.strip(), is_reply


# --- the file ---------------------------------------------------------------------------------------------------------


def _mails(files: Container, name: str, most: int = _LONGEST) -> Iterator[tuple[int, bytes]]:
    """Mails with the line each begins at, their first line "From …" with them; of long ones the beginning."""
    lines: list[bytes] = []
    size = number = begun = 0
    blank, fresh = True, True
    with files.open(name) as stream:
        while line := stream.readline(_LONGEST_LINE):
            number += fresh
            if number == 1 and fresh:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if fresh and blank and line.startswith(b"From ") and _FROM.match(line):
                if lines:
                    yield begun, b"".join(lines)
                lines, size, begun = [], 0, number
            if (begun or line.strip()) and size < most:
                begun = begun or number
                lines.append(line[1:] if _ESCAPED.match(line) else line)
                size += len(line)
            blank = fresh and not line.strip()
            fresh = line.endswith(b"\n")
    if lines:
        yield begun, b"".join(lines)


def _parsed(data: bytes) -> Mail | None:
    try:
        return BytesParser(policy=email.policy.compat32).parsebytes(data.partition(b"\n")[2], headersonly=True)
    except _WRONG:
        return None


def _file_name(files: Container, name: str) -> str:
    """A mailbox is called by its folder in Takeout, else by its file."""
    parts = name.split("/")
    if len(parts) > 1 and parts[-2].lower().endswith("@googlegroups.com"):
        return parts[-2].partition("@")[0]
    stem = re.sub(r"(?:\.(?:mbox|mbx|txt|gz|zip))+$", "", parts[-1], flags=re.IGNORECASE)
    return stem or files.path.stem or "list"


# --- heads ------------------------------------------------------------------------------------------------------------


def _header(mail: Mail, name: str) -> str:
    """A field of the head, decoded, on one line."""
    value = mail.get(name)
    return "" if value is None else _decoded(_raw(value))


def _raw(value: object) -> str:
    text = str(value)[:_LONGEST_HEAD]
    if is_broken(text) or "\ufffd" in text:
        data = text.encode("utf-8", "surrogateescape")
        text = data.decode(encoding_of(data + b"     "), "replace")
    return re.sub(r"\r?\n[ \t]*", " ", text)


def _decoded(text: str) -> str:
    """RFC 2047 words as text."""
    if "=?" not in text:
        return text
    pieces = []
    try:
        for piece, charset in decode_header(text):
            pieces.append(piece if isinstance(piece, str) else _in_charset(piece, charset or "ascii"))
    except _WRONG:
        return text
    return "".join(pieces)


def _in_charset(data: bytes, charset: str) -> str:
    charset = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "unknown-8bit": ""}.get(
        charset.lower(), charset
    )
    for name in (charset, encoding_of(data + b"     ")):
        try:
            text = data.decode(name) if name else ""
            if text and not is_broken(text):
                return text
        except (LookupError, UnicodeError):
            continue
    return data.decode("latin-1")


def _sender(mail: Mail, of_list: set[str]) -> Person | None:
    """Who wrote a mail. A list that puts its own address in place says elsewhere whose it is."""
    name, address = _name_and_address(_raw(mail.get("From") or mail.get("Sender") or ""))
    via = bool(_VIA.search(name)) and (address in of_list or not of_list)
    if via or (address and address in of_list):
        name = _VIA.sub("", name).strip("'\" ")
        originals = [_name_and_address(_raw(mail.get(one) or "")) for one in
                     ("X-Original-From", "X-Original-Sender", "Reply-To", "X-MailFrom")]  # fmt: skip
        found = next(((n, a) for n, a in originals if a and a != address and a not in of_list), None)
        if found is None:
            name = label(name)
            return (
                Person(key=f"{name} ({PLATFORM})", name=name, identities=(Identity(BY_NAME, name),)) if name else None
            )
        name, address = name or found[0], found[1]
    if not address:
        return None
    name = label(name.strip("'\" "))
    if not name or "@" in name:
        name = label(address.partition("@")[0])
    return Person(key=address, name=name, identities=(Identity(PLATFORM, address),))


def _name_and_address(text: str) -> tuple[str, str]:
    if found := _OBFUSCATED.match(text):
        local, domain, name = (found[1], found[2], found[3]) if found[1] else (found[5], found[6], found[4])
        return _decoded(name or "").strip(), f"{local}@{domain}".lower()
    name, address = parseaddr(text)
    if not re.fullmatch(r"[^\s@<>]{1,200}@[^\s@<>]{1,200}", address):
        # Commas and brackets of a name that is not in quotation marks.
        found = re.search(r"<([^<>\s@]{1,200}@[^<>\s@]{1,200})>\s*$", text)
        if not found:
            return _decoded(text).strip(), ""
        name, address = text[: found.start()].strip(" \"'"), found[1]
    return _decoded(name).strip(), address.lower()


def _list_of(mail: Mail) -> str:
    if name := _header(mail, "X-Google-Groups").strip():
        return label(name.partition(",")[0])
    been = parseaddr(_header(mail, "X-BeenThere"))[1].partition("@")[0]
    listed = _LIST_ID.search(_header(mail, "List-Id") or _header(mail, "List-ID"))
    posted = _POST.search(_header(mail, "List-Post"))
    name = been or (listed[1].partition(".")[0] if listed else "") or (posted[1] if posted else "")
    return label(name).lower()


def _usual_tag(mails: list[Mail]) -> str:
    """The [tag] that most subjects begin with, in small letters."""
    tags = []
    for mail in mails:
        subject = label(_header(mail, "Subject"))
        while found := _REPLY.match(subject):
            subject = subject[found.end() :]
        tags += [found[1].casefold() for found in [_TAG.match(subject)] if found]
    tag, count = Counter(tags).most_common(1)[0] if tags else ("", 0)
    return tag if count * 2 > len(mails) else ""


def _answered(mail: Mail) -> str:
    """The id of the mail that is answered."""
    said = _ID.findall(_header(mail, "In-Reply-To"))
    return said[0] if said else next(reversed(_ID.findall(_header(mail, "References"))), "")


def _answered_in(mail: Mail, known: dict[str, str]) -> bool:
    return _answered(mail) in known


def _time(mail: Mail, envelope: bytes) -> Micros:
    """When a mail was written: by its Date, else by its first line. ValueError when neither is a time."""
    written_at = re.sub(r"^From \S+(?: at \S+)?\s+", "", envelope.decode("ascii", "replace").strip())
    # "Thu Apr 16 09:53:04 +0000 2015" and "Tue Mar  5 00:54:20 2024", as a Date is written.
    parts = re.fullmatch(
        r"\w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d(?::\d\d)?)(?: ([+-]\d{4}|[A-Z]{3,4}))? (\d{4})", written_at
    )
    by_envelope = f"{parts[2]} {parts[1]} {parts[5]} {parts[3]} {parts[4] or '+0000'}" if parts else ""
    for text in (_header(mail, "Date"), by_envelope):
        try:
            moment = parsedate_to_datetime(text)
            time = micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except _WRONG:
            continue
        if 0 < time < _LAST:
            return time
    raise ValueError("it has no time")


# --- bodies -----------------------------------------------------------------------------------------------------------


def _words(mail: Mail) -> OwnWords:
    """The author's own words; "" where there are none but attachments."""
    pieces = [piece for piece in _texts(mail) if piece.strip()]
    return own_words("\n".join(pieces)[:_LONGEST_TEXT])


def _texts(mail: Mail) -> Iterator[str]:
    """The texts of a mail, of alternatives the plain one; not what is attached or forwarded."""
    stack, seen = [mail], 0
    while stack and seen < _MOST_PARTS:
        part, seen = stack.pop(), seen + 1
        inner = part.get_payload()
        if isinstance(inner, list):
            parts = [one for one in inner if isinstance(one, Mail)]
            if part.get_content_maintype() == "message":
                continue
            if part.get_content_subtype() == "alternative":
                parts = _best(parts)
            stack.extend(reversed(parts))
        elif part.get_content_disposition() != "attachment" and not part.get_filename():
            yield _text_of(part)


def _best(parts: list[Mail]) -> list[Mail]:
    """Of alternatives the plain text, where it holds one."""
    plain = [part for part in parts if part.get_content_type() == "text/plain" and _text_of(part).strip()]
    return plain[:1] or [part for part in parts if part.get_content_type() != "text/plain"][-1:]


def _text_of(part: Mail) -> str:
    kind = part.get_content_type()
    if kind not in ("text/plain", "text/html"):
        return ""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = _in_charset(data[: 4 * _LONGEST_TEXT], part.get_content_charset() or "").replace("\x00", "")
    if kind == "text/html":
        return words_of(text).text
    if str(part.get_param("format", "")).lower() == "flowed":
        return _unflowed(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _unflowed(text: str, without_space: bool) -> str:
    """Lines that were broken for width only, put together (RFC 3676)."""
    lines: list[list[str]] = []
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
        line = line.removeprefix(" ") if line.startswith((" >", " From", "  ")) else line
        piece = line[:-1] if flows and without_space else line
        if goes_on and not line.startswith(">") and line != "-- ":
            lines[-1].append(piece)
        else:
            lines.append([piece])
        goes_on = flows
    return "\n".join(map("".join, lines))
