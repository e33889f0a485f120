"""Whatever a reader is fed with, it ends in time, in what it reads or in a problem with a place."""

from __future__ import annotations

import json
import signal
from base64 import b64encode
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from benchmarks import fuzz, fuzz_growth, fuzz_inputs, fuzz_process, fuzz_targets
from benchmarks.fuzz_targets import TARGETS
from tallybook.charts import svg as chart_svg
from tallybook.charts.svg import CannotBeDrawn
from tallybook.errors import NotebookFailed
from tallybook.notebooks import stored as notebooks
from tallybook.site import outputs
from tallybook.site.build_state import BUILDS
from tallybook.tables.table import CHART, TABLE
from tests.helpers.small_site import NOTEBOOK, build
from tests.site.test_charts import stored

INPUTS, SEED = 120, 7
# The shortest inputs of what the fuzzing once found.
FOUND = {
    "html": [b"\xed\xa0\x80", b"<![CDATA[[>x", b"<b " * 2_000, b"<!--" * 2_000],
    "notebooks": [b'{"cells": [], "metadata": {}}', b'{"cells": [], "metadata": {"a": "\\ud800"}}'],
    "tables": [b'{"columns": ["a"], "rows": [[{}]]}', b'{"columns": [], "rows": null}', b"[]"],
    "charts": [
        b'{"usermeta": {"tallybook": {"form": []}}}',
        b'{"data": {"url": "x"}}',
        b'{"mark": []}',
        b'{"layer": ' + b"[" * 200 + b"]" * 200,
    ],
    "yaml": [
        b"",
        b"\x00",
        b"[" * 50,
        b"9" * 10_000,
        b"- " * 9_000,
        b"? [a]\n: b",
        b"\xff",
        b"&a *a",
    ],
    "ledger": [b"", b"\x00", b"\x05- id: a\n  value: " + b"9" * 10_000],
    "dates": [
        b"Y170000002",
        b"10000-01-01",
        b"0000",
        b"\xd9\xa2\xd9\xa0\xd9\xa1\xd9\xa7",
        b"201X-XX",
    ],
    "numbers": [b"9" * 10_000, b"1/0", b"1/" + b"0" * 9, "٣/٠".encode(), b"hundreds of " * 50],
    "documents": [b"\xff\xfe", b"", b"\n" * 5_000, "“".encode() * 900],
    "derived": [b'[{"id": "a", "point": "1/0"}]', b"[[]]", b"{}", b'"x"', b"[null]"],
}


@pytest.fixture(autouse=True)
def limited():
    """Half a minute of the processor for a test, in which nothing may hang."""

    def stop(*_: object) -> None:
        raise fuzz_process.Hang

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 30)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_of_a_fixed_seed_makes_a_reader_fall_over(name):
    found = fuzz_process.with_hypothesis(name, INPUTS, SEED)
    assert found.failures == {}
    assert found.inputs >= INPUTS


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_taken_as_it_is(name):
    target = TARGETS[name]
    for seed in target.seeds():
        target.run(seed)


@pytest.mark.parametrize(("name", "raw"), [(n, raw) for n, found in FOUND.items() for raw in found])
def test_what_fuzzing_found_once_is_mended(name, raw):
    TARGETS[name].run(raw)


@pytest.mark.parametrize("name", ["yaml", "dates", "numbers", "html", "audit"])
def test_twice_the_input_takes_no_more_than_four_times_as_long(name):
    words = [word for word in fuzz_inputs.WORDS if word][SEED::20]
    assert [*fuzz_growth.slow(TARGETS[name], words, 4_000)] == []


def test_atheris_feeds_a_target_in_a_process_of_its_own():
    pytest.importorskip("atheris")
    found = fuzz.run("dates", "atheris", 300)
    assert (found.inputs, found.failures) == (300, {})
    assert "dates" in fuzz.text([found])


def test_a_target_that_falls_over_is_told_with_its_shortest_input():
    def fall(raw: bytes) -> None:
        if b"x" in raw:
            raise KeyError(raw)

    found = fuzz_process.Found()
    for raw in (b"xxx", b"y", b"x"):
        found.run(type("Target", (), {"run": staticmethod(fall)}), raw)
    assert list(found.failures.values()) == [b64encode(b"x").decode()]


# What a notebook's file may hold, and no page shows


@pytest.mark.parametrize(
    "kind",
    [
        "text/html", "text/markdown", "text/latex", "application/javascript",
        "application/vnd.jupyter.widget-view+json", "application/pdf", "application/json",
        "application/vnd.vega.v5+json", "application/vnd.vegalite.v5+json", "video/mp4",
        "application/papermill.record/text/html", "application/vnd.tallybook.other+json",
    ],
)  # fmt: skip
def test_an_output_of_another_kind_is_refused(kind):
    (mistake,) = outputs.mistakes({"data": {kind: "<b>x</b>", "text/plain": "x"}})
    assert mistake.startswith(f"its output is {kind}, which pages do not show: ")


def test_html_is_taken_beside_a_table_and_svg_beside_a_chart_only():
    table, chart = {TABLE: {"columns": ["a"], "rows": []}}, {CHART: {}}
    assert not [*outputs.mistakes({"data": table | {"text/html": "<script>"}})]
    assert not [*outputs.mistakes({"data": chart | {"image/svg+xml": "<svg/>"}})]
    assert [*outputs.mistakes({"data": chart | {"text/html": "<b>"}})]
    assert [*outputs.mistakes({"data": table | {"image/svg+xml": "<svg/>"}})]


