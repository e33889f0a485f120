"""Figures that are added to the small book: a sentence of its document, a measure and a record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

MEASURE = """
- id: {id}-measured
  label: {id} as reported
  kind: {kind}
  unit: "{unit}"{floor}
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
        can_be_negative = any(isinstance(v, int | float) and v < 0 for v in fields.values())
        floor = "" if can_be_negative else "\n  floor: 0"
        file.write(MEASURE.format(id=name, kind=kind, unit=unit, floor=floor))
    with (book / "data/statistics/kettles.yml").open("a", encoding="utf-8") as file:
        file.write(STATISTIC.format(id=name, fields=written, run=run))
    (book / "data/audit.yml").write_text("[]\n")


# Figures of the kinds that reports print: ranges, intervals of uncertainty, a place, a rate.
KINDS: dict[str, tuple[str, dict[str, object], str]] = {
    "back": ("Some 30 to 40 lids came.", {"low": 30, "high": 40, "bound": "about"}, "lids"),
    "days": ("It took 5–7 days.", {"low": 5, "high": 7, "bound": "exact"}, "days"),
    "delay": ("Up to 3 to 4 days passed.", {"low": 3, "high": 4, "bound": "up to"}, "days"),
    "soon": ("They waited 0 to 2 days.", {"low": 0, "high": 2, "bound": "exact"}, "days"),
    "late": (
        "It was 3 to nearly 9 days.",
        {"low": 3, "high": 9, "bound": "exact", "high_bound": "nearly"},
        "days",
    ),
    "wait": (
        "They waited 6.2 days (95% CI 5.4 to 7.1).",
        {"value": 6.2, "low": 5.4, "high": 7.1, "level": 95, "bound": "exact"},
        "days",
    ),
    "faults": (
        "At 4.5 (95% UI 3.9 to 5.1) now.",
        {"value": 4.5, "low": 3.9, "high": 5.1, "level": 95, "bound": "exact"},
        "faults",
    ),
    "cut": (
        "They cut it by 20 to 30%.",
        {"low": 20, "high": 30, "bound": "exact", "compared_with": "unstated"},
        "percent",
    ),
    "saved": (
        "They saved 24% (SE 3).",
        {
            "value": 24,
            "low": 21,
            "high": 27,
            "level": "standard error",
            "bound": "exact",
            "compared_with": "unstated",
        },
        "percent",
    ),
    "loss": (
        "A change of -5 to -3 percentage points.",
        {"low": -5, "high": -3, "bound": "exact"},
        "percentage points",
    ),
    "either": (
        "Now -2 to 4 percentage points.",
        {"low": -2, "high": 4, "bound": "exact"},
        "percentage points",
    ),
    "place": ("It is the third-largest maker.", {"value": 3, "bound": "exact"}, "place"),
    "rate": (
        "It had 12.5 faults per 1,000 kettles.",
        {"value": 12.5, "bound": "exact"},
        "faults per 1,000 kettles",
    ),
}


def add_kinds(book: Path) -> None:
    """Add a figure of each of the KINDS."""
    for name, (sentence, fields, unit) in KINDS.items():
        kind = "change" if "compared_with" in fields else "level at a date"
        add_figure(book, sentence, sentence.rstrip("."), fields, unit=unit, kind=kind, name=name)
