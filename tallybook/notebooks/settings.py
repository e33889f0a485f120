"""The settings of a book: what `_config.yml` says.

Whether each of them has an effect here is asked of `settings_check.py`, with the table of
`known_settings.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook.errors import Problem
from tallybook.ledger import yaml

FILE = "_config.yml"
_PROVIDERS = ("github", "gitlab", "bitbucket")
STRICT, FIGURES, REPORT = AUDITS = "strict", "figures", "report"  # how strict an audit is
Place = tuple[str | int, ...]  # the keys, and indexes of lists, that lead to a value


@dataclass(frozen=True)
class ExecutionSettings:
    """How notebooks are executed.

    `timeout` is how many seconds a cell may run: infinity where the settings have -1, which is no
    limit, and None where they name none.
    """

    timeout: float | None = None


class Settings:
    """What the settings of a book say, by names such as "html.favicon"; `lines` has where."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree if isinstance(tree, yaml.Mapping) else None
        self._values = plain(tree) if self._tree is not None else {}

    def get(self, name: str, default: Any = "") -> Any:
        """The value of a setting; the default where it is not there, or is empty.

        >>> Settings(None).get("html.favicon", "none")
        'none'
        """
        value: Any = self._values
        for key in name.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        return default if value is None or value == "" else value

    def problem(self, name: str, message: str) -> Problem:
        """A problem of a setting, at its line."""
        return problem_at(self._tree, at(name), message, of_key=True)

    @property
    def given(self) -> dict[str, Any]:
        """All values, as plain data."""
        return dict(self._values)

    @property
    def base(self) -> str:
        """The address of the site; empty where the settings name none."""
        return str(self.get("html.baseurl") or self.get("sphinx.config.html_baseurl"))

    @property
    def audit(self) -> str:
        """How strict the audit is: one of AUDITS."""
        given = self.get("sphinx.config.tallybook_audit")
        return given if given in AUDITS else STRICT

    @property
    def provider(self) -> str:
        """Whose addresses those of the repository are: "github", "gitlab" or "bitbucket", or ""."""
        named = self.get("sphinx.config.html_theme_options.repository_provider")
        host = re.sub(r"^https?://([^/]*).*", r"\1", str(self.get("repository.url")))
        return str(named) or next((each for each in _PROVIDERS if each in host.lower()), "")


def execution(root: Path) -> ExecutionSettings:
    """How the settings of a book want its notebooks executed; as if they said nothing where they
    cannot be read.

    >>> execution(Path("no-such-book"))
    ExecutionSettings(timeout=None)
    """
    given = read(root).get("execute.timeout", None)
    if isinstance(given, bool) or not isinstance(given, int | float):
        return ExecutionSettings()
    return ExecutionSettings(math.inf if given < 0 else float(given))


def read(root: Path) -> Settings:
    """What the settings of a book say; nothing where they cannot be read.

    >>> read(Path("tests/books/kettles")).get("title")
    'Kettles'
    """
    tree, _ = yaml.read(root / FILE, FILE)
    return Settings(tree)


def problem_at(tree: Any, place: Place, message: str, *, of_key: bool = False) -> Problem:
    """A problem of the value, or of the key, that a place leads to."""
    line, _ = yaml.place(tree, place, of_key=of_key)
    name = ".".join(key for key in place if isinstance(key, str))
    return Problem(FILE, line, 0, f"{name}: {message}")


def at(name: str, *index: int) -> Place:
    """The place of a setting, or of an entry of its list.

    >>> at("execute.exclude_patterns", 0)
    ('execute', 'exclude_patterns', 0)
    """
    return (*name.split("."), *index)


def plain(tree: Any) -> Any:
    """A tree of YAML as the plain data that Jupyter Book reads.

    >>> plain(yaml.Plain("2024")), plain("2024"), plain(yaml.Plain("off"))
    (2024, '2024', False)
    """
    if isinstance(tree, yaml.Mapping):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, yaml.Sequence):
        return [plain(value) for value in tree]
    if not isinstance(tree, yaml.Plain) or yaml.is_text(tree):
        return None if tree is None else str(tree)
    from yaml import YAMLError, safe_load  # noqa: PLC0415

    try:
        return safe_load(tree)
    except (YAMLError, ValueError):  # a day that no month has, or a sign of YAML's own
        return Unreadable(tree)


class Unreadable(str):
    """A value that YAML takes for something that it cannot be."""

    __slots__ = ()
