"""The door of commands that write: a server, whether it runs elsewhere or only for this command on a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cli.shared.naming import member_called
from service.cli.shared.options import HERE_SECONDS, SERVER_SECONDS, one_door, settings_for

if TYPE_CHECKING:
    from yiqi.client import YiqiClient

PAGE = 1000


class Organizer:
    """One community through a client, as an organizer sees it. Calls raise YiqiRpcError."""

    def __init__(self, client: YiqiClient, community: str, timeout: float) -> None:
        """`timeout` in seconds is what calls may take that are known to take long."""
        self.client = client
        self.community = community
        self.timeout = timeout

    @property
    def parent(self) -> str:
        """The resource name of the community."""
        return f"communities/{self.community}"

    def round_name(self, round_: str) -> str:
        """The resource name of a round."""
        return f"{self.parent}/rounds/{round_}"

    def member_name(self, member: str) -> str:
        """The resource name of a member."""
        return f"{self.parent}/members/{member}"

    @cached_property
    def names(self) -> dict[str, str]:
        """What every member is called, by id."""
        from yiqi.client import id_of

        return {id_of(member.name): member.display_name for member in self.client.list_members(self.community)}

    def called(self, member: str) -> str:
        """What a member is called, and their id behind it."""
        return f"{self.names.get(member) or member} ({member})"

    def find(self, text: str, option: str = "") -> str:
        """The id of a member, by id, or by a name or a word of it that only one has.

        Ends the command for a name that several have, and, where `option` says what asked, for one that nobody has.
        """
        return member_called(text, self.names, option, must_be=bool(option))

    def pages(self, call: Any, request: Any, field: str) -> Iterator[Any]:
        """Everything that a list call gives, page by page."""
        from yiqi.client import pages

        request.page_size = PAGE
        return pages(call, request, field)


@contextmanager
def open_organizer(data: Path | None, server: str | None, community: str, *, writes: bool) -> Iterator[Organizer]:
    """A client of the server that the options name, or of one that serves the data folder for this command alone.

    What only reads may run beside a running server; what `writes` needs the folder for itself and raises DataLocked.
    """
    from yiqi.client import YiqiClient

    from service.cli.shared.connecting import connect
    from service.compose import open_server
    from service.core.names import require_id

    one_door(data, server)
    require_id(community, "--community")
    timeout = HERE_SECONDS if server is None else SERVER_SECONDS
    with ExitStack() as stack:
        if server is not None:
            client = connect(server, timeout)
        else:
            client = YiqiClient(stack.enter_context(open_server(settings_for(data), writes=writes)), timeout=timeout)
        yield Organizer(stack.enter_context(client), community, timeout)
