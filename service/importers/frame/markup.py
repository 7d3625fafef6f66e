"""The words of HTML that somebody wrote: without markup, and without what is quoted from others.

Read by pattern from left to right, so that broken or hostile markup costs no more time than good one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

# A comment that is never closed goes on to the end.
_TOKEN = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*>|<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([a-zA-Z_:][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
_SILENT = frozenset(
    (
        "script",
        "style",
        "head",
        "title",
        "template",
        "svg",
        "math",
        "noscript",
    )
)
_LINES = frozenset(
    (
        "address",
        "article",
        "aside",
        "dd",
        "details",
        "div",
        "dt",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "footer",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tr",
        "ul",
    )
)
_APART = frozenset(
    (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "table",
    )
)
_MOST_OPEN = 500

Attributes = dict[str, str]


@dataclass(slots=True)
class Markup:
    """What HTML says. `mentions` are the texts of links to people, `quotes` the attributes of what is quoted."""

    text: str = ""
    mentions: list[str] = field(default_factory=list)
    quotes: list[Attributes] = field(default_factory=list)


def is_quote(tag: str, attributes: Attributes) -> bool:
    """Whether an element holds the words of others: a quotation of a mail program or of a forum."""
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".split()
    return tag == "blockquote" or any(
        name in ("quote", "gmail_quote", "gmail_attr", "gmail_signature", "moz-cite-prefix", "moz-signature",
                 "yahoo_quoted", "protonmail_quote", "divRplyFwdMsg", "onebox-body")
        for name in names
    )  # fmt: skip


def words_of(source: str, quoted: Callable[[str, Attributes], bool] = is_quote) -> Markup:
    """The words of `source`, lines kept, elements that are `quoted` left out."""
    return _Reader(quoted).read(source)


class _Reader:
    def __init__(self, quoted: Callable[[str, Attributes], bool]) -> None:
        self._quoted, self._out, self._pieces = quoted, Markup(), list[str]()
        self._open: list[str] = []
        self._left_out = 0  # how many elements are open from which on nothing is taken
        self._preformatted = 0
        self._mention: int | None = None

    def read(self, source: str) -> Markup:
        at = 0
        for token in _TOKEN.finditer(source):
            self._words(source[at : token.start()])
            at = token.end()
            if token[2]:
                self._tag(token[2].lower(), bool(token[1]), token[3])
        self._words(source[at:])
        lines = [line.strip() for line in "".join(self._pieces).split("\n")]
        self._out.text = _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
        return self._out

    def _words(self, piece: str) -> None:
        if not piece or self._left_out:
            return
        piece = html.unescape(piece)
        self._pieces.append(piece if self._preformatted else _SPACES.sub(" ", piece))

    def _tag(self, tag: str, closing: bool, rest: str) -> None:
        if tag in _VOID:
            if tag in ("br", "hr") and not self._left_out:
                self._pieces.append("\n")
        elif closing:
            self._close(tag)
        elif len(self._open) < _MOST_OPEN:
            self._begin(tag, rest)

    def _begin(self, tag: str, rest: str) -> None:
        attributes = {one[1].lower(): html.unescape(one[2] or one[3] or one[4] or "")
                      for one in _ATTRIBUTE.finditer(rest)}  # fmt: skip
        self._open.append(tag)
        if self._left_out:
            return
        if tag in _SILENT or self._quoted(tag, attributes):
            self._left_out = len(self._open)
            if tag not in _SILENT:
                self._out.quotes.append(attributes)
        elif tag == "a" and "mention" in attributes.get("class", "").split():
            self._mention = len(self._pieces)
        self._break(tag)
        self._preformatted += tag == "pre"

    def _close(self, tag: str) -> None:
        if tag not in self._open[-50:]:
            return
        while self._open:
            closed = self._open.pop()
            if self._left_out > len(self._open):
                self._left_out = 0
            elif closed == "pre":
                self._preformatted = max(self._preformatted - 1, 0)
            if closed == tag:
                break
        if tag == "a" and self._mention is not None:
            self._out.mentions.append("".join(self._pieces[self._mention :]).strip())
            self._mention = None
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in _LINES and not self._left_out:
            self._pieces.append("\n\n" if tag in _APART else "\n")
