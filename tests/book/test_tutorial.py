"""The tutorial is followed to the letter: each of its files is written, each command is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat

from tests.conftest import ROOT
from tests.helpers.groups import slow
from tests.helpers.small_site import page

TUTORIAL = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
_BLOCK = re.compile(
    r"^```(?:\{code-block\} )?(\w+)\n(?::caption: ([^\n]+)\n)?(.*?)^```$", re.MULTILINE | re.DOTALL
)
_CELLS = {
    "markdown": nbformat.v4.new_markdown_cell,
    "python": partial(nbformat.v4.new_code_cell, metadata={"tags": ["hide-input"]}),
}
NOT_RUN = "bash"  # it installs, as tests/repository/test_wheel.py does, or needs an account


@dataclass
class Block:
    """A fenced block: its language, its caption or "", and its text."""

    language: str
    caption: str
    text: str


BLOCKS = [Block(*found) for found in _BLOCK.findall(TUTORIAL)]


class Reader:
    """Follows the tutorial in a folder, block by block."""

    def __init__(self, folder: Path) -> None:
        self.at = folder
        self.said = ""
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            **{f"GIT_{who}_{what}": "reader@example.org"
               for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }  # fmt: skip
        self.environment.pop("TALLYBOOK_SOURCES", None)

    def follow(self, block: Block) -> None:
        match block.language, block.caption:
            case _, _ if block.language == NOT_RUN:
                pass
            case "sh", caption:
                self.run(block.text, code={"": 0, "ends with 1": 1}[caption])
            case "text", "":
                for line in block.text.splitlines():
                    assert line in self.said, f"{line}\nis not in\n{self.said}"
            case _, "proposed.yml has, besides others":
                assert block.text in (self.at / "proposed.yml").read_text()
            case _, caption if caption.startswith("at the end of "):
                path = self.at / caption.removeprefix("at the end of ")
                path.write_text(f"{path.read_text()}\n{block.text}")
            case _, caption if caption.startswith("a line of "):
                path = self.at / caption.removeprefix("a line of ")
                name = block.text.partition(":")[0].strip()
                line = rf"^ *# {name}:.*\n"
                text, times = re.subn(line, block.text, path.read_text(), flags=re.MULTILINE)
                assert times == 1
                path.write_text(text)
            case language, caption if caption.endswith(".ipynb"):
                self.add_cell(self.at / caption, _CELLS[language](block.text.rstrip("\n")))
            case _, caption:
                assert re.fullmatch(r"[\w./-]+\.(yml|md)", caption), block
                (self.at / caption).write_text(block.text)

    def add_cell(self, path: Path, cell) -> None:
        if not path.exists():
            nbformat.write(nbformat.v4.new_notebook(), path)
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.append(cell)
        nbformat.write(notebook, path)

    def run(self, commands: str, *, code: int) -> None:
        script = f"set -e\n{commands}\npwd > {self.at.parent / 'at'}"
        ran = subprocess.run(
            ["bash", "-c", script],
            cwd=self.at, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.said = ran.stdout + ran.stderr
        assert ran.returncode == code, f"{commands}\n{self.said}"
        if code == 0:
            self.at = Path((self.at.parent / "at").read_text().strip())


def test_each_fence_of_the_tutorial_is_read_as_a_block():
    assert TUTORIAL.count("```") == 2 * len(BLOCKS)
    languages = {"sh", NOT_RUN, "text", "yaml", "markdown", "python"}
    assert {block.language for block in BLOCKS} == languages
    untried = [block.text for block in BLOCKS if block.language == NOT_RUN]
    commands = {line.split()[0] for text in untried for line in text.splitlines()}
    assert commands == {"python3", ".", "pip", "git"}


@slow("reproduction")
def test_who_follows_the_tutorial_has_a_checked_book(tmp_path):
    reader = Reader(tmp_path)
    for block in BLOCKS:
        reader.follow(block)
    book = tmp_path / "buses"
    assert page(book, "index.html").select_one('a[href="stat/on-time-2024-league.html"]')
    notebook = page(book, "notebooks/buses.html")
    assert notebook.select(".tallybook-chart svg")
    assert "Publish the delays of each line." in notebook.get_text()
    assert "https://ada.github.io/buses" in (book / "_build/html/sitemap.xml").read_text()
    kept = subprocess.check_output(["git", "ls-files"], cwd=book, text=True).splitlines()
    assert "data/statistics/buses.yml" in kept
    assert not [path for path in kept if path.startswith(("documents/", "_build/"))]
