"""What people decide about which model an offer is: every decision is written down, and can be undone.

A decision is about a name (an alias, for all offers that are called so), about one offer (an assignment), or about two
families (a merge). `decisions.decide` writes any of them, links all offers anew and keeps what stood before.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.contrib.auth.models import AbstractBaseUser

from catalog.matching import State, family_called, normalised
from catalog.models import Catalog, Link, Review
from catalog.models.family import LONGEST, LONGEST_VENDOR
from catalog.services.decisions import Decisions, Impossible, decide
from catalog.services.families import families_named


def accept(links: Collection[Link], by: AbstractBaseUser | None, slug: str = "") -> Review:
    """Let the families of these links stand, or that of ``slug`` for all of them.

    By name, so that they hold for every offer that is called so; but for the offer alone where another one of that name
    is of another family, or where its own ids say otherwise.
    """
    slug = slug and _slug(slug)
    told = {link: slug or (link.family.slug if link.family else "") for link in links}
    if not told or not all(told.values()):
        raise Impossible("Only a link that leads to a family can be accepted. Assign the others.")
    words = f"Accepted {_names(_called(links))}" + (f" as {slug}" if slug else "")
    return decide(_by_name(told, alone=_of_several(told)), words, by)


def reject(links: Collection[Link], by: AbstractBaseUser | None) -> Review:
    """Say of these offers that they are of no family that is known."""
    return decide(
        Decisions(assignments={link.offer_id: [None] for link in links}), f"Rejected {_names(_called(links))}", by
    )


def assign(links: Collection[Link], slug: str, by: AbstractBaseUser | None, *, by_name: bool = False) -> Review:
    """Say which family these offers are of, new or known; ``by_name``: and all others that are called so."""
    slug = _slug(slug)
    words = f"Assigned {_names(_called(links))} to {slug}"
    if by_name:
        return decide(_by_name(dict.fromkeys(links, slug)), words, by)
    return decide(Decisions(assignments={link.offer_id: [slug] for link in links}), words, by)


def release(links: Collection[Link], by: AbstractBaseUser | None) -> Review:
    """Take back what people decided of these offers and of their names: the rules decide again."""
    wanted = Decisions({link.name: [] for link in links if link.name}, {link.offer_id: [] for link in links})
    return decide(wanted, f"Left {_names(_called(links))} to the rules", by)


def forget(names: Collection[str], by: AbstractBaseUser | None) -> Review:
    """Take back what people decided of these normalised names: the rules decide again."""
    return decide(Decisions(aliases={name: [] for name in names}), f"Left {_names(names)} to the rules", by)


def merge(slugs: Collection[str], into: str, by: AbstractBaseUser | None) -> Review:
    """Say that these families are the same model as ``into``."""
    into = _slug(into)
    going = [slug for slug in map(_slug, slugs) if slug != into]
    if not going:
        raise Impossible("A family cannot be merged into itself.")
    return decide(Decisions(merges={slug: [into] for slug in going}), f"Merged {_names(going)} into {into}", by)


def part(slug: str, by: AbstractBaseUser | None) -> Review:
    """Say that this family, which was merged into another one, is a model of its own."""
    return decide(Decisions(merges={slug: []}), f"Took {slug} apart from what it was merged into", by)


def split(links: Collection[Link], slug: str, by: AbstractBaseUser | None) -> Review:
    """Make a family of its own of these offers."""
    slug = _slug(slug)
    wanted = Decisions(assignments={link.offer_id: [slug] for link in links})
    return decide(wanted, f"Split {_names(_called(links))} off as {slug}", by, new=slug)


def _by_name(told: Mapping[Link, str], alone: Collection[str] = ()) -> Decisions:
    """These families, by name where an alias settles the offer; names ``alone`` are not asked."""
    wanted = Decisions()
    for link, slug in told.items():
        if link.name not in alone and _settles(link, slug):
            wanted.aliases[link.name] = [slug]
            if link.state == State.MANUAL:  # what was decided for this offer alone would beat its name
                wanted.assignments[link.offer_id] = []
        else:
            wanted.assignments[link.offer_id] = [slug]
    return wanted


def _settles(link: Link, slug: str) -> bool:
    """Whether an alias of its name for this family settles the offer: none of its other ids says otherwise."""
    others = [said for role, raw, said, _ in link.evidence if role != "title" and normalised(raw) != link.name]
    return bool(link.name) and link.state != State.CONFLICT and all(said in (None, slug) for said in others)


def _of_several(told: Mapping[Link, str]) -> set[str]:
    """Names under which offers of several families go, as they are linked now and as they are ``told``."""
    families: dict[str, set[str]] = defaultdict(set)
    for link, slug in told.items():
        families[link.name].add(slug)
    others = Link.objects.filter(valid_to=None, name__in=list(families), family__isnull=False)
    for name, slug in others.exclude(pk__in=[link.pk for link in told]).values_list("name", "family__slug"):
        families[name].add(slug)
    return {name for name, slugs in families.items() if len(slugs) > 1}


def _slug(text: str) -> str:
    """The slug of the family that ``text`` names, as it is spelled if there is one. Raises Impossible."""
    slug = text.strip()
    if known := families_named([slug]):
        return known[slug].slug
    vendor, slash, name = slug.partition("/")
    if not (vendor and slash and name) or "/" in name or not slug.isprintable() or " " in slug:
        raise Impossible(f"“{slug[:60]}” is no family: write vendor/name, such as openai/gpt-4.1.")
    if len(slug) > LONGEST or len(vendor) > LONGEST_VENDOR:
        raise Impossible(f"A family has {LONGEST} characters at most, {LONGEST_VENDOR} of them before the slash.")
    return f"{family_called(slug).vendor}/{name}"


def _called(links: Collection[Link]) -> list[str]:
    catalogs = dict(Catalog.objects.filter(pk__in={link.offer.catalog_id for link in links}).values_list("pk", "name"))
    return [f"{link.offer.ref} of {catalogs[link.offer.catalog_id]}" for link in links]


def _names(names: Collection[str]) -> str:
    first = ", ".join([*dict.fromkeys(names)][:3])
    return first if len(names) <= 3 else f"{first} and {len(names) - 3:,} more"
