"""Every setting of Jupyter Book: its type, and what becomes of it here.

The names are those of Jupyter Book's own schema and defaults, and under `sphinx.config` those of
Sphinx and of the extensions that Jupyter Book loads. `docs/jupyter-book.md` has the same table.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tallybook.notebooks.settings import AUDITS

TEXT, TRUTH, NUMBER, TEXTS, MAPPING, ANY = (
    "text", "true or false", "a number", "a list of texts", "settings below it", "anything",
)  # fmt: skip
EXTENSION = "tallybook.sphinx_ext"
OURS = "sphinx_book_theme", "tallybook"
# Of MyST-Parser; a test holds them to it.
MYST_EXTENSIONS = (
    "amsmath", "attrs_image", "attrs_inline", "attrs_block", "colon_fence", "deflist",
    "dollarmath", "fieldlist", "html_admonition", "html_image", "linkify", "replacements",
    "smartquotes", "strikethrough", "substitution", "tasklist",
)  # fmt: skip
SCHEMES = "http", "https", "mailto"


@dataclass(frozen=True)
class Setting:
    """A setting with its type, and either its `effect` or why it is `refused` and what to do.

    `without_effect` are values of a refused one that are taken, for they ask for nothing; so are
    false and whatever is empty. `choices` are the values of one that takes no others.
    """

    name: str
    type: str
    effect: str = ""
    refused: str = ""
    without_effect: tuple[Any, ...] = ()
    choices: tuple[Any, ...] = ()

    def is_off(self, value: Any) -> bool:
        """Whether a value asks for nothing.

        >>> setting("html.analytics.google_analytics_id").is_off("")
        True
        """
        known = any(type(value) is type(each) and value == each for each in self.without_effect)
        return known or value is None or value is False or value in ("", [], {})


def setting(name: str) -> Setting:
    """The setting of a name, or of the pattern that fits it. Raises KeyError.

    >>> setting("html.favicon").effect
    'the icon of each page; a file of the book'
    """
    if found := _BY_NAME.get(name):
        return found
    for pattern in _PATTERNS:
        if fnmatchcase(name, pattern.name):
            return pattern
    raise KeyError(name)


def _taken(name: str, kind: str, effect: str, choices: tuple[Any, ...] = ()) -> Setting:
    return Setting(name, kind, effect=effect, choices=choices)


def _refused(name: str, why: str, *without_effect: Any, kind: str = ANY) -> Setting:
    return Setting(name, kind, refused=why, without_effect=without_effect)


# These are no settings, but have settings below them. Where Jupyter Book takes an empty one.
SECTIONS = {
    "execute": True,
    "parse": True,
    "html": True,
    "html.analytics": False,
    "html.comments": True,
    "latex": True,
    "launch_buttons": False,
    "repository": False,
    "sphinx": False,
    "sphinx.config": True,
    "sphinx.config.html_theme_options": False,
}

_FORBIDS = "the policy of the pages allows no script of another host; leave it out"
OFF = 'tallybook executes notebooks, for it knows what they read: write execute_notebooks: "off"'
_NO_JINJA = "write the text where it belongs, and figures with {stat}"
_AT_THE_TOP = "it has a name of Jupyter Book's: write {}"

_BOOK = [
    _taken("title", TEXT, "the title of the site and in each citation; it has to be there"),
    _taken(
        "author", TEXT, "in the footer and each citation, which leave it out if it is not there"
    ),
    _taken("copyright", TEXT, "likewise; its last year is the year of citations"),
    _taken("logo", TEXT, "stands for the title in the bar of each page; a picture of the book"),
    _taken("project", TEXT, "the name in `objects.inv`; the title if left out"),
    _taken("exclude_patterns", TEXTS, "files that are no pages"),
    _taken(
        "only_build_toc_files", TRUTH, "whether files that `_toc.yml` does not list are left out"
    ),
    _taken("bibtex_bibfiles", TEXTS, "the works that pages may cite; files of the book"),
    _refused("bibtex_reference_style", "write it under sphinx: config:"),
]
_EXECUTION = [
    _taken("execute.execute_notebooks", ANY, 'has to be `"off"`: tallybook executes',
           ("off", False)),
    _taken("execute.timeout", NUMBER, "how many seconds a cell may run; -1: no limit"),
    _taken("execute.stderr_output", TEXT, "what becomes of standard error on pages",
           ("show", "remove", "remove-warn", "warn", "error", "severe")),
    _refused("execute.cache", "tallybook keeps outputs in the notebooks; leave it out", kind=TEXT),
    _refused("execute.exclude_patterns", "every notebook is executed, for outputs of another day "
             "could be stale: move the notebook out of notebooks/ and _toc.yml"),
    _refused("execute.allow_errors", "a cell that fails ends the build: mend it; leave this out",
             kind=TRUTH),
    _refused("execute.run_in_temp", "notebooks are executed in their own folder; leave it out",
             kind=TRUTH),
    _refused("execute.raise_on_error", "a cell that fails always ends the build; leave it out",
             True, kind=TRUTH),
    _refused("execute.show_tb", "the cell and its error are always shown; leave it out", True,
             kind=TRUTH),
    _refused("execute.eval_regex", "{eval} evaluates what no notebook has stored: cite with {stat}",
             "^.*$", kind=TEXT),
]  # fmt: skip
_PARSING = [
    _taken("parse.myst_enable_extensions", TEXTS, "the extensions of Markdown, but for "
           "`substitution`"),
    _taken("parse.myst_url_schemes", TEXTS, "of `http`, `https`, `mailto`, those that make a link"),
    _taken("parse.myst_dmath_double_inline", TRUTH, "whether `$$` may stand within a line"),
    _refused("parse.myst_substitutions", _NO_JINJA),
    _refused("parse.myst_extended_syntax", "Jupyter Book gave it up: list myst_enable_extensions"),
]  # fmt: skip
_PAGES = [
    _taken("html.favicon", TEXT, "the icon of each page; a file of the book"),
    _taken("html.announcement", TEXT, "text or plain HTML above each page"),
    _taken("html.extra_footer", TEXT, "text or plain HTML at the end of each page"),
    _taken("html.home_page_in_navbar", TRUTH, "whether the contents begin with the first page"),
    _taken(
        "html.baseurl",
        TEXT,
        "the address of the site, in permanent links, the sitemap, the feed and "
        "for those who share",
    ),
    _taken("html.use_repository_button", TRUTH, "a link to the repository at the end of each page"),
    _taken("html.use_issues_button", TRUTH, "a link to a new issue there"),
    _taken("html.use_edit_page_button", TRUTH, "a link to edit the page's source there"),
    _taken("html.use_multitoc_numbering", TRUTH, "whether numbers go on from part to part"),
    _refused("html.navbar_footer_text", "Jupyter Book gave it up: write extra_footer"),
    _refused("html.google_analytics_id", _FORBIDS),
    _refused("html.analytics.google_analytics_id", _FORBIDS),
    _refused("html.analytics.plausible_analytics_domain", _FORBIDS),
    _refused(
        "html.analytics.plausible_analytics_url", _FORBIDS, "https://plausible.io/js/script.js"
    ),
    _refused("html.comments.*", _FORBIDS),
]
_REPOSITORY = [
    _taken("repository.url", TEXT, "the address of the repository, for the links to it"),
    _taken("repository.branch", TEXT, "the branch that links name; has to be there where they do"),
    _taken("repository.path_to_book", TEXT, "the folder of the book in the repository"),
    _taken("launch_buttons.notebook_interface", TEXT, "what Binder and JupyterHub open",
           ("classic", "jupyterlab")),
    _taken("launch_buttons.binderhub_url", TEXT, "a link that opens a notebook's page on Binder"),
    _taken("launch_buttons.jupyterhub_url", TEXT, "likewise, on a JupyterHub"),
    _taken("launch_buttons.colab_url", TEXT, "likewise, in Colab; repositories on GitHub"),
    _taken("launch_buttons.deepnote_url", TEXT, "likewise, in Deepnote; repositories on GitHub"),
    _refused("launch_buttons.thebe", _FORBIDS, kind=TRUTH),
    _refused("launch_buttons.jupyterlite_url", "the site serves no JupyterLite; leave it out"),
    _refused("launch_buttons.jupyterlite_ext", "the site serves no JupyterLite; leave it out"),
]  # fmt: skip
_PDF = [
    _taken("latex.latex_engine", TEXT,
           "none on the site: for `jupyter-book build --builder latex`, of pages without figures "
           "and tables of the ledger",
           ("pdflatex", "xelatex", "lualatex", "luatex", "platex", "uplatex")),
    _taken("latex.use_jupyterbook_latex", TRUTH, "likewise"),
    _taken("latex.latex_documents", MAPPING, "likewise"),
]  # fmt: skip
_SPHINX = [
    _taken("sphinx.extra_extensions", TEXTS, f"loaded; `{EXTENSION}` has to be among them. Pages "
           "load no scripts and stylesheets of an extension"),
    _taken("sphinx.local_extensions", MAPPING, "loaded, from a folder of the book"),
    _taken("sphinx.recursive_update", TRUTH, "whether settings for Sphinx are joined with others"),
]  # fmt: skip

_C = "sphinx.config."
_OF_SPHINX = [
    _taken(f"{_C}html_baseurl", TEXT, "as `html: baseurl`"),
    _taken(f"{_C}release", TEXT, "the version of the book, in citations"),
    _taken(f"{_C}tallybook_audit", TEXT, "which numerals without a record keep the site from being "
           "published: each, those beside units and measures, or none", AUDITS),
    _taken(f"{_C}tallybook_licence", TEXT, "the licence of the data, as its SPDX id, such as "
           "`CC-BY-4.0`, or its address: in the data package and in CITATION.cff"),
    _taken(f"{_C}html_static_path", TEXTS, "folders of the book, whose files are on the site"),
    _taken(f"{_C}html_css_files", ANY, "stylesheets in these; of another host none"),
    _taken(f"{_C}html_js_files", ANY, "scripts in these; of another host none"),
    _taken(f"{_C}html_extra_path", TEXTS, "files that are put at the root of the site"),
    _taken(f"{_C}html_theme", TEXT, "has to be Jupyter Book's or tallybook's", OURS),
    _taken(f"{_C}html_output_encoding", TEXT, "has to be UTF-8", ("utf-8", "UTF-8")),
    _taken(f"{_C}nb_execution_mode", ANY, 'as `execute_notebooks`', ("off", False)),
    _taken(f"{_C}jupyter_execute_notebooks", ANY, "likewise", ("off", False)),
    _taken(f"{_C}html_show_sphinx", TRUTH, "none: no page names Sphinx"),
    _taken(f"{_C}html_use_opensearch", TEXT, "has to be empty: the site has its own search", ("",)),
    _refused(f"{_C}html_title", _AT_THE_TOP.format("title: at the top")),
    _refused(f"{_C}author", _AT_THE_TOP.format("author: at the top")),
    _refused(f"{_C}copyright", _AT_THE_TOP.format("copyright: at the top")),
    _refused(f"{_C}project_copyright", _AT_THE_TOP.format("copyright: at the top")),
    _refused(f"{_C}project", _AT_THE_TOP.format("project: at the top")),
    _refused(f"{_C}html_logo", _AT_THE_TOP.format("logo: at the top")),
    _refused(f"{_C}html_favicon", _AT_THE_TOP.format("favicon: under html:")),
    _refused(f"{_C}comments_config", _FORBIDS),
    _refused(f"{_C}thebe_config", _FORBIDS),
    _refused(f"{_C}use_multitoc_numbering",
             _AT_THE_TOP.format("use_multitoc_numbering: under html:")),
    _refused(f"{_C}external_toc_path", "the contents are in _toc.yml", "_toc.yml"),
    _refused(f"{_C}external_toc_exclude_missing", _AT_THE_TOP.format("only_build_toc_files: at the "
             "top")),
    _refused(f"{_C}root_doc", "the first page is named by root: in _toc.yml"),
    _refused(f"{_C}master_doc", "the first page is named by root: in _toc.yml"),
    _refused(f"{_C}source_suffix", "pages are files that end in .md, .ipynb or .rst; leave it out"),
    _refused(f"{_C}extensions", "list them under sphinx: extra_extensions:"),
    _refused(f"{_C}html_context", "write a page in Markdown"),
    _refused(f"{_C}templates_path", "write a page in Markdown"),
    _refused(f"{_C}template_bridge", "write a page in Markdown"),
    _refused(f"{_C}html_additional_pages", "write a page in Markdown"),
    _refused(f"{_C}notfound_context", "the page for wrong addresses is the theme's; leave it out"),
    _refused(f"{_C}notfound_template", "the page for wrong addresses is the theme's; leave it out"),
    _refused(f"{_C}myst_substitutions", _NO_JINJA),
    _refused(f"{_C}html_theme_path", "there is one theme; a stylesheet is named by html_css_files"),
    _refused(f"{_C}html_style", "name a stylesheet of your own by html_css_files"),
    _refused(f"{_C}html_short_title", "the title is the one that is shown; leave it out"),
    _refused(f"{_C}html_sidebars", "the frame of pages has no templates to choose; leave it out"),
    _refused(f"{_C}html_last_updated_fmt", "a page says of which commit it is with made-of, and no "
             "day; leave it out"),
    _refused(f"{_C}html_use_index", "figures have their own index; leave it out"),
    _refused(f"{_C}html_split_index", "figures have their own index; leave it out"),
    _refused(f"{_C}html_domain_indices", "figures have their own index; leave it out", True),
    _refused(f"{_C}html_file_suffix", "addresses end in .html; leave it out", ".html"),
    _refused(f"{_C}html_link_suffix", "addresses end in .html; leave it out", ".html"),
    _refused(f"{_C}html_show_search_summary", "the search is the site's own; leave it out", True),
    _refused(f"{_C}html_search_*", "the search is the site's own; leave it out"),
    _refused(f"{_C}html_show_copyright", "leave copyright: out, if it is not to be shown", True),
    _refused(f"{_C}html_math_renderer", "formulas are written at the build; leave it out"),
    _refused(f"{_C}mathjax*", "formulas are written at the build, without MathJax; leave it out"),
    _refused(f"{_C}copybutton_*", "pages have no button to copy code; leave it out"),
    _refused(f"{_C}togglebutton_*", "what is folded is opened by the browser; leave it out"),
    _refused(f"{_C}sd_fontawesome_*", "pages have no icons; leave it out", "none"),
    _refused(f"{_C}nb_execution_timeout", _AT_THE_TOP.format("timeout: under execute:")),
    _refused(f"{_C}nb_output_stderr", _AT_THE_TOP.format("stderr_output: under execute:")),
    _refused(f"{_C}nb_execution_*", OFF),
    _refused(f"{_C}execution_*", OFF),
    _refused(f"{_C}jupyter_cache", OFF),
    _refused(f"{_C}nb_eval_name_regex", "{eval} evaluates what no notebook has stored: cite with "
             "{stat}"),
    _refused(f"{_C}nb_custom_formats", "notebooks are .ipynb files; leave it out"),
    _refused(f"{_C}nb_ipywidgets_js", _FORBIDS),
    _refused(f"{_C}nb_number_source_lines", "numbers of lines stand in no record; leave it out"),
    _refused(f"{_C}nb_code_prompt_*", "a fold is named for what it hides; leave it out"),
    _refused(f"{_C}nb_scroll_outputs", "outputs are shown whole; leave it out"),
    _refused(f"{_C}nb_render_plugin", "outputs are shown by tallybook; leave it out", "default",
             "tallybook"),
]  # fmt: skip

_T = f"{_C}html_theme_options."
_THEME = [
    _taken(f"{_T}repository_provider", TEXT, "whose addresses the repository's are, where its own "
           "says it not", ("github", "gitlab", "bitbucket")),
    _taken(f"{_T}use_source_button", TRUTH, "a link to the page's source in the repository"),
    _taken(f"{_T}use_download_button", TRUTH, "whether a page has a link to its source"),
    _refused(f"{_T}repository_url", _AT_THE_TOP.format("repository: url:")),
    _refused(f"{_T}repository_branch", _AT_THE_TOP.format("repository: branch:")),
    _refused(f"{_T}path_to_docs", _AT_THE_TOP.format("repository: path_to_book:")),
    _refused(f"{_T}launch_buttons", _AT_THE_TOP.format("launch_buttons: at the top")),
    _refused(f"{_T}use_repository_button", _AT_THE_TOP.format("it under html:")),
    _refused(f"{_T}use_issues_button", _AT_THE_TOP.format("it under html:")),
    _refused(f"{_T}use_edit_page_button", _AT_THE_TOP.format("it under html:")),
    _refused(f"{_T}announcement", _AT_THE_TOP.format("it under html:")),
    _refused(f"{_T}extra_footer", _AT_THE_TOP.format("it under html:")),
    _refused(f"{_T}home_page_in_toc", _AT_THE_TOP.format("home_page_in_navbar: under html:")),
    _refused(f"{_T}logo", _AT_THE_TOP.format("logo: at the top")),
    _refused(f"{_T}analytics", _FORBIDS),
    _refused(f"{_T}icon_links", "pages have no icons: link to it in extra_footer"),
    _refused(f"{_T}use_fullscreen_button", "pages have no such button; leave it out", True),
    _refused(f"{_T}show_prev_next", "each page leads to the next one; leave it out", True),
    _refused(f"{_T}*", "the frame of pages is tallybook's own, without such a part; leave it out"),
]  # fmt: skip
_REST = [
    _taken(f"{_C}*", ANY, "any other name is Sphinx's or an extension's, and goes there"),
]
SETTINGS = (
    *_BOOK, *_EXECUTION, *_PARSING, *_PAGES, *_REPOSITORY, *_PDF, *_SPHINX, *_OF_SPHINX, *_THEME,
    *_REST,
)  # fmt: skip
_BY_NAME = {each.name: each for each in SETTINGS if "*" not in each.name}
_PATTERNS = [each for each in SETTINGS if "*" in each.name]
