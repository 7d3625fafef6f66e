"""Topics of a Discourse forum as its JSON, /t/ID.json: a file a topic, or a page of one.

| what | where it stands |
|---|---|
| topic | {post_stream {posts [], stream [ids]}, id, title, category_id, archetype regular|private_message|banner,
  details {allowed_users [{username}], allowed_groups}} (discourse-js: Topics.d.ts, Posts.d.ts; an answer of a forum) |
| post | id, topic_id, post_number, reply_to_post_number, username, name, user_id, created_at (UTC), cooked (HTML), raw
  (only with ?include_raw=1), post_type, hidden, deleted_at, user_deleted |
| post_type | 1 regular, 2 of a moderator, 3 small action (closed, moved), 4 whisper among staff
  [discourse/discourse:app/models/post.rb] |
| others' words | [quote="user, post:3, topic:7"]…[/quote], in HTML <aside class="quote" data-username data-post
  data-topic>; lines of Markdown that begin with > |
| @ | <a class="mention">@user</a>; a group is mention-group |
| no people | users whose number is negative: system is -1, discobot -2 (general knowledge) |

A name is shown where there is one, else the username, which is the handle and does not mind capitals. A page of a topic
has 20 posts: fetch the others with ?page=2. The JSON does not say whether a category is open to everybody, and not what
it is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from models.archive.container import ArchiveError, BadRow
from models.domain.records import Identity, Visibility
from service.importers.frame.container import Container
from service.importers.frame.format import Format, Options
from service.importers.frame.json_walk import BEGINS, Broken, json_heads, walk
from service.importers.frame.markup import Markup, words_of
from service.importers.frame.report import Report
from service.importers.frame.transcript import Entries, Person, Quote, Room, Said, Unused
from service.importers.frame.values import Json, entries, fields, iso, key, label, own_words, words

PLATFORM = "discourse"
_OPENED = frozenset(("", "post_stream", "post_stream.posts"))
_BOTS = frozenset(("system", "discobot"))
_QUOTE = re.compile(r"\[quote(?:=\"?([^\]\"]{0,300})\"?)?\]|\[/quote\]", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*([^,\]]+)(?:,\s*post:(\d+))?(?:,\s*topic:(\d+))?")
_UPLOAD = re.compile(
    r"!\[[^\]\n]{0,300}\]\([^)\s]{1,500}\)|<img\b[^>]{0,2000}>|\[[^\]\n]{1,300}\|attachment\]\([^)\s]{1,500}\)"
    r"(?: \([\d.,]+ ?\w{1,5}\))?"
)
_KINDS = {3: "topic was closed, moved or pinned", 4: "whisper among staff"}
_NO_REPLY = "", None


@dataclass(frozen=True, slots=True)
class _Topic:
    id: str
    title: str
    room: Room


class Discourse(Format):
    """A forum's topics."""

    name: ClassVar[str] = "discourse"
    title: ClassVar[str] = "Discourse topics (/t/ID.json)"

    def sure(self, files: Container) -> float:
        heads = [head for _, head in json_heads(files, ".json")]
        return 0.95 if any(_looks_like_a_topic(head) for head in heads) else 0.0

    def read(self, files: Container, options: Options, report: Report) -> Entries:
        names = [name for name, head in json_heads(files, ".json", most=len(files.names)) if _looks_like_a_topic(head)]
        if not names:
            raise ArchiveError("no topic of a forum is in this; save pages such as https://FORUM/t/12.json")
        report.clock = "as written, in UTC"
        seen: set[str] = set()
        for name in names:
            yield from _file(files, name, options, report, seen)


