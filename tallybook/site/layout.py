"""The frame of every page: the theme `tallybook`, which inherits sphinx-book-theme.

The parents' layout is replaced, and of what they and other extensions load nothing is kept but our
own files and those that the book's settings name: no icon fonts, no script bundles, nothing inline.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import shutil
import textwrap
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from tallybook.charts import vega
from tallybook.charts.data import FOLDER
from tallybook.files import states_below, write
from tallybook.site import (
    citations,
    figure_pages,
    frame,
    html_input,
    machines,
    marks,
    policy,
    repository,
)
from tallybook.site.build_state import BUILDS, edition_of, known_page, newest_document
from tallybook.site.policy import THEME

_SCRIPTS = ("tallybook.js", "tables.js", "cards.js", "charts.js")
# What the extension writes there at the end of a build, besides the theme's own files.
WRITTEN = ("search-index.js", "names.js", "vega.js", "social-card.png")
# Pixels: 1.91 to 1, the ratio in which most sites show the picture of a link.
_CARD = (1200, 630)
_CARD_MADE = "tallybook-card"
_PARENTS = ("pydata_sphinx_theme", "sphinx_book_theme")
# Addresses in the HTML of a page that are relative to it.
_RELATIVE = re.compile(r'\b(?P<name>href|src|action)="(?P<address>(?![\w+.-]*:|[/#?])[^"]+)"')
_NOT_FOUND = (
    "<h1>Page not found</h1><p>There is no page at this address. The contents and the search lead "
    "to every page, and to every figure.</p>"
)


def connect(app: Sphinx) -> None:
    """Add the theme, its files, and the pages that belong to the frame."""
    app.setup_extension("notfound.extension")
    app.add_html_theme("tallybook", str(THEME))
    app.add_js_file("mode.js")
    for name in _SCRIPTS:
        app.add_js_file(name, loading_method="defer")
    # Before Sphinx and the parents look at the settings; the second one after they changed them.
    app.connect("config-inited", _set_defaults, priority=100)
    app.connect("config-inited", _restore_given, priority=900)
    app.connect("builder-inited", _disconnect_parents)
    app.connect("doctree-resolved", _remove_kernel_scripts, priority=900)
    # After all others, whose files and tags are looked through.
    app.connect("html-page-context", _add_context, priority=900)


def _set_defaults(_: Sphinx, config: Config) -> None:
    """Set what the layout relies on; what a book sets itself holds."""
    if config.html_theme == "sphinx_book_theme":
        config.html_theme = "tallybook"
    # The index would list nothing: figures have their own.
    config.html_use_index = False
    given = {
        "html_scaled_image_link": False,  # which would be without words around some
        # The page for wrong addresses is shown at any, so that its links begin at the host.
        "notfound_urls_prefix": f"{urlsplit(config.html_baseurl).path.rstrip('/')}/",
        "notfound_context": {"title": "Page not found", "body": _NOT_FOUND},
    }
    for name, value in given.items():
        if name not in _given(config):
            setattr(config, name, value)


def _restore_given(_: Sphinx, config: Config) -> None:
    """Restore what others set whatever a book's settings say: sphinx-jupyterbook-latex for PDF, and
    Sphinx, which puts the year of SOURCE_DATE_EPOCH in place of the author's.
    """
    config.numfig = _given(config).get("numfig", config.numfig)
    config.copyright = config.tallybook_frame["copyright"]


def _given(config: Config) -> dict[str, Any]:
    """The settings that are a book's own. Jupyter Book passes those of _config.yml as overrides."""
    return {**config._raw_config, **config.overrides}


def _disconnect_parents(app: Sphinx) -> None:
    """Disconnect what the parents compute for the layout that is replaced: half of the build."""
    if app.config.html_theme == "tallybook":
        for listener in list(app.events.listeners["html-page-context"]):
            if str(listener.handler.__module__).startswith(_PARENTS):
                app.disconnect(listener.id)


