"""Marks: what Sphinx numbers itself, such as footnotes, headings, figures, equations and citations.

A mark is no numeral of an author's: nobody typed it. So its element says that it is one, and of
which kind; the audit sees whether it is what the order of the site, or the bibliography, makes it.
A footnote has the number of its place on the page, whatever name its author gave it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from tallybook.ledger.references import Reference
from tallybook.reading.numerals import has_numeral
from tallybook.site import bibliography
from tallybook.site.build_state import BUILDS
from tallybook.site.figure_pages import PLAIN
from tallybook.site.html_input import place_of_node

_LINES = re.compile(r'<span class="linenos( special)?">')
_NUMBER_OF_SECTION = re.compile(r'<span class="section-number"[^<>]*>[^<>]*</span>')
# Settings of how marks look.
_LOOK = (
    "numfig", "numfig_format", "numfig_secnum_depth", "math_numfig", "math_eqref_format",
    "bibtex_default_style", "bibtex_reference_style", "html_secnumber_suffix",
)  # fmt: skip
_REFERENCES = ("numref", "eq")


def connect(app: Sphinx) -> None:
    """Add the transforms, and write marks as such."""
    app.add_node(Mark, html=(_open, _close), text=PLAIN, latex=PLAIN)
    app.add_transform(NumberedFootnotes)
    app.add_transform(CheckedMarks)
    app.add_post_transform(MarkedReferences)
    app.add_post_transform(MarkedBibliography)
    app.add_post_transform(MarkedLinks)
    app.set_translator("html", MarkingTranslator)


class Mark(nodes.Inline, nodes.TextElement):
    """A text that Sphinx sets, with the reference `of` that says what it is."""


def _open(translator: Any, node: Mark) -> None:
    translator.body.append(translator.starttag(node, "span", "", **{"data-of": node["of"]}))


def _close(translator: Any, _: Mark) -> None:
    translator.body.append("</span>")


def mark(kind: str) -> str:
    """The reference of a mark: of a "footnote", "section", "caption", "equation", "line" and so on.

    >>> mark("footnote")
    'mark:footnote'
    """
    return str(Reference("mark", field=kind))


def said(node: nodes.Node) -> str:
    """Return the text of a node without marks and HTML: what its author says.

    >>> said(nodes.paragraph("", "As told.", nodes.footnote_reference("", "1")))
    'As told.'
    """
    if isinstance(node, nodes.Text):
        return str(node.astext())
    return "".join(said(each) for each in node.children if not _is_mark(each))


def described(node: nodes.Node) -> str:
    """Return the text of a node of a page that is written, with references, but for footnotes."""
    if isinstance(node, Mark):
        return str(node.astext())
    if isinstance(node, nodes.Text):
        return said(node)
    return "".join(
        described(each) for each in node.children if not _is_mark(each) or isinstance(each, Mark)
    )


def _is_mark(node: nodes.Node) -> bool:
    if isinstance(node, addnodes.pending_xref):
        return node.get("reftype") in _REFERENCES or node.get("refdomain") == "cite"
    return isinstance(node, Mark | nodes.footnote_reference | nodes.label | nodes.raw)


def without_numbers(html: str) -> str:
    """Return a title in HTML without the number of its section.

    >>> without_numbers('<span class="section-number">1. </span>Law')
    'Law'
    """
    return _NUMBER_OF_SECTION.sub("", html)


# Transforms


class NumberedFootnotes(SphinxTransform):
    """Number the footnotes of a page from 1, in their order; `[^97]` too is but a name."""

    default_priority = 625  # when docutils has numbered them

    def apply(self, **_: Any) -> None:
        """Set the numbers, in the footnotes and where they are referred to."""
        numbers: dict[str, str] = {}
        for footnote in self.document.findall(nodes.footnote):
            label = next(footnote.findall(nodes.label), None)
            if label is None or not label.astext().isdigit():  # a sign, such as *
                continue
            number = str(len(set(numbers.values())) + 1)
            numbers.update(dict.fromkeys(footnote["ids"], number))
            _set_text(label, number)
        for reference in self.document.findall(nodes.footnote_reference):
            if its := numbers.get(reference.get("refid", "")):
                # Not as text: titles, labels and the search take that for the author's.
                reference["number"] = its
                reference.clear()


class CheckedMarks(SphinxTransform):
    """Note the numerals that an author types into what is numbered."""

    default_priority = 870  # before the event doctree-read, which is of 880

    def apply(self, **_: Any) -> None:
        """Look at references with a text of their own, and at what is counted from a number."""
        for node in self.document.findall(nodes.Element):
            for mistake in _typed(node):
                place = place_of_node(self.env, self.document, node)
                BUILDS[self.app].problems.append(f"{place}: {mistake}")


def _typed(node: nodes.Element) -> Iterator[str]:
    if isinstance(node, addnodes.pending_xref) and _is_mark(node):
        is_own = node.get("refdomain") == "cite" or node.get("refexplicit")
        # A citation's text holds the keys, and what stands before and behind each in braces.
        parts = re.findall(r"\{([^{}]*)\}", node["reftarget"])
        text = node.astext() if node.get("refdomain") != "cite" else " ".join(parts)
        if is_own and has_numeral(re.sub(r"%s|\{\w+\}", " ", text)):
            yield f"the reference {text!r} types a numeral: leave it out, or say it with {{stat}}"
    if isinstance(node, nodes.footnote_reference) and _is_footcite(node):
        yield "{footcite} is not taken in Markdown: write {cite}, and {bibliography} on the page"
    first = node.get("start", 1) if isinstance(node, nodes.enumerated_list) else 1
    if isinstance(node, nodes.literal_block):
        given: dict[str, Any] = node.get("highlight_args") or {}
        first = given.get("linenostart", 1)
    if first != 1:
        yield f"what is counted from {first} shows a number that is typed: count from 1"


def _is_footcite(node: nodes.Element) -> bool:
    names = (node.get("refname", ""), node.get("refid", ""))
    return any(name.startswith("footcite-") for name in names)


def _set_text(node: nodes.Element, text: str) -> None:
    node.clear()
    node.append(nodes.Text(text))


class MarkedReferences(SphinxPostTransform):
    """Mark references whose text Sphinx sets: to what is numbered, and to the bibliography."""

    default_priority = 7  # before references are resolved, which stand within the mark then

    def run(self, **_: Any) -> None:
        """Put each into a mark."""
        for node in list(self.document.findall(addnodes.pending_xref)):
            kind = ""
            if node.get("refdomain") == "cite":
                kind = "cite"
            elif node.get("reftype") in _REFERENCES:
                kind = "numref"
            if kind:
                _wrap(node, mark(kind))


class MarkedBibliography(SphinxPostTransform):
    """Mark entries of bibliographies, and their keys in code, by their numbers in the files."""

    default_priority = 6  # when entries stand there, before they are referred to

    def run(self, **_: Any) -> None:
        """Mark labels and texts of one page."""
        names = bibliography.numbers(self.env)
        if not names:
            return
        for code in list(self.document.findall(nodes.literal)):
            _mark_keys(code, names)
        domain: Any = self.env.get_domain("cite")
        known = {each.citation_id: each.entry.key for each in domain.citations}
        for node in filter(_may_be_entry, self.document.findall(nodes.Element)):
            keys = [known[each] for each in (*node["ids"], *node["names"]) if each in known]
            if not keys or keys[0] not in names:
                continue
            place = names[keys[0]]
            for child in list(node.children):
                if isinstance(child, nodes.label) and isinstance(node, nodes.citation):
                    child["of"] = str(Reference("cited", place=place))
                elif isinstance(child, nodes.paragraph):
                    entry = Mark("", "", *child.children, of=str(Reference("entry", place=place)))
                    child.clear()
                    child.append(entry)


def _mark_keys(code: nodes.literal, names: dict[str, int]) -> None:
    """Mark the keys in code within a line, which shows how something is cited."""
    any_key = "|".join(re.escape(key) for key in sorted(names, key=len, reverse=True))
    parts = re.split(rf"(?<![\w-])({any_key})(?![\w-])", code.astext())
    if len(parts) > 1:
        code.clear()
        for number, part in enumerate(parts):
            is_key = number % 2 == 1
            of = str(Reference("key", place=names[part])) if is_key else ""
            code.append(Mark("", part, of=of) if is_key else nodes.Text(part))


def _may_be_entry(node: nodes.Node) -> bool:
    return isinstance(node, nodes.citation | nodes.list_item)


class MarkedLinks(SphinxPostTransform):
    """Mark links to equations that have no other text; drop tips that repeat a bibliography."""

    default_priority = 20  # when references are resolved

    def run(self, **_: Any) -> None:
        """Look at the links of one page."""
        for each in self.document.findall(Mark):
            for link in each.findall(nodes.reference) if each["of"] == mark("cite") else ():
                link.attributes.pop("reftitle", None)
        for node in list(self.document.findall(nodes.reference)):
            target = node.get("refid") or node.get("refuri", "").rpartition("#")[2]
            is_number = re.fullmatch(r"\(\d+(?:\.\d+)*\)", node.astext())
            if target.startswith("equation-") and is_number and not _is_within_mark(node):
                _wrap(node, mark("numref"))


def _is_within_mark(node: nodes.Node) -> bool:
    parent: nodes.Node | None = node.parent
    while parent is not None and not isinstance(parent, Mark):
        parent = parent.parent
    return parent is not None


def _wrap(node: nodes.Element, of: str) -> None:
    outside = Mark("", "", of=of)
    # Not by replace_self, which would give it the node's ids as well.
    node.parent.replace(node, outside)
    outside += node


# What is written


class MarkingTranslator(HTML5Translator):
    """Writes what Sphinx numbers with the reference of a mark, and names for who listens."""

    def starttag(
        self, node: Any, tagname: str, suffix: str = "\n", empty: bool = False, **given: Any
    ) -> str:
        """Give a start tag; sizes are attributes, for the pages' policy has no inline styles."""
        style = given.pop("style", None) or ""
        for name, size in re.findall(r"\b(width|height):\s*([\d.]+(?:px|%)?)", style):
            given[name] = size.removesuffix("px")
        given |= _heard(node, tagname)
        return str(super().starttag(node, tagname, suffix, empty, **given))

    def add_permalink_ref(self, node: nodes.Element, title: str) -> None:
        """Write the sign that leads to a heading or caption: for the eye, for it is no word."""
        before = len(self.body)
        super().add_permalink_ref(node, title)
        hidden = 'class="headerlink" aria-hidden="true" tabindex="-1"'
        self.body[before:] = [
            each.replace('class="headerlink"', hidden, 1) for each in self.body[before:]
        ]

    def visit_footnote_reference(self, node: nodes.Element) -> None:
        """Write a footnote's number with its link, which is a mark as a whole."""
        if "number" not in node:  # but a sign, such as *
            super().visit_footnote_reference(node)
            return
        given: Any = {"href": f"#{node['refid']}", "data-of": mark("footnote")}
        start = self.starttag(
            node, "a", "", CLASS="footnote-reference", ROLE="doc-noteref", **given
        )
        self.body.append(f"{start}[{self.encode(node['number'])}]</a>")
        raise nodes.SkipNode

    def visit_label(self, node: nodes.Element) -> None:
        """Write the mark of a footnote or of an entry of a bibliography, with links to the text."""
        text = node.astext()
        # What an author typed as the label of a citation, or set as a sign, is no mark.
        of = node.get("of") or (mark("footnote") if isinstance(node.parent, nodes.footnote) else "")
        claim = f' data-of="{of}"' if of else ""
        self.body.append(f'<span class="label"{claim}>[{self.encode(text)}]</span>\n')
        links = [
            f'<a role="doc-backlink" href="#{each}" aria-label="Back to the text">↑</a>'
            for each in node.parent.get("backrefs", ())
        ]
        self.body.append(f'<span class="backrefs">{" ".join(links)}</span>\n' if links else "")
        raise nodes.SkipNode

    def add_secnumber(self, node: nodes.Element) -> None:
        """Write the number of a heading."""
        if number := self.get_secnumber(node):
            self.body.append(section_number(number, self.secnumber_suffix))

    def visit_reference(self, node: nodes.Element) -> None:
        """Write a link, with the number of the section that it leads to in a list of contents."""
        number = node.attributes.pop("secnumber", None)
        super().visit_reference(node)
        if number:
            self.body.append(section_number(number, self.secnumber_suffix))

    def add_fignumber(self, node: nodes.Element) -> None:
        """Write the number of a figure, a table or code that has a caption."""
        before = len(self.body)
        super().add_fignumber(node)
        if written := "".join(self.body[before:]):
            start = '<span class="caption-number"'
            del self.body[before:]
            self.body.append(written.replace(start, f'{start} data-of="{mark("caption")}"', 1))

    def visit_literal_block(self, node: nodes.Element) -> None:
        """Write code; its lines' numbers are marks."""
        try:
            super().visit_literal_block(node)
        finally:
            # Nothing in code is an element: its own signs < are escaped.
            numbered = rf'<span class="linenos\1" data-of="{mark("line")}">'
            self.body[-1] = _LINES.sub(numbered, self.body[-1])


