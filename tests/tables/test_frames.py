"""Data frames as tables: what pandas makes of a frame stays the ledger's, and is linked."""

from __future__ import annotations

import pandas as pd
import pytest

import tallybook
from tallybook.errors import BadOutput, UnknownId
from tallybook.ledger.ledger import remembered
from tallybook.notebooks import display, session
from tallybook.tables import frame as table
from tallybook.tables.table import given, piece

STORES, RECALLED, TIME = "stores-closed-2017", "kettles-recalled-2017", "repair-time-2016"
OURS = "A count of our own"


@pytest.fixture(scope="module")
def ledger():
    return session.load("tests/books/kettles")


@pytest.fixture
def kettles(ledger):
    return ledger.frame("kettles")


def cells(shown):
    """The cells of a table, each as its one piece or its lines."""
    return [[each if isinstance(each, list) else piece(each) for each in row] for row in shown.rows]


def ids(shown):
    """The ids of the figures that a table shows, row by row."""
    pieces = (each for row in shown.rows for each in row if isinstance(each, dict))
    return [each["figure"] for each in pieces if "figure" in each]


def refused(*given, **options):
    with pytest.raises(BadOutput) as error:
        table(*given, **options)
    return str(error.value)


# What keeps its ids


def test_of_a_whole_frame_readers_see_what_they_need_first(kettles):
    shown = table(kettles)
    assert shown.columns == ["What", "Figure", "Who says so", "Period", "Scope"]
    assert ids(shown) == kettles["id"].to_list()


@pytest.mark.parametrize(
    "changed",
    [
        lambda f: f[f["value"] > 90].sort_values("value"),
        lambda f: f.set_index("id"),
        lambda f: pd.concat([f.head(2), f.tail(1)]),
        lambda f: f.groupby("period").first(),
        lambda f: f.merge(pd.DataFrame({"party": ["Kettle Company"], "mine": ["a"]})),
        lambda f: f.drop_duplicates("party"),
        lambda f: f.query("period == '2017'").reset_index(drop=True),
        lambda f: f.assign(mine="text").set_index("mine"),
        lambda f: f.iloc[0],
    ],
)
def test_what_pandas_does_with_a_frame_leaves_its_figures_linked(changed, kettles):
    rows = changed(kettles)
    wanted = [rows["id"]] if rows.ndim == 1 else rows.reset_index()["id"].to_list()
    assert ids(table(rows)) == wanted


def test_columns_are_shown_in_the_order_in_which_an_author_selects_them(kettles):
    shown = table(kettles[["low", "id", "high", "bound", "unit", "measure", "source"]].iloc[[2]])
    assert shown.columns == ["Lowest", "Figure", "Highest", "Bound", "Unit", "Measure", "Source"]
    assert cells(shown) == [
        [
            {"of": f"low:{STORES}", "text": "1,000"},
            {"figure": STORES, "text": "more than 1,000"},
            {"text": "no upper end"},
            {"text": "more than"},
            {"text": "stores"},
            {"text": "stores closed"},
            [[{"source": "report", "text": "report"}]],
        ]
    ]


def test_a_mapping_names_columns_and_their_heads(kettles):
    shown = table(kettles.set_index("id"), columns={"period": "When", "value": "How many"})
    assert shown.columns == ["When", "How many"]
    assert cells(shown)[2][0] == {"of": f"periods:{STORES}", "text": "2017"}
    assert ids(shown) == kettles["id"].to_list()


def test_a_column_that_is_not_there_is_named_with_the_nearest(kettles):
    assert "no column 'perod'. Did you mean 'period'?" in refused(kettles, columns=["perod"])


def test_a_renamed_column_is_still_the_ledgers(kettles):
    renamed = kettles.rename(columns={"value": "Stores", "high": "At most", "period": "When"})
    shown = table(renamed[["id", "Stores", "At most", "When"]].iloc[[1]])
    assert shown.columns == ["Stores", "At most", "When"]
    assert [each.get("of") for each in cells(shown)[0]] == [
        None, "high:share-handled-2017", "periods:share-handled-2017",
    ]  # fmt: skip


