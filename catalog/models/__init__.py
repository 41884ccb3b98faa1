"""What is stored. Import models from here."""

from catalog.models.catalog import Catalog, Visibility
from catalog.models.credential import Credential
from catalog.models.offer import BEGINNING, Offer, Revision
from catalog.models.rate import LISTED, Rate
from catalog.models.sync import Decision, Outcome, Sync
from catalog.models.term import ContractTerm

__all__ = [
    "BEGINNING",
    "LISTED",
    "Catalog",
    "ContractTerm",
    "Credential",
    "Decision",
    "Offer",
    "Outcome",
    "Rate",
    "Revision",
    "Sync",
    "Visibility",
]
