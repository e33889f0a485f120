"""How the book, a page and a figure are cited: as text, and as files of BibTeX, RIS and CSL-JSON.

A citation says what the settings say: title, author, year, version and address. What they leave out
it leaves out. The book has a CITATION.cff besides, which hosts of repositories read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tallybook.ledger.figures import Figure

FOLDER = "cite"  # of the files of pages
BOOK = "citation"  # the name of the book's own
CFF = "CITATION.cff"
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL |= {sign: f"\\{sign}" for sign in "&%$#_{}"}
_NO_ADDRESS = "The site has no address yet, so that its citations name none."
_LONGEST_KEY = 40
# What each sort of work is called in BibTeX, RIS and CSL.
_KINDS = {"book": ("book", "BOOK", "book"), "page": ("misc", "ELEC", "webpage")}
_KINDS["figure"] = ("misc", "ELEC", "entry")


@dataclass(frozen=True)
class Edition:
    """What a citation says of the book, as its settings have it, without what they leave out."""

    title: str
    author: str
    copyright: str
    base: str
    version: str = ""
    licence: str = ""

    @property
    def licence_address(self) -> str:
        """Where the licence can be read, which the settings name by an address or an SPDX id.

        >>> Edition("Kettles", "", "", "", licence="CC-BY-4.0").licence_address
        'https://spdx.org/licenses/CC-BY-4.0.html'
        """
        is_address = not self.licence or "://" in self.licence
        return self.licence if is_address else f"https://spdx.org/licenses/{self.licence}.html"

    @property
    def year(self) -> str:
        """The last year of the copyright; none where the settings name none.

        >>> Edition(title="Kettles", author="A. B.", copyright="2021, 2023", base="").year
        '2023'
        """
        years = re.findall(r"\b\d{4}\b", self.copyright)
        return years[-1] if years else ""

    def at(self, name: str) -> str:
        """The whole address of a page or file of the site; "" where the settings name none.

        >>> Edition("Kettles", "", "", "https://example.org/kettles/").at("stat/index.html")
        'https://example.org/kettles/stat/index.html'
        """
        return f"{self.base.rstrip('/')}/{name}" if self.base else ""

    def address(self, figure: Figure) -> str:
        """The permanent address of a figure's page; "" where the settings name no address."""
        return self.at(f"stat/{figure.id}.html")

    @property
    def without_address(self) -> str:
        """What is said where an address would stand; "" where the settings name one."""
        return "" if self.base else _NO_ADDRESS

    @property
    def key(self) -> str:
        """A short name of the book for keys of BibTeX: its title up to a colon.

        >>> Edition(title="Kettles, Lids: A History", author="", copyright="", base="").key
        'kettles-lids'
        """
        start = unicodedata.normalize("NFKD", self.title.partition(":")[0].lower())
        words = re.findall(r"[a-z0-9]+", re.sub(r"[\u0300-\u036f]", "", start))  # é is an e
        key = "-".join(words) or "book"
        if len(key) > _LONGEST_KEY:  # at the end of a word, if there is one
            key = key[: _LONGEST_KEY + 1].rpartition("-")[0] or key[:_LONGEST_KEY]
        return key

    def colophon(self) -> str:
        """What stands at the end of each page.

        >>> Edition(title="Kettles", author="", copyright="2024", base="").colophon()
        'Kettles. 2024.'
        """
        return " ".join(f"{each}." for each in (self.title, self._whose()) if each)

    def _whose(self) -> str:
        return ", ".join(filter(None, [self.author, self.copyright]))

    @property
    def versioned(self) -> str:
        """The title with the version, where the settings name one."""
        return f"{self.title}, version {self.version}" if self.version else self.title

    def of_book(self) -> str:
        """How to cite the book itself."""
        named = ", ".join(filter(None, [self.author, self.versioned, self.copyright]))
        return f"{named}. {self.base}".rstrip()

    def in_text(self, figure: Figure) -> str:
        """The citation of a figure as a line of text."""
        when = f" ({self.year})" if self.year else ""
        whose = f"{self.author}{when}: " if self.author else ""
        title = self.versioned if self.author else f"{self.versioned}{when}"
        return (
            f"{whose}“{figure.named}”, {_by_whom(figure)}, figure {figure.id}. "
            f"In: {title}. {self.address(figure)}"
        ).rstrip()


@dataclass(frozen=True)
class Work:
    """What is cited: the book, a page or a figure of it, with its address and a note on it."""

    kind: str
    edition: Edition
    key: str
    title: str
    address: str
    note: str = ""


def of_book(edition: Edition) -> Work:
    """The book as a work."""
    return Work("book", edition, edition.key, edition.title, edition.base)


def of_page(edition: Edition, name: str, title: str) -> Work:
    """A page, by its name on the site."""
    key = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "page"
    return Work("page", edition, f"{edition.key}:{key}", title, edition.at(f"{quote(name)}.html"))


