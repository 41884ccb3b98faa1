"""What is stored. Import models from here."""

from catalog.models.catalog import Catalog, Visibility
from catalog.models.change import LARGEST_MOVE, LEAST_MOVES, Change, ChangeDay, ChangeKind
from catalog.models.credential import Credential
from catalog.models.feed import FeedToken
from catalog.models.offer import BEGINNING, Offer, Revision
from catalog.models.rate import LISTED, Rate
from catalog.models.sync import Decision, Outcome, Sync

__all__ = [
    "BEGINNING",
    "LARGEST_MOVE",
    "LEAST_MOVES",
    "LISTED",
    "Catalog",
    "Change",
    "ChangeDay",
    "ChangeKind",
    "Credential",
    "Decision",
    "FeedToken",
    "Offer",
    "Outcome",
    "Rate",
    "Revision",
    "Sync",
    "Visibility",
]
