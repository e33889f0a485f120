"""The roles by which prose takes figures, periods, counts, sources and items from the ledger."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from tallybook.errors import UnknownId
from tallybook.ledger.ledger import Ledger
from tallybook.site.build_state import BOOKS, figure_reference, ledger_of, place_of, reference, said


class _LedgerRole(SphinxRole):
    """A role whose text is an id; what the ledger says of it stands in its place."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        book = BOOKS[self.env.app]
        try:
            node = self.node(ledger_of(self.env), self.text.strip())
        except UnknownId as error:
            book.problems.append(f"{place_of(self.env, *self.get_source_info())}: {error}")
            return [nodes.inline(text=self.text)], []
        self.set_source_info(node)
        return [node], []

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        raise NotImplementedError


class StatRole(_LedgerRole):
    """{stat}: a stated or derived figure, in its words, with a link to where it is explained."""

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """Give the placeholder of a figure."""
        return figure_reference(ledger, wanted)


class PeriodRole(_LedgerRole):
    """{period}: the period of a statistic or the date of an event."""

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """Give the period in words."""
        return said(f"period:{wanted}", str(ledger.period(wanted)), classes=["tallybook-period"])


class CountRole(_LedgerRole):
    """{count}: how many records of a kind the ledger has, or members a statistic's list."""

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """Give the number."""
        return said(f"count:{wanted}", f"{ledger.count(wanted):,}", classes=["tallybook-count"])


class SourceRole(_LedgerRole):
    """{source}: the title of a document, with a link to the list of sources."""

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """Give the placeholder of the source's row."""
        return reference(ledger.source(wanted).title, "source", wanted)


class ItemRole(_LedgerRole):
    """{item}: the label of a recommendation, ask or the like, with a link to its full text."""

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """Give the placeholder of the item's entry."""
        return reference(ledger.item(wanted).label, "item", wanted)


class EventRole(_LedgerRole):
    """{event}: what happened, with a link to where it is dated."""

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """Give the placeholder of the event's row."""
        return reference(ledger.event(wanted).label, "event", wanted)


class MissingRole(_LedgerRole):
    """{missing}: what is announced and not given, with a link to the list of these."""

    def node(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """Give the placeholder of the missing figure's entry."""
        return reference(ledger.missing_figure(wanted).label, "missing", wanted)


ROLES = {
    "event": EventRole,
    "missing": MissingRole,
    "stat": StatRole,
    "period": PeriodRole,
    "count": CountRole,
    "source": SourceRole,
    "item": ItemRole,
}
