"""Outputs of notebooks and pictures on pages: shown with their words, or refused with a remedy."""

from __future__ import annotations

from base64 import b64decode

import pytest

from tallybook.site import outputs, pictures
from tallybook.site.terminal import last_state
from tests.helpers.extra_pages import PNG, add, code, words
from tests.helpers.small_site import build, page

SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
SAID = {"metadata": {"mystnb": {"image": {"alt": "a kettle"}}}}
SHOW = (
    "from base64 import b64decode\nfrom IPython.display import SVG, Image, display\n"
    f"point = b64decode({PNG!r})\n"
)


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("text/html", "with charts.picture"),
        ("text/markdown", "write it in a Markdown cell"),
        ("text/latex", "write the formula in a Markdown cell"),
        ("application/json", "print it"),
        ("application/javascript", "leave it out"),
        ("application/vnd.jupyter.widget-view+json", "needs a kernel"),
        ("application/vnd.vegalite.v5+json", "tallybook.charts"),
        ("application/vnd.plotly.v1+json", "tallybook.charts"),
        ("application/pdf", "as PNG or SVG"),
        ("image/webp", "save it as PNG"),
        ("x/unknown", "pages do not show"),
    ],
)
def test_an_output_that_pages_do_not_show_is_refused_with_what_to_do(kind, says):
    (mistake,) = outputs.mistakes({"data": {kind: "x", "text/plain": "x"}})
    assert says in mistake
    assert mistake.endswith("or give the cell the tag remove-output")


def test_a_picture_has_words_of_its_cell_or_of_its_own():
    bare = {"data": {"image/png": PNG}}
    (mistake,) = outputs.mistakes(bare)
    assert mistake.startswith("nothing is said of its picture: show it with charts.picture(figure,")
    assert '{"mystnb": {"image": {"alt": "..."}}}' in mistake
    assert not [*outputs.mistakes(bare, SAID)]
    assert not [*outputs.mistakes(bare | {"metadata": {"image/png": {"alt": ""}}})]
    both = bare | {"metadata": {"image/png": {"alt": "other words"}}}
    assert pictures.words_for(SAID, both, "image/png") == "a kettle"
    assert pictures.words_for({}, both, "image/png") == "other words"


@pytest.mark.parametrize("metadata", [None, [], {"mystnb": 1}, {"mystnb": {"image": {"alt": 2}}}])
def test_what_is_no_text_says_nothing_of_a_picture(metadata):
    cell = {"metadata": metadata}
    (mistake,) = outputs.mistakes({"data": {"image/png": PNG}, "metadata": metadata}, cell)
    assert mistake.startswith("nothing is said of its picture")


@pytest.mark.parametrize(
    ("within", "says"),
    [
        ("<script>x</script>", "has <script>"),
        ("<foreignObject/>", "has <foreignObject>"),
        ('<g onload="x"/>', "has onload="),
        ('<a href="https://example.org"/>', "leads nowhere"),
        ('<image href="data:image/svg+xml,x"/>', "leads nowhere"),
        ('<rect fill="url(https://example.org)"/>', "leads nowhere"),
        ("<style>@import 'x'</style>", "loads another file"),
        ('<s:text xmlns:s="http://www.w3.org/2000/svg">x</s:text>', "without a prefix"),
        ("<text>", "cannot be read"),
    ],
)
def test_an_svg_that_could_do_more_than_be_seen_is_refused(within, says):
    assert says in pictures.svg_mistake(SVG.format(within))
    (mistake,) = outputs.mistakes({"data": {pictures.SVG: SVG.format(within)}}, SAID)
    assert says in mistake


def test_an_svg_hides_no_text_from_the_audit():
    declared = '<!DOCTYPE svg [<!ENTITY n "kettles">]>' + SVG.format("<text>&n;</text>")
    assert "declares entities" in pictures.svg_mistake(declared)
    assert "cannot be read" in pictures.svg_mistake(SVG.format("").encode("utf-16"))
    assert "is no SVG" in pictures.svg_mistake("<html/>")
    assert pictures.svg_mistake(None)
    assert not pictures.svg_mistake(SVG.format('<rect fill="url(#a)"/><use href="#a"/>'))


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("a\rbb\rccc\n", "ccc\n"),
        ("long line\rshort\n", "shortline\n"),
        ("long line\r\x1b[Kshort\n", "short\n"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("ab\b\bc", "cb"),
        ("one\ntwo\x1b[A\rONE\n\x1b[2Kx", "ONE\nx"),
        ("\x1b[31mred\x1b[0m\rb", "b\x1b[31med\x1b[0m"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("a\x1b[999999999999Bb", None),
        ("\x1b", ""),
    ],
)
def test_a_text_is_what_a_terminal_leaves_of_it(printed, shown):
    found = last_state(printed)
    assert len(found) < 3000
    assert shown in (None, found)