def test_two_figures_that_a_merge_puts_into_a_row_keep_their_own_words(kettles):
    both = kettles.merge(kettles, on="party", suffixes=("", "_other"))
    both = both[(both["id"] == STORES) & (both["id_other"] == TIME)]
    shown = table(both[["id", "words", "party", "words_other", "id_other"]])
    assert shown.columns == ["Figure", "Who says so", "Figure, other"]
    assert ids(shown) == [STORES, TIME]
    mixed = both.assign(words_other=both["words"])
    assert f"row of '{TIME}' has 'more than 1,000' for words" in refused(mixed)


def test_a_row_without_a_figure_in_an_outer_join_has_empty_cells(kettles):
    parts = pd.DataFrame({"id": [STORES, None], "mine": ["closed", "opened"]})
    shown = table(parts.merge(kettles[["id", "words"]], how="left"))
    assert [[each["text"] for each in row] for row in cells(shown)] == [
        ["closed", "more than 1,000"],
        ["opened", "–"],
    ]


def test_a_pivot_of_ids_shows_their_figures_below_heads_of_the_ledger(kettles):
    shown = table(kettles.pivot(index="label", columns="period", values="id"))
    assert shown.columns == ["What", "2016", "2017", "no period stated"]
    assert sorted(ids(shown)) == sorted(kettles["id"])
    share = next(row for row in cells(shown) if "24 hours" in row[0]["text"])
    assert share[0]["of"] == "label:share-handled-2017"
    assert share[1] == {"text": "–"}


def test_levels_of_a_pivot_become_one_head_or_columns_each(kettles):
    by = ["measure", "party"]
    shown = table(kettles.pivot(index=by, columns="period", values=["id", "unit"]).iloc[[0]])
    assert shown.columns[:4] == ["Measure", "Who says so", "Figure, 2016", "Figure, 2017"]
    alone = table(kettles.pivot(index=by, columns="period", values=["id"]).iloc[[0]])
    assert sorted(alone.columns[2:]) == ["2016", "2017", "no period stated"]


def test_a_head_of_a_pivot_is_the_ledgers_also_where_it_has_numerals(kettles):
    by_scope = kettles.assign(scope=kettles["scope"].where(kettles["unit"] != "plants", ""))
    shown = table(by_scope.pivot(index="label", columns="scope", values="id"))
    assert sorted(piece(each)["text"] for each in shown.columns) == [
        "What", "the company", "the company; against 2016", "the company; of all requests", "–",
    ]  # fmt: skip
    lists = kettles.pivot_table(index="period", columns="label", values="id", aggfunc=list)
    heads = [each for each in table(lists).columns if isinstance(each, dict)]
    assert heads == [{"of": "label:share-handled-2017", "text": heads[0]["text"]}]


def test_a_list_of_ids_in_a_cell_is_a_line_for_each(kettles):
    lists = kettles.pivot_table(index="period", columns="party", values="id", aggfunc=list)
    (in_2016, in_2017, _) = table(lists).rows
    assert in_2016[1] == [[{"figure": TIME, "text": "nearly two weeks"}]]
    assert len(in_2017[1]) == 4


def test_a_series_with_ids_for_an_index_is_shown(kettles):
    assert ids(table(kettles.set_index("id")["words"])) == kettles["id"].to_list()
    own = pd.Series({STORES: "In stores", TIME: "At plants"}, name="Where")
    assert table(own).columns == ["Row", "Where"]
    assert ids(table(own)) == [STORES, TIME]


def test_events_and_links_are_linked_by_their_labels(ledger):
    (event,) = cells(table(ledger.frame(ids=["plant-opened"])))
    assert event[0] == {"event": "plant-opened", "text": "The plant in Bea opens"}
    assert event[1] == {"of": "periods:plant-opened", "text": "6 June 2017"}
    shown = table(ledger.links("demand", "reply"))
    assert shown.columns == ["What", "Relation", "To", "Basis"]
    assert [each.get("item") for each in cells(shown)[0]] == [
        "plants-repair", None, "repair-more", None,
    ]  # fmt: skip


# Texts of the author's


def test_a_text_that_cites_keeps_its_pieces(ledger, kettles):
    text = tallybook.worded(ledger, "beside {kettles-recalled-2017} kettles")
    shown = table(kettles[["id"]].iloc[[2]].assign(mine=[text]))
    assert shown.rows[0][1] == [
        ["beside ", {"of": f"words:{RECALLED}", "text": "240,000"}, " kettles"]
    ]


