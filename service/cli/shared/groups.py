"""Groups of commands whose help says of each command a whole sentence."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class Group(TyperGroup):
    """A group that lists its commands with the first sentence of each, wrapped where it is too long for a line."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Called when the help is printed. A short help that is given is wrapped and never cut."""
        for command in self.commands.values():
            command.short_help = _first_sentence(command.help or "")
        super().format_commands(ctx, formatter)


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    sentence, stop, _ = paragraph.partition(". ")
    return sentence + stop.strip()
