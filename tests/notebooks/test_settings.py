"""Each setting of a book has an effect, or is a problem with its line and what to do."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jupyter_book.config
import pytest
import yaml
from myst_parser.config.main import MdParserConfig

from tallybook.ledger.yaml import Plain, Sequence
from tallybook.notebooks import contents, known_settings, settings, settings_check
from tallybook.notebooks.known_settings import SECTIONS, SETTINGS

GOOD = {
    "title": "Kettles",
    "execute": {"execute_notebooks": "off"},
    "sphinx": {"extra_extensions": ["tallybook.sphinx_ext"]},
}
DEFAULTS = yaml.safe_load(jupyter_book.config.PATH_YAML_DEFAULT.read_text(encoding="utf-8"))
SCHEMA = json.loads(jupyter_book.config.PATH_JSON_SCHEMA.read_text(encoding="utf-8"))


def said(root: Path, text: str) -> list[str]:
    """What is wrong with a text as the settings of a book."""
    (root / "_config.yml").write_text(text, encoding="utf-8")
    return [str(problem) for problem in settings_check.problems(root)]


def said_of(root: Path, more: str) -> list[str]:
    """What is wrong with lines in front of good settings."""
    return said(root, more + yaml.safe_dump(GOOD, sort_keys=False))


def leaves(tree: dict, above: str = "") -> dict[str, object]:
    """The settings of a tree by their names."""
    found = {}
    for key, value in tree.items():
        name = f"{above}{key}"
        if name in SECTIONS:
            found |= leaves(value or {}, f"{name}.")
        else:
            found[name] = value
    return found


def of_schema(node: dict, above: str = "") -> set[str]:
    found = set()
    for key, below in node["properties"].items():
        name = f"{above}{key}"
        found |= of_schema(below, f"{name}.") if "properties" in below else {name}
    return found


def test_the_table_has_every_setting_of_jupyter_book():
    names = of_schema(SCHEMA) | set(leaves(DEFAULTS))
    assert all(known_settings.setting(name) for name in names - set(SECTIONS))
    assert len(names) > 40
    assert all(bool(each.effect) != bool(each.refused) for each in SETTINGS)


def test_no_default_of_jupyter_book_is_refused_but_execution():
    refused = {
        name
        for name, value in leaves(DEFAULTS).items()
        if settings_check._of_value(known_settings.setting(name), as_tree(value))
    }
    assert refused == {"execute.execute_notebooks"}


def as_tree(value: object) -> object:
    if isinstance(value, list):
        tree = Sequence(0)
        tree += value
        return tree
    return value if isinstance(value, str) else Plain(json.dumps(value))


def test_the_extensions_of_markdown_are_those_of_its_parser():
    assert MdParserConfig(enable_extensions=set(known_settings.MYST_EXTENSIONS))
    with pytest.raises(ValueError, match="not recognised"):
        MdParserConfig(enable_extensions={"another"})


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("copyright: 2024", "copyright: expected text, found 2024: quote it"),
        ("copyright: 2024-01-01", "copyright: expected text, found 2024-01-01: quote it"),
        ("copyright: 2024-13-45", "copyright: expected text, found 2024-13-45: quote it"),
        (
            "author: [Ann, Bob]",
            'author: expected text, found a list: write it as one text, "Ann, Bob"',
        ),
        ("logo: yes", "logo: expected text, found yes: quote it"),
        ("html: yes", "html: expected settings below it, found yes"),
        ("launch_buttons:", "launch_buttons: there is nothing below it: leave it out"),
        ("exclude_patterns: x", "expected a list of texts, found x: write [x]"),
        ("exclude_patterns: [2017]", "expected texts in the list, found 2017: quote it"),
        ('only_build_toc_files: "true"', 'expected true or false, found "true": take the quotes'),
        ("html: {use_issues_button: 1}", "expected true or false, found 1"),
        ("latex: {latex_engine: pdftex}", "found pdftex. Did you mean 'pdflatex'?"),
    ],
)
def test_a_value_of_another_type_is_a_problem_with_its_line(typed, message, book):
    (found,) = said_of(book, f"# A comment\n{typed}\n")
    assert found.startswith("_config.yml:2: ")
    assert message in found


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("autor: Ann", "autor: no setting of Jupyter Book. Did you mean 'author'?"),
        ("html: {favicn: x}", "html.favicn: no setting of Jupyter Book. Did you mean 'favicon'?"),
        ("timeout: 600", "timeout: no setting here: it stands under execute:"),
        ("html: {logo: x}", "html.logo: no setting here: it stands at the top"),
        ("parse: {myst_heading_anchors: 3}", "write it under sphinx: config:"),
        ("html.favicon: x", "unknown: write html: favicon, each on a line of its own"),
        ("bananas: 1", "bananas: no setting of Jupyter Book. Leave it out."),
        ("parse: {myst_enable_extensions: [dolarmath]}", "Did you mean 'dollarmath'?"),
    ],
)
def test_a_name_that_is_none_is_a_problem_with_what_may_be_meant(typed, message, book):
    (found,) = said_of(book, f"{typed}\n")
    assert found.startswith("_config.yml:1: ")
    assert message in found


@pytest.mark.parametrize("mode", ["auto", "cache", "force", "inline", "true", "on", "'false'", ""])
@pytest.mark.parametrize(
    "typed", ["execute: {{execute_notebooks: {}}}", "sphinx: {{config: {{nb_execution_mode: {}}}}}"]
)
def test_execution_by_another_is_refused_however_it_is_asked_for(typed, mode, book):
    lines = [f"{line}\n" for line in ("title: K", typed.format(mode))]
    found = said(book, "".join(lines))
    wanted = [each for each in found if 'expected "off", found' in each]
    assert [each.partition(": ")[0] for each in wanted] == ["_config.yml:2"]


def test_execution_by_another_is_refused_where_nothing_is_said_of_it(book):
    (found,) = said(book, "title: K\nsphinx: {extra_extensions: [tallybook.sphinx_ext]}\n")
    assert "execute.execute_notebooks: missing, and auto without it" in found
    assert found.endswith('write execute_notebooks: "off"')


@pytest.mark.parametrize("off", ["off", '"off"', "false", "no"])
def test_execution_that_is_off_may_be_written_in_each_way_of_yaml(off, book):
    (book / "_config.yml").write_text(
        f"title: K\nexecute: {{execute_notebooks: {off}}}\n"
        "sphinx: {extra_extensions: [tallybook.sphinx_ext]}\n"
    )
    assert settings_check.problems(book) == []


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("600", 600.0), ("0.5", 0.5), ("-1", math.inf), ("null", None), ("true", None), ("x", None)],
)
def test_the_seconds_that_a_cell_may_run_are_those_of_the_settings(given, seconds, book):
    (book / "_config.yml").write_text(f"execute: {{timeout: {given}}}\n")
    assert settings.execution(book).timeout == seconds


@pytest.mark.parametrize("given", ["0", "-2", "true", '"600"', "x"])
def test_a_timeout_that_is_none_is_a_problem(given, book):
    found = said(book, f"title: K\nexecute: {{execute_notebooks: off, timeout: {given}}}\n")
    assert any("execute.timeout: expected" in each for each in found)


@pytest.mark.parametrize(
    "setting", [each for each in SETTINGS if each.refused], ids=lambda s: s.name
)
def test_what_is_refused_is_said_with_what_to_do_and_is_not_where_it_asks_for_nothing(setting):
    name, true = setting.name, as_tree("something")
    assert setting.refused in settings_check._of_value(setting, true)
    for value in ("", False, None, *setting.without_effect):
        assert not settings_check._of_value(setting, as_tree(value)), name


def test_all_problems_are_said_at_once(book):
    found = said(book, "titel: K\nauthor: [A]\nhtml: {analytics: {google_analytics_id: G-A}}\n")
    assert [each.split(": ")[1] for each in found] == [
        "execute.execute_notebooks",
        "sphinx.extra_extensions",
        "titel",
        "title",
        "author",
        "html.analytics.google_analytics_id",
    ]


def test_a_file_that_is_not_there_is_a_problem_with_the_nearest_one(book):
    (book / "logo.svg").write_text("<svg/>")
    (found,) = said_of(book, "logo: logo.sgv\n")
    assert found == "_config.yml:1: logo: no file 'logo.sgv' in the book. Did you mean 'logo.svg'?"
    assert "no picture" in said_of(book, "logo: index.md\n")[0]
    assert "not the book's" in said_of(book, "logo: https://example.org/a.png\n")[0]
    assert "no file" in said_of(book, "logo: ../kettles/logo.svg\n")[0]
    assert "no file 'a.bib'" in said_of(book, "bibtex_bibfiles: [a.bib]\n")[0]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("html: {use_issues_button: true}", "needs repository: url:"),
        (
            "html: {use_edit_page_button: true}\nrepository: {url: 'https://github.com/a/b'}",
            "needs repository: branch:",
        ),
        (
            "launch_buttons: {colab_url: 'https://colab.example'}\n"
            "repository: {url: 'https://gitlab.com/a/b', branch: main}",
            "takes repositories on GitHub only",
        ),
        (
            "html: {use_repository_button: true}\nrepository: {url: 'https://git.example/a/b'}",
            "repository_provider: github, gitlab or bitbucket",
        ),
        ("repository: {url: github.com/a/b}", "expected an address such as https://"),
        ("html: {baseurl: example.org}", "expected an address such as https://"),
    ],
)
def test_a_link_that_lacks_part_of_its_address_is_a_problem(typed, message, book):
    (found,) = said_of(book, f"{typed}\n")
    assert message in found


def test_a_numeral_in_the_frame_of_pages_is_a_problem_of_the_settings(book):
    (found,) = said_of(book, "html:\n  announcement: The <b>seven</b> drafts\n")
    assert found.startswith("_config.yml:2: html.announcement: 'seven' is a numeral, and comes")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("- file: index\n", ["1:1: expected format: and root:, found a list"]),
        ("root: index\nchapters: [{file: notebooks/kettles}]\n", ["1: format: missing"]),
        ("format: jb-bok\nroot: index\n", ["1: format: expected jb-book or jb-article"]),
        (
            "format: jb-book\nroot: indx\nchaptres:\n- file: notebooks/kettles\n",
            [
                "2: root: no page 'indx' in the book. Did you mean 'index'?",
                "3: chaptres: no key that stands here. Did you mean 'chapters'?",
            ],
        ),
        (
            "format: jb-book\nroot: index\nparts:\n- captoin: A\n  chapters:\n  - file: index\n"
            "  - kettles\n  - {url: 'javascript:x', title: x}\n  - {glob: 'no/*'}\n"
            "  - {file: notebooks/kettles, titel: x}\n",
            [
                "4: captoin: no key that stands here. Did you mean 'caption'?",
                "6: file: index is listed at line 2 already; keep one",
                "7: expected file: kettles",
                "8: url: expected https://",
                "9: glob: no page of the book fits 'no/*'",
                "10: titel: no key that stands here. Did you mean 'title'?",
            ],
        ),
        (
            "format: jb-book\nroot: index\noptions: {numbered: true}\nparts: []\n",
            ["3: options: no effect without chapters", "4: parts: expected a list"],
        ),
        (
            "format: jb-article\nroot: index\nsections:\n- {file: notebooks/kettles, title: 2017}\n"
            "defaults: {numbered: x, maxdepth: true}\n",
            [
                "4: title: expected text, found 2017: quote it",
                "5: maxdepth: expected a number",
                "5: numbered: expected true or false, or a number",
            ],
        ),
        (
            "format: jb-book\nroot: index\nparts:\n- caption: Part two\n  chapters:\n"
            "  - file: notebooks/kettles\n",
            ["4: caption: 'two' is a numeral"],
        ),
        ("format: jb-book\nroot: [\n", ["3:1: not YAML"]),
    ],
)
def test_what_is_wrong_with_the_contents_is_said_with_its_line(text, places, book):
    (book / "_toc.yml").write_text(text)
    found = [str(problem).removeprefix("_toc.yml:") for problem in contents.problems(book)]
    assert len(found) == len(places), found
    for each, wanted in zip(found, places, strict=True):
        assert each.startswith(wanted)
