"""Tables of the comparison, of what does not say the same, and of the whole ledger."""

from __future__ import annotations

import pytest

from tallybook import tables
from tallybook.errors import UnknownId
from tallybook.ledger import questions
from tallybook.notebooks import session
from tallybook.tables import comparison, disagreements
from tallybook.tables.table import TABLE

STATISTICS = "data/statistics/kettles.yml"
COMPARISON = "data/comparison.yml"
MORE = """
- id: {name}
  measure: stores-closed
  value: {value}
  bound: {bound}
  period: {period}
  scope: {scope}
  party: {party}
  cited:
    - {{source: report, section: Repairs, as_printed: "{run}"{dated}}}
"""
MORE_THAN = {"value": "1000", "bound": "more than", "run": "more than 1,000 stores"}


@pytest.fixture
def with_pair(book):
    """The small book with another figure for the stores closed."""

    def load(name="others", **other):
        said = {"value": "3", "bound": "exact", "run": "Three plants", "period": '"2017"'}
        said |= {"scope": "the company", "party": "Kettle Company"} | other
        said["dated"] = "" if said["period"] == "unstated" else ', period_as_printed: "in 2017"'
        if said["party"] != "Kettle Company":
            said["dated"] += f", said_by: {said['party']}"
        path = book / STATISTICS
        text = MORE.format(name=name, **said)
        path.write_text(path.read_text() + text)
        return session.load(book)

    return load


def rows(table) -> list[list[str]]:
    data = table._repr_mimebundle_()[TABLE]
    return [[words(cell) for cell in row] for row in data["rows"]]


def words(cell) -> str:
    lines = cell.get("lines", [[cell]])
    return " / ".join("".join(piece["text"] for piece in line) for line in lines)


def named(table) -> set[str]:
    data = table._repr_mimebundle_()[TABLE]
    pieces = [
        piece
        for row in data["rows"]
        for cell in row
        for line in cell.get("lines", [[cell]])
        for piece in line
    ]
    return {
        value for piece in pieces for kind, value in piece.items() if kind not in ("of", "text")
    }


def test_an_ask_stands_above_its_answers_with_their_figures_and_events(ledger):
    table = tables.statements_under(ledger, "repair-more")
    ask, answer = rows(table)
    assert ask[0] == "Repair more / demand"
    assert ask[2] == "no figure"
    assert answer[2] == "plants that repair: three / The plant in Bea opens, 6 June 2017"
    assert answer[3] == "Kettle Company / report, Repairs"
    assert table.note == "Where a row does not say otherwise, a document itself makes its link."
    assert named(table) - {"report"} == {
        "repair-more", "plants-repair", "repair-plants", "plant-opened"
    }  # fmt: skip
    assert table.anchors == ["item-repair-more", "item-plants-repair"]


def test_an_inferred_tie_says_so_with_its_reason(edit, book):
    edit(COMPARISON, "basis: stated", "basis: inferred, because: Both are on plants.")
    table = tables.statements_under(session.load(book), "repair-more")
    assert rows(table)[1][1].endswith(" / This link: inferred by us: Both are on plants.")


def test_a_kind_that_there_is_none_of_is_refused_with_the_nearest(ledger):
    with pytest.raises(UnknownId, match="Did you mean 'reply'"):
        tables.statements_without_figures(ledger, ["repl"])
    with pytest.raises(UnknownId, match="Did you mean 'reply'"):
        ledger.links("repl")


def test_items_without_a_figure_are_listed(ledger):
    assert [
        row[0] for row in rows(tables.statements_without_figures(ledger, ["demand", "reply"]))
    ] == ["Repair more"]


def test_statements_that_differ_stand_beside_each_other_with_the_reason(edit, book):
    edit(COMPARISON, "relation: replies to, basis: stated",
         "relation: contradicts, basis: inferred, because: As it is.")  # fmt: skip
    (row,) = rows(tables.differing_statements(session.load(book)))
    assert row[:3] == ["Plants repair", "Repair more", "As it is."]


