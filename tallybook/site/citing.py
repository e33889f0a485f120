"""How to cite one figure of a book: as a line of text, and as BibTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tallybook.ledger.figures import Figure

_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SPECIAL |= {sign: f"\\{sign}" for sign in "&%$#_{}"}


@dataclass(frozen=True)
class Edition:
    """What a citation says of the book; no year where its settings name none."""

    title: str
    author: str
    year: str
    base: str

    @classmethod
    def of(cls, *, title: str, author: str, copyright_line: str, base: str) -> Edition:
        """The edition that a book's settings tell of."""
        years = re.findall(r"\b\d{4}\b", copyright_line)
        return cls(title, author, years[-1] if years else "", base)

    def address(self, figure: Figure) -> str:
        """The permanent address of a figure's page: whole if the book's settings give its base."""
        path = f"stat/{figure.id}.html"
        return f"{self.base.rstrip('/')}/{path}" if self.base else path

    def of_book(self, year: str) -> str:
        """How to cite the book itself."""
        return f"{self.author}, {self.title}, {year}.{f' {self.base}' if self.base else ''}"

    def bibtex_of_book(self, year: str) -> str:
        """The same as an entry of BibTeX."""
        url = f",\n  url = {{{self.base}}}" if self.base else ""
        return (
            f"@book{{tallybook,\n  author = {{{self.author}}},\n  title = {{{self.title}}},\n"
            f"  year = {{{year}}}{url}\n}}"
        )

    def in_text(self, figure: Figure) -> str:
        """The citation as a line of text."""
        when = f" ({self.year})" if self.year else ""
        said = "computed there" if figure.is_derived else f"as stated by {figure.party}"
        return (
            f"{self.author}{when}: “{_named(figure)}”, {said}, figure {figure.id}. "
            f"In: {self.title}. {self.address(figure)}"
        )

    def in_bibtex(self, figure: Figure) -> str:
        """The citation as an entry of BibTeX, with what is special to TeX escaped."""
        said = "computed there" if figure.is_derived else f"as stated by {figure.party}"
        fields = {
            "author": f"{{{_escaped(self.author)}}}",
            "title": f"{{{_escaped(_named(figure))}}}",
            "howpublished": _escaped(f"In: {self.title}"),
            "year": self.year,
            "note": _escaped(f"Figure {figure.id}, {said}"),
            "url": self.address(figure),
        }
        lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
        return "\n".join([f"@misc{{{figure.id},", *lines, "}"])


def _named(figure: Figure) -> str:
    return f"{figure.words} {figure.label}"


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in text)
