"""Debian's Chromium, and pages of it in one state."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.problem import Problem

# The resolver is told to find nothing, so that a request to another host is seen and never sent.
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync""".split()
NO_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
HEIGHT = 900
WIDTHS = (320, 375, 1440)
SCHEMES = ("light", "dark")
# ms until what does not come is said to be missing; tests of what is missing wait less.
PATIENCE, IMPATIENCE = 60_000, 1_000
GIVEN_UP = "net::ERR_ABORTED"  # by the page itself; a server that fails is called otherwise
REFUSED = "refused by"  # so a problem says what the page's policy has held back
_LOCAL = ("data", "blob", "file", "about")
_TELL_REFUSALS = """document.addEventListener("securitypolicyviolation", (event) =>
  tallybookRefused(event.effectiveDirective, event.blockedURI,
    `${event.documentURI} (${event.sourceFile}:${event.lineNumber})`));"""


@dataclass(frozen=True)
class State:
    """How a page is looked at."""

    width: int = 1440
    scheme: str = "light"
    height: int = HEIGHT
    scale: int = 1
    scripts: bool = True
    touch: bool = False

    def __str__(self) -> str:
        scale = f" × {self.scale}" if self.scale > 1 else ""
        return f"{self.width} px{scale}, {self.scheme}{'' if self.scripts else ', no scripts'}"


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, NO_HOST])
        yield browser
        browser.close()


@contextmanager
def looking(browser: Browser, state: State) -> Iterator[tuple[Page, list[Problem]]]:
    """A page with a cache of its own, and what it reports: errors, and requests that it must not
    make. The list grows while the page is used.
    """
    context = browser.new_context(
        viewport={"width": state.width, "height": state.height},
        device_scale_factor=state.scale,
        color_scheme=state.scheme,
        reduced_motion="reduce",
        java_script_enabled=state.scripts,
        has_touch=state.touch,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    heard: list[Problem] = []
    _listen(page, heard)
    yield page, heard
    context.close()


def _listen(page: Page, heard: list[Problem]) -> None:
    def add(where: str, found: str, expected: str) -> None:
        heard.append(Problem(where, found, expected))

    def on_refusal(_: object, directive: str, what: str, where: str) -> None:
        add(where, f"{what} {REFUSED} {directive}", "nothing refused")

    def on_request(request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in _LOCAL and address.hostname != "127.0.0.1":
            add(request.url, "a request to another host", "none")

    def on_console(message) -> None:
        if message.type == "error":
            add(message.location.get("url") or page.url, f"console error {message.text!r}", "none")

    def on_failure(request) -> None:
        # A page that is left gives up what is on its way still, such as its icon.
        if GIVEN_UP not in (request.failure or ""):
            add(request.url, f"no answer ({request.failure})", "an answer")

    page.expose_binding("tallybookRefused", on_refusal)
    page.add_init_script(_TELL_REFUSALS)
    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: add(page.url, f"script error {error}", "none"))
    page.on("requestfailed", on_failure)
    page.on(
        "response",
        lambda one: one.status >= 400 and add(one.url, f"status {one.status}", "200"),
    )


def scroll_through(page: Page) -> None:
    """Scroll to the end and back, two screens at a time, as a hurried reader would."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise((done) => requestAnimationFrame(() => done()));
          for (let y = 0; y < document.documentElement.scrollHeight; y += 2 * innerHeight) {
            scrollTo(0, y);
            await frame();
          }
          scrollTo(0, 0);
          await frame();
        }"""
    )
