"""Discord by its gateway, with discord.py."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from yiqi.v1.channel_pb2 import VISIBILITY_COMMUNITY, VISIBILITY_MEMBERS

pytest.importorskip("discord")
pytest.importorskip("aiohttp")

from .conftest import Known, Listen, until
from .discord_site import ANN, BO, CLOSED, OPEN, ROBO, YIQI, DiscordSite, member, message

QUESTION = message(ANN, 1, "<@2> who can solder?", mentions=[BO | {"member": member(BO)}])
ANSWER = message(BO, 2, "I can", type=19, message_reference={"message_id": QUESTION["id"], "channel_id": OPEN})
LAST = message(BO, 99, "that was all")


@pytest.fixture
def discord() -> Iterator[DiscordSite]:
    site = DiscordSite()
    site.start()
    yield site
    site.stop()


def through(discord: DiscordSite, known: Known, last: dict[str, Any] = LAST) -> None:
    """Until what was said last arrived: everything before it did, too."""
    discord.says(last)
    until(lambda: last["content"] in known.messages(), last["content"])


def test_people_words_replies_edits_and_deletions_arrive_and_bots_do_not(
    discord: DiscordSite, known: Known, listen: Listen
) -> None:
    listener = listen("discord", discord.environment)
    listener.says("listening to Discord")
    typo, gone = message(BO, 3, "a typo"), message(BO, 4, "gone soon")
    discord.says(
        QUESTION, ANSWER, typo, gone, message(ROBO, 5, "ping"), message(ANN, 6, "<@800> help", mentions=[YIQI])
    )
    discord.happens("MESSAGE_UPDATE", typo | {"content": "no typo", "edited_timestamp": "2025-02-19T22:00:00+00:00"})
    discord.happens("MESSAGE_UPDATE", QUESTION | {"embeds": []})  # a preview of a link, and no edit
    discord.happens("MESSAGE_DELETE", {"id": gone["id"], "channel_id": OPEN, "guild_id": gone["guild_id"]})
    through(discord, known)
    assert {key: one.display_name for key, one in known.members().items()} == {"1": "Ann", "2": "Bo"}
    assert known.texts() == ["@800 help", "@Bo who can solder?", "I can", "no typo", "that was all"]
    assert known.mentioned("@Bo who can solder?") == {"2"}
    assert known.messages()["I can"].reply_to == known.messages()["@Bo who can solder?"].name
    assert listener.stop() == 0
    assert "bot message 1" in listener.lines[-1]


def test_a_channel_that_not_everybody_may_read_is_closed(discord: DiscordSite, known: Known, listen: Listen) -> None:
    listen("discord", discord.environment).says("listening to Discord")
    discord.says(message(ANN, 1, "between us", CLOSED))
    through(discord, known)
    rooms = known.channels()
    assert {id: one.visibility for id, one in rooms.items()} == {OPEN: VISIBILITY_COMMUNITY, CLOSED: VISIBILITY_MEMBERS}
    assert list(rooms[CLOSED].members) == [known.members()["1"].name]
    assert known.channel_before_message(CLOSED, "between us")


def test_a_lost_connection_is_resumed_and_loses_nothing(discord: DiscordSite, known: Known, listen: Listen) -> None:
    listen("discord", discord.environment).says("listening to Discord")
    discord.says(QUESTION)
    until(lambda: bool(known.texts()))
    discord.drop()
    through(discord, known, ANSWER)
    assert (discord.resumed, discord.ready) == (1, 1)
    assert known.texts() == ["@Bo who can solder?", "I can"]


def test_what_was_said_while_it_was_down_is_read_from_the_history(
    discord: DiscordSite, known: Known, listen: Listen, broken: threading.Event, tmp_path: Path
) -> None:
    listener = listen("discord", discord.environment)
    listener.says("listening to Discord")
    # The place to begin at is now, by the clock of this machine; the story plays in 2025.
    listener.kill()
    (tmp_path / "bookmark").write_text(QUESTION["id"])
    listener = listen("discord", discord.environment)
    listener.says("listening to Discord")
    broken.set()
    discord.says(QUESTION)
    assert "waiting for the server" in listener.says("waiting")
    listener.kill()
    broken.clear()
    discord.lost = True
    discord.says(ANSWER, message(ANN, 3, "between us", CLOSED), message(ROBO, 4, "ping"))
    discord.lost = False
    listen("discord", discord.environment).says("listening to Discord")
    assert known.texts() == ["@Bo who can solder?", "I can", "between us"]
    assert known.channels()[CLOSED].visibility == VISIBILITY_MEMBERS


def exported(one: dict[str, Any]) -> dict[str, Any]:
    """As DiscordChatExporter writes it."""

    def person(who: dict[str, Any]) -> dict[str, Any]:
        return {"id": who["id"], "name": who["username"], "discriminator": "0000", "nickname": who["global_name"],
                "isBot": who.get("bot", False)}  # fmt: skip

    reply = one.get("message_reference")
    return {
        "id": one["id"], "type": "Reply" if reply else "Default", "timestamp": one["timestamp"],
        "timestampEdited": None, "isPinned": False, "content": one["content"].replace("<@2>", "@Bo"),
        "author": person(one["author"]), "attachments": [], "mentions": [person(who) for who in one["mentions"]],
    } | ({"reference": {"messageId": reply["message_id"], "channelId": OPEN}} if reply else {})  # fmt: skip


def test_an_export_of_the_same_channel_adds_nothing(
    discord: DiscordSite, known: Known, listen: Listen, tmp_path: Path
) -> None:
    listener = listen("discord", discord.environment)
    listener.says("listening to Discord")
    discord.says(QUESTION, ANSWER)
    through(discord, known)
    assert listener.stop() == 0
    before = known.everything()
    export = {
        "guild": {"id": "900", "name": "server"},
        "channel": {"id": OPEN, "type": "GuildTextChat", "name": "open"},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2025-03-01T00:00:00+00:00",
        "messages": [exported(one) for one in (QUESTION, ANSWER, LAST)],
    }
    (tmp_path / "open.json").write_text(json.dumps(export))
    summary = known.imports(tmp_path / "open.json")
    assert (summary.created, summary.replaced) == ({}, {})
    assert known.everything() == before
