"""Feishu, played: the little of its API that a bot reads with, and posts of events, encrypted and signed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
import urllib.error
import urllib.request
from typing import Any

from Crypto.Cipher import AES
from Crypto.Util.Padding import pad

from .site import Site

NOON = 1_740_000_000_000
KEY, TOKEN = "the encrypt key", "the verification token"
OPEN, CLOSED = "oc_open", "oc_closed"
NAMES = {"ou_ann": "Ann", "ou_bo": "薄波"}


def message(sender: str, second: int, text: str, chat: str = OPEN, **more: Any) -> dict[str, Any]:
    """An event of type im.message.receive_v1."""
    kind = more.pop("sender_type", "user")
    said = {"message_id": f"om_{second}", "chat_id": chat, "chat_type": "group", "message_type": "text",
            "create_time": str(NOON + second * 1000), "content": json.dumps({"text": text})}  # fmt: skip
    return {"sender": {"sender_id": {"open_id": sender}, "sender_type": kind}, "message": said | more}


class FeishuSite(Site):
    """Two chats, one of which one has to be invited to."""

    def __init__(self) -> None:
        super().__init__()
        self.callback = ""
        self.events = 0
        api = "/open-apis"
        token = {"code": 0, "msg": "ok", "tenant_access_token": "t-1", "expire": 7200}
        self.route("POST", f"{api}/auth/v3/tenant_access_token/internal", lambda _: token)
        self.route("GET", f"{api}/im/v1/chats/{{chat}}", lambda asked: self._chat(asked.match_info["chat"]))
        self.route("GET", f"{api}/im/v1/chats/{{chat}}/members", lambda _: self._members())

    @property
    def environment(self) -> dict[str, str]:
        return {"FEISHU_APP_ID": "cli_1", "FEISHU_APP_SECRET": "s", "FEISHU_VERIFICATION_TOKEN": TOKEN,
                "FEISHU_ENCRYPT_KEY": KEY, "FEISHU_LISTEN": "127.0.0.1:0",
                "FEISHU_API_URL": f"http://127.0.0.1:{self.port}"}  # fmt: skip

    @staticmethod
    def _chat(id: str) -> Any:
        kind = "public" if id == OPEN else "private"
        return {"code": 0, "msg": "ok", "data": {"name": id[3:], "chat_mode": "group", "chat_type": kind}}

    @staticmethod
    def _members() -> Any:
        items = [{"member_id": id, "member_id_type": "open_id", "name": name} for id, name in NAMES.items()]
        return {"code": 0, "msg": "ok", "data": {"items": items, "has_more": False}}

    def happens(self, event: dict[str, Any], kind: str = "im.message.receive_v1", token: str = TOKEN) -> int:
        """Posts an event; the status of the answer."""
        self.events += 1
        header = {"event_id": f"e{self.events}", "event_type": kind, "token": token, "app_id": "cli_1"}
        return self.posts({"schema": "2.0", "header": header, "event": event})[0]

    def posts(self, body: dict[str, Any]) -> tuple[int, Any]:
        """Posts anything, encrypted and signed; status and answer."""
        key, start = hashlib.sha256(KEY.encode()).digest(), os.urandom(16)
        cipher = AES.new(key, AES.MODE_CBC, start)
        hidden = base64.b64encode(start + cipher.encrypt(pad(json.dumps(body).encode(), 16))).decode()
        data, stamp = json.dumps({"encrypt": hidden}).encode(), str(int(time.time()))
        signature = hashlib.sha256((stamp + "n" + KEY).encode() + data).hexdigest()
        request = urllib.request.Request(self.callback, data, {
            "Content-Type": "application/json", "X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": "n",
            "X-Lark-Signature": signature,
        })  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=100) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}
