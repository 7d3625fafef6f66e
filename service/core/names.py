"""Resource names: "communities/{c}", "communities/{c}/members/{m}" and the like, and the ids inside them."""

from __future__ import annotations

import re

from service.core.errors import InvalidArgument

MAX_ID = 128
_ID = re.compile(r"[^\x00-\x20\x7f/\ud800-\udfff][^\x00-\x1f\x7f/\ud800-\udfff]*\Z")


def is_id(text: str) -> bool:
    """Whether a text may be an id: 1 to 128 characters, no slash, no control character, not beginning with a space."""
    return len(text) <= MAX_ID and _ID.match(text) is not None


def require_id(text: str, what: str) -> str:
    """The id itself. Raises InvalidArgument (FIELD_REQUIRED, ID_MALFORMED); `what` names the field."""
    if not text:
        raise InvalidArgument(what, reason="FIELD_REQUIRED")
    if not is_id(text):
        raise InvalidArgument(f"{what} {shown(text)}", reason="ID_MALFORMED")
    return text


def shown(text: str) -> str:
    """A text a caller sent, quoted and shortened, fit for a sentence."""
    quoted = ascii(text) if "\x00" in text or not _encodes(text) else '"' + text + '"'
    return quoted if len(quoted) <= 80 else quoted[:79] + "…"


def community_name(community: str) -> str:
    """The name of a community."""
    return f"communities/{community}"


def child_name(community: str, collection: str, id: str) -> str:
    """The name of something in a community; "" for an empty id."""
    return f"communities/{community}/{collection}/{id}" if id else ""


def suggestion_name(community: str, member: str, suggestion: str) -> str:
    """The name of a suggestion for a member."""
    return f"communities/{community}/members/{member}/suggestions/{suggestion}"


def split(name: str, collections: tuple[str, ...], what: str) -> tuple[str, ...]:
    """The ids in a name whose collections are these. Raises InvalidArgument; `what` names the field."""
    if not name:
        raise InvalidArgument(what, reason="FIELD_REQUIRED")
    parts = name.split("/")
    if len(parts) != 2 * len(collections) or tuple(parts[::2]) != collections:
        pattern = "/".join(f"{one}/{{id}}" for one in collections)
        raise InvalidArgument(f'{what} is {shown(name)} and not of the form "{pattern}"', reason="NAME_MALFORMED")
    for id in parts[1::2]:
        require_id(id, f"an id in {what}")
    return tuple(parts[1::2])


def community_of(name: str, what: str = "parent") -> str:
    """The id in "communities/{c}"."""
    return split(name, ("communities",), what)[0]


def community_within(name: str, what: str) -> str:
    """The id of the community that any resource name begins with. Raises InvalidArgument; `what` names the field."""
    if not name:
        raise InvalidArgument(what, reason="FIELD_REQUIRED")
    collection, _, rest = name.partition("/")
    community = rest.partition("/")[0]
    if collection != "communities" or not is_id(community):
        raise InvalidArgument(
            f'{what} is {shown(name)} and does not begin with "communities/{{id}}"', reason="NAME_MALFORMED"
        )
    return community


def child_of(name: str, collection: str, what: str = "name") -> tuple[str, str]:
    """(community, id) of "communities/{c}/{collection}/{id}"."""
    community, id = split(name, ("communities", collection), what)
    return community, id


def id_within(name: str, community: str, collection: str, what: str) -> str:
    """The id of a name that must lie in `community`; "" for an empty name. Raises InvalidArgument (WRONG_COMMUNITY)."""
    if not name:
        return ""
    prefix = f"communities/{community}/{collection}/"
    if name.startswith(prefix) and is_id(name[len(prefix) :]):
        return name[len(prefix) :]
    other, id = child_of(name, collection, what)
    if other != community:
        raise InvalidArgument(f"{what} {shown(name)}", reason="WRONG_COMMUNITY")
    return id


def incarnate(community: str, incarnation: str) -> str:
    """A name for one of the communities that had an id in turn: for the first the id itself. `incarnation` is what a
    store tells; no id holds what is between the two."""
    return f"{community}\0{incarnation}" if incarnation else community


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
