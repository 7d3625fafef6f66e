"""Slack by Socket Mode, with slack-sdk."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from yiqi.client import id_of
from yiqi.v1.channel_pb2 import VISIBILITY_COMMUNITY, VISIBILITY_MEMBERS
from yiqi.v1.member_pb2 import CONSENT_NOBODY, CONSENT_ORGANIZERS, Member

from tests.rpc.conftest import Running

pytest.importorskip("slack_sdk")
pytest.importorskip("aiohttp")

from .conftest import Known, Listen, until
from .slack_site import NOON, SlackSite, message, user

QUESTION = message("U01", 1, "<@U02> who can solder?")
ANSWER = message("U02", 2, "I can", thread_ts=QUESTION["ts"])
BOARD = message("U01", 3, "between us", "G01")


@pytest.fixture
def slack() -> Iterator[SlackSite]:
    site = SlackSite()
    site.start()
    yield site
    site.stop()


def changed(before: dict[str, Any], second: float, text: str) -> dict[str, Any]:
    after = {name: value for name, value in before.items() if name != "channel"} | {"text": text}
    return {"type": "message", "subtype": "message_changed", "channel": before["channel"],
            "ts": f"{NOON + second:.6f}", "message": after}  # fmt: skip


def deleted(before: dict[str, Any], second: float) -> dict[str, Any]:
    return {"type": "message", "subtype": "message_deleted", "channel": before["channel"],
            "ts": f"{NOON + second:.6f}", "deleted_ts": before["ts"]}  # fmt: skip


def heard(slack: SlackSite) -> None:
    until(lambda: slack.waiting == 0, "an acknowledgment")


def test_people_words_replies_and_mentions_arrive_and_bots_do_not(
    slack: SlackSite, known: Known, listen: Listen
) -> None:
    robot = message("U09", 4, "ping", bot_id="B1", subtype="bot_message")
    listener = listen("slack", slack.environment)
    assert "2 people, 2 rooms (1 not open to all)" in listener.says("listening to Slack")
    slack.happens(QUESTION, ANSWER, robot, message("U02", 5, "and a typo"), message("U02", 6, "gone soon"))
    slack.happens(changed(message("U02", 5, ""), 7, "and no typo"), deleted(message("U02", 6, ""), 8))
    heard(slack)
    assert {key: one.display_name for key, one in known.members().items()} == {"U01": "Ann Ash", "U02": "Bo Birch"}
    assert {one.consent for one in known.members().values()} == {CONSENT_ORGANIZERS}
    assert known.texts() == ["I can", "and no typo", "who can solder?"]
    assert known.author("who can solder?") == "U01"
    assert known.mentioned("who can solder?") == {"U02"}
    assert known.messages()["I can"].reply_to == known.messages()["who can solder?"].name
    assert listener.stop() == 0
    assert "4 new messages (1 replies); not used: bot account 1, bot message 1" in listener.lines[-1]


def test_a_private_channel_is_closed_before_a_word_of_it_arrives(
    slack: SlackSite, known: Known, listen: Listen
) -> None:
    listen("slack", slack.environment).says("listening to Slack")
    slack.channels.append({"id": "G02", "name": "late", "is_private": True, "members": ["U02"]})
    slack.happens(BOARD, message("U02", 4, "in the late one", "G02"))
    heard(slack)
    rooms = known.channels()
    assert [rooms[id].visibility for id in ("C01", "G01", "G02")] == [
        VISIBILITY_COMMUNITY, VISIBILITY_MEMBERS, VISIBILITY_MEMBERS,
    ]  # fmt: skip
    assert list(rooms["G02"].members) == [known.members()["U02"].name]
    assert known.channel_before_message("G02", "in the late one")


def test_an_export_of_the_same_days_adds_nothing(
    slack: SlackSite, known: Known, listen: Listen, tmp_path: Path
) -> None:
    listener = listen("slack", slack.environment)
    listener.says("listening to Slack")
    slack.happens(QUESTION, ANSWER, BOARD)
    heard(slack)
    assert listener.stop() == 0
    before = known.everything()
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as out:
        for name, content in {
            "users.json": slack.users,
            "channels.json": slack.channels[:1],
            "groups.json": slack.channels[1:],
            "general/2025-02-19.json": [QUESTION, ANSWER],
            "board/2025-02-19.json": [BOARD],
        }.items():
            out.writestr(name, json.dumps(content))
    summary = known.imports(tmp_path / "export.zip")
    assert (summary.created, summary.replaced) == ({}, {})
    assert summary.unchanged == {"channel": 2, "member": 2, "message": 3}
    assert known.everything() == before


def test_a_lost_connection_loses_no_message(slack: SlackSite, known: Known, listen: Listen) -> None:
    listen("slack", slack.environment).says("listening to Slack")
    slack.happens(QUESTION)
    heard(slack)
    slack.drop()
    slack.happens(ANSWER)
    heard(slack)
    assert slack.connections > 1
    assert known.texts() == ["I can", "who can solder?"]


def test_what_the_server_has_not_is_not_acknowledged_and_comes_after_a_kill(
    slack: SlackSite, known: Known, listen: Listen, broken: threading.Event
) -> None:
    listener = listen("slack", slack.environment)
    listener.says("listening to Slack")
    slack.happens(QUESTION)
    heard(slack)
    broken.set()
    slack.happens(ANSWER)
    assert "waiting for the server" in listener.says("waiting")
    listener.kill()
    assert slack.waiting == 1
    broken.clear()
    listen("slack", slack.environment)
    heard(slack)
    assert known.texts() == ["I can", "who can solder?"]


def test_somebody_who_joins_later_is_called_by_their_name(slack: SlackSite, known: Known, listen: Listen) -> None:
    listen("slack", slack.environment).says("listening to Slack")
    slack.users.append(user("U03", "Cy Cedar"))
    slack.happens(message("U03", 1, "hello"), {"type": "user_change", "user": user("U02", "Bo Beech")})
    heard(slack)
    assert {key: one.display_name for key, one in known.members().items()} == {
        "U01": "Ann Ash", "U02": "Bo Beech", "U03": "Cy Cedar",
    }  # fmt: skip


def test_whoever_was_erased_stays_so_and_less_consent_stays_less(
    slack: SlackSite, known: Known, listen: Listen, running: Running
) -> None:
    listen("slack", slack.environment).says("listening to Slack")
    ann, bo = (id_of(known.members()[one].name) for one in ("U01", "U02"))
    running.client.erase_member("c", ann)
    running.client.update_member("c", bo, Member(consent=CONSENT_NOBODY))
    slack.happens(QUESTION, ANSWER, {"type": "user_change", "user": user("U02", "Bo Beech")})
    heard(slack)
    assert known.texts() == ["I can"]
    assert {key: (one.display_name, one.consent) for key, one in known.members().items()} == {
        "U02": ("Bo Beech", CONSENT_NOBODY)
    }