def test_a_label_of_the_authors_stands_as_it_is(ledger):
    shown = table(ledger.frame(ids={STORES: "In the <b>report</b>", TIME: "At plants"}))
    assert [row[0] for row in shown.rows] == ["In the <b>report</b>", "At plants"]
    assert "<b>" not in shown._repr_mimebundle_()["text/html"]


def test_values_of_other_types_are_texts(kettles):
    own = kettles[["id"]].iloc[[0]].assign(
        is_ours=True, none=None, day=pd.Timestamp("2017-06-06"), long_name="a\n b"
    )  # fmt: skip
    shown = table(own)
    assert shown.columns == ["Figure", "Is ours", "None", "Day", "Long name"]
    assert [*shown.rows[0]][1:] == ["yes", "–", "6 June 2017", "a b"]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("sold 12 of them", "'mine' types '12' in 'sold 12 of them': cite the figure with"),
        (12, "'mine' has numbers of no figure, such as 12"),
        (0.5, "'mine' has numbers of no figure, such as 0.5"),
        (pd.Timestamp("1999-05-04"), "'mine' types '4' in '4 May 1999'"),
        (pd.Timedelta(days=3), "'mine' types '3'"),
        (float("inf"), "infinite"),
        ("x" * 1001, "a cell of 'mine' has 1,001 characters, and a table takes 1,000"),
        ({"a": 1}, "a cell of 'mine' is a dict"),
        (["more than 7"], "'mine' types '7'"),
        ([["a"], ["b"]], "a cell of 'mine' is a list"),
    ],
)
def test_what_the_author_adds_states_nothing_of_its_own(column, says, kettles):
    found = refused(kettles[["id"]].iloc[[0]].assign(mine=[column]))
    assert says in found
    assert len(found) < 500


# What is not the ledger's


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"value": 7}, f"the row of '{RECALLED}' has 7 for value, the ledger has 240000.0"),
        ({"words": "all"}, f"the row of '{RECALLED}' has 'all' for words"),
        ({"low": None}, "has None for low, the ledger has 235000.0"),
        ({"period": "2016"}, "has '2016' for period, the ledger has '2017'"),
        ({"party": "Other"}, "has 'Other' for party"),
        ({"source": "letter"}, "has 'letter' for source"),
        ({"start": pd.Timestamp("2016-01-01")}, "for start, the ledger has '2017-01-01'"),
        ({"id": "kettles-recaled-2017"}, "Did you mean 'kettles-recalled-2017'?"),
        ({"id": STORES}, f"the row of '{STORES}' has '240,000' for words"),
    ],
)
def test_a_row_that_was_changed_is_refused_with_what_the_ledger_has(change, says, kettles):
    assert says in refused(kettles.iloc[[0]].assign(**change))


def test_a_change_is_found_in_columns_that_are_not_shown(kettles):
    assert "for value" in refused(kettles.assign(value=1), columns=["words"])


def test_a_link_that_was_changed_is_refused(ledger):
    changed = ledger.links("demand", "reply").assign(relation="questions")
    assert "the ledger has no link 'questions'" in refused(changed)


def test_dates_of_axes_are_no_texts(kettles):
    assert "show period" in refused(kettles[["id", "start"]])


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda f: f[["label", "value"]], "keep the column id"),
        (lambda f: f.groupby("party")["value"].sum(), "tallybook.publish what you computed"),
        (lambda f: f["party"].value_counts(), "because='…'"),
        (lambda f: f["words"], "keep the column id"),
        (lambda f: f.describe(), "'value' has numbers of no figure"),
        (lambda f: f.groupby("party"), "a DataFrameGroupBy is no table: it has groups"),
        (lambda f: f.groupby("party")["id"], "a SeriesGroupBy is no table"),
        (lambda f: f.style, "a Styler is no table"),
        (lambda _: [1], "a list is no table"),
        (lambda f: pd.concat([f] * 100), "has 600 rows and 16 columns, and a page takes 500"),
        (lambda _: pd.DataFrame({str(n): ["a"] for n in range(33)}), "33 columns"),
        (lambda _: pd.DataFrame([["a", "b"]], columns=["x", "x"]), "two columns 'x'"),
        (lambda _: pd.DataFrame([["a"]], columns=[None]), "has no name"),
        (lambda _: pd.DataFrame([["a"]]), "the head '0' types '0'"),
        (lambda f: f[["id"]].assign(**{"sold 12": "a"}), "the head 'sold 12' types '12'"),
    ],
)
def test_what_nobody_can_trace_is_refused_with_what_to_do(made, says, kettles):
    assert says in refused(made(kettles))


