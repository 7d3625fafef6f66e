"""Every RPC with every field filled, at its bounds, beyond them, and empty: a reply, or a reason; never a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass

from service.core.validation import REQUEST_RULES, Unread, validate
from tests.fuzz.calls import BAD, Calls, Made, methods, served

TRIES = 6


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    folder: Path = tmp_path_factory.mktemp("calls")
    with served(folder) as (address, _), grpc.insecure_channel(address) as channel:
        yield Calls(channel)


@pytest.mark.parametrize("method", methods(), ids=lambda one: one.name)
def test_no_request_of_a_call_is_a_fault(method: MethodDescriptor, calls: Calls) -> None:
    requests = [GetMessageClass(method.input_type)()]
    for seed in range(TRIES):
        for wild in (0.0, 0.0, 0.1):
            made = Made(random.Random(f"{method.name} {seed}"), wild=wild, whole=seed % 2 == 0)
            requests.append(made.request(method))
    faults = [str(request) for request in requests if (code := calls.code(method, request)) is None or code in BAD]
    assert faults == []


def test_what_only_the_service_sets_of_a_round_is_cleared_in_a_request() -> None:
    method = next(one for one in methods() if one.name == "CreateRound")
    request = Made(random.Random(1), whole=True).request(method)
    filled = {one.name for one, _ in request.round.ListFields()}
    validate(request, 1_800_000_000_000_000)
    unread = {name.removeprefix("Round.") for name, rule in REQUEST_RULES.items() if isinstance(rule, Unread)}
    assert {"collisions", "state", "progress"} <= filled & unread
    assert {one.name for one, _ in request.round.ListFields()} & unread == set()
