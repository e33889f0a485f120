"""What a site says of changed figures."""

from __future__ import annotations

import pytest

from tests.helpers.small_site import build, page, run

CHANGES = """
- figure: stores-closed-2017
  date: "2026-05-31"
  what: changed
  was: {words: "nearly 1,234", period: "2016"}
  because: A <b>line</b> was misread.
- figure: stores-per-plant
  date: "2026-05-31"
  what: added
  because: Both counts can be combined.
- figure: lids-made
  date: "2026-04-30"
  what: gone
  was: {label: lids made, words: "about 5,678"}
  because: The report does not give it.
"""


@pytest.fixture
def changed(built_book):
    (built_book / "data/changes.yml").write_text(CHANGES)
    path = built_book / "index.md"
    path.write_text(path.read_text() + "\n## New\n\n```{ledger-changes}\n```\n")
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    return built_book


def test_changes_are_listed_by_day_and_told_on_the_figures_page(changed):
    section = page(changed, "index.html").find(id="new")
    days = [p.text for p in section.find_all("p", recursive=False)]
    assert days == ["31 May 2026", "30 April 2026"]
    entries = [" ".join(entry.text.split()) for entry in section.select("li")]
    assert entries[0] == (
        "more than 1,000 stores closed, says Kettle Company. Its words were “nearly 1,234”, then "
        "“more than 1,000”. Its time was “2016”, then “2017”. A <b>line</b> was misread."
    )
    assert entries[1].endswith("computed here. Added to the book. Both counts can be combined.")
    assert entries[2] == (
        "lids made: about 5,678. No longer in the book. The report does not give it."
    )
    assert section.select_one("li a")["href"] == "stat/stores-closed-2017.html"
    own = page(changed, "stat/stores-closed-2017.html").find(id="changes")
    assert " ".join(own.li.text.split()) == (
        "31 May 2026: Its words were “nearly 1,234”, then “more than 1,000”. Its time was “2016”, "
        "then “2017”. A <b>line</b> was misread."
    )
    assert page(changed, "stat/repair-plants.html").find(id="changes") is None
    assert '"because": "The report does not give it."' in (
        changed / "_build/html/data/ledger.json"
    ).read_text(encoding="utf-8")

    # The page is read again when a record is edited, and the build ends where one is wrong.
    path = changed / "data/changes.yml"
    path.write_text(CHANGES.replace("nearly 1,234", "nearly 1,235"))
    assert build(changed).returncode == 0
    assert "nearly 1,235" in page(changed, "index.html").text
    path.write_text(CHANGES.replace("figure: stores-per-plant", "figure: stores-per-lid"))
    result = build(changed)
    assert result.returncode == 1
    assert "data/changes.yml:7:11: no figure 'stores-per-lid'. Did you mean" in result.stderr
    path.write_text(CHANGES.replace("Both counts", "The 2,000 counts"))
    result = build(changed)
    assert result.returncode == 1
    assert "data/changes.yml:10:12: because types the numeral '2,000'" in result.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [("nearly 1,234", "nearly 1,235"), ("31 May 2026", "30 May 2026")],
)
def test_the_audit_finds_what_no_record_says(old, new, changed):
    for name in ("index.html", "stat/stores-closed-2017.html"):
        path = changed / "_build/html" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    result = run(changed, "audit")
    assert result.returncode == 1
    assert result.stderr.count(f"{new!r} is not what the ledger has for") == 2


def test_a_book_without_changes_says_so(built_book):
    path = built_book / "index.md"
    path.write_text(path.read_text() + "\n```{ledger-changes}\n```\n")
    assert build(built_book).returncode == 0
    assert "No change of a figure is recorded." in page(built_book, "index.html").text
