"""The colours of parties on pages and in charts, and what a change of one is of."""

from __future__ import annotations

import json
import re

from tests.helpers.small_site import build, page, run

PARTIES = "data/parties.yml"
COLUMNS = """
::::{container} tb-turns
:::{container} tb-turn tb-turn-opening
A
:::
:::{container} tb-turn tb-turn-replying
B
:::
:::{container} tb-turn tb-turn-reporting
C
:::
::::
"""


def test_columns_figures_and_charts_have_the_colour_of_their_party(built_book):
    index = built_book / "index.md"
    index.write_text(index.read_text() + COLUMNS)
    _colour(built_book, "role: replying", "role: replying\n  colour: teal")
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    turns = [turn["class"] for turn in page(built_book, "index.html").select(".tb-turn")]
    assert [set(turn) & {"tb-blue", "tb-teal", "tb-grey"} for turn in turns] == [
        {"tb-blue"}, {"tb-teal"}, {"tb-grey"}
    ]  # fmt: skip
    (party,) = page(built_book, "stat/stores-closed-2017.html").select(".tb-party")
    assert party["class"] == ["tb-party", "tb-teal"]
    (computed,) = page(built_book, "stat/stores-per-plant.html").select(".tb-party")
    assert computed["class"] == ["tb-party", "tb-grey"]
    drawing = next((built_book / "_build/html/charts").glob("*.svg")).read_text()
    assert "#0c7265" in drawing
    assert (
        "var(--tb-teal, #0c7265)" in (built_book / "_build/html/notebooks/kettles.html").read_text()
    )
    ledger = json.loads((built_book / "_build/html/data/ledger.json").read_text())
    assert [party["name"] for party in ledger["parties"]] == ["Kettle Club", "Kettle Company"]

    _colour(built_book, "colour: teal", "colour: pink")
    stale = run(built_book, "status").stdout
    assert "the colour of Kettle Company: pink added; teal gone" in stale
    assert build(built_book).returncode == 0
    text = (built_book / "_build/html/notebooks/kettles.html").read_text()
    assert "--tb-teal" not in text
    assert "tb-pink" in str(page(built_book, "index.html"))


def test_a_kind_that_no_vocabulary_has_ends_the_build_with_the_nearest(built_book):
    index = built_book / "index.md"
    index.write_text(index.read_text() + "\n```{ledger-items} repy\n```\n")
    result = build(built_book)
    assert result.returncode == 1
    assert "no kind of item 'repy'. Did you mean 'reply'?" in re.sub(r"\s+", " ", result.stderr)


def _colour(book, old: str, new: str) -> None:
    path = book / PARTIES
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
