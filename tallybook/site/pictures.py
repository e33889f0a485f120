"""Pictures on pages: each has words for those who do not see it, and none can run anything.

Where nothing is said of a picture, Sphinx would say its path. A picture that was pasted into a cell
of a notebook is written to a file, as MyST-NB does with outputs. An SVG is shown as a picture, and
the audit reads its text. Sizes stand in attributes, for the policy allows no styles within a page.

Sphinx copies whatever has a picture's name, also what Git LFS or a broken copy leaves in its place:
such files are refused. And it numbers pictures of one name as it meets them, so that their names
would depend on what was built before: here they are numbered in the order of their paths.
"""

from __future__ import annotations

import hashlib
import os
import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any

import lxml.etree
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from tallybook.charts.pictures import KINDS, SVG
from tallybook.errors import NotebookFailed
from tallybook.files import write
from tallybook.notebooks import stored
from tallybook.site import messages
from tallybook.site.build_state import BUILDS, place_of

_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpeg", "image/gif": ".gif", SVG: ".svg"}
_SPACE = "{http://www.w3.org/2000/svg}"
_WITHIN = re.compile(r"#|data:image/(?:png|jpeg|gif);base64,")
_LEADS_AWAY = re.compile(r"@import|url\(\s*[\"']?(?!#)", re.IGNORECASE)
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp)", re.IGNORECASE)
_OF_GIT_LFS = b"version https://git-lfs"
_BEGINNINGS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_BY_BEGINNING = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
_READ = 100_000  # bytes, in which an SVG has begun
_PASTED = "attachment:"
GIVEN = "tallybook-given"  # the attribute of a picture whose words its cell or output gives
_PIXELS = {"": 1, "px": 1, "em": 16, "rem": 16, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54,
           "mm": 96 / 25.4}  # fmt: skip
_SIZE = re.compile(r"\b(width|height): ?([\d.]+)([a-z]+|%|);?")
_SAY = (
    "say what it shows: ![what it shows]({0}), or the option :alt: of {{image}} and {{figure}}, "
    "which stays empty where a picture shows nothing"
)


def connect(app: Sphinx) -> None:
    """Look at the pictures of each page."""
    app.add_transform(Pictures)
    app.add_node(nodes.image, override=True, html=(_open_picture, _close_picture))
    app.connect("env-updated", _refuse)
    app.connect("env-updated", _name)


def is_of_kind(content: Any, kind: str) -> bool:
    """Whether what a notebook stores is a picture of the kind that it is stored as."""
    try:
        return b64decode("".join(content.split()), validate=True).startswith(KINDS[kind])
    except (AttributeError, NoBase64, ValueError):
        return False


def svg_mistake(svg: Any) -> str:
    """Why an SVG is no picture that pages show; "" where it is one.

    >>> svg_mistake('<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>')
    ''
    >>> svg_mistake('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>')
    'has <script>: a picture has shapes and text only'
    """
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        content = svg.encode() if isinstance(svg, str) else bytes(svg)
        content.decode("utf-8")  # as the audit reads it
        root = lxml.etree.fromstring(content, parser)
    except (lxml.etree.XMLSyntaxError, TypeError, ValueError) as error:
        return f"cannot be read: {str(error)[:100]}"
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(declared.iterentities(), None) is not None:
        return "declares entities: write their text where it belongs"
    if root.tag != f"{_SPACE}svg":
        return 'is no SVG: its first element is to be <svg xmlns="http://www.w3.org/2000/svg">'
    return next(_active(root), "")


def _active(root: Any) -> Iterator[str]:
    """What of an SVG could run, lead away, or escape the audit."""
    for element in root.iter(lxml.etree.Element):
        name = lxml.etree.QName(element).localname
        if element.tag.startswith(_SPACE) and element.prefix:
            yield f"has <{element.prefix}:{name}>: write its elements without a prefix"
        if name in ("script", "foreignObject", "handler", "iframe", "object", "embed"):
            yield f"has <{name}>: a picture has shapes and text only"
        if name == "style" and _LEADS_AWAY.search("".join(element.itertext())):
            yield "has a style that loads another file: a picture is one file"
        for attribute, value in element.attrib.items():
            short = lxml.etree.QName(attribute).localname
            if short.lower().startswith("on"):
                yield f"has {short}=: a picture runs nothing"
            leads_away = short in ("href", "src") and not _WITHIN.match(value)
            if leads_away or _LEADS_AWAY.search(value):
                yield f"has {short}={value[:40]!r}: a picture is one file, and leads nowhere"
    for order in root.xpath("preceding-sibling::processing-instruction()"):
        yield f"has <?{order.target}>: a picture is one file"


