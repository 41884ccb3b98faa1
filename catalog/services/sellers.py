"""Who sells an offer: the vendor that made the model, or somebody else."""

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from catalog.matching.vendors import VENDORS, vendor_spelled
from catalog.models.family import DATED
from catalog.models.rate import RateQuerySet

SPELLED = tuple(
    f"{vendor.slug} {spelled}"
    for vendor in VENDORS
    for word in vendor.spelled.split()
    for spelled in {word, word.replace("-", "_")}
)
"""Each vendor with what catalogs call it as a provider, where that is not its slug."""
OWN = Q(provider=F("made_by")) | Q(seller__in=SPELLED)
"""That its model's vendor sells it itself; of rates `with_sellers`."""


def with_sellers(rates: RateQuerySet, family: str) -> RateQuerySet:
    """The rates with what OWN asks of; ``family`` is what leads to their family."""
    made_by = f"{family}__vendor"
    return rates.alias(made_by=F(made_by), seller=Concat(F(made_by), Value(" "), F("provider")))


def sells_own(vendor: str, provider: str) -> bool:
    """The same in Python, by slugs."""
    return provider == vendor or vendor_spelled(provider) == vendor


def own_stands(own: tuple[int, bool], least: tuple[int, bool]) -> bool:
    """Whether the vendor's own offer stands for a model before the plainest and cheapest one.

    It does where it is as plain or has but a date, which many vendors give all their models, and a price if that has
    one. Both are told by how far they are apart (`models.family.apart`) and whether their price is unknown.
    """
    return (own[0] | DATED) == (least[0] | DATED) and (not own[1] or least[1])
