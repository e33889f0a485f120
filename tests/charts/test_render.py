"""What a chart puts into a notebook: a specification that speaks, and an SVG for a strict page."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import altair as alt
import pytest

import tallybook
from tallybook.charts.guides import NARROW
from tallybook.charts.layout import WIDE, layout
from tallybook.charts.render import described, render
from tallybook.charts.svg import CannotBeDrawn, drawing, simplify, with_ids
from tallybook.charts.theme import with_fallbacks
from tallybook.errors import BadOutput
from tests.charts.forms import FORMS, LONG, chart, spec


@pytest.fixture
def rendered(ledger):
    frame = ledger.frame(ids={"stores-closed-2017": "Stores"})
    title = alt.Title("Stores <closed>", subtitle="as stated")
    return render(alt.Chart(frame, title=title).mark_bar().encode(x="value:Q", y="id:N").to_dict())


def test_the_svg_of_a_chart_speaks_and_asks_no_other_host(rendered):
    svg = rendered["image/svg+xml"]
    assert re.match(r'<svg [^>]*role="img"', svg)
    assert "<title>Stores &lt;closed&gt;</title>" in svg
    assert "Stores: more than 1,000, Kettle Company" in svg
    assert set(re.findall(r"https?://[^/\"]+", svg)) == {"http://www.w3.org"}


def test_the_bundle_has_the_specification_under_a_name_that_notebooks_may_hold(rendered):
    assert set(rendered) == {"application/vnd.vegalite.v6+json", "image/svg+xml", "text/plain"}


def test_colours_are_variables_with_fallbacks(rendered):
    assert "var(--tb-text, #2a2f36)" in rendered["image/svg+xml"]


def test_a_notebook_keeps_the_chart_as_its_author_made_it(rendered):
    stored = rendered["application/vnd.vegalite.v6+json"]
    assert "width" not in stored
    assert stored["encoding"]["x"] == {"field": "value", "type": "quantitative"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("room", [WIDE, NARROW])
def test_a_drawing_speaks_once_and_has_nothing_that_a_strict_page_refuses(room, form, ledger):
    svg = drawing(layout(spec(form, ledger), room))
    assert svg.count("<title>") == svg.count("<desc>") == svg.count('role="') == 1
    assert not re.search(
        r"\s(?:style|tabindex|class|on\w+|aria-\w+|href)=|<style|<script|<a\b", svg
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_description_of_a_chart_does_not_repeat_its_title(form, ledger):
    svg = drawing(layout(spec(form, ledger)))
    assert re.search("<title>(.*?)</title>", svg)[1] == LONG
    assert not re.search("<desc>(.*?)</desc>", svg)[1].startswith(f"{LONG}. ")


def test_a_cited_text_keeps_the_pieces_that_it_is_made_of(ledger):
    title = tallybook.worded(ledger, "{kettles-recalled-2017} kettles")
    frame = ledger.frame(ids=["repair-plants"])
    made = described(alt.Chart(frame, title=str(title)).mark_point().encode(x="value:Q").to_dict())
    assert made["usermeta"]["tallybook"]["told"] == {
        "240,000 kettles": [
            {"of": "words:kettles-recalled-2017", "text": "240,000"}, " kettles",
        ]
    }  # fmt: skip


def test_a_chart_that_the_engine_refuses_is_refused_in_words(ledger):
    broken = {**spec("bars", ledger), "encoding": {"x": {"field": "value", "scale": {"type": 3}}}}
    with pytest.raises(BadOutput, match=r"the chart (?:cannot be drawn|is not shown):"):
        render({**broken, "layer": [{"mark": "bra"}]})


@pytest.mark.parametrize("spec", [{"mark": "bra"}, {"$schema": "x"}, {"layer": 3}])
def test_a_specification_that_vega_refuses_is_refused_in_one_line(spec):
    with pytest.raises(CannotBeDrawn) as refused:
        drawing(spec)
    assert "\n" not in str(refused.value)


def test_a_drawing_keeps_the_decimals_of_what_it_says():
    svg = ElementTree.fromstring('<svg><g><text x="1.23456">RMB 2.6789 million</text></g></svg>')
    simplify(svg)
    said = ElementTree.tostring(svg, encoding="unicode")
    assert said == '<svg><text x="1.2">RMB 2.6789 million</text></svg>'


def test_a_drawing_keeps_its_elements_apart_whatever_they_say():
    svg = ElementTree.fromstring('<svg><g a="x > y"><path d="M0,0h1v2h-1Z"/><g><b/></g></g></svg>')
    simplify(svg)
    assert ElementTree.tostring(svg, encoding="unicode") == '<svg><g a="x &gt; y"><b /></g></svg>'


def test_the_ids_of_a_drawing_and_what_refers_to_them_are_its_own():
    svg = with_ids('<clipPath id="clip1"/><g clip-path="url(#clip1)"/>', "chart-a-1-wide")
    assert svg == (
        '<clipPath id="chart-a-1-wide-clip1"/><g clip-path="url(#chart-a-1-wide-clip1)"/>'
    )


def test_what_leaves_the_site_has_colours_and_no_variables(ledger):
    text = with_fallbacks(drawing(layout(spec("bars", ledger))))
    assert "var(" not in text
    assert "#2a2f36" in text


def test_a_chart_is_the_same_in_another_process(book):
    code = (
        "import sys, tallybook, altair as alt; from tallybook.charts.render import render;"
        "frame = tallybook.load(sys.argv[1]).frame('kettles', measure='stores-closed');"
        "print(render(alt.Chart(frame).mark_bar().encode(x='value:Q', y='id:N').to_dict()))"
    )
    run = [subprocess.check_output([sys.executable, "-c", code, book]) for _ in range(2)]
    assert run[0] == run[1]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_rendered_as_any_chart_of_altair(form, ledger):
    assert render(chart(form, ledger).to_dict())["text/plain"].startswith(f"{LONG}. ")


def test_a_drawing_leaves_out_the_labels_that_nobody_sees():
    svg = ElementTree.fromstring('<svg><text opacity="0">Jul</text><text>Aug</text></svg>')
    simplify(svg)
    assert ElementTree.tostring(svg, encoding="unicode") == "<svg><text>Aug</text></svg>"
