"""What the pages of a site may load and do: one policy, for its pages and for its host.

Every page carries it in its head, so that it holds on any host and from a folder; a file of headers
says it again, with what only a header can say, to the hosts that read one. Both are written here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

THEME = Path(__file__).parent / "theme"
HEADERS_FILE = "_headers"  # at the root of a site; Netlify and Cloudflare Pages read it

_SELF = "'self'"
_NONE = "'none'"
_DIRECTIVES = {
    "default-src": [_SELF],
    "script-src": [_SELF],
    "style-src": [_SELF],
    # Redirect pages name an empty icon, `data:,`.
    "img-src": [_SELF, "data:"],
    "font-src": [_SELF],
    "connect-src": [_SELF],
    "frame-src": [_NONE],
    "worker-src": [_NONE],
    "object-src": [_NONE],
    "base-uri": [_NONE],
    "form-action": [_SELF],
}
# Of a page in another's frame a browser asks the host alone: in a page it ignores this.
_OF_HOSTS = {"frame-ancestors": [_NONE]}
_UNUSED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def of_pages() -> str:
    """The policy as each page carries it."""
    return _written(_DIRECTIVES)


def tag() -> str:
    """The element that gives a page its policy: before all else in the head, for it holds from
    there on.
    """
    return f'<meta http-equiv="Content-Security-Policy" content="{of_pages()}">'


def headers() -> dict[str, str]:
    """The headers that a host should send with every file: the policy, and what pages cannot say.

    Nothing in them depends on the host's name or on whether it has TLS.
    """
    return {
        "Content-Security-Policy": _written({**_DIRECTIVES, **_OF_HOSTS}),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": _UNUSED,
    }


def headers_of_cards() -> dict[str, str]:
    """The same for the cards of figures, which other sites may show in a frame."""
    own = {**headers(), "Content-Security-Policy": of_pages()}
    return {name: value for name, value in own.items() if name != "X-Frame-Options"}


def headers_file(folders: Iterable[str], of_figures: str) -> str:
    """The headers for all paths of a site, which has these folders, as `_headers` has them.

    In the folder `of_figures` are the pages of figures, and a folder of each with its card. A rule
    of a host cannot leave a path out, so that each path is of one rule alone.

    >>> print(headers_file(["book", "stat"], "stat").splitlines()[0])
    /
    """
    pages = ["/", "/:file", *(f"/{each}/*" for each in sorted(folders) if each != of_figures)]
    rules = {path: headers() for path in [*pages, f"/{of_figures}/", f"/{of_figures}/:file"]}
    rules[f"/{of_figures}/:figure/:card"] = headers_of_cards()
    return "".join(
        "".join([f"{path}\n", *(f"  {name}: {value}\n" for name, value in sent.items())])
        for path, sent in rules.items()
    )


def _written(directives: dict[str, list[str]]) -> str:
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())
