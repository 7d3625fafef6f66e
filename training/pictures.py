"""What all pictures share: which files they are, and how letters are drawn."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

SUFFIXES = (".svg", ".png")
_LATIN = "DejaVu Sans"  # comes with matplotlib
# Whichever is installed draws Chinese; where none is, the one that comes as a package does.
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "LXGW WenKai",
)


def require_suffix(out: Path) -> None:
    """Raises ValueError for a file that is no picture."""
    if out.suffix.lower() not in SUFFIXES:
        raise ValueError(f"a picture is {' or '.join(SUFFIXES)}, not {out.name}")


def style() -> dict[Any, Any]:
    """Settings of matplotlib with which the same figure gives the same bytes, with the same fonts installed."""
    # Text stays text in an .svg, and its ids depend on nothing but what is drawn.
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "yiqi", "font.size": 9}
    return settings | {"font.family": list(fonts())}


@cache
def fonts() -> tuple[str, ...]:
    """The names of the fonts that draw, in order: each letter is drawn by the first that has it."""
    from matplotlib.font_manager import fontManager, get_font_names
    from pylopdf_fonts_zh_cn import sans_path

    installed = [name for name in _CHINESE if name in get_font_names()]
    if not installed:
        fontManager.addfont(sans_path())
        installed = ["Noto Sans SC"]
    return (_LATIN, *installed)


def undrawn(text: str) -> list[str]:
    """The letters of a text that no font here has, each once: pictures show a box for them."""
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    drawn = {code for name in fonts() for code in FT2Font(findfont(FontProperties(family=name))).get_charmap()}
    joiners = {0x200D, 0xFE0F}  # show nothing by themselves
    return sorted({letter for letter in text if not letter.isspace() and ord(letter) not in drawn | joiners})
