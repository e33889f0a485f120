"""Every example in the package's docstrings is true, and what others call has one."""

from __future__ import annotations

import doctest
import inspect
import pkgutil
from importlib import import_module

import pytest

import tallybook
from tests.conftest import ROOT

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(tallybook.__path__, "tallybook.")
    if not module.name.endswith("__main__")
)
# What is public in these modules has an example: functions, and the methods of classes.
WITH_EXAMPLES = (
    "tallybook.quantity.interval",
    "tallybook.quantity.quantity",
    "tallybook.reading.hedges",
    "tallybook.reading.numerals",
    "tallybook.reading.periods",
    "tallybook.ledger.coverage",
    "tallybook.ledger.documents",
    "tallybook.ledger.figures",
    "tallybook.ledger.ledger",
    "tallybook.ledger.loading",
    "tallybook.ledger.questions",
    "tallybook.ledger.tracking",
)
# So has each name of these packages, wherever it is defined.
NAMES_WITH_EXAMPLES = ("tallybook", "tallybook.charts")
# Of which these have none yet.
WITHOUT_EXAMPLES = frozenset[str]()


@pytest.fixture(autouse=True)
def _from_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name):
    result = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def public_of(name: str) -> dict[str, object]:
    """The functions and methods of a module that are called from outside it, by their names."""
    module = import_module(name)
    found = {}
    for each, value in vars(module).items():
        if each.startswith("_") or getattr(value, "__module__", None) != name:
            continue
        if inspect.isclass(value):
            members = vars(value).items()
            found |= {f"{each}.{n}": m for n, m in members if n[0] != "_" and is_method(m)}
        elif callable(value):
            found[each] = value
    return found


def is_method(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, classmethod)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_what_a_module_offers_has_an_example(name):
    texts = {each: str(value.__doc__) for each, value in public_of(name).items()}
    assert [each for each, text in texts.items() if ">>>" not in text] == []


@pytest.mark.parametrize("package", NAMES_WITH_EXAMPLES)
def test_what_notebooks_import_has_an_example(package):
    module = import_module(package)
    texts = {name: str(getattr(module, name).__doc__) for name in module.__all__}
    assert {name for name, text in texts.items() if ">>>" not in text} - WITHOUT_EXAMPLES == set()
