"""Formulas are shown, what Sphinx numbers is marked, and what Markdown swallows is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.small_site import BOOKS, build, page

EXTENSIONS = "amsmath, colon_fence, dollarmath, deflist, tasklist, strikethrough"
# A piece of a page, and what is said of it.
REFUSED = {
    "US${stat}`repair-plants` and then US${stat}`repair-plants` more": "swallows '{stat}`'",
    "$$\nx = {stat}`repair-plants`\n$$": "swallows '{stat}`'",
    "```{math}\n\\text{{count}`demands`}\n```": "swallows '{count}`'",
    "| a |\n|---|\n| S${period}`x` or S${period}`x` |": "swallows '{period}`'",
    "A {math}`[x](index.md)`": "swallows '](index.md)'",
    "US$five and then US$six": "is taken for a formula, right behind 'US'",
    "It is $x = 97$": "the formula $x = 97$ states the numeral '97'",
    "It was $97 000$ then": "where a dollar is meant, write \\$",
    "$$\nx = 97\n$$": "states the numeral '97'",
    "\\begin{align}\nx &= 97\n\\end{align}": "states the numeral '97'",
    "It is $\\text{ninety}$": "states the numeral 'ninety'",
    "CO$_2$": "an index stands in a formula with what it is of",
    "It is $\\foo$": 'the formula $\\foo$ cannot be shown: Unknown LaTeX command "\\foo"',
    "It is $\\sqrt$": "cannot be shown",
    "It is $ a $ here": "a formula has no space inside of its dollars",
    "\\begin{proof}x\\end{proof}": "'\\\\begin{proof}' is text",
    "### In $x^2$": "a heading has no numeral",
    "{numref}`97 of %s <one>`": "the reference '97 of %s' types a numeral",
    "{cite:p}`{see}ann_2014{page 97}`": "the reference 'see page 97' types a numeral",
    "3. apples\n4. pears": "what is counted from 3 shows a number that is typed",
    "```{code-block} text\n:lineno-start: 97\na\n```": "what is counted from 97 shows a number",
    "```{figure} x.png\n:figwidth: 50%\n:alt: x\n```": "a figure has no figwidth",
    "```{image} x.png\n:width: 20em\n:alt: x\n```": "the width '20em' is not taken",
}
PAGE = """\
# Page $x$