# Numbers with a reason


def test_numbers_of_no_figure_need_a_reason_which_stands_below():
    pages = pd.DataFrame({"year": [1899, 1900], "pages": [1200.0, 2.5]})
    shown = table(pages, because=OURS)
    assert shown.note.endswith(OURS)
    texts = given(shown.as_data())
    assert [*texts.values()] == ["1899", "1,200", "1900", "2.5"]
    assert [each["of"] for row in cells(shown) for each in row] == [*texts]


def test_texts_and_heads_with_numerals_are_given_too():
    shown = table(pd.DataFrame({"12 months": ["in 40 of them", "no number"]}), because=OURS)
    assert [*given(shown.as_data()).values()] == ["12 months", "in 40 of them"]


def test_of_texts_that_were_changed_none_is_given():
    data = table(pd.DataFrame({"n": [7, 8]}), because=OURS).as_data()
    before = {cell["of"] for row in data["rows"] for cell in row}
    data["rows"][0][0]["text"] = "9"
    assert not before & given(data).keys()


def test_a_reason_leaves_the_figures_of_a_row_the_ledgers(kettles):
    mixed = kettles[["id", "words"]].iloc[[0]].assign(ours=4)
    shown = table(mixed, because=OURS)
    assert ids(shown) == [RECALLED]
    assert [*given(shown.as_data()).values()] == ["4"]
    assert "for words" in refused(mixed.assign(words="all"), because=OURS)


def test_a_reason_does_not_let_a_row_be_the_text_of_another_book(kettles, real):
    mixed = kettles[["id", "words"]].iloc[[0]].assign(ours=4, words="all")
    assert real in remembered()
    assert "for words" in refused(mixed, because=OURS)


def test_a_reason_that_gives_none_or_types_a_number_is_refused(kettles):
    assert "there are none here" in refused(kettles, because=OURS)
    assert "types the numeral '12'" in refused(pd.DataFrame({"n": [1]}), because="Of 12 reports")


@pytest.mark.parametrize(
    ("number", "text"),
    [(1234567, "1,234,567"), (0.000125, "0.000125"), (-2.50, "-2.5"), (1 / 3, "0.333333")],
)
def test_a_number_of_no_figure_has_six_digits_at_most(number, text):
    shown = table(pd.DataFrame({"n": [number]}), because=OURS)
    assert cells(shown)[0][0]["text"] == text


# Frames without rows, and the ledgers of a notebook


@pytest.mark.parametrize("empty", [pd.DataFrame(), pd.DataFrame({"id": [], "words": []})])
def test_a_frame_without_rows_says_that_there_is_nothing(empty):
    shown = table(empty)
    assert shown.note == "Nothing fits what was asked for."
    assert shown.columns


def test_rows_of_each_book_that_is_open_are_shown(kettles, real):
    other = next(iter(real.statistics))
    assert ids(table(real.frame(ids=[other]))) == [other]
    assert ids(table(kettles)) == kettles["id"].to_list()
    with pytest.raises((BadOutput, UnknownId)):
        table(pd.concat([kettles, real.frame(ids=[other])]))


def test_a_book_that_is_loaded_anew_is_asked_in_place_of_the_old_one(book, edit):
    before = session.load(book).frame("kettles")
    edit("data/statistics/kettles.yml", "value: 1000", "value: 1001")
    edit("data/statistics/kettles.yml", "more than 1,000", "more than 1,001")
    session.load(book)
    assert [each.root for each in remembered()].count(book) == 1
    assert "the ledger has 1001.0" in refused(before[before["id"] == STORES].assign(party="x"))


def test_a_bare_frame_in_a_cell_is_shown_as_a_page_shows_it(kettles):
    assert display._frame(kettles) == table(kettles)._repr_mimebundle_()
    by = kettles.groupby("id")
    shown = [kettles, kettles["id"], by, by["party"], kettles.style]
    kinds = [(type(each).__module__, type(each).__name__) for each in shown]
    assert sorted(kinds) == sorted(display._OF_PANDAS)
