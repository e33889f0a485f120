"""Data frames and pictures of a notebook on its page, and what the audit takes of them."""

from __future__ import annotations

import json
import shutil

import pytest

from tallybook.audit.audit import Auditor
from tallybook.audit.references import ledger_texts
from tallybook.notebooks.book import Book
from tallybook.tables.table import PICTURE, TABLE
from tests.helpers.extra_pages import PNG, code, words
from tests.helpers.extra_pages import add as add_pages
from tests.helpers.small_site import BOOKS, build, page, run

PAGE = "notebooks/extra.html"
START = code(
    "import pandas as pd\nimport tallybook\nfrom tallybook import charts, tables\n"
    "ledger = tallybook.load()\nframe = ledger.frame('kettles')"
)
HASH = "c7b2fcccdf3a4d413a110b3170ff531c00bee2d034aa14333d0c08dd4bf3bc9f.png"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg"><text>more than 1,000</text><text>closed</text></svg>'
)
REASON = "A count of the company's pages"
CELLS = (
    START,
    code("frame.sort_values('value')"),
    code("frame.pivot(index='label', columns='period', values='id')"),
    code(f'tables.frame(pd.DataFrame({{"in 1899": [2400]}}), because="{REASON}")'),
    code(
        "from base64 import b64decode\n"
        f"open('{HASH}', 'wb').write(b64decode('{PNG}'))\n"
        f"picture = charts.picture('{HASH}', alt='A point', says='So it is.',"
        " ids=['repair-time-2016'])\n"
        "picture"
    ),
    code(f"open('a.svg', 'w').write('{SVG}')\n"
         "charts.picture('a.svg', alt='Closures', ids=['stores-closed-2017'])"),
    words(f"![A point]({HASH}) and [{HASH}]({HASH}) and {{download}}`{HASH}`"),
)  # fmt: skip


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    book = shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("frames") / "kettles")
    add_pages(book, *CELLS)
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


@pytest.fixture(scope="module")
def texts(shown):
    return ledger_texts(Book(shown))


def faults(shown, texts, old="", new=""):
    """What the audit finds of the page where one text stands for another."""
    html = (shown / "_build/html" / PAGE).read_text()
    assert old in html
    auditor = Auditor(shown / "_build/html", texts)
    # The code of the cell stands before what it shows.
    auditor.page(PAGE, new.join(html.rsplit(old, 1)) if old else html)
    return [each.message for each in auditor.found.faults]


def test_a_bare_frame_is_a_table_whose_figures_are_linked(shown):
    first, pivot, *_ = page(shown, PAGE).main.find_all("table")
    linked = [a["data-of"] for a in first.find_all("a", class_="tallybook-figure")]
    assert linked[-1] == "words:kettles-recalled-2017"
    assert len(linked) == len(pivot.find_all("a", class_="tallybook-figure")) == 6


def test_numbers_with_a_reason_stand_above_it(shown, texts):
    table = page(shown, PAGE).main.find_all("table")[2]
    assert [each["data-of"].partition(":")[0] for each in table.find_all("span")] == ["given"] * 2
    assert REASON.partition("'")[0] in table.find_next("p", class_="tallybook-note").text
    assert faults(shown, texts) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (">2,400<", ">2,401<", "'2,401' is in no table"),
        (">in 1899<", ">in 1898<", "'in 1898' is in no table"),
        ('data-label="in 1899"', 'data-label="in 1898"', "'1898' comes from no record"),
        (":1\">2,400<", ":0\">2,400<", "'2,400' is in no table"),
        (REASON.partition("'")[0], "For fun ", "is in no table of the page's notebook with a"),
        ("So it is.", "So it is, 2,400 times.", "'2,400' comes from no record"),
        ("<h1", '<p><span data-of="given:0123456789abcdef:1">2,400</span></p><h1', "in no table"),
    ],
)  # fmt: skip
def test_the_audit_takes_a_number_with_a_reason_only_where_its_notebook_has_it(
    old, new, says, shown, texts
):
    assert any(says in what for what in faults(shown, texts, old, new))


def test_a_table_without_its_reason_in_the_notebook_gives_nothing(shown, texts):
    path = shown / "notebooks/extra.ipynb"
    before = path.read_text()
    notebook = json.loads(before)
    outputs = [each for cell in notebook["cells"] for each in cell.get("outputs", ())]
    for output in outputs:
        output.get("data", {}).get(TABLE, {}).pop("because", None)
    try:
        path.write_text(json.dumps(notebook))
        assert "'2,400' is in no table" in "".join(faults(shown, texts))
    finally:
        path.write_text(before)


def test_a_picture_says_what_it_is_and_names_its_figures(shown):
    image = page(shown, PAGE).main.find("img", alt="A point")
    told = image.find_next("p", class_="tallybook-note")
    assert told.text.startswith("So it is. This is a picture, not a chart")
    assert "time that a repair takes: nearly two weeks (Kettle Company)" in told.text
    assert told.a["data-of"] == "words:repair-time-2016"


def test_the_text_of_an_svg_may_be_that_of_its_figures_and_of_no_other(shown):
    (file,) = [*(shown / "_build/html/_images").glob("*.svg")]
    site = shutil.copytree(shown / "_build/html", shown / "_build/html-other")
    (site / "_images" / file.name).write_text(SVG.replace("1,000", "1,001"))
    found = run(shown, "audit", str(site))
    shutil.rmtree(site)
    assert "'1,001' comes from no record" in found.stderr + found.stdout
    assert "'1,000' comes from" not in found.stderr + found.stdout


def test_the_name_of_a_file_that_is_a_hash_is_no_numeral(shown, texts):
    article = page(shown, PAGE).main
    assert article.find("img", src=f"../_images/{HASH}")
    assert [a.text for a in article.find_all("a", download=True)] == [HASH, HASH]
    assert faults(shown, texts) == []


WRONG = {
    "pd.DataFrame({'n': [1]})": "'n' has numbers of no figure, such as 1: keep the column id",
    "frame.style": "a Styler is no table",
    "frame.assign(value=3)": "the ledger has 240000.0",
    "charts.picture('no.png', alt='x')": "'no.png' cannot be read",
}


def test_an_author_is_told_the_cell_and_no_traceback(book, add):
    for number, source in enumerate(WRONG):
        add(f"wrong-{number}", START.source, source)
    result = run(book, "run")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    for number, says in enumerate(WRONG.values()):
        _, _, told = result.stderr.partition(f"notebooks/wrong-{number}.ipynb, cell 2: ")
        assert says in told.partition("ipynb, cell")[0]


def test_what_is_stored_as_a_picture_and_is_none_is_told_with_its_cell(book):
    kind, png = PICTURE, '"image/png": "' + PNG + '"'
    said = "metadata={'image/png': {'alt': 'x'}}"
    add_pages(
        book,
        code(f"from IPython.display import display\ndisplay({{'{kind}': {{}}}}, raw=True)"),
        code(f"display({{'{kind}': [3], {png}}}, {said}, raw=True)"),
        code(f"display({{'{kind}': {{'alt': '', 'says': [], 'ids': ['nobody']}}, {png}}}, {said},"
             " raw=True)"),
    )  # fmt: skip
    result = build(book)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "extra.ipynb, cell 2: its picture is none of tallybook's" in result.stderr
    assert "extra.ipynb, cell 3: its picture is none of tallybook's" in result.stderr
    assert "extra.ipynb, cell 4: no statistic 'nobody'" in result.stderr
