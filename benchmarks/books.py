"""Books for the measures of an author's loop: a copy of the real one, and generated ones.

A generated book has a file of statistics, a notebook and a page of Markdown for each subject, so
that a record belongs to one notebook: imports, one load of the ledger, a chart of a form,
one of an author's own, one table.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

from benchmarks import phrases
from tallybook.notebooks import stored

NOTEBOOK_CELLS = (
    "import altair as alt\nimport tallybook\nfrom tallybook import charts\n\n"
    "ledger = tallybook.load()",
    """parcels = ledger.frame(measure="parcels-{subject}")
charts.bars(
    parcels.assign(label=parcels["period"]), title="Parcels counted in {name}",
    because="The years stand for the course of the work",
)""",
    """shops = ledger.frame(measure="shops-{subject}")
alt.Chart(shops, title="Shops visited in {name}").mark_line(point=True).encode(
    x="start:T", y="value:Q", color="party:N"
)""",
    'tallybook.source_table(ledger, "{subject}")',
)
_PAGE = """# {name} in short

In {{period}}`parcels-{subject}-2017` the office counted {{stat}}`parcels-{subject}-2017` parcels in
{name}, where there had been {{stat}}`parcels-{subject}-2016` the year before. It visited
{{stat}}`shops-{subject}-2017` shops, says {{source}}`report`.
"""
_INDEX = """# A generated book

It holds {count}`statistics` figures, and tells of each place what was counted in it.

```{ledger-sources}
```
"""
_CONFIG = """title: Generated
only_build_toc_files: true
exclude_patterns: [".*", _build]
execute: {execute_notebooks: "off"}
html: {use_multitoc_numbering: false}
sphinx: {extra_extensions: [tallybook.sphinx_ext]}
"""
_YEARS = ("2015", "2016", "2017")
_UNITS = ("parcels", "shops")


@dataclass(frozen=True, slots=True)
class Book:
    """A book, and what its author edits: a number in a file of data, and the page it is shown on.

    `page` is the path of a notebook and of its page, without either's ending.
    """

    root: Path
    data: Path
    number: int
    page: str

    def edit(self) -> str:
        """Change the number in the ledger; the words that its page is to show from now on."""
        old = self.number + self._edits()
        new = next(n for n in range(old + 1, old + 3) if n % 10)  # a round one must say how it is
        text = self.data.read_text(encoding="utf-8")
        for form in (str, "{:,}".format):
            text = text.replace(form(old), form(new))
        self.data.write_text(text, encoding="utf-8")
        return f"{new:,}"

    def edit_prose(self) -> str:
        """Add a word to the first Markdown of the page; the word."""
        return self._add("markdown", "\n\n{}")

    def edit_code(self) -> str:
        """Add a comment to the last code of the page; the comment."""
        return self._add("code", "\n# {}")

    def _add(self, kind: str, form: str) -> str:
        path = self.root / f"{self.page}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        cells = [cell for cell in notebook.cells if cell.cell_type == kind]
        cell = cells[0 if kind == "markdown" else -1]
        word = "Edited" + "again" * (1 + cell.source.count("Edited"))
        cell.source += form.format(word)
        nbformat.write(notebook, path)
        return word

    def _edits(self) -> int:
        """How far earlier edits have moved the number."""
        text = self.data.read_text(encoding="utf-8")
        return next(n for n in range(1000) if f"value: {self.number + n}\n" in text)

    def html(self) -> str:
        """The built page."""
        return (self.root / "_build/html" / f"{self.page}.html").read_text(encoding="utf-8")


def real(root: Path, folder: Path) -> Book:
    """A copy of the real book, nothing of it built or executed."""
    copy(root, folder)
    clear(folder)
    page = "notebooks/law-enforcement"
    return Book(folder, folder / "data/statistics/law-enforcement.yml", 2337, page)


def copy(root: Path, folder: Path) -> None:
    """A book's own files, without what is made from them."""
    ignored = shutil.ignore_patterns(".*", "_build", "node_modules", "__pycache__")
    shutil.copytree(root, folder, ignore=ignored)


def clear(folder: Path) -> None:
    """Empty all notebooks of their outputs, and of what `tallybook run` noted in them."""
    for path in stored.paths(folder):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        notebook.metadata.pop("tallybook", None)
        nbformat.write(notebook, path)


def hollow(folder: Path) -> None:
    """Leave no code in the cells of all notebooks, and no output: what nbval takes by itself."""
    for path in stored.paths(folder):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.source, cell.outputs = "pass", []
        nbformat.write(notebook, path)


