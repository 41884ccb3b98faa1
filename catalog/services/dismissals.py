"""Findings of the audit that people have dismissed, and bringing them back."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import LONGEST_REASON as LONGEST_REASON  # pages name it
from catalog.models import Dismissal as Dismissal
from catalog.services.audit import Found
from catalog.services.catalogs import Catalogs


class Decided(Exception):
    """Someone else was quicker; the text is for whoever came second."""


def dismissals(catalogs: Catalogs) -> dict[str, Dismissal]:
    """The dismissals in force of findings that are about these catalogs alone, by digest. One query."""
    visible = {catalog.pk for catalog in catalogs}
    in_force = Dismissal.objects.filter(undone_at=None).select_related("by")
    return {one.digest: one for one in in_force if visible.issuperset(one.catalogs)}


def dismiss(found: Found, told: str, reason: str, by: AbstractBaseUser) -> Dismissal:
    """Put a finding aside, which says ``told``. Raises ValidationError without a good reason, and Decided."""
    reason = " ".join(reason.split())
    made = Dismissal(
        digest=found.digest,
        kind=found.kind.value,
        catalogs=list(found.catalogs),
        told=told,
        reason=reason,
        by_id=by.pk,
        at=timezone.now(),
    )
    if not reason:
        raise ValidationError("Say why: a finding is dismissed with a reason.")
    made.clean_fields(exclude={"undone_by", "undone_at"})
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Decided("Someone else has dismissed this finding already.") from None
    return made


def undo(pk: int, catalogs: Catalogs, by: AbstractBaseUser) -> Dismissal | None:
    """Bring back a finding about these catalogs; None if there is no such dismissal. Raises Decided."""
    found = Dismissal.objects.filter(pk=pk).first()
    if found is None or not {catalog.pk for catalog in catalogs}.issuperset(found.catalogs):
        return None
    if not Dismissal.objects.filter(pk=pk, undone_at=None).update(undone_at=timezone.now(), undone_by=by.pk):
        raise Decided("This finding was brought back already.")
    return found


def split(found: Iterable[Found], dismissed: Mapping[str, Dismissal]) -> tuple[list[Found], list[Found]]:
    """The findings that are open, and those that were dismissed."""
    open_ones: list[Found] = []
    others: list[Found] = []
    for one in found:
        (others if one.digest in dismissed else open_ones).append(one)
    return open_ones, others
