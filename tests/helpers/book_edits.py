"""Edits of the small book and of the package, in any order: good ones, and others to be mended."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tallybook.files import PACKAGE
from tests.helpers.small_site import BOOKS, NOTEBOOK, TALLYBOOK, run

_SOURCES = shutil.ignore_patterns("_build", "__pycache__")
_PLACES = "(deep)=\n## Places\n\nThe first page is {ref}`first`.\n"
# What the book has besides the small one: a reference from page to page, each way.
_MORE = {
    "places.md": f"# Places\n\n{_PLACES}",
    "_toc.yml": "format: jb-book\nroot: index\nchapters:\n"
    "  - file: notebooks/kettles\n  - file: places\n",
    "index.md": "(first)=\n" + (BOOKS / "kettles/index.md").read_text() + "\nSee {ref}`deep`.\n",
}
_RECORDS, _CONTENTS, _CONFIG = "data/statistics/kettles.yml", "_toc.yml", "_config.yml"
_TITLE = "title: Kettles"
_ADDED = "# Added\n\nPlants ({source}`report`): {stat}`repair-plants`. {ref}`deep`.\n"
_RECALLED = "- id: kettles-recalled-2017"


@dataclass(frozen=True)
class Edit:
    """A file as the book or the package has it, but for some texts; a broken one is to be mended.

    `more` edits are made with it. Where the file is none of the book's, the edit makes it.
    """

    file: str
    words: tuple[tuple[str, str], ...] = ()
    is_broken: bool = False
    more: tuple[Edit, ...] = ()

    @property
    def is_of_package(self) -> bool:
        """Whether it edits the package, and not the book."""
        return self.file.startswith("tallybook/")


EDITS = (
    Edit(_RECORDS, (("value: 1000", "value: 1100"), ("1,000", "1,100"))),
    Edit("index.md", (("# Kettles", "# All kettles"),)),
    Edit(NOTEBOOK, (("Stores closed", "Closed stores"),)),
    Edit(_CONFIG, ((_TITLE, "title: All about kettles"),)),
    Edit(_RECORDS, (("value: 1000", "value: 1001"),), is_broken=True),
    Edit("places.md", (("## Places", "## Other places"),)),
    Edit(
        _CONTENTS,
        (("  - file: places\n", "  - file: places\n  - file: added\n"),),
        more=(Edit("added.md", (("", _ADDED),)),),
    ),
    Edit("tallybook/site/theme/static/tallybook.css", (("\n}", "\n}\n/* more */"),)),
    Edit("index.md", (("{count}`statistics`", "{count}`statitics`"),), is_broken=True),
    Edit("data/measures.yml", (("label: stores closed", "label: shops closed"),)),
    Edit(NOTEBOOK, (("repair-plants", "repair-plnts"),), is_broken=True),
    Edit("data/sources.yml", (("title: Annual report", "title: Yearly report"),)),
    Edit(_CONTENTS, (("places", "nowhere"),), is_broken=True),
    Edit(_RECORDS, ((_RECALLED, f"{_RECALLED}-again"),)),
    Edit(NOTEBOOK, (("stores-per-plant", "shops-per-plant"),), is_broken=True),
    Edit("tallybook/charts/forms.py", (("from __future__", "# More.\nfrom __future__"),)),
    Edit(_CONTENTS, (("root: index", "root: index\noptions: {numbered: 2}"),)),
    Edit(NOTEBOOK, (("company", "firm"), ("# Kettles", "# More kettles"))),
    Edit("index.md", (("it was asked.", "it was asked {stat}`share-handled-2017`."),)),
    Edit(_CONFIG, (("sphinx: {", "sphinx: {config: {tallybook_audit: report}, "),)),
    Edit("index.md", (("it was asked.", "it was {nosuchrole}`asked`."),), is_broken=True),
    Edit(_CONFIG, (("execute:", "exekute:"),), is_broken=True),
    Edit("places.md", (("(deep)", "(deeper)"),), is_broken=True),
    Edit(
        _CONTENTS,
        (("  - file: notebooks/kettles\n  - file: places\n", ""), ("chapters:", "chapters:\n"
        "  - file: places\n  - file: notebooks/kettles")),
    ),
    Edit(_CONFIG, (("html: {", "html: {baseurl: 'https://example.org', "),)),
    Edit("tallybook/site/machines.py", (("from __future__", "# More.\nfrom __future__"),)),
)  # fmt: skip


class EditedBook:
    """A copy of the small book in a folder, and one of the package, that is edited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = Path(shutil.copytree(BOOKS / "kettles", folder / "kettles"))
        shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=_SOURCES)
        for name, text in _MORE.items():
            (self.root / name).write_text(text, encoding="utf-8")
        self._now: dict[str, Edit] = {}  # of each file that is edited
        self._last: Edit | None = None

    def make(self, edit: Edit) -> bool:
        """Save what an edit makes of its file, whatever it was before. Whether that is a change.

        What breaks the book is mended when a second edit follows.
        """
        self.mend(but=self._last)
        self._last = edit
        for each in (edit, *edit.more):
            self._now[each.file] = each
        changes = [self._save(each.file, each.words) for each in (edit, *edit.more)]
        return any(changes)

    def mend(self, *, but: Edit | None = None) -> None:
        """Take all edits back that break the book, but one."""
        for name, edit in [*self._now.items()]:
            if edit.is_broken and edit != but:
                del self._now[name]
                self._save(name, ())

    def _save(self, name: str, words: Iterable[tuple[str, str]]) -> bool:
        path = (self.folder if name.startswith("tallybook/") else self.root) / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        whole = _whole(name)
        text = whole
        for old, new in words:
            assert old in text, f"{old!r} does not stand in {name}"
            text = text.replace(old, new) if old else new
        if name == NOTEBOOK:
            text = _with_outputs_of(before, text)
        if text != before:
            path.write_text(text, encoding="utf-8")
        return text != before

    @property
    def is_package_edited(self) -> bool:
        """Whether the package is not as it is here."""
        return any(edit.is_of_package for edit in self._now.values())

    def build(self, root: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Build this book, or another, by the command of the package as it is edited."""
        if not self.is_package_edited:
            return run(root or self.root, "build")
        command = [*TALLYBOOK, "--book", str(root or self.root), "build"]
        there = {**os.environ, "PYTHONPATH": str(self.folder)}
        # From there, since Python looks into the working folder first.
        return subprocess.run(
            command, env=there, cwd=self.folder, capture_output=True, text=True, check=False
        )

    def built_from_nothing(self, folder: Path) -> Path:
        """The site of the same sources, built in another folder, where nothing was built before."""
        again = Path(shutil.copytree(self.root, folder / "again", ignore=_SOURCES))
        notebook = json.loads((again / NOTEBOOK).read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell.update(outputs=[], execution_count=None)
        notebook["metadata"].pop("tallybook", None)
        (again / NOTEBOOK).write_text(json.dumps(notebook), encoding="utf-8")
        result = self.build(again)
        assert result.returncode == 0, result.stderr
        return again / "_build/html"


def _whole(name: str) -> str:
    """A file of the book or of the package as it is without any edit; "" of none."""
    if name in _MORE:
        return _MORE[name]
    path = (PACKAGE.parent if name.startswith("tallybook/") else BOOKS / "kettles") / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _with_outputs_of(before: str, text: str) -> str:
    """A notebook with the outputs that it had before, as JupyterLab saves it."""
    old, new = json.loads(before), json.loads(text)
    for one, other in zip(old["cells"], new["cells"], strict=True):
        one["source"] = other["source"]
    return json.dumps(old)
