"""The licences of what this project is made with, in LICENSES.md.

`python -m tests.repository.licences` writes that file.

They are read from the metadata of what is installed: its licence expression, else the field
`License`, else its classifiers. What says nothing, or too much, is stated below with the reason.
"""

from __future__ import annotations

import json
import re
from importlib import metadata

from tests.conftest import ROOT
from tests.repository.locked import ENVIRONMENTS, FOR_THE_BOOK, NAMES, names_needed

FILE = ROOT / "LICENSES.md"
ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 HPND ISC MIT MIT-0 MPL-2.0 PSF-2.0 "
    "Unlicense Zlib".split()
)
# By distribution or file: a licence that is not allowed in general, and why it is here.
EXCEPTIONS = {
    "docutils": ("LicenseRef-Public-Domain", "its authors gave it to the public domain"),
    "text-unidecode": (
        "Artistic-1.0",
        "frictionless needs it to validate the data package; nothing is built from it",
    ),
    "yattag": ("LGPL", "cosmic-ray needs it to mutate the package; nothing is built from it"),
}
# By distribution: what its metadata does not say, and where it is said.
STATED = {
    "text-unidecode": ("Artistic-1.0", "its LICENSE; the GPL is the other choice that it gives"),
    "atheris": ("Apache-2.0", "its LICENSE"),
    "docutils": (
        "LicenseRef-Public-Domain AND BSD-2-Clause AND BSD-3-Clause AND PSF-2.0",
        "its COPYING.txt; the GPL that it names is that of a file for Emacs, not in the wheel",
    ),
}
# Locked for another system or interpreter, so that no metadata is at hand; read from their wheels.
ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "cffi": "MIT-0",
    "colorama": "BSD",
    "pycparser": "BSD-3-Clause",
}
# What the site serves that is not ours, by file of `_static`: what it is, and its licences.
ON_THE_SITE = {
    "minisearch.js": ("MiniSearch", "MIT"),
    "vega.js": (
        "Vega, Vega-Lite, Vega-Embed and what they need, as vl-convert bundles them",
        "BSD-3-Clause AND ISC AND MIT AND Apache-2.0 AND 0BSD AND Unlicense AND CC0-1.0",
    ),
}
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL",
    "ISC License (ISCL)": "ISC",
    "ISC license": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_HEAD = """# Licences of what is used

`python -m tests.repository.licences` writes this file; a test holds it to the locks and to the
metadata of what is installed. The licences of this project itself are in [LICENSE](LICENSE).

## On the built site

In `_static`, each with its notices beside it in a file `….LICENSE.txt`. No font is among them.

| file | what it is | licence |
| --- | --- | --- |
"""
_ENVIRONMENT = """
## In the environment

What `requirements.txt` locks for the book, and `requirements-dev.txt` for development. None of it
is passed on with the site. "BSD": it does not say which.

| distribution | licence | for |
| --- | --- | --- |
"""
_BROWSER = """
## For tests in the browser

| npm package | licence |
| --- | --- |
"""
_EXCEPTIONS = """
## Exceptions

Licences that are not allowed in general, and why they are here.

"""


class UnknownLicence(LookupError):
    """A distribution does not say what its licence is."""


def licence(name: str) -> str:
    """The licence of a locked distribution, in SPDX's words as far as it says."""
    if name in STATED:
        return STATED[name][0]
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    found = said(metadata.metadata(name))
    if not found:
        raise UnknownLicence(
            f"{name}: expected a licence in its metadata, found none. "
            "Read its files, and put it into STATED in tests/repository/licences.py with where you "
            "read it."
        )
    return found


def said(fields: metadata.PackageMetadata) -> str:
    """What the metadata of a distribution says of its licence; nothing if that is not clear."""
    expression = fields.get("License-Expression")
    if expression:
        return str(expression)
    field = str(fields.get("License") or "").strip()
    known = ALLOWED | _SPDX.keys()
    if field in known:
        return _SPDX.get(field, field)
    marked = [
        line.split(" :: ")[-1]
        for line in fields.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    return _SPDX.get(marked[0], "") if len(marked) == 1 else ""


def terms(expression: str) -> set[str]:
    """The licences of which an expression is made."""
    return set(re.findall(r"[^\s()]+", expression)) - {"AND", "OR"}


def refused(name: str, expression: str) -> set[str]:
    """Those licences of an expression that are neither allowed nor excepted for their bearer."""
    exception, _ = EXCEPTIONS.get(name, ("", ""))
    return terms(expression) - ALLOWED - {exception}


def of_npm() -> dict[str, str]:
    """The licences of the npm packages that are locked for the tests."""
    lock = json.loads((ROOT / "tests/package-lock.json").read_text(encoding="utf-8"))
    return {
        path.removeprefix("node_modules/"): package["license"]
        for path, package in lock["packages"].items()
        if path
    }


def for_the_package() -> set[str]:
    """The distributions that the package needs to run, on any of the Pythons."""
    return set().union(*(names_needed(python) for python in ENVIRONMENTS))


def for_the_book() -> set[str]:
    """The distributions of the book's lock: the package's, and what installs it."""
    return set().union(*(names_needed(python, *FOR_THE_BOOK) for python in ENVIRONMENTS))


def document() -> str:
    """LICENSES.md, as it should be."""
    runs, installs = for_the_package(), for_the_book()
    parts = [
        (_HEAD, [f"| `{file}` | {what} | {of} |" for file, (what, of) in ON_THE_SITE.items()]),
        (
            _ENVIRONMENT,
            [
                f"| {name} | {licence(name)} | {use(name, runs, installs)} |"
                for name in sorted(NAMES)
            ],
        ),
        (_BROWSER, [f"| {name} | {of} |" for name, of in sorted(of_npm().items())]),
        (
            _EXCEPTIONS,
            [f"- {name}, {of}: {why}." for name, (of, why) in sorted(EXCEPTIONS.items())],
        ),
    ]
    return "".join(head + "".join(f"{line}\n" for line in lines) for head, lines in parts)


def use(name: str, runs: set[str], installs: set[str]) -> str:
    """What a distribution is locked for."""
    if name in ELSEWHERE:
        return "another system or interpreter"
    if name in runs:
        return "the package"
    return "installing the package" if name in installs else "development"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
