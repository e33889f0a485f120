"""What pages show of a notebook's outputs, and why another is refused.

Text stands as text, pictures of points as pictures, and of all that could say more than it shows
(HTML, SVG, scripts, Markdown, formulas) only what this package wrote: tables, charts and derived
figures. The HTML and the SVG beside these are for JupyterLab, and no page shows them.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator
from typing import Any

from tallybook.notebooks import table_data
from tallybook.tables.table import CHART, DERIVED, TABLE

_PICTURES = {"image/png": b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
_KNOWN = {CHART, DERIVED, TABLE, "text/plain", *_PICTURES}
_BESIDE = {"text/html": TABLE, "image/svg+xml": CHART}  # never shown themselves
# ESC begins the colours of a terminal, which are shown as colours.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def mistakes(output: dict[str, Any]) -> Iterator[str]:
    """Why pages cannot show an output, in sentences that say what to do; nothing where they can."""
    data = output.get("data", {})
    for kind in sorted(set(data) - _KNOWN - {k for k, own in _BESIDE.items() if own in data}):
        yield (
            f"its output is of an unknown kind, {kind}: show it with tallybook.table or a chart of "
            "tallybook.charts, or print it"
        )
    if output.get("output_type") == "error":
        yield "it failed when it was executed; mend it, and execute it with tallybook run"
    if TABLE in data and (mistake := table_data.mistake(data[TABLE])):
        yield f"its table is none of tallybook's: {mistake}; tallybook run --all makes it anew"
    for text in (output.get("text"), data.get("text/plain")):
        if text is not None and (mistake := _text_mistake(text)):
            yield f"its text {mistake}"
    for kind, start in _PICTURES.items():
        if kind in data and not _begins(data[kind], start):
            yield f"its picture is no {kind}; tallybook run --all makes it anew"


def _text_mistake(text: Any) -> str:
    if not isinstance(text, str):
        return "is no text; tallybook run --all makes it anew"
    bad = _CONTROL.search(text)
    return f"has the character U+{ord(bad[0]):04X}; print it without" if bad else ""


def _begins(content: Any, start: bytes) -> bool:
    try:
        return b64decode("".join(content.split()), validate=True).startswith(start)
    except (AttributeError, NoBase64, ValueError):
        return False
