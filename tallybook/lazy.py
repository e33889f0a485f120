"""Public names of packages, whose modules are imported at the first use of a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def lazy_names(
    package: str, modules: Mapping[str, str], moved: Mapping[str, str] | None = None
) -> Callable[[str], Any]:
    """The `__getattr__` of a package that imports the module of a public name at its first use.

    `modules` has for each module, such as "tables.table", the names that come from it; `moved` has
    for each name that went elsewhere where it is now. The function raises AttributeError.
    """

    def of_package(name: str) -> Any:
        # Looked up at each call: a kernel replaces it by one that notes who imports what.
        from importlib import import_module  # noqa: PLC0415

        for module, names in modules.items():
            if name in names.split():
                return getattr(import_module(f"tallybook.{module}"), name)
        if moved and name in moved:
            raise AttributeError(f"{package}.{name} is tallybook.{moved[name]} now")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return of_package
