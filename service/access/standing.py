"""Whether whom a token names is there: the community that it was made for, and the member who it is."""

from __future__ import annotations

from models.domain.kinds import MEMBER
from service.access.caller import Caller
from service.core.errors import CommunityNotFound, NotAuthenticated
from service.core.names import incarnate
from service.store.contract import Store


class Standing:
    """Looked up in the store; who is found there stands until somebody departs. For any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: tuple[int, set[tuple[str, str]]] = (0, set())

    def check(self, caller: Caller) -> None:
        """Raises NotAuthenticated for a token of a community that was deleted, whether or not another one has its id
        by now, and for one of a member who is not there (any more)."""
        same = caller.incarnation is None or caller.incarnation == self._store.incarnation(caller.community)
        if not same or (caller.member and not self._is_there(caller.community, caller.member)):
            raise NotAuthenticated("The call")

    def place(self, community: str) -> str:
        """What a community that is there now is called in the log, "" for none; see `service.core.names.incarnate`."""
        return incarnate(community, self._store.incarnation(community)) if community else ""

    def _is_there(self, community: str, member: str) -> bool:
        version, found = self._found
        if version != (now := self._store.departures()):
            found = set()
            self._found = now, found
        if (community, member) not in found:
            if not self._looked_up(community, member):
                return False
            found.add((community, member))
        return True

    def _looked_up(self, community: str, member: str) -> bool:
        try:
            return bool(self._store.get(community, MEMBER, [member]))
        except CommunityNotFound:
            return False
