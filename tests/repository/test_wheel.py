"""The wheel has what a book needs and no more, and works where it alone is installed."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from tallybook import files
from tests.conftest import ROOT
from tests.helpers import made_documents as made
from tests.helpers import packaged
from tests.helpers.groups import slow

PACKAGE = ROOT / "tallybook"
REPORT = made.pdf([made.page("In 2024 it repaired 12,400 bicycles.", heading="Repairs")])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return packaged.build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_it_has_each_file_of_the_package_the_kernel_and_nothing_else(wheel):
    kernel = f"{'-'.join(wheel.stem.split('-')[:2])}.data/data/share/jupyter/kernels/tallybook"
    own = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"tallybook/cli/template/dot-gitignore", "tallybook/site/theme/theme.conf"} <= own
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    specification = {f"{kernel}/{path.name}" for path in PACKAGE.glob("notebooks/kernelspec/*")}
    assert inside == own | specification


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The folder of commands of an environment in which the wheel is installed."""
    return packaged.install(wheel, tmp_path_factory.mktemp("environment") / "venv")


@slow("reproduction")
def test_a_book_is_made_and_built_outside_git_without_a_clone(installed, wheel, tmp_path):
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    outside.pop("TALLYBOOK_SOURCES", None)
    outside.pop("PYTHONPATH", None)

    def tallybook(*words: str, code: int = 0, folder: Path = tmp_path) -> str:
        command = [str(installed / "tallybook"), *words]
        ran = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=folder, env=outside
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    where = [str(installed / "python"), "-c", "import tallybook; print(tallybook.__file__)"]
    place = subprocess.run(where, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert place.stdout.startswith(str(installed.parent))
    assert tallybook("--version") == f"tallybook {files.version()}\n"

    book = tmp_path / "my first book"
    tallybook("new", book.name, "--title", "Bicycles", "--author", "A. Reader")
    assert (book / "wheels" / wheel.name).read_bytes() == wheel.read_bytes()
    (tmp_path / "report.pdf").write_bytes(REPORT)
    tallybook("add", "../report.pdf", "--party", "Town library", folder=book)
    assert "2 numerals left over" in tallybook("check", code=1, folder=book)
    tallybook("propose", "report", "--output", "proposed.yml", folder=book)
    assert "1 statistic entered" in tallybook("enter", "proposed.yml", folder=book)
    assert "left over" in tallybook("check", folder=book)
    assert "The book is built" in tallybook("build", folder=book)
    made_of = json.loads((book / "_build/html/made-of.json").read_text())
    assert (made_of["tallybook"], made_of["commit"]) == (files.version(), "unknown")
    assert "Nothing has changed" in tallybook("build", folder=book)