As told,[^97] the share is $a / b$.[^note] See {numref}`fig`, {numref}`the list, %s <tab>`,
{eq}`eq`,
[](#eq), {numref}`part` and {cite}`ann_2014`, by {cite:t}`bob_99`. It paid $much, then $more.

$$
x = \\frac{1}{n} \\sum_{i=1}^n y_i^2
$$ (eq)

\\begin{align}
a &= b \\\\
c &= d
\\end{align}

(part)=
## Part

```{figure} x.png
:name: fig
:alt: A kettle
:width: 60%
A caption[^97] with $c$
```

```{list-table} Kinds
:name: tab
* - $k$[^note]
  - {cite}`ann_2014`
```

```{code-block} text
:caption: Code
:linenos:
a
b
```

- [ ] to ~~do~~ see
- [x] done

### Entries

How: `` {cite}`ann_2014` ``

```{bibliography}
```

[^97]: A note.
[^note]: Another, with $d$.
"""
BIB = """\
@article{ann_2014, author={Ann Other}, title={Of 12 kettles}, journal={Tea}, pages={3--4},
  year=2014}
@book{bob_99, author={Bob Other}, title={On tea}, publisher={Pot}, year={1999}, doi={10.1000/x.5}}
"""


def write(book: Path, text: str) -> Path:
    """A page in a copy of the small book, with a bibliography and numbered headings."""
    shutil.copytree(BOOKS / "kettles", book)
    shutil.copy(
        Path(__file__).parents[2] / "tallybook/site/theme/static/favicon.svg", book / "x.svg"
    )
    (book / "page.md").write_text(text.replace("x.png", "x.svg"), encoding="utf-8")
    (book / "below.md").write_text("# Below\n\n{numref}`fig`.\n\n## Deeper\n\nText.\n")
    (book / "references.bib").write_text(BIB)
    settings = (book / "_config.yml").read_text()
    more = f"parse: {{myst_enable_extensions: [{EXTENSIONS}]}}\nbibtex_bibfiles: [references.bib]\n"
    (book / "_config.yml").write_text(settings + more)
    contents = (book / "_toc.yml").read_text().replace("root:", "options: {numbered: true}\nroot:")
    (book / "_toc.yml").write_text(f"{contents}  - {{file: page, sections: [{{file: below}}]}}\n")
    return book


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> tuple[str, dict[str, int]]:
    """What the build of a page says that has all that is refused, and the line of each piece."""
    text, lines = "# Page\n\n(one)=\n## One\n\n```{bibliography}\n```\n", {}
    for piece in REFUSED:
        lines[piece] = text.count("\n") + 2
        text += f"\n{piece}\n"
    result = build(write(tmp_path_factory.mktemp("refused") / "kettles", text))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    return result.stderr, lines


@pytest.mark.parametrize("piece", REFUSED)
def test_what_markdown_would_swallow_or_number_ends_the_build_with_its_place(piece, refused):
    said, lines = refused
    places = [f"page.md:{lines[piece] + each}: " for each in range(-1, piece.count("\n") + 1)]
    found = [line for line in said.splitlines() if REFUSED[piece] in line]
    assert [line for line in found if line.startswith(tuple(places))], (places, said)


@pytest.fixture(scope="module")
def marked(tmp_path_factory) -> Path:
    """A built book whose page has formulas and all that Sphinx numbers."""
    book = write(tmp_path_factory.mktemp("marked") / "kettles", PAGE)
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


@pytest.fixture(scope="module")
def article(marked):
    return page(marked, "page.html").article


def test_formulas_are_mathml_and_load_no_script(marked, article):
    assert len(article.select("math")) == 7
    assert [each.name for each in article.select("p math")[0].children if each.name] == [
        "mi", "mo", "mi",
    ]  # fmt: skip
    assert article.select_one(".tb-formula math")["display"] == "block"
    assert "mathjax" not in str(page(marked, "page.html").head).casefold()
    assert not article.select("annotation")


def test_footnotes_are_counted_whatever_their_names(article):
    notes = [each.text.strip() for each in article.select("aside.footnote > .label")]
    assert notes == ["[1]", "[2]"]
    references = {each.text for each in article.select("a.footnote-reference")}
    assert references == {"[1]", "[2]"}
    assert "97" not in article.text


def test_each_mark_says_of_which_kind_it_is(article):
    kinds = {each["data-of"] for each in article.select("[data-of]")}
    of_sphinx = {"footnote", "section", "caption", "equation", "numref", "line", "cite"}
    assert {f"mark:{kind}" for kind in of_sphinx} < kinds
    assert {"cited:0", "entry:0", "cited:1", "entry:1", "key:0"} < kinds
    assert article.select_one("[data-of='mark:caption']").text == "Fig. 2.1 "
    shown = [each.text for each in article.select("[data-of='mark:numref']")]
    assert shown == ["Fig. 2.1", "the list, 2.1", "(2.1)", "(2.1)", "Section 2.1"]


def test_titles_have_no_numbers_and_lists_of_contents_do(marked):
    found = page(marked, "page.html")
    assert found.select_one("meta[property='og:title']")["content"] == "Page x"
    assert "section-number" not in found.title.text
    assert [each.text for each in found.select("#tb-contents li")][1:] == [
        "2. Page x",
        "2.2. Below",
    ]
    assert [each.text for each in found.select("#tb-headings li")] == ["2.1. Part"]
    described = found.select_one("meta[name='description']")["content"]
    assert described.startswith("As told, the share is a/b. See Fig. 2.1, the list, 2.1, (2.1)")


def test_the_search_has_the_text_without_marks(marked):
    script = (marked / "_build/html/_static/search-index.js").read_text(encoding="utf-8")
    index = json.loads(script.partition("tallybookSearch = ")[2].strip().rstrip(";"))
    text = next(each["text"] for each in index if each["address"] == "page.html#page-x")
    assert text.startswith("As told, the share is a/b. See\n")  # cut at links that have no text


def test_sizes_are_attributes_and_tasks_are_shown(article):
    assert article.select_one("figure img")["width"] == "60%"
    assert not article.select("[style]")
    assert [each["aria-label"] for each in article.select("li [role=img]")] == ["to do", "done"]
    assert article.select_one("s").text == "do"


def test_a_page_is_written_again_where_what_it_refers_to_has_another_number(marked):
    path = marked / "page.md"
    before = path.read_text(encoding="utf-8")
    one = "```{figure} x.svg\n:alt: A kettle\nAnother\n```\n\n"
    path.write_text(before.replace("## Part\n", f"## Part\n\n{one}"), encoding="utf-8")
    bib = marked / "references.bib"
    bib.write_text(bib.read_text().replace("year=2014", "year=2013"))
    result = build(marked)
    assert result.returncode == 0, result.stderr
    assert page(marked, "below.html").select_one("[data-of='mark:numref']").text == "Fig. 2.2"
    cited = page(marked, "page.html").select_one("[data-of='mark:cite'] a")
    assert cited.text == "Oth13"
