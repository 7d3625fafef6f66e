"""Whom both know, what they did together, where both are often; and that they move in different circles."""

from __future__ import annotations

from models.community.sparse import common, row_of, stands
from models.domain.requests import Evidence, ReasonKind
from models.ranking.reasons.kind import Case, Found, Kind

COMMON_TIES = ReasonKind("common_ties")
WORKED_TOGETHER = ReasonKind("worked_together")
SAME_CHANNEL = ReasonKind("same_channel")
NEW_CIRCLE = ReasonKind("new_circle")  # no acquaintance in common


def _common_ties(case: Case) -> Found:
    ties = case.view.ties
    columns, _ = common(case.query.adamic_adar, row_of(ties.binary, case.row))
    best = columns[case.visible[columns]]
    return tuple(Evidence("member", case.view.ids[row]) for row in best[:3]) or None


def _worked_together(case: Case) -> Found:
    own = [row for row in case.query.own if stands(case.view.ties.binary, row, case.row)]
    return tuple(Evidence("member", case.view.ids[row]) for row in own[:2]) or None


def _same_channel(case: Case) -> Found:
    view = case.view
    best, _ = common(row_of(view.activity.channel, case.row), case.query.channel)
    rooms = [view.channels[c] for c in best if view.channels[c].id and view.channels[c].visibility == "community"]
    return tuple(Evidence("channel", room.id) for room in rooms[:2]) or None


def _new_circle(case: Case) -> Found:
    view, query = case.view, case.query
    others = view.ties.degree[query.row] > 0 and view.ties.degree[case.row] > 0 if query.row >= 0 else False
    if not others or case.values["adamic_adar"] > 0 or stands(view.rules.connected, query.row, case.row):
        return None
    return ()


KINDS = (
    Kind(
        name=COMMON_TIES,
        values=("adamic_adar", "adamic_adar_decayed", "pagerank", "three_hops", "three_hops_recent"),
        evidence=_common_ties,
    ),
    Kind(name=WORKED_TOGETHER, values=("tie", "projects_together"), evidence=_worked_together),
    Kind(
        name=SAME_CHANNEL,
        values=("near", "near_two_hop", "threads", "channel", "channel_recent", "channel_answers", "rooms_now"),
        evidence=_same_channel,
    ),
    Kind(name=NEW_CIRCLE, evidence=_new_circle, beside=True),
)
