"""Formulas: TeX that becomes MathML when a page is read, so that no script has to draw it.

What Markdown takes for a formula is looked at before: a role, a link or a directive in it would be
swallowed, and so would the amount of a second dollar sign. A numeral in a formula is typed like any
other. Whatever cannot be shown ends the build with its place.
"""

from __future__ import annotations

import html as html_entities
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.math import get_node_equation_number

from tallybook.ledger.references import Reference
from tallybook.notebooks.settings import STRICT
from tallybook.reading import formulas
from tallybook.reading.numerals import find, has_numeral
from tallybook.site.build_state import BUILDS
from tallybook.site.html_input import place_of_node

# Environments of LaTeX, and those of the converter that set the same.
_ALIGNED = re.compile(r"\\(begin|end)\{(?:align|split|eqnarray|flalign)\*?\}")
_ALIGNED_AT = re.compile(r"\\(begin|end)\{alignat\*?\}(?:\{\d+\})?")
_GATHERED = re.compile(r"\\(begin|end)\{(?:gather|gathered|multline)\*?\}")
_ARRAY = re.compile(r"\\begin\{array\}\{[clr|]*\}|\\(end)\{array\}")
_EQUATION = re.compile(r"\\(?:begin|end)\{(?:equation|math|displaymath)\*?\}")
_WITHOUT_EFFECT = re.compile(r"\\(?:nonumber|notag)\b|\\label\{[^{}]*\}")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);|#)\w+;")
_COMMAND = re.compile(r"\\[a-zA-Z]+|\\begin\{\w+\*?\}|\\end\{\w+\*?\}")
# What Markdown would have made something of.
_ROLE = re.compile(r"\{[A-Za-z][\w:+.-]*\}\s*`")
_OTHER = re.compile(r"\]\([^()]*\)|`{3,}|:{3,}|\{\{|`[^`]*`|\*\*")
_DOLLARS = re.compile(r"\$\s[^$]*\s\$(?!\d)")
_LATEX = re.compile(r"\\(?:begin|end)\{[a-z]+\*?\}")
_NO_FORMULA = (
    "a formula has no space inside of its dollars ($x$); where a dollar is meant, no space follows"
)
_EXTENSIONS = (
    "formulas are written between dollar signs where dollarmath is one of myst_enable_extensions "
    "in _config.yml, and as environments of LaTeX where amsmath is one"
)
_BUT = r"where a dollar is meant, write \$; or leave dollarmath out of _config.yml"
_NUMERAL = (
    "the formula {} states the numeral {!r}, which comes from no record: name it by a letter, and "
    "say in the text what that is, with {{stat}}{}"
)


def connect(app: Sphinx) -> None:
    """Look at the formulas of each page, and write them as MathML."""
    app.connect("config-inited", _be_careful_with_dollars)
    app.add_transform(CheckedFormulas)
    app.connect("doctree-read", _put_into_titles, priority=900)
    app.add_html_math_renderer("mathml", (_write, None), (_write_block, None))
    app.connect("config-inited", _choose_renderer, priority=900)


def _be_careful_with_dollars(_: Sphinx, config: Config) -> None:
    """No formula between `5$ and 6$` or `$5 and $6`, unless the book's settings ask for it."""
    given = {**config._raw_config, **config.overrides}
    for name in ("myst_dmath_allow_digits", "myst_dmath_allow_space"):
        if name not in given:
            setattr(config, name, False)


def _choose_renderer(_: Sphinx, config: Config) -> None:
    # MathJax is a script of somebody else's, and imgmath needs LaTeX.
    config.html_math_renderer = "mathml"


class CheckedFormulas(SphinxTransform):
    """Keep the MathML of each formula, and note what cannot be shown."""

    default_priority = 870  # before the event doctree-read, which is of 880

    def apply(self, **_: Any) -> None:
        """Look at each formula, and at dollars that look like one."""
        self._name_anew()
        for node in _formulas(self.document):
            tex = node.astext()
            try:
                node["mathml"] = mathml(tex, as_block=isinstance(node, nodes.math_block))
            except MathError as error:
                self._refuse(node, f"the formula {_shown(tex)} cannot be shown: {error}")
                node["mathml"] = ""
            for mistake in _mistakes(node, tex):
                self._refuse(node, mistake)
            # In a lesser mode the audit looks at the numerals, on the built page.
            for mistake in _stated(node, tex) if self.config.tallybook_audit == STRICT else ():
                self._refuse(node, mistake)
            # What the search, labels and titles have of it, where no markup can stand.
            node.clear()
            node.append(nodes.Text(_said(node["mathml"])))
        for text in self.document.findall(nodes.Text):
            is_prose = not isinstance(text.parent, nodes.FixedTextElement | nodes.literal)
            if is_prose and not _is_formula(text.parent):
                self._text(text)

    def _name_anew(self) -> None:
        """Environments of LaTeX have an anchor of chance, and a site has the same each time."""
        found = [each for each in _formulas(self.document) if "amsmath" in each["classes"]]
        for number, node in enumerate(found, start=1):
            node["ids"] = [f"equation-latex-{number}" for _ in node["ids"][:1]]

    def _text(self, text: nodes.Text) -> None:
        """Look at text that is meant for a formula, and would be shown as it is."""
        takes_dollars = "dollarmath" in self.config.myst_enable_extensions
        if takes_dollars and (found := _DOLLARS.search(text)):
            self._refuse(text.parent, f"{_shown(found[0], '')} is text: {_NO_FORMULA}")
        if found := _LATEX.search(text):
            self._refuse(text.parent, f"{found[0]!r} is text: {_EXTENSIONS}")

    def _refuse(self, node: nodes.Node, mistake: str) -> None:
        place = place_of_node(self.env, self.document, node)
        BUILDS[self.app].problems.append(f"{place}: {mistake}")


