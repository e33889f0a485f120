"""Ranges and intervals have their pages, cards and downloads, and the audit lets them pass."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.added_figures import add_figure
from tests.helpers.small_site import BOOKS, build, page

FIGURES = {
    "back": ("Some 30 to 40 lids came.", {"low": 30, "high": 40, "bound": "about"}, "lids"),
    "days": ("It took 5–7 days.", {"low": 5, "high": 7, "bound": "exact"}, "days"),
    "faults": (
        "At 4.5 (95% UI 3.9 to 5.1) now.",
        {"value": 4.5, "low": 3.9, "high": 5.1, "level": 95, "bound": "exact"},
        "faults",
    ),
}


@pytest.fixture(scope="module")
def with_ranges(tmp_path_factory) -> Path:
    """The small book with ranges and an interval, built."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("ranges") / "kettles"))
    for name, (sentence, fields, unit) in FIGURES.items():
        add_figure(book, sentence, sentence.rstrip("."), fields, unit=unit, name=name)
    with (book / "index.md").open("a", encoding="utf-8") as file:
        file.write("\n\nThe Kettle Company says {stat}`back`, {stat}`days` and {stat}`faults`.\n")
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


@pytest.mark.parametrize(
    ("name", "words", "allows", "said"),
    [
        ("back", "some 30 to 40", "near it; how near is not said", "as a range, as about"),
        ("days", "5–7 days", "from 5 up to 7 days", "as a range, its ends without"),
        ("faults", "4.5 (95% UI 3.9 to 5.1)", "from 3.9 up to 5.1 faults", "an interval beside it"),
    ],
)
def test_the_page_of_a_range_says_its_ends_and_how_it_is_said(
    name, words, allows, said, with_ranges
):
    text = " ".join(page(with_ranges, f"stat/{name}.html").get_text(" ").split())
    assert words in text
    assert allows in text
    assert said in text


def test_no_download_has_the_middle_of_a_range(with_ranges):
    folder = with_ranges / "_build/html/data"
    rows = {row["id"]: row for row in csv.DictReader((folder / "ledger.csv").open())}
    assert (rows["days"]["value"], rows["days"]["low"], rows["days"]["high"]) == ("", "5", "7")
    assert (rows["faults"]["value"], rows["faults"]["level"]) == ("4.5", "95")
    stated = {
        one["id"]: one for one in json.loads((folder / "ledger.json").read_text())["statistics"]
    }
    assert "value" not in stated["days"]
    assert (stated["days"]["low"], stated["days"]["high"]) == ("5", "7")


def test_a_range_is_found_by_its_ends(with_ranges):
    index = (with_ranges / "_build/html/_static/search-index.js").read_text(encoding="utf-8")
    assert '"digits": "5 7"' in index