@pytest.mark.parametrize(
    ("period", "printed", "column"),
    [
        ('"2016"', "in 2016", 0),
        ('"2017"', "in 2017", 1),
        ("2017-07", "in July 2017", 2),
        ("2017-07/..", "since July 2017", None),
        ("unstated", "", None),
    ],
)
def test_a_figure_covers_the_time_before_an_action_or_after(period, printed, column, edit, book):
    edit(COMPARISON, "kind: demand", "kind: proposal")
    edit(COMPARISON, "kind: reply", "kind: repair")
    edit(COMPARISON, "[repair-plants]", "[stores-closed-2017]")
    edit(STATISTICS, 'period: "2017"\n', f"period: {period}\n")
    given = f"      period_as_printed: {printed}\n" if printed else ""
    edit(STATISTICS, "      period_as_printed: In 2017\n", given)
    found = rows(tables.before_and_after_deeds(session.load(book)))
    if column is None:
        assert found == []
    else:
        assert ["1,000" in cell for cell in found[0][2:]] == [n == column for n in range(3)]


def test_a_time_that_is_read_from_context_says_nothing_of_before_and_after(edit, book):
    edit(COMPARISON, "kind: demand", "kind: proposal")
    edit(COMPARISON, "kind: reply", "kind: repair")
    edit(COMPARISON, "[repair-plants]", "[stores-closed-2017]")
    edit(
        STATISTICS,
        'period: "2017"\n',
        'period: "2017"\n  period_from: context\n  period_because: x\n',
    )
    edit(STATISTICS, "      period_as_printed: In 2017\n", "")
    assert rows(tables.before_and_after_deeds(session.load(book))) == []


def test_events_stand_in_the_order_of_time(real):
    dates = [row[1] for row in rows(tables.dated_events(real))]
    assert [dates[0], dates[1]] == ["2006", "2012"]
    assert len(dates) == len(real.events)


@pytest.mark.parametrize(
    ("other", "difference", "verdict"),
    [
        ({}, "Nothing but the number sets them apart.", "cannot be the same number"),
        ({"scope": "unstated"}, "Not both say what they cover.", "cannot be the same number"),
        ({"scope": "the shops"}, "They cover different things.", "cannot be the same number"),
        ({"period": "unstated"}, "Not both are dated.", "cannot be the same number"),
        ({"period": "unstated", "scope": "x"}, "They cover different things. Not both are dated.",
         "cannot be the same number"),
        ({"scope": "unstated", "period": "unstated"},
         "Not both are dated; not both say what they cover.", "cannot be the same number"),
        (MORE_THAN | {"value": "2000", "run": "more than 2,000 stores"},
         "They are worded or read differently.", "not known: their words leave it open"),
        ({"bound": "nearly", "run": "nearly 9,000 stores", "value": "9000"},
         "They are worded or read differently.", "could be the same number"),
        (MORE_THAN | {"party": "Kettle Club"}, "Another party says it.", "the same number"),
    ],
)  # fmt: skip
def test_readers_are_told_what_sets_a_pair_apart_from_its_fields(
    other, difference, verdict, with_pair
):
    (pair,) = disagreements.find(with_pair(**other))
    assert (pair.difference, pair.verdict) == (difference, verdict)
    assert pair.is_contradiction == (other == {})


def test_pairs_are_shown_by_how_much_sets_them_apart(with_pair):
    ledger = with_pair(scope="the shops", period="unstated")
    assert rows(tables.differing_figures(ledger, most=1)) == []
    (row,) = rows(tables.differing_figures(ledger, least=2))
    assert row[3:] == [
        "They cover different things. Not both are dated.",
        "cannot be the same number",
    ]


