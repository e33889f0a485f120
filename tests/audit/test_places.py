"""Each fault of a site is told with the place in the author's own files."""

from __future__ import annotations

import shutil

from tallybook.audit.places import Places
from tallybook.audit.references import ledger_texts
from tallybook.notebooks.book import Book
from tallybook.site import publish
from tests.helpers.extra_pages import add, code, words
from tests.helpers.small_site import build, run

PAGE = """\
Closed in {period}`stores-closed-2017`, and
in 2015 not.

| a | b |
| - | - |
| x | 77 |

```{note}
Asked 88 times.
```

{abbr}`KC (of 1888)`
"""
EXPECTED = [
    "notebooks/extra.ipynb, cell 2: '12' comes from no record: “12 plants”",
    "notebooks/extra.ipynb, cell 3: '33' comes from no record: “33 warnings”",
    "notebooks/extra.ipynb, cell 4, line 1: '2014' comes from no record: “Plants in 2014”",
    "notebooks/extra.ipynb, cell 4, line 4: '97' comes from no record: “Many … and 97 of them.”",
    "notebooks/extra.ipynb, cell 5: '44' comes from no record: “44 kettles”",
    "notebooks/extra.ipynb, cell 5: '55' comes from no record: “55”",
    "page.md:4: '2015' comes from no record: “Closed in …, and in 2015 not.”",
    "page.md:8: '77' comes from no record: “77”",
    "page.md:11: '88' comes from no record: “Asked 88 times.”",
    "page.md:14: '1888' comes from no record: “of 1888”",
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text>55</text></svg>'


def test_a_fault_is_told_at_the_line_or_cell_that_made_it(built_book):
    drawn = f"from IPython.display import SVG\ndisplay(SVG({SVG!r}), metadata={{'image/svg+xml':"
    add(
        built_book,
        code("print(f\"{'12'} plants\")"),
        code("import sys\nprint(f\"{'33'} warnings\", file=sys.stderr)"),
        words("## Plants in 2014\n\nMany {stat}`stores-closed-2017`\nand 97 of them."),
        code(f"{drawn} {{'alt': '44 kettles'}}}})"),
        page=PAGE,
    )
    told = build(built_book).stderr.splitlines()
    found = [line for line in told if "comes from no record" in line]
    assert [line.partition("”; ")[0] + "”" for line in found] == EXPECTED
    assert told[-1] == f"{len(EXPECTED)} faults: the site is not published."


def test_a_fault_of_a_site_elsewhere_is_told_at_the_line_of_its_page(built_book, tmp_path):
    site = shutil.copytree(built_book / "_build/html", tmp_path / "elsewhere")
    page = site / "index.html"
    page.write_text(page.read_text().replace("says", "says 97 times", 1))
    result = run(built_book, "audit", str(site))
    assert any(line.startswith("index.html:") for line in result.stderr.splitlines())
    assert f"A place in a page (.html) is a line of what is built: {site}." in result.stderr


def test_a_fault_of_a_figures_page_names_its_record(built_book):
    page = built_book / "_build/html/stat/stores-closed-2017.html"
    page.write_text(page.read_text().replace("</article>", "<p>97 more</p></article>", 1))
    result = run(built_book, "audit")
    line = next(line for line in result.stderr.splitlines() if "97" in line)
    assert line.startswith("data/statistics/")
    assert " of the built page); remove _build" in line


def test_words_of_no_page_and_a_remark_without_a_numeral_have_the_page_itself(built):
    places = Places(ledger_texts(Book(built)), publish.doctrees(built))
    problem, _ = places.problem("index.html", 3, "nobody is named who states it", "words elsewhere")
    assert str(problem) == "index.md: nobody is named who states it (line 3 of the built page)"


def test_a_numeral_in_the_label_of_a_chart_is_told_at_its_cell(built_book):
    labels = '{"stores-closed-2017": f"{years}", "repair-plants": f"{years} plants"}'
    add(
        built_book,
        code(
            "import tallybook\nledger = tallybook.load()\n"
            f'years = "2016 to 2017"\nframe = ledger.frame(ids={labels})\n'
            "import altair as alt\n"
            'alt.Chart(frame).mark_text().encode(text="label:N", y="id:N")'
        ),
    )
    told = [line for line in build(built_book).stderr.splitlines() if "'201" in line]
    assert told
    for line in told:
        assert line.startswith("notebooks/extra.ipynb, cell 2: "), line
        assert "make the label or title with tallybook.worded" in line
        assert "{period:its-id} or {label:its-id}" in line