def of_figure(edition: Edition, figure: Figure) -> Work:
    """A figure, with who states it."""
    note = f"Figure {figure.id}, {_by_whom(figure)}"
    key = f"{edition.key}:{figure.id}"
    return Work("figure", edition, key, figure.named, edition.address(figure), note)


def bibtex(work: Work) -> str:
    """A work as an entry of BibTeX, with what is special to TeX escaped.

    >>> print(bibtex(of_book(Edition("Kettles, Lids", "A. B.", "2024", "", "2"))))
    @book{kettles-lids,
      author = {{A. B.}},
      title = {Kettles, Lids},
      year = {2024},
      note = {Version 2},
    }
    """
    edition, is_part = work.edition, work.kind != "book"
    version = f"{'version' if work.note else 'Version'} {edition.version}"
    note = ", ".join(filter(None, [work.note, version if edition.version else ""]))
    title = _escaped(work.title)
    fields = {
        "author": f"{{{_escaped(edition.author)}}}" if edition.author else "",
        "title": f"{{{title}}}" if is_part else title,
        "howpublished": _escaped(f"In: {edition.title}") if is_part else "",
        "year": edition.year,
        "note": _escaped(note),
        "url": work.address,
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@{_KINDS[work.kind][0]}{{{work.key},", *lines, "}"])


def ris(work: Work) -> str:
    """A work as a record of RIS.

    >>> ris(of_book(Edition("Kettles", "A. B.", "2024", ""))).splitlines()
    ['TY  - BOOK', 'ID  - kettles', 'AU  - A. B.', 'TI  - Kettles', 'PY  - 2024', 'ER  - ']
    """
    edition = work.edition
    fields = {
        "TY": _KINDS[work.kind][1],
        "ID": work.key,
        # A comma would part a family name from a given one.
        "AU": edition.author.replace(",", " and") if edition.author else "",
        "TI": work.title,
        "T2": edition.title if work.kind != "book" else "",
        "PY": edition.year,
        "ET": edition.version,
        "N1": work.note,
        "UR": work.address,
    }
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields.items() if text]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl(work: Work) -> str:
    """A work as CSL-JSON, in a list of its own.

    >>> json.loads(csl(of_book(Edition("Kettles", "A. B.", "2024", ""))))[0]["issued"]
    {'date-parts': [[2024]]}
    """
    edition = work.edition
    found: dict[str, Any] = {
        "id": work.key,
        "type": _KINDS[work.kind][2],
        "author": [{"literal": edition.author}] if edition.author else None,
        "title": work.title,
        "container-title": edition.title if work.kind != "book" else None,
        "issued": {"date-parts": [[int(edition.year)]]} if edition.year else None,
        "version": edition.version,
        "note": work.note,
        "URL": work.address,
    }
    given = {name: value for name, value in found.items() if value}
    return json.dumps([given], ensure_ascii=False, indent=1) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Work], str]]] = {
    "bib": ("BibTeX", lambda work: f"{bibtex(work)}\n"),
    "ris": ("RIS", ris),
    "csl.json": ("CSL-JSON", csl),
}


def files_of(name: str, work: Work) -> Iterator[tuple[str, str]]:
    """The files of a work, by their paths on the site, which begin with `name`."""
    for ending, (_, make) in FORMATS.items():
        yield f"{name}.{ending}", make(work)


def links(name: str) -> list[tuple[str, str]]:
    """The name of each format, and the path on the site of a work's file in it.

    >>> links("citation")[0]
    ('BibTeX', 'citation.bib')
    """
    return [(called, f"{name}.{ending}") for ending, (called, _) in FORMATS.items()]


def name_of_page(page: str, first: str) -> str:
    """The path of a page's files without their endings; the first page's are the book's.

    >>> name_of_page("book/method", "index"), name_of_page("index", "index")
    ('cite/book/method', 'citation')
    """
    return BOOK if page == first else f"{FOLDER}/{page}"


def cff(edition: Edition) -> str:
    """The book as a CITATION.cff; "" where the settings lack author or title: its rules want both.

    >>> cff(Edition("Kettles", "", "", ""))
    ''
    """
    if not (edition.author and edition.title):
        return ""
    fields = {
        "cff-version": "1.2.0",
        "message": "If you use this book or its data, please cite it as below.",
        "type": "dataset",
        "title": edition.title,
        "version": edition.version,
        "license" if edition.licence != edition.licence_address else "license-url": edition.licence,
        "url": edition.base,
    }
    lines = [f"{name}: {_quoted(text)}" for name, text in fields.items() if text]
    return "\n".join([*lines, f"authors:\n  - name: {_quoted(edition.author)}", ""])


def _quoted(text: str) -> str:
    # Text of JSON is text of YAML in double quotes, but for some signs that nobody sees.
    said = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\ufeff]", lambda sign: f"\\u{ord(sign[0]):04x}", said)


def _by_whom(figure: Figure) -> str:
    return "computed in this book" if figure.is_derived else f"as stated by {figure.party}"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
