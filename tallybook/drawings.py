"""Drawings of charts, each made once: notebooks store some, earlier builds others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tallybook import chart_svg
from tallybook.books import write


class Drawings:
    """The drawings of specifications, kept in a folder from one build to the next."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._maker = version("vl-convert-python").encode() + Path(chart_svg.__file__).read_bytes()
        self._known: dict[str, str] = {}

    def remember(self, spec: dict[str, Any], svg: str) -> None:
        """Take over a drawing that is known to be of this specification."""
        self._known.setdefault(self._key(spec), svg)

    def of(self, spec: dict[str, Any]) -> str:
        """The drawing of a specification. Raises CannotBeDrawn."""
        key = self._key(spec)
        if key not in self._known:
            kept = self._folder / f"{key}.svg"
            if kept.is_file():
                self._known[key] = kept.read_text(encoding="utf-8")
            else:
                self._known[key] = chart_svg.drawing(spec)
                write(kept, self._known[key])
        return self._known[key]

    def keep_only(self, specs: Iterable[dict[str, Any]]) -> None:
        """Remove what was stored of specifications that are no more."""
        wanted = {self._key(spec) for spec in specs}
        for path in self._folder.glob("*.svg"):
            if path.stem not in wanted:
                path.unlink()

    def _key(self, spec: dict[str, Any]) -> str:
        told = json.dumps(spec, sort_keys=True).encode()
        return hashlib.sha256(self._maker + told).hexdigest()[:32]
