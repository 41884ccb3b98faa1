"""What is stored. Import models from here."""

from catalog.models.catalog import Catalog, Visibility
from catalog.models.credential import Credential
from catalog.models.family import LINKED, Alias, Assignment, Family, Link, Review
from catalog.models.offer import BEGINNING, Offer, Revision
from catalog.models.rate import LISTED, Rate
from catalog.models.sync import Decision, Outcome, Sync
from catalog.models.term import ContractTerm

__all__ = [
    "BEGINNING",
    "LINKED",
    "LISTED",
    "Alias",
    "Assignment",
    "Catalog",
    "ContractTerm",
    "Credential",
    "Decision",
    "Family",
    "Link",
    "Offer",
    "Outcome",
    "Rate",
    "Review",
    "Revision",
    "Sync",
    "Visibility",
]
