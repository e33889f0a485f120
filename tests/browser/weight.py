"""What a first visit transfers."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.problem import Problem

MOST_BYTES = 100_000
MOST_REQUESTS = 12
MOST_BYTES_OF_LANDING = 60_000


@dataclass(frozen=True)
class Transfer:
    """The bytes, headers included, of each request."""

    bytes_of: dict[str, int]

    def __str__(self) -> str:
        largest = sorted(self.bytes_of.items(), key=lambda one: -one[1])
        return ", ".join(f"{name.rpartition('/')[2] or '/'} {size:,}" for name, size in largest)


def first_view(page: Page, address: str) -> Transfer:
    """Open an address with an empty cache, and count until nothing more is asked for."""
    session = page.context.new_cdp_session(page)
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on(
        "Network.requestWillBeSent", lambda e: names.setdefault(_key(e), e["request"]["url"])
    )
    session.on("Network.loadingFinished", lambda e: sizes.update({_key(e): e["encodedDataLength"]}))
    session.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    web = {key: name for key, name in names.items() if name.startswith("http")}
    return Transfer({f"{n} {name}": sizes.get(key, 0) for n, (key, name) in enumerate(web.items())})


def _key(event: dict) -> str:
    return str(event["requestId"])


def too_much(
    page: Page, address: str, *, most: int = MOST_BYTES, requests: int = MOST_REQUESTS
) -> list[Problem]:
    """Whether a first visit takes more bytes or requests than it may."""
    found = first_view(page, address)
    total = int(sum(found.bytes_of.values()))
    problems = []
    if total > most:
        problems.append(Problem("first view", f"{total:,} bytes: {found}", f"at most {most:,}"))
    if len(found.bytes_of) > requests:
        counted = f"{len(found.bytes_of)} requests: {found}"
        problems.append(Problem("first view", counted, f"at most {requests}"))
    return problems
