"""What is stored. Import models from here."""

from catalog.models.catalog import Catalog, Visibility
from catalog.models.change import LARGEST_MOVE, LEAST_MOVES, Change, ChangeDay, ChangeKind
from catalog.models.credential import Credential
from catalog.models.dismissal import LONGEST_REASON, Dismissal
from catalog.models.family import LINKED, Alias, Assignment, Family, Link, Review
from catalog.models.feed import FeedToken
from catalog.models.offer import BEGINNING, Offer, Revision
from catalog.models.rate import LISTED, Rate
from catalog.models.saved_view import DefaultView, SavedView
from catalog.models.share import Share
from catalog.models.sync import Decision, Outcome, Sync
from catalog.models.term import ContractTerm
from catalog.models.workload import SavedWorkload

__all__ = [
    "BEGINNING",
    "LARGEST_MOVE",
    "LEAST_MOVES",
    "LINKED",
    "LISTED",
    "LONGEST_REASON",
    "Alias",
    "Assignment",
    "Catalog",
    "Change",
    "ChangeDay",
    "ChangeKind",
    "ContractTerm",
    "Credential",
    "Decision",
    "DefaultView",
    "Dismissal",
    "Family",
    "FeedToken",
    "Link",
    "Offer",
    "Outcome",
    "Rate",
    "Review",
    "Revision",
    "SavedView",
    "SavedWorkload",
    "Share",
    "Sync",
    "Visibility",
]
