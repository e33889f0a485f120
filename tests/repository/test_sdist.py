"""What is released builds what a clone builds: sdist, wheel and site are of one code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from email import message_from_string
from pathlib import Path

import pytest

from tallybook import files
from tallybook.site import provenance
from tests.conftest import ROOT
from tests.helpers import packaged
from tests.helpers.groups import slow
from tests.reproduction.__main__ import differences, report


@pytest.fixture(scope="module")
def sdist(tmp_path_factory) -> Path:
    return packaged.build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def unpacked(sdist, tmp_path_factory) -> Path:
    """The source tree that the sdist has."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (tree,) = folder.iterdir()
    return tree


def told(text: str) -> tuple[str, str]:
    """The name and the version that the metadata of a distribution have."""
    fields = message_from_string(text)
    return fields["Name"], fields["Version"]


def test_sdist_wheel_and_site_are_of_one_version_and_one_code(unpacked, built, tmp_path):
    (tmp_path / "wheel").mkdir()
    wheel = packaged.build("wheel", unpacked, tmp_path / "wheel")
    shutil.unpack_archive(wheel, tmp_path / "inside", "zip")
    (metadata,) = (tmp_path / "inside").glob("*.dist-info/METADATA")
    made_of = json.loads((built / "_build/html/made-of.json").read_text())
    expected = ("tallybook", made_of["tallybook"])
    assert told(metadata.read_text("utf-8")) == expected
    assert told((unpacked / "PKG-INFO").read_text("utf-8")) == expected
    assert files.version() == made_of["tallybook"]
    code = {
        provenance.digest_of_code(each / "tallybook") for each in (unpacked, tmp_path / "inside")
    }
    assert code == {made_of["tallybook_sha256"]}


@slow("reproduction")
def test_a_book_that_is_built_from_the_sdist_is_the_one_of_a_clone_to_the_byte(
    sdist, unpacked, built, tmp_path
):
    commands = packaged.install(sdist, tmp_path / "venv")
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    outside.pop("PYTHONPATH", None)
    where = [str(commands / "python"), "-c", "import tallybook; print(tallybook.__file__)"]
    place = subprocess.run(where, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert place.stdout.startswith(str(commands.parent))
    book = Path(shutil.copytree(unpacked / "tests/books/kettles", tmp_path / "kettles"))
    command = [str(commands / "tallybook"), "--book", str(book), "build"]
    ran = subprocess.run(
        command, cwd=tmp_path, env=outside, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for name in ("notebooks", "_build/html"):
        one, other = built / name, book / name
        assert differences(one, other) == [], "\n".join(report(one, other))
