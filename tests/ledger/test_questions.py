"""What a ledger is asked, from Python and from the command line."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import tallybook
from tallybook.cli import show as show_module
from tallybook.cli.main import cli
from tallybook.errors import BadQuestion, UnknownId
from tallybook.ledger import questions
from tallybook.notebooks import session
from tallybook.site import pages
from tallybook.tables.table import CHART, DERIVED, TABLE

STATISTICS = "data/statistics/kettles.yml"
COMPARISON = "data/comparison.yml"
# A second figure of the measure of stores, in the report's other section.
OTHER_STORES = """
- id: stores-closed-early
  measure: stores-closed
  value: 3
  bound: exact
  period: unstated
  scope: the company's own stores
  party: Kettle Company
  cited:
    - {source: report, section: Repairs, as_printed: Three plants}
"""


@pytest.fixture
def with_more(book):
    path = book / STATISTICS
    path.write_text(path.read_text() + OTHER_STORES)
    return session.load(book)


def ids(records) -> list[str]:
    return [record.id for record in records]


def test_all_statistics_are_given_in_the_order_of_the_documents(ledger):
    assert ids(questions.select(ledger)) == [
        "kettles-recalled-2017", "share-handled-2017", "stores-closed-2017",
        "repair-plants", "repair-time-2016", "requests-decline-2017",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"measure": "repair-time"}, ["repair-time-2016"]),
        ({"period": "2016"}, ["repair-time-2016"]),
        ({"period": "2015/2016-02"}, ["repair-time-2016"]),
        ({"period": "unstated"}, ["repair-plants"]),
        ({"period": "2018/.."}, []),
        ({"scope": "COMPANY", "period": "2016"}, ["repair-time-2016"]),
        ({"scope": "lids"}, []),
        ({"party": "kettle company", "measure": "repair-time"}, ["repair-time-2016"]),
        ({"source": "report", "measure": "repair-time"}, ["repair-time-2016"]),
    ],
)
def test_only_statistics_for_which_all_holds_are_given(ledger, asked, found):
    assert ids(questions.select(ledger, **asked)) == found


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"measure": "repair-tme"}, "no measure 'repair-tme'. Did you mean 'repair-time'?"),
        ({"source": "reprot"}, "no source 'reprot'. Did you mean 'report'?"),
        ({"party": "Kettel Company"}, "no party 'Kettel Company'. Did you mean 'Kettle Company'?"),
        ({"period": "last year"}, "'last year' is no date"),
    ],
)
def test_a_question_about_nothing_says_what_there_is(ledger, asked, message):
    with pytest.raises((UnknownId, BadQuestion), match=message.replace(".", r"\.").split("?")[0]):
        questions.select(ledger, **asked)


def test_statistics_of_one_measure_that_differ_are_paired_with_the_fields(with_more):
    (found,) = questions.differences(with_more)
    assert (found.first.id, found.second.id) == ("stores-closed-2017", "stores-closed-early")
    assert found.fields == ("value", "bound", "period", "scope")


@pytest.mark.usefixtures("with_more")
def test_the_order_of_a_list_is_no_difference(book):
    twice = OTHER_STORES.replace("stores-closed-early", "stores-again") + "  note: again\n"
    for name, members in (("early", "[Ada, Bea]"), ("again", "[Bea, Ada]")):
        twice = twice.replace("scope: the", f"members: {members}\n  scope: {name} the", 1)
    path = book / STATISTICS
    text = path.read_text().replace(
        "scope: the company's own", "members: [Ada, Bea]\n  scope: the company's own"
    )
    path.write_text(text + twice.replace("  note: again\n", ""))
    pairs = {frozenset((d.first.id, d.second.id)): d.fields for d in _differences(book)}
    assert "members" not in pairs[frozenset(("stores-closed-early", "stores-again"))]


def _differences(book):
    return questions.differences(session.load(book))


def test_differences_of_an_unknown_measure_are_refused(ledger):
    with pytest.raises(UnknownId, match="Did you mean 'stores-closed'"):
        questions.differences(ledger, "stores-close")


def test_an_ask_rests_on_what_answers_it(ledger):
    basis = questions.rests_on(ledger, "repair-more")
    assert [support.item.id for support in basis.parts] == ["repair-more", "plants-repair"]
    assert [support.link and support.link.relation for support in basis.parts] == [
        None,
        "replies to",
    ]
    assert ids(basis.statistics) == ["repair-plants"]
    assert ids(basis.events) == ["plant-opened"]
    assert basis.linked == []


def test_other_links_tie_and_carry_no_figures(edit, book):
    edit(COMPARISON, "relation: replies to", "relation: touches")
    basis = questions.rests_on(session.load(book), "repair-more")
    assert basis.statistics == []
    assert [support.item.id for support in basis.linked] == ["plants-repair"]


def test_items_that_belong_to_each_other_in_a_ring_are_given_once(edit, book):
    ring = "  links:\n    - {to: plants-repair, relation: is part of, basis: stated}\n"
    edit(COMPARISON, "- id: plants-repair", f"{ring}- id: plants-repair")
    basis = questions.rests_on(session.load(book), "repair-more")
    assert [support.item.id for support in basis.parts] == ["repair-more", "plants-repair"]


def test_statements_without_a_figure_are_named(ledger):
    assert ids(questions.without_figures(ledger, "repair-more")) == ["repair-more"]
    assert ids(questions.without_figures(ledger, "plants-repair")) == []


def test_a_statistic_knows_the_items_that_name_it(ledger):
    assert ids(questions.used_by(ledger, "repair-plants")) == ["plants-repair"]
    assert questions.used_by(ledger, "repair-time-2016") == []


def test_every_question_is_there_for_notebooks(ledger):
    assert ids(tallybook.select(ledger, measure="repair-time")) == ["repair-time-2016"]
    assert questions.differences(ledger) == []
    assert questions.rests_on(ledger, "repair-more").parts
    assert questions.without_figures(ledger, "repair-more")


def test_pages_show_what_prose_lists_tables_and_charts_cite(book, ledger):
    (book / "book").mkdir(exist_ok=True)
    (book / "book" / "a.md").write_text(
        "{stat}`repair-plants` in {period}`plant-opened`\n\n```{ledger-items} demand\n```\n"
    )
    (book / "_toc.yml").write_text("root: book/a\nparts: [{chapters: [{file: notebooks/b}]}]\n")
    cell = {
        "cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": 1,
        "outputs": [_output({TABLE: {"rows": [[{"figure": "requests-decline-2017"}]]}}),
                    _output({TABLE: {"rows": [[{"figure": "x"}]], "anchors": ["figure-x"]}}),
                    _output({CHART: {"datasets": {"d": [{"id": "repair-time-2016"}]}}}),
                    _output({DERIVED: [{"id": "new", "inputs": ["share-handled-2017"]}]})],
    }  # fmt: skip
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (book / "notebooks").mkdir(exist_ok=True)
    (book / "notebooks" / "b.ipynb").write_text(json.dumps(notebook))
    markdown, executed = pages.read(ledger)
    assert markdown.shown == {"repair-plants", "plant-opened", "repair-more"}
    assert executed.shown == {"requests-decline-2017", "repair-time-2016"}
    assert [page.path for page in pages.that_show([markdown, executed], "share-handled-2017")] == [
        "notebooks/b.ipynb"
    ]


def _output(data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


def show(book, *arguments: str) -> tuple[int, str]:
    # Where a book has its documents, a source is shown in their order.
    documents = book / "documents"
    if documents.is_dir() and "--sources" not in arguments:
        documents.rename(book / "elsewhere")
    result = CliRunner().invoke(
        cli, ["--book", str(book), "show", *arguments], env={"TALLYBOOK_SOURCES": ""}
    )
    assert not result.exception or isinstance(result.exception, SystemExit | UnknownId)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        ("repair-plants", [
            "  interval: exactly 3 plants", "  reply plants-repair: Plants repair",
            ]),
        ("repair-time", ["1 statistic"]),
        ("repair-more", ["Events:", "  plant-opened: The plant in Bea opens, 6 June 2017"]),
        ("plant-opened", ["  6 June 2017 · says Kettle Company", "Named by:"]),
        ("kettles", ["6 statistics"]),
        ("report", ["Repairs:"]),
    ],
)  # fmt: skip
def test_an_id_of_any_kind_is_shown(book, wanted, lines):
    code, output = show(book, wanted)
    assert code == 0
    for line in lines:
        assert line in output.splitlines()


def test_a_source_is_shown_in_the_order_of_its_document(book):
    _, output = show(book, "--source", "report", "--sources", str(book / "documents"))
    section = output.split("Overview:\n")[1].split("\n\n")[0]
    places = [line.split()[0] for line in section.splitlines()]
    assert places == sorted(places, key=lambda place: tuple(map(int, place.split(":"))))
    assert "dismissed: page or list number" in output
    assert "14:1  “Page 9”" in output


def test_a_section_with_nothing_in_it_says_so(edit, book):
    edit(
        "data/sources.yml",
        'opens: "## Repairs"}',
        'opens: "## Repairs"}\n    - {name: End, opens: "Page 9"}',
    )
    edit("data/dismissed.yml", "section: Repairs\n  run: Page 9", "section: End\n  run: Page 9")
    code, output = show(book, "report")
    assert (code, "End:\n  “Page 9”" in output) == (0, True)
    edit("data/dismissed.yml", "section: End\n  run: Page 9", "section: Repairs\n  run: in 2017")
    assert "End:\n  nothing recorded" in show(book, "report")[1]


@pytest.mark.usefixtures("with_more")
def test_pairs_that_differ_are_shown_with_both_values(book):
    for arguments in (["--measure", "stores-closed"], ["--differences"]):
        _, output = show(book, *arguments)
        assert "value 1000 | 3; bound more than | exact; period 2017 | unstated" in output


@pytest.mark.parametrize(
    "arguments", [(), ("repair-plants", "--differences"), ("x", "--party", "y")]
)
def test_a_call_that_asks_nothing_or_two_things_is_a_usage_error(book, arguments):
    code, output = show(book, *arguments)
    assert (code, "name an id or a subject, or what to look for by options" in output) == (2, True)


def test_an_unknown_id_is_answered_with_the_nearest(book):
    result = CliRunner().invoke(cli, ["--book", str(book), "show", "repair-plant"])
    assert (
        str(result.exception)
        == "no record or subject 'repair-plant'. Did you mean 'repair-plants'?"
    )


def test_the_real_book_answers_for_every_record(real, monkeypatch):
    read = pages.read(real)
    monkeypatch.setattr(pages, "read", lambda _: read)
    wanted = [record.id for record in real.records() if hasattr(record, "id")]
    small = [name for name in wanted if name not in real.statistics] + list(real.statistics)[::20]
    for name in small:
        lines = list(show_module.anything(real, name, {}))
        assert name in lines[0]
        assert all(isinstance(line, str) for line in lines)


def test_the_figures_that_look_alike_are_told_apart(real):
    def fields(measure: str) -> set[frozenset[str]]:
        return {frozenset(d.fields) for d in questions.differences(real, measure)}

    assert fields("marketsafe-removals") == {frozenset({"period"})}
    assert fields("takedown-requests-decline") == {frozenset({"compared_with"})}
    assert frozenset({"of", "condition", "period"}) <= frozenset().union(
        *fields("requests-handled-in-time")
    )
    assert frozenset({"value", "period", "scope", "of"}) in fields("removed-before-sale")


@pytest.mark.parametrize("kind", ["ask", "criticism", "recommendation"])
def test_each_ask_and_recommendation_of_the_real_book_has_its_answers(real, kind):
    bare = [
        item.id
        for item in real.items.values()
        if item.kind == kind and len(questions.rests_on(real, item.id).parts) == 1
    ]
    # Named by articles; no answer to them, one by one, is on record.
    unanswered = {f"{name}-2016" for name in ("obstacles", "refusals", "denials", "error-messages")}
    unanswered |= {"concerns-before-listing"}
    assert set(bare) == (unanswered if kind == "criticism" else set())


@pytest.mark.parametrize("arguments", [["report"], ["--source", "report"]])
def test_documents_that_are_not_there_or_have_changed_are_said_and_not_passed_over(arguments, book):
    runner, given = CliRunner(), ["--book", str(book), "show", *arguments, "--sources"]
    result = runner.invoke(cli, [*given, str(book / "nowhere")])
    assert "nowhere: expected the folder of the source documents here" in str(result.exception)
    path = book / "documents/report.txt"
    path.write_text(path.read_text() + "more")
    result = runner.invoke(cli, [*given, str(book / "documents")])
    assert "has changed since its figures were read" in str(result.exception)
