"""Tokens of another issuer: verified by its published keys, a role and a community from their claims."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from service.access.issuer import Issuer
from service.core.errors import FailedPrecondition
from tests.rpc.callers import OURS, THEIRS, Served, request_of, serving

GET = "CommunityService/GetCommunity"
EXPORT = "CommunityService/ExportCommunity"


class TheirKeys:
    """The keys of an issuer, and its tokens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.renew("one")

    def renew(self, id: str) -> None:
        """Publish one key in place of those before."""
        self.id, self.key = id, ec.generate_private_key(ec.SECP256R1())
        about = {"kid": id, "alg": "ES256", "use": "sig"}
        published = {**ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True), **about}
        (self.folder / "keys.json").write_text(json.dumps({"keys": [published]}))

    def token(self, key: Any = None, algorithm: str = "ES256", kid: str = "", **claims: Any) -> str:
        """A token of who may read our community, unless claims say otherwise; a claim of None is left out."""
        usual: dict[str, Any] = {
            "iss": "https://issuer.example",
            "aud": "yiqi",
            "sub": "somebody@example.org",
            "exp": int(time.time()) + 600,
            "yiqi_role": "reader",
            "yiqi_community": OURS,
        }
        said = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(said, key or self.key, algorithm, headers={"kid": kid or self.id})


def issuer_file(folder: Path, keys: str = "keys.json", **more: Any) -> Path:
    file = folder / "issuer.json"
    file.write_text(json.dumps({"issuer": "https://issuer.example", "audience": "yiqi", "keys": keys, **more}))
    return file


@pytest.fixture
def theirs(tmp_path: Path) -> TheirKeys:
    return TheirKeys(tmp_path)


@pytest.fixture
def served(tmp_path: Path, theirs: TheirKeys) -> Iterator[Served]:
    with serving(tmp_path / "data", Issuer(issuer_file(tmp_path))) as found:
        yield found


def code(served: Served, token: str, name: str = GET, community: str = OURS) -> str:
    return served.call(name, request_of(name, community), token).code


def test_claims_say_role_and_community(served: Served, theirs: TheirKeys) -> None:
    assert code(served, theirs.token()) == "OK"
    assert code(served, theirs.token(), EXPORT) == "PERMISSION_DENIED"
    assert code(served, theirs.token(), GET, THEIRS) == "NOT_FOUND"
    assert code(served, theirs.token(yiqi_role="admin"), EXPORT) == "OK"
    assert code(served, theirs.token(yiqi_community="*"), GET, THEIRS) == "OK"
    assert code(served, "") == "UNAUTHENTICATED"


WRONG: list[dict[str, Any]] = [
    {"iss": "https://other.example"},
    {"aud": "another service"},
    {"exp": 1},
    {"exp": None},
    {"sub": None},
    {"yiqi_role": "member"},
    {"yiqi_role": "king"},
    {"yiqi_role": ["admin"]},
    {"yiqi_community": None},
    {"yiqi_community": ""},
    {"yiqi_community": [OURS]},
    {"kid": "unknown"},
    {"key": ec.generate_private_key(ec.SECP256R1())},
    {"key": rsa.generate_private_key(65537, 2048), "algorithm": "RS256"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: " ".join(map(str, one)))
def test_a_token_that_is_wrong_in_any_way_is_none(served: Served, theirs: TheirKeys, wrong: dict[str, Any]) -> None:
    assert code(served, theirs.token(**wrong)) == "UNAUTHENTICATED"
    assert code(served, theirs.token()) == "OK"


def test_a_public_key_is_no_shared_secret_and_no_signature_is_none(served: Served, theirs: TheirKeys) -> None:
    claims = jwt.decode(theirs.token(), options={"verify_signature": False})
    published = theirs.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "one"}, claims)]
    signed = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    tag = urlsafe_b64encode(hmac.digest(published, signed, "sha256")).rstrip(b"=")
    assert code(served, (signed + b"." + tag).decode()) == "UNAUTHENTICATED"
    assert code(served, jwt.encode(claims, None, "none", headers={"kid": "one"})) == "UNAUTHENTICATED"


def test_exchanged_keys_count_at_once(served: Served, theirs: TheirKeys) -> None:
    before = theirs.token()
    theirs.renew("two")
    assert code(served, before) == "UNAUTHENTICATED"
    assert code(served, theirs.token()) == "OK"


def test_who_the_issuer_names_is_not_in_the_log(served: Served, theirs: TheirKeys, tmp_path: Path) -> None:
    assert code(served, theirs.token()) == "OK"
    written = b"".join(path.read_bytes() for path in (tmp_path / "data/audit").iterdir())
    assert b"jwt-" in written
    assert b"somebody" not in written


def test_a_platform_of_the_issuer_mints_tokens_for_members_that_end_with_its_own(
    served: Served, theirs: TheirKeys
) -> None:
    from yiqi.client import YiqiClient

    with YiqiClient(served.target, token=theirs.token(yiqi_role="platform"), timeout=30) as platform:
        token = platform.mint_member_token(OURS, "ann")
    with YiqiClient(served.target, token=token, timeout=30) as own:
        assert own.get_member(OURS, "ann").profile == "ann builds boats"
    assert served.call("MemberService/GetMember", request_of("MemberService/GetMember", OURS, "bo"), token).code != "OK"


@contextmanager
def published(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The folder over http on this machine: its address, and what was asked of it."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            asked.append(format % args)

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as web:
        Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}", asked
        web.shutdown()


def test_keys_are_fetched_from_an_address_and_not_for_every_stranger(tmp_path: Path, theirs: TheirKeys) -> None:
    with published(tmp_path) as (address, asked):
        issuer = Issuer(issuer_file(tmp_path, f"{address}/keys.json"))
        with serving(tmp_path / "data", issuer) as served:
            assert code(served, theirs.token()) == "OK"
            for number in range(5):
                assert code(served, theirs.token(kid=f"unknown {number}")) == "UNAUTHENTICATED"
            assert len(asked) == 1


@pytest.mark.parametrize(
    "more",
    [{"keys": "http://keys.example/keys.json"}, {"keys": "missing.json"}, {"algorithms": ["HS256"]}, {"colour": "red"}],
    ids=str,
)
def test_a_file_about_an_issuer_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, theirs: TheirKeys, more: dict[str, Any]
) -> None:
    with pytest.raises(FailedPrecondition, match=r"keys|YIQI_JWT"):
        Issuer(issuer_file(tmp_path, **more))


def test_rsa_keys_work_too(tmp_path: Path, theirs: TheirKeys) -> None:
    key = rsa.generate_private_key(65537, 2048)
    jwk = {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "r", "alg": "RS256"}
    (tmp_path / "rsa.json").write_text(json.dumps({"keys": [jwk]}))
    with serving(tmp_path / "data", Issuer(issuer_file(tmp_path, "rsa.json"))) as served:
        assert code(served, theirs.token(key=key, algorithm="RS256", kid="r")) == "OK"
