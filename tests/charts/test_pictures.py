"""Pictures that are no charts: shown with what can be said of their numbers, or refused."""

from __future__ import annotations

import sys
from base64 import b64decode
from types import SimpleNamespace

import pytest

import tallybook
from tallybook import charts
from tallybook.errors import BadOutput, UnknownId
from tallybook.notebooks import session
from tallybook.tables.table import PICTURE
from tests.helpers.extra_pages import PNG

POINT = b64decode(PNG)
STORES = "stores-closed-2017"


@pytest.fixture(scope="module", autouse=True)
def ledger():
    return session.load("tests/books/kettles")


class Drawn:
    """What draws itself as a figure of matplotlib does."""

    def __init__(self, content=POINT):
        self.content, self.asked = content, {}

    def savefig(self, file, **asked):
        self.asked = asked
        file.write(self.content)


def refused(shown, **options):
    with pytest.raises(BadOutput) as error:
        charts.picture(shown, **{"alt": "A kettle", **options})
    return str(error.value)


def test_a_figure_is_drawn_without_what_differs_from_run_to_run():
    figure = Drawn()
    data, metadata = charts.picture(figure, alt="A kettle")._repr_mimebundle_()
    assert figure.asked["format"] == "png"
    assert figure.asked["metadata"] == {"Software": None}
    assert data["image/png"] == PNG
    assert metadata["image/png"]["alt"] == data["text/plain"] == "A kettle"


def test_axes_are_drawn_with_their_figure():
    figure = Drawn()
    charts.picture(SimpleNamespace(figure=figure), alt="A kettle")
    assert figure.asked


def test_a_figure_that_is_shown_is_closed_so_that_its_cell_does_not_show_it_again(monkeypatch):
    closed = []
    pyplot = SimpleNamespace(Figure=Drawn, close=closed.append)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", pyplot)
    figure = Drawn()
    charts.picture(figure, alt="A kettle")
    assert closed == [figure]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (POINT, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    ],
)
def test_a_file_is_shown_by_what_it_holds(content, kind, tmp_path):
    (tmp_path / "a.picture").write_bytes(content)
    data, _ = charts.picture(tmp_path / "a.picture", alt="A kettle")._repr_mimebundle_()
    assert kind in data


def test_a_picture_keeps_what_it_says_and_the_ids_that_it_shows(ledger):
    says = tallybook.worded(ledger, "It is {stores-closed-2017} stores")
    shown = charts.picture(Drawn(), alt="A kettle", says=says, ids=[STORES])
    told = shown._repr_mimebundle_()[0][PICTURE]
    assert told["ids"] == [STORES]
    assert told["says"][1] == {"of": f"words:{STORES}", "text": "more than 1,000"}


@pytest.mark.parametrize(
    ("shown", "options", "says"),
    [
        (Drawn(), {"alt": " "}, "nothing is said of the picture"),
        (Drawn(), {"alt": "a.png"}, "nothing is said of the picture"),
        (Drawn(), {"alt": "12 kettles"}, "alt types the numeral '12': name the figure in ids"),
        (Drawn(), {"says": "Of 12 kettles"}, "says types the numeral '12'"),
        (Drawn(b"%PDF"), {}, "savefig wrote no PNG"),
        ("nobody.png", {}, "'nobody.png' cannot be read: No such file"),
        ("https://example.org/a.png", {}, "is elsewhere: save the picture in the book"),
        (sys.executable, {}, "is no picture that pages show"),
        (3, {}, "a int is no picture"),
    ],
)
def test_what_is_no_picture_is_refused_with_what_to_do(shown, options, says):
    assert says in refused(shown, **options)


def test_an_id_that_the_ledger_does_not_have_is_named():
    with pytest.raises(UnknownId, match="Did you mean 'stores-closed-2017'"):
        charts.picture(Drawn(), alt="A kettle", ids=["stores-closd-2017"])
