"""Files of pictures: those that are none are refused, and two of one name told apart.

Sphinx copies whatever has a picture's name, also what Git LFS or a broken copy leaves in its place;
readers see the sign of a broken picture. And it numbers pictures of one name as it meets them, so
that their names would depend on what was built before.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tallybook.site.build_state import BUILDS

_OF_GIT_LFS = b"version https://git-lfs"
_BEGINNINGS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_BY_BEGINNING = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
_READ = 100_000  # bytes, in which an SVG has begun


def connect(app: Sphinx) -> None:
    """Connect to the events of a Sphinx application."""
    app.connect("env-updated", _refuse)
    app.connect("env-updated", _name)


def fault(name: str, content: bytes) -> str:
    """What is wrong with a file of a picture, by its name and how it begins; "" if nothing is.

    >>> fault("kettle.png", b"")
    'it is empty'
    >>> fault("kettle.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    ''
    """
    if not content:
        return "it is empty"
    if content.startswith(_OF_GIT_LFS):
        return "it is a pointer of Git LFS; fetch the picture with git lfs pull"
    suffix = Path(name).suffix.lower()
    if suffix in _BY_BEGINNING and not content.startswith(_BEGINNINGS):
        return "no program shows it; save it anew"
    # In UTF-16 each letter takes two bytes.
    if suffix == ".svg" and b"<svg" not in content.replace(b"\0", b"") and b":svg" not in content:
        return "no program shows it; save it anew"
    return ""


def _refuse(app: Sphinx, env: BuildEnvironment) -> None:
    for name, (pages, _) in sorted(env.images.items()):
        path = Path(app.srcdir, name)
        if not path.is_file():  # of which Sphinx warns
            continue
        with path.open("rb") as file:
            found = fault(name, file.read(_READ))
        if found:
            page = Path(env.doc2path(min(pages))).relative_to(app.srcdir)
            BUILDS[app].problems.append(f"{page}: {name} is no picture: {found}")


def _name(__: Sphinx, env: BuildEnvironment) -> None:
    """Number pictures of one name in the order of their paths."""
    taken: set[str] = set()
    for path, (pages, _) in sorted(env.images.items()):
        own = Path(path)
        names = (f"{own.stem}{number or ''}{own.suffix}" for number in count())
        name = next(each for each in names if each not in taken)
        taken.add(name)
        env.images[path] = pages, name
    env.images._existing = taken
