"""What all pictures share: which files they are, and how letters are drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SUFFIXES = (".svg", ".png")
# Whichever is installed draws Chinese; the first one draws everything else.
_FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
)


def require_suffix(out: Path) -> None:
    """Raises ValueError for a file that is no picture."""
    if out.suffix.lower() not in SUFFIXES:
        raise ValueError(f"a picture is {' or '.join(SUFFIXES)}, not {out.name}")


def style() -> dict[Any, Any]:
    """Settings of matplotlib with which the same figure gives the same bytes, with the same fonts installed."""
    from matplotlib.font_manager import get_font_names

    # Text stays text in an .svg, and its ids depend on nothing but what is drawn.
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "yiqi", "font.size": 9}
    if fonts := [name for name in _FONTS if name in get_font_names()]:
        settings["font.family"] = fonts
    return settings
