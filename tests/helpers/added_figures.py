"""Figures that are added to the small book: a sentence of its document, a measure and a record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

MEASURE = """
- id: {id}-measured
  label: {id} {unit}
  kind: {kind}
  unit: "{unit}"
  definition: What is counted.
"""
STATISTIC = """
- id: {id}
  measure: {id}-measured
{fields}
  period: unstated
  scope: the company
  party: Kettle Company
  cited:
    - source: report
      section: Repairs
      as_printed: "{run}"
"""


def add_figure(
    book: Path,
    sentence: str,
    run: str,
    fields: Mapping[str, object],
    *,
    unit: str = "people",
    kind: str = "level at a date",
    name: str = "added",
) -> None:
    """Add a sentence to the document, and a figure that cites a run of it."""
    path, sources = book / "documents/report.txt", book / "data/sources.yml"
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    text = path.read_text(encoding="utf-8").replace("Page 9", f"{sentence}\n\nPage 9")
    path.write_text(text, encoding="utf-8")
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    sources.write_text(sources.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    written = "\n".join(f"  {field}: {value}" for field, value in fields.items())
    with (book / "data/measures.yml").open("a", encoding="utf-8") as file:
        file.write(MEASURE.format(id=name, kind=kind, unit=unit))
    with (book / "data/statistics/kettles.yml").open("a", encoding="utf-8") as file:
        file.write(STATISTIC.format(id=name, fields=written, run=run))
    (book / "data/audit.yml").write_text("[]\n")
