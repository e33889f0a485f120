"""What the site's search finds: pages by their sections, figures, items, events and sources.

A figure is found by its digits, however they are typed, its measure, its words in the document, or
its id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed_figure import plain
from tallybook.site.figure_details import Facts

_SCALES = ((10**9, "billion"), (10**6, "million"))
Address = Callable[[str], str]


@dataclass(frozen=True)
class Section:
    """A part of a page under one heading, with its text and its address from the site's root."""

    title: str
    page: str
    address: str
    text: str


def records(
    ledger: Ledger, facts: Mapping[str, Facts], sections: Iterable[Section], home: Address
) -> Iterator[dict[str, str]]:
    """Everything that can be found: its kind, title, address, id, digits and text.

    `home` gives the address of what an anchor such as "item-shorter-timelines" is the home of, or
    "" where no page has it; what has no address is left out.
    """
    for one in facts.values():
        yield _figure(one)
    for item in ledger.items.values():
        text = f"{item.party}, {item.period}. {item.text}"
        yield _record(item.kind, item.label, home(f"item-{item.id}"), item.id, text)
    for event in ledger.events.values():
        text = f"{event.date}, says {event.party}"
        yield _record("event", event.label, home(f"event-{event.id}"), event.id, text)
    for missing in ledger.missing.values():
        address = home(f"missing-{missing.id}")
        yield _record("not given", missing.label, address, missing.id, missing.because)
    for source in ledger.sources.values():
        text = f"{source.party}, {source.publisher}. {'; '.join(s.name for s in source.sections)}"
        yield _record("source", source.title, home(f"source-{source.id}"), source.id, text)
    for section in sections:
        parts = dict.fromkeys((section.page, section.title))
        title = ": ".join(part for part in parts if part)
        yield _record("page", title, section.address, "", section.text)


def as_script(found: Iterable[dict[str, str]]) -> str:
    """The records as a classic script that sets one global, which works without a server too."""
    data = json.dumps([one for one in found if one["address"]], ensure_ascii=False)
    data = data.replace("<", "\\u003c")  # which is never markup here, whatever reads it
    return f'"use strict";\nwindow.tallybookSearch = {data};\n'


def _record(kind: str, title: str, address: str, wanted: str, text: str) -> dict[str, str]:
    return {
        "kind": kind, "title": title, "address": address, "id": wanted, "digits": "", "text": text
    }  # fmt: skip


def _figure(facts: Facts) -> dict[str, str]:
    figure, measure = facts.figure, facts.measure
    said = [figure.party, figure.period, figure.scope, facts.condition]
    said += [f"“{place.as_printed}”, {place.section}" for place in facts.places]
    said += [measure.definition] if measure else []
    kind = "figure computed here" if figure.is_derived else "figure"
    text = "; ".join(part for part in said if part)
    record = _record(kind, f"{figure.words} {figure.label}", f"stat/{figure.id}.html", "", text)
    digits = " ".join(dict.fromkeys(spellings(figure.quantity.point, figure.quantity.unit)))
    return record | {"id": figure.id, "digits": digits}


def spellings(value: Fraction, unit: str) -> Iterator[str]:
    """The ways to type a number: 4300000000, 4,300,000,000, 4.3 billion; 42, 42%, 42 percent."""
    if value.denominator == 1:
        yield f"{int(value)}"
        yield f"{int(value):,}"
    else:
        yield plain(value) if "/" not in plain(value) else f"{float(value):.3g}"
    for size, word in _SCALES:
        if abs(value) >= size:
            yield f"{plain(value / size)} {word}"
    if unit.startswith("percent"):
        yield f"{plain(value)} percent"
