"""Messages of Feishu as its API gives them, and the script of docs/importing-feishu.md that fetches them."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.archive.container import ArchiveError
from tests.board_files import answers, by, members, mentioned, survives, texts
from tests.platform_chats import FEW, NOON, SPOILT, Community, Read, communities, read, spoilt_bytes, spoilt_values

DOC = Path(__file__).parents[3] / "docs/importing-feishu.md"
BO = {"key": "@_user_1", "id": "ou_bo", "id_type": "open_id", "name": "Bo 陈"}


def message(id: str, sender: str, content: Any, kind: str = "text", **more: Any) -> dict[str, Any]:
    content = {"text": content} if isinstance(content, str) else content
    return {
        "message_id": f"om_{id}", "msg_type": kind, "create_time": "1709600060123", "update_time": "1709600060123",
        "deleted": False, "updated": False, "chat_id": "oc_pots",
        "sender": {"id": f"ou_{sender}", "id_type": "open_id", "sender_type": "user", "tenant_key": "t"},
        "body": {"content": json.dumps(content)},
    } | more  # fmt: skip


CHAT = {"chat_id": "oc_pots", "name": "Pots", "chat_mode": "group", "chat_type": "private"}
MEMBERS = [{"member_id": f"ou_{who}", "member_id_type": "open_id", "name": name, "chat_id": "oc_pots"}
           for who, name in (("lu", "Lu Pan"), ("bo", "Bo 陈"), ("jo", "Jo"))]  # fmt: skip
POST = {
    "title": "Kilns",
    "content": [
        [{"tag": "text", "text": "see "}, {"tag": "a", "text": "this", "href": "https://x.org"}],
        [{"tag": "at", "user_id": "@_user_1", "user_name": ""}, {"tag": "emotion", "emoji_type": "OK"},
         {"tag": "img", "image_key": "k"}],
    ],
}  # fmt: skip
MESSAGES = [
    message("1", "lu", "who has a kiln? @_all"),
    message("2", "bo", "I do", parent_id="om_1", root_id="om_1", thread_id="omt_1"),
    message("3", "jo", "ask @_user_1 and @_user_2",
            mentions=[BO, {"key": "@_user_2", "id": "cli_1", "name": "Robot", "id_type": "app_id"}]),
    message("4", "jo", POST, "post", mentions=[BO]),
    message("5", "jo", {"image_key": "img_1"}, "image"),
    message("6", "jo", {"zh_cn": {"title": "", "content": [[{"tag": "md", "text": "**hi**"}]]}}, "post"),
    message("7", "jo", "taken back", deleted=True),
    message("8", "x", {"template": "{from_user} invited {to_chatters}"}, "system"),
    message("9", "x", "beep") | {"sender": {"id": "cli_1", "id_type": "app_id", "sender_type": "app"}},
    message("10", "y", "forwarded words", upper_message_id="om_11"),
    message("11", "jo", {"content": "Merged and Forwarded Message"}, "merge_forward"),
    message("12", "jo", {"topic": "When?", "options": ["Monday", "Friday"]}, "vote"),
]  # fmt: skip
WORDS = [
    "who has a kiln? @所有人",
    "I do",
    "ask @Bo 陈 and @Robot",
    "Kilns\nsee this\n@Bo 陈",
    "",
    "**hi**",
    "",
    "When?\nMonday\nFriday",
]


def written(tmp_path: Path, value: Any, name: str = "chat.json") -> Read:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return read(path)


LINES = "".join(json.dumps(one) + "\n" for one in [CHAT, *MEMBERS, *MESSAGES])


@pytest.mark.parametrize(
    "value",
    [LINES, MESSAGES, {"items": MESSAGES, "has_more": False},
     {"code": 0, "data": {"items": MESSAGES}, "msg": "success"},
     [{"code": 0, "data": {"items": MESSAGES[:3]}}, {"code": 0, "data": {"items": MESSAGES[3:]}}],
     "".join(json.dumps({"data": {"items": part}}) + "\n" for part in (MESSAGES[:3], MESSAGES[3:])),
     json.dumps({"data": {"items": MESSAGES}}, indent=2)],
    ids=["lines", "list", "items", "data", "pages", "pages a line", "indented"],
)  # fmt: skip
def test_messages_are_read_however_they_were_saved(tmp_path: Path, value: Any) -> None:
    result = written(tmp_path, value)
    assert texts(result) == WORDS
    assert answers(result) == {"I do": "who has a kiln? @所有人"}
    assert mentioned(result, result.messages[2]) == {"Bo 陈"}
    assert result.report.unused == {
        "recalled message": 1, "notice of Feishu": 1, "message of a bot": 1, "message of a chat that was forwarded": 1,
    }  # fmt: skip
    assert not result.bad
    assert result.messages[0].time == 1_709_600_060_123_000
    assert {one.identities[0].handle for one in result.members} == {"ou_lu", "ou_bo", "ou_jo"}


def test_names_and_members_come_from_the_list_of_members(tmp_path: Path) -> None:
    result = written(tmp_path, LINES)
    assert set(members(result)) == {"Lu Pan", "Bo 陈", "Jo"}
    (channel,) = result.channels.values()
    assert (channel.name, channel.visibility, len(channel.members)) == ("Pots", "members", 3)
    assert not result.report.notes
    without = written(tmp_path, MESSAGES)
    assert next(iter(without.channels.values())).visibility == "community"
    assert any("importing-feishu" in note for note in without.report.notes)


def test_a_chat_of_two_stays_with_them(tmp_path: Path) -> None:
    said = [{"chat_id": "oc_pots", "chat_mode": "p2p", "name": ""}, message("1", "lu", "hi"), message("2", "bo", "ho")]
    for value in (said, said[1:]):
        (channel,) = written(tmp_path, value).channels.values()
        assert (channel.visibility, len(channel.members)) == ("private", 2)


def test_events_of_a_bot_are_read(tmp_path: Path) -> None:
    event = {
        "schema": "2.0",
        "event": {
            "sender": {"sender_id": {"open_id": "ou_lu"}, "sender_type": "user"},
            "message": {"message_id": "om_1", "chat_id": "oc_1", "chat_type": "group", "message_type": "text",
                        "create_time": "1709600060123", "content": '{"text":"hi @_user_1"}',
                        "mentions": [{"key": "@_user_1", "id": {"open_id": "ou_bo"}, "name": "Bo"}]},
        },
    }  # fmt: skip
    result = written(tmp_path, [event["event"]])
    assert texts(result) == ["hi @Bo"]
    assert mentioned(result, result.messages[0]) == {"Bo"}


def test_what_is_broken_spoils_itself_only(tmp_path: Path) -> None:
    bad = [message("1", "lu", "a"), "x", message("2", "lu", "b", create_time="never"),
           message("3", "lu", "c", body={"content": "{"}),
           message("4", "lu", "d", chat_id=None), {"message_id": "om_5", "msg_type": "text"}]  # fmt: skip
    result = written(tmp_path, bad)
    assert texts(result) == ["a", "d"]
    assert len(result.bad) == 4
    with pytest.raises(ArchiveError, match="importing-feishu"):
        read(tmp_path / "chat.json", format="feishu") if (tmp_path / "chat.json").write_text("[]") else None


# --- the script -------------------------------------------------------------------------------------------------------


class _API(BaseHTTPRequestHandler):
    """As much of Feishu's API as the script asks for, in pages of two."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if self.headers["Authorization"] != "Bearer t-1":
            self._send({"code": 99991663, "msg": "Invalid access token"})
        elif url.path.endswith("/members"):
            self._page([{key: one[key] for key in ("member_id", "member_id_type", "name")} for one in MEMBERS], query)
        elif url.path.endswith("/chats/oc_pots"):
            self._send({"code": 0, "data": {key: CHAT[key] for key in ("name", "chat_mode", "chat_type")}})
        elif query.get("container_id_type") == "thread":
            self._page(
                [message("2", "bo", "I do", thread_id="omt_1"), message("20", "lu", "thanks", thread_id="omt_1")], query
            )
        else:
            self._page(MESSAGES, query)

    def _page(self, items: list[dict[str, Any]], query: dict[str, str]) -> None:
        at = int(query.get("page_token", "0"))
        more = at + 2 < len(items)
        data = {"items": items[at : at + 2], "has_more": more, "page_token": str(at + 2) if more else ""}
        self._send({"code": 0, "msg": "success", "data": data})

    def _send(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def api() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _API)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_script_of_the_document_fetches_what_is_read(
    api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEISHU_API", api)
    monkeypatch.setenv("FEISHU_TOKEN", "t-1")
    source = re.search(r"```python\n(.*?)```", DOC.read_text(), re.DOTALL)
    script: dict[str, Any] = {"__name__": "script"}
    exec(compile(source[1], "feishu.py", "exec"), script)  # type: ignore[index]
    result = written(tmp_path, "".join(json.dumps(one) + "\n" for one in script["chat"]("oc_pots")))
    assert texts(result) == [*WORDS, "thanks"]
    assert set(members(result)) == {"Lu Pan", "Bo 陈", "Jo"}
    assert result.report.unused["the same message once more"] == 1
    monkeypatch.setenv("FEISHU_TOKEN", "t-2")
    with pytest.raises(SystemExit, match="Invalid access token"):
        list(script["chat"]("oc_pots"))


# --- a little community, and spoilt files ----------------------------------------------------------------------------


def as_objects(community: Community) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = [
        {"chat_id": f"oc_{at}", "name": name, "chat_mode": "group"} for at, name in enumerate(community.rooms)
    ]
    out += [
        {"member_id": f"ou_{at}", "member_id_type": "open_id", "name": name} for at, name in enumerate(community.people)
    ]
    for place, line in enumerate(community.lines):
        at = line.mention
        mentions = [] if at is None else [{"key": "@_user_1", "id": f"ou_{at}", "name": community.people[at]}]
        text = line.text if at is None else f"{line.text} @_user_1"
        out.append(message(str(place), str(line.author), text, mentions=mentions, chat_id=f"oc_{line.room}",
                           create_time=str((NOON + place) * 1000),
                           parent_id="" if line.reply_to is None else f"om_{line.reply_to}"))  # fmt: skip
    return out


@settings(max_examples=FEW, deadline=None)
@given(community=communities(), lines=st.booleans())
def test_a_little_community_comes_back(
    tmp_path_factory: pytest.TempPathFactory, community: Community, lines: bool
) -> None:
    """People, words, times, answers, mentions and rooms."""
    objects = as_objects(community)
    value = "".join(json.dumps(one) + "\n" for one in objects) if lines else {"items": objects}
    result = written(tmp_path_factory.mktemp("feishu"), value)
    assert not result.bad
    told = community.told(lambda at: f"ou_{at}", lambda at, _: f"@{community.people[at]}")
    assert result.said() == told
    assert {by(result, one) for one in result.messages} == set(community.people)


@settings(max_examples=SPOILT, deadline=None)
@given(value=spoilt_values([CHAT, *MEMBERS[:1], *MESSAGES]), data=spoilt_bytes(LINES.encode()[:3000]))
def test_a_spoilt_file_gives_rows_or_says_why_not(
    tmp_path_factory: pytest.TempPathFactory, value: Any, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("feishu")
    (folder / "a.json").write_text(json.dumps(value))
    survives(folder / "a.json", "feishu")
    (folder / "b.jsonl").write_bytes(data)
    survives(folder / "b.jsonl", "feishu")
