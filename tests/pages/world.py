"""Catalogs of every visibility, each full of a word that nothing else holds, and the people who look at them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from catalog.models import Catalog, Credential, Offer
from catalog.services.audit import catalog_findings
from catalog.services.decisions import Decisions, Said, decide
from catalog.services.dismissals import dismiss
from catalog.sources.base import OfferRecord
from tests.make import DOLLAR, catalog, contract, record, row, sync

VISIBILITY = {
    "openfield": "public",
    "memberwood": "members",
    "teamcove": "groups",  # the group "team"
    "otherisle": "groups",  # the group "other"
    "gonemoor": "members",  # but disabled
}
WORDS = tuple(VISIBILITY)

SEES = {
    "anonymous": {"openfield"},
    "outsider": {"openfield", "memberwood"},
    "member": {"openfield", "memberwood", "teamcove"},
    "member of both": {"openfield", "memberwood", "teamcove", "otherisle"},
    "former member": {"openfield", "memberwood"},
    "manager": {"openfield", "memberwood", "teamcove", "otherisle"},
}


def offers_of(word: str, number: int) -> Iterator[OfferRecord]:
    """As many offers as no other catalog has, with a tier of their own: 1,110, 2,220, ... tokens."""
    floor = 1_110 * number
    for i in range(number):
        yield record(
            f"{word}-{i}",
            name=f"{word} {i}",
            provider=f"{word}-maker",
            provider_name=f"{word} maker",
            raw=f'{{"told": "{word}"}}',
            upstream_ids=() if i else (f"cohere/{word}-old",),
            rates=(row(up_to=floor), row(above=floor, input=number * DOLLAR)),
        )


def build() -> None:
    """Put the catalogs and people into the database. All was read yesterday, so that no age changes under a test."""
    team, other = (Group.objects.create(name=name) for name in ("team", "other"))
    key = Credential.objects.create(label="key-of-gonemoor", secret="sk-gonemoor-secret")
    for number, (word, visibility) in enumerate(VISIBILITY.items(), 1):
        made = catalog(word.title(), visibility=visibility, organization=f"{word}-org", credential=key)
        made.groups.set({"teamcove": [team], "otherisle": [other]}.get(word, []))
        offers = list(offers_of(word, 2 + number))
        sync(made, *offers)
        sync(made, *offers[1:], approve=True)  # one is retired and thus hidden
        contract(made, change=-1_000 * number, reason=f"{word} frame agreement")
    decide(Decisions(assignments=_families()), "Told apart", None)
    decide(Decisions(merges=_merges()), "Merged one after the other", None)
    Catalog.objects.filter(slug="gonemoor").update(enabled=False)
    Catalog.objects.update(read_at=timezone.now() - timedelta(days=1))
    for slug in ("memberwood", "otherisle", "gonemoor"):
        Catalog.objects.filter(slug=slug).update(last_error=f"{slug} refused the key.", failures=1)
    for name in SEES:
        if name != "anonymous":
            User.objects.create_user(name, is_staff=name == "manager")
    User.objects.get(username="member").groups.set([team])
    User.objects.get(username="member of both").groups.set([team, other])
    for found in catalog_findings(Catalog.objects.filter(slug__in=("openfield", "otherisle"))):
        word = Catalog.objects.get(pk=found.catalogs[0]).slug
        dismiss(found, f"{word} is old.", f"{word} may be old.", User.objects.get(username="manager"))
    left = User.objects.get(username="former member")
    left.groups.set([team])
    left.groups.clear()


def _families() -> dict[int, Said]:
    """One family of which every catalog has an offer, and for each catalog one of its own and one that it had."""
    refs = {f"{word}-1": "all/alike" for word in WORDS} | {f"{word}-2": f"{word}-maker/{word}" for word in WORDS}
    had = {offer.pk: [None] for offer in Offer.objects.filter(ref__in=[f"{word}-0" for word in WORDS])}
    return had | {offer.pk: [refs[offer.ref]] for offer in Offer.objects.filter(ref__in=refs)}


def _merges() -> dict[str, Said]:
    """What each catalog had went into what the next one had, which fewer people see."""
    return {f"cohere/{word}-old": [f"cohere/{following}-old"] for word, following in pairwise(WORDS)}


def browser_of(name: str) -> Client:
    """A client where this person is signed in."""
    client = Client()
    if name != "anonymous":
        client.force_login(User.objects.get(username=name))
    return client
