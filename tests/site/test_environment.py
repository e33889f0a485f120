"""The bill of what a site is built with: valid CycloneDX, the same each time, and no more."""

from __future__ import annotations

import json
import platform
from importlib import metadata
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tallybook import files
from tallybook.site import environment, provenance
from tests.conftest import ROOT
from tests.helpers.small_site import run
from tests.repository.locked import LOCKS, names_needed

BILL = json.loads(environment.bill(ROOT))
COMPONENTS = {each["name"]: each for each in BILL["components"]}
PYTHON = platform.python_implementation()


def test_it_keeps_cyclonedxs_own_schema():
    check = JsonStrictValidator(SchemaVersion.V1_6).validate_str
    text = environment.bill(ROOT)
    assert check(text) is None
    assert check(text.replace('"library"', '"librarium"', 1)) is not None


def test_it_names_what_the_package_needs_in_the_installed_version_and_no_tool_of_the_tests():
    here = ".".join(platform.python_version_tuple())
    assert COMPONENTS.keys() - {PYTHON} == names_needed(here)
    for name in COMPONENTS.keys() - {PYTHON}:
        version = metadata.version(name)
        assert COMPONENTS[name]["version"] == version
        assert COMPONENTS[name]["purl"] == f"pkg:pypi/{name}@{version}"
    assert not {"pytest", "ruff", "cyclonedx-python-lib"} & COMPONENTS.keys()


def test_python_and_tallybook_are_named_with_their_versions():
    assert COMPONENTS[PYTHON]["version"] == platform.python_version()
    own = BILL["metadata"]["component"]
    assert (own["name"], own["version"]) == ("tallybook", files.version())


def test_each_has_the_hashes_that_the_lock_has_for_its_version_and_a_licence():
    for pin in LOCKS["requirements.txt"]:
        found = COMPONENTS.get(pin.name)
        if found and found["version"] == pin.version:
            (files_of,) = found["externalReferences"]
            hashes = {f"sha256:{each['content']}" for each in files_of["hashes"]}
            assert hashes == set(pin.hashes)
    assert COMPONENTS["click"]["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert [name for name, each in COMPONENTS.items() if "licenses" not in each] == [PYTHON]


def test_what_asks_for_what_is_told_of_all_that_is_named():
    graph = {each["ref"]: each["dependsOn"] for each in BILL["dependencies"]}
    known = {each["bom-ref"] for each in (*COMPONENTS.values(), BILL["metadata"]["component"])}
    assert graph.keys() == known - {COMPONENTS[PYTHON]["bom-ref"]}
    assert {to for ends in graph.values() for to in ends} <= known
    assert COMPONENTS["markupsafe"]["bom-ref"] in graph[COMPONENTS["jinja2"]["bom-ref"]]


def test_it_has_no_moment_and_nothing_by_chance():
    environment._bill.cache_clear()
    assert environment.bill(ROOT) == json.dumps(BILL, indent=1) + "\n"
    assert not {"serialNumber", "timestamp"} & {*BILL, *BILL["metadata"]}


def test_a_book_without_a_lock_has_no_hashes(book):
    assert "externalReferences" not in environment.bill(book)


def test_it_is_read_once_while_nothing_is_installed(monkeypatch):
    before = environment.bill(ROOT)
    monkeypatch.setattr(environment, "_asked", lambda: pytest.fail("it was read again"))
    assert environment.bill(ROOT) == before


def test_the_site_has_it_and_says_so(built):
    site = built / "_build/html"
    assert (site / "sbom.cdx.json").read_text(encoding="utf-8") == environment.bill(built)
    made = json.loads((site / "made-of.json").read_text(encoding="utf-8"))
    assert (made["libraries"], made["files"]) == ("sbom.cdx.json", "SHA256SUMS")
    assert made["tallybook_sha256"] == provenance.digest_of_code(files.PACKAGE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"name": "click"', '"name": "click, of 9,000 stores"'),
        ('"expression": "MIT"', '"expression": "97% of stores"'),
        ('"type": "library"', '"description": "97% of stores", "type": "library"'),
        ('"specVersion": "1.6"', '"specVersion": "1.6", "stores": 9000'),
        ("\n}\n", "\n}\n9,000 stores"),
    ],
)
def test_the_audit_finds_what_is_typed_into_it(old, new, built_book):
    path: Path = built_book / "_build/html/sbom.cdx.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = run(built_book, "audit")
    assert result.returncode == 1
    assert "sbom.cdx.json:1: " in result.stderr


def test_the_audit_finds_what_is_typed_into_the_list_of_digests(built_book):
    path: Path = built_book / "_build/html/SHA256SUMS"
    path.write_text(f"{path.read_text()}97% of stores\n{64 * 'a'}  97 stores\n")
    result = run(built_book, "audit")
    assert result.returncode == 1
    assert "expected the SHA-256 of a file and its name" in result.stderr
    assert "it lists '97 stores', which is not there" in result.stderr


def test_code_is_digested_with_its_names_and_without_what_python_keeps(tmp_path):
    def digest() -> str:
        return provenance.digest_of_code(tmp_path)

    (tmp_path / "a.py").write_text("1")
    before = digest()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/a.pyc").write_text("1")
    assert digest() == before
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert digest() != before
