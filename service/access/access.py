"""Everything that decides about a call before it is answered, in one place for a data folder."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from service.access import member_tokens
from service.access.audit import FOLDER, AuditLog
from service.access.caller import Caller
from service.access.grants import PREFIX, Grants
from service.access.quotas import Quotas, Tries
from service.access.standing import Standing
from service.core.clock import wall_clock
from service.core.errors import NotAuthenticated

if TYPE_CHECKING:
    from service.access.issuer import Issuer

_REMEMBERED = 10_000
_REMEMBER_MICROS = 60_000_000  # after which a signature is verified again: the issuer may have withdrawn its key


class Access:
    """Tokens, quotas and the log of a data folder; with an `issuer` its tokens count, too."""

    def __init__(self, data: Path, issuer: Issuer | None = None, clock: Callable[[], int] = wall_clock) -> None:
        self.grants = Grants(data, clock)
        self.quotas = Quotas()
        self.log = AuditLog(data / FOLDER, self.grants.key)
        self._issuer = issuer
        if issuer:
            self.grants.ensure()  # for the key
        self._clock = clock
        self._tries = Tries()
        self._lock = Lock()
        self._verified: dict[bytes, tuple[Caller, int]] = {}

    def asked(self) -> bool:
        """Whether calls need a token."""
        return self._issuer is not None or self.grants.asked()

    def caller(self, text: str, peer: str, standing: Standing) -> Caller:
        """Who calls with a token. Raises NotAuthenticated, and QuotaExceeded when the peer failed too often."""
        if not text:
            raise NotAuthenticated("The call")
        try:
            found = self.grants.caller(text) if text.startswith(PREFIX) else self._signed(text, peer)
            standing.check(found)
            return found
        except NotAuthenticated:
            self._tries.check(peer)
            self._tries.failed(peer)
            raise

    def still(self, caller: Caller) -> None:
        """Raises NotAuthenticated once a token ended, or the one that it was made with."""
        foreign = caller.token.startswith("jwt-")
        if self._clock() >= caller.expires or not (foreign or self.grants.valid(caller.token)):
            raise NotAuthenticated("The call")

    def _signed(self, text: str, peer: str) -> Caller:
        digest = sha256(text.encode(errors="replace")).digest()
        known = self._verified.get(digest)
        if known and self._clock() < known[1]:
            caller = known[0]
        else:
            self._tries.check(peer)  # to verify costs something
            caller = self._verify(text)
            self._remember(digest, caller)
        self.still(caller)
        return caller

    def _verify(self, text: str) -> Caller:
        if text.startswith(member_tokens.PREFIX):
            return member_tokens.read(self.grants.key(), text)
        if self._issuer:
            return self._issuer.read(text)
        raise NotAuthenticated("The call")

    def _remember(self, digest: bytes, caller: Caller) -> None:
        with self._lock:
            if len(self._verified) >= _REMEMBERED:
                self._verified.clear()
            self._verified[digest] = caller, self._clock() + _REMEMBER_MICROS
