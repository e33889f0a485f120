"""Ranges, intervals, rates and places have their pages, cards and downloads; the audit compares."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.added_figures import KINDS, add_kinds
from tests.helpers.small_site import BOOKS, build, page, run, spoil


@pytest.fixture(scope="module")
def with_kinds(tmp_path_factory) -> Path:
    """The small book with a figure of each kind, built."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("ranges") / "kettles"))
    add_kinds(book)
    spoil(book, "import tallybook\n", "import altair as alt\nimport tallybook\n")
    own = 'alt.Chart(ledger.frame(ids=["days"]), title="Days").mark_bar().encode(x="value:Q")'
    spoil(book, 'charts.bars(stores, title="Stores closed")', own)
    cited = ", ".join(f"{{stat}}`{name}`" for name in KINDS)
    with (book / "index.md").open("a", encoding="utf-8") as file:
        file.write(f"\n\nThe Kettle Company says {cited}.\n")
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


def words_of(book: Path, name: str) -> str:
    text = " ".join(page(book, name).get_text(" ").split())
    return text.replace(" ;", ";").replace(" ,", ",")


@pytest.mark.parametrize(
    ("name", "words", "allows", "said"),
    [
        ("back", "some 30 to 40", "What its words allow near it; how near", "as about this range"),
        ("days", "5–7 days", "The range, as stated from 5 up to 7 days", "as a range, its ends"),
        ("soon", "0 to 2 days", "The range, as stated from 0 up to 2 days", "as a range, its ends"),
        ("late", "3 to nearly 9 days", "The range, as stated from 3 and below 9 days",
         "its upper end as nearly this number"),
        ("delay", "up to 3 to 4 days", "What its words allow up to 4 days; how far below",
         "as this range at most"),
        ("wait", "6.2 days (95% CI 5.4 to 7.1)",
         "The interval beside it from 5.4 up to 7.1 days; 95% interval, as stated",
         "with an interval beside it"),
        ("saved", "24% (SE 3)",
         "The interval beside it from 21% up to 27%; standard error, as stated", "beside it"),
        ("rate", "12.5 faults per 1,000", "up to 12.55 faults per 1,000 kettles",
         "level at a date, in faults per 1,000 kettles"),
        ("place", "third", "What its words allow exactly place 3", "(level at a date)"),
        ("stores-per-plant", "more than 333", "Computed interval above", "Computed here"),
    ],
)  # fmt: skip
def test_the_page_of_a_figure_says_its_ends_and_what_they_are(
    name, words, allows, said, with_kinds
):
    text = words_of(with_kinds, f"stat/{name}.html")
    assert words in text
    assert allows in text
    assert said in text


def test_no_download_has_the_middle_of_a_range(with_kinds):
    folder = with_kinds / "_build/html/data"
    rows = {row["id"]: row for row in csv.DictReader((folder / "ledger.csv").open())}
    assert (rows["days"]["value"], rows["days"]["low"], rows["days"]["high"]) == ("", "5", "7")
    assert (rows["faults"]["value"], rows["faults"]["level"]) == ("4.5", "95")
    assert (rows["late"]["high_bound"], rows["late"]["high_included"]) == ("nearly", "False")
    stated = {
        one["id"]: one for one in json.loads((folder / "ledger.json").read_text())["statistics"]
    }
    assert "value" not in stated["days"]
    assert (stated["days"]["low"], stated["days"]["high"]) == ("5", "7")
    assert stated["saved"]["level"] == "standard error"


def test_a_range_is_found_by_its_ends(with_kinds):
    index = (with_kinds / "_build/html/_static/search-index.js").read_text(encoding="utf-8")
    assert '"digits": "5 7"' in index


def test_below_a_chart_that_draws_a_range_as_one_number_stand_its_words(with_kinds):
    text = words_of(with_kinds, "notebooks/kettles.html")
    assert (
        "Stated as a range, of which no number is likelier than another: days as reported: 5–7 days"
        in text
    )


@pytest.mark.parametrize(
    ("path", "whole", "half"),
    [
        ("index.html", "5–7 days", "7 days"),
        ("index.html", "6.2 days (95% CI 5.4 to 7.1)", "6.2 days"),
        ("stat/days.html", "from 5 up to 7 days", "up to 7 days"),
        ("stat/wait.html", "95% interval", "90% interval"),
        ("stat/rate.html", "in faults per 1,000 kettles", "in faults per 100 kettles"),
    ],
)
def test_a_page_with_half_of_a_range_or_another_level_is_refused(path, whole, half, with_kinds):
    file = with_kinds / "_build/html" / path
    kept = file.read_text(encoding="utf-8")
    assert whole in kept
    try:
        file.write_text(kept.replace(f">{whole}<", f">{half}<").replace(whole, half))
        result = run(with_kinds, "audit")
    finally:
        file.write_text(kept, encoding="utf-8")
    assert result.returncode == 1
    assert half.split()[0] in result.stdout + result.stderr
