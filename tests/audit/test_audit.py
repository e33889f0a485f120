"""The outward audit: seeded faults, each found and gone once mended, and the command."""

from __future__ import annotations

import json
import re
import shutil
from contextlib import suppress
from html import escape
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallybook.audit import html as audit_html
from tallybook.audit.audit import Auditor, audit
from tallybook.audit.files import Files
from tallybook.audit.html import CLAIMED, Claim, Prose
from tallybook.audit.references import ledger_texts
from tallybook.audit.wording import faults_in
from tallybook.charts.check import faults
from tallybook.errors import UnknownId
from tallybook.ledger.references import KINDS, Reference
from tallybook.notebooks import session
from tallybook.notebooks.book import Book
from tallybook.reading import numerals
from tests.helpers.small_site import run

SEEDED = sorted((Path(__file__).parent / "seeded").glob("*.html"))
PAGE = "notebooks/kettles.html"
SLOWER = """\
- id: repair-time-2017
  measure: repair-time
  value: 2
  bound: nearly
  period: "2017"
  scope: the company
  party: Kettle Company
  cited:
    - {source: report, section: Repairs, as_printed: nearly two weeks, period_as_printed: in 2017}
"""
SPELLED = "- name: Kettle Company\n  short: KC\n  speakers: [Ada Lid]\n"
_TWO = re.compile(r"\[\[(.*?)\|\|(.*?)\]\]", re.DOTALL)


@pytest.fixture(scope="module")
def book_texts(built):
    return ledger_texts(Book(built))


def page(path, book_texts, *, mended):
    """A seeded page as it is, or mended; what its texts take from the book is filled in."""

    def text_of(reference):
        (found,) = book_texts.texts(Reference.parse(reference))
        return found

    text = _TWO.sub(lambda found: found[2 if mended else 1], path.read_text(encoding="utf-8"))
    colophon, cite = text_of("colophon:"), text_of("cite:share-handled-2017")
    texts = {
        "{interval}": text_of("interval:share-handled-2017"),
        "{colophon}": colophon,
        "{colophon1999}": f"{colophon} 1999.",
        "{cite}": cite,
        "{cite2019}": cite.replace("(20", "(19") if "(20" in cite else f"{cite} 2019",
    }
    for name, filled in texts.items():
        text = text.replace(name, filled)
    return text


def found_on(html, built, book_texts):
    auditor = Auditor(built / "_build/html", book_texts)
    auditor.page(PAGE, html)
    return [*auditor.found.faults, *auditor.found.wording]


def test_there_are_at_least_forty_seeded_faults():
    assert len(SEEDED) >= 40
    assert all(len(_TWO.findall(path.read_text(encoding="utf-8"))) == 1 for path in SEEDED)


@pytest.mark.parametrize("path", SEEDED, ids=lambda path: path.stem)
def test_a_seeded_fault_is_found_and_gone_once_mended(path, built, book_texts):
    assert found_on(page(path, book_texts, mended=False), built, book_texts)
    assert found_on(page(path, book_texts, mended=True), built, book_texts) == []


def test_a_fault_is_told_with_page_line_and_words_around(built, book_texts):
    html = page(SEEDED[0].parent / "a-typed-percentage.html", book_texts, mended=False)
    (fault,) = found_on(html, built, book_texts)
    assert str(fault).startswith(f"{PAGE}:12: '97' comes from no record: “")
    assert "The Kettle Company handled 97% of requests" in str(fault)


MALFORMED = [
    "run:x", "there:x", "words:", "printed:share-handled-2017:999999", "count:", "", "a" * 200_000,
    "printed:share-handled-2017:٣", "words:stores-closed-2018", "count:dismissed:x", "ticks",
    "count:audited:kettle-report-2018:left", "run:scope:share-handled-2017:0", "word:x",
]  # fmt: skip


