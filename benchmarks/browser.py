"""When a chapter's largest content is painted, beside the same chapter in stock Jupyter Book.

Both sites are served from loopback to Chromium, its processor slowed down four times. The stock
book has the same pages and notebooks, without tallybook's extension; its charts are Altair's own
HTML outputs. What these would load from another host is not there, which only helps their times.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import altair as alt
import nbformat
from altair.utils.html import spec_to_html

from benchmarks import books, stock
from benchmarks.processes import PYTHON, run, succeeded
from tallybook.notebooks import stored
from tests.browser.chromium import State, launched, looking
from tests.browser.server import serving

PAGE = "notebooks/takedown-requests.html"
RUNS = 5
SLOWER = 4
_SPECIFICATION = "application/vnd.vegalite"
_LARGEST_PAINT = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().at(-1).startTime))
    .observe({ type: "largest-contentful-paint", buffered: true });
})"""


def largest_paints(root: Path) -> dict[str, float]:
    """Milliseconds to the largest paint of a chapter with charts: of our site, and of stock's."""
    with TemporaryDirectory() as folder:
        ours = _ours(root, Path(folder) / "ours")
        theirs = _stock(root, Path(folder) / "stock")
        return {"ours": _median(ours), "stock": _median(theirs)}


def _ours(root: Path, book: Path) -> Path:
    books.copy(root, book)
    succeeded(run(*PYTHON, "tallybook.cli.main", "--book", str(book), "build"))
    return book / "_build" / "html"


def _stock(root: Path, book: Path) -> Path:
    stock.write(root, book, execute_notebooks="off")
    for path in stored.paths(book):
        notebook = nbformat.read(path, as_version=4)
        for output in (one for cell in notebook.cells for one in cell.get("outputs", ())):
            _as_altair_shows(output)
        nbformat.write(notebook, path)
    stock.build(book)
    return book / "_build" / "html"


def _as_altair_shows(output: nbformat.NotebookNode) -> None:
    """Replace a stored chart by Altair's own HTML, and keep of tables what any notebook shows."""
    data = output.get("data", {})
    for specification in [data[mime] for mime in data if mime.startswith(_SPECIFICATION)]:
        # As `to_html` of a chart does, which refuses what Vega-Lite knows and its schema does not.
        html = spec_to_html(
            specification, "vega-lite", alt.VEGA_VERSION, alt.VEGAEMBED_VERSION,
            alt.VEGALITE_VERSION, output_div=f"altair-viz-{uuid4().hex}", fullhtml=False,
        )  # fmt: skip
        output["data"] = nbformat.from_dict({"text/html": html})
    for mime in [mime for mime in data if "tallybook" in mime]:
        del data[mime]


def _median(site: Path) -> float:
    with serving(site, headers={}) as address, launched() as browser:
        times = []
        for _ in range(RUNS):
            with looking(browser, State()) as (page, _):
                session = page.context.new_cdp_session(page)
                session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                page.goto(address + PAGE, wait_until="networkidle")
                times.append(page.evaluate(_LARGEST_PAINT))
    return median(times)
