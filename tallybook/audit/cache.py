"""What pages say, kept from one audit to the next: of a page that is the same it is the same."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

from tallybook.audit import html as audit_html
from tallybook.audit import texts
from tallybook.audit.html import Reading
from tallybook.files import write
from tallybook.reading import numerals

_MAKERS = (audit_html, texts, numerals)


class Readings:
    """The readings of pages by their text, from a file and for it; None keeps none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[str, Reading] = {}
        self._used: dict[str, Reading] = {}
        makers = (
            b"".join(Path(str(each.__file__)).read_bytes() for each in _MAKERS) if path else b""
        )
        self._maker = hashlib.sha256(makers).hexdigest()
        if path is not None and path.is_file():
            self._known = self._stored(path)

    def read(self, html: str) -> Reading:
        """What a page says."""
        digest = hashlib.sha256(html.encode("utf-8", "surrogatepass")).hexdigest()
        found = self._known.get(digest) or audit_html.read(html)
        self._used[digest] = found
        return found

    def keep(self) -> None:
        """Write what was read now, and nothing else, for the next time."""
        if self._path is not None and self._used != self._known:
            write(self._path, pickle.dumps((self._maker, self._used)))

    def _stored(self, path: Path) -> dict[str, Reading]:
        # Beside Sphinx's own pickles, which it trusts alike; one of other code is of no use.
        try:
            maker, known = pickle.loads(path.read_bytes())  # noqa: S301
        except Exception:  # whatever it is, it is read anew
            return {}
        return known if maker == self._maker and isinstance(known, dict) else {}
