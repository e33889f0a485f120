"""What Sphinx sets is a mark where the order of the site makes it so, and a fault where not."""

from __future__ import annotations

import pytest

from tallybook.audit import marks
from tallybook.audit.html import read
from tallybook.audit.marks import Entry

BIBLIOGRAPHY = [Entry("ann_14", "Share of requests 12--34 10.1000/x.5 2014", "2014")]
FIGURE = '<figure id="f"><span data-of="mark:caption">Fig. {}</span></figure>'
NOTE = '<aside id="n{0}"><span data-of="mark:footnote">[{0}]</span></aside>'
LABEL = (
    '<div class="citation-list"><div class="citation" id="c"><span data-of="cited:0">[{}]</span>'
)
HEADING = '<section id="s{1}"><h{0}><span data-of="mark:section">{1}. </span>x</h{0}></section>'
CODE = '<pre><span data-of="mark:line">{}</span>a\n<span data-of="mark:line">{}</span>b</pre>'


def faults(*pages):
    """What is said of pages, named a.html, b.html and so on."""
    site = {f"{name}.html": read(html) for name, html in zip("abc", pages, strict=False)}
    found = [*marks.faults(site, BIBLIOGRAPHY), *marks.contents_in_order(site)]
    return [what for _, _, what in found]


RIGHT = {
    "two footnotes, one cited twice": '<a href="#n1" data-of="mark:footnote">[1]</a>'
    '<a href="#n1" data-of="mark:footnote">[1]</a><a href="#n2" data-of="mark:footnote">[2]</a>'
    + NOTE.format(1)
    + NOTE.format(2),
    "figures": FIGURE.format(1) + FIGURE.format(2).replace('"f"', '"g"')
    + '<span data-of="mark:numref"><a href="#g">As drawn in 2</a></span>',
    "figures of a section": HEADING.format(1, 1) + FIGURE.format("1.1"),
    "an equation": '<div id="e"><span data-of="mark:equation">(1)</span></div>'
    '<span data-of="mark:numref"><a href="#e">(1)</a></span>',
    "headings": HEADING.format(1, 1) + HEADING.format(2, "1.1") + HEADING.format(2, "1.2")
    + HEADING.format(3, "1.2.1") + '<a href="#s1.2"><b data-of="mark:section">1.2. </b></a>',
    "lines": CODE.format(1, 2),
    "a citation": LABEL.format("Ann14") + '<i data-of="entry:0">Share, 12–34. 2014. 10.1000/x.5'
    '</i></div></div><i data-of="mark:cite">[<a href="#c">Ann14</a>]</i>'
    '<code>cite <i data-of="key:0">ann_14</i></code>',
    "a citation by year": LABEL.format("Ann14") + '</div></div><i data-of="mark:cite">Ann '
    '[<a href="#c">Ann, 2014</a>]</i>',
    "a citation by number": LABEL.format("1") + '</div></div><i data-of="mark:cite">'
    '<a href="#c">1</a></i>',
}  # fmt: skip
WRONG = {
    "a footnote of another number": NOTE.format(97),
    "a reference to a footnote of another number": NOTE.format(1)
    + '<a href="#n1" data-of="mark:footnote">[97]</a>',
    "a reference to no footnote": '<a href="#x" data-of="mark:footnote">[97]</a>',
    "a figure of another number": FIGURE.format(97),
    "a figure of no section": FIGURE.format("97.1"),
    "a percentage": FIGURE.format("97%").replace("caption", "numref"),
    "a caption with two numerals": FIGURE.format("1, 97"),
    "a caption with a numeral in words": FIGURE.format("ninety 1"),
    "a reference with a numeral beside": FIGURE.format(1)
    + '<span data-of="mark:numref"><a href="#f">97 of 1</a></span>',
    "a reference without a link": FIGURE.format(1) + '<span data-of="mark:numref">Fig. 1</span>',
    "an equation of another number": '<div id="e"><span data-of="mark:equation">(97)</span></div>',
    "a heading of another number": HEADING.format(1, 97),
    "a heading that does not follow": HEADING.format(1, 1) + HEADING.format(2, "1.97"),
    "a heading with too many parts": HEADING.format(1, 1) + HEADING.format(2, "1.1.1"),
    "a number of a heading in a text": '<p><b data-of="mark:section">1. </b></p>',
    "a link with another number": HEADING.format(1, 1)
    + '<a href="#s1"><b data-of="mark:section">97. </b></a>',
    "lines from another number": CODE.format(97, 98),
    "lines that skip": CODE.format(1, 97),
    "a year that is not the entry's": LABEL.format("Ann97"),
    "a numeral that no field has": '<i data-of="entry:0">Share, 97. 2014</i>',
    "a numeral in words that no field has": '<i data-of="entry:0">Ninety shares. 2014</i>',
    "no such entry": '<i data-of="entry:9">Share</i>',
    "another key": '<code data-of="key:0">ann_97</code>',
    "a citation with a numeral": LABEL.format("Ann14")
    + '</div></div><i data-of="mark:cite">97 <a href="#c">Ann14</a></i>',
    "a citation of nothing": '<i data-of="mark:cite"><a href="#c">Ann97</a></i>',
    "no such kind": '<i data-of="mark:other">97</i>',
}


