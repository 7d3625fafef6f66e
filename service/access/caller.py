"""Who makes a call, as far as its token says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, get_args

# Each role may do what those before it may; "member" is whoever holds a token minted for one member.
Role = Literal["member", "reader", "platform", "organizer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Quota:
    """How much a token may ask: calls a second (twice as many at once), calls and streams at one time, bytes received a
    minute. Set to stop what runs away, not what works: one process answers a few hundred calls a second."""

    calls_per_second: int = 200
    concurrent: int = 64
    streams: int = 16
    bytes_per_minute: int = 10**9


USUAL_DAYS = 90  # that a token counts
# A person asks by hand: a page may make a dozen calls at once, and then they read.
MEMBER_QUOTA = Quota(calls_per_second=10, concurrent=8, streams=4, bytes_per_minute=10**7)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. `token` is the public id of the token (never its text), `community` "" for every community, `member`
    whom alone a minted token may be, `expires` microseconds, `incarnation` which of the communities that had the id in
    turn, None where a token cannot tell."""

    token: str
    role: Role
    community: str
    expires: int
    member: str = ""
    quota: Quota = Quota()
    incarnation: str | None = None

    @property
    def key(self) -> str:
        """Whose quota a call counts against: all tokens of one member share one."""
        return f"{self.token}\0{self.community}\0{self.member}" if self.member else self.token


_CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


def calling() -> Caller | None:
    """Who makes the call that this thread answers; None where nobody is asked for a token."""
    return _CALLER.get()


def by_a_member() -> bool:
    """Whether the call carries the token of one member, who speaks for nobody else."""
    caller = calling()
    return caller is not None and caller.role == "member"


@contextmanager
def called_by(caller: Caller) -> Iterator[None]:
    """`calling()` tells this caller until the end."""
    before = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(before)
