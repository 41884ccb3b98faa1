"""Catalogs as people set them up: one call for the admin, the commands and the file of catalogs.

Mistakes are ValidationErrors by field of the catalog; none shows a key.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.models import Catalog, Credential, Visibility
from catalog.models.setup import groups_problem, slug_of
from catalog.sources.kind import OptionError, clean_options
from catalog.sources.kinds import KINDS


@transaction.atomic
def catalog_add(
    *,
    kind: str,
    name: str,
    slug: str = "",
    scheme: str = "",
    secret: str = "",
    groups: Sequence[str] = (),
    user: User | None = None,
    **fields: Any,
) -> Catalog:
    """A new catalog, with a credential of its own if there is a ``secret``. ``fields`` are those of the Catalog.

    What is left out is the kind's default; one with a credential is for members, any other one public. Raises
    ValidationError.
    """
    known = KINDS.get(kind)
    catalog = Catalog(kind=kind, name=name, slug=slug or slug_of(name))
    if known is not None:
        catalog.refresh_minutes = known.refresh_minutes
    catalog.visibility = Visibility.MEMBERS if secret else Visibility.PUBLIC
    catalog_set(catalog, scheme=scheme, secret=secret, groups=groups, user=user, **fields)
    return catalog


@transaction.atomic
def catalog_set(
    catalog: Catalog,
    *,
    scheme: str = "",
    secret: str = "",
    groups: Sequence[str] | None = None,
    user: User | None = None,
    **fields: Any,
) -> list[str]:
    """Set ``fields`` of a catalog and save it if any changes; the names of those that did. Raises ValidationError.

    A new ``secret`` goes into the catalog's credential, or into a new one where it has none of its own.
    """
    if "options" in fields:
        fields["options"] = _options(catalog.kind, fields["options"])
    changed = [name for name, value in fields.items() if getattr(catalog, name) != value]
    for name in changed:
        setattr(catalog, name, fields[name])
    catalog.clean_fields()
    if secret and _credential_set(catalog, scheme, secret, user):
        changed.append("credential")
    catalog.full_clean()
    if groups is not None or "visibility" in fields:
        chosen = list(catalog.groups.all()) if groups is None else groups
        if problem := groups_problem(catalog.visibility, chosen):
            raise ValidationError({"groups": problem})
    if catalog.pk is None:
        catalog.save()
    elif changed:
        catalog.save(update_fields=changed)  # the other columns may be a sync's, which runs meanwhile
    if groups is not None and _groups_set(catalog, groups):
        changed.append("groups")
    return changed


def _options(kind: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return clean_options(KINDS[kind], given) if kind in KINDS else given
    except OptionError as error:
        raise ValidationError({"options": str(error)}) from None


def _credential_set(catalog: Catalog, scheme: str, secret: str, user: User | None) -> bool:
    kind = KINDS.get(catalog.kind)
    if kind is None:  # said when the catalog is cleaned
        return False
    if not kind.schemes:
        raise ValidationError({"credential": f"{kind.label} takes no credential."})
    credential = catalog.credential
    scheme = scheme or (credential.scheme if credential else kind.schemes[0])
    if credential and (credential.secret, credential.scheme) == (secret, scheme):
        return False
    if credential is None or credential.catalogs.exclude(pk=catalog.pk).exists():
        credential = Credential(label=_free_label(catalog.name), created_by=user)
    credential.scheme, credential.secret, credential.changed_by = scheme, secret, user
    try:
        credential.full_clean()
    except ValidationError as error:
        raise ValidationError({"credential": error.messages}) from None
    credential.save()
    catalog.credential = credential
    return True


def _free_label(name: str) -> str:
    taken = set(Credential.objects.filter(label__startswith=name[:70]).values_list("label", flat=True))
    numbered = (f"{name[:70]} ({number})" for number in range(2, len(taken) + 3))
    return next(label for label in (name, *numbered) if label not in taken)


def _groups_set(catalog: Catalog, names: Sequence[str]) -> bool:
    groups = list(Group.objects.filter(name__in=names))
    if missing := sorted(set(names) - {group.name for group in groups}):
        raise ValidationError({"groups": f"There is no group {', '.join(f'“{name}”' for name in missing)}."})
    if set(catalog.groups.all()) == set(groups):
        return False
    catalog.groups.set(groups)
    return True