def _add_context(
    app: Sphinx, pagename: str, _: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add what the layout shows around a page, and which files it loads."""
    own = _theme_files()
    for kind in ("css_files", "js_files"):
        given = getattr(app.config, f"html_{kind}")
        own |= {each if isinstance(each, str) else each[0] for each in given}
    for kind in ("css_files", "script_files"):
        context[kind] = [each for each in context[kind] if _name(each) in own]
    env, own_frame = app.env, app.config.tallybook_frame
    for shown in (context, context.get("prev"), context.get("next")):
        if shown and "title" in shown:
            shown["title"] = marks.without_numbers(str(shown["title"]))
    parts = _contents(app)
    source = Path(env.doc2path(pagename)).relative_to(env.srcdir).as_posix() if doctree else ""
    is_listed = f"{pagename}.html" not in machines.UNLISTED
    address = edition_of(app.config).at(app.builder.get_target_uri(pagename))
    context["pageurl"] = address if is_listed else ""
    given = context.get("metatags", "").splitlines()
    kept = [line for line in given if 'name="viewport"' not in line]  # the layout has its own
    context["metatags"] = "\n".join([*kept, *_metatags(app, pagename, context, doctree)])
    context |= {
        "tb_policy": policy.tag(),
        "tb_book": escape(edition_of(app.config).title, quote=False),
        "tb_brand": escape(env.titles[env.config.root_doc].astext(), quote=False),
        "tb_home": _home(app),
        "tb_colophon": escape(edition_of(app.config).colophon(), quote=False),
        "tb_newest": _newest(app),
        "tb_logo": frame.picture(own_frame, "logo"),
        "tb_icon": frame.picture(own_frame, "html.favicon") or "favicon.svg",
        "tb_announcement": html_input.whole(own_frame["html.announcement"]),
        "tb_extra_footer": html_input.whole(own_frame["html.extra_footer"]),
        "tb_links": repository.links(own_frame, pagename, source),
        "tb_has_source": _has_source(app),
        "tb_contents": parts,
        "tb_about": parts[-1]["entries"] if parts and parts[-1]["caption"] else [],
        "tb_headings": list(_headings(env, pagename)) if doctree else [],
        "tb_is_document": doctree is not None,
        "tb_feed": machines.FEED if app.config.html_baseurl and BUILDS[app].ledger.changes else "",
        "tb_cited_as": _cited_as(app, pagename) if doctree else [],
    }


def _home(app: Sphinx) -> str:
    """What the contents call the first page; empty where they do not begin with it."""
    if app.config.tallybook_frame["html.home_page_in_navbar"] is False:
        return ""
    return escape(app.config.external_site_map.root.title or "Start", quote=False)


def _newest(app: Sphinx) -> Markup:
    """When the newest document was published; empty where that is known of none."""
    newest = newest_document(BUILDS[app].ledger)
    return figure_pages.marked("published", newest.id, newest.published) if newest else Markup()


def _cited_as(app: Sphinx, pagename: str) -> list[tuple[str, str]]:
    """The files by which a page is cited: the name of each format, and its path."""
    return citations.links(citations.name_of_page(pagename, app.config.root_doc))


def _has_source(app: Sphinx) -> bool:
    """Whether pages lead to their source as a file of the site."""
    wanted = app.config.tallybook_frame[f"{frame.THEME_OPTIONS}.use_download_button"]
    return wanted is not False and app.config.html_show_sourcelink


def _theme_files() -> set[str]:
    return {path.name for path in (THEME / "static").iterdir()}


def _remove_kernel_scripts(_: Sphinx, doctree: nodes.document, __: str) -> None:
    """Drop the scripts that sphinx-thebe appends to every page, also where it is switched off."""
    for node in [child for child in doctree.children if isinstance(child, nodes.raw)]:
        if re.match(r"\s*<script\b", node.astext()):
            doctree.remove(node)


def _metatags(
    app: Sphinx, pagename: str, context: dict[str, Any], doctree: nodes.document | None
) -> list[str]:
    """What search engines and those who share a link show: title, description, a picture.

    The description is the page's own, or its first paragraph; the picture is its first chart, or
    the book's card.
    """
    if f"{pagename}.html" in machines.UNLISTED:
        return ['<meta name="robots" content="noindex">']
    title = unescape(str(context.get("title", ""))) or app.config.html_title
    tags = {"og:title": title, "og:type": "article", "og:site_name": app.config.html_title}
    paragraphs = marks.paragraphs(doctree) if doctree else iter(())
    # A page without a paragraph has no description.
    first = next(paragraphs, "")
    of = f' data-of="{escape(context["tb_of"])}"' if "tb_of" in context else ""
    if text := context.get("tb_description", first):
        tags |= {"description": text, "og:description": text}
    tags |= {"twitter:card": "summary", "twitter:title": title}
    tags |= {"twitter:description": text} if text else {}
    if context["pageurl"]:
        of_page = known_page(app.env, pagename).charts if doctree else ()
        chart = next(iter(of_page), context.get("tb_chart", ""))
        picture = f"{FOLDER}/{chart}.png" if chart else "_static/social-card.png"
        tags["og:url"] = context["pageurl"]
        tags["og:image"] = tags["twitter:image"] = edition_of(app.config).at(picture)
        tags["twitter:card"] = "summary_large_image"
    kinds = {name: "property" if name.startswith("og:") else "name" for name in tags}
    return [
        f'<meta {kinds[name]}="{name}" content="{escape(text)}"'
        f"{of if name.endswith('description') else ''}>"
        for name, text in tags.items()
    ]


def _name(file: Any) -> str:
    return Path(str(getattr(file, "filename", file) or "")).name


def _contents(app: Sphinx) -> list[dict[str, Any]]:
    """The parts of the table of contents: a caption, which may be empty, and its pages."""
    build = BUILDS[app]
    if not build.contents:
        env = app.env
        for tree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
            entries = [*_entries(env, tree)]
            caption = escape(tree.get("caption") or "", quote=False)
            build.contents.append({"caption": caption, "entries": entries})
    return build.contents


def _entries(env: BuildEnvironment, tree: addnodes.toctree) -> Iterator[dict[str, str]]:
    """What a list of the table of contents leads to, each page with those below it.

    A title that the list has itself stands there, and else the page's own.
    """
    for title, to in tree["entries"]:
        if to not in env.titles:
            yield {"address": to, "docname": "", "title": escape(title or to, quote=False)}
            continue
        own = env.titles[to].astext()
        number = _number(env, to, "")
        yield {"docname": to, "title": escape(title or own, quote=False), "number": number}
        if env.toctree_includes.get(to):
            for below in env.get_doctree(to).findall(addnodes.toctree):
                yield from _entries(env, below)


def _headings(env: BuildEnvironment, docname: str) -> Iterator[dict[str, str]]:
    """The headings of a page beneath its title."""
    tops = [node for node in env.tocs[docname].children if isinstance(node, nodes.list_item)]
    for item in (second for top in tops for second in _items(top)):
        reference = next(item.findall(nodes.reference))
        title = escape(reference.astext(), quote=False)
        anchor = reference["anchorname"]
        number = _number(env, docname, anchor)
        yield {"anchor": anchor.removeprefix("#"), "title": title, "number": number}


def _number(env: BuildEnvironment, docname: str, anchor: str) -> str:
    """The number of a heading in HTML, where the book's headings have numbers."""
    number = marks.numbers_of_headings(env, docname).get(anchor)
    return marks.section_number(number, env.config.html_secnumber_suffix) if number else ""


def _items(item: nodes.list_item) -> Iterator[nodes.list_item]:
    for inner in item.children:
        if isinstance(inner, nodes.bullet_list):
            yield from (each for each in inner.children if isinstance(each, nodes.list_item))


def _write_first_page(app: Sphinx) -> None:
    """Write the first page at the site's root as well, where that is not its own address."""
    if app.config.root_doc == "index":
        return
    address = unquote(app.builder.get_target_uri(app.config.root_doc))
    page = Path(app.outdir, address).read_text(encoding="utf-8")
    write(Path(app.outdir, "index.html"), at_the_root(page, posixpath.dirname(address)))


def at_the_root(page: str, folder: str) -> str:
    """Return the HTML of a page of a folder of the site as it stands at the site's root.

    >>> at_the_root('<a href="../data/x.csv">x</a> <a href="#top">y</a> <a href="z.html#a">z</a>',
    ...             "book")
    '<a href="data/x.csv">x</a> <a href="#top">y</a> <a href="book/z.html#a">z</a>'
    """

    def moved(found: re.Match[str]) -> str:
        path, mark, rest = re.split(r"([?#]|$)", found["address"], maxsplit=1)
        return f'{found["name"]}="{posixpath.normpath(posixpath.join(folder, path))}{mark}{rest}"'

    return _RELATIVE.sub(moved, page)


def finish(app: Sphinx) -> None:
    """Remove the files that no page loads, and write the picture for shared links."""
    _write_first_page(app)
    static = Path(app.outdir) / "_static"
    kept = _theme_files() | set(WRITTEN)
    kept |= {*frame.write_pictures(Path(app.srcdir), app.config.tallybook_frame, static)}
    # Extensions name their folders in full, a book its own beneath itself.
    for folder in (each for each in app.config.html_static_path if not Path(each).is_absolute()):
        kept |= {path.name for path in Path(app.confdir, folder).glob("*")}
    for path in static.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    _draw_card(app, static / "social-card.png")


def write_headers(app: Sphinx) -> None:
    """Write the file of headers, once all folders of the site are there.

    A book may bring one of its own.
    """
    name = policy.HEADERS_FILE
    given = [Path(app.confdir, each) for each in app.config.html_extra_path]
    if not any(path.name == name or (path / name).is_file() for path in given):
        out = Path(app.outdir)
        folders = {Path(name).parts[0] for name in states_below(out) if "/" in name}
        write(out / name, policy.headers_file(folders, figure_pages.FOLDER))


def _draw_card(app: Sphinx, path: Path) -> None:
    title = textwrap.wrap(edition_of(app.config).title, 34)
    lines = "".join(
        f'<text x="80" y="{250 + 72 * number}" font-size="56">{escape(line)}</text>'
        for number, line in enumerate(title)
    )
    width, height = _CARD
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="sans-serif" fill="#23272d"><rect width="{width}" height="{height}" '
        f'fill="#fbfaf6"/><path transform="translate(72 72) scale(4)" '
        'd="M5 4v16M9.5 4v16M14 4v16M18.5 4v16M2.5 17 21.5 7" fill="none" stroke="#8a1f3d" '
        f'stroke-width="2" stroke-linecap="round"/>{lines}</svg>'
    )
    made = hashlib.sha256(f"{svg} {vega.identity()}".encode()).hexdigest()
    kept = Path(app.doctreedir, _CARD_MADE)
    if not (path.is_file() and kept.is_file() and kept.read_text(encoding="utf-8") == made):
        write(path, vega.converter().svg_to_png(svg))
        write(kept, made)
