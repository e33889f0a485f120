"""Working on a book: what is saved is on its pages, and what is wrong is said there."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from urllib.request import urlopen

import nbformat
import psutil
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tallybook.notebooks.execute import SECONDS_PER_CELL
from tallybook.site import policy
from tests.browser.chromium import REFUSED, State, looking
from tests.conftest import ROOT
from tests.helpers.groups import slow
from tests.helpers.live_book import LEDGER, SECONDS, Heard, Live, working
from tests.helpers.small_site import NOTEBOOK, spoil

PAGE = "notebooks/kettles.html"
# Every process that has this refuses to write into a book while there is a certain file.
FULL = """
import errno, os, sys
sys.path.insert(0, '{root}')
from tests.faults.faulty import Faults
sys.path.pop(0)

def refuse(_):
    if os.path.exists('{full}'):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

Faults('{book}', refuse).begin()
"""
SCRIPT = '<script src="/_live/live.js" data-version="'


@pytest.fixture(scope="module")
def live(built, tmp_path_factory):
    """One session for the tests of this file; what one of them spoils is mended after it."""
    # Without what was built elsewhere, which Sphinx would read anew.
    folder, without = tmp_path_factory.mktemp("live"), shutil.ignore_patterns("_build")
    book = Path(shutil.copytree(built, folder / "kettles", ignore=without))
    with working(book) as found:
        found.wait_for("built, ")
        yield found


@pytest.fixture
def heard(live):
    """What a page hears; afterwards the book is as it was."""
    sources = (LEDGER, NOTEBOOK, "index.md")
    before = {live.book / name: (live.book / name).read_bytes() for name in sources}
    found = Heard(live.port)
    found.whole()
    yield found
    if changed := [path for path in before if path.read_bytes() != before[path]]:
        found.forget()
        for path in changed:
            path.write_bytes(before[path])
        found.until(lambda state: not state["is_whole"])
        found.whole()


def edit(live: Live, old: str, new: str) -> None:
    """Another number in the ledger and in the words that print it, in one save."""
    path = live.book / LEDGER
    text = path.read_text().replace(f"value: {old}", f"value: {new}")
    path.write_text(text.replace(f"{int(old):,}", f"{int(new):,}"))


def test_a_page_is_served_with_a_script_that_its_file_does_not_have(live):
    status, text = live.get(PAGE)
    assert status == 200
    assert SCRIPT in text
    assert "_live" not in live.file(PAGE)
    assert text.replace(text[text.index(SCRIPT) : text.index("</head>")], "") == live.file(PAGE)


def test_a_page_is_served_with_the_headers_that_its_readers_host_would_send(live):
    with urlopen(live.address + PAGE) as answer:  # noqa: S310  # our own
        assert policy.headers().items() <= dict(answer.headers).items()


def test_an_address_without_a_page_has_the_books_own_page_for_that(live):
    status, text = live.get("nosuch.html")
    assert status == 404
    assert "Page not found" in text
    assert SCRIPT in text


@pytest.mark.parametrize(
    "path", ["../index.md", "%2e%2e/%2e%2e/index.md", "_static/../../../index.md"]
)
def test_nothing_beside_the_site_is_served(path, live):
    assert live.get(path)[0] in (403, 404)


def test_an_edit_of_a_record_is_on_its_pages_and_they_are_told(live, heard):
    edit(live, "1000", "1100")
    heard.whole()
    assert "1,100" in live.get(PAGE)[1]
    assert "1,100" in live.get("index.html")[1]
    assert "1,100" in live.get("stat/stores-closed-2017.html")[1]


@slow("live")
@pytest.mark.usefixtures("heard")
def test_an_open_page_is_shown_before_the_rest_is_published(live):
    page = Heard(live.port, PAGE)
    old = page.whole()["version"]
    edit(live, "1000", "1110")
    first = page.until(lambda state: state["version"] != old)
    assert not first["is_whole"]
    assert "1,110" in live.get(PAGE)[1]
    assert "1,110" not in live.file(PAGE)
    assert page.whole()["version"] == first["version"]  # it is not loaded twice
    assert "1,110" in live.file(PAGE)


@slow("live")
@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("name", ["index.html", "stat/stores-closed-2017.html"])
def test_so_is_a_page_that_cites_and_the_page_of_a_figure(name, live):
    page = Heard(live.port, name)
    old = page.whole()["version"]
    edit(live, "1000", "1120")
    assert not page.until(lambda state: state["version"] != old)["is_whole"]
    assert "1,120" in live.get(name)[1]
    page.whole()


@slow("live")
@pytest.mark.usefixtures("heard")
def test_how_many_pages_are_to_go_is_said_until_none_is(live):
    page = Heard(live.port, PAGE)
    page.whole()
    edit(live, "1000", "1130")
    assert page.until(lambda state: state["to_go"])["is_whole"] is False
    assert page.whole()["to_go"] == 0


def test_a_ledger_that_does_not_hold_is_said_with_its_place_until_it_is_mended(live, heard):
    live.replace(LEDGER, "value: 1000", "value: 1001")
    assert f"{LEDGER}:3:10: statistic 'stores-closed-2017'" in heard.problems()
    live.wait_for(f"{LEDGER}:3:10")
    assert "1,001" not in live.get(PAGE)[1]
    live.replace(LEDGER, "value: 1001", "value: 1000")
    heard.whole()


@slow("live")
def test_a_failing_cell_is_said_with_its_code_until_it_is_mended(live, heard):
    live.replace(NOTEBOOK, "repair-plants", "repair-plnts")
    told = heard.problems()
    assert "notebooks/kettles.ipynb, cell 3: no statistic 'repair-plnts'" in told
    assert 'ledger.quantities("stores-closed-2017", "repair-plnts")' in told
    live.replace(NOTEBOOK, "repair-plnts", "repair-plants")
    heard.whole()


@slow("live")
def test_an_unknown_id_on_a_page_is_said_and_the_page_stays_as_it_was(live, heard):
    before = live.file("index.html")
    live.replace("index.md", "{stat}`stores-per-plant`", "{stat}`stores-per-plnt`")
    assert "index.md:3: no statistic 'stores-per-plnt'" in heard.problems()
    assert live.file("index.html") == before


@slow("live")
def test_a_warning_of_sphinx_is_said_in_plain_text_and_the_page_stays_as_it_was(live, heard):
    before = live.file("index.html")
    live.replace("index.md", "it was asked.", "it was {nosuchrole}`asked`.")
    told = heard.problems()
    assert "index.md:3: " in told
    assert "nosuchrole" in told
    assert "\x1b" not in told
    assert live.file("index.html") == before
    live.replace("index.md", "it was {nosuchrole}`asked`.", "it was asked.")
    heard.whole()
    assert live.file("index.html") == before


@slow("live")
def test_a_notebook_that_is_saved_as_it_was_is_no_change(live, heard):
    path = live.book / NOTEBOOK
    before = path.read_text()
    stored = json.loads(before)
    stored["metadata"]["kernelspec"]["display_name"] = "Another"
    path.write_text(json.dumps(stored, indent=4))
    assert heard.next(seconds=1) is None
    path.write_text(before)


@slow("live")
def test_what_is_saved_during_a_build_is_built_in_one_further_round(live, heard):
    edit(live, "1000", "1200")
    sleep(0.2)
    edit(live, "1200", "1300")
    edit(live, "1300", "1400")
    builds = 1
    heard.whole()
    while "1,400" not in live.file(PAGE):
        builds += 1
        heard.whole()
    assert builds <= 2


@slow("live")
@pytest.mark.usefixtures("heard")
def test_a_save_while_pages_are_built_begins_with_the_open_page_again(live):
    page = Heard(live.port, PAGE)
    page.whole()
    edit(live, "1000", "1210")
    page.until(lambda state: state["to_go"])
    edit(live, "1210", "1220")
    live.wait_for("something else was saved meanwhile")
    page.whole()
    assert "1,220" in live.file(PAGE)
    assert "1,220" in live.file("index.html")


@slow("live")
@pytest.mark.usefixtures("heard")
def test_saves_faster_than_rounds_end_with_the_last_one(live):
    page = Heard(live.port, PAGE)
    for old in range(1300, 1320):
        edit(live, "1000" if old == 1300 else str(old), str(old + 1))
        sleep(0.1)
    published(live, page, "1,320")


@slow("live")
@pytest.mark.usefixtures("heard")
def test_a_save_while_the_notebook_of_the_open_page_runs_begins_anew(live, tmp_path):
    page, begun, may_end = Heard(live.port, PAGE), tmp_path / "begun", tmp_path / "may-end"
    wait = f"while not Path({str(may_end)!r}).exists():\n    pass"
    spoil(live.book, "import tallybook\n", f"{marked(begun)}\n{wait}\nimport tallybook\n")
    until(begun.exists)
    edit(live, "1000", "1140")
    may_end.touch()
    published(live, page, "1,140")


@slow("live")
@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.5, None])
def test_a_notebook_that_never_ends_is_given_up_when_it_is_mended(seconds, live, tmp_path):
    """Also where it is mended so soon that its kernel is not there yet."""
    page, begun = Heard(live.port, PAGE), tmp_path / "begun"
    page.whole()
    spoil(live.book, "import tallybook\n", f"{marked(begun)}\nwhile True: pass\nimport tallybook\n")
    if seconds:
        sleep(seconds)
    else:
        until(begun.exists)
    since = monotonic()
    spoil(live.book, f"{marked(begun)}\nwhile True: pass\n", "# Mended\n")
    published(live, page, "# Mended")
    assert monotonic() - since < SECONDS_PER_CELL / 3


def marked(begun: Path) -> str:
    """Code that leaves a mark when it runs."""
    return f"from pathlib import Path\nPath({str(begun)!r}).touch()"


@slow("live")
@pytest.mark.usefixtures("heard")
def test_a_page_may_be_deleted_while_it_is_open(live):
    contents, added = live.book / "_toc.yml", live.book / "added.md"
    before = contents.read_text()
    added.write_text("# Added\n")
    contents.write_text(f"{before}  - file: added\n")
    heard = Heard(live.port, "added.html")
    until(lambda: live.get("added.html")[0] == 200)
    heard.whole()
    added.unlink()
    assert "_toc.yml:5: file: no page 'added' in the book" in heard.problems()
    contents.write_text(before)
    heard.whole()
    assert live.get("added.html")[0] == 404
    assert not (live.book / "_build/html/added.html").exists()


@slow("live")
@pytest.mark.usefixtures("heard")
def test_of_two_browsers_each_is_shown_its_page_first(live):
    names = (PAGE, "stat/stores-closed-2017.html")
    heard = [Heard(live.port, name) for name in names]
    old = [page.whole()["version"] for page in heard]
    edit(live, "1000", "1150")
    for page, version in zip(heard, old, strict=True):
        assert not page.until(lambda state, old=version: state["version"] != old)["is_whole"]
    assert [name for name in names if "1,150" not in live.get(name)[1]] == []
    heard[0].whole()


@slow("live")
def test_what_is_saved_while_the_machine_sleeps_is_built_when_it_wakes(live, heard):
    family = live.family()
    for process in family:
        process.suspend()
    edit(live, "1000", "1160")
    sleep(2)
    for process in family:
        process.resume()
    published(live, heard, "1,160")


@slow("live")
def test_all_that_fails_is_told_at_once_and_nothing_is_published(live, heard):
    other, contents = live.book / "notebooks/other.ipynb", live.book / "_toc.yml"
    listed, before = contents.read_text(), live.file(PAGE)
    page = Heard(live.port, PAGE)
    page.whole()
    cells = [nbformat.v4.new_markdown_cell("# Other"), nbformat.v4.new_code_cell("nosuch")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), other)
    contents.write_text(f"{listed}  - file: notebooks/other\n")
    spoil(live.book, "repair-plants", "repair-plnts")
    try:
        told = page.until(lambda state: len(state["problems"]) > 1)["problems"]
        assert [each.partition(", cell")[0] for each in told] == [NOTEBOOK, "notebooks/other.ipynb"]
        assert live.file(PAGE) == before
    finally:
        contents.write_text(listed)
        other.unlink()
    heard.forget()
    live.replace(NOTEBOOK, "repair-plnts", "repair-plants")
    heard.whole()


@slow("live")
def test_a_full_disk_is_said_and_the_work_goes_on_when_there_is_room(built_book, tmp_path):
    full = tmp_path / "full"
    (tmp_path / "sitecustomize.py").write_text(FULL.format(root=ROOT, book=built_book, full=full))
    with working(built_book, path=tmp_path) as live:
        live.wait_for("built")
        heard = Heard(live.port, PAGE)
        before = live.file(PAGE)
        full.touch()
        edit(live, "1000", "1170")
        assert "No space left on device" in heard.problems()
        assert live.file(PAGE) == before
        full.unlink()
        live.replace("index.md", "# Kettles", "# All kettles")
        published(live, heard, "1,170")
        assert "All kettles" in live.get("index.html")[1]
        assert "Traceback" not in "".join(live.said)


def published(live: Live, heard: Heard, text: str) -> None:
    """Wait until the page with the notebook is published with a text, and nothing is wrong."""
    until(lambda: heard.whole() and text in live.file(PAGE))


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    end = monotonic() + SECONDS
    while not holds():
        assert monotonic() < end
        sleep(0.05)


@pytest.mark.parametrize("host", ["example.org", "example.org:8000", "127.0.0.1", "localhost:1"])
def test_a_request_by_another_name_is_refused(host, live):
    assert live.get(PAGE, host=host)[0] == 403


def test_a_page_of_another_host_hears_nothing(live):
    address = f"ws://127.0.0.1:{live.port}/_live/socket"
    request = HTTPRequest(address, headers={"Origin": "http://example.org"})
    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(connected(request))


async def connected(request):
    await websocket_connect(request)


def test_a_port_in_use_is_said_in_one_line(live):
    command = [sys.executable, "-m", "tallybook.cli.main", "--book", str(live.book), "live"]
    command += ["--port", str(live.port)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == (
        f"tallybook: port {live.port} is in use: name another with --port, or 0 for any\n"
    )


@slow("live")
@pytest.mark.parametrize(("number", "moment"), [(signal.SIGINT, "built, "), (signal.SIGTERM, "")])
def test_it_ends_with_all_that_it_has_started(number, moment, built_book):
    with working(built_book, is_alone=True) as live:
        if moment:
            live.wait_for(moment)
        end = monotonic() + SECONDS
        while len(family := live.family()) <= 2 and monotonic() < end:
            sleep(0.05)
        assert len(family) > 2  # itself, a server and its drawing process
        live.process.send_signal(number)
        assert live.process.wait(timeout=SECONDS) == 0
        assert psutil.wait_procs(family, timeout=SECONDS)[1] == []


@slow("live")
def test_a_server_that_is_killed_leaves_nothing_and_its_port_free(built_book):
    with working(built_book, is_alone=True) as live:
        live.wait_for("built, ")
        family = live.family()
        assert len(family) > 2
        live.process.kill()
        assert psutil.wait_procs(family[1:], timeout=SECONDS)[1] == []
        command = [sys.executable, "-m", "tallybook.cli.main", "--book", str(live.book), "live"]
        again = subprocess.Popen([*command, "--port", str(live.port)], stdout=subprocess.PIPE)
        try:
            assert f":{live.port}/".encode() in again.stdout.readline()
        finally:
            again.terminate()
            again.wait(timeout=SECONDS)


@slow("live")
def test_a_change_of_the_package_starts_all_anew_unless_it_cannot_start(built_book, tmp_path):
    package = Path(shutil.copytree(ROOT / "tallybook", tmp_path / "package/tallybook"))
    charts = (package / "charts/__init__.py").read_text()
    with working(built_book, path=package.parent) as live:
        heard = Heard(live.port)
        heard.whole()
        (package / "charts/__init__.py").write_text("def")
        assert "SyntaxError" in heard.problems()
        family = live.family()
        (package / "charts/__init__.py").write_text(f"{charts}# more\n")
        assert live.wait_for(r"http://127\.0\.0\.1:\d+/") == live.address
        assert psutil.wait_procs(family[1:], timeout=SECONDS)[1] == []
        Heard(live.port).whole()


@slow("live")
def test_a_page_shows_what_is_wrong_and_is_loaded_anew_where_it_was(live, heard, browser):
    heard.forget()
    with looking(browser, State(width=375, height=400)) as (page, reported):
        page.goto(live.address + PAGE)
        page.evaluate("window.scrollTo(0, 300); window.isOld = true")
        live.replace(LEDGER, "value: 1000", "value: 1001")
        box = page.get_by_role("alert")
        box.get_by_text("statistics/kettles.yml:3:10").wait_for()
        page.keyboard.press("Escape")
        box.get_by_text("statistics/kettles.yml:3:10").wait_for(state="detached")
        live.replace(LEDGER, "value: 1001", "value: 1002")
        box.get_by_text("kettles.yml:3:10").wait_for()
        text = (live.book / LEDGER).read_text().replace("value: 1002", "value: 1600")
        (live.book / LEDGER).write_text(text.replace("1,000", "1,600"))
        page.wait_for_function("() => !window.isOld && document.body.textContent.includes('1,600')")
        assert box.inner_text() == ""
        assert page.evaluate("window.scrollY") == 300
        assert policy.tag() in live.file(PAGE)
        assert [one for one in reported if REFUSED in one.found] == []
