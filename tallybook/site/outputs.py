"""What a notebook's outputs become on a page, and which outputs end the build.

Before any page is read, `mistakes` looks at each output that a page shows: text is shown as text,
as a terminal would leave it, pictures as pictures, with words, and of all that could say more than
it shows (HTML, scripts, Markdown, formulas) only what this package wrote: tables, charts and
derived figures. The HTML and the SVG beside these are for JupyterLab, and no page shows them.

MyST-NB hands over one mime type of an output at a time. A chart's specification is drawn anew, so
that the stored SVG is but a preview. Derived figures become a table like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.transforms import SphinxTransform

from tallybook.charts.data import is_range, one_sided, signs
from tallybook.charts.pictures import KINDS, SVG
from tallybook.charts.svg import CannotBeDrawn
from tallybook.errors import BadReference, UnknownId
from tallybook.ledger import figures
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.notebooks import stored
from tallybook.site import charts, notebooks, pictures, tables
from tallybook.site.build_state import BUILDS, ledger_of, made_pages
from tallybook.site.figure_pages import listed, reference
from tallybook.site.html_input import html, made
from tallybook.site.terminal import last_state
from tallybook.tables import table as stored_table
from tallybook.tables.table import CHART, DERIVED, PICTURE, TABLE

_PICTURES = {*KINDS, SVG}
_KNOWN = {CHART, DERIVED, PICTURE, TABLE, "text/plain", *_PICTURES}
_BESIDE = {"text/html": TABLE, SVG: CHART}  # never shown themselves
# Neither ESC nor a backspace is a control character here: a terminal acts on them, as pages do.
_CONTROL = re.compile(
    r"[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NAMES = {CHART: "chart", DERIVED: "derived figure", PICTURE: "picture", TABLE: "table"}
# What code that expects a table, a chart or a figure raises of other data.
NOT_OURS = (ArithmeticError, AttributeError, KeyError, TypeError, ValueError)


# What to do instead of an output that pages do not show; kinds are named by how they begin.
_INSTEAD = {
    "text/html": "show a table with tallybook.tables, a chart with tallybook.charts, a picture "
    "with charts.picture, and words in a Markdown cell, or print it",
    "text/markdown": "write it in a Markdown cell, or print it",
    "text/latex": "write the formula in a Markdown cell, or print it",
    "application/json": "print it, or show it with tallybook.table",
    "application/javascript": "no script of a notebook runs on a page; leave it out",
    "application/vnd.jupyter.widget": "a widget needs a kernel, which a page does not have; show "
    "what it holds with tallybook.table, or print it",
    "application/vnd.vega": "draw the chart with tallybook.charts",
    "application/vnd.plotly": "draw the chart with tallybook.charts",
    "application/pdf": "show it as PNG or SVG",
    "image/": "save it as PNG, JPEG, GIF or SVG",
    "": "show it with tallybook.table or a chart of tallybook.charts, or print it",
}
_HIDE = "; or give the cell the tag remove-output"
_SAY = (
    "show it with charts.picture(figure, alt='what it shows'), or say it in the metadata of the "
    'cell, {"mystnb": {"image": {"alt": "..."}}}, or with Image(..., alt=...); an empty text is '
    "for a picture that shows nothing"
)
# Below a picture; with figures that it shows.
_OF_PICTURES = {
    False: "This is a picture, not a chart: what is drawn was not checked against the documents.",
    True: "This is a picture, not a chart: what is drawn was not checked. It is to show: ",
}
# Below a chart that draws figures by a number alone, with their words.
_NO_END = "An end is not known of: "
_RANGES = "Stated as a range, of which no number is likelier than another: "
# Tags that no page can follow, and those that MyST-NB knows by another name.
_TAGS = {
    **dict.fromkeys(
        ("margin", "popout"), "pages have no margin to show a cell in; leave the tag out"
    ),
    **{
        name: f"write {name.replace('_', '-')}"
        for name in ("hide_input", "hide_output", "hide_cell", "remove_stdout", "remove_stderr")
    },
}
_REMOVED = {"remove-cell", "remove_cell", "remove-output", "remove_output"}


def connect(app: Sphinx) -> None:
    """Have the outputs of all notebooks looked at, and charts drawn; after the book is opened."""
    tables.connect(app)
    app.add_transform(PrintedTexts)
    app.connect("config-inited", _prefer_ours)
    app.connect("builder-inited", _check_outputs)


def _prefer_ours(_: Sphinx, config: Config) -> None:
    """Have MyST-NB hand over what is ours of an output; no other book in this environment does."""
    ours = [("*", kind, 1) for kind in (DERIVED, TABLE, CHART, PICTURE)]
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, *ours]


def _check_outputs(app: Sphinx) -> None:
    """Begin to draw charts. Raises ExtensionError for outputs that the pages cannot show."""
    build = BUILDS[app]
    specs, problems = [], []
    root = build.ledger.root
    paths = {path.relative_to(root).as_posix(): path for path in stored.paths(root)}
    pages = made_pages(app, (shown.removesuffix(".ipynb") for shown in paths))
    for shown, path in ((f"{name}.ipynb", paths[f"{name}.ipynb"]) for name in pages):
        notebook = stored.load(path)
        problems += [f"{shown}: {mistake}" for mistake in notebooks.mistakes(notebook)]
        for number, cell in enumerate(notebook["cells"], start=1):
            found = [*_tag_mistakes(cell)]
            for output in _shown_outputs(cell):
                mistaken = [*mistakes(output, cell)]
                spec = output.get("data", {}).get(CHART)
                specs += [spec] if spec is not None and not mistaken else []
                found += mistaken
            problems += [f"{shown}, cell {number}: {mistake}" for mistake in found]
    if problems:  # before MyST-NB meets these outputs
        raise ExtensionError("the book is not built:\n" + "\n".join(dict.fromkeys(problems)))
    if app.builder.format == "html":
        build.drawings.begin(charts.drawn_from(specs, build.ledger))


def _tags(cell: dict[str, Any]) -> list[str]:
    return [str(tag) for tag in cell.get("metadata", {}).get("tags", ())]


def _tag_mistakes(cell: dict[str, Any]) -> Iterator[str]:
    for tag in _tags(cell):
        if tag in _TAGS:
            yield f"the tag {tag!r} has no effect: {_TAGS[tag]}"


def _shown_outputs(cell: dict[str, Any]) -> list[dict[str, Any]]:
    """The outputs of a cell that its page shows, folded ones included."""
    return [] if _REMOVED & set(_tags(cell)) else cell.get("outputs", [])


def mistakes(output: dict[str, Any], cell: dict[str, Any] | None = None) -> Iterator[str]:
    r"""Return why pages cannot show an output, as sentences that say what to do; none if they can.

    >>> [*mistakes({"data": {"text/plain": "42"}})]
    []
    >>> [*mistakes({"text": "a\x00b"})]
    ['its text has the character U+0000; print it without']
    """
    data = output.get("data", {})
    for kind in sorted(set(data) - _KNOWN - {k for k, own in _BESIDE.items() if own in data}):
        instead = next(text for name, text in _INSTEAD.items() if kind.startswith(name))
        yield f"its output is {kind}, which pages do not show: {instead}{_HIDE}"
    if output.get("output_type") == "error":
        yield "it failed when it was executed; mend it, and execute it with tallybook run"
    for text in (output.get("text"), data.get("text/plain")):
        if text is not None and (mistake := _text_mistake(text)):
            yield f"its text {mistake}"
    for kind in sorted(_PICTURES & set(data)):
        if _BESIDE.get(kind) not in data:
            yield from _picture_mistakes(output, cell or {}, kind)


def _picture_mistakes(output: dict[str, Any], cell: dict[str, Any], kind: str) -> Iterator[str]:
    content = output["data"][kind]
    if kind == SVG:
        if mistake := pictures.svg_mistake(content):
            yield f"its picture {mistake}"
    elif not pictures.is_of_kind(content, kind):
        yield f"its picture is no {kind}; tallybook run --all makes it anew"
    words = pictures.words_for(cell, output, kind)
    if not isinstance(words, str):
        yield f"nothing is said of its picture: {_SAY}{_HIDE}"


def _text_mistake(text: Any) -> str:
    if not isinstance(text, str):
        return "is no text; tallybook run --all makes it anew"
    bad = _CONTROL.search(text)
    return f"has the character U+{ord(bad[0]):04X}; print it without" if bad else ""


class PrintedTexts(SphinxTransform):
    """Shows what cells print as a terminal would, once all of it is printed."""

    default_priority = 800

    def apply(self, **_: Any) -> None:
        """Go through the outputs of a page."""
        for block in [*self.document.findall(nodes.literal_block)]:
            if "output" in block["classes"]:
                text = last_state(block.astext())
                # It is highlighted, that is coloured, only where both are the same.
                block.rawsource, block[:] = text, [nodes.Text(text)]


class Outputs:
    """What MyST-NB asks for the outputs of a notebook: charts, tables, derived figures."""

    @staticmethod
    def handle_mime(renderer: Any, data: Any, _: bool) -> list[nodes.Element] | None:
        """The nodes of one output; None for what MyST-NB shows as it is."""
        env = renderer.renderer.sphinx_env
        if env is None or env.app not in BUILDS:  # the entry point is there without the extension
            return None
        try:
            shown = _shown(renderer, data)
        except (BadReference, UnknownId) as error:
            mistake = str(error)
        except CannotBeDrawn as error:
            mistake = f"the chart cannot be drawn: {error}"
        except NOT_OURS as error:  # of a notebook that was written by hand or by another version
            kind = _NAMES[data.mime_type]
            mistake = (
                f"its {kind} is none of tallybook's: {type(error).__name__}: {error}; "
                "tallybook run --all makes it anew"
            )
        else:
            return shown
        path = Path(env.doc2path(env.docname)).relative_to(env.srcdir)
        cell = None if data.cell_index is None else data.cell_index + 1
        BUILDS[env.app].problems.append(f"{path}, cell {cell}: {mistake}")
        return []


def _shown(renderer: Any, data: Any) -> list[nodes.Element] | None:
    page = renderer.renderer.document
    match data.mime_type:
        case stored_table.CHART:
            return made(chart(page, data.content))
        case stored_table.DERIVED:
            return made(_derived(page, data.content))
        case stored_table.TABLE:
            return made(_table(page, data.content))
        case stored_table.PICTURE:
            return _captioned(renderer, data)
        case kind if kind == SVG and _is_beside_a_chart(renderer, data):
            return []  # for JupyterLab
        case kind if kind in _PICTURES:
            return _picture(renderer, data)
        case "text/html":
            return []  # for JupyterLab; `mistakes` has found a table beside it
    return None


def _is_beside_a_chart(renderer: Any, data: Any) -> bool:
    bundles = _bundles(renderer, data)
    return any(CHART in each and each.get(data.mime_type) == data.content for each in bundles)


def _bundles(renderer: Any, data: Any) -> list[dict[str, Any]]:
    """What the cell of an output shows, each in all its kinds."""
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
    return [output.get("data", {}) for output in outputs]


def _picture(renderer: Any, data: Any) -> list[nodes.Element]:
    """A picture as MyST-NB shows it, with its words; `mistakes` has found these."""
    shown: list[nodes.Element] = renderer.render_image(data)
    cell, output = {"metadata": data.cell_metadata}, {"metadata": data.output_metadata}
    for picture in shown:
        picture["alt"] = pictures.words_for(cell, output, data.mime_type) or ""
        picture[pictures.GIVEN] = True
    return shown


def _captioned(renderer: Any, data: Any) -> list[nodes.Element]:
    """A picture of `charts.picture`, and below it that it is one, and the figures in it."""
    content, ledger = data.content, ledger_of(renderer.renderer.sphinx_env)
    bundle = next((each for each in _bundles(renderer, data) if each.get(PICTURE) == content), {})
    kind = next((kind for kind in sorted(_PICTURES) if kind in bundle), "")
    if not kind:
        raise ValueError("no picture is stored with it")
    shown = _picture(renderer, replace(data, mime_type=kind, content=bundle[kind]))
    caption = nodes.paragraph("", classes=["tallybook-note"])
    caption += [tables.shown(ledger, each) for each in content["says"]]
    ids = content["ids"]
    caption += nodes.Text(f"{' ' if content['says'] else ''}{_OF_PICTURES[bool(ids)]}")
    caption += listed(ledger, ids, with_parties=True)
    caption += nodes.Text("." if ids else "")
    return [*shown, *made([caption])]


def _table(page: nodes.document, content: Any) -> list[nodes.Element]:
    if "tables" in content:
        return [node for each in content["tables"] for node in _table(page, each)]
    # What Sphinx would stumble over much later, with a traceback and without a place.
    if not content["columns"] or not all(isinstance(e, str) for e in content.get("anchors", ())):
        raise ValueError("a table has columns, and its anchors are texts")
    return tables.table(page, content)


def _derived(page: nodes.document, content: list[dict[str, Any]]) -> list[nodes.Element]:
    rows = []
    reasons: dict[str, None] = {}
    for figure in map(figures.from_json, content):
        rows.append(
            [
                {"of": str(Reference("label", figure.id)), "text": figure.label},
                {"figure": figure.id},
                {"figures": sorted(figure.quantity.inputs)},
            ]
        )
        reasons |= dict.fromkeys(figure.quantity.reasons)
    return tables.table(
        page,
        {
            "columns": ["Computed here", "Figure", "From"],
            "rows": rows,
            "anchors": [f"figure-{data['id']}" for data in content],
            "note": ". ".join(reasons),
        },
    )


def chart(page: nodes.document, spec: Any) -> list[nodes.Element]:
    """The nodes of one chart. Raises CannotBeDrawn."""
    env = page.settings.env
    above, content, sources, below = charts.drawn(env, spec)
    ledger = ledger_of(env)
    drawn = [html(above), *tables.table(page, content), html("</details>")]
    meant = " ".join(signs(spec, ledger))
    legend = [nodes.paragraph("", meant, classes=["tb-chart-signs"])] if meant else []
    alone = one_sided(spec, ledger)
    ranges = [name for name in alone if is_range(ledger, name)]
    unbounded = _words_of(ledger, [name for name in alone if name not in ranges], _NO_END)
    unbounded += _words_of(ledger, ranges, _RANGES)
    return [*drawn, *legend, *unbounded, _sources(ledger, sources), html(below)]


def _words_of(ledger: Ledger, wanted: Sequence[str], first: str) -> list[nodes.paragraph]:
    """The line of a chart that says what its bare numbers do not, with the words of these figures.

    Below a chart without such a number there is none.
    """
    line = nodes.paragraph("", first, *listed(ledger, wanted), classes=["tb-chart-sources"])
    return [line] if wanted else []


def _sources(ledger: Ledger, wanted: Sequence[str]) -> nodes.paragraph:
    """The line of a chart that names its documents, each with a link to where it can be read."""
    line = nodes.paragraph("", "From ", classes=["tb-chart-sources"])
    for number, source in enumerate(map(ledger.source, wanted)):
        line += nodes.Text("; " if number else "")
        line += reference(source.short or source.title, "source", source.id)
        if source.address:
            link = nodes.reference("", "read it", refuri=source.address, internal=False)
            line += [nodes.Text(" ("), link, nodes.Text(")")]
    return line
