"""The example book, whose documents are in the repository."""

from __future__ import annotations

import shutil

from click.testing import CliRunner

from tallybook.cli.main import cli
from tests.conftest import ROOT
from tests.helpers.groups import slow
from tests.helpers.small_site import build

WATER = ROOT / "examples/water"


def test_every_numeral_of_its_documents_is_claimed_or_dismissed():
    result = CliRunner().invoke(cli, ["--book", str(WATER), "check"], env={"TALLYBOOK_SOURCES": ""})
    assert result.exit_code == 0, result.output
    assert result.output.count(" 0\n") == 3  # nothing left over of any document


@slow("reproduction")
def test_it_is_executed_built_and_audited(tmp_path):
    book = shutil.copytree(WATER, tmp_path / "water", ignore=shutil.ignore_patterns("_build"))
    result = build(book)
    assert result.returncode == 0, result.stderr
