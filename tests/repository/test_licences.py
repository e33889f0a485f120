"""What is used is listed with its licence, and has none that was not agreed to."""

from __future__ import annotations

from email.message import Message

import pytest
import vl_convert

from tallybook.site.layout import THEME, WRITTEN
from tests.conftest import ROOT
from tests.repository import licences
from tests.repository.locked import NAMES

STATIC = THEME / "static"
FONTS = {".woff", ".woff2", ".ttf", ".otf", ".eot"}


def metadata(*fields: tuple[str, str]) -> Message:
    made = Message()
    for name, value in fields:
        made[name] = value
    return made


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([("License-Expression", "MIT OR Apache-2.0"), ("License", "x")], "MIT OR Apache-2.0"),
        ([("License", "BSD 3-Clause License")], "BSD-3-Clause"),
        ([("License", "UNKNOWN"), ("Classifier", "License :: OSI Approved :: MIT License")], "MIT"),
        ([("License", "Copyright (c) A\n\nAll of it"), ("Classifier", "License :: X")], ""),
        ([("Classifier", "License :: OSI Approved :: No Such License")], ""),
        ([("Classifier", f"License :: {one}") for one in ("MIT License", "BSD License")], ""),
        ([("Classifier", "Topic :: MIT License")], ""),
    ],
)
def test_a_licence_is_what_the_metadata_says_and_nothing_where_that_is_not_clear(fields, expected):
    assert licences.said(metadata(*fields)) == expected


def test_a_distribution_that_says_nothing_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(licences, "STATED", {})
    with pytest.raises(licences.UnknownLicence, match=r"^atheris: expected a licence .* STATED"):
        licences.licence("atheris")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_locked_distribution_is_under_a_licence_that_is_agreed_to(name):
    assert not licences.refused(name, licences.licence(name))


@pytest.mark.parametrize("name", sorted(licences.of_npm()))
def test_every_npm_package_is_under_a_licence_that_is_agreed_to(name):
    assert not licences.refused(name, licences.of_npm()[name])


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "MIT AND AGPL-3.0-or-later", "LGPL"])
def test_a_licence_that_is_not_agreed_to_is_refused(licence):
    assert licences.refused("click", licence)


def test_an_exception_holds_for_what_it_names_alone_and_is_needed():
    for name, (licence, reason) in licences.EXCEPTIONS.items():
        assert reason
        assert licence in licences.terms(licences.licence(name))
        assert licence not in licences.ALLOWED
        assert licences.refused("click", licence) == {licence}


def test_what_the_package_needs_to_run_binds_nobody_to_pass_on_its_source():
    runs = licences.for_the_package()
    assert "click" in runs
    assert not {name for name in runs if "GPL" in licences.licence(name)}


def test_licences_md_is_what_the_command_writes():
    assert licences.FILE.read_text(encoding="utf-8") == licences.document(), (
        "LICENSES.md is not what the lock and the environment say: run "
        "python -m tests.repository.licences"
    )


def test_each_script_of_the_site_is_ours_or_listed_and_has_its_notices_beside_it():
    vendored = {path.name.split(".")[0] for path in STATIC.glob("*.LICENSE.txt")}
    assert vendored == {name.split(".")[0] for name in licences.ON_THE_SITE}
    for path in STATIC.glob("*.js"):
        marked = "/*!" in path.read_text(encoding="utf-8")[:200]
        assert marked == (path.name in licences.ON_THE_SITE), path.name
    assert set(WRITTEN) - licences.ON_THE_SITE.keys() == {
        "search-index.js",
        "names.js",
        "social-card.png",
    }


@pytest.mark.parametrize("file", licences.ON_THE_SITE)
def test_what_the_site_serves_is_under_a_licence_that_is_agreed_to(file):
    _, terms = licences.ON_THE_SITE[file]
    assert not licences.refused(file, terms)


def test_vegas_notices_are_those_of_the_versions_that_are_bundled():
    head = (STATIC / "vega.LICENSE.txt").read_text(encoding="utf-8")[:300].replace("\n", " ")
    assert f"Vega {vl_convert.get_vega_version()}," in head
    assert f"Vega-Lite {vl_convert.get_vegalite_versions()[-1]}," in head
    assert f"Vega-Embed {vl_convert.get_vega_embed_version()})" in head


def test_the_theme_brings_no_font():
    assert not [path for path in (ROOT / "tallybook").rglob("*") if path.suffix in FONTS]
    assert "@font-face" not in (STATIC / "tallybook.css").read_text(encoding="utf-8")
