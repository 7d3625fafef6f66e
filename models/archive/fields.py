"""The fields of the archive format: which are known for each kind, and where unknown ones may hide."""

from __future__ import annotations

from typing import Any, TypeAlias

import orjson

Json: TypeAlias = dict[str, Any]

KNOWN_FIELDS: dict[str, frozenset[str]] = {
    "community": frozenset({"id", "name", "purpose", "values", "languages"}),
    "member": frozenset(
        {
            "id", "name", "profile", "aims", "offers", "seeks", "values", "languages", "place", "time_zone",
            "availability", "identities", "consent", "paused_until", "attributes",
        }
    ),
    "channel": frozenset({"id", "name", "visibility", "members"}),
    "message": frozenset({"id", "author", "time", "channel", "thread", "topic", "reply_to", "mentions", "text"}),
    "project": frozenset({"id", "title", "text", "time", "members", "needs", "state"}),
    "tie": frozenset({"id", "from", "to", "time", "kind"}),
    "outcome": frozenset({"id", "from", "to", "time", "kind", "value", "token"}),
    "block": frozenset({"id", "from", "to", "time", "kind"}),
    "suggestion": frozenset({"id", "member", "field", "text", "kind", "message", "state"}),
    "round": frozenset(
        {
            "id", "time", "title", "state", "members", "spec", "plan", "left_out", "ranked_as", "language",
            "double_opt_in", "goes_out", "period_days", "attempt", "published", "problem", "date",
            "place", "note",
        }
    ),
    "invitation": frozenset(
        {
            "id", "time", "guests", "source", "ref", "state", "double_opt_in", "title", "text", "sitting", "slot",
            "team", "score", "period_days",
        }
    ),
}  # fmt: skip

# Unknown fields inside the objects of a list (a `note` in an offer) travel in `extra` under this prefix.
NESTED_PREFIX = "_unknown_in_"
NESTED_LISTS = {
    "offers": ("text", "kind"),
    "seeks": ("text", "kind"),
    "needs": ("text", "kind"),
    "identities": ("platform", "handle"),
}


def canonical_json(value: object) -> str:
    """JSON text with sorted keys and no spaces."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
