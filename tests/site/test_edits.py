"""After any edits, in any order, the published site is what a build from nothing gives.

TALLYBOOK_EDITS=100 tries so many sequences of edits.
"""

from __future__ import annotations

import os
import re
from itertools import count
from time import monotonic, sleep
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tallybook.files import PACKAGE
from tallybook.site import publish
from tests.helpers.book_edits import EDITS, EditedBook
from tests.helpers.groups import slow
from tests.helpers.live_book import SECONDS, Heard, Live, working
from tests.reproduction.__main__ import contents, differences

PAGES = ("index.html", "notebooks/kettles.html", "stat/stores-closed-2017.html", "added.html")
LONGEST = 8
# The first sequence is that of the edits as they are listed.
SEQUENCES = st.permutations(EDITS).map(lambda edits: edits[:LONGEST])
# One that fails is told as it is: to look for a shorter one would take very long.
some = settings(
    max_examples=int(os.environ.get("TALLYBOOK_EDITS", "2")),
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """New folders, one after the other."""
    return (tmp_path_factory.mktemp(f"edited-{number}") for number in count())


@slow("rebuilding")
@some
@given(edits=SEQUENCES)
def test_after_builds_the_site_is_what_a_new_build_gives(edits, folders):
    book, published = EditedBook(next(folders)), {}
    site = publish.site(book.root)
    for edit in edits:
        book.make(edit)
        if book.build().returncode:
            assert contents(site) == published
        published = contents(site)
    book.mend()
    result = book.build()
    assert result.returncode == 0, result.stderr
    assert differences(site, book.built_from_nothing(next(folders))) == []


@slow("live")
@some
@given(edits=SEQUENCES, waits=st.lists(st.booleans(), min_size=LONGEST, max_size=LONGEST))
def test_after_saves_the_live_site_is_what_a_new_build_gives(edits, waits, folders):
    book = EditedBook(next(folders))
    with working(book.root, path=book.folder) as live:
        heard = opened(live)
        for edit, is_awaited in zip(edits, waits, strict=True):
            heard[0].forget()
            if book.make(edit):
                if edit.file.endswith(".py"):  # it starts anew
                    live.wait_for(re.escape(live.address))
                    heard = opened(live)
                elif is_awaited:
                    settled(book, heard[0])
        book.mend()
        settled(book)
        site = publish.site(book.root)
        assert differences(site, book.built_from_nothing(next(folders))) == []


def opened(live: Live) -> list[Heard]:
    """Some pages, open in a browser."""
    return [Heard(live.port, name) for name in PAGES]


def settled(book: EditedBook, heard: Heard | None = None) -> None:
    """Wait until the site is that of the files, or something is said to be wrong with them."""
    end = monotonic() + SECONDS
    while not is_built(book):
        if heard and (state := heard.next(0)) and state["problems"]:
            return
        assert monotonic() < end, "it was never published"
        sleep(0.1)


def is_built(book: EditedBook) -> bool:
    """Whether the published site was built from the files and the package as they are."""
    with patch.object(publish, "PACKAGE", book.folder / PACKAGE.name):
        return publish.is_built(book.root)
