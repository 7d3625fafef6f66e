"""Matrix by its sync, with matrix-nio."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from yiqi.v1.channel_pb2 import VISIBILITY_COMMUNITY, VISIBILITY_MEMBERS

pytest.importorskip("nio")
pytest.importorskip("aiohttp")

from .conftest import Known, Listen, Listener, until
from .matrix_site import CLOSED, LATER, ME, NOON, OPEN, MatrixSite, said

ANN, BO = "@ann:example.org", "@bo:example.org"
QUESTION = said(ANN, "Bo, who can solder?", **{"m.mentions": {"user_ids": [BO, ME]}})


@pytest.fixture
def matrix() -> Iterator[MatrixSite]:
    site = MatrixSite()
    site.start()
    yield site
    site.stop()


def follows(matrix: MatrixSite, listener: Listener) -> None:
    listener.says("listening to Matrix")
    until(lambda: matrix.followed, "a sync after the last event")


def answer(id: str) -> dict[str, object]:
    return said(BO, "I can", **{"m.relates_to": {"m.in_reply_to": {"event_id": id}}, "m.mentions": {}})


def edit(id: str, sender: str, text: str) -> dict[str, object]:
    new = {"msgtype": "m.text", "body": text}
    return said(
        sender, f"* {text}", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": id}}
    )


def test_people_words_replies_edits_and_redactions_arrive_and_the_bot_does_not(
    matrix: MatrixSite, known: Known, listen: Listen
) -> None:
    listener = listen("matrix", matrix.environment)
    follows(matrix, listener)
    question, typo, gone = matrix.happens(OPEN, QUESTION, said(BO, "a typo"), said(BO, "gone soon"))
    matrix.happens(OPEN, answer(question), said(ME, "I am a machine"), said(BO, "ping", msgtype="m.notice"))
    matrix.happens(OPEN, edit(typo, BO, "no typo"), edit(question, BO, "words that others put in"))
    matrix.happens(OPEN, {"type": "m.room.redaction", "sender": BO, "redacts": gone, "content": {}})
    until(lambda: matrix.followed)
    assert {key: one.display_name for key, one in known.members().items()} == {ANN: "Ann Ash", BO: "Bo Birch"}
    assert known.texts() == ["Bo, who can solder?", "I can", "no typo"]
    assert known.mentioned("Bo, who can solder?") == {BO}
    assert known.messages()["I can"].reply_to == known.messages()["Bo, who can solder?"].name
    assert listener.stop() == 0


def test_rooms_by_invitation_are_closed_also_those_joined_later(
    matrix: MatrixSite, known: Known, listen: Listen
) -> None:
    follows(matrix, listen("matrix", matrix.environment))
    matrix.invites(LATER)
    until(lambda: LATER in matrix.states, "a join")
    matrix.happens(CLOSED, said(ANN, "between us"))
    matrix.happens(LATER, said("@cy:example.org", "hello there"))
    until(lambda: matrix.followed)
    seen = {id: one.visibility for id, one in known.channels().items()}
    assert seen == {OPEN: VISIBILITY_COMMUNITY, CLOSED: VISIBILITY_MEMBERS, LATER: VISIBILITY_MEMBERS}
    assert len(known.channels()[CLOSED].members) == 2
    assert known.channel_before_message(LATER, "hello there")


def test_more_than_one_sync_holds_is_read_from_the_history(matrix: MatrixSite, known: Known, listen: Listen) -> None:
    matrix.most = 2
    follows(matrix, listen("matrix", matrix.environment))
    matrix.happens(OPEN, *(said(ANN, f"line {n}") for n in range(9)))
    until(lambda: matrix.followed)
    assert known.texts() == [f"line {n}" for n in range(9)]


def test_what_the_server_has_not_comes_after_a_kill_and_rooms_are_still_closed(
    matrix: MatrixSite, known: Known, listen: Listen, broken: threading.Event
) -> None:
    listener = listen("matrix", matrix.environment)
    follows(matrix, listener)
    matrix.happens(OPEN, QUESTION)
    until(lambda: matrix.followed)
    broken.set()
    matrix.happens(CLOSED, said(BO, "while it was down"))
    assert "waiting for the server" in listener.says("waiting")
    listener.kill()
    matrix.happens(OPEN, said(BO, "later"))
    broken.clear()
    follows(matrix, listen("matrix", matrix.environment))
    assert known.texts() == ["Bo, who can solder?", "later", "while it was down"]
    assert known.channels()[CLOSED].visibility == VISIBILITY_MEMBERS


def test_an_export_of_the_same_room_adds_nothing(
    matrix: MatrixSite, known: Known, listen: Listen, tmp_path: Path
) -> None:
    listener = listen("matrix", matrix.environment)
    follows(matrix, listener)
    [question] = matrix.happens(OPEN, said(ANN, "who can solder?", **{"m.mentions": {}}))
    matrix.happens(OPEN, answer(question))
    until(lambda: matrix.followed)
    assert listener.stop() == 0
    before = known.everything()
    joins = [one | {"event_id": "$s", "origin_server_ts": NOON} for one in matrix.states[OPEN] if one["sender"] != ME]
    stamped = [{"room_id": OPEN} | event for event in (*joins, *(event for _, event in matrix.events))]
    export = {"room_name": "open", "room_creator": ANN, "topic": "", "export_date": "", "exported_by": ANN}
    (tmp_path / "export.json").write_text(json.dumps(export | {"messages": stamped}))
    summary = known.imports(tmp_path / "export.json")
    assert summary.created == {}
    assert summary.unchanged["message"] == 2
    assert known.everything() == before
