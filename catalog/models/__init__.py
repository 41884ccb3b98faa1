"""What is stored. Import models from here."""

from catalog.models.catalog import Catalog, Visibility
from catalog.models.facet import FacetCount
from catalog.models.offer import BEGINNING, Offer, Revision
from catalog.models.rate import LISTED, Rate
from catalog.models.sync import Outcome, Sync

__all__ = ["BEGINNING", "LISTED", "Catalog", "FacetCount", "Offer", "Outcome", "Rate", "Revision", "Sync", "Visibility"]
