"""vl-convert with the fonts that it brings and no others, so that it draws the same everywhere.

It looks for the fonts of a machine once, when it first draws; that is done here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

_FONTS = Path(__file__).with_name("fonts.conf")
_SETTING = "FONTCONFIG_FILE"
_FIRST = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text>.</text></svg>'


def name() -> str:
    """What draws, by its version."""
    return f"vl-convert {version('vl-convert-python')}"


def identity() -> str:
    """All that a drawing depends on besides what is drawn."""
    return f"{name()} {_FONTS.read_text(encoding='utf-8')}"


@cache
def converter() -> Any:
    """The module vl_convert, which starts a JavaScript engine when it is given a chart."""
    import vl_convert  # noqa: PLC0415  # it has threads from its first use on

    with _without_fonts_of_the_machine():
        vl_convert.svg_to_png(_FIRST)
    return vl_convert


@contextmanager
def _without_fonts_of_the_machine() -> Iterator[None]:
    before = os.environ.get(_SETTING)
    os.environ[_SETTING] = str(_FONTS)
    try:
        yield
    finally:
        del os.environ[_SETTING]
        if before is not None:
            os.environ[_SETTING] = before