def _is_formula(node: nodes.Node | None) -> bool:
    return isinstance(node, nodes.math | nodes.math_block)


def _formulas(within: nodes.Element) -> Iterator[nodes.Element]:
    found = within.findall(_is_formula)
    return (each for each in found if isinstance(each, nodes.Element))


def _shown(tex: str, sign: str = "$") -> str:
    words = " ".join(tex.split())
    return f"{sign}{words if len(words) < 60 else words[:57] + '...'}{sign}"


def mathml(tex: str, *, as_block: bool = False) -> str:
    """Return the MathML of a formula in TeX. Raises MathError for what cannot be converted.

    >>> mathml("a").split()
    ['<math', 'xmlns="http://www.w3.org/1998/Math/MathML">', '<mi>a</mi>', '</math>']
    """
    tex = _WITHOUT_EFFECT.sub("", _EQUATION.sub("", tex))
    tex = _ALIGNED.sub(r"\\\1{aligned}", _ALIGNED_AT.sub(r"\\\1{aligned}", tex))
    tex = _ARRAY.sub(lambda found: rf"\{found[1] or 'begin'}{{matrix}}", tex)
    tex = _GATHERED.sub(r"\\\1{matrix}", tex)
    tex = re.sub(r"\n\s*\n", "\n", tex).strip()
    tex = f"{{}}{tex}" if tex[:1] in ("^", "_") else tex  # as in `n$^{th}$`
    try:
        made = tex2mathml(tex, as_block=as_block)
        made = _ENTITY.sub(lambda found: html_entities.unescape(found[0]), made)
        ElementTree.fromstring(made)  # noqa: S314  # made here, of escaped text
    except MathError:
        raise
    # The converter trusts its input: whatever else it raises, the formula is none that it knows.
    except Exception as error:
        raise MathError(f"it is no formula that is known here ({type(error).__name__})") from None
    return made


def _mistakes(node: nodes.Element, tex: str) -> Iterator[str]:
    """What a formula swallows, and what is no formula."""
    if found := _ROLE.search(tex) or _OTHER.search(tex):
        yield (
            f"{_shown(tex)} is taken for a formula, which swallows {found[0]!r}: no role, link or "
            f"markup stands in a formula; {_BUT}"
        )
        return
    before = node.parent.children[: node.parent.index(node)]
    is_amount = bool(before) and re.search(r"\w$", before[-1].astext()) and tex[:1] not in "^_"
    if isinstance(node, nodes.math) and is_amount:
        yield (
            f"{_shown(tex)} is taken for a formula, right behind {before[-1].astext()[-10:]!r}: "
            f"put a space before a formula; {_BUT}"
        )


def _stated(node: nodes.Element, tex: str) -> Iterator[str]:
    """The numerals that a formula states."""
    if _ROLE.search(tex) or _OTHER.search(tex):
        return  # it is no formula
    numerals = []
    if node["mathml"]:
        root = ElementTree.fromstring(node["mathml"])  # noqa: S314  # made above
        numerals = formulas.stated(root)
        if isinstance(node.parent, nodes.title) and has_numeral("".join(root.itertext())):
            yield f"a heading has no numeral: the formula {_shown(tex)} belongs into the text"
    words = _COMMAND.sub(" ", tex)
    written = (words[each.start : each.end] for each in find(words))
    numerals += [each for each in written if not any(sign.isnumeric() for sign in each)]
    hint = ""
    if tex[:1] in ("^", "_"):
        hint = r"; an index stands in a formula with what it is of, as in $\mathrm{CO}_2$"
    elif isinstance(node, nodes.math) and tex[:1].isdigit():
        hint = f"; {_BUT}"
    for numeral in dict.fromkeys(numerals):
        yield _NUMERAL.format(_shown(tex), numeral, hint)


def _said(made: str) -> str:
    root = ElementTree.fromstring(made) if made else None  # noqa: S314  # made here
    return "" if root is None else "".join("".join(root.itertext()).split())


def _put_into_titles(app: Sphinx, _: nodes.document) -> None:
    """Titles are shown where no markup can stand, such as in the contents."""
    env: BuildEnvironment = app.env
    for kept in (env.titles, env.longtitles, env.tocs):
        for node in list(_formulas(kept[env.docname])):
            node.replace_self(nodes.Text(node.astext()))


def _write(translator: Any, node: nodes.Element) -> None:
    translator.body.append(node.get("mathml") or "")
    raise nodes.SkipNode


def _write_block(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", "", CLASS="tb-formula"))
    translator.body.append(f'<div class="tb-scroll">{node.get("mathml") or ""}</div>')
    if node.get("number"):
        of = Reference("mark", field="equation")
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno" data-of="{of}">({number})</span>')
    translator.body.append("</div>\n")
    raise nodes.SkipNode