def test_a_count_is_set_against_its_list(ledger, edit, book):
    assert rows(tables.counts_and_lists(ledger))[0][1:] == ["3", "as many"]
    edit(STATISTICS, "[Ada, Bea, Cid]", "[Ada, Bea]")
    table = tables.counts_and_lists(session.load(book))
    assert rows(table)[0][1:] == ["2", "another number"]


def test_measures_that_look_alike_are_told_apart_with_a_reason(edit, book):
    fields = "unlike: [kettles-recalled]\n  unlike_because: Stores are no kettles."
    edit("data/measures.yml", "definition: Stores that the", f"{fields}\n  definition: Stores the")
    (row,) = rows(tables.unlike_measures(session.load(book)))
    assert row[2] == "Stores are no kettles."
    assert "240,000" in row[1]


def test_all_statistics_stand_in_one_table_that_can_be_sorted(ledger):
    table = tables.all_statistics(ledger)
    assert len(rows(table)) == len(ledger.statistics)
    assert table._repr_mimebundle_()[TABLE]["sortable"] is True
    assert table.anchors == ()


def test_the_account_of_the_numerals_is_a_table(real):
    found = rows(tables.coverage(real))
    assert [row[0] for row in found] == [each.short for each in real.sources.values()]
    assert all(row[4] == "0" for row in found)
    assert sum(int(row[2]) for row in rows(tables.dismissed(real))) == sum(
        dismissal.times for dismissal in real.dismissals
    )


def test_every_recommendation_ask_and_criticism_of_the_real_book_has_its_table(real):
    for item in real.items.values():
        if item.kind in ("recommendation", "ask", "criticism"):
            assert len(rows(tables.statements_under(real, item.id))) == len(
                questions.rests_on(real, item.id).parts
            )


def test_no_pair_of_the_real_book_is_a_contradiction_by_its_records_alone(real):
    assert [one for one in disagreements.find(real) if one.is_contradiction] == []


def test_a_pair_of_which_one_has_no_interval_is_not_known_to_agree(with_pair):
    ledger = with_pair(
        value="3", bound="on the order of", run="on the order of three plants", scope="the shops"
    )
    (pair,) = disagreements.find(ledger)
    assert pair.intervals == "not known"


ASK = """
- id: {name}
  kind: {kind}
  party: Kettle Club
  period: unstated
  label: {name}
  text: Say it.
  cited:
    - {{source: report, section: Repairs}}
"""


def short(book) -> list[list[list[str]]]:
    shown = tables.whole_comparison(session.load(book))._repr_mimebundle_()[TABLE]
    return [[[words(cell) for cell in row] for row in one["rows"]] for one in shown["tables"]]


def test_the_comparison_in_short_has_a_row_for_each_recommendation_and_ask(real):
    recommended, asked = tables.whole_comparison(real).tables
    assert (len(recommended.rows), len(asked.rows)) == (3, 7)
    for table in (recommended, asked):
        assert [inner.folded != "" for inner in table.inside] == [True] * len(table.rows)
        texts = [words(cell) for row in table._repr_mimebundle_()[TABLE]["rows"] for cell in row]
        assert max(len(text.split()) for text in texts) <= 20 + len(
            "A few words to name it".split()
        )
    assert [row[3] for row in rows(asked)] == [
        "points to what it does", "objects", "points to what it does", "in part",
        "points to what it does", "points to what it does", "points to what it does",
    ]  # fmt: skip


def test_beneath_a_row_opens_all_that_it_is_made_from_and_references_lead_to_the_row(real):
    recommended, _ = tables.whole_comparison(real).tables
    items = [item for item in real.items.values() if item.kind == "recommendation"]
    assert recommended.anchors == [f"item-{item.id}" for item in items]
    for item, inner in zip(items, recommended.inside, strict=True):
        opened = rows(inner)
        for name in item.later.items:
            row = next(row for row in opened if row[0].startswith(real.items[name].label))
            assert row[1].endswith(" / Said later")
            replies = [each for each in real.items.values() for k in each.links if k.to == name]
            for reply in (each for each in replies if each.kind == "response"):
                assert any(row[0].startswith(reply.label) for row in opened)
        asked = [ask for ask in real.items.values() for link in ask.links if link.to == item.id]
        for ask in (each for each in asked if each.kind == "ask"):
            row = next(row for row in opened if row[0].startswith(ask.label))
            assert " / Asked next, inferred by us: " in row[1]


