"""SVG drawings and PNG pictures of charts, each made once, and kept from one build to the next.

What is missing is made in a process beside the build, from its beginning on, or by the drawing
process that it asks: a JavaScript engine takes a while to start, and as long for a chart as a page
to be read.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

from tallybook.charts import svg, vega
from tallybook.charts.theme import with_fallbacks
from tallybook.files import write

Spec = dict[str, Any]
_TICK = 0.01
_SCALE = 2  # pixels of a picture for one of the drawing
_WHITE = '<rect width="100%" height="100%" fill="#ffffff"/>'
_FEW = 12  # are drawn sooner than another process starts


class Drawings:
    """The drawings and pictures of specifications, kept in a folder by digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._code = Path(svg.__file__).read_bytes() + vega.identity().encode()
        self._stored: dict[str, bytes] = {}
        self._begun: set[str] = set()
        self._beside: subprocess.Popen[str] | None = None

    def begin(self, wanted: Iterable[tuple[Spec, str]]) -> None:
        """Begin to draw, as "svg" or "png", what is not there yet; and the bundle.

        Where a drawing process is running already it is asked for a few when they are needed.
        """
        jobs: dict[str, tuple[Spec, str]] = {}
        for spec, kind in [*wanted, ({}, "js")]:
            name = self._name(spec, kind)
            if not (self._folder / name).is_file():
                jobs[name] = spec, kind
        if jobs and not (vega.has_drawing_process() and len(jobs) <= _FEW):
            folder = str(self._folder.absolute())
            self._beside = subprocess.Popen(  # noqa: S603  # ourselves
                [sys.executable, "-m", "tallybook.charts.drawings", folder],
                stdin=subprocess.PIPE,
                text=True,
            )
            self._begun = set(jobs)
            with self._beside.stdin as asked:  # type: ignore[union-attr]  # it is a pipe
                asked.write(json.dumps(list(jobs.values())))

    def drawing(self, spec: Spec) -> str:
        """The SVG of a specification. Raises CannotBeDrawn."""
        return self.get(spec, "svg").decode()

    def picture(self, spec: Spec) -> bytes:
        """The PNG of a specification, on white. Raises CannotBeDrawn."""
        return self.get(spec, "png")

    def bundle(self) -> str:
        """Vega, Vega-Lite and Vega-Embed as one script that keeps its names to itself."""
        return f"// From {vega.name()}\n(() => {{\n{self.get({}, 'js').decode()}\n}})();\n"

    def get(self, spec: Spec, kind: str) -> bytes:
        """One of them, as it is in a file. Raises CannotBeDrawn."""
        name = self._name(spec, kind)
        if name not in self._stored:
            kept = self._folder / name
            while name in self._begun and not kept.is_file() and self._is_drawing():
                sleep(_TICK)
            if not kept.is_file():
                write(kept, self._made(spec, kind))
            self._stored[name] = kept.read_bytes()
        return self._stored[name]

    def _made(self, spec: Spec, kind: str) -> bytes:
        """A drawing, a picture of it on white, or the bundle of scripts ("js")."""
        if kind == "svg":
            return svg.drawing(spec).encode()
        if kind == "js":
            return str(vega.converter().javascript_bundle()).encode()
        # Where a file goes, no stylesheet follows: a variable of the page is its colour here.
        head, frame, drawn = with_fallbacks(self.drawing(spec)).partition(">")
        return bytes(vega.converter().svg_to_png(f"{head}{frame}{_WHITE}{drawn}", scale=_SCALE))

    def _is_drawing(self) -> bool:
        return self._beside is not None and self._beside.poll() is None

    def close(self, kept: Iterable[Spec]) -> None:
        """End the process beside, and remove what was stored of specifications that are no more."""
        wanted = {self._name(spec, kind) for spec in kept for kind in ("svg", "png")}
        wanted.add(self._name({}, "js"))
        for path in self._folder.glob("*.*"):
            if path.name not in wanted:
                path.unlink()
        self.stop()

    def stop(self) -> None:
        """End the process beside."""
        if self._beside:
            self._beside.kill()
            self._beside.wait()
            self._beside = None

    def _name(self, spec: Spec, kind: str) -> str:
        of = json.dumps([spec, kind], sort_keys=True).encode()
        return f"{hashlib.sha256(self._code + of).hexdigest()[:32]}.{kind}"


def main() -> None:
    """Make what stdin asks for, and put each file into the folder as soon as it is made."""
    drawings = Drawings(Path(sys.argv[1]))
    for spec, kind in json.load(sys.stdin):
        with suppress(svg.CannotBeDrawn, OSError, ValueError):  # who waits finds out, and says it
            drawings.get(spec, kind)


if __name__ == "__main__":
    main()
