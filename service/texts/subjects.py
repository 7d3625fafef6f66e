"""What a title that was written here is about."""

from __future__ import annotations

from functools import cache

from service.texts.renderer import RENDERER

_TITLES = "proposal.title."
_NAMES = "{{ names | listed }}"


def subject_of(title: str) -> str:
    """What the title of a proposal is about: without what all of its form have in common; an edited one as it is."""
    for before, after in _around():
        if after and title.startswith(before) and title.endswith(after):
            return title[len(before) : len(title) - len(after)]
        if before and not after and title.startswith(before):
            return title[len(before) :]
    return title


@cache
def _around() -> tuple[tuple[str, str], ...]:
    """What stands before and after the names in each title, form by form."""
    catalogues = RENDERER.catalogues.values()
    keys = (key for key in RENDERER.catalogues["en"].templates if key.startswith(_TITLES))
    titles = (wording for key in keys for catalogue in catalogues for wording in catalogue.templates[key])
    return tuple((before, after) for before, names, after in (title.partition(_NAMES) for title in titles) if names)