def test_the_comparison_in_short_shows_what_has_no_answer_and_no_follower(book, edit):
    path = book / COMPARISON
    path.write_text(path.read_text() + ASK.format(name="repair-free", kind="proposal"))
    (recommended, (asked,)) = short(book)
    # Nobody said anything later, so that there is no column for it.
    assert recommended == [["repair-free / Say it.", "–", "no figure", "no demand"]]
    said = "Plants repair / The company answers that its plants repair kettles."
    assert asked[1:] == ["none that we see", said, "–", "plants that repair: three"]
    link = "links:\n    - {to: repair-free, relation: touches, basis: stated}\n- id: plants-repair"
    edit(COMPARISON, "- id: plants-repair", f"  {link}")
    (((*_, follower),), ((_, near, *_),)) = short(book)
    assert (follower, near) == ("Repair more", "repair-free")


def test_the_comparison_in_short_leaves_out_a_kind_that_the_book_does_not_have(book, edit):
    edit(COMPARISON, "kind: demand", "kind: doubt")
    assert short(book) == []


def test_the_comparison_in_short_takes_as_many_rows_as_there_are(book):
    path = book / COMPARISON
    more = "".join(ASK.format(name=f"ask-{n}", kind="demand") for n in range(100))
    path.write_text(path.read_text() + more)
    assert len(short(book)[0]) == 101


def test_an_item_that_answers_by_itself_does_so_whatever_else_it_belongs_to(real):
    table = tables.statements_under(real, "small-businesses-access")
    (roadshows,) = (row for row in rows(table) if "roadshows" in row[0])
    assert "This link: inferred by us" in roadshows[1]


def test_figures_of_an_answer_that_no_statement_beneath_has_stand_in_a_row_of_their_own(book, edit):
    edit(COMPARISON, "kind: demand", "kind: proposal")
    answer = 'answer: {brief: It closed stores., figures: "{stores-closed-2017} stores"}'
    edit(COMPARISON, "- id: plants-repair", f"  {answer}\n- id: plants-repair")
    (recommended,) = tables.whole_comparison(session.load(book)).tables
    *_, last = rows(recommended.inside[0])
    assert last[2] == "stores closed: more than 1,000, 2017"
    assert last[3] == "report, Overview"


def test_where_two_parties_answer_each_answer_says_whose_it_is(book):
    parties = book / "data/parties.yml"
    parties.write_text(parties.read_text() + "- name: Lid Guild\n  role: replying\n")
    path = book / COMPARISON
    second = ASK.format(name="lids-repair", kind="reply").replace("Kettle Club", "Lid Guild")
    tie = "  links:\n    - {to: repair-more, relation: replies to, basis: stated}\n"
    path.write_text(path.read_text() + second.rstrip("\n") + "\n" + tie)
    (table,) = tables.whole_comparison(session.load(book)).tables
    (row,) = table._repr_mimebundle_()[TABLE]["rows"]
    text = words(row[2])
    assert "Kettle Company: " in text
    assert "Lid Guild: " in text


def test_a_verb_behind_several_parties_is_one_of_several():
    headed = comparison._headed
    assert (
        headed("What {party} sets against it", "ITV and PHE") == "What ITV and PHE set against it"
    )
    assert headed("What {party} has said", "ITV and PHE") == "What ITV and PHE have said"
    assert headed("What {party} sets against it", "PHE") == "What PHE sets against it"