def without_quotes(raw: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Text of a post in Markdown without what it quotes and shows; and of whom, which post, of which topic."""
    kept, quotes, depth, at, opened = [], [], 0, 0, 0
    for mark in _QUOTE.finditer(raw):
        if not depth:
            kept.append(raw[at : mark.start()])
            opened = mark.start()
        at = mark.end()
        if mark[0][1] == "/":
            depth = max(depth - 1, 0)
            continue
        if not depth and (said := _QUOTED.match(mark[1] or "")):
            quotes.append((said[1].strip(), said[2] or "", said[3] or ""))
        depth += 1
    # A quotation that is never closed is none.
    kept.append(raw[opened if depth else at :])
    text, _ = own_words("".join(kept))
    return re.sub(r"\n{3,}", "\n\n", _UPLOAD.sub("", text)).strip(), quotes


def post_id(topic: str, number: str) -> str:
    """A post's id within its room: topics are numbered through the forum, and posts within a topic."""
    return f"{topic}/{number}"


def _looks_like_a_topic(head: str) -> bool:
    return head.lstrip().startswith("{") and '"post_stream"' in head and '"posts"' in head


def _file(files: Container, name: str, options: Options, report: Report, seen: set[str]) -> Entries:
    topic = _topic(files, name, options)
    posters: dict[str, None] = {}
    for found in walk(files, name, _OPENED):
        if found.path == "post_stream.posts[]" or isinstance(found.value, Broken):
            yield from _post(name, found.number, found.value, topic, posters, seen)
    if topic.room.visibility == "private":
        report.note("Messages between a few stay with them: others never see them.")
        topic = replace(topic, room=replace(topic.room, members=(*dict.fromkeys((*topic.room.members, *posters)),)))
    elif not options.channel:
        report.note("The names of categories are not in these files; --channel NAME puts all topics into one room.")
    yield topic.room


def _topic(files: Container, name: str, options: Options) -> _Topic:
    """What stands around the posts, some of it behind them."""
    about: Json = {}
    for found in walk(files, name, _OPENED):
        if "." not in found.path and found.value is not BEGINS and not isinstance(found.value, Broken):
            about[found.path] = found.value
        elif found.path == "post_stream.posts[]" and "id" not in about:
            about.setdefault("topic_id", fields(found.value).get("topic_id"))
    id = key(about.get("id")) or key(about.get("topic_id")) or name
    return _Topic(id, label(about.get("title")), _room(id, about, options))


def _room(id: str, about: Json, options: Options) -> Room:
    if about.get("archetype") == "private_message":
        allowed = entries(fields(about.get("details")).get("allowed_users"))
        members = tuple(_handle(fields(user).get("username")) for user in allowed)
        visibility: Visibility = "private"
        return Room(key=f"pm-{id}", name=label(about.get("title")), visibility=visibility,
                    members=tuple(one for one in members if one and one not in _BOTS))  # fmt: skip
    if options.channel:
        return Room(key=options.channel)
    category = key(about.get("category_id"))
    return Room(key=f"category-{category}", name=f"category {category}") if category else Room(key="forum")


def _handle(username: object) -> str:
    return label(username).lower()


def _post(
    file: str, number: int, value: object, topic: _Topic, posters: dict[str, None], seen: set[str]
) -> Iterator[Person | Said | Unused | BadRow]:
    if isinstance(value, Broken):
        yield BadRow(file, number, value.reason)
        return
    post = fields(value)
    if unused := _unused(post):
        yield Unused(what=unused)
        return
    try:
        author, id = _handle(post.get("username")), post_id(topic.id, key(post.get("post_number")))
        if not author or not key(post.get("post_number")):
            raise ValueError("it has no username or no post_number")
        if id in seen:
            yield Unused(what="the same post once more")
            return
        said = _said(file, number, post, topic, id, author)
    except ValueError as error:
        yield BadRow(file, number, f"a post: {error}")
        return
    seen.add(id)
    posters[author] = None
    yield _person(post)
    yield said


def _unused(post: Json) -> str:
    kind, user = post.get("post_type"), post.get("user_id")
    if isinstance(kind, int) and kind in _KINDS:
        return _KINDS[kind]
    if _handle(post.get("username")) in _BOTS or (isinstance(user, int) and user < 0):
        return "post of the forum itself"
    if post.get("deleted_at") or post.get("user_deleted") is True:
        return "deleted post"
    return "post that moderators hid" if post.get("hidden") is True else ""


def _person(post: Json) -> Person:
    username = label(post.get("username"))
    return Person(key=username.lower(), name=label(post.get("name")) or username, also=(username, username.lower()),
                  identities=(Identity(PLATFORM, username.lower()),))  # fmt: skip


def _said(file: str, number: int, post: Json, topic: _Topic, id: str, author: str) -> Said:
    raw, cooked = words(post.get("raw")), words(post.get("cooked"))
    html = words_of(cooked) if cooked else Markup()
    text, quotes = without_quotes(raw) if raw.strip() else (html.text, [_data(quote) for quote in html.quotes])
    reply_to, quote = _answered(post, topic.id, quotes)
    mentioned = (_handle(mention.removeprefix("@")) for mention in html.mentions)
    return Said(
        file=file,
        line=number,
        author=author,
        time=iso(post.get("created_at")),
        text=text,
        room=topic.room.key,
        id=id,
        reply_to=reply_to,
        thread=post_id(topic.id, "1"),
        topic=topic.title,
        mentions=tuple(one for one in mentioned if one and one not in _BOTS),
        quote=quote,
    )


def _data(quote: dict[str, str]) -> tuple[str, str, str]:
    return quote.get("data-username", ""), quote.get("data-post", ""), quote.get("data-topic", "")


def _answered(post: Json, topic: str, quotes: list[tuple[str, str, str]]) -> tuple[str, Quote | None]:
    """The post that is answered, or whom it quotes where that is of another topic."""
    if number := key(post.get("reply_to_post_number")):
        return post_id(topic, number), None
    for who, number, of in quotes:
        if number and of in ("", topic):
            return post_id(topic, number), None
        if who:
            return "", Quote(by=who.lower(), words="")
    return _NO_REPLY