def words_for(cell: dict[str, Any], output: dict[str, Any], kind: str) -> Any:
    """The words for a picture that is an output of a cell; None where nothing is given."""
    own = _within(cell, "metadata", "mystnb", "image", "alt")
    return _within(output, "metadata", kind, "alt") if own is None else own


def _within(found: Any, *names: str) -> Any:
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


class Pictures(SphinxTransform):
    """Note the pictures of a page that nothing is said of, and write those that were pasted."""

    default_priority = 850  # before addresses are looked at

    def apply(self, **_: Any) -> None:
        """Look at each picture."""
        for picture in [*self.document.findall(nodes.image)]:
            for mistake in [*self._mistakes(picture)]:
                place = place_of(self.env, picture.source, picture.line)
                BUILDS[self.app].problems.append(f"{place}: {mistake}")

    def _mistakes(self, picture: nodes.image) -> Iterator[str]:
        uri = picture["uri"]
        if uri.startswith(_PASTED):
            yield from self._write_pasted(picture, uri.removeprefix(_PASTED))
        elif PurePosixPath(uri).suffix.lower() == ".svg":
            path = Path(self.env.relfn2path(uri, self.env.docname)[1])
            if path.is_file() and (mistake := svg_mistake(path.read_bytes())):
                yield f"the picture {uri!r} {mistake}"
        alt = picture.get("alt")
        # Markdown gives an empty text where there is none; a directive or a cell says so itself.
        may_be_empty = GIVEN in picture or not _is_among_words(picture)
        if alt is None or (not alt.strip() and not may_be_empty):
            yield f"nothing is said of the picture {uri[:60]!r}; {_SAY.format(uri[:60])}"
        elif _FILE_NAME.fullmatch(alt.strip()):
            yield f"of the picture only the name {alt.strip()!r} is said; {_SAY.format(uri[:60])}"

    def _write_pasted(self, picture: nodes.image, name: str) -> Iterator[str]:
        """Write a picture of a Markdown cell to a file, and show that."""
        kind, content = self._pasted(picture, name)
        if not kind:
            yield (
                f"its cell has no picture {name!r} attached: paste it anew, or save it in the "
                "book and name it by its path"
            )
            picture.parent.remove(picture)
            return
        if kind == SVG:
            mistake = svg_mistake(content)
            data = str(content).encode()
        else:
            mistake = "" if is_of_kind(content, kind) else f"is no {kind}: paste it anew"
            data = b64decode(content) if not mistake else b""
        if mistake:
            yield f"the picture {name!r} that is attached to its cell {mistake}"
            picture.parent.remove(picture)
            return
        file = Path(self.app.outdir).parent / "jupyter_execute" / _file_name(data, kind)
        write(file, data)
        picture["uri"] = f"/{Path(os.path.relpath(file, self.app.srcdir)).as_posix()}"

    def _pasted(self, picture: nodes.image, name: str) -> tuple[str, Any]:
        """The kind and content of a picture that is attached to the cell it is shown in."""
        try:
            cells = stored.load(Path(self.env.doc2path(self.env.docname)))["cells"]
            attached = cells[messages.cell_of(picture.line or 0) - 1]["attachments"][name]
            kinds = [each for each in _ENDINGS if each in attached]
            return (kinds[0], "".join(attached[kinds[0]])) if kinds else ("", None)
        except (AttributeError, KeyError, IndexError, NotebookFailed, TypeError):
            return "", None


def _is_among_words(picture: nodes.image) -> bool:
    """Whether it is a picture of Markdown's, `![words](path)`, and not a block of its own."""
    above = picture.parent.parent if isinstance(picture.parent, nodes.reference) else picture.parent
    return isinstance(above, nodes.TextElement)


def _file_name(data: bytes, kind: str) -> str:
    return hashlib.sha256(data).hexdigest() + _ENDINGS[kind]


def _open_picture(translator: Any, picture: nodes.image) -> None:
    """Write a picture as Sphinx does, with its size in attributes."""
    type(translator).visit_image(translator, picture)
    translator.body[-1] = re.sub(
        r' style="([^"]*)"', lambda found: _sizes(found[1]), translator.body[-1]
    )


def _close_picture(translator: Any, picture: nodes.image) -> None:
    """Write its end."""
    type(translator).depart_image(translator, picture)


def _sizes(style: str) -> str:
    found = [
        (name, f"{number}%" if unit == "%" else str(round(float(number) * _PIXELS[unit])))
        for name, number, unit in _SIZE.findall(style)
        if unit in ("%", *_PIXELS)
    ]
    return "".join(f' {name}="{value}"' for name, value in found)


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
