"""What is said behind closed doors stays there: no word, vector or tie of it reaches anybody else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.community.view import Community
from models.domain.records import Block, Channel, Member, Message, Project, Tie
from models.ranking.ranker import HEADS, Ranker
from tests.toy.ask import FOR_A_MEMBER, Asker, ids, reasons, said
from tests.toy.world import DAY, HOUR, RECORDS, START, Encode, changed, view_of, without

SECRET = "zeppelin"
ROOMS = ("back", "inner")


@pytest.fixture(scope="module")
def ask(toy: Community, ranker: Ranker, encode: Encode) -> Asker:
    return Asker(toy, ranker, encode)


@pytest.mark.parametrize(("word", "people"), [("zeppelin", ("sofia", "kenji")), ("obsidian", ("omar", "ada"))])
def test_words_from_closed_rooms_find_nobody(ask: Asker, word: str, people: tuple[str, str]) -> None:
    assert word not in " ".join(ask.view.lexical.vocabulary.terms)
    lines = [text for passage in ask.view.documents.messages for text in passage]
    assert not {"s1", "s2", "s3", "s4"} & set(lines)
    found = ask.search(f"{word} plans")
    assert word not in said(found).replace(f"{word} plans", "")
    none = ask.search("quibble plans")
    assert {m.id: m.score for m in found.matches}.keys() == {m.id: m.score for m in none.matches}.keys()


def test_what_is_said_in_a_closed_room_changes_no_text_feature(encode: Encode, ranker: Ranker) -> None:
    silent = tuple(replace(r, text="") if isinstance(r, Message) and r.channel in ROOMS else r for r in RECORDS)
    spoken, hushed = (Asker(view_of(records, encode), ranker, encode) for records in (RECORDS, silent))
    for member in ("mei", "sofia", "kenji", "omar"):
        for call in FOR_A_MEMBER.values():
            assert [(m.id, m.score, m.reasons) for m in call(spoken, member).matches] == [
                (m.id, m.score, m.reasons) for m in call(hushed, member).matches
            ]


def test_ties_from_closed_rooms_are_no_common_ties_and_no_reason(ask: Asker) -> None:
    """Ada and Omar also met in the open, Sofia and Kenji only behind the door."""
    ties = ask.view.ties
    row = ask.view.row
    assert ties.binary[row["ada"], row["omar"]] == 1
    for matrix in (ties.binary, ties.recent_both, ties.near, ties.projects_together, ties.adamic_adar):
        assert matrix[row["sofia"], row["kenji"]] == 0
    assert (ties.threads @ ties.threads.T)[row["sofia"], row["kenji"]] == 0
    assert ask.view.rules.connected[row["sofia"], row["kenji"]]
    loud = replace(ask.ranker, weights={head: ask.ranker.weights[head] + 0.05 for head in HEADS})
    found = Asker(ask.view, loud, ask.encode).peers("sofia", include_connected=True)
    assert {"common_ties", "worked_together"}.isdisjoint(reasons(found, "kenji"))
    assert not {"back", "inner"} & {e.value for m in found.matches for r in m.reasons for e in r.evidence}
    assert "Back room" not in said(found)


def test_a_reply_behind_a_door_to_something_said_in_the_open_stays_behind_it(encode: Encode) -> None:
    question = Message(id="q", author="mei", time=START + 20 * DAY, text="谁来了？", channel="plaza")
    answer = Message(id="a", author="xin", time=START + 20 * DAY + HOUR, text="我", channel="back", reply_to="q")
    for order in ((question, answer), (answer, question)):
        view = view_of((*RECORDS, *order), encode)
        assert view.ties.binary[view.row["mei"], view.row["xin"]] == 0
        assert view.rules.connected[view.row["mei"], view.row["xin"]]


def acquainted(between: str, *, extra: tuple[Tie, ...] = ()) -> tuple[object, ...]:
    """Mei and Xin both did something with one and the same person."""
    return (
        *RECORDS,
        Project(id="p1", time=START, title="x", members=("mei", between)),
        Project(id="p2", time=START, title="y", members=("xin", between)),
        *extra,
    )


@pytest.mark.parametrize("hidden_by", ["consent", "pause", "block", "nothing"])
def test_common_ties_never_name_somebody_the_reader_may_not_see(hidden_by: str, encode: Encode, ranker: Ranker) -> None:
    records = acquainted("omar")
    if hidden_by == "consent":
        records = changed(records, Member, "omar", consent="nobody")  # type: ignore[arg-type]
    elif hidden_by == "pause":
        records = changed(records, Member, "omar", paused_until=2 * START)  # type: ignore[arg-type]
    elif hidden_by == "block":
        records = (*records, Block(id="b9", source="omar", target="mei"))
    ask = Asker(view_of(records, encode), ranker, encode)  # type: ignore[arg-type]
    for found in (ask.peers("mei"), ask.collaborators("mei"), ask.explain("mei", "xin")):
        named = [e.value for m in found.matches for r in m.reasons for e in r.evidence if e.kind == "member"]
        assert ("omar" in named) is (hidden_by == "nothing")
        assert ("Omar" in said(found)) is (hidden_by == "nothing")


def test_projects_name_only_acquaintances_whom_the_reader_may_see(encode: Encode, ranker: Ranker) -> None:
    shy = changed(RECORDS, Member, "omar", consent="organizers")
    ask = Asker(view_of(shy, encode), ranker, encode)
    assert "omar" not in said(ask.projects("ada")).lower()
    assert "omar" in said(ask.projects("ada", audience="organizers")).lower()


def test_a_room_that_closes_takes_its_words_with_it_when_built_afresh(encode: Encode, ranker: Ranker) -> None:
    closed = changed(RECORDS, Channel, "garden", visibility="private")
    view = view_of(closed, encode)
    assert "tomato" in view_of(RECORDS, encode).lexical.vocabulary.terms
    assert "tomato" not in view.lexical.vocabulary.terms
    assert view.activity.total[view.row["mei"]] == 2, "it still counts that she was there"


def test_erased_words_are_in_no_view_that_is_built_afresh(encode: Encode) -> None:
    gone = without(without(RECORDS, Member, "sofia"), Message, "t04", "t16", "s1")
    gone = tuple(r for r in gone if getattr(r, "source", "") != "sofia" and getattr(r, "target", "") != "sofia")
    gone = without(gone, Project, "album")
    view = view_of(gone, encode)
    assert "sofia" not in view.ids
    assert "tram" not in view.lexical.vocabulary.terms


def test_an_erased_member_is_gone_from_the_next_view_at_once(encode: Encode, ranker: Ranker) -> None:
    from tests.toy.world import builder_of, embed

    builder = builder_of(RECORDS, encode)
    row = builder.view().row["xin"]
    builder.delete("member", "xin")
    embed(builder, encode)
    view = builder.view()
    assert builder.stale
    assert view.members[row] is None
    assert not np.any(view.documents.owner == row)
    assert not np.any(view.facets.member == row)
    assert not np.any(view.interests[row])
    ask = Asker(view, ranker, encode)
    for call in FOR_A_MEMBER.values():
        assert "xin" not in ids(call(ask, "omar", include_connected=True, audience="organizers"))
