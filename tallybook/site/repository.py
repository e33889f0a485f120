"""Links from a page to where its source is kept, and to where its notebook can be run.

The addresses are those that Jupyter Book's buttons have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from tallybook.site.frame import THEME_OPTIONS

# By the host: a file, its source, its editor, and a new issue, below the repository's address.
_PATHS = {
    "github": ("blob/{}?plain=1", "edit/{}", "issues/new?title={}"),
    "gitlab": ("-/blob/{}?plain=1", "-/edit/{}", "-/issues/new?issue[title]={}"),
    "bitbucket": ("src/{}", "src/{}?mode=edit", ""),
}
_PREFIXES = {"classic": "tree", "jupyterlab": "lab/tree"}
_BINDER = {"https://github.com": "gh", "https://gitlab.com": "gl"}
Link = dict[str, str]


def links(frame: dict[str, Any], page: str, path: str) -> list[Link]:
    """The links of a page by its name and the path of its source, which is empty for one without.

    >>> frame = {"html.use_repository_button": True, "repository.url": "https://github.com/a/b",
    ...          "provider": "github"}
    >>> links(frame, "index", "index.md")
    [{'text': 'Repository', 'href': 'https://github.com/a/b'}]
    """
    url = str(frame.get("repository.url") or "").rstrip("/").removesuffix(".git")
    if not url or frame.get("provider") not in _PATHS:
        return []
    folder = str(frame.get("repository.path_to_book") or "").strip("/")
    there = f"{folder}/{path}" if folder else path
    found = [*_launches(frame, url, there)] if path.endswith(".ipynb") else []
    found += _of_source(frame, url, page, there if path else "")
    return [{"text": text, "href": href} for text, href in found]


def _of_source(frame: dict[str, Any], url: str, page: str, path: str) -> Iterator[tuple[str, str]]:
    source, edit, issue = _PATHS[frame["provider"]]
    at = f"{quote(str(frame.get('repository.branch')))}/{quote(path)}"
    if path and frame.get(f"{THEME_OPTIONS}.use_source_button"):
        yield "Source of this page", f"{url}/{source.format(at)}"
    if path and frame.get("html.use_edit_page_button"):
        yield "Suggest an edit", f"{url}/{edit.format(at)}"
    if issue and frame.get("html.use_issues_button"):
        yield "Report an error", f"{url}/{issue.format(quote(f'Issue on page /{page}.html'))}"
    if frame.get("html.use_repository_button"):
        yield "Repository", url


def _launches(frame: dict[str, Any], url: str, path: str) -> Iterator[tuple[str, str]]:
    """Where the notebook of a page can be opened."""
    host, owner, name = url.rsplit("/", 2)
    branch = quote(str(frame.get("repository.branch")))
    prefix = _PREFIXES[frame.get("launch_buttons.notebook_interface") or "classic"]
    to = {
        each: str(frame.get(f"launch_buttons.{each}_url") or "").rstrip("/")
        for each in ("binderhub", "jupyterhub", "colab", "deepnote")
    }
    if to["binderhub"]:
        kind = _BINDER.get(host, "git")
        of = f"{owner}/{name}" if kind == "gh" else quote(f"{owner}/{name}", safe="")
        of = quote(url, safe="") if kind == "git" else of
        opened = f"{prefix}/{quote(path)}"
        yield "Open in Binder", f"{to['binderhub']}/v2/{kind}/{of}/{branch}?urlpath={opened}"
    if to["jupyterhub"]:
        asked = {"repo": url, "urlpath": f"{prefix}/{name}/{path}", "branch": branch}
        pull = "hub/user-redirect/git-pull"
        yield "Open in JupyterHub", f"{to['jupyterhub']}/{pull}?{urlencode(asked, safe='/')}"
    on_github = f"{owner}/{name}/blob/{branch}/{quote(path)}"
    if to["colab"]:
        yield "Open in Colab", f"{to['colab']}/github/{on_github}"
    if to["deepnote"]:
        whole = quote(f"https://github.com/{on_github}", safe="")
        yield "Open in Deepnote", f"{to['deepnote']}/launch?url={whole}"