def _heard(node: nodes.Element, tag: str) -> dict[str, Any]:
    """The attributes by which who listens knows what a heading, a table or a head is of."""
    if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
        return {"ids": [_name_of(node.parent)]}
    if tag == "th" and isinstance(node, nodes.entry):
        return {"scope": "col" if isinstance(node.parent.parent, nodes.thead) else "row"}
    if tag == "table" and not any(isinstance(each, nodes.title) for each in node.children):
        around = node
        while around is not None and not isinstance(around, nodes.section):
            around = around.parent
        return {"aria-labelledby": _name_of(around)} if around is not None else {}
    return {}


def _name_of(section: nodes.section) -> str:
    """The id of a section's heading; no id of docutils has two hyphens."""
    return f"{section['ids'][0]}--name"


def section_number(number: tuple[int, ...] | list[int], suffix: str = ". ") -> str:
    """Return the number of a section in HTML, marked.

    >>> section_number((2, 1))
    '<span class="section-number" data-of="mark:section">2.1. </span>'
    """
    text = ".".join(map(str, number)) + suffix
    return f'<span class="section-number" data-of="{mark("section")}">{text}</span>'


def numbers_of_headings(env: BuildEnvironment, docname: str) -> dict[str, tuple[int, ...]]:
    """Return the numbers of a page's headings by their anchors; of the title's, by ""."""
    found = env.toc_secnumbers.get(docname, {})
    return {anchor: cast("tuple[int, ...]", tuple(each)) for anchor, each in found.items() if each}


def numbering(env: BuildEnvironment) -> str:
    """Return all that marks of one page may take from others: numbers, labels, how these look.

    Sphinx writes a page again where a number of its own is another, but not where one is that it
    refers to.
    """
    math: Any = env.get_domain("math")
    equations = sorted((page, number) for page, number in math.equations.values())
    settings = [getattr(env.config, name, "") for name in _LOOK]
    known: list[Any] = [sorted(env.toc_fignumbers.items()), equations, settings]
    if bibliography.numbers(env):
        cite: Any = env.get_domain("cite")
        known += [(each.key, each.formatted_entry.label) for each in cite.citations]
        names = (Path(env.srcdir, name) for name in env.config.bibtex_bibfiles)
        known += [path.read_bytes() for path in names if path.is_file()]
    return hashlib.sha256(repr(known).encode()).hexdigest()


def paragraphs(doctree: nodes.document) -> Iterator[str]:
    """Return what the paragraphs of a page that is written say, without footnotes."""
    return (" ".join(described(each).split()) for each in doctree.findall(nodes.paragraph))
