"""Whether each setting of a book has an effect here: all that is wrong, each with its line.

Each key of `_config.yml` is looked up in the table of `known_settings.py`, and its value must have
the type that stands there. What would have no effect is a problem too, so that nobody takes it for
done. `contents.py` does the same with `_toc.yml`.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tallybook import files
from tallybook.errors import Problem, nearest
from tallybook.ledger import yaml
from tallybook.notebooks import known_settings as known
from tallybook.notebooks.known_settings import Setting
from tallybook.notebooks.settings import (
    FILE,
    STRICT,
    Place,
    Settings,
    Unreadable,
    at,
    plain,
    problem_at,
)
from tallybook.reading import statements

_ADDRESSES = (
    "html.baseurl", "sphinx.config.html_baseurl", "repository.url", "launch_buttons.binderhub_url",
    "launch_buttons.jupyterhub_url", "launch_buttons.colab_url", "launch_buttons.deepnote_url",
)  # fmt: skip
_OF_SITE = ("html.baseurl", "sphinx.config.html_baseurl")
_ADDRESS = re.compile(r"https?://[^\s/?#]+(/\S*)?")
_FILES = ("logo", "html.favicon", "bibtex_bibfiles")
_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico")
# What a link of these needs to know of the repository.
_NEED_URL = (
    "html.use_repository_button", "html.use_issues_button", "html.use_edit_page_button",
    "sphinx.config.html_theme_options.use_source_button", "launch_buttons.binderhub_url",
    "launch_buttons.jupyterhub_url", "launch_buttons.colab_url", "launch_buttons.deepnote_url",
)  # fmt: skip
_NEED_BRANCH = tuple(
    each for each in _NEED_URL if not each.endswith(("repository_button", "issues_button"))
)
_NEED_GITHUB = ("launch_buttons.colab_url", "launch_buttons.deepnote_url")
_NO_PROVIDER = (
    "it is not known how its addresses are made: write sphinx: config: html_theme_options: "
    "repository_provider: github, gitlab or bitbucket"
)
OF_NO_RECORD = "is a numeral, and comes from no record"
Keys = tuple[str, ...]
Found = Iterator[tuple[Place, str]]  # places with what is wrong there


def problems(root: Path) -> list[Problem]:
    """All that is wrong with the settings of a book.

    >>> problems(Path("tests/books/kettles"))
    []
    """
    tree, found = yaml.read(root / FILE, FILE)
    if found and "is empty" in found[0].message:
        return [Problem(FILE, 1, 1, "the file is empty: begin with title: and the title")]
    if tree is None or found:
        return found
    if not isinstance(tree, yaml.Mapping):
        return [Problem(FILE, 1, 1, "expected settings with their values")]
    of_names = dict(_of_names(tree, ()))
    settings = Settings(tree)
    of_values = [
        (place, message)
        for place, message in _of_values(settings, root)
        if not any(place[:length] in of_names for length in range(1, len(place) + 1))
    ]
    found = [problem_at(tree, *each, of_key=True) for each in of_names.items()]
    return sorted({*found, *(problem_at(tree, *each) for each in of_values)})


def _of_names(tree: yaml.Mapping, above: Keys) -> Found:
    """The problems of each key and its value: unknown, refused, or of another type."""
    for key, value in tree.items():
        location = (*above, key)
        name = ".".join(location)
        if "." in key:
            yield location, f"unknown: write {': '.join(key.split('.'))}, each on a line of its own"
        elif name in known.SECTIONS:
            yield from _of_section(location, value)
        else:
            try:
                found = known.setting(name)
            except KeyError:
                yield location, _unknown(location)
            else:
                message = _of_value(found, value)
                if message:
                    yield location, message


def _of_section(location: Keys, value: Any) -> Found:
    if isinstance(value, yaml.Mapping):
        yield from _of_names(value, location)
        return
    given = plain(value)
    name = ".".join(location)
    if given is None and known.SECTIONS[name]:
        return
    if given is None:
        yield location, "there is nothing below it: leave it out"
    elif not (name == "html.comments" and given is False):
        yield location, f"expected settings below it, found {shown(value)}"


def _unknown(location: Keys) -> str:
    """What to say of a key that is none, with the place or the name that may be meant."""
    key, above = location[-1], ".".join(location[:-1])
    table = [each for each in known.SETTINGS if "*" not in each.name]
    table.sort(key=lambda each: bool(each.refused))
    elsewhere = next((each for each in table if each.name.rpartition(".")[2] == key), None)
    if above == "parse" and key.startswith("myst_"):
        return "no setting here: write it under sphinx: config:"
    if elsewhere and elsewhere.refused:
        return f"not taken: {elsewhere.refused}"
    if elsewhere:
        before = elsewhere.name.rpartition(".")[0].replace(".", ": ")
        return f"no setting here: it stands {f'under {before}:' if before else 'at the top'}"
    names = [*known.SECTIONS, *(each.name for each in table)]
    siblings = [each.rpartition(".")[2] for each in names if each.rpartition(".")[0] == above]
    others = [each.rpartition(".")[2] for each in names]
    hint = nearest(key, siblings) or nearest(key, others)
    return f"no setting of Jupyter Book.{hint or ' Leave it out.'}"


def _of_value(found: Setting, value: Any) -> str:
    """What is wrong with the value of a setting; nothing where it is right."""
    given = plain(value)
    if found.refused:
        return "" if found.is_off(given) else f"not taken: {found.refused}"
    if found.choices:
        is_one = any(type(given) is type(each) and given == each for each in found.choices)
        return "" if is_one else _of_choice(found, value)
    if given is None and found.type in (known.TEXT, known.TRUTH, known.ANY):
        return ""
    return _of_type(found, value, given)


def _of_choice(found: Setting, value: Any) -> str:
    if found.name.endswith(("execute_notebooks", "nb_execution_mode")):
        return f'expected "off", found {shown(value)}: {known.OFF}'
    texts = [each for each in found.choices if isinstance(each, str)]
    hint = nearest(value, texts) if isinstance(value, str) else ""
    return f"expected {_either(texts)}, found {shown(value)}.{hint}".removesuffix(".")


def _either(texts: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))


def _of_type(found: Setting, value: Any, given: Any) -> str:
    what, typed = found.type, shown(value)
    if what == known.TEXT and not _is_text(given):
        if isinstance(value, yaml.Sequence):
            written = ", ".join(map(str, plain(value)))
            return f'expected text, found a list: write it as one text, "{written}"'
        return f"expected text, found {typed}" + (": quote it" if isinstance(value, str) else "")
    if what == known.TRUTH and not isinstance(given, bool):
        is_quoted = str(given).lower() in ("true", "false", "yes", "no", "on", "off")
        return (
            f"expected true or false, found {typed}{': take the quotes off' if is_quoted else ''}"
        )
    if what == known.NUMBER and (isinstance(given, bool) or not isinstance(given, int | float)):
        is_quoted = bool(re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", str(given)))
        return f"expected a number, found {typed}{': take the quotes off' if is_quoted else ''}"
    if what == known.MAPPING and given is not None and not isinstance(given, dict):
        return f"expected settings below it, found {typed}"
    if what == known.TEXTS:
        return _of_texts(found, value, given)
    return ""


def _of_texts(found: Setting, value: Any, given: Any) -> str:
    may_be_one = found.name in ("sphinx.extra_extensions", "bibtex_bibfiles")
    if given is None and found.name == "sphinx.extra_extensions":
        return ""
    if _is_text(given) and may_be_one:
        return ""
    if not isinstance(given, list):
        example = f": write [{value}]" if isinstance(value, str) and value else ""
        return f"expected a list of texts, found {shown(value)}{example}"
    for each, typed in zip(given, value, strict=True):
        if not _is_text(each):
            quoted = ": quote it" if isinstance(typed, str) else ""
            return f"expected texts in the list, found {shown(typed)}{quoted}"
    return ""


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and not isinstance(given, Unreadable)


def shown(value: Any) -> str:
    """A value as it is typed, for a message."""
    if isinstance(value, yaml.Mapping):
        return "settings below it"
    if isinstance(value, yaml.Sequence):
        return "a list"
    if isinstance(value, yaml.Plain):
        return str(value)[:60] or "nothing"
    return f'"{str(value)[:60]}"'


def _of_values(settings: Settings, root: Path) -> Found:
    """What is wrong with values of the right type, and what is missing."""
    if not settings.get("title"):
        yield (
            at("title"),
            "missing: it stands on each page and in each citation. Write title: and it",
        )
    if "execute_notebooks" not in _below(settings.given.get("execute")):
        yield at("execute.execute_notebooks"), f"missing, and auto without it: {known.OFF}"
    extensions = settings.get("sphinx.extra_extensions", [])
    if known.EXTENSION not in ([extensions] if isinstance(extensions, str) else extensions):
        yield (
            at("sphinx.extra_extensions"),
            (f"expected {known.EXTENSION} among them: without it pages have no figures"),
        )
    timeout = settings.get("execute.timeout", 1)
    if isinstance(timeout, int | float) and timeout <= 0 and timeout != -1:
        yield at("execute.timeout"), f"expected seconds, or -1 for no limit, found {timeout}"
    licence = str(settings.get("sphinx.config.tallybook_licence"))
    if not re.fullmatch(r"([A-Za-z0-9.+-]+|https?://\S+)?", licence):
        yield (
            at("sphinx.config.tallybook_licence"),
            f"expected an SPDX id, such as CC-BY-4.0, or the address of a licence, found {licence}",
        )
    yield from _of_extensions(extensions, settings, root)
    yield from _of_markdown(settings)
    yield from _of_files(settings, root)
    yield from _of_own_files(settings, root)
    yield from _of_addresses(settings)
    # In a lesser mode the audit looks at them where they stand, on pages.
    for name in ("html.announcement", "html.extra_footer") if settings.audit == STRICT else ():
        if typed := numeral_in(re.sub(r"<[^>]*>", "", str(settings.get(name)))):
            yield at(name), f"{typed!r} {OF_NO_RECORD}: write it on a page, with a role"


def _below(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def numeral_in(text: str) -> str:
    """The first numeral of a text that states a figure; empty where there is none.

    Whether the ledger has a date in it, the audit says.

    >>> numeral_in("Seven drafts"), numeral_in("The third draft, of 2017")
    ('Seven', '')
    """
    found = next(statements.stating(text), None)
    return text[found.start : found.end] if found else ""


def _of_extensions(given: Any, settings: Settings, root: Path) -> Found:
    folders = _below(settings.get("sphinx.local_extensions", {}))
    for name, folder in folders.items():
        if not _is_text(folder) or not (root / folder).is_dir():
            yield at(f"sphinx.local_extensions.{name}"), f"no folder {folder!r} of the book"
    for name in [given] if isinstance(given, str) else given if isinstance(given, list) else []:
        if _is_text(name) and not folders and not _is_installed(name):
            yield (
                at("sphinx.extra_extensions"),
                f"{name!r} is not installed: install it, or leave it out",
            )


def _is_installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _of_markdown(settings: Settings) -> Found:
    for above in ("parse", "sphinx.config"):
        listed = settings.get(f"{above}.myst_enable_extensions", [])
        for number, each in enumerate(listed if isinstance(listed, list) else []):
            place = at(f"{above}.myst_enable_extensions", number)
            if each == "substitution":
                yield (
                    place,
                    "substitution is not taken: text in double braces is text; leave it out",
                )
            elif isinstance(each, str) and each not in known.MYST_EXTENSIONS:
                yield place, f"no extension {each!r}.{nearest(each, known.MYST_EXTENSIONS)}"
        schemes = settings.get(f"{above}.myst_url_schemes", [])
        for number, each in enumerate(schemes if isinstance(schemes, list) else []):
            if each not in known.SCHEMES:
                takes = _either(list(known.SCHEMES))
                yield (
                    at(f"{above}.myst_url_schemes", number),
                    f"{each!r} is not taken: pages link to {takes}",
                )


def _of_files(settings: Settings, root: Path) -> Found:
    for name in _FILES:
        given = settings.get(name)
        is_list = isinstance(given, list)
        for number, path in enumerate(given if is_list else [given]):
            if (
                path
                and _is_text(path)
                and (message := _of_file(path, root, is_picture=name != "bibtex_bibfiles"))
            ):
                yield at(name, *([number] if is_list else [])), message


def _of_file(path: str, root: Path, *, is_picture: bool) -> str:
    if re.match(r"[\w+.-]+:|//", path):
        return f"{path[:60]!r} is not the book's: save it in the book, and name it by its path"
    if not is_within(root, path):
        return f"no file {path!r} in the book.{nearest(path, files_of(root))}"
    if is_picture and Path(path).suffix.lower() not in _PICTURES:
        return f"{path!r} is no picture: expected {_either([each[1:] for each in _PICTURES])}"
    return ""


def is_within(root: Path, path: str) -> bool:
    """Whether a path leads to a file of a book."""
    try:
        return (
            (root / path).is_file()
            and not Path(path).is_absolute()
            and ".." not in Path(path).parts
        )
    except (OSError, ValueError):
        return False


def files_of(root: Path) -> list[str]:
    """The files of a book by their paths."""
    return sorted(Path(each.path).relative_to(root).as_posix() for each in files.files(root))


def _of_own_files(settings: Settings, root: Path) -> Found:
    """Stylesheets and scripts of the book stand in its folders, and folders are there."""
    above = "sphinx.config"
    folders = settings.get(f"{above}.html_static_path", [])
    folders = [each for each in folders if _is_text(each)] if isinstance(folders, list) else []
    for each in folders:
        if not (root / each).exists():
            yield at(f"{above}.html_static_path"), f"no folder {each!r} in the book"
    places = [*folders, "_static"]
    for name in (f"{above}.html_css_files", f"{above}.html_js_files"):
        given = settings.get(name, [])
        for entry in given if isinstance(given, list) else [given]:
            file = entry[0] if isinstance(entry, list) and entry else entry
            if not _is_text(file):
                yield at(name), "expected names of files"
            elif re.match(r"[\w+.-]+:|//", file):
                yield (
                    at(name),
                    f"{file[:60]!r} is of another host, which the policy of pages forbids",
                )
            elif not any(is_within(root, f"{folder}/{file}") for folder in places):
                yield at(name), f"no file {file!r} in a folder of html_static_path, or in _static"


def _of_addresses(settings: Settings) -> Found:
    for name in _ADDRESSES:
        given = settings.get(name)
        if given and not _ADDRESS.fullmatch(str(given)):
            yield at(name), f"expected an address such as https://example.org, found {given!r}"
        elif given and name in _OF_SITE and re.search(r"[?#]", str(given)):
            message = "addresses of pages begin with it: leave out what stands from ? or # on"
            yield at(name), message
    yield from _of_repository(settings, [name for name in _NEED_URL if settings.get(name, False)])


def _of_repository(settings: Settings, used: list[str]) -> Found:
    """What links to the repository need to know of it."""
    url = settings.get("repository.url")
    if used and not url:
        yield from ((at(name), "needs repository: url:, the address of it") for name in used)
    elif used and not re.match(r"https?://[^/]+/[^/]+/[^/]+", str(url)):
        yield at("repository.url"), f"expected https://host/owner/name, found {url!r}"
    elif used and not settings.provider:
        yield at("repository.url"), _NO_PROVIDER
    for name in used if url else []:
        if name in _NEED_BRANCH and not settings.get("repository.branch"):
            yield at(name), "needs repository: branch:, such as main, for it is in each address"
        if name in _NEED_GITHUB and settings.provider not in ("github", ""):
            yield at(name), "takes repositories on GitHub only; leave it out"
    if "html.use_issues_button" in used and settings.provider == "bitbucket":
        yield at("html.use_issues_button"), "there is none for Bitbucket; leave it out"
