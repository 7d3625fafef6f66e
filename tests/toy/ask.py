"""Every kind of request for people, in one form, so that what must hold for all is tested on all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.community.view import Community
from models.domain.requests import Goal, Language, Options, Reason, Recommendations
from models.ranking import joining, pipeline
from models.ranking.ranker import Ranker
from service.texts import say
from tests.toy.world import NOW, Encode


@dataclass(frozen=True)
class Asker:
    """A view, a ranker and an encoder, and the questions one can put to them."""

    view: Community
    ranker: Ranker
    encode: Encode

    def peers(self, member: str, **options: Any) -> Recommendations:
        """People like this member."""
        return pipeline.recommend_peers(self.view, self.ranker, member, asked(**options))

    def collaborators(self, target: str | Goal, **options: Any) -> Recommendations:
        """People who complete this member or goal."""
        return pipeline.recommend_collaborators(self.view, self.ranker, target, asked(**options), self.encode)

    def brief(self, member: str, **options: Any) -> Recommendations:
        """People for something that this member leads."""
        goal = Goal(title="Something new", text="We want to make something together.", members=(member,))
        return self.collaborators(goal, **options)

    def search(self, text: str, source: str = "", **options: Any) -> Recommendations:
        """People who know about a text."""
        goal = Goal(text=text, source=source)
        return pipeline.search_members(self.view, self.ranker, goal, asked(**options), self.encode)

    def question(self, member: str, **options: Any) -> Recommendations:
        """People who will answer what this member asks."""
        return self.search("Who can help with something?", member, **options)

    def projects(self, member: str, **options: Any) -> Recommendations:
        """Projects to join."""
        return joining.recommend_projects(self.view, self.ranker, member, asked(**options))

    def explain(self, member: str, other: str, **options: Any) -> Recommendations:
        """Why these two."""
        return pipeline.explain(self.view, self.ranker, member, other, asked(**options))


FOR_A_MEMBER: Mapping[str, Callable[..., Recommendations]] = {
    "peers": Asker.peers,
    "collaborators": Asker.collaborators,
    "brief": Asker.brief,
    "question": Asker.question,
}


def asked(**options: Any) -> Options:
    """Options at the toy world's time; everybody, by score alone, with or without a reason."""
    everybody = {"now": NOW, "limit": 1000, "diversity": 0.0, "strangers": 0.0, "fillers": True, "gone": True}
    return Options(**{**everybody, **options})


def ids(found: Recommendations) -> list[str]:
    """Ids of an answer, best first."""
    return [match.id for match in found.matches]


def reasons(found: Recommendations, other: str) -> dict[str, Reason]:
    """The reasons given for one of the found, by kind."""
    return {reason.kind: reason for match in found.matches if match.id == other for reason in match.reasons}


def score(found: Recommendations, other: str) -> float:
    """The score of one of the found."""
    return next(match.score for match in found.matches if match.id == other)


def said(found: Recommendations, language: Language = "en") -> str:
    """All that an answer lets its reader know in words."""
    return "\n".join(
        f"{say(reason.said, language)} {[item.value for item in reason.evidence]}"
        for match in found.matches
        for reason in match.reasons
    )
