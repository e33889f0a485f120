"""The code of a notebook on its page: folded, and at the page's end, out of a reader's way.

What MyST-NB folds where it stands would have a line above each table and chart. It is moved to one
fold at the end, each part below the heading that it stood under. Code whose author names its fold
(`code_prompt_show`) stays at its place, and so do outputs that are folded.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from tallybook.site.figure_pages import LedgerText

NAME = "The code of this page"
_FOLDED = {"cell_code_source": "code", "cell_code_output": "output"}
# What MyST-NB calls each fold where its author calls it nothing.
_MYST_NB_NAMES = {"prompt_show": "Show code cell ", "prompt_hide": "Hide code cell "}


def connect(app: Sphinx) -> None:
    """Have folded code moved to the end of its page, and folds written with their names."""
    app.add_node(HideCodeCellNode, override=True, html=(_open_fold, _close_fold))
    app.add_post_transform(CodeAtTheEnd)


class CodeAtTheEnd(SphinxPostTransform):
    """Moves the folded code of a page into one fold at its end."""

    default_priority = 200  # after MyST-NB has folded it
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Go through the folds of a page."""
        prompts = dict.fromkeys(_MYST_NB_NAMES, NAME)
        collected = HideCodeCellNode("", **prompts, classes=["tb-code-of-page"])
        under = None
        for fold in [*self.document.findall(HideCodeCellNode)]:
            if not _is_code_without_a_name(fold):
                continue
            if (section := _section_of(fold)) is not under:
                collected += _heading(section)
                under = section
            cell = fold.parent
            cell.remove(fold)
            if not cell.children:
                cell.parent.remove(cell)
            collected += fold.children
        if collected.children:
            self.document += collected


def _is_code_without_a_name(fold: HideCodeCellNode) -> bool:
    is_code = [part.get("nb_element") for part in fold.children] == ["cell_code_source"]
    return is_code and all(fold[n].startswith(name) for n, name in _MYST_NB_NAMES.items())


def _section_of(node: nodes.Node) -> nodes.section | None:
    while node is not None and not isinstance(node, nodes.section):
        node = node.parent
    return node


def _heading(section: nodes.section | None) -> list[nodes.Node]:
    """The words of a section's title, as a link to it."""
    title = section.next_node(nodes.title) if section else None
    if not section or not title:
        return []
    link = nodes.reference("", "", *_words(title), refid=section["ids"][0], internal=True)
    return [nodes.paragraph("", "", link)]


def _words(node: nodes.Node) -> Iterator[nodes.Node]:
    """The words of a title, those of the ledger marked as such, without links and notes."""
    for child in node.children:
        if isinstance(child, nodes.Text | LedgerText):
            yield child.deepcopy()
        elif not isinstance(child, nodes.math | nodes.footnote_reference):
            yield from _words(child)


def _open_fold(translator: Any, fold: HideCodeCellNode) -> None:
    """Write a fold, with the names that its cell gives it, or else the name of what it hides."""
    parts = [_FOLDED.get(part.get("nb_element")) for part in fold.children]
    name = " and ".join(part for part in parts if part).capitalize()
    shut, opened = (
        name if fold[prompt].startswith(start) else fold[prompt]
        for prompt, start in _MYST_NB_NAMES.items()
    )
    shown = escape(shut, quote=False)
    if opened != shut:
        shown = (
            f'<span class="tb-when-shut">{shown}</span>'
            f'<span class="tb-when-open">{escape(opened, quote=False)}</span>'
        )
    classes = " ".join(["tb-code", *(c for c in fold["classes"] if c.startswith("tb-"))])
    translator.body.append(f'<details class="{classes}"><summary>{shown}</summary>\n')


def _close_fold(translator: Any, _: HideCodeCellNode) -> None:
    translator.body.append("</details>\n")
