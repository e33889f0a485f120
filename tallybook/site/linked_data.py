"""What pages say to programs in the words of schema.org, as JSON-LD.

The page of a figure says that a party claims it, with the observation that the claim is about: the
value where it is near the figure, the ends that are known, the unit and the time. That a figure
holds is said of none. The index of all figures says which data set they are, and its files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from tallybook.ledger import frames
from tallybook.ledger.figures import unit_in_words
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Source
from tallybook.site import data_package, downloads
from tallybook.site.citations import Edition
from tallybook.site.data_tables import decimal
from tallybook.site.figure_details import FigureDetails

_INDEX = "stat/index.html"  # on which the data set is described
_IS_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_DESCRIPTION = (
    "Figures with who states them, for when and of what, the words and places in documents that "
    "bear them, and figures that are computed from them, each with what is known of its range."
)
Thing = dict[str, Any]


@dataclass(frozen=True)
class LinkedData:
    """What the pages of a book say, given its ledger and how it is cited."""

    ledger: Ledger
    edition: Edition

    def of_figure(self, details: FigureDetails) -> str:
        """A figure as a claim of its party, or as a work of the book's that is based on others."""
        figure, statistic = details.figure, details.statistic
        row = frames.row(self.ledger, figure.id)
        author = figure.party if statistic else self.edition.author
        return _text(
            {
                "@context": "https://schema.org",
                "@type": "Claim" if statistic else "CreativeWork",
                "identifier": figure.id,
                "url": self.edition.address(figure),
                "name": figure.named,
                "text": f"{figure.named}. {figure.said}" if statistic else "",
                "author": _organization(author),
                "temporalCoverage": _period(row["start"], row["end"]),
                "about": self._observation(details, row["start"], row["end"]),
                "citation": self._documents(place.source for place in details.places),
                "isBasedOn": [self._input(wanted) for wanted in details.inputs],
                "isPartOf": {
                    "@type": "Dataset",
                    "name": self.edition.title,
                    "description": _DESCRIPTION,
                    "url": self.edition.at(_INDEX),
                },
                "version": self.edition.version,
                "license": self.edition.licence_address,
            }
        )

    def of_book(self) -> str:
        """The figures of the book as a data set, with its files."""
        days = [frames.row(self.ledger, wanted) for wanted in self.ledger.statistics]
        starts = [row["start"] for row in days if row["start"]]
        ends = [row["end"] for row in days if row["end"]]
        return _text(
            {
                "@context": "https://schema.org",
                "@type": "Dataset",
                "name": self.edition.title,
                "description": _DESCRIPTION,
                "url": self.edition.at(_INDEX),
                "creator": _organization(self.edition.author),
                "version": self.edition.version,
                "license": self.edition.licence_address,
                "temporalCoverage": _period(min(starts, default=None), max(ends, default=None)),
                "variableMeasured": [each.label for each in self.ledger.measures.values()],
                "citation": self._documents(self.ledger.sources),
                "isAccessibleForFree": True,
                "distribution": [*map(self._download, (downloads.LEDGER, *data_package.FILES))],
            }
        )

    def _observation(self, details: FigureDetails, start: date | None, end: date | None) -> Thing:
        figure, quantity = details.figure, details.figure.quantity
        is_range = details.statistic is not None and details.statistic.is_range
        low, high = quantity.known_ends
        return {
            "@type": "Observation",
            "name": figure.label,
            "description": details.interval,
            "variableMeasured": details.measure.label if details.measure else "",
            # "More than 1,000" says what it is above, and no value that it would be near.
            "value": _number(figure.number) if quantity.is_near and not is_range else None,
            "minValue": _number(low),
            "maxValue": _number(high),
            "unitText": unit_in_words(quantity.unit),
            "observationDate": start.isoformat() if start and start == end else "",
        }

    def _documents(self, sources: Iterable[str]) -> list[Thing]:
        return [_document(self.ledger.sources[wanted]) for wanted in dict.fromkeys(sources)]

    def _input(self, wanted: str) -> Thing:
        if event := self.ledger.events.get(wanted):
            return {"@type": "CreativeWork", "identifier": wanted, "name": event.label}
        figure = self.ledger.figure(wanted)
        return {
            "@type": "CreativeWork" if figure.is_derived else "Claim",
            "identifier": wanted,
            "name": figure.named,
            "url": self.edition.address(figure),
        }

    def _download(self, name: str) -> Thing:
        types = {**data_package.MEDIA_TYPES, "json": "application/json"}
        path = f"{data_package.FOLDER}/{name}"
        return {
            "@type": "DataDownload",
            "name": name,
            "contentUrl": self.edition.at(path) or f"../{path}",
            "encodingFormat": types[name.rpartition(".")[2]],
        }


def _organization(name: str) -> Thing:
    # Whether a party or an author is a person no record says.
    return {"@type": "Organization", "name": name} if name else {}


def _document(source: Source) -> Thing:
    published = source.published.text
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": _organization(source.publisher),
        "datePublished": published if _IS_DATE.fullmatch(published) else "",
        "url": source.address or "",
    }


def _period(start: date | None, end: date | None) -> str:
    """A time as an interval of ISO 8601, open where an end is not known; "" where neither is."""
    days = [day.isoformat() if day else ".." for day in (start, end)]
    return "/".join(days) if start or end else ""


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(decimal(value))


def _text(data: Thing) -> str:
    """JSON without what is empty, and without any sign that HTML would read."""
    text = json.dumps(_given(data), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _given(value: Any) -> Any:
    match value:
        case dict():
            found = {name: _given(each) for name, each in value.items()}
            return {name: each for name, each in found.items() if each not in ("", None, {}, [])}
        case list():
            return [_given(each) for each in value]
    return value
