"""Whether a feed is valid Atom: by the schema of RFC 4287, and by what a schema cannot say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

_ATOM = "{http://www.w3.org/2005/Atom}"
_SCHEMA = Path(__file__).parent / "schemas/atom.rng"


def faults(text: str) -> list[str]:
    """What is wrong with a feed by RFC 4287; nothing of a valid one."""
    schema = etree.RelaxNG(etree.parse(_SCHEMA))
    try:
        root = etree.fromstring(text.encode())
    except etree.XMLSyntaxError as error:
        return [str(error)]
    if not schema.validate(root):
        return [f"{each.line}: {each.message}" for each in schema.error_log]
    return [*_beyond_the_schema(root)]


def _beyond_the_schema(root: etree._Element) -> Iterator[str]:
    entries = root.findall(f"{_ATOM}entry")
    for part in (root, *entries):
        wanted = part.findtext(f"{_ATOM}id", "")
        if not urlsplit(wanted).scheme:
            yield f"{wanted!r}: an id is a whole address"
        if not (part.findtext(f"{_ATOM}title") or "").strip():
            yield f"{wanted}: a title has a text"
        for moment in part.findall(f"{_ATOM}updated"):
            if not re.search(r"(Z|[+-]\d\d:\d\d)$", moment.text or ""):
                yield f"{wanted}: {moment.text!r} has no time zone"
        yield from (f"{wanted}: {what}" for what in _of_links(part))
    ids = Counter(entry.findtext(f"{_ATOM}id") for entry in entries)
    yield from (f"{each}: two entries have this id" for each, count in ids.items() if count > 1)
    has_author = root.find(f"{_ATOM}author") is not None
    if not has_author and any(entry.find(f"{_ATOM}author") is None for entry in entries):
        yield "neither the feed nor each entry has an author"
    if [each.get("rel") for each in root.findall(f"{_ATOM}link")].count("self") != 1:
        yield "a feed names its own address once"


def _of_links(part: etree._Element) -> Iterator[str]:
    links = part.findall(f"{_ATOM}link")
    alternate = Counter(
        (each.get("type"), each.get("hreflang"))
        for each in links
        if each.get("rel", "alternate") == "alternate"
    )
    if any(count > 1 for count in alternate.values()):
        yield "two alternate links of one type and language"
    if any(not urlsplit(each.get("href", "")).scheme for each in links):
        yield "a link is no whole address, and nothing says to what it is relative"
    is_entry = part.tag == f"{_ATOM}entry"
    if is_entry and not alternate and part.find(f"{_ATOM}content") is None:
        yield "an entry without content leads to what it is of"
