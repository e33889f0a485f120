"""What must hold of the built files, whatever a browser makes of them."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.browser.checks import NODE_MODULES
from tests.browser.problem import Problem

VNU = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
_ADDRESSES = ("href", "src", "xlink:href", "poster", "data", "action", "formaction")
_LOADED = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "iframe": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "audio": ("src",),
    "video": ("src", "poster"),
    "track": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
_NOT_LOADED = {"canonical", "next", "prev", "author", "license", "help", "search", "index"}
_DATA = re.compile(r"(?:application|text)/(?:[\w.+-]*\+)?(?:json|plain|yaml)")
_IN_CSS = re.compile(r"""url\(\s*(["']?)(.*?)\1\s*\)|@import\s+(["'])(.*?)\3""")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NO_FILE = ("mailto:", "tel:", "data:", "http:", "https:")


@dataclass
class Read:
    """What a file of HTML has in it: its ids, its links with their lines, and what is forbidden."""

    path: Path
    ids: list[str] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.read = Read(path)
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._take(tag, given)
        self._forbid(tag, given)
        self._load(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        line = self.getpos()[0]
        self.read.ids += [given["id"]] if "id" in given else []
        self.read.links += [(line, given[name]) for name in _ADDRESSES if name in given]
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.read.links.append((line, given["content"].partition("url=")[2]))

    def _forbid(self, tag: str, given: dict[str, str]) -> None:
        if tag == "style":
            self._add(tag, "a style element", "a rule in a stylesheet")
        if tag == "script" and "src" not in given and not _DATA.fullmatch(given.get("type", "")):
            self._add(tag, "an inline script", "a script of its own file")
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self._add(tag, f"{name}={value!r}", "no such attribute")
            if value.strip().lower().startswith("javascript:"):
                self._add(tag, f"{name}={value!r}", "an address")

    def _load(self, tag: str, given: dict[str, str]) -> None:
        if tag == "link" and set(given.get("rel", "").split()) <= _NOT_LOADED:
            return
        for name in _LOADED.get(tag, ()):
            if urlsplit(given.get(name, "").strip()).netloc or "://" in given.get(name, "")[:9]:
                self._add(tag, f"{name}={given[name]!r}", "a file of this site")

    def _add(self, tag: str, found: str, expected: str) -> None:
        self.read.problems.append(Problem(f"line {self.getpos()[0]}, {tag}", found, expected))


def read(path: Path) -> Read:
    """Read a file of HTML; SVG in it included."""
    return _Reader(path).read


def forbidden(path: Path) -> list[Problem]:
    """Inline scripts, styles and event handlers, and what would be loaded from another host."""
    return read(path).problems


def duplicate_ids(path: Path) -> list[Problem]:
    """Ids that stand twice in a file of HTML."""
    ids = read(path).ids
    twice = dict.fromkeys(one for one in ids if ids.count(one) > 1)
    return [Problem(f"#{one}", f"{ids.count(one)} elements with this id", "one") for one in twice]


def broken_links(site: Path) -> dict[str, list[Problem]]:
    """For each file of HTML below a folder: links to files or anchors that are not there."""
    pages = {path: read(path) for path in sorted(site.rglob("*.html"))}
    ids = {path: {*page.ids, "", "top"} for path, page in pages.items()}
    return {
        path.relative_to(site).as_posix(): [
            problem for line, link in page.links for problem in _broken(site, path, line, link, ids)
        ]
        for path, page in pages.items()
    }


def _broken(
    site: Path, path: Path, line: int, link: str, ids: dict[Path, set[str]]
) -> list[Problem]:
    address = urlsplit(link)
    if link.startswith(_NO_FILE) or address.netloc:
        return []
    start = site if address.path.startswith("/") else path.parent
    target = (start / unquote(address.path).lstrip("/")).resolve() if address.path else path
    target = target / "index.html" if target.is_dir() else target
    anchor = unquote(address.fragment)
    if not target.is_file():
        return [Problem(f"line {line}", f"link {link!r}", "a file that is there")]
    if target in ids and anchor not in ids[target]:
        return [Problem(f"line {line}", f"link {link!r}", f"an id in {target.name}")]
    return []


def stylesheet(path: Path) -> list[Problem]:
    """What a stylesheet loads from another host, or from a file that is not there."""
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    problems = []
    for found in _IN_CSS.finditer(text):
        link = found[2] or found[4] or ""
        address = urlsplit(link)
        if address.scheme == "data" or link.startswith("#"):
            continue
        if address.netloc:
            problems.append(Problem(found[0], "another host", "a file of this site"))
        elif not (path.parent / unquote(address.path)).is_file():
            problems.append(Problem(found[0], "no such file", "a file that is there"))
    return problems


def nu(folder: Path) -> dict[str, list[Problem]]:
    """For each file of HTML below a folder: the errors of the Nu HTML checker."""
    command = ["java", "-Xss4m", "-jar", str(VNU), "--errors-only", "--format", "json"]
    command += ["--exit-zero-always", "--skip-non-html", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, list[Problem]] = {}
    for message in json.loads(result.stderr)["messages"]:
        name = Path(urlsplit(unquote(message["url"])).path).relative_to(folder).as_posix()
        where = f"line {message.get('lastLine')}:{message.get('firstColumn', 1)}"
        extract = " ".join(message.get("extract", "").split())
        problem = Problem(where, f"{message['message']} {extract!r}", "valid HTML")
        found.setdefault(name, []).append(problem)
    return found
