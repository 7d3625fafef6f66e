"""Plain questions of many forms lead to who evidently can answer them, the best first; small talk leads to nobody.

The material is invented: a community of two languages, what its people said, questions with who should answer them, and
messages that only look like questions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from models.community.view import Community
from models.domain.records import Channel, Member, Message, Need, Record
from models.domain.requests import Options
from models.introductions import Introduction, Proposer, Recent, remark, wording
from models.introductions.wording import Two
from models.ranking.ranker import Ranker
from service.texts import say
from tests.toy.world import HOUR, START, Encode, view_of

READINGS = Path(__file__).parents[1] / "readings" / "introductions.jsonl"
APART = 5 * HOUR  # between what is said

LED, RIGHT, FALSE = 0.8, 0.95, 0.05  # share of questions led somewhere, of these to the right one; of others led at all


class Club:
    """Members and what they said, and whom a new message leads to, as the service would tell both."""

    def __init__(
        self, encode: Encode, ranker: Ranker, members: Sequence[dict[str, Any]], talk: Sequence[dict[str, Any]]
    ) -> None:
        self._encode, self._ranker = encode, ranker
        said = [_message(line, i) for i, line in enumerate(talk)]
        self._now = START + (len(said) + 1) * APART
        self._options = Options(audience="members", now=self._now)
        records: list[Record] = [Channel(id="square"), *map(_member, members), *said]
        self.view: Community = view_of(records, encode)
        self._recent = Recent(self.view.facets.vectors.shape[1])

    def led_to(self, text: str, by: str) -> str:
        """Whom somebody meets after saying this, "" for nobody."""
        message = Message(id="asked", author=by, time=self._now, text=text, channel="square", thread="new")
        said = remark(message)
        assert said is not None
        proposer = Proposer(self.view, self._ranker, self._recent, self._options, lambda _: ())
        made = proposer.from_remark(said, self._encode([said.text])[0] if said.tells else None)
        return made[0].members[1] if made and all(self.told(made[0], message)) else ""

    def told(self, made: Introduction, message: Message) -> list[str]:
        """Why, for the one who asked and for the other; "" for what cannot be said."""
        asker, other = (self.view.row[id] for id in made.members)
        both = (
            Two(made.kind, asker, other, message, None, reader_began=True),
            Two(made.kind, other, asker, None, message, reader_began=False),
        )
        why = [wording.reason(self.view, self._ranker, two, self._options, self._encode) for two in both]
        return [say(one.said, "en") if one else "" for one in why]


def _member(line: dict[str, Any]) -> Member:
    offers = tuple(Need(text, "resources") for text in line.get("offers", ()))
    return Member(id=line["member"], profile=line["profile"], offers=offers, consent="members")


def _message(line: dict[str, Any], at: int) -> Message:
    return Message(
        id=line.get("id", f"s{at}"),
        author=line["by"],
        time=START + at * APART,
        text=line["said"],
        channel="square",
        reply_to=line.get("answers", ""),
    )


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in READINGS.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def club(lines: list[dict[str, Any]], encode: Encode, ranker: Ranker) -> Club:
    return Club(encode, ranker, [one for one in lines if "member" in one], [one for one in lines if "said" in one])


def test_plain_questions_lead_to_who_evidently_can_answer_them(club: Club, lines: list[dict[str, Any]]) -> None:
    asked = [(one, club.led_to(one["asked"], one["by"])) for one in lines if "right" in one]
    led = [(one, found) for one, found in asked if found]
    right = [one for one, found in led if found == one["right"]]
    nobody = [one["asked"] for one, found in asked if not found]
    wrong = [(one["asked"], found) for one, found in led if found != one["right"]]
    assert len(asked) == 30
    assert len(led) >= LED * len(asked), nobody
    assert len(right) >= RIGHT * len(led), wrong


def test_what_only_looks_like_a_question_leads_to_nobody(club: Club, lines: list[dict[str, Any]]) -> None:
    said = [(one["asked"], club.led_to(one["asked"], one["by"])) for one in lines if "why" in one]
    false = [(text, found) for text, found in said if found]
    assert len(said) == 30
    assert len(false) <= FALSE * len(said), false


# -- the best first ----------------------------------------------------------------------------------------------------

WIRING = "electrical wiring and sockets in old houses"
ASKED = "where can I find somebody to look at the wiring in our old house?"
ASKER = {"member": "asker", "profile": "New in town."}
# The names stand so that their order would put the wrong one first.
HOBBYIST = {"member": "ann", "profile": "Postman.", "offers": [WIRING]}


@pytest.mark.parametrize(
    "profile",
    [
        "Looking after wiring in old houses for forty years.",
        "I teach evening classes and workshops on wiring in old houses.",
        "Licensed electrician, wiring of old houses.",
        "电工，做老房子电路改造二十年。",
    ],
)
def test_years_teaching_and_a_trade_come_before_a_hobby(encode: Encode, ranker: Ranker, profile: str) -> None:
    master = {"member": "zoe", "profile": profile, "offers": [WIRING]}
    assert Club(encode, ranker, [ASKER, HOBBYIST, master], []).led_to(ASKED, "asker") == "zoe"


def test_who_is_only_learning_it_answers_nobody(encode: Encode, ranker: Ranker) -> None:
    learner = {
        "member": "ann",
        "profile": "I am learning to do the wiring of old houses, my first socket was hard.",
    }
    assert Club(encode, ranker, [ASKER, learner], []).led_to(ASKED, "asker") == ""


def test_who_was_thanked_for_answers_comes_before_who_asked_or_was_not(encode: Encode, ranker: Ranker) -> None:
    question = "How do I get the router to stop dropping the connection?"
    answer = "Put the router on another channel and update its firmware, that keeps the connection."
    talk = [
        {"id": "q1", "by": "bea", "said": question},
        {"id": "a1", "by": "ann", "answers": "q1", "said": answer},
        {"id": "q2", "by": "cas", "said": "My router drops its connection every evening, what can I do?"},
        {"id": "a2", "by": "zoe", "answers": "q2", "said": answer},
        {"id": "t2", "by": "cas", "answers": "a2", "said": "Thank you, that worked!"},
    ]
    people = [ASKER, *({"member": name, "profile": ""} for name in ("ann", "bea", "cas", "zoe"))]
    asked = "our router keeps losing its connection, any ideas?"
    assert Club(encode, ranker, people, talk).led_to(asked, "asker") == "zoe"
    thanked_first = [{**one, "answers": "a1", "by": "bea"} if one["id"] == "t2" else one for one in talk]
    assert Club(encode, ranker, people, thanked_first).led_to(asked, "asker") == "ann"
