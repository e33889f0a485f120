"""Documents of each kind give their text, with pages, headings and tables marked."""

from __future__ import annotations

import builtins
import io
import zipfile
from pathlib import Path

import pypdf
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from pypdf.errors import DependencyError

from tallybook.errors import DocumentRefused
from tallybook.reading import documents
from tests.helpers import made_documents as made
from tests.helpers.groups import slow

KETTLES = ["In 2024 the company sold 12,400 kettles.", "Requests fell by 42%."]


def read(name: str, raw: bytes):
    return documents.read(Path(name), raw)


def refusal(name: str, raw: bytes) -> str:
    with pytest.raises(DocumentRefused) as refused:
        read(name, raw)
    text = str(refused.value)
    assert "\n" not in text
    assert len(text) < 300
    return text


# PDF


def test_a_pdf_gives_its_lines_page_by_page_with_headings_marked():
    pages = [made.page(*KETTLES, heading="Sales"), made.page("Three plants.", heading="Plants")]
    found = read("report.pdf", made.pdf(pages, title="Kettles in numbers"))
    assert found.text.split("\f") == [
        "\n# Sales\n\nIn 2024 the company sold 12,400 kettles.\nRequests fell by 42%.\n",
        "\n# Plants\n\nThree plants.\n",
    ]
    assert found.title == "Kettles in numbers"


def test_rows_of_a_table_in_a_pdf_are_marked():
    rows = [("Year", "Sold", "Back"), ("2023", "11,250", "1.4"), ("2024", "12,400", "1.3")]
    cells = [
        (10, 50 + 150 * column, 600 - 20 * line, words)
        for line, row in enumerate(rows)
        for column, words in enumerate(row)
    ]
    found = read("report.pdf", made.pdf([[*made.page(*KETTLES), *cells]]))
    assert "| Year | Sold | Back |\n| 2023 | 11,250 | 1.4 |\n| 2024 | 12,400 | 1.3 |" in found.text


def test_the_mark_of_a_footnote_is_no_digit_of_the_number_before_it():
    line = [(10, 50, 700, "sold 12,400"), (6, 104, 704, "1"), (10, 110, 700, "kettles in towns")]
    assert "12,400[^1]" in read("report.pdf", made.pdf([line])).text


def test_what_runs_through_the_pages_is_left_out_and_said():
    pages = [
        [(8, 50, 800, "Kettle Company"), *made.page(f"Plant {name} is open."), (8, 290, 20, str(n))]
        for n, name in enumerate(("Ada", "Bea", "Cid", "Dia"), 7)
    ]
    found = read("report.pdf", made.pdf(pages))
    assert found.text.split() == (
        "Plant Ada is open. Plant Bea is open. Plant Cid is open. Plant Dia is open.".split()
    )
    (note,) = found.notes
    assert note.startswith("Left out, for it runs through the pages: Kettle Company; ")


def test_the_last_number_of_a_page_is_kept_where_it_does_not_grow_with_the_pages():
    numbers = ("7", "12", "31", "2")
    pages = [made.page(f"Plants open in {'ABCD'[n]}:", each) for n, each in enumerate(numbers)]
    text = read("report.pdf", made.pdf(pages)).text
    assert [part.split()[-1] for part in text.split("\f")] == [*numbers]


def test_words_that_a_line_breaks_are_whole_again():
    lines = ["It gives infor-", "mation on long-", "term plans, and all information."]
    text = read("report.pdf", made.pdf([made.page(*lines)])).text
    assert "gives information on long-term plans" in text


def test_pages_without_text_are_named_and_a_scan_is_refused():
    found = read("report.pdf", made.pdf([made.page(*KETTLES), []]))
    assert found.notes == ("1 page without text, not read: 2.",)
    numbers = read("report.pdf", made.pdf([made.page(*KETTLES), made.page("12", "7")]))
    assert (numbers.notes, numbers.text.split("\f")[1]) == ((), "12\n7\n")
    assert "has no text, only pictures of it" in refusal("scan.pdf", made.pdf([[], []]))


def test_an_encrypted_pdf_is_read_only_if_no_password_is_asked_for():
    for password, is_open in (("", True), ("secret", False)):
        writer = pypdf.PdfWriter(io.BytesIO(made.pdf([made.page(*KETTLES)])))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        file = io.BytesIO()
        writer.write(file)
        if is_open:
            assert "12,400 kettles" in read("report.pdf", file.getvalue()).text
        else:
            assert "is encrypted; open it" in refusal("report.pdf", file.getvalue())


