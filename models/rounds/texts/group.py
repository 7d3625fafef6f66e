"""What one of several people is told of the others."""

from __future__ import annotations

from collections.abc import Sequence

from models.community.view import Community
from models.domain.facts import Fact, Value
from models.domain.requests import Language
from models.rounds.texts.common_ground import Ground, first_offer, shared_themes
from models.rounds.texts.facts import Teller
from models.rounds.texts.meeting import FULL, GIFTS, TOPIC, Meeting, closed, opened, question, said
from models.rounds.texts.phrases import Asked, Part
from models.rounds.texts.readers import foreign, script_of
from models.rounds.texts.topics import topics
from models.rounds.texts.wording import called
from models.text.quoting import in_short, name, quote
from models.text.wishes import wish

NAMED = 8  # people of a group who are named; the others are counted


def group_text(
    view: Community,
    meeting: Meeting,
    reader: str,
    grounds: Sequence[Ground],
    language: Language,
    most: int,
    fullness: int,
) -> Fact:
    """Who is at the table with what they bring, whom to ask and whom to help, and a question for all.

    Quotations have at most `most` characters.
    """
    people = tuple(_introduced(view, meeting, found, language, most, fullness) for found in grounds)
    named = NAMED if fullness else 4
    title = quote(meeting.title, 40)
    parts = opened(meeting, _how_many(meeting), reader=called(view, reader), people=people, most=named, x=title)
    role = meeting.role_of(reader)
    if role:
        parts.append(said("your_role", x=_as_written(quote(role, 40), role, grounds)))
    elif any(meeting.roles):
        parts.append(said("your_role_open"))
    if meeting.sought:
        open_roles = tuple(quote(one, 24) for one in meeting.sought)
        parts.append(said("still_sought", x=Fact("round.people", {"names": open_roles, "most": 3})))
    if fullness >= TOPIC:
        parts += _links(view, grounds, language, max(most, 20), both=fullness >= GIFTS)
    if meeting.kind == "teams":
        parts.append(said("first_step"))
        parts += [question("round_first", "team", *meeting.members)] if fullness >= FULL else []
    else:
        parts.append(_round_question(view, meeting))
    if meeting.asks:
        parts.append(said("all_must_want"))
    parts += closed(meeting)
    return Fact("round.text", {"parts": tuple(parts)})


def _as_written(shown: str, text: str, grounds: Sequence[Ground]) -> Value:
    """Words of an organizer, told as written in another language where the reader does not read them."""
    if not grounds or not foreign(text, grounds[0].reads):
        return shown
    label = Fact("round.written.zh" if script_of(text) == "zh" else "round.written.en")
    return Fact("round.words", {"label": label, "x": shown})


def _how_many(meeting: Meeting) -> Part:
    if meeting.kind == "teams":
        return "meet_team" if meeting.title else "meet_table"
    return "meet_three" if len(meeting.members) == 3 and meeting.kind == "pairs" else "meet_table"


def _introduced(
    view: Community, meeting: Meeting, found: Ground, language: Language, most: int, fullness: int
) -> Value:
    """A name with what its owner plays or brings, in a few words that the reader reads."""
    person = called(view, found.other)
    if not fullness:
        return person
    role = meeting.role_of(found.other)
    brings = first_offer(view, view.row[found.other]) if fullness >= FULL and not role else ""
    if brings and foreign(brings, found.reads):
        named = topics(brings, language)
        return said("brings", other=person, x=Fact("round.topics", {"words": named})) if named else person
    tag = in_short(role or wish(brings)[1], min(most // 2, 30))
    return said("brings", other=person, x=tag) if tag else person


def _links(view: Community, grounds: Sequence[Ground], language: Language, most: int, *, both: bool) -> list[Fact]:
    """Who has what the reader seeks, and who seeks what the reader has: the best of each at the table."""
    tellers = [Teller(found, called(view, found.other), language, most, alone=False) for found in grounds]
    given = [(_fit_given(one.found), told) for one in tellers if (told := one.gives())]
    taken = [(_fit_taken(one.found), told) for one in tellers if (told := one.takes())]
    best = [max(links, key=lambda link: link[0])[1].said for links in (given, taken) if links]
    return best if both else best[:1]


def _fit_given(found: Ground) -> float:
    return found.gives.fit if found.gives else 0.0


def _fit_taken(found: Ground) -> float:
    return found.takes.fit if found.takes else 0.0


def _round_question(view: Community, meeting: Meeting) -> Fact:
    """The same for everybody at the table."""
    themes = shared_themes(view, [view.row[m] for m in meeting.members if m in view.row], most=1)
    asked: Asked = "round_theme" if themes else "round_nothing"
    names = tuple(name(theme) for theme in themes)
    return said("round_first", x=Fact(f"round.question.{asked}", {"x": names}, tuple(sorted(meeting.members))))
