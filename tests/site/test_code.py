"""The code of a notebook: at the end of its page, folded, and out of a reader's way."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

from tallybook.site import code
from tests.helpers import extra_pages
from tests.helpers.extra_pages import add, words
from tests.helpers.small_site import build, page


def hidden(source, **mystnb):
    """A cell whose code is folded."""
    cell = extra_pages.code(source, "hide-input")
    cell["metadata"]["mystnb"] = mystnb
    return cell


def test_folded_code_stands_at_the_end_below_the_heading_that_it_stood_under(built_book):
    add(
        built_book,
        hidden("import tallybook\nledger = tallybook.load()"),
        words("## The *stores*"),
        hidden("kept = 1"),
        hidden("print('shown')"),
        words("## Another"),
        hidden("named = 1", code_prompt_show="How", code_prompt_hide="How"),
        words("The last words."),
    )
    result = build(built_book)
    assert result.returncode == 0, result.stdout + result.stderr
    article = page(built_book, "notebooks/extra.html").article
    named, collected = article("details", class_="tb-code")
    assert named.summary.text == "How"
    assert "named = 1" in named.find_parent("section", id="another").text
    assert collected.summary.text == code.NAME
    assert "The last words." in collected.find_previous("p").text
    assert [link["href"] for link in collected.select("p > a")] == [
        "#extra",
        "#the-stores",
    ]
    shown = [each.text.strip() for each in collected("pre")]
    assert shown == ["import tallybook\nledger = tallybook.load()", "kept = 1", "print('shown')"]
    assert [each.text.strip() for each in article.select(".stream pre")] == ["shown"]
    assert not [cell for cell in article("div", class_="cell") if not cell.find(True)]


@pytest.mark.parametrize(
    ("parts", "prompts", "summary"),
    [
        (["source"], ("Show code cell source", "Hide code cell source"), "Code"),
        (["output"], ("Show code cell outputs", "Hide code cell outputs"), "Output"),
        (["source", "output"], ("Show code cell content", "Hide code cell x"), "Code and output"),
        (["source"], ("How & why", "How & why"), "How &amp; why"),
    ],
)
def test_a_fold_is_named_for_what_it_hides_or_as_its_author_names_it(parts, prompts, summary):
    inner = [nodes.container(nb_element=f"cell_code_{part}") for part in parts]
    fold = HideCodeCellNode("", *inner, prompt_show=prompts[0], prompt_hide=prompts[1])
    translator = SimpleNamespace(body=[])
    code._open_fold(translator, fold)
    assert f"<summary>{summary}</summary>" in translator.body[0]


def test_a_fold_may_have_one_name_when_it_is_shut_and_another_when_it_is_open():
    fold = HideCodeCellNode(prompt_show="See how", prompt_hide="Enough")
    translator = SimpleNamespace(body=[])
    code._open_fold(translator, fold)
    assert '"tb-when-shut">See how</span><span class="tb-when-open">Enough<' in translator.body[0]
