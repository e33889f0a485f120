"""The charts of the built site of the small book: what stands in the page, and beside it."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tallybook.notebooks import session, staleness
from tallybook.notebooks import stored as notebooks
from tallybook.tables import table
from tests.helpers.small_site import NOTEBOOK, build, page

CHART = "chart-kettles-1"
STRICT = r"<style|<script|\sstyle=|\son\w+="


@pytest.fixture
def book(built_book):
    return built_book


@pytest.fixture
def figure(built):
    text = (built / "_build/html/notebooks/kettles.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser").find("figure", class_="tallybook-chart")


@pytest.fixture
def files(built) -> Path:
    return built / "_build/html/charts"


def stored(book: Path, change) -> None:
    """Change the outputs of the notebook as if a cell had given them."""
    path = book / NOTEBOOK
    notebook = notebooks.load(path)
    for _, output in notebooks.outputs(notebook):
        change(output)
    notebook["metadata"]["tallybook"]["outputs"] = notebooks.outputs_digest(notebook)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    today = staleness.Today(session.load(book))
    assert staleness.reasons(notebooks.load(path), today) == []


def test_a_chart_stands_in_the_page_as_two_drawings_that_speak(figure):
    assert figure["id"] == CHART
    for name, most in (("tb-wide", 700), ("tb-narrow", 320)):
        svg = figure.find("div", class_=name).svg
        assert (svg["role"], svg.title.text) == ("img", "Stores closed")
        assert "more than 1,000, Kettle Company" in svg.find("desc").text
        assert float(svg["width"]) <= most


def test_nothing_of_a_chart_is_refused_by_a_strict_page(figure, files):
    assert not re.search(STRICT, str(figure))
    assert not re.search(STRICT, (files / f"{CHART}.svg").read_text())


def test_no_id_stands_twice_on_the_page_of_a_chart(figure):
    ids = [tag["id"] for tag in figure.find_parent("body").find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_the_data_of_a_chart_is_a_table_whose_figures_lead_to_their_homes(figure):
    details = figure.find("details")
    assert details.summary.text == "Data"
    cells = [cell.get_text(" ", strip=True) for cell in details.tbody.find_all(["th", "td"])]
    assert cells[:5] == ["Stores", "more than 1,000", "1,000", "no upper end", "Kettle Company"]
    assert details.tbody.find("a", class_="tallybook-figure")["href"].endswith(
        "/stores-closed-2017.html"
    )


def test_a_chart_names_its_documents_with_where_they_are_told_of_and_read(book):
    sources = book / "data/sources.yml"
    address = "https://kettles.example/report"
    text = sources.read_text().replace("  short: report", f"  short: report\n  address: {address}")
    sources.write_text(text)
    build(book)
    (line,) = page(book, "notebooks/kettles.html").find_all("p", class_="tb-chart-sources")
    assert line.text == "From report (read it)"
    told, read = (link["href"] for link in line.find_all("a"))
    assert told.endswith("#source-report")
    assert read == address


def test_every_download_of_a_chart_is_there(built, figure):
    links = figure.find("p", class_="tb-downloads").find_all("a")
    assert [link.text for link in links] == ["SVG", "PNG", "CSV", "Vega-Lite"]
    for link in links:
        assert (built / "_build/html/notebooks" / link["href"]).stat().st_size > 100


def test_the_downloads_have_colours_of_their_own(files):
    for suffix in (".svg", ".vl.json"):
        assert "var(--" not in (files / f"{CHART}{suffix}").read_text()
    assert (files / f"{CHART}.png").read_bytes().startswith(b"\x89PNG")


def test_the_downloaded_rows_are_exact(files):
    with (files / f"{CHART}.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["low"], row["high"]) == ("stores-closed-2017", "1000", "")
    assert (row["period"], row["source"]) == ("2017", "report")


def test_the_script_of_a_chart_hands_over_both_drawings(files):
    text = (files / f"{CHART}.js").read_text()
    both = json.loads(text.partition(f'["{CHART}"] = ')[2].rstrip(";\n"))
    assert set(both) == {"wide", "narrow"}
    assert "Where: report" in text
    assert "<" not in text


def test_the_engine_is_beside_the_pages_and_no_page_loads_it(built):
    assert "window.vegaEmbed" in (built / "_build/html/_static/vega.js").read_text()
    for path in (built / "_build/html").rglob("*.html"):
        assert "vega.js" not in path.read_text(encoding="utf-8")


def test_the_button_waits_for_a_script(figure):
    button = figure.find("button", class_="tb-explore")
    assert (button["type"], button.has_attr("hidden")) == ("button", True)


def test_the_files_of_a_chart_are_written_again_only_where_what_they_say_changed(book):
    png, script = (book / "_build/html/charts" / f"{CHART}{end}" for end in (".png", ".js"))
    for path in (png, script):
        os.utime(path, (0, 0))
    (book / "index.md").write_text((book / "index.md").read_text() + "\nMore.\n")
    assert build(book).returncode == 0
    assert (png.stat().st_mtime, script.stat().st_mtime) == (0, 0)
    sources = book / "data/sources.yml"
    sources.write_text(sources.read_text().replace("short: report", "short: yearly"))
    assert build(book).returncode == 0
    assert "Where: yearly" in script.read_text()
    assert png.stat().st_mtime == 0


def test_the_files_of_a_chart_that_is_gone_are_gone(book):
    stored(book, lambda output: output.get("data", {}).pop(table.CHART, None))
    stored(book, lambda output: output.get("data", {}).pop("image/svg+xml", None))
    stored(book, lambda output: output.get("data", {}).update({"text/plain": "No chart."}))
    result = build(book)
    assert result.returncode == 0, result.stderr
    assert not list((book / "_build/html/charts").glob("*"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda spec: spec.pop("layer"), ""),
        (lambda spec: next(iter(spec["datasets"].values())).clear(), "its frame is empty"),
        (lambda spec: spec["layer"][0].update(mark="bra"), ""),
        (lambda spec: spec.update(layer=3), "it is not as Altair writes a chart"),
        (lambda spec: spec.update(title="7 stores"), "'7' is typed into its title"),
        (
            lambda spec: next(iter(spec["datasets"].values()))[0].update(value=7),
            "the row of 'stores-closed-2017' has 7 for value",
        ),
    ],
)
def test_a_chart_that_cannot_be_drawn_ends_the_build_with_page_and_cell(spoil, says, book):
    def change(output):
        if spec := output.get("data", {}).get(table.CHART):
            spoil(spec)

    stored(book, change)
    page = book / "_build/html/notebooks/kettles.html"
    before = page.read_bytes()
    result = build(book)
    assert result.returncode == 1
    assert f"{NOTEBOOK}, cell 4: the chart cannot be drawn: " in result.stderr
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert page.read_bytes() == before


@pytest.mark.parametrize("kind", ["application/vnd.plotly.v1+json", "text/html", "text/latex"])
def test_an_output_of_an_unknown_kind_ends_the_build_with_page_and_cell(kind, book):
    def change(output):
        if "data" in output and table.TABLE not in output["data"]:
            output["data"][kind] = {} if kind.endswith("json") else "<b>x</b>"

    stored(book, change)
    result = build(book)
    assert result.returncode == 1
    assert f"{NOTEBOOK}, cell 4: its output is {kind}, which pages do not show: " in result.stderr
    assert "the tag remove-output" in result.stderr
    assert "Traceback" not in result.stderr