@pytest.mark.parametrize("html", RIGHT.values(), ids=RIGHT)
def test_what_the_order_of_the_site_makes_is_a_mark(html):
    assert faults(html) == []
    assert read(html).typed == []


@pytest.mark.parametrize("html", WRONG.values(), ids=WRONG)
def test_what_it_does_not_make_is_a_fault(html):
    assert faults(html)
    assert all("is no mark: " in what for what in faults(html))


def test_figures_are_counted_through_the_book_and_headings_through_its_pages():
    first = HEADING.format(1, 1) + FIGURE.format("1.1")
    assert faults(first, HEADING.format(1, 2) + FIGURE.format("2.1")) == []
    assert faults(FIGURE.format(1), FIGURE.format(2)) == []
    assert faults(FIGURE.format(1), FIGURE.format(1))
    assert faults(FIGURE.format(1), FIGURE.format(3))
    assert faults(first, HEADING.format(1, 3))


def test_a_reference_leads_to_a_number_on_another_page():
    there = '<i data-of="mark:numref"><a href="{}#f">Fig. {}</a></i>'
    assert faults(FIGURE.format(1), there.format("a.html", 1)) == []
    assert faults(FIGURE.format(1), there.format("a.html", 2))
    assert faults(FIGURE.format(1), there.format("/a.html", 1)) == []


def test_contents_stand_in_the_order_of_their_numbers():
    entry = '<a href="{0}.html"><b data-of="mark:section">{1}. </b></a>'
    pages = [HEADING.format(1, 1), HEADING.format(1, 2)]
    assert faults(*pages, f"<nav>{entry.format('a', 1)}{entry.format('b', 2)}</nav>") == []
    assert faults(*pages, f"<nav>{entry.format('b', 2)}{entry.format('a', 1)}</nav>") == []
    doubled = f"<nav>{entry.format('b', 2)}{entry.format('b', 2)}</nav>"
    assert any("out of its order" in what for what in faults(*pages, doubled))


def test_the_text_of_a_page_has_no_marks_and_formulas_in_a_line():
    html = '<p>As told.<a href="#n1" data-of="mark:footnote">[1]</a> So <math><mi>a</mi>\n'
    html += "<mo>/</mo><mi>b</mi></math>.</p>"
    assert read(html).text == "As told. So a/b."


def test_a_numeral_in_a_formula_is_unclaimed():
    page = read("<p><math>\n<mi>x</mi><mo>=</mo><mn>97</mn></math></p>")
    assert [each.numeral for each in page.in_formulas] == ["97"]