def generated(folder: Path, notebooks: int) -> Book:
    """A book of that many notebooks in a new folder, with its document in `documents`."""
    subjects = [phrases.name(number + 1).lower() for number in range(notebooks)]
    for name in ("data/statistics", "notebooks", "pages", "documents"):
        (folder / name).mkdir(parents=True)
    for subject in subjects:
        _write_subject(folder, subject)
    _write_ledger(folder, subjects)
    (folder / "_config.yml").write_text(_CONFIG, encoding="utf-8")
    (folder / "index.md").write_text(_INDEX, encoding="utf-8")
    chapters = [{"file": f"{kind}/{one}"} for one in subjects for kind in ("notebooks", "pages")]
    _dump(folder / "_toc.yml", {"format": "jb-book", "root": "index", "chapters": chapters})
    edited = subjects[len(subjects) // 2]
    data = folder / "data/statistics" / f"{edited}.yml"
    return Book(folder, data, _value(edited, "parcels", "2017"), f"notebooks/{edited}")


def _write_subject(folder: Path, subject: str) -> None:
    told = {"subject": subject, "name": subject.capitalize(), "years": _YEARS}
    cells = [
        nbformat.v4.new_markdown_cell(
            f"# {told['name']}\n\nThe office counted {{stat}}`parcels-{subject}-2017` parcels in "
            f"{told['name']}, and visited {{stat}}`shops-{subject}-2017` shops."
        )
    ]
    for code in NOTEBOOK_CELLS:
        text = code.format(**told) if "{" in code else code
        cells.append(nbformat.v4.new_code_cell(text, metadata={"tags": ["hide-input"]}))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, folder / "notebooks" / f"{subject}.ipynb")
    (folder / "pages" / f"{subject}.md").write_text(_PAGE.format(**told), encoding="utf-8")
    _dump(folder / "data/statistics" / f"{subject}.yml", list(_statistics(subject)))


def _statistics(subject: str) -> Iterator[dict[str, object]]:
    for unit in _UNITS:
        for year in _YEARS:
            value = _value(subject, unit, year)
            cited = {"source": "report", "section": subject.capitalize()}
            cited |= {"as_printed": f"{value:,} {unit}", "period_as_printed": f"In {year}"}
            yield {
                "id": f"{unit}-{subject}-{year}", "measure": f"{unit}-{subject}", "value": value,
                "bound": "exact", "period": year, "scope": f"all of {subject.capitalize()}",
                "party": "The office", "cited": [cited],
            }  # fmt: skip


def _value(subject: str, unit: str, year: str) -> int:
    """A number of six digits that no other statistic of the subject is near, and no round one."""
    place = _UNITS.index(unit) * len(_YEARS) + _YEARS.index(year)
    mixed = int(hashlib.sha256(subject.encode()).hexdigest(), 16) % 9_000
    return 110_001 + place * 100_000 + mixed * 10


def _write_ledger(folder: Path, subjects: list[str]) -> None:
    sections = {one.capitalize(): f"The account of {one.capitalize()}" for one in subjects}
    text = "\n\n".join(f"{sections[s.capitalize()]}.\n\n{_sentences(s)}" for s in subjects)
    (folder / "documents/report.txt").write_text(text, encoding="utf-8")
    source = {
        "id": "report", "title": "Report of the office", "party": "The office",
        "publisher": "The office", "published": "unstated",
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "sections": [{"name": name, "opens": opens} for name, opens in sections.items()],
    }  # fmt: skip
    measures = [
        {
            "id": f"{unit}-{subject}", "label": f"{unit} in {subject.capitalize()}",
            "kind": "total over a period", "unit": unit, "floor": 0,
            "definition": f"What the office says of {unit} there.",
        }
        for subject in subjects
        for unit in _UNITS
    ]  # fmt: skip
    parties = [{"name": "The office"}]
    files = {"parties": parties, "sources": [source], "measures": measures}
    for name in ("audit", "comparison", "dismissed", "events", "missing"):
        files[name] = []
    for name, records in files.items():
        _dump(folder / "data" / f"{name}.yml", records)


def _sentences(subject: str) -> str:
    return "\n".join(
        f"In {year} it told of {_value(subject, unit, year):,} {unit}."
        for unit in _UNITS
        for year in _YEARS
    )


def _dump(path: Path, content: object) -> None:
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8")
