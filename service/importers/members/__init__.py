"""Member lists: sign-up sheets, answers of forms, guest lists, tables of people."""

from __future__ import annotations

from service.importers.members.source import MemberSource, sure

__all__ = ["MemberSource", "sure"]
