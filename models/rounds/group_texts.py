"""What one of several people is told of the others."""

from __future__ import annotations

from collections.abc import Sequence

from models.community import Community
from models.requests import Language
from models.rounds.common_ground import Ground, first_offer, shared_themes
from models.rounds.meeting import FULL, GIFTS, TOPIC, Meeting, met, opened, question
from models.rounds.phrases import PARTS, QUESTIONS, Asked, Part
from models.rounds.wording import called, chosen, joined, listed, name, quote, say, shortened

NAMED = 8  # people of a group who are named; the others are counted


def group_text(
    view: Community,
    meeting: Meeting,
    reader: str,
    grounds: Sequence[Ground],
    language: Language,
    most: int,
    fullness: int,
) -> str:
    """Who is at the table with what they bring, whom to ask and whom to help, and a question for all.

    Quotations have at most `most` characters.
    """
    people = shortened(
        [_introduced(view, meeting, found.other, language, most, fullness) for found in grounds],
        language,
        NAMED if fullness else 4,
    )
    filled = {"reader": called(view, reader), "people": people, "x": quote(meeting.title, 40)}
    parts = [opened(meeting, _how_many(meeting), language, **filled)]
    role = meeting.role_of(reader)
    if role:
        parts.append(say("your_role", language, x=quote(role, 40)))
    if meeting.sought:
        open_roles = shortened([quote(one, 24) for one in meeting.sought], language, 3)
        parts.append(say("still_sought", language, x=open_roles))
    if fullness >= TOPIC:
        parts += _links(view, grounds, language, max(most, 20), both=fullness >= GIFTS)
    if meeting.kind == "teams":
        parts += [say("first_step", language), question("round_first", "team", language, *meeting.members)]
    else:
        parts.append(_round_question(view, meeting, language))
    if meeting.asks:
        parts.append(say("all_must_want", language))
    return joined(parts, language)


def _how_many(meeting: Meeting) -> Part:
    if meeting.kind == "teams":
        return "meet_team" if meeting.title else "meet_table"
    return "meet_three" if len(meeting.members) == 3 and meeting.kind == "pairs" else "meet_table"


def _introduced(view: Community, meeting: Meeting, other: str, language: Language, most: int, fullness: int) -> str:
    """A name with what its owner plays or brings, in a few words."""
    person = called(view, other)
    tag = meeting.role_of(other) or (first_offer(view, view.row[other]) if fullness >= FULL else "")
    if not tag or not fullness:
        return person
    return PARTS["brings"][language].format(other=person, x=quote(tag, min(most // 2, 24)))


def _links(view: Community, grounds: Sequence[Ground], language: Language, most: int, *, both: bool) -> list[str]:
    """Whom to ask, and whom to help: the best of each at the table."""
    out = []
    asks = max((g for g in grounds if g.gives and g.gives.meets), key=_fit_given, default=None)
    if asks and asks.gives:
        out.append(met("ask_somebody", asks.gives, language, most, called(view, asks.other)))
    helps = max((g for g in grounds if g.takes and g.takes.meets and g.takes.stated), key=_fit_taken, default=None)
    if helps and helps.takes and (both or not out):
        out.append(met("help_somebody", helps.takes, language, most, called(view, helps.other)))
    return out


def _fit_given(found: Ground) -> float:
    return found.gives.fit if found.gives else 0.0


def _fit_taken(found: Ground) -> float:
    return found.takes.fit if found.takes else 0.0


def _round_question(view: Community, meeting: Meeting, language: Language) -> str:
    """The same for everybody at the table."""
    themes = shared_themes(view, [view.row[m] for m in meeting.members if m in view.row], most=1)
    asked: Asked = "round_theme" if themes else "round_nothing"
    question = chosen(QUESTIONS[asked][language], *sorted(meeting.members)).format(
        x=listed([name(theme) for theme in themes], language)
    )
    return say("round_first", language, x=question)
