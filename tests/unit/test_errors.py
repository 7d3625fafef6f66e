"""Errors: one complete table, and sentences fit for callers."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from yiqi.v1.errors_pb2 import ErrorReason

import service.core.errors as errors
from service.core.errors import ERRORS, InvalidArgument, MemberNotFound, Status, YiqiError

ROOT = Path(__file__).parents[2]
REASONS = [name.removeprefix("ERROR_REASON_") for name in ErrorReason.keys() if not name.endswith("UNSPECIFIED")]  # noqa: SIM118
CLASSES = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, YiqiError)]


def test_the_table_holds_exactly_the_reasons_of_the_contract() -> None:
    assert list(ERRORS) == REASONS or set(ERRORS) == set(REASONS)


def test_the_contract_reference_lists_every_reason_with_its_status() -> None:
    lines = (ROOT / "docs" / "contract.md").read_text().splitlines()
    for reason, entry in ERRORS.items():
        assert any(f"`{reason}`" in line and entry.status.name in line for line in lines), reason


def test_the_contract_comments_name_the_status_of_the_table() -> None:
    lines = [line.strip() for line in (ROOT / "proto/yiqi/v1/errors.proto").read_text().splitlines()]
    for reason, entry in ERRORS.items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"ERROR_REASON_{reason} ="))
        assert lines[at - 1].startswith(f"// {entry.status.name}:"), reason


@pytest.mark.parametrize("reason", ERRORS)
def test_every_sentence_says_what_happened_and_what_to_do(reason: str) -> None:
    sentence = YiqiError("THING", reason=reason).sentence
    assert "THING" in sentence
    assert sentence.endswith(".")
    assert ERRORS[reason].remedy


@pytest.mark.parametrize("cls", CLASSES)
def test_every_exception_has_a_reason_in_the_table_that_agrees_with_its_kind(cls: type[YiqiError]) -> None:
    status = cls("x").status
    assert status in Status
    parent = cls.__mro__[1]
    if parent is not YiqiError and issubclass(parent, YiqiError):
        assert status is parent("x").status


def test_every_status_is_one_of_grpc() -> None:
    assert {status.name for status in Status} <= {code.name for code in grpc.StatusCode}


def test_debug_text_never_reaches_the_sentence() -> None:
    error = MemberNotFound("ann", debug="secret row 7")
    assert "secret" not in str(error)
    assert "ann" in str(error)


def test_a_huge_subject_is_shortened_to_fit_into_a_header() -> None:
    assert len(InvalidArgument("x" * 1_000_000).sentence) < 1000


def test_braces_in_a_subject_are_left_alone() -> None:
    assert "{0} {subject}" in InvalidArgument("{0} {subject}").sentence
