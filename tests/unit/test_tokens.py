"""Recommendation tokens: what was shown can be quoted, and nothing else."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.domain.records import Outcome
from service.application.shown import slates
from service.core.errors import FailedPrecondition, InvalidArgument
from service.core.names import is_id
from service.core.tokens import KEY_FILE, SHOWN, Tokens
from service.core.validation import TOKEN, validate_record
from training.labels.outcomes import Slate


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path, may_create=True)


def outcome(token: str, source: str, target: str) -> Outcome:
    return Outcome(id="o", source=source, target=target, time=1, kind="shown", token=token)


def test_a_token_says_what_was_shown_in_order(tokens: Tokens) -> None:
    shown = tokens.verify(tokens.sign("c", "peers", "ann", "m1", "use@7", ["bo", "林", "🦀"]))
    ids = tuple(tokens.digest("c", id) for id in ("", "ann", "bo", "林", "🦀"))
    assert ((shown.community, shown.source, *shown.ids), shown.kind) == (ids, "peers")
    assert (shown.model, shown.index_version) == ("m1", "use@7")


def test_a_token_is_valid_in_another_process_with_the_same_data(tokens: Tokens, tmp_path: Path) -> None:
    token = tokens.sign("c", "peers", "ann", "m1", "i", ["bo"])
    assert Tokens(tmp_path, may_create=False).verify(token).ids == (tokens.digest("c", "bo"),)


def test_a_token_of_other_data_is_refused(tokens: Tokens, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(InvalidArgument, match="not a recommendation token"):
        tokens.verify(Tokens(other, may_create=True).sign("c", "peers", "ann", "m1", "i", ["bo"]))


def test_a_changed_token_is_refused_wherever_it_is_changed(tokens: Tokens) -> None:
    token = tokens.sign("c", "peers", "ann", "m1", "i", ["bo"])
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for at in range(len(raw)):
        changed = bytearray(raw)
        changed[at] ^= 1
        with pytest.raises(InvalidArgument):
            tokens.verify(base64.urlsafe_b64encode(changed).decode().rstrip("="))


@pytest.mark.parametrize("junk", ["", "x", "!!!!", "AAAA", "é" * 50, "A" * 5000])
def test_what_is_no_token_is_refused(tokens: Tokens, junk: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        tokens.verify(junk)
    assert refused.value.reason == "TOKEN_INVALID"


def test_outcomes_count_only_for_pairs_that_the_token_shows(tokens: Tokens) -> None:
    token = tokens.sign("c", "peers", "ann", "m1", "i", ["bo", "cy"])
    tokens.check("c", outcome(token, "ann", "cy"))
    tokens.check("c", outcome(token, "cy", "ann"))
    for community, source, target in (("c", "ann", "dee"), ("c", "bo", "cy"), ("d", "ann", "bo")):
        with pytest.raises(InvalidArgument):
            tokens.check(community, outcome(token, source, target))


def test_a_token_stays_short_however_much_was_shown(tokens: Tokens) -> None:
    token = tokens.sign("c", "peers", "ann", "m1", "i", [f"member-{n}" for n in range(10_000)])
    assert len(tokens.verify(token).ids) == SHOWN
    assert len(token) < 1500


def test_the_key_is_for_its_owner_only_and_a_reader_makes_none(tmp_path: Path) -> None:
    assert Tokens(tmp_path, may_create=False).sign("c", "peers", "ann", "m1", "i", ["bo"]) == ""
    assert not (tmp_path / KEY_FILE).exists()
    Tokens(tmp_path, may_create=True).sign("c", "peers", "ann", "m1", "i", ["bo"])
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_learning_sees_the_lists_of_a_community_that_its_outcomes_quote(tokens: Tokens, tmp_path: Path) -> None:
    ours = {kind: tokens.sign("c", kind, "ann", "m1", "i", ["bo", "cy"]) for kind in ("peers", "collaborators")}
    others = [
        tokens.sign("c", "projects", "ann", "m1", "i", ["p1"]),
        tokens.sign("elsewhere", "peers", "ann", "m1", "i", ["bo"]),
        "no-token",
        "",
    ]
    quoted = [Outcome(id=f"o{n}", source="ann", target="bo", time=1, kind="shown", token=t)
              for n, t in enumerate([*ours.values(), *others])]  # fmt: skip
    found = slates("c", quoted, tokens, ["bo", "ann", "cy"])
    assert found == {token: Slate("ann", ("bo", "cy"), kind) for kind, token in ours.items()}  # type: ignore[arg-type]
    (tmp_path / "other").mkdir()
    assert slates("c", quoted, Tokens(tmp_path / "other", may_create=False), ["ann"]) == {}


_CHARACTERS = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/")
_IDS = st.text(_CHARACTERS, min_size=1, max_size=128).filter(is_id)


@settings(max_examples=60, deadline=None)
@given(st.lists(_IDS, min_size=1, max_size=150, unique=True), _IDS, st.one_of(st.just(""), _IDS), _IDS)
def test_every_token_that_is_given_is_accepted(ids: list[str], community: str, source: str, version: str) -> None:
    with TemporaryDirectory() as folder:
        tokens = Tokens(Path(folder), may_create=True)
        token = tokens.sign(community, "collaborators", source, version * 4, version * 4, ids)
        for id in (ids[0], ids[:SHOWN][-1]):
            tokens.check(community, outcome(token, source or "x", id))
        TOKEN.check(token, "recommendation_token", 0)
        validate_record(outcome(token, source or "x", ids[0]), 10)


def test_a_hundred_uuids_of_the_longest_community_fit(tokens: Tokens) -> None:
    ids = [str(uuid4()) for _ in range(SHOWN)]
    token = tokens.sign("林" * 128, "peers", "林" * 128, "m" * 500, "i" * 500, ids)
    assert len(token) <= 1400
    tokens.check("林" * 128, outcome(token, "林" * 128, ids[-1]))


def test_a_token_of_the_first_version_still_counts(tokens: Tokens) -> None:
    tokens.sign("c", "peers", "ann", "m1", "i", ["bo"])
    fields = [1, "c", "peers", "ann", 5, "m1", "i", ["bo", "cy"]]
    payload = zlib.compress(json.dumps(fields).encode(), 1)
    token = base64.urlsafe_b64encode(tokens._tag(payload) + payload).decode().rstrip("=")
    tokens.check("c", outcome(token, "ann", "cy"))
    assert tokens.verify(token).time == 5
    with pytest.raises(InvalidArgument):
        tokens.check("c", outcome(token, "ann", "dee"))


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_key_that_is_empty_or_cut_off_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(FailedPrecondition, match=rf"token\.key has {len(content)} bytes, where a key has 32"):
        Tokens(tmp_path, may_create=True)
