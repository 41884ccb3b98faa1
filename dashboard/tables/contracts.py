"""By which contract terms costs are ours, for pages that show several of them without their breakdowns."""

from collections.abc import Iterable

from catalog.pricing.cost import Cost, Reason
from catalog.pricing.term_text import term_text


def contract_text(costs: Iterable[Cost | Reason]) -> str:
    """The terms that have changed prices of these costs, each once: ``−20%, Frame agreement, since 1 Jan 2026``.

    "" if all are by list prices.
    """
    terms = (found.term for found in costs if isinstance(found, Cost))
    return "; ".join(dict.fromkeys(term_text(term) for term in terms if term))
