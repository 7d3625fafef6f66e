"""A server that asks for tokens, over a store of two communities, and requests of every call of the contract."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from yiqi import v1

from models.domain.records import Community, Member, Project
from service.access.access import Access
from service.access.caller import Quota, Role
from service.access.issuer import Issuer
from service.api.interceptors.load import Load
from service.api.server import build_server, new_health, set_serving, set_well
from service.core.bounds import Each, Id, Name, Text
from service.core.settings import Settings
from service.core.validation import REQUEST_RULES
from service.serving import Runtime
from service.serving.watched import watched
from service.store.sql import SqlStore

OURS, THEIRS, NOBODYS = "ours", "theirs", "nobodys"
NOW = 1_700_000_000_000_000
MODULES = [import_module(f"yiqi.v1.{path.stem}") for path in sorted(Path(v1.__path__[0]).glob("*_pb2.py"))]


def _calls() -> dict[str, MethodDescriptor]:
    """Every call of the contract: "MemberService/GetMember" and its descriptor."""
    services = [service for module in MODULES for service in module.DESCRIPTOR.services_by_name.values()]
    return {f"{service.name}/{method.name}": method for service in services for method in service.methods}


CALLS = _calls()


@dataclass
class Answer:
    """How a call ended; `bytes` is what the caller sees of a failure, to the last byte."""

    code: str
    reason: str
    sentence: str
    details: bytes

    @property
    def let_in(self) -> bool:
        """Whether the call was let through to its servicer, whatever became of it there."""
        return self.code not in ("UNAUTHENTICATED", "PERMISSION_DENIED") and self.reason != "COMMUNITY_NOT_FOUND"


class Served:
    """The server, and who may call it."""

    def __init__(self, access: Access, target: str) -> None:
        self.access, self.target = access, target
        self.channel = grpc.insecure_channel(target)

    def token(self, role: Role, community: str = OURS, incarnation: str = "", **quota: int) -> str:
        """The text of a new token."""
        return self.access.grants.create(community, role, 1, Quota(**quota), incarnation)[1]

    def call(self, name: str, request: Any, token: str = "", **more: Any) -> Answer:
        """Make a call, whichever kind it is."""
        method = CALLS[name]
        kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
        reply = message_factory.GetMessageClass(method.output_type)
        stub = getattr(self.channel, kind)(
            f"/yiqi.v1.{name}", request_serializer=_bytes, response_deserializer=reply.FromString
        )
        metadata = (("authorization", f"Bearer {token}"),) if token else ()
        sent = iter([request]) if method.client_streaming else request
        try:
            answer = stub(sent, timeout=30, metadata=metadata, **more)
            if method.server_streaming:
                _first(answer)
            return Answer("OK", "", "", b"")
        except grpc.RpcError as error:
            trailing = dict(error.trailing_metadata() or ())
            details = trailing.get("grpc-status-details-bin", b"")
            return Answer(error.code().name, trailing.get("yiqi-reason", ""), error.details() or "", details)


def _first(answer: Any) -> None:
    """The first reply of a stream, which is then cancelled: WatchIntroductions has no end."""
    next(answer, None)
    answer.cancel()


def _bytes(request: Any) -> bytes:
    return request if isinstance(request, bytes) else request.SerializeToString()


@contextmanager
def serving(data: Path, issuer: Issuer | None = None) -> Iterator[Served]:
    """A server of two communities that each have the members ann and bo and the project boat."""
    settings = Settings(data=data, introductions=False)
    data.mkdir(parents=True, exist_ok=True)
    access = Access(data, issuer)
    with closing(SqlStore(settings.database)) as store, closing(access.log):
        for community in (OURS, THEIRS):
            people = [Member(id=one, profile=f"{one} builds boats", consent="members") for one in ("ann", "bo")]
            store.put(
                community,
                [Community(id=community), *people, Project(id="boat", title="A boat", time=NOW, members=("ann",))],
            )
        with closing(Runtime(store, data, settings, following=True)) as runtime:
            health = new_health()
            server = build_server(
                watched(store, runtime),
                runtime,
                runtime.tokens.check,
                health=health,
                access=access,
                load=Load(workers=8),
            )
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            set_serving(health, True)
            for community in (OURS, THEIRS):
                runtime.view(community, timeout=600)
                set_well(health, "communities", community, True)
            served = Served(access, f"127.0.0.1:{port}")
            yield served
            served.channel.close()
            server.stop(None).wait()


def request_of(name: str, community: str, member: str = "ann") -> Any:
    """A request in bounds: every name that it must have, of this community and member, and stale etags, so that nothing
    is deleted by it."""
    request = message_factory.GetMessageClass(CALLS[name].input_type)()
    for field in request.DESCRIPTOR.fields:
        value = _value(request, field, community, member)
        if value is None:
            continue
        if field.is_repeated:
            getattr(request, field.name).append(value)
        else:
            setattr(request, field.name, value)
    resource = name.split("/")[1].removeprefix("Update").lower()
    if "/Update" in name and resource in request.DESCRIPTOR.fields_by_name:
        ids = {"member": member, "project": "boat"}
        child = f"/{resource}s/{ids.get(resource, 'x')}" if resource != "community" else ""
        getattr(request, resource).name = f"communities/{community}{child}"
    if name == "OutcomeService/RecordOutcomes":
        people = f"communities/{community}/members"
        request.outcomes.add(
            name=f"communities/{community}/outcomes/x", source=f"{people}/{member}", target=f"{people}/x"
        )
    if name == "RecommendationService/RecommendCollaborators":
        request.member = f"communities/{community}/members/{member}"
    return request


def _value(message: Any, field: FieldDescriptor, community: str, member: str) -> Any:
    rule: Any = REQUEST_RULES.get(f"{message.DESCRIPTOR.name}.{field.name}")
    if field.containing_oneof or field.message_type:
        return None
    if isinstance(rule, Each) and rule.min and rule.rule:
        rule = rule.rule
    if field.name == "etag":
        return "1"
    if field.name in ("blocked_member", "merged_member", "other"):
        return f"communities/{community}/members/x"
    if isinstance(rule, Id):
        return community if field.name == "community_id" else f"new-{time.monotonic_ns()}"
    if isinstance(rule, Name) and (rule.required or field.name in ("parent", "member")):
        ids = {"communities": community, "members": member, "projects": "boat"}
        return "/".join(f"{one}/{ids.get(one, 'x')}" for one in rule.collections)
    return "boats" if isinstance(rule, Text) and rule.required else None
