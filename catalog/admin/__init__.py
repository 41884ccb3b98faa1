"""The admin: catalogs, credentials and contract terms to set up; which model each offer is, to decide; syncs and offers
to look at, since syncs own them.
"""

from django.contrib import admin

from catalog.admin.aliases import AliasAdmin
from catalog.admin.catalogs import CatalogAdmin
from catalog.admin.credentials import CredentialAdmin
from catalog.admin.families import FamilyAdmin
from catalog.admin.kept import SavedViewAdmin, SavedWorkloadAdmin
from catalog.admin.links import LinkAdmin
from catalog.admin.offers import OfferAdmin
from catalog.admin.reviews import ReviewAdmin
from catalog.admin.syncs import SyncAdmin
from catalog.admin.terms import TermAdmin

admin.site.site_header = "Ratecard admin"
admin.site.site_title = "Ratecard admin"
admin.site.index_title = "Catalogs, credentials and people"

__all__ = [
    "AliasAdmin",
    "CatalogAdmin",
    "CredentialAdmin",
    "FamilyAdmin",
    "LinkAdmin",
    "OfferAdmin",
    "ReviewAdmin",
    "SavedViewAdmin",
    "SavedWorkloadAdmin",
    "SyncAdmin",
    "TermAdmin",
]
