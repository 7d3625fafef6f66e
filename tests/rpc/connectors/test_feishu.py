"""Feishu by callbacks, with lark-oapi."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import RemoteDisconnected
from pathlib import Path

import pytest
from yiqi.v1.channel_pb2 import VISIBILITY_COMMUNITY, VISIBILITY_MEMBERS

pytest.importorskip("lark_oapi")
pytest.importorskip("aiohttp")

from .conftest import Known, Listen, Listener
from .feishu_site import CLOSED, NAMES, OPEN, TOKEN, FeishuSite, message

BO = [{"key": "@_user_1", "id": {"open_id": "ou_bo"}, "name": "薄波"}]
QUESTION = message("ou_ann", 1, "@_user_1 谁会焊接？", mentions=BO)
ANSWER = message("ou_bo", 2, "我会", parent_id="om_1", root_id="om_1")


@pytest.fixture
def feishu() -> Iterator[FeishuSite]:
    site = FeishuSite()
    site.start()
    yield site
    site.stop()


def listens(feishu: FeishuSite, listen: Listen) -> Listener:
    listener = listen("feishu", feishu.environment)
    feishu.callback = "http://" + listener.says("listening to Feishu on ").removeprefix("listening to Feishu on ")
    return listener


def test_people_words_replies_mentions_and_recalls_arrive_and_bots_do_not(
    feishu: FeishuSite, known: Known, listen: Listen
) -> None:
    listener = listens(feishu, listen)
    robot = message("cli_9", 3, "ping", sender_type="app")
    assert {feishu.happens(one) for one in (QUESTION, ANSWER, robot, message("ou_bo", 4, "gone soon"))} == {200}
    recall = {"message_id": "om_4", "chat_id": OPEN, "recall_time": "1740000009000"}
    assert feishu.happens(recall, "im.message.recalled_v1") == 200
    assert feishu.happens(QUESTION) == 200  # once more, as Feishu does after a slow answer
    assert {key: one.display_name for key, one in known.members().items()} == NAMES
    assert known.texts() == ["@薄波 谁会焊接？", "我会"]
    assert known.mentioned("@薄波 谁会焊接？") == {"ou_bo"}
    assert known.messages()["我会"].reply_to == known.messages()["@薄波 谁会焊接？"].name
    assert listener.stop() == 0


def test_the_address_is_verified_and_what_is_not_genuine_is_refused(
    feishu: FeishuSite, known: Known, listen: Listen
) -> None:
    listens(feishu, listen)
    challenge = {"type": "url_verification", "challenge": "ch", "token": TOKEN}
    assert feishu.posts(challenge) == (200, {"challenge": "ch"})
    assert feishu.posts(challenge | {"token": "another"})[0] != 200
    assert feishu.happens(QUESTION, token="another") != 200
    assert known.texts() == []


def test_a_chat_by_invitation_is_closed(feishu: FeishuSite, known: Known, listen: Listen) -> None:
    listens(feishu, listen)
    feishu.happens(QUESTION)
    feishu.happens(message("ou_ann", 5, "between us", CLOSED))
    feishu.happens(message("ou_ann", 6, "to the bot alone", "oc_p2p", chat_type="p2p"))
    seen = {id: one.visibility for id, one in known.channels().items()}
    assert seen.pop("oc_p2p") not in (VISIBILITY_COMMUNITY, VISIBILITY_MEMBERS)
    assert seen == {OPEN: VISIBILITY_COMMUNITY, CLOSED: VISIBILITY_MEMBERS}
    assert known.channel_before_message(CLOSED, "between us")


def test_what_the_server_has_not_gets_no_good_answer_and_comes_again_after_a_kill(
    feishu: FeishuSite, known: Known, listen: Listen, broken: threading.Event
) -> None:
    listener = listens(feishu, listen)
    broken.set()
    answers: list[object] = []

    def post() -> None:
        try:
            answers.append(feishu.happens(QUESTION))
        except (RemoteDisconnected, ConnectionError) as error:
            answers.append(error)

    posting = threading.Thread(target=post)
    posting.start()
    assert "waiting for the server" in listener.says("waiting")
    listener.kill()
    posting.join()
    assert 200 not in answers
    broken.clear()
    listens(feishu, listen)
    assert feishu.happens(QUESTION) == 200
    assert known.texts() == ["@薄波 谁会焊接？"]


def test_messages_fetched_from_the_api_add_nothing(
    feishu: FeishuSite, known: Known, listen: Listen, tmp_path: Path
) -> None:
    listener = listens(feishu, listen)
    feishu.happens(QUESTION)
    feishu.happens(ANSWER)
    assert listener.stop() == 0
    before = known.everything()
    chat = {"chat_id": OPEN, "name": "open", "chat_mode": "group", "chat_type": "public"}
    members = [
        {"chat_id": OPEN, "member_id": id, "member_id_type": "open_id", "name": one} for id, one in NAMES.items()
    ]
    said = [{"event": event} for event in (QUESTION, ANSWER)]
    (tmp_path / "chat.jsonl").write_text("\n".join(json.dumps(line) for line in (chat, *members, *said)))
    summary = known.imports(tmp_path / "chat.jsonl")
    assert (summary.created, summary.replaced) == ({}, {})
    assert known.everything() == before