@pytest.mark.parametrize("reference", MALFORMED, ids=lambda text: text[:40] or "empty")
@pytest.mark.parametrize("text", ["97%", "Kettles"])
def test_a_reference_to_nothing_is_a_fault_with_page_and_line(reference, text, built, book_texts):
    html = f'<html>\n<p><b data-of="{reference}">{text}</b></p>'
    faults = found_on(html, built, book_texts)
    assert all(str(fault).startswith(f"{PAGE}:2: ") for fault in faults)
    assert any("reference" in str(fault) or "claims to be" in str(fault) for fault in faults)
    assert all(len(str(fault)) < 400 for fault in faults)


def test_a_malformed_reference_within_a_text_that_is_claimed_is_a_fault(built, book_texts):
    words = '<b data-of="words:share-handled-2017"><i data-of="run:x">97%</i></b>'
    (fault,) = found_on(f"<p>{words}</p>", built, book_texts)
    expected = "'run:x' is no reference: expected run:{field}:{id}:{place}; remove _build"
    assert str(fault).startswith(f"{PAGE}:1: {expected}")


def test_a_description_with_a_malformed_reference_is_a_fault(built, book_texts):
    html = '<meta name="description" data-of="run:x" content="97% of requests"><p>97% of requests'
    reasons = [str(fault) for fault in found_on(html, built, book_texts)]
    assert any("'run:x' is no reference: expected run:{field}:{id}:{place}" in r for r in reasons)


@given(reference=st.text(), text=st.text())
def test_whatever_claims_anything_is_compared_or_a_fault(reference, text, built, book_texts):
    shown = f'<p><b data-of="{escape(reference)}">{escape(text)}</b></p>'
    faults = found_on(shown, built, book_texts)
    assert faults or reference in ("title:", "made-of:")


def test_each_kind_has_texts_of_each_id_or_says_that_there_are_none(book_texts):
    ledger = book_texts.ledger
    ids = [*(getattr(each, "id", "") for each in ledger.records()), *ledger.published]
    parts = {"id": ids, "place": (0, 9), "field": ("period", "claimed", *ledger.subjects, "x")}
    parts["other"] = ids
    found = set()
    for kind, form in KINDS.items():
        names = [name for name in parts if f"{{{name}}}" in form]
        for values in product(*(filter(lambda part: part != "", parts[name]) for name in names)):
            with suppress(UnknownId):
                assert book_texts.texts(Reference(kind, **dict(zip(names, values, strict=True))))
                found.add(kind)
    assert {"words", "printed", "run", "period", "source", "count", "id", "cite"} <= found


def test_the_site_of_a_fresh_book_has_no_fault(built):
    account = audit(built / "_build/html", Book(built))
    assert (account.faults, account.wording) == ([], [])
    assert account.total > 200
    assert len(account.figures) == 7


def test_the_site_of_this_book_has_no_fault(site):
    account = audit(site, Book(site.parent.parent))
    assert (account.faults, account.wording) == ([], [])