@pytest.mark.parametrize(
    ("output", "says"),
    [
        ({"output_type": "error", "traceback": ["\x1b[31mx"]}, "it failed when it was executed"),
        ({"text": "a\x00b"}, "its text has the character U+0000; print it without"),
        ({"text": "\u202eabc"}, "its text has the character U+202E"),
        ({"text": 5}, "its text is no text"),
        ({"data": {"image/png": "PHN2Zz4="}}, "its picture is no image/png"),
        ({"data": {"image/gif": ["x"]}}, "its picture is no image/gif"),
    ],
)
def test_an_output_that_cannot_be_shown_is_refused(output, says):
    assert any(mistake.startswith(says) for mistake in outputs.mistakes(output))


def test_text_with_the_colours_of_a_terminal_is_taken():
    assert not [*outputs.mistakes({"text": "\x1b[31mred\x1b[0m\n", "name": "stderr"})]


@pytest.mark.parametrize(
    "inner",
    [
        "<image href='x'/>", "<script>1</script>", "<a><path d='M0'/></a>", "<foreignObject/>",
        "<path d='M0' onclick='x'/>", "<path d='M0' fill='url(https://example.org)'/>", "<use/>",
        "<path d='M0' xmlns:x='http://www.w3.org/1999/xlink' x:href='javascript:x'/>",
        "<path d='M0' href='x'/>", "<style>*{}</style>", "<animate/>",
    ],
)  # fmt: skip
def test_a_drawing_with_more_than_shapes_and_text_is_refused(inner, monkeypatch):
    space = 'xmlns="http://www.w3.org/2000/svg"'
    svg = f'<svg {space} viewBox="0 0 1 1"><g fill="red">{inner}</g></svg>'
    monkeypatch.setattr(chart_svg.vega, "svg", lambda *_: svg)
    with pytest.raises(CannotBeDrawn, match="its drawing has"):
        chart_svg.drawing({})


@pytest.mark.parametrize(
    "mark",
    [
        {"type": "bar", "href": "https://example.org"},
        {"type": "image", "url": "data:image/png;base64,AAAA"},
    ],
)
def test_a_chart_that_leads_away_or_has_pictures_is_not_drawn(mark):
    spec = {"data": {"values": [{"a": 1}]}, "mark": mark, "encoding": {"x": {"field": "a"}}}
    with pytest.raises(CannotBeDrawn, match="its drawing has"):
        chart_svg.drawing(spec)


def test_nothing_is_fetched_while_a_chart_is_drawn():
    spec = {"data": {"url": "http://127.0.0.1:9/x.csv"}, "mark": "bar"}
    with pytest.raises(ValueError, match="not allowed"):
        chart_svg.vega.svg(json.dumps(spec), None)


def test_a_notebook_with_half_a_character_is_unreadable(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "x": "\\ud800"}')
    with pytest.raises(NotebookFailed, match="surrogates not allowed"):
        notebooks.load(path)


def test_a_table_that_is_none_ends_the_build_with_its_cell(built_book):
    def forge(output):
        if table := output.get("data", {}).get(TABLE):
            table["rows"][0][0] = {"html": "<script>alert(1)</script>"}

    stored(built_book, forge)
    result = build(built_book)
    assert result.returncode == 1
    assert (
        f"{NOTEBOOK}, cell 5: its table is none of tallybook's: KeyError: 'text'; "
        "tallybook run --all makes it anew"
    ) in result.stderr
    assert "Traceback" not in result.stderr


def test_a_table_with_markup_in_each_field_shows_it_as_text(built_book):
    active = "<script>alert(1)</script>"

    def forge(output):
        if table := output.get("data", {}).get(TABLE):
            row = [{"text": active}, {"of": f'label:x"{active}', "text": f"7 {active}"}]
            columns = [active, f'"{active}']
            table |= {"columns": columns, "rows": [row], "note": active, "html": active}
            table["anchors"] = [f'"{active}']

    stored(built_book, forge)
    result = build(built_book)
    assert "Traceback" not in result.stderr
    pages = [*(built_book / "_build").rglob("kettles.html")]
    assert pages
    assert not [page for page in pages if active in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize(
    "content",
    [
        [], "x", None, 3, {"columns": ["a"]}, {"columns": ["a"], "rows": 3},
        {"columns": ["a", "b"], "rows": [[{"text": "x"}]]}, {"columns": ["a"], "rows": [[None]]},
        {"columns": ["a"], "rows": [[{"lines": 1}]]}, {"columns": [], "rows": []},
        {"columns": ["a"], "rows": [[{"source": "a"}]]},
        {"columns": ["a"], "rows": [[{"text": "x"}]], "anchors": [3]},
        {"columns": ["a"], "rows": [[{"figure": "no-such-figure"}]]},
        {"columns": ["a"], "rows": [[{"figures": [["x"]]}]]},
    ],
)  # fmt: skip
def test_data_that_are_no_table_are_told_with_page_and_cell(content):
    assert [*shown(content)] == ["notebooks/a.ipynb, cell 5"]


def shown(content) -> Iterator[str]:
    """The places of what is wrong with an output that is stored as a table."""
    env = fuzz_targets.environment()
    env.srcdir, env.doc2path = "/book", lambda _: "/book/notebooks/a.ipynb"
    problems = BUILDS[env.app].problems = []
    renderer = SimpleNamespace(renderer=SimpleNamespace(sphinx_env=env))
    data = SimpleNamespace(mime_type=TABLE, content=content, cell_index=4)
    assert outputs.Outputs.handle_mime(renderer, data, False) == []
    yield from (problem.partition(": ")[0] for problem in problems)
