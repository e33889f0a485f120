"""What a site is built with: tallybook, Python and each library, as a bill of materials.

The bill is JSON of CycloneDX. It names what is installed of all that tallybook asks for, and what
that asks for in turn: not what else lies in the environment. There is no moment and no random
number in it, so that the same environment gives the same file.
"""

from __future__ import annotations

import json
import platform
import re
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tallybook.site.provenance import LOCK

_SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LICENCES = "License :: OSI Approved :: "
_LONGEST = 80  # characters of a licence's name; longer ones are its text
# What may stand in a bill under each name: no word of a sentence, and so no figure of a book.
_ADDRESS = r"pkg:[\w./@%+!-]+"
_SHAPES = {
    "$schema": re.escape(_SCHEMA), "bomFormat": "CycloneDX", "specVersion": r"1\.6",
    "type": "application|platform|library|distribution", "alg": "SHA-256",
    "content": "[0-9a-f]{64}", "name": r"[A-Za-z][\w.+-]*", "version": r"\w[\w.+!-]*",
    "expression": r"[A-Za-z(][\w.+-]*(?:(?: |\(|\)| AND | OR | WITH )[\w.+()-]+)*",
    "url": r"https://pypi\.org/project/[a-z0-9-]+/", "comment": re.escape(LOCK),
    **dict.fromkeys(("purl", "bom-ref", "ref", "dependsOn"), _ADDRESS),
}  # fmt: skip


def bill(root: Path) -> str:
    """The bill of the environment in which this runs, with the hashes that a book's lock has.

    >>> json.loads(bill(Path("tests/books/kettles")))["metadata"]["component"]["name"]
    'tallybook'
    """
    lock = root / LOCK
    text = lock.read_text(encoding="utf-8", errors="replace") if lock.is_file() else ""
    paths = (getattr(each, "_path", None) for each in metadata.distributions())
    return _bill(text, tuple(sorted(map(str, paths))))


# What is installed stays the same while `tallybook live` builds again and again.
@lru_cache(maxsize=1)
def _bill(lock: str, _: tuple[str, ...]) -> str:
    asked = _asked()
    allowed: dict[tuple[str, str], list[str]] = {
        (canonicalize_name(name), version): _HASH.findall(rest)
        for name, version, rest in _PIN.findall(lock)
    }
    found = {name: _component(name, allowed) for name in sorted(asked)}
    own = found.pop("tallybook") | {"type": "application"}
    python = {
        "type": "platform",
        "bom-ref": f"pkg:generic/python@{platform.python_version()}",
        "name": platform.python_implementation(),
        "version": platform.python_version(),
    }
    every = {"tallybook": own, **found}
    graph = [
        {"ref": every[name]["bom-ref"], "dependsOn": [every[to]["bom-ref"] for to in asked[name]]}
        for name in every
    ]
    return _written(
        {
            "$schema": _SCHEMA,
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {"component": own},
            "components": [python, *found.values()],
            "dependencies": graph,
        }
    )


def _written(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=1) + "\n"


def _asked() -> dict[str, list[str]]:
    """What each distribution asks for of what is installed, from tallybook on."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting: list[tuple[str, frozenset[str]]] = [("tallybook", frozenset())]
    while waiting:
        name, extras = one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        asks = found.setdefault(name, set())
        for wanted in map(Requirement, metadata.requires(name) or ()):
            marker, to = wanted.marker, canonicalize_name(wanted.name)
            counts = marker is None or any(marker.evaluate({"extra": e}) for e in {"", *extras})
            if counts and _is_installed(to):
                asks.add(to)
                waiting.append((to, frozenset(wanted.extras)))
    return {name: sorted(asks) for name, asks in found.items()}


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _component(name: str, allowed: dict[tuple[str, str], list[str]]) -> dict[str, Any]:
    """One distribution, with its licence as far as it says and the hashes that the lock allows."""
    fields = metadata.metadata(name)
    version = fields["Version"]
    address = f"pkg:pypi/{name}@{version}"
    found: dict[str, Any] = {"type": "library", "bom-ref": address, "name": name}
    found |= {"version": version, "purl": address}
    if licences := _licences(fields):
        found["licenses"] = licences
    if hashes := allowed.get((name, version)):
        # Of the files that may be installed: a wheel does not say which of them it was.
        found["externalReferences"] = [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{name}/",
                "comment": LOCK,
                "hashes": [{"alg": "SHA-256", "content": each} for each in sorted(hashes)],
            }
        ]
    return found


def _licences(fields: metadata.PackageMetadata) -> list[dict[str, Any]]:
    if expression := _said(fields, "License-Expression"):
        if re.fullmatch(_SHAPES["expression"], expression):
            return [{"expression": expression}]
        return []
    text = _said(fields, "License")
    names = [text] if 0 < len(text) <= _LONGEST and "\n" not in text and text != "UNKNOWN" else []
    names = names or [
        line.removeprefix(_LICENCES)
        for line in fields.get_all("Classifier") or ()
        if line.startswith(_LICENCES)
    ]
    words = (re.sub(r"[^A-Za-z0-9.+]+", "-", name).strip("-") for name in names)
    return [{"license": {"name": each}} for each in words if each[:1].isalpha()]


def _said(fields: metadata.PackageMetadata, name: str) -> str:
    return fields[name].strip() if name in fields else ""


def is_bill(text: str) -> bool:
    """Whether a text has nothing in it that a bill of any environment could not have.

    Which environment a site was built in cannot be known from its files.

    >>> is_bill(bill(Path("tests/books/kettles"))), is_bill('{"name": "Over 9,000 kettles"}')
    (True, False)
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and _has_shape(data, "") and text == _written(data)


def _has_shape(value: object, name: str) -> bool:
    match value:
        case dict():
            return all(_has_shape(each, key) for key, each in value.items())
        case list():
            return all(_has_shape(each, name) for each in value)
        case str():
            return name in _SHAPES and re.fullmatch(_SHAPES[name], value) is not None
        case _:
            return name == "version" and value == 1