@pytest.mark.parametrize("tag", ["margin", "popout", "hide_input", "hide_output", "hide_cell"])
def test_a_tag_that_no_page_follows_is_refused(tag):
    (mistake,) = outputs._tag_mistakes({"metadata": {"tags": [tag, "own"]}})
    assert mistake.startswith(f"the tag {tag!r} has no effect: ")


@pytest.mark.parametrize("tag", ["remove-output", "remove_cell"])
def test_an_output_that_no_page_shows_may_be_anything(tag):
    cell = {"metadata": {"tags": [tag]}, "outputs": [{"data": {"text/html": "<b>"}}]}
    assert outputs._shown_outputs(cell) == []
    assert outputs._shown_outputs(cell | {"metadata": {"tags": ["hide-output"]}})


def test_pages_show_pictures_and_prints_as_their_author_means_them(built_book):
    pasted = words("![a white point](attachment:image.png)")
    pasted["attachments"] = {"image.png": {"image/png": PNG}}
    svg = SVG.format("<text>kettle</text>")
    add(
        built_book,
        pasted,
        code(f"{SHOW}Image(point, alt='a point', width=300)"),
        code(f"display(SVG({svg!r}), metadata={{'image/svg+xml': {{'alt': 'a word'}}}})"),
        code("import sys\nfor each in ('a', 'b'):\n    print(each, end='\\r', file=sys.stderr)"),
        code("print('folded')", "hide-output"),
        code("import sys\nprint('kept')\nprint('gone', file=sys.stderr)", "remove-stderr"),
        code("handle = display('first', display_id=True)\nhandle.update('updated')"),
        page="![a logo](logo-2017.png)\n\n```{image} logo-2017.png\n:alt:\n:width: 50%\n```",
    )
    (built_book / "logo-2017.png").write_bytes(b64decode(PNG))
    result = build(built_book)
    assert result.returncode == 0, result.stdout + result.stderr

    extra = page(built_book, "notebooks/extra.html")
    shown = {each["alt"]: each for each in extra.article.find_all("img")}
    assert [*shown] == ["a white point", "a point", "a word"]
    assert shown["a point"]["width"] == "300"
    for picture in shown.values():
        assert (built_book / "_build/html/notebooks" / picture["src"]).is_file()
    assert [each.text.strip() for each in extra.select(".stderr pre")] == ["b"]
    assert [each.text for each in extra.select("details.tb-code > summary")] == ["Output"]
    printed = [each.text.strip() for each in extra.select(".stream pre, .text_plain pre")]
    assert printed == ["folded", "kept", "'updated'"]

    logo, decoration = page(built_book, "page.html").article.find_all("img")
    assert (logo["alt"], decoration["alt"], decoration["width"]) == ("a logo", "", "50%")


def test_a_picture_of_which_nothing_is_said_is_refused_at_its_place(built_book):
    lost = words("Words,\n\n![a kettle](attachment:lost.png)")
    named = words("![image.png](attachment:image.png)")
    named["attachments"] = {"image.png": {"image/png": PNG}}
    figure = "```{figure} logo-2017.png\n\nKettles\n```"
    add(built_book, lost, named, page=f"![](logo-2017.png)\n\n{figure}")
    (built_book / "logo-2017.png").write_bytes(b64decode(PNG))
    told = build(built_book).stderr
    assert "notebooks/extra.ipynb, cell 2: its cell has no picture 'lost.png' attached" in told
    assert "notebooks/extra.ipynb, cell 3: of the picture only the name 'image.png' is said" in told
    assert "page.md:3: nothing is said of the picture 'logo-2017.png'; say what it shows" in told
    assert "page.md:5: nothing is said of the picture" in told
