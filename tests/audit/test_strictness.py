"""How strict the audit is: what each mode lets stand, and what stops a site in all of them."""

from __future__ import annotations

import json

import pytest

from tallybook.audit.audit import Auditor, refused
from tallybook.audit.references import ledger_texts
from tallybook.notebooks import settings_check
from tallybook.notebooks.book import Book
from tests.helpers.extra_pages import add, code, words
from tests.helpers.small_site import page, run

PROSE = "Under Lot A, Studio 301, 24 kettles, 96%, $5 and $b = 45 c$ in 3 chapters."


def set_mode(book, mode):
    path = book / "_config.yml"
    text = path.read_text(encoding="utf-8").split("tallybook_audit")[0]
    text = text.replace("tallybook.sphinx_ext]}", "tallybook.sphinx_ext], config: {")
    path.write_text(f"{text}tallybook_audit: {mode}}}}}\n", encoding="utf-8")


def found_on(book, html):
    auditor = Auditor(book / "_build/html", ledger_texts(Book(book)))
    auditor.page("notebooks/kettles.html", html)
    return auditor.found


def typed_in(lines):
    return [line.split("'")[1] for line in lines if "comes from no record" in line]


def test_figures_are_looked_at_beside_units_and_measures_and_in_what_notebooks_show(built_book):
    set_mode(built_book, "figures")
    add(built_book, words("In Studio 302, 7 plants."), code("print(f\"{'12'} laps\")"), page=PROSE)
    told = run(built_book, "build")
    assert told.returncode == 1
    assert typed_in(told.stderr.splitlines()) == ["7", "12", "24", "5", "96"]


def test_a_report_tells_all_faults_and_the_site_is_published_and_says_so(built_book):
    set_mode(built_book, "report")
    add(built_book, page=PROSE)
    told = run(built_book, "build")
    assert told.returncode == 0, told.stderr
    assert typed_in(told.stderr.splitlines()) == ["24", "3", "301", "45", "5", "96"]
    assert "6 faults reported, which may stand" in told.stdout
    site = built_book / "_build/html"
    assert json.loads((site / "made-of.json").read_text())["audit"] == "report"
    assert "Audit (report): what is linked to a record" in page(built_book, "index.html").text
    assert run(built_book, "audit").returncode == 1


def test_of_many_faults_that_may_stand_a_build_tells_the_first_and_how_many_more(built_book):
    set_mode(built_book, "report")
    add(built_book, *[words(f"In Studio {number}.") for number in range(301, 326)])
    told = run(built_book, "build")
    assert told.returncode == 0, told.stderr
    assert len(typed_in(told.stderr.splitlines())) == 20
    assert "and 5 more, which `tallybook audit` lists" in told.stderr
    assert len(typed_in(run(built_book, "audit").stderr.splitlines())) == 25


@pytest.mark.parametrize("mode", ["strict", "figures", "report"])
def test_a_claim_that_is_not_the_ledgers_stops_the_site_in_each_mode(mode, built_book):
    set_mode(built_book, mode)
    claimed = '<p>Stores: <b data-of="words:stores-closed-2017">more than 9</b>, by 301 laws</p>'
    account = found_on(built_book, claimed)
    assert any("is not what the ledger has" in line for line in refused(account))
    typed = "'301' comes from no record"
    assert any(typed in str(each) for each in account.stopping) == (mode == "strict")
    assert any(typed in str(each) for each in account.faults) == (mode != "figures")


def test_a_site_that_says_another_mode_than_the_books_is_refused(built_book):
    set_mode(built_book, "report")
    html = (built_book / "_build/html/index.html").read_text(encoding="utf-8")
    (fault,) = found_on(built_book, html).stopping
    assert "it says 'strict' of the audit, which is 'report'" in str(fault)


def test_a_mode_that_is_none_is_told_with_the_choices(built_book):
    set_mode(built_book, "lax")
    (problem,) = settings_check.problems(built_book)
    assert "expected strict, figures or report, found lax" in str(problem)
