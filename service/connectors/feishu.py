"""Feishu (Lark), by callbacks: it posts events to an address, and again until it gets a good answer within seconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import lark_oapi as lark
from lark_oapi.core.model import RawRequest
from lark_oapi.event.custom import CustomizedEvent

from service.connectors.listening import ConnectorError, Listening
from service.connectors.settings import FeishuSettings
from service.importers.formats.feishu import Reader
from service.importers.frame.format import Options
from service.importers.frame.json_lists import Item
from service.importers.frame.transcript import Changed, Entry
from service.importers.frame.values import Json, entries, fields, key, label, milliseconds

_LARGEST = 1 << 20  # bytes of an event
_PAGE = 100
_SECONDS = 10.0
_CHANGES_CHAT = ("im.chat.updated_v1", "im.chat.member.user.added_v1", "im.chat.member.user.deleted_v1")


class FeishuConnector:
    """Answers 200 once the server has what an event says."""

    def __init__(self, settings: FeishuSettings) -> None:
        self._settings = settings
        builder = lark.Client.builder().app_id(settings.app_id).app_secret(settings.app_secret.get_secret_value())
        self._api = builder.domain(settings.api_url).timeout(_SECONDS).build()
        self._reader = Reader(Options())
        self._chats: set[str] = set()
        self._one_at_a_time = Lock()

    def run(self, listening: Listening) -> None:
        """See `Connector.run`."""
        host, _, port = self._settings.listen.rpartition(":")
        with _Server((host, int(port)), self._events(listening)) as server:
            listening.say(f"listening to Feishu on {host}:{server.server_port}")
            serving = Thread(target=server.serve_forever)
            serving.start()
            listening.wait()
            server.shutdown()
            serving.join()

    def _events(self, listening: Listening) -> lark.EventDispatcherHandler:
        """What checks tokens and signatures, decrypts, and answers anything but 200 where the server has it not yet."""

        def taken(read: Callable[[Json], Iterator[Entry]]) -> Callable[[CustomizedEvent], None]:
            def take(event: CustomizedEvent) -> None:
                with self._one_at_a_time:
                    listening.forward(list(read(fields(event.event))))

            return take

        secrets = (self._settings.encrypt_key, self._settings.verification_token)
        builder = lark.EventDispatcherHandler.builder(*(one.get_secret_value() for one in secrets))
        builder.register_p2_customized_event("im.message.receive_v1", taken(self._said))
        builder.register_p2_customized_event("im.message.recalled_v1", taken(self._recalled))
        for kind in _CHANGES_CHAT:
            builder.register_p2_customized_event(kind, taken(self._chat_changed))
        return builder.build()

    def _said(self, event: Json) -> Iterator[Entry]:
        message = fields(event.get("message"))
        chat = key(message.get("chat_id"))
        if chat not in self._chats and label(message.get("chat_type")) != "p2p":
            yield from self._chat(chat)
        self._reader.seen.clear()  # what Feishu posts again may not have been taken the first time
        yield from self._reader.object("", Item(0, {"event": event}, {}))
        yield from self._reader.rooms()

    def _recalled(self, event: Json) -> Iterator[Entry]:
        yield Changed(room=key(event.get("chat_id")), id=key(event.get("message_id")),
                      time=milliseconds(event.get("recall_time")), author="", text=None)  # fmt: skip

    def _chat_changed(self, event: Json) -> Iterator[Entry]:
        yield from self._chat(key(event.get("chat_id")))
        yield from self._reader.rooms()

    def _chat(self, id: str) -> Iterator[Entry]:
        """A chat and who is in it: events name neither."""
        items = [Item(0, self._get(id, "") | {"chat_id": id}, {})]
        more = {"page_size": str(_PAGE), "member_id_type": "open_id"}
        while True:
            page = self._get(id, "/members", more)
            items += [Item(0, fields(one) | {"chat_id": id}, {}) for one in entries(page.get("items"))]
            if page.get("has_more") is not True:
                break
            more = more | {"page_token": label(page.get("page_token"))}
        for item in items:
            yield from self._reader.object("", item)
        self._chats.add(id)

    def _get(self, chat: str, what: str, query: Mapping[str, str] | None = None) -> Json:
        """An answer of the API. ConnectorError where it is none: the event is not acknowledged and comes again."""
        request = lark.BaseRequest.builder().http_method(lark.HttpMethod.GET).uri(f"/open-apis/im/v1/chats/:chat{what}")
        request = request.paths({"chat": chat}).queries(list((query or {}).items()))
        reply = self._api.request(request.token_types({lark.AccessTokenType.TENANT}).build())
        if not reply.success():
            raise ConnectorError(f"Feishu answers {reply.code}: {reply.msg}")
        return fields(fields(json.loads(reply.raw.content)).get("data"))


class _Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], events: lark.EventDispatcherHandler) -> None:
        super().__init__(address, _Callback)
        self.events = events


class _Callback(BaseHTTPRequestHandler):
    """One post of Feishu."""

    server: _Server
    timeout = _SECONDS

    def do_POST(self) -> None:
        """Hands it to the dispatcher of lark-oapi, whose answer is ours."""
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= _LARGEST:
            return self.send_error(413)
        request = RawRequest()
        request.uri, request.body = self.path, self.rfile.read(length)
        request.headers = {name.title(): value for name, value in self.headers.items()}
        reply = self.server.events.do(request)
        self.send_response(reply.status_code)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content)
        return None

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: addresses of callers are nobody's business."""