def test_where_a_library_is_missing_to_decrypt_it_is_named(monkeypatch):
    def missing(*_):
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    writer = pypdf.PdfWriter(io.BytesIO(made.pdf([made.page(*KETTLES)])))
    writer.encrypt("", "owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    monkeypatch.setattr(pypdf.PdfReader, "decrypt", missing)
    assert "pip install cryptography" in refusal("report.pdf", file.getvalue())


@pytest.mark.parametrize("end", [20, 200, 600])
def test_a_broken_pdf_is_refused_and_so_is_what_is_none(end):
    raw = made.pdf([made.page(*KETTLES)])
    assert "is broken, or no PDF" in refusal("report.pdf", raw[:end])
    assert "is no PDF" in refusal("report.pdf", b"<html>Not found</html>")


def test_bytes_of_any_kind_behind_the_head_of_a_pdf_are_no_traceback():
    raw = made.pdf([made.page(*KETTLES)])
    for at in range(10, len(raw), 97):
        broken = raw[:at] + b"\xff<<[" + raw[at + 4 :]
        try:
            read("report.pdf", broken)
        except DocumentRefused as error:
            assert "\n" not in str(error)  # noqa: PT017


@slow("browser")
def test_a_pdf_that_a_browser_prints_is_read(browser):
    html = "<h1>Sales</h1><p>In 2024 the company sold 12,400 kettles.<sup>1</sup></p>"
    page = browser.new_page()
    page.set_content(html)
    text = read("report.pdf", page.pdf()).text
    page.close()
    assert "# Sales" in text
    assert "12,400 kettles.[^1]" in text


# HTML

PAGE = """<!doctype html><html><head><title>Kettles | Kettle News</title>
<link rel="canonical" href="https://example.org/kettles"><style>p {{color: red}}</style>
<meta property="og:site_name" content="Kettle News">
<meta property="article:published_time" content="2024-03-01T08:00:00Z"></head>
<body><nav>1 Home 2 News</nav>{body}<footer>99 links</footer>
<script>var sold = 17;</script></body></html>"""
ARTICLE = """<h1>Kettles sold</h1><p>In 2024 it sold&nbsp;12,400<sup><a href="#n">1</a></sup>
ket&shy;tles,<br>or <b>more</b>.</p><h2>By year</h2><table><tr><th>Year<th>Sold
<tr><td>2024<td>12,400</table>
<ul><li>Three plants</li></ul><p hidden>5 spies</p><!-- 7 -->"""


def test_a_page_of_the_web_gives_what_it_shows_and_says_of_itself():
    found = read("page.html", PAGE.format(body=ARTICLE).encode())
    assert found.text == (
        "# Kettles sold\n\nIn 2024 it sold 12,400[^1] kettles,\nor more.\n\n## By year\n\n"
        "| Year | Sold |\n| 2024 | 12,400 |\n\n- Three plants\n"
    )
    assert (found.title, found.publisher) == ("Kettles sold", "Kettle News")
    assert (found.published, found.address) == ("2024-03-01", "https://example.org/kettles")


def test_of_a_page_with_an_article_only_that_is_taken_with_its_own_head_and_foot():
    body = f"<div>8 teasers</div><article>{ARTICLE}<footer>Note 3: towns.</footer></article>"
    text = read("page.html", PAGE.format(body=body).encode()).text
    assert "Note 3: towns." in text
    assert "teasers" not in text


def test_an_article_that_is_a_teaser_is_not_the_page():
    body = f"<article>Read 4 more</article><div>{ARTICLE}</div>"
    assert "12,400" in read("page.html", PAGE.format(body=body).encode()).text


def test_a_page_that_a_table_lays_out_keeps_its_headings_and_what_is_hidden_is_left_out():
    body = f"<table><tr><td>Menu</td><td>{ARTICLE}</td></tr></table>"
    body += "<p style='display: none'>5 spies</p><p>9 km<sup>2</sup></p>"
    text = read("page.html", PAGE.format(body=body).encode()).text
    assert text.startswith("Menu\n\n# Kettles sold\n\nIn 2024 it sold 12,400[^1]")
    assert "| 2024 | 12,400 |" in text
    assert "9 km²" in text
    assert "spies" not in text


def test_a_page_of_scripts_is_refused_with_what_to_do():
    text = refusal("page.html", PAGE.format(body="<div id=root></div>").encode())
    assert "has no text of its own: a script makes it. Print the page as PDF" in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_page_in_any_encoding_that_it_names_is_read(encoding):
    raw = f"<html><head><meta charset='{encoding}'></head><p>Café, 3 €</p></html>".encode(encoding)
    assert "Café, 3 €" in read("page.htm", raw).text


def test_where_a_browser_saved_a_page_from_is_its_address():
    raw = b"<!-- saved from url=(0025)https://example.org/saved -->\n<p>Three plants</p>"
    assert read("page.html", raw).address == "https://example.org/saved"


# DOCX


@pytest.fixture
def report():
    document = made.word()
    document.add_heading("Report", 0)
    document.add_paragraph("In 2024 it sold 12,400 kettles.")
    document.add_heading("By year", 1)
    table = document.add_table(rows=2, cols=2)
    for cell, words in zip(table._cells, ("Year", "Sold", "2024", "12,400"), strict=True):
        cell.text = words
    document.add_paragraph("Next").runs[0].add_break(WD_BREAK.PAGE)
    document.add_paragraph("Three plants.")
    return document


def test_a_document_of_word_gives_headings_tables_and_pages(report):
    assert read("report.docx", made.packed(report)).text == (
        "# Report\n\nIn 2024 it sold 12,400 kettles.\n\n# By year\n\n| Year | Sold |\n"
        "| 2024 | 12,400 |\n\nNext\n\fThree plants.\n"
    )


NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<w:r><w:t>12,400</w:t></w:r><w:r><w:footnoteReference w:id='3'/></w:r>", "12,400[^3]"),
        ("<w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:del><w:r><w:delText>9</w:delText></w:r></w:del>"
         "<w:r><w:t> plants</w:t></w:r>", "12 plants"),
        ("<w:hyperlink><w:r><w:t>five</w:t><w:tab/><w:t>towns</w:t></w:r></w:hyperlink>",
         "five\ttowns"),
        ("<w:r><w:t>12,400</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
         "<w:t>2</w:t></w:r><w:r><w:t> on 9 km</w:t></w:r><w:r><w:rPr>"
         "<w:vertAlign w:val='superscript'/></w:rPr><w:t>2</w:t></w:r>", "12,400[^2] on 9 km²"),
        ("<w:r><w:lastRenderedPageBreak/><w:t>Ada</w:t></w:r>", "\fAda"),
    ],
)  # fmt: skip
def test_what_stands_in_a_paragraph_of_word_is_read_as_it_is_shown(inside, text, report):
    report.element.body.insert(1, parse_xml(f"<w:p {NAMES}>{inside}</w:p>"))
    shown = read("report.docx", made.packed(report)).text
    assert shown.startswith(f"# Report\n{'' if text[0] == chr(12) else chr(10)}{text}\n\nIn 2024")


