"""Every example in the package's docstrings is true, and what notebooks call has one."""

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
    if not module.name.endswith(("__main__", "sitecustomize"))
)
# Modules of which every public function and method has an example.
PUBLIC_MODULES = (
    "tallybook.ledger.figures",
    "tallybook.ledger.questions",
    "tallybook.quantity.interval",
    "tallybook.quantity.quantity",
    "tallybook.reading.hedges",
    "tallybook.reading.numerals",
    "tallybook.reading.periods",
)
# Packages of which every name that they offer has one, wherever it is defined.
PUBLIC_PACKAGES = ("tallybook", "tallybook.charts", "tallybook.tables", "tallybook.quantity")


@pytest.fixture(autouse=True)
def _in_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name):
    found = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert found.failed == 0


@pytest.mark.parametrize("name", PUBLIC_MODULES)
def test_everything_public_in_a_module_has_an_example(name):
    assert [each for each, value in public_of(name).items() if not has_example(value)] == []


@pytest.mark.parametrize("package", PUBLIC_PACKAGES)
def test_every_name_that_a_package_offers_has_an_example(package):
    module = import_module(package)
    assert [name for name in module.__all__ if not has_example(getattr(module, name))] == []


def test_what_has_no_example_or_a_false_one_is_found():
    def with_a_false_one():
        """>>> 1 + 1
        3
        """

    assert has_example(with_a_false_one)
    assert not has_example(public_of)
    (case,) = doctest.DocTestFinder().find(with_a_false_one, "false")
    assert doctest.DocTestRunner(verbose=False).run(case, out=lambda _: None).failed == 1


def has_example(value: object) -> bool:
    return ">>> " in str(value.__doc__)


def public_of(name: str) -> dict[str, object]:
    """The functions of a module and the methods of its classes, by their names."""
    found: dict[str, object] = {}
    for each, value in vars(import_module(name)).items():
        if each.startswith("_") or getattr(value, "__module__", None) != name:
            continue
        if inspect.isclass(value):
            methods = ((n, m) for n, m in vars(value).items() if n[0] != "_" and is_method(m))
            found |= {f"{each}.{n}": method for n, method in methods}
        elif callable(value):
            found[each] = value
    return found


def is_method(member: object) -> bool:
    return inspect.isfunction(member) or isinstance(member, classmethod)