FILES = {
    "data/ledger.csv": ("240000", "240001"),
    "data/derived.csv": ("333", "334"),
    "data/ledger.json": ("97", "98"),
    "data/citations.csv": ("42%", "43%"),
    "data/measures.csv": ("100", "101"),
    "data/sources.csv": ("unstated", "2018"),
    "data/ledger.schema.json": ("draft/2020-12", "draft/2020-13"),
    "data/datapackage.json": ("exact", "97% exact"),
    "charts/chart-kettles-1.csv": ("1000", "1001"),
    "charts/chart-kettles-1.svg": ("more than 1,000", "more than 1,001"),
    "charts/chart-kettles-1.vl.json": ("1000.0", "1001.0"),
    "charts/chart-kettles-1.js": ("more than 1,000", "more than 1,001"),
    "_static/search-index.js": ("more than 1,000", "more than 1,001"),
    "_static/names.js": ("[]", '[["97%"]]'),
    "_sources/index.md": ("#", "# 97%"),
    "_static/tallybook.css": ("}", '} p::after { content: "97%" }'),
    "_static/tables.js": ("use strict", 'use strict"; const share = "97%'),
}


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_found(name, built_book, book_texts):
    site = built_book / "_build/html"
    pages = {
        path.relative_to(site).as_posix(): audit_html.read(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }
    assert list(Files(site, book_texts, pages).examine(name)) == []
    old, new = FILES[name]
    text = (site / name).read_text(encoding="utf-8")
    assert old in text
    (site / name).write_text(text.replace(old, new), encoding="utf-8")
    assert list(Files(site, book_texts, pages).examine(name))


@pytest.mark.parametrize("name", ["more.txt", "data/more.json", "stat/97.svg", ".more"])
def test_a_file_that_is_not_the_books_is_read_as_text(name, built_book, book_texts):
    site = built_book / "_build/html"
    (site / name).write_text("<svg><text>97% of requests</text></svg>", encoding="utf-8")
    assert list(Files(site, book_texts, {}).examine(name))


SPECS = {
    "another figure's number": lambda spec: _row(spec).update(value=7.0),
    "another party": lambda spec: _row(spec).update(party="Kettle Club"),
    "other words": lambda spec: _row(spec).update(words="more than 2,000"),
    "no id": lambda spec: _row(spec).pop("id"),
    "an id of no record": lambda spec: _row(spec).update(id="stores-closed-2018"),
    "an open end that is closed": lambda spec: _row(spec).update(high=1200.0),
    "another bound": lambda spec: _row(spec).update(bound="exact"),
    "another unit": lambda spec: _row(spec).update(unit="shops"),
    "another period": lambda spec: _row(spec).update(period="2016"),
    "another first day": lambda spec: _row(spec).update(start="2016-01-01T00:00:00"),
    "another document": lambda spec: _row(spec).update(source="another"),
    "the id of another record": lambda spec: _row(spec).update(id="kettles-recalled-2017"),
    "a typed description": lambda spec: spec.update(description="97% of stores"),
    "a typed label": lambda spec: _row(spec).update(label="Stores in 2019"),
    "a field of its own": lambda spec: (
        _row(spec).update(share=97),
        spec["layer"][1]["encoding"]["x"].update(field="share"),
    ),
    "a typed mark": lambda spec: spec["layer"].append(
        {"mark": "text", "encoding": {"text": {"value": "97%"}}}
    ),
    "a typed title": lambda spec: spec.update(title="97% of stores"),
    "a title that says it cites": lambda spec: spec.update(
        title="97%",
        usermeta={
            "tallybook": {"told": {"97%": [{"of": "words:stores-closed-2017", "text": "97%"}]}}
        },
    ),
    "a title with a typed piece": lambda spec: spec.update(
        title="97%",
        usermeta={"tallybook": {"told": {"97%": ["97%"]}}},
    ),
    "no rows": lambda spec: spec.update(datasets={}),
}


def _row(spec):
    return next(iter(spec["datasets"].values()))[0]


@pytest.mark.parametrize("fault", SPECS)
def test_a_chart_that_shows_what_no_record_has_is_found(fault, built, book_texts):
    path = built / "_build/html/charts/chart-kettles-1.vl.json"
    spec = json.loads(path.read_text(encoding="utf-8"))
    assert list(faults(spec, book_texts.ledger)) == []
    SPECS[fault](spec)
    assert list(faults(spec, book_texts.ledger))


def test_a_numeral_that_is_typed_into_the_data_is_found_with_its_place(built, tmp_path):
    book = Path(shutil.copytree(built, tmp_path / "kettles"))
    events = book / "data/events.yml"
    text = events.read_text(encoding="utf-8")
    events.write_text(text.replace("The plant in Bea", "Seven plants"), encoding="utf-8")
    result = run(book, "run")
    assert result.returncode == 0, result.stderr
    result = run(book, "audit")
    assert result.returncode == 1
    assert "data/events.yml:2:10: label types the numeral 'Seven'; " in result.stderr
    # And at no other place, for pages repeat it.
    assert result.stderr.count("'Seven'") == 1


def test_the_command_accounts_for_a_site_or_says_that_there_is_none(built, tmp_path):
    result = run(built, "audit")
    assert result.returncode == 0
    assert "Each comes from the ledger" in result.stdout
    result = run(built, "audit", str(tmp_path))
    assert result.returncode == 1
    assert "no built site" in result.stderr


@given(st.text())
def test_any_text_is_a_page(text):
    reading = audit_html.read(text)
    assert isinstance(reading.text, str)


@given(st.text(alphabet=st.sampled_from("one two half 9½第.,-'’\n\u200b") | st.characters()))
def test_what_is_passed_over_quickly_holds_no_numeral(text):
    assert numerals.has_numeral(text) == any(True for _ in numerals.find(text))


@pytest.mark.parametrize(
    ("words", "is_fault"),
    [
        ("By Alibaba, arrests rose from {} to {}.", True),
        ("Alibaba arrested {}, more than the {}.", True),
        ("By Alibaba, {} in one document and {} in another.", False),
        ("By Alibaba, {} outnumber {}, of which the period is not stated.", False),
    ],
)
def test_figures_of_different_times_are_compared_with_a_reason(words, is_fault):
    ledger = session.load(Path(__file__).parents[2])
    ids = ("arrests-rebuttal", "arrests-2017")
    claims = tuple(Claim(ledger.figure(name).words, 1, 1, Reference("words", name)) for name in ids)
    found = list(faults_in(Prose(words.format(CLAIMED, CLAIMED), claims, 1), ledger))
    assert bool(found) == is_fault


@pytest.mark.parametrize(
    ("words", "is_fault"),
    [
        ("The company repaired in {} in {}, less than the {} in {}.", False),
        ("The company repaired in {} in {}, less than the {}.", True),
        ("The company repaired in {} in {}. That is less than the {} than the {}.", True),
    ],
)
def test_a_comparison_says_the_period_of_each_figure(words, is_fault, edit, book):
    edit("data/statistics/kettles.yml", "- id: repair-time-2016", f"{SLOWER}- id: repair-time-2016")
    ledger = session.load(book)
    ids = ("repair-time-2016", "repair-time-2017")
    of = [(kind, wanted) for wanted in ids for kind in ("words", "period")]
    of = of if words.count("{}") == 4 else [*of[:3]]
    if "That is" in words:
        of = [*of[:2], ("words", ids[0]), ("words", ids[1])]
    texts = {"words": lambda wanted: ledger.figure(wanted).words, "period": ledger.period}
    claims = tuple(Claim(str(texts[k](i)), 1, 1, Reference(k, i)) for k, i in of)
    prose = Prose(words.format(*[CLAIMED] * len(claims)), claims, 1)
    found = [each for each in faults_in(prose, ledger) if "are compared" in each]
    assert bool(found) == is_fault


@pytest.mark.parametrize("said", ["The Kettle Company", "KC", "Its head, Ada Lid,", "Its report"])
def test_who_states_a_figure_is_named_by_any_of_its_names(said, edit, book):
    edit("data/parties.yml", "- name: Kettle Company\n", SPELLED)
    ledger, wanted = session.load(book), "share-handled-2017"
    claims = (Claim(ledger.figure(wanted).words, 1, 1, Reference("words", wanted)),)
    named, unnamed = (Prose(f"{who} says {CLAIMED}.", claims, 1) for who in (said, "Its rival"))
    assert not [*faults_in(named, ledger)]
    assert "nobody is named" in next(faults_in(unnamed, ledger))


def test_a_name_with_an_apostrophe_is_found_as_pages_print_it(edit, book):
    spelled = SPELLED.replace("short: KC", "short: Lid's")
    edit("data/parties.yml", "- name: Kettle Company\n", spelled)
    ledger, wanted = session.load(book), "share-handled-2017"
    claims = (Claim(ledger.figure(wanted).words, 1, 1, Reference("words", wanted)),)
    assert not [*faults_in(Prose(f"Lid’s says {CLAIMED}.", claims, 1), ledger)]