def test_a_block_of_content_controls_is_read(report):
    block = f"<w:sdt {NAMES}><w:sdtContent><w:p><w:r><w:t>Cover 8</w:t></w:r></w:p></w:sdtContent>"
    report.element.body.insert(0, parse_xml(f"{block}</w:sdt>"))
    assert read("report.docx", made.packed(report)).text.startswith("Cover 8\n\n# Report")


def test_a_broken_or_encrypted_document_of_word_is_refused(report):
    raw = made.packed(report)
    assert "is broken, or no DOCX" in refusal("report.docx", raw[:500])
    assert "is broken, or no DOCX" in refusal("report.docx", b"text")
    assert "is encrypted, or of an older kind" in refusal("report.docx", b"\xd0\xcf\x11\xe0rest")


def test_a_document_that_unpacks_to_too_much_is_not_unpacked(report, monkeypatch):
    monkeypatch.setattr("tallybook.reading.word._LARGEST_INSIDE", 10_000)
    assert "unpacks to " in refusal("report.docx", made.packed(report))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/other")
    assert "is broken, or no DOCX" in refusal("report.docx", file.getvalue())


# Text


def test_text_is_kept_as_it_is():
    raw = "Kettles\n=======\n\nSoft­ly, 3 ﬁnds.\r\n".encode()
    found = read("report.md", raw)
    assert (found.text.encode(), found.title) == (raw, "Kettles")


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("report.txt", b"caf\xe9", "report.txt is not UTF-8 at byte 3"),
        ("report.txt", b"a\0b", "is no text"),
        ("report.txt", b" \n 12 \n", "has no text"),
        ("report.odt", b"", "is of no kind that is read, which are PDF, HTML, DOCX"),
    ],
)
def test_what_is_no_text_is_refused(name, raw, said):
    assert said in refusal(name, raw)


def test_a_huge_document_is_not_even_read(tmp_path):
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(500_000_000)  # a file with a hole: it takes no room
    with pytest.raises(DocumentRefused, match=r"huge.pdf has 500 MB, and 100 MB is the most"):
        documents.content(path)


def test_a_document_that_is_a_folder_or_not_there_is_refused(tmp_path):
    (tmp_path / "folder.pdf").mkdir()
    for name, said in (("folder.pdf", "is a folder"), ("none.pdf", "there is no document")):
        with pytest.raises(DocumentRefused, match=said):
            documents.content(tmp_path / name)


@pytest.mark.parametrize(("name", "library"), [("a.pdf", "pypdf"), ("a.docx", "python-docx")])
def test_a_missing_library_is_named_with_the_command_to_type(name, library, monkeypatch):
    import_ = builtins.__import__

    def without(module, *others):
        if module in ("pypdf", "docx"):
            raise ModuleNotFoundError(module)
        return import_(module, *others)

    monkeypatch.setattr(builtins, "__import__", without)
    assert refusal(name, b"") == (
        f"{name} is read by {library}, which is not installed: pip install 'tallybook[documents]'"
    )
