"""What an organizer reads about a pair: told about the two, by name, each thing once."""

from __future__ import annotations

import pytest
from yiqi.v1 import recommendation_pb2, round_pb2

from service.rendering.reasons import told

POSSIBLE = recommendation_pb2.REASON_TYPE_POSSIBLE_FIT
SHARED = recommendation_pb2.REASON_TYPE_SHARED_INTEREST
HOME = "communities/c/members/"


def evidence(*stated: str) -> list[recommendation_pb2.Evidence]:
    return [recommendation_pb2.Evidence(statement=text) for text in stated]


def pair(kind: int, *facts: tuple[str, str]) -> round_pb2.RoundMatch:
    """Ann and Bo, each told of the same facts: (what Ann stated, what Bo stated)."""
    match = round_pb2.RoundMatch()
    for me, other, swap in (("ann", "bo", 1), ("bo", "ann", 0)):
        seat = match.seats.add(member=HOME + me)
        for fact in facts:
            reason = recommendation_pb2.Reason(
                type=kind,  # type: ignore[arg-type]
                sentence="Possibly … They: … You: …",
                evidence=evidence(fact[swap], fact[1 - swap]),
            )
            seat.reasons.add(other=HOME + other, reason=reason)
    return match


@pytest.mark.parametrize("kind", [POSSIBLE, SHARED])
def test_what_is_said_to_both_is_told_once_by_name_with_each_ones_own_words(kind: int) -> None:
    [sentence] = told(pair(kind, ("bike repair", "修车工具")), "en", str.title)
    assert "“bike repair” (Ann) and “修车工具” (Bo)" in sentence
    assert "You" not in sentence


def test_two_things_that_may_fit_are_both_told() -> None:
    found = told(pair(POSSIBLE, ("bike repair", "修车工具"), ("English editing", "找英文编辑")), "zh", str.title)
    assert len(found) == 2
    assert any("Ann 的“English editing”和 Bo 的“找英文编辑”" in sentence for sentence in found)


def test_what_a_message_says_is_told_in_the_sentence_that_quotes_it() -> None:
    match = round_pb2.RoundMatch()
    seat = match.seats.add(member=HOME + "ann")
    quoted = recommendation_pb2.Evidence(message="communities/c/messages/1")
    reason = recommendation_pb2.Reason(type=SHARED, sentence="They: “glaze”. You: “kiln”.", evidence=[quoted, quoted])
    seat.reasons.add(other=HOME + "bo", reason=reason)
    assert any("“glaze”" in sentence for sentence in told(match, "en", str.title))
